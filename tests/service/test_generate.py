"""Whole sets: what their questions and answers keep, and what a wish for topics, kinds, tracks and levels does."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from brain.errors import BadInputError
from brain.records import Citation
from service.generation.candidates import told
from service.generation.knowledge import cite
from service.generation.pipeline import answer_question, generate, search_evidence
from service.generation.records import (
    AnswerRequest,
    Question,
    QuestionSet,
    QuestionSetRequest,
    SearchRequest,
)
from service.generation.verify import question_failure, verify_answer
from service.generation.workspace import Workspace
from tests.building import CORPUS
from tests.service.quay import AGAIN, FLAGSHIP, MEMORISING, ROOT, environment

UNKNOWN_TOPICS = ("underwater basket weaving", "Byzantine history", "sourdough")
OTHER_COMPANIES = re.compile(r"\b(Google|Meta|Facebook|Microsoft|Netflix|Apple|OpenAI|Uber|ByteDance)\b")


def made(workspace: Workspace, **wish: object) -> QuestionSet:
    return generate(workspace, QuestionSetRequest.model_validate({"corpus": FLAGSHIP} | wish))


def citations(sets: list[QuestionSet]) -> Iterator[Citation]:
    """Every citation of every question and answer."""
    for one in sets:
        for question in one.questions:
            yield from question.citations
            if question.answer is not None:
                yield from question.answer.citations


def check_citation(citation: Citation, workspace: Workspace) -> None:
    """The invariant: the text stands where the citation says, shown as what it is."""
    document = workspace.version.documents[citation.document_id]
    text = document.text[citation.start : citation.end]
    assert text
    assert 0 <= citation.start < citation.end <= len(document.text)
    assert citation.evidence == {"verbatim": "source_text", "digest": "our_digest", "own": "our_card"}[document.form]
    assert (citation.url, citation.title, citation.source) == (document.url, document.title, document.source)
    assert citation.display == document.rights.display
    own = citation.evidence != "source_text"
    assert (citation.summary if own else citation.quote) == (None if citation.display == "link_only" else text)
    assert (citation.quote if own else citation.summary) is None


def test_every_document_is_cited_as_what_it_is(workspace: Workspace, quay: Workspace) -> None:
    for one in (workspace, quay):
        for document in one.version.documents.values():
            check_citation(cite(document, 0, 20), one)


def test_every_citation_of_fifty_sets_holds(fifty: list[QuestionSet], workspace: Workspace) -> None:
    every = list(citations(fifty))
    assert len(every) > 2_000
    for citation in every:
        check_citation(citation, workspace)


def test_summaries_are_never_shown_as_a_source_s_words(fifty: list[QuestionSet]) -> None:
    labels = {"source_text": "quoted from ", "our_digest": "our summary of ", "our_card": "our card on "}
    met = set()
    for citation in citations(fifty):
        met.add(citation.evidence)
        assert citation.label.startswith(labels[citation.evidence])
        assert (citation.quote is not None) == (citation.evidence == "source_text")
    assert {"our_digest", "our_card"} <= met


def test_a_source_s_own_words_are_quoted(quay: Workspace) -> None:
    sets = [generate(quay, QuestionSetRequest(corpus=CORPUS, seed=seed)) for seed in range(5)]
    every = list(citations(sets))
    assert {citation.evidence for citation in every} == {"source_text"}
    for citation in every:
        check_citation(citation, quay)
    assert any(citation.quote for citation in every)


def test_every_question_and_answer_passes_every_gate(fifty: list[QuestionSet], workspace: Workspace) -> None:
    for one in fifty:
        for question in one.questions:
            assert question_failure(question, workspace) is None
            assert question.answer is not None
            assert verify_answer(question.answer, workspace) == (question.answer, [])


def test_no_question_of_another_company_is_shown(fifty: list[QuestionSet], workspace: Workspace) -> None:
    documents = workspace.version.documents
    assert {documents[one.document_id].company for one in citations(fifty)} == {"", "amazon"}
    assert not [question.text for one in fifty for question in one.questions if OTHER_COMPANIES.search(question.text)]


@pytest.mark.parametrize("count", [1, 2, 12, 33, 50])
def test_the_count_is_reached(workspace: Workspace, count: int) -> None:
    found = made(workspace, count=count, answers=False)
    assert len(found.questions) == count
    assert len({question.id for question in found.questions}) == count
    assert found.thinness.missing == ()


def test_fifty_sets_of_twelve_are_complete(fifty: list[QuestionSet]) -> None:
    assert {len(one.questions) for one in fifty} == {12}


def test_more_than_there_is_ends_short_and_says_so(quay: Workspace) -> None:
    found = generate(quay, QuestionSetRequest(corpus=CORPUS, count=50, answers=False))
    assert 0 < len(found.questions) < 50
    said = " ".join(found.thinness.missing)
    assert str(len(found.questions)) in said
    assert "50" in said


def test_every_question_says_where_it_comes_from(fifty: list[QuestionSet], workspace: Workspace) -> None:
    by_id = {one.id: one for one in told(workspace)}
    for one in fifty:
        for question in one.questions:
            assert question.label
            assert question.confidence.because
            assert question.minutes > 0
            if question.provenance == "inferred":
                assert question.corroboration.reports == 0
                assert question.id not in by_id
            else:
                assert question.text == by_id[question.id].text or question.provenance == "adapted"


def test_coverage_counts_what_the_set_holds(fifty: list[QuestionSet]) -> None:
    for one in fifty[:10]:
        assert sum(one.coverage.kinds.values()) == len(one.questions)
        assert sum(one.coverage.provenance.values()) == len(one.questions)
        assert sum(one.coverage.answered.values()) == len(one.questions)
        assert one.coverage.sources >= 2


def test_ids_survive_a_closer_look(fifty: list[QuestionSet]) -> None:
    assert len({one.id for one in fifty}) == len(fifty)
    assert {one.version for one in fifty} == {fifty[0].version}


def test_the_same_request_gives_the_same_bytes(fifty: list[QuestionSet], workspace: Workspace) -> None:
    for one in fifty[:5]:
        assert generate(workspace, one.request).model_dump_json() == one.model_dump_json()


_ELSEWHERE = """
import sys
from pathlib import Path
from brain.embedding import load_embedder
from brain.store import open_version
from brain.versions import Versions
from service.generation.pipeline import answer_question, generate
from service.generation.records import AnswerRequest, QuestionSetRequest
from service.generation.workspace import Workspace
home = Path(sys.argv[1])
embedder = load_embedder("minilm-int8", home)
workspace = Workspace(open_version(Versions(home / "versions", "amazon-applied-scientist"), home,
                                   embedder_id=embedder.id), embedder)
