"""The `ingest` command. Heavy modules are imported by the command that needs them, so that `--help` answers at once."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from brain.commands import run_app
from brain.errors import BadInputError
from ingest import cli_corpora, cli_evidence
from ingest.cli_options import AsJson, CorpusId, Where, catalog, settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from brain.catalog import Corpus

app = typer.Typer(
    name="ingest",
    help="Turn public interview reports and role descriptions into a published, searchable version per corpus.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)

app.add_typer(cli_corpora.commands)
app.add_typer(cli_evidence.commands)

CorpusIds = Annotated[
    list[str] | None, typer.Argument(metavar="CORPUS...", help="Corpus ids, as `ingest list` shows them.")
]


@app.command("run")
def run_command(
    corpora: CorpusIds = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="Every corpus that is described.")] = False,
    source: Annotated[str, typer.Option("--source", metavar="NAME", help="Ask this source only.")] = "",
    since: Annotated[
        datetime | None,
        typer.Option("--since", formats=["%Y-%m-%d"], help="Do not ask again for what is dated before this day."),
    ] = None,
    offline: Annotated[bool, typer.Option("--offline", help="Fetch nothing; use copies of earlier runs.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen; publish nothing.")] = False,
    json: AsJson = False,
) -> None:
    """Bring one or more corpora up to date and publish a new version of each that changed.

    What is not asked for (by --offline, --source, --since or --dry-run) comes from the copies of earlier runs.
    """
    if bool(corpora) == everything:
        raise typer.BadParameter("Name the corpora to run, or give --all; `ingest list` shows every corpus.")
    from brain.versions import Versions
    from ingest.check import check_bindings
    from ingest.discover import Asking
    from ingest.pipeline import Plan, run
    from ingest.progress import progress_for
    from ingest.show import show_run
    from ingest.workshop import open_workshop

    chosen, known = settings(), catalog()
    described = [known.corpus(corpus_id) for corpus_id in corpora or known.ids()]
    _refuse_unknown_source(source, described)
    for corpus in described:
        check_bindings(corpus)
    plan = Plan(Asking(source, since.date() if since else None), dry_run)
    with open_workshop(chosen, offline=offline) as shop:
        for corpus in described:
            versions = Versions(chosen.versions, corpus.id)
            report = run(corpus, shop, versions, progress_for(machine=json), plan)
            typer.echo(report.model_dump_json()) if json else show_run(report)


def _refuse_unknown_source(source: str, corpora: "Sequence[Corpus]") -> None:
    names = {one.name for corpus in corpora for one in corpus.sources}
    if source and source not in names:
        raise BadInputError(
            f"No source is called {source!r}.",
            field="--source",
            next_step=f"There are {', '.join(sorted(names)) or 'none'}.",
        )


@app.command("list")
def list_command(*, json: AsJson = False) -> None:
    """Show every corpus that is described, and the version that is served."""
    from brain.versions import Versions
    from ingest.show import show_list

    chosen, known = settings(), catalog()
    rows = [(known.corpus(corpus_id), Versions(chosen.versions, corpus_id)) for corpus_id in known.ids()]
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

    described = catalog().corpus(corpus)
    show_status(Versions(settings().versions, described.id), with_questions=questions, as_json=json)


@app.command("rollback")
def rollback_command(
    corpus: CorpusId,
    *,
    to: Annotated[str | None, typer.Option("--to", help="A version id; by default the one before the current.")] = None,
) -> None:
    """Serve an older version again."""
    from brain.versions import Versions
    from ingest.tombstones import Tombstones

    versions = Versions(settings().versions, catalog().corpus(corpus).id)
    with versions.working():
        before = versions.current()
        now = versions.rollback(to, refused=Tombstones.load(settings().home).holds)
    typer.echo(f"{corpus}: {before} → {now}")


@app.command("check")
def check_command() -> None:
    """Check every data file of every corpus; the first mistake is named with file, line and field."""
    from ingest.check import check

    for line in check(catalog()):
        typer.echo(line)


@app.command("extract")
def extract_command(
    where: Where,
    *,
    source: Annotated[
        str, typer.Option("--source", metavar="TYPE", help="Read FILE as a saved answer of such a source.")
    ] = "",
    json: AsJson = False,
) -> None:
    """Show the document that ingest makes of one file or address, or those that a saved listing holds."""
    from ingest.show import show_capture
    from ingest.single import extract_capture, extract_one
    from ingest.workshop import open_workshop

    with open_workshop(settings(), offline=False) as shop:
        if source:
            show_capture(*extract_capture(where, source, shop), as_json=json)
        else:
            document = extract_one(where, shop)
            typer.echo(document.model_dump_json() if json else document.text)


@app.command("mine")
def mine_command(where: Where, *, json: AsJson = False) -> None:
    """Show the questions that ingest finds in one file or address."""
    from ingest.show import show_mined
    from ingest.single import mine_one
    from ingest.workshop import open_workshop

    chosen, known = settings(), catalog()
    with open_workshop(chosen, offline=False) as shop:
        show_mined(mine_one(where, shop, known), as_json=json)


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
        where = getattr(error, "filename", None) or settings().home
        raise StoreError(
            f"{where} cannot be read or written: {getattr(error, 'strerror', None) or error}.",
            next_step="Free some space or correct the permissions and run again; what is served has not changed.",
        ) from error
    except DatabaseError as error:
        cache = settings().home / "cache"
        raise StoreError(
            f"{cache} is damaged: {error}.", next_step="Delete it; the next run fills it again."
        ) from error
