"""Strangers' pages are read in processes of their own: a page that hangs or crashes costs itself, and nothing else."""

import multiprocessing
import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from brain.embedding import Embedder
from ingest.cache import StageCache
from ingest.materials import Fetched, Lead
from ingest.reading import Kit, kit_for, passages_of, read
from ingest.workers import Workers
from tests.ingest.working import REPORT, corpus_of, describe_site


@pytest.fixture
def kit(tmp_path: Path, embedder: Embedder) -> Kit:
    describe_site(tmp_path, "127.0.0.1:1")
    return kit_for(corpus_of(tmp_path), embedder)


@contextmanager
def working(folder: Path, kit: Kit, *, count: int = 1, timeout: float = 60) -> Iterator[tuple[Workers, StageCache]]:
    cache = StageCache(folder / "cache" / "stages.sqlite", 10_000_000)
    with Workers(count, timeout, cache, kit) as workers:
        yield workers, cache
    cache.close()


def fetched(number: int = 0) -> tuple[Fetched, Lead]:
    name = f"report-{number}.md"
    text = f"# Fernhill interview {number}\n\n{REPORT}\n{REPORT}"
    return Fetched(address=name, url=name, format="markdown", content=text.encode()), Lead(address=name)


def test_a_worker_reads_what_this_process_would_read(tmp_path: Path, kit: Kit) -> None:
    with working(tmp_path, kit) as (workers, cache):
        there = workers.read(*fetched())
        assert there.tally.computed["extract"] == 1
        here = read(*fetched(), kit, cache, compute=False)
        assert there.found == here.found
        assert there.found is not None
        assert passages_of(there.found, cache)


def test_a_page_over_its_time_costs_itself_only(tmp_path: Path, kit: Kit) -> None:
    with working(tmp_path, kit, timeout=0.000_001) as (workers, _):
        late = [workers.read(*fetched(number)) for number in range(2)]
    assert {one.left_out for one in late} == {"reading it took longer than 1e-06 seconds (BRAIN_READ_TIMEOUT)"}
    with working(tmp_path, kit) as (workers, _):
        assert workers.read(*fetched()).found is not None


def test_a_worker_that_dies_is_replaced(tmp_path: Path, kit: Kit) -> None:
    with working(tmp_path, kit) as (workers, _):
        assert workers.read(*fetched()).found is not None
        (child,) = multiprocessing.active_children()
        assert child.pid is not None
        os.kill(child.pid, signal.SIGKILL)
        child.join()
        assert workers.read(*fetched(1)).left_out == "reading it broke the process that read it"
        assert workers.read(*fetched(1)).found is not None


def test_many_threads_share_a_few_workers(tmp_path: Path, kit: Kit) -> None:
    with working(tmp_path, kit, count=2) as (workers, _), ThreadPoolExecutor(8) as pool:
        readings = list(pool.map(lambda number: workers.read(*fetched(number)), range(20)))
        assert len(multiprocessing.active_children()) == 2
    assert [one.found.title for one in readings if one.found] == [
        f"Fernhill interview {number}" for number in range(20)
    ]
    assert not multiprocessing.active_children()
