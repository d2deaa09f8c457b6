"""Which company, role and level a text is about, and which of its sections."""

import pytest

from brain.catalog import Level
from brain.records import DocumentKind
from ingest.attribute import Attribution, attribute, level_of
from ingest.companies import Directory
from ingest.roles import RoleNames, level_in, role_of

AMAZON = Directory(("Amazon", "AWS", "Amazon Web Services"), (("Fernhill Robotics", "Fernhill"),))
META = Directory(("Meta", "Facebook"))
FERNHILL = Directory(("Fernhill Robotics", "Fernhill"), (("Oakline Bank", "Oakline"),))
ENGINEER = RoleNames(
    ("Machine Learning Engineer", "ML engineer"), ("Applied Scientist", "Data Scientist"), ("Software Engineer", "SDE")
)


def about(
    directory: Directory,
    title: str,
    text: str,
    kind: DocumentKind = "interview_report",
    url: str = "https://n.example/1",
) -> Attribution:
    return attribute(title, url, text, kind, directory)


def kept(directory: Directory, title: str, text: str) -> str:
    return "".join(text[start:end] for start, end in about(directory, title, text).kept)


def test_a_page_about_the_company_is_kept_whole() -> None:
    text = "I interviewed at Amazon in May. They asked about queues."
    assert kept(AMAZON, "My interview", text) == text


@pytest.mark.parametrize(
    "text",
    [
        "I interviewed at Google in May. The Google recruiter was kind. In the end I also had an offer from Amazon.",
        "My Google onsite had four rounds. I had worked at Amazon before, and my friends at Amazon helped.",
        "In my interview with Stripe I was asked to design something like Amazon, and to store it on Amazon S3.",
        "The Netflix interview went badly. Amazon pays less than Netflix.",
    ],
)
def test_a_page_that_names_the_company_in_passing_is_another_companys(text: str) -> None:
    assert "in passing only" in about(AMAZON, "A report", text).reason


def test_the_title_decides_against_a_mention() -> None:
    text = "The interview at this bank was long. I applied to Fernhill too, and they never answered."
    assert about(FERNHILL, "Two days at Oakline Bank", text).reason == (
        "it is about Oakline Bank, and names Fernhill Robotics in passing only"
    )


def test_a_company_that_no_list_knows_is_found_in_the_title() -> None:
    text = "I applied for the role through a friend. Fernhill had said no. They asked me about trees."
    assert about(FERNHILL, "Quarrystone Interview Experience", text).reason.startswith("it is about Quarrystone")


def test_a_page_that_never_names_it_says_so() -> None:
    assert about(FERNHILL, "A day", "I interviewed at Oakline.").reason == (
        "it never names Fernhill Robotics, so it is no evidence for this corpus"
    )


def test_an_address_names_the_company() -> None:
    text = "23rd March: the loop is over. They asked about trees and queues."
    assert not about(AMAZON, "23rd March", text, url="https://n.example/notes/Amazon_Interview_Afterthoughts.md").reason
    assert about(AMAZON, "23rd March", text, url="https://n.example/notes/Interview_Afterthoughts.md").reason


@pytest.mark.parametrize(
    ("text", "theirs"),
    [
        ("My interview at Meta had two coding rounds.", True),
        ("The Meta recruiter called me.", True),
        ("I interviewed with facebook in May.", True),
        ("We talked about meta learning and meta data.", False),
        ("It felt a bit Meta to be interviewed about interviews.", False),
        ("I wrote a clone of Facebook, and they asked how a post on Facebook is stored.", False),
    ],
)
def test_a_name_that_is_a_word_needs_its_context(text: str, theirs: bool) -> None:
    assert (not about(META, "A report", text).reason) is theirs


def test_tools_are_no_companies() -> None:
    google = Directory(("Google",))
    for text in ("The call was on Google Meet.", "I shared a Google Doc.", "I was googling for days."):
        assert about(google, "Interview at Fernhill", text).reason


SUMMARY = """# My placement season

I sat three interviews in one month.

## Preparation

Trees and graphs.

## Fernhill Robotics

They asked me to write k-means.

### Round 2

They asked about PCA.

## Oakline Bank (rejected)

They asked me to value a bond.

## Quarrystone

They asked me to reverse a list.
"""


def test_of_a_page_about_several_only_its_own_sections_stay() -> None:
    found = about(FERNHILL, "My placement season", SUMMARY)
    text = "\n".join(SUMMARY[start:end].strip() for start, end in found.kept)
    assert found.note == "the sections about Fernhill Robotics (1 of 3)"
    assert text.splitlines()[0] == "# My placement season"
    assert "k-means" in text
    assert "PCA" in text
    for other in ("bond", "reverse", "Trees", "three interviews"):
        assert other not in text


def test_an_ordinary_name_alone_opens_a_section_and_the_name_of_a_tool_does_not() -> None:
    text = "## Fernhill\n\nThey asked about PCA.\n\n## Google\n\nThey asked about trees.\n\n## Zoom call\n\nShort.\n"
    assert about(FERNHILL, "My season", text).note == "the sections about Fernhill Robotics (1 of 2)"
    alone = text.replace("## Google", "## Round 2")
    assert kept(FERNHILL, "Fernhill", alone) == alone


