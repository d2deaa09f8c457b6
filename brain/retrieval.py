"""Hybrid retrieval over the passages and questions of one open version.

Dense and BM25 candidates are fused by a convex combination of scores, each divided by its maximum over the candidates
(Bruch, Gai and Ingber, "An Analysis of Fusion Functions for Hybrid Retrieval", ACM TOIS 2023). The weight was chosen
on one half of the Cranfield queries and judged on the other (tests/bench/bench_fusion.py). A fused score only ranks;
whether there is evidence at all is decided on the raw ones.
"""

from dataclasses import dataclass
from typing import Generic

import numpy as np
from numpy.typing import NDArray

from brain.embedding import Embedder
from brain.records import Passage, ReportedQuestion
from brain.store import Index, OpenVersion, Searchable, Vectors


@dataclass(frozen=True)
class Fusion:
    """How dense and BM25 candidates meet.

    `dense` is the weight of the cosine in 0..1; `depth` how many candidates each side brings.
    """

    dense: float = 0.7
    depth: int = 50


@dataclass(frozen=True)
class Hit(Generic[Searchable]):
    """A record that was found: `score` ranks within one query; `cosine` and `bm25` are raw and comparable."""

    record: Searchable
    score: float
    cosine: float
    bm25: float


class Retriever:
    """Search one open version with the embedder that made it. Safe for several threads."""

    def __init__(self, version: OpenVersion, embedder: Embedder, fusion: Fusion | None = None) -> None:
        self.version = version
        self._embedder = embedder
        self._fusion = fusion or Fusion()

    def embed(self, query: str) -> Vectors:
        """The query's vector, shape [dimensions]; pass it to both searches to embed once."""
        vector: Vectors = self._embedder.embed([query])[0]
        return vector

    def passages(self, query: str, k: int = 8, *, vector: Vectors | None = None) -> list[Hit[Passage]]:
        """The k best passages, best first."""
        return search(self.version.passages, query, self.embed(query) if vector is None else vector, k, self._fusion)

    def questions(self, query: str, k: int = 8, *, vector: Vectors | None = None) -> list[Hit[ReportedQuestion]]:
        """The k best reported or listed questions, best first."""
        return search(self.version.questions, query, self.embed(query) if vector is None else vector, k, self._fusion)


def search(index: Index[Searchable], query: str, vector: Vectors, k: int, fusion: Fusion) -> list[Hit[Searchable]]:
    """Fuse the candidates of both sides; ties go to the earlier record, so that the order is the same everywhere."""
    lexical = index.lexical.scores(query)
    depth = max(fusion.depth, k)
    nearest = np.asarray(index.nearest(vector, depth), dtype=np.intp)
    candidates = np.union1d(nearest, _best(lexical, depth))
    if not candidates.size:
        return []
    cosines = index.vectors[candidates] @ vector
    words = lexical[candidates]
    fused = fusion.dense * _scaled(cosines) + (1 - fusion.dense) * _scaled(words)
    # A matrix product gives equal rows last bits that differ with their place, so only six digits count.
    order = np.argsort(-fused.round(6), kind="stable")[:k]
    return [Hit(index.records[candidates[i]], float(fused[i]), float(cosines[i]), float(words[i])) for i in order]


def _best(scores: NDArray[np.float32], depth: int) -> NDArray[np.intp]:
    """Positions of the highest scores above zero, at most `depth`."""
    if len(scores) > depth:
        least = np.partition(scores, -depth)[-depth]
        found = np.flatnonzero((scores >= least) & (scores > 0))
        return found[np.argsort(-scores[found], kind="stable")][:depth]
    return np.flatnonzero(scores > 0)


def _scaled(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    highest = float(scores.max())
    return scores / highest if highest > 0 else np.zeros_like(scores)
