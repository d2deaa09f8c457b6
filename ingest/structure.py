"""Make an HTML page ready for trafilatura, so that lists, code, tables and captions come out as they were.

Each step mends something that trafilatura 2.3 drops or flattens; what is boilerplate stays for it to tell.
"""

import re
from typing import TYPE_CHECKING

from ingest.markdown import NEWLINE, SPACE, TAB

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_LANGUAGE = re.compile(
    r"(?:^|[\s;])(?:lang(?:uage)?-|highlight-source-|brush:\s*|sourceCode\s+|hljs\s+)([\w+#.-]{1,20})"
)
_NO_LANGUAGE = frozenset(
    ["plaintext", "text", "txt", "none", "plain", "highlight", "highlighter-rouge", "code", "wrap", "line-numbers"]
)
_GUTTER = re.compile(
    r"(?:^|[\s_-])(?:gutter|linenos?|line-?numbers?|rouge-gutter|lineno|blob-num|crayon-nums)(?:$|[\s_-])"
)
_CODE_SIGNS = re.compile(
    r"[{};=<>()\[\]]|^\s*(?:#|//|--|\$|>>>)|\b(?:def|class|return|select|import|int|void|for|if)\b",
    re.MULTILINE | re.IGNORECASE,
)
_PROSE_WORDS = 6
_MATH_WORD = re.compile(r"(?<![\\A-Za-z])[A-Za-z]{4,}")
_MOST_MATH_WORDS = 4
_MANY_CHILDREN = 1_000
_INLINES = (
    "a", "span", "font", "small", "big", "abbr", "acronym", "bdi", "bdo", "cite", "data", "dfn", "ins", "mark", "nobr",
    "ruby", "tt", "u", "wbr",
)  # fmt: skip
_FEWEST_LETTERS = 100
_NEARLY_ALL = 0.9
_NAVIGATION = ("nav", "header", "footer", "aside")
_NAVIGATES = re.compile(
    r"\b(?:nav|menu|toc|table-of-contents|share|social|tags?|breadcrumbs?|related|sidebar)", re.IGNORECASE
)
_PUNCTUATION = (".", "?", "!", ":", ";", ",")


def prepare(tree: "HtmlElement") -> None:
    """Change the page in place; what a reader sees of it stays the same."""
    _join_many_inlines(tree)
    _mark_article(tree)
    _keep_figures(tree)
    _move_captions(tree)
    _keep_code(tree)
    _keep_inline(tree)
    _mend_lists(tree)
    _flatten_lists_in_cells(tree)
    _unlink_nested_items(tree)
    _drop_talking_formulas(tree)


def _join_many_inlines(tree: "HtmlElement") -> None:
    """Thousands of inline elements in one parent, as editors leave them around single words, become its text.

    Trafilatura unwraps them too, but leaves text nodes side by side, which XPath collects in quadratic time.
    """
    from lxml import etree

    for parent in [one for one in tree.iter() if isinstance(one.tag, str) and len(one) > _MANY_CHILDREN]:
        etree.strip_tags(parent, *_INLINES)
        for element in parent.iter():
            element.text, element.tail = element.text, element.tail


def _mark_article(tree: "HtmlElement") -> None:
    """On a page that marks no article, the smallest element with nearly all paragraphs becomes one.

    Without it trafilatura gathers loose paragraphs, and drops the headings and lists between them.
    """
    body = tree.find(".//body")
    if body is None or tree.xpath("boolean(.//article|.//main|.//*[@role='main' or @role='article'])"):
        return
    inside: dict[HtmlElement, int] = {}
    total = 0
    for paragraph in body.iter("p", "li", "dd", "pre"):
        if paragraph.tag == "li" and next(paragraph.iter("a"), None) is not None:
            continue
        above = list(paragraph.iterancestors())
        if any(one.tag in _NAVIGATION for one in above):
            continue
        length = len(paragraph.text_content().strip())
        total += length
        for one in above:
            inside[one] = inside.get(one, 0) + length
    if total < _FEWEST_LETTERS:
        return
    _into_article(_smallest(body, inside, total))


