"""New corpora: what is drafted passes the check at once, whatever the names are, and nothing is overwritten."""

import os
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, strategies

from brain.catalog import Catalog, Corpus
from brain.errors import BadInputError, BrainError, CatalogError, RefusedError
from ingest import new, tomltext
from ingest.add import Limits
from ingest.ask import Asking, completed
from ingest.boards import Board, board_at
from ingest.check import check_corpus
from ingest.families import packs_for
from ingest.names import LONGEST, require_id, slug
from ingest.new import Wish, draft, write
from ingest.sources import bind
from tests.ingest.working import ingest, ingest_at_a_terminal

LIMITS = Limits(1_000_000, frozenset())
HOSTILE = [
    'Quo"te',
    "Back\\slash \\n \\u0041",
    "line\nbreak\r\n[[source]]\nname = 1",
    "it's \"\"\" and '''",
    "naïve Ünïcode 株式会社",
    "🦀 Crab & Sons 👩‍🔬",
    "tab\tbell\x07escape\x1b del\x7f nel\x85 sep\u2028 bom\ufeff",
    "# no comment = [true]",
    "astral \U0001d54f private \ue000 unassigned \U000e0fff",
    "{curly} [square] a = b",
]


def made(overlay: Path, company: str, role: str, **wished: object) -> Corpus:
    """The corpus that `ingest new` would write, read back and checked."""
    wish = Wish(company, role, **wished)  # type: ignore[arg-type]
    write(draft(wish, Catalog.of(overlay), overlay, LIMITS), overlay)
    return Catalog.of(overlay).corpus(wish.corpus_id)


def test_a_company_that_nobody_has_described(tmp_path: Path) -> None:
    corpus = made(
        tmp_path,
        "Acme Robotics, Inc.",
        "Data Engineer",
        aliases=("Acme",),
        careers="https://acme.example/jobs",
        role_aliases=("Pipeline Engineer",),
        levels=("l5=L5", "Intern"),
        sources=("page:https://reports.example/one", "feed:https://reports.example/feed.xml"),
    )
    assert corpus.id == "acme-robotics-data-engineer"
    assert corpus.title == "Acme Robotics, Inc. · Data Engineer"
    assert corpus.company.aliases == ("Acme Robotics, Inc.", "Acme Robotics", "Acme")
    assert corpus.company.careers_url == "https://acme.example/jobs"
    assert corpus.role.aliases == ("Data Engineer", "Pipeline Engineer")
    assert [(one.id, one.name) for one in corpus.role.level] == [("l5", "L5"), ("intern", "Intern")]
    assert [(one.name, one.type) for one in corpus.sources] == [("one", "page"), ("feed", "feed")]
    assert {path.parent.name for path in corpus.cards} == {"machine-learning", "coding", "interviewing"}
    assert {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.toml")} == {
        "companies/acme-robotics.toml",
        "roles/data-engineer.toml",
        "acme-robotics-data-engineer/corpus.toml",
    }


def test_known_packs_are_used_and_not_written_again(tmp_path: Path) -> None:
    first = made(tmp_path, "acme", "applied-scientist")
    assert (first.company.name, first.role.name) == ("Acme", "Applied Scientist")
    assert not (tmp_path / "roles").exists()
    second = made(tmp_path, "amazon", "data-engineer")
    assert second.company.values_name == "Leadership Principles"
    assert [path.name for path in (tmp_path / "companies").iterdir()] == ["acme.toml"]


def test_the_draft_says_that_its_parts_are_generic(tmp_path: Path) -> None:
    corpus = made(tmp_path, "acme", "data-engineer")
    (track,) = corpus.tracks
    assert track.note.startswith("Draft: generic, and reported by nobody.")
    assert all(section.minutes is None and not section.sources for section in track.section)
    kinds = {kind for section in track.section for kind in section.kinds}
    assert kinds == {"motivation", "experience", "coding", "concept", "design", "behavioral", "candidate_question"}


@pytest.mark.parametrize("name", HOSTILE)
def test_any_name_is_written_so_that_it_reads_back(tmp_path: Path, name: str) -> None:
    corpus = made(
        tmp_path,
        "acme",
        "pilot",
        name=name,
        aliases=(name + "!",),
        role_name=name,
        role_aliases=(name,),
        levels=(f"x={name}",),
    )
    assert corpus.company.name == name
    assert corpus.company.aliases[-1] == name + "!"
    assert corpus.role.aliases == (name,)
    assert corpus.role.level[0].name == name.strip()
    assert corpus.title == f"{name} · {name}"
    assert corpus.sources == ()