for line in sys.stdin:
    print(generate(workspace, QuestionSetRequest.model_validate_json(line)).model_dump_json())
workspace.close()
"""


def test_another_process_gives_the_same_bytes(fifty: list[QuestionSet], flagship: Path) -> None:
    wishes = "".join(one.request.model_dump_json() + "\n" for one in fifty[:8])
    done = subprocess.run(
        [sys.executable, "-c", _ELSEWHERE, str(flagship)],
        input=wishes,
        env=environment(flagship, PYTHONHASHSEED="4711"),
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [one.model_dump_json() for one in fifty[:8]]


@pytest.mark.parametrize("topic", UNKNOWN_TOPICS)
def test_an_unknown_topic_gives_nothing_and_says_so(workspace: Workspace, topic: str) -> None:
    found = made(workspace, count=6, topics=[topic])
    assert found.questions == ()
    assert any(repr(topic) in line for line in found.thinness.missing)
    assert all(section.question_ids == () for section in found.plan.sections)


def test_an_unknown_topic_beside_a_known_one_is_named(workspace: Workspace) -> None:
    found = made(workspace, count=4, topics=["clustering", UNKNOWN_TOPICS[0]], answers=False)
    assert len(found.questions) == 4
    assert [line for line in found.thinness.missing if "no evidence" in line] == [
        f"no evidence for the topic {UNKNOWN_TOPICS[0]!r}"
    ]


@pytest.mark.parametrize(
    ("topic", "below"), [("clustering", "clustering"), ("decision trees", "decision-trees"), ("PCA", "pca")]
)
def test_topics_narrow_the_set_by_id_or_name(workspace: Workspace, topic: str, below: str) -> None:
    found = made(workspace, count=5, topics=[topic], answers=False)
    assert found.questions
    allowed = workspace.below(below)
    assert all(allowed & set(question.topics) for question in found.questions)


def test_a_topic_that_only_the_evidence_knows_is_found_by_retrieval(workspace: Workspace) -> None:
    found = made(workspace, count=3, topics=["chess engines"], answers=False)
    assert len(found.questions) <= 3
    every = {one.id for one in told(workspace)}
    assert {question.id for question in found.questions} <= every


@pytest.mark.parametrize(
    "kinds", [("behavioral",), ("concept",), ("coding", "design"), ("motivation",), ("candidate_question",)]
)
def test_only_wished_kinds_are_given(workspace: Workspace, kinds: tuple[str, ...]) -> None:
    found = made(workspace, count=8, kinds=kinds, answers=False)
    assert len(found.questions) == 8 or any("of the 8" in line for line in found.thinness.missing)
    assert {question.kind for question in found.questions} == set(kinds)


def test_kinds_and_topics_that_do_not_meet_give_nothing(workspace: Workspace) -> None:
    found = made(workspace, count=3, kinds=["behavioral"], topics=["clustering"])
    assert found.questions == ()
    assert found.thinness.missing


def test_a_kind_is_missed_only_where_there_is_none(workspace: Workspace) -> None:
    assert made(workspace, kinds=["motivation"], answers=False).questions
    found = made(workspace, count=12, kinds=["motivation", "coding"], answers=False)
    assert not [line for line in found.thinness.missing if "motivation" in line]


def other_level(question: Question, plain: dict[str, str]) -> bool:
    """Whether the label says more than the plain one: that it is from another level or kind of hire."""
    return question.label != plain[question.id] and question.label.startswith(plain[question.id])


@pytest.fixture(scope="module")
def plain(workspace: Workspace) -> dict[str, str]:
    return {one.id: one.label for one in told(workspace)}


def reported_for(workspace: Workspace, question: Question) -> set[tuple[str, str]]:
    """The tracks and levels of the reports behind a question."""
    cluster = workspace.version.cluster_of[question.id]
    records = (workspace.version.questions.get(key) for key in cluster.questions)
    return {(record.track, record.level) for record in records if record is not None}


def told_questions(found: QuestionSet) -> list[Question]:
    return [question for question in found.questions if question.provenance != "inferred"]


@pytest.mark.parametrize("track", ["intern", "full_time"])
def test_reports_of_another_track_are_labelled(workspace: Workspace, plain: dict[str, str], track: str) -> None:
    found = made(workspace, count=30, track=track, answers=False)
    labelled = {question.id: other_level(question, plain) for question in told_questions(found)}
    for question in told_questions(found):
        tracks = {one for one, _ in reported_for(workspace, question)}
        if len(tracks) == 1:
            assert labelled[question.id] == (tracks.pop() not in {"", track}), question.label
    assert set(labelled.values()) == {True, False}


@pytest.mark.parametrize("name", ["INTERN", "Applied Scientist intern"])
def test_a_track_by_name_is_the_track_by_id(workspace: Workspace, name: str) -> None:
    by_id = made(workspace, track="intern", answers=False)
    by_name = made(workspace, track=name, answers=False)
    assert [(one.id, one.label) for one in by_name.questions] == [(one.id, one.label) for one in by_id.questions]


def test_the_track_that_is_taken_by_default_is_the_one_that_labels_mean(workspace: Workspace) -> None:
    default, named = made(workspace, answers=False), made(workspace, track="full_time", answers=False)
    assert default.plan.track == named.plan.track
    labels = {question.id: question.label for question in named.questions}
    shared = [question for question in default.questions if question.id in labels]
    assert [question.label for question in shared] == [labels[question.id] for question in shared]


def test_an_unknown_track_is_refused(workspace: Workspace) -> None:
    with pytest.raises(BadInputError, match="moonlighting"):
        made(workspace, track="moonlighting")


def test_reports_of_another_level_are_labelled(workspace: Workspace, plain: dict[str, str]) -> None:
    found = made(workspace, count=30, level="Applied Scientist II", answers=False)
    for question in told_questions(found):
        levels = {level for _, level in reported_for(workspace, question)}
        if len(levels) == 1:
            assert other_level(question, plain) == (levels.pop() not in {"", "Applied Scientist II"}), question.label


def test_a_level_by_another_name_is_the_same_level(workspace: Workspace) -> None:
    one, other = (made(workspace, level=level, answers=False) for level in ("L5", "Applied Scientist II"))
    assert [question.label for question in one.questions] == [question.label for question in other.questions]


def test_a_level_is_not_a_part_of_another(workspace: Workspace, plain: dict[str, str]) -> None:
    found = made(workspace, count=30, level="Applied Scientist I", answers=False)
    seconds = [
        one for one in told_questions(found) if {"Applied Scientist II"} == {x for _, x in reported_for(workspace, one)}
    ]
    assert seconds
    assert all(other_level(question, plain) for question in seconds)


def test_corroboration_counts_reports_and_sources(quay: Workspace) -> None:
    by_text = {one.text: one for one in told(quay)}
    pair = by_text[MEMORISING] if MEMORISING in by_text else by_text[AGAIN]
    assert (pair.corroboration.reports, pair.corroboration.sources) == (2, 2)
    assert {quay.version.documents[one.document_id].source for one in pair.citations} == {
        "reports.example",
        "second.example",
    }
    assert "2 independent sources agree" in pair.confidence.because
    single = next(one for one in by_text.values() if one.corroboration.sources == 1)
    assert pair.confidence.score > single.confidence.score


def test_corroboration_of_the_flagship_counts_first_person_accounts_only(workspace: Workspace) -> None:
    for one in told(workspace):
        questions = [workspace.version.questions.get(key) for key in (one.cluster.questions if one.cluster else ())]
        first_person = {
            question.document_id for question in questions if question and question.account == "first_person"
        }
        assert one.corroboration.reports == len(first_person)
        assert one.corroboration.sources <= one.corroboration.reports
        assert (one.provenance == "reported") == bool(first_person)


def test_thin_evidence_is_called_thin(quay: Workspace, workspace: Workspace) -> None:
    assert not made(workspace, count=1).thinness.thin
    counts = quay.version.manifest.counts
    thin = generate(quay, QuestionSetRequest(corpus=CORPUS, count=1)).thinness
    assert thin.thin == (counts["independent_reports"] < 5)
    assert thin.independent_reports == counts["independent_reports"]


def test_an_answer_says_what_it_could_not_rest_on(workspace: Workspace) -> None:
    found = answer_question(workspace, AnswerRequest(corpus=FLAGSHIP, question="What is Kubernetes?"))
    assert (found.answer.scope, found.dropped) == ("none", ())


def test_a_search_shows_citations_that_hold(workspace: Workspace) -> None:
    for query in ("imbalanced classes", "leadership principles", "asdf", "PCA"):
        found = search_evidence(workspace, SearchRequest(corpus=FLAGSHIP, query=query, limit=20))
        for passage in found.passages:
            check_citation(passage.citation, workspace)
    assert found.evidence
    assert not search_evidence(workspace, SearchRequest(corpus=FLAGSHIP, query="asdf qwer")).evidence


def test_bodies_are_plain_json(fifty: list[QuestionSet]) -> None:
    body = fifty[0].model_dump_json()
    assert QuestionSet.model_validate_json(body) == fifty[0]
    assert json.loads(body)["questions"][0]["id"] == fifty[0].questions[0].id
