"""How fast is it, as ratios in one run? Prints a table and exits 1 when a target is missed.

    python -m tests.bench.bench_speed

- retrieval: its median against the sum of its bare parts (one query embedding; for each collection one ids-only Chroma
  query and one bm25s query), target at most 1.25
- a 12-question set with answers: its median against the retrieval it needs (one search of the passages for each
  question, embedding included), target at most 4
- start to ready: seconds from starting `brain serve` to the first ready answer, target at most 6
- a second `ingest run` with nothing changed, against `python -c pass`: how many starts of Python it costs
"""

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from brain.lexical import tokenize
from brain.store import Index
from service.demo import running_service
from service.generation.pipeline import generate
from service.generation.records import QuestionSetRequest
from service.generation.workspace import Workspace
from tests.bench.corpus import CORPUS, flagship, ingest

ROUNDS = 60
QUERIES = (
    "What is overfitting and how do you prevent it?",
    "How does k-means choose its centroids?",
    "Tell me about a time you took on something outside your responsibilities.",
    "How would you retrieve the best hundred of a billion items?",
    "Compare LSTM with GRU.",
    "When do MLE and MAP agree?",
)


def median_of(runs: int, work: Callable[[int], object]) -> float:
    """Median seconds of the work, given the number of the round; the first tenth warms up."""
    times = []
    for number in range(runs + runs // 10):
        began = time.perf_counter()
        work(number)
        times.append(time.perf_counter() - began)
    return statistics.median(times[runs // 10 :])


def bare_parts(workspace: Workspace) -> float:
    """The sum of the medians of the parts that a retrieval cannot do without."""
    retriever, version = workspace.retriever, workspace.version
    vectors = [retriever.embed(query) for query in QUERIES]
    words = [tokenize(query) for query in QUERIES]

    def bare(index: Index) -> float:  # type: ignore[type-arg]
        dense = median_of(ROUNDS, lambda i: index.nearest(vectors[i % len(QUERIES)], 50))
        bm25 = index.lexical._index
        assert bm25 is not None
        lexical = median_of(
            ROUNDS, lambda i: bm25.retrieve([words[i % len(QUERIES)]], k=50, show_progress=False, n_threads=0)
        )
        return dense + lexical

    embedding = median_of(ROUNDS, lambda i: retriever.embed(QUERIES[i % len(QUERIES)]))
    return embedding + bare(version.passages) + bare(version.questions)


def retrieve(workspace: Workspace, query: str) -> None:
    """One retrieval of both collections."""
    vector = workspace.retriever.embed(query)
    workspace.retriever.passages(query, 8, vector=vector)
    workspace.retriever.questions(query, 8, vector=vector)


def one_set(workspace: Workspace, seed: int) -> float:
    """Seconds of the retrieval that the set of this seed needs."""
    made = generate(workspace, QuestionSetRequest(corpus=CORPUS, seed=seed))
    began = time.perf_counter()
    for question in made.questions:
        workspace.retriever.passages(question.text, 12)
    return time.perf_counter() - began


def seconds_of(command: list[str]) -> float:
    """Wall time of a command."""
    began = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - began


def start_to_ready() -> float:
    """Seconds until the service is ready."""
    began = time.perf_counter()
    with running_service():
        return time.perf_counter() - began


def main() -> int:
    """Print the table."""
    import os

    with TemporaryDirectory() as temporary:
        home = Path(temporary)
        os.environ["BRAIN_HOME"] = str(home)
        with flagship(home) as workspace:
            parts = bare_parts(workspace)
            retrieval = median_of(ROUNDS, lambda i: retrieve(workspace, QUERIES[i % len(QUERIES)]))
            needed = statistics.median(one_set(workspace, seed) for seed in range(20))
            whole = median_of(20, lambda seed: generate(workspace, QuestionSetRequest(corpus=CORPUS, seed=seed)))
        again = median_of(5, lambda _: ingest(home))
        nothing = median_of(5, lambda _: seconds_of([sys.executable, "-c", "pass"]))
        ready = statistics.median(start_to_ready() for _ in range(3))
    rows = [
        ("retrieval / bare parts", retrieval / parts, 1.25, f"{retrieval * 1e3:.2f} ms / {parts * 1e3:.2f} ms"),
        ("12-question set / its retrieval", whole / needed, 4.0, f"{whole * 1e3:.1f} ms / {needed * 1e3:.1f} ms"),
        ("start to ready, seconds", ready, 6.0, ""),
        ("unchanged ingest / bare Python start", again / nothing, None, f"{again:.2f} s / {nothing:.3f} s"),
    ]
    for name, value, target, detail in rows:
        verdict = "" if target is None else f"  target {target:g} {'met' if value <= target else 'MISSED'}"
        print(f"{name:<38}{value:6.2f}  {detail}{verdict}")
    return any(target is not None and value > target for _, value, target, _ in rows)


if __name__ == "__main__":
    sys.exit(main())
