"""The versions that a program serves: opened on demand, replaced when the pointer moves, closed when nobody reads.

A request borrows one version and keeps it to its end, so that it is answered from exactly one.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from brain.errors import BrainError, StoreError
from brain.store import OpenVersion, open_version
from brain.versions import Versions


class Closable(Protocol):
    """What is made of an open version, and closes it."""

    def close(self) -> None:
        """Let go of the version."""
        ...


Made = TypeVar("Made", bound=Closable)


@dataclass
class _Copy(Generic[Made]):
    """An opened version, how many requests read it, and whether it was replaced."""

    version: str
    made: Made
    readers: int = 0
    replaced: bool = False


class Shelf(Generic[Made]):
    """Opened versions by corpus. Safe for several threads."""

    def __init__(self, home: Path, embedder_id: str, make: Callable[[OpenVersion], Made]) -> None:
        self._home = home
        self._embedder_id = embedder_id
        self._make = make
        self._copies: dict[str, _Copy[Made]] = {}
        self._lock = threading.Lock()
        self._opening: dict[str, threading.Lock] = {}

    @contextmanager
    def borrow(self, corpus_id: str) -> Iterator[Made]:
        """The served version of a corpus, kept open until the block ends.

        Raises NotIngestedError, StoreError or EmbedderError.
        """
        copy = self._take(corpus_id)
        try:
            yield copy.made
        finally:
            self._give_back(copy)

    def opened(self) -> dict[str, str]:
        """The version of every corpus that is open, by corpus id."""
        with self._lock:
            return {corpus_id: self._copies[corpus_id].version for corpus_id in sorted(self._copies)}

    def refresh(self) -> dict[str, str]:
        """Replace every opened version whose pointer has moved; the new version ids by corpus.

        A corpus whose pointer is gone has nothing to serve any more, and lets go of its version.
        One that cannot be opened keeps none of the others back: its error is raised when nothing else has moved.
        """
        with self._lock:
            opened = {corpus_id: copy.version for corpus_id, copy in self._copies.items()}
        served = {key: self._versions(key).current() for key in opened}
        self._take_down([key for key, version in served.items() if version is None])
        moved = [key for key, version in served.items() if version not in {opened[key], None}]
        replaced: dict[str, str] = {}
        failures: list[BrainError] = []
        for corpus_id in moved:
            try:
                replaced[corpus_id] = self._open(corpus_id).version
            except BrainError as error:
                failures.append(error)
        if failures and not replaced:
            raise failures[0]
        return replaced

    def close(self) -> None:
        """Close what nobody reads; what is read closes itself when it is given back."""
        with self._lock:
            opened = list(self._copies)
        self._take_down(opened)

    def _take_down(self, corpus_ids: Sequence[str]) -> None:
        with self._lock:
            copies = [self._copies.pop(key) for key in corpus_ids if key in self._copies]
        for copy in copies:
            self._replace(copy)

    def _versions(self, corpus_id: str) -> Versions:
        return Versions(self._home / "versions", corpus_id)

    def _take(self, corpus_id: str) -> _Copy[Made]:
        while True:
            with self._lock:
                copy = self._copies.get(corpus_id)
                if copy is not None:
                    copy.readers += 1
                    return copy
            self._open(corpus_id)

    def _open(self, corpus_id: str) -> _Copy[Made]:
        """Open the current version, once even when several threads ask, and put it in the place of the old one."""
        with self._lock:
            opening = self._opening.setdefault(corpus_id, threading.Lock())
        with opening:
            with self._lock:
                old = self._copies.get(corpus_id)
            if old is not None and old.version == self._versions(corpus_id).current():
                return old
            with ExitStack() as undo:
                opened = self._opened(corpus_id)
                undo.callback(opened.close)
                fresh = _Copy(opened.manifest.version, self._make(opened))
                undo.pop_all()
            with self._lock:
                self._copies[corpus_id] = fresh
        if old is not None:
            self._replace(old)
        return fresh

    def _opened(self, corpus_id: str) -> OpenVersion:
        """Open the current version; once more when it was replaced and pruned in the meantime."""
        versions = self._versions(corpus_id)
        before = versions.current()
        try:
            return open_version(versions, self._home, embedder_id=self._embedder_id)
        except StoreError:
            if versions.current() == before:
                raise
            return open_version(versions, self._home, embedder_id=self._embedder_id)

    def _replace(self, copy: _Copy[Made]) -> None:
        with self._lock:
            copy.replaced = True
            unread = copy.readers == 0
        if unread:
            copy.made.close()

    def _give_back(self, copy: _Copy[Made]) -> None:
        with self._lock:
            copy.readers -= 1
            last = copy.replaced and copy.readers == 0
        if last:
            copy.made.close()
