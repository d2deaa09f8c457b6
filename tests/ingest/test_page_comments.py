"""Comment threads and forum replies are kept apart from the report."""

from pathlib import Path
from typing import Any

import pytest

from ingest.comments import take_comments
from ingest.extract import extract
from tests.ingest.working import fetched

REPORT = "<h1>A day at Fernhill</h1>" + "".join(f"<p>In round {n} they asked me about trees.</p>" for n in range(9))
REPLY = "I got the same question last week, and I failed it."


def split(body: str) -> tuple[str, str]:
    """What stays in the page, and what was taken."""
    import trafilatura

    tree: Any = trafilatura.load_html(f"<!doctype html><html><body>{body}</body></html>")
    taken = take_comments(tree)
    return " ".join(tree.text_content().split()), taken


@pytest.mark.parametrize(
    "thread",
    [
        '<div id="comments" class="comments-area"><ol class="comment-list"><li class="comment"><article>'
        "{}</article></li></ol></div>",
        '<ol class="commentlist"><li>{}</li></ol>',
        '<section id="disqus_thread">{}</section>',
        '<div class="comments" id="comments"><div class="comment-thread"><div>{}</div></div></div>',
        '<div class="responsesStreamWrapper">{}</div>',
        '<div itemprop="comment">{}</div>',
        '<div itemscope itemtype="https://schema.org/Comment">{}</div>',
        '<section class="post-comments">{}</section>',
        '<div class="article__comments lazyload">{}</div>',
        '<div class="js-comments"></div><ul><li class="comment-body">{}</li></ul>',
        "<section><h3>2 Comments</h3><p>Ann says</p>{}<p>Bob says: reply</p></section>",
        "<shreddit-comment>{}</shreddit-comment>",
    ],
)
def test_a_thread_is_taken_out_of_the_page(thread: str) -> None:
    left, taken = split(f"<article>{REPORT}</article>{thread.format(f'<p>{REPLY}</p>')}")
    assert REPLY not in left
    assert REPLY in taken
    assert "round 8" in left


def test_the_form_to_write_one_is_no_comment() -> None:
    form = (
        "<form><label>Your name</label><textarea></textarea><p>Your address is not shown.</p><button>"
        "Send</button></form>"
    )
    left, taken = split(f'{REPORT}<div id="respond" class="comment-respond"><h3>Leave a reply</h3>{form}</div>')
    assert (taken, "Your" in left) == ("", False)


def test_comments_on_other_pages_of_the_site_are_dropped() -> None:
    left, taken = split(f'{REPORT}<aside class="widget widget_recent_comments"><ul><li>{REPLY}</li></ul></aside>')
    assert (REPLY in left, taken) == (False, "")


@pytest.mark.parametrize("kind", ["message message--post", "topic-post", "postcontainer"])
def test_the_first_post_of_a_forum_is_the_report_and_the_others_are_replies(kind: str) -> None:
    left, taken = split(
        f'<div><article class="{kind}">{REPORT}</article><article class="{kind}"><p>{REPLY}</p></article></div>'
    )
    assert "round 8" in left
    assert REPLY not in left
    assert REPLY in taken


@pytest.mark.parametrize(
    "body",
    [
        '<pre><code><span class="comment"># {}</span></code></pre>',
        '<body class="comments-open"><p>{}</p>',
        '<main class="comments"><h1>All</h1><p>{}</p></main>',
        '<div class="discussion"><p>{}</p></div>',
        "<h2>Comments</h2><p>{}</p>",
        '<div class="commentary"><p>{}</p></div>',
    ],
)
def test_what_only_sounds_like_a_thread_stays(body: str) -> None:
    left, taken = split(REPORT + body.format(REPLY))
    assert (REPLY in left, taken) == (True, "")


def test_comments_stand_in_their_own_field_and_are_bounded() -> None:
    many = "".join(f'<li class="comment"><p>{REPLY} Number {n}.</p></li>' for n in range(2_000))
    page = f'<html><body><article>{REPORT}</article><ol class="comment-list">{many}</ol></body></html>'
    found = extract(fetched(page.encode()))
    assert REPLY not in found.text
    assert found.comments.startswith(f"{REPLY} Number 0.\n{REPLY} Number 1.")
    assert len(found.comments) <= 20_000


def test_real_threads_are_found_and_articles_kept(realworld: Path) -> None:
    from ingest.encoding import decode_page

    folder = realworld / "ugly_html" / "trafilatura-eval"
    page = (folder / "tests_eval_businessjargons.com.leadership.html").read_bytes()
    left, taken = split(decode_page(page, None))
    assert "leadership style" in left.lower()
    assert "Can you please tell me the author of this definition?" in taken
    assert "Can you please tell me the author of this definition?" not in left
