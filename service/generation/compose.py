"""Compose in grounded mode: an answer is picked, sentence by sentence, from cited passages; nothing is made up.

Concept answers lead with the card's short answer and go on with the sentences that the question asks for. Behavioral
and experience answers are scaffolds with blanks, since only the candidate knows the story. Where no card covers the
question itself, the answer says how to go about such a question, and says that this is all it is.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from brain.catalog import Competency
from brain.records import Citation, QuestionKind, content_id
from service.generation.evidence import NAMED_COSINE, has_evidence
from service.generation.knowledge import BODY, FOLLOW_UPS, LEAD, MISTAKES, Card, Unit, words_of
from service.generation.records import Answer, AnswerPart, RubricPoint, Scope, Sentence
from service.generation.scaffold import SCAFFOLD
from service.generation.workspace import Workspace

_DEPTH = 12
_TOPIC_BONUS = 0.5
_NEARNESS = 0.3
_WORKED = 0.45
"""Relevance from which a sentence works through the very task that a coding question sets."""
_LONGEST = 230
_STEPS_LONGEST = 220
_MOST_BODY = 5
_RUBRIC_POINTS = 5
_CRAFT: dict[QuestionKind, str] = {
    "coding": "coding-interview",
    "design": "ml-system-design",
    "experience": "project-deep-dive",
    "motivation": "motivation",
    "candidate_question": "questions-to-ask",
    "behavioral": "star-format",
}
_APPROACH: dict[QuestionKind, str] = {
    "experience": "Only you know this story; here is how to tell it.",
    "motivation": "Only you know your reasons; here is how to put them.",
    "candidate_question": "This is yours to ask; here is how to make the most of it.",
}
_EXPLAINING = frozenset(
    words_of("how explain describe built build derive write implement code agree happen architecture")
)
_COMPARING = frozenset(words_of("compare versus difference differ prefer choose advantage disadvantage trade-off vs"))
_FAILING = frozenset(words_of("fail problem limitation break wrong weakness drawback disadvantage"))


@dataclass(frozen=True)
class Ask:
    """A question to be answered."""

    text: str
    kind: QuestionKind
    topics: tuple[str, ...]
    competencies: tuple[str, ...] = ()
    follow_ups: tuple[str, ...] = ()


class _Draft:
    """An answer under construction: parts, and the citations that they use, each once."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self.parts: list[AnswerPart] = []
        self.rubric: list[RubricPoint] = []
        self.citations: dict[str, Citation] = {}

    @property
    def words(self) -> int:
        return sum(len(sentence.text.split()) for part in self.parts for sentence in part.sentences)

    def cited(self, unit: Unit) -> Sentence:
        citation = self._workspace.knowledge.cite(unit.passage)
        self.citations[citation.id] = citation
        return Sentence(text=unit.text, citations=(citation.id,))

    def add(self, heading: str, units: Iterable[Unit]) -> None:
        self.add_sentences(heading, [self.cited(unit) for unit in units])

    def add_sentences(self, heading: str, sentences: Sequence[Sentence]) -> None:
        if sentences:
            self.parts.append(AnswerPart(heading=heading, sentences=tuple(sentences)))

    def expect(self, units: Iterable[Unit]) -> None:
        """Make rubric points of units that the answer holds."""
        for unit in units:
            if len(self.rubric) < _RUBRIC_POINTS:
                sentence = self.cited(unit)
                point_id = content_id("r", sentence.text)
                self.rubric.append(RubricPoint(id=point_id, text=sentence.text, citations=sentence.citations))

    def answer(self, scope: Scope, reason: str = "") -> Answer:
        return Answer(
            scope=scope,
            reason=reason,
            parts=tuple(self.parts),
            rubric=tuple(self.rubric),
            citations=tuple(self.citations.values()),
        )


def compose_answer(workspace: Workspace, ask: Ask) -> Answer:
    """The best answer that the evidence gives to the question; scope `none` when it gives none."""
    if ask.kind == "behavioral":
        return _behavioral(workspace, ask)
    picker = _Picker(workspace, ask)
    cards = picker.cards()
    craft = workspace.knowledge.card(_CRAFT.get(ask.kind, "")) or next(filter(_is_craft, cards[:1]), None)
    fitting = [card for card in cards if _answers(card, ask)]
    if ask.kind == "coding":
        fitting = [card for card in fitting if picker.worked(card)]
    if fitting:
        return _from_cards(picker, fitting)
    if craft is not None:
        return _approach(picker, craft, cards)
    missing = f"The corpus holds no passage that answers {ask.text!r}."
    return Answer(scope="none", reason=missing)


