"""Check every data file that corpora are made of, without fetching or embedding anything."""

from collections.abc import Iterator
from pathlib import Path

from brain.catalog import Catalog, Corpus
from brain.errors import CatalogError
from brain.tomlfiles import line_of, read_text
from ingest.bundled import extract_card, extract_digest
from ingest.materials import Extracted


def check(catalog: Catalog) -> Iterator[str]:
    """Yield a line for each corpus that is right. Raises CatalogError for the first file that is wrong."""
    for corpus_id in catalog.ids():
        corpus = catalog.corpus(corpus_id)
        cards = [extract_card(path) for path in corpus.cards]
        digests = [extract_digest(path) for path in corpus.digests]
        _check_links(corpus, cards, digests)
        _check_addresses(corpus, digests)
        questions = sum(len(digest.questions) for digest in digests)
        yield f"{corpus_id}: {len(cards)} cards, {len(digests)} digests with {questions} questions, all right"


def _check_links(corpus: Corpus, cards: list[Extracted], digests: list[Extracted]) -> None:
    """Every topic, competency and track that a file names must exist."""
    topics = {topic.id for topic in corpus.topics}
    competencies = {item.id for item in corpus.company.competency}
    tracks = {"", *(track.id for track in corpus.tracks)}
    for path, card in zip(corpus.cards, cards, strict=True):
        if unknown := set(card.topics) - topics:
            raise _wrong(f"unknown topic {min(unknown)!r}", path, "topics")
    for path, digest in zip(corpus.digests, digests, strict=True):
        if digest.track not in tracks:
            raise _wrong(f"no [[track]] has the id {digest.track!r}", path, "track")
        for number, question in enumerate(digest.questions):
            if unknown := set(question.topics) - topics:
                raise _wrong(f"unknown topic {min(unknown)!r}", path, "question", number, "topics")
            if unknown := set(question.competencies) - competencies:
                raise _wrong(f"unknown competency {min(unknown)!r}", path, "question", number, "competencies")


def _check_addresses(corpus: Corpus, digests: list[Extracted]) -> None:
    """Two digests of one address need fragments that tell them apart."""
    seen: dict[str, str] = {}
    for path, digest in zip(corpus.digests, digests, strict=True):
        if digest.url in seen:
            raise _wrong(f"the address is that of {seen[digest.url]} too; add a fragment", path, "url")
        seen[digest.url] = path.name


def _wrong(problem: str, path: Path, *field: str | int) -> CatalogError:
    return CatalogError(problem, path=path, line=line_of(read_text(path), field), field=".".join(map(str, field)))
