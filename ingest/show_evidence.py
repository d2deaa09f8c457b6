"""What `ingest audit`, `ledger` and `export` print for people."""

from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from ingest.export import EXPORTED, Export
from ingest.inspection import Inspection
from ingest.show import console

_SHOWN = 10


def show_inspections(found: Sequence[Inspection]) -> None:
    """The checks of each corpus, and what is wrong."""
    out = console()
    for one in found:
        out.print(Text.assemble((one.corpus, "bold"), f"  {one.version}"))
        table = Table(box=None, pad_edge=False, padding=(0, 2), show_header=False)
        table.add_column(no_wrap=True)
        table.add_column(justify="right")
        table.add_column()
        for check in one.checks:
            verdict = Text(f"{len(check.problems)} wrong", style="red") if check.problems else Text("passed", "green")
            table.add_row(f"  {check.name}", f"{check.checked} checked", verdict)
        out.print(table)
        for check in one.checks:
            for problem in check.problems[:_SHOWN]:
                out.print(Text(f"  {problem}", style="red"))
            if len(check.problems) > _SHOWN:
                out.print(f"  and {len(check.problems) - _SHOWN} more of these")


def show_export(made: Export) -> None:
    """Where the files lie, and what they do not hold."""
    out = console()
    out.print(Text.assemble((made.corpus, "bold"), f"  {made.version}"))
    out.print(f"  {made.documents} documents, {made.passages} passages, {made.questions} questions")
    out.print(f"  in {made.folder}: {', '.join(EXPORTED)}")
    if made.withheld:
        out.print(
            f"  {len(made.withheld)} documents without text, passages and quotes: the rights ledger allows a link or a"
            " summary of them"
        )
    if made.flagged_passages:
        out.print(
            f"  {made.flagged_passages} passages are flagged: they read like instructions to a language model, so mark"
            " them before one reads them"
        )
