"""Embed: every text becomes a vector, computed once for each embedder and kept in the stage cache."""

import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from brain.embedding import Embedder
from ingest.cache import StageCache, Tally

_BATCH = 256


class Text(NamedTuple):
    """A text to embed, and the address it comes from."""

    text: str
    owner: str


def embed(
    texts: Iterable[Text],
    count: int,
    embedder: Embedder,
    cache: StageCache,
    file: Path,
    *,
    advance: Callable[[int], None],
    tally: Tally,
) -> NDArray[np.float32]:
    """Vectors of the texts, shape [count, dimensions], in a file that is mapped into memory.

    They are stored batch by batch, so that a killed run embeds nothing twice; `advance` is told how many more are done.
    """
    if not count:
        return np.empty((0, embedder.dimensions), dtype=np.float32)
    rows = np.lib.format.open_memmap(file, mode="w+", dtype=np.float32, shape=(count, embedder.dimensions))
    first = 0
    for batch in _batches(texts):
        rows[first : first + len(batch)] = _vectors(batch, embedder, cache, tally)
        first += len(batch)
        advance(len(batch))
    rows.flush()
    # Mapped anew, so that the pages just written do not count as this process's own.
    return np.load(file, mmap_mode="r")  # type: ignore[no-any-return]


def _batches(texts: Iterable[Text]) -> Iterable[list[Text]]:
    batch: list[Text] = []
    for text in texts:
        batch.append(text)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _vectors(batch: list[Text], embedder: Embedder, cache: StageCache, tally: Tally) -> NDArray[np.float32]:
    keys = [vector_key(embedder.id, one.text) for one in batch]
    known = cache.vectors(list(dict.fromkeys(keys)))
    missing = list({key: one for key, one in zip(keys, batch, strict=True) if key not in known}.items())
    if missing:
        vectors = embedder.embed([one.text for _, one in missing])
        made = {key: vector.astype("<f4").tobytes() for (key, _), vector in zip(missing, vectors, strict=True)}
        cache.keep_vectors([(key, made[key], one.owner) for key, one in missing])
        known |= made
    tally.computed["embed"] += len(missing)
    tally.reused["embed"] += len(batch) - len(missing)
    rows = np.frombuffer(b"".join(known[key] for key in keys), dtype="<f4")
    return rows.astype(np.float32, copy=False).reshape(len(batch), embedder.dimensions)


def vector_key(embedder_id: str, text: str) -> str:
    """Where the vector of a text is kept."""
    return hashlib.sha256(f"vector:{embedder_id}:{text}".encode()).hexdigest()
