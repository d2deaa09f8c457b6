"""Which company, role and level a text is about, and which of its sections."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from urllib.parse import unquote, urlsplit

from brain.catalog import Level
from brain.records import DocumentKind
from ingest.companies import Directory

_I = re.IGNORECASE
_HEADING = re.compile(r"^(?:(#{1,6})[ \t]+(\S[^\n]*)|\*\*([^*\n]{2,80})\*\*[ \t]{0,4}:?[ \t]*)$", re.MULTILINE)
_FENCE = re.compile(r"^(```|~~~).*?^\1[^\n]*$", re.MULTILINE | re.DOTALL)
_BOLD = 7
"""The level of a line in bold: below every heading."""
_FIELD = re.compile(
    r"^[^\w\n]{0,8}(?:company|organi[sz]ation|employer)(?: name)?[^\w\n]{0,8}:[^\w\n]{0,8}(.{2,60})$", _I | re.MULTILINE
)
# What a heading may say besides the name of the company whose section it opens.
_BESIDE_A_NAME = re.compile(
    r"\b(?:interviews?|experiences?|interviewing|my|the|with|at|for|in|of|on|off|and|to|campus|on-campus|"
    r"off-campus|rounds?|"
    r"onsites?|phone|screens?|process|placements?|internships?|intern|full|time|new|grad|summer|winter|"
    r"software|engineer(?:ing)?|"
    r"developer|development|data|scientist|analyst|role|position|sde|swe|sre|mle|offer(?:ed)?|select(?:ed)?|"
    r"reject(?:ed)?|result|"
    r"verdict|company|pvt|ltd|inc|llc|india|usa|uk|remote|january|february|march|april|may|june|july|august|"
    r"september|october|"
    r"november|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|i+|[a-z]|oa|online|assessment|test|"
    r"status|ghosted)\b|[\d\W_]+",
    _I,
)
_USUAL_HEADING = re.compile(
    r"\b(?:rounds?|intro\w*|overview|summary|conclusions?|results?|outcome|tips|advice|prep\w*|resources?|"
    r"links?|references|"
    r"questions?|answers?|problems?|timeline|background|about|application|details?|feedback|thoughts|lessons?|"
    r"takeaways?|learnings?|"
    r"coding|technical|behaviou?ral|system|design|algorithms?|database|topics?|process|stages?|final|verdict|"
    r"comments?|faqs?|"
    r"note|notes|update|contents|compensation|salary|culture|team|projects?|java\w*|python|react|sql|how|what|"
    r"why|managing|having|"
    r"discussion|recruiter|manager|bar|raiser|leadership|machine|learning|depth|breadth|solution|approach|"
    r"example|case|study)\b",
    _I,
)
_SAYS_SO = re.compile(r"\b(?:interviews?|experience|onsite|loop)\b", _I)
# "Oakline Bank interview experience" names a company that no list knows.
_UNKNOWN = (
    re.compile(
        r"^\W*(?P<name>(?:[A-Z0-9][\w&.'’-]*\s+){1,4})(?:[\w/()+-]+\s+){0,6}?[Ii]nterview(?:s|"
        r"ing)?\b(?!\s+[Qq]uestions)"
    ),
    re.compile(
        r"\b[Ii]nterview(?:ed|ing|s)?(?:\s+[Ee]xperiences?)?\s*(?:[-–—:|]|\b(?:at|with|for|from|by)\b|@)\s*(?:the\s+)?"
        r"(?P<name>[A-Z0-9][\w&.'’-]*(?:\s+(?:[A-Z][\w&.'’-]*|&|of|and(?=\s[A-Z])))*)"
    ),
    re.compile(r"\b(?:at|with)\s+(?P<name>[A-Z][\w&.'’-]*(?:\s+[A-Z][\w&.'’-]*)*)\W*$"),
)
_NO_NAME = re.compile(
    r"\b(?:interviews?|experiences?|my|the|a|an|our|your|how|i|we|got|about|software|development|developer|"
    r"engineers?|engineering|"
    r"data|scientists?|science|analyst|machine|learning|full|stack|front|back|frontend|backend|fullstack|end|"
    r"senior|junior|staff|"
    r"lead|principal|sde|swe|sre|mle|mts|sr|jr|intern|interns|internship|internships|campus|placement|"
    r"placements|job|jobs|search|"
    r"summer|winter|spring|fall|new|grad|graduate|phone|onsite|technical|coding|system|design|behaviou?ral|hr|"
    r"first|second|third|"
    r"final|last|recent|virtual|remote|round|rounds|tips|guide|preparation|prep|summary|notes|report|journey|"
    r"story|part|full-time|"
    r"product|program|manager|applied|research|associate|member|role|position|questions?|on-campus|off-campus|"
    r"faang|phd|tech|day|"
    r"january|february|march|april|may|june|july|august|september|october|november|december|all|of|and|to|for|"
    r"in|from|cracking|"
    r"cracked|mock|interviewing|some|two|three|four|five|several|company|companies|startup|startups|loop|five|"
    r"six|conversations)\b"
    r"|[\d\W_]+|\bi{1,3}\b",
    _I,
)
_LONGEST_HEADING = 200
_LONGEST_TITLE = 300
_MOST_HEADINGS = 400
"""A page with more headings is not cut."""
_TOLD_ENOUGH = 2.0


@dataclass(frozen=True)
class Attribution:
    """What of a text is about the company: the spans to keep, or the reason why nothing is.

    `note` says which part was kept, when it is not all of it.
    """

    kept: tuple[tuple[int, int], ...] = ()
    reason: str = ""
    note: str = ""


@dataclass(frozen=True)
class _Part:
    """One heading and all that stands below it, up to the next of its level or above."""

    level: int
    heading: str
    start: int
    line_end: int
    end: int
    companies: tuple[str, ...]
    opens: bool


def level_of(text: str, levels: Sequence[Level]) -> str:
    """The id of the level whose longest name stands in the text as words of their own, or ""."""
    found = [
        (len(name), level.id)
        for level in levels
        for name in (level.name, *level.aliases)
        if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE)
    ]
    return max(found, default=(0, ""))[1]


def attribute(title: str, url: str, text: str, kind: DocumentKind, directory: Directory) -> Attribution:
    """Which part of a text is about the directory's own company."""
    own, title = directory.own, title[:_LONGEST_TITLE]
    parts = _parts(text, directory)
    named = _page_names(title, url, text, kind, directory)
    mine = _own_sections(parts, own)
    others = _other_sections(parts, mine, directory, guess=own not in named)
    if mine and others and (own not in named or len(named) > 1):
        note = f"the sections about {own} ({len(mine)} of {len(mine) + len(others)})"
        return Attribution(kept=_with_ancestors(mine, parts), note=note)
    weights = directory.weights(text)
    if reason := _refusal(own, named, weights, kind, _unknown(title, directory)):
        return Attribution(reason=reason)
    dropped = [part for part in parts if _is_anothers(part, directory)]
    if own in named and dropped:
        names = ", ".join(dict.fromkeys(name for part in dropped for name in part.companies))
        return Attribution(kept=_without(dropped, len(text)), note=f"all but the sections about {names}")
    return Attribution(kept=((0, len(text)),))


