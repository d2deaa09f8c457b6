"""PDF files as text: what a reader sees keeps its order and shape, and what no file can do to us."""

import random
import zlib
from collections.abc import Sequence
from pathlib import Path

import pytest

from brain.records import parse_interval
from ingest import pdf
from ingest.cache import LeftOutError
from ingest.pdf import PdfText, pdf_text
from tests.pdfs import Line, document, drawn, made


def column(*lines: str, left: float = 72, top: float = 700, size: float = 11, pitch: float = 14) -> list[Line]:
    """Lines below each other."""
    return [(left, top - pitch * number, size, words) for number, words in enumerate(lines) if words]


def text_of(*pages: Sequence[Line]) -> str:
    return pdf_text(document(*map(drawn, pages))).text


REPORT: list[Line] = [
    (72, 740, 22, "My interview at Fernhill"),
    *column(
        "I had two rounds in the spring of 2024. In the first they asked me to write k-means, and",
        "then why it ends after a finite number of steps. I drew both cases on the whiteboard.",
    ),
    (72, 650, 15, "Second round"),
    *column(
        "• How does a decision tree pick its split when the classes are badly balanced, and which",
        "  measure would you take?",
        "• What is overfitting?",
        "1. First they listened to my answer and wrote down what I said, word for word, slowly.",
        "2. Then they asked why.",
        top=625,
    ),
]


def test_headings_paragraphs_and_lists_are_told_by_size_and_place() -> None:
    assert text_of(REPORT) == (
        "# My interview at Fernhill\n\n"
        "I had two rounds in the spring of 2024. In the first they asked me to write k-means, and then why it ends"
        " after a finite number of steps. I drew both cases on the whiteboard.\n\n"
        "## Second round\n\n"
        "- How does a decision tree pick its split when the classes are badly balanced, and which measure would you"
        " take?\n- What is overfitting?\n\n"
        "1. First they listened to my answer and wrote down what I said, word for word, slowly.\n"
        "2. Then they asked why."
    )


def test_a_wider_gap_or_a_short_last_line_ends_a_paragraph() -> None:
    full = "The first line of a paragraph goes on as far as the margin of the page lets it, here."
    lines = column(full, "It ends early.", full, "and goes on.", "", full, "to its end")
    assert text_of(lines) == f"{full} It ends early.\n\n{full} and goes on.\n\n{full} to its end"


def test_short_lines_without_an_end_stay_lines() -> None:
    full = "The function below is what they asked me to write on the whiteboard, and I tried it:"
    assert text_of(column(full, "", "for point in points", "assign point", "move the centres")) == (
        f"{full}\n\nfor point in points\nassign point\nmove the centres"
    )


def test_words_divided_at_the_end_of_a_line_are_joined() -> None:
    lines = column(
        "They asked me what regular-", "ization does, and whether it is used for a two-", "Sided test of a model."
    )
    joined = "They asked me what regularization does, and whether it is used for a two-Sided test of a model."
    assert text_of(lines) == joined


def test_a_sentence_goes_on_in_the_next_column_and_on_the_next_page() -> None:
    left = column("This is the left column of the page and", "its text goes on, line after line, at the", top=300)
    right = column(
        "top of the right column, which has two", "lines as well, the last of which goes on", left=330, top=300
    )
    following = column("at the top of the next page.", "Another sentence stands below it, too.", top=700)
    assert text_of(left + right, following) == (
        "This is the left column of the page and its text goes on, line after line, at the top of the right column,"
        " which has two lines as well, the last of which goes on at the top of the next page.\n\n"
        "Another sentence stands below it, too."
    )


def test_page_numbers_and_running_titles_are_left_out() -> None:
    pages = [
        [
            (72, 770, 9, "Fernhill notes"),
            *column(f"Page {word} says something of its own."),
            (300, 30, 9, str(number)),
        ]
        for number, word in enumerate(("one", "two", "three"), 1)
    ]
    assert text_of(*pages) == "\n\n".join(f"Page {word} says something of its own." for word in ("one", "two", "three"))


def test_what_a_reader_cannot_see_is_left_out() -> None:
    lines = [
        *column("A line that can be seen."),
        (72, 500, 0.5, "A line too small to see."),
        (-500, 480, 11, "A line left of the page."),
        (72, 900, 11, "A line above the page."),
    ]
    assert text_of(lines) == "A line that can be seen."


def test_signs_of_markdown_and_control_characters_do_no_harm() -> None:
    words = "# not a heading \\001but\\037 text"
    assert text_of([*column(words), *column("* an item", top=600)]) == "\\# not a heading but text\n\n- an item"


