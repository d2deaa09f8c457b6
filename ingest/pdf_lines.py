"""The lines of a PDF, read by pdfium in a process of its own: run as a program by `ingest.pdf`, never imported.

It reads the file from standard input and writes JSON: `{"refused": reason}`, or `{"title", "created", "pages"}` with a
list of lines `[text, size, left, right, bottom, top]` for each page, lengths in points. It imports nothing of ours, so
that it starts fast. A file of 6 kB can make pdfium take 4 GB and 13 seconds: hence the process, and its limits.
"""

import json
import sys
from ctypes import byref
from math import hypot
from typing import Any

MAX_PAGES = 300
MAX_CHARACTERS = 1_000_000
MAX_MEMORY = 1 << 30
MAX_CPU_SECONDS = 10
"""Of this process; text alone takes a few milliseconds a page."""

_READABLE = 0.7
_PASSWORD_ERROR = 4


def main() -> None:
    """Read one file."""
    _limit()
    sys.stdout.write(json.dumps(_read(sys.stdin.buffer.read())))


def _limit() -> None:
    """Bound this process where the system can; the one that started it bounds its time anyway."""
    try:
        import resource
    except ImportError:  # not on Windows
        return
    for what, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_CPU, MAX_CPU_SECONDS),
        (resource.RLIMIT_AS, MAX_MEMORY),
    ):
        try:
            resource.setrlimit(what, (most, most))
        except (ValueError, OSError):  # the system allows less already, or knows no such limit
            continue


def _read(content: bytes) -> dict[str, Any]:
    import pypdfium2

    try:
        with pypdfium2.PdfDocument(content) as document:
            return _document(document)
    except pypdfium2.PdfiumError as error:
        encrypted = getattr(error, "err_code", None) == _PASSWORD_ERROR
        return {"refused": "it is encrypted" if encrypted else "it is no PDF, or a broken one"}


def _document(document: Any) -> dict[str, Any]:
    import pypdfium2

    if (count := len(document)) > MAX_PAGES:
        return {"refused": f"it has {count:,} pages, over the limit of {MAX_PAGES}"}
    pages, characters, unknown, broken = [], 0, 0, 0
    for number in range(count):
        try:
            lines, seen, unmapped = _page(document[number])
        except pypdfium2.PdfiumError:
            broken += 1
            continue
        pages.append(lines)
        characters, unknown = characters + seen, unknown + unmapped
        if characters > MAX_CHARACTERS:
            return {"refused": f"it has more than {MAX_CHARACTERS:,} characters"}
    if count and broken == count:
        return {"refused": "none of its pages can be read"}
    if characters and unknown > (1 - _READABLE) * characters:
        return {"refused": "its fonts do not say which letters they draw"}
    title, created = (document.get_metadata_value(key) for key in ("Title", "CreationDate"))
    return {"title": title, "created": created, "pages": pages}


def _page(page: Any) -> tuple[list[list[Any]], int, int]:
    """The lines of a page, its number of characters, and of those that its fonts give no letter for."""
    import pypdfium2.raw as pdfium

    text = page.get_textpage()
    try:
        count = text.count_chars()
        if count > MAX_CHARACTERS:
            return [], count, 0
        codes = [pdfium.FPDFText_GetUnicode(text, index) for index in range(count)]
        unknown = sum(pdfium.FPDFText_HasUnicodeMapError(text, index) == 1 for index in range(count))
        sheet = page.get_bbox()
        lines = [line for part in _parts(codes) if (line := _line(text, codes, part)) and _on(sheet, line)]
        return lines, count, unknown
    finally:
        text.close()
        page.close()


def _parts(codes: list[int]) -> list[range]:
    """Where the lines lie; pdfium writes a hyphen that divides a word as the character 2, and no line end after it."""
    starts = [0, *(index + 1 for index, code in enumerate(codes) if code in {2, 10, 13})]
    return [range(start, end) for start, end in zip(starts, [*starts[1:], len(codes)], strict=True)]


def _line(text: Any, codes: list[int], part: range) -> list[Any]:
    drawn = [index for index in part if codes[index] > ord(" ")]
    if not drawn:
        return []
    first, last = _box(text, drawn[0]), _box(text, drawn[-1])
    words = "".join(chr(codes[index]) for index in part if codes[index] not in {0, 10, 13})
    return [words, _size(text, drawn[0]), min(first[0], last[0]), max(first[1], last[1]), first[2], first[3]]


def _size(text: Any, index: int) -> float:
    """The size of a character's font in points, as drawn."""
    import pypdfium2.raw as pdfium

    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFText_GetMatrix(text, index, byref(matrix))
    return round(float(pdfium.FPDFText_GetFontSize(text, index)) * hypot(matrix.c, matrix.d), 1)


def _box(text: Any, index: int) -> tuple[float, ...]:
    """Left, right, bottom and top of a character in points."""
    import pypdfium2.raw as pdfium

    box = pdfium.FS_RECTF()
    pdfium.FPDFText_GetLooseCharBox(text, index, byref(box))
    return tuple(round(side, 1) for side in (box.left, box.right, box.bottom, box.top))


def _on(sheet: tuple[float, float, float, float], line: list[Any]) -> bool:
    """Whether a reader can see the line: large enough, and not beside the sheet."""
    _, size, left, right, bottom, top = line
    return bool(size >= 1 and right > sheet[0] and left < sheet[2] and top > sheet[1] and bottom < sheet[3])


if __name__ == "__main__":
    main()