def _parts(text: str, directory: Directory) -> list[_Part]:
    """The sections of a text by its headings, those in code left out."""
    fences = [match.span() for match in _FENCE.finditer(text)]
    heads = list(islice(_HEADING.finditer(text), _MOST_HEADINGS + 1))
    if len(heads) > _MOST_HEADINGS:
        return []
    heads = [one for one in heads if not any(a <= one.start() < b for a, b in fences)]
    levels = [len(one[1]) if one[1] else _BOLD for one in heads]
    found = []
    for place, head in enumerate(heads):
        after = (heads[i].start() for i in range(place + 1, len(heads)) if levels[i] <= levels[place])
        heading = (head[2] or head[3])[:_LONGEST_HEADING].strip(" #\t")
        names = tuple(directory.named(heading))
        found.append(
            _Part(levels[place], heading, *head.span(), next(after, len(text)), names, _opens(heading, directory))
        )
    return found


def _opens(heading: str, directory: Directory) -> bool:
    """Whether a heading names a company and says little else, as that of a company's own section does."""
    bare = heading
    for one in reversed(list(directory.mentions(heading))):
        bare = bare[: one.start] + " " + bare[one.end :]
    return bare != heading and len(_BESIDE_A_NAME.sub(" ", bare).split()) <= 1


def _is_anothers(part: _Part, directory: Directory) -> bool:
    """Whether a section is about another company: "Zoom call" is about none; "Zoom" and "Zoom interview" are."""
    if not part.opens or directory.own in part.companies or part.level >= _BOLD:
        return False
    named = list(directory.mentions(part.heading))
    alone = [part.heading.lstrip(" 0123456789.)(").rstrip(" .:")] == [
        part.heading[one.start : one.end] for one in named
    ]
    return alone or not any(one.ordinary for one in named) or bool(_SAYS_SO.search(part.heading))


