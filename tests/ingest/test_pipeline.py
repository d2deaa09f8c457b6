"""The whole way: a small web site, crawled by the real command, against what its authors expect of it."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from brain.embedding import Embedder
from brain.errors import BadInputError
from brain.fakes import HashEmbedder
from brain.records import Document, Passage, ReportedQuestion
from brain.store import read_questions
from ingest.fetch import NOT_ASKED
from ingest.report import AddressOutcome, RunReport
from tests.ingest.conftest import Crawled
from tests.ingest.working import (
    REPORT,
    ROOT,
    describe_folder,
    describe_site,
    environment,
    logical_hash,
    run_here,
    site_routes,
    versions_of,
)
from tests.loopback import LoopbackServer, page
from tests.site.crawl_demo import CORPUS, SITE

EXPECTED: dict[str, dict[str, Any]] = json.loads((SITE / "expected.json").read_text("utf-8"))["pages"]
REASONS = {
    "/reports/copy-of-ana.html": "a near-copy of ADDRESS/reports/ana-2024.html",
    "/reports/chen-other-company.html": "it never names Fernhill Robotics, so it is no evidence for this corpus",
    "/advice/how-to-prepare.html": "it never names Fernhill Robotics, so it is no evidence for this corpus",
    "/reports/noarchive.html": "the page asks not to be kept (robots: noindex, robots: noarchive)",
    "/reports/empty.html": "only 4 words of text were found in it",
    "/private/internal-notes.html": "the site's robots.txt disallows this path for IndustryBrain.",
    "/reports/gone.html": "it answers 404 Not Found.",
}
USED = ("/reports/ana-2024.html", "/reports/ben-2025.html", "/reports/injected.html", "/jobs/ml-engineer.html")
HEAVY = ("chromadb", "onnxruntime", "onnx", "trafilatura", "llama_index")


def by_path(report: RunReport, host: str) -> dict[str, AddressOutcome]:
    start = f"http://{host}"
    return {item.address.removeprefix(start): item for item in report.addresses if item.address.startswith(start)}


def records(home: Path, name: str, model: type[Document] | type[Passage]) -> list[Any]:
    versions = versions_of(home)
    lines = (versions.folder(versions.require_current()) / f"{name}.jsonl").read_bytes().splitlines()
    return [model.model_validate_json(line) for line in lines]


def documents(home: Path) -> dict[str, Document]:
    return {re.sub(r"^http://[^/]+", "", one.url): one for one in records(home, "documents", Document)}


def questions(home: Path, path: str) -> list[ReportedQuestion]:
    versions = versions_of(home)
    found = read_questions(versions.folder(versions.require_current()))
    return [one for one in found if one.document_id == documents(home)[path].id]


def files_that_hold(folder: Path, words: str) -> list[str]:
    needle = words.encode()
    return [str(path) for path in folder.rglob("*") if path.is_file() and needle in path.read_bytes()]


def squeezed(text: str) -> str:
    return " ".join(re.sub(r"\W+", " ", text).casefold().split())


def test_every_page_is_used_or_left_out_for_the_right_reason(crawled: Crawled) -> None:
    found = by_path(crawled.report, crawled.host)
    assert {path for path, item in found.items() if item.outcome == "used"} == set(USED)
    address = f"http://{crawled.host}"
    assert {path: item.reason.replace(address, "ADDRESS") for path, item in found.items() if item.reason} == REASONS
    assert {path for path in EXPECTED if path != "/index.html"} == set(found) - {"/reports/gone.html"}


def test_what_the_site_expects_to_be_used_is_used(crawled: Crawled) -> None:
    found = by_path(crawled.report, crawled.host)
    for path, expected in EXPECTED.items():
        if path != "/index.html":
            wanted = bool(expected["used"]) and not expected.get("same_text_as")
            assert (found[path].outcome == "used") is wanted, path


def test_the_kinds_and_dates_are_as_expected(crawled: Crawled) -> None:
    kept = documents(crawled.home)
    for path in USED:
        assert kept[path].kind == EXPECTED[path]["used_as"]
        assert str(kept[path].published) == EXPECTED[path]["published"]
        assert kept[path].retrieved is not None
        assert kept[path].rights.robots == "allowed by robots.txt"


def test_a_page_that_robots_disallow_is_never_requested(crawled: Crawled) -> None:
    assert "/reports/ana-2024.html" in crawled.requested
    assert not [path for path in crawled.requested if path.startswith("/private")]


@pytest.mark.parametrize("path", [path for path, page in EXPECTED.items() if "canary" in page])
def test_the_text_of_an_unused_page_is_in_no_version(crawled: Crawled, path: str) -> None:
    canary = EXPECTED[path]["canary"]
    assert canary in " ".join((SITE / path[1:]).read_text("utf-8").split())
    assert not files_that_hold(crawled.home / "versions", canary)


def test_the_text_of_a_page_that_asks_not_to_be_kept_is_nowhere(crawled: Crawled) -> None:
    for words in ("a folded ironing board", "ironing"):
        assert not files_that_hold(crawled.home, words)


def test_personal_data_is_in_no_version(crawled: Crawled) -> None:
    injected = EXPECTED["/reports/injected.html"]
    for private in injected["personal_data"]:
        assert private in (SITE / "reports" / "injected.html").read_text("utf-8")
        assert not files_that_hold(crawled.home / "versions", private)
    assert "[e-mail removed]" in documents(crawled.home)["/reports/injected.html"].text


def test_the_paragraph_that_speaks_to_a_model_gives_no_question_and_is_flagged(crawled: Crawled) -> None:
    kept = documents(crawled.home)["/reports/injected.html"]
    found = questions(crawled.home, "/reports/injected.html")
    assert found
    for instruction in EXPECTED["/reports/injected.html"]["instructions"]:
        assert instruction in kept.text
        assert not [one for one in found if instruction in one.quote]
    passages = [one for one in records(crawled.home, "passages", Passage) if one.document_id == kept.id]
    flagged = [one for one in passages if "Ignore all previous instructions" in one.text]
    assert [one.flags for one in flagged] == [("instruction",)]
    assert [one for one in passages if not one.flags]


def test_every_citation_stands_at_its_offsets(crawled: Crawled) -> None:
    texts = {one.id: one.text for one in documents(crawled.home).values()}
    for passage in records(crawled.home, "passages", Passage):
        assert texts[passage.document_id][passage.start : passage.end] == passage.text
    for path in USED:
        for question in questions(crawled.home, path):
            assert texts[question.document_id][question.start : question.end] == question.quote


def test_most_expected_questions_are_found_and_advice_to_the_reader_is_not(crawled: Crawled) -> None:
    wanted = found = 0
    for path in USED:
        quotes = [squeezed(one.quote) for one in questions(crawled.home, path)]
        expected = [squeezed(one["quote"]) for one in EXPECTED[path]["questions"]]
        wanted += len(expected)
        found += sum(any(words in quote or quote in words for quote in quotes) for words in expected)
        assert not [said for said in EXPECTED[path]["not_questions"] if squeezed(said) in quotes], path
    assert found >= 0.5 * wanted


def test_the_run_says_what_it_did_on_standard_error_and_nothing_else(crawled: Crawled) -> None:
    assert crawled.stderr == ""
    assert crawled.report.result == "published"
    assert crawled.report.manifest is not None
    assert crawled.report.manifest.counts["independent_reports"] == 3


LOADED = """
import sys
sys.argv = ["ingest", "run", *sys.argv[1:], "--json"]
from ingest.cli import main
try:
    main()
