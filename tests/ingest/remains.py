"""What of a document may remain on disk: looked for in the bytes of every file of a home."""

import re
from collections.abc import Iterable
from pathlib import Path

from brain.jsonlines import read_records
from brain.lexical import tokenize
from brain.records import Document, Passage, ReportedQuestion
from brain.store import Content, read_content
from brain.versions import Versions
from tests.site.crawl_demo import SITE

_WORD = re.compile(r"[a-z]{7,}")


def documents_at(versions: Versions, *parts: str) -> list[Document]:
    """The documents of any retained version whose address has one of these parts."""
    folders = [versions.folder(version) for version in versions.all()]
    found = [one for folder in folders for one in read_records(folder / "documents.jsonl", Document)]
    return [one for one in found if any(part in one.url for part in parts)]


def traces(versions: Versions, parts: Iterable[str]) -> dict[str, set[bytes]]:
    """Lines, rare words (also as the index stems them) and vectors that only documents at these addresses have."""
    named = tuple(parts)
    gone = documents_at(versions, *named)
    pages = [page.read_text("utf-8") for page in SITE.rglob("*.html") if not any(part in str(page) for part in named)]
    pages += [path.read_text("utf-8") for path in versions.root.glob("*/context.json")]
    others = [f"{one.title}\n{one.text}" for one in documents_at(versions, "") if one not in gone]
    staying = "\n".join([*others, *pages]).lower()
    text = "\n".join(one.text for one in gone)
    lines = {line.strip()[:60].encode() for line in re.split(r"[\"'’“”*\\\n]", text) if len(line.strip()) >= 40}
    words = {word for word in _WORD.findall(text.lower()) if word not in staying}
    shared = set(tokenize(staying))
    stems = {stem for word in words for stem in tokenize(word) if len(stem) >= 6 and stem not in shared}
    stems = {stem for stem in stems if stem not in staying}
    return {
        "lines": {line for line in lines if line.decode("utf-8", "ignore").lower() not in staying},
        "words": {word.encode() for word in words | stems},
        "vectors": {
            one for version in versions.all() for one in _vectors(read_content(versions.folder(version)), gone)
        },
    }


def _vectors(content: Content, gone: list[Document]) -> Iterable[bytes]:
    """A piece out of the middle of each vector that no other text has."""
    ids = {one.id for one in gone}
    records: list[Passage | ReportedQuestion] = [*content.passages, *content.questions]
    vectors = [*content.passage_vectors, *content.question_vectors]
    pairs = [
        (record.document_id in ids, vector[100:112].tobytes()) for record, vector in zip(records, vectors, strict=True)
    ]
    return {piece for own, piece in pairs if own} - {piece for own, piece in pairs if not own}


def remaining(home: Path, looked_for: dict[str, set[bytes]]) -> dict[str, set[str]]:
    """The files of the home, but for the embedder's, that hold something of a kind."""
    found: dict[str, set[str]] = {kind: set() for kind in looked_for}
    for path in home.rglob("*"):
        if path.is_file() and "models" not in path.relative_to(home).parts:
            content = path.read_bytes()
            for kind, pieces in looked_for.items():
                if any(piece in (content.lower() if kind == "words" else content) for piece in pieces):
                    found[kind].add(path.relative_to(home).as_posix())
    return found
