"""Local documents that become part of a corpus: judged, then copied beside its file, so that it stands alone."""

import filecmp
import shutil
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from brain.errors import UnreadableInputError
from ingest.names import slug
from ingest.sources.file import FORMATS, files_below

FOLDER = "files"


@dataclass(frozen=True)
class Copying:
    """Documents to copy: `files` are pairs (from, to), `target` the file or folder that they make.

    `path` is how the corpus file names it. Without `files`, the documents lie below the corpus file already.
    """

    path: str
    target: Path
    files: tuple[tuple[Path, Path], ...] = ()

    def run(self) -> None:
        """Copy; the target appears whole or not at all."""
        if not self.files:
            return
        fresh = self.target.with_name(f".adding-{uuid.uuid4().hex}")
        try:
            for original, to in self.files:
                place = fresh / to.relative_to(self.target) if to != self.target else fresh
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(original, place)
            fresh.rename(self.target)
        finally:
            _remove(fresh)

    def undo(self) -> None:
        """Remove what `run` has made."""
        if self.files:
            _remove(self.target)


def copying(path: Path, folder: Path, max_bytes: int) -> Copying:
    """What adding a file or folder to a corpus in `folder` takes.

    Raises UnreadableInputError for what cannot be read as a document, and for copies of what is there already.
    """
    path = path.expanduser().resolve()
    documents = files_below(path) if path.is_dir() or not path.exists() else [path]
    for document in documents:
        _check(document, max_bytes)
    if path.is_relative_to(folder.resolve()):
        return Copying(path.relative_to(folder.resolve()).as_posix(), path)
    _refuse_copies(path, documents, folder / FOLDER)
    target = _free(folder / FOLDER, path)
    places = [(one, target if path.is_file() else target / one.relative_to(path)) for one in documents]
    return Copying(f"{FOLDER}/{target.name}", target, tuple(places))


def _check(document: Path, max_bytes: int) -> None:
    """Refuse what a run would refuse, as far as a look at the file can tell."""
    form = FORMATS.get(document.suffix.lower())
    if form is None:
        raise _unreadable(document, "is of no type that ingest reads", f"Readable are {', '.join(FORMATS)}.")
    try:
        size = document.stat().st_size
        if size > max_bytes:
            limit = f"has {size:,} bytes, over the limit of {max_bytes:,}"
            raise _unreadable(document, limit, "Shorten it, or raise BRAIN_FILE_MAX_BYTES.")
        content = document.read_bytes()
    except OSError as error:
        raise _unreadable(document, f"cannot be read: {error.strerror}", "Check its permissions.") from error
    if not content.strip():
        raise _unreadable(document, "is empty", "Give a file with text in it.")
    if form == "pdf" and b"%PDF-" not in content[:1024]:
        raise _unreadable(document, "is called PDF and is none", "Correct its name.")
    if form in ("markdown", "text"):
        try:
            content.decode()
        except UnicodeDecodeError as error:
            place = f"is not UTF-8 text (byte {error.start} is {content[error.start]:#04x})"
            raise _unreadable(document, place, "Save it as UTF-8.") from error


def _unreadable(document: Path, problem: str, next_step: str) -> UnreadableInputError:
    return UnreadableInputError(f"{document} {problem}.", next_step=next_step)


def _refuse_copies(path: Path, documents: Sequence[Path], files: Path) -> None:
    there = list(_documents(files))
    twins = [next((one for one in there if filecmp.cmp(one, new, shallow=False)), None) for new in documents]
    if documents and all(twins):
        first = twins[0]
        assert first is not None  # noqa: S101 - all of them are files
        raise UnreadableInputError(
            f"{path} is in the corpus already, as {first.relative_to(files.parent)}.", next_step="Nothing was changed."
        )


def _documents(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.name.startswith("."))


def _free(folder: Path, path: Path) -> Path:
    """A place of that name that is not taken."""
    suffix = path.suffix.lower() if path.is_file() else ""
    stem = slug(path.stem if path.is_file() else path.name) or "document"
    number = 1
    while (place := folder / (f"{stem}-{number}{suffix}" if number > 1 else f"{stem}{suffix}")).exists():
        number += 1
    return place


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
