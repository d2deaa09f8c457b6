"""Which topics and values a text names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brain.catalog import SHIPPED, Catalog, Competency, Topic
from brain.topics import Namer, competency_namer, topic_namer

NAMER = topic_namer(
    [
        Topic(id="regression", name="Regression"),
        Topic(id="regression-trees", name="Regression tree", aliases=("CART",)),
        Topic(id="bias-variance", name="Bias-variance trade-off", aliases=("bias variance",)),
        Topic(id="knn", name="k-nearest neighbours", aliases=("kNN", "nearest neighbor")),
        Topic(id="classes", name="Class imbalance", aliases=("skewed class",)),
        Topic(id="cpp", name="C++"),
    ]
)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Explain regression.", ("regression",)),
        ("REGRESSION TREES, then regression", ("regression-trees", "regression")),
        ("how a regression tree splits", ("regression-trees",)),
        ("the bias-variance trade-off", ("bias-variance",)),
        ("the bias–variance tradeoff", ("bias-variance",)),
        ("the bias‑variance tradeoff", ("bias-variance",)),
        ("bias variance", ("bias-variance",)),
        ("bias\nvariance", ("bias-variance",)),
        ("k nearest neighbours", ("knn",)),
        ("K-Nearest-Neighbours", ("knn",)),
        ("nearest neighbors", ("knn",)),
        ("skewed classes", ("classes",)),
        ("Do you write C++?", ("cpp",)),
        ("trees, cart and carts", ("regression-trees",)),
    ],
)
def test_a_topic_is_named_by_its_name_or_alias_in_any_spelling(text: str, named: tuple[str, ...]) -> None:
    assert NAMER.named(text) == named


@pytest.mark.parametrize("text", ["", "progression", "regressions2", "cartoon", "bias. Variance", "C", "trees"])
def test_a_part_of_a_word_names_nothing(text: str) -> None:
    assert NAMER.named(text) == ()


def test_topics_come_in_the_order_of_their_first_mention() -> None:
    assert NAMER.named("C++ before regression, and C++ after CART") == ("cpp", "regression", "regression-trees")


def test_without_phrases_nothing_is_named() -> None:
    assert Namer([]).named("anything") == ()
    assert Namer([("blank", ""), ("blank", " ")]).named("anything at all") == ()


def test_a_changed_alias_changes_the_key() -> None:
    one, other = (topic_namer([Topic(id="a", name="A", aliases=(alias,))]) for alias in ("x y", "x z"))
    assert one.key != other.key


def test_a_value_is_named_by_its_cues() -> None:
    values = (
        Competency(id="ownership", name="Ownership", summary="", listens_for=(), cues=("outside your role",)),
        Competency(id="frugality", name="Frugality", summary="", listens_for=()),
    )
    namer = competency_namer(values)
    assert namer.named("When did you do something outside your role? Was it frugality?") == ("ownership", "frugality")


def test_every_shipped_topic_and_value_is_named_by_its_own_name() -> None:
    corpus = Catalog([SHIPPED]).corpus("amazon-applied-scientist")
    topics, values = topic_namer(corpus.topics), competency_namer(corpus.company.competency)
    assert [topic.id for topic in corpus.topics if topic.id not in topics.named(topic.name)] == []
    assert [one.id for one in corpus.company.competency if one.id not in values.named(one.name)] == []


@given(st.text(alphabet=st.sampled_from("ab -‐–sSßİ+.\n"), min_size=1, max_size=12), st.text(max_size=20))
def test_any_phrase_and_any_text_can_be_compared(phrase: str, text: str) -> None:
    namer = Namer([("it", phrase)])
    assert set(namer.named(f"{text} {phrase} {text}")) <= {"it"}
