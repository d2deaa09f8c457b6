"""Discover: every lead of a corpus, from its own files and its sources."""

import os
from collections.abc import Iterator
from pathlib import Path

from brain.catalog import Corpus, Source
from brain.errors import UnreadableInputError
from ingest.materials import Format, Lead

FORMATS: dict[str, Format] = {
    ".html": "html",
    ".htm": "html",
    ".md": "markdown",
    ".mdx": "markdown",
    ".markdown": "markdown",
    ".txt": "text",
}


def discover(corpus: Corpus) -> list[Lead]:
    """All leads in a stable order: the company's values, cards and digests, then the sources of the corpus file."""
    leads = [
        Lead(address=_shown(corpus.company_file), format="values", path=corpus.company_file),
        *(Lead(address=_shown(path), format="card", path=path) for path in corpus.cards),
        *(Lead(address=_shown(path), format="digest", path=path) for path in corpus.digests),
    ]
    for source in corpus.sources:
        leads.extend(_source_leads(source, corpus.folder))
    return leads


def _shown(path: Path) -> str:
    """The path of a bundled file as a curator knows it, the same on every machine."""
    parts = path.parts
    return "/".join(parts[len(parts) - 1 - parts[::-1].index("corpora") :]) if "corpora" in parts else path.as_posix()


def _source_leads(source: Source, folder: Path) -> Iterator[Lead]:
    if source.type == "page":
        yield Lead(address=source.url, source=source)
        return
    path = folder / Path(source.path).expanduser()
    for file in [path] if path.is_file() else files_below(path):
        below = file.relative_to(path).as_posix() if path.is_dir() else ""
        address = f"{source.path.rstrip('/')}/{below}" if below else source.path
        yield Lead(address=address, format=FORMATS.get(file.suffix.lower()), path=file, source=source)


def files_below(folder: Path) -> list[Path]:
    """Every document file below a folder, sorted. Raises UnreadableInputError for a missing, closed or empty folder."""
    if not folder.exists():
        raise UnreadableInputError(f"{folder} does not exist.", next_step="Check the path of the source.")

    def refuse(error: OSError) -> None:
        raise UnreadableInputError(
            f"{error.filename} cannot be read: {error.strerror}.", next_step="Give the folder read permission."
        ) from error

    found = (Path(parent) / name for parent, _, names in os.walk(folder, onerror=refuse) for name in names)
    files = sorted(path for path in found if path.suffix.lower() in FORMATS)
    if not files:
        raise UnreadableInputError(
            f"{folder} holds no file that ingest reads.", next_step=f"Readable are {', '.join(FORMATS)}."
        )
    return files
