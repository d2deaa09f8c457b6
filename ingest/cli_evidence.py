"""Commands of `ingest` about the evidence itself: why, audit, ledger, export and forget."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ingest.cli_options import AsJson, CorpusId, catalog, settings

commands = typer.Typer()


class LedgerFormat(StrEnum):
    """How the ledger is written."""

    CSV = "csv"
    JSON = "json"


OnlyCorpus = Annotated[str, typer.Option("--corpus", metavar="CORPUS", help="Only in this corpus; by default in all.")]


@commands.command("forget")
def forget_command(
    what: Annotated[
        str,
        typer.Argument(
            metavar="ADDRESS|DOMAIN|ID",
            help="A web address or file, a domain with all below it, an account such as medium.com/@name, or the id "
            "of a document.",
        ),
    ],
    *,
    corpus: OnlyCorpus = "",
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; kept, and shown in reports.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    json: AsJson = False,
) -> None:
    """Take something down: publish without it, delete every trace of it, and never take it in again.

    Near-copies go with their original. A run that was killed is finished by giving the same command again.
    """
    from ingest.forget import carry_out, plan
    from ingest.show_forget import show_plan, show_receipt

    home, known = settings().home, catalog()
    made = plan(what, home, known, corpus=corpus, reason=reason)
    if not json:
        show_plan(made)
    if not yes:
        typer.confirm("Delete all of this? It cannot be undone", abort=True, err=True)
    receipt = carry_out(made.stone, home, known)
    typer.echo(receipt.model_dump_json()) if json else show_receipt(receipt)


@commands.command("audit")
def audit_command(
    corpora: Annotated[
        list[str] | None, typer.Argument(metavar="[CORPUS...]", help="Corpus ids; by default all that are served.")
    ] = None,
    *,
    json: AsJson = False,
) -> None:
    """Check what is served: files, index, ids, offsets, clusters, rights, personal data, tombstones."""
    from brain.errors import StoreError
    from brain.versions import Versions
    from ingest.inspection import inspect
    from ingest.show import show_json
    from ingest.show_evidence import show_inspections

    chosen = settings()
    names = corpora or sorted(path.parent.name for path in chosen.versions.glob("*/current"))
    found = [inspect(Versions(chosen.versions, _known(name, chosen.versions)), chosen.home) for name in names]
    if json:
        show_json({"corpora": [one.model_dump(mode="json") for one in found]})
    else:
        show_inspections(found)
    if wrong := [one for one in found if one.problems]:
        raise StoreError(
            f"{sum(one.problems for one in wrong)} problems in {', '.join(one.corpus for one in wrong)}.",
            next_step=f"Run `ingest run {wrong[0].corpus}`, which publishes a sound version, or `ingest rollback`.",
        )


@commands.command("ledger")
def ledger_command(
    corpus: CorpusId,
    *,
    form: Annotated[
        LedgerFormat, typer.Option("--format", help="A table for spreadsheets, or JSON.")
    ] = LedgerFormat.CSV,
    output: Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write it to a file.")] = None,
) -> None:
    """Show the rights ledger: for each document its basis, licence, robots verdict, signals and what may be shown."""
    from brain.versions import Versions, write_durably
    from ingest.ledger import as_csv, ledger

    chosen = settings()
    made = ledger(Versions(chosen.versions, _known(corpus, chosen.versions)))
    text = as_csv(made) if form is LedgerFormat.CSV else f"{made.model_dump_json(indent=1)}\n"
    if output is None:
        typer.echo(text, nl=False)
        return
    write_durably(output, text)
    typer.echo(f"{len(made.documents)} documents in {output}")


@commands.command("export")
def export_command(
    corpus: CorpusId,
    *,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FOLDER", help="By default CORPUS-export, beside you.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Write the documents, passages and questions that are served as JSON Lines, as far as they may be shown."""
    from brain.versions import Versions
    from ingest.export import export
    from ingest.show_evidence import show_export

    chosen = settings()
    versions = Versions(chosen.versions, _known(corpus, chosen.versions))
    made = export(versions, output or Path(f"{corpus}-export"))
    typer.echo(made.model_dump_json()) if json else show_export(made)


def _known(corpus: str, versions: Path) -> str:
    """The corpus id, when it is described or served. Raises UnknownCorpusError."""
    if (versions / corpus / "current").is_file():
        return corpus
    return catalog().corpus(corpus).id


@commands.command("why")
def why_command(
    what: Annotated[
        str,
        typer.Argument(metavar="ADDRESS|ID", help="An address, a file as its source names it, a domain, or any id."),
    ],
    *,
    corpus: OnlyCorpus = "",
    json: AsJson = False,
) -> None:
    """Tell the whole story of one address: who names it, what was asked, what was made of it, what is served."""
    from ingest.show_why import show_story
    from ingest.why import Place, why

    chosen = settings()
    story = why(what, Place(chosen.home, catalog(), chosen.loopback_hosts), corpus=corpus)
    typer.echo(story.model_dump_json()) if json else show_story(story)
