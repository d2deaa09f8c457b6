"""PDF files as text: headings, paragraphs and lists, as far as sizes and places of the lines tell.

pdfium reads the lines in a process of its own, which is bounded in memory and time and may die (`ingest.pdf_lines`).
"""

import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any, NamedTuple, Self

from brain.records import Interval, parse_interval
from ingest.cache import LeftOutError

_READER = Path(__file__).with_name("pdf_lines.py")
_SECONDS = 40
"""On the clock, for a machine that is busy; the process bounds its own computing time more tightly."""

_NO_TEXT = "no text in it; it may be scanned"
_GIVEN_UP = "reading it takes more memory or time than a text needs"
_NOT_TEXT = re.compile("[\x00-\x01\x03-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\ufffe\uffff]")
_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"})
_DIVIDED = "\x02"
_BULLET = re.compile("^[•●◦○▪▫■□‣⁃·∙❖➢➔✓✔\uf0b7\uf0a7–*-](?:\\s+|$)")
_NUMBER = re.compile(r"^\(?(?:\d{1,2}|[a-z])[.)]\s+\S")
_PAGE_NUMBER = re.compile(r"[-– ]*(?:[Pp]age )?\d{1,4}(?: of \d{1,4})?[-– ]*")
_ENDED = re.compile(r"[.!?:;][\"'”’)\]]*$")
_CREATED = re.compile(r"(?:D:)?(\d{4})(\d\d)(\d\d)")
_NO_TITLE = re.compile(r"(?i)microsoft (?:word|powerpoint)\b|untitled|.*\.(?:docx?|pdf|tex|dvi|indd|pptx?|odt|rtf)$")
_LARGER = 1.15
_LEVELS = 3
_RUNNING = 3
_WIDER_APART = 1.2
_HEADING_APART = 1.8
_SAME_EDGE = 40.0
_LISTS = frozenset({"bullet", "number"})
_LONGEST_TITLE = 300


@dataclass(frozen=True)
class PdfText:
    """What a PDF holds: its title or "", its text as Markdown, and the day when the file was made."""

    title: str
    text: str
    published: Interval | None


class _Line(NamedTuple):
    """A line: its words, and in points its size and sides; `edge` is where the lines of its column end, mostly."""

    words: str
    size: float
    left: float
    right: float
    bottom: float
    top: float
    page: int = 0
    edge: float = 0.0


class _Block(NamedTuple):
    """A heading (`kind` is its number signs), an item of a list ("bullet", "number"), or a paragraph ("")."""

    kind: str
    text: str


def pdf_text(content: bytes) -> PdfText:
    """The text of a PDF of at most 300 pages and a million characters.

    Raises LeftOutError with the reason when it is encrypted, broken, too large, or holds no text.
    """
    answer = _answer(content)
    if refused := answer.get("refused"):
        raise LeftOutError(str(refused))
    lines = [line for number, page in enumerate(answer["pages"]) for line in _placed(page, number)]
    lines = _without_margins(lines)
    if not any(character.isalnum() for line in lines for character in line.words):
        raise LeftOutError(_NO_TEXT)
    blocks = list(_blocks(lines))
    return PdfText(_title(answer["title"], blocks), _joined(blocks), _day(answer["created"]))