@pytest.mark.parametrize("text", HOSTILE)
def test_strings_lists_and_keys_are_toml(text: str) -> None:
    pairs: list[tuple[str, tomltext.Value]] = [("text", text), ("items", [text] * 12), ("yes", True), ("number", 3)]
    assert tomllib.loads(tomltext.pairs(pairs)) == {"text": text, "items": [text] * 12, "yes": True, "number": 3}


@given(strategies.text(strategies.characters(exclude_categories=["Cs"])))
def test_every_string_reads_back(text: str) -> None:
    written = tomltext.pairs([("a", text), ("b", [text])])
    assert tomllib.loads(written) == {"a": text, "b": [text]}
    assert len(tomltext.string(text).splitlines()) == 1


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(BadInputError, match="is not valid UTF-8"):
        tomltext.string(os.fsdecode(b"caf\xe9"))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Acme Robotics", "acme-robotics"),
        ("  Ümläut & Søns  ", "umlaut-and-sons"),
        ("O'Neil's C++ / Co.", "oneils-c-co"),
        ("../../etc/passwd", "etc-passwd"),
        ("株式会社", ""),
        ("x" * 80, "x" * LONGEST),
    ],
)
def test_ids_are_made_of_names(name: str, expected: str) -> None:
    assert slug(name) == expected


def test_a_name_without_latin_letters_needs_an_id(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="No id can be made of the company"):
        require_id("株式会社", "company")
    assert made(tmp_path, "kabu", "data-engineer", name="株式会社").title == "株式会社 · Data Engineer"


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    made(tmp_path, "acme", "data-engineer")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.toml")}
    for wished, said in (
        (Wish("acme", "data-engineer"), "exists already"),
        (Wish("amazon", "applied-scientist"), "exists already"),
        (Wish("acme", "pilot", aliases=("Acme",)), "'acme' is described already"),
        (Wish("other", "data-engineer", levels=("l5",)), "'data-engineer' is described already"),
    ):
        with pytest.raises(BadInputError, match=said):
            draft(wished, Catalog.of(tmp_path), tmp_path, LIMITS)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.toml")} == before


def test_a_file_that_appears_meanwhile_is_left_alone(tmp_path: Path) -> None:
    drafted = draft(Wish("acme", "data-engineer"), Catalog.of(tmp_path), tmp_path, LIMITS)
    (tmp_path / "companies").mkdir()
    (tmp_path / "companies" / "acme.toml").write_text('name = "Mine"\n', "utf-8")
    with pytest.raises(BadInputError, match=r"acme\.toml exists already"):
        write(drafted, tmp_path)
    assert [path.name for path in tmp_path.rglob("*.toml")] == ["acme.toml"]


def test_a_draft_that_fails_the_check_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    notes = tmp_path / "notes.md"
    notes.write_text("What I was asked.", "utf-8")
    overlay = tmp_path / "overlay"
    drafted = draft(Wish("acme", "data-engineer", sources=(f"file:{notes}",)), Catalog.of(overlay), overlay, LIMITS)

    def refuse(_corpus: Corpus) -> str:
        raise CatalogError("no", path=notes)

    monkeypatch.setattr(new, "check_corpus", refuse)
    with pytest.raises(CatalogError):
        write(drafted, overlay)
    assert [path for path in overlay.rglob("*") if path.is_file()] == []


def test_local_files_come_along(tmp_path: Path) -> None:
    notes = tmp_path / "My Notes"
    (notes / "deep").mkdir(parents=True)
    (notes / "one.md").write_text("What I was asked.", "utf-8")
    (notes / "deep" / "two.txt").write_text("And then.", "utf-8")
    (notes / "secret.env").write_text("KEY=1", "utf-8")
    overlay = tmp_path / "overlay"
    corpus = made(overlay, "acme", "data-engineer", sources=(f"file:{notes}",))
    (source,) = corpus.sources
    assert source.options == {"path": "files/my-notes"}
    copied = {path.relative_to(corpus.folder).as_posix() for path in corpus.folder.rglob("*") if path.is_file()}
    assert copied == {"corpus.toml", "files/my-notes/one.md", "files/my-notes/deep/two.txt"}


