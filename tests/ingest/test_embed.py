"""Vectors are computed once, kept in batches, and a run that is killed embeds nothing twice."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from brain.fakes import HashEmbedder
from ingest.cache import StageCache
from ingest.embed import embed
from tests.ingest.working import ROOT

TEXTS = [f"question number {number}" for number in range(300)]


class Counting(HashEmbedder):
    """Remembers what it was asked to embed."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.seen += texts
        return super().embed(texts)


class Other(Counting):
    """Another embedder."""

    id = "other"


def cache_in(folder: Path) -> StageCache:
    return StageCache(folder / "stages.sqlite", 10_000_000)


def nothing(_steps: int) -> None:
    """No progress is shown."""


def test_vectors_are_those_of_the_embedder_in_the_order_of_the_texts(tmp_path: Path) -> None:
    cache = cache_in(tmp_path)
    assert np.array_equal(embed(TEXTS, HashEmbedder(), cache, nothing), HashEmbedder().embed(TEXTS))
    assert np.array_equal(embed(TEXTS[::-1], HashEmbedder(), cache, nothing), HashEmbedder().embed(TEXTS[::-1]))
    cache.close()


def test_the_same_text_is_embedded_once(tmp_path: Path) -> None:
    counting = Counting()
    cache = cache_in(tmp_path)
    vectors = embed(["a", "b", "a"], counting, cache, nothing)
    embed(["b", "a"], counting, cache, nothing)
    cache.close()
    assert counting.seen == ["a", "b"]
    assert np.array_equal(vectors[0], vectors[2])
    assert cache.computed == {"embed": 2}


def test_another_embedder_embeds_anew(tmp_path: Path) -> None:
    cache = cache_in(tmp_path)
    embed(["a"], Counting(), cache, nothing)
    other = Other()
    embed(["a"], other, cache, nothing)
    cache.close()
    assert other.seen == ["a"]


def test_no_texts_give_no_vectors_of_the_right_length(tmp_path: Path) -> None:
    cache = cache_in(tmp_path)
    assert embed([], HashEmbedder(), cache, nothing).shape == (0, 64)
    cache.close()


def test_progress_counts_every_text_once(tmp_path: Path) -> None:
    steps: list[int] = []
    cache = cache_in(tmp_path)
    embed(TEXTS[:100], HashEmbedder(), cache, nothing)
    embed([*TEXTS, TEXTS[0]], HashEmbedder(), cache, steps.append)
    cache.close()
    assert sum(steps) == 301


KILLED = """
import os, signal, sys
from pathlib import Path
from tests.ingest.test_embed import TEXTS, Counting, cache_in, nothing
from ingest.embed import embed

class Dying(Counting):
    def embed(self, texts):
        if len(self.seen) >= 130:
            os.kill(os.getpid(), signal.SIGKILL)
        print(len(texts), flush=True)
        return super().embed(texts)

embed(TEXTS, Dying(), cache_in(Path(sys.argv[1])), nothing)
"""


def test_what_a_killed_run_has_embedded_is_not_embedded_again(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path)], cwd=ROOT, capture_output=True, encoding="utf-8", check=False
    )
    before = sum(map(int, done.stdout.split()))
    assert done.returncode == -9
    assert before >= 130
    counting = Counting()
    cache = cache_in(tmp_path)
    vectors = embed(TEXTS, counting, cache, nothing)
    cache.close()
    assert counting.seen == TEXTS[before:]
    assert np.array_equal(vectors, HashEmbedder().embed(TEXTS))
