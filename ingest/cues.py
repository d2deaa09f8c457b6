"""Patterns that are looked for only where a cue of theirs stands, since most sentences hold none.

Asking for a substring takes a fiftieth of a search; and `re` finds the words of a pattern several times faster in lower
case than with IGNORECASE, for which it cannot compare first letters. Neither changes what is found.
"""

import re

Cues = tuple[str, ...]


def folded(words: str) -> str:
    """In lower case, sign for sign, such that a-z stand wherever IGNORECASE takes a sign for one of them.

    IGNORECASE takes U+0130 and U+0131 for "i" and U+017F for "s"; `str.lower` does not, and makes two signs of U+0130.
    """
    if not words.isascii():
        words = words.replace("\u0130", "i").replace("\u0131", "i").replace("\u017f", "s")
    return words.lower()


def holds(low: str, cues: Cues) -> bool:
    """Whether folded words hold one of the cues."""
    for cue in cues:  # noqa: SIM110 - `any` takes twice as long here
        if cue in low:
            return True
    return False


def folding(pattern: str) -> re.Pattern[str]:
    """Compile a pattern for folded words: its letters in lower case, but not those of escapes and group names.

    It finds there what it would find with IGNORECASE in the words themselves; it must not turn that flag off inside.
    """
    return re.compile(_KEPT_OR_CAPITAL.sub(lambda part: part[0] if part[0][1:] else part[0].lower(), pattern))


_KEPT_OR_CAPITAL = re.compile(r"\\.|\(\?P[<=]\w+|[A-Z]", re.DOTALL)
