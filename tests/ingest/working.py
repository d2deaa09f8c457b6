"""Helpers of these tests: homes, corpora, commands, and the records that the stages take."""

import os
import pty
import shutil
import subprocess
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

from brain.catalog import Catalog, Corpus
from brain.embedding import Embedder
from brain.records import Document, Interval, ReportedQuestion, Rights
from brain.versions import Versions
from brain.web import HostBook, Limits, WebClient
from ingest.cache import StageCache
from ingest.materials import Extracted, Fetched, Format
from ingest.pipeline import Plan, run
from ingest.progress import Silent
from ingest.report import RunReport
from ingest.workshop import Workshop
from tests.loopback import Route, page, text
from tests.site.crawl_demo import CORPUS, SITE, describe

ROOT = Path(__file__).resolve().parents[2]

REPORT = (
    "I applied in spring and my interview at Fernhill had two rounds. In the first round they asked me to implement "
    "k-means from scratch. Then the interviewer asked me why it converges. In the second round I was asked how a "
    "decision tree picks its split, and I explained it with a small drawing on the whiteboard.\n"
)


def site_routes() -> dict[str, Route]:
    """Every file of the small web site, as the server of these tests answers it."""
    routes: dict[str, Route] = {"/robots.txt": text((SITE / "robots.txt").read_text("utf-8"))}
    pages = {f"/{path.relative_to(SITE).as_posix()}": path for path in SITE.rglob("*.html")}
    return routes | {path: page(file.read_bytes()) for path, file in pages.items()}


def describe_site(home: Path, host: str, *, without: Sequence[str] = ()) -> None:
    """Lay the site's corpus into a home, with three cards in the place of all, and without some of its pages."""
    overlay = home / "corpora"
    describe(overlay, host)
    pack = overlay / "knowledge" / "small"
    pack.mkdir(parents=True, exist_ok=True)
    for card in ("k-means", "decision-trees", "pca"):
        shutil.copy(ROOT / "corpora" / "knowledge" / "machine-learning" / f"{card}.md", pack)
    path = overlay / CORPUS / "corpus.toml"
    head, *sources = path.read_text("utf-8").split("[[source]]")
    kept = [source for source in sources if not any(name in source for name in without)]
    head = head.replace('knowledge = ["machine-learning", "interviewing"]', 'knowledge = ["small"]')
    path.write_text("[[source]]".join([head, *kept]), "utf-8")


def describe_folder(home: Path, *sources: str, corpus: str = "notes") -> Path:
    """Lay a corpus of local files into a home; the folder of the corpus file, where paths begin."""
    describe_site(home, "127.0.0.1:1")
    folder = home / "corpora" / corpus
    folder.mkdir()
    head = (home / "corpora" / CORPUS / "corpus.toml").read_text("utf-8").partition("[[source]]")[0]
    listed = (f'[[source]]\nname = "{path}"\ntype = "file"\npath = "{path}"\n' for path in sources)
    (folder / "corpus.toml").write_text(head + "\n".join(listed), "utf-8")
    return folder


def environment(home: Path, host: str = "") -> dict[str, str]:
    """The environment of a command: this home, and only this host on loopback."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BRAIN_")}
    return kept | {"BRAIN_HOME": str(home), "BRAIN_LOOPBACK_HOSTS": host, "PYTHONPATH": str(ROOT)}


def ingest(home: Path, *arguments: str, host: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the real command in a process of its own; no traceback may ever be seen."""
    done = subprocess.run(
        [sys.executable, "-m", "ingest", *arguments],
        env=environment(home, host) | variables,
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done


def ingest_at_a_terminal(home: Path, *arguments: str, typed: bytes) -> str:
    """Run the real command with a terminal as its input; what it printed. It must succeed."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "ingest", *arguments],
        env=environment(home),
        cwd=ROOT,
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    os.close(theirs)
    try:
        os.write(ours, typed)
        shown, _ = process.communicate(timeout=60)
    finally:
        process.kill()
        os.close(ours)
    assert process.returncode == 0, shown
    return shown


def corpus_of(home: Path, corpus_id: str = CORPUS) -> Corpus:
    return Catalog.of(home / "corpora").corpus(corpus_id)


def versions_of(home: Path, corpus_id: str = CORPUS) -> Versions:
    return Versions(home / "versions", corpus_id)


def run_here(
    home: Path, embedder: Embedder, *, host: str | None = None, corpus_id: str = CORPUS, dry_run: bool = False
) -> RunReport:
    """Run in this process, which has Chroma loaded already; without a host, offline."""
    cache = StageCache(home / "cache" / "stages.sqlite", 100_000_000)
    web = None
    if host is not None:
        limits = Limits(timeout=5, max_bytes=1_000_000)
        web = WebClient(contact="", limits=limits, hosts=HostBook(home / "web"), loopback_hosts=frozenset({host}))
    try:
        shop = Workshop(home, cache, embedder, web, 1_000_000, 3)
        return run(corpus_of(home, corpus_id), shop, versions_of(home, corpus_id), Silent(), Plan(dry_run=dry_run))
    finally:
        cache.close()
        if web is not None:
            web.close()


def logical_hash(home: Path, corpus_id: str = CORPUS) -> str:
    versions = versions_of(home, corpus_id)
    return versions.manifest(versions.require_current()).logical_hash


def fetched(content: bytes, kind: Format = "html", **fields: Any) -> Fetched:
    return Fetched.model_validate({"address": "page", "url": "page", "format": kind, "content": content} | fields)


def extracted(text: str, **fields: object) -> Extracted:
    given: dict[str, object] = {
        "url": "https://notes.example/report",
        "title": "A report",
        "text": text,
        "kind": "interview_report",
        "form": "verbatim",
        "account": "first_person",
        "basis": "a test",
    }
    return Extracted.model_validate(given | fields)


def document(name: str, text: str = "text", **fields: object) -> Document:
    given: dict[str, object] = {
        "id": name,
        "url": f"https://{name}.example/",
        "title": "Title",
        "source": f"{name}.example",
        "kind": "interview_report",
        "form": "verbatim",
        "account": "first_person",
        "text": text,
        "rights": Rights(basis="a test"),
    }
    return Document.model_validate(given | fields)


def question(name: str, of: str, **fields: object) -> ReportedQuestion:
    given: dict[str, object] = {
        "id": name,
        "document_id": of,
        "text": name,
        "quote": name,
        "start": 0,
        "end": len(name),
        "kind": "concept",
        "provenance": "reported",
        "account": "first_person",
        "role_match": "exact",
    }
    return ReportedQuestion.model_validate(given | fields)


def day(year: int, month: int = 1) -> Interval:
    return Interval(first=date(year, month, 1), last=date(year, month, 1))


def never() -> NoReturn:
    raise AssertionError("this is not to be computed")