def _answers(card: Card, ask: Ask) -> bool:
    """Whether the card answers the question itself, rather than lending background or manners.

    Craft cards never do; a task needs a card that works through such tasks on a topic that the question names first.
    """
    document = card.document
    if _is_craft(card):
        return False
    if ask.kind == "concept":
        return bool({"concept", "coding", "design"} & set(document.question_kinds))
    return ask.kind in document.question_kinds and document.topics[0] in ask.topics


def _is_craft(card: Card) -> bool:
    """Whether the card is about how to conduct oneself in an interview."""
    return card.document.topics[0] in _CRAFT.values()


class _Picker:
    """Finds the cards for one question, and ranks their units by how much they say about it."""

    def __init__(self, workspace: Workspace, ask: Ask) -> None:
        self.workspace = workspace
        self.ask = ask
        self._hits = workspace.retriever.passages(ask.text, _DEPTH)
        self._closeness = {hit.record.id: hit.score for hit in self._hits}
        self._query = words_of(ask.text)
        self._beyond = words_of(" ".join(ask.follow_ups))

    def cards(self) -> list[Card]:
        """The cards that hold the evidence, best first: found by retrieval, and fitting in topic or strong alone."""
        ask, workspace = self.ask, self.workspace
        worth: dict[str, float] = {}
        for hit in self._hits:
            document = workspace.version.documents[hit.record.document_id]
            if document.kind != "knowledge" or hit.record.flags or FOLLOW_UPS in hit.record.headings:
                continue
            named = document.topics[0] in ask.topics
            if hit.cosine >= NAMED_COSINE if named else has_evidence([hit]):
                worth[document.id] = max(worth.get(document.id, 0.0), hit.score + _TOPIC_BONUS * named)
        for card in filter(None, map(workspace.knowledge.card, ask.topics)):
            if card.document.kind == "knowledge":
                worth.setdefault(card.document.id, _TOPIC_BONUS)
        ranked = sorted(worth, key=lambda key: (-worth[key], key))
        return [workspace.knowledge.cards[key] for key in ranked]

    def ranked(self, units: Sequence[Unit]) -> list[Unit]:
        """Units by worth, best first; equal ones in their order."""
        order = {id(unit): place for place, unit in enumerate(units)}
        return sorted(units, key=lambda unit: (-round(self._worth(unit), 6), order[id(unit)]))

    def _worth(self, unit: Unit) -> float:
        """Rare words shared with the question and its follow-ups, nearness of the passage, purpose of the section."""
        relevance = self.workspace.knowledge.relevance
        prior = {
            BODY[0]: 0.40 if self._query & _EXPLAINING else 0.15,
            BODY[1]: 0.25 if self._query & _COMPARING else 0.05,
            BODY[2]: 0.25 if self._query & _FAILING else 0.0,
        }.get(unit.section, 0.0)
        near = _NEARNESS * self._closeness.get(unit.passage.id, 0.0)
        return relevance(unit, self._query) + 0.4 * relevance(unit, self._beyond) + near + prior

    def worked(self, card: Card) -> list[Unit]:
        """The units that work through the very task: they hold nearly all the rare words of the question."""
        units = (unit for heading in BODY for unit in card.section(heading))
        return [unit for unit in units if self.workspace.knowledge.relevance(unit, self._query) >= _WORKED]

    def relevant(self, cards: Sequence[Card], room: int) -> list[Unit]:
        """The units of the main sections that the question asks for, in the order of the cards, within the room."""
        pool = [unit for card in cards for heading in BODY for unit in card.section(heading) if unit.text[-1:] != ":"]
        chosen: list[Unit] = []
        for unit in self.ranked(pool):
            length = len(unit.text.split())
            if length <= room and len(chosen) < _MOST_BODY:
                chosen.append(unit)
                room -= length
        return [unit for unit in pool if unit in chosen]


