"""Publishing: all or nothing, checked before it is served, and what was served stays served when it fails."""

import errno
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from brain.errors import StoreError
from brain.fakes import HashEmbedder
from brain.store import Content, write_content
from brain.versions import Manifest
from ingest import publish as publishing
from ingest.publish import InputHash, counts
from tests.building import changed, open_tiny, publish_tiny, tiny_content, versions_in, without_questions
from tests.ingest.working import day, document, question

EMBEDDER = HashEmbedder()


@pytest.fixture
def served(tmp_path: Path) -> Manifest:
    """A version that is served before the test begins."""
    return publish_tiny(tmp_path, tiny_content(EMBEDDER), EMBEDDER)


def another() -> Content:
    return tiny_content(EMBEDDER, changed("Lunch", "What would you build on a quay?"))


def check_still_served(home: Path, before: Manifest) -> None:
    """The version is served, answers, and nothing half-built lies beside it."""
    versions = versions_in(home)
    assert versions.current() == before.version
    assert versions.all() == [before.version]
    assert not list(versions.root.glob(".building-*"))
    opened = open_tiny(home, EMBEDDER)
    try:
        assert opened.manifest == before
        assert len(opened.questions.records) == before.counts["questions"]
        assert opened.questions.nearest(opened.questions.vectors[0], 1) == [0]
    finally:
        opened.close()
    assert not [path for path in (home / "readers").iterdir() if path.is_dir()]


def test_a_published_version_is_audited_whole_and_served(tmp_path: Path, served: Manifest) -> None:
    assert (served.audit.asked, served.audit.found) == (30, 30)
    assert served.counts["passages"] == 20
    check_still_served(tmp_path, served)


def test_ids_grow_and_are_never_used_twice(tmp_path: Path, served: Manifest) -> None:
    second = publish_tiny(tmp_path, another(), EMBEDDER)
    versions_in(tmp_path).rollback()
    shutil.rmtree(versions_in(tmp_path).folder(second.version))
    third = publish_tiny(tmp_path, another(), EMBEDDER)
    assert [one.version[:6] for one in (served, second, third)] == ["000001", "000002", "000003"]
    assert second.logical_hash == third.logical_hash != served.logical_hash


def test_a_corpus_without_questions_is_published(tmp_path: Path) -> None:
    manifest = publish_tiny(tmp_path, without_questions(tiny_content(EMBEDDER)), EMBEDDER)
    assert manifest.counts["questions"] == 0
    assert manifest.audit.found == 20


def test_a_version_that_fails_its_audit_is_not_served(
    tmp_path: Path, served: Manifest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def loses_rows(_opened: object) -> None:
        raise StoreError("2 of 20 passages are not found", next_step="Nothing was published.")

    monkeypatch.setattr(publishing, "audit", loses_rows)
    with pytest.raises(StoreError, match="2 of 20"):
        publish_tiny(tmp_path, another(), EMBEDDER)
    check_still_served(tmp_path, served)


def test_rows_that_the_index_does_not_hold_stop_it(
    tmp_path: Path, served: Manifest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def loses_a_record(folder: Path, content: Content) -> None:
        write_content(folder, content)
        lines = (folder / "passages.jsonl").read_bytes().splitlines(keepends=True)
        (folder / "passages.jsonl").write_bytes(b"".join(lines[:-1]))

    monkeypatch.setattr(publishing, "write_content", loses_a_record)
    with pytest.raises(StoreError, match="passages is incomplete"):
        publish_tiny(tmp_path, another(), EMBEDDER)
    check_still_served(tmp_path, served)


def test_a_disk_without_room_is_refused_before_anything_is_written(
    tmp_path: Path, served: Manifest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=1_000_000))
    monkeypatch.setattr(publishing, "write_content", lambda *_: pytest.fail("it was written"))
    with pytest.raises(StoreError, match=r"has 1\.0 MB free, and the version needs 3\.\d MB") as caught:
        publish_tiny(tmp_path, another(), EMBEDDER)
    assert "Free some space" in caught.value.next_step
    check_still_served(tmp_path, served)


def test_a_disk_that_fills_meanwhile_leaves_what_was_served(
    tmp_path: Path, served: Manifest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fills(folder: Path, _content: Content) -> None:
        (folder / "documents.jsonl").write_text("half", "utf-8")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(publishing, "write_content", fills)
    with pytest.raises(StoreError, match="the disk is full") as caught:
        publish_tiny(tmp_path, another(), EMBEDDER)
    assert "nothing changed" in caught.value.next_step
    check_still_served(tmp_path, served)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of six megabytes, as root only can make one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = (
        os.geteuid() == 0
        and not subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(folder)], capture_output=True, check=False
        ).returncode
    )
    if not mounted:
        pytest.skip("a small disk cannot be mounted here")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_a_really_full_disk_leaves_what_was_served(small_disk: Path) -> None:
    before = publish_tiny(small_disk, tiny_content(EMBEDDER), EMBEDDER)
    filler = small_disk / "filler"
    filler.write_bytes(bytes(shutil.disk_usage(small_disk).free - 500_000))
    with pytest.raises(StoreError, match="MB free, and the version needs"):
        publish_tiny(small_disk, another(), EMBEDDER)
    assert versions_in(small_disk).current() == before.version
    filler.unlink()
    assert publish_tiny(small_disk, another(), EMBEDDER).version > before.version


def test_the_room_asked_for_suffices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[float] = []

    def measure(_path: Path) -> SimpleNamespace:
        asked.append(1)
        return SimpleNamespace(free=0)

    content = tiny_content(EMBEDDER)
    publish_tiny(tmp_path, content, EMBEDDER)
    taken = sum(path.stat().st_size for path in (tmp_path / "versions").rglob("*") if path.is_file())
    index = sum(path.stat().st_size for path in (tmp_path / "versions").rglob("chroma/**/*") if path.is_file())
    monkeypatch.setattr(shutil, "disk_usage", measure)
    with pytest.raises(StoreError) as caught:
        publish_tiny(tmp_path, content, EMBEDDER)
    needed = float(caught.value.message.rpartition("needs ")[2].partition(" MB")[0]) * 1e6
    assert asked
    assert needed >= taken + index


def test_the_input_hash_sees_content_and_not_the_day_of_fetching() -> None:
    content = tiny_content(EMBEDDER)

    def hashed(one: Content) -> str:
        inputs = InputHash(one.context, (), EMBEDDER.id)
        for record in (*one.documents, *one.passages, *one.questions):
            inputs.add(record)
        return inputs.hexdigest()

    fetched_later = [one.model_copy(update={"retrieved": day(2030)}) for one in content.documents]
    assert hashed(content) == hashed(tiny_content(EMBEDDER))
    assert hashed(content) != hashed(another())
    assert hashed(replace(content, documents=fetched_later)) == hashed(content)


def test_counts_collapse_copies_and_take_first_person_reports_only() -> None:
    documents = [
        document("a", duplicate_group="a"),
        document("b", duplicate_group="a"),
        document("c", duplicate_group="c", account="third_party"),
        document("d", duplicate_group="d", kind="knowledge", account=None),
    ]
    found = counts(documents, [], [question("q", "a")], [])
    assert (found["documents"], found["independent_reports"], found["questions"]) == (4, 1, 1)
