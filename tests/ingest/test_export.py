"""Exports: JSON Lines that hold what may be shown, and not a word more."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from brain.errors import BadInputError
from brain.fakes import HashEmbedder
from brain.jsonlines import read_records
from brain.records import Display, Document, Form, Passage, ReportedQuestion
from ingest.export import EXPORTED, export, may_show_text
from tests.building import publish_tiny, tiny_content, versions_in
from tests.ingest.conftest import Crawled
from tests.ingest.working import ingest, versions_of
from tests.site.crawl_demo import CORPUS

EMBEDDER = HashEmbedder()


def publish(home: Path, display: Display, form: Form = "verbatim") -> Document:
    """A version whose first document may be shown so; that document."""
    content = tiny_content(EMBEDDER)
    first = content.documents[0]
    rights = first.rights.model_copy(update={"display": display})
    changed = first.model_copy(update={"rights": rights, "form": form, "comments": "What readers wrote."})
    publish_tiny(home, replace(content, documents=[changed, *content.documents[1:]]), EMBEDDER)
    return changed


def test_everything_that_may_be_shown_is_exported(crawled: Crawled, tmp_path: Path) -> None:
    versions = versions_of(crawled.home)
    made = export(versions, tmp_path / "out")
    folder = versions.folder(made.version)
    for name in ("documents", "passages", "questions"):
        assert (tmp_path / "out" / f"{name}.jsonl").read_bytes() == (folder / f"{name}.jsonl").read_bytes()
    counts = versions.manifest(made.version).counts
    assert (made.documents, made.passages, made.questions) == tuple(
        counts[name] for name in ("documents", "passages", "questions")
    )
    assert made.withheld == ()
    assert made.flagged_passages >= 1
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(EXPORTED)


@pytest.mark.parametrize(
    ("display", "form"), [("link_only", "verbatim"), ("summary", "verbatim"), ("link_only", "digest")]
)
def test_words_that_may_not_be_shown_are_left_out(tmp_path: Path, display: Display, form: Form) -> None:
    document = publish(tmp_path / "home", display, form)
    made = export(versions_in(tmp_path / "home"), tmp_path / "out")
    assert made.withheld == (document.id,)
    everything = "".join(path.read_text("utf-8") for path in (tmp_path / "out").iterdir())
    assert document.text.split("\n")[0] not in everything
    assert "What readers wrote." not in everything
    passages = list(read_records(tmp_path / "out" / "passages.jsonl", Passage))
    assert len(passages) == 18
    (question,) = [
        one
        for one in read_records(tmp_path / "out" / "questions.jsonl", ReportedQuestion)
        if one.document_id == document.id
    ]
    assert (question.quote, bool(question.text)) == ("", True)
    kept = {one.id: one for one in read_records(tmp_path / "out" / "documents.jsonl", Document)}
    assert (kept[document.id].text, kept[document.id].url) == ("", document.url)
    assert len(kept) == 10


@pytest.mark.parametrize(
    ("display", "form", "shown"),
    [
        ("quote", "verbatim", True),
        ("summary", "verbatim", False),
        ("summary", "digest", True),
        ("summary", "own", True),
        ("link_only", "own", False),
    ],
)
def test_whose_words_they_are_decides(tmp_path: Path, display: Display, form: Form, shown: bool) -> None:
    assert may_show_text(publish(tmp_path, display, form)) is shown


def test_no_vector_is_exported(crawled: Crawled, tmp_path: Path) -> None:
    export(versions_of(crawled.home), tmp_path)
    described = json.loads((tmp_path / "manifest.json").read_text("utf-8"))
    assert described["export"]["corpus"] == CORPUS == described["manifest"]["corpus"]
    assert not [path for path in tmp_path.iterdir() if path.suffix == ".npy"]


def test_an_export_is_replaced_and_other_files_stay(crawled: Crawled, tmp_path: Path) -> None:
    (tmp_path / "passages.jsonl").write_text("old", "utf-8")
    (tmp_path / "mine.txt").write_text("mine", "utf-8")
    export(versions_of(crawled.home), tmp_path)
    assert (tmp_path / "passages.jsonl").read_text("utf-8") != "old"
    assert (tmp_path / "mine.txt").read_text("utf-8") == "mine"
    with pytest.raises(BadInputError, match="is a file"):
        export(versions_of(crawled.home), tmp_path / "mine.txt")


def test_the_command_says_what_it_wrote(crawled: Crawled, tmp_path: Path) -> None:
    done = ingest(crawled.home, "export", CORPUS, "-o", str(tmp_path / "out"))
    assert done.returncode == 0
    assert "documents.jsonl, passages.jsonl, questions.jsonl" in done.stdout
    assert "flagged" in done.stdout
    made = json.loads(ingest(crawled.home, "export", CORPUS, "-o", str(tmp_path / "out"), "--json").stdout)
    assert made["folder"] == str(tmp_path / "out")
