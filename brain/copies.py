"""Private copies of an index: a reader works on its own, since every open of a Chroma directory rewrites it.

<home>/readers/lock                 held while copies are made and swept
               <one per reader>/    lock (held as long as it is used), the copy, and the version it is a copy of
"""

import fcntl
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

_COPY_OF = "of"


@contextmanager
def private_copy(original: Path, copies: Path) -> Iterator[Path]:
    """A copy of a folder for one reader, deleted at the end, or by the next reader when the process was killed.

    A lock says that it is in use: process ids do not, since those of two containers mean different processes.
    """
    copies.mkdir(parents=True, exist_ok=True)
    own = copies / uuid.uuid4().hex
    with ExitStack() as held:
        with ExitStack() as making:
            making.enter_context(_locked(copies / "lock", fcntl.LOCK_EX))
            _sweep_copies(copies)
            own.mkdir()
            held.enter_context(_locked(own / "lock", fcntl.LOCK_EX))
            held.callback(shutil.rmtree, own, ignore_errors=True)  # what stays, the next reader sweeps
            (own / _COPY_OF).write_text(f"{original.parent.parent.name}/{original.parent.name}", "utf-8")
        yield shutil.copytree(original, own / "chroma")


def held_copies(copies: Path) -> list[str]:
    """Remove the private copies that nobody holds, and say of which versions the others are: `corpus/version`."""
    if not copies.is_dir():
        return []
    with _locked(copies / "lock", fcntl.LOCK_EX):
        _sweep_copies(copies)
    held = []
    for copy in (path for path in copies.iterdir() if path.is_dir()):
        with suppress(FileNotFoundError):  # given back meanwhile
            held.append((copy / _COPY_OF).read_text("utf-8"))
    return sorted(held)


def _sweep_copies(copies: Path) -> None:
    """Remove the private copies that nobody holds."""
    for copy in (path for path in copies.iterdir() if path.is_dir()):
        with suppress(BlockingIOError, FileNotFoundError), _locked(copy / "lock", fcntl.LOCK_EX | fcntl.LOCK_NB):
            shutil.rmtree(copy, ignore_errors=True)


@contextmanager
def _locked(path: Path, how: int) -> Iterator[None]:
    """Hold a lock that ends with the process at the latest; BlockingIOError when LOCK_NB finds it taken."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, how)
        yield
    finally:
        os.close(handle)
