"""What the adapters of job boards share: reading untrusted JSON, dates, places and addresses, and walking the pages.

One posting that cannot be read costs that posting (`Unusable`); an answer of another shape is an UnreadableInputError.
"""

import html
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from urllib.parse import urlsplit

from brain.errors import UnreadableInputError
from brain.records import Interval
from ingest.cache import LeftOutError
from ingest.materials import Entry, Unusable
from ingest.sources.base import Found
from ingest.sources.tidy import tidied

BOARD_NAME = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$"
"""What may stand for a board in an address: no slash, no question mark, not only dots."""

MAX_PAGES = 200
_MAX_PLACES = 50
_MAX_LINE = 500
_MAX_ADDRESS = 2_000
_YEARS = range(1990, 2100)

TAG = re.compile(r"<[^<>]*>")
MARKUP = re.compile(r"<[a-z!/][^<>]*>", re.IGNORECASE)
_NOT_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_NOT_IN_ADDRESS = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029\ud800-\udfff\\<>\"]")
_IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")
_BULLET = re.compile(r"(?:[-*•·▪●◦‣–]|&bull;)\s+")
_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?!\d)")
_WORDED_DAY = re.compile(r"([A-Za-z]{3,9})\.?\s+(\d{1,2}),?\s+(\d{4})")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_SAID = ("published", "changed", "location", "department", "listed_by")
_FIRST_MILLI, _LAST_MILLI = 631_152_000_000, 4_102_444_799_999  # the years 1990 to 2099
_NOWHERE = frozenset({"", "-", "n/a", "na", "none", "null", "tbd", "unspecified"})


class UnsuitedError(Exception):
    """A posting that cannot be used; the message is the reason, `address` its page where it names one."""

    def __init__(self, reason: str, address: str = "") -> None:
        super().__init__(reason)
        self.address = address


class Fields:
    """A JSON object of an untrusted answer: what is absent or of another type reads as empty."""

    def __init__(self, value: object) -> None:
        self._values = value if isinstance(value, dict) else {}

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def value(self, *path: str) -> object:
        """The value at the end of a path of keys, None where the path ends early."""
        found: object = self._values
        for key in path:
            found = found.get(key) if isinstance(found, dict) else None
        return found

    def line(self, *path: str) -> str:
        """Text on one line: entities resolved, white space collapsed, at most 500 characters."""
        value = self.value(*path)
        return one_line(value) if isinstance(value, str) else ""

    def markup(self, *path: str) -> str:
        """HTML or text of several lines, without characters that no page may hold."""
        value = self.value(*path)
        return _NOT_TEXT.sub("", value).strip() if isinstance(value, str) else ""

    def address(self, *path: str) -> str:
        """An address as it is written; entities in it are parameters (`&copy=1`), except for the ampersand itself."""
        value = self.value(*path)
        return value.strip().replace("&amp;", "&") if isinstance(value, str) else ""

    def identifier(self, *path: str) -> str:
        """An id that may stand in an address, given as text or number, else ""."""
        value = self.value(*path)
        text = value if isinstance(value, str) else str(value) if type(value) is int and 0 <= value < 10**20 else ""
        return text if _IDENTIFIER.fullmatch(text) else ""

    def items(self, *path: str) -> list[object]:
        """A list; empty for anything else."""
        value = self.value(*path)
        return value if isinstance(value, list) else []

    def lines(self, *path: str) -> list[str]:
        """The texts of a list of texts."""
        return [one_line(value) for value in self.items(*path) if isinstance(value, str)]

    def objects(self, *path: str) -> list["Fields"]:
        """The objects of a list of objects."""
        return [Fields(value) for value in self.items(*path) if isinstance(value, dict)]

    def day(self, *path: str) -> date | None:
        """The day that a date, a time with its zone, or milliseconds since 1970 stand for."""
        return day_of(self.value(*path))


def one_line(text: str) -> str:
    """Text on one line, entities resolved, at most 500 characters."""
    return " ".join(_NOT_TEXT.sub(" ", html.unescape(text[: 4 * _MAX_LINE])).split())[:_MAX_LINE]


def day_of(value: object) -> date | None:
    """A day from ISO 8601, from "July 14, 2026", or from milliseconds since 1970 (UTC); None outside 1990 to 2099.

    A time with a zone stands for the day on the calendar of that zone: the day that the site itself shows.
    """
    try:
        found = _worded(value) if isinstance(value, str) else _from_millis(value)
    except ValueError:  # the 30th of February
        return None
    return found if found and found.year in _YEARS else None


