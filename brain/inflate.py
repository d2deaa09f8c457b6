"""Inflating with a bound: what is compressed never becomes more than asked for, not even for a moment.

A decompressor that is given one 16 KiB piece of gzip can make 16 MB of it, so each step names how much it may give.
"""

import zlib

from brain.errors import FetchError
from brain.limits import too_large

GZIP_MAGIC = b"\x1f\x8b"


class Inflater:
    """Undoes gzip (several members too) and deflate (with and without the zlib header), step by step."""

    def __init__(self, url: str, encoding: str) -> None:
        """Take pieces of `url`; `encoding` is "gzip", "deflate", or "" for bytes that pass as they are."""
        self._url = url
        self._encoding = encoding
        self._stream: zlib._Decompress | None = None
        self._held = b""
        self._members = 0

    def feed(self, data: bytes, room: int) -> bytes:
        """Inflate `data` to at most `room` bytes, room > 0; what follows the last member is dropped.

        Raises:
            FetchError: the data is not what the encoding says.
        """
        if not self._encoding:
            return data
        out, data = bytearray(), self._held + data
        while data and len(out) < room:
            if self._stream is None:
                self._held = data if len(data) < 2 else b""
                if self._held or not self._starts(data):
                    break
                self._stream = zlib.decompressobj(_window_bits(self._encoding, data))
            try:
                out += self._stream.decompress(data, room - len(out))
            except zlib.error as error:
                raise FetchError(self._url, "its compressed data is broken.") from error
            data = self._stream.unconsumed_tail
            if self._stream.eof:
                data, self._stream = self._stream.unused_data, None
                self._members += 1
        return bytes(out)

    @property
    def unfinished(self) -> bool:
        """Whether a member has begun and not ended."""
        return self._stream is not None or bool(self._held and not self._members)

    def _starts(self, data: bytes) -> bool:
        return not self._members or (self._encoding == "gzip" and data.startswith(GZIP_MAGIC))


def inflated(url: str, data: bytes, limit: int) -> bytes:
    """Inflate a whole gzip file, such as `sitemap.xml.gz`, to at most `limit` bytes; other bytes pass as they are.

    Raises:
        FetchError: the file is broken, cut off, or larger than `limit` inside.
    """
    if not data.startswith(GZIP_MAGIC):
        return data
    inflater = Inflater(url, "gzip")
    content = inflater.feed(data, limit + 1)
    if len(content) > limit:
        raise too_large(url, limit, setting="BRAIN_FETCH_MAX_BYTES")
    if inflater.unfinished:
        raise FetchError(url, "its compressed data is cut off.")
    return content


def content_encoding(url: str, named: str) -> str:
    """Read a Content-Encoding header: "gzip", "deflate" or "" for none. Raises FetchError for any other."""
    name = named.strip().lower()
    if name in {"", "identity"}:
        return ""
    if name not in {"gzip", "x-gzip", "deflate"}:
        raise FetchError(url, f"it is sent as {name[:60]!r}, though only gzip and deflate are read.")
    return name.removeprefix("x-")


def _window_bits(encoding: str, data: bytes) -> int:
    """How zlib is told the format; some servers send deflate without the header that RFC 9110 asks for."""
    if encoding == "gzip":
        return 31
    has_header = data[0] & 0x0F == 8 and int.from_bytes(data[:2], "big") % 31 == 0
    return 15 if has_header else -15
