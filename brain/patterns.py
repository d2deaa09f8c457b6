"""Path patterns of robots.txt and of TDM files: `*` for anything, `$` for the end (RFC 9309, 2.2.2 and 2.2.3)."""

import functools
import re
from dataclasses import dataclass
from typing import Self

_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]")
# Everything that neither is unreserved nor reserved in RFC 3986, nor begins an escape.
_ODD = re.compile(r"[^A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]|%(?![0-9A-Fa-f]{2})")


@dataclass(frozen=True)
class Pattern:
    """A pattern in pieces between its wildcards; `octets` is its length, by which the most specific rule is found."""

    pieces: tuple[str, ...]
    anchored: bool
    octets: int

    @classmethod
    def of(cls, text: str) -> Self:
        """Read a pattern as it is written."""
        plain = normal(text)
        anchored = plain.endswith("$")
        body = (plain[:-1] if anchored else plain).replace("$", "%24")
        return cls(tuple(body.split("*")), anchored, len(plain))

    def matches(self, path: str) -> bool:
        """Whether it matches a path with its query, from the beginning; in time linear for each piece."""
        text = _literal(path)
        first, *rest = self.pieces
        if not text.startswith(first):
            return False
        if not rest:
            return not self.anchored or len(text) == len(first)
        at = len(first)
        for piece in rest[:-1]:
            found = text.find(piece, at)
            if found < 0:
                return False
            at = found + len(piece)
        if self.anchored:
            return len(text) - len(rest[-1]) >= at and text.endswith(rest[-1])
        return text.find(rest[-1], at) >= 0


def normal(text: str) -> str:
    """A path or pattern in one spelling: what needs an escape has one, in upper case, and nothing else has (RFC 3986).

    Escaped reserved characters, such as %2F, stay what they are: another path than the one with a slash.
    """
    return _ESCAPE.sub(_unescaped, _ODD.sub(_escaped, text))


@functools.lru_cache(maxsize=256)
def _literal(path: str) -> str:
    """A path in which the two special characters are escaped, as RFC 9309, 2.2.3 has it; asked for by each rule."""
    return normal(path).replace("$", "%24").replace("*", "%2A")


def _escaped(found: re.Match[str]) -> str:
    return "".join(f"%{octet:02X}" for octet in found[0].encode("utf-8", "replace"))


def _unescaped(found: re.Match[str]) -> str:
    letter = chr(int(found[1], 16))
    return letter if _UNRESERVED.fullmatch(letter) else found[0].upper()
