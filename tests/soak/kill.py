"""Kill a run at random moments, in every stage: what was served stays served, and the next run completes the version.

    python -m tests.soak.kill --times 60 --seed 1

Every kill is a SIGKILL to the whole process group of a real `ingest run`. Afterwards the served version is opened and
audited, the run is repeated, and its version must have the logical hash of an undisturbed run.
"""

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from brain.embedding import load_embedder
from brain.store import audit, open_version
from ingest.report import last_report
from tests.ingest.working import ROOT, describe_site, environment, logical_hash, site_routes, versions_of
from tests.loopback import LoopbackServer
from tests.site.crawl_demo import CORPUS
from tests.soak.moments import MOMENTS, stage_of


def undisturbed(base: Path, home: Path, host: str) -> float:
    """Run once in a copy of `base` without harm; the seconds it took."""
    shutil.copytree(base, home, symlinks=True)
    began = time.monotonic()
    _run(home, host)
    return time.monotonic() - began


def _run(home: Path, host: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "ingest", "run", CORPUS], env=environment(home, host), cwd=ROOT, check=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def kill_once(home: Path, host: str, pattern: str, wait: float) -> str:
    """Start a run, kill it `wait` seconds after a new file matches `pattern`; the stage it was in, or "it had ended".

    Without a pattern the wait begins at once.
    """
    known = set(home.glob(pattern)) if pattern else set()
    process = subprocess.Popen(
        [sys.executable, "-m", "ingest", "run", CORPUS], env=environment(home, host), cwd=ROOT, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    while pattern and process.poll() is None and not set(home.glob(pattern)) - known:
        time.sleep(0.001)
    time.sleep(wait)
    stage = stage_of(home, CORPUS) if process.poll() is None else "it had ended"
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    return stage


def check(home: Path, host: str, served: set[str | None], wanted: str) -> str:
    """What is wrong after a kill, or ""."""
    embedder = load_embedder("minilm-int8", home)
    now = versions_of(home).current()
    if now not in served and logical_hash(home) != wanted:
        return f"served {now} after the kill"
    with closing(open_version(versions_of(home), home, embedder_id=embedder.id)) as opened:
        audit(opened)
    _run(home, host)
    if logical_hash(home) != wanted:
        return f"the next run made {logical_hash(home)}"
    report = last_report(versions_of(home).root)
    return "" if report and report.result in {"published", "unchanged"} else "the next run left no report"


def soak(times: int, seed: int, tell: Callable[[str], object] = print) -> tuple[Counter[str], int]:
    """Kill `times` runs; how often in which stage, and how many ended badly."""
    stages: Counter[str] = Counter()
    bad = 0
    with TemporaryDirectory() as folder, LoopbackServer(site_routes()) as server:
        base = Path(folder) / "base"
        describe_site(base, server.host, without=("ben-2025", "injected"))
        load_embedder("minilm-int8", base).embed(["built once"])
        _run(base, server.host)
        describe_site(base, server.host)
        shutil.rmtree(base / "cache")  # so that every stage has work to do
        length = undisturbed(base, Path(folder) / "whole", server.host)
        wanted, before = logical_hash(Path(folder) / "whole"), versions_of(base).current()
        for number in range(times):
            dice = random.Random(f"{seed}:{number}")  # noqa: S311 - nothing secret
            home = Path(shutil.copytree(base, Path(folder) / f"run-{number}", symlinks=True))
            name, seen = dice.choice(list(MOMENTS.items()))
            wait = dice.uniform(0, length) if not seen else dice.uniform(0, 0.15)
            stage = kill_once(home, server.host, seen, wait)
            stages[stage] += 1
            if problem := check(home, server.host, {before}, wanted):
                bad += 1
                tell(f"kill {number} of seed {seed} ({name}, in {stage}): {problem}")
            shutil.rmtree(home)
    return stages, bad


def main() -> int:
    """Run and print a table; 1 when anything ended badly."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    stages, bad = soak(given.times, given.seed)
    for stage, count in stages.most_common():
        print(f"  killed {count:3} times in {stage}")
    print(f"{given.times} kills, seed {given.seed}: {bad} ended badly")
    return bool(bad)


if __name__ == "__main__":
    sys.exit(main())
