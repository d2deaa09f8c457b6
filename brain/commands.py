"""What the three command-line programs share: errors become a message with a next step, and an exit code."""

import sys
from collections.abc import Callable

from brain.errors import BrainError


def run_app(app: Callable[[], object]) -> None:
    """Run a Typer app. A BrainError ends the program with its exit code; Ctrl-C with 130, a closed pipe with 141."""
    try:
        app()
    except BrainError as error:
        sys.stderr.write(f"error: {error.message}\n")
        if error.next_step:
            sys.stderr.write(f"  → {error.next_step}\n")
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.stderr.write("stopped\n")
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(141)
