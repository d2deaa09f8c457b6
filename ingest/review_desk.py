"""What a reviewer has before them: the questions of the served version, what was decided of each, and how to decide."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from brain.catalog import Corpus
from brain.errors import BadInputError, NotFoundError
from brain.jsonlines import read_records
from brain.records import Document, Record, ReportedQuestion, content_id
from brain.store import read_questions
from brain.versions import Versions
from ingest.check import wrong_decision
from ingest.decision_book import DecisionBook
from ingest.review import CORRECTIONS, Decision, Decisions, Key, Merge, Named, find, quote_hash

_LISTS = ("topics", "competencies")
_SETTABLE = (*CORRECTIONS, "company")
_BEFORE, _AFTER = 240, 120


class Item(Record):
    """One question for review: `decision` is what holds for it already, `merged_with` ids of the same ask."""

    question: ReportedQuestion
    title: str
    url: str
    context: str
    decision: Decision | None = None
    merged_with: tuple[str, ...] = ()

    @property
    def named(self) -> Named:
        """How decisions name the question."""
        return Named(document=self.url, quote=self.question.quote)

    @property
    def undecided(self) -> bool:
        """Whether nobody has decided anything about it."""
        return self.decision is None and not self.merged_with

    @property
    def state(self) -> str:
        """What was decided, in a word or two."""
        if self.decision is None:
            return "merged" if self.merged_with else "undecided"
        corrected = ", ".join(self.decision.corrections)
        elsewhere = f"asked at {self.decision.company}" if self.decision.company else ""
        said = elsewhere or (f"corrected ({corrected})" if corrected else self.decision.verdict)
        return f"{said}, merged" if self.merged_with else said


@dataclass(frozen=True)
class Gone:
    """A decision whose question is not in the served version: rejected and applied, or its page changed."""

    id: str
    decision: Decision | Merge

    @property
    def label(self) -> str:
        """The decision in one line."""
        if isinstance(self.decision, Merge):
            return f"merged: {self.decision.one.quote!r} and {self.decision.other.quote!r}"
        return f"{self.decision.verdict}: {self.decision.quote!r} in {self.decision.document}"


class Desk:
    """The questions of a served version with their decisions, read anew after each decision."""

    def __init__(self, corpus: Corpus, versions: Versions, overlay: Path) -> None:
        """Read the served version. Raises NotIngestedError when there is none."""
        folder = versions.folder(versions.require_current())
        self.corpus = corpus
        self.book = DecisionBook(corpus, overlay)
        self._documents = {one.id: one for one in read_records(folder / "documents.jsonl", Document)}
        self._questions = sorted(read_questions(folder), key=self._place)
        self._look()

    def _place(self, question: ReportedQuestion) -> tuple[str, str, int]:
        document = self._documents[question.document_id]
        return document.url, document.id, question.start

    def _look(self) -> None:
        self._decisions = self.book.decisions()
        self._found = find(self._questions, self._documents, _named(self._decisions))
        self._decided = {name: one for one in self._decisions.decision for name in self._found.get(one.key, ())}
        self._partners = _partners(self._decisions.merge, self._found)

    def items(self, *, undecided: bool = False) -> list[Item]:
        """The questions in the order of their documents; only those without a decision if so wished."""
        items = [self._item(one) for one in self._questions]
        return [item for item in items if item.undecided] if undecided else items

    def _item(self, question: ReportedQuestion) -> Item:
        document = self._documents[question.document_id]
        return Item(
            question=question,
            title=document.title,
            url=document.url,
            context=context_of(document.text, question.start, question.end),
            decision=self._decided.get(question.id),
            merged_with=self._partners.get(question.id, ()),
        )

    def gone(self) -> list[Gone]:
        """The decisions whose questions are not in the served version."""
        lost: list[Decision | Merge] = [one for one in self._decisions.decision if one.key not in self._found]
        lost += [one for one in self._decisions.merge if not all(key in self._found for key in one.key)]
        return [Gone(content_id("x", *map(str, _flat(one))), one) for one in lost]

    def item(self, name: str) -> Item:
        """The question of that id, of the only id that begins so, or with these very words. Raises NotFoundError."""
        found = [one for one in self._questions if one.id == name]
        found = found or [one for one in self._questions if one.id.startswith(name)]
        if not found:
            words = quote_hash(name)
            found = [one for one in self._questions if words in (quote_hash(one.text), quote_hash(one.quote))]
        if len(found) != 1 or not name:
            raise NotFoundError(
                f"{len(found) or 'No'} questions of {self.corpus.id!r} have an id or words like {name!r}.",
                next_step=f"`ingest review {self.corpus.id} --list` shows the ids.",
            )
        return self._item(found[0])

    def accept(self, name: str, note: str = "") -> Item:
        """Let a question stand as it is."""
        return self.decide(name, {"verdict": "accepted"} | ({"note": note} if note else {}))

    def reject(self, name: str, note: str = "") -> Item:
        """Keep a question out from the next run on."""
        return self.decide(name, {"verdict": "rejected"} | ({"note": note} if note else {}))

    def decide(self, name: str, said: Mapping[str, object]) -> Item:
        """Add to what was decided of a question. Raises BadInputError for a value that cannot be."""
        item = self.item(name)
        before = item.decision.model_dump(exclude=set(Named.model_fields)) if item.decision else {}
        try:
            decision = Decision.model_validate(item.named.model_dump() | before | dict(said))
        except ValidationError as error:
            first = error.errors()[0]
            field = ".".join(map(str, first["loc"]))
            raise BadInputError(f"{field}={first['input']!r}: {first['msg']}.", field=field) from error
        if problem := wrong_decision(decision, self.corpus):
            raise BadInputError(problem.message, field=problem.field, next_step=problem.next_step)
        self.book.put(decision, instead_of=item.decision)
        self._look()
        return self.item(item.question.id)

    def merge(self, one: str, other: str) -> Item:
        """Call two questions the same ask. Raises BadInputError when they are one question."""
        first, second = self.item(one), self.item(other)
        if first.named.key == second.named.key:
            raise BadInputError(f"{one!r} and {other!r} are the same question.", next_step="Name two.")
        self.book.merge(first.named, second.named)
        self._look()
        return self.item(first.question.id)

    def undo(self, name: str) -> int:
        """Take back what was decided of a question, or of one that is gone (`x_…`); how many decisions that was."""
        gone = next((one for one in self.gone() if one.id == name), None)
        if gone is not None:
            undone = self.book.undo(gone.decision.one if isinstance(gone.decision, Merge) else gone.decision)
        else:
            item = self.item(name)
            undone = self.book.undo(item.named)
            if item.decision is not None and item.decision.key != item.named.key:
                undone += self.book.undo(item.decision)
        self._look()
        return undone


def context_of(text: str, start: int, end: int) -> str:
    """The sentence or two around a quote, on one line, with the quote between guillemets."""
    before, after = text[max(0, start - _BEFORE) : start], text[end : end + _AFTER]
    if (paragraph := before.rfind("\n\n")) >= 0:
        before = before[paragraph:]
    after = after.partition("\n\n")[0]
    lead = "…" if start > _BEFORE and len(before) == _BEFORE else ""
    tail = "…" if len(after) == _AFTER else ""
    return " ".join(f"{lead}{before}«{text[start:end]}»{after}{tail}".split())


def parse_changes(words: Sequence[str]) -> dict[str, object]:
    """Read `kind=coding topics=a,b`. Raises BadInputError that names the fields that there are."""
    said: dict[str, object] = {}
    for word in words:
        name, equals, value = word.partition("=")
        name = name.strip().replace("-", "_")
        if not equals or name not in _SETTABLE:
            raise BadInputError(
                f"{word!r} is no change of a question.",
                next_step=f"Write FIELD=VALUE; fields are {', '.join(_SETTABLE)}.",
            )
        said[name] = [one.strip() for one in value.split(",") if one.strip()] if name in _LISTS else value.strip()
    return said


def _named(decisions: Decisions) -> list[Named]:
    return [*decisions.decision, *(side for merge in decisions.merge for side in (merge.one, merge.other))]


def _partners(merges: Sequence[Merge], found: Mapping[Key, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    partners: dict[str, tuple[str, ...]] = {}
    for merge in merges:
        ids = [found.get(side.key, ()) for side in (merge.one, merge.other)]
        for own, others in (ids, reversed(ids)):
            partners |= {name: (*partners.get(name, ()), *others) for name in own}
    return {name: others for name, others in partners.items() if others}


def _flat(one: Decision | Merge) -> list[str]:
    sides = (one.one, one.other) if isinstance(one, Merge) else (one,)
    return [part for side in sides for part in side.key]
