"""Job boards known by the address of their pages: which adapter reads them, and with which options."""

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

Options = tuple[tuple[str, str], ...]

_BY_HOST: tuple[tuple[str, str, str, Options], ...] = (
    (r"(?:job-)?boards(?:\.eu)?\.greenhouse\.io", "greenhouse", "board", ()),
    (r"jobs\.lever\.co", "lever", "site", ()),
    (r"jobs\.eu\.lever\.co", "lever", "site", (("region", "eu"),)),
    (r"jobs\.ashbyhq\.com", "ashby", "board", ()),
    (r"(?:careers|jobs)\.smartrecruiters\.com", "smartrecruiters", "company", ()),
)
_WORKDAY = re.compile(r"(?:[a-z0-9-]{1,63}\.){1,2}myworkdayjobs\.com")
_WORKDAY_SITE = re.compile(r"(?:[a-z0-9-]{1,63}\.)?wd\d+\.myworkdaysite\.com")
_LOCALE = re.compile(r"[a-z]{2}-[A-Z]{2}")


@dataclass(frozen=True)
class Board:
    """A board: the adapter's name and options; `whole` when the address is the board's own, not that of a page in it.

    `documented` is false for an endpoint that a source must allow by `allow_undocumented`.
    """

    type: str
    options: Options
    documented: bool = True
    whole: bool = True


def board_at(address: str, searched: str = "") -> Board | None:
    """The board that an address belongs to, or None; `searched` are words for a board that must be searched."""
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").lower()
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"}:
        return None
    if host.removeprefix("www.") == "amazon.jobs":
        return Board("amazon_jobs", (("query", searched),), documented=False, whole=False) if searched else None
    return _by_host(host, parts) or _workday(host, parts)


def _by_host(host: str, parts: SplitResult) -> Board | None:
    for pattern, name, option, more in _BY_HOST:
        if not re.fullmatch(pattern, host):
            continue
        embedded = parse_qs(parts.query).get("for", [])
        segments = _segments(parts.path)
        if segments[:1] == ["embed"] and embedded:
            segments = embedded[:1]
        if segments:
            return Board(name, ((option, segments[0]), *more), whole=len(segments) == 1)
    return None


def _workday(host: str, parts: SplitResult) -> Board | None:
    segments = [segment for segment in _segments(parts.path) if not _LOCALE.fullmatch(segment)]
    if _WORKDAY.fullmatch(host) and segments:
        options: Options = (("host", host), ("site", segments[0]))
        return Board("workday", options, documented=False, whole=len(segments) == 1)
    if _WORKDAY_SITE.fullmatch(host) and segments[:1] == ["recruiting"] and len(segments) > 2:
        options = (("host", host), ("tenant", segments[1]), ("site", segments[2]))
        return Board("workday", options, documented=False, whole=len(segments) == 3)
    return None


def _segments(path: str) -> list[str]:
    return [unquote(segment) for segment in path.split("/") if segment]
