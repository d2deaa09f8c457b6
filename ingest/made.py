"""What the stage cache remembers of an address: its page copy, and what each stage made of it."""

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from brain.records import Record


class PageCopy(Record):
    """The last good copy of a page: the day it came, the address that answered, its type and size in bytes."""

    address: str
    answered: str
    retrieved: date | None
    media_type: str
    size: int
    robots: str = ""
    signals: tuple[str, ...] = ()
    validated_by: str = ""


class Made(Record):
    """What one stage made: in words, or the reason why it used nothing of it."""

    stage: str
    said: str
    left_out: bool = False


STAGES = ("extract", "screen", "split", "mine")


def page_copies(cache: Path, named: Callable[[str], bool]) -> list[PageCopy]:
    """The page copies of the addresses that are named; a redirect counts under both of its addresses."""
    with _opened(cache) as db:
        rows = db.execute("SELECT url, record, length(content) FROM pages") if db else ()
        copies = (_copy(str(url), json.loads(record), int(size)) for url, record, size in rows)
        return [copy for copy in copies if named(copy.address) or named(copy.answered)]


def made_of(cache: Path, named: Callable[[str], bool]) -> list[Made]:
    """What the stages made of the addresses that are named, the newest result of each stage and kind of outcome."""
    with _opened(cache) as db:
        if db is None:
            return []
        found: dict[tuple[str, str], Made] = {}
        for value in _values(db, named):
            stage = str(value.get("stage", ""))
            if stage in STAGES and (made := _described(stage, value)):
                found.setdefault((stage, made.said if stage == "screen" else ""), made)
    return sorted(found.values(), key=lambda made: STAGES.index(made.stage))


@contextmanager
def _opened(cache: Path) -> Iterator[sqlite3.Connection | None]:
    """The cache's file, or None when there is none."""
    if not cache.exists():
        yield None
        return
    with closing(sqlite3.connect(cache, timeout=30)) as db:
        tables = {str(name) for (name,) in db.execute("SELECT name FROM sqlite_master")}
        yield db if {"pages", "owners", "results"} <= tables else None


def _copy(address: str, record: dict[str, Any], size: int) -> PageCopy:
    retrieved = record.get("retrieved")
    tags = {"ETag": record.get("etag"), "Last-Modified": record.get("last_modified")}
    return PageCopy(
        address=address,
        answered=str(record.get("url", address)),
        retrieved=date.fromisoformat(retrieved) if retrieved else None,
        media_type=str(record.get("media_type", "")),
        size=size,
        robots=str(record.get("robots", "")),
        signals=tuple(record.get("signals", ())),
        validated_by=" and ".join(name for name, value in tags.items() if value),
    )


def _values(db: sqlite3.Connection, named: Callable[[str], bool]) -> Iterator[dict[str, Any]]:
    """The results that were made from the named addresses, last used first."""
    addresses = [str(address) for (address,) in db.execute("SELECT DISTINCT address FROM owners")]
    for address in filter(named, addresses):
        rows = db.execute(
            "SELECT value FROM owners JOIN results USING (key) WHERE address = ? AND substr(value, 1, 1) = x'7B'"
            " ORDER BY used DESC, results.rowid DESC",
            (address,),
        )
        for (value,) in rows:
            yield json.loads(value)


def _described(stage: str, value: dict[str, Any]) -> Made | None:
    if "left_out" in value:
        return Made(stage=stage, said=str(value["left_out"]), left_out=True)
    describe = {"extract": _extracted, "screen": _screened, "split": _split, "mine": _mined}[stage]
    return Made(stage=stage, said=describe(value["made"]))


def _extracted(made: dict[str, Any]) -> str:
    facts = [
        f"“{made['title']}”",
        f"{len(made['text'].split())} words",
        f"language {made['language']}",
        f"published {made['published']}",
        f"interviewed {made['interviewed']}",
    ]
    if made.get("comments"):
        facts.append(f"{len(made['comments'].split())} words of comments kept apart")
    if made.get("signals"):
        facts.append(f"signals {', '.join(made['signals'])}")
    return ", ".join(facts)


def _screened(made: dict[str, Any]) -> str:
    document = made["document"]
    kind, form = document["kind"].replace("_", " "), document["form"]
    account = f", {document['account'].replace('_', ' ')}" if document.get("account") else ""
    return f"kept as {kind} ({form}{account}, role {document['role_match'].replace('_', ' ')}), {document['id']}"


def _split(made: dict[str, Any]) -> str:
    flagged = sum(bool(passage.get("flags")) for passage in made["passages"])
    return f"{len(made['passages'])} passages" + (f", {flagged} of them flagged" if flagged else "")


def _mined(made: dict[str, Any]) -> str:
    kinds = Counter(question["kind"].replace("_", " ") for question in made["questions"])
    counted = ", ".join(f"{number} {kind}" for kind, number in kinds.most_common())
    return f"{len(made['questions'])} questions" + (f": {counted}" if counted else "")
