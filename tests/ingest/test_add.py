"""Added sources: judged before anything is written, appended without touching what stands there, self-contained."""

import json
import shutil
import threading
from pathlib import Path
from typing import Any

import pytest

from brain.catalog import SHIPPED, Catalog, Corpus
from brain.errors import BadInputError, BrainError, CatalogError, RefusedError, UnknownCorpusError, UnreadableInputError
from ingest.add import Addition, Limits, add, parse_options
from ingest.check import check, check_corpus
from ingest.discover import source_leads
from ingest.sources.base import Answer
from tests.ingest.working import ingest

FLAGSHIP = "amazon-applied-scientist"
OWN = "acme-pilot"
LIMITS = Limits(5_000, frozenset({"127.0.0.1:8080"}))
CORPUS = """\
# My own words, which must stay.
title = "Acme · Pilot"   # with a comment
company = "acme"
role = "pilot"
knowledge = ["interviewing"]

[[track]]
id = "full_time"
name = "Full-time"
[[track.section]]
name = "Call"
kinds = ["concept"]

[[source]]
name = "first"
type = "page"
url = "https://reports.example/first"
"""


PAGE, URL = 'type = "page"', 'url = "https://reports.example/first"'


@pytest.fixture
def overlay(tmp_path: Path) -> Path:
    """An overlay with a corpus of the operator's own."""
    root = tmp_path / "corpora"
    for name, text in {
        "companies/acme.toml": 'name = "Acme"\n',
        "roles/pilot.toml": 'name = "Pilot"\n[[level]]\nid = "l5"\nname = "L5"\n',
        f"{OWN}/corpus.toml": CORPUS,
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    return root


def added(
    overlay: Path, where: str | Path, by: str = "", *, corpus: str = OWN, **said: object
) -> tuple[Addition, Path]:
    return add(Catalog.of(overlay), overlay, corpus, str(where), by, said, LIMITS)


def corpus_of(overlay: Path, name: str = OWN) -> Corpus:
    return Catalog.of(overlay).corpus(name)


def report(path: Path, text: str = "I was asked why planes fly.\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


class NoReader:
    """A reader of local files only."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def get(self, address: str, *_: object, **__: object) -> Answer:
        raise AssertionError(address)


def test_a_page_is_appended_and_the_rest_stays_byte_by_byte(overlay: Path) -> None:
    path = overlay / OWN / "corpus.toml"
    addition, file = added(
        overlay,
        "https://reports.example/second.html",
        account="first_person",
        kind="interview_report",
        role_match="adjacent",
        level="L5",
        published="2025-03",
        licence="CC-BY-4.0",
        basis="the author said so",
    )
    assert file == path
    assert path.read_text("utf-8").startswith(CORPUS)
    assert path.read_text("utf-8").removeprefix(CORPUS) == "\n" + addition.block
    source = corpus_of(overlay).sources[-1]
    assert source == addition.source
    assert (source.name, source.account, source.published, source.basis) == (
        "second",
        "first_person",
        "2025-03",
        "the author said so",
    )
    check_corpus(corpus_of(overlay))


@pytest.mark.parametrize("ending", ["\n", "", "  # the end", "\n\n\n"])
def test_any_ending_and_windows_lines_are_kept(overlay: Path, ending: str) -> None:
    path = overlay / OWN / "corpus.toml"
    before = (CORPUS.rstrip("\n") + ending).replace("\n", "\r\n").encode()
    path.write_bytes(before)
    added(overlay, "https://reports.example/second")
    after = path.read_bytes()
    assert after.startswith(before)
    assert b"\n" not in after.replace(b"\r\n", b"")
    assert [one.name for one in corpus_of(overlay).sources] == ["first", "second"]


def test_a_file_that_cannot_be_extended_stays_as_it_is(overlay: Path) -> None:
    path = overlay / OWN / "corpus.toml"
    head, _, _ = CORPUS.partition("[[source]]")
    table = 'source = [{name = "first", type = "page", url = "https://a.example/"}]\n'
    path.write_text(head.replace("\n\n[[track]]", f"\n{table}\n[[track]]", 1), "utf-8")
    before = path.read_bytes()
    assert len(corpus_of(overlay).sources) == 1
    notes = report(overlay.parent / "notes.md")
    with pytest.raises(CatalogError, match="would no longer be valid TOML"):
        added(overlay, notes)
    assert path.read_bytes() == before
    assert not list((overlay / OWN).rglob("*.md"))


def test_a_shipped_corpus_gets_the_addition_alone(overlay: Path) -> None:
    shipped = len(Catalog.of(overlay).corpus(FLAGSHIP).sources)
    notes = report(overlay.parent / "notes.md")
    _, file = added(overlay, notes, corpus=FLAGSHIP, account="first_person")
    added(overlay, "https://reports.example/second", corpus=FLAGSHIP)
    assert file == overlay / FLAGSHIP / "sources.toml"
    assert not (overlay / FLAGSHIP / "corpus.toml").exists()
    corpus = corpus_of(overlay, FLAGSHIP)
    assert corpus.folder == SHIPPED / FLAGSHIP
    assert [one.name for one in corpus.sources[shipped:]] == ["notes", "second"]
    assert corpus.folder_of(corpus.sources[0]) == SHIPPED / FLAGSHIP
    (lead,) = source_leads(
        corpus.sources[shipped], corpus.role.level, NoReader(corpus.folder_of(corpus.sources[shipped]))
    )
    assert (lead.address, getattr(lead, "path", None)) == ("files/notes.md", overlay / FLAGSHIP / "files" / "notes.md")
    assert any(line.startswith(FLAGSHIP) for line in check(Catalog.of(overlay)))


def test_a_source_that_has_the_name_of_a_shipped_one_is_named(overlay: Path) -> None:
    path = overlay / FLAGSHIP / "sources.toml"
    path.parent.mkdir()
    block = '[[source]]\nname = "{}"\ntype = "page"\nurl = "https://a.example/"\n'
    path.write_text(block.format("new") + block.format("leadership-principles"), "utf-8")
    with pytest.raises(CatalogError, match=r"sources\.toml:6: name: another source is called 'leadership-principles'"):
        corpus_of(overlay, FLAGSHIP)


def test_files_and_folders_are_copied_so_that_the_corpus_stands_alone(overlay: Path) -> None:
    away = overlay.parent / "away"
    report(away / "One Report.MD")
    report(away / "more" / "two.txt", "And then why they land.\n")
    report(away / "more" / "picture.svg", "<svg/>")
    single, _ = added(overlay, away / "One Report.MD", name="one")
    folder, _ = added(overlay, away)
    assert (single.source.options, folder.source.options) == ({"path": "files/one-report.md"}, {"path": "files/away"})
    shutil.rmtree(away)
    corpus = corpus_of(overlay)
    leads = [lead for one in corpus.sources[1:] for lead in source_leads(one, (), NoReader(corpus.folder_of(one)))]
    assert [lead.address for lead in leads] == [
        "files/one-report.md",
        "files/away/One Report.MD",
        "files/away/more/two.txt",
    ]
    assert not list((overlay / OWN / "files").glob(".adding*"))


def test_what_lies_below_the_corpus_already_is_named_where_it_is(overlay: Path) -> None:
    report(overlay / OWN / "notes" / "one.md")
    addition, _ = added(overlay, overlay / OWN / "notes")
    assert addition.source.options == {"path": "notes"}
    assert not (overlay / OWN / "files").exists()


def test_another_file_of_that_name_gets_a_name_of_its_own(overlay: Path) -> None:
    for number in (1, 2):
        added(overlay, report(overlay.parent / f"away{number}" / "notes.md", f"Told {number} times.\n"))
    assert [(one.name, one.options["path"]) for one in corpus_of(overlay).sources[1:]] == [
        ("notes", "files/notes.md"),
        ("notes-2", "files/notes-2.md"),
    ]


def test_the_same_is_not_added_twice(overlay: Path) -> None:
    notes = report(overlay.parent / "notes.md")
    added(overlay, notes)
    added(overlay, "acme", "greenhouse")
    before = (overlay / OWN / "corpus.toml").read_bytes()
    for again, kind in (
        (notes, ""),
        (report(overlay.parent / "same-words.md"), ""),
        ("https://reports.example/first", ""),
        ("http://www.reports.example/first/?utm_source=mail#part", ""),
        ("https://reports.example/first", "job_page"),
        ("https://boards.greenhouse.io/acme", ""),
    ):
        with pytest.raises((BadInputError, UnreadableInputError), match=r"already"):
            added(overlay, again, kind)
    assert (overlay / OWN / "corpus.toml").read_bytes() == before
    assert len(list((overlay / OWN / "files").iterdir())) == 1


@pytest.mark.parametrize(
    ("where", "by", "said", "error", "told"),
    [
        ("https://www.glassdoor.co.uk/Reviews", "", {}, RefusedError, "glassdoor is on the list"),
        ("https://uk.indeed.com/feed.xml", "feed", {}, RefusedError, "indeed is on the list"),
        ("ftp://a.example/x", "", {}, RefusedError, "only http and https"),
        ("https://me:secret@a.example/", "", {}, RefusedError, "user name or password"),
        ("http://10.0.0.1/", "", {}, RefusedError, "not a public address"),
        ("http://127.0.0.1:9090/", "", {}, RefusedError, "not a public address"),
        ("https://a.example:8443/", "", {}, RefusedError, "port 8443"),
        ("http://[::1", "", {}, RefusedError, "not a web address"),
        ("https://a.example/\nx", "", {}, RefusedError, "not a web address"),
        ("https://a.example/", "pigeon", {}, BadInputError, "no source type 'pigeon'"),
        ("not-an-address", "page", {}, RefusedError, "only http and https"),
        ("https://acme.wd5.myworkdayjobs.com/Jobs", "workday", {}, BadInputError, "does not document"),
        ("https://a.example/", "", {"kind": "gossip"}, BadInputError, "kind"),
        ("https://a.example/", "", {"published": "last year"}, BadInputError, "published"),
        ("https://a.example/", "", {"colour": "red"}, BadInputError, "colour"),
        ("https://a.example/", "", {"title_matches": "("}, BadInputError, "no regular expression"),
        ("https://a.example/", "", {"name": "first"}, BadInputError, "Another source is called 'first'"),
        ("nowhere.md", "", {}, UnreadableInputError, "does not exist"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_changes(
    overlay: Path, where: str, by: str, said: dict[str, Any], error: type[BrainError], told: str
) -> None:
    before = (overlay / OWN / "corpus.toml").read_bytes()
    with pytest.raises(error, match=told):
        added(overlay, where, by, **said)
    assert (overlay / OWN / "corpus.toml").read_bytes() == before


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("empty.md", b" \n", "is empty"),
        ("huge.md", b"x" * 5_001, "5,001 bytes, over the limit of 5,000"),
        ("latin.md", b"caf\xe9", "is not UTF-8 text"),
        ("photo.png", b"x", "is of no type that ingest reads"),
        ("report.pdf", b"no pdf", "is called PDF and is none"),
        ("deep/inner.txt", b"\xff", "is not UTF-8 text"),
    ],
)
def test_a_bad_file_is_refused(overlay: Path, name: str, content: bytes, told: str) -> None:
    path = overlay.parent / "away" / name
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    with pytest.raises(UnreadableInputError, match=told):
        added(overlay, path.parent if "/" in name else path)
    assert not (overlay / OWN / "files").exists()


def test_an_operator_s_loopback_host_may_be_named(overlay: Path) -> None:
    assert added(overlay, "http://127.0.0.1:8080/a")[0].source.options == {"url": "http://127.0.0.1:8080/a"}


def test_what_is_forgotten_stays_out(overlay: Path) -> None:
    forgotten = {"https://a.example/gone": "forgotten on request", "files/notes.md": "forgotten on request"}
    limits = Limits(5_000, frozenset(), forgotten.get)
    notes = report(overlay.parent / "notes.md")
    for where in ("https://a.example/gone", str(notes)):
        with pytest.raises(RefusedError, match="forgotten on request"):
            add(Catalog.of(overlay), overlay, OWN, where, "", {}, limits)
    assert not (overlay / OWN / "files").exists()


@pytest.mark.parametrize(
    ("where", "kind", "expected"),
    [
        ("https://jobs.lever.co/acme", "", ("lever", {"site": "acme"})),
        ("https://jobs.lever.co/acme/12-34", "", ("page", {"url": "https://jobs.lever.co/acme/12-34"})),
        ("https://jobs.lever.co/acme/12-34", "job_page", ("job_page", {"url": "https://jobs.lever.co/acme/12-34"})),
        ("https://a.example/feed.xml", "feed", ("feed", {"url": "https://a.example/feed.xml"})),
        ("acme", "ashby", ("ashby", {"board": "acme"})),
        ("acme interview", "hacker_news", ("hacker_news", {"query": "acme interview"})),
    ],
)
def test_the_adapter_is_told_or_known_by_the_address(
    overlay: Path, where: str, kind: str, expected: tuple[str, dict[str, str]]
) -> None:
    source = added(overlay, where, kind)[0].source
    assert (source.type, source.options) == expected
    check_corpus(corpus_of(overlay))


def test_further_options_are_read_as_toml_or_text(overlay: Path) -> None:
    said: dict[str, Any] = parse_options(
        ["levels=['l5']", "limit=20", "allow_undocumented=true", "title_matches=pilot|steward"]
    )
    added(overlay, "https://acme.wd5.myworkdayjobs.com/Jobs", "workday", **said)
    source = corpus_of(overlay).sources[-1]
    assert (source.levels, source.limit, source.allow_undocumented, source.title_matches) == (
        ("l5",),
        20,
        True,
        "pilot|steward",
    )
    assert parse_options(["after=2025-03-01", 'x="y"']) == {"after": "2025-03-01", "x": "y"}
    with pytest.raises(BadInputError, match="is no option"):
        parse_options(["levels"])


def test_additions_at_the_same_time_are_all_kept(overlay: Path) -> None:
    threads = [
        threading.Thread(target=added, args=(overlay, f"https://reports.example/new-{number}")) for number in range(12)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(corpus_of(overlay).sources) == 13


def test_an_unknown_corpus_is_refused(overlay: Path) -> None:
    with pytest.raises(UnknownCorpusError, match="no corpus 'acme-pilots'"):
        added(overlay, "https://a.example/", corpus="acme-pilots")
    assert not (overlay / "acme-pilots").exists()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (URL, 'addres = "x"', r"corpus\.toml:\d+: source\.0\.\w+: .*It takes account"),
        (PAGE, 'type = "pigeon"', r"corpus\.toml:16: source\.0\.type: .*no source type 'pigeon'"),
        (PAGE, 'type = "page"\ntrack = "intern"', r"corpus\.toml:17: source\.0\.track: no \[\[track\]\]"),
        (PAGE, 'type = "page"\nlevels = ["l9"]', r":17: source\.0\.levels: the role has no level 'l9'; it has l5"),
        (f"{PAGE}\n{URL}", 'type = "file"\npath = "gone"', r":17: source\.0\.path: .*gone does not exist"),
        (URL, 'url = "https://de.linkedin.com/x"', r":17: source\.0\.url: .*linkedin is on the list"),
        (URL, 'url = "reports.example"', r":17: source\.0\.url: .*only http and https"),
        (
            "[[source]]",
            f'[[source]]\nname = "first"\n{PAGE}\n{URL}\n[[source]]',
            r":15: .*two sources are called 'first'",
        ),
        (f"{PAGE}\n{URL}", 'type = "workday"\nhost = "a.myworkdayjobs.com"\nsite = "b"', r":14: .*allow_undocumented"),
    ],
)
def test_check_names_a_wrong_source_with_file_and_line(overlay: Path, old: str, new: str, told: str) -> None:
    path = overlay / OWN / "corpus.toml"
    path.write_text(CORPUS.replace(old, new, 1), "utf-8")
    with pytest.raises(CatalogError, match=told):
        check_corpus(corpus_of(overlay))


def test_check_names_a_wrong_addition_in_its_own_file(overlay: Path) -> None:
    path = overlay / FLAGSHIP / "sources.toml"
    path.parent.mkdir()
    path.write_text('[[source]]\nname = "new"\ntype = "greenhouse"\nboard = "a b"\n', "utf-8")
    with pytest.raises(CatalogError, match=r"sources\.toml:4: source\.0\.board"):
        list(check(Catalog.of(overlay)))


def test_the_command_adds_and_says_what_comes_next(tmp_path: Path, overlay: Path) -> None:
    notes = report(tmp_path / "notes.md")
    done = ingest(tmp_path, "add", OWN, str(notes), "--account", "first_person")
    assert done.returncode == 0, done.stderr
    assert 'path = "files/notes.md"\naccount = "first_person"\n' in done.stdout
    assert f"ingest run {OWN} --dry-run --source notes" in done.stdout
    assert "No account is stated" in ingest(tmp_path, "add", OWN, "https://a.example/x").stdout
    done = ingest(tmp_path, "add", OWN, "acme", "--type", "lever", "--option", "region=eu", "--json")
    assert json.loads(done.stdout)["source"] == {"name": "acme", "type": "lever", "site": "acme", "region": "eu"}
    denied = ingest(tmp_path, "add", OWN, "https://www.teamblind.com/x")
    assert (denied.returncode, "teamblind is on the list" in denied.stderr) == (6, True)
    assert ingest(tmp_path, "check").returncode == 0
