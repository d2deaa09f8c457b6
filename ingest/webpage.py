"""One HTML page: what its reader sees of it, as Markdown, with the facts that it states about itself."""

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from brain.records import DocumentKind, Interval
from brain.signals import page_denials
from ingest.cache import LeftOutError
from ingest.comments import take_comments
from ingest.languages import language_of
from ingest.markdown import to_markdown
from ingest.materials import Entry
from ingest.published import published_by_guess, published_in
from ingest.structure import prepare
from ingest.titles import title_of
from ingest.visible import drop_unseen, without_unseen

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_MOST_ELEMENTS = 40_000
"""Twenty times the largest of 200 real pages; trafilatura takes time in the square of some."""
NO_ARTICLE = "no article text was found in it"


@dataclass(frozen=True, slots=True)
class PageText:
    """What was read from a page; `text` is empty where the page denies keeping it.

    `posting` is what the page describes as a job in structured data, where the text was taken from there.
    """

    title: str = ""
    text: str = ""
    comments: str = ""
    language: str = "und"
    published: Interval | None = None
    denials: tuple[str, ...] = ()
    note: str = ""
    posting: Entry | None = None


def read_page(html: str, url: str, today: date, kind: DocumentKind | None) -> PageText:
    """Read a page. Raises LeftOutError when it is no HTML, holds no article, or is styled beyond what can be judged."""
    tree = _tree(html)
    if denials := page_denials(_metas(tree)):
        return PageText(title=title_of(tree, url), denials=denials)
    posting = _one_posting(html, url)
    published = published_in(tree, url, today)
    stated = _stated_language(tree)
    note = drop_unseen(tree)
    comments = take_comments(tree)
    published = published or published_by_guess(tree, today)
    page = PageText(title=title_of(tree, url), published=published, note=note)
    text = "" if posting and kind == "role_description" else article_text(tree)
    if posting and not text:
        text, comments = article_text(_visible(posting.content)), ""
        page = replace(page, posting=posting, published=posting.published or published)
    if not text:
        raise LeftOutError(NO_ARTICLE)
    return replace(page, text=text, comments=without_unseen(comments), language=language_of(text, stated))


def _tree(html: str) -> "HtmlElement":
    import trafilatura
    from lxml.etree import LxmlError

    try:
        tree = trafilatura.load_html(html)
    except (LxmlError, ValueError) as error:
        raise LeftOutError("it is not an HTML page") from error
    if tree is None:
        raise LeftOutError("it is not an HTML page")
    if sum(1 for _ in tree.iter()) > _MOST_ELEMENTS:
        raise LeftOutError(f"it holds more than {_MOST_ELEMENTS:,} elements, which no report does")
    return tree


def _visible(html: str) -> "HtmlElement":
    tree = _tree(f"<html><body>{html}</body></html>")
    drop_unseen(tree)
    return tree


def _metas(tree: "HtmlElement") -> list[tuple[str, str]]:
    return [
        (meta.get("name") or meta.get("http-equiv") or meta.get("property") or "", meta.get("content") or "")
        for meta in tree.iter("meta")
    ]


def _stated_language(tree: "HtmlElement") -> str:
    """The language of the page as its root says it, else as its meta elements do."""
    said = {name.lower(): content for name, content in _metas(tree)}
    spoken = (tree.get("lang"), tree.get("{http://www.w3.org/XML/1998/namespace}lang"), tree.get("xml:lang"))
    return next(filter(None, (*spoken, said.get("content-language"), said.get("og:locale"))), "") or ""


def _one_posting(html: str, url: str) -> Entry | None:
    """The job that a page describes, if it describes exactly one."""
    if "JobPosting" not in html:
        return None
    from ingest.sources.job_page import postings

    found = list(postings(html.encode("utf-8", "replace"), url))
    only = found[0] if len(found) == 1 else None
    return only if isinstance(only, Entry) and only.content else None


def article_text(tree: "HtmlElement") -> str:
    """The article in a page as Markdown, "" where trafilatura finds none. Changes the tree."""
    import trafilatura
    from lxml.etree import LxmlError

    prepare(tree)
    try:
        found = trafilatura.bare_extraction(
            tree,
            output_format="markdown",
            include_formatting=True,
            include_tables=True,
            include_comments=False,
            with_metadata=False,
        )
        body = getattr(found, "body", None)
        return "" if body is None else without_unseen(to_markdown(body))
    except (LxmlError, RecursionError) as error:
        raise LeftOutError("its elements are nested in a way that cannot be read") from error
