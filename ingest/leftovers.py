"""Lines by which a forgotten text is known again: to find what still holds it, on every file of a data home."""

import mmap
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from brain.jsonlines import read_records
from brain.records import Document, Passage, ReportedQuestion
from ingest.holdings import Holding
from ingest.tombstones import Tombstones

# What HTML, JSON and Markdown write in another way than the text has it.
_CHANGED = re.compile(r"[\x00-\x1f\"'&<>\\’‘“”*_`#\[\]]+")
_SHORTEST = 30
_LONGEST = 120
_EACH = 3
_MOST = 60
_NOT_OURS_TO_SEARCH = frozenset({"models"})


def lines_of(found: Sequence[Holding], named: Tombstones) -> list[bytes]:
    """Up to three lines of each forgotten document, at most sixty in all, that no document beside it says as well."""
    gone: list[str] = []
    staying: list[str] = []
    for one in found:
        for version in set(one.holding(named)) & one.documents.keys():
            for document in read_records(one.versions.folder(version) / "documents.jsonl", Document):
                forgotten = named.find(document.url, document.id, corpus=one.corpus)
                (gone if forgotten else staying).append(document.text)
    candidates = list(dict.fromkeys(line for text in gone for line in _lines(text)))
    chosen = candidates[:: max(1, len(candidates) // _MOST)][:_MOST]
    return [line.encode() for line in chosen if not any(line in text for text in staying)]


def _lines(text: str) -> list[str]:
    parts = (part.strip()[:_LONGEST] for part in _CHANGED.split(text))
    return sorted((part for part in parts if len(part) >= _SHORTEST), key=len, reverse=True)[:_EACH]


def texts_of(one: Holding, named: Tombstones) -> Iterator[tuple[str, str]]:
    """What was embedded of forgotten documents: the embedder's id, and the text."""
    for version, documents in one.documents.items():
        ids = {held.id for held in documents if named.find(held.url, held.id, corpus=one.corpus)}
        folder = one.versions.folder(version)
        embedder = one.versions.manifest(version).embedder if ids else ""
        passages = read_records(folder / "passages.jsonl", Passage) if ids else ()
        questions = read_records(folder / "questions.jsonl", ReportedQuestion) if ids else ()
        yield from ((embedder, passage.search_text) for passage in passages if passage.document_id in ids)
        yield from ((embedder, question.text) for question in questions if question.document_id in ids)


def search(home: Path, lines: Sequence[bytes]) -> tuple[int, list[str]]:
    """How many files of the home were searched for the lines, and those that hold one, by their path in the home."""
    paths = [
        path
        for path in sorted(home.rglob("*"))
        if path.is_file() and path.relative_to(home).parts[0] not in _NOT_OURS_TO_SEARCH
    ]
    return len(paths), [path.relative_to(home).as_posix() for path in paths if _holds(path, lines)]


def _holds(path: Path, lines: Sequence[bytes]) -> bool:
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            return any(content.find(line) >= 0 for line in lines)
    except (ValueError, FileNotFoundError):  # an empty file cannot be mapped; a reader's copy may be gone by now
        return False
