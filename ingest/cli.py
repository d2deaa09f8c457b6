"""The `ingest` command. Heavy modules are imported by the command that needs them, so that `--help` answers at once."""

from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from brain.commands import run_app

if TYPE_CHECKING:
    from collections.abc import Iterator

    from brain.catalog import Catalog
    from brain.settings import Settings
    from ingest.pipeline import Workshop

app = typer.Typer(
    name="ingest",
    help="Turn public interview reports and role descriptions into a published, searchable version per corpus.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)

CorpusIds = Annotated[list[str], typer.Argument(metavar="CORPUS...", help="Corpus ids, as `ingest list` shows them.")]
CorpusId = Annotated[str, typer.Argument(metavar="CORPUS", help="A corpus id, as `ingest list` shows it.")]
Where = Annotated[str, typer.Argument(metavar="FILE|ADDRESS", help="Any one local file or web address.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object for machines.")]


@app.command("run")
def run_command(
    corpora: CorpusIds,
    *,
    offline: Annotated[bool, typer.Option("--offline", help="Fetch nothing; use copies of earlier runs.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen; publish nothing.")] = False,
    json: AsJson = False,
) -> None:
    """Bring one or more corpora up to date and publish a new version of each that changed."""
    from brain.versions import Versions
    from ingest.pipeline import run
    from ingest.progress import progress_for
    from ingest.show import show_run

    settings, catalog = _settings(), _catalog()
    described = [catalog.corpus(corpus_id) for corpus_id in corpora]
    with _workshop(settings, offline=offline) as shop:
        for corpus in described:
            versions = Versions(settings.versions, corpus.id)
            report = run(corpus, shop, versions, progress_for(machine=json), dry_run=dry_run)
            typer.echo(report.model_dump_json()) if json else show_run(report)


@app.command("list")
def list_command(*, json: AsJson = False) -> None:
    """Show every corpus that is described, and the version that is served."""
    from brain.versions import Versions
    from ingest.show import show_list

    settings, catalog = _settings(), _catalog()
    rows = [(catalog.corpus(corpus_id), Versions(settings.versions, corpus_id)) for corpus_id in catalog.ids()]
    show_list(rows, as_json=json)


@app.command("status")
def status_command(
    corpus: CorpusId,
    *,
    questions: Annotated[bool, typer.Option("--questions", help="List the questions of every document.")] = False,
    json: AsJson = False,
) -> None:
    """Show the served version of a corpus, and what its last run used and left out."""
    from brain.versions import Versions
    from ingest.show import show_status

    described = _catalog().corpus(corpus)
    show_status(Versions(_settings().versions, described.id), with_questions=questions, as_json=json)


@app.command("rollback")
def rollback_command(
    corpus: CorpusId,
    *,
    to: Annotated[str | None, typer.Option("--to", help="A version id; by default the one before the current.")] = None,
) -> None:
    """Serve an older version again."""
    from brain.versions import Versions

    versions = Versions(_settings().versions, _catalog().corpus(corpus).id)
    with versions.working():
        before = versions.current()
        now = versions.rollback(to)
    typer.echo(f"{corpus}: {before} → {now}")


@app.command("check")
def check_command() -> None:
    """Check every data file of every corpus; the first mistake is named with file, line and field."""
    from ingest.check import check

    for line in check(_catalog()):
        typer.echo(line)


@app.command("extract")
def extract_command(where: Where, *, json: AsJson = False) -> None:
    """Show the document that ingest makes of one file or address."""
    from ingest.single import extract_one

    with _workshop(_settings(), offline=False) as shop:
        document = extract_one(where, shop)
    typer.echo(document.model_dump_json() if json else document.text)


@app.command("mine")
def mine_command(where: Where, *, json: AsJson = False) -> None:
    """Show the questions that ingest finds in one file or address."""
    from ingest.show import show_mined
    from ingest.single import mine_one

    settings, catalog = _settings(), _catalog()
    with _workshop(settings, offline=False) as shop:
        show_mined(mine_one(where, shop, catalog), as_json=json)


def _settings() -> "Settings":
    from brain.settings import load_settings

    return load_settings()


def _catalog() -> "Catalog":
    from brain.catalog import Catalog

    return Catalog.of(_settings().corpora_overlay)


@contextmanager
def _workshop(settings: "Settings", *, offline: bool) -> "Iterator[Workshop]":
    from brain.embedding import load_embedder
    from brain.web import WebClient
    from ingest.cache import StageCache
    from ingest.pipeline import Workshop

    cache = StageCache(settings.home / "cache" / "stages.sqlite", settings.cache_max_bytes)
    embedder = load_embedder(settings.embedder, settings.home, settings.workers)
    web = (
        None
        if offline
        else WebClient(
            contact=settings.contact,
            timeout=settings.fetch_timeout,
            max_bytes=settings.fetch_max_bytes,
            loopback_hosts=settings.loopback_hosts,
        )
    )
    try:
        yield Workshop(settings.home, cache, embedder, web, settings.file_max_bytes, settings.keep_versions)
    finally:
        cache.close()
        if web is not None:
            web.close()


def main() -> None:
    """Entry point of the `ingest` command."""
    run_app(_with_clear_disk_errors)


def _with_clear_disk_errors() -> None:
    """A full disk, or a folder or a cache that cannot be used, is no fault of the program and gets a message."""
    from sqlite3 import DatabaseError, OperationalError

    from brain.errors import StoreError

    try:
        app()
    except BrokenPipeError:
        raise
    except (OSError, OperationalError) as error:
        where = getattr(error, "filename", None) or _settings().home
        raise StoreError(
            f"{where} cannot be read or written: {getattr(error, 'strerror', None) or error}.",
            next_step="Free some space or correct the permissions and run again; what is served has not changed.",
        ) from error
    except DatabaseError as error:
        cache = _settings().home / "cache"
        raise StoreError(
            f"{cache} is damaged: {error}.", next_step="Delete it; the next run fills it again."
        ) from error
