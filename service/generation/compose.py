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
from service.generation.knowledge import BODY, LEAD, MISTAKES, Card, Unit, words_of
from service.generation.records import Answer, AnswerPart, RubricPoint, Scope, Sentence
from service.generation.workspace import Workspace

_DEPTH = 12
_TOPIC_BONUS = 0.5
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
_COMPARING = frozenset(words_of("compare versus difference differ prefer choose advantage disadvantage trade-off vs"))
_FAILING = frozenset(words_of("fail problem limitation break wrong avoid prevent weakness drawback"))


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
    cards = _cards_for(workspace, ask)
    craft = workspace.knowledge.card(_CRAFT.get(ask.kind, "")) or next(filter(_is_craft, cards[:1]), None)
    fitting = [card for card in cards if _answers(card, ask)]
    if fitting:
        return _from_cards(workspace, ask, fitting)
    if craft is not None:
        return _approach(workspace, ask, craft, cards)
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


def _cards_for(workspace: Workspace, ask: Ask) -> list[Card]:
    """The cards that hold the evidence, best first: found by retrieval, and fitting in topic or strong on their own."""
    hits = workspace.retriever.passages(ask.text, _DEPTH)
    worth: dict[str, float] = {}
    for hit in hits:
        document = workspace.version.documents[hit.record.document_id]
        if document.kind != "knowledge" or hit.record.flags:
            continue
        shared = [topic for topic in ask.topics if topic in document.topics[:1]]
        strong = hit.cosine >= NAMED_COSINE if shared else has_evidence([hit])
        if strong:
            bonus = _TOPIC_BONUS if shared else 0.0
            worth[document.id] = max(worth.get(document.id, 0.0), hit.score + bonus)
    for topic in ask.topics:
        card = workspace.knowledge.card(topic)
        if card is not None and card.document.kind == "knowledge":
            worth.setdefault(card.document.id, _TOPIC_BONUS)
    ranked = sorted(worth, key=lambda key: (-worth[key], key))
    return [workspace.knowledge.cards[key] for key in ranked]


def _from_cards(workspace: Workspace, ask: Ask, cards: Sequence[Card]) -> Answer:
    """Lead with the best card's short answer, then what the question asks for, then a mistake to avoid."""
    draft = _Draft(workspace)
    main = cards[0]
    lead = main.section(LEAD)
    draft.add(main.document.title, lead)
    second = _second(workspace, ask, cards)
    if second is not None:
        draft.add(second.document.title, second.section(LEAD)[:2])
    body = _relevant(workspace, ask, [main] if second is None else [main, second], _LONGEST - draft.words)
    for heading in BODY:
        draft.add(heading, [unit for unit in body if unit.section == heading])
    mistakes = _ranked(workspace, ask, main.section(MISTAKES))
    draft.add("A mistake to avoid", mistakes[:1])
    draft.expect([*lead[:2], *body, *lead[2:]])
    return draft.answer("direct")


def _second(workspace: Workspace, ask: Ask, cards: Sequence[Card]) -> Card | None:
    """The other side of a comparison: a card on another topic that the question itself names."""
    named = workspace.topics.named(ask.text)
    for card in cards[1:]:
        if card.document.topics[0] in named and card.document.topics[0] not in cards[0].document.topics:
            return card
    return None


def _relevant(workspace: Workspace, ask: Ask, cards: Sequence[Card], room: int) -> list[Unit]:
    """The units of the main sections that the question asks for, in the order of the cards, within the room."""
    pool = [unit for card in cards for heading in BODY for unit in card.section(heading)]
    chosen: list[Unit] = []
    for unit in _ranked(workspace, ask, pool):
        length = len(unit.text.split())
        if length <= room and len(chosen) < _MOST_BODY:
            chosen.append(unit)
            room -= length
    return [unit for unit in pool if unit in chosen]


def _ranked(workspace: Workspace, ask: Ask, units: Sequence[Unit]) -> list[Unit]:
    """Units by how much of the question and its follow-ups they hold; the section that the question is after leads."""
    query, beyond = words_of(ask.text), words_of(" ".join(ask.follow_ups))
    prior = {
        BODY[0]: 0.15,
        BODY[1]: 0.25 if query & _COMPARING else 0.05,
        BODY[2]: 0.25 if query & _FAILING else 0.0,
    }

    def worth(unit: Unit) -> float:
        knowledge = workspace.knowledge
        return knowledge.relevance(unit, query) + 0.4 * knowledge.relevance(unit, beyond) + prior.get(unit.section, 0.0)

    order = {id(unit): place for place, unit in enumerate(units)}
    return sorted(units, key=lambda unit: (-round(worth(unit), 6), order[id(unit)]))


def _approach(workspace: Workspace, ask: Ask, craft: Card, cards: Sequence[Card]) -> Answer:
    """How to go about such a question, and what the cards say on its topic."""
    draft = _Draft(workspace)
    background = next(
        (card for card in cards if card is not craft and set(card.document.topics) & set(ask.topics)), None
    )
    if background is not None and ask.kind in {"coding", "design"}:
        draft.add(background.document.title, background.section(LEAD))
    draft.add(craft.document.title, craft.section(LEAD))
    draft.add("How to go about it", _first(craft.section(BODY[0]), _STEPS_LONGEST))
    draft.add("A mistake to avoid", _ranked(workspace, ask, craft.section(MISTAKES))[:1])
    draft.expect([*craft.section(LEAD), *craft.section(BODY[0])])
    personal = ask.kind in {"experience", "motivation", "candidate_question"}
    reason = (
        "Only you know this story; here is how to tell it."
        if personal
        else "The corpus holds no worked answer to this question; here is how to go about it."
    )
    return draft.answer("approach", reason)


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
        draft.add("A mistake to avoid", _ranked(workspace, ask, star.section(MISTAKES))[:1])
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
    """The STAR skeleton. Blanks stand where only the candidate's own facts belong."""
    lines = {
        "Situation": (
            "In [month and year] I was [your role] on [team or project].",
            "What was at stake was [the consequence for users, the team or the business].",
        ),
        "Task": ("My own responsibility was [what you, not the team, had to achieve], by [deadline or target].",),
        "Action": (
            "First I [what you did], because [your reason].",
            "I considered [the alternative] and decided against it because [trade-off].",
            "When [obstacle] came up, I [what you did about it].",
        ),
        "Result": (
            "In the end [outcome], measured as [number before → number after].",
            "What I learned is [lesson], and I have used it since in [later situation].",
        ),
    }
    return [
        AnswerPart(heading=heading, sentences=tuple(Sentence(text=text) for text in texts))
        for heading, texts in lines.items()
    ]
