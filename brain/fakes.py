"""Deterministic stand-ins for tests and demos, ours and our users'."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray


class HashEmbedder:
    """An Embedder without a model: texts that share words are near, all others are not.

    Each word adds +1 or -1 to one of 64 places, both chosen by its hash (Weinberger et al. 2009, "Feature hashing").
    """

    id = "hash-64"
    dimensions = 64
    max_tokens = 256

    def tokenizer_file(self) -> None:
        """None: words are split by a regular expression."""

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors in the order of `texts`, float32 [len(texts), 64]; the first 256 words of each are read."""
        import numpy as np

        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for vector, text in zip(vectors, texts, strict=True):
            for word in re.findall(r"\w+", text.casefold())[: self.max_tokens]:
                place, sign = _place_and_sign(word, self.dimensions)
                vector[place] += sign
            if not vector.any():
                vector[0] = 1.0
            vector[:] = vector / np.linalg.norm(vector)
        return vectors


def _place_and_sign(word: str, places: int) -> tuple[int, int]:
    digest = hashlib.blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    number = int.from_bytes(digest, "big")
    return number // 2 % places, 1 if number % 2 else -1
