"""Clusters: the same ask of several documents, and how many independent reports stand behind it."""

import numpy as np
import pytest
from numpy.typing import NDArray

from brain.embedding import Embedder
from brain.records import Cluster, Document, ReportedQuestion
from ingest.cluster import SAME_ASK, cluster_questions
from tests.ingest.working import day, document, question


def at(*degrees: float) -> NDArray[np.float32]:
    """Unit vectors in a plane, by their angle."""
    radians = np.deg2rad(np.array(degrees))
    return np.stack([np.cos(radians), np.sin(radians)], axis=1).astype(np.float32)


def clusters(
    questions: list[ReportedQuestion], vectors: NDArray[np.float32], documents: list[Document] | None = None
) -> list[Cluster]:
    known = documents or [document(one.document_id) for one in questions]
    return cluster_questions(questions, vectors, {one.id: one for one in known})


CLOSE = 20.0
assert np.cos(np.deg2rad(CLOSE)) > SAME_ASK > np.cos(np.deg2rad(2 * CLOSE))


def test_close_asks_join_and_far_ones_do_not() -> None:
    found = clusters([question("a", "x"), question("b", "y"), question("c", "z")], at(0, CLOSE, 90))
    assert [one.questions for one in found] == [("a", "b"), ("c",)]
    assert (found[0].id, found[0].aliases, found[0].reports, found[0].sources) == ("a", ("b",), 2, 2)


def test_a_chain_does_not_drift() -> None:
    found = clusters([question(name, name) for name in "abc"], at(0, CLOSE, 2 * CLOSE))
    assert sorted(len(one.questions) for one in found) == [1, 2]


@pytest.mark.parametrize(
    ("one", "other", "joined"),
    [
        ({"kind": "coding"}, {"kind": "concept"}, False),
        ({"topics": ("pca",)}, {"topics": ("trees",)}, False),
        ({"topics": ("pca", "trees")}, {"topics": ("trees",)}, True),
        ({"topics": ("pca",)}, {}, True),
    ],
)
def test_kind_and_topics_may_keep_close_asks_apart(
    one: dict[str, object], other: dict[str, object], joined: bool
) -> None:
    found = clusters([question("a", "x", **one), question("b", "y", **other)], at(0, 1))
    assert (len(found) == 1) is joined


def test_copies_and_one_source_are_not_counted_twice() -> None:
    documents = [
        document("x", duplicate_group="x", source="site.example"),
        document("y", duplicate_group="x", source="other.example"),
        document("z", duplicate_group="z", source="site.example"),
    ]
    (found,) = clusters([question(name, name) for name in "xyz"], at(0, 1, 2), documents)
    assert (len(found.questions), found.reports, found.sources) == (3, 2, 1)


def test_what_is_only_listed_is_no_report() -> None:
    listed = question("a", "x", provenance="listed", account="third_party", reported=day(2019))
    (found,) = clusters([listed, question("b", "y", reported=day(2024))], at(0, 1))
    assert (found.id, found.reports, str(found.reported)) == ("b", 1, "2024-01-01")


def test_the_earliest_report_names_the_cluster_whatever_the_order() -> None:
    questions = [question("a", "x", reported=day(2024)), question("b", "y", reported=day(2022)), question("c", "z")]
    for order in ([0, 1, 2], [2, 1, 0], [1, 2, 0]):
        (found,) = clusters([questions[place] for place in order], at(0, 1, 2)[order])
        assert (found.id, found.questions) == ("b", ("b", "a", "c"))
        assert str(found.reported) == "2022-01-01/2024-01-01"


def test_no_questions_make_no_clusters() -> None:
    assert clusters([], np.empty((0, 384), dtype=np.float32)) == []


def test_two_wordings_of_one_ask_join_with_the_real_embedder(embedder: Embedder) -> None:
    asked = [
        "What is overfitting?",
        "Explain what overfitting is.",
        "What is a decision tree?",
        "Why do you want to join?",
    ]
    found = clusters([question(text, str(place)) for place, text in enumerate(asked)], embedder.embed(asked))
    assert sorted(len(one.questions) for one in found) == [1, 1, 2]
