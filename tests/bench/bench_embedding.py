"""Compare the embedder's throughput with bare ONNX Runtime loops over the same graph, in one run.

    python tests/bench/bench_embedding.py [minilm-int8 | minilm-fp32]

The loops get their word pieces for nothing (the embedder tokenises while the clock runs) and their batches are padded
without a mask, which is wrong and a little faster. Each way is run `ROUNDS` times in turns, so that other work on the
machine touches all alike, and its best round counts. Exit code 1 when the embedder has less than `TARGET` of the
fastest loop.
"""

import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from brain.embedding import load_embedder
from brain.minilm import PRECISIONS, Encoder, graph_file, open_session

PASSAGES = 400
AIMED_PIECES = 160
ROUNDS = 3
TARGET = 0.9

Batch = NDArray[np.int64]


def passages(encoder: Encoder, seed: int = 0) -> list[str]:
    """Seeded English-like passages of about 157 word pieces, 20 to 250 (standard deviation 45)."""
    vocabulary = [
        "the",
        "of",
        "a",
        "model",
        "data",
        "question",
        "answer",
        "time",
        "when",
        "interview",
        "team",
        "which",
        "feature",
        "training",
        "we",
        "round",
        "loss",
        "learned",
        "system",
        "search",
        "asked",
        "ranking",
        "metric",
        "because",
        "design",
        "experiment",
        "user",
        "result",
        "explain",
        "gradient",
        "latency",
        "and",
        "to",
        "distribution",
        "overfitting",
        "tokenizer",
        "hyperparameter,",
        "baseline.",
        "precision,",
        "recall.",
        "customers",
        "in",
        "for",
        "with",
    ]
    random = np.random.default_rng(seed)
    lengths = np.clip(random.normal(AIMED_PIECES, 45, PASSAGES), 20, 250)
    return [_passage(encoder, vocabulary, random, int(length)) for length in lengths]


def _passage(encoder: Encoder, vocabulary: list[str], random: np.random.Generator, pieces: int) -> str:
    words = list(random.choice(vocabulary, pieces))
    while len(encoder.pieces(" ".join(words))) > pieces:
        words.pop()
    return " ".join(words)


def batches(texts: Sequence[list[int]], size: int) -> list[Batch]:
    """The texts, longest first, in padded batches of `size`."""
    order = sorted(texts, key=len, reverse=True)
    return [_padded(order[start : start + size]) for start in range(0, len(order), size)]


def _padded(rows: Sequence[list[int]]) -> Batch:
    width = max(map(len, rows))
    return np.array([row + [0] * (width - len(row)) for row in rows], dtype=np.int64)


def bare_loop(graph: Path, work: list[Batch], intra: int, side_by_side: int = 1) -> Callable[[], object]:
    """A loop over `work` in `side_by_side` threads that share one session of `intra` threads."""
    session = open_session(graph, intra)

    def infer(batch: Batch) -> object:
        return session.run(None, {"input_ids": batch})

    def run() -> object:
        if side_by_side == 1:
            return [infer(batch) for batch in work]
        with ThreadPoolExecutor(side_by_side) as pool:
            return list(pool.map(infer, work))

    return run


def ways(name: str, home: Path) -> dict[str, Callable[[], object]]:
    """What is compared: the embedder first, then the bare loops."""
    precision = next(precision for precision in PRECISIONS if name == f"minilm-{precision}")
    encoder = Encoder.load(precision, home)
    texts = passages(encoder)
    pieces = [encoder.pieces(text) for text in texts]
    print(f"{name}: {len(texts)} passages of {np.mean([len(row) for row in pieces]):.0f} word pieces")
    embedder = load_embedder(name, home)
    graph = graph_file(precision, home)
    found: dict[str, Callable[[], object]] = {"embedder": lambda: embedder.embed(texts)}
    for size in (1, 8, 32):
        for intra in (1, 2):
            found[f"batch {size}, {intra} intra"] = bare_loop(graph, batches(pieces, size), intra)
    found["batch 1, 2 threads"] = bare_loop(graph, batches(pieces, 1), 1, side_by_side=2)
    return found


def best_times(compared: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Seconds of the best of `ROUNDS` rounds, by way; a first, uncounted turn warms each."""
    best = dict.fromkeys(compared, float("inf"))
    for turn in range(ROUNDS + 1):
        for way, run in compared.items():
            start = time.perf_counter()
            run()
            if turn:
                best[way] = min(best[way], time.perf_counter() - start)
    return best


def main() -> int:
    """Print the table; 0 when the target is met."""
    name = sys.argv[1] if len(sys.argv) > 1 else "minilm-int8"
    if name not in {f"minilm-{precision}" for precision in PRECISIONS}:
        print(f"There is nothing to compare {name!r} with; use minilm-int8 or minilm-fp32.", file=sys.stderr)
        return 2
    with TemporaryDirectory() as folder:
        best = best_times(ways(name, Path(folder)))
    fastest = min(seconds for way, seconds in best.items() if way != "embedder")
    print(f"{'way':<20}{'passages/s':>12}{'of fastest loop':>17}")
    for way, seconds in best.items():
        print(f"{way:<20}{PASSAGES / seconds:>12.1f}{fastest / seconds:>17.2f}")
    ratio = fastest / best["embedder"]
    print(f"{'reached' if ratio >= TARGET else 'MISSED'}: {ratio:.2f} of the fastest loop, target {TARGET}")
    return 0 if ratio >= TARGET else 1


if __name__ == "__main__":
    raise SystemExit(main())
