"""What a page is: a report, a posting, guidance, or none, with a reason that a curator can act on."""

import pytest

from ingest.nature import nature_of
from tests.ingest.working import REPORT

TOLD = (
    "I applied in March through the careers page. A recruiter called me after a week and we talked about my notice "
    "period. In the first round I was asked to reverse a linked list, and then they asked about hash tables. The "
    "second round was design: they wanted a rate limiter, and I explained token buckets. I was rejected "
    "two days later.\n"
)
OUTLINE = (
    "# Fernhill interview experience\n\n## Round 1: coding\n\n- Merge two sorted lists, then without extra memory\n"
    "- Explain what a hash table costs\n\n## Round 2: machine learning\n\n- k-means and how to choose k\n"
    "- Bagging against boosting\n- Overfitting, with a drawing on the board\n\n**Result:** selected after a week\n"
)
POSTING = (
    "Fernhill is looking for a machine learning engineer to join our team in Quillmouth.\n\n## What you will do\n\n"
    "- Build models that plan routes\n- Own them in production\n\n## Requirements\n\n- 3+ years of experience with "
    "Python\n- Degree in a related field\n\nWe offer a competitive salary, equity and relocation. Apply now.\n"
)
GUIDANCE = (
    "# How we hire\n\nOur interview process has three steps. Your recruiter will tell you what to expect. "
    "First you will "
    "meet an engineer for a coding exercise. Our interviewers will ask you to talk through your thinking, and we want "
    "you to ask questions. You will also hear about our values. We recommend that you prepare two examples from your "
    "work. You can expect an answer within a week. We look for people who learn.\n"
)
ADVICE = (
    "You should read about k-means before your interview at Fernhill. Make sure that you can explain PCA, and try to "
    "practise aloud. You will want to draw your answer. Remember to ask about the team, and don't forget to sleep. "
    "I was told that it helps. You can find more in the books that you have.\n"
)
TIPS = (
    "## Round 1\n\nYou should revise trees. Your answer can be short, and you must test it. You will be asked for the "
    "cost. ## Round 2\n\nMake sure you have examples. You may draw. Try to speak. You need rest. Your interviewer is "
    "on your side, so don't forget to ask. You can win, at Fernhill as anywhere else.\n"
)
QUESTIONS = "# Machine learning interview questions\n\n" + "\n".join(
    f"{number}. {ask}"
    for number, ask in enumerate(
        (
            "What is overfitting?",
            "Explain the bias-variance trade-off.",
            "How does a random forest differ from boosting?",
            "What is the ROC curve?",
            "Describe gradient descent.",
            "When is accuracy a bad metric?",
        ),
        1,
    )
)
WITH_A_PERSON = (
    "We sat down with the head of robotics at Fernhill to talk about carts and people.\n\n**How did you get started in "
    "robotics?**\n\nI was building kites as a child, and one thing led to another.\n\n**What does a typical day look "
    "like?**\n\nThere is none. I had three meetings on a roof last week.\n\n**What advice would you give "
    "to somebody who "
    "wants to follow your career path?**\n\nMend things. I started with toasters.\n\nThank you for talking to us!\n"
)
COURSE = (
    "Crack the machine learning interview in eight weeks! Our bootcamp has 60 lessons, 1:1 coaching and a "
    "certificate of "
    "completion. The curriculum covers coding, design and behavioural rounds. Our students now work at Fernhill and "
    "elsewhere. Enroll now and get an early-bird discount: only $499, with a money-back guarantee. "
    "Register today, limited "
    "seats. See what our alumni say in the testimonials below.\n"
)
LISTING = "\n\n".join(
    f"## {title}\n\n{teaser} ... Read more"
    for title, teaser in (
        ("My Fernhill loop", "In March I was asked to write k-means"),
        ("Two days at Oakline", "The bank's door was a revolving one"),
        ("A call with Brightwater", "They asked me about gradient boosting"),
        ("How I failed at Quarry", "I had not slept and the interviewer"),
        ("Notes from Saltmarsh", "My interview began at nine with"),
    )
)
LOGIN = (
    "Sign in to continue reading this interview experience. Please log in with your e-mail address and password, or "
    "continue with Google. Forgot your password? New here? Create an account, it is free. Remember me on "
    "this computer. "
    "By signing in you accept the terms of use and the notice on cookies.\n"
)
NOT_FOUND = (
    "404\n\nPage not found. The page that you asked for does not exist or has been moved. Try the search "
    "above, go back "
    "to the start, or look at the latest interview experiences. If you think that this is our mistake, write to us.\n"
)
OPINION = "I was tired and I had no coffee. I did not like puzzles, and the day was long. " * 5


@pytest.mark.parametrize("text", [REPORT, TOLD, OUTLINE], ids=["report", "told", "outline"])
def test_a_tale_and_an_outline_are_reports(text: str) -> None:
    assert nature_of("Fernhill", text).nature == "report"


def test_a_posting_and_guidance_are_told_apart() -> None:
    assert nature_of("Machine learning engineer", POSTING).nature == "posting"
    assert nature_of("Interviewing here", GUIDANCE).nature == "guidance"


@pytest.mark.parametrize(
    ("title", "text", "reason"),
    [
        ("Prepare well", ADVICE, "it reads as advice or opinion, not as the report of an interview"),
        ("Prepare well", TIPS, "it reads as advice or opinion, not as the report of an interview"),
        ("30 questions", QUESTIONS, "it is a list of questions, and nobody tells of an interview"),
        ("The cart lady", WITH_A_PERSON, "it is an interview with a person, not the report of a job interview"),
        ("Crack it", COURSE, "it advertises a course"),
        ("Tag: interviews", LISTING, "it is a listing of other pages"),
        ("Panel Diaries", LISTING, "it is a listing of other pages"),
        ("Interview experience", LOGIN, "it asks to log in and holds nothing else"),
        ("Not found", NOT_FOUND, "it is an error page"),
        ("A long day", OPINION, "it tells of no interview"),
    ],
)
def test_a_page_that_is_none_says_what_it_is(title: str, text: str, reason: str) -> None:
    found = nature_of(title, text)
    assert (found.nature, found.reason) == ("none", reason)


def test_pages_that_no_source_can_mean_are_known_from_those_that_were_named_wrongly() -> None:
    assert nature_of("Not found", NOT_FOUND).hopeless
    assert not nature_of("30 questions", QUESTIONS).hopeless


def test_a_hint_decides_only_where_the_page_leaves_it_open() -> None:
    plain = "Carts, maps and a team of nine. The office is in Quillmouth, by the river. " * 5
    assert nature_of("Engineer", plain, "posting").nature == "posting"
    assert nature_of("Engineer", plain, "report").nature == "none"
    assert nature_of("Engineer", REPORT, "posting").nature == "report"


def test_questions_that_were_told_of_are_a_report_and_no_list() -> None:
    asked = "I was asked these in the first round. They asked me more in the second round.\n" + QUESTIONS
    assert nature_of("My interview", asked).nature == "report"


def test_code_is_not_read() -> None:
    code = "```\n" + "# you should make sure\n" * 50 + "```\n"
    assert nature_of("Fernhill", REPORT + code).nature == "report"


@pytest.mark.parametrize("piece", ["[", "](", "?", "- ", "Q: ", "**", "```\n", "#", "page "])
def test_monotonous_text_is_read_in_good_time(piece: str) -> None:
    assert nature_of(piece * 100, piece * 30_000).nature == "none"
