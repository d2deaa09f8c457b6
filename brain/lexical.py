"""BM25 over one collection, by bm25s with an English stemmer.

`scores` gives the raw BM25 score of every text, 0.0 where no word of the query occurs: the caller decides what that
means, since bm25s itself returns documents at score 0 and raises when more are asked for than there are.
"""

import logging
import sys
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import bm25s
    from Stemmer import Stemmer

_K1, _B = 1.5, 0.75
_NO_WORDS = "no-words"


@cache
def _bm25s() -> Any:
    """The library, kept quiet: on import it sets its own logger to DEBUG and announces every index."""
    import bm25s

    logging.getLogger("bm25s").setLevel(logging.WARNING)
    return bm25s


@cache
def _stemmer() -> "Stemmer":
    from Stemmer import Stemmer

    return Stemmer("english")


def tokenize(text: str) -> list[str]:
    """Lower-case, stemmed words without stop words, in order."""
    tokens: list[list[str]] = _bm25s().tokenize(
        [text], stopwords="en", stemmer=_stemmer(), return_ids=False, show_progress=False
    )
    return tokens[0]


@lru_cache(maxsize=256)
def _query_words(query: str) -> tuple[str, ...]:
    """The words of a query, kept because a request asks several collections the same."""
    return tuple(tokenize(query))


class LexicalIndex:
    """A BM25 index over texts, in the order in which they were given."""

    def __init__(self, index: "bm25s.BM25 | None", size: int) -> None:
        self._index = index
        self.size = size

    @classmethod
    def build(cls, texts: Iterable[str]) -> Self:
        """Index the texts; a collection without a single word gets no index, and every score is 0."""
        # Equal words share one string, so that a token takes eight bytes of memory.
        corpus = [[sys.intern(word) for word in tokenize(text)] for text in texts]
        if not any(corpus):
            return cls(None, len(corpus))
        index = _bm25s().BM25(k1=_K1, b=_B)
        index.index(corpus, show_progress=False)
        return cls(index, len(corpus))

    def save(self, folder: Path) -> None:
        """Write the index into a folder of its own, or a mark that there are no words to index."""
        folder.mkdir(parents=True)
        if self._index is None:
            (folder / _NO_WORDS).touch()
        else:
            self._index.save(folder, show_progress=False)

    @classmethod
    def load(cls, folder: Path, size: int) -> Self:
        """Read what `save` wrote; `size` counts only where there was nothing to index.

        Raises OSError, EOFError, ValueError or KeyError when a file is missing or damaged.
        """
        if (folder / _NO_WORDS).exists():
            return cls(None, size)
        index = _bm25s().BM25.load(folder, load_corpus=False, show_progress=False)
        return cls(index, int(index.scores["num_docs"]))

    def scores(self, query: str) -> NDArray[np.float32]:
        """Raw BM25 scores, shape [size]."""
        known = [token for token in _query_words(query) if self._index is not None and token in self._index.vocab_dict]
        if not known or self._index is None:
            return np.zeros(self.size, dtype=np.float32)
        scores: NDArray[np.float32] = self._index.get_scores(known)
        return scores.astype(np.float32, copy=False)
