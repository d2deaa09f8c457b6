"""Hacker News through Algolia's API: what becomes an address, what a document, and whose name is never kept."""

import json
import random
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from brain.catalog import Source
from brain.errors import BadInputError, UnreadableInputError
from brain.records import parse_interval
from ingest.cache import LeftOutError
from ingest.materials import Entry, Unusable
from ingest.sources import bind
from ingest.sources.base import Found
from ingest.sources.hacker_news import ADAPTER, HackerNews
from tests.ingest.sources.reading import LoopbackReader, answering, everything
from tests.loopback import LoopbackServer

ITEM = "https://news.ycombinator.com/item?id="
STORY = {
    "objectID": "101",
    "title": "How Fernhill interviews",
    "url": "https://notes.fernhill.example/interview?a=1&copy=2",
    "author": "robin_private",
    "points": 42,
    "story_text": None,
    "created_at": "2024-03-05T07:00:00Z",
    "_tags": ["story", "author_robin_private", "story_101"],
    "_highlightResult": {"author": {"value": "robin_private", "matchLevel": "none"}},
}
ASK = {
    "objectID": "102",
    "title": "Ask HN: What did Fernhill ask you?",
    "author": "robin_private",
    "points": 3,
    "story_text": "I had two rounds.<p>They asked me why k-means ends &amp; what it minimises.",
    "created_at": "2024-04-06T07:00:00Z",
}
COMMENT = {
    "objectID": 103,
    "author": "robin_private",
    "comment_text": "They asked <i>me</i> to draw a decision tree.",
    "story_title": "How Fernhill interviews",
    "story_url": "https://notes.fernhill.example/interview",
    "points": None,
    "created_at": "2024-05-07T07:00:00Z",
}


def answer(*hits: object, **more: object) -> dict[str, Any]:
    return {"hits": list(hits), "page": 0, "nbPages": 1, "hitsPerPage": 100, **more}


def read(value: object, options: HackerNews | None = None) -> list[Found]:
    assert ADAPTER.read is not None
    return list(ADAPTER.read(value if isinstance(value, bytes) else json.dumps(value).encode(), options))


def test_a_story_is_its_outside_address_and_a_question_or_comment_a_document() -> None:
    story, ask, comment = read(answer(STORY, ASK, COMMENT))
    assert isinstance(story, Entry)
    assert isinstance(ask, Entry)
    assert isinstance(comment, Entry)
    assert (story.address, story.title, story.content) == (STORY["url"], "How Fernhill interviews", "")
    assert story.published == parse_interval("2024-03-05")
    assert (ask.address, ask.title, ask.format) == (f"{ITEM}102", "Ask HN: What did Fernhill ask you?", "html")
    assert "why k-means ends &amp; what it minimises" in ask.content
    assert (comment.address, comment.title) == (f"{ITEM}103", "How Fernhill interviews")
    assert "draw a decision tree" in comment.content


def test_a_story_with_an_address_and_a_text_is_both() -> None:
    found = read(answer(STORY | {"story_text": "I wrote this after my interview."}))
    assert [one.address for one in found] == [STORY["url"], f"{ITEM}101"]


def test_who_wrote_it_is_never_kept() -> None:
    assert not any("robin_private" in found.model_dump_json() for found in read(answer(STORY, ASK, COMMENT)))


def test_one_malformed_hit_costs_that_hit() -> None:
    found = read(
        answer(
            None,
            {"objectID": "../x", "title": "A"},
            {"objectID": "5", "title": "Deleted", "comment_text": None},
            {"objectID": "6", "title": "Odd", "url": "javascript:alert(1)"},
            {"objectID": "7", "title": ["x"], "story_text": 3, "created_at": 9e99, "points": "many"},
            STORY,
        )
    )
    assert [one.address for one in found if isinstance(one, Entry)] == [STORY["url"]]
    assert {one.address: one.reason for one in found if isinstance(one, Unusable)} == {
        "hit 1 of the answer": "it has no objectID",
        "hit 2 of the answer": "it has no objectID",
        f"{ITEM}5": "it has neither an outside address nor a text",
        f"{ITEM}6": "its address 'javascript:alert(1)' is no public web page",
        f"{ITEM}7": "it has neither an outside address nor a text",
    }


