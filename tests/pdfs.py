"""PDF files for tests, in raw syntax."""

import zlib
from collections.abc import Sequence

Line = tuple[float, float, float, str]
"""Left, baseline, size in points, words."""


def made(objects: Sequence[bytes], trailer: bytes = b"") -> bytes:
    """A PDF of these objects, the first being its catalog."""
    out = b"%PDF-1.4\n"
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    head = b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d/Root 1 0 R%s>>\n" % (size, table, size, trailer)
    return out + head + b"startxref\n%d\n%%%%EOF\n" % len(out)


def stream(content: bytes, filters: bytes = b"/FlateDecode") -> bytes:
    return b"<</Length %d/Filter[%s]>>stream\n%s\nendstream" % (len(content), filters, content)


def drawn(lines: Sequence[Line]) -> bytes:
    """A page's content, packed."""
    parts = (
        b"BT /F 1 Tf %g 0 0 %g %g %g Tm (%s) Tj ET" % (size, size, left, base, words.encode("cp1252"))
        for left, base, size, words in lines
    )
    return zlib.compress(b"\n".join(parts))


def document(*pages: bytes, info: bytes = b"", filters: bytes = b"/FlateDecode") -> bytes:
    """A PDF whose pages have these packed contents, in one font; `info` are entries of its information dictionary."""
    first = 5
    kids = b" ".join(b"%d 0 R" % (first + 2 * number) for number in range(len(pages)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, len(pages)),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        b"<<%s>>" % info,
    ]
    for number, content in enumerate(pages):
        frame = b"/MediaBox[0 0 612 792]/Resources<</Font<</F 3 0 R>>>>/Contents %d 0 R" % (first + 2 * number + 1)
        objects += [b"<</Type/Page/Parent 2 0 R%s>>" % frame, stream(content, filters)]
    return made(objects, b"/Info 4 0 R")
