"""Select: the best set for the plan, greedily: slot by slot, the candidate that adds most.

Told before inferred, corroborated and recent before single and old, new topics and sources before repeated ones, and
never two that are near-duplicates. The seed moves what is otherwise close; the same seed gives the same set.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from brain.store import Vectors
from service.generation.candidates import Candidate
from service.generation.plan import Slot
from service.generation.records import Dropped
from service.generation.workspace import Workspace

NEAR_DUPLICATE = 0.80
"""Cosine from which two questions of one set would feel like the same one."""

_SEED_WEIGHT = 0.30
_TOPIC_REPEATED, _COMPETENCY_REPEATED, _DOCUMENT_REPEATED = 0.30, 0.30, 0.05
_ANSWERABLE = 0.12
_INFERRED = -0.60


@dataclass(frozen=True)
class Chosen:
    """A candidate in the place that it was chosen for."""

    slot: Slot
    candidate: Candidate


@dataclass
class _Taken:
    """What the set holds so far."""

    ids: set[str] = field(default_factory=set)
    topics: Counter[str] = field(default_factory=Counter)
    competencies: Counter[str] = field(default_factory=Counter)
    documents: Counter[str] = field(default_factory=Counter)
    vectors: list[Vectors] = field(default_factory=list)

    def add(self, candidate: Candidate, vector: Vectors) -> None:
        self.ids.add(candidate.id)
        self.topics.update(candidate.topics[:1])
        self.competencies.update(candidate.competencies)
        self.documents.update(candidate.documents)
        self.vectors.append(vector)

    def near(self, vector: Vectors) -> bool:
        return any(float(np.dot(vector, other)) >= NEAR_DUPLICATE for other in self.vectors)


class Selector:
    """Chooses candidates for slots; remembers what it gave, so that a dropped question can be replaced."""

    def __init__(self, workspace: Workspace, candidates: Sequence[Candidate], seed: int) -> None:
        self._workspace = workspace
        self._candidates = candidates
        self._luck = {candidate.id: _luck(seed, candidate.id) for candidate in candidates}
        self._taken = _Taken()
        self.near_duplicates: list[Dropped] = []

    def choose(self, slot: Slot) -> Chosen | None:
        """The best candidate for the slot: of its kind, else of any wished kind; None when all are used up."""
        same_kind = [candidate for candidate in self._candidates if candidate.kind == slot.kind]
        told = [candidate for candidate in same_kind if candidate.provenance != "inferred"]
        others = [candidate for candidate in self._candidates if candidate.kind != slot.kind]
        for group in (told, same_kind, others):
            for candidate in self._by_worth(group):
                vector = self._vector(candidate)
                if not self._taken.near(vector):
                    self._taken.add(candidate, vector)
                    return Chosen(slot, candidate)
                self._taken.ids.add(candidate.id)
                self.near_duplicates.append(_near_duplicate(candidate))
        return None

    def _by_worth(self, group: Sequence[Candidate]) -> Iterator[Candidate]:
        free = (candidate for candidate in group if candidate.id not in self._taken.ids)
        return iter(sorted(free, key=lambda candidate: (-self._worth(candidate), candidate.id)))

    def _worth(self, candidate: Candidate) -> float:
        taken = self._taken
        worth = candidate.confidence.score + _SEED_WEIGHT * self._luck[candidate.id]
        worth += _ANSWERABLE * bool(set(candidate.topics) & self._workspace.knowledge.by_topic.keys())
        worth += _INFERRED * (candidate.provenance == "inferred")
        worth -= _TOPIC_REPEATED * sum(taken.topics[topic] for topic in candidate.topics[:1] if topic != "behavioral")
        worth -= _COMPETENCY_REPEATED * sum(taken.competencies[name] for name in candidate.competencies)
        return worth - _DOCUMENT_REPEATED * sum(taken.documents[document] for document in candidate.documents)

    def _vector(self, candidate: Candidate) -> Vectors:
        index = self._workspace.version.questions
        position = index.positions.get(candidate.id)
        return self._workspace.retriever.embed(candidate.text) if position is None else index.vectors[position]


def _near_duplicate(candidate: Candidate) -> Dropped:
    return Dropped(id=candidate.id, text=candidate.text, gate="near-duplicate", reason="the set asks nearly the same")


def _luck(seed: int, candidate_id: str) -> float:
    """A number in 0..1 that depends on the seed and the question alone, the same on every machine."""
    digest = hashlib.sha256(f"{seed}:{candidate_id}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64
