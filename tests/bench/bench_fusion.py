"""Which fusion of dense and BM25 retrieves best? Tuned on the even queries of Cranfield, judged on the odd ones.

    python -m tests.bench.bench_fusion [folder of cran.all.1400, cran.qry and cranqrel]

nDCG@10 (binary gain) through `brain.retrieval.search` itself, with exact nearest neighbours in the place of Chroma.
Differences to dense alone and BM25 alone carry a 95% percentile interval of a paired bootstrap over queries. Reciprocal
rank fusion (k = 60, Cormack, Clarke and Büttcher 2009) stands beside it.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from brain.embedding import load_embedder
from brain.lexical import LexicalIndex
from brain.records import Passage
from brain.retrieval import Fusion, search
from brain.store import Index, Vectors
from tests.bench.bench_quantisation import CRANFIELD, interval, read_judgements, read_texts

DEPTH = 10
WEIGHTS = (0.0, 0.3, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1.0)
Run = Callable[[int], list[int]]


class ExactIndex(Index[Passage]):
    """Brute-force nearest neighbours."""

    def nearest(self, vector: Vectors, k: int) -> list[int]:
        """Positions of the k nearest records."""
        return [int(position) for position in np.argsort(-(self.vectors @ vector), kind="stable")[:k]]


def passage(number: int, text: str) -> Passage:
    """A document of the collection as one passage."""
    return Passage(id=f"{number:05d}", document_id="d", headings=(), start=0, end=len(text), text=text)


def ndcg(found: list[int], relevant: set[int]) -> float:
    """nDCG@10 with binary gain."""
    discounts = 1 / np.log2(np.arange(2, DEPTH + 2))
    gains = np.array([position in relevant for position in found[:DEPTH]] + [False] * (DEPTH - len(found)))
    return float(gains @ discounts / discounts[: len(relevant)].sum())


def reciprocal_ranks(index: ExactIndex, query: str, vector: Vectors) -> list[int]:
    """Reciprocal rank fusion of the 50 best of both sides."""
    scores: dict[int, float] = {}
    lexical = index.lexical.scores(query)
    words = [int(i) for i in np.argsort(-lexical, kind="stable")[:50] if lexical[i] > 0]
    for ranking in (index.nearest(vector, 50), words):
        for rank, position in enumerate(ranking, 1):
            scores[position] = scores.get(position, 0.0) + 1 / (60 + rank)
    return sorted(scores, key=lambda position: (-scores[position], position))


def main() -> int:
    """Print the table; 2 when Cranfield is not there."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else CRANFIELD
    if not folder.is_dir():
        print(f"There is no {folder}; name the folder of the Cranfield files.", file=sys.stderr)
        return 2
    documents, queries = read_texts(folder / "cran.all.1400"), read_texts(folder / "cran.qry")
    relevant = read_judgements(folder / "cranqrel")
    with TemporaryDirectory() as home:
        embedder = load_embedder("minilm-int8", Path(home))
        vectors, asked = embedder.embed(documents), embedder.embed(queries)
    records = [passage(number, text) for number, text in enumerate(documents)]
    index = ExactIndex(records, vectors, LexicalIndex.build(documents), None)  # type: ignore[arg-type]

    def fused(weight: float) -> Run:
        fusion = Fusion(dense=weight)
        return lambda q: [int(hit.record.id) for hit in search(index, queries[q], asked[q], DEPTH, fusion)]

    runs: dict[str, Run] = {f"convex {weight:.2f}": fused(weight) for weight in WEIGHTS}
    runs["RRF k=60"] = lambda q: reciprocal_ranks(index, queries[q], asked[q])
    scores = {name: np.array([ndcg(run(q), relevant[q]) for q in range(len(queries))]) for name, run in runs.items()}
    report(scores)
    return 0


def report(scores: dict[str, NDArray[np.float64]]) -> None:
    """The table, the weight that the even queries choose, and what it gains on the odd ones."""
    print(f"{'':<14} tune (even)  test (odd)   nDCG@{DEPTH}")
    for name, score in scores.items():
        print(f"{name:<14} {score[::2].mean():.4f}       {score[1::2].mean():.4f}")
    best = max((name for name in scores if name.startswith("convex")), key=lambda name: scores[name][::2].mean())
    print(f"chosen on the even queries: {best}")
    for other in ("convex 1.00", "convex 0.00", "RRF k=60"):
        difference = scores[best][1::2] - scores[other][1::2]
        low, high = interval(difference)
        name = {"convex 1.00": "dense alone", "convex 0.00": "BM25 alone"}.get(other, other)
        gain = f"{difference.mean():+.4f} [{low:+.4f}, {high:+.4f}], n={len(difference)}"
        print(f"  on the odd ones, against {name}: {gain}")


if __name__ == "__main__":
    sys.exit(main())
