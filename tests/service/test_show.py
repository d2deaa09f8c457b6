"""What people read: every question with its label and numbered sources, at any width, on a terminal or in a pipe."""

import re
from collections.abc import Callable

import pytest
from rich.cells import cell_len

from brain.records import Rights
from service.generation.knowledge import cite
from service.generation.pipeline import answer_question, generate, search_evidence
from service.generation.records import AnswerRequest, Question, QuestionSet, QuestionSetRequest, SearchRequest
from service.generation.workspace import Workspace
from service.show import show_answer, show_search, show_set
from tests.building import CORPUS
from tests.service.quay import FLAGSHIP, LINK_ONLY, report

Print = Callable[[Callable[[], None], int], str]
SOURCE = re.compile(r"^\[(\d+)\] (our card on|our summary of|quoted from) ", re.MULTILINE)


@pytest.fixture
def printed(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Print:
    """What a function prints at a width."""

    def run(show: Callable[[], None], width: int = 80) -> str:
        monkeypatch.setenv("COLUMNS", str(width))
        show()
        return capsys.readouterr().out

    return run


def flat(text: str) -> str:
    return " ".join(text.split())


def check_set(text: str, made: QuestionSet) -> None:
    """Every question stands there with its label and its sources, and every number has its source."""
    whole = flat(text)
    for number, question in enumerate(made.questions, 1):
        assert f"{number}. {flat(question.text)}" in whole
        assert flat(question.label) in whole
        assert f"{question.confidence.level} confidence" in whole
        if question.answer is not None:
            for part in question.answer.parts:
                assert flat(f"{part.heading}.") in whole
                assert all(flat(sentence.text) in whole for sentence in part.sentences)
        assert all(flat(one.text) in whole for one in question.follow_ups)
    numbers = [int(number) for number, _ in SOURCE.findall(text)]
    assert numbers == list(range(1, len(numbers) + 1))
    body = text[: text.index("what this rests on")]
    assert {int(number) for number in re.findall(r"\[(\d+)\]", body)} == set(numbers)


@pytest.mark.parametrize("width", [80, 100])
def test_the_printed_set_holds_everything(printed: Print, fifty: list[QuestionSet], width: int) -> None:
    for made in fifty[:10]:
        text = printed(lambda made=made: show_set(made), width)  # type: ignore[misc]
        check_set(text, made)
        assert max(cell_len(line) for line in text.splitlines()) <= width
        assert made.title in text
        assert made.version in text
        assert "\x1b" not in text


@pytest.mark.parametrize(("width", "widest"), [(200, 100), (40, 40)])
def test_lines_fit_narrow_and_wide_terminals(printed: Print, fifty: list[QuestionSet], width: int, widest: int) -> None:
    text = printed(lambda: show_set(fifty[0]), width)
    assert max(cell_len(line) for line in text.splitlines()) <= widest
    assert all(flat(question.text) in flat(text) for question in fifty[0].questions)


def test_sources_are_named_in_the_order_in_which_they_are_met(printed: Print, fifty: list[QuestionSet]) -> None:
    made = fifty[3]
    text = printed(lambda: show_set(made), 100)
    first = made.questions[0].citations[0]
    listed = text[text.index("what this rests on") :]
    assert f"[1] {first.label}" in listed
    assert flat(first.url) in listed.replace("\n     ", "").replace("\n", "") or first.url[:60] in listed
    assert "our card on" in listed


def test_sections_and_minutes_stand_above_their_questions(printed: Print, fifty: list[QuestionSet]) -> None:
    text = flat(printed(lambda: show_set(fifty[0]), 100))
    for section in fifty[0].plan.sections:
        if section.question_ids:
            assert section.name in text
    assert "Technical phone screen · 60 min" in text
    assert "20 to 30 min" in text


def test_a_set_without_answers_is_shorter(printed: Print, workspace: Workspace) -> None:
    made = generate(workspace, QuestionSetRequest(corpus=FLAGSHIP, count=5, answers=False))
    text = printed(lambda: show_set(made), 80)
    check_set(text, made)
    assert "Situation" not in text


def test_an_empty_set_says_why(printed: Print, workspace: Workspace) -> None:
    made = generate(workspace, QuestionSetRequest(corpus=FLAGSHIP, count=3, topics=("underwater basket weaving",)))
    text = flat(printed(lambda: show_set(made), 80))
    assert "missing: no evidence for the topic 'underwater basket weaving'" in text


def test_what_was_dropped_is_counted(printed: Print, quay: Workspace) -> None:
    made = generate(quay, QuestionSetRequest(corpus=CORPUS, count=12))
    assert f"{len(made.dropped)} dropped" in printed(lambda: show_set(made), 80)


def test_several_sources_are_said_beside_the_question(printed: Print, quay: Workspace) -> None:
    made = generate(quay, QuestionSetRequest(corpus=CORPUS, count=12))
    text = printed(lambda: show_set(made), 80)
    assert "2 independent sources" in flat(text)
    assert "quoted from reports.example" in text


def test_thin_evidence_is_said(printed: Print, quay: Workspace) -> None:
    made = generate(quay, QuestionSetRequest(corpus=CORPUS, count=1))
    assert made.thinness.thin == ("Thin evidence" in printed(lambda: show_set(made), 80))
    thin = made.model_copy(update={"thinness": made.thinness.model_copy(update={"thin": True})})
    assert "Thin evidence" in printed(lambda: show_set(thin), 80)


@pytest.mark.parametrize(
    "text", ["What does [bold]x[/bold] print?", "Is [/] a tag or [link=x]?", "What is a[i][j] in C?"]
)
def test_brackets_are_text_and_no_markup(printed: Print, fifty: list[QuestionSet], text: str) -> None:
    question: Question = fifty[0].questions[0].model_copy(update={"text": text, "label": f"label of {text}"})
    made = fifty[0].model_copy(update={"questions": (question, *fifty[0].questions[1:])})
    shown = flat(printed(lambda: show_set(made), 100))
    assert text in shown
    assert f"label of {text}" in shown


def test_blanks_of_a_scaffold_are_shown(printed: Print, fifty: list[QuestionSet]) -> None:
    assert "I was [your role] on [team or project]." in flat(printed(lambda: show_set(fifty[0]), 80))


def test_an_answer_shows_its_question_and_sources(printed: Print, workspace: Workspace) -> None:
    made = answer_question(workspace, AnswerRequest(corpus=FLAGSHIP, question="Compare k-means and Gaussian mixtures."))
    text = printed(lambda: show_answer(made), 80)
    assert made.question in flat(text)
    assert {name for _, name in SOURCE.findall(text)} == {"our card on"}
    assert all(flat(s.text) in flat(text) for part in made.answer.parts for s in part.sentences)


def test_no_answer_shows_the_reason(printed: Print, workspace: Workspace) -> None:
    made = answer_question(workspace, AnswerRequest(corpus=FLAGSHIP, question="What is Kubernetes?"))
    assert flat(made.answer.reason) in flat(printed(lambda: show_answer(made), 80))


def test_a_search_says_when_nothing_is_strong_enough(printed: Print, workspace: Workspace) -> None:
    weak = search_evidence(workspace, SearchRequest(corpus=FLAGSHIP, query="sourdough"))
    assert "Nothing here is strong enough" in printed(lambda: show_search(weak), 80)
    strong = search_evidence(workspace, SearchRequest(corpus=FLAGSHIP, query="what is overfitting"))
    text = printed(lambda: show_search(strong), 80)
    assert "Nothing here" not in text
    assert all(question.text in flat(text) for question in strong.questions)


def test_a_search_shows_no_words_of_a_link_only_source(printed: Print, quay: Workspace) -> None:
    assert report("sway", LINK_ONLY).rights.display == "quote"
    document = next(one for one in quay.version.documents.values() if one.rights.display == "link_only")
    assert document.rights == Rights(basis="link only", display="link_only")
    found = search_evidence(quay, SearchRequest(corpus=CORPUS, query="notes of an interview about a crane that sways"))
    mine = [one for one in found.passages if one.citation.document_id == document.id]
    assert mine
    assert {one.citation for one in mine} <= {cite(document, one.citation.start, one.citation.end) for one in mine}
    assert "They asked: Which controller" not in flat(printed(lambda: show_search(found), 80))
