"""Spans of a run: one for each stage where an exporter is configured, and nothing of OpenTelemetry otherwise."""

import re
from pathlib import Path

from ingest.telemetry import Stopwatch
from tests.ingest.conftest import Crawled
from tests.ingest.working import ingest
from tests.site.crawl_demo import CORPUS


def test_every_stage_has_spans_where_an_exporter_is_configured(crawled: Crawled, tmp_path: Path) -> None:
    home = crawled.copy(tmp_path / "home")
    done = ingest(home, "run", CORPUS, "--offline", OTEL_TRACES_EXPORTER="console")
    spans = set(re.findall(r'"name": "ingest (\w+)"', done.stderr))
    assert {"run", "discover", "read", "fetch", "compare", "assemble"} <= spans
    assert CORPUS in done.stderr


def test_without_an_exporter_seconds_are_kept_and_nothing_is_sent() -> None:
    watch = Stopwatch("notes")
    with watch.running(), watch.timed("read"), watch.timed("embed"):
        watch.note([("extract", 0, 1)], "notes/a.md")
    assert set(watch.seconds) == {"read", "embed"}