@pytest.mark.parametrize(
    ("info", "title", "published"),
    [
        (b"/Title(Notes on Fernhill)/CreationDate(D:20240305070000+01'00')", "Notes on Fernhill", "2024-03-05"),
        (b"/Title(\xfe\xff\x00N\x00o\x00t\x00e\x00s)", "Notes", None),
        (b"/Title(Microsoft Word - notes.docx)/CreationDate(whenever)", "My interview at Fernhill", None),
        (b"/Title(untitled)/CreationDate(D:20241399)", "My interview at Fernhill", None),
        (b"/Title()", "My interview at Fernhill", None),
    ],
)
def test_title_and_day_come_from_the_file_or_its_first_heading(info: bytes, title: str, published: str | None) -> None:
    read = pdf_text(document(drawn(REPORT), info=info))
    assert (read.title, read.published) == (title, parse_interval(published) if published else None)


def refusal(content: bytes) -> str:
    with pytest.raises(LeftOutError) as caught:
        pdf_text(content)
    return str(caught.value)


def test_a_file_without_text_is_left_out() -> None:
    square = zlib.compress(b"0 0 1 rg 10 10 100 100 re f")
    for content in (document(square), document(drawn([(300, 30, 9, "1"), (300, 700, 9, "...")]))):
        assert refusal(content) == "no text in it; it may be scanned"


def test_an_encrypted_file_is_left_out() -> None:
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 0>>"]
    lock = b"/Encrypt<</Filter/Standard/V 1/R 2/P -4/O(%s)/U(%s)>>/ID[(a)(a)]" % (b"o" * 32, b"u" * 32)
    assert refusal(made(objects, lock)) == "it is encrypted"


@pytest.mark.parametrize("content", [b"", b"words", b"%PDF-1.4", b"<html></html>", bytes(1_000)])
def test_what_is_no_pdf_is_left_out(content: bytes) -> None:
    assert refusal(content) == "it is no PDF, or a broken one"


def test_a_broken_table_of_objects_is_mended() -> None:
    whole = document(drawn(REPORT))
    assert pdf_text(whole.replace(b"startxref\n", b"startxref\n9")).text == pdf_text(whole).text


def test_a_file_of_too_many_pages_or_letters_is_left_out() -> None:
    kids = b" ".join([b"3 0 R"] * 301)
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"
    many = made([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[%s]/Count 301>>" % kids, page])
    assert refusal(many) == "it has 301 pages, over the limit of 300"
    dense = drawn([(72, 780 - 3 * n, 2, "interview " * 20) for n in range(20)])
    assert refusal(document(*[dense] * 280)) == "it has more than 1,000,000 characters"


def test_a_file_that_fills_the_memory_is_given_up() -> None:
    """A few kilobytes that would take pdfium four gigabytes."""
    packer = zlib.compressobj(9)
    first, again = (packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH) for _ in range(2))
    bomb = document(zlib.compress(first + 3_000 * again, 9), filters=b"/FlateDecode/FlateDecode")
    assert len(bomb) < 10_000
    assert refusal(bomb) == "reading it takes more memory or time than a text needs"


def test_a_file_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "_SECONDS", 0.001)
    assert refusal(document(drawn(REPORT))) == "reading it takes more memory or time than a text needs"


@pytest.mark.parametrize("seed", range(25))
def test_mutated_bytes_give_text_or_a_reason(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - for variety, not for secrets
    content = bytearray(document(drawn(REPORT), info=b"/Title(Notes)"))
    pieces = (b"\x00", b">>", b"stream", b"9" * 9, b"/Kids[2 0 R]", b"obj", b"\xff", b"-1")
    for _ in range(chance.choice((1, 5, 25))):
        position = chance.randrange(len(content))
        content[position : position + chance.randrange(4)] = chance.choice(pieces)
    try:
        assert isinstance(pdf_text(bytes(content)), PdfText)
    except LeftOutError as reason:
        assert str(reason)  # noqa: PT017


@pytest.mark.parametrize(
    ("file", "title", "words"),
    [
        ("libtasn1-doc/libtasn1.pdf", "Libtasn1", "## 1 Introduction"),
        ("shared-mime-info/shared-mime-info-spec.pdf", "Shared MIME-info Database", "## 2. Unified system"),
    ],
)
def test_manuals_on_this_machine_are_read_with_their_headings(file: str, title: str, words: str) -> None:
    path = Path("/usr/share/doc") / file
    if not path.exists():
        pytest.skip(f"needs {path}, which is not here")
    read = pdf_text(path.read_bytes())
    assert read.title == title
    assert words in read.text
    assert "\x02" not in read.text
