"""Review: decisions are found again, applied as they say, kept durably, and never lost."""

from collections.abc import Sequence

import numpy as np
import pytest

from brain.records import Document, ReportedQuestion
from ingest.cluster import cluster_questions
from ingest.review import Applied, Decision, Decisions, Merge, Named, apply_decisions, quote_hash
from tests.ingest.working import document, question


def asked(name: str, quote: str, of: str = "page", **fields: object) -> ReportedQuestion:
    return question(name, of, quote=quote, text=quote, **fields)


def decided(quote: str, of: str = "page", **fields: object) -> Decision:
    return Decision.model_validate({"document": f"https://{of}.example/", "quote": quote} | fields)


def applied(questions: Sequence[ReportedQuestion], *decisions: Decision, merges: Sequence[Merge] = ()) -> Applied:
    pages = {one.document_id: document(one.document_id, company="harbour") for one in questions}
    return apply_decisions(questions, pages, Decisions(decision=decisions, merge=tuple(merges)))


def test_without_decisions_nothing_changes() -> None:
    questions = [asked("q1", "Why us?"), asked("q2", "Why now?", follow_up_of="q1")]
    assert applied(questions).questions == tuple(questions)


def test_accepted_rejected_and_corrected() -> None:
    questions = [asked("q1", "Why us?"), asked("q2", "Why now?"), asked("q3", "Explain trees."), asked("q4", "Who?")]
    done = applied(
        questions,
        decided("Why us?"),
        decided("Why now?", verdict="rejected", note="the author asked herself"),
        decided(
            "Explain trees.", text="How does a tree split?", kind="coding", topics=("trees",), round="Phone screen"
        ),
    )
    first, third, last = done.questions
    assert (first.id, first.reviewed, first.text) == ("q1", True, "Why us?")
    assert (third.id, third.text, third.quote, third.kind, third.topics, third.round, third.reviewed) == (
        "q3",
        "How does a tree split?",
        "Explain trees.",
        "coding",
        ("trees",),
        "Phone screen",
        True,
    )
    assert last is questions[3]
    assert [(one.question.id, one.reason) for one in done.rejected] == [
        ("q2", "rejected by review: the author asked herself")
    ]
    assert done.counts == {"accepted": 1, "corrected": 1, "rejected": 1, "merged": 0, "unmatched": 0}


def test_a_question_asked_elsewhere_leaves_and_one_of_this_company_stays() -> None:
    questions = [asked("q1", "Why us?"), asked("q2", "Why now?")]
    done = applied(questions, decided("Why us?", company="oakline"), decided("Why now?", company="harbour"))
    assert [one.id for one in done.questions] == ["q2"]
    assert done.rejected[0].reason == "asked at 'oakline', says review"


def test_provenance_and_account_stay_in_step() -> None:
    questions = [
        asked("q1", "Why us?"),
        asked("q2", "Why now?", provenance="listed", account="third_party"),
        asked("q3", "Who?", provenance="listed", account="typical"),
    ]
    told = decided("Why us?", provenance="listed"), decided("Why now?", provenance="reported")
    found = applied(questions, *told, decided("Who?", provenance="listed")).questions
    assert [(one.provenance, one.account) for one in found] == [
        ("listed", "third_party"),
        ("reported", "first_person"),
        ("listed", "typical"),
    ]


def test_follow_ups_follow_what_became_of_each_other() -> None:
    questions = [
        asked("q1", "Implement k-means.", follow_ups=("Why does it end?", "And k?")),
        asked("q2", "Why does it end?", follow_up=True, follow_up_of="q1"),
        asked("q3", "And k?", follow_up=True, follow_up_of="q1"),
    ]
    reworded = decided("Why does it end?", text="Why does k-means converge?")
    parent, child = applied(questions, reworded, decided("And k?", verdict="rejected")).questions
    assert parent.follow_ups == ("Why does k-means converge?",)
    assert child.follow_up_of == "q1"
    orphan, _ = applied(questions, decided("Implement k-means.", verdict="rejected")).questions
    assert (orphan.follow_up_of, orphan.follow_up) == (None, True)


@pytest.mark.parametrize(
    "quote", ["why does **k-means** converge", "Why does k-means\n converge?", "“Why does k-means converge?”"]
)
def test_a_quote_is_known_by_its_words_alone(quote: str) -> None:
    assert applied([asked("q1", quote)], decided("Why does k-means converge?")).questions[0].reviewed


def test_words_that_differ_in_a_sign_that_counts_differ() -> None:
    assert quote_hash("What is C++?") != quote_hash("What is C?") != quote_hash("What is C#?")
    assert quote_hash("???") != quote_hash("!!!")


