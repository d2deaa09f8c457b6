"""Names of companies in a text: which are named, and how much each mention says that the text is about it."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_KNOWN = Path(__file__).with_name("employers.txt")
_I = re.IGNORECASE
_WORD = re.compile(r"[^\W_][\w&.+]*(?:['’-](?!s\b)\w+)*")
_WINDOW = 70

_INTERVIEWING = (
    r"interview\w*|appl(?:y|ied|ying|ication)|onsites?|on-sites?|loops?|rounds?|screen(?:s|ing)?|recruit\w+|"
    r"placements?|"
    r"drives?|positions?|roles?|jobs?|openings?|opportunit(?:y|ies)|hir\w+|select\w+|shortlist\w+|"
    r"assessments?|OA|process|"
    r"experiences?|referr?\w*|candidates?|invit\w+|emails?|mails?|calls?|rejected|rejection"
)
_TOLD_BEFORE = re.compile(
    rf"\b(?:{_INTERVIEWING})\b(?:\s+(?!and\b|but\b)[\w'’-]+){{0,5}}?\s+(?:at|with|for|from|by|to|in|of|"
    rf"into)\s+(?:the\s+|a\s+|an\s+)?\W?$",
    _I,
)
_TOLD_AFTER = re.compile(
    r"^(?:['’]s?)?\W?\s+(?:(?!(?:and|or|but|to|is|are|was|were|for|that|which|has|had|at)\b)[\w'’/-]+\s+){0,3}?"
    rf"(?:{_INTERVIEWING}|HR|offer|SDE|SWE|engineers?|"
    r"scientists?|intern(?:ship)?|campus|visited|came|reached|contacted|called|asked|values|bar raiser)\b",
    _I,
)
# A job held, another offer, a friend: the company is somebody's, not the one that is interviewing here.
_IN_PASSING = re.compile(
    r"\b(?:work(?:ed|ing|s)?|employed|interned|internship|intern|ex|formerly|previously|currently|years?|time|"
    r"career|job|friends?|alumni|engineers?|colleagues?|seniors?|someone|people|offers?|companies|giants?|firms?)\s+"
    rf"(?:(?!(?:{_INTERVIEWING})\b)\w+\s+){{0,3}}?(?:at|with|from|for|of|in|like|such as|including|by|to)\s+\W?$"
    r"|\b(?:ex|former)[- ]$|\b(?:also|declined|unlike|than|versus|vs\.?)\s+(?:\w+\s+){0,3}$",
    _I,
)
_THING_BEFORE = re.compile(
    r"\b(?:via|through|on|using|uses?|used|like|e\.g\.|such as|similar to|clones?(?: of)?|copy|"
    r"design(?:ed|ing)?(?:\s+\w+){0,4}|implement\w*(?:\s+\w+){0,3}|build(?:ing)?(?:\s+\w+){0,3}|built(?:\s+\w+){0,3}|"
    r"product|app|apps|tool|tools|deploy\w*(?:\s+\w+){0,3}|service|services|library|framework|just|to)\s+"
    r"(?:a\s+|an\s+|the\s+)?\W?$",
    _I,
)
_THING_AFTER = re.compile(
    r"^(?:['’]s)?\s+(?:Meet|Docs?|Forms?|Sheets?|Calendar|Drive|Maps?|Search|Chrome|Hangouts?|Teams|Chime|S3|"
    r"EC2|SQS|SNS|Prime|"
    r"Kindle|Play|Translate|Colab|Scholar|Analytics|Ads|Excel|Word|Office|Azure|Web Services|Lambda|Redshift|Aurora|"
    r"profile|page|post|posts|Premium|connections?|clone|feed|like|account|search|maps|docs|meet|form|link|link-up|"
    r"Code ?Jam|Kick ?Start|Summer of Code|\.com\b|actions|repo\w*|channel|video|videos|API|app|database|cluster)\b"
    r"|^\.com/|^ing\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Mention:
    """A company named in a text, at `text[start:end]`; `cased` when it is spelled as its owner spells it.

    `ordinary` names are of things that people use or words of the dictionary, `word` names are the latter.
    """

    company: str
    start: int
    end: int
    ordinary: bool
    word: bool
    cased: bool


class Directory:
    """The names of companies; the one that a corpus is about is called by its first name."""

    def __init__(self, own: Sequence[str], others: Sequence[Sequence[str]] = ()) -> None:
        self.own = own[0] if own else ""
        self._names: dict[str, tuple[str, str, frozenset[str]]] = {}
        self._longest: dict[str, int] = {}
        self._marks = {_folded(name): mark for names in _known() for name, mark in names}
        mine = {_folded(name) for name in own}
        for names in (*(tuple(name for name, _ in known) for known in _known()), *others):
            if not mine & {_folded(name) for name in names}:
                self._add(names[0], names)
        if own:
            self._add(own[0], own)

    def _add(self, company: str, names: Sequence[str]) -> None:
        for name in names:
            key = _folded(name)
            spellings = self._names[key][2] if key in self._names else frozenset()
            self._names[key] = (company, self._marks.get(key, ""), spellings | {name})
            first, length = key.partition(" ")[0], key.count(" ") + 1
            self._longest[first] = max(length, self._longest.get(first, 0))

    def mentions(self, text: str) -> Iterator[Mention]:
        """Every name in the text, the longest first where names overlap."""
        words = list(_WORD.finditer(text))
        folded = [_folded_word(word[0]) for word in words]
        place = 0
        while place < len(words):
            longest = min(self._longest.get(folded[place], 0), len(words) - place)
            for length in range(longest, 0, -1):
                found = self._names.get(" ".join(folded[place : place + length]))
                if found:
                    start, end = words[place].start(), words[place + length - 1].end()
                    spelled = text[start:end].rstrip(".,")
                    cased = spelled in found[2]
                    yield Mention(found[0], start, start + len(spelled), bool(found[1]), found[1] == "!", cased)
                    place += length - 1
                    break
            place += 1

    def named(self, line: str) -> list[str]:
        """The companies that a title, heading or address names, in their order, in any spelling."""
        lines = dict.fromkeys((line, re.sub(r"[_/.-]+", " ", line)))
        return list(dict.fromkeys(one.company for text in lines for one in self.mentions(text) if _is_named(text, one)))

    def weights(self, text: str) -> dict[str, float]:
        """How much a text is about each company that it names: 2 for each interview with it, less for the rest."""
        told: dict[str, float] = defaultdict(float)
        passing: dict[str, float] = defaultdict(float)
        for one in self.mentions(text):
            weight = _weight(text, one)
            (told if weight >= 1 else passing)[one.company] += weight
        return {company: told[company] + min(passing[company], 2.0) for company in {*told, *passing}}


def _weight(text: str, one: Mention) -> float:
    before, after = text[max(0, one.start - _WINDOW) : one.start], text[one.end : one.end + _WINDOW]
    if _THING_AFTER.search(after) or (one.ordinary and _THING_BEFORE.search(before) and not _TOLD_AFTER.search(after)):
        return 0.0
    if one.word and not one.cased:
        return 0.0
    if _IN_PASSING.search(before):
        return 0.2
    if _TOLD_BEFORE.search(before) or (one.cased and _TOLD_AFTER.search(after)):
        return 2.0
    if not one.cased:
        return 0.0
    return 0.2 if one.ordinary else 0.5


def _is_named(line: str, one: Mention) -> bool:
    """Whether a title or heading means the company; a word of the dictionary must stand where a company would."""
    before, after = line[max(0, one.start - _WINDOW) : one.start], line[one.end : one.end + _WINDOW]
    if _THING_AFTER.search(after):
        return False
    first = not re.search(r"[^\W\d_]", before)
    if not one.word or (first and re.match(r"\W{1,3}interview", after, _I)):
        return True
    beside = _TOLD_AFTER.search(after) or re.search(r"\b(?:at|with|for|by|from|to|and)\W{1,3}$|@$", before, _I)
    return one.cased and bool(beside or (first and re.match(r"\s*(?:$|[|:–—(\[,-])", after)))


def _folded(name: str) -> str:
    return " ".join(_folded_word(word) for word in _WORD.findall(name))


def _folded_word(word: str) -> str:
    return word.rstrip(".,").casefold().replace("’", "'")


@cache
def _known() -> tuple[tuple[tuple[str, str], ...], ...]:
    """The shipped list: for each company its names, each with its mark: "" for a plain name, "?" or "!"."""
    lines = _KNOWN.read_text("utf-8").splitlines()
    kept = (line for line in lines if line.strip() and not line.startswith("#"))
    return tuple(
        tuple((name.rstrip("?!"), name[-1] if name[-1] in "?!" else "") for name in line.split("|")) for line in kept
    )


def known_digest() -> str:
    """What a decision depends on besides this module: the list of known companies."""
    import hashlib

    return hashlib.sha256(_KNOWN.read_bytes()).hexdigest()[:16]
