"""The shipped corpora, an operator's overlay, and data files that are wrong."""

import shutil
from pathlib import Path

import pytest

from brain.catalog import SHIPPED, Catalog
from brain.errors import CatalogError, UnknownCorpusError

FLAGSHIP = "amazon-applied-scientist"

CORPUS = """\
title = "Harbour · Engineer"
company = "harbour"
role = "engineer"
knowledge = ["cranes"]

[[track]]
id = "engineer"
name = "Engineer"

[[track.section]]
name = "Phone screen"
kinds = ["concept"]
minutes = 30

[[source]]
name = "report"
type = "page"
url = "https://reports.example/one"
"""

TOPICS = """\
[topics.learning]
name = "Learning"

[topics.trees]
name = "Decision trees"
parent = "learning"
aliases = ["CART"]
prerequisites = ["learning"]
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A small catalog of our own."""
    files = {
        "companies/harbour.toml": 'name = "Harbour Robotics"\n',
        "roles/engineer.toml": 'name = "Engineer"\n',
        "knowledge/topics.toml": TOPICS,
        "knowledge/cranes/hook.md": "# Hook\n",
        "harbour-engineer/corpus.toml": CORPUS,
        "harbour-engineer/digests/first.toml": "",
    }
    for name, text in files.items():
        write(tmp_path / "corpora" / name, text)
    return tmp_path / "corpora"


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def wrong(root: Path) -> CatalogError:
    with pytest.raises(CatalogError) as caught:
        Catalog([root]).corpus("harbour-engineer")
    return caught.value


def test_the_flagship_is_composed_of_its_company_role_knowledge_and_digests() -> None:
    corpus = Catalog([SHIPPED]).corpus(FLAGSHIP)
    assert corpus.company.name == "Amazon"
    assert len(corpus.company.competency) == 16
    assert corpus.role.id == "applied-scientist"
    assert corpus.tracks
    assert all(track.section for track in corpus.tracks)
    assert corpus.digests
    assert {path.parent.name for path in corpus.digests} == {"digests"}
    assert {path.parent.parent.name for path in corpus.cards} == {"knowledge"}
    assert set(corpus.role.topics) <= {topic.id for topic in corpus.topics}


def test_folders_of_parts_are_no_corpora(root: Path) -> None:
    write(root / "companies" / "corpus.toml", CORPUS)
    assert Catalog([root]).ids() == ["harbour-engineer"]


def test_a_missing_overlay_is_no_error(tmp_path: Path) -> None:
    assert FLAGSHIP in Catalog.of(tmp_path / "nowhere").ids()


def test_an_overlay_adds_corpora_that_use_shipped_parts(tmp_path: Path) -> None:
    write(tmp_path / "amazon-other" / "corpus.toml", (SHIPPED / FLAGSHIP / "corpus.toml").read_text("utf-8"))
    catalog = Catalog.of(tmp_path)
    assert {FLAGSHIP, "amazon-other"} <= set(catalog.ids())
    assert catalog.corpus("amazon-other").company.name == "Amazon"
    assert catalog.corpus("amazon-other").digests == ()


def test_an_overlay_replaces_files_of_the_same_name(root: Path, tmp_path: Path) -> None:
    overlay = tmp_path / "overlay"
    write(overlay / "companies" / "harbour.toml", 'name = "Harbour, renamed"\n')
    write(overlay / "knowledge" / "cranes" / "hook.md", "# Our hook\n")
    write(overlay / "knowledge" / "cranes" / "rope.md", "# Our rope\n")
    corpus = Catalog([root, overlay]).corpus("harbour-engineer")
    assert corpus.company.name == "Harbour, renamed"
    assert corpus.company_file == overlay / "companies" / "harbour.toml"
    assert corpus.cards == tuple(overlay / "knowledge" / "cranes" / name for name in ("hook.md", "rope.md"))


@pytest.mark.parametrize("with_corpus_file", [False, True])
def test_an_overlay_adds_a_digest_and_keeps_the_others(root: Path, tmp_path: Path, *, with_corpus_file: bool) -> None:
    overlay = tmp_path / "overlay"
    write(overlay / "harbour-engineer" / "digests" / "second.toml", "")
    if with_corpus_file:
        shutil.copy(root / "harbour-engineer" / "corpus.toml", overlay / "harbour-engineer" / "corpus.toml")
    digests = Catalog([root, overlay]).corpus("harbour-engineer").digests
    assert [path.name for path in digests] == ["first.toml", "second.toml"]


def test_minutes_may_be_one_number(root: Path) -> None:
    assert Catalog([root]).corpus("harbour-engineer").tracks[0].section[0].minutes == (30, 30)


