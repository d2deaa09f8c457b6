"""What Chroma leaves in its HNSW files that is none of our data.

It reserves room for elements to come and writes that room as memory gave it: whatever the process had held there
before, such as texts and vectors of documents that are being forgotten. (chromadb 1.5.9: for a collection below its
sync threshold the whole file is such memory.) hnswlib clears an element's place before it uses it, so zeros do no harm.
"""

import struct
from pathlib import Path

_HEADER = struct.Struct("<i4Q")
"""hnswlib's header as Chroma writes it: format, offset of level 0, room, elements in use, bytes of an element."""

_FORMAT = 1
_LENGTH_BYTES = 4
_PIECE = 1 << 20


def blank_unused(chroma: Path) -> int:
    """Overwrite the unused room of every index in a closed Chroma directory with zeros; how many bytes that were.

    A format that is not known is left as it is.
    """
    return sum(_blank_index(header.parent) for header in chroma.glob("*/header.bin"))


def _blank_index(folder: Path) -> int:
    header = (folder / "header.bin").read_bytes()
    if len(header) < _HEADER.size:
        return 0
    form, _, room, used, size = _HEADER.unpack_from(header)
    if form != _FORMAT or (folder / "data_level0.bin").stat().st_size != room * size:
        return 0
    return _blank(folder / "data_level0.bin", used * size) + _blank(folder / "length.bin", used * _LENGTH_BYTES)


def _blank(path: Path, start: int) -> int:
    end = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(start)
        for first in range(start, end, _PIECE):
            file.write(bytes(min(_PIECE, end - first)))
    return max(0, end - start)
