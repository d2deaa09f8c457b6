"""Mutated pages, feeds, sitemaps, robots files, JSON answers and PDFs: each must give a document or a reason, in time.

Inputs are made from a seed alone, so that a failure can be made again: `python -m tests.soak.fuzz --seed 7 --only 123`.
"""

import argparse
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from brain.catalog import Catalog
from brain.embedding import load_embedder
from brain.errors import BrainError
from brain.robots import rules_from
from ingest.cache import LeftOutError, StageCache
from ingest.materials import Entry, Fetched, Format, Lead, Unusable
from ingest.reading import kit_for
from ingest.screen import Scope
from ingest.sources import MODULES, adapter
from ingest.workers import Workers
from tests.bench.material import MATERIAL
from tests.pdfs import document, drawn
from tests.site.crawl_demo import CORPUS, SITE, describe
from tests.soak.captures import CAPTURES

BUDGET = 10.0
"""Seconds for one input; a worker is killed after it, and for what is read in this process it counts as a hang."""

_TOKENS = (
    *(b"<", b">", b"</", b"<!--", b"]]>", b"<![CDATA[", b"&#x0;", b"&lt;", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf"),
    *(b"{", b"}", b"[", b"]", b'"', b"\\u0000", b"\\ud800", b"null", b"1e999", b"-1", b"(" * 200, b"?" * 500),
    *(b"obj", b"endobj", b"stream", b"xref", b"User-agent: *", b"Disallow: " + b"*" * 60, b"Crawl-delay: nan"),
    *(b"<table>" * 50, b"<div>" * 500, b" " * 3_000, b"a" * 5_000, b"\xe2\x80\xae\xef\xb7\xba\xf0\x9f\x98\x80"),
    *(b"<style>*{display:none}</style>", b"javascript:alert(1)"),
)


_VALUES: tuple[Any, ...] = (
    *(None, True, -1, 1e308, 10**400, "", " ", [], {}, [[]], {"": None}, [None], "\u0000", "\ud800", "x" * 20_000),
    *("javascript:alert(1)", "//", "http://[::1", "https://a@b/", "0000-00-00", "9999-99-99T99:99", "<div>" * 2_000),
    *(float("nan"), float("-inf"), "&#xFFFFFFFF;", "../../etc", {"a": {"a": {"a": {}}}}, [1, "2", None, {}]),
)


_OPTIONS = {
    "github": {"repository": "fernhill/notes", "basis": "our own notes"},
    "job_page": {"url": "https://fernhill.example/jobs/7"},
    "workday": {"host": "fernhill.wd5.myworkdayjobs.com", "site": "Careers"},
}


@dataclass(frozen=True)
class Input:
    """One input: its number, what it claims to be, and its bytes."""

    number: int
    kind: str
    content: bytes


def seeds() -> list[tuple[str, bytes]]:
    """What is mutated: our own small site, captures and PDFs, and the real material where it is present."""
    own = [("html", path.read_bytes()) for path in sorted(SITE.rglob("*.html"))]
    own += [("markdown", path.read_bytes()) for path in sorted(SITE.parents[1].glob("*.md"))]
    own += [("robots", (SITE / "robots.txt").read_bytes())]
    own += [("pdf", _pdf(lines)) for lines in (1, 20)]
    own += [(name, content) for name, contents in CAPTURES.items() for content in contents]
    return own + list(_real())


def _pdf(lines: int) -> bytes:
    return document(drawn([(72, 700 - 20 * line, 12, "They asked me about k-means.") for line in range(lines)]))


def _real() -> Iterator[tuple[str, bytes]]:
    if not MATERIAL.exists():
        return
    for folder, kind, pattern in (
        ("interviews_html", "html", "*.html"),
        ("ugly_html", "html", "*.html"),
        ("jobs_html", "html", "*.html"),
        ("jobs_html", "job_page", "*.html"),
        ("interviews_md", "markdown", "*.md"),
        ("robots", "robots", "*"),
    ):
        paths = sorted(path for path in (MATERIAL / folder).rglob(pattern) if path.is_file())
        yield from ((kind, path.read_bytes()[:300_000]) for path in paths[:60])
    for path in sorted((MATERIAL / "jobs_api").rglob("*.json")):
        kind = next((name for name in MODULES if name in path.name), "greenhouse")
        yield kind, path.read_bytes()[:200_000]


def inputs(count: int, seed: int) -> Iterator[Input]:
    """Yield `count` mutated inputs, as many of each kind."""
    by_kind: dict[str, list[bytes]] = {}
    for kind, content in seeds():
        by_kind.setdefault(kind, []).append(content)
    kinds = sorted(by_kind)
    for number in range(count):
        dice = random.Random(f"{seed}:{number}")  # noqa: S311 - nothing secret
        kind = kinds[number % len(kinds)]
        yield Input(number, kind, _mutated(dice.choice(by_kind[kind]), dice, by_kind[dice.choice(kinds)]))


def _mutated(content: bytes, dice: random.Random, others: list[bytes]) -> bytes:
    if content[:1] in {b"{", b"["} and len(content) < 199_999 and dice.random() < 0.7:
        return json.dumps(_odd(json.loads(content), dice)).encode()
    return _bytes_mutated(content, dice, others)


def _odd(value: Any, dice: random.Random) -> Any:
    """A JSON value with some of its parts replaced by values that nobody expects there."""
    if dice.random() < 0.03:
        return dice.choice(_VALUES)
    if isinstance(value, dict):
        return {key: _odd(part, dice) for key, part in value.items() if dice.random() > 0.02}
    if isinstance(value, list):
        return [_odd(part, dice) for part in value[:20]] * dice.choice((1, 1, 1, 2))
    return dice.choice(_VALUES) if dice.random() < 0.1 else value


def _bytes_mutated(content: bytes, dice: random.Random, others: list[bytes]) -> bytes:
    data = bytearray(content)
    for _ in range(dice.choice((1, 1, 2, 4, 12, 40))):
        at = dice.randrange(len(data) + 1)
        end = min(len(data), at + dice.choice((1, 4, 40, 400, 4_000)))
        how = dice.randrange(6)
        if how == 0:
            data[at:end] = b""
        elif how == 1:
            data[at:at] = dice.choice(_TOKENS) * dice.choice((1, 1, 3))
        elif how == 2:
            data[at:end] = bytes(dice.randrange(256) for _ in range(end - at))
        elif how == 3:
            data[at:at] = data[at:end] * dice.choice((1, 2, 20))
        elif how == 4 and at < len(data):
            data[at] ^= 1 << dice.randrange(8)
        else:
            other = dice.choice(others)
            start = dice.randrange(len(other) + 1)
            data[at:end] = other[start : start + 400]
    return bytes(data[: dice.randrange(len(data) + 1)] if dice.random() < 0.1 else data)


class Judge:
    """Feeds inputs to whatever reads them, and tells how that ended."""

    def __init__(self, workers: Workers) -> None:
        self._workers = workers

    def outcome(self, one: Input) -> str:
        """ "document", "reason", or what went wrong: "hang" or "crash"."""
        began = time.perf_counter()
        try:
            ended = self._read(one)
        except (BrainError, LeftOutError):
            ended = "reason"
        except Exception as error:  # noqa: BLE001 - whatever else comes out is what this looks for
            return f"crash: {type(error).__name__}: {error}"[:200]
        return "hang" if time.perf_counter() - began > 2 * BUDGET else ended

    def _read(self, one: Input) -> str:
        formats: dict[str, Format] = {"html": "html", "markdown": "markdown", "pdf": "pdf"}
        if one.kind in formats:
            return self._page(one, formats[one.kind])
        if one.kind == "robots":
            rules_from(200, one.content).check("https://notes.example/a/b?c=d", "/a/b?c=d", 60)
            return "document"
        kind = adapter(one.kind)
        assert kind.read is not None
        options = kind.options.model_validate(_OPTIONS[one.kind]) if one.kind in _OPTIONS else None
        found = list(kind.read(one.content, options))
        assert all(isinstance(item, Entry | Unusable) for item in found)
        return "document"

    def _page(self, one: Input, format_: Format) -> str:
        url = f"https://notes.example/{one.number}"
        fetched = Fetched(address=url, url=url, format=format_, content=one.content)
        reading = self._workers.read(fetched, Lead(address=url, format=format_))
        if "longer than" in reading.left_out:
            return "hang"
        if "broke the process" in reading.left_out or "reading it failed" in reading.left_out:
            return f"crash: {reading.left_out}"
        return "document" if reading.found else "reason"


@contextmanager
def judge(home: Path, workers: int = 2) -> Iterator[Judge]:
    """A judge with workers and a cache of its own."""
    describe(home / "corpora", "127.0.0.1:1")
    corpus = Catalog.of(home / "corpora").corpus(CORPUS)
    kit = replace(kit_for(corpus, load_embedder("minilm-int8", home)), scope=Scope())
    cache = StageCache(home / "cache" / "stages.sqlite", 500_000_000)
    with Workers(workers, BUDGET, cache, kit) as pool:
        yield Judge(pool)
    cache.close()


def fuzz(count: int, seed: int, tell: Callable[[str], object] = print) -> Counter[tuple[str, str]]:
    """Judge `count` inputs; outcomes by kind. What went wrong is told with what makes it again."""
    outcomes: Counter[tuple[str, str]] = Counter()
    with TemporaryDirectory() as folder, judge(Path(folder)) as judging:
        for one in inputs(count, seed):
            outcome = judging.outcome(one)
            outcomes[one.kind, outcome.partition(":")[0]] += 1
            if outcome not in {"document", "reason"}:
                tell(f"{one.kind} input {one.number} of seed {seed}: {outcome}")
    return outcomes


def main() -> int:
    """Run and print a table; 1 when anything hung or crashed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, help="write this input to standard output")
    given = parser.parse_args()
    if given.only is not None:
        sys.stdout.buffer.write(
            next(one for one in inputs(given.only + 1, given.seed) if one.number == given.only).content
        )
        return 0
    outcomes = fuzz(given.count, given.seed)
    bad = sum(count for (_, outcome), count in outcomes.items() if outcome in {"hang", "crash"})
    for kind in sorted({kind for kind, _ in outcomes}):
        told = ", ".join(f"{count} {name}" for (of, name), count in sorted(outcomes.items()) if of == kind)
        print(f"  {kind:16} {told}")
    print(f"{given.count} inputs, seed {given.seed}: {bad} hung or crashed")
    return bool(bad)


if __name__ == "__main__":
    sys.exit(main())
