"""When an interview was, as a report tells it: an interval of days, or nothing where the text does not say.

The interval covers the process that is told, from the application to the last round. A date counts only next to words
that tie it to the interview; years of graduation, of courses and of companies do not count, nor does what would be
after the day the report appeared.
"""

import re
from collections.abc import Iterator
from datetime import timedelta

from brain.records import Interval
from ingest.date_words import EXPRESSION, MONTH_NAME, read_expression, relative_dates

_MOST_TEXT = 200_000
_LONGEST_LINE = 4_000
_EARLIEST_YEAR = 1995
_LONGEST_PROCESS = timedelta(days=550)
# A line that is labelled as the date of the interview or of one of its steps.
_STEP = (
    r"(?:online\s+)?(?:coding\s+|programming\s+)?(?:assessments?|tests?|challenge)|OA|phone\s+(?:screen(?:ing)?|interview"
    r"|call)|(?:recruiter|HR|screening|first|second|third|final|intro(?:ductory)?)\s+(?:call|screen(?:ing)?|round|chat)"
    r"|(?:virtual\s+)?on-?\s?sites?|super\s?day|loop|final\s+rounds?|rounds?\s*[-#:(]?\s*(?:\d|one|two|three|four|five)"
    r"|(?:\d(?:st|nd|rd|th)?|first|second|third|fourth)\s+rounds?|interviews?\s+(?:day|round|process|loop)"
)
_LABEL = re.compile(
    rf"^\W*(?:(?:interview(?:ed|s|ing)?|hiring|recruitment|drive|process)\s*(?:date|dates|month|period|time(?:line|frame)?|year|held|when)s?"
    rf"|interviews?|dates?\s+of\s+(?:the\s+)?(?:interview|drive|process|test)s?|interviewed(?:\s+(?:in|on|at|when|during))?"
    rf"|(?:appl(?:y|ied|ication)s?)(?:\s+(?:date|on|in|month|sent|submitted|opens?))?|timeline|time\s?frame"
    rf"|offer(?:\s+(?:date|received|letter))?|results?|verdict|{_STEP})\W*[:=–—(-]",
    re.IGNORECASE,
)
_HEADED = re.compile(rf"^\s*(?:#+|\*\*|[-*•]|\d+[.)])?\W*(?:{_STEP})\b", re.IGNORECASE)
_PLAIN_LABEL = re.compile(rf"^\W*(?:dates?|when|month|year)\W*:\W*(?=\d|{MONTH_NAME})", re.IGNORECASE)
_BESIDE = re.compile(
    r"^\W*(?:duration|interviewers?|interview type|round|mode|type|platform)\b[^:\n]{0,20}:",
    re.IGNORECASE | re.MULTILINE,
)
_INTERVIEW = re.compile(
    r"\b(?:interview(?:ed|s|ing)?|rounds?|on-?sites?|online\s+(?:assessment|test)s?|OA|phone\s+screen|coding\s+(?:test|round)"
    r"|recruiters?|hiring\s+(?:process|drive|manager)|placement\s+(?:drive|season|process)|campus\s+(?:drive|placements?"
    r"|recruitment|hiring)|hackathon|referral|super\s?day|applied\s+(?:for|to|at|through|via|on|online)|hiring\s+challenge)\b",
    re.IGNORECASE,
)
_HAPPENED = re.compile(
    r"\b(?:interviewed|appeared|applied|had|got|gave|given|received|took|taken|conducted|held|scheduled|happened|went|was|were"
    r"|started|began|came|called|passed|visited|reached\s+out|contacted|invited|attended|cleared|completed|sat|did|shortlisted|organi[sz]ed"
    r"|approached|selected|rejected)\b",
    re.IGNORECASE,
)
_TITLED = re.compile(
    r"\binterview(?:s|ed|ing)?\b|\bon-?site\b|\bonline assessment\b|\b(?:campus )?(?:placements?|recruitment|hiring)\b",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"\b(?:batch|class\s+of|graduat\w*|grad|passing|passout|pass-out|passed\s+out|freshers?|alum\w*|degree|b\.?\s?tech|m\.?\s?tech"
    r"|b\.?e\.|bachelor\w*|masters?|ph\.?d|cgpa|semester|sem|since|founded|established|born|joined|joining|join|started\s+working"
    r"|worked|working|interned|internship\s+(?:at|with|during)|course|published|posted|updated|written|copyright|©|version"
    r"|released?|edition|deadline|start\s+date|starts?\s+(?:on|in|from)|upcoming|will|intake|cohort|roadmap|resume|fiscal"
    r"|revenue|population|acquired|budget|year\s+experience|leap\s+year|born|stock|survey|study|report(?:s|ed)?\s+that)\b",
    re.IGNORECASE,
)
_SEASON_OF_ROLE = re.compile(
    r"\b(?:intern(?:ship)?s?|analyst|program(?:me)?|new\s*grad|role|position)\b", re.IGNORECASE
)
_FIRST_PERSON = re.compile(r"\b(?:I|we|my|our|me)\b")
_COMPARED = re.compile(
    r"\b(?:different|previous(?:ly)?|earlier|before|used to|compared|than|again|first interviewed)\b", re.IGNORECASE
)
_NEAR = 90
_ANY_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_BEGINNING = 3_000
_AFTER_DATE = (":", "-", "–", "—", "|", "(", ",")
_ENTRY = re.compile(r"^[ \t]*(?:#{1,6}[ \t].{3,120}|\*\*.{3,80}\*\*[ \t]*|[\w',. ]{4,40})$", re.MULTILINE)
_CODE = re.compile(r"^(```|~~~).*?^\1[^\n]*$", re.MULTILINE | re.DOTALL)
_UNDERLINED = re.compile(r"^(\S.{2,79})\n(?:-{3,}|={3,})[ \t]*$", re.MULTILINE)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z\"“*(])|(?<=;)\s+")