def _worded(text: str) -> date | None:
    if match := _ISO_DAY.match(text.strip()):
        return date(int(match[1]), int(match[2]), int(match[3]))
    if (match := _WORDED_DAY.match(text.strip())) and match[1][:3].lower() in _MONTHS:
        return date(int(match[3]), _MONTHS.index(match[1][:3].lower()) + 1, int(match[2]))
    return None


def _from_millis(value: object) -> date | None:
    if not isinstance(value, int | float) or not _FIRST_MILLI <= value <= _LAST_MILLI:
        return None
    return datetime.fromtimestamp(value / 1000, UTC).date()


def places(names: Iterable[str], *, remote: bool = False) -> str:
    """Every place once, joined by semicolons; "Remote" is added unless a place says so itself."""
    found: dict[str, str] = {}
    for name in names:
        if name.casefold() not in _NOWHERE:
            found.setdefault(name.casefold(), name)
    if remote and not any("remote" in name for name in found):
        found["remote"] = "Remote"
    return "; ".join(list(found.values())[:_MAX_PLACES])


def joined(*names: str) -> str:
    """A department and its team, each once."""
    return " / ".join(dict.fromkeys(name for name in names if name))


def public_page(address: str) -> str:
    """The address if a reader could open it in a browser (http or https, a host, no credentials), else ""."""
    address = address.strip()
    if len(address) > _MAX_ADDRESS or _NOT_IN_ADDRESS.search(address):
        return ""
    try:
        there = urlsplit(address)
        port = there.port
    except ValueError:
        return ""
    usable = there.scheme in {"http", "https"} and there.hostname and "@" not in there.netloc and port != 0
    return address if usable else ""


def unescaped(markup: str) -> str:
    """HTML that was escaped as a whole, once or twice, becomes HTML again; other HTML and text stay as they are."""
    once = html.unescape(markup)
    return next((text for text in (markup, once, html.unescape(once)) if MARKUP.search(text)), markup)


def from_plain(text: str) -> str:
    """Plain text as HTML, its bulleted lines as lists."""
    return from_lines(html.escape(line, quote=False) for line in text.splitlines())


def from_lines(lines: Iterable[str], headings: frozenset[str] = frozenset()) -> str:
    """Lines of HTML: each a paragraph, those with a bullet a list, those among `headings` (lower case) a heading."""
    parts: list[str] = []
    for line in filter(None, map(str.strip, lines)):
        bullet = _BULLET.match(line)
        if bullet and parts and parts[-1] == "</ul>":
            parts.pop()
        elif bullet:
            parts.append("<ul>")
        if bullet:
            parts += [f"<li>{line[bullet.end() :]}</li>", "</ul>"]
        else:
            name = "h3" if line.rstrip(":").lower() in headings else "p"
            parts.append(f"<{name}>{line}</{name}>")
    return "\n".join(parts)


def article(title: str, company: str, sections: Iterable[tuple[str, str]]) -> str:
    """A page that is one article: its title, its company, and each section (heading, HTML) that has text.

    It is "" where no section has any. trafilatura does not see an article that is not inside a body.
    """
    parts = [f"<h1>{html.escape(title, quote=False)}</h1>"]
    if company:
        parts.append(f"<p>{html.escape(company, quote=False)}</p>")
    with_text = [(heading, markup) for heading, markup in sections if _has_text(markup)]
    for heading, markup in with_text:
        parts += [f"<h2>{html.escape(heading, quote=False)}</h2>"] * bool(heading) + [f"<div>{tidied(markup)}</div>"]
    whole = "\n".join(parts)
    return f"<html><body><article>\n{whole}\n</article></body></html>" if with_text else ""


def _has_text(markup: str) -> bool:
    return any(character.isalnum() for character in html.unescape(TAG.sub(" ", markup)))


def posting(
    address: str,
    title: str,
    content: str,
    *,
    published: date | None = None,
    changed: date | None = None,
    location: str = "",
    department: str = "",
    anywhere: bool = False,
) -> Entry:
    """The entry of one posting, `anywhere` also without an address of the web.

    Raises UnsuitedError without a public page, a title, or text (`content` is "").
    """
    entry = named(
        address,
        title,
        published=published,
        changed=changed,
        location=location,
        department=department,
        anywhere=anywhere,
    )
    if not content:
        raise UnsuitedError("it carries no text", entry.address)
    return entry.model_copy(update={"format": "html", "content": content})


