"""HTML of a job board made whole, so that what is read from it keeps its headings and lists.

Editors of job boards write headings as paragraphs in bold, paragraphs as `div`, and the items of a list without the
list; of such postings trafilatura drops up to 43% of the words.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_LISTS = frozenset({"ul", "ol", "menu"})
_BLOCKS = ("p", "div", "ul", "ol", "li", "table", "pre", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "img")
_NO_HEADING_WITHIN = ("li", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote")
_LONGEST_HEADING = 80


def tidied(markup: str) -> str:
    """The same HTML with every element closed, items in lists, paragraphs as `p`, and short ones in bold as `h3`."""
    import lxml.html
    from lxml.etree import LxmlError

    try:
        tree = lxml.html.document_fromstring(
            markup.encode("utf-8", "replace"), parser=lxml.html.HTMLParser(encoding="utf-8", remove_comments=True)
        )
    except LxmlError:  # not one element or letter in it
        return ""
    body = tree.find("body")
    if body is None:
        return ""
    _gather_items(body)
    _name_paragraphs(body)
    whole: str = lxml.html.tostring(body, encoding="unicode", with_tail=False)
    return whole.partition(">")[2].removesuffix("</body>")


def _gather_items(body: "HtmlElement") -> None:
    made = None
    for item in list(body.iter("li")):
        if item.getparent().tag in _LISTS:
            continue
        before = item.getprevious()
        if made is None or before is not made or (made.tail or "").strip():
            made = item.makeelement("ul")
            item.addprevious(made)
        made.append(item)
        made.tail, item.tail = item.tail, None


def _name_paragraphs(body: "HtmlElement") -> None:
    for element in list(body.iter("p", "div")):
        if not _is_paragraph(element):
            continue
        element.tag = "p"
        bold = [part for part in element.iter("strong", "b") if next(part.iterancestors("strong", "b"), None) is None]
        if not bold or not _may_be_heading(element):
            continue
        text = " ".join(element.text_content().split())
        said = " ".join(" ".join(part.text_content() for part in bold).split())
        if text == said and len(text) <= _LONGEST_HEADING and any(map(str.isalnum, text)):
            element.tag = "h3"
            for part in bold:
                part.drop_tag()


def _may_be_heading(element: "HtmlElement") -> bool:
    broken = any((line.tail or "").strip() for line in element.iter("br"))
    return not broken and next(element.iterancestors(*_NO_HEADING_WITHIN), None) is None


def _is_paragraph(element: "HtmlElement") -> bool:
    return next(element.iterdescendants(*_BLOCKS), None) is None
