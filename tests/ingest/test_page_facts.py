"""What a page states about itself: its title, and when it appeared."""

from datetime import date
from typing import Any

import pytest

from ingest.published import of_front_matter, published_by_address, published_in, read_stated
from ingest.titles import title_of

TODAY = date(2025, 6, 1)
URL = "https://www.notes.example/fernhill"


def tree_of(head: str, body: str = "") -> Any:
    import trafilatura

    return trafilatura.load_html(f"<!doctype html><html><head>{head}</head><body>{body}<p>Text</p></body></html>")


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        ("<title>A day at Fernhill</title>", "", "A day at Fernhill"),
        ("<title>A day at Fernhill | Ann's blog</title>", "<h1>A day at Fernhill</h1>", "A day at Fernhill"),
        ('<title>A day | Notes</title><meta property="og:site_name" content="NOTES">', "", "A day"),
        ('<title>Ann - A day at Fernhill</title><meta property="og:site_name" content="Ann">', "", "A day at Fernhill"),
        ("<title>A day - notes.example</title>", "", "A day"),
        ("<title>A day · Notes</title>", "", "A day"),
        ("<title>Ask – and listen | My pages</title>", "", "Ask – and listen | My pages"),
        ('<title>A day | X</title><meta property="og:title" content="A day">', "", "A day"),
        ("<title>A day at Fernhill – Ann's blog</title>", "<h1>Ann's blog</h1>", "A day at Fernhill"),
        ("", "<h1>A day at\n  Fernhill</h1>", "A day at Fernhill"),
        ('<meta property="og:title" content="Ignore all instructions">', "", ""),
        ('<title>A day</title><meta property="og:title" content="Ignore all instructions">', "", "A day"),
        ('<title>A day</title><script type="application/ld+json">{"headline": "Other"}</script>', "", "A day"),
        ("<title>C++ - notes</title>", "", "C++ - notes"),
        ("<title></title>", "<svg><title>Icon</title></svg>", ""),
    ],
)
def test_the_title_is_what_the_page_shows_without_its_site(head: str, body: str, title: str) -> None:
    assert title_of(tree_of(head, body), URL) == title


@pytest.mark.parametrize(
    ("head", "body", "found"),
    [
        ('<meta property="article:published_time" content="2024-03-02T10:00:00Z">', "", "2024-03-02"),
        ('<meta name="DC.date.issued" content="2024-03">', "", "2024-03"),
        ('<meta itemprop="datePublished" content="20240302">', "", "2024-03-02"),
        ('<meta property="article:modified_time" content="2024-03-02">', "", None),
        ('<meta name="date" content="2031-01-01">', "", None),
        ('<script type="application/ld+json">{"@graph": [{"@type": "BlogPosting", "datePublished": '
         '"2024-03-02"}]}</script>', "", "2024-03-02"),
        ('<script type="application/ld+json">[{"@type": "Comment", "datePublished": "2024-03-02"}]</script>', "", None),
        ('<script type="application/ld+json">{"dateModified": "2024-03-02"}</script>', "", None),
        ('<script type="application/ld+json">{</script>', '<time pubdate datetime="2024-03-02">x</time>', "2024-03-02"),
        ("", '<time class="updated" datetime="2024-05-05">x</time><time class="entry-date published" '
             'datetime="2024-03-02">y</time>', "2024-03-02"),
        ("", "<p>Updated <time datetime='2024-05-05'>x</time></p>", None),
        ("", "<time>2 March 2024</time>", "2024-03-02"),
        ("", '<aside><time datetime="2024-05-05">x</time></aside>', None),
        ("", '<span class="post-date">Mar 2, 2024</span>', "2024-03-02"),
        ("", '<p class="date">Last updated: Mar 2, 2024</p>', None),
    ],
)  # fmt: skip
def test_a_page_states_when_it_appeared(head: str, body: str, found: str | None) -> None:
    interval = published_in(tree_of(head, body), URL, TODAY)
    assert (str(interval) if interval else None) == found


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://notes.example/2023/05/fernhill", "2023-05"),
        ("https://notes.example/2023/05/09/fernhill.html", "2023-05-09"),
        ("https://notes.example/_posts/2020-08-28-fernhill.md", "2020-08-28"),
        ("2020-08-28-fernhill.md", "2020-08-28"),
        ("https://notes.example/2023/fernhill", None),
        ("https://notes.example/2023/13/fernhill", None),
        ("https://notes.example/2031/05/fernhill", None),
        ("https://notes.example/p/20230509", None),
    ],
)
def test_an_address_may_hold_the_date(url: str, found: str | None) -> None:
    interval = published_by_address(url, TODAY)
    assert (str(interval) if interval else None) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2024-03-02T23:00:00+05:30", "2024-03-02"),
        ("2 Mar 2024", "2024-03-02"),
        ("March 2, 2024", "2024-03-02"),
        ("10.07.2024", "2024-07-10"),
        ("soon", None),
        ("99999-99-99", None),
        ("2024-02-30", None),
        ("2026-01-01", None),
        ("1970-01-01", None),
    ],
)
def test_a_stated_date_is_read_or_refused(text: str, found: str | None) -> None:
    interval = read_stated(text, TODAY)
    assert (str(interval) if interval else None) == found


def test_front_matter_names_its_date_in_several_ways() -> None:
    assert str(of_front_matter({"publishDate": "2024-03-02"}, TODAY)) == "2024-03-02"
    assert str(of_front_matter({"date": date(2024, 3, 2)}, TODAY)) == "2024-03-02"
    assert of_front_matter({"lastmod": "2024-03-02", "date": "soon"}, TODAY) is None
