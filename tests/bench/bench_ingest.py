"""A whole run over a thousand pages on fifty hosts, against embedding the same passages alone; then the same run again.

Wall time at most 1.2 times that of embedding alone; the second run extracts and embeds nothing; memory of all processes
together at most a base plus 3 KB a passage. Needs ../shared.

    python -m tests.bench.bench_ingest [PAGES [HOSTS]]
"""

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from brain.embedding import load_embedder
from brain.jsonlines import read_records
from brain.records import Passage, ReportedQuestion
from brain.versions import Versions
from tests.bench.manypages import describe, served
from tests.bench.material import MATERIAL

PAGES, HOSTS = 1_000, 50
SLOWEST = 1.2
BASE_MB, KB_PER_PASSAGE = 900, 3.0


def main() -> int:
    """Print what was measured; 1 when a target is missed, 2 without the material."""
    if not MATERIAL.exists():
        print("../shared/realworld is not here")
        return 2
    pages, hosts = (int(given) for given in (*sys.argv[1:], *map(str, (PAGES, HOSTS)[len(sys.argv) - 1 :])))
    with TemporaryDirectory() as folder, served(pages, hosts) as (addresses, names):
        home = Path(folder)
        corpus = describe(home / "corpora", addresses)
        load_embedder("minilm-int8", home).embed(["The graph is built once, and is no part of a run."])
        first, second = (_run(home, corpus, names) for _ in range(2))
        alone = _embedding_alone(home, corpus)
    return _tell(pages, first, second, alone)


def _run(home: Path, corpus: str, hosts: list[str]) -> dict[str, object]:
    """One `ingest run`: its report, its seconds, and the most memory that it and its children held."""
    environment = os.environ | {"BRAIN_HOME": str(home), "BRAIN_LOOPBACK_HOSTS": ",".join(hosts)}
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "ingest", "run", corpus, "--json"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    peak = [0]
    watcher = threading.Thread(target=_watch, args=(process, peak), daemon=True)
    watcher.start()
    printed, _ = process.communicate()
    seconds = time.perf_counter() - began
    if process.returncode:
        raise SystemExit(f"ingest run ended with {process.returncode}")
    return {"report": json.loads(printed), "seconds": seconds, "peak_mb": peak[0] / 1e6}


def _watch(process: "subprocess.Popen[bytes]", peak: list[int]) -> None:
    while process.poll() is None:
        peak[0] = max(peak[0], sum(_resident(pid) for pid in [process.pid, *_children(process.pid)]))
        time.sleep(0.1)


def _children(pid: int) -> list[int]:
    try:
        tasks = Path(f"/proc/{pid}/task").iterdir()
        return [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except OSError:
        return []


def _resident(pid: int) -> int:
    """Bytes of a process that no other shares: its proportional set size, or 0 when it is gone."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)


def _embedding_alone(home: Path, corpus: str) -> float:
    """Seconds that embedding the run's texts takes, and nothing else, in a process of its own."""
    versions = Versions(home / "versions", corpus)
    folder = versions.folder(versions.require_current())
    texts = [one.search_text for one in read_records(folder / "passages.jsonl", Passage)]
    texts += [one.text for one in read_records(folder / "questions.jsonl", ReportedQuestion)]
    texts = list(dict.fromkeys(texts))
    embedder = load_embedder("minilm-int8", home)
    embedder.embed(texts[:10])
    began = time.perf_counter()
    for first in range(0, len(texts), 256):
        embedder.embed(texts[first : first + 256])
    return time.perf_counter() - began


def _tell(pages: int, first: dict[str, object], second: dict[str, object], alone: float) -> int:
    report, again = first["report"], second["report"]
    assert isinstance(report, dict)
    assert isinstance(again, dict)
    used = [one for one in report["addresses"] if one["outcome"] == "used"]
    passages = sum(one["passages"] for one in used)
    ratio = float(str(first["seconds"])) / alone
    allowed = BASE_MB + KB_PER_PASSAGE * passages / 1000
    idle = not {"extract", "embed"} & set(again["computed"])
    print(f"{pages} pages, {len(used)} used, {passages} passages, {sum(one['questions'] for one in used)} questions")
    print(f"run {first['seconds']:.1f} s, embedding alone {alone:.1f} s: {ratio:.2f} (at most {SLOWEST})")
    print(f"  parts {report['seconds']}\n  inside reading, over all processes {report['stage_seconds']}")
    print(f"memory {first['peak_mb']:.0f} MB (at most {allowed:.0f} = {BASE_MB} + {KB_PER_PASSAGE} KB a passage)")
    print(f"the same run again {second['seconds']:.1f} s, computed {again['computed']}, {again['fetching']}")
    return int(ratio > SLOWEST or float(str(first["peak_mb"])) > allowed or not idle)


if __name__ == "__main__":
    sys.exit(main())
