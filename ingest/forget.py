"""Forget: publish every corpus without what somebody wants taken down, then delete all that is kept of it.

The tombstone is written first and says that it is not finished; every step looks at what is there, so that a process
that was killed anywhere is finished by running it again. The receipt grows with the steps.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from brain.catalog import Catalog
from brain.errors import BadInputError, NotFoundError, StoreError, UnknownCorpusError
from brain.records import Document, Record
from brain.versions import write_durably
from ingest.holdings import Holding, holdings, is_web, kept_pages, originals, widened
from ingest.own_files import OwnFiles, delete_files, forget_decisions, forget_reports, own_files
from ingest.purge import Purged, purge_cache, purge_sets
from ingest.tombstones import Target, Tombstone, Tombstones, read_target, same_address

if TYPE_CHECKING:
    from brain.catalog import Corpus

_LEASE_SECONDS = 20.0
_LOOK_AGAIN = 0.2


class CorpusReceipt(Record):
    """What became of one corpus: the served version before and after ("" when none is), and the versions deleted."""

    corpus: str
    before: str
    after: str
    deleted: tuple[str, ...] = ()
    documents: int = 0
    reports: int = 0


class Receipt(Record):
    """What was deleted, where and when. It names addresses and ids, never a text.

    `kept` says what stays and why; `held` which deleted versions a running reader still has open, `searched` how many
    files were searched for lines of the texts afterwards, and `found_again` which of them hold one.
    """

    tombstone: Tombstone
    started: datetime
    finished: datetime | None = None
    corpora: tuple[CorpusReceipt, ...] = ()
    cache: Purged = Purged()
    question_sets: int = 0
    decisions: int = 0
    files: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    held: tuple[str, ...] = ()
    searched: int = 0
    found_again: tuple[str, ...] = ()
    path: str = ""


@dataclass(frozen=True)
class Plan:
    """What would be forgotten: the widened tombstone, and where it was found."""

    stone: Tombstone
    found: Sequence[Holding]
    pages: Sequence[str]
    files: OwnFiles
    originals: Sequence[str]

    @property
    def named(self) -> Tombstones:
        """The tombstone as something to ask."""
        return Tombstones([self.stone])

    @property
    def empty(self) -> bool:
        """Whether nothing at all is held of it."""
        return not (self.stone.documents or self.pages or self.files.ours or self.files.kept or self.known)

    @property
    def known(self) -> list[str]:
        """The addresses that runs have met, found or left out."""
        named = self.named
        met = (item.address for one in self.found for item in one.outcomes.values() if _names(named, item.address, one))
        return sorted(set(met))


def _names(named: Tombstones, address: str, one: Holding) -> bool:
    return named.find(address, corpus=one.corpus) is not None


def plan(text: str, home: Path, catalog: Catalog, *, corpus: str = "", reason: str = "") -> Plan:
    """Find what would be forgotten.

    Raises UnknownCorpusError; BadInputError for what is no address, domain or id; NotFoundError for an id, or a path of
    a file, that nothing here knows. Addresses and domains that nobody knows yet may be forbidden in advance.
    """
    if corpus and corpus not in catalog.ids() and not (home / "versions" / corpus).is_dir():
        raise UnknownCorpusError(corpus, catalog.ids())
    found = holdings(home, corpus)
    fresh = Tombstone.of(_target(text, found), corpus=corpus, reason=reason)
    old = next((one for one in Tombstones.load(home).stones if one.id == fresh.id), None)
    stone = old.model_copy(update={"reason": reason or old.reason, "finished": None}) if old else fresh
    made = _planned(_with_unused_copies(stone, home, found), home, catalog, found)
    may_come = stone.kind in {"domain", "account"} or is_web(stone.value)
    if made.empty and old is None and not may_come:
        raise NotFoundError(
            f"Nothing here is called {text!r}.",
            next_step="Give an address, a domain or a document id; see `ingest why`.",
        )
    return made


def _target(text: str, found: Sequence[Holding]) -> Target:
    """An address that a corpus knows by exactly this spelling is that address, also where it looks like a domain."""
    known = {held.url for one in found for documents in one.documents.values() for held in documents}
    known |= {address for one in found for address in one.outcomes}
    return Target(kind="address", value=text) if text in known and not is_web(text) else read_target(text)


def _planned(stone: Tombstone, home: Path, catalog: Catalog, found: Sequence[Holding]) -> Plan:
    pages = kept_pages(_cache(home))
    wider = widened(stone, found, pages)
    named, anywhere = Tombstones([wider]), _anywhere(wider)
    copies = [name for name, final in pages if anywhere(name) or anywhere(final)]
    files = own_files(catalog, home, named, stone.corpus)
    return Plan(wider, found, copies, files, originals(found, wider))


def _with_unused_copies(stone: Tombstone, home: Path, found: Sequence[Holding]) -> Tombstone:
    from ingest.unused_copies import unused_copies

    wider = widened(stone, found, kept_pages(_cache(home)))
    copies = set(unused_copies(_cache(home), found, Tombstones([wider]))) - {wider.value}
    return wider.model_copy(update={"addresses": tuple(sorted({*wider.addresses, *copies}))})


def _anywhere(stone: Tombstone) -> Callable[[str], bool]:
    """Whether an address is forgotten in any corpus: the cache does not know which one it worked for."""
    loose = Tombstones([stone.model_copy(update={"corpus": ""})])
    local = {same_address(address.partition(":")[2]) for address in stone.addresses if not is_web(address)}
    return lambda address: loose.find(address) is not None or same_address(address) in local


def _cache(home: Path) -> Path:
    return home / "cache" / "stages.sqlite"


def carry_out(stone: Tombstone, home: Path, catalog: Catalog, *, patience: float = 15.0) -> Receipt:
    """Forget, and give the receipt, which is kept under `receipts/` in the home.

    `patience` is how many seconds to wait for readers to let go of deleted versions. Raises BusyError, before anything
    is changed, while another run works on a corpus; StoreError when a step cannot be done: run again to finish.
    """
    with _alone(home):
        made = _planned(stone, home, catalog, holdings(home, stone.corpus))
        stones = Tombstones.load(home).put(home, made.stone)
        ledger = _Ledger(home, made)
        lines = _lines(made)
        keys = _vector_keys(made)
        for one in made.found:
            _forget_in(one, made.named, stones, home, catalog, ledger)
        anywhere = _anywhere(made.stone)
        purged = purge_cache(_cache(home), anywhere, made.stone.documents, keys, lines)
        ledger.add(cache=_sum(ledger.receipt.cache, purged))
        sets = purge_sets(home / "service.sqlite", anywhere, made.stone.documents)
        ledger.add(question_sets=ledger.receipt.question_sets + sets)
        _forget_files(made, home, ledger)
        ledger.add(held=tuple(_wait_for_readers(home, patience)))
        _search(home, lines, ledger)
        return _finish(made, stones, home, ledger)


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """Hold every corpus that was ever run, so that no run takes in again what is being deleted."""
    with ExitStack() as held:
        for one in holdings(home):
            held.enter_context(one.versions.working())
        yield


class _Ledger:
    """The receipt under way, written after every step; one that a killed process left is continued."""

    def __init__(self, home: Path, made: Plan) -> None:
        folder = home / "receipts"
        folder.mkdir(parents=True, exist_ok=True)
        self.receipt = self._begun(folder, made.stone)
        self.path = folder / f"{self.receipt.started:%Y%m%dT%H%M%SZ}-{made.stone.id}.json"
        stays = (f"{address} stays, although near-copies of it were forgotten" for address in made.originals)
        self.add(tombstone=made.stone, kept=tuple(sorted({*self.receipt.kept, *stays, *made.files.kept})))

    @staticmethod
    def _begun(folder: Path, stone: Tombstone) -> Receipt:
        for path in sorted(folder.glob(f"*-{stone.id}.json")):
            receipt = Receipt.model_validate_json(path.read_bytes())
            if receipt.finished is None:
                return receipt
        return Receipt(tombstone=stone, started=datetime.now(UTC))

    def add(self, **fields: object) -> None:
        """Change fields of the receipt and keep it."""
        self.receipt = self.receipt.model_copy(update=fields | {"path": str(self.path)})
        write_durably(self.path, self.receipt.model_dump_json(indent=1))

    def corpus(self, changed: CorpusReceipt) -> None:
        """Put what became of a corpus in the place of what was known of it."""
        others = (one for one in self.receipt.corpora if one.corpus != changed.corpus)
        self.add(corpora=tuple(sorted((*others, changed), key=lambda one: one.corpus)))

    def of(self, corpus: str, before: str) -> CorpusReceipt:
        """What is known of a corpus so far."""
        known = (one for one in self.receipt.corpora if one.corpus == corpus)
        return next(known, CorpusReceipt(corpus=corpus, before=before, after=before))


def _lines(made: Plan) -> list[bytes]:
    from ingest.leftovers import lines_of

    return lines_of(made.found, made.named)


def _vector_keys(made: Plan) -> set[str]:
    from ingest.embed import vector_key
    from ingest.leftovers import texts_of

    return {vector_key(*text) for one in made.found for text in texts_of(one, made.named)}


def _forget_in(
    one: Holding, named: Tombstones, stones: Tombstones, home: Path, catalog: Catalog, ledger: _Ledger
) -> None:
    """Publish one corpus without what is named, then delete every version that holds it."""
    doomed = one.holding(named)
    served = one.versions.current()
    done = ledger.of(one.corpus, served or "")
    if served in doomed:
        gone = sum(_names_held(named, held.url, held.id, one) for held in one.documents.get(served, []))
        done = done.model_copy(update={"after": _republish(one, stones, home, catalog), "documents": gone})
        ledger.corpus(done)
    for version in doomed:
        if not one.versions.delete(version, seconds=_LEASE_SECONDS):
            raise StoreError(
                f"A reader holds {version} of {one.corpus!r} open.", next_step="Run the same `ingest forget` again."
            )
        done = done.model_copy(update={"deleted": (*done.deleted, version)})
        ledger.corpus(done)
    if reports := forget_reports(one, named):
        ledger.corpus(done.model_copy(update={"reports": done.reports + reports}))


def _names_held(named: Tombstones, url: str, document_id: str, one: Holding) -> bool:
    return named.find(url, document_id, corpus=one.corpus) is not None


def _republish(one: Holding, stones: Tombstones, home: Path, catalog: Catalog) -> str:
    """The version that is served instead, or "" when nothing stayed and so nothing is served."""
    from ingest.republish import republish_without

    def unwanted(document: Document) -> bool:
        return stones.find(document.url, document.id, corpus=one.corpus) is not None

    manifest = republish_without(
        one.versions,
        unwanted,
        home / "readers",
        corpus=_described(catalog, one.corpus),
        tombstones=stones.ids(one.corpus),
    )
    if manifest is None:
        one.versions.withdraw()
    return manifest.version if manifest else ""


def _described(catalog: Catalog, corpus_id: str) -> "Corpus | None":
    """The corpus, unless it is described no longer, or wrongly."""
    try:
        return catalog.corpus(corpus_id)
    except (BadInputError, NotFoundError):
        return None


def _forget_files(made: Plan, home: Path, ledger: _Ledger) -> None:
    overlay = home / "corpora"
    corpora = sorted(path.name for path in overlay.glob("*") if made.stone.corpus in {"", path.name})
    decisions = forget_decisions(overlay, made.named, corpora)
    deleted = [path.relative_to(home).as_posix() for path in delete_files(made.files, overlay)]
    files = tuple(sorted({*ledger.receipt.files, *deleted}))
    ledger.add(files=files, decisions=ledger.receipt.decisions + decisions)


def _wait_for_readers(home: Path, patience: float) -> list[str]:
    """Remove private copies that nobody holds, and wait for readers to switch; which deleted versions stay open."""
    from brain.copies import held_copies

    until = time.monotonic() + patience
    while held := [copy for copy in held_copies(home / "readers") if not (home / "versions" / copy).exists()]:
        if time.monotonic() > until:
            break
        time.sleep(_LOOK_AGAIN)
    return held


def _search(home: Path, lines: Sequence[bytes], ledger: _Ledger) -> None:
    from ingest.leftovers import search

    if lines:
        searched, again = search(home, lines)
        ledger.add(searched=searched, found_again=tuple(again))


def _finish(made: Plan, stones: Tombstones, home: Path, ledger: _Ledger) -> Receipt:
    finished = datetime.now(UTC)
    stone = made.stone.model_copy(update={"finished": finished})
    ledger.add(tombstone=stone, finished=finished)
    stones.put(home, stone)
    return ledger.receipt


def _sum(one: Purged, other: Purged) -> Purged:
    return Purged(**{name: getattr(one, name) + getattr(other, name) for name in Purged.model_fields})
