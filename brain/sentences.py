"""Sentence boundaries, by sentencex, with offsets in code points."""

import re

from sentencex import get_sentence_boundaries

Span = tuple[int, int]

WINDOW = 2_000
"""Characters sentencex sees at once: on some texts, such as a row of open quotes, it takes quadratic time."""


# A variable that ends a sentence ("in terms of z. The next") would pass for an initial.
_BEFORE_VARIABLE = re.compile(r" (?=[a-z\d][.?!] +[A-Z])")


class _Ascii(dict[int, str]):
    """One ASCII character for each: sentencex 1.0.32 panics on some wide white space, such as " A." after U+00A0."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        same = {"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "？": "?", "！": "!", "。": "."}
        if char in "()[]{}":
            found = ","  # sentencex closes brackets across formulas and loses sentences on the way
        elif code < 128 and char.isprintable():
            found = char
        elif char in same:
            found = same[char]
        elif char.isspace() or code < 128:
            found = " "
        else:
            found = "A" if char.isupper() else "a" if char.isalpha() else "1" if char.isdigit() else ","
        self[code] = found
        return found


_ASCII = _Ascii()
_WIDE = re.compile(r"[^\x00-\x7f]")
_FEW = 8
_ASCII_BYTES = bytes(ord(_ASCII[code]) if code < 128 else code for code in range(256))


def sentences(plain: str) -> list[Span]:
    """Spans (code points) of the sentences of `plain`, without the white space between them."""
    ascii_text = _in_ascii(plain)
    if not ("." in ascii_text or "?" in ascii_text or "!" in ascii_text):
        return _unended(plain)
    ascii_text = _BEFORE_VARIABLE.sub("x", ascii_text)
    found: list[Span] = []
    start = 0
    while start < len(ascii_text):
        spans = _boundaries(ascii_text, start)
        whole = start + WINDOW >= len(ascii_text)
        kept = spans if whole or len(spans) == 1 else spans[:-1]
        found += [trimmed for span in kept if (trimmed := _trim(plain, *span))]
        start = kept[-1][1]
    return found


def _unended(plain: str) -> list[Span]:
    """The only sentence of a text without a full stop, where sentencex finds no boundary, cut at each window's end."""
    spans = ((start, start + WINDOW) for start in range(0, len(plain), WINDOW))
    return [trimmed for span in spans if (trimmed := _trim(plain, *span))]


def _in_ascii(plain: str) -> str:
    """`plain.translate(_ASCII)`, through bytes where few signs are not ASCII: that is many times faster."""
    wide = () if plain.isascii() else set(_WIDE.findall(plain))
    if len(wide) > _FEW:
        return plain.translate(_ASCII)
    for sign in wide:
        plain = plain.replace(sign, _ASCII[ord(sign)])
    return plain.encode("ascii").translate(_ASCII_BYTES).decode("ascii")


def _boundaries(text: str, start: int) -> list[Span]:
    window = text[start : start + WINDOW]
    spans = [(start + one["start_index"], start + one["end_index"]) for one in get_sentence_boundaries("en", window)]
    return spans or [(start, start + len(window))]


def _trim(text: str, start: int, end: int) -> Span | None:
    kept = text[start:end].strip()
    begin = text.find(kept, start) if kept else start
    return (begin, begin + len(kept)) if kept else None
