"""The `evals` command. There is nothing to run yet, and it says so."""

import sys


def main() -> None:
    """Say that no suite can be run yet, and end with 2."""
    sys.stderr.write("evals: not yet. The suites come with a later release.\n  → See README.md for what there is.\n")
    sys.exit(2)
