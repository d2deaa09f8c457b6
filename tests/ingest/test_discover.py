"""Which leads a corpus has, in which order, and what is said of folders that cannot be read."""

import os
from datetime import date
from pathlib import Path

import pytest

from brain.catalog import Corpus, Source
from brain.errors import BadInputError, UnreadableInputError
from ingest.cache import StageCache
from ingest.discover import Asking, discover
from ingest.fetch import Wire
from ingest.materials import Entry, Lead, Unusable
from ingest.sources import bind
from ingest.sources.file import files_below
from ingest.tombstones import Tombstones
from tests.ingest.working import corpus_of, describe_folder, describe_site


def note(path: Path, text: str = "x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def leads_of(folder: Path, corpus: Corpus) -> list[Lead]:
    cache = StageCache(folder / "stages.sqlite", 1_000_000)
    found = discover(corpus, Wire(None, cache), Asking(), Tombstones())
    cache.close()
    assert not [one for one in found if isinstance(one, Unusable)]
    return [one for one in found if isinstance(one, Lead)]


def test_values_and_cards_come_before_the_sources_of_the_corpus_file(tmp_path: Path) -> None:
    describe_site(tmp_path, "127.0.0.1:1")
    leads = leads_of(tmp_path, corpus_of(tmp_path))
    assert [lead.address for lead in leads[:4]] == [
        "corpora/companies/fernhill-robotics.toml",
        "corpora/knowledge/small/decision-trees.md",
        "corpora/knowledge/small/k-means.md",
        "corpora/knowledge/small/pca.md",
    ]
    assert leads[4].address == "http://127.0.0.1:1/reports/ana-2024.html"
    assert leads[4].source is not None
    assert len(leads) == 4 + 11


def test_a_folder_gives_its_documents_sorted_and_nothing_else(tmp_path: Path) -> None:
    folder = describe_folder(tmp_path, "notes")
    for name in ("b.md", "a/deep/z.HTML", "a/c.txt", "d.pdf", "e.mdx", "README", "f.docx"):
        note(folder / "notes" / name)
    leads = leads_of(tmp_path, corpus_of(tmp_path, "notes"))[4:]
    assert [(lead.address, lead.format) for lead in leads] == [
        ("notes/a/c.txt", "text"),
        ("notes/a/deep/z.HTML", "html"),
        ("notes/b.md", "markdown"),
        ("notes/d.pdf", "pdf"),
        ("notes/e.mdx", "markdown"),
    ]


def test_one_file_may_be_a_source_of_its_own(tmp_path: Path) -> None:
    folder = describe_folder(tmp_path, "one.md")
    note(folder / "one.md")
    (lead,) = leads_of(tmp_path, corpus_of(tmp_path, "notes"))[4:]
    assert (lead.address, lead.path) == ("one.md", folder / "one.md")


def test_a_tilde_means_the_home_of_the_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "user"))
    note(tmp_path / "user" / "kept" / "a.md")
    describe_folder(tmp_path, "~/kept")
    (lead,) = leads_of(tmp_path, corpus_of(tmp_path, "notes"))[4:]
    assert lead.path == tmp_path / "user" / "kept" / "a.md"


@pytest.mark.parametrize("made", ["nothing", "an empty folder", "a folder of other files"])
def test_a_folder_without_documents_is_an_error_that_names_it(tmp_path: Path, made: str) -> None:
    folder = tmp_path / "notes"
    if made != "nothing":
        folder.mkdir()
    if made == "a folder of other files":
        note(folder / "a.docx")
    with pytest.raises(UnreadableInputError) as caught:
        files_below(folder)
    assert str(folder) in caught.value.message
    assert caught.value.next_step


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is closed to root")
def test_a_closed_folder_is_an_error_that_says_so(tmp_path: Path) -> None:
    note(tmp_path / "open" / "closed" / "a.md")
    (tmp_path / "open" / "closed").chmod(0)
    try:
        with pytest.raises(UnreadableInputError, match="Permission denied"):
            files_below(tmp_path / "open")
    finally:
        (tmp_path / "open" / "closed").chmod(0o700)


def test_a_folder_that_closes_while_it_is_read_is_an_error_that_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    note(tmp_path / "a.md")

    def closed(path: str) -> object:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(os, "scandir", closed)
    with pytest.raises(UnreadableInputError, match="Permission denied") as caught:
        files_below(tmp_path)
    assert caught.value.next_step == "Give the folder read permission."


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (Source(name="x", type="page"), "url: Field required"),
        (Source(name="x", type="file"), "path: Field required"),
        (Source.model_validate({"name": "x", "type": "page", "url": "u", "board": "b"}), "board: Extra inputs"),
        (Source(name="x", type="pages"), "There is no source type 'pages'"),
        (Source.model_validate({"name": "x", "type": "workday"}), "does not document"),
    ],
)
def test_a_source_takes_the_keys_of_its_type_and_no_others(source: Source, said: str) -> None:
    with pytest.raises(BadInputError) as caught:
        bind(source)
    assert said in caught.value.message
    assert caught.value.next_step


def test_a_part_of_the_web_may_be_asked() -> None:
    source = Source.model_validate({"name": "feed", "type": "page", "url": "https://notes.example/"})
    old = Lead(address="a", source=source, entry=Entry(address="a", changed=date(2024, 1, 1)))
    undated = Lead(address="b", source=source, entry=Entry(address="b"))
    assert [Asking(since=date(2024, 2, 1)).of_lead(lead) for lead in (old, undated)] == [False, True]
    assert Asking(since=date(2024, 1, 1)).of_lead(old)
    assert not Asking(source="other").of_lead(old)
    assert Asking(source="feed").of_lead(old)
