"""The question miner, on reports written for these tests."""

import json
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brain.sentences import WINDOW, sentences
from ingest.blocks import blocks
from ingest.mine import MinedQuestion, mine

ROOT = Path(__file__).resolve().parents[2]


def found(text: str) -> list[MinedQuestion]:
    """What is mined from an indented text, after checking every quote."""
    dedented = textwrap.dedent(text)
    questions = mine(dedented)
    assert all(dedented[one.start : one.end] == one.quote for one in questions)
    return list(questions)


def wordings(text: str) -> list[str]:
    return [one.text for one in found(text)]


LOOP = """\
    # Interview experience at Larkspur Robotics

    ## Round 1: Phone screen

    The engineer was friendly. She asked me to implement k-means from scratch and then asked why it may not converge to
    the best clustering. Could I have done better? Maybe.

    ### Questions asked

    1. **What is overfitting?**
    2. Explain the bias-variance trade-off
       - Follow-up: how would you *measure* it?
    3. Difference between `bagging` and boosting
    4. Tell me about a time when you disagreed with your manager.

    ## Round 2: System design

    **Problem:** Design a ride-sharing dispatcher.

    At the end I asked him about the on-call rota.

    ## Tips

    - What is a good way to prepare? Explain your thinking out loud.
    - Implement many small projects.
    """


def test_a_whole_report_gives_its_questions_in_order_with_kinds_rounds_and_follow_ups() -> None:
    questions = found(LOOP)
    assert [(one.text, one.kind) for one in questions] == [
        ("Implement k-means from scratch.", "coding"),
        ("Explain why it may not converge to the best clustering.", "concept"),
        ("What is overfitting?", "concept"),
        ("Explain the bias-variance trade-off.", "concept"),
        ("How would you measure it?", "concept"),
        ("What is the difference between bagging and boosting?", "concept"),
        ("Tell me about a time when you disagreed with your manager.", "behavioral"),
        ("Design a ride-sharing dispatcher.", "design"),
        ("Tell me about the on-call rota.", "candidate_question"),
    ]
    assert [one.follow_up_of for one in questions if one.follow_up] == [3]
    assert [one.round for one in questions] == ["Round 1: Phone screen"] * 7 + ["Round 2: System design"] * 2


@pytest.mark.parametrize(
    ("sentence", "wording", "kind"),
    [
        ("They asked me to introduce myself.", "Introduce yourself.", "experience"),
        (
            "I was asked about the difference between a mutex and a semaphore.",
            "What is the difference between a mutex and a semaphore?",
            "concept",
        ),
        ("He then asked me how garbage collection works.", "Explain how garbage collection works.", "concept"),
        ("I was asked if I could do it with one queue.", "Could you do it with one queue?", "concept"),
        ("She asked me about my thesis project.", "Tell me about your thesis project.", "experience"),
        ("The second puzzle was about weighing twelve coins.", "Solve this: weighing twelve coins.", "coding"),
        ("I was given a problem to find the widest gap in a list.", "Find the widest gap in a list.", "coding"),
        ("They wanted to know why I wanted to join them.", "Explain why you wanted to join them.", "motivation"),
        ('The interviewer asked, "What is a bloom filter?"', "What is a bloom filter?", "concept"),
    ],
)
def test_reported_speech_becomes_a_question_that_stands_alone(sentence: str, wording: str, kind: str) -> None:
    questions = found(f"## Round 1\n\nIt went well. {sentence}\n")
    assert [(one.text, one.kind) for one in questions] == [(wording, kind)]


@pytest.mark.parametrize(
    "text",
    [
        "## How did I prepare?\n\nWhat is the best book? I read two of them.\n",
        "## FAQ\n\n- How long does it take to hear back?\n- What is a virtual onsite?\n",
        "# What is a virtual onsite?\n\nIt is a day of video calls.\n",
        "## Round 1\n\nSo how did it go? You will see. There was one medium DP question.\n",
        "## Round 2\n\nIf you are asked about recursion, draw the tree. You may be asked to explain tries.\n",
        "## Round 1\n\nI was asked to wait, then to fill in a form and to join the next call.\n",
        "## Topics to revise\n\n- Trees\n- Graphs\n",
        "## Comments\n\n- Can you share the OA link?\n",
        "## Round 1\n\n**My approach:**\n\n- Explain the brute force first\n- What about duplicates? A set.\n",
        "- [Home](/)\n- [What we do](/about)\n- [Contact](/contact)\n",
        "## Round 1\n\n- **Difficulty:** What a medium one is?\n- **Duration:** 60 minutes\n",
    ],
)
def test_what_was_not_asked_is_not_mined(text: str) -> None:
    assert wordings(text) == []


