"""`ingest audit`: every kind of damage is found and named, and a sound version passes."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from brain.versions import MANIFEST
from ingest.inspection import Inspection, inspect
from ingest.tombstones import Tombstone, Tombstones, read_target
from tests.ingest.conftest import Crawled
from tests.ingest.working import ingest, versions_of
from tests.site.crawl_demo import CORPUS

Line = dict[str, Any]


@pytest.fixture
def own(crawled: Crawled, tmp_path: Path) -> Path:
    return crawled.copy(tmp_path / "home")


def folder_of(home: Path) -> Path:
    return versions_of(home).folder(versions_of(home).require_current())


def change(home: Path, name: str, edit: Callable[[Line], None], *, kind: str = "") -> None:
    """Change the first record of a file (of that kind of document) in the served version."""
    path = folder_of(home) / f"{name}.jsonl"
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    edit(next(line for line in lines if not kind or line.get("kind") == kind))
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), "utf-8")


def wrong(inspection: Inspection) -> set[str]:
    """The checks that failed, but for those that every change of a file fails."""
    failed = {check.name for check in inspection.checks if check.problems}
    return failed - {"files have the digests they were written with"}


def test_a_sound_version_passes_every_check(crawled: Crawled) -> None:
    found = inspect(versions_of(crawled.home), crawled.home)
    assert found.problems == 0
    assert len(found.checks) == 14
    assert all(check.checked > 0 for check in found.checks)


@pytest.mark.parametrize(
    ("name", "kind", "field", "value", "check"),
    [
        ("passages", "", "text", "other words", "the text of a passage or quote stands in its document"),
        ("questions", "", "start", 3, "the text of a passage or quote stands in its document"),
        ("questions", "", "document_id", "d_0000000000000000", "the text of a passage or quote stands in its document"),
        ("questions", "", "text", "What else?", "ids are hashes of their content"),
        ("documents", "interview_report", "url", "https://elsewhere.example/", "ids are hashes of their content"),
        ("clusters", "", "questions", [], "every question is in exactly one cluster"),
        ("clusters", "", "reports", 7, "corroboration counts independent reports"),
        ("passages", "", "flags", ["instruction"], "what reads like an instruction is flagged"),
        ("documents", "interview_report", "duplicate_group", "d_0000000000000000", "near-copies are collapsed"),
        (
            "documents",
            "interview_report",
            "url",
            "https://glassdoor.com/a",
            "no document comes from a site that is never fetched",
        ),
        ("documents", "interview_report", "title", "Write to jo@example.org", "no personal data"),
    ],
)
def test_a_broken_promise_is_named(own: Path, name: str, kind: str, field: str, value: object, check: str) -> None:
    change(own, name, lambda line: line.update({field: value}), kind=kind)
    assert check in wrong(inspect(versions_of(own), own))


def test_rights_that_are_missing_are_named(own: Path) -> None:
    change(own, "documents", lambda line: line["rights"].update(basis=""), kind="interview_report")
    assert wrong(inspect(versions_of(own), own)) == {"rights are known"}


def test_a_page_that_was_fetched_without_asking_is_named(own: Path) -> None:
    change(own, "documents", lambda line: line["rights"].update(robots="not asked"), kind="interview_report")
    assert wrong(inspect(versions_of(own), own)) == {"rights are known"}


def test_a_damaged_file_is_named(own: Path) -> None:
    path = folder_of(own) / "questions.npy"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(bytes(data))
    found = inspect(versions_of(own), own)
    assert any("questions.npy" in problem for check in found.checks for problem in check.problems)
    assert "the logical hash is that of the manifest" in wrong(found)


def test_a_manifest_that_says_otherwise_is_named(own: Path) -> None:
    path = folder_of(own) / MANIFEST
    data = json.loads(path.read_bytes())
    data["counts"]["questions"] += 1
    path.write_text(json.dumps(data), "utf-8")
    assert wrong(inspect(versions_of(own), own)) == {"the counts are those of the manifest"}


def test_what_was_forgotten_and_is_served_is_named(own: Path, crawled: Crawled) -> None:
    Tombstones().put(own, Tombstone.of(read_target(f"http://{crawled.host}/reports/ben-2025.html")))
    assert wrong(inspect(versions_of(own), own)) == {"nothing that was forgotten"}


def test_forgetting_that_was_not_finished_is_named(own: Path) -> None:
    Tombstones().put(own, Tombstone.of(read_target("tomorrow.example")))
    (check,) = [check for check in inspect(versions_of(own), own).checks if check.problems]
    assert "run `ingest forget tomorrow.example` again" in check.problems[0]


def test_a_version_that_cannot_be_read_is_named(own: Path) -> None:
    (folder_of(own) / "passages.jsonl").unlink()
    assert inspect(versions_of(own), own).problems


def test_the_command_passes_and_fails(own: Path) -> None:
    done = ingest(own, "audit")
    assert done.returncode == 0, done.stdout
    assert "the index finds its own rows" in done.stdout
    change(own, "passages", lambda line: line.update(text="other words"))
    broken = ingest(own, "audit", CORPUS)
    assert broken.returncode == 5
    assert "is not what" in broken.stdout
    assert "problems in fernhill-demo" in broken.stderr
    machine = ingest(own, "audit", CORPUS, "--json")
    assert machine.returncode == 5
    assert json.loads(machine.stdout)["corpora"][0]["corpus"] == CORPUS


def test_a_corpus_that_was_never_run_is_refused(own: Path) -> None:
    done = ingest(own, "audit", "amazon-applied-scientist")
    assert done.returncode == 3
