"""Personal data that must not be stored: e-mail addresses, phone numbers, handles, profiles, names of private persons.

Every pattern has bounded repetitions, so that the time grows with the length of the text and no faster.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from brain.disguise import folded
from brain.persons import person_names

SOURCES = ("brain.personal", "brain.persons", "brain.names", "brain.disguise")
"""The modules whose source decides what is removed."""


class Found(NamedTuple):
    """`text[start:end]` is personal data of this kind; `link` says that a link's label stays before it."""

    start: int
    end: int
    kind: str
    link: bool = False


# What is removed can bring together what was apart; the second pass nearly always finds nothing.
_MOST_PASSES = 8
_FENCE = re.compile(r"^ {0,3}(```|~~~).*?(?:^ {0,3}\1|\Z)", re.MULTILINE | re.DOTALL)
_INLINE_CODE = re.compile(r"(?<!`)`[^`\n]{1,300}`(?!`)")
_REMOVED = re.compile(r"\[(?:e-mail|phone number|handle|profile|name) removed\]")

# The part before the @ is bounded (RFC 5321, 4.5.3.1.1), else a long row of dots takes quadratic time; a top-level
# domain has two letters or more, which keeps products of matrices such as `W@x.T`.
_HOST = r"[\w-]{1,63}(?:\.[\w-]{1,63}){0,6}\.(?:xn--[\w-]{1,59}|[^\W\d_]{2,24})\b"
_MAIL_HOST = r"(?:gmail|googlemail|yahoo|ymail|outlook|hotmail|rediffmail|icloud|protonmail)"
_AT = r"(?:\s?[\[({<]\s?at\s?[\])}>]\s?|\s?[\[(]@[\])]\s?|&\#64;|&commat;|＠)"
_DOT = r"(?:\s?[\[({<]\s?(?:dot|\.)\s?[\])}>]\s?|\s{1,2}dot\s{1,2}|\.)"
_TOP = r"(?:com|org|net|edu|io|ai|dev|gov|info|app|biz|de|fr|uk|eu|nl|ch|xyz|tech|email|me|in|co)"
_LOCAL = r"[\w.+-]{1,64}(?:\s{1,2}dot\s{1,2}[\w+-]{1,32}){0,2}"
_EMAIL = re.compile(
    rf"""\b[\w.+-]{{1,64}}@{_HOST}
    | \b[\w.+-]{{1,64}}{_AT}[\w-]{{1,63}}(?:{_DOT}[\w-]{{1,63}}){{0,5}}{_DOT}(?:xn--[\w-]{{1,59}}|[^\W\d_]{{2,24}})\b
    | \b{_LOCAL}\s{{1,2}}at\s{{1,2}}[\w-]{{1,63}}(?:\s{{1,2}}dot\s{{1,2}}[\w-]{{1,63}}){{0,3}}
        \s{{1,2}}dot\s{{1,2}}(?:com|org|net|edu|io|ai|dev|gov|info|(?:com?|ac|org)\s{{1,2}}dot\s{{1,2}}\w\w)\b
    | \b[\w.+-]{{2,64}}\s?@\s?{_MAIL_HOST}(?:\s?{_DOT}\s?{_TOP})?\b
    | \b{_LOCAL}\s{{1,2}}at\s{{1,2}}{_MAIL_HOST}(?:{_DOT}{_TOP})?\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_AT_SIGN = re.compile(
    r"[@＠]|&#64;|&commat;|[\[({<]\s?at\s?[\])}>]"
    rf"|at(?<=\bat)\s{{1,2}}(?:[\w-]{{1,63}}\s{{1,2}}dot\b|{_MAIL_HOST})",
    re.IGNORECASE,
)
_BEFORE, _AFTER = 140, 400
"""Characters around a sign that no pattern looked for there reaches beyond."""
# Every match of `_AT_SIGN` has one of these or is bracketed.
_AT_WORDS = ("@", "＠", "&#64;", "&commat;", "dot", *_MAIL_HOST[3:-1].split("|"))
_AT_BRACKETED = re.compile(r"[\[({<]\s?at\s?[\])}>]")
_MAIL_LINK = re.compile(r"<mailto:[^<>\s]{3,254}>|\[([^\[\]\n]{0,200})\]\(<?mailto:[^()\s]{3,254}>?\)", re.IGNORECASE)

_NORTH_AMERICAN = re.compile(r"(?<![\d.,-])(?:1[-. ])?(?:\(\d{3}\)\s?|\d{3}[-. ])\d{3}[-. ]\d{4}(?![\d.,-]\d)")
_INDIAN = re.compile(r"(?<![\d.,-])(?:91[- ])?[6-9]\d{4}[- ]\d{5}(?![\d.,-]?\d)")
_INTERNATIONAL = re.compile(r"[+＋][ (]{0,2}\d(?:[ ().\-/\u00a0]{0,3}\d){6,17}")
_PHONE_LINK = re.compile(
    r"\[[^\[\]\n]{0,80}\]\((?:tel:|https?://wa\.me/)[^()\s]{5,40}\)|(?:\btel:|\bcallto:|\bwa\.me/)\+?[\d-]{7,20}",
    re.IGNORECASE,
)
_CUED = re.compile(
    r"\b(?:phone|tele?phone|tel|telefon|mobile?|mob|handy|fon|cell|fax|whats\s?app(?:ed)?|ph|call|text|sms|dial|contact|reach)"
    r"(?:[ \t](?:no|number|num|me|us|her|him|at|on|or|via|whatsapp|by|now)){0,4}\.?"
    r"[*_]{0,2}[ \t]{0,2}[:#=-]{0,2}[*_ \t]{0,3}"
    r"(\(?\+?\d(?:[ ().\-/]{0,2}\d){6,14})(?!\d)",
    re.IGNORECASE,
)
# Seven digits in a row, as every match of `_NORTH_AMERICAN`, `_INDIAN` and `_CUED` has them.
_DIGITS = re.compile(r"\d(?:[ ().\-/]{0,2}\d){6}")
_REGIONS = ("IN", "US", "GB", "CA", "AU", "SG", "DE")

# A call is no handle; decorators and annotations without one are known by name.
_HANDLE = re.compile(
    r"(?<![\w/.@`])@([A-Za-z_][\w-]{2,38})\b(?!(?:\.\w{1,40}){0,4}\()(?!\.(?:[\w-]{1,40}\.){0,3}(?:com|org|net|io|ai|co|in|dev)\b)"
)
_DECORATORS = re.compile(
    "abc|abstractmethod|cache|cached_property|classmethod|contextlib|contextmanager|dataclass|dataclasses|final|"
    "functools|jit|njit|overload|override|property|pytest|singledispatch|staticmethod|total_ordering|wraps|"
    "Autowired|Bean|Component|Deprecated|Entity|Injectable|NotNull|Nullable|Override|RestController|Service|Test|"
    "Transactional|media|import|keyframes|charset|supports|Repository|Controller|Configuration|Input|Output|tailwind|layer"
)
_DISCORD = re.compile(r"\bdiscord\b[^\n#]{0,30}?[\s:(*_`]([\w.]{2,32}#\d{4})\b", re.IGNORECASE)
_NAMED_ACCOUNT = re.compile(
    r"\b(?:telegram|instagram|insta|twitter|discord|skype|wechat|snapchat|reddit|github|leetcode|linkedin|codeforces)"
    r"[ \t]"
    r"(?:id|handle|user(?:name)?)[ \t]?(?:is|[:=–-])[ \t]?[*_`\"']{0,2}@?([A-Za-z][\w.-]{2,38})"
    r"|\b(?:telegram|skype|wechat)[ \t]?:[ \t]?@?([A-Za-z][\w.]{0,36}[\d_]\w{0,20})\b",
    re.IGNORECASE,
)
_ACCOUNTS = (
    *("telegram", "insta", "twitter", "discord", "skype", "wechat", "snapchat", "reddit", "github", "leetcode"),
    *("linkedin", "codeforces"),
)
"""What every match of `_NAMED_ACCOUNT` begins with."""
# Addresses of persons; what lies below a GitHub account (a repository) or a Medium account (an article) is none.
_PROFILE_ADDRESS = (
    r"(?:https?://(?:[\w.-]{4,60}/[\w./-]{0,40}/)?)?(?:[\w-]{1,20}\.)?(?:linkedin\.com/(?:in|pub)/[^\s()<>\[\]]{2,120}"
    r"|(?<!\bpic\.)(?:twitter|x|instagram|facebook|fb|threads)\.(?:com|net)/(?!(?:intent|share|sharer|hashtag|search|home|groups)\b)"
    r"@?[\w-]{1,40}(?:\.[\w-]{1,30}){0,2}(?:/status/\d{1,20})?"
    r"|github\.com/(?!(?:topics|features|pricing|about|explore|marketplace|login|join|orgs|trending|sponsors|search)\b)"
    r"[\w-]{1,39}|gitlab\.com/[\w-]{2,39}|t\.me/[\w+-]{3,40}|telegram\.me/\w{3,40}"
    r"|leetcode\.com/(?:u/[\w-]{2,40}|(?!(?:problems?|discuss|explore|contest|tag|company|study|problemset|interview"
    r"|playground|subscribe|accounts|premium|list|progress|store|assessment|submissions|u)\b)[\w-]{2,40})|codeforces\.com/profile/[\w-]{2,40}|hackerrank\.com/profile/[\w-]{2,40}"
    r"|kaggle\.com/(?!(?:c|competitions|datasets|learn|code|models)\b)\w{2,40}|stackoverflow\.com/users/\d{1,10}(?:/[\w-]{1,60})?"
    r"|medium\.com/@[\w-]{1,40}(?:\.[\w-]{1,30}){0,2}|topmate\.io/[\w-]{2,40}|linktr\.ee/[\w-]{2,40}|calendly\.com/[\w-]{2,60}"
    r"|discord(?:app)?\.com/users/\d{5,25}|keybase\.io/\w{2,40}|angel\.co/u/[\w-]{2,40})/?(?![\w/@%-])(?:\?[\w=&%.-]{0,120})?"
)
_PROFILE_LINK = re.compile(
    rf"\[([^\[\]\n]{{0,200}})\]\(<?{_PROFILE_ADDRESS}#?>?(?:[ ]\"[^\"\n]{{0,100}}\")?\)", re.IGNORECASE
)
# How the host of every `_PROFILE_ADDRESS` ends.
_DOMAIN = re.compile(r"\.(?:com|net|me|io|ee|co)/")
_PROFILE_HOSTS = (
    *("linkedin.com/", "twitter.com/", "twitter.net/", "x.com/", "x.net/", "instagram.com/", "instagram.net/"),
    *("facebook.com/", "facebook.net/", "fb.com/", "fb.net/", "threads.com/", "threads.net/", "github.com/"),
    *("gitlab.com/", "t.me/", "telegram.me/", "leetcode.com/", "codeforces.com/", "hackerrank.com/", "kaggle.com/"),
    *("stackoverflow.com/", "medium.com/", "topmate.io/", "linktr.ee/", "calendly.com/", "discord.com/"),
    *("discordapp.com/", "keybase.io/", "angel.co/"),
)
_PROFILE = re.compile(rf"<?(?<![\w./@-]){_PROFILE_ADDRESS}>?", re.IGNORECASE)
# "my repository" tells whose account the address names.
_OWN_REPOSITORY = re.compile(
    r"\b(?:my|link of the|link to the|submitted)[ \t](?:[\w-]{1,20}[ \t]){0,3}?"
    r"(?:repo|repository|github|code|solution|submission)"
    r"\b[^\n]{0,40}?(https?://(?:www\.)?(?:github|gitlab)\.com/[\w.-]{1,39}/[\w.-]{1,100})",
    re.IGNORECASE,
)


def remove_personal_data(text: str) -> str:
    """Replace what identifies a private person by a word in brackets that says what stood there.

    Markdown stays Markdown: a link whose address is personal becomes its label and the word. Doing it twice changes
    nothing more.
    """
    for _ in range(_MOST_PASSES):
        left = _removed_once(text)
        if left == text:
            break
        text = left
    return text


def personal_spans(text: str) -> list[Found]:
    """What is removed in one pass, in order and without overlaps."""
    code, lowered = _Code(text), folded(text)
    found = [*_links(text, lowered), *_contacts(text, lowered), *_handles(text, lowered, code), *_names(text, code)]
    kept = (Found(*match.span(), "") for match in _REMOVED.finditer(text))
    return [one for one in _without_overlaps([*kept, *found]) if one.kind]


def _removed_once(text: str) -> str:
    pieces: list[str] = []
    reached = 0
    for found in personal_spans(text):
        label = text[found.start : found.end].partition("](")[0][1:] + " " if found.link else ""
        pieces += [text[reached : found.start], f"{label}[{found.kind} removed]"]
        reached = found.end
    return "".join([*pieces, text[reached:]])


def _links(text: str, lowered: str) -> Iterator[Found]:
    """Links to a person; of those with a label that says something else, only the address goes."""
    if "mailto:" in lowered:
        yield from (_link(match, "e-mail") for match in _MAIL_LINK.finditer(text))
    if any(word in lowered for word in ("tel:", "wa.me/", "callto:")):
        yield from _all(_PHONE_LINK, text, "phone number")
    hosts = [match for match in _DOMAIN.finditer(lowered) if lowered.endswith(_PROFILE_HOSTS, 0, match.end())]
    if hosts:
        yield from (_link(match, "profile") for match in _PROFILE_LINK.finditer(text))
        for start, end in _around(hosts, text):
            yield from _all(_PROFILE, text, "profile", start, end)
    if "github.com/" in lowered or "gitlab.com/" in lowered:
        yield from (Found(*match.span(1), "profile") for match in _OWN_REPOSITORY.finditer(text))


def _link(match: re.Match[str], kind: str) -> Found:
    label = match[1] or ""
    if not label or "@" in label or "/" in label:
        return Found(*match.span(), kind)
    if person_names(f"{match[0]} ") == [(1, len(label) + 1)]:
        return Found(*match.span(), "name")
    return Found(*match.span(), kind, link=True)


def _all(pattern: re.Pattern[str], text: str, kind: str, start: int = 0, end: int | None = None) -> Iterator[Found]:
    matches = pattern.finditer(text, start, len(text) if end is None else end)
    return (Found(*match.span(), kind) for match in matches)


def _contacts(text: str, lowered: str) -> Iterator[Found]:
    if any(word in lowered for word in _AT_WORDS) or _AT_BRACKETED.search(lowered):
        for start, end in _around(_AT_SIGN.finditer(text), text):
            yield from _all(_EMAIL, text, "e-mail", start, end)
    for start, end in _around(_DIGITS.finditer(text), text):
        for pattern in (_NORTH_AMERICAN, _INDIAN):
            yield from _all(pattern, text, "phone number", start, end)
        yield from _announced(text, start, end)
    if "+" in text or "＋" in text:
        yield from _international(text)


def _around(signs: Iterable[re.Match[str]], text: str) -> Iterator[tuple[int, int]]:
    """The stretches of text that lie near a sign, so that what takes long is looked for only there."""
    start = end = -1
    for match in signs:
        if match.start() - _BEFORE > end:
            if end > 0:
                yield start, end
            start = max(0, match.start() - _BEFORE)
        end = match.end() + _AFTER
    if end > 0:
        yield start, min(end, len(text))


def _international(text: str) -> Iterator[Found]:
    """Numbers with a country code anywhere: without a region array sizes and dates stay."""
    from phonenumbers import Leniency, PhoneNumberMatcher

    for match in _INTERNATIONAL.finditer(text):
        for number in PhoneNumberMatcher(match[0], None, leniency=Leniency.POSSIBLE):
            yield Found(match.start() + number.start, match.start() + number.end, "phone number")


def _announced(text: str, start: int, end: int) -> Iterator[Found]:
    """Other numbers, only after a word that announces a phone number."""
    for match in _CUED.finditer(text, start, end):
        if any(_valid(match[1], region) for region in _REGIONS):
            yield Found(*match.span(1), "phone number")


def _valid(number: str, region: str) -> bool:
    from phonenumbers import NumberParseException, is_valid_number, parse

    try:
        return bool(is_valid_number(parse(number, region)))
    except NumberParseException:
        return False


def _handles(text: str, lowered: str, code: "_Code") -> Iterator[Found]:
    for match in _HANDLE.finditer(text) if "@" in text else ():
        if not _DECORATORS.fullmatch(match[1]) and not code.fenced(match.start()):
            yield Found(*match.span(), "handle")
    if "discord" in lowered and "#" in text:
        yield from (Found(*match.span(1), "handle") for match in _DISCORD.finditer(text))
    for match in _at_places(_NAMED_ACCOUNT, text, lowered, _ACCOUNTS):
        yield Found(*match.span(1 if match[1] else 2), "handle")


def _at_places(pattern: re.Pattern[str], text: str, lowered: str, words: Iterable[str]) -> Iterator[re.Match[str]]:
    """The matches of a pattern that begins with one of the words, in order and without overlaps."""
    reached = 0
    for place in sorted({place for word in words for place in _places(lowered, word)}):
        match = pattern.match(text, place) if place >= reached else None
        if match:
            reached = match.end()
            yield match


def _places(lowered: str, word: str) -> Iterator[int]:
    place = lowered.find(word)
    while place >= 0:
        yield place
        place = lowered.find(word, place + 1)


def _names(text: str, code: "_Code") -> Iterator[Found]:
    for start, end in person_names(text):
        if not code.fenced(start) and not code.inline(start):
            bracketed = text[start - 1 : start] == "[" and text[end : end + 1] == "]" and text[end + 1 : end + 2] != "("
            yield Found(start - bracketed, end + bracketed, "name")


class _Code:
    """Where code stands in a Markdown text."""

    def __init__(self, text: str) -> None:
        fences = _FENCE.finditer(text) if "```" in text or "~~~" in text else ()
        self._fences = [match.span() for match in fences]
        self._inline = [match.span() for match in (_INLINE_CODE.finditer(text) if "`" in text else ())]

    def fenced(self, position: int) -> bool:
        """Whether the position lies in a fenced block."""
        return _within(self._fences, position)

    def inline(self, position: int) -> bool:
        """Whether the position lies in a code span."""
        return _within(self._inline, position)


def _within(spans: list[tuple[int, int]], position: int) -> bool:
    place = bisect_right(spans, (position, 1 << 62)) - 1
    return place >= 0 and position < spans[place][1]


def _without_overlaps(spans: Iterable[Found]) -> Iterator[Found]:
    """The spans from left to right, of those that begin together the longest, each only where none reaches into it."""
    reached = 0
    for found in sorted(spans, key=lambda one: (one.start, -one.end)):
        if found.start >= reached:
            yield found
            reached = found.end
