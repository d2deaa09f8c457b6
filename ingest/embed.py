"""Embed: every text becomes a vector, computed once for each embedder and kept in the stage cache."""

import hashlib
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from brain.embedding import Embedder
from ingest.cache import StageCache

_BATCH = 64


def embed(
    texts: Sequence[str], embedder: Embedder, cache: StageCache, advance: Callable[[int], None]
) -> NDArray[np.float32]:
    """Vectors of the texts, shape [n, dimensions]; `advance` is told how many more are done.

    Vectors are stored after each batch, so that a killed run embeds nothing twice.
    """
    keys = [hashlib.sha256(f"vector:{embedder.id}:{text}".encode()).hexdigest() for text in texts]
    known = cache.vectors(list(dict.fromkeys(keys)))
    missing = list({key: text for key, text in zip(keys, texts, strict=True) if key not in known}.items())
    advance(len(texts) - len(missing))
    for first in range(0, len(missing), _BATCH):
        batch = missing[first : first + _BATCH]
        vectors = embedder.embed([text for _, text in batch])
        made = {key: vector.astype("<f4").tobytes() for (key, _), vector in zip(batch, vectors, strict=True)}
        cache.keep_vectors(made)
        known |= made
        advance(len(batch))
    cache.computed["embed"] = cache.computed.get("embed", 0) + len(missing)
    rows = np.frombuffer(b"".join(known[key] for key in keys), dtype="<f4").astype(np.float32)
    return rows.reshape(len(texts), embedder.dimensions)
