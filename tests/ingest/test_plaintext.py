"""Markdown and plain text: front matter, titles, and what a renderer does not show."""

import pytest

from ingest.plaintext import front_matter, title_in, without_comments


@pytest.mark.parametrize(
    "hidden",
    [
        "<!-- unseen -->",
        "<!-- unseen\n\nmore -->",
        "[//]: # (unseen)",
        '[note]: <> "unseen"',
        '<span style="display:none">unseen</span>',
        "<div hidden>\nunseen\n</div>",
        '<p style="color:red; font-size:0">unseen</p>',
        "<!-- unseen and never closed",
    ],
)
def test_what_a_renderer_does_not_show_is_dropped(hidden: str) -> None:
    left = without_comments(f"# Report\n\nThey asked me why.\n\n{hidden}")
    assert "unseen" not in left
    assert left.startswith("# Report\n\nThey asked me why.\n")


@pytest.mark.parametrize(
    "shown",
    [
        "```html\n<!-- a comment that was asked about -->\n```",
        "~~~\n<p hidden>x</p>\n~~~",
        '<p style="font-size:12px">x</p>',
        "[paper]: https://notes.example/ (Title)",
        "a < b and b > c",
        "x <hidden> y",
    ],
)
def test_code_and_links_stay(shown: str) -> None:
    assert without_comments(f"a\n\n{shown}\n\nb") == f"a\n\n{shown}\n\nb"


def test_a_comment_may_hold_a_fence() -> None:
    assert without_comments("a\n<!--\n```\nunseen\n```\n-->\nb") == "a\n\nb"


@pytest.mark.parametrize(
    "text", ["<!--" * 100_000, "<p hidden>" * 50_000, "```\n" * 50_001, "[a]: # (" * 50_000, "<" * 200_000]
)
def test_long_texts_are_read_in_one_go(text: str) -> None:
    without_comments(text)


def test_front_matter_may_be_toml() -> None:
    head, text = front_matter('+++\ntitle = "A day"\ndate = 2022-09-21\n[taxonomies]\ntags = ["x"]\n+++\n# Other\n')
    assert (head["title"], str(head["date"]), text) == ("A day", "2022-09-21", "# Other\n")
    assert front_matter("+++\nno toml\n+++\nText\n") == ({}, "+++\nno toml\n+++\nText\n")


@pytest.mark.parametrize(
    ("head", "text", "title"),
    [
        ({"title": "Stated"}, "# Heading\n", "Stated"),
        ({}, "intro\n\n# Heading #\n", "Heading"),
        ({}, "Heading\n=======\n\ntext", "Heading"),
        ({}, "text", "my report"),
        ({"title": 5}, "text", "my report"),
    ],
)
def test_the_title_is_stated_or_the_first_heading_or_the_name_of_the_file(
    head: dict[str, object], text: str, title: str
) -> None:
    assert title_in(head, text, "https://notes.example/a/my%20report.md") == title