def _smallest(body: "HtmlElement", inside: dict["HtmlElement", int], total: int) -> "HtmlElement":
    """The innermost element that still holds nearly all the letters of the paragraphs."""
    found = body
    while (inner := next((one for one in found if inside.get(one, 0) >= _NEARLY_ALL * total), None)) is not None:
        found = inner
    return found


def _into_article(element: "HtmlElement") -> None:
    if element.tag in ("div", "section", "center"):
        element.tag = "article"
    elif element.tag == "body":
        article = element.makeelement("article")
        article.text, element.text = element.text, None
        article.extend(list(element))
        element.append(article)


def _move_captions(tree: "HtmlElement") -> None:
    """A caption becomes the paragraph above its table; trafilatura makes it the row of the column titles."""
    for caption in tree.xpath("./descendant::table/caption"):
        caption.tag, caption.tail = "p", None
        caption.getparent().addprevious(caption)


def _keep_figures(tree: "HtmlElement") -> None:
    """Code, tables and quotations in a figure stay; trafilatura drops figures whole."""
    for figure in list(tree.iter("figure")):
        if any(next(figure.iter(tag), None) is not None for tag in ("pre", "table", "blockquote")):
            figure.tag = "div"
            for caption in figure.iter("figcaption"):
                caption.tag = "p"


def _keep_code(tree: "HtmlElement") -> None:
    """Code without line numbers, with its white space and its language; prose in `pre` becomes a paragraph."""
    for table in list(tree.iter("table")):
        _unwrap_numbered(table)
    for pre in list(tree.iter("pre")):
        if pre.getparent() is None or pre.find(".//pre") is not None:
            continue
        language = _language(pre)
        for line_break in pre.iter("br"):
            line_break.tail = f"\n{line_break.tail or ''}"
        code = pre.text_content().expandtabs(4).strip("\n")
        if _is_prose(pre, code):
            _as_paragraph(pre, code)
        else:
            _as_code(pre, code, language)


def _unwrap_numbered(table: "HtmlElement") -> None:
    """A table that only sets line numbers beside code becomes the code."""
    cells = list(table.iter("td"))
    gutters = [cell for cell in cells if _GUTTER.search(cell.get("class") or "")]
    code = [cell for cell in cells if cell not in gutters]
    if len(gutters) != 1 or len(code) != 1 or table.getparent() is None:
        return
    found = code[0].find(".//pre")
    if found is None:
        found = code[0]
        found.tag = "pre"
    found.tail = table.tail
    table.getparent().replace(table, found)


def _language(pre: "HtmlElement") -> str:
    """The language that the classes of a code block or of what wraps it name."""
    inner = [pre, *pre.iter("code")][:2]
    around = [one for one, _ in zip(pre.iterancestors("div", "figure", "td", "table"), range(3), strict=False)]
    for element in (*inner, *around):
        stated = element.get("data-lang") or element.get("data-language")
        found = _LANGUAGE.search(f"{element.get('class') or ''} {f'lang-{stated}' if stated else ''}")
        if found and found[1].lower() not in _NO_LANGUAGE:
            return found[1].lower()
    return ""


def _is_prose(pre: "HtmlElement", code: str) -> bool:
    """Whether `pre` only sets words: long lines, no code element and next to no sign of a program."""
    if next(pre.iter("code"), None) is not None or _LANGUAGE.search(pre.get("class") or ""):
        return False
    lines = [line for line in code.split("\n") if line.strip()]
    words = sum(len(line.split()) for line in lines)
    return bool(lines) and words >= _PROSE_WORDS * len(lines) and len(_CODE_SIGNS.findall(code)) * 20 < words


def _as_paragraph(pre: "HtmlElement", text: str) -> None:
    _empty(pre)
    pre.tag, pre.text = "p", " ".join(text.split())


def _as_code(pre: "HtmlElement", code: str, language: str) -> None:
    """White space is written as signs that survive, and the language as a title, which is what trafilatura keeps."""
    _empty(pre)
    for key in list(pre.attrib):
        del pre.attrib[key]
    lines = (line.replace("\t", TAB) for line in code.split("\n"))
    pre.text = NEWLINE.join(re.sub(r"^ +| {2,}", lambda match: SPACE * len(match[0]), line).rstrip() for line in lines)
    pre.tag = "code"
    pre.set("title", language)


def _empty(element: "HtmlElement") -> None:
    for child in list(element):
        element.remove(child)


