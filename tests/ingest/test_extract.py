"""From bytes to Markdown: encodings, front matter, and the signals that a page gives."""

from contextlib import suppress
from pathlib import Path

import pytest

from brain.catalog import Source
from brain.errors import UnreadableInputError
from ingest.cache import LeftOutError
from ingest.extract import extract
from ingest.materials import Fetched
from ingest.screen import keep
from tests.ingest.working import fetched

PARAGRAPH = "They asked me “why” – about naïve Bayes and what the café's model learns from a few précis, number {}."
JAPANESE = "面接官は私にナイーブベイズについて質問しました。これは{}番目の質問で、とても難しかったです。"


def article(head: str = "", paragraph: str = PARAGRAPH, title: str = "The café interview") -> str:
    body = "".join(f"<p>{paragraph.format(number)}</p>" for number in range(6))
    return (
        f'<!doctype html><html lang="en-GB"><head><title>{title}</title>{head}</head>'
        f"<body><article><h1>{title}</h1>{body}</article></body></html>"
    )


def markdown(text: str) -> Fetched:
    return fetched(text.encode(), "markdown")


@pytest.mark.parametrize(
    ("header", "meta", "encoding"),
    [
        (None, None, "utf-8"),
        ("utf-8", None, "utf-8"),
        ("iso-8859-1", None, "cp1252"),
        ("windows-1252", "utf-8", "cp1252"),
        ("utf-8", "iso-8859-1", "utf-8"),
        (None, "windows-1252", "cp1252"),
        (None, "iso-8859-1", "cp1252"),
        ("x-unknown", "windows-1252", "cp1252"),
        ("idna", None, "utf-8"),
        ("rot13", None, "utf-8"),
        ("undefined", None, "utf-8"),
        (None, "iso-8859-1", "utf-8-sig"),
        (None, None, "utf-16"),
    ],
)
def test_the_header_names_the_encoding_then_the_page_then_the_bytes(
    header: str | None, meta: str | None, encoding: str
) -> None:
    head = f'<meta charset="{meta}">' if meta else ""
    found = extract(fetched(article(head).encode(encoding), charset=header))
    assert PARAGRAPH.format(3) in found.text
    assert found.title == "The café interview"


@pytest.mark.parametrize("encoding", ["shift_jis", "euc_jp", "utf-8"])
def test_the_page_may_name_its_encoding_in_the_old_way(encoding: str) -> None:
    head = f'<meta http-equiv="Content-Type" content="text/html; charset={encoding}">'
    found = extract(fetched(article(head, JAPANESE, "面接").encode(encoding)))
    assert JAPANESE.format(5) in found.text


def test_an_xhtml_page_with_a_declaration_is_read() -> None:
    content = b'<?xml version="1.0" encoding="utf-8"?>\n' + article().encode()
    assert PARAGRAPH.format(0) in extract(fetched(content, charset="utf-8")).text


def test_an_html_page_gives_title_language_date_and_structure() -> None:
    html = article('<meta property="article:published_time" content="2024-03-02T10:00:00Z">').replace(
        "</article>", "<h2>Round two</h2><ul><li>What is PCA?</li><li>Why <b>k-means</b>?</li></ul></article>"
    )
    found = extract(fetched(html.encode()))
    assert (found.title, found.language, str(found.published)) == ("The café interview", "en", "2024-03-02")
    assert "## Round two" in found.text
    assert "- What is PCA?" in found.text
    assert (found.kind, found.account, found.form) == ("interview_report", "first_person", "verbatim")


def test_the_caption_of_a_table_is_not_the_row_of_its_column_titles() -> None:
    table = (
        "<table><caption>By topic</caption><thead><tr><th>Topic</th><th>What I was asked</th></tr></thead>"
        "<tbody><tr><td>Trees</td><td>How do trees split?</td></tr></tbody></table>"
    )
    found = extract(fetched(article().replace("</article>", f"{table}</article>").encode()))
    assert "By topic\n\n| Topic | What I was asked |" in found.text
    assert found.text.index("By topic") < found.text.index("| Trees | How do trees split? |")


def test_escapes_do_not_hide_handles_addresses_and_names_of_functions() -> None:
    told = "Ask @_jane_doe, jane_doe@mail.example or jane_doe [at] mail.example about my_sort_function."
    found = extract(fetched(article().replace("</article>", f"<p>{told}</p></article>").encode()))
    assert told in found.text
    assert "jane" not in keep(found).document.text


