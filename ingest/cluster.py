"""Clusters: the same ask reported by several documents.

Two questions are the same ask when their vectors are close and neither names a topic that the other one contradicts;
a cluster holds together only while every pair in it is close (complete linkage), so that chains do not drift. What a
person called the same ask comes first, and counts as one wherever either wording is close.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from brain.records import Cluster, Interval, ReportedQuestion

Vectors = NDArray[np.float32]
Positions = NDArray[np.int64]

SAME_ASK = 0.78
"""Cosine from which questions of two documents count as the same ask, read from the nearest pairs of the flagship."""
SAME_WITHIN = 0.95
"""The same inside one document, where questions that are alike are different asks as a rule."""

_BLOCK = 2_048


class Origin(Protocol):
    """Who published a document, and which group of near-copies it belongs to."""

    @property
    def source(self) -> str:
        """The account or domain, as `brain.sources.source_of` tells it."""

    @property
    def duplicate_group(self) -> str:
        """The id of the group's leader."""


def cluster_questions(
    questions: Sequence[ReportedQuestion],
    vectors: Vectors,
    documents: Mapping[str, Origin],
    same: Collection[frozenset[str]] = (),
) -> list[Cluster]:
    """Every question in exactly one cluster; clusters in the order of their first question.

    `same` are sets of question ids that are one ask whatever their vectors say; ids that are not here are ignored.
    """
    order = sorted(range(len(questions)), key=lambda i: _age(questions[i]))
    rank = {i: place for place, i in enumerate(order)}
    called_same = _called_same(questions, same)
    near = _Nearness(questions, vectors, called_same)
    groups: dict[int, list[int]] = {i: [i] for i in order}
    leader = {i: i for i in order}
    for members in called_same:
        first, *others = sorted(members, key=rank.__getitem__)
        groups[first] += [member for other in others for member in groups.pop(other)]
        leader |= dict.fromkeys(others, first)
    for a, b in _close_pairs(questions, near):
        first, second = sorted((leader[a], leader[b]), key=rank.__getitem__)
        if first != second and near.hold_together(groups[first], groups[second]):
            for member in groups.pop(second):
                leader[member] = first
                groups[first].append(member)
    joined = (sorted(groups[i], key=rank.__getitem__) for i in order if i in groups)
    return [_cluster([questions[i] for i in group], documents) for group in joined]


class _Nearness:
    """How close questions are, block by block, since a matrix of all pairs would not fit a large corpus.

    Inside one document a cosine is lowered so that `SAME_ASK` stands for `SAME_WITHIN` there.
    """

    def __init__(
        self, questions: Sequence[ReportedQuestion], vectors: Vectors, called_same: Sequence[Sequence[int]]
    ) -> None:
        numbers: dict[str, int] = {}
        self._document = np.array([numbers.setdefault(one.document_id, len(numbers)) for one in questions])
        self._vectors = vectors
        self._unit = np.arange(len(questions))
        for members in called_same:
            self._unit[list(members)] = members[0]

    def _between(self, rows: Positions, columns: Positions) -> Vectors:
        near: Vectors = self._vectors[rows] @ self._vectors[columns].T
        near[self._document[rows][:, None] == self._document[columns]] -= SAME_WITHIN - SAME_ASK
        return near

    def pairs(self) -> Iterator[tuple[float, int, int]]:
        """Every pair (nearness, a, b) with a < b that is close enough to be the same ask."""
        everything = np.arange(len(self._document))
        starts = range(0, len(everything), _BLOCK)
        for rows in (everything[first : first + _BLOCK] for first in starts):
            for columns in (everything[first : first + _BLOCK] for first in starts if first >= rows[0]):
                near = self._between(rows, columns)
                near[rows[:, None] >= columns] = 0
                for a, b in zip(*np.nonzero(near >= SAME_ASK), strict=True):
                    yield float(near[a, b]), int(rows[a]), int(columns[b])

    def hold_together(self, one: Sequence[int], other: Sequence[int]) -> bool:
        """Whether every pair of two groups is close; questions called the same count as one that has all wordings."""
        rows, columns = np.array(one), np.array(other)
        close = self._between(rows, columns) >= SAME_ASK
        return all(
            close[np.ix_(self._unit[rows] == row, self._unit[columns] == column)].any()
            for row in np.unique(self._unit[rows])
            for column in np.unique(self._unit[columns])
        )


def _called_same(questions: Sequence[ReportedQuestion], same: Collection[frozenset[str]]) -> list[list[int]]:
    """The positions of questions that belong together by what was said of pairs: sets that overlap are one."""
    place = {question.id: i for i, question in enumerate(questions)}
    joined: list[set[int]] = []
    for ids in same:
        found = {place[one] for one in ids if one in place}
        found = found.union(*(group for group in joined if group & found))
        joined = [group for group in joined if not group & found] + [found]
    return [sorted(group) for group in joined if len(group) > 1]


def _age(question: ReportedQuestion) -> tuple[bool, str, str]:
    when = question.reported
    return question.provenance != "reported", str(when.first) if when else "9999", question.id


def _close_pairs(questions: Sequence[ReportedQuestion], near: _Nearness) -> list[tuple[int, int]]:
    """Pairs that may be the same ask, closest first."""
    alike = [pair for pair in near.pairs() if _compatible(questions[pair[1]], questions[pair[2]])]
    alike.sort(key=lambda pair: (-pair[0], questions[pair[1]].id, questions[pair[2]].id))
    return [(a, b) for _, a, b in alike]


def _compatible(one: ReportedQuestion, other: ReportedQuestion) -> bool:
    """The same kind, and a topic in common where both name one."""
    if one.kind != other.kind:
        return False
    return not (one.topics and other.topics) or bool(set(one.topics) & set(other.topics))


def _cluster(members: Sequence[ReportedQuestion], documents: Mapping[str, Origin]) -> Cluster:
    reporting = {
        documents[question.document_id].duplicate_group or question.document_id: documents[question.document_id]
        for question in reversed(members)
        if question.provenance == "reported"
    }
    dates = [question.reported for question in members if question.reported and question.provenance == "reported"]
    return Cluster(
        id=members[0].id,
        aliases=tuple(question.id for question in members[1:]),
        questions=tuple(question.id for question in members),
        reports=len(reporting),
        sources=len({document.source for document in reporting.values()}),
        reported=Interval(first=min(d.first for d in dates), last=max(d.last for d in dates)) if dates else None,
    )