@pytest.mark.parametrize(
    ("source", "error", "said"),
    [
        ("page", BadInputError, "is no source"),
        ("pigeon:coop", BadInputError, "is no source"),
        ("page:ftp://a.example/x", RefusedError, "only http and https"),
        ("page:https://www.linkedin.com/x", RefusedError, "never fetched"),
        ("page:https://a.example/x y", RefusedError, "not a web address"),
        ("page:http://127.0.0.1/x", RefusedError, "not a public address"),
        ("file:nowhere", BrainError, "does not exist"),
        ("greenhouse:no board", BadInputError, "board"),
        ("workday:acme", BadInputError, "does not document"),
    ],
)
def test_a_source_that_cannot_be_is_refused(tmp_path: Path, source: str, error: type[BrainError], said: str) -> None:
    with pytest.raises(error, match=said):
        draft(Wish("acme", "data-engineer", sources=(source,)), Catalog.of(tmp_path), tmp_path, LIMITS)
    with pytest.raises(BadInputError, match="named twice"):
        draft(Wish("acme", "pilot", sources=("page:https://a.example/",) * 2), Catalog.of(tmp_path), tmp_path, LIMITS)


BOARDS = {
    "https://boards.greenhouse.io/acme": Board("greenhouse", (("board", "acme"),)),
    "https://job-boards.eu.greenhouse.io/acme/jobs/12": Board("greenhouse", (("board", "acme"),), whole=False),
    "https://boards.greenhouse.io/embed/job_board?for=acme": Board("greenhouse", (("board", "acme"),)),
    "https://jobs.lever.co/acme/": Board("lever", (("site", "acme"),)),
    "https://jobs.eu.lever.co/acme": Board("lever", (("site", "acme"), ("region", "eu"))),
    "https://jobs.ashbyhq.com/Acme%20Labs": Board("ashby", (("board", "Acme Labs"),)),
    "https://careers.smartrecruiters.com/Acme1": Board("smartrecruiters", (("company", "Acme1"),)),
    "https://acme.wd5.myworkdayjobs.com/en-US/Careers": Board(
        "workday", (("host", "acme.wd5.myworkdayjobs.com"), ("site", "Careers")), documented=False
    ),
    "https://wd1.myworkdaysite.com/recruiting/acme/Jobs": Board(
        "workday", (("host", "wd1.myworkdaysite.com"), ("tenant", "acme"), ("site", "Jobs")), documented=False
    ),
    "https://www.amazon.jobs/en/": Board("amazon_jobs", (("query", "Data Engineer"),), documented=False, whole=False),
}


@pytest.mark.parametrize("address", BOARDS)
def test_a_careers_address_tells_its_board(address: str, tmp_path: Path) -> None:
    expected = BOARDS[address]
    assert board_at(address, "Data Engineer") == expected
    corpus = made(tmp_path, "acme", "data-engineer", careers=address)
    text = (corpus.folder / "corpus.toml").read_text("utf-8")
    if expected.documented:
        (source,) = corpus.sources
        assert (source.type, source.name, source.title_matches) == (
            expected.type,
            "careers",
            r"(?<!\w)(data engineer)(?!\w)",
        )
        return
    assert corpus.sources == ()
    assert "not documented for others to use" in text.replace("\n#", "")
    assert address in text
    block = text.partition("# [[source]]")[2]
    (corpus.folder / "corpus.toml").write_text(
        text.replace("# [[source]]" + block, "[[source]]" + block.replace("\n# ", "\n")), "utf-8"
    )
    allowed = Catalog.of(tmp_path).corpus(corpus.id)
    check_corpus(allowed)
    assert (allowed.sources[0].type, bind(allowed.sources[0])[0].documented) == (expected.type, False)


@pytest.mark.parametrize(
    "address",
    [
        "https://acme.example/careers",
        "https://boards.greenhouse.io/",
        "https://jobs.lever.co",
        "http://[::1",
        "jobs.lever.co/a",
    ],
)
def test_other_addresses_tell_none(address: str) -> None:
    assert board_at(address, "Data Engineer") is None


def test_a_title_pattern_leaves_out_names_that_hold_another(tmp_path: Path) -> None:
    corpus = made(tmp_path, "acme", "applied-scientist", careers="https://jobs.lever.co/acme")
    assert corpus.sources[0].title_matches == r"(?<!\w)(applied science|applied scientist)(?!\w)"


