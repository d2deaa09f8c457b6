"""Tombstones: what was forgotten and is never taken in again.

    <home>/tombstones.json      every tombstone, oldest first; it names addresses, domains and ids, never a text

One file for the whole data home, since a takedown speaks to every corpus, and so that it is durable before anything is
deleted. Loading it costs a small file; judging an address costs a look-up per label of its host name.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urldefrag, urlsplit

from pydantic import ValidationError

from brain.errors import BadInputError, StoreError
from brain.records import Record, content_id
from brain.sources import canonical, source_of
from brain.versions import write_durably

FILE = "tombstones.json"
Kind = Literal["address", "domain", "account", "document"]
_ID = re.compile(r"[a-z]+_[0-9a-f]{16}")
_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9_-]+(\.[a-z0-9_-]+)*)(:\d{1,5})?", re.IGNORECASE)


class Target(Record):
    """What somebody wants forgotten, or explained."""

    kind: Kind
    value: str


def read_target(text: str) -> Target:
    """Tell an address, a domain, an account on a hosting platform and an id apart by their spelling.

    A file name may look like a domain (`notes.md`): whoever knows the addresses of the corpora asks those first.
    Raises BadInputError for what is none of these.
    """
    given = text.strip()
    if not given:
        raise BadInputError("Nothing was named.", next_step="Give an address, a domain or a document id.")
    if _ID.fullmatch(given):
        return Target(kind="document", value=given)
    if given.lower().startswith(("http://", "https://")):
        return Target(kind="address", value=_checked(given))
    bare = given.lower().removeprefix("www.").rstrip("/")
    if _HOST.fullmatch(bare) and ("." in bare or ":" in bare):
        return Target(kind="domain", value=bare)
    if _HOST.fullmatch(bare.partition("/")[0]) and source_of(f"https://{bare}") == bare:
        return Target(kind="account", value=bare)
    return Target(kind="address", value=given)


def _checked(url: str) -> str:
    try:
        return canonical(url)
    except ValueError as error:
        raise BadInputError(f"{url!r} is no address: {error}.", next_step="Check its spelling.") from error


def same_address(address: str) -> str:
    """What two spellings of one address have in common: canonical, and the same over http and https."""
    try:
        plain = canonical(address)
    except ValueError:
        return address
    return plain.partition("://")[2] if plain.startswith(("http://", "https://")) else plain


class Tombstone(Record):
    """One thing that was forgotten; `corpus` is empty when that holds for all.

    `addresses` are the pages that held it, those that led there by redirect and those of its near-copies, a local file
    as `corpus:path`; `documents` are the ids that were deleted. `finished` is None while something may be left.
    """

    id: str
    kind: Kind
    value: str
    corpus: str = ""
    reason: str = ""
    created: datetime
    addresses: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    finished: datetime | None = None

    @classmethod
    def of(cls, target: Target, *, corpus: str = "", reason: str = "") -> Self:
        """A fresh tombstone; the same target has the same id."""
        return cls(
            id=content_id("t", target.kind, target.value, corpus),
            kind=target.kind,
            value=target.value,
            corpus=corpus,
            reason=reason,
            created=datetime.now(UTC),
        )

    @property
    def says(self) -> str:
        """Why something is left out, as reports say it."""
        because = f": {self.reason}" if self.reason else ""
        return f"forgotten on {self.created:%Y-%m-%d} ({self.kind} {self.value}){because}"


@dataclass(frozen=True, slots=True)
class Held:
    """A document as a version holds it: what tells whether a tombstone names it."""

    id: str
    url: str
    group: str
    form: str


def read_held(folder: Path) -> Iterator[Held]:
    """The documents of a version, without their texts."""
    with (folder / "documents.jsonl").open("rb") as file:
        for line in file:
            data = json.loads(line)
            yield Held(data["id"], data["url"], data.get("duplicate_group", ""), data["form"])


class _File(Record):
    tombstones: tuple[Tombstone, ...] = ()


class Tombstones:
    """All tombstones of a data home, and quick answers to "is this one forgotten?"."""

    def __init__(self, stones: Iterable[Tombstone] = ()) -> None:
        self.stones: Sequence[Tombstone] = tuple(stones)
        self._by_key: dict[str, list[Tombstone]] = {}
        for stone in self.stones:
            for key in _keys(stone):
                self._by_key.setdefault(key, []).append(stone)
        self._accounts = any(stone.kind == "account" for stone in self.stones)

    @classmethod
    def load(cls, home: Path) -> Self:
        """Those of a data home; none when it has none. Raises StoreError when the file is damaged."""
        path = home / FILE
        try:
            return cls(_File.model_validate_json(path.read_bytes()).tombstones)
        except FileNotFoundError:
            return cls()
        except ValidationError as error:
            raise StoreError(
                f"{path} is damaged, so nobody knows what must stay forgotten: {error}",
                next_step="Restore it from a backup, or correct it by hand; nothing was published.",
            ) from error

    def names(self, address: str, document_id: str = "", *, corpus: str = "") -> str | None:
        """Why an address or a document stays out of a corpus, or None when nothing names it."""
        found = self.find(address, document_id, corpus=corpus)
        return found.says if found else None

    def find(self, address: str, document_id: str = "", *, corpus: str = "") -> Tombstone | None:
        """The first tombstone that names an address or a document."""
        for key in self._asked(address, document_id, corpus):
            for stone in self._by_key.get(key, ()):
                if not stone.corpus or stone.corpus == corpus:
                    return stone
        return None

    def of(self, corpus: str) -> list[Tombstone]:
        """Those that speak to a corpus."""
        return [stone for stone in self.stones if stone.corpus in {"", corpus}]

    def ids(self, corpus: str) -> tuple[str, ...]:
        """What a version's manifest says of them, sorted."""
        return tuple(sorted(stone.id for stone in self.of(corpus)))

    def put(self, home: Path, stone: Tombstone) -> "Tombstones":
        """All of them with this one, which replaces the one of its id, written durably."""
        others = [other for other in self.stones if other.id != stone.id]
        fresh = Tombstones([*others, stone])
        home.mkdir(parents=True, exist_ok=True)
        write_durably(home / FILE, _File(tombstones=tuple(fresh.stones)).model_dump_json(indent=1))
        return fresh

    def holds(self, folder: Path) -> str | None:
        """Why a version, given by its folder, may not be served, or None. Raises StoreError when it is damaged."""
        try:
            for held in read_held(folder):
                if reason := self.names(held.url, held.id, corpus=folder.parent.name):
                    return f"{held.url}, {reason}"
        except (OSError, ValueError, KeyError) as error:
            raise StoreError(
                f"The documents of {folder.name} cannot be read: {error}", next_step="Nothing was changed."
            ) from error
        return None

    def _asked(self, address: str, document_id: str, corpus: str) -> Iterable[str]:
        if document_id:
            yield f"document {document_id}"
        if not address:
            return
        plain = same_address(address)
        yield f"address {plain}"
        yield f"address {urldefrag(plain).url}"
        if address.lower().startswith(("http://", "https://")):
            yield from (f"domain {name}" for name in _domains(address))
            if self._accounts:
                yield f"account {source_of(address)}"
        elif corpus:
            yield f"address {corpus}:{plain}"


def _keys(stone: Tombstone) -> Iterable[str]:
    if stone.kind != "address":
        yield f"{stone.kind} {stone.value}"
    else:
        yield f"address {same_address(stone.value)}"
    yield from (f"address {same_address(address)}" for address in stone.addresses)
    yield from (f"document {document_id}" for document_id in stone.documents)


def _domains(address: str) -> Iterable[str]:
    """The host with and without its port, and every domain above it."""
    try:
        parts = urlsplit(address)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return
    shown = f"[{host}]" if ":" in host else host
    yield shown.removeprefix("www.")
    if port is not None:
        yield f"{shown.removeprefix('www.')}:{port}"
    labels = host.split(".")
    yield from (".".join(labels[first:]) for first in range(1, len(labels) - 1))
