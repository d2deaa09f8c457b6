"""Write the tree that trafilatura makes of an article as CommonMark, with lists, quotes and code as they were nested.

Trafilatura's own writer indents nested lists by two (so that those below "1." are no longer nested), writes quotes as
plain paragraphs, and loses empty lines and languages of code. It escapes every sign that might be markup; here only
those are escaped that would be read as markup, since the text is also shown and searched.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

NEWLINE, SPACE, TAB = "\ue000", "\ue001", "\ue002"
"""Stand for white space inside code, which trafilatura would collapse."""

_BLOCKS = frozenset({"p", "head", "list", "quote", "table", "div", "body", "main", "article", "section", "item"})
_INLINE_MARKS = {"#b": "**", "#i": "*"}
_SPACES = re.compile(r"[ \t\r\n\f\v]+")
_AROUND_BREAK = re.compile(r" *\n *")
_EMPHASIS = re.compile(r"(?<!\\)(?:\*+(?=\S)|(?<=\S)\*+|(?<![\w@\\])_+(?=\w)|(?<=\w)_+(?!\w)|~~|`)")
_LINKLIKE = re.compile(r"\[(?=[^\[\]\n]{0,500}\]\()")
_HTML = re.compile(r"<(?=/?[a-zA-Z!?])")
_BLOCK_START = re.compile(r"(#{1,6}(?=\s|$)|>|(?:\+|```|~~~)(?=\s|$)|={3,}\s*$|-{3,}\s*$)")
_FENCE = re.compile(r"`{3,}")
_TICKS = re.compile(r"`+")
_EMPTY_LINES = re.compile(r"\n{3,}")
_DEEPEST_HEADING = 6


def to_markdown(body: "_Element") -> str:
    """The Markdown of an extracted article: blocks apart by one empty line, one line end at the end."""
    text = "\n\n".join(filter(None, (block.rstrip() for block in _blocks(body))))
    return f"{_EMPTY_LINES.sub(chr(10) * 2, text).strip()}\n" if text.strip() else ""


def _blocks(element: "_Element") -> Iterator[str]:
    """The blocks in an element; loose words between blocks are paragraphs of their own."""
    loose = [_escaped(element.text)]
    for child in element:
        if _is_block(child):
            yield _paragraph("".join(loose))
            loose = []
            yield from _block(child)
        else:
            loose.append(_inline(child))
        loose.append(_escaped(child.tail))
    yield _paragraph("".join(loose))


def _is_block(element: "_Element") -> bool:
    if element.tag == "code":
        return NEWLINE in _raw(element) or element.get("title") is not None or "\n" in _raw(element)
    return element.tag in _BLOCKS


def _block(element: "_Element") -> Iterator[str]:
    if element.tag == "head":
        yield _heading(element)
    elif element.tag == "list":
        yield _list(element)
    elif element.tag == "quote":
        yield _quoted("\n\n".join(filter(None, _blocks(element))))
    elif element.tag == "code":
        yield _fenced(element)
    elif element.tag == "table":
        yield _table(element)
    else:
        yield from _blocks(element)


def _heading(element: "_Element") -> str:
    words = _AROUND_BREAK.sub(" ", _one_line(element))
    level = min(int(f"0{(element.get('rend') or 'h3')[1:]}") or 3, _DEEPEST_HEADING)
    return f"{'#' * level} {words}" if words else ""


def _list(element: "_Element") -> str:
    lines, number = [], 0
    for item in element:
        if item.tag == "list":
            lines.append(_indented(_list(item), "  "))
            continue
        if item.tag != "item":
            continue
        number += 1
        marker = f"{number}. " if element.get("rend") == "ol" else "- "
        content = _item(item)
        if content:
            lines.append(marker + _indented(content, " " * len(marker)).lstrip(" "))
    return "\n".join(lines)


def _item(item: "_Element") -> str:
    """The content of an item: a nested list follows on the next line, any other block after an empty one."""
    parts = [part for part in _blocks_with_kind(item) if part[1]]
    written = ""
    for kind, text in parts:
        close = kind == "list" or (
            kind == "words" and written and written.rsplit("\n", 1)[-1].lstrip().startswith("- ")
        )
        written += (("\n" if close and kind == "list" else "\n\n") if written else "") + text
    return written


def _blocks_with_kind(element: "_Element") -> Iterator[tuple[str, str]]:
    loose = [_escaped(element.text)]
    for child in element:
        if _is_block(child):
            yield "words", _paragraph("".join(loose))
            loose = []
            yield str(child.tag), "\n\n".join(filter(None, _block(child)))
        else:
            loose.append(_inline(child))
        loose.append(_escaped(child.tail))
    yield "words", _paragraph("".join(loose))


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n")) if text.strip() else ""


def _indented(text: str, by: str) -> str:
    return "\n".join(by + line if line else line for line in text.split("\n"))


def _fenced(element: "_Element") -> str:
    code = _code(element).strip("\n")
    longest = max((len(match[0]) for match in _FENCE.finditer(code)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}{element.get('title') or ''}\n{code}\n{fence}" if code.strip() else ""


def _raw(element: "_Element") -> str:
    return "".join("\n" if part.tag == "lb" else "" for part in element.iter("lb")) + "".join(element.itertext())


def _code(element: "_Element") -> str:
    parts = [element.text or ""]
    for child in element.iterdescendants():
        parts += ["\n" if child.tag == "lb" else "", child.text or "", child.tail or ""]
    return "".join(parts).replace(NEWLINE, "\n").replace(SPACE, " ").replace(TAB, "\t")


def _table(element: "_Element") -> str:
    rows = [[_cell(cell) for cell in row if cell.tag == "cell"] for row in element.iter("row")]
    rows = [row for row in rows if any(row)]
    if not rows:
        return ""
    width = max(map(len, rows))
    lines = ["| " + " | ".join(row + [""] * (width - len(row))) + " |" for row in rows]
    return "\n".join([lines[0], "|" + " --- |" * width, *lines[1:]])


def _cell(cell: "_Element") -> str:
    return _AROUND_BREAK.sub(" ", _one_line(cell)).replace("|", "\\|")


def _one_line(element: "_Element") -> str:
    """The words of an element, blocks in it set apart by a space."""
    parts = [_escaped(element.text)]
    for child in element:
        apart = " " if _is_block(child) else ""
        parts += [apart, _inline(child), apart, _escaped(child.tail)]
    return _trimmed("".join(parts))


def _inline(element: "_Element") -> str:
    if element.tag == "lb":
        return "\n"
    if element.tag == "graphic" or not isinstance(element.tag, str):
        return ""
    rend = element.get("rend") or ""
    if element.tag == "code" or (element.tag == "hi" and rend == "#t"):
        return _span(_code(element))
    words = "".join([_escaped(element.text), *(_inline(child) + _escaped(child.tail) for child in element)])
    if rend == "#sup" and words.strip().isalnum():
        return f"^{words.strip()}"
    if element.tag == "hi":
        return _wrapped(words, _INLINE_MARKS.get(rend, ""))
    return _wrapped(words, "~~") if element.tag == "del" else words


def _span(code: str) -> str:
    words = _SPACES.sub(" ", code)
    if not words.strip():
        return words
    ticks = "`" * (max((len(match[0]) for match in _TICKS.finditer(words)), default=0) + 1)
    inner = words.strip()
    pad = " " if inner.startswith("`") or inner.endswith("`") else ""
    return words.replace(inner, f"{ticks}{pad}{inner}{pad}{ticks}", 1)


def _wrapped(words: str, mark: str) -> str:
    """Emphasis, its blanks outside; across a break each line is marked for itself."""
    if not mark:
        return words
    lines = words.split("\n")
    return "\n".join(
        line.replace(line.strip(), f"{mark}{line.strip()}{mark}", 1) if line.strip() else line for line in lines
    )


def _escaped(text: str | None) -> str:
    """Words of the page, white space collapsed, with the signs escaped that Markdown would read as markup."""
    if not text:
        return ""
    text = _SPACES.sub(" ", text).replace(NEWLINE, "\n").replace(SPACE, " ").replace(TAB, " ")
    text = _EMPHASIS.sub(lambda match: "".join(f"\\{sign}" for sign in match[0]), text)
    return _HTML.sub(r"\\<", _LINKLIKE.sub(r"\\[", text))


def _trimmed(text: str) -> str:
    return _AROUND_BREAK.sub("\n", text).strip()


def _paragraph(text: str) -> str:
    """A paragraph: breaks stay line ends, two of them end it, and no line begins like another block."""
    lines = _trimmed(text).split("\n")
    kept = [_BLOCK_START.sub(r"\\\1", line, count=1) if _BLOCK_START.match(line) else line for line in lines]
    return _EMPTY_LINES.sub("\n\n", "\n".join(kept)).strip()
