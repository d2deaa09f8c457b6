"""What a run did, address by address and stage by stage: the record that people and machines read."""

from typing import Literal

from brain.records import Record
from brain.versions import Manifest

Outcome = Literal["used", "left out"]
Result = Literal["published", "unchanged", "dry run"]


class AddressOutcome(Record):
    """What became of one address: the document it gave, or the reason why it gave none."""

    address: str
    outcome: Outcome
    reason: str = ""
    document_id: str = ""
    title: str = ""
    kind: str = ""
    passages: int = 0
    questions: int = 0


class RunReport(Record):
    """One run of one corpus."""

    corpus: str
    result: Result
    version: str | None
    addresses: tuple[AddressOutcome, ...]
    computed: dict[str, int]
    reused: dict[str, int]
    seconds: dict[str, float]
    manifest: Manifest | None = None
    questions_gained: int = 0
    questions_lost: int = 0

    @property
    def left_out(self) -> tuple[AddressOutcome, ...]:
        """The addresses that gave nothing, with their reasons."""
        return tuple(item for item in self.addresses if item.outcome != "used")
