"""The files of an index hold its rows, and nothing else that the process had in memory."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from brain.fakes import HashEmbedder
from brain.hnsw import blank_unused
from tests.building import open_tiny, publish_tiny, tiny_content

EMBEDDER = HashEmbedder()


@pytest.mark.parametrize("rows", [10, 550])
def test_no_row_of_an_earlier_index_gets_into_a_later_one(tmp_path: Path, rows: int) -> None:
    reports = [(f"Round {number}", "It was a round.", f"What is question {number}?") for number in range(rows)]
    content = tiny_content(EMBEDDER, reports)
    for turn in range(3):  # an index that is closed gives its memory back, and the next one is written from it
        home = tmp_path / f"{turn}"
        vectors = scattered(3 * rows, turn)
        publish_tiny(
            home, replace(content, passage_vectors=vectors[: 2 * rows], question_vectors=vectors[2 * rows :]), EMBEDDER
        )
        opened = open_tiny(home, EMBEDDER)
        assert len(opened.questions.nearest(opened.questions.vectors[0], 5)) == 5
        opened.close()
        indexes = list((home / "versions").rglob("data_level0.bin"))
        assert [strangers(path.read_bytes(), vectors) for path in indexes] == [0, 0]


def scattered(count: int, seed: int) -> NDArray[np.float32]:
    """Vectors that are easily told apart."""
    vectors = np.random.default_rng(seed).normal(size=(count, EMBEDDER.dimensions))
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def strangers(data: bytes, vectors: NDArray[np.float32]) -> int:
    """Elements of an index file (132 bytes of links, the vector, eight of a label) that are neither a row nor empty."""
    width = 4 * EMBEDDER.dimensions
    elements = np.frombuffer(data, np.uint8).reshape(-1, 132 + width + 8)
    used = elements[elements.any(axis=1)]
    found = used[:, 132 : 132 + width].copy().view("<f4")  # normalised once more, so the last bit may differ
    with np.errstate(all="ignore"):
        return int((~((found @ vectors.T).max(axis=1, initial=0.0) > 0.9999)).sum()) if len(used) else 0


def test_rows_that_are_in_use_stay(tmp_path: Path) -> None:
    folder = tmp_path / "one"
    folder.mkdir()
    (folder / "header.bin").write_bytes(np.array([1], "<i4").tobytes() + np.array([0, 4, 2, 8], "<u8").tobytes())
    (folder / "data_level0.bin").write_bytes(b"abcdefgh" * 4)
    (folder / "length.bin").write_bytes(b"wxyz" * 4)
    assert blank_unused(tmp_path) == 24
    assert (folder / "data_level0.bin").read_bytes() == b"abcdefgh" * 2 + bytes(16)
    assert (folder / "length.bin").read_bytes() == b"wxyz" * 2 + bytes(8)


@pytest.mark.parametrize("header", [b"", np.array([2, 0, 0, 0, 4, 0, 2, 0, 8], "<i4").tobytes()])
def test_a_format_that_is_not_known_is_left_alone(tmp_path: Path, header: bytes) -> None:
    folder = tmp_path / "one"
    folder.mkdir()
    (folder / "header.bin").write_bytes(header)
    (folder / "data_level0.bin").write_bytes(b"abcdefgh" * 4)
    assert blank_unused(tmp_path) == 0
    assert (folder / "data_level0.bin").read_bytes() == b"abcdefgh" * 4
