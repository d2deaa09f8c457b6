"""Markdown as blocks of plain words, and blocks as sentences, with the way back to the source.

Block structure comes from markdown-it-py, sentence boundaries from sentencex. Each character of a block's `plain` words
knows its offset in the source, so whatever is found in a block can be quoted verbatim.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token

from brain.sentences import Span

BlockKind = Literal["heading", "paragraph", "item", "cell", "code"]

_CODE_SHOWN = 2_000
_SHORT_LINE = 60
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(?:.*\n){0,200}?(?:---|\.\.\.)[ \t]*(?:\n|\Z)")
_RULE = re.compile(r":?-+:?")
_SPACE = re.compile(r"\s")
_MARK = re.compile(r"[\\`\[<*_~]")
"""What every match of `_INLINE` holds; most lines of prose hold none."""
_NEWLINE = re.compile(r"\r\n|\n|\r")
_WHOLE_BOLD = re.compile(r"(\*\*|__)(?:(?!\1).){1,150}\1[\s:]*")
_HARD_BREAK = re.compile(r"(?:  |\\|<br ?/?>)\s*\Z", re.IGNORECASE)
_FRESH_LINE = re.compile(
    r"(?:[•●▪◦‣·→✓➢➤–—-]\s|\(?[QqAa]?\d{1,3}[.):]\s|(?:[QA]|Question|Answer|Follow[- ]?up)\s?\d{0,2}\s?[:.)-])"
)
_CAPITAL = re.compile(r"[*_`\"'“‘]*[A-Z0-9]")
_TAGS = "a b br center code del details div em font i img kbd li mark ol p small span strong sub summary sup u ul"
_INLINE = re.compile(
    r"(?P<escape>\\(?=[!-/:-@\[-`{-~]))"
    r"|(?P<ticks>`{1,3})(?P<code>[^`]{1,500})(?P=ticks)"
    r"|!\[[^\]]{0,300}\]\([^)]{0,1000}\)"
    r"|\[(?P<label>[^\[\]]{1,500})\](?:\((?:[^()]|\([^()]{0,200}\)){0,1000}\)|\[[^\[\]]{0,100}\])"
    rf"|</?(?:{_TAGS.replace(' ', '|')})\b[^<>]{{0,300}}>"
    r"|\*{2,3}|(?<![^\W_])\*(?=\S)|(?<=\S)\*(?![^\W_])|(?<!\w)_{1,3}(?=\w)|(?<=[\w.?!)])_{1,3}(?!\w)|~~|`",
    re.IGNORECASE,
)
_LINK_TAIL = re.compile(r"\]\([^()\s]{0,1000}\)")


@dataclass(frozen=True, slots=True)
class Block:
    """A run of prose: `plain` without Markdown, and for each of its characters the offset in the source.

    `level` is 1-6 for a heading and otherwise the number of lists around the block. A cell carries the `header` of its
    column; `row` counts rows. `bold` says that the whole block is set in bold, as headings sometimes are. A fenced
    block shows only its first lines, up to an empty one, and `info`, the language it names.
    """

    kind: BlockKind
    plain: str
    places: Sequence[int]
    level: int = 0
    header: str = ""
    row: int = 0
    bold: bool = False
    info: str = ""

    def source(self, text: str, start: int, end: int) -> Span:
        """Offsets in `text` of `plain[start:end]`, stretched over code, bold or link marks that would be cut in two."""
        first, last = self.places[start], self.places[end - 1] + 1
        for mark in ("`", "**"):
            if text.count(mark, first, last) % 2:
                if first >= len(mark) and text[first - len(mark) : first] == mark:
                    first -= len(mark)
                elif text[last : last + len(mark)] == mark:
                    last += len(mark)
        tail = _LINK_TAIL.match(text, last)
        if tail and text.rfind("[", first, last) > text.rfind("]", first, last):
            last = tail.end()
        if first and text[first - 1] == "[" and text.find("](", first, last) >= 0:
            first -= 1
        return first, last


@cache
def _parser() -> MarkdownIt:
    """CommonMark with tables, block rules only. Indented prose is common in extracted pages, indented code is not."""
    return MarkdownIt("commonmark").enable("table").disable(["inline", "code", "reference"])


def blocks(text: str) -> list[Block]:
    """The blocks of a Markdown text in document order; any text is Markdown."""
    source = text.replace("\0", "\ufffd")
    matter = _FRONT_MATTER.match(source)
    if matter:
        source = re.sub(r"[^\n]", " ", matter[0]) + source[matter.end() :]
    return list(_Walk(source).run(_parser().parse(source)))


@dataclass(slots=True)
class _Walk:
    """One pass over markdown-it's tokens; `lists` and `adopted` together say how deep an item stands."""

    source: str
    lines: list[Span] = field(default_factory=list)
    lists: int = 0
    adopted: int = 0
    indent: int = 0
    closed: bool = False
    fresh: bool = False
    heading: int = 0
    in_head: bool = False
    in_cell: bool = False
    headers: list[str] = field(default_factory=list)
    column: int = 0
    row: int = 0
    cursor: int = 0
    row_end: int = 0
    cells: list[Block] = field(default_factory=list)
    waiting: list[Block] = field(default_factory=list)

    def __post_init__(self) -> None:
        ends = [(match.start(), match.end()) for match in _NEWLINE.finditer(self.source)]
        starts = [0, *(end for _, end in ends)]
        self.lines = list(zip(starts, [*(start for start, _ in ends), len(self.source)], strict=True))

    def run(self, tokens: list[Token]) -> Iterator[Block]:
        for token in tokens:
            if token.type == "inline":
                if self.in_cell:
                    self._cell(token)
                else:
                    yield from self._prose(token)
            elif token.type == "fence":
                yield self._fence(token)
            elif token.type in ("tr_close", "table_close"):
                yield from self._end_row(last=token.type == "table_close")
            else:
                self._note(token)
            self.closed = token.type.endswith("_list_close")

    def _note(self, token: Token) -> None:
        """Remember where the walk stands."""
        name = token.type
        if name in ("bullet_list_open", "ordered_list_open"):
            self._open_list(token)
        elif name in ("bullet_list_close", "ordered_list_close"):
            self.lists -= 1
        elif name == "list_item_open":
            self.fresh = True
            self.indent = self._indent(token) if self.lists == 1 else self.indent
        elif name in ("heading_open", "heading_close"):
            self.heading = int(token.tag[1]) if token.nesting == 1 else 0
        else:
            self._note_table(token)

    def _note_table(self, token: Token) -> None:
        if token.type in ("thead_open", "thead_close"):
            self.in_head = token.nesting == 1
        elif token.type == "tr_open":
            self.row, self.column = self.row + 1, 0
            self.cursor, self.row_end = self.lines[token.map[0]] if token.map else (0, 0)
        elif token.tag in ("th", "td"):
            self.in_cell = token.nesting == 1

    def _open_list(self, token: Token) -> None:
        """Count a list; one that follows another and is indented deeper belongs to that one's last item.

        CommonMark closes "1. " at a line indented by two, where many writers (and trafilatura) mean a nested list.
        """
        if not self.lists:
            self.adopted = self.adopted + 1 if self.closed and self._indent(token) > self.indent else 0
        self.lists += 1

    def _indent(self, token: Token) -> int:
        start, end = self.lines[token.map[0]] if token.map else (0, 0)
        line = self.source[start:end]
        return len(line) - len(line.lstrip())

    def _cell(self, token: Token) -> None:
        span = self._find(token.content)
        if span is not None:
            self.cursor = span[1]
        block = self._block("cell", [span] if span else [])
        self.cells.append(replace(block, header=self._header(), row=self.row))
        self.column += 1

    def _header(self) -> str:
        return self.headers[self.column] if self.column < len(self.headers) else ""

    def _end_row(self, *, last: bool) -> Iterator[Block]:
        """Hand out the row before this one, unless this one is a rule: then that one was the head.

        Extracted pages write a table's caption as its head, and then the true head and a second rule as rows.
        """
        names = [cell.plain for cell in self.cells]
        if self.in_head:
            self.headers = names
        elif not last and names and all(_RULE.fullmatch(name) for name in names):
            self.headers = [cell.plain for cell in self.waiting]
            self.waiting = []
        else:
            yield from (cell for cell in self.waiting if cell.plain)
            self.waiting = self.cells
        self.cells = []

    def _find(self, content: str) -> Span | None:
        """Where a cell stands in its row; after one that cannot be found (odd escapes) the row is given up."""
        for form in (content, content.replace("|", "\\|")):
            at = self.source.find(form, self.cursor, self.row_end) if content else -1
            if at >= 0:
                return at, at + len(form)
        self.cursor = self.row_end if content else self.cursor
        return None

    def _prose(self, token: Token) -> Iterator[Block]:
        kind: BlockKind = "heading" if self.heading else "item" if self.fresh and self.lists else "paragraph"
        self.fresh = False
        for unit in _units(self.source, list(self._located(token))):
            block = self._block(kind, unit)
            if block.plain:
                yield block
                kind = "paragraph" if kind == "item" else kind

    def _located(self, token: Token) -> Iterator[Span]:
        """Where each line of a token's content stands in the source, without quote marks and list markers."""
        first = token.map[0] if token.map else 0
        for number, line in enumerate(token.content.split("\n"), first):
            wanted = line.strip()
            start, end = self.lines[min(number, len(self.lines) - 1)]
            at = self.source.rfind(wanted, start, end) if wanted else -1
            if at >= 0:
                yield at, at + len(wanted) if self.heading else end

    def _block(self, kind: BlockKind, spans: list[Span]) -> Block:
        plain, places = _plain(self.source, spans)
        bold = len(spans) == 1 and bool(_WHOLE_BOLD.fullmatch(self.source, *spans[0]))
        level = self.heading or (self.lists + self.adopted if self.lists else 0)
        return Block(kind, plain, places, level=level, bold=bold)

    def _fence(self, token: Token) -> Block:
        first, last = token.map or (0, 0)
        shown: list[Span] = []
        for start, end in self.lines[first + 1 : last - 1]:
            if not self.source[start:end].strip() or (shown and end - shown[0][0] > _CODE_SHOWN):
                break
            shown.append((start, end))
        plain, places = _plain(self.source, shown, markup=False)
        level = self.lists + self.adopted if self.lists else 0
        return Block("code", plain, places, level=level, info=token.info.strip().lower())


