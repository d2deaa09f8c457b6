"""What a text says once tricks of writing are undone: invisible signs, look-alikes, spaced letters, encoded words."""

import base64
import binascii
import codecs
import html
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

_TAKEN_FOR = str.maketrans("\u0130\u0131\u017f\u212a", "iisk")
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
_LOOKALIKE = re.compile("[\u0370-\u04ff\u0131\u0251\u0261]")
_LEET = str.maketrans("013457@$!|", "oieastasil")
_LEET_WORD = re.compile(
    r"(?<![\w@$])(?=[\w@$!|]{0,30}[a-z])(?=[\w@$!|]{0,30}[0134579@$!|])[a-z0134579@$!|]{4,24}(?![\w@$])", re.IGNORECASE
)
_TELLING = re.compile(
    r"ignore|disregard|forget|previous|prior|instructions?|prompts?|system|rules|everything|reveal|secret|assistant",
    re.IGNORECASE,
)
_TELLING_WORDS = (
    *("ignore", "disregard", "forget", "previous", "prior", "instruction", "instructions", "prompt", "prompts"),
    *("system", "rules", "everything", "reveal", "secret", "assistant"),
)
# Three single letters in a row, as every longer row has them.
_FEW_SPACED = re.compile(r"[ \t.*_\-|/·](?:[^\W\d_][ \t.*_\-|/·]{1,4}){3}")
_SPACED = re.compile(r"(?<!\w)(?:[^\W\d_](?:[ \t.*_\-|/·]{1,4}|(?=$))){7,400}[^\W\d_]?(?!\w)")
_BASE64 = re.compile(r"(?<![\w+/=-])[A-Za-z0-9+/_-]{20,}+={0,2}(?![\w+/=])")
_HEX = re.compile(r"(?<!\w)(?:0x)?(?:[0-9a-fA-F]{2}[ :,]?|\\x[0-9a-fA-F]{2}){12,2000}+")
# What every run of `_HEX` without "\\x" has.
_PAIRS = re.compile("[0-9a-fA-F]{2}[ :,]?" * 12)
_PERCENT = re.compile(r"(?:%[0-9a-fA-F]{2}){8,1000}")
# "ignore", "disregard", "instruction", "prompt", "previous" as rot13 writes them.
_ROT13 = re.compile(r"\b(?:vtaber|qvfertneq|vafgehpgvbaf?|cebzcgf?|cerivbhf)\b", re.IGNORECASE)
_NEW_LINE = re.compile(r"[ \t]{0,20}\n(?![ \t]{0,12}(?:[-*+•]|\d{1,3}[.)])[ \t]|\s|#|\w{2,9}\s?:)")
# A single space is left alone: nearly all white space is one.
_SPACES = re.compile(r"[^\S\n]{2,}|[^\S\n ]")
_SQUEEZED = re.compile(
    r"ignore(?:all)?(?:the|your|my)?(?:previous|prior|above)|(?:ignore|disregard|forget)(?:all|any|your|these|every)\w{0,20}(?:instructions?|prompts?|rules|everything)"
    r"|previousinstructions|systemprompt|youarenow|yourinstructions|saythatyou|donottellthe|languagemodel|repeatafterme|revealyour"
)
_BACKWARDS = re.compile(r"\b(?:snoitcurtsni|erongi|tpmorp|suoiverp)\b", re.IGNORECASE)
_READABLE = 0.9
_MOST_ENCODED = 20
_SHORTEST_BASE64 = 20
_SHORTEST_PERCENT = 8
_MOST_DECODED = 20_000


Trick = Callable[[str], Iterator[str]]
"""Takes the text as it reads and yields what is hidden in it."""


def reading(text: str) -> str:
    """The text as it reads, with line breaks inside sentences turned into spaces."""
    return _lined(_plain(text))


def hidden(text: str, tricks: Iterable[Trick]) -> Iterator[str]:
    """What these tricks hide in the text: each with line breaks inside sentences turned into spaces."""
    plain = _plain(text) if tricks else ""
    for trick in tricks:
        yield from map(_lined, trick(plain))