def _answer(content: bytes) -> dict[str, Any]:
    command = [sys.executable, "-P", str(_READER)]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=_SECONDS, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise LeftOutError(_GIVEN_UP) from error
    if done.returncode:
        raise LeftOutError(_GIVEN_UP)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def _placed(page: Sequence[Sequence[Any]], number: int) -> list[_Line]:
    """The lines of a page, cleaned; the edge of a column is the upper quartile of where its lines end."""
    lines = [_Line(_clean(words), *places)._replace(page=number) for words, *places in page]
    columns: dict[int, list[float]] = {}
    for line in lines:
        columns.setdefault(round(line.left / _SAME_EDGE), []).append(line.right)
    edges = {column: sorted(rights)[3 * len(rights) // 4] for column, rights in columns.items()}
    return [line._replace(edge=edges[round(line.left / _SAME_EDGE)]) for line in lines if line.words]


def _clean(words: str) -> str:
    whole = words.encode("utf-16", "surrogatepass").decode("utf-16", "ignore")
    divided = _DIVIDED if whole.rstrip().endswith(_DIVIDED) else ""
    plain = _NOT_TEXT.sub("", whole).replace(_DIVIDED, "").translate(_LIGATURES)
    return " ".join(plain.split()) + divided


def _top(line: _Line) -> float:
    return line.top


def _bottom(line: _Line) -> float:
    return line.bottom


def _without_margins(lines: list[_Line]) -> list[_Line]:
    """Without page numbers, and without what stands at the top or bottom of three or more pages."""
    margins: set[_Line] = set()
    outer: list[tuple[tuple[str, float, str], _Line]] = []
    for _, group in groupby(lines, key=lambda line: line.page):
        page = list(group)
        for side, line in (("top", max(page, key=_top)), ("bottom", min(page, key=_bottom))):
            outer.append(((side, line.size, re.sub("[0-9]+", "#", line.words)), line))
            if len(page) > 1 and _PAGE_NUMBER.fullmatch(line.words):
                margins.add(line)
    seen = Counter(key for key, _ in outer)
    margins.update(line for key, line in outer if seen[key] >= _RUNNING)
    return [line for line in lines if line not in margins]


@dataclass(frozen=True)
class _Layout:
    """What is usual in a document: the size of its text, the distance of its lines, the sizes of its headings."""

    body: float
    pitch: float
    headings: tuple[int, ...]

    @classmethod
    def of(cls, lines: Sequence[_Line]) -> Self:
        """Measure a document."""
        sizes: Counter[float] = Counter()
        for line in lines:
            sizes[line.size] += len(line.words)
        body = sizes.most_common(1)[0][0]
        drops = Counter(round(above.bottom - line.bottom, 1) for above, line in pairwise(lines))
        pitch = next((drop for drop, _ in drops.most_common() if drop > 0.5 * body), 1.2 * body)
        larger = {round(line.size) for line in lines if line.size > _LARGER * body}
        return cls(body, pitch, tuple(sorted(larger, reverse=True)))

    def kind(self, line: _Line) -> str:
        """What a line begins when it begins something."""
        if line.size > _LARGER * self.body and any(character.isalpha() for character in line.words):
            return "#" * min(self.headings.index(round(line.size)) + 1, _LEVELS)
        if _BULLET.match(line.words):
            return "bullet"
        return "number" if _NUMBER.match(line.words) else ""

    def breaks(self, above: _Line, line: _Line) -> bool:
        """Whether something new begins between two lines."""
        if _beside(above, line):
            return False
        kind, before, drop = self.kind(line), self.kind(above), above.bottom - line.bottom
        if kind.startswith("#") or before.startswith("#"):
            return kind != before or line.page != above.page or not 0 < drop < _HEADING_APART * line.size
        if kind:
            return True
        ended = bool(_ENDED.search(above.words))
        if line.page != above.page or drop < 0:  # the next page, or the next column
            return ended or not line.words[:1].islower()
        usual = self.pitch if line.size == self.body else 1.2 * line.size
        return drop > _WIDER_APART * usual or (ended and _is_short(above))


def _beside(above: _Line, line: _Line) -> bool:
    """Whether two pieces stand on one line, as a bullet and its text may."""
    level = line.page == above.page and abs(above.bottom - line.bottom) < 0.3 * max(above.size, line.size)
    return level and line.left >= above.left


def _is_short(line: _Line) -> bool:
    """Whether a line ends well before its column does."""
    return line.edge - line.right > 0.25 * (line.edge - line.left)


def _blocks(lines: Sequence[_Line]) -> Iterator[_Block]:
    """Headings, list items and paragraphs, in order."""
    layout = _Layout.of(lines)
    kind, text = layout.kind(lines[0]), lines[0].words
    for above, line in pairwise(lines):
        if layout.breaks(above, line):
            yield _Block(kind, text)
            kind, text = layout.kind(line), line.words
        else:
            text = _continued(text, above, line, in_heading=kind.startswith("#"))
    yield _Block(kind, text)


def _continued(text: str, above: _Line, line: _Line, *, in_heading: bool) -> str:
    if text.endswith(_DIVIDED):
        return text[:-1] + ("" if line.words[:1].islower() else "-") + line.words
    if text.endswith("-") and text[-2:-1].isalnum():
        return text + line.words
    kept = _is_short(above) and not _beside(above, line) and not in_heading
    return f"{text}{chr(10) if kept else ' '}{line.words}"


def _joined(blocks: Sequence[_Block]) -> str:
    """The blocks as Markdown: items of a list below each other, anything else with an empty line between."""
    parts = [_markdown(blocks[0])]
    for before, block in pairwise(blocks):
        parts += ["\n" if before.kind == block.kind != "" and block.kind in _LISTS else "\n\n", _markdown(block)]
    return "".join(parts).replace(_DIVIDED, "-")


def _markdown(block: _Block) -> str:
    if block.kind.startswith("#"):
        return f"{block.kind} {block.text}"
    if block.kind == "bullet":
        return f"- {_BULLET.sub('', block.text)}"
    return re.sub(r"^#", r"\#", block.text, flags=re.MULTILINE)


def _title(stated: str, blocks: Sequence[_Block]) -> str:
    """What the file says it is called, unless a program named it; else its first heading of the highest level."""
    title = _clean(stated)[:_LONGEST_TITLE]
    if any(character.isalpha() for character in title) and not _NO_TITLE.match(title):
        return title
    headings = [block for block in blocks if block.kind.startswith("#")]
    return min(headings, key=lambda block: len(block.kind)).text[:_LONGEST_TITLE] if headings else ""


def _day(stated: str) -> Interval | None:
    """The day that a PDF date (ISO 32000-1, 7.9.4) names."""
    try:
        return parse_interval("-".join(match.groups())) if (match := _CREATED.match(stated)) else None
    except ValueError:
        return None
