"""Extract: bytes become Markdown text, with title, dates, language and what the page says about keeping it.

HTML goes through `ingest.webpage`, PDF through `ingest.pdf`; Markdown and plain text stay as they are, but for what a
renderer would not show; our own data files are rendered by `ingest.bundled`. What the corpus file says wins over what
the source's listing says, and that over what the page says.
"""

from datetime import UTC, date, datetime
from pathlib import Path

from brain.records import DocumentKind, Interval, parse_interval
from brain.sources import canonical
from ingest.bundled import extract_card, extract_digest, extract_values
from ingest.cache import Stage
from ingest.dates import interviewed
from ingest.encoding import decode_fetched, decode_page
from ingest.languages import language_of
from ingest.materials import Extracted, Fetched
from ingest.plaintext import decode_text, front_matter, title_in, with_unix_ends, without_comments
from ingest.published import of_front_matter, published_by_address
from ingest.visible import without_unseen
from ingest.webpage import PageText, read_page

STAGE = Stage(
    "extract",
    Extracted,
    modules=(
        "ingest.extract",
        "ingest.webpage",
        "ingest.plaintext",
        "ingest.encoding",
        "ingest.languages",
        "ingest.visible",
        "ingest.stylesheets",
        "ingest.selectors",
        "ingest.styles",
        "ingest.comments",
        "ingest.structure",
        "ingest.markdown",
        "ingest.titles",
        "ingest.dates",
        "ingest.date_words",
        "ingest.published",
        "ingest.pdf",
        "ingest.pdf_lines",
        "ingest.sources.base",
        "ingest.sources.job_page",
        "ingest.sources.postings",
        "ingest.sources.schema_org",
        "ingest.sources.tidy",
        "ingest.bundled",
        "ingest.materials",
        "brain.catalog",
        "brain.patterns",
        "brain.records",
        "brain.signals",
        "brain.sources",
        "brain.tomlfiles",
    ),
    libraries=(
        "trafilatura",
        "lxml",
        "htmldate",
        "justext",
        "python-frontmatter",
        "tinycss2",
        "cssselect",
        "webencodings",
        "charset-normalizer",
        "py3langid",
        "pypdfium2",
    ),
)
_LONGEST_TITLE = 300


def extract(fetched: Fetched, path: Path | None = None) -> Extracted:
    """The text of what was fetched. `path` is where a bundled file lies.

    Raises LeftOutError for a page without text, UnreadableInputError or CatalogError for a bad local file.
    """
    bundled = {"digest": extract_digest, "card": extract_card, "values": extract_values}.get(fetched.format)
    if bundled is not None and path is not None:
        return bundled(path)
    reader = {"html": _read_html, "pdf": _read_pdf, "markdown": _read_markdown}.get(fetched.format, _read_text)
    return _described(fetched, reader(fetched))


def _today(fetched: Fetched) -> date:
    return fetched.retrieved or datetime.now(UTC).date()


def _stated_kind(fetched: Fetched) -> DocumentKind | None:
    """The kind that the corpus file states, else the adapter."""
    return (fetched.source.kind if fetched.source else None) or (fetched.entry.kind if fetched.entry else None)


def _read_html(fetched: Fetched) -> PageText:
    html = with_unix_ends(decode_page(fetched.content, fetched.charset))
    return read_page(html, fetched.url, _today(fetched), _stated_kind(fetched))


def _read_pdf(fetched: Fetched) -> PageText:
    from ingest.pdf import pdf_text

    found = pdf_text(fetched.content)
    text = without_unseen(found.text)
    title = found.title or title_in({}, text, fetched.url)
    return PageText(title=title, text=text, published=found.published, language=language_of(text, None))


def _read_markdown(fetched: Fetched) -> PageText:
    head, text = front_matter(_decoded(fetched))
    text = without_comments(text)
    stated = head.get("lang") or head.get("language")
    return PageText(
        title=title_in(head, text, fetched.url),
        text=text,
        published=of_front_matter(head, _today(fetched)) or published_by_address(fetched.url, _today(fetched)),
        language=language_of(text, stated if isinstance(stated, str) else None),
    )


def _read_text(fetched: Fetched) -> PageText:
    text = _decoded(fetched)
    published = published_by_address(fetched.url, _today(fetched))
    return PageText(
        title=title_in({}, "", fetched.url), text=text, published=published, language=language_of(text, None)
    )


def _decoded(fetched: Fetched) -> str:
    """A local file must be UTF-8, since its owner can mend it; what others serve is read as well as can be."""
    if fetched.robots == "not asked":
        text = decode_text(fetched.content, fetched.address)
    else:
        text = decode_fetched(fetched.content, fetched.charset)
    return without_unseen(with_unix_ends(text))


def _described(fetched: Fetched, page: PageText) -> Extracted:
    source, entry = fetched.source, fetched.entry or page.posting
    stated = _stated_kind(fetched)
    kind = stated or ("role_description" if page.posting else "interview_report")
    published = _published(fetched, page)
    title = " ".join(((entry.title if entry else "") or page.title).split())[:_LONGEST_TITLE] or fetched.url
    fetched_basis = "fetched from the public page, short quotations"
    return Extracted(
        url=canonical(fetched.url),
        title=without_unseen(title),
        text=page.text,
        comments=page.comments,
        kind=kind,
        kind_stated=stated is not None or page.posting is not None,
        form="verbatim",
        account=(source.account if source else None) or ("first_person" if kind == "interview_report" else None),
        role_match=(source.role_match if source else None) or "exact",
        role_stated=source is not None and source.role_match is not None,
        level=source.level if source else "",
        track=source.track if source else "",
        location=entry.location if entry else "",
        department=entry.department if entry else "",
        language=page.language,
        published=published,
        interviewed=_interviewed(fetched, title, page.text, published) if kind == "interview_report" else None,
        basis=_first(source and source.basis, entry and entry.basis)
        or (fetched_basis if fetched.robots != "not asked" else "a local file"),
        licence=_first(source and source.licence.replace("unknown", ""), entry and entry.licence) or "unknown",
        robots=fetched.robots,
        denials=page.denials,
        signals=fetched.signals,
        display=source.display if source else "quote",
        note=page.note,
    )


def _first(*said: "str | object | None") -> str:
    return next((text for text in said if isinstance(text, str) and text), "")


def _published(fetched: Fetched, page: PageText) -> Interval | None:
    """When it appeared: as the corpus file says, else as the listing does unless that is to come, else as the page."""
    source, entry = fetched.source, fetched.entry
    if source and source.published != "unknown":
        return parse_interval(source.published)
    listed = entry.published if entry else None
    return listed if listed and listed.first <= _today(fetched) else page.published


def _interviewed(fetched: Fetched, title: str, text: str, published: Interval | None) -> Interval | None:
    """When the interview was; never after the page appeared or was fetched."""
    told = interviewed(f"{title}\n\n{text}", published)
    return told if told is None or told.first <= _today(fetched) else None