@pytest.mark.parametrize("content", [b"<html></html>", b"\0" * 500, bytes(range(256)) * 20, b"hello world " * 100])
def test_what_holds_no_article_is_left_out(content: bytes) -> None:
    with pytest.raises(LeftOutError, match=r"no article text was found in it|it is not an HTML page"):
        extract(fetched(content))


@pytest.mark.parametrize(
    ("head", "robots_tag", "signals"),
    [
        ('<meta name="robots" content="noindex, noarchive">', "", ("noarchive", "noindex")),
        ('<META NAME="ROBOTS" CONTENT="NOARCHIVE">', "", ("noarchive",)),
        ('<meta name="robots" content="index"><meta name="robots" content="none">', "", ("none",)),
        ('<meta name="industrybrain" content="noindex">', "", ("noindex",)),
        ("", "noarchive", ("noarchive",)),
        ("", "otherbot: noindex, nofollow", ("noindex",)),
        ('<meta name="robots" content="index, follow, max-snippet:-1">', "all", ()),
        ('<meta name="googlebot" content="noindex">', "", ()),
    ],
)
def test_a_page_may_ask_not_to_be_kept_and_then_its_text_is_not(
    head: str, robots_tag: str, signals: tuple[str, ...]
) -> None:
    found = extract(fetched(article(head).encode(), robots_tag=robots_tag))
    assert found.signals == signals
    assert bool(found.text) is not bool(signals)


def test_front_matter_gives_title_and_date_and_leaves_the_text() -> None:
    found = extract(markdown('---\ntitle: "A day at Fernhill"\ndate: 2024-03-02\ntags: [x]\n---\n# Other\n\nText.\n'))
    assert (found.title, str(found.published)) == ("A day at Fernhill", "2024-03-02")
    assert found.text == "# Other\n\nText."


@pytest.mark.parametrize(
    "head",
    ["date: 2024-02-30", "title: [a, b", "just a line", "- a\n- b", "? [a]\n: 1", "a: " + "[" * 300],
)
def test_what_looks_like_front_matter_and_is_not_stays_in_the_text(head: str) -> None:
    found = extract(markdown(f"---\n{head}\n---\n# Heading\n\nText.\n"))
    assert found.text == f"---\n{head}\n---\n# Heading\n\nText.\n"
    assert found.title == "Heading"


@pytest.mark.parametrize("head", ["content: x\nhandler: y", "1: x", "title: [a]", "title:", "date: soon"])
def test_front_matter_of_any_shape_is_read(head: str) -> None:
    found = extract(markdown(f"---\n{head}\n---\n# Heading\n\nText.\n"))
    assert (found.title, found.text, found.published) == ("Heading", "# Heading\n\nText.", None)


def test_a_markdown_file_without_front_matter_is_kept_to_the_letter() -> None:
    text = "\n  # Heading\n\nText  with two spaces\n\n"
    assert extract(markdown(text)).text == text


def test_line_ends_are_unified_and_a_byte_order_mark_dropped() -> None:
    found = extract(fetched(b"\xef\xbb\xbf# A\r\n\r\none\rtwo\r\n", "markdown"))
    assert (found.text, found.title) == ("# A\n\none\ntwo\n", "A")


def test_plain_text_has_no_front_matter() -> None:
    found = extract(fetched(b"---\ntitle: x\n---\nText", "text"))
    assert (found.text, found.title) == ("---\ntitle: x\n---\nText", "page")


@pytest.mark.parametrize("kind", ["markdown", "text"])
def test_a_text_that_is_not_utf8_is_refused_with_the_byte(kind: str) -> None:
    content = "Café".encode("latin-1")
    with pytest.raises(UnreadableInputError, match=r"page is not UTF-8 text \(byte 3 is 0xe9\)") as caught:
        extract(fetched(content, "markdown" if kind == "markdown" else "text"))
    assert "iconv" in caught.value.next_step


def test_the_corpus_file_says_what_a_source_is() -> None:
    source = Source(
        name="a", type="file", path="a.md", kind="role_description", published="2023-05", licence="MIT", level="L5"
    )
    found = extract(Fetched(address="a.md", url="a.md", format="markdown", content=b"# T\n\nx", source=source))
    assert (found.kind, found.account, str(found.published)) == ("role_description", None, "2023-05")
    assert (found.licence, found.level, found.basis) == ("MIT", "L5", "a local file")


def test_real_pages_never_crash_it(realworld: Path) -> None:
    pages = sorted((realworld / "ugly_html").rglob("*.htm*"))[::4]
    assert pages
    for path in pages:
        with suppress(LeftOutError):
            assert extract(fetched(path.read_bytes())).text
