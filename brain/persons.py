"""Names of private persons, as far as a rule can tell: from the words beside them, and from lists of common names.

A cue decides how sure one must be: after "my friend" any capitalised word will do, after "thanks to" two of them or a
known name, before "asked me" only a known one. A name that was found once is found again wherever the text repeats it.
Names without a cue stay, and so do those of companies, products and persons of public standing.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice, pairwise
from typing import Literal

from brain import names

Need = Literal["any", "likely", "known", "alone"]
"""What a cue asks of the word after it: any capitalised one, two of them or a known name, a known name, a known name
that fills the line."""

_MOST_WORDS = 4
_MOST_LISTED = 12
_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|['’-](?=[^\W\d_])){0,29}(?![\w@])(?:(?<![^\W_]{2})\.)?")
_GAP = re.compile(r"[ \t\u00a0]{1,3}|(?<=\.)(?=[^\W\d_])")
_CAMEL = re.compile(r"(?:Mc|Mac|De|Di|La|Le|Van)[A-Z][a-z]{2,}")
_POSSESSIVE = re.compile(r"['’]s$")
_WHITE = re.compile(r"\s{0,3}")
_LONGEST_CUE = 80
_MOST_KEPT = 20_000
"""Words whose folded form is kept: the same ones come again on every page."""
_FEW = 20
# A letter that is no small one of ASCII: most words are passed over.
_CAPITAL = re.compile(r"[^a-z\W\d_](?<![\w@/.#].)")
_AND = re.compile(r"(?:[ \t]?\([^()\n]{1,60}\))?[ \t]?(?:,[ \t]?(?:and[ \t])?|&|\+|/|and/or\b|and\b|or\b)[ \t]?\[?")
_ROLE = (
    r"(?:manager|engineer|developer|sde|swe|sdet|director|specialist|designer|lead|leader|scientist|recruiter|head"
    r"|(?:co-?)?founder|cto|ceo|coo|cfo|vp|hr|partner|copywriter|analyst|architect|principal|staff|intern|pm|tpm|em"
    r"|interviewer|friend|mentor|professor|colleague|senior|consultant|acquisition|president|officer|panelist|teammate|alum|alumnus|alumni|batchmate)"
)
_MARK = r"[\s*_:,(\[\"“”'’>–—-]{1,8}"
_SPACE = r"[ \t]?[\[(*_\"“]{0,3}"
_FRIEND = (
    r"(?:friend|buddy|batch[- ]?mate|classmate|room-?mate|flat-?mate|cousin|brother|sister|girlfriend|boyfriend|wife"
    r"|husband|colleague|team-?mate|mentor)"
)


def _cue(pattern: str) -> re.Pattern[str]:
    """The pattern, ending where a name begins."""
    title = r"(?:(?:mr|mrs|ms|miss|dr|prof|shri|smt)\b\.?[ \t]{0,2})?"
    return re.compile(rf"(?:{pattern}){title}\Z", re.IGNORECASE | re.VERBOSE | re.MULTILINE)


_ANY = _cue(
    rf"""\b(?:my\ name(?:\ is|['’]s|:)
    | (?:whose|his|her|their|interviewer['’]?s|recruiter['’]?s|manager['’]?s)\ name\ (?:was|is)
    | (?:interviewer|recruiter|manager|guy|person|engineer|employee|senior|lady|man|woman|lead|scientist|{_FRIEND})
        \ (?:named|called)
    | (?:my|his|her|their|our)\ (?-i:[a-z-]{{1,15}}\ )?{_FRIEND},?)\ {_SPACE}
    | ^[ \t>*_]{{0,6}}(?:[^\w\s]{{1,3}}[ \t])?["']?(?:authors?|(?:written|posted|submitted|contributed|shared
        |experience|article|story|told)\ by
        |interviewee|candidate\ name)\b
        [ \t*_"']{{0,4}}[:=]?[ \t*_"'\[]{{0,6}}
    | (?:is|was)\ (?:contributed|written|shared|submitted|posted)\ by\ {_SPACE}
    | ^[ \t>*_]{{0,6}}(?:best|kind|warm|with)?[ \t]?(?:regards|wishes|cheers|sincerely|yours\ truly|yours)[ \t]?[,!.-]?
        [ \t]?\n{{0,3}}[ \t>*_~–—-]{{0,6}}
    """
)
_LIKELY = _cue(
    rf"""\b(?:referred|interviewed|mentored|coached|guided)\ by\ {_SPACE}
    | \b(?:referral|reference|recommendation|referred)\ (?:from|by|through|via)\ {_SPACE}
    | \b(?:thanks|thank\ you|thankful|grateful|gratitude|shout[- ]?out|kudos|props|indebted
        |credits?(?=\ (?:to|goes?)\b))
        (?:\ (?:to|goes|go|a\ lot|so\ much|very\ much|also)){{0,3}}[:,]?\ {_SPACE}
    | \b(?:hiring|engineering)\ manager{_MARK} | \brecruiter{_MARK} | \binterviewer(?:\ \d)?{_MARK}
    | \b(?:HR|panell?ist|bar\ raiser|talent\ partner|sourcer|team\ lead|tech\ lead|CTO
        |CEO|co-?founder|founder)\ {_SPACE}
    | \b(?:recruiter|interviewer|manager|mentor)\ (?:was|is)\ {_SPACE}
    | \bhiring\ contact{_MARK} | \bcontact\ (?:person|name){_MARK}
    | ^[ \t>*_#]{{0,6}}(?:meet\ the\ (?:hiring\ )?team|hiring\ team|job\ poster)[ \t*_:]{{0,6}}\n{{1,3}}[ \t*_-]{{0,4}}
    | ^[ \t>*_]{{0,6}}by[ \t]{_SPACE}
    """
)
_KNOWN = _cue(
    rf"""\b(?:asked|taken|conducted|led|hosted|reviewed|shared|contacted|introduced|told|approached|called|emailed)
        \ (?:me\ )?(?:by|to)\ {_SPACE}
    | \b(?:conversation|meeting|call|chat|discussion|spoke|talk|talked|met|session|connected|interaction|interacted
        |interview|round|screen|screening|coffee|friends?)\ (?:with|from)\ (?:(?:the|an?|my|our|their|his|her)\ )?
        (?-i:(?:[a-z]{{2,12}}\ ){{0,3}}){_SPACE}
    | ^[ \t>*_\#-]{{0,6}}name[*_]{{0,2}}[ \t]?:[*_]{{0,2}}[ \t]{{1,2}}
    | \b(?:this\ is|i\ am|i['’]m|myself|it['’]s|hi|hello|hey|dear|when|upon)\ {_SPACE}
    | \b(?:{_FRIEND}|manager|junior|senior|contact|reach\ out\ to|reports?\ to
        |(?:mail|message|know|hear|heard)\ from){_MARK}
    """
)
_ALONE = _cue(r"\A[ \t#*_]{0,6} | ^[ \t>*_]{0,4}[-–—~][ \t]?[*_]{0,2}")
_LINE_ENDS = re.compile(r"[ \t*_.]{0,6}$", re.MULTILINE)
# A part of every cue: looked for first, since that is much faster than the patterns.
_STEMS = (
    *("name", "called", "friend", "buddy", "mate", "cousin", "brother", "sister", "wife", "husband", "colleague"),
    *("mentor", "author", "ed by", "iewee", "regards", "wishes", "cheers", "sincerely", "yours", "referral"),
    *("reference", "recommendation", "thank", "grateful", "gratitude", "shout", "kudos", "props", "indebted", "credit"),
    *("manager", "recruiter", "interviewer", "hr ", "panel", "bar raiser", "talent", "sourcer", "lead", "cto", "ceo"),
    *("founder", "contact", "team", "poster", "by "),
)
_KNOWN_STEMS = (
    *(
        " by ",
        " to ",
        "with",
        "from",
        "this is",
        "i am",
        "i'm",
        "i’m",
        "myself",
        "it's",
        "it’s",
        "hi ",
        "hello",
        "hey ",
    ),
    *("dear", "when ", "upon", "manager", "junior", "senior", "contact", "name", "report", "friend", "mate", "mentor"),
    *("colleague", "cousin", "brother", "sister", "wife", "husband"),
)
_Cue = tuple[re.Pattern[str], Need, tuple[str, ...]]
"""What stands before a name, what it asks of the name, and parts of which one stands there."""
_CUES: tuple[_Cue, ...] = (
    (_ANY, "any", _STEMS),
    (_LIKELY, "likely", _STEMS),
    (_KNOWN, "known", _KNOWN_STEMS),
    (_ALONE, "alone", ("",)),
)
_LETTERS = re.compile(r"\b[^\W\d_]{3,}\b")
_TOKEN = re.compile(r"[^\W\d_](?<![\w@/.#].)(?:[^\W\d_]|['’-](?=[^\W\d_])){0,29}(?![\w@/])")
_INNER = frozenset("'’-")
# What follows a known name where the person acts, or is said to be somebody.
_AFTER = re.compile(
    rf"""[\])*_"”]{{0,3}}(?:[ \t]?\((?:[^()\n]{{0,40}}[^\w()\n])?{_ROLE}\b
    | ,[ \t](?:(?:the|an?|my|our|his|her|their|who|one|another)[ \t])?(?:[\w&/.-]{{1,20}}[ \t]){{0,4}}?{_ROLE}\b
    | [ \t](?:joined[ \t](?:the|us|me|in)|asked[ \t](?:me|for|about|if|to)|interviewed|mentored|coached
        |(?:referred|contacted|called|told|gave|helped|guided|introduced|messaged|emailed|invited|wanted)[ \t]
            (?:me|us)\b
        |introduced[ \t](?:himself|herself)|reached[ \t]out|met[ \t]with[ \t]me
        |(?:was|is)[ \t](?:my|the|an?|our)[ \t](?:[\w-]{{1,15}}[ \t]){{0,2}}{_ROLE}\b
        |from[ \t](?:the[ \t])?(?:hr|recruit\w{{0,6}}|talent|people)\b)
    | ['’]s[ \t](?:recommendation|referral|help|guidance|round|interview|team|feedback)\b)""",
    re.IGNORECASE | re.VERBOSE,
)
_MENTORED = re.compile(r"\][ \t](?:mentored|interviewed|referred|helped|coached)\b")
_NO_NAME_BEFORE = re.compile(
    r"[ \t](?:employees?|engineers?|recruit\w{0,6}|hr|teams?|interview\w{0,4}|rounds?|offices?|managers?|developers?"
    r"|sdes?|folks|people|university|college|alum\w{0,3}|staff|representative|member|community|platform|website|discuss\w{0,4}"
    r"|posts?|app|group|channel|blog|careers?|portal|inc|ltd|labs|technologies|online|solutions|systems)\b",
    re.IGNORECASE,
)
_REFERENCE = re.compile(
    r"\[([^\[\]\n]{3,60})\](?:\(|:[ \t]?)<?(?:mailto:|https?://(?:[\w-]{1,20}\.|[\w./-]{1,80}/(?:www\.)?)?"
    r"(?:linkedin\.com/in/|github\.com/|twitter\.com/|x\.com/|t\.me/|instagram\.com/|facebook\.com/))[^\s()/]{1,100}/?[)>\s]"
)


@dataclass(frozen=True)
class Lists:
    """Folded names and words, and pairs of words that are no private person."""

    given: frozenset[str]
    family: frozenset[str]
    words: frozenset[str]
    whole: frozenset[tuple[str, ...]]


@dataclass(frozen=True)
class Name:
    """`text[start:end]` reads like a person's name of these words."""

    start: int
    end: int
    words: tuple[str, ...]

    @property
    def known(self) -> bool:
        """Whether a list has it: one of the words as a given name or, where there are several, as a family name."""
        return _known(self.words)


@lru_cache(maxsize=_MOST_KEPT)
def _known(words: tuple[str, ...]) -> bool:
    parts = [part for word in words for part in _folded(word).split("-")]
    lists = _lists()
    return any(part in lists.given for part in parts) or (
        len(words) > 1 and any(part in lists.family for part in parts)
    )


@cache
def _lists() -> Lists:
    pairs = (tuple(map(_folded, entry.split())) for entry in names.WHOLE.split(";"))
    given, family, words = (
        frozenset(map(_folded, written.split())) for written in (names.GIVEN, names.FAMILY, names.WORDS)
    )
    return Lists(given, family, words, frozenset(pairs))


@lru_cache(maxsize=_MOST_KEPT)
def _folded(word: str) -> str:
    plain = unicodedata.normalize("NFKD", _POSSESSIVE.sub("", word))
    return "".join(one for one in plain if not unicodedata.combining(one)).casefold().strip(".")


def person_names(text: str) -> list[tuple[int, int]]:
    """Where names of private persons stand, in order and without overlaps."""
    found = [name for name in _found(text) if name.end > name.start]
    return sorted({*((name.start, name.end) for name in found), *_again(text, found)})


def _found(text: str) -> Iterator[Name]:
    reached, cues = 0, _cues_in(text)
    for capital in _CAPITAL.finditer(text):
        position = capital.start()
        if position < reached or not capital[0].isupper():
            continue
        name = _name_at(text, position)
        need = _need(text, name, cues) if name else None
        if need is not None:
            for name in _listed(text, position, need):
                reached = name.end
                yield name
        if name and position >= reached and _acts(text, name):
            reached = name.end
            yield name
    for link in _REFERENCE.finditer(text):
        if name := _linked(text, link):
            yield name


def _cues_in(text: str) -> tuple[_Cue, ...]:
    """All cues, each with those of its stems that the text has."""
    lowered = text.lower()
    return tuple((pattern, need, tuple(stem for stem in stems if stem in lowered)) for pattern, need, stems in _CUES)


def _need(text: str, name: Name, cues: tuple[_Cue, ...]) -> Need | None:
    """What the words before the name ask of it; None when they say nothing or more than it can give."""
    start = max(0, name.start - _LONGEST_CUE)
    before = text[start : name.start].lower()
    for pattern, need, stems in cues if name.known else cues[: len(name.words[:2])]:
        for stem in stems:
            if stem in before:
                if pattern.search(text, start, name.start):
                    return need
                break
    return None


def _linked(text: str, link: re.Match[str]) -> Name | None:
    """The name that is the label of a link to a profile or an address."""
    name = _name_at(text, link.start(1))
    if name is None or name.end != link.end(1):
        return None
    sure = name.known or "/in/" in link[0] or (len(name.words) > 1 and "mailto:" not in link[0])
    return name if sure else None


def _listed(text: str, position: int, need: Need) -> Iterator[Name]:
    """The name at the position and those that "and" or a comma joins to it."""
    for _ in range(_MOST_LISTED):
        name = _name_at(text, position)
        if name is None or not _enough(text, name, need):
            return
        yield name
        joint = _AND.match(text, name.end + (text[name.end : name.end + 1] == "]"))
        if joint is None:
            return
        position, need = joint.end(), "likely" if need in {"any", "likely"} else need


def _enough(text: str, name: Name, need: Need) -> bool:
    if need == "alone":
        return name.known and bool(_LINE_ENDS.match(text, name.end))
    if need == "known" or name.known:
        return name.known
    if _NO_NAME_BEFORE.match(text, name.end) or all(word.isupper() for word in name.words):
        return False
    return need == "any" or len(name.words) > 1


def _acts(text: str, name: Name) -> bool:
    """Whether what follows says that the known name is somebody; its first word must be known."""
    if _MENTORED.match(text, name.end) and len(name.words) > 1:
        return True
    first = Name(name.start, name.end, name.words[:1])
    return bool(_AFTER.match(text, name.end)) and (first.known or (name.known and len(name.words) > 1))


def _name_at(text: str, position: int) -> Name | None:
    """The capitalised words from the position on, up to four, as far as they can be a person's name."""
    words: list[str] = []
    start = end = position
    while len(words) < _MOST_WORDS and (word := _WORD.match(text, position)) and _fits(word[0], words):
        words.append(word[0])
        end = word.end() - (2 if word[0].endswith(("'s", "’s")) else 0)
        gap = _GAP.match(text, word.end())
        if end != word.end() or gap is None:
            break
        position = gap.end()
    if not words or all(len(_folded(word)) < 2 for word in words) or _of_public(words):
        return None
    return Name(start, end, tuple(words))


def _fits(word: str, before: list[str]) -> bool:
    """Whether the word can go on a name: McDonald can, and a family name in capitals; JPMC and SQLite cannot."""
    lists, folded, inner = _lists(), _folded(word), word[1:].rstrip(".")
    if not word[0].isupper() or folded in lists.words:
        return False
    if not inner or inner.islower() or "-" in word or "'" in word or "’" in word:
        return True
    if word.isupper():
        known_before = bool(before) and _folded(before[0]) in lists.given
        return len(word) > 3 and (known_before or folded in lists.given or folded in lists.family)
    return bool(_CAMEL.fullmatch(word))


def _of_public(words: list[str]) -> bool:
    folded = [_folded(word) for word in words]
    return any(pair in _lists().whole for pair in pairwise(folded))


def _again(text: str, found: list[Name]) -> Iterator[tuple[int, int]]:
    """Every other place where a found name stands: whole, or by its given name."""
    if not found:
        return
    wanted: dict[str, set[tuple[str, ...]]] = {}
    lowered: set[str] | None = None
    for name in found:
        words = tuple(_POSSESSIVE.sub("", word) for word in name.words)
        wanted.setdefault(words[0], set()).add(words)
        for place, word in enumerate(words):
            if place == 0 and len(word) > 2 and not _known((word,)) and lowered is None:
                lowered = set(_LETTERS.findall(text))
            if _known((word,)) or (place == 0 and len(word) > 2 and word.lower() not in (lowered or ())):
                wanted.setdefault(word, set()).add((word,))
    for match in _tokens(text, wanted):
        for words in sorted(wanted.get(_POSSESSIVE.sub("", match[0]), ()), key=len, reverse=True):
            if end := _stands(text, match.start(), words):
                yield match.start(), end
                break


def _tokens(text: str, wanted: Iterable[str]) -> Iterator[re.Match[str]]:
    """The words of the text; where few are wanted, only those that begin like one of them."""
    few = list(islice(wanted, _FEW + 1))
    places = (
        [match.start() for word in few for match in re.finditer(re.escape(word), text)] if len(few) <= _FEW else [0]
    )
    # What follows an apostrophe or a hyphen can be part of a longer word.
    if len(few) > _FEW or any(text[place - 1 : place] in _INNER for place in places if place):
        return _TOKEN.finditer(text)
    return (match for place in sorted(set(places)) if (match := _TOKEN.match(text, place)))


def _stands(text: str, position: int, words: tuple[str, ...]) -> int:
    """Where the words end that stand at the position, parted by white space of any kind; 0 when they do not."""
    for number, word in enumerate(words):
        if number:
            gap = _WHITE.match(text, position)
            position = gap.end() if gap else position
        if not text.startswith(word, position):
            return 0
        position += len(word)
    return position
