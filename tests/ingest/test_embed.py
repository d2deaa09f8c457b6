"""Vectors are computed once, kept in batches, and a run that is killed embeds nothing twice."""

import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from brain.embedding import Embedder
from brain.fakes import HashEmbedder
from ingest.cache import StageCache, Tally
from ingest.embed import Text, embed
from tests.ingest.working import ROOT

TEXTS = [f"question number {number}" for number in range(600)]


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


def embedded(
    texts: Sequence[str],
    embedder: Embedder,
    cache: StageCache,
    advance: Callable[[int], None] = lambda _steps: None,
    tally: Tally | None = None,
) -> NDArray[np.float32]:
    """Embed into a file beside the cache."""
    rows = (Text(text, "notes/a.md") for text in texts)
    file = cache.path.with_name(f"{uuid4().hex}.npy")
    return embed(rows, len(texts), embedder, cache, file, advance=advance, tally=tally or Tally())


def test_vectors_are_those_of_the_embedder_in_the_order_of_the_texts(tmp_path: Path) -> None:
    cache = cache_in(tmp_path)
    assert np.array_equal(embedded(TEXTS, HashEmbedder(), cache), HashEmbedder().embed(TEXTS))
    assert np.array_equal(embedded(TEXTS[::-1], HashEmbedder(), cache), HashEmbedder().embed(TEXTS[::-1]))
    cache.close()


def test_the_same_text_is_embedded_once(tmp_path: Path) -> None:
    counting = Counting()
    cache = cache_in(tmp_path)
    tally = Tally()
    vectors = embedded(["a", "b", "a"], counting, cache, tally=tally)
    embedded(["b", "a"], counting, cache, tally=tally)
    cache.close()
    assert counting.seen == ["a", "b"]
    assert np.array_equal(vectors[0], vectors[2])
    assert tally.computed == {"embed": 2}


def test_another_embedder_embeds_anew(tmp_path: Path) -> None:
    cache = cache_in(tmp_path)
    embedded(["a"], Counting(), cache)
    other = Other()
    embedded(["a"], other, cache)
    cache.close()
    assert other.seen == ["a"]


def test_no_texts_give_no_vectors_of_the_right_length(tmp_path: Path) -> None:
    cache = cache_in(tmp_path)
    assert embedded([], HashEmbedder(), cache).shape == (0, 64)
    cache.close()


def test_progress_counts_every_text_once(tmp_path: Path) -> None:
    steps: list[int] = []
    cache = cache_in(tmp_path)
    embedded(TEXTS[:100], HashEmbedder(), cache)
    embedded([*TEXTS, TEXTS[0]], HashEmbedder(), cache, steps.append)
    cache.close()
    assert sum(steps) == len(TEXTS) + 1


KILLED = """
import os, signal, sys
from pathlib import Path
from uuid import uuid4
from tests.ingest.test_embed import TEXTS, Counting, cache_in, embedded

class Dying(Counting):
    def embed(self, texts):
        if len(self.seen) >= 256:
            os.kill(os.getpid(), signal.SIGKILL)
        print(len(texts), flush=True)
        return super().embed(texts)

embedded(TEXTS, Dying(), cache_in(Path(sys.argv[1])))
"""


def test_what_a_killed_run_has_embedded_is_not_embedded_again(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path)], cwd=ROOT, capture_output=True, encoding="utf-8", check=False
    )
    before = sum(map(int, done.stdout.split()))
    assert done.returncode == -9
    assert before >= 256
    counting = Counting()
    cache = cache_in(tmp_path)
    vectors = embedded(TEXTS, counting, cache)
    cache.close()
    assert counting.seen == TEXTS[before:]
    assert np.array_equal(vectors, HashEmbedder().embed(TEXTS))
