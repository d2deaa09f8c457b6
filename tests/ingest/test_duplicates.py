"""Near-duplicate groups: copies collapse, independent reports do not, and the original leads."""

import random
from pathlib import Path

import numpy as np
import pytest

from brain.records import Document
from ingest.cluster import cluster_questions
from ingest.duplicates import Fingerprinted, age_of, fingerprint, group, group_near_duplicates
from ingest.extract import extract
from tests.ingest.spinning import spun
from tests.ingest.working import day, document, fetched, question
from tests.site.crawl_demo import SITE

WORDS = [f"word{number}" for number in range(60)]
COPIES = Path(__file__).resolve().parents[1] / "resources" / "copies"


def text(seed: int, words: int = 300) -> str:
    return " ".join(random.Random(seed).choices(WORDS, k=words))  # noqa: S311 - seeded words


def reworded(original: str, every: int) -> str:
    return " ".join("other" if place % every == 0 else word for place, word in enumerate(original.split(), 1))


def told(name: str) -> str:
    """A report of the small web site."""
    return extract(fetched((SITE / "reports" / f"{name}.html").read_bytes())).text


def groups(*documents: Document) -> dict[str, str]:
    return {one.id: one.duplicate_group for one in group_near_duplicates(documents)}


def printed(**texts: str) -> list[Fingerprinted]:
    return [Fingerprinted(name, fingerprint(text), age_of(document(name, text))) for name, text in texts.items()]


def test_a_lightly_reworded_copy_joins_its_original_and_another_report_does_not() -> None:
    original = text(1)
    found = groups(document("a", original), document("b", reworded(original, 25)), document("c", text(2)))
    assert found == {"a": "a", "b": "a", "c": "c"}


def test_half_of_a_text_in_another_is_no_copy() -> None:
    assert groups(document("a", text(1)), document("b", text(1, 150) + " " + text(3))) == {"a": "a", "b": "b"}


def test_a_shared_footer_makes_no_copies() -> None:
    footer = "\n\n" + told("ben-2025")[:1_200]
    assert (
        len(set(group(printed(a=told("ana-2024")[:2_500] + footer, b=told("injected")[:2_500] + footer)).values())) == 2
    )


def test_case_and_punctuation_do_not_matter() -> None:
    assert groups(document("a", text(1)), document("b", text(1).upper().replace(" ", ", ")))["b"] == "a"


@pytest.mark.parametrize("strength", [0.2, 0.4, 0.6, 0.8, 1.0])
@pytest.mark.parametrize("name", ["ana-2024", "ben-2025", "injected"])
def test_a_spun_copy_joins_its_original(name: str, strength: float) -> None:
    original = told(name)
    assert set(group(printed(a=original, b=spun(original, strength))).values()) == {"a"}


def test_two_copies_spun_from_one_original_join_through_it() -> None:
    original = told("ana-2024")
    hand = (COPIES / "ana-spun.md").read_text("utf-8")
    found = group(printed(a=original, b=spun(original, 1.0, 1), c=spun(original, 1.0, 2), d=hand, e=told("ben-2025")))
    assert found == {"a": "a", "b": "a", "c": "a", "d": "a", "e": "e"}


def test_a_report_written_anew_from_another_is_not_caught() -> None:
    """What is known to be missed: every sentence put in other words and another order."""
    assert len(set(group(printed(a=told("ana-2024"), b=(COPIES / "ana-reworded.md").read_text("utf-8"))).values())) == 2


def test_an_original_and_its_spun_copies_on_two_sites_corroborate_once() -> None:
    original = told("ana-2024")
    documents = group_near_duplicates(
        [
            document("spun1", spun(original, 0.8, 1), published=day(2024, 9)),
            document("spun2", (COPIES / "ana-spun.md").read_text("utf-8"), published=day(2024, 10)),
            document("original", original, published=day(2024, 3)),
            document("own", told("ben-2025"), published=day(2025, 5)),
        ]
    )
    asks = [question(f"q-{one.id}", one.id, reported=one.published) for one in documents]
    vectors = np.ones((len(asks), 1), dtype=np.float32)
    by_id = {one.id: one for one in documents}
    (cluster,) = cluster_questions(asks, vectors, by_id)
    assert (cluster.reports, cluster.sources, cluster.id) == (2, 2, "q-original")
    (copies,) = cluster_questions(asks[:3], vectors[:3], by_id)
    assert (copies.reports, copies.sources) == (1, 1)


def test_the_earliest_first_hand_report_leads_whatever_the_order() -> None:
    same = text(1)
    documents = [
        document("a", same),
        document("b", same, published=day(2021)),
        document("c", same, published=day(2020)),
        document("d", same, published=day(2019), account="third_party"),
    ]
    assert set(groups(*documents).values()) == {"c"}
    assert set(groups(*reversed(documents)).values()) == {"c"}


def test_digests_and_cards_stand_alone() -> None:
    assert groups(document("a", text(1)), document("b", text(1), form="digest"))["b"] == "b"
    entries = [*printed(a=text(1)), Fingerprinted("b", b"", (False, "", "b"), "digest")]
    assert group(entries) == {"a": "a", "b": "b"}


def test_postings_that_share_most_of_their_text_are_different_postings() -> None:
    boiler = told("ana-2024")
    first, second = (f"{told(name)[:1_200]}\n{boiler}" for name in ("ben-2025", "injected"))
    kinds = {"kind": "role_description", "account": None}
    assert len(set(groups(document("a", first, **kinds), document("b", second, **kinds)).values())) == 2
    assert len(set(groups(document("a", first), document("b", second)).values())) == 1
    assert len(set(groups(document("a", first, **kinds), document("b", first.upper(), **kinds)).values())) == 1


def test_kinds_are_compared_with_their_like_only() -> None:
    assert groups(document("a", text(1)), document("b", text(1), kind="company_guidance"))["b"] == "b"


def test_a_fingerprint_is_small_and_always_the_same() -> None:
    assert len(fingerprint(told("ana-2024"))) == 1_552
    assert fingerprint(text(1)) == fingerprint(text(1))
    assert fingerprint("") != fingerprint("one")


def test_texts_without_words_do_not_break_it() -> None:
    assert groups(document("a", "…"), document("b", ""), document("c", "one"))["c"] == "c"


def test_texts_without_rows_join_only_when_their_words_are_the_same() -> None:
    assert group(printed(a="one two", b="One, two!", c="two one")) == {"a": "a", "b": "a", "c": "c"}


def test_no_real_report_is_taken_for_a_copy_of_another_and_every_twin_is_found(realworld: Path) -> None:
    paths = [
        path
        for folder in ("interviews_html", "interviews_md")
        for path in sorted((realworld / folder).rglob("*"))
        if path.suffix in {".html", ".md", ".mdx"}
    ]
    entries = []
    for path in paths:
        page = extract(fetched(path.read_bytes(), "html" if path.suffix == ".html" else "markdown"))
        name = path.relative_to(realworld).as_posix()
        entries.append(Fingerprinted(name, fingerprint(page.text), (False, "", name)))
    found = group(entries)
    pairs = sorted(f"{leader} = {name}" for name, leader in found.items() if name != leader)
    assert len(pairs) == 5, pairs
    for pair in pairs:
        assert "interviews_html/" in pair.partition(" = ")[0]
        assert "-md/" in pair.partition(" = ")[2]
