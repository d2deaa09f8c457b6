"""The ways in which people write dates in English prose: expressions, and the interval of days that each means."""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from brain.records import Interval

_LONGEST_LINE = 4_000
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

MONTH_NAME = "(?:" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\b\.?"
_DAY = r"(?:[0-3]?\d)(?:st|nd|rd|th)?"
_YEAR = r"(?:(?:19|20)\d\d|['’]\d\d)(?!\d|[-/]\d)"
_TO = r"\s*(?:-|–|—|to|until|till|through|and|&|/)\s*"
_OF = r"[\s,]*(?:of\s+)?"

EXPRESSION = re.compile(
    rf"""(?<![\w/.-])(?:
      (?P<iso>(?:19|20)\d\d-[01]\d(?:-[0-3]\d)?)(?![\d-])
    | (?P<slashed>[0-3]?\d[/.-][0-3]?\d[/.-](?:19|20)\d\d)(?!\d)
    | (?P<month_year>[01]?\d/(?:19|20)\d\d)(?![\d/])
    | (?P<d1>{_DAY}){_TO}(?P<d2>{_DAY})\s+(?:of\s+)?(?P<md>{MONTH_NAME})(?:{_OF}(?P<ymd>{_YEAR}))?
    | (?P<da>{_DAY})[\s,-]+(?:of\s+)?(?P<ma>{MONTH_NAME})(?:[\s,-]*(?:of\s+)?(?P<ya>{_YEAR}))?
      (?:{_TO}(?P<db>{_DAY})[\s,]+(?:of\s+)?(?P<mb>{MONTH_NAME})(?:{_OF}(?P<yb>{_YEAR}))?)?
    | (?P<m1>{MONTH_NAME})\s+(?P<e1>{_DAY})(?!\d|:\d)
      (?:{_TO}(?:(?P<m2>{MONTH_NAME})\s+)?(?P<e2>{_DAY})(?!\d|:\d|\s*(?:min|hour|round|question)))?
      (?:{_OF}(?P<y1>{_YEAR}))?
    | (?P<n1>{MONTH_NAME})(?:{_OF}(?P<z1>{_YEAR}))?{_TO}(?P<n2>{MONTH_NAME}){_OF}(?P<z2>{_YEAR})
    | (?P<n>{MONTH_NAME}){_OF}(?P<z>{_YEAR})
    | (?P<season>spring|summer|fall|autumn|winter|q[1-4])(?:\s+of)?[\s,]+(?P<sy>{_YEAR})
    | (?P<alone>{MONTH_NAME})(?!\s*\d)
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


def read_date(text: str) -> Interval | None:
    """The first date in a short text such as a byline, as people write it; None without a year."""
    for match in EXPRESSION.finditer(text[:_LONGEST_LINE]):
        if (found := read_expression(match, None)) is not None and not match["season"] and not match["year"]:
            return found
    return None


def read_expression(match: re.Match[str], published: Interval | None) -> Interval | None:
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
    return None if not digits else int(digits) if len(digits) > 2 else 2000 + int(digits)


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
    return _span(date(*parts), date(*parts)) if len(parts) > 2 else _whole(parts[0], parts[1], parts[1])


def _read_slashed(match: re.Match[str], _published: Interval | None) -> Interval | None:
    """Day and month in either order: where both are possible, the months from the earlier of the two to the later."""
    one, other, year = (int(part) for part in re.split(r"[/.-]", match["slashed"]))
    if "." in match["slashed"] or one > 12 or one == other:
        return _span(date(year, other, one), date(year, other, one))
    if other > 12:
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


def relative_dates(text: str, published: Interval) -> Iterator[tuple[re.Match[str], Interval]]:
    """Days counted back from the publication, as coarse as they are told; nothing when that is not known to a month."""
    if published.last - published.first > timedelta(days=31):
        return
    for match in _RELATIVE.finditer(text):
        if (match["which"] or "").lower() == "last" and match["unit"].lower() != "week":
            yield match, _calendar(published.last, match["unit"].lower())
            continue
        days, slack = _back(match)
        first = published.first - timedelta(days=days + slack)
        yield (
            match,
            Interval(first=first, last=min(published.last, published.last - timedelta(days=max(0, days - slack)))),
        )


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
