"""What may and should be used, as what, and what must not be stored."""

import shutil
from pathlib import Path

import pytest

from brain.catalog import Catalog, Level
from brain.errors import UnreadableInputError
from ingest.cache import LeftOutError
from ingest.extract import extract
from ingest.screen import Scope, keep, scope_of, screen
from tests.ingest.test_attribution import SUMMARY
from tests.ingest.test_nature import ADVICE, GUIDANCE, LISTING, NOT_FOUND, POSTING, QUESTIONS
from tests.ingest.working import REPORT, extracted, fetched
from tests.site.crawl_demo import SITE

SCOPE = Scope(
    company_id="fernhill",
    company_names=("Fernhill Robotics", "Fernhill"),
    role_id="engineer",
    role_names=("Machine Learning Engineer", "ML engineer"),
    adjacent_roles=("Data Scientist",),
    other_roles=("Software Engineer",),
    other_companies=(("Oakline Bank", "Oakline"),),
    levels=(Level(id="intern", name="Intern"), Level(id="senior", name="Senior")),
)


def reason(text: str, scope: Scope = SCOPE, **fields: object) -> str:
    with pytest.raises(LeftOutError) as caught:
        screen(extracted(text, **fields), scope)
    return str(caught.value)


def test_a_report_about_the_company_is_used() -> None:
    document = screen(extracted(REPORT), SCOPE).document
    assert (document.text, document.company, document.role) == (REPORT, "fernhill", "engineer")
    assert document.id.startswith("d_")


def test_a_report_about_another_company_is_left_out() -> None:
    assert reason(REPORT.replace("Fernhill", "Oakline")) == (
        "it never names Fernhill Robotics, so it is no evidence for this corpus"
    )
    passing = REPORT.replace("Fernhill", "Oakline Bank") + "My friend had an offer from Fernhill.\n"
    assert reason(passing) == "it names Fernhill Robotics in passing only, and tells of Oakline Bank"


def test_the_title_may_name_the_company() -> None:
    text = REPORT.replace("Fernhill", "their office")
    assert screen(extracted(text, title="My Fernhill interview"), SCOPE).document.company == "fernhill"


def test_a_text_of_a_few_words_is_left_out() -> None:
    assert reason("Fernhill asked me about k-means.") == "only 5 words of text were found in it"


def test_a_page_of_another_kind_than_stated_is_left_out() -> None:
    title = "Fernhill interviews"
    assert reason(ADVICE, title=title) == "it reads as advice or opinion, not as the report of an interview"
    assert reason(QUESTIONS * 2, title=title) == "it is a list of questions, and nobody tells of an interview"
    assert reason(POSTING, title=title) == "it is a job posting, not a report"
    assert reason(GUIDANCE, title=title) == "it is a company's guidance, not a report"
    assert reason(REPORT, kind="role_description", account=None) == "it is the report of an interview, not a posting"


def test_what_no_source_can_mean_is_left_out_first() -> None:
    for kind in ("interview_report", "role_description", "company_guidance"):
        assert reason(NOT_FOUND, kind=kind, title="Not found") == "it is an error page"
        assert reason(LISTING, kind=kind, title="Tag: Fernhill") == "it is a listing of other pages"


def test_what_a_third_party_lists_may_be_a_list() -> None:
    listed = "Asked at Fernhill interviews, as collected by readers of this site.\n" + QUESTIONS
    assert screen(extracted(listed, account="third_party"), SCOPE).document.account == "third_party"
    assert screen(extracted(ADVICE, kind="company_guidance", account=None), SCOPE).document.text == ADVICE


@pytest.mark.parametrize(
    ("text", "kind", "account"),
    [
        (REPORT, "interview_report", "first_person"),
        (POSTING, "role_description", None),
        (GUIDANCE, "company_guidance", None),
    ],
)
def test_where_no_kind_is_stated_a_page_is_what_it_reads_as(text: str, kind: str, account: str | None) -> None:
    for guess in ("interview_report", "role_description"):
        given = extracted(text, title="Fernhill", kind=guess, account=None, kind_stated=False)
        document = screen(given, SCOPE).document
        assert (document.kind, document.account) == (kind, account)
    assert reason(ADVICE, title="Fernhill", kind_stated=False).startswith("it reads as advice")


def test_a_page_in_another_language_says_which() -> None:
    assert reason(REPORT, language="de") == "it is in German; only English reports are read"
    assert reason(POSTING, language="fr", kind="role_description") == "it is in French; only English postings are read"
    for language in ("en", "und", "la"):
        assert screen(extracted(REPORT, language=language), SCOPE).document.language == language