@pytest.mark.parametrize(
    ("old", "new", "line", "field", "says"),
    [
        ("knowledge = [", "knowlege = [", 4, "knowlege", "allowed are company, knowledge, role, source, title, track"),
        ("minutes = 30", "minuts = 30", 13, "track.0.section.0.minuts", "allowed are count, detail, kinds, minutes"),
        ('["concept"]', '["riddle"]', 12, "track.0.section.0.kinds.0", "'behavioral', 'concept'"),
        ('name = "report"', 'name = "report"\npublished = "soon"', 17, "source.0.published", "'soon' is no date"),
        ('title = "Harbour · Engineer"', "title = 3", 1, "title", "valid string (found 3)"),
        ('id = "engineer"\n', "", 6, "track.0.id", "this field is missing"),
        ('company = "harbour"', 'company = "harbor"', 2, "company", "known are harbour"),
        ('role = "engineer"', 'role = "pilot"', 3, "role", "known are engineer"),
        ('["cranes"]', '["ships"]', 4, "knowledge", "no knowledge pack 'ships'; known are cranes"),
    ],
)
def test_a_wrong_field_is_told_with_file_line_and_what_is_allowed(
    root: Path, old: str, new: str, line: int, field: str, says: str
) -> None:
    path = root / "harbour-engineer" / "corpus.toml"
    replace(path, old, new)
    error = wrong(root)
    assert (error.path, error.line, error.field) == (path, line, field)
    assert error.message.startswith(f"{path}:{line}: {field}: ")
    assert says in error.message
    assert "ingest check" in error.next_step


def test_a_missing_table_is_told(root: Path) -> None:
    path = root / "harbour-engineer" / "corpus.toml"
    path.write_text(CORPUS.partition("[[track]]")[0], "utf-8")
    assert wrong(root).message == f"{path}: track: this field is missing"


def test_a_mistake_in_syntax_is_told_with_its_line(root: Path) -> None:
    path = root / "roles" / "engineer.toml"
    path.write_text('name = "Engineer"\naliases = [\n  "one"\n  "two"\n]\n', "utf-8")
    error = wrong(root)
    assert (error.path, error.line) == (path, 4)
    assert "not valid TOML" in error.message


def test_text_that_is_not_utf_8_is_told_with_its_line(root: Path) -> None:
    path = root / "companies" / "harbour.toml"
    path.write_bytes(b'name = "Harbour"\naliases = ["H\xe4fen"]\n')
    error = wrong(root)
    assert (error.path, error.line) == (path, 2)
    assert "not UTF-8" in error.message


def test_a_folder_in_the_place_of_a_file_is_told(root: Path) -> None:
    path = root / "companies" / "harbour.toml"
    path.unlink()
    path.mkdir()
    assert "cannot be read" in wrong(root).message


@pytest.mark.parametrize("asked", ["amazon-applied-scientists", "amazon-aplied-scientist", "applied-scientist"])
def test_an_unknown_corpus_names_the_nearest(asked: str) -> None:
    with pytest.raises(UnknownCorpusError) as caught:
        Catalog([SHIPPED]).corpus(asked)
    assert caught.value.nearest[0] == FLAGSHIP
    assert FLAGSHIP in caught.value.next_step


@pytest.mark.parametrize("asked", ["zzz", "", "companies", "../corpora/" + FLAGSHIP])
def test_an_unknown_corpus_like_no_other_points_to_the_list(asked: str) -> None:
    with pytest.raises(UnknownCorpusError, match="There is no corpus"):
        Catalog([SHIPPED]).corpus(asked)


@pytest.mark.parametrize(
    ("old", "new", "line", "topic", "says"),
    [
        ('prerequisites = ["learning"]', 'prerequisites = ["lerning"]', 4, "trees", "'lerning', which is no topic"),
        ('parent = "learning"', 'parent = "nowhere"', 4, "trees", "'nowhere', which is no topic"),
        ('aliases = ["CART"]', 'aliases = ["LEARNING"]', 4, "trees", "'learning' belongs to 'learning' already"),
        ('name = "Learning"', 'name = "Learning"\nparent = "trees"', None, "", "its parents form a cycle"),
        (
            'name = "Learning"',
            'name = "Learning"\nprerequisites = ["trees"]',
            None,
            "",
            "its prerequisites form a cycle",
        ),
        ('name = "Learning"', 'name = "Learning"\nparent = "learning"', 1, "learning", "learning -> learning"),
    ],
)
def test_a_wrong_taxonomy_is_told_with_the_topic(
    root: Path, old: str, new: str, line: int | None, topic: str, says: str
) -> None:
    replace(root / "knowledge" / "topics.toml", old, new)
    error = wrong(root)
    assert says in error.message
    assert error.path == root / "knowledge" / "topics.toml"
    assert error.line is not None
    if topic:
        assert (error.line, error.field) == (line, topic)
