"""Near-duplicate groups: copies collapse, independent reports do not, and the original leads."""

import random

from brain.records import Document
from ingest.duplicates import group_near_duplicates
from ingest.materials import Lead
from ingest.pipeline import Harvest, collapse_copies
from tests.ingest.working import day, document

WORDS = [f"word{number}" for number in range(20)]


def text(seed: int, words: int = 300) -> str:
    return " ".join(random.Random(seed).choices(WORDS, k=words))  # noqa: S311 - seeded words


def reworded(original: str, every: int) -> str:
    return " ".join("other" if place % every == 0 else word for place, word in enumerate(original.split(), 1))


def groups(*documents: Document) -> dict[str, str]:
    return {one.id: one.duplicate_group for one in group_near_duplicates(documents)}


def test_a_lightly_reworded_copy_joins_its_original_and_another_report_does_not() -> None:
    original = text(1)
    found = groups(document("a", original), document("b", reworded(original, 25)), document("c", text(2)))
    assert found == {"a": "a", "b": "a", "c": "c"}


def test_half_of_a_text_in_another_is_no_copy() -> None:
    assert groups(document("a", text(1)), document("b", text(1, 150) + " " + text(3))) == {"a": "a", "b": "b"}


def test_case_and_punctuation_do_not_matter() -> None:
    assert groups(document("a", text(1)), document("b", text(1).upper().replace(" ", ", ")))["b"] == "a"


def test_the_earliest_first_hand_report_leads_whatever_the_order() -> None:
    told = text(1)
    documents = [
        document("a", told),
        document("b", told, published=day(2021)),
        document("c", told, published=day(2020)),
        document("d", told, published=day(2019), account="third_party"),
    ]
    assert set(groups(*documents).values()) == {"c"}
    assert set(groups(*reversed(documents)).values()) == {"c"}


def test_digests_and_cards_stand_alone() -> None:
    assert groups(document("a", text(1)), document("b", text(1), form="digest"))["b"] == "b"


def test_one_document_at_two_addresses_is_used_once() -> None:
    same = document("a", text(1))
    harvests = [Harvest(Lead(address=address), same) for address in ("one", "two")]
    first, second = collapse_copies(harvests)
    assert first.document is not None
    assert (second.document, second.left_out) == (None, "the same document as another address")


def test_a_copy_gives_no_questions_and_names_the_original() -> None:
    harvests = [
        Harvest(Lead(address="copy"), document("b", text(1), published=day(2021))),
        Harvest(Lead(address="original"), document("a", text(1), published=day(2020))),
        Harvest(Lead(address="left out"), left_out="too short"),
    ]
    copy, original, untouched = collapse_copies(harvests)
    assert copy.left_out == "a near-copy of https://a.example/"
    assert original.document is not None
    assert original.document.duplicate_group == "a"
    assert untouched == harvests[2]


def test_texts_without_words_do_not_break_it() -> None:
    assert groups(document("a", "…"), document("b", ""), document("c", "one"))["c"] == "c"