def named(
    address: str,
    title: str,
    *,
    published: date | None = None,
    changed: date | None = None,
    location: str = "",
    department: str = "",
    anywhere: bool = False,
) -> Entry:
    """A posting as a listing names it, without its text. Raises UnsuitedError without a public page or a title."""
    page = address if anywhere else public_page(address)
    if not page:
        raise UnsuitedError(f"its address {address[:100]!r} is no public web page" if address else "it has no address")
    if not title:
        raise UnsuitedError("it has no title", page)
    return Entry(
        address=page,
        title=title,
        published=Interval(first=published, last=published) if published else None,
        changed=changed,
        location=location,
        department=department,
        kind="role_description",
    )


def parsed(content: bytes, expected: str) -> object:
    """The JSON of a capture. Raises UnreadableInputError that says what was `expected`."""
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as error:
        raise UnreadableInputError(
            f"It cannot be read as JSON: {str(error)[:200]}.", next_step=f"Give {expected}, as the site answers it."
        ) from error


def other_shape(expected: str) -> UnreadableInputError:
    """The failure of a capture that is JSON, but not of this kind of source."""
    return UnreadableInputError(
        f"It is JSON, but not {expected}.", next_step="Check the type of the source and its board name."
    )


def each(items: Iterable[object], where: str, entry_of: Callable[[Fields], Entry], first: int = 1) -> Iterator[Found]:
    """The entry of each item, or why it cannot be used; `first` is the number of the first item."""
    seen: set[str] = set()
    for number, item in enumerate(items, first):
        name = f"posting {number} of {where}"
        found = _found(item, name, entry_of)
        if found.address in seen and isinstance(found, Entry):
            found = Unusable(address=name, reason=f"it repeats {found.address}")
        seen.add(found.address)
        yield found


def _found(item: object, name: str, entry_of: Callable[[Fields], Entry]) -> Found:
    if not isinstance(item, dict):
        return Unusable(address=name, reason="it is no JSON object")
    try:
        return entry_of(Fields(item))
    except UnsuitedError as reason:
        return Unusable(address=reason.address or name, reason=str(reason))


@dataclass(frozen=True)
class Page:
    """One page of a listing: what it names, how many items it holds, and how many it says there are in all."""

    found: Iterable[Found]
    size: int
    total: int | None = None


def total_of(value: object) -> int | None:
    """A count that a listing states, None where it states none."""
    return value if type(value) is int and value > 0 else None


def walk(ask: Callable[[int], Page], where: str, limit: int | None = None) -> Iterator[Found]:
    """Everything on the pages of the listing at `where`, each address once; `ask` gets the page at an offset.

    A page holds `limit` items; without a limit there is one page. It ends at a page that is empty or brings nothing
    new, at a short page unless the stated total says otherwise, and after 200 pages. Raises LeftOutError when a page is
    not to be had or is of another shape.
    """
    seen: set[str] = set()
    offset, total = 0, None
    for _ in range(MAX_PAGES):
        page = _readable(ask, offset)
        fresh = [_listed(found, where) for found in page.found if found.address not in seen]
        yield from fresh
        seen.update(found.address for found in fresh)
        offset, total = offset + page.size, total or page.total
        ended = limit is None or (page.size < limit and offset >= (total or 0))
        if ended or not any(public_page(found.address) for found in fresh):
            return
    yield Unusable(address=where, reason=f"it goes on after {MAX_PAGES} pages; the rest was not asked for")


def _listed(found: Found, where: str) -> Found:
    return found.model_copy(update={"listed_by": where}) if isinstance(found, Entry) else found


def _readable(ask: Callable[[int], Page], offset: int) -> Page:
    try:
        return ask(offset)
    except UnreadableInputError as error:
        raise LeftOutError(error.message) from error


def detailed(listed: Found, ask: Callable[[], Entry]) -> Found:
    """A listed posting with its text, or why that is not to be had; what the text's answer omits stays as listed."""
    try:
        found = ask()
    except (LeftOutError, UnsuitedError) as reason:
        return Unusable(address=listed.address, reason=str(reason))
    except UnreadableInputError as error:
        return Unusable(address=listed.address, reason=error.message)
    kept = {name: value for name in _SAID if (value := getattr(listed, name)) and not getattr(found, name)}
    return found.model_copy(update=kept)
