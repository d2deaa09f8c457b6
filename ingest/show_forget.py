"""What `ingest forget` prints for people: what will go, and what went."""

from collections.abc import Iterable

from rich.text import Text

from ingest.forget import Plan, Receipt
from ingest.show import console

_SHOWN = 12


def show_plan(plan: Plan) -> None:
    """Everything that would be deleted, before anybody is asked."""
    out = console()
    stone = plan.stone
    out.print(Text.assemble("To forget: ", (f"{stone.kind} {stone.value}", "bold"), _scope(stone.corpus)))
    if plan.empty:
        out.print("  nothing here holds it; a tombstone keeps it out from now on")
        return
    named = plan.named
    for one in plan.found:
        versions = one.holding(named)
        urls = {
            held.url
            for v in one.documents
            for held in one.documents[v]
            if named.find(held.url, held.id, corpus=one.corpus)
        }
        if versions or urls:
            served = one.versions.current()
            out.print(Text.assemble("  ", (one.corpus, "bold"), f"  {_count(len(urls), 'document')}"))
            _list(sorted(urls))
            ends = "a version without them is published" if served in versions else "the served version holds none"
            out.print(f"    {ends}; deleted: {', '.join(versions) or 'no version'}")
    if others := [address for address in stone.addresses if address != stone.value]:
        out.print(
            f"  with it, as near-copies, redirects or places of it: {_count(len(others), 'address', 'addresses')}"
        )
        _list(others)
    for line in _elsewhere(plan):
        out.print(f"  {line}")


def _elsewhere(plan: Plan) -> Iterable[str]:
    if plan.pages:
        yield f"{_count(len(plan.pages), 'page copy', 'page copies')} in the cache, and what the stages made of them"
    yield from (f"the file {path} is deleted" for path in plan.files.ours)
    yield from plan.files.kept
    yield from (
        f"{address} stays: it is the original of a near-copy that goes; forget it, too, if it should go"
        for address in plan.originals
    )


def show_receipt(receipt: Receipt) -> None:
    """What was deleted, and where the receipt lies."""
    out = console()
    stone = receipt.tombstone
    out.print(Text.assemble("Forgotten: ", (f"{stone.kind} {stone.value}", "bold"), _scope(stone.corpus)))
    for one in receipt.corpora:
        moved = f"{one.before or 'nothing'} → {one.after or 'nothing is served any more'}"
        out.print(Text.assemble("  ", (one.corpus, "bold"), f"  {moved if one.before != one.after else one.before}"))
        went = [_count(one.documents, "document"), _count(len(one.deleted), "version"), _count(one.reports, "report")]
        out.print(f"    {went[0]} left out, {went[1]} deleted, {went[2]} of runs cleared")
    cache = receipt.cache
    out.print(
        f"  cache: {_count(cache.results, 'result')}, {_count(cache.pages, 'page copy', 'page copies')}"
        f" and {_count(cache.listings, 'listing')} deleted"
        + (f", with {cache.ownerless} results of unknown origin" if cache.ownerless else "")
    )
    out.print(
        f"  {_count(receipt.question_sets, 'stored question set')}, {_count(receipt.decisions, 'review decision')}"
        f" and {_count(len(receipt.files), 'file')} deleted"
    )
    for line in _caveats(receipt):
        out.print(Text(f"  {line}", style="yellow"))
    if receipt.searched:
        out.print(f"  {_count(receipt.searched, 'file')} searched for its text afterwards")
    out.print(f"  it is never taken in again; the receipt is {receipt.path}")


def _caveats(receipt: Receipt) -> Iterable[str]:
    yield from receipt.kept
    yield from (f"a running reader still holds {held}; it lets go when it switches" for held in receipt.held)
    yield from (f"{path} still holds a line of it, maybe as the words of another page" for path in receipt.found_again)


def _scope(corpus: str) -> str:
    return f" in {corpus}" if corpus else " in every corpus"


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


def _list(items: Iterable[str]) -> None:
    listed = list(items)
    for item in listed[:_SHOWN]:
        console().print(Text(f"      {item}", style="cyan"))
    if len(listed) > _SHOWN:
        console().print(f"      and {len(listed) - _SHOWN} more")
