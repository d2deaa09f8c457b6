"""A local file, or every document file below a folder, relative to the corpus file."""

import os
from collections.abc import Iterator
from pathlib import Path

from pydantic import Field

from brain.errors import UnreadableInputError
from brain.records import Record
from ingest.materials import Entry, Format
from ingest.sources.base import Adapter, Found, Reader, Wanted

FORMATS: dict[str, Format] = {
    ".html": "html",
    ".htm": "html",
    ".md": "markdown",
    ".mdx": "markdown",
    ".markdown": "markdown",
    ".txt": "text",
    ".pdf": "pdf",
}


class File(Record):
    """`path` is a file or a folder."""

    path: str = Field(min_length=1)


def _entries(options: File, reader: Reader, _wanted: Wanted) -> Iterator[Found]:
    path = reader.folder / Path(options.path).expanduser()
    for file in [path] if path.is_file() else files_below(path):
        below = file.relative_to(path).as_posix() if path.is_dir() else ""
        address = f"{options.path.rstrip('/')}/{below}" if below else options.path
        yield Entry(address=address, path=file, format=FORMATS.get(file.suffix.lower()))


def files_below(folder: Path) -> list[Path]:
    """Every document file below a folder, sorted. Raises UnreadableInputError for a missing, closed or empty folder."""
    if not folder.exists():
        raise UnreadableInputError(f"{folder} does not exist.", next_step="Check the path of the source.")

    def refuse(error: OSError) -> None:
        raise UnreadableInputError(
            f"{folder} cannot be read: {error.strerror}.", next_step="Give the folder read permission."
        ) from error

    found = (Path(parent) / name for parent, _, names in os.walk(folder, onerror=refuse) for name in names)
    files = sorted(path for path in found if path.suffix.lower() in FORMATS)
    if not files:
        raise UnreadableInputError(
            f"{folder} holds no file that ingest reads.", next_step=f"Readable are {', '.join(FORMATS)}."
        )
    return files


ADAPTER = Adapter("file", File, "interview_report", _entries)