def _keep_inline(tree: "HtmlElement") -> None:
    """Words in elements that trafilatura drops or makes blocks of, where they are part of a sentence; empty lines."""
    for line_break in tree.iter("br"):
        before = line_break.getprevious()
        if before is not None and before.tag == "br" and not (before.tail or "").strip():
            line_break.tail = f"{NEWLINE}{line_break.tail or ''}"
    for quotation in list(tree.iter("q")):
        quotation.text = f"“{quotation.text or ''}"
        if len(quotation):
            quotation[-1].tail = f"{quotation[-1].tail or ''}”"
        else:
            quotation.text += "”"
        quotation.tag = "span"
    for element in tree.iter("time", "label", "button", "output"):
        wanted = (
            ("h1", "h2", "h3", "h4", "h5", "h6", "dt", "summary")
            if element.tag == "button"
            else ("p", "li", "h2", "h3", "td", "dd")
        )
        if next(element.iterancestors(*wanted), None) is not None and next(element.iterancestors("form"), None) is None:
            element.tag = "span"


def _mend_lists(tree: "HtmlElement") -> None:
    """Definitions as items below their term, lists that stand between items as parts of the item before."""
    for element in tree.xpath(".//*[@role='list' or @role='listitem']"):
        if element.tag in ("div", "span"):
            element.tag = "ul" if element.get("role") == "list" else "li"
    for definitions in list(tree.iter("dl")):
        _as_list(definitions)
    for inner in list(tree.iter("ul", "ol")):
        outer, before = inner.getparent(), inner.getprevious()
        if outer is not None and outer.tag in ("ul", "ol") and before is not None and before.tag == "li":
            inner.tail = None
            before.append(inner)


def _as_list(definitions: "HtmlElement") -> None:
    for group in list(definitions.iter("div")):
        group.drop_tag()
    inner = None
    term = None
    for part in list(definitions):
        if part.tag == "dt":
            part.tag, term, inner = "li", part, None
        elif part.tag == "dd" and term is not None:
            if inner is None:
                inner = definitions.makeelement("ul")
                term.append(inner)
            part.tag = "li"
            inner.append(part)
        elif part.tag == "dd":
            part.tag = "li"
    definitions.tag = "ul"


def _unlink_nested_items(tree: "HtmlElement") -> None:
    """Links in lists below an item of an article are words: trafilatura takes lists of links for navigation."""
    for link in tree.xpath(".//*[self::article or self::main]//li//li//a"):
        if next(link.iterancestors(*_NAVIGATION), None) is None and not _NAVIGATES.search(_list_names(link)):
            link.drop_tag()


def _list_names(link: "HtmlElement") -> str:
    return " ".join(f"{one.get('class') or ''} {one.get('id') or ''}" for one in link.iterancestors("ul", "ol", "div"))


def _flatten_lists_in_cells(tree: "HtmlElement") -> None:
    """Items in a table cell become words of the cell, apart by a semicolon; trafilatura drops lists in cells."""
    for item in tree.xpath(".//td//li | .//th//li"):
        if item.find(".//table") is not None:
            continue
        text = item.text_content().strip()
        last = item.getnext() is None
        if text and not last and not text.endswith(_PUNCTUATION):
            target = item[-1] if len(item) else None
            if target is not None:
                target.tail = f"{(target.tail or '').rstrip()}; "
            else:
                item.text = f"{(item.text or '').rstrip()}; "
        item.tail = f" {item.tail or ''}"
        item.tag = "span"
    for outer in tree.xpath(".//td//ul | .//td//ol | .//th//ul | .//th//ol"):
        if outer.find(".//li") is None:
            outer.drop_tag()


def _drop_talking_formulas(tree: "HtmlElement") -> None:
    """The source of a formula that is words, not mathematics: no reader sees it, and trafilatura would print it."""
    for formula in tree.iter("math"):
        if len(_MATH_WORD.findall(formula.get("alttext") or "")) > _MOST_MATH_WORDS:
            del formula.attrib["alttext"]
        for note in list(formula.iter("annotation", "{*}annotation")):
            if len(_MATH_WORD.findall(note.text or "")) > _MOST_MATH_WORDS:
                note.text = None
