"""Split: a document becomes passages that the embedder reads whole.

Headings cut first (markdown-it), then semantic-text-splitter cuts long sections at paragraphs, sentences and words,
counting with the embedder's own tokenizer. The heading path is embedded with the text and counts against the limit.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from brain.records import Document, Passage, content_id
from brain.screening import MARKING, instruction_spans
from ingest.cache import Stage
from ingest.materials import Screened, Split

if TYPE_CHECKING:
    from semantic_text_splitter import TextSplitter
    from tokenizers import Tokenizer

STAGE = Stage(
    "split",
    Split,
    modules=("ingest.split", "ingest.materials", "brain.records", *MARKING),
    libraries=("semantic-text-splitter", "markdown-it-py", "tokenizers"),
)

_MARKERS = 2  # [CLS] and [SEP]
_FALLBACK_CHARACTERS = 600
# A splitter copies its tokenizer, which takes as long as splitting a page: so there are few capacities.
_STEP = 16
# The tokenizer reads a word of a script it does not know as one piece, whatever its length.
_MOST_CHARACTERS = 4_000
_LONGEST_HEADING = 300
_BETWEEN = 2
"""Characters between two paragraphs, where characters are counted; as word pieces they cost nothing."""
_PARAGRAPH = re.compile(r"\S(?:[^\n]|\n(?![^\S\n]*(?:\n|\Z)))*(?<=\S)")
_LINE_END = re.compile(r"\r\n?|\n")
"""What CommonMark calls a line ending; `str.splitlines` knows seven more."""

Section = tuple[tuple[str, ...], int, int]


def split(screened: Screened, tokenizer_file: Path | None, max_tokens: int) -> Split:
    """The document's passages in order; without a tokenizer file, passages of at most 600 characters.

    A passage is flagged when it, or a heading above it, reads like an instruction to a language model.
    """
    document = screened.document
    orders = cache(lambda heading: bool(instruction_spans(heading)))
    passages = []
    for path, start, end in sections(document.text, document.title):
        headings = _fitting(path, tokenizer_file, max_tokens // 2)
        above = any(map(orders, headings))
        for first, last in _pieces(document.text, start, end, headings, tokenizer_file, max_tokens):
            flags = ("instruction",) if above or screened.marks(first, last) else ()
            passages.append(_passage(document, headings, first, last, flags))
    return Split(passages=tuple(passages))


def _passage(document: Document, headings: tuple[str, ...], start: int, end: int, flags: tuple[str, ...]) -> Passage:
    return Passage(
        id=content_id("p", document.id, str(start), str(end)),
        document_id=document.id,
        headings=headings,
        start=start,
        end=end,
        text=document.text[start:end],
        flags=flags,
    )


def sections(text: str, title: str) -> Iterator[Section]:
    """Yield (heading path from the title on, start, end) of the text under each heading, in code points.

    A heading as long as a paragraph is text like any other.
    """
    from markdown_it import MarkdownIt

    lines = [0, *(line_end.end() for line_end in _LINE_END.finditer(text)), len(text)]
    path: list[tuple[int, str]] = []
    start = 0
    tokens = MarkdownIt("commonmark").parse(text)
    for position, token in enumerate(tokens):
        if token.type != "heading_open" or token.map is None or token.level != 0:
            continue
        heading = tokens[position + 1].content
        if len(heading) > _LONGEST_HEADING:
            continue
        yield _path(title, path), start, lines[token.map[0]]
        level = int(token.tag[1:])
        path = [*((depth, name) for depth, name in path if depth < level), (level, heading)]
        start = lines[token.map[1]]
    yield _path(title, path), start, len(text)


def _path(title: str, path: list[tuple[int, str]]) -> tuple[str, ...]:
    names = [name for _, name in path if name and name != title]
    return tuple(dict.fromkeys((title, *names)))


def _pieces(
    text: str, start: int, end: int, headings: tuple[str, ...], tokenizer_file: Path | None, max_tokens: int
) -> Iterator[tuple[int, int]]:
    """Whole paragraphs as long as they fit; one that alone does not is cut at sentences and words."""
    capacity = _FALLBACK_CHARACTERS
    if tokenizer_file is not None:
        capacity = max_tokens - _MARKERS - _size(" > ".join(headings), tokenizer_file)
    for first, last, size in _packed(text, start, end, capacity, tokenizer_file):
        if size <= capacity and last - first <= _MOST_CHARACTERS:
            yield first, last
        else:
            yield from _cut(text, first, last, capacity, tokenizer_file)


def _packed(
    text: str, start: int, end: int, capacity: int, tokenizer_file: Path | None
) -> Iterator[tuple[int, int, int]]:
    """Runs of paragraphs that fit together (start, end, size), and single ones that do not.

    Word pieces never reach over white space, so that the size of a run is the sum of its paragraphs'.
    """
    run: tuple[int, int, int] | None = None
    for paragraph in _PARAGRAPH.finditer(text, start, end):
        size = _size(paragraph[0], tokenizer_file)
        if run and run[2] + size + _BETWEEN <= capacity:
            run = run[0], paragraph.end(), run[2] + size + _BETWEEN
            continue
        if run:
            yield run
        run = paragraph.start(), paragraph.end(), size
    if run:
        yield run


def _cut(text: str, start: int, end: int, capacity: int, tokenizer_file: Path | None) -> Iterator[tuple[int, int]]:
    splitter = _splitter(tokenizer_file, max(_STEP, capacity - capacity % _STEP))
    for offset, piece in splitter.chunk_indices(text[start:end]):
        for inner, part in _splitter(None, _MOST_CHARACTERS).chunk_indices(piece):
            yield start + offset + inner, start + offset + inner + len(part)


def _fitting(path: tuple[str, ...], tokenizer_file: Path | None, room: int) -> tuple[str, ...]:
    """The heading path without its outermost parts where it would take more than its share of the passage."""
    while path and tokenizer_file is not None and _size(" > ".join(path), tokenizer_file) > room:
        path = path[1:]
    return path


def _size(text: str, tokenizer_file: Path | None) -> int:
    """Word pieces of a text, or its characters where no tokenizer is known."""
    if tokenizer_file is None:
        return len(text)
    return len(_tokenizer(tokenizer_file).encode(text, add_special_tokens=False).ids)


@cache
def _splitter(tokenizer_file: Path | None, capacity: int) -> "TextSplitter":
    from semantic_text_splitter import TextSplitter

    if tokenizer_file is None:
        return TextSplitter(capacity)
    return TextSplitter.from_huggingface_tokenizer(_tokenizer(tokenizer_file), capacity)


@cache
def _tokenizer(path: Path) -> "Tokenizer":
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer
