"""When an interview was, as a report tells it: an interval of days, or nothing where the text does not say.

The interval covers the process that is told, from the application to the last round. A date counts only next to words
that tie it to the interview; years of graduation, of courses and of companies do not count, nor does what would be
after the day the report appeared.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from brain.records import Interval

_MOST_TEXT = 200_000
_LONGEST_LINE = 4_000
_EARLIEST_YEAR = 1995
_LONGEST_PROCESS = timedelta(days=550)
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
            "september sept sep", "october oct", "november nov", "december dec",
        ), 1,
    )
    for name in names.split()
}  # fmt: skip
_SEASONS = {"spring": (3, 5), "summer": (6, 8), "fall": (9, 11), "autumn": (9, 11), "winter": (12, 2)}
_QUARTERS = {"q1": (1, 3), "q2": (4, 6), "q3": (7, 9), "q4": (10, 12)}

_NAME = "(?:" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\b\.?"
_DAY = r"(?:[0-3]?\d)(?:st|nd|rd|th)?"
_YEAR = r"(?:(?:19|20)\d\d|['’]\d\d)(?!\d|[-/]\d)"
_TO = r"\s*(?:-|–|—|to|until|till|through|and|&|/)\s*"
_OF = r"[\s,]*(?:of\s+)?"

_EXPRESSION = re.compile(
    rf"""(?<![\w/.-])(?:
      (?P<iso>(?:19|20)\d\d-[01]\d(?:-[0-3]\d)?)(?![\d-])
    | (?P<slashed>[0-3]?\d[/.-][0-3]?\d[/.-](?:19|20)\d\d)(?!\d)
    | (?P<month_year>[01]?\d/(?:19|20)\d\d)(?![\d/])
    | (?P<d1>{_DAY}){_TO}(?P<d2>{_DAY})\s+(?:of\s+)?(?P<md>{_NAME})(?:{_OF}(?P<ymd>{_YEAR}))?
    | (?P<da>{_DAY})[\s,-]+(?:of\s+)?(?P<ma>{_NAME})(?:[\s,-]*(?:of\s+)?(?P<ya>{_YEAR}))?
      (?:{_TO}(?P<db>{_DAY})[\s,]+(?:of\s+)?(?P<mb>{_NAME})(?:{_OF}(?P<yb>{_YEAR}))?)?
    | (?P<m1>{_NAME})\s+(?P<e1>{_DAY})(?!\d|:\d)(?:{_TO}(?:(?P<m2>{_NAME})\s+)?(?P<e2>{_DAY})(?!\d|:\d|\s*(?:min|hour|round|question)))?(?:{_OF}(?P<y1>{_YEAR}))?
    | (?P<n1>{_NAME})(?:{_OF}(?P<z1>{_YEAR}))?{_TO}(?P<n2>{_NAME}){_OF}(?P<z2>{_YEAR})
    | (?P<n>{_NAME}){_OF}(?P<z>{_YEAR})
    | (?P<season>spring|summer|fall|autumn|winter|q[1-4])(?:\s+of)?[\s,]+(?P<sy>{_YEAR})
    | (?P<alone>{_NAME})(?!\s*\d)
    | (?P<year>(?:19|20)\d\d)(?![\w/-]|\.\d)
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_RELATIVE = re.compile(
    r"\b(?:(?P<when>yesterday|today|this\s+morning)|(?P<which>last|this|past)\s+(?P<unit>week|month|year)(?!\s+of\b)"
    r"|(?P<count>\d{1,2}|an?|one|two|three|four|five|six|seven|a\s+few|a\s+couple\s+of)\s+"
    r"(?P<ago>day|week|month|year)s?\s+(?:ago|back))\b",
    re.IGNORECASE,
)
_COUNTS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7}
_DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}

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
_PLAIN_LABEL = re.compile(rf"^\W*(?:dates?|when|month|year)\W*:\W*(?=\d|{_NAME})", re.IGNORECASE)
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
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z\"“*(])|(?<=;)\s+")


def interviewed(text: str, published: Interval | None) -> Interval | None:
    """When the interview was, of a report in Markdown whose first line may be its title.

    Relative words ("last month") and dates without a year are read from the day of publication, and say nothing
    without it. Dates that lie further apart than a year and a half are not one process: then it is unknown.
    """
    latest = published.last if published else None
    text = _CODE.sub("", text[:_MOST_TEXT])
    found = [interval for interval in _told(text, published) if latest is None or interval.first <= latest]
    if not found:
        return None
    first, last = min(one.first for one in found), max(one.last for one in found)
    last = min(last, latest) if latest else last
    return Interval(first=first, last=last) if last - first <= _LONGEST_PROCESS else None


def read_date(text: str) -> Interval | None:
    """The first date in a short text such as a byline, as people write it; None without a year."""
    for match in _EXPRESSION.finditer(text[:_LONGEST_LINE]):
        if (found := _read(match, None)) is not None and not match["season"] and not match["year"]:
            return found
    return None


def _told(text: str, published: Interval | None) -> list[Interval]:
    """The dates tied to the interview: years alone count only where nothing finer is said."""
    fine: list[Interval] = list(_logged(text, published))
    years: list[Interval] = []
    for unit, is_title, labelled in _units(text):
        for interval, whole_year in _dates(unit, published, is_title=is_title, labelled=labelled):
            (years if whole_year else fine).append(interval)
    return fine or years


def _logged(text: str, published: Interval | None) -> Iterator[Interval]:
    """The dates that head the entries of a log: two or more headings that begin with one, or one that is not the byline.

    Only in a text that speaks of interviews at its beginning.
    """
    if not _INTERVIEW.search(text[:_BEGINNING]):
        return
    found = []
    headings = 0
    for line in _ENTRY.findall(text):
        words = line.strip(" #*_:-–—\t")
        match = _EXPRESSION.match(words)
        if match is None or match["year"] or match["alone"] or match["season"] or _OTHER.search(words):
            continue
        headed = line.lstrip().startswith(("#", "**"))
        if match.end() == len(words) or (headed and words[match.end() :].lstrip()[:1] in _AFTER_DATE):
            interval = _read(match, published)
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
    for match in _EXPRESSION.finditer(unit):
        whole_year = match["year"] is not None
        if whole_year and several:
            continue
        if _is_other(unit, match, labelled=labelled, is_title=is_title):
            continue
        interval = _read(match, published)
        if interval is not None and interval.first.year >= _EARLIEST_YEAR:
            yield interval, whole_year
    if published is not None and not is_title:
        yield from ((interval, False) for interval in _relative(unit, published))


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


def _read(match: re.Match[str], published: Interval | None) -> Interval | None:
    """The interval that one expression means; None for what is no date, or has no year that could be known."""
    readers: tuple[tuple[str, Callable[[re.Match[str], Interval | None], Interval | None]], ...] = (
        ("iso", _read_iso),
        ("slashed", _read_slashed),
        ("month_year", _read_month_year),
        ("d1", _read_days_of_month),
        ("da", _read_day_first),
        ("m1", _read_month_first),
        ("n1", _read_months),
        ("n", _read_month),
        ("season", _read_season),
        ("alone", _read_alone),
        ("year", _read_year),
    )
    for name, reader in readers:
        if match[name] is not None:
            try:
                return reader(match, published)
            except ValueError:
                return None
    return None


def _month(name: str) -> int:
    return _MONTHS[name.lower().rstrip(".")]


def _day(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def _year(text: str | None) -> int | None:
    digits = re.sub(r"\D", "", text or "")
    return None if not digits else int(digits) if len(digits) > 2 else 2000 + int(digits)  # noqa: PLR2004


def _span(first: date, last: date) -> Interval | None:
    return Interval(first=first, last=last) if first <= last else None


def _whole(year: int, first: int, last: int) -> Interval | None:
    """The months from `first` to `last`; over the turn of the year when `last` comes before `first`."""
    end = year + (last < first)
    return _span(date(year, first, 1), date(end, last, monthrange(end, last)[1]))


def _year_before(month: int, day: int, published: Interval | None) -> int | None:
    """The year of a date that is told without one: the latest in which it is not after the publication."""
    if published is None:
        return None
    year = published.last.year
    return year if date(year, month, min(day, 28)) <= published.last else year - 1


def _read_iso(match: re.Match[str], _published: Interval | None) -> Interval | None:
    parts = [int(part) for part in match["iso"].split("-")]
    return _span(date(*parts), date(*parts)) if len(parts) > 2 else _whole(parts[0], parts[1], parts[1])  # noqa: PLR2004


def _read_slashed(match: re.Match[str], _published: Interval | None) -> Interval | None:
    """Day and month in either order: where both are possible, from the earlier of the two to the later, whole months."""
    one, other, year = (int(part) for part in re.split(r"[/.-]", match["slashed"]))
    if "." in match["slashed"] or one > 12 or one == other:  # noqa: PLR2004
        return _span(date(year, other, one), date(year, other, one))
    if other > 12:  # noqa: PLR2004
        return _span(date(year, one, other), date(year, one, other))
    low, high = sorted((one, other))
    return _whole(year, low, high)


def _read_month_year(match: re.Match[str], _published: Interval | None) -> Interval | None:
    month, year = (int(part) for part in match["month_year"].split("/"))
    return _whole(year, month, month)


def _read_days_of_month(match: re.Match[str], published: Interval | None) -> Interval | None:
    month, first, last = _month(match["md"]), _day(match["d1"]), _day(match["d2"])
    year = _year(match["ymd"]) or _year_before(month, last, published)
    return _span(date(year, month, first), date(year, month, last)) if year else None


def _read_day_first(match: re.Match[str], published: Interval | None) -> Interval | None:
    day, month = _day(match["da"]), _month(match["ma"])
    end_day, end_month = (_day(match["db"]), _month(match["mb"])) if match["mb"] else (day, month)
    end_year = _year(match["yb"]) or _year(match["ya"]) or _year_before(end_month, end_day, published)
    if end_year is None:
        return None
    year = _year(match["ya"]) or end_year - (end_month < month)
    return _span(date(year, month, day), date(end_year, end_month, end_day))


def _read_month_first(match: re.Match[str], published: Interval | None) -> Interval | None:
    month, day = _month(match["m1"]), _day(match["e1"])
    end_month = _month(match["m2"]) if match["m2"] else month
    end_day = _day(match["e2"]) if match["e2"] else day
    year = _year(match["y1"]) or _year_before(end_month, end_day, published)
    if year is None:
        return None
    return _span(date(year - (end_month < month), month, day), date(year, end_month, end_day))


def _read_months(match: re.Match[str], _published: Interval | None) -> Interval | None:
    first, last = _month(match["n1"]), _month(match["n2"])
    end = _year(match["z2"]) or 0
    start = _year(match["z1"]) or end - (last < first)
    return _span(date(start, first, 1), date(end, last, monthrange(end, last)[1]))


def _read_month(match: re.Match[str], _published: Interval | None) -> Interval | None:
    year = _year(match["z"])
    return _whole(year, _month(match["n"]), _month(match["n"])) if year else None


def _read_season(match: re.Match[str], _published: Interval | None) -> Interval | None:
    """Of the northern hemisphere; a winter is taken with the months of both years that it may mean."""
    name, year = match["season"].lower(), _year(match["sy"]) or 0
    if name == "winter":
        return _span(date(year - 1, 12, 1), date(year + 1, 2, monthrange(year + 1, 2)[1]))
    return _whole(year, *(_SEASONS | _QUARTERS)[name])


def _read_alone(match: re.Match[str], published: Interval | None) -> Interval | None:
    month = _month(match["alone"])
    year = _year_before(month, 1, published)
    return _whole(year, month, month) if year else None


def _read_year(match: re.Match[str], _published: Interval | None) -> Interval | None:
    return _whole(int(match["year"]), 1, 12)


def _relative(unit: str, published: Interval) -> Iterator[Interval]:
    """Days counted back from the publication, as coarse as they are told."""
    if published.last - published.first > timedelta(days=31):
        return
    for match in _RELATIVE.finditer(unit):
        around = unit[max(0, match.start() - _NEAR) : match.end() + 40]
        if _OTHER.search(around):
            continue
        if (match["which"] or "").lower() == "last" and match["unit"].lower() != "week":
            yield _calendar(published.last, match["unit"].lower())
            continue
        days, slack = _back(match)
        first = published.first - timedelta(days=days + slack)
        yield Interval(first=first, last=min(published.last, published.last - timedelta(days=max(0, days - slack))))


def _calendar(day: date, unit: str) -> Interval:
    """The calendar month or year before the one of that day."""
    last = (day.replace(month=1, day=1) if unit == "year" else day.replace(day=1)) - timedelta(days=1)
    return Interval(first=last.replace(month=1, day=1) if unit == "year" else last.replace(day=1), last=last)


def _back(match: re.Match[str]) -> tuple[int, int]:
    """(days back, how many more or less) of a relative expression."""
    if match["when"]:
        return (1, 1) if match["when"].lower() == "yesterday" else (0, 0)
    if match["unit"]:
        size = _DAYS[match["unit"].lower()]
        return (size, size) if match["which"].lower() != "this" else (size // 2, size // 2)
    word = " ".join(match["count"].lower().split())
    size = _DAYS[match["ago"].lower()]
    if word in ("a few", "a couple of"):
        return 3 * size, 2 * size
    return (int(word) if word.isdigit() else _COUNTS[word]) * size, size // 2
