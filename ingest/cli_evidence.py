"""Commands of `ingest` about the evidence itself: why, audit, ledger, export and forget."""

from typing import Annotated

import typer

from ingest.cli_options import AsJson, catalog, settings

commands = typer.Typer()

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