def _units(source: str, lines: list[Span]) -> Iterator[list[Span]]:
    """Group the lines of a paragraph: a hard break, a bullet sign or a short line before a capital starts a new one."""
    unit: list[Span] = []
    for start, end in lines:
        if unit and _breaks(source[slice(*unit[-1])], source[start:end]):
            yield unit
            unit = []
        unit.append((start, end))
    if unit:
        yield unit


def _breaks(before: str, line: str) -> bool:
    if _HARD_BREAK.search(before[-12:]) or _FRESH_LINE.match(line):
        return True
    ended = before.rstrip()
    return ended.endswith(":") or (len(ended) < _SHORT_LINE and bool(_CAPITAL.match(line)))


def _plain(source: str, spans: list[Span], *, markup: bool = True) -> tuple[str, Sequence[int]]:
    if len(spans) == 1 and not (markup and _MARK.search(source, *spans[0])):
        return _verbatim(source, *spans[0])
    chars: list[str] = []
    places: list[int] = []
    for start, end in spans:
        if chars:
            chars.append(" ")
            places.append(start - 1)
        _copy(source, (start, end), chars, places, markup=markup)
    plain = "".join(chars)
    lead = len(plain) - len(plain.lstrip())
    length = len(plain.strip())
    return plain[lead : lead + length], places[lead : lead + length]


def _verbatim(source: str, start: int, end: int) -> tuple[str, Sequence[int]]:
    """The words of one line that holds no mark, with their places."""
    line = _spaced(source[start:end])
    words = line.strip()
    start += len(line) - len(line.lstrip())
    return words, range(start, start + len(words))


def _copy(source: str, span: Span, chars: list[str], places: list[int], *, markup: bool) -> None:
    """Append the words of a span, leaving out emphasis, link targets, images, tags and escapes."""
    at, end = span
    for match in _INLINE.finditer(source, at, end) if markup and _MARK.search(source, at, end) else ():
        _append(source, (at, match.start()), chars, places)
        if match["label"]:
            _copy(source, match.span("label"), chars, places, markup=True)
        elif match["code"]:
            _append(source, match.span("code"), chars, places)
        at = match.end()
    _append(source, (at, end), chars, places)


def _append(source: str, span: Span, chars: list[str], places: list[int]) -> None:
    chars.append(_spaced(source[slice(*span)]))
    places.extend(range(*span))


def _spaced(words: str) -> str:
    """With a plain space for each sign of white space; of those only the plain space is printable."""
    return words if words.isprintable() else _SPACE.sub(" ", words)