def tagged(text: str) -> Iterator[str]:
    """What the invisible letters of the tag block say."""
    if not text.isascii():
        for match in _TAG_LETTERS.finditer(text):
            yield reading("".join(chr(ord(letter) - 0xE0000) for letter in match[0]))


def tricks_in(text: str) -> tuple[Trick, ...]:
    """The tricks that can hide something in a paragraph of the text; each test is implied by what the trick undoes."""
    plain = _plain(text)
    lowered = as_ascii(folded(plain))
    return tuple(trick for trick, possible in _TRICKS if possible(plain, lowered))


def folded(text: str) -> str:
    """The text in lower case and as long, with "i", "k" and "s" for the letters that IGNORECASE takes for them."""
    if not text.isascii() and any(chr(letter) in text for letter in _TAKEN_FOR):
        text = text.translate(_TAKEN_FOR)
    return text.lower()


def as_ascii(text: str) -> str:
    """The text with "?" for all else than ASCII: words are found in it, and letters replaced, several times faster."""
    return text if text.isascii() else text.encode("ascii", "replace").decode("ascii")


def may_have_spaced_letters(text: str) -> bool:
    """Whether a paragraph of the text can have what `in_spaced_letters` looks for."""
    return bool(_FEW_SPACED.search(_plain(text)))


def in_spaced_letters(text: str) -> bool:
    """Whether a run of single letters spells an order to a model, as in "i g n o r e"."""
    plain = _plain(text)
    return any(_SQUEEZED.search(re.sub(r"[^a-z]", "", match[0].casefold())) for match in _SPACED.finditer(plain))


def _plain(text: str) -> str:
    if not text.isascii():
        text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))
        if _LOOKALIKE.search(text):
            text = _MIXED.sub(lambda match: match[0].translate(_LOOKALIKES), text)
    return html.unescape(text) if "&" in text else text


def _lined(text: str) -> str:
    if "\r" in text or "\n" in text:
        text = _NEW_LINE.sub(" ", text.replace("\r", ""))
    return _SPACES.sub(" ", text)


def _from_leet(plain: str) -> Iterator[str]:
    if any(_TELLING.fullmatch(match[0].translate(_LEET)) for match in _LEET_WORD.finditer(plain)):
        yield _LEET_WORD.sub(lambda match: match[0].translate(_LEET), plain)


def _from_rot13(plain: str) -> Iterator[str]:
    if _ROT13.search(plain):
        yield codecs.encode(plain, "rot13")


def _from_backwards(plain: str) -> Iterator[str]:
    if _BACKWARDS.search(plain):
        yield plain[::-1]


def _may_be_leet(_: str, lowered: str) -> bool:
    """Whether digits and signs read as letters make a telling word: then it stands there more often than before."""
    read = lowered.translate(_LEET)
    return read != lowered and any(read.count(word) > lowered.count(word) for word in _TELLING_WORDS)


def _has_any(*words: str) -> Callable[[str, str], bool]:
    def possible(_: str, lowered: str) -> bool:
        return any(word in lowered for word in words)

    return possible


def _from_base64_words(plain: str) -> Iterator[str]:
    for match in islice(_BASE64.finditer(plain), _MOST_ENCODED):
        yield from map(_plain, _readable(_from_base64(match[0])))


def _from_digits(plain: str) -> Iterator[str]:
    for pattern in (_HEX, _PERCENT):
        for match in pattern.finditer(plain):
            yield from map(_plain, _readable(bytes.fromhex(_hex_digits(match[0]))))


def _has_long_word(plain: str, _: str) -> bool:
    return max(map(len, plain.split()), default=0) >= _SHORTEST_BASE64


def _has_digits(plain: str, _: str) -> bool:
    return "\\x" in plain or plain.count("%") >= _SHORTEST_PERCENT or bool(_PAIRS.search(plain))


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


_TRICKS: tuple[tuple[Trick, Callable[[str, str], bool]], ...] = (
    (_from_leet, _may_be_leet),
    (_from_rot13, _has_any("vtaber", "qvfertneq", "vafgehpgvba", "cebzcg", "cerivbhf")),
    (_from_backwards, _has_any("snoitcurtsni", "erongi", "tpmorp", "suoiverp")),
    (_from_base64_words, _has_long_word),
    (_from_digits, _has_digits),
)