def test_a_lead_in_line_makes_the_items_below_it_questions() -> None:
    text = """\
        In the interview they asked the following questions:

        - Cross-site scripting
        - Process vs thread
        - How DHCP works

        The round focused on:

        - Code quality
        """
    assert wordings(text) == [
        "Explain Cross-site scripting.",
        "What is the difference between Process and thread?",
        "Explain how DHCP works.",
    ]


def test_a_title_counts_only_when_nothing_below_it_does() -> None:
    text = """\
        ## Round 1: Frontend

        ### Questions asked:

        1. **Debounce**

           - Implement debounce without a library

        2. **Promise chain output**

           ```js
           Promise.resolve(1).then(console.log);
           ```
        """
    assert [(one.text, one.kind) for one in found(text)] == [
        ("Implement debounce without a library.", "coding"),
        ("Solve this: Promise chain output.", "coding"),
    ]


def test_named_exercises_are_found_where_they_were_asked() -> None:
    text = """\
        ## Round 1: Coding

        - Similar to 994. Rotting Oranges (medium)
        - They gave me LeetCode 200

        ## Resources

        - Practise Two Sum and the LRU cache.
        """
    assert [(one.quote, one.kind) for one in found(text)] == [
        ("Rotting Oranges", "coding"),
        ("LeetCode 200", "coding"),
    ]


def test_table_cells_under_a_question_column_are_mined_and_follow_ups_point_to_their_row() -> None:
    text = """\
        ## What they asked

        | Topic | Question | Follow-up |
        |---|---|---|
        | PCA | Explain PCA at a high level. | Which problem does it solve? |
        | Trees | What is pruning? How does it help? | |
        """
    questions = found(text)
    assert [one.text for one in questions] == [
        "Explain PCA at a high level.",
        "Which problem does it solve?",
        "What is pruning?",
        "How does it help?",
    ]
    assert [(one.follow_up, one.follow_up_of) for one in questions] == [(False, None), (True, 0), *[(False, None)] * 2]


def test_a_table_whose_caption_was_extracted_as_its_head_keeps_its_columns() -> None:
    text = """\
        ## Technical block

        | Questions by topic | | |
        |---|---|---|
        | Topic | What I was asked | How it went |
        |---|---|---|
        | Trees | How is a split chosen? | Was it fine? Yes. |
        """
    assert wordings(text) == ["How is a split chosen?"]


def test_a_title_that_speaks_of_machine_learning_is_not_advice() -> None:
    text = "## Round 3: machine learning depth\n\n### Questions I was asked\n\n- What is a margin?\n"
    assert wordings(text) == ["What is a margin?"]


def test_quoted_speech_in_prose_is_a_question() -> None:
    text = """\
        ## Final call

        The manager opened with “Describe a time when you missed a deadline,” and waited. Her last question was “How do
        you rest?” I laughed.
        """
    assert wordings(text) == ["Describe a time when you missed a deadline.", "How do you rest?"]


def test_a_problem_statement_in_a_text_fence_and_a_scenario_over_two_sentences_are_whole() -> None:
    text = """\
        ## First interview

        The problem was as follows:

        ```text
        Given a row of lamps, return the fewest switches that light them all.

        Lamps are numbered from zero.
        ```

        ## Second interview

        #### Question 1:
        Assume that a shop sends a list of prices. For every day you want to know the next lower price.
        """
    assert wordings(text) == [
        "Given a row of lamps, return the fewest switches that light them all.",
        "Assume that a shop sends a list of prices. For every day you want to know the next lower price.",
    ]


def test_questions_for_the_interviewer_are_labelled_as_the_candidates() -> None:
    text = """\
        ## Round 3

        ### Questions I asked the interviewer

        - What does a normal week look like?
        """
    assert [(one.text, one.kind) for one in found(text)] == [
        ("What does a normal week look like?", "candidate_question")
    ]


