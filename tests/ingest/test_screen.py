"""What may and should be used, and what must not be stored."""

from pathlib import Path

import pytest

from brain.errors import UnreadableInputError
from ingest.cache import LeftOutError
from ingest.extract import extract
from ingest.screen import Scope, keep, names_any, reads_as_report, screen
from tests.ingest.working import REPORT, extracted, fetched

SCOPE = Scope(company_id="fernhill", company_names=("Fernhill Robotics", "Fernhill"), role_id="engineer")
ADVICE = (
    "You should read about k-means before your interview at Fernhill. Make sure that you can explain PCA, and try to "
    "practise aloud. You will want to draw your answer. Remember to ask about the team, and don't forget to sleep. "
    "I was told that it helps. You can find more in the books that you have.\n"
)
OUTLINE = (
    "# Fernhill interview experience\n\n## Round 1: coding\n\n- Merge two sorted lists, then without extra memory\n"
    "- Explain what a hash table costs\n\n## Round 2: machine learning\n\n- k-means and how to choose k\n"
    "- Bagging against boosting\n- Overfitting, with a drawing on the board\n\n**Result:** selected after a week\n"
)
TIPS = (
    "## Round 1\n\nYou should revise trees. Your answer can be short, and you must test it. You will be asked for the "
    "cost. ## Round 2\n\nMake sure you have examples. You may draw. Try to speak. You need rest. Your interviewer is "
    "on your side, so don't forget to ask. You can win, at Fernhill as anywhere else.\n"
)


def reason(text: str, **fields: object) -> str:
    with pytest.raises(LeftOutError) as caught:
        screen(extracted(text, **fields), SCOPE)
    return str(caught.value)


def test_a_report_about_the_company_is_used() -> None:
    document = screen(extracted(REPORT), SCOPE).document
    assert (document.text, document.company, document.role) == (REPORT, "fernhill", "engineer")
    assert document.id.startswith("d_")


def test_a_report_about_another_company_is_left_out() -> None:
    assert reason(REPORT.replace("Fernhill", "Oakline")) == (
        "it never names Fernhill Robotics, so it is no evidence for this corpus"
    )


def test_the_title_may_name_the_company() -> None:
    text = REPORT.replace("Fernhill", "their office")
    assert screen(extracted(text, title="My Fernhill interview"), SCOPE).document.company == "fernhill"


@pytest.mark.parametrize(
    ("text", "named"),
    [("at Fernhill.", True), ("Fernhill's", True), ("Fernhillside", False), ("fernhill", False), ("xFernhill", False)],
)
def test_a_company_is_named_by_a_whole_word_in_its_spelling(text: str, named: bool) -> None:
    assert names_any(text, ("Fernhill", "C++ Works")) is named


def test_a_text_of_a_few_words_is_left_out() -> None:
    assert reason("Fernhill asked me about k-means.") == "only 5 words of text were found in it"


def test_advice_is_left_out_and_postings_and_guidance_are_not_asked() -> None:
    assert reason(ADVICE) == "it reads as advice or opinion, not as the report of an interview"
    assert reason(TIPS) == "it reads as advice or opinion, not as the report of an interview"
    for fields in ({"kind": "company_guidance", "account": None}, {"account": "third_party"}):
        assert screen(extracted(ADVICE, **fields), SCOPE).document.text == ADVICE


@pytest.mark.parametrize(("text", "report"), [(REPORT, True), (OUTLINE, True), (ADVICE, False), (TIPS, False)])
def test_a_tale_and_an_outline_are_reports_and_advice_is_not(text: str, report: bool) -> None:
    assert reads_as_report(text) is report


def test_an_opinion_in_the_first_person_is_no_report_of_an_interview() -> None:
    assert not reads_as_report("I was tired and I had no coffee. I did not like puzzles, and we had a long talk. " * 5)


def test_a_page_that_asks_not_to_be_kept_is_left_out_first() -> None:
    assert reason("", signals=("noarchive", "noindex")) == "the page asks not to be kept (noarchive, noindex)"


def test_personal_data_is_removed_from_text_and_title_before_the_id_is_made() -> None:
    told = REPORT + "Write to jane.doe@mail.example, call +1 415 555 0132 or 415-555-0133, or ask @jane_doe there.\n"
    document = screen(extracted(told, title="By jane.doe@mail.example"), SCOPE).document
    for private in ("jane", "555", "@"):
        assert private not in document.text
        assert private not in document.title
    assert "Write to [e-mail removed]" in document.text
    assert document.id != screen(extracted(REPORT), SCOPE).document.id


def test_the_stored_text_is_in_nfc() -> None:
    document = screen(extracted(REPORT + "a cafe\u0301\n"), SCOPE).document
    assert document.text.endswith("a caf\u00e9\n")


def test_a_data_file_of_ours_with_personal_data_is_an_error() -> None:
    with pytest.raises(UnreadableInputError, match="holds personal data"):
        screen(extracted("Ask jane@mail.example.", form="digest"), SCOPE)


def test_outside_a_corpus_anything_is_kept() -> None:
    document = keep(extracted("Five words, of anything else.")).document
    assert (document.company, document.text) == ("", "Five words, of anything else.")


def test_most_real_reports_are_told_from_what_only_looks_alike(realworld: Path) -> None:
    shares = {name: share_of_reports(realworld / name) for name in ("interviews_html", "interviews_md")}
    assert shares["interviews_html"] >= 0.8
    assert shares["interviews_md"] >= 0.95
    assert share_of_reports(realworld / "interviews_html_negative") <= 0.15


def share_of_reports(folder: Path) -> float:
    found = []
    for path in sorted(folder.rglob("*")):
        if path.suffix not in {".html", ".md"}:
            continue
        page = extract(fetched(path.read_bytes(), "html" if path.suffix == ".html" else "markdown"))
        if len(page.text.split()) >= 40:
            found.append(reads_as_report(f"{page.title}\n{page.text}"))
    return sum(found) / len(found)
