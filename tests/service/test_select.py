"""The set as a whole: its quotas, its seed, no question twice, and told before inferred."""

from collections import Counter
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from service.generation.candidates import Candidate, gather, told
from service.generation.confidence import inferred_confidence
from service.generation.pipeline import generate
from service.generation.plan import Slot, choose_track, plan_slots
from service.generation.records import Confidence, QuestionSet, QuestionSetRequest
from service.generation.select import NEAR_DUPLICATE, Selector
from service.generation.workspace import Workspace
from tests.service.quay import AGAIN, FLAGSHIP, MEMORISING

CONCEPT = Slot("Phone screen", "concept")


def candidate(text: str, score: float = 0.5, **fields: object) -> Candidate:
    """A reported concept question that rests on nothing but its words."""
    made = Candidate(
        id=f"q_{text}",
        text=text,
        kind="concept",
        topics=(),
        competencies=(),
        round="",
        provenance="reported",
        role_match="exact",
        label="reported",
        confidence=Confidence(level="medium", score=score, because=()),
        citations=(),
    )
    return replace(made, **fields)  # type: ignore[arg-type]


def chosen(workspace: Workspace, candidates: list[Candidate], seed: int = 0, slot: Slot = CONCEPT) -> list[str]:
    """The texts that the selector gives, until it has no more."""
    selector = Selector(workspace, candidates, seed)
    texts = []
    while (found := selector.choose(slot)) is not None:
        texts.append(found.candidate.text)
    return texts


def test_kinds_and_parts_are_as_planned(fifty: list[QuestionSet], workspace: Workspace) -> None:
    track = choose_track(workspace.version.context.tracks, "")
    planned = Counter((slot.section, slot.kind) for slot in plan_slots(track, QuestionSetRequest(corpus=FLAGSHIP)))
    for made in fifty:
        assert Counter((question.section, question.kind) for question in made.questions) == planned


def test_the_plan_lists_each_question_once_in_its_part(fifty: list[QuestionSet]) -> None:
    for made in fifty:
        placed = [(key, section.name) for section in made.plan.sections for key in section.question_ids]
        assert placed == [(question.id, question.section) for question in made.questions]


def test_the_same_seed_gives_the_same_set(fifty: list[QuestionSet], workspace: Workspace) -> None:
    for made in fifty[:5]:
        assert generate(workspace, made.request) == made


def test_different_seeds_give_different_sets(fifty: list[QuestionSet]) -> None:
    sets = {frozenset(question.id for question in made.questions) for made in fifty}
    assert len(sets) >= 48


def test_fifty_seeds_reach_far_beyond_one_set(fifty: list[QuestionSet]) -> None:
    assert len({question.id for made in fifty for question in made.questions}) >= 40


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_no_two_questions_of_a_large_set_are_near_duplicates(workspace: Workspace, seed: int) -> None:
    made = generate(workspace, QuestionSetRequest(corpus=FLAGSHIP, count=50, seed=seed, answers=False))
    vectors = np.array([workspace.retriever.embed(question.text) for question in made.questions])
    near = [
        (made.questions[one].text, made.questions[other].text)
        for one, other in combinations(range(len(vectors)), 2)
        if float(vectors[one] @ vectors[other]) >= NEAR_DUPLICATE
    ]
    assert not near


def test_a_near_duplicate_is_dropped_and_said_so(workspace: Workspace) -> None:
    selector = Selector(workspace, [candidate(MEMORISING, 0.9), candidate(AGAIN, 0.1)], seed=0)
    first = selector.choose(CONCEPT)
    assert first is not None
    assert first.candidate.text == MEMORISING
    assert selector.choose(CONCEPT) is None
    assert [(one.id, one.text, one.gate) for one in selector.near_duplicates] == [
        (f"q_{AGAIN}", AGAIN, "near-duplicate")
    ]


def kinds_with_inferred(made: QuestionSet) -> set[str]:
    return {question.kind for question in made.questions if question.provenance == "inferred"}


@pytest.mark.parametrize("kinds", [("behavioral",), ("design",), ("experience", "candidate_question"), ()])
def test_told_questions_are_used_up_before_inferred_ones(workspace: Workspace, kinds: tuple[str, ...]) -> None:
    request = QuestionSetRequest.model_validate({"corpus": FLAGSHIP, "count": 50, "kinds": kinds, "answers": False})
    made = generate(workspace, request)
    used = {question.id for question in made.questions} | {one.id for one in made.dropped}
    left = [one.text for one in told(workspace) if one.kind in kinds_with_inferred(made) and one.id not in used]
    assert kinds_with_inferred(made)
    assert not left


def test_a_told_question_beats_an_inferred_one_whatever_its_confidence(workspace: Workspace) -> None:
    weak = candidate("Why do cranes sway in the wind?", 0.05)
    inferred = candidate("What is a bucket brigade?", provenance="inferred", confidence=inferred_confidence("a card"))
    for seed in range(20):
        assert chosen(workspace, [inferred, weak], seed) == [weak.text, inferred.text]


def test_even_a_repeated_topic_beats_an_inferred_question(workspace: Workspace) -> None:
    texts = (
        "How does a tree choose its split?",
        "Why prune an old forest?",
        "What is a pasted leaf?",
        "Who named oaks?",
    )
    trees = [candidate(text, 0.05, topics=("decision-trees",)) for text in texts]
    inferred = candidate("What is a bucket brigade?", provenance="inferred", confidence=inferred_confidence("a card"))
    for seed in range(20):
        assert chosen(workspace, [inferred, *trees], seed)[-1] == inferred.text


def test_what_more_sources_report_comes_first(quay: Workspace) -> None:
    by_text = {one.text: one for one in told(quay)}
    pair = [by_text["What does a p-value of 0.03 tell you, and what does it not?"], by_text[MEMORISING]]
    first = Counter(chosen(quay, pair, seed)[0] for seed in range(50))
    assert by_text[MEMORISING].corroboration.sources == 2
    assert first[MEMORISING] > 25


def test_a_new_topic_beats_a_repeated_one(workspace: Workspace) -> None:
    trees = [
        candidate(text, score, topics=("decision-trees",))
        for text, score in (("How does a tree choose its split?", 0.99), ("Why prune a forest of oaks?", 0.98))
    ]
    other = candidate("What does a seismograph measure?", 0.97, topics=("pca",))
    for seed in range(20):
        order = chosen(workspace, [*trees, other], seed)
        assert {order[0], order[1]} != {one.text for one in trees}


def test_the_kind_of_the_slot_comes_first_then_any(workspace: Workspace) -> None:
    design = candidate("Design a lighthouse.", 1.0, kind="design")
    concept = candidate("What does a seismograph measure?", 0.05)
    assert chosen(workspace, [design, concept]) == [concept.text, design.text]


def test_nothing_is_given_twice(workspace: Workspace) -> None:
    pool = gather(workspace, QuestionSetRequest(corpus=FLAGSHIP, kinds=("coding",)), "full_time").candidates
    selector = Selector(workspace, pool, seed=3)
    given = []
    while (found := selector.choose(Slot("Coding", "coding"))) is not None:
        given.append(found.candidate.id)
    dropped = [one.id for one in selector.near_duplicates]
    assert len(given) == len(set(given))
    assert sorted([*given, *dropped]) == sorted(one.id for one in pool)


def test_without_candidates_there_is_no_choice(workspace: Workspace) -> None:
    assert Selector(workspace, [], seed=0).choose(CONCEPT) is None