def test_the_same_ask_is_kept_once() -> None:
    text = "## Round 1\n\nShe asked me to introduce myself.\n\n## Round 2\n\nHe asked me to introduce myself.\n"
    assert [(one.text, one.round) for one in found(text)] == [("Introduce yourself.", "Round 1")]


def test_wording_loses_numbers_labels_and_markup_and_the_quote_keeps_the_source() -> None:
    text = "## Questions asked\n\n1. Q: **Explain** the [GIL](https://example.org/gil) in `CPython`.\n"
    (question,) = found(text)
    assert question.text == "Explain the GIL in CPython."
    assert question.quote == "**Explain** the [GIL](https://example.org/gil) in `CPython`"


def test_offsets_count_code_points_after_wide_characters_and_windows_line_ends() -> None:
    text = "## Round 1 😀\r\n\r\nÜber alles: “fine”.\u00a0A. They asked me to explain naïve Bayes.\r\n"
    (question,) = mine(text)
    assert text[question.start : question.end] == question.quote == "asked me to explain naïve Bayes"


def test_sentences_longer_than_a_window_are_cut_and_keep_their_offsets() -> None:
    plain = "word " * WINDOW + "end. Next one?"
    spans = sentences(plain)
    assert "".join(plain[a:b] for a, b in spans).replace(" ", "") == plain.replace(" ", "")
    assert plain[slice(*spans[-1])] == "Next one?"


def test_a_list_indented_by_two_under_a_number_belongs_to_that_item() -> None:
    levels = [(one.plain, one.level) for one in blocks("1. Outer:\n  - inner\n\ntext\n\n- other\n")]
    assert levels == [("Outer:", 1), ("inner", 2), ("text", 0), ("other", 1)]


def test_front_matter_is_no_heading_and_no_prose() -> None:
    assert [one.plain for one in blocks("---\ntitle: What is X?\n---\n\nBody.\n")] == ["Body."]


PIECES = st.sampled_from(
    [
        *(
            "# ",
            "## Round 1\n",
            "- ",
            "  - ",
            "1. ",
            "> ",
            "```\n",
            "| a | Question |\n|---|---|\n| x | ",
            "**",
            "`",
            "[",
        ),
        *(
            "](http://a.example)",
            "Questions asked:\n",
            "They asked me to implement a trie",
            "I asked him about pay",
            "“",
            '"',
        ),
        *(
            "What is X?",
            "Explain Y",
            "Follow-up: ",
            "\n",
            "\n\n",
            "\r",
            "\u00a0",
            "\x85",
            "\x00",
            "\ud800",
            "é",
            "😀",
            " A. ",
        ),
    ]
)


@settings(deadline=None, database=None, max_examples=200)
@given(st.one_of(st.text(max_size=300), st.lists(PIECES, max_size=60).map("".join)))
def test_any_text_is_mined_without_error_and_every_quote_is_verbatim(text: str) -> None:
    questions = mine(text)
    for place, one in enumerate(questions):
        assert text[one.start : one.end] == one.quote != ""
        assert one.text.endswith(("?", "."))
        assert one.follow_up_of is None or (one.follow_up and 0 <= one.follow_up_of < len(questions) and place)
    assert [one.start for one in questions] == sorted(one.start for one in questions)


def test_the_bench_scores_a_folder_of_labels(tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    (tmp_path / "labels").mkdir()
    (tmp_path / "texts" / "own.md").write_text(
        "## Round 1\n\nThey asked me to sort a stack. Why not?\n", encoding="utf-8"
    )
    label = {"quote": "asked me to sort a stack", "kind": "coding", "follow_up": False}
    row = json.dumps({"path": "own.md", "questions": [label]})
    (tmp_path / "labels" / "set.jsonl").write_text(row + "\n", encoding="utf-8")
    script = ROOT / "tests" / "bench" / "bench_mining.py"
    command = [sys.executable, str(script), str(tmp_path / "labels"), "--texts", str(tmp_path / "texts")]
    shown = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "| rules | 1 | 1.00 [1.00, 1.00] | 1.00 [1.00, 1.00]" in shown
    assert "| ends in '?' | 1 | 0.00" in shown
