"""Patterns that are looked for only where a cue stands: a substring check is some fifty times cheaper than a search.

A cue is implied by its pattern: every match holds one of them, so that the check never changes what is found.
"""

import re
from collections.abc import Iterator


def folded(words: str) -> str:
    """In lower case, sign for sign, such that a-z stand wherever IGNORECASE takes a sign for one of them.

    IGNORECASE takes U+0130 and U+0131 for "i" and U+017F for "s"; `str.lower` does not, and makes two signs of U+0130.
    """
    if not words.isascii():
        words = words.replace("\u0130", "i").replace("\u0131", "i").replace("\u017f", "s")
    return words.lower()


def holds(low: str, cues: tuple[str, ...]) -> bool:
    """Whether folded words hold one of the cues."""
    return any(map(low.__contains__, cues))


class Cued:
    """A pattern, and its cues: folded words, apart by spaces, of which each match holds one ("_": a space inside one).

    `ignore_case` compiles the pattern with IGNORECASE; the cues are compared with folded words either way.
    """

    def __init__(self, cues: str, pattern: str, *, ignore_case: bool = True) -> None:
        self.cues = tuple(cue.replace("_", " ") for cue in cues.split())
        self.pattern = re.compile(pattern, re.IGNORECASE if ignore_case else 0)

    def search(self, words: str, start: int = 0) -> re.Match[str] | None:
        return self.pattern.search(words, start) if holds(folded(words), self.cues) else None

    def finditer(self, words: str) -> Iterator[re.Match[str]]:
        return self.pattern.finditer(words) if holds(folded(words), self.cues) else iter(())
