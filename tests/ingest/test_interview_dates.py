"""When the interview was, as reports tell it."""

import pytest

from brain.records import Interval, parse_interval
from ingest.dates import interviewed

PAGE = "2024-05-20"


def told(text: str, published: str = "unknown") -> str | None:
    found = interviewed(text, parse_interval(published))
    return str(found) if found else None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("I interviewed in March 2024 at Fernhill.", "2024-03"),
        ("Interview date: 12/2023", "2023-12"),
        ("**Interview Date :** 25.03.2022", "2022-03-25"),
        ("Interviewed: 2023-11-05", "2023-11-05"),
        ("My interview was in Fall 2022.", "2022-09-01/2022-11-30"),
        ("The interviews were held in Oct-Nov 2021.", "2021-10-01/2021-11-30"),
        ("I had my onsite interview on 15th August, 2022.", "2022-08-15"),
        ("The online assessment was held on 19-Aug-2023.", "2023-08-19"),
        ("The interview was on 03/04/2023.", "2023-03-01/2023-04-30"),
        ("The interview was on 25/04/2023.", "2023-04-25"),
        ("I interviewed with them between 5th and 9th June 2023.", "2023-06-05/2023-06-09"),
        ("I interviewed in Q3 2023.", "2023-07-01/2023-09-30"),
        ("Interview period: Dec 2022 - Jan 2023", "2022-12-01/2023-01-31"),
        ("I interviewed at Fernhill in 2022.", "2022"),
        ("I applied in December 2021 and got the interview in January 2022.", "2021-12-01/2022-01-31"),
        ("The recruiter called me in early May '22 for a phone screen.", "2022-05"),
        ("# Fernhill Interview Experience (Aug 2021)\n\nThey asked me about trees.", "2021-08"),
        ("## Round 1 (12 Sept 2023)\nTrees.\n## Round 2: design - Sept 20, 2023\nA cache.", "2023-09-12/2023-09-20"),
        (
            "# Fernhill\n\nMy interview diary.\n\n# 23rd March, 2022\n\n- trees\n\n# 1st April, 2022\n\n- heaps",
            "2022-03-23/2022-04-01",
        ),
        ("**Duration**: 45 minutes\n**Date**: February 3, 2026\n**Interviewers**: two", "2026-02-03"),
        ("I graduated in May 2023 and interviewed in July 2023.", "2023-07"),
        ("I interviewed for the Summer 2024 internship in October 2023.", "2023-10"),
    ],
)
def test_a_date_beside_the_interview_is_its_date(text: str, found: str) -> None:
    assert told(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("I interviewed with them last month.", "2024-04"),
        ("I was interviewed two weeks ago.", "2024-05-03/2024-05-09"),
        ("Timeline: Applied: Jan 3, phone screen: Jan 20", "2024-01-03/2024-01-20"),
        ("I had my phone interview on Nov 5 and the onsite on Dec 3.", "2023-11-05/2023-12-03"),
        ("The recruiter reached out in January, and we had two rounds.", "2024-01"),
        ("I interviewed in May 2024.", "2024-05-01/2024-05-20"),
    ],
)
def test_words_without_a_year_count_back_from_the_publication(text: str, found: str) -> None:
    assert told(text, PAGE) == found
    if "2024" not in text:
        assert told(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "Batch of 2023. They asked me about trees in the interview.",
        "I interviewed there as a class of 2023 student.",
        "I had the interview for the 2024 batch in my college.",
        "The company was founded in 2012. I had an interview.",
        "I took a course in 2019 and then had the interview.",
        "# Fernhill SDE Intern 2024 interview experience",
        "I may interview again in 2025.",
        "Posted on March 3, 2024. I had an interview.",
        "I have been working there since March 2020, when the interview happened.",
        "In the first round they asked 5 questions on 10/12 topics.",
        "It was different from my interviews in 2017.",
        "The interview took 30 minutes; may the best one win.",
        "Interview date: 45/45/2023",
        "Interview date: 31 February 2023",
        "I interviewed in 2012 and again in 2019.",
        "```\ninterview = date(2023, 5, 1)  # interviewed on 1 May 2023\n```",
        "",
    ],
)
def test_other_dates_are_not_the_interviews(text: str) -> None:
    assert told(text) is None
    assert told(text, PAGE) is None


def test_an_interview_is_never_after_the_publication() -> None:
    assert told("I interviewed in June 2024.", PAGE) is None
    assert told("I interviewed in March 2030.", PAGE) is None
    assert told("Interview Date: April 2024\nOffer: June 3, 2024", PAGE) == "2024-04"


def test_the_answer_is_an_interval_and_any_text_is_read() -> None:
    assert isinstance(interviewed("I interviewed in 2022.", None), Interval)
    for text in (
        "1 " * 100_000,
        "May " * 50_000,
        "1/1/" * 50_000,
        "interview in " * 20_000,
        "\n".join(["# 1 May"] * 5_000),
    ):
        interviewed(text, parse_interval(PAGE))
