"""What a text says once tricks of writing are undone: invisible signs, look-alikes, spaced letters, encoded words."""

import base64
import binascii
import codecs
import html
import re
import unicodedata
from collections.abc import Iterator

_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0100-\U000e01ef]"
)
# Letters of the tag block (U+E0020 to U+E007E) are ASCII that no reader sees.
_TAG_LETTERS = re.compile("[\U000e0020-\U000e007e]{4,}")
_LOOKALIKES = str.maketrans(
    "аеорсухіјѕԁһԛԝвкмнтгАВЕКМНОРСТУХІЈЅΑΒΕΖΗΙΚΜΝΟΡΤΥΧαεικνορτυχγıɡɑ",
    "aeopcyxijsdhqwbkmhtrABEKMHOPCTYXIJSABEZHIKMNOPTYXaeikvoptuxyiga",
)
_MIXED = re.compile(r"\b(?=\w{0,40}[a-zA-Z])(?=\w{0,40}[\u0370-\u04ff\u0131\u0251\u0261])\w{2,40}")
_LEET = str.maketrans("013457@$!|", "oieastasil")
_LEET_WORD = re.compile(
    r"(?<![\w@$])(?=[\w@$!|]{0,30}[a-z])(?=[\w@$!|]{0,30}[0134579@$!|])[a-z0134579@$!|]{4,24}(?![\w@$])", re.IGNORECASE
)
_TELLING = re.compile(
    r"ignore|disregard|forget|previous|prior|instructions?|prompts?|system|rules|everything|reveal|secret|assistant",
    re.IGNORECASE,
)
_SPACED = re.compile(r"(?<!\w)(?:[^\W\d_](?:[ \t.*_\-|/·]{1,4}|(?=$))){7,400}[^\W\d_]?(?!\w)")
_BASE64 = re.compile(r"(?<![\w+/=-])[A-Za-z0-9+/_-]{20,}+={0,2}(?![\w+/=])")
_HEX = re.compile(r"(?<!\w)(?:0x)?(?:[0-9a-fA-F]{2}[ :,]?|\\x[0-9a-fA-F]{2}){12,2000}+")
_PERCENT = re.compile(r"(?:%[0-9a-fA-F]{2}){8,1000}")
# "ignore", "disregard", "instruction", "prompt", "previous" as rot13 writes them.
_ROT13 = re.compile(r"\b(?:vtaber|qvfertneq|vafgehpgvbaf?|cebzcgf?|cerivbhf)\b", re.IGNORECASE)
_NEW_LINE = re.compile(r"[ \t]{0,20}\n(?![ \t]{0,12}(?:[-*+•]|\d{1,3}[.)])[ \t]|\s|#|\w{2,9}\s?:)")
_SPACES = re.compile(r"[^\S\n]+")
_SQUEEZED = re.compile(
    r"ignore(?:all)?(?:the|your|my)?(?:previous|prior|above)|(?:ignore|disregard|forget)(?:all|any|your|these|every)\w{0,20}(?:instructions?|prompts?|rules|everything)"
    r"|previousinstructions|systemprompt|youarenow|yourinstructions|saythatyou|donottellthe|languagemodel|repeatafterme|revealyour"
)
_BACKWARDS = re.compile(r"\b(?:snoitcurtsni|erongi|tpmorp|suoiverp)\b", re.IGNORECASE)
_READABLE = 0.9
_MOST_ENCODED = 20
_MOST_DECODED = 20_000


def reading(text: str) -> str:
    """The text as it reads, in lower case, with line breaks inside sentences turned into spaces."""
    return _lined(_plain(text)).lower()


def views(text: str) -> Iterator[str]:
    """The text as it reads, then what is hidden in it: each with line breaks inside sentences turned into spaces."""
    plain = _plain(text)
    yield _lined(plain)
    if any(_TELLING.fullmatch(match[0].translate(_LEET)) for match in _LEET_WORD.finditer(plain)):
        yield _lined(_LEET_WORD.sub(lambda match: match[0].translate(_LEET), plain))
    if _ROT13.search(plain):
        yield _lined(codecs.encode(plain, "rot13"))
    if _BACKWARDS.search(plain):
        yield _lined(plain[::-1])
    for hidden in (*_tagged(text), *_decoded(plain)):
        yield _lined(_plain(hidden))


def in_spaced_letters(text: str) -> bool:
    """Whether a run of single letters spells an order to a model, as in "i g n o r e"."""
    plain = _plain(text)
    return any(_SQUEEZED.search(re.sub(r"[^a-z]", "", match[0].casefold())) for match in _SPACED.finditer(plain))


def _plain(text: str) -> str:
    if not text.isascii():
        text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))
        text = _MIXED.sub(lambda match: match[0].translate(_LOOKALIKES), text)
    return html.unescape(text) if "&" in text else text


def _lined(text: str) -> str:
    return _SPACES.sub(" ", _NEW_LINE.sub(" ", text.replace("\r", "")))


def _tagged(text: str) -> Iterator[str]:
    for match in _TAG_LETTERS.finditer(text):
        yield "".join(chr(ord(letter) - 0xE0000) for letter in match[0])


def _decoded(text: str) -> Iterator[str]:
    """What base64, hexadecimal and percent-encoded stretches say, where it is readable text."""
    for number, match in enumerate(_BASE64.finditer(text)):
        if number == _MOST_ENCODED:
            break
        yield from _readable(_from_base64(match[0]))
    for pattern in (_HEX, _PERCENT):
        for match in pattern.finditer(text):
            yield from _readable(bytes.fromhex(_hex_digits(match[0])))


def _hex_digits(text: str) -> str:
    digits = re.sub(r"0x|\\x|[^0-9a-fA-F]", "", text)
    return digits[: len(digits) // 2 * 2]


def _from_base64(text: str) -> bytes:
    body = text[:_MOST_DECODED].rstrip("=").replace("-", "+").replace("_", "/")
    body = body[: len(body) - (len(body) % 4 == 1)]
    try:
        return base64.b64decode(body + "=" * (-len(body) % 4))
    except binascii.Error:
        return b""


def _readable(content: bytes) -> Iterator[str]:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return
    if len(text) >= 10 and sum(one.isprintable() or one in "\n\t" for one in text) / len(text) >= _READABLE:
        yield text