def interviewed(text: str, published: Interval | None) -> Interval | None:
    """When the interview was, of a report in Markdown whose first line may be its title.

    Relative words ("last month") and dates without a year are read from the day of publication, and say nothing
    without it. Dates that lie further apart than a year and a half are not one process: then it is unknown.
    """
    latest = published.last if published else None
    text = _UNDERLINED.sub(r"## \1", _CODE.sub("", text[:_MOST_TEXT]))
    found = [interval for interval in _told(text, published) if latest is None or interval.first <= latest]
    if not found:
        return None
    first, last = min(one.first for one in found), max(one.last for one in found)
    last = min(last, latest) if latest else last
    return Interval(first=first, last=last) if last - first <= _LONGEST_PROCESS else None


def _told(text: str, published: Interval | None) -> list[Interval]:
    """The dates tied to the interview: years alone count only where nothing finer is said."""
    fine: list[Interval] = list(_logged(text, published))
    years: list[Interval] = []
    for unit, is_title, labelled in _units(text):
        for interval, whole_year in _dates(unit, published, is_title=is_title, labelled=labelled):
            (years if whole_year else fine).append(interval)
    return fine or years


def _logged(text: str, published: Interval | None) -> Iterator[Interval]:
    """The dates that head the entries of a log: two or more lines that begin with one, or a heading that is no byline.

    Only in a text that speaks of interviews at its beginning.
    """
    if not _INTERVIEW.search(text[:_BEGINNING]):
        return
    found = []
    headings = 0
    for line in _ENTRY.findall(text):
        words = line.strip(" #*_:-–—\t")
        match = EXPRESSION.match(words)
        if match is None or match["year"] or match["alone"] or match["season"] or _OTHER.search(words):
            continue
        headed = line.lstrip().startswith(("#", "**"))
        if match.end() == len(words) or (headed and words[match.end() :].lstrip()[:1] in _AFTER_DATE):
            interval = read_expression(match, published)
            found += [interval] if interval else []
            headings += headed
    if len(found) > 1 or (headings and (published is None or found[:1] != [published])):
        yield from found


def _units(text: str) -> Iterator[tuple[str, bool, bool]]:
    """Titles, labelled lines and sentences: (words, is the title, is under a label that ties it to the interview)."""
    under_step = False
    lines = [line[:_LONGEST_LINE] for line in text.split("\n") if line.strip()]
    for number, words in enumerate(lines):
        heading = words.lstrip().startswith("#") or bool(re.fullmatch(r"\W*\*\*.{1,150}\*\*\W*", words))
        if _LABEL.match(words) or (_HEADED.match(words) and (heading or len(words) < _NEAR * 2)):
            yield words, False, True
        elif (number == 0 and (heading or not words.rstrip().endswith((".", "!")))) or (number == 1 and heading):
            yield words, True, False
        elif _PLAIN_LABEL.match(words) and (
            under_step or _BESIDE.search("\n".join(lines[max(0, number - 3) : number + 4]))
        ):
            yield words, False, True
        else:
            yield from ((sentence, False, False) for sentence in _SENTENCE_END.split(words))
        if heading:
            under_step = bool(_INTERVIEW.search(words))


def _dates(unit: str, published: Interval | None, *, is_title: bool, labelled: bool) -> Iterator[tuple[Interval, bool]]:
    if not labelled and not is_title and not (_INTERVIEW.search(unit) and _HAPPENED.search(unit)):
        return
    if is_title and not _TITLED.search(unit):
        return
    several = len(set(_ANY_YEAR.findall(unit))) > 1
    for match in EXPRESSION.finditer(unit):
        whole_year = match["year"] is not None
        if whole_year and several:
            continue
        if _is_other(unit, match, labelled=labelled, is_title=is_title):
            continue
        interval = read_expression(match, published)
        if interval is not None and interval.first.year >= _EARLIEST_YEAR:
            yield interval, whole_year
    if published is not None and not is_title:
        for match, interval in relative_dates(unit, published):
            if not _OTHER.search(unit[max(0, match.start() - _NEAR) : match.end() + 40]):
                yield interval, False


def _is_other(unit: str, match: re.Match[str], *, labelled: bool, is_title: bool) -> bool:
    """Whether a date belongs to something else than the interview, by the words around it."""
    before = unit[max(0, match.start() - _NEAR) : match.start()]
    after = unit[match.end() : match.end() + 40]
    clause = re.split(r"[,;:(]|\bbut\b|\band\b", before)[-1] if not is_title else before
    if _OTHER.search(f"{clause} | {re.split(r'[,;:.()]', after)[0]}"):
        return True
    if match["season"] is not None and (_SEASON_OF_ROLE.search(after[:25]) or (_SEASON_OF_ROLE.search(before[-30:]))):
        return True
    if match["alone"] is not None:
        may_be_a_verb = match["alone"].lower() in ("may", "march", "mar", "sep") and not match["alone"][0].isupper()
        tied = re.search(r"\b(?:in|during|of|mid|early|late|by|around|since|from)[\s-]+$", before, re.IGNORECASE)
        return may_be_a_verb or not (tied or labelled)
    if match["year"] is not None and not labelled and not is_title:
        tied = re.search(r"\b(?:in|during|year|early|late|mid)[\s-]+$", before, re.IGNORECASE)
        return not (tied and _FIRST_PERSON.search(unit)) or bool(_COMPARED.search(unit))
    if match["year"] is not None and is_title:
        return bool(_SEASON_OF_ROLE.search(before[-25:])) or bool(
            re.match(r"\W*(?:batch|intern|grad|passing)", after, re.IGNORECASE)
        )
    return False