def test_a_careers_address_that_is_never_fetched_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="never fetched"):
        draft(Wish("acme", "x", careers="https://www.indeed.com/cmp/acme"), Catalog.of(tmp_path), tmp_path, LIMITS)


@pytest.mark.parametrize(
    ("role", "packs"),
    [
        ("ML Platform Engineer", ["machine-learning", "coding", "interviewing"]),
        ("Quantitative Analyst", ["machine-learning", "coding", "interviewing"]),
        ("Backend Developer", ["coding", "interviewing"]),
        ("Product Manager", ["interviewing"]),
        ("Crane Operator", ["interviewing", "crane"]),
        ("Maid", ["interviewing"]),
    ],
)
def test_knowledge_is_chosen_by_the_role(role: str, packs: list[str]) -> None:
    assert packs_for([role], ["coding", "crane", "interviewing", "machine-learning"]) == packs


def answering(*answers: str) -> tuple[Callable[[str, str], str], list[str]]:
    """A prompt that gives these answers, then the defaults; and what it was asked."""
    left, heard = iter(answers), []

    def prompt(text: str, default: str) -> str:
        heard.append(text)
        return next(left, "") or default

    return prompt, heard


def asking(prompt: Callable[[str, str], str], shown: list[str]) -> Asking:
    def judge(answer: str) -> None:
        if "bad" in answer:
            raise BadInputError(f"{answer!r} is bad.", next_step="Say another.")

    return Asking(prompt, shown.append, careers=judge, source=judge)


def test_what_is_missing_is_asked_for(tmp_path: Path) -> None:
    answers = (
        "Acme Robotics GmbH",
        "Acme, AR",
        "bad",
        "https://a.example",
        "",
        "Pipeline Engineer",
        "bad",
        "notes",
        "page:x",
    )
    prompt, heard = answering(*answers)
    shown: list[str] = []
    wish = completed(Wish("acme", "data-engineer"), Catalog.of(tmp_path), asking(prompt, shown))
    assert (wish.name, wish.aliases, wish.careers) == ("Acme Robotics GmbH", ("Acme", "AR"), "https://a.example")
    assert (wish.role_name, wish.role_aliases) == ("Data Engineer", ("Pipeline Engineer",))
    assert wish.sources == ("notes", "page:x")
    assert shown == ["'bad' is bad. Say another."] * 2
    assert len(heard) == len(answers) + 1


def test_nothing_is_asked_of_what_is_known_or_given(tmp_path: Path) -> None:
    prompt, heard = answering()
    given = Wish("amazon", "applied-scientist", sources=("page:https://a.example",))
    assert completed(given, Catalog.of(tmp_path), asking(prompt, [])) == given
    assert heard == []


def test_the_command_writes_checks_and_says_what_comes_next(tmp_path: Path) -> None:
    done = ingest(
        tmp_path, "new", "Acme Robotics", "data-engineer", "--alias", "Acme", "--source", "page:https://a.example/r"
    )
    assert done.returncode == 0, done.stderr
    assert "acme-robotics-data-engineer: 72 cards" in done.stdout
    assert "  ingest run acme-robotics-data-engineer --dry-run" in done.stdout
    assert "source 'r': No account is stated, so its questions count as listed." in done.stdout
    assert "acme-robotics-data-engineer: " in ingest(tmp_path, "check").stdout
    other = ingest(tmp_path, "new", "Acme Robotics GmbH", "applied-scientist").stdout
    assert "uses the company 'acme-robotics' as it is described: Acme Robotics\n" in other
    assert "uses the role 'applied-scientist' as it is described: Applied Scientist\n" in other
    again = ingest(tmp_path, "new", "Acme Robotics", "data-engineer")
    assert (again.returncode, "exists already" in again.stderr) == (2, True)


def test_the_command_asks_at_a_terminal(tmp_path: Path) -> None:
    shown = ingest_at_a_terminal(
        tmp_path,
        "new",
        "acme",
        "data-engineer",
        typed=b"Acme Robotics\n\nhttps://jobs.lever.co/acme\n\n\nhttps://www.linkedin.com/x\n\n",
    )
    assert "never fetched" in shown
    corpus = Catalog.of(tmp_path / "corpora").corpus("acme-data-engineer")
    assert (corpus.company.name, [one.type for one in corpus.sources]) == ("Acme Robotics", ["lever"])