def test_filters_hold_for_captures_too() -> None:
    options = HackerNews(query="fernhill", min_points=10, after=date(2024, 3, 5))
    assert [one.address for one in read(answer(STORY, ASK, COMMENT), options)] == [STORY["url"], f"{ITEM}103"]
    assert len(read(answer(STORY, ASK, COMMENT), HackerNews(query="fernhill", after=date(2024, 4, 1)))) == 2


@pytest.mark.parametrize(
    "content", [b"", b"words", b"[]", b"{}", b'{"hits": null}', b'{"message": "no such index", "status": 404}', b"\xff"]
)
def test_what_is_no_answer_of_the_api_is_refused_with_a_next_step(content: bytes) -> None:
    with pytest.raises(UnreadableInputError) as caught:
        read(content)
    assert caught.value.next_step


def test_the_options_make_the_query() -> None:
    options = HackerNews(query="fernhill & co", tags=("story", "ask_hn"), min_points=5, after=date(2024, 1, 1))
    assert options.address(2) == (
        "https://hn.algolia.com/api/v1/search_by_date?query=fernhill+%26+co&tags=%28story%2Cask_hn%29&hitsPerPage=100"
        "&page=2&numericFilters=created_at_i%3E%3D1704067200%2Cpoints%3E%3D5"
    )
    assert "points" not in HackerNews(query="x", tags=("comment",), min_points=5).address(0)


@pytest.fixture
def server() -> Iterator[LoopbackServer]:
    with LoopbackServer({}) as running:
        yield running


def paged(query: Mapping[str, str], _body: object) -> dict[str, Any]:
    page = int(query["page"])
    return answer({**STORY, "url": f"https://notes.fernhill.example/{page}"}, STORY, page=page, nbPages=3)


def test_pages_are_asked_for_as_far_as_the_options_and_the_answer_say(server: LoopbackServer) -> None:
    server.routes["/hn.algolia.com/api/v1/search_by_date"] = answering(paged)
    for pages, asked in ((1, 1), (2, 2), (9, 3)):
        reader = LoopbackReader(server)
        found = list(ADAPTER.entries(HackerNews(query="fernhill", pages=pages), reader, everything))
        assert (len(reader.asked), len(found)) == (asked, asked + 1)


def test_a_first_page_that_is_not_to_be_had_is_left_out_and_a_later_one_reported(server: LoopbackServer) -> None:
    options = HackerNews(query="fernhill", pages=3)
    with pytest.raises(LeftOutError, match="404"):
        list(ADAPTER.entries(options, LoopbackReader(server), everything))
    server.routes["/hn.algolia.com/api/v1/search_by_date"] = answering(
        lambda query, body: paged(query, body) if query["page"] == "0" else {"error": "busy"}
    )
    found = list(ADAPTER.entries(options, LoopbackReader(server), everything))
    assert [one.address for one in found if isinstance(one, Unusable)] == [options.address(1)]


@pytest.mark.parametrize("seed", range(30))
def test_mutated_bytes_give_entries_or_a_reason(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - for variety, not for secrets
    content = bytearray(json.dumps(answer(STORY, ASK, COMMENT)).encode())
    for _ in range(chance.choice((1, 2, 5))):
        position = chance.randrange(len(content))
        content[position : position + chance.randrange(4)] = chance.choice((b"null", b"1e999", b"\\ud800", b"[]", b"x"))
    try:
        assert all(one.model_dump_json() for one in read(bytes(content)))
    except UnreadableInputError as error:
        assert error.next_step  # noqa: PT017


def test_wrong_options_are_refused_and_right_ones_come_from_the_corpus_file() -> None:
    for wrong in ({}, {"query": ""}, {"query": "x", "tags": ("author_robin",)}, {"query": "x", "pages": 11}):
        with pytest.raises(ValidationError):
            HackerNews.model_validate(wrong)
    written = {"name": "HN", "type": "hacker_news", "query": "x", "after": "2024-01-31", "tags": ["comment"]}
    assert bind(Source.model_validate(written))[1] == HackerNews(query="x", after=date(2024, 1, 31), tags=("comment",))
    with pytest.raises(BadInputError, match="min_point"):
        bind(Source.model_validate(written | {"min_point": 3}))
