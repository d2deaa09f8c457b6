"""BM25: raw scores, words that nobody knows, collections without words, threads, and the way through a folder."""

import logging
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from brain.lexical import LexicalIndex, tokenize

TEXTS = [
    "Cranes lift containers in the harbour.",
    "A lidar measures distances; lidars dislike rain.",
    "The",
    "Containers, containers and more containers",
]


@pytest.fixture(scope="module")
def index() -> LexicalIndex:
    return LexicalIndex.build(TEXTS)


def test_words_are_stemmed_lower_case_and_without_stop_words() -> None:
    assert (
        tokenize("The Cranes are lifting CONTAINERS")
        == tokenize("crane lifts container")
        == ["crane", "lift", "contain"]
    )


@pytest.mark.parametrize("text", ["", " ", "the and of", "?!", "a"])
def test_a_text_may_have_no_words(text: str) -> None:
    assert tokenize(text) == []


def test_the_text_with_more_of_the_word_scores_higher_and_others_score_nothing(index: LexicalIndex) -> None:
    scores = index.scores("container")
    assert scores.shape == (4,)
    assert scores[3] > scores[0] > 0
    assert scores[1] == scores[2] == 0


@pytest.mark.parametrize("query", ["", "the", "zebra", "zebra quokka", "日本語", "\ud800"])
def test_unknown_words_score_nothing(index: LexicalIndex, query: str) -> None:
    assert not index.scores(query).any()


def test_unknown_words_do_not_change_the_scores_of_known_ones(index: LexicalIndex) -> None:
    np.testing.assert_array_equal(index.scores("lidar zebra"), index.scores("lidar"))


def test_a_rare_word_counts_more_than_a_common_one(index: LexicalIndex) -> None:
    assert index.scores("crane container")[0] > index.scores("container")[0] * 2


@pytest.mark.parametrize("texts", [TEXTS, TEXTS[:1], ["the"], ["", ""], []])
def test_what_is_saved_is_loaded_again(texts: list[str], tmp_path: Path) -> None:
    before = LexicalIndex.build(texts)
    before.save(tmp_path / "bm25")
    after = LexicalIndex.load(tmp_path / "bm25", len(texts))
    assert after.size == before.size == len(texts)
    for query in ("container", "lidar rain", "zebra", ""):
        np.testing.assert_array_equal(after.scores(query), before.scores(query))


def test_an_index_knows_how_many_texts_it_holds(index: LexicalIndex, tmp_path: Path) -> None:
    index.save(tmp_path / "bm25")
    assert LexicalIndex.load(tmp_path / "bm25", 99).size == 4


def test_an_emptied_folder_is_no_collection_without_words(index: LexicalIndex, tmp_path: Path) -> None:
    (tmp_path / "bm25").mkdir()
    with pytest.raises(FileNotFoundError):
        LexicalIndex.load(tmp_path / "bm25", 4)


def test_threads_may_share_an_index(index: LexicalIndex) -> None:
    queries = [f"{word} number{number}" for number in range(300) for word in ("container", "lidar", "crane", "rain")]
    alone = {word: index.scores(word).tolist() for word in ("container", "lidar", "crane", "rain")}
    with ThreadPoolExecutor(8) as pool:
        for query, scores in zip(queries, pool.map(index.scores, queries), strict=True):
            assert scores.tolist() == alone[query.partition(" ")[0]]


def test_indexing_says_nothing(caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]) -> None:
    with caplog.at_level(logging.DEBUG):
        LexicalIndex.build(TEXTS)
    assert not caplog.records
    assert capsys.readouterr() == ("", "")
