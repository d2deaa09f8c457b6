"""What a site says about the use of its pages, beside robots.txt's allow and disallow, and which of it denies us.

Read are X-Robots-Tag and meta robots (general, or for our own token), the TDM Reservation Protocol (W3C community group
report: header, meta, /.well-known/tdmrep.json) and Content-Signal (contentsignals.org: robots.txt, header, meta). Where
two of them disagree, the stricter one holds.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from brain.patterns import Pattern

PRODUCT_TOKEN = "IndustryBrain"  # noqa: S105 - the name that site owners call us by
TDMREP_PATH = "/.well-known/tdmrep.json"

_DENYING = frozenset({"noindex", "noarchive", "none"})
_VALUED = frozenset({"unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"})
_OURS = frozenset({"", "*", "robots", PRODUCT_TOKEN.lower()})
# The date may hold a comma, colons and blanks, which separate directives everywhere else.
_DATE = r"(?:(?!\bno(?!v))[^,;])+"
_EXPIRY = re.compile(rf"unavailable_after\s*:\s*({_DATE}(?:,\s*\d{_DATE})?)")
_HIDE, _SHOW = str.maketrans(", \t", "\0\1\1"), str.maketrans("\0\1", ", ")
_SEPARATORS = re.compile(r"[,;\s]+")
_SIGNAL = re.compile(r"([a-z-]+)\s*=\s*([a-z-]+)", re.IGNORECASE)


@dataclass(frozen=True)
class Signals:
    """What was said, for the ledger, and what of it denies us."""

    said: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()


def header_signals(headers: Iterable[tuple[str, str]], *, listing: bool = False) -> Signals:
    """Read the headers of an answer; names are lower-case, and a header that came twice stands twice.

    X-Robots-Tag does not deny a `listing`, of which nothing is stored.
    """
    said: list[str] = []
    denied: list[str] = []
    for name, value in headers:
        if name == "x-robots-tag":
            ours = list(_directives(value))
            said += [f"x-robots-tag: {directive}" for directive in ours]
            denied += [f"x-robots-tag: {directive}" for directive in ours if _denies(directive) and not listing]
        elif name == "tdm-reservation" and value.strip() in {"0", "1"}:
            said.append(f"tdm-reservation: {value.strip()}")
            denied += said[-1:] if value.strip() == "1" else []
        elif name == "tdm-policy" and value.strip():
            said.append(f"tdm-policy: {value.strip()[:200]}")
        elif name == "content-signal" and (signals := content_signals(value)):
            said.append(f"content-signal: {_spelled(signals)}")
            denied += ["content-signal: ai-input=no"] if signals.get("ai-input") == "no" else []
    return Signals(tuple(dict.fromkeys(said)), tuple(dict.fromkeys(denied)))


def page_denials(metas: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """What denies us among the meta elements of a page, given as (name or http-equiv, content) of each.

    >>> page_denials([("Robots", "NOINDEX, follow"), ("googlebot", "noarchive"), ("tdm-reservation", "1")])
    ('robots: noindex', 'tdm-reservation: 1')
    """
    found: list[str] = []
    for given, content in metas:
        name = given.strip().lower()
        if name in {"robots", PRODUCT_TOKEN.lower(), "x-robots-tag"}:
            found += [f"{name}: {directive}" for directive in _directives(content) if _denies(directive)]
        elif name in {"tdm-reservation", "content-signal"}:
            found += header_signals([(name, content)]).denied
    return tuple(dict.fromkeys(found))


def content_signals(value: str) -> dict[str, str]:
    """Read `search=yes, ai-input=no`; of two statements about one use, the stricter holds."""
    found: dict[str, str] = {}
    for use, answer in _SIGNAL.findall(value.lower()):
        if found.get(use) != "no":
            found[use] = answer
    return found


@dataclass(frozen=True)
class Reservation:
    """One rule of a TDM file: which paths, and whether text and data mining is reserved there."""

    location: str
    reserved: bool

    def covers(self, path: str) -> bool:
        """Whether the rule speaks for a path with its query."""
        return Pattern.of(self.location).matches(path)


def read_tdmrep(body: bytes) -> tuple[Reservation, ...]:
    """Read a TDM file; entries without a location or a value of 0 or 1 say nothing.

    Raises:
        ValueError: it is not JSON, or neither an array nor one rule.
    """
    try:
        entries = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ValueError("it is not JSON") from error
    if isinstance(entries, dict):
        entries = [entries]
    if not isinstance(entries, list):
        raise ValueError("it is not a list of rules")  # noqa: TRY004 - a fault of the text, not of a caller
    return tuple(_reservations(entries))


def tdmrep_signals(rules: Iterable[Reservation], path: str) -> Signals:
    """What a TDM file says about a path: the first rule that covers it holds (TDMRep, "TDM file on the origin")."""
    for rule in rules:
        if rule.covers(path):
            said = f"tdmrep.json: {int(rule.reserved)} for {rule.location[:100]}"
            return Signals((said,), (said,) if rule.reserved else ())
    return Signals()


def robots_signals(signals: Mapping[str, str]) -> Signals:
    """What the Content-Signal lines of a robots.txt say about a page."""
    if not signals:
        return Signals()
    said = f"robots.txt content-signal: {_spelled(signals)}"
    return Signals((said,), ("robots.txt content-signal: ai-input=no",) if signals.get("ai-input") == "no" else ())


def _reservations(entries: Iterable[object]) -> Iterator[Reservation]:
    for entry in entries:
        if isinstance(entry, dict):
            location, value = entry.get("location"), str(entry.get("tdm-reservation")).strip().lower()
            if isinstance(location, str) and location and value in {"0", "1", "true", "false"}:
                yield Reservation(location, value in {"1", "true"})


def _directives(value: str) -> Iterator[str]:
    """The directives for us, in lower case; a bot's name with a colon speaks for all that follow it in one header."""
    agent = ""
    for token in _SEPARATORS.split(_EXPIRY.sub(_folded, value.lower())):
        name, colon, rest = token.partition(":")
        if colon and name not in _VALUED:
            agent, token = name, rest  # noqa: PLW2901 - what follows the colon is the directive
        if token and agent in _OURS:
            yield token.translate(_SHOW)


def _folded(found: re.Match[str]) -> str:
    """An expiry as one token: its separators are hidden."""
    return f"unavailable_after:{found[1].strip().translate(_HIDE)} "


def _denies(directive: str) -> bool:
    name, _, value = directive.partition(":")
    return name in _DENYING or (name == "unavailable_after" and _is_past(value))


def _is_past(text: str) -> bool:
    """Whether a date in any of the spellings that Google names (RFC 822, RFC 850, ISO 8601) has passed."""
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = read(text.upper())
        except (ValueError, OverflowError):
            continue
        return moment.replace(tzinfo=moment.tzinfo or UTC) <= datetime.now(UTC)
    return False


def _spelled(signals: Mapping[str, str]) -> str:
    return ", ".join(f"{use}={answer}" for use, answer in signals.items())