def test_a_decision_outlives_new_ids_and_a_quote_that_the_miner_cuts_elsewhere() -> None:
    before = decided("Then they wanted to know how a decision tree picks its split", verdict="rejected")
    now = asked("q_new", "they wanted to know how a decision tree picks its split")
    done = applied([now, asked("q_other", "Why us?")], before)
    assert [one.id for one in done.questions] == ["q_other"]
    assert done.unmatched == ()


def test_a_similar_question_that_has_its_own_decision_is_left_to_it() -> None:
    first, second = "Explain the L1 norm in three plain sentences", "Explain the L2 norm in three plain sentences"
    done = applied([asked("q2", second)], decided(first, verdict="rejected"), decided(second))
    assert [one.id for one in done.questions] == ["q2"]
    assert done.unmatched == (f"rejected: a question of https://page.example/ (quote_hash {quote_hash(first)})",)


def test_one_lost_decision_takes_one_question_only() -> None:
    lost = decided("Tell me what a p-value of 0.03 does tell you", verdict="rejected")
    near = (
        asked("q1", "Tell me what a p-value of 0.03 tells you"),
        asked("q2", "me what a p-value of 0.03 does tell you"),
    )
    assert [one.id for one in applied(near, lost).questions] == ["q1"]


def test_another_document_never_matches_and_is_told() -> None:
    done = applied([asked("q1", "Why us?", of="page")], decided("Why us?", of="other", verdict="rejected"))
    assert len(done.questions) == 1
    assert done.counts["unmatched"] == 1
    assert "https://other.example/" in done.unmatched[0]
    assert "Why us" not in done.unmatched[0], "reports outlive a page that is forgotten"


def test_the_address_counts_in_its_canonical_form() -> None:
    tracked = Decision(document="https://www.page.example/?utm_source=mail", quote="Why us?", verdict="rejected")
    assert applied([asked("q1", "Why us?")], tracked).questions == ()


def test_merges_name_the_questions_that_stay() -> None:
    questions = [
        asked("q1", "Why us?", of="one"),
        asked("q2", "Why our firm?", of="two"),
        asked("q3", "Who?", of="two"),
    ]

    def merge(quote: str, other: str) -> Merge:
        sides = Named(document="https://one.example/", quote=quote), Named(document="https://two.example/", quote=other)
        return Merge(one=sides[0], other=sides[1])

    same = merge("Why us?", "Why our firm?")
    assert applied(questions, merges=[same]).merges == (frozenset({"q1", "q2"}),)
    gone = applied(questions, decided("Why us?", of="one", verdict="rejected"), merges=[same])
    assert (gone.merges, gone.unmatched) == ((), ())
    lost = applied(questions, merges=[merge("Why us?", "How is the weather in spring?")])
    assert (lost.merges, len(lost.unmatched)) == ((), 1)


def test_documents_are_found_by_the_address_that_is_stored() -> None:
    page = Document.model_validate(document("d").model_dump() | {"url": "files/notes.md"})
    note = Decision(document="files/notes.md", quote="Why us?", verdict="rejected")
    done = apply_decisions([asked("q1", "Why us?", of="d")], {"d": page}, Decisions(decision=(note,)))
    assert done.questions == ()


def joined(same: Sequence[frozenset[str]], *degrees: float) -> list[tuple[str, ...]]:
    """The clusters of questions q0, q1, … of one document each, at these angles."""
    questions = [question(f"q{i}", f"d{i}") for i in range(len(degrees))]
    radians = np.deg2rad(np.array(degrees))
    vectors = np.stack([np.cos(radians), np.sin(radians)], axis=1).astype(np.float32)
    found = cluster_questions(questions, vectors, {f"d{i}": document(f"d{i}") for i in range(len(degrees))}, same)
    return [one.questions for one in found]


def test_merged_questions_are_one_cluster_whatever_their_vectors_say() -> None:
    assert joined([], 0, 90) == [("q0",), ("q1",)]
    assert joined([frozenset({"q0", "q1"})], 0, 90) == [("q0", "q1")]
    assert joined([frozenset({"q1", "q0"}), frozenset({"q1", "q2"})], 0, 90, 45) == [("q0", "q1", "q2")]
    assert joined([frozenset({"q0", "gone"})], 0, 90) == [("q0",), ("q1",)]


def test_what_is_close_to_one_wording_joins_the_merged_question() -> None:
    assert joined([frozenset({"q0", "q1"})], 0, 90, 80) == [("q0", "q1", "q2")]
    assert joined([frozenset({"q0", "q1"})], 0, 90, 45) == [("q0", "q1"), ("q2",)]
