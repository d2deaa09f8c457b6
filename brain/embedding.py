"""Text to vectors: what every embedder offers, and how one is chosen by name.

Nothing heavy is imported until an embedder embeds.
"""

from __future__ import annotations

import os
import re
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import TYPE_CHECKING, Protocol

from brain.errors import EmbedderError
from brain.minilm import DIMENSIONS, MAX_TOKENS, PRECISIONS, TOKENIZER, Encoder, Precision, pinned_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray


class Embedder(Protocol):
    """What turns texts into vectors whose dot product is their similarity."""

    @property
    def id(self) -> str:
        """What a published version remembers, such as `minilm-l6-v2-int8`: other ids mean other vectors."""

    @property
    def dimensions(self) -> int:
        """Length of a vector."""

    @property
    def max_tokens(self) -> int:
        """Word pieces that are read of a text, markers such as `[CLS]` included; what follows is ignored."""

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors in the order of `texts`: float32 [len(texts), dimensions]; no text is too many or too few."""

    def tokenizer_file(self) -> Path | None:
        """The `tokenizer.json` to split passages with, or None when it is unknown.

        It may carry a truncation and a padding of its own; whoever counts word pieces turns both off.
        """


def load_embedder(name: str, home: Path, workers: int = 0) -> Embedder:
    """The embedder called `name`: `minilm-int8`, `minilm-fp32`, or `package.module:Class` of a LlamaIndex embedding.

    Its graphs are cached in `home / "models"`; `workers` is the number of threads, 0 one per usable core.
    Raises EmbedderError for a name that says none of these. MiniLM's files are read at first use, not here.
    """
    for precision in PRECISIONS:
        if name == f"minilm-{precision}":
            return MiniLmEmbedder(precision, home, workers)
    if re.fullmatch(r"\w+(\.\w+)*:\w+", name):
        from brain.llamaindex import external_embedder

        return external_embedder(name)
    raise EmbedderError(
        f"There is no embedder {name!r}.",
        next_step="Set BRAIN_EMBEDDER to `minilm-int8`, `minilm-fp32`, "
        "or `package.module:Class` of a LlamaIndex embedding.",
    )


class MiniLmEmbedder:
    """all-MiniLM-L6-v2, one text per inference, side by side on the cores; safe to share between threads.

    Dynamic int8 scales activations by batch, so a text's vector would depend on the texts beside it. One text per
    inference repeats bit for bit, needs no padding, and is the fastest way besides.
    """

    dimensions = DIMENSIONS
    max_tokens = MAX_TOKENS

    def __init__(self, precision: Precision, home: Path, workers: int = 0) -> None:
        self.id = f"minilm-l6-v2-{precision}"
        self._precision = precision
        self._home = home
        self._workers = workers or usable_cores()
        self._lock = Lock()
        self._loaded: Encoder | None = None

    def tokenizer_file(self) -> Path:
        """The pinned `tokenizer.json`; EmbedderError when it is missing or not the pinned bytes."""
        return pinned_file(TOKENIZER, self._home)

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors in the order of `texts`, float32 [len(texts), 384]; EmbedderError when it cannot be loaded."""
        import numpy as np

        if isinstance(texts, str):
            raise TypeError(f"embed takes a sequence of texts, not the one text {texts[:40]!r}")
        vectors = np.empty((len(texts), DIMENSIONS), dtype=np.float32)
        if len(texts) == 0:
            return vectors
        # The longest first, so that no core is left with one of them at the end while the others wait.
        order = sorted(range(len(texts)), key=lambda index: len(texts[index]), reverse=True)
        for index, vector in zip(order, self._encode([texts[index] for index in order]), strict=True):
            vectors[index] = vector
        return vectors

    def _encode(self, texts: list[str]) -> Iterator[NDArray[np.float32]]:
        encoder = self._encoder()
        workers = min(self._workers, len(texts))
        if workers == 1:
            yield from map(encoder.encode, texts)
            return
        with ThreadPoolExecutor(workers, thread_name_prefix="embed") as pool:
            yield from pool.map(encoder.encode, texts)

    def _encoder(self) -> Encoder:
        with self._lock:
            if self._loaded is None:
                self._loaded = Encoder.load(self._precision, self._home)
            return self._loaded


def usable_cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