def test_of_several_companies_only_the_own_sections_are_stored() -> None:
    long = SUMMARY.replace("They asked about PCA.", REPORT.replace("Fernhill", "their office"))
    document = screen(extracted(long, title="My placement season", comments="Well done."), SCOPE).document
    assert document.note == "the sections about Fernhill Robotics (1 of 3)"
    assert document.text.startswith("# My placement season\n\n## Fernhill Robotics\n\nThey asked me to write k-means.")
    assert "bond" not in document.text
    assert document.comments == ""
    assert "words of it are about Fernhill Robotics" in reason(SUMMARY + "I was asked.\n", title="My season")


def test_the_role_and_level_are_read_from_the_page_unless_stated() -> None:
    neighbour = extracted(REPORT, title="Fernhill senior data scientist interview")
    assert screen(neighbour, SCOPE).document.role_match == "adjacent"
    assert screen(neighbour, SCOPE).document.level == "senior"
    assert screen(extracted(REPORT), SCOPE).document.role_match == "company_wide"
    stated = neighbour.model_copy(update={"role_stated": True, "role_match": "exact", "level": "L5"})
    assert (screen(stated, SCOPE).document.role_match, screen(stated, SCOPE).document.level) == ("exact", "L5")


def test_another_role_is_left_out_unless_the_source_states_the_match() -> None:
    title = "Fernhill software engineer interview"
    assert reason(REPORT, title=title) == (
        "it is about the role 'software engineer', not 'Machine Learning Engineer' or a neighbour of it"
    )
    stated = extracted(REPORT, title=title, role_stated=True, role_match="adjacent")
    assert screen(stated, SCOPE).document.role_match == "adjacent"


def test_a_page_that_asks_not_to_be_kept_is_left_out_first() -> None:
    assert reason("", denials=("noarchive", "noindex")) == "the page asks not to be kept (noarchive, noindex)"


def test_what_allows_the_use_goes_to_the_ledger() -> None:
    document = screen(extracted(REPORT, signals=("tdm-reservation: 0",)), SCOPE).document
    assert document.rights.signals == ("tdm-reservation: 0",)


def test_personal_data_is_removed_from_all_that_is_stored_before_the_id_is_made() -> None:
    private = "Write to jane.doe@mail.example, call +1 415 555 0132, or ask @jane_doe there.\n"
    given = extracted(REPORT + private, title="By jane.doe@mail.example at Fernhill", comments=private)
    document = screen(given, SCOPE).document
    for stored in (document.text, document.title, document.comments):
        for word in ("jane", "555", "@"):
            assert word not in stored
    assert "[e-mail removed]" in document.comments
    assert document.id != screen(extracted(REPORT), SCOPE).document.id


def test_the_stored_text_is_in_nfc() -> None:
    document = screen(extracted(REPORT + "a cafe\u0301\n"), SCOPE).document
    assert document.text.endswith("a caf\u00e9\n")


def test_a_data_file_of_ours_with_personal_data_is_an_error() -> None:
    with pytest.raises(UnreadableInputError, match="holds personal data"):
        screen(extracted("Ask jane@mail.example.", form="digest"), SCOPE)


def test_outside_a_corpus_anything_is_kept() -> None:
    document = keep(extracted("Five words, of anything else.", language="de")).document
    assert (document.company, document.text) == ("", "Five words, of anything else.")


def test_a_scope_names_what_else_a_text_may_be_about(tmp_path: Path) -> None:
    shutil.copytree(SITE / "corpora", tmp_path, dirs_exist_ok=True)
    scope = scope_of(Catalog.of(tmp_path).corpus("fernhill-demo"))
    assert "Fernhill" in scope.company_names
    assert any("Amazon" in names for names in scope.other_companies)
    assert "Applied Scientist" in scope.adjacent_roles
    assert scope.key == scope.model_copy().key
    assert scope.key != scope.model_copy(update={"known": "another list"}).key


def test_most_real_reports_are_told_from_what_only_looks_alike(realworld: Path) -> None:
    """One half of the sources; the figures of the other are in the bench."""
    assert share_of_reports(realworld / "interviews_md" / "saumyadip25") == 1
    assert share_of_reports(realworld / "interviews_md" / "mastermind-prep") >= 0.95
    assert share_of_reports(realworld / "interviews_html_negative") == 0


def share_of_reports(folder: Path) -> float:
    found = []
    for path in sorted(folder.rglob("*")):
        if path.suffix not in {".html", ".md"}:
            continue
        page = extract(fetched(path.read_bytes(), "html" if path.suffix == ".html" else "markdown"))
        try:
            screen(page.model_copy(update={"language": "en"}), Scope())
        except LeftOutError:
            found.append(False)
        else:
            found.append(True)
    return sum(found) / len(found)
