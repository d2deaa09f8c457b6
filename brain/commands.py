"""What the three command-line programs share: errors become a message with a next step, and an exit code."""

import sys
from collections.abc import Callable
from io import TextIOWrapper
from typing import NoReturn

from brain.errors import BrainError


def run_app(app: Callable[[], object]) -> None:
    """Run a Typer app. A BrainError ends the program with its exit code, what the system refuses with 1.

    Typer itself ends Ctrl-C with 130 and a closed pipe with 1, without a word.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that lacks `·` still shows the rest
    try:
        app()
    except BrainError as error:
        _fail(error.message, error.next_step, error.exit_code)
    except OSError as error:
        _fail(str(error), "Check that path, its permissions, BRAIN_HOME and the free space.", BrainError.exit_code)


def _fail(message: str, next_step: str, exit_code: int) -> NoReturn:
    sys.stderr.write(f"error: {message}\n")
    if next_step:
        sys.stderr.write(f"  → {next_step}\n")
    sys.exit(exit_code)
