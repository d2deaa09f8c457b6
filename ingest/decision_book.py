"""The operator's `decisions.toml` of one corpus: written durably after every decision, by one process at a time."""

from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path

from filelock import FileLock

from brain.catalog import Corpus
from brain.sources import canonical
from brain.tomlfiles import read_toml
from ingest import tomltext
from ingest.review import Decision, Decisions, Merge, Named, quote_hash, read_decisions

_HEAD = """\
# What people decided about the questions of this corpus. Written by `ingest review`, which keeps no comments here: use
# `note`. A question is named by the address of its document and by its quote, so that it is found again later.
"""


class DecisionBook:
    """The decisions of a corpus: read from every root, written to the operator's overlay."""

    def __init__(self, corpus: Corpus, overlay: Path) -> None:
        self.path = overlay / corpus.id / "decisions.toml"
        self._others = [path for path in corpus.decisions if path != self.path]

    def decisions(self) -> Decisions:
        """All that holds now. Raises CatalogError for a wrong file."""
        return read_decisions([*self._others, *([self.path] if self.path.exists() else [])])

    def put(self, decision: Decision, *, instead_of: Named | None = None) -> None:
        """Keep a decision in the place of those of the same key and of `instead_of`."""
        old = {decision.key, instead_of.key} if instead_of else {decision.key}
        taken_back = [_undecided(instead_of)] if instead_of and instead_of.key != decision.key else []
        added = [*(one for one in taken_back if self._shipped(one)), decision]

        def change(own: Decisions) -> Decisions:
            kept = (one for one in own.decision if one.key not in old)
            return own.model_copy(update={"decision": (*kept, *added)})

        self._change(change)

    def merge(self, one: Named, other: Named) -> None:
        """Keep that two questions are the same ask."""
        merge = Merge(one=_name(one), other=_name(other))
        self._change(lambda own: own.model_copy(update={"merge": (*_without(own.merge, merge), merge)}))

    def undo(self, named: Named) -> int:
        """Take back what was decided of a question, and its merges; how many there were.

        What another root says stays in its file, and a line of our own sets it aside.
        """
        before = self.decisions()
        gone = [one for one in before.decision if one.key == named.key]
        merges = [one for one in before.merge if named.key in one.key]
        asides = [_undecided(one) for one in gone if self._shipped(one)]
        splits = [one.model_copy(update={"same": False}) for one in merges if self._merged_elsewhere(one)]

        def change(own: Decisions) -> Decisions:
            decided = (one for one in own.decision if one.key != named.key)
            merged = (one for one in own.merge if named.key not in one.key)
            return Decisions(decision=(*decided, *asides), merge=(*merged, *splits))

        if gone or merges:
            self._change(change)
        return len(gone) + len(merges)

    def _shipped(self, named: Named) -> bool:
        return any(one.key == named.key for one in read_decisions(self._others).decision)

    def _merged_elsewhere(self, merge: Merge) -> bool:
        return any(one.key == merge.key for one in read_decisions(self._others).merge)

    def _change(self, change: Callable[[Decisions], Decisions]) -> None:
        change_file(self.path, change)


def change_file(path: Path, change: Callable[[Decisions], Decisions]) -> None:
    """Read, change and replace one file of decisions, durably, while nobody else does."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(path.with_name(f".{path.name}.lock")):
        own = read_toml(path, Decisions) if path.exists() else Decisions()
        tomltext.save(path, _rendered(change(own)))


def drop_decisions(path: Path, addresses: Collection[str]) -> int:
    """Delete what one file says of documents at these addresses, quotes and all; how many entries went."""
    gone = {canonical(address) for address in addresses}
    if not path.exists() or not any(_touches(one, gone) for one in _entries(read_toml(path, Decisions))):
        return 0
    dropped = 0

    def change(own: Decisions) -> Decisions:
        nonlocal dropped
        dropped = sum(_touches(one, gone) for one in _entries(own))
        kept = [one for one in _entries(own) if not _touches(one, gone)]
        return Decisions(
            decision=tuple(one for one in kept if isinstance(one, Decision)),
            merge=tuple(one for one in kept if isinstance(one, Merge)),
        )

    change_file(path, change)
    return dropped


def _entries(decisions: Decisions) -> Sequence[Decision | Merge]:
    return [*decisions.decision, *decisions.merge]


def _touches(one: Decision | Merge, addresses: Collection[str]) -> bool:
    keys = one.key if isinstance(one, Merge) else {one.key}
    return any(address in addresses for address, _ in keys)


def _without(merges: Iterable[Merge], one: Merge) -> Iterable[Merge]:
    return (merge for merge in merges if merge.key != one.key)


def _name(named: Named) -> Named:
    return Named(document=named.document, quote=named.quote, quote_hash=named.quote_hash)


def _undecided(named: Named) -> Decision:
    return Decision(
        document=named.document, quote=named.quote, quote_hash=named.quote_hash, verdict="undecided", note="taken back"
    )


def _rendered(decisions: Decisions) -> str:
    decided = sorted(decisions.decision, key=lambda one: (one.document, one.quote))
    merged = sorted(decisions.merge, key=lambda one: (one.one.document, one.one.quote, one.other.document))
    return "\n".join([_HEAD, *map(_decision_text, decided), *map(_merge_text, merged)])


def _decision_text(decision: Decision) -> str:
    said = decision.model_dump(exclude_none=True, exclude_defaults=True, exclude=set(Named.model_fields))
    fields = {"verdict": decision.verdict} | said
    return "[[decision]]\n" + _named_text(decision) + tomltext.pairs(fields.items())


def _merge_text(merge: Merge) -> str:
    same = "" if merge.same else "same = false\n"
    return f"[[merge]]\n{same}[merge.one]\n{_named_text(merge.one)}[merge.other]\n{_named_text(merge.other)}"


def _named_text(named: Named) -> str:
    given: list[tuple[str, tomltext.Value]] = [("document", named.document)]
    if named.quote:
        given.append(("quote", named.quote))
    return tomltext.pairs([*given, ("quote_hash", named.quote_hash or quote_hash(named.quote))])
