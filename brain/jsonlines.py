"""Records in a file, one JSON object a line: written as they come, read back as a sequence that holds none of them."""

import shutil
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, Generic, TypeVar, overload

import numpy as np

from brain.records import Record

AnyRecord = TypeVar("AnyRecord", bound=Record)


def write_records(path: Path, records: Iterable[Record]) -> None:
    """Write records to a new file; those that lie in one already are copied as they are."""
    if isinstance(records, StoredRecords):
        shutil.copyfile(records.path, path)
        return
    with path.open("w", encoding="utf-8") as file:
        file.writelines(record.model_dump_json() + "\n" for record in records)


def read_records(path: Path, model: type[AnyRecord]) -> Iterator[AnyRecord]:
    """Yield the records of a file. Raises OSError or ValueError when it is missing or damaged."""
    with path.open("rb") as file:
        for line in file:
            yield model.model_validate_json(line)


def size_of(records: Iterable[Record]) -> int:
    """Bytes that the records take in a file."""
    if isinstance(records, StoredRecords):
        return records.path.stat().st_size
    return sum(len(record.model_dump_json().encode()) + 1 for record in records)


class StoredRecords(Sequence[AnyRecord], Generic[AnyRecord]):
    """The records of a finished file: eight bytes of memory for each, and a read from disk for every look."""

    def __init__(self, path: Path, model: type[AnyRecord]) -> None:
        self.path = path
        self._model = model
        with path.open("rb") as file:
            lengths = np.fromiter((len(line) for line in file), dtype=np.int64)
        self._starts = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(lengths)])

    def __len__(self) -> int:
        return len(self._starts) - 1

    def __iter__(self) -> Iterator[AnyRecord]:
        return read_records(self.path, self._model)

    @overload
    def __getitem__(self, index: int) -> AnyRecord: ...
    @overload
    def __getitem__(self, index: slice) -> list[AnyRecord]: ...
    def __getitem__(self, index: int | slice) -> AnyRecord | list[AnyRecord]:
        positions = range(len(self))[index]
        with self.path.open("rb") as file:
            if isinstance(positions, range):
                return [self._at(file, position) for position in positions]
            return self._at(file, positions)

    def _at(self, file: BinaryIO, position: int) -> AnyRecord:
        start, end = int(self._starts[position]), int(self._starts[position + 1])
        file.seek(start)
        return self._model.model_validate_json(file.read(end - start))
