"""What people decided about questions, kept in `decisions.toml` beside the corpus and applied to what was mined.

A decision names its question by the canonical address of the document and by the quote. Ids change with the text of
a page and with the rules that mine it; these two mostly do not, so a decision outlives a new crawl and a new miner.
"""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Self

from pydantic import model_validator

from brain.catalog import Corpus
from brain.records import Account, Document, QuestionKind, Record, ReportedQuestion, RoleMatch
from brain.sources import canonical
from brain.tomlfiles import read_toml

Key = tuple[str, str]
"""A canonical address and the hash of a quote."""

SIMILAR = 0.8
"""Token F1 from which another quote of the same document is taken for the one decided on, when that one is gone."""

CORRECTIONS = ("text", "kind", "topics", "competencies", "round", "level", "role_match", "provenance")
"""The fields of a question that a decision may set; None leaves what was mined."""

_TOKEN = re.compile(r"[^\W_]+[+#]*")


def quote_hash(quote: str) -> str:
    """A hash of the words of a quote: case, punctuation, Markdown and spacing do not count."""
    words = " ".join(_tokens(quote)) or " ".join(quote.split())
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(text.casefold())


class Named(Record):
    """A question, named so that it is found again: `quote_hash` may be left out where the quote stands."""

    document: str
    quote: str = ""
    quote_hash: str = ""

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        canonical(self.document)
        if not self.quote and not self.quote_hash:
            raise ValueError("a question is named by its quote, its quote_hash, or both")
        if self.quote and self.quote_hash and self.quote_hash != quote_hash(self.quote):
            raise ValueError("quote_hash is not that of the quote; leave it out and it is made")
        return self

    @property
    def key(self) -> Key:
        """What two namings of one question have in common."""
        return canonical(self.document), self.quote_hash or quote_hash(self.quote)


class Decision(Named):
    """What a person decided about one question; `company` says that it was asked at another one."""

    verdict: Literal["accepted", "rejected", "undecided"] = "accepted"
    note: str = ""
    text: str | None = None
    kind: QuestionKind | None = None
    topics: tuple[str, ...] | None = None
    competencies: tuple[str, ...] | None = None
    round: str | None = None
    level: str | None = None
    role_match: RoleMatch | None = None
    provenance: Literal["reported", "listed"] | None = None
    company: str | None = None

    @property
    def corrections(self) -> dict[str, object]:
        """The fields of the question that it sets."""
        return {name: getattr(self, name) for name in CORRECTIONS if getattr(self, name) is not None}

    def refuses(self, company: str) -> str:
        """Why the question is no evidence for a corpus of that company, or ""."""
        why = f": {self.note}" if self.note else ""
        if self.verdict == "rejected":
            return f"rejected by review{why}"
        elsewhere = self.company is not None and self.company != company
        return f"asked at {self.company!r}, says review{why}" if elsewhere else ""


class Merge(Record):
    """Two questions that are the same ask; `same = false` takes back a merge of the shipped file."""

    one: Named
    other: Named
    same: bool = True

    @property
    def key(self) -> frozenset[Key]:
        """What two merges of one pair have in common."""
        return frozenset((self.one.key, self.other.key))


class Decisions(Record):
    """What `decisions.toml` holds."""

    decision: tuple[Decision, ...] = ()
    merge: tuple[Merge, ...] = ()


def load_decisions(corpus: Corpus) -> Decisions:
    """The decisions of a corpus from every root. Raises CatalogError for a wrong file."""
    return read_decisions(corpus.decisions)


def read_decisions(paths: Iterable[Path]) -> Decisions:
    """The decisions of several files; a later one wins. Raises CatalogError for a wrong file."""
    files = [read_toml(path, Decisions) for path in paths]
    decided = {one.key: one for file in files for one in file.decision}
    merged = {one.key: one for file in files for one in file.merge}
    return Decisions(
        decision=tuple(one for one in decided.values() if one.verdict != "undecided"),
        merge=tuple(one for one in merged.values() if one.same),
    )


@dataclass(frozen=True)
class Rejection:
    """A question that review keeps out, and why."""

    question: ReportedQuestion
    reason: str


@dataclass(frozen=True)
class Applied:
    """What became of questions and decisions: `merges` are sets of question ids, `unmatched` lines for a report."""

    questions: tuple[ReportedQuestion, ...]
    merges: tuple[frozenset[str], ...] = ()
    rejected: tuple[Rejection, ...] = ()
    unmatched: tuple[str, ...] = ()
    counts: dict[str, int] = field(default_factory=dict)


def apply_decisions(
    questions: Sequence[ReportedQuestion], documents: Mapping[str, Document], decisions: Decisions
) -> Applied:
    """Leave out, correct and mark questions as people decided; `documents` by id. The order of questions stays.

    A decision whose document or quote is not there changes nothing and is told in `unmatched`; it stays in its file.
    """
    named = [*decisions.decision, *(side for merge in decisions.merge for side in (merge.one, merge.other))]
    found = find(questions, documents, named)
    decided = {question_id: one for one in decisions.decision for question_id in found.get(one.key, ())}
    rejected = tuple(_rejections(questions, documents, decided))
    out = {one.question.id for one in rejected}
    kept = {one.id: _corrected(one, decided.get(one.id)) for one in questions if one.id not in out}
    merges = tuple(_merges(decisions.merge, found, kept))
    unmatched = tuple(_unmatched(decisions, found))
    stands = Counter("corrected" if decided[name].corrections else "accepted" for name in kept if name in decided)
    counts = dict(stands) | {"rejected": len(rejected), "merged": len(merges), "unmatched": len(unmatched)}
    return Applied(tuple(_relinked(questions, kept)), merges, rejected, unmatched, counts)


