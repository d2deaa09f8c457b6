"""Published versions on disk: one folder each, a pointer that names the current one, and the rules for changing it.

    <home>/versions/<corpus>/current            the id of the version that is served
                             last               the highest number ever given: ids are never used twice
                             lock, lock.json    held by the run that works on this corpus, and who that is
                             000003-1a2b3c4d…/  manifest.json, records, vectors, the Chroma and BM25 indexes
                             .building-…/       a version that is not published yet; swept by the next run

Nothing here imports Chroma, so asking what is published costs next to nothing.
"""

import fcntl
import json
import os
import shutil
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout
from pydantic import ValidationError

from brain.errors import BadInputError, BusyError, NotIngestedError, StoreError
from brain.records import Record

MANIFEST = "manifest.json"
_LOOK_AGAIN = 0.05


class Audit(Record):
    """What the audit of a version asked its index, and what it found."""

    passages: int
    questions: int
    asked: int
    found: int


class Manifest(Record):
    """What a version is and what it was made from."""

    version: str
    corpus: str
    title: str
    created: datetime
    counts: dict[str, int]
    embedder: str
    dimensions: int
    logical_hash: str
    input_hash: str
    code: str
    packages: dict[str, str]
    cpu: tuple[str, ...]
    licences: dict[str, int]
    tombstones: tuple[str, ...] = ()
    audit: Audit


