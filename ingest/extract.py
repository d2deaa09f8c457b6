"""Extract: bytes become Markdown text, with a title, dates, a language and the signals that the page gives.

HTML goes through trafilatura; Markdown and plain text are kept as they are; our own data files are rendered by
`ingest.bundled`.
"""

import codecs
import copy
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from brain.errors import UnreadableInputError
from brain.records import Interval, parse_interval
from brain.sources import canonical
from ingest.bundled import extract_card, extract_digest, extract_values
from ingest.cache import LeftOutError, Stage
from ingest.materials import Extracted, Fetched

if TYPE_CHECKING:
    from lxml.html import HtmlElement

STAGE = Stage(
    "extract",
    Extracted,
    modules=(
        "ingest.extract",
        "ingest.bundled",
        "ingest.materials",
        "brain.catalog",
        "brain.records",
        "brain.sources",
        "brain.tomlfiles",
    ),
    libraries=("trafilatura", "lxml", "htmldate", "python-frontmatter"),
)

_STORE_NOT = frozenset({"noindex", "noarchive", "none"})
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
# A handle or an address would not be seen with these escapes in it, and names of functions read better without.
_ESCAPED_UNDERSCORE = re.compile(r"(?<=[\w@])\\_(?=\w)")
_ESCAPED_AT = re.compile(r"\\\[(at|dot)\\\]", re.IGNORECASE)
_PRESCAN_BYTES = 4_096
# The Encoding Standard reads these labels as the wider code page of Windows, where the typographic quotes are.
_AS_BROWSERS_READ = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "utf-16": "utf-8",
}
# Python knows encodings that are none of the web, and slow on purpose-made text.
_NOT_OF_THE_WEB = frozenset({"idna", "punycode", "raw-unicode-escape", "unicode-escape", "undefined", "utf-7"})
_TITLE_LINE = re.compile(r"^#\s+(.+)$", re.MULTILINE)


def extract(fetched: Fetched, path: Path | None = None) -> Extracted:
    """The text of what was fetched. `path` is where a bundled file lies.

    Raises LeftOutError for a page without text, UnreadableInputError or CatalogError for a bad local file.
    """
    bundled = {"digest": extract_digest, "card": extract_card, "values": extract_values}.get(fetched.format)
    if bundled is not None and path is not None:
        return bundled(path)
    if fetched.format == "html":
        return _extract_html(fetched)
    return _extract_markdown(fetched)


def _extract_html(fetched: Fetched) -> Extracted:
    import trafilatura

    tree = trafilatura.load_html(_decoded(fetched))
    if tree is None:
        raise LeftOutError("it is not an HTML page")
    today = datetime.now(UTC).date().isoformat()
    dates = {"extensive_search": False, "original_date": True, "outputformat": "%Y-%m-%d", "max_date": today}
    if signals := _signals(tree, ""):
        return _described(fetched, "", title="", date=None, language="und", signals=signals)
    language = (tree.get("lang") or "").strip().lower().partition("-")[0] or "und"
    metadata = trafilatura.extract_metadata(copy.deepcopy(tree), date_config=dates)
    _move_captions(tree)
    text = trafilatura.extract(
        tree, output_format="markdown", include_formatting=True, include_tables=True, include_comments=False
    )
    if not text:
        raise LeftOutError("no article text was found in it")
    text = _ESCAPED_AT.sub(r"[\1]", _ESCAPED_UNDERSCORE.sub("_", text))
    return _described(fetched, text, title=metadata.title or "", date=metadata.date, language=language)


def _move_captions(tree: "HtmlElement") -> None:
    """A caption becomes the paragraph above its table; trafilatura makes it the row of the column titles."""
    for caption in tree.xpath("./descendant::table/caption"):
        caption.tag, caption.tail = "p", None
        caption.getparent().addprevious(caption)


def _decoded(fetched: Fetched) -> bytes | str:
    """The header's encoding wins over the page's own, as browsers have it; where neither fits, the parser guesses."""
    label = fetched.charset or _declared(fetched.content)
    if label is None:
        return fetched.content
    try:
        encoding = codecs.lookup(label).name
        if encoding in _NOT_OF_THE_WEB:
            return fetched.content
        return fetched.content.decode(_AS_BROWSERS_READ.get(encoding, encoding))
    except (LookupError, UnicodeError):
        return fetched.content


def _declared(content: bytes) -> str | None:
    """The encoding that a page's own meta element names, unless a byte order mark overrules it."""
    if content.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return None
    found = _META_CHARSET.search(content[:_PRESCAN_BYTES])
    return found[1].decode("ascii", "replace") if found else None


def _signals(tree: "HtmlElement", robots_tag: str) -> tuple[str, ...]:
    """The directives of meta robots and X-Robots-Tag that forbid keeping the text."""
    metas = (meta for meta in tree.iter("meta") if (meta.get("name") or "").lower() in {"robots", "industrybrain"})
    said = [robots_tag, *(meta.get("content") or "" for meta in metas)]
    words = {word for part in said for word in re.split(r"[,\s]+", part.lower()) if word}
    return tuple(sorted(words & _STORE_NOT))


def _extract_markdown(fetched: Fetched) -> Extracted:
    text = decode_text(fetched.content, fetched.address)
    head, text = front_matter(text) if fetched.format == "markdown" else ({}, text)
    heading = _TITLE_LINE.search(text)
    named = head.get("title")
    title = named if isinstance(named, str) and named.strip() else heading[1] if heading else Path(fetched.url).stem
    date = str(head.get("date") or "")[:10]
    return _described(fetched, text, title=title, date=date, language="und")


def front_matter(text: str) -> tuple[dict[str, object], str]:
    """The fields above a Markdown text, and the text; what is no mapping in YAML belongs to the text."""
    import frontmatter
    import yaml

    try:
        head, body = frontmatter.parse(text)
    except (yaml.YAMLError, ValueError):  # ValueError: a date such as 2024-02-30
        return {}, text
    return (head, body) if head else ({}, text)


def decode_text(content: bytes, address: str) -> str:
    """Text of a Markdown or plain-text file, lines ended by \\n. Raises UnreadableInputError unless it is UTF-8."""
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        raise UnreadableInputError(
            f"{address} is not UTF-8 text (byte {error.start} is {content[error.start]:#04x}).",
            next_step="Convert it to UTF-8 first, for example with `iconv`.",
        ) from error


def _described(
    fetched: Fetched, text: str, *, title: str, date: str | None, language: str, signals: tuple[str, ...] = ()
) -> Extracted:
    source = fetched.source
    entry = fetched.entry
    kind = (source.kind if source else None) or (entry.kind if entry else None) or "interview_report"
    published = parse_interval(source.published) if source and source.published != "unknown" else _day(date)
    return Extracted(
        url=canonical(fetched.url),
        title=" ".join(title.split()) or fetched.url,
        text=text,
        kind=kind,
        form="verbatim",
        account=(source.account if source else None) or ("first_person" if kind == "interview_report" else None),
        role_match=(source.role_match if source else None) or "exact",
        level=source.level if source else "",
        track=source.track if source else "",
        language=language,
        published=published,
        basis="fetched from the public page, short quotations" if fetched.robots != "not asked" else "a local file",
        licence=source.licence if source else "unknown",
        robots=fetched.robots,
        denials=signals,
        signals=fetched.signals,
        display=source.display if source else "quote",
    )


def _day(text: str | None) -> Interval | None:
    try:
        return parse_interval(text) if text else None
    except ValueError:
        return None
