"""What a run did, address by address and stage by stage: the record that people and machines read."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import Field

from brain.records import Record
from brain.versions import Manifest, write_durably

Outcome = Literal["used", "left out"]
Result = Literal["published", "unchanged", "dry run"]
Fetching = Literal["fetched", "unchanged", "kept copy", "read", "listed", "not asked", "refused", "failed"]
"""How the bytes came: over the web, answered 304, from an earlier run, from disk, inside a listing, or not at all."""

_KEPT_REPORTS = 20


class AddressOutcome(Record):
    """What became of one address: the document it gave, or the reason why it gave none.

    `source` is the name in the corpus file, "" for the corpus's own files; `seconds` covers fetching and reading.
    """

    address: str
    source: str = ""
    outcome: Outcome
    fetching: Fetching = "read"
    reason: str = ""
    document_id: str = ""
    title: str = ""
    kind: str = ""
    passages: int = 0
    questions: int = 0
    near_copy_of: str = ""
    seconds: float = 0.0


class Changes(Record):
    """What the version of a run gains and loses against the one before: addresses of documents, ids of questions."""

    documents_gained: tuple[str, ...] = ()
    documents_changed: tuple[str, ...] = ()
    documents_lost: tuple[str, ...] = ()
    questions_gained: tuple[str, ...] = ()
    questions_lost: tuple[str, ...] = ()


class RunReport(Record):
    """One run of one corpus.

    `computed` and `reused` count stage results, `fetching` how the bytes of addresses came. `seconds` are those of the
    run's parts, one after the other; `stage_seconds` those of computing inside reading, summed over all processes.
    `would_ask` is what a dry run would have asked the web for; `reviewed` counts what people's decisions did, and
    `unmatched` names those that found no question.
    """

    corpus: str
    result: Result
    version: str | None
    started: datetime
    addresses: tuple[AddressOutcome, ...]
    computed: dict[str, int]
    reused: dict[str, int]
    fetching: dict[str, int] = Field(default_factory=dict)
    seconds: dict[str, float]
    stage_seconds: dict[str, float] = Field(default_factory=dict)
    manifest: Manifest | None = None
    changes: Changes = Changes()
    would_ask: tuple[str, ...] = ()
    reviewed: dict[str, int] = Field(default_factory=dict)
    unmatched: tuple[str, ...] = ()

    @property
    def left_out(self) -> tuple[AddressOutcome, ...]:
        """The addresses that gave nothing, with their reasons."""
        return tuple(item for item in self.addresses if item.outcome != "used")


def keep_report(root: Path, report: RunReport) -> None:
    """Write a run's report under the corpus's folder of versions, beside those of the runs before it."""
    folder = root / "runs"
    folder.mkdir(parents=True, exist_ok=True)
    name = report.started.strftime("%Y%m%dT%H%M%S%fZ.json")
    write_durably(folder / name, report.model_dump_json(indent=1))
    for old in _paths(root)[:-_KEPT_REPORTS]:
        old.unlink(missing_ok=True)


def reports(root: Path) -> Sequence[RunReport]:
    """The reports that are kept, oldest first."""
    return [RunReport.model_validate_json(path.read_bytes()) for path in _paths(root)]


def last_report(root: Path) -> RunReport | None:
    """The report of the last run, or None."""
    paths = _paths(root)
    return RunReport.model_validate_json(paths[-1].read_bytes()) if paths else None


def _paths(root: Path) -> list[Path]:
    return sorted((root / "runs").glob("*.json"))
