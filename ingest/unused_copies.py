"""Near-copies of a forgotten text that no run has compared, since screening left them out: they lie in the cache.

They would come forward when screening changes, and they say the same words, so they go with what is forgotten.
"""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from brain.jsonlines import read_records
from brain.records import Document
from ingest.duplicates import Fingerprinted, fingerprint, group
from ingest.holdings import Holding
from ingest.tombstones import Tombstones

_RESULTS = """SELECT address, value FROM owners JOIN results USING (key) WHERE substr(value, 1, 1) = x'7B'
 ORDER BY address, used"""


def unused_copies(cache: Path, found: Sequence[Holding], named: Tombstones) -> list[str]:
    """The addresses of cached texts that are near-copies of forgotten documents, and were never compared with them."""
    forgotten = [_entry(one.id, one.kind, one.text) for one in _forgotten(found, named)]
    if not forgotten or not cache.exists():
        return []
    candidates = [_entry(address, made["kind"], made["text"]) for address, made in _left_out(cache)]
    leaders = group([*forgotten, *candidates])
    copied = {leaders[one.id] for one in forgotten}
    return sorted(one.id for one in candidates if leaders[one.id] in copied)


def _entry(name: str, kind: Any, text: str) -> Fingerprinted:
    return Fingerprinted(name, fingerprint(text), (False, "", name), "verbatim", kind)


def _forgotten(found: Sequence[Holding], named: Tombstones) -> Iterator[Document]:
    seen: set[str] = set()
    for one in found:
        for version in set(one.holding(named)) & one.documents.keys():
            for document in read_records(one.versions.folder(version) / "documents.jsonl", Document):
                gone = named.find(document.url, document.id, corpus=one.corpus)
                if gone and document.form == "verbatim" and document.id not in seen:
                    seen.add(document.id)
                    yield document


def _left_out(cache: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """What was extracted from each address whose text never reached the comparison."""
    extracted: dict[str, dict[str, Any]] = {}
    compared: set[str] = set()
    with closing(sqlite3.connect(cache, timeout=30)) as db:
        tables = {str(name) for (name,) in db.execute("SELECT name FROM sqlite_master")}
        for address, value in db.execute(_RESULTS) if {"owners", "results"} <= tables else ():
            result = json.loads(value)
            if result.get("stage") == "fingerprint":
                compared.add(address)
            elif result.get("stage") == "extract" and "made" in result and result["made"]["form"] == "verbatim":
                extracted[address] = {name: result["made"][name] for name in ("kind", "text")}
    yield from ((address, made) for address, made in extracted.items() if address not in compared and made["text"])
