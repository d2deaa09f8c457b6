"""Does int8 lose anything against fp32? Dense retrieval on Cranfield, and so which should be the default.

    python tests/bench/bench_quantisation.py [folder of cran.all.1400, cran.qry and cranqrel]

nDCG@10 (Järvelin and Kekäläinen 2002, binary gain: every judged document of grade 1 to 4) over all 225 queries, brute
force. The difference int8 - fp32 carries a 95% percentile interval of a paired bootstrap over queries. int8 is the
default when that interval holds zero or more and begins above `-MARGIN`: nothing measurable lost, and the set large
enough to have seen a loss that matters.
"""

import re
import sys
from collections import defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from brain.embedding import Embedder, load_embedder

CRANFIELD = Path(__file__).resolve().parents[2].parent / "shared" / "realworld" / "retrieval" / "cranfield"
DEPTH = 10
RESAMPLES = 10_000
MARGIN = 0.01

Vectors = NDArray[np.float32]
Scores = NDArray[np.float64]


def read_texts(path: Path) -> list[str]:
    """The `.W` text of each record, in the order of the file: queries are judged by position, not by their number."""
    records = re.split(r"^\.I \d+\s*$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    return [" ".join(re.split(r"^\.W\s*$", record, flags=re.MULTILINE)[-1].split()) for record in records]


def read_judgements(path: Path) -> dict[int, set[int]]:
    """Query position (from 0) to the positions of its relevant documents; other grades mean "not relevant"."""
    relevant: dict[int, set[int]] = defaultdict(set)
    for line in path.read_text(encoding="utf-8").splitlines():
        query, document, grade = (int(field) for field in line.split())
        if 1 <= grade <= 4:
            relevant[query - 1].add(document - 1)
    return relevant


def ndcg(queries: Vectors, documents: Vectors, relevant: dict[int, set[int]]) -> Scores:
    """nDCG@10 of each query, float64 [queries]."""
    discounts = 1 / np.log2(np.arange(2, DEPTH + 2))
    scores = np.empty(len(queries))
    for query, similarity in enumerate(queries @ documents.T):
        top = np.argsort(-similarity, kind="stable")[:DEPTH]
        gains = np.array([document in relevant[query] for document in top.tolist()])
        scores[query] = gains @ discounts / discounts[: len(relevant[query])].sum()
    return scores


def interval(differences: Scores, seed: int = 0) -> tuple[float, float]:
    """The 95% percentile interval of the mean, by bootstrap over queries."""
    random = np.random.default_rng(seed)
    means = random.choice(differences, (RESAMPLES, len(differences))).mean(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return float(low), float(high)


def main() -> int:
    """Print scores, interval and verdict; 2 when Cranfield is not there."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else CRANFIELD
    if not folder.is_dir():
        print(f"There is no {folder}; name the folder of the Cranfield files.", file=sys.stderr)
        return 2
    documents, queries = read_texts(folder / "cran.all.1400"), read_texts(folder / "cran.qry")
    relevant = read_judgements(folder / "cranqrel")
    with TemporaryDirectory() as home:
        fp32, int8 = (load_embedder(f"minilm-{precision}", Path(home)) for precision in ("fp32", "int8"))
        vectors = {embedder.id: _embed(embedder, documents, queries) for embedder in (fp32, int8)}
    scores = {name: ndcg(found[1], found[0], relevant) for name, found in vectors.items()}
    for name, score in scores.items():
        print(f"{name:<20} nDCG@{DEPTH} {score.mean():.4f} over {len(queries)} queries, {len(documents)} documents")
    cosines = np.concatenate([(a * b).sum(axis=1) for a, b in zip(*vectors.values(), strict=True)])
    print(f"cosine int8 to fp32: mean {cosines.mean():.4f}, 1st percentile {np.percentile(cosines, 1):.4f}")
    return _verdict(scores[int8.id] - scores[fp32.id])


def _embed(embedder: Embedder, documents: list[str], queries: list[str]) -> tuple[Vectors, Vectors]:
    return embedder.embed(documents), embedder.embed(queries)


def _verdict(differences: Scores) -> int:
    low, high = interval(differences)
    default = "minilm-int8" if high >= 0 and low > -MARGIN else "minilm-fp32"
    print(f"int8 - fp32: {differences.mean():+.4f}, 95% interval [{low:+.4f}, {high:+.4f}], margin {MARGIN}")
    print(f"The default should be {default}.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
