"""Compare the embedder's throughput with bare ONNX Runtime loops over the same graph, in one run.

    python tests/bench/bench_embedding.py [minilm-int8 | minilm-fp32]

The loops get their word pieces for nothing (the embedder tokenises while the clock runs) and their batches are padded
without a mask, which is wrong and a little faster. All take `TURNS` turns, in a shuffled order, over slices of the
passages; the ratio is the median of the turns' ratios, since other work on a shared machine falls on all alike. CPU
time is printed beside it: what is used up depends less on what else runs. Exit code 1 when the embedder has less than
`TARGET` of the fastest loop.
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
SLICE = 80
TURNS = 20
TARGET = 0.9

Batch = NDArray[np.int64]
Way = Callable[[int], object]
"""Embeds the slice of that number."""


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


def bare_loop(graph: Path, slices: list[list[Batch]], intra: int, side_by_side: int = 1) -> Way:
    """A loop over a slice's batches in `side_by_side` threads that share one session of `intra` threads."""
    session = open_session(graph, intra)

    def infer(batch: Batch) -> object:
        return session.run(None, {"input_ids": batch})

    def run(number: int) -> object:
        if side_by_side == 1:
            return [infer(batch) for batch in slices[number]]
        with ThreadPoolExecutor(side_by_side) as pool:
            return list(pool.map(infer, slices[number]))

    return run


def ways(name: str, home: Path) -> dict[str, Way]:
    """What is compared: the embedder first, then the bare loops."""
    precision = next(precision for precision in PRECISIONS if name == f"minilm-{precision}")
    encoder, embedder = Encoder.load(precision, home), load_embedder(name, home)
    texts = passages(encoder)
    pieces = [encoder.pieces(text) for text in texts]
    print(f"{name}: {len(texts)} passages of {np.mean([len(row) for row in pieces]):.0f} word pieces")
    starts = range(0, PASSAGES, SLICE)
    graph = graph_file(precision, home)
    embedder.embed(texts[:1])
    found: dict[str, Way] = {"embedder": lambda number: embedder.embed(texts[number * SLICE :][:SLICE])}
    for size, intra, side_by_side in ((1, 1, 1), (1, 2, 1), (8, 1, 1), (8, 2, 1), (32, 1, 1), (32, 2, 1), (1, 1, 2)):
        slices = [batches(pieces[start : start + SLICE], size) for start in starts]
        label = f"batch {size}, {intra} intra" if side_by_side == 1 else "batch 1, 2 threads"
        found[label] = bare_loop(graph, slices, intra, side_by_side)
    return found


Turn = tuple[float, float]
"""Seconds by the clock, and of CPU time."""


def measure(compared: dict[str, Way]) -> dict[str, list[Turn]]:
    """`TURNS` turns of each way, after one that warms it and does not count."""
    turns: dict[str, list[Turn]] = {way: [] for way in compared}
    for run in compared.values():
        run(0)
    order = np.random.default_rng(0)
    for number in range(TURNS):
        for way in order.permutation(list(compared)).tolist():
            turns[way].append(_turn(compared[way], number % (PASSAGES // SLICE)))
    return turns


def _turn(run: Way, number: int) -> Turn:
    clock, cpu = time.perf_counter(), time.process_time()
    run(number)
    return time.perf_counter() - clock, time.process_time() - cpu


def report(turns: dict[str, list[Turn]]) -> float:
    """Print the table and return the embedder's ratio to the fastest loop."""
    clock = {way: np.array([turn[0] for turn in taken]) for way, taken in turns.items()}
    fastest = min(clock.keys() - {"embedder"}, key=lambda way: float(np.median(clock[way])))
    print(f"{'way':<20}{'passages/s':>12}{'of fastest loop':>17}{'CPU ms/passage':>16}")
    for way, seconds in clock.items():
        ratio = np.median(clock[fastest] / seconds)
        cpu = np.median([turn[1] for turn in turns[way]]) / SLICE * 1000
        print(f"{way:<20}{SLICE / np.median(seconds):>12.1f}{ratio:>17.2f}{cpu:>16.1f}")
    low, ratio, high = np.percentile(clock[fastest] / clock["embedder"], [25, 50, 75])
    print(f"embedder to {fastest!r}, turn by turn: median {ratio:.2f}, quartiles {low:.2f} and {high:.2f}")
    return float(ratio)


def main() -> int:
    """Print the table; 0 when the target is met."""
    name = sys.argv[1] if len(sys.argv) > 1 else "minilm-int8"
    if name not in {f"minilm-{precision}" for precision in PRECISIONS}:
        print(f"There is nothing to compare {name!r} with; use minilm-int8 or minilm-fp32.", file=sys.stderr)
        return 2
    with TemporaryDirectory() as folder:
        ratio = report(measure(ways(name, Path(folder))))
    print(f"{'reached' if ratio >= TARGET else 'MISSED'}: target {TARGET} of the fastest loop")
    return 0 if ratio >= TARGET else 1


if __name__ == "__main__":
    raise SystemExit(main())
