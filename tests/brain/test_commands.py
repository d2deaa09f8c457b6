"""How the programs end: errors are a message, a next step and an exit code."""

import errno
from collections.abc import Callable

import pytest

from brain.commands import run_app
from brain.errors import BrainError, BusyError, NotIngestedError, UnknownCorpusError


def raising(error: Exception) -> Callable[[], object]:
    def app() -> None:
        raise error

    return app


@pytest.mark.parametrize(
    ("error", "code", "told"),
    [
        (NotIngestedError("harbour"), 3, "error: The corpus 'harbour' has not been ingested yet.\n  → Run `ingest run"),
        (
            UnknownCorpusError("harbor", ["harbour"]),
            2,
            "error: There is no corpus 'harbor'.\n  → Did you mean harbour?\n",
        ),
        (BusyError("Busy."), 4, "error: Busy.\n"),
        (BrainError("Broken."), 1, "error: Broken.\n"),
        (
            OSError(errno.ENOSPC, "No space left on device", "/data/x"),
            1,
            "No space left on device: '/data/x'\n  → Check",
        ),
        (PermissionError(errno.EACCES, "Permission denied", "/data"), 1, "Permission denied: '/data'\n  → Check"),
    ],
)
def test_an_error_ends_the_program_with_its_code_and_what_to_do(
    error: Exception, code: int, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        run_app(raising(error))
    assert ended.value.code == code
    printed = capsys.readouterr()
    assert told in printed.err
    assert printed.out == ""


def test_a_mistake_of_ours_is_not_dressed_up() -> None:
    with pytest.raises(ZeroDivisionError):
        run_app(raising(ZeroDivisionError()))