class Versions:
    """The published versions of one corpus."""

    def __init__(self, versions: Path, corpus_id: str) -> None:
        self.corpus_id = corpus_id
        self.root = versions / corpus_id

    def current(self) -> str | None:
        """The id of the served version, or None."""
        try:
            return (self.root / "current").read_text("utf-8").strip() or None
        except FileNotFoundError:
            return None

    def require_current(self) -> str:
        """The id of the served version; NotIngestedError when there is none."""
        if (version := self.current()) is None:
            raise NotIngestedError(self.corpus_id)
        return version

    def all(self) -> list[str]:
        """The ids of every retained version, oldest first."""
        return sorted(path.parent.name for path in self.root.glob(f"[0-9]*/{MANIFEST}"))

    def folder(self, version: str) -> Path:
        """Where a version lies."""
        return self.root / version

    def manifest(self, version: str) -> Manifest:
        """Read a manifest. Raises StoreError when it is missing or damaged."""
        path = self.folder(version) / MANIFEST
        try:
            return Manifest.model_validate_json(path.read_bytes())
        except (OSError, ValidationError) as error:
            raise StoreError(
                f"The version {version} of {self.corpus_id!r} is damaged: {error}",
                next_step=f"Run `ingest rollback {self.corpus_id}` or `ingest run {self.corpus_id}`.",
            ) from error

    @contextmanager
    def working(self) -> Iterator[None]:
        """Hold the corpus for one run; BusyError names the holder when another run has it."""
        self.root.mkdir(parents=True, exist_ok=True)
        holder = self.root / "lock.json"
        try:
            lock = FileLock(self.root / "lock", timeout=0)
            lock.acquire()
        except Timeout as error:
            raise BusyError(
                f"Another run holds {self.corpus_id!r} ({_holder(holder)}).", next_step="Wait for it to end."
            ) from error
        try:
            started = datetime.now(UTC).isoformat(timespec="seconds")
            holder.write_text(json.dumps({"pid": os.getpid(), "started": started}), "utf-8")
            self._sweep()
            yield
        finally:
            holder.unlink(missing_ok=True)
            lock.release()

    def new_folder(self) -> Path:
        """A fresh folder to build in; Chroma must never see one path twice in a process."""
        folder = self.root / f".building-{uuid.uuid4().hex}"
        folder.mkdir(parents=True)
        return folder

    def next_id(self, logical_hash: str) -> str:
        """An id that no version ever had, also after a prune."""
        last = self.root / "last"
        known = [int(name.partition("-")[0]) for name in self.all()]
        if last.exists():
            known.append(int(last.read_text("utf-8")))
        number = max(known, default=0) + 1
        write_durably(last, str(number))
        return f"{number:06d}-{logical_hash[:12]}"

    def publish(self, folder: Path, version: str) -> None:
        """Make a finished folder the served version: flush it, name it, then move the pointer by rename."""
        for path in (folder, *folder.rglob("*")):
            flush(path)
        folder.rename(self.folder(version))
        flush(self.root)
        write_durably(self.root / "current", version)

    def rollback(self, to: str | None = None, *, refused: Callable[[Path], str | None] | None = None) -> str:
        """Move the pointer to an older version (the one before the current by default) and return its id.

        `refused` says of a version's folder why it may not be served again, or None.
        Raises BadInputError when there is no such version, or when it is refused.
        """
        current = self.require_current()
        older = [version for version in self.all() if version < current]
        if to is not None and to not in self.all():
            raise BadInputError(
                f"There is no version {to!r} of {self.corpus_id!r}.", next_step=f"Kept are {', '.join(self.all())}."
            )
        if to is None and not older:
            raise BadInputError(
                f"{self.corpus_id!r} has no version before {current}.", next_step="Nothing was changed."
            )
        target = to or older[-1]
        self.manifest(target)
        if refused is not None and (reason := refused(self.folder(target))):
            raise BadInputError(
                f"{target} of {self.corpus_id!r} is not served again: it holds {reason}.",
                next_step="Nothing was changed. Run the same `ingest forget` again; it deletes that version.",
            )
        write_durably(self.root / "current", target)
        return target

    def prune(self, keep: int) -> list[str]:
        """Delete the oldest versions beyond `keep`, but never the served one nor one that a reader is opening."""
        current = self.current()
        old = (version for version in self.all()[:-keep] if version != current)
        return [version for version in old if self._delete(self.folder(version))]

    def withdraw(self) -> None:
        """Take the pointer away, so that nothing is served."""
        (self.root / "current").unlink(missing_ok=True)
        flush(self.root)

    def delete(self, version: str, *, seconds: float) -> bool:
        """Delete a version that is not served; False when readers were still opening it after `seconds`."""
        until = time.monotonic() + seconds
        while not (gone := self._delete(self.folder(version))) and time.monotonic() < until:
            time.sleep(_LOOK_AGAIN)
        return gone

    @contextmanager
    def lease(self, version: str) -> Iterator[Path]:
        """Keep a version from being pruned while it is opened. Raises StoreError when it is gone already."""
        try:
            handle = os.open(self.folder(version) / MANIFEST, os.O_RDONLY)
        except OSError as error:
            raise StoreError(f"The version {version} is gone: {error.strerror}", next_step="Open it again.") from error
        try:
            fcntl.flock(handle, fcntl.LOCK_SH)
            if not (self.folder(version) / MANIFEST).exists():  # pruned while this waited for the lock
                raise StoreError(f"The version {version} is gone: it was pruned.", next_step="Open it again.")
            yield self.folder(version)
        finally:
            os.close(handle)

    def _delete(self, folder: Path) -> bool:
        handle = os.open(folder / MANIFEST, os.O_RDONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        else:
            doomed = folder.rename(folder.with_name(f".building-{uuid.uuid4().hex}"))
            shutil.rmtree(doomed)
            return True
        finally:
            os.close(handle)

    def _sweep(self) -> None:
        """Remove what killed runs left half-built."""
        for folder in self.root.glob(".building-*"):
            shutil.rmtree(folder)


def _holder(path: Path) -> str:
    try:
        data = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return "it has just begun"
    return f"process {data['pid']}, started {data['started']}"


def write_durably(path: Path, text: str) -> None:
    """Replace a small file so that a crash leaves either the old or the new content."""
    fresh = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    try:
        fresh.write_text(text, "utf-8")
        flush(fresh)
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
    flush(path.parent)


def flush(path: Path) -> None:
    """Ask the disk to keep what was written to a file or folder (fsync)."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