def find(
    questions: Sequence[ReportedQuestion], documents: Mapping[str, Document], named: Iterable[Named]
) -> dict[Key, tuple[str, ...]]:
    """The ids of the questions that are meant, by the key that names them.

    The same quote in the same document comes first. Where it is gone, the nearest other quote there stands for it,
    from a token F1 of `SIMILAR`, unless that one is named itself or nearer to another name.
    """
    wanted = {one.key: one for one in named}
    exact: dict[Key, list[str]] = defaultdict(list)
    for question in questions:
        key = key_of(question, documents)
        if key in wanted:
            exact[key].append(question.id)
    taken = {question_id for ids in exact.values() for question_id in ids}
    free = [question for question in questions if question.id not in taken]
    lost = [one for key, one in wanted.items() if key not in exact]
    return {key: tuple(ids) for key, ids in exact.items()} | dict(_nearest(free, documents, lost))


def key_of(question: ReportedQuestion, documents: Mapping[str, Document]) -> Key:
    """The key by which a decision names this question."""
    return canonical(documents[question.document_id].url), quote_hash(question.quote)


def _nearest(
    free: Sequence[ReportedQuestion], documents: Mapping[str, Document], lost: Sequence[Named]
) -> Iterator[tuple[Key, tuple[str]]]:
    addresses = {one.key[0] for one in lost}
    there: dict[str, list[ReportedQuestion]] = defaultdict(list)
    for question in free:
        if (address := canonical(documents[question.document_id].url)) in addresses:
            there[address].append(question)
    pairs = [(likeness(one.quote, other.quote), one.key, other.id) for one in lost for other in there[one.key[0]]]
    done: set[Key | str] = set()
    for score, key, question_id in sorted(pairs, key=lambda pair: (-pair[0], pair[1:])):
        if score >= SIMILAR and key not in done and question_id not in done:
            done |= {key, question_id}
            yield key, (question_id,)


def likeness(one: str, other: str) -> float:
    """Token F1 of two quotes: the harmonic mean of the shares of tokens that they have in common (SQuAD's measure)."""
    first, second = Counter(_tokens(one)), Counter(_tokens(other))
    common = (first & second).total()
    return 2 * common / (first.total() + second.total()) if common else 0.0


def _rejections(
    questions: Sequence[ReportedQuestion], documents: Mapping[str, Document], decided: Mapping[str, Decision]
) -> Iterator[Rejection]:
    for question in questions:
        decision = decided.get(question.id)
        if decision and (reason := decision.refuses(documents[question.document_id].company)):
            yield Rejection(question, reason)


def _corrected(question: ReportedQuestion, decision: Decision | None) -> ReportedQuestion:
    if decision is None:
        return question
    said = decision.corrections | {"reviewed": True}
    if decision.provenance is not None:
        said["account"] = _account(decision.provenance, question.account)
    return question.model_copy(update=said)


def _account(provenance: str, account: Account) -> Account:
    """What is reported is a candidate's own account, and what is listed is not (design, section 3)."""
    if provenance == "reported":
        return "first_person"
    return "third_party" if account == "first_person" else account


def _relinked(
    questions: Sequence[ReportedQuestion], kept: Mapping[str, ReportedQuestion]
) -> Iterator[ReportedQuestion]:
    """The kept questions, their follow-ups as they now read, without those that went, or whose parent went."""
    children: dict[str, dict[str, ReportedQuestion | None]] = defaultdict(dict)
    for question in questions:
        if question.follow_up_of:
            children[question.follow_up_of][question.text] = kept.get(question.id)
    for question in kept.values():
        now = children.get(question.id, {})
        heard = ((text, now.get(text)) for text in question.follow_ups)
        texts = tuple(child.text if child else text for text, child in heard if child or text not in now)
        parent = question.follow_up_of if question.follow_up_of in kept else None
        changed = (texts, parent) != (question.follow_ups, question.follow_up_of)
        yield question.model_copy(update={"follow_ups": texts, "follow_up_of": parent}) if changed else question


def _merges(
    merges: Sequence[Merge], found: Mapping[Key, tuple[str, ...]], kept: Collection[str]
) -> Iterator[frozenset[str]]:
    for merge in merges:
        sides = [[name for name in found.get(side.key, ()) if name in kept] for side in (merge.one, merge.other)]
        if all(sides):
            yield frozenset(name for side in sides for name in side)


def _unmatched(decisions: Decisions, found: Mapping[Key, tuple[str, ...]]) -> Iterator[str]:
    """A line for each question that is not there, without its words: reports outlive a page that is forgotten."""
    sides = ((side, "merged") for merge in decisions.merge for side in (merge.one, merge.other))
    for named, what in (*((one, one.verdict) for one in decisions.decision), *sides):
        if named.key not in found:
            yield f"{what}: a question of {named.document} (quote_hash {named.key[1]})"
