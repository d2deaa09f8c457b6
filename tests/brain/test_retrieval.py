"""Hybrid search over a tiny version, by the real embedder, Chroma and BM25."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from brain.embedding import Embedder
from brain.fakes import HashEmbedder
from brain.retrieval import Fusion, Retriever
from brain.store import OpenVersion
from brain.versions import Manifest
from tests.building import open_tiny, publish_tiny, tiny_content, without_questions

HASH = HashEmbedder()


@pytest.fixture(scope="module")
def opened(tiny: tuple[Path, Manifest], embedder: Embedder) -> Iterator[OpenVersion]:
    version = open_tiny(tiny[0], embedder)
    yield version
    version.close()


@pytest.fixture
def retriever(opened: OpenVersion, embedder: Embedder) -> Retriever:
    return Retriever(opened, embedder)


def test_an_exact_term_is_found(retriever: Retriever) -> None:
    best = retriever.questions("Zobrist")[0]
    assert "Zobrist hashing" in best.record.text
    assert best.bm25 > 0


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("overfitting", "memorising its training data"),
        ("Sensors that contradict each other", "camera and a lidar that disagree"),
        ("statistical significance", "p-value"),
    ],
)
def test_a_paraphrase_without_a_common_word_is_found(retriever: Retriever, query: str, found: str) -> None:
    best = retriever.questions(query)[0]
    assert found in best.record.text
    assert best.bm25 == 0


def test_each_side_finds_what_the_other_misses(opened: OpenVersion, embedder: Embedder) -> None:
    words_only = Retriever(opened, embedder, Fusion(dense=0.0))
    hits = words_only.questions("overfitting")
    assert all(hit.score == 0 for hit in hits)
    assert "Zobrist" in words_only.questions("zobrist")[0].record.text


def test_hits_carry_the_raw_scores(retriever: Retriever, opened: OpenVersion, embedder: Embedder) -> None:
    query = "fuse a camera and a lidar"
    vector = embedder.embed([query])[0]
    for hit in retriever.passages(query, 20):
        position = opened.passages.positions[hit.record.id]
        assert hit.cosine == pytest.approx(float(opened.passages.vectors[position] @ vector), abs=1e-6)
        assert hit.bm25 == pytest.approx(float(opened.passages.lexical.scores(query)[position]))


def test_hits_come_best_first_and_never_twice(retriever: Retriever) -> None:
    hits = retriever.passages("training a model", 20)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert len({hit.record.id for hit in hits}) == len(hits) == 20


@pytest.mark.parametrize(("k", "found"), [(0, 0), (1, 1), (20, 20), (21, 20), (10_000, 20)])
def test_more_than_there_is_may_be_asked_for(retriever: Retriever, k: int, found: int) -> None:
    assert len(retriever.passages("crane", k)) == found
    assert len(retriever.questions("crane", k)) == min(found, 10)


def test_more_may_be_asked_for_than_each_side_brings(opened: OpenVersion, embedder: Embedder) -> None:
    assert len(Retriever(opened, embedder, Fusion(depth=2)).passages("crane", 15)) >= 15


@pytest.mark.parametrize("query", ["quokka", "日本語 の 質問", "", "   ", "?", "the", "x" * 20_000, "\ud800", "\0"])
def test_any_query_is_answered_and_tells_by_its_scores_that_no_word_is_known(retriever: Retriever, query: str) -> None:
    hits = retriever.questions(query, 5)
    assert len(hits) == 5
    assert all(hit.bm25 == 0 for hit in hits)
    assert all(np.isfinite([hit.score, hit.cosine]).all() for hit in hits)


def test_a_vector_may_be_given_so_that_a_query_is_embedded_once(retriever: Retriever) -> None:
    query = "a queue that survives"
    assert retriever.passages(query, vector=retriever.embed(query)) == retriever.passages(query)


def test_the_same_query_gives_the_same_order_in_every_copy(
    tiny: tuple[Path, Manifest], retriever: Retriever, embedder: Embedder
) -> None:
    other = open_tiny(tiny[0], embedder)
    try:
        for query in ("harbour", "quokka", "how would you design a service"):
            assert Retriever(other, embedder).passages(query, 20) == retriever.passages(query, 20)
    finally:
        other.close()


def test_equal_records_come_in_the_order_of_their_ids(home: Path) -> None:
    content = tiny_content(HASH)
    twins = [content.passages[0].model_copy(update={"id": f"z_{number:03d}"}) for number in range(39)]
    vector, query = (row / np.linalg.norm(row) for row in np.random.default_rng(5).random((2, 64), dtype=np.float32))
    vectors = np.tile(vector, (39, 1))
    if len(set((vectors @ query).tolist())) == 1:
        pytest.skip("on this machine a matrix product gives equal rows equal last bits")
    publish_tiny(home, replace(content, passages=twins, passage_vectors=vectors), HASH)
    version = open_tiny(home, HASH)
    try:
        hits = Retriever(version, HASH).passages("quokka", 39, vector=query)
        assert [hit.record.id for hit in hits] == [twin.id for twin in twins]
    finally:
        version.close()


def test_a_collection_without_records_finds_nothing(home: Path) -> None:
    publish_tiny(home, without_questions(tiny_content(HASH)), HASH)
    version = open_tiny(home, HASH)
    try:
        assert Retriever(version, HASH).questions("anything") == []
        assert len(Retriever(version, HASH).passages("anything")) == 8
    finally:
        version.close()