def _own_sections(parts: Sequence[_Part], own: str) -> list[_Part]:
    """The sections that the company's name opens, on their topmost level, when that is no heading of the whole page."""
    mine = [part for part in parts if part.opens and part.companies == (own,)]
    top = min((part.level for part in mine), default=0)
    return [part for part in mine if part.level == top]


def _other_sections(parts: Sequence[_Part], mine: Sequence[_Part], directory: Directory, *, guess: bool) -> list[_Part]:
    """The sections beside the own ones that other companies' names open; by a `guess`, unknown names too."""
    beside = [part for part in parts if mine and part.level == mine[0].level and part not in mine]
    return [part for part in beside if _is_anothers(part, directory) or (guess and _looks_like_a_name(part.heading))]


def _looks_like_a_name(heading: str) -> bool:
    """Whether a heading is one to three capitalised words, none of them usual in the headings of a report."""
    words = _BESIDE_A_NAME.sub(" ", heading).split()
    return 1 <= len(words) <= 3 and all(word[0].isupper() for word in words) and not _USUAL_HEADING.search(heading)


def _with_ancestors(mine: Sequence[_Part], parts: Sequence[_Part]) -> tuple[tuple[int, int], ...]:
    """The sections, and the bare headings above them."""
    spans = {(part.start, part.end) for part in mine}
    for part in mine:
        above = (one for one in parts if one.level < part.level and one.start < part.start < one.end)
        spans |= {(one.start, one.line_end) for one in above}
    return tuple(sorted(spans))


def _without(dropped: Sequence[_Part], length: int) -> tuple[tuple[int, int], ...]:
    kept, reached = [], 0
    for part in sorted(dropped, key=lambda one: one.start):
        if part.start > reached:
            kept.append((reached, part.start))
        reached = max(reached, part.end)
    return (*kept, (reached, length)) if reached < length else tuple(kept)


def _page_names(title: str, url: str, text: str, kind: DocumentKind, directory: Directory) -> list[str]:
    """The companies that the page as a whole is said to be about: by its title, address, first heading or a field."""
    path = unquote(urlsplit(url).path).rstrip("/")
    slug = " / ".join(path.split("/")[-2:])
    field = _FIELD.search(text)
    first = re.match(r"\s*#\s+(.+)", text)
    said = [title, first[1] if first else "", field[1] if field else "", re.sub(r"\.\w{1,4}$", "", slug)]
    names = [name for line in said for name in directory.named(line)]
    if kind != "interview_report" and _squashed(directory.own) in _squashed(url):
        names.append(directory.own)
    return list(dict.fromkeys(names))


def _squashed(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold())


def _unknown(title: str, directory: Directory) -> str:
    """A company that the title names as interviewing and that the directory does not know, or ""."""
    if directory.named(title):
        return ""
    for pattern in _UNKNOWN:
        found = pattern.search(re.sub(r"_+", " ", title))
        name = found["name"].strip(" .,'’-–—:|") if found else ""
        if name and _NO_NAME.sub("", name).strip():
            return name
    return ""


def _refusal(own: str, named: Sequence[str], weights: dict[str, float], kind: DocumentKind, unknown: str) -> str:
    """Why a page is not about the company, or "" when it is."""
    mine = weights.get(own, 0.0)
    if own not in named and own not in weights:
        return f"it never names {own}, so it is no evidence for this corpus"
    others = {name: weight for name, weight in weights.items() if name != own}
    rival, most = max(others.items(), key=lambda item: (item[1], item[0]), default=("", 0.0))
    if own in named:
        crowded = len(named) > 1 and kind == "interview_report" and mine < _TOLD_ENOUGH and most > mine
        return f"it is about {rival} rather than {own}" if crowded else ""
    if named or unknown:
        title = named[0] if named else unknown
        told = mine >= 2 * _TOLD_ENOUGH and mine > 2 * weights.get(title, 0.0)
        return "" if told else f"it is about {title}, and names {own} in passing only"
    if kind != "interview_report":
        return ""
    if mine < _TOLD_ENOUGH and (mine <= most or mine <= 0.2):
        return f"it names {own} in passing only" + (f", and tells of {rival}" if most >= _TOLD_ENOUGH else "")
    if mine < sum(others.values()):
        return f"it tells of several companies ({own}, {rival} …), and no section is about {own} alone"
    return ""
