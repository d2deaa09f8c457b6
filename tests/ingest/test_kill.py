"""A run that is killed: what was served is still served, and the next run gives what an undisturbed one gives."""

import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from brain.embedding import Embedder
from brain.store import open_version
from tests.ingest.conftest import Crawled
from tests.ingest.working import ROOT, describe_site, environment, logical_hash, run_here, versions_of
from tests.site.crawl_demo import CORPUS

MOMENTS = {
    "it holds the corpus": "versions/*/lock.json",
    "the index is begun": "versions/*/.building-*/chroma",
    "the passages are in the index": "versions/*/.building-*/bm25/questions",
    "the audit has a copy": "readers/*/chroma",
    "the manifest is written": "versions/*/.building-*/manifest.json",
}


@pytest.fixture(scope="module")
def serving(crawled: Crawled, tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Path:
    """A home that serves a version without some pages, and whose next run would publish the whole site."""
    home = tmp_path_factory.mktemp("serving") / "home"
    home.mkdir()
    (home / "models").symlink_to((crawled.home / "models").resolve())
    describe_site(home, crawled.host, without=("ben-2025", "injected"))
    run_here(home, embedder, host=crawled.host)
    describe_site(home, crawled.host)
    return home


def kill_when(home: Path, host: str, pattern: str, wait: float) -> int:
    """Start a real run, kill it `wait` seconds after `pattern` matches a file, and return its exit code."""
    known = set(home.glob(pattern))
    process = subprocess.Popen(
        [sys.executable, "-m", "ingest", "run", CORPUS],
        env=environment(home, host),
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while process.poll() is None and not set(home.glob(pattern)) - known:
            time.sleep(0.002)
        time.sleep(wait)
    finally:
        process.kill()
    return process.wait()


def check_served(home: Path, versions: set[str], embedder: Embedder) -> None:
    """One of these versions is served, whole."""
    assert versions_of(home).current() in versions
    opened = open_version(versions_of(home), home, embedder_id=embedder.id)
    try:
        assert len(opened.passages.records) == opened.manifest.counts["passages"]
        assert opened.passages.nearest(opened.passages.vectors[0], 1)
    finally:
        opened.close()


@pytest.mark.parametrize(("seed", "moment"), list(enumerate(MOMENTS)))
def test_a_killed_run_harms_nothing_and_the_next_one_completes_it(
    serving: Path, crawled: Crawled, tmp_path: Path, embedder: Embedder, seed: int, moment: str
) -> None:
    home = Path(shutil.copytree(serving, tmp_path / "home", symlinks=True))
    before = str(versions_of(home).current())
    whole = logical_hash(crawled.home)
    code = kill_when(home, crawled.host, MOMENTS[moment], random.Random(seed).uniform(0, 0.05))  # noqa: S311 - a seeded moment
    finished = {version for version in versions_of(home).all() if version.endswith(whole[:12])}
    assert code in (-9, 0)
    check_served(home, {before} | finished, embedder)
    run_here(home, embedder, host=crawled.host)
    assert logical_hash(home) == whole
    check_served(home, {str(versions_of(home).current())}, embedder)
    assert before in versions_of(home).all()
    assert not list(versions_of(home).root.glob(".building-*"))
    assert not [path for path in (home / "readers").iterdir() if path.is_dir()]


def test_a_first_run_that_is_killed_leaves_nothing_to_serve(
    workplace: Path, crawled: Crawled, embedder: Embedder
) -> None:
    describe_site(workplace, crawled.host)
    code = kill_when(workplace, crawled.host, "versions/*/.building-*/chroma", 0.0)
    assert code == -9
    assert versions_of(workplace).current() is None
    report = run_here(workplace, embedder, host=crawled.host)
    assert not any(report.computed.get(stage) for stage in ("extract", "screen", "split", "mine", "embed"))
    assert logical_hash(workplace) == logical_hash(crawled.home)