def test_a_title_that_names_several_is_read_by_section_too() -> None:
    found = about(FERNHILL, "Interviews at Fernhill and Oakline", SUMMARY)
    assert found.note == "the sections about Fernhill Robotics (1 of 2)"


def test_a_section_about_another_company_is_cut_from_a_page_about_this_one() -> None:
    text = (
        "# My Fernhill interview\n\n## Round 1\n\nThey asked about PCA.\n\n## Oakline Bank\n\nThey asked about bonds.\n"
    )
    found = about(FERNHILL, "My Fernhill interview", text)
    assert found.note == "all but the sections about Oakline Bank"
    assert "bonds" not in kept(FERNHILL, "My Fernhill interview", text)
    assert "PCA" in kept(FERNHILL, "My Fernhill interview", text)


def test_a_round_that_names_a_company_is_no_section_of_its_own() -> None:
    text = "# My Fernhill interview\n\n## Design a parking lot for Uber\n\nI drew it.\n\n## Round 2\n\nPCA.\n"
    assert kept(FERNHILL, "My Fernhill interview", text) == text


@pytest.mark.parametrize("heading", ["Technical block", "Final Block", "Block 1", "Zoom call", "The target", "In line"])
def test_a_heading_with_a_word_that_is_a_name_too_is_no_section_about_a_company(heading: str) -> None:
    text = f"# My Fernhill interview\n\n## {heading}\n\nThey asked about PCA.\n"
    assert kept(FERNHILL, "My Fernhill interview", text) == text


@pytest.mark.parametrize("title", ["Meta E5 interview", "Meta | E5 | London", "My onsite with Meta", "meta-interview"])
def test_a_title_may_name_a_company_that_is_a_word(title: str) -> None:
    assert META.named(title) == ["Meta"]
    assert META.named("Five meta questions about interviews") == []


def test_several_companies_without_sections_are_not_told_apart() -> None:
    text = (
        "I interviewed at Oakline, then I interviewed at Stripe, and I interviewed with Fernhill. "
        "The Stripe onsite was hard."
    )
    assert "several companies" in about(FERNHILL, "My search", text).reason


def test_headings_in_code_are_no_headings() -> None:
    text = "I interviewed at Fernhill.\n\n```\n# Fernhill\n# Oakline\n```\n\nThey asked about PCA.\n"
    assert kept(FERNHILL, "A report", text) == text


def test_a_posting_is_known_by_its_board() -> None:
    text = "We build models for carts. What you will do: plan routes. " * 3
    board = "https://boards.example/fernhillrobotics/jobs/1"
    assert not about(FERNHILL, "ML engineer", text, "role_description", board).reason
    assert about(FERNHILL, "ML engineer", text, "role_description").reason


def test_a_posting_of_another_company_is_known_by_its_title() -> None:
    text = "Oakline is hiring. Our people came from Fernhill and elsewhere."
    assert "Oakline Bank" in about(FERNHILL, "Analyst at Oakline", text, "role_description").reason


@pytest.mark.parametrize(
    ("title", "text", "match", "other"),
    [
        ("ML engineer at Fernhill", "We met.", "exact", ""),
        ("My interview", "I applied for the machine learning engineer position in May.", "exact", ""),
        ("My interview", "**Role:** Applied Scientist II\n\nThey asked.", "adjacent", ""),
        ("Data scientist interview", "They asked.", "adjacent", ""),
        ("AI engineer interview", "They asked.", "adjacent", ""),
        ("My interview", "They asked about trees.", "company_wide", ""),
        ("SDE-1 interview", "They asked.", "adjacent", "SDE"),
        ("My interview", "I applied for the SDE-1 role. They asked.", "adjacent", "SDE"),
        ("Delivery driver interview", "They asked.", "adjacent", "Delivery driver"),
        ("My interview", "The second round was with a product manager for an hour.", "company_wide", ""),
        (
            "My interview",
            "I work as a data engineer. The interview for the ML engineer role had two rounds.",
            "exact",
            "",
        ),
    ],
)
def test_the_role_is_the_one_that_was_applied_for(title: str, text: str, match: str, other: str) -> None:
    found = role_of(title, text, ENGINEER)
    assert (found.match, found.other) == (match, other)


def test_the_level_is_read_from_the_title_or_the_line_that_names_the_role() -> None:
    levels = (Level(id="intern", name="Intern", aliases=("internship",)), Level(id="l5", name="L5", aliases=("II",)))
    text = "I once was an intern elsewhere. I applied for the ML engineer II position."
    assert level_in("My interview", role_of("My interview", text, ENGINEER), levels) == "l5"
    assert level_in("ML engineer internship", role_of("ML engineer internship", "", ENGINEER), levels) == "intern"
    assert level_of("nothing here", levels) == ""


@pytest.mark.parametrize("piece", ["# ", "**", "A ", "at Amazon ", "Amazon's ", "# Amazon\n", "role: ", "for the "])
def test_monotonous_text_is_attributed_in_good_time(piece: str) -> None:
    about(AMAZON, piece * 200, piece * 20_000)
    role_of(piece * 200, piece * 20_000, ENGINEER)