finally:
    print(*(name for name in sys.modules if "." not in name), file=sys.stderr)
"""


def test_a_second_run_computes_nothing_and_loads_nothing_heavy(crawled: Crawled, tmp_path: Path) -> None:
    home = crawled.copy(tmp_path / "home")
    done = subprocess.run(
        [sys.executable, "-c", LOADED, CORPUS],
        env=environment(home, crawled.host),
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    report = RunReport.model_validate_json(done.stdout)
    assert (report.result, report.version) == ("unchanged", crawled.report.version)
    assert not any(report.computed.values())
    assert report.reused["extract"] == crawled.report.computed["extract"]
    assert not set(HEAVY) & set(done.stderr.split())
    assert versions_of(home).all() == [crawled.report.version]


def test_an_offline_run_after_an_online_one_keeps_the_last_copies(
    crawled: Crawled, tmp_path: Path, embedder: Embedder
) -> None:
    report = run_here(crawled.copy(tmp_path / "home"), embedder)
    assert report.result == "unchanged"
    used = {path for path, item in by_path(report, crawled.host).items() if item.outcome == "used"}
    assert used == set(USED)
    gone = by_path(report, crawled.host)["/reports/gone.html"]
    assert gone.reason == NOT_ASKED


def test_a_run_when_the_site_is_down_keeps_the_last_copies(
    crawled: Crawled, tmp_path: Path, embedder: Embedder
) -> None:
    home = crawled.copy(tmp_path / "home")
    config = home / "corpora" / CORPUS / "corpus.toml"
    with LoopbackServer(site_routes()) as server:
        config.write_text(config.read_text("utf-8").replace(crawled.host, server.host), "utf-8")
        assert run_here(home, embedder, host=server.host).result == "published"
    report = run_here(home, embedder, host=server.host)
    assert report.result == "unchanged"
    assert {path for path, item in by_path(report, server.host).items() if item.outcome == "used"} == set(USED)


def test_with_no_network_every_address_is_listed_and_the_rest_is_published(workplace: Path, embedder: Embedder) -> None:
    with LoopbackServer({}) as server:
        host = server.host
    describe_site(workplace, host)
    report = run_here(workplace, embedder, host=host)
    found = by_path(report, host)
    assert len(found) == 11
    assert all("robots.txt could not be read" in item.reason for item in found.values())
    assert report.result == "published"
    assert len(report.addresses) - len(report.left_out) == 4
    assert logical_hash(workplace)


def test_two_homes_give_the_same_logical_hash(crawled: Crawled, workplace: Path, embedder: Embedder) -> None:
    describe_site(workplace, crawled.host)
    run_here(workplace, embedder, host=crawled.host)
    assert logical_hash(workplace) == logical_hash(crawled.home)
    assert versions_of(workplace).current() == crawled.report.version


@pytest.fixture
def own_site() -> Iterator[LoopbackServer]:
    """A site whose pages a test may change."""
    with LoopbackServer(site_routes()) as server:
        yield server


def test_a_changed_page_is_all_that_is_done_again(
    own_site: LoopbackServer, workplace: Path, embedder: Embedder
) -> None:
    describe_site(workplace, own_site.host)
    first = run_here(workplace, embedder, host=own_site.host)
    told = (SITE / "reports" / "ben-2025.html").read_text("utf-8").replace("k-means algorithm", "PCA algorithm")
    own_site.routes["/reports/ben-2025.html"] = page(told.encode())
    second = run_here(workplace, embedder, host=own_site.host)
    assert (second.result, second.computed["extract"], second.computed["split"]) == ("published", 1, 1)
    assert 0 < second.computed["embed"] < first.computed["embed"] / 4
    assert versions_of(workplace).all() == [first.version, second.version]


def test_a_page_that_is_taken_back_leaves_the_version(
    own_site: LoopbackServer, workplace: Path, embedder: Embedder
) -> None:
    describe_site(workplace, own_site.host)
    run_here(workplace, embedder, host=own_site.host)
    own_site.routes["/reports/ben-2025.html"] = page(b"gone", status=410)
    report = run_here(workplace, embedder, host=own_site.host)
    assert by_path(report, own_site.host)["/reports/ben-2025.html"].reason == "it answers 410 Gone."
    assert "/reports/ben-2025.html" not in documents(workplace)
    assert (bool(report.changes.questions_lost), report.changes.questions_gained) == (True, ())


def test_one_page_under_two_addresses_is_used_once(
    own_site: LoopbackServer, workplace: Path, embedder: Embedder
) -> None:
    describe_site(workplace, own_site.host, without=("copy-of-ana",))
    path = workplace / "corpora" / CORPUS / "corpus.toml"
    again = f'\n[[source]]\nname = "again"\ntype = "page"\nurl = "http://{own_site.host}/reports/ana-2024.html?utm_source=x"\n'
    path.write_text(path.read_text("utf-8") + again, "utf-8")
    report = run_here(workplace, embedder, host=own_site.host)
    twice = by_path(report, own_site.host)["/reports/ana-2024.html?utm_source=x"]
    assert twice.reason == "the source 'reports/ana-2024' names it already"


def notes(folder: Path, **files: str | bytes) -> None:
    (folder / "notes").mkdir(exist_ok=True)
    for name, content in files.items():
        data = content if isinstance(content, bytes) else content.encode()
        (folder / "notes" / f"{name}.md").write_bytes(data)


def test_bad_files_are_all_named_and_what_was_served_stays(workplace: Path, embedder: Embedder) -> None:
    folder = describe_folder(workplace, "notes")
    notes(folder, good=REPORT)
    first = run_here(workplace, embedder, corpus_id="notes")
    notes(folder, empty="", other=b"caf\xe9 " * 50, huge=b"x" * 1_000_001)
    with pytest.raises(BadInputError) as caught:
        run_here(workplace, embedder, corpus_id="notes")
    for said in (
        "3 files cannot be used",
        "notes/empty.md is empty",
        "notes/other.md is not UTF-8",
        "notes/huge.md has",
    ):
        assert said in caught.value.message
    assert versions_of(workplace, "notes").current() == first.version
    assert "nothing was published" in caught.value.next_step


def test_a_short_file_is_left_out_and_does_not_stop_the_rest(workplace: Path, embedder: Embedder) -> None:
    notes(describe_folder(workplace, "notes"), good=REPORT, short="At Fernhill they asked me about trees.")
    report = run_here(workplace, embedder, corpus_id="notes")
    assert [(item.address, item.reason) for item in report.left_out] == [
        ("notes/short.md", "only 7 words of text were found in it")
    ]


def test_a_dry_run_publishes_nothing(workplace: Path, embedder: Embedder) -> None:
    notes(describe_folder(workplace, "notes"), good=REPORT)
    report = run_here(workplace, embedder, corpus_id="notes", dry_run=True)
    assert (report.result, report.version) == ("dry run", None)
    assert versions_of(workplace, "notes").all() == []
    assert report.addresses[-1].questions > 0


def test_a_damaged_version_is_replaced_by_the_next_run(workplace: Path, embedder: Embedder) -> None:
    notes(describe_folder(workplace, "notes"), good=REPORT)
    first = run_here(workplace, embedder, corpus_id="notes")
    versions = versions_of(workplace, "notes")
    for damage in ("manifest.json", "questions.jsonl"):
        served = versions.require_current()
        (versions.folder(served) / damage).unlink()
        notes(folder := versions.root.parents[1] / "corpora" / "notes", good=REPORT + damage + "\n")
        report = run_here(workplace, embedder, corpus_id="notes")
        assert (report.result, folder.is_dir()) == ("published", True)
    assert first.version != versions.current()


def test_old_versions_are_pruned_and_the_served_one_stays(workplace: Path, embedder: Embedder) -> None:
    folder = describe_folder(workplace, "notes")
    made = []
    for number in range(5):
        notes(folder, good=f"{REPORT}Then number {number}.\n")
        made.append(run_here(workplace, embedder, corpus_id="notes").version)
    assert versions_of(workplace, "notes").all() == made[-3:]
    assert not list(versions_of(workplace, "notes").root.glob(".building-*"))


def test_the_embedder_is_part_of_the_input(workplace: Path, embedder: Embedder) -> None:
    notes(describe_folder(workplace, "notes"), good=REPORT)
    run_here(workplace, embedder, corpus_id="notes")
    other = run_here(workplace, HashEmbedder(), corpus_id="notes")
    assert other.result == "published"
    assert other.manifest is not None
    assert other.manifest.embedder == "hash-64"


def test_a_half_built_version_of_a_killed_run_is_swept(crawled: Crawled, tmp_path: Path, embedder: Embedder) -> None:
    home = crawled.copy(tmp_path / "home")
    root = versions_of(home).root
    shutil.copytree(root / str(crawled.report.version), root / ".building-0123")
    run_here(home, embedder)
    assert not list(root.glob(".building-*"))