def _from_cards(picker: _Picker, cards: Sequence[Card]) -> Answer:
    """Lead with the best card's short answer, then what the question asks for, then a mistake to avoid."""
    draft = _Draft(picker.workspace)
    main = cards[0]
    lead = main.section(LEAD)
    worked = picker.worked(main)[:_MOST_BODY] if picker.ask.kind == "coding" else []
    draft.add("The idea", worked)
    draft.add(main.document.title, lead)
    second = _second(picker, cards)
    if second is not None:
        draft.add(second.document.title, second.section(LEAD)[:2])
    found = picker.relevant([main] if second is None else [main, second], _LONGEST - draft.words)
    body = [unit for unit in found if unit not in worked]
    for heading in BODY:
        draft.add(heading, [unit for unit in body if unit.section == heading])
    draft.add("A mistake to avoid", picker.ranked(main.section(MISTAKES))[:1])
    draft.expect([*worked, *lead[:2], *body, *lead[2:]])
    return draft.answer("direct")


def _second(picker: _Picker, cards: Sequence[Card]) -> Card | None:
    """The other side of a comparison: a card on another topic that the question itself names."""
    named = picker.workspace.topics.named(picker.ask.text)
    for card in cards[1:]:
        if card.document.topics[0] in named and card.document.topics[0] not in cards[0].document.topics:
            return card
    return None


def _approach(picker: _Picker, craft: Card, cards: Sequence[Card]) -> Answer:
    """How to go about such a question, and what the cards say on its topic."""
    draft = _Draft(picker.workspace)
    kind, topics = picker.ask.kind, set(picker.ask.topics)
    background = next((card for card in cards if not _is_craft(card) and topics & set(card.document.topics)), None)
    if background is not None and kind in {"coding", "design"}:
        draft.add(background.document.title, background.section(LEAD))
    draft.add(craft.document.title, craft.section(LEAD))
    draft.add("How to go about it", _first(craft.section(BODY[0]), _STEPS_LONGEST))
    draft.add("A mistake to avoid", picker.ranked(craft.section(MISTAKES))[:1])
    draft.expect([*craft.section(LEAD), *craft.section(BODY[0])])
    return draft.answer(
        "approach", _APPROACH.get(kind, "The corpus holds no worked answer to it; here is how to begin.")
    )


def _first(units: Sequence[Unit], room: int) -> list[Unit]:
    """The units from the start, as many as the room holds: steps make no sense out of order."""
    lengths = accumulate(len(unit.text.split()) for unit in units)
    return [unit for unit, reached in zip(units, lengths, strict=True) if reached <= room]


def _behavioral(workspace: Workspace, ask: Ask) -> Answer:
    """A STAR scaffold with blanks, what the interviewer listens for, and how to tell it."""
    draft = _Draft(workspace)
    competencies = list(_competencies(workspace, ask))
    for competency, units in competencies[:2]:
        draft.add(f"What is judged: {competency.name}", units[:1])
    draft.parts.extend(_scaffold())
    for competency, units in competencies[:2]:
        signals = [unit for unit in units if unit.text in competency.listens_for]
        draft.add(f"What the interviewer listens for: {competency.name}", signals[:3])
        draft.expect(signals[:3])
    star = workspace.knowledge.card(_CRAFT["behavioral"])
    if star is not None:
        draft.add("How to tell it", star.section(LEAD)[:2])
        draft.expect(star.section(LEAD))
        draft.add("A mistake to avoid", _Picker(workspace, ask).ranked(star.section(MISTAKES))[:1])
    if not draft.citations:
        return Answer(
            scope="none", reason="The corpus holds neither values of the company nor a card on telling stories."
        )
    return draft.answer("approach", "Only you know this story; fill the blanks with your own facts.")


def _competencies(workspace: Workspace, ask: Ask) -> Iterator[tuple[Competency, list[Unit]]]:
    """The competencies of the question with what the values say on each: named, cued, or found by retrieval."""
    values = workspace.knowledge.values
    if values is None:
        return
    by_id = {one.id: one for one in workspace.version.context.company.competency}
    wanted = [*ask.competencies, *workspace.competencies.named(ask.text)]
    if not wanted:
        hits = workspace.retriever.passages(ask.text, _DEPTH)
        near = (hit.record.headings[-1] for hit in hits if hit.record.document_id == values.document.id)
        wanted = [one.id for heading in near for one in by_id.values() if one.name == heading][:1]
    for key in dict.fromkeys(wanted):
        if key in by_id:
            yield by_id[key], values.section(by_id[key].name)


def _scaffold() -> list[AnswerPart]:
    return [
        AnswerPart(heading=heading, sentences=tuple(Sentence(text=line) for line in lines))
        for heading, lines in SCAFFOLD.items()
    ]
