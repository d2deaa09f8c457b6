"""The knowledge that answers are picked from: the cards and values of one version, sentence by sentence."""

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from brain.lexical import tokenize
from brain.records import Citation, Document, Passage, content_id
from brain.sentences import sentences
from brain.store import OpenVersion

LEAD = "In one breath"
BODY = ("How it works", "Trade-offs", "When it fails")
FOLLOW_UPS = "Follow-ups interviewers ask"
MISTAKES = "Common mistakes"

_MARKER = re.compile(r"[ \t]*-[ \t]+")
_NUMBERED = re.compile(r"[ \t]*\d+[.)][ \t]+")


@dataclass(frozen=True)
class Unit:
    """What is picked as a whole: a sentence, or a numbered list. `passage` holds it entirely."""

    text: str
    passage: Passage
    section: str
    words: frozenset[str]


@dataclass(frozen=True)
class Card:
    """A topic card, or a company's values, by section in order."""

    document: Document
    units: tuple[Unit, ...]

    def section(self, name: str) -> list[Unit]:
        """The units under one heading."""
        return [unit for unit in self.units if unit.section == name]


class Knowledge:
    """Every card of an open version, and how rare each word is among their sentences."""

    def __init__(self, version: OpenVersion) -> None:
        self._version = version
        grouped: dict[str, list[Passage]] = {}
        for passage in version.passages.records:
            if version.documents[passage.document_id].form == "own" and not passage.flags:
                grouped.setdefault(passage.document_id, []).append(passage)
        self.cards = {
            document_id: Card(version.documents[document_id], tuple(_units(passages)))
            for document_id, passages in grouped.items()
        }

    @cached_property
    def by_topic(self) -> dict[str, Card]:
        """The card of each topic: the one that names it first among its topics, else one that names it at all."""
        found: dict[str, Card] = {}
        cards = sorted(self.cards.values(), key=lambda card: card.document.id)
        for rank in range(max((len(card.document.topics) for card in cards), default=0)):
            for card in cards:
                if rank < len(card.document.topics):
                    found.setdefault(card.document.topics[rank], card)
        return found

    @cached_property
    def values(self) -> Card | None:
        """The company's values."""
        return next((card for card in self.cards.values() if card.document.kind == "company_guidance"), None)

    def card(self, topic: str) -> Card | None:
        """The card whose main topic this is, or None."""
        card = self.by_topic.get(topic)
        return card if card is not None and topic in card.document.topics else None

    def relevance(self, unit: Unit, query: frozenset[str]) -> float:
        """How much of the query's rare words the unit holds, in 0..1, damped for long units."""
        shared = sum(self._rarity(word) for word in unit.words & query)
        whole = sum(self._rarity(word) for word in query)
        return shared / whole / (1 + 0.02 * max(0, len(unit.words) - 15)) if whole else 0.0

    def _rarity(self, word: str) -> float:
        return math.log(1 + self._size / (1 + self._frequency[word]))

    @cached_property
    def _frequency(self) -> Counter[str]:
        return Counter(word for card in self.cards.values() for unit in card.units for word in unit.words)

    @cached_property
    def _size(self) -> int:
        return sum(len(card.units) for card in self.cards.values())

    def cite(self, passage: Passage) -> Citation:
        """The citation of a whole passage."""
        return cite(self._version.documents[passage.document_id], passage.start, passage.end)


def words_of(text: str) -> frozenset[str]:
    """The stemmed content words of a text."""
    return frozenset(tokenize(text))


def _units(passages: Sequence[Passage]) -> Iterator[Unit]:
    for passage in sorted(passages, key=lambda one: one.start):
        section = passage.headings[-1] if passage.headings else ""
        for text in _pieces(passage.text):
            yield Unit(text, passage, section, words_of(text))


def _pieces(text: str) -> Iterator[str]:
    """Sentences without list markers; the items of a numbered list that begins here stay together, as one."""
    for numbered, lines in groupby(text.splitlines(), key=lambda line: bool(_NUMBERED.match(line))):
        items = [line.strip() for line in lines if line.strip()]
        if numbered and items[0].startswith("1"):
            yield "\n".join(items)
            continue
        for item in items:
            body = (_NUMBERED if numbered else _MARKER).sub("", item, count=1)
            yield from (body[start:end] for start, end in sentences(body))


def cite(document: Document, start: int, end: int) -> Citation:
    """Cite a span of a document as the kind of evidence that the document is."""
    text = document.text[start:end]
    shown = document.rights.display != "link_only"
    source = document.evidence == "source_text"
    return Citation(
        id=content_id("c", document.id, str(start), str(end)),
        document_id=document.id,
        url=document.url,
        title=document.title,
        source=document.source,
        evidence=document.evidence,
        display=document.rights.display,
        label=_label(document),
        start=start,
        end=end,
        quote=text if source and shown else None,
        summary=text if not source and shown else None,
        published=document.published,
        interviewed=document.interviewed,
    )


def _label(document: Document) -> str:
    if document.evidence == "source_text":
        return f"quoted from {document.source}"
    if document.evidence == "our_digest":
        return f"our summary of {document.source}"
    return f"our card on {document.title}"
