"""How a run shows that it moves: bars on a terminal, plain lines elsewhere, nothing for machines."""

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

Advance = Callable[[int], None]


class Progress(Protocol):
    """Shows the stages of a run."""

    def stage(self, name: str, total: int) -> AbstractContextManager[Advance]:
        """A block in which `total` steps of a stage are done; it is told how many more are done."""
        ...


class Silent:
    """Shows nothing."""

    @contextmanager
    def stage(self, name: str, total: int) -> Iterator[Advance]:  # noqa: ARG002 - the protocol's names
        """Count nothing."""
        yield lambda _steps: None


class PlainLines:
    """One line on standard error when a stage ends, for logs."""

    @contextmanager
    def stage(self, name: str, total: int) -> Iterator[Advance]:
        """Say what was done once it is done."""
        yield lambda _steps: None
        sys.stderr.write(f"{name}: {total} done\n")


class Bars:
    """A bar for each stage on standard error."""

    @contextmanager
    def stage(self, name: str, total: int) -> Iterator[Advance]:
        """Draw a bar that vanishes when the stage is done."""
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as RichProgress

        columns = (TextColumn("{task.description:<8}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with RichProgress(*columns, console=Console(stderr=True), transient=True) as bars:
            task = bars.add_task(name, total=total)
            yield lambda steps: bars.advance(task, steps)


def progress_for(*, machine: bool) -> Progress:
    """The right kind for where the output goes."""
    if machine:
        return Silent()
    return Bars() if sys.stderr.isatty() else PlainLines()
