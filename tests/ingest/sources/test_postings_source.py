"""What the adapters of job boards share: dates, addresses, places, and HTML that keeps its headings and lists."""

import pytest

from ingest.sources.postings import article, day_of, from_plain, one_line, places, public_page, unescaped
from ingest.sources.tidy import tidied


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2026-03-12T16:38:15.322+00:00", "2026-03-12"),
        ("2026-03-01T23:30:00-05:00", "2026-03-01"),
        ("2026-03-01", "2026-03-01"),
        (" 2026-03-01 00:00:00 UTC", "2026-03-01"),
        ("July 14, 2026", "2026-07-14"),
        ("Sept. 3 2026", "2026-09-03"),
        (1_711_403_416_463, "2024-03-25"),
        (1_711_403_416_463.5, "2024-03-25"),
    ],
)
def test_days_are_read_in_the_forms_that_boards_use(value: object, day: str) -> None:
    assert str(day_of(value)) == day


@pytest.mark.parametrize(
    "value",
    [
        "",
        "2026-02-30",
        "0001-01-01",
        "9999-12-31",
        "12/31/2026",
        "2026-1-1",
        "Foo 3, 2026",
        "2026-01-011",
        True,
        0,
        1e309,
        float("nan"),
        -1,
        10**30,
        None,
        [],
        {},
    ],
)
def test_what_is_no_plausible_day_is_unknown(value: object) -> None:
    assert day_of(value) is None


@pytest.mark.parametrize("address", ["https://a.example/x?y=1#z", "http://a.example", " https://bücher.example/ü "])
def test_web_pages_are_addresses(address: str) -> None:
    assert public_page(address) == address.strip()


@pytest.mark.parametrize(
    "address",
    [
        "",
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://a.example/",
        "//a.example/",
        "/x",
        "https://",
        "https:///x",
        "https://u@a.example/",
        "https://u:p@a.example/",
        "https://a.example/ x",
        "http://[::1",
        "https://a.example:99999/",
        "https://a.example:0/",
        "https://a.example\\@b.example/",
        "https://a.example/\ud800",
        "https://a.example/" + "x" * 3000,
        "https://a.example/<b>",
        'https://a.example/"x',
    ],
)
def test_what_a_browser_should_not_open_is_no_address(address: str) -> None:
    assert public_page(address) == ""


def test_places_are_joined_once_and_empty_ones_dropped() -> None:
    assert places(["Oslo", "N/A", "", "oslo", "Rome"]) == "Oslo; Rome"
    assert places([], remote=True) == "Remote"
    assert places(["Remote (US)"], remote=True) == "Remote (US)"
    assert places(str(number) for number in range(1_000)).count(";") == 49


def test_lines_are_short_and_clean() -> None:
    assert one_line(" R&amp;D\n\x00 Engineer\ud800") == "R&D Engineer"
    assert len(one_line("x" * 100_000)) == 500


@pytest.mark.parametrize(
    ("markup", "html"),
    [
        ("&lt;p&gt;a &amp;amp; b&lt;/p&gt;", "<p>a &amp; b</p>"),
        ("<p>&lt;b&gt;</p>", "<p>&lt;b&gt;</p>"),
        ("1 &lt; 2", "1 &lt; 2"),
    ],
)
def test_only_html_that_was_escaped_as_a_whole_is_unescaped(markup: str, html: str) -> None:
    assert unescaped(markup) == html


def test_plain_text_becomes_paragraphs_and_lists() -> None:
    assert (
        from_plain("A <b>\n\n• one\n• two\nend")
        == "<p>A &lt;b&gt;</p>\n<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n<p>end</p>"
    )


def test_an_article_without_text_is_empty() -> None:
    assert article("Title", "Company", [("Heading", "<p>&nbsp;</p>"), ("", "")]) == ""


def test_headings_are_text_and_never_markup() -> None:
    content = article("<script>", "A & B", [("<i>", "x")])
    assert "<h1>&lt;script&gt;</h1>\n<p>A &amp; B</p>\n<h2>&lt;i&gt;</h2>" in content


def test_items_without_a_list_get_one() -> None:
    assert tidied("<li>a</li>\n<li>b</li>x<li>c</li>") == "<ul><li>a</li><li>b</li></ul>x<ul><li>c</li></ul>"
    assert tidied("<ol><li>a</li></ol>") == "<ol><li>a</li></ol>"


def test_short_paragraphs_in_bold_are_headings() -> None:
    assert tidied("<div><b>What </b><strong>you do</strong><br></div><div>Work.</div>") == (
        "<h3>What you do<br></h3><p>Work.</p>"
    )
    assert tidied("<p><b>Not</b> all bold</p>") == "<p><b>Not</b> all bold</p>"
    assert tidied(f"<p><b>{'long ' * 30}</b></p>").startswith("<p><b>")
    assert tidied("<ul><li><p><b>In a list</b></p></li></ul>") == "<ul><li><p><b>In a list</b></p></li></ul>"
    assert tidied("<p><b>Two</b><br><b>lines</b></p>") == "<p><b>Two</b><br><b>lines</b></p>"


@pytest.mark.parametrize("markup", ["", "<!-- only -->", "</div></p>", "<", "&#0;", "<html><frameset>", "<!DOCTYPE x>"])
def test_markup_without_anything_in_it_is_survived(markup: str) -> None:
    assert isinstance(tidied(markup), str)
