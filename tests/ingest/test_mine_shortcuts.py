"""What the miner does to be quick changes nothing that it finds."""

import re
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sentencex import get_sentence_boundaries

import ingest.mine
from brain import sentences as cutting
from ingest import asks, blocks, kinds, reported, sections, wording
from ingest.cues import folded, folding, holds
from ingest.mine import mine

EVERY_SIGN = "".join(map(chr, range(0x110000)))
MODULES = (asks, kinds, reported, sections)
quick = settings(
    deadline=None,
    database=None,
    max_examples=25,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)
thorough = settings(quick, max_examples=200)
PROSE = st.lists(
    st.sampled_from(
        [
            *("I", "we", "they", "was", "were", "got", "asked", "told", "me", "to", "implement", "a", "trie", "about"),
            *("how", "question", "problem", "puzzle", "given", "shown", "with", "similar", "the", "following", "there"),
            *("had", "explain", "design", "my", "resume", "conflict", "HR", "round", "tips", "answer", "Two", "Sum"),
            *("LC", "200", "LeetCode", "68.", "Text", "Justification", "What", "is", "X?", ":", "(", ")", ".", "->"),
            *("[x](y)", "“", "”", '"', "Ünïcode", "\u0130", "\u0131", "\u017f", "\u212a", ""),
        ]
    ),
    max_size=25,
).map(" ".join)


def folding_patterns(found: object) -> list[re.Pattern[str]]:
    """The case-sensitive patterns in lower case of a module or of a table in one."""
    if isinstance(found, re.Pattern):
        letters = re.sub(r"\\.|\(\?P", "", found.pattern)
        return [found] if letters == letters.lower() and not found.flags & re.IGNORECASE else []
    if isinstance(found, dict):
        found = tuple(found.values())
    return [one for part in found for one in folding_patterns(part)] if isinstance(found, tuple) else []


FOLDING = {p.pattern: p for module in MODULES for value in vars(module).values() for p in folding_patterns(value)}


def matching(pattern: str, flags: int = re.IGNORECASE) -> st.SearchStrategy[str]:
    return st.from_regex(re.compile(pattern, flags))


def test_folded_words_have_a_letter_wherever_ignorecase_takes_a_sign_for_it_and_keep_their_offsets() -> None:
    low = folded(EVERY_SIGN)
    assert len(low) == len(EVERY_SIGN)
    for letter in "abcdefghijklmnopqrstuvwxyz":
        taken = [match.start() for match in re.finditer(letter, EVERY_SIGN, re.IGNORECASE)]
        assert taken == [match.start() for match in re.finditer(letter, low)]


@pytest.mark.parametrize("kind", [r"\w", r"\s", r"\d", r"[^\W\d_]", r"[!-@\[-`{-~]"])
def test_folding_keeps_words_spaces_digits_and_signs(kind: str) -> None:
    spans = [match.span() for match in re.finditer(kind + "+", EVERY_SIGN)]
    assert spans == [match.span() for match in re.finditer(kind + "+", folded(EVERY_SIGN))]


def test_a_folding_pattern_keeps_escapes_and_group_names() -> None:
    match = folding(r"\bHR (?P<Who>\W\S+)\b").search(folded("An HR (Team)"))
    assert match
    assert match["Who"] == "(team"


def test_there_are_folding_patterns_to_try() -> None:
    assert len(FOLDING) > 35


@pytest.mark.parametrize("pattern", FOLDING.values(), ids=lambda pattern: pattern.pattern[:40])
def test_a_folding_pattern_finds_in_folded_words_what_ignorecase_finds(pattern: re.Pattern[str]) -> None:
    loose = re.compile(pattern.pattern, re.IGNORECASE)

    @quick
    @given(
        st.one_of(PROSE, matching(pattern.pattern), st.tuples(PROSE, matching(pattern.pattern), PROSE).map(" ".join))
    )
    def same(words: str) -> None:
        spans = [match.span() for match in loose.finditer(words)]
        assert spans == [match.span() for match in pattern.finditer(folded(words))]

    same()


@pytest.mark.parametrize(("cues", "pattern"), [(row[2], row[3]) for row in reported._PATTERNS])
def test_a_report_holds_a_cue_and_begins_with_an_opener(cues: tuple[str, ...], pattern: str) -> None:
    strict = folding(pattern)

    @quick
    @given(st.one_of(matching(pattern), st.tuples(PROSE, matching(pattern), PROSE).map(" ".join)))
    def implied(words: str) -> None:
        low = folded(words)
        matches = [match.span() for match in strict.finditer(low)]
        assert not matches or holds(low, cues)
        openings = [opener.start() for opener in reported._OPENERS[cues].finditer(low)]
        assert matches == [match.span() for match in reported._matches(strict, low, openings)]

    implied()


@quick
@given(matching(reported._CANDIDATE_ASK.pattern))
def test_what_the_candidate_asked_is_no_ask_of_nothing(words: str) -> None:
    assert reported.may_report(words)


GUARDS: list[tuple[re.Pattern[str], Any]] = [
    (asks._OF_PROBLEM, asks._OF_PROBLEM_CUES),
    (asks._NUMBERED_EXERCISE, asks._NUMBERED_CUES),
    (asks._QUOTED, asks._QUOTED_CUES),
    (asks._QUESTION, ("?",)),
    (asks._TOPIC_LABEL, (":",)),
    (blocks._INLINE, blocks._MARK),
    *((pattern, wording._FIRST_PERSON) for pattern, _ in wording._SECOND_PERSON),
]


@pytest.mark.parametrize(("pattern", "guard"), GUARDS, ids=lambda value: str(value)[:40])
def test_a_guard_lets_every_match_pass(pattern: re.Pattern[str], guard: Any) -> None:
    @quick
    @given(st.one_of(matching(pattern.pattern, pattern.flags), PROSE))
    def implied(words: str) -> None:
        if match := pattern.search(words):
            found = match[0] if guard is blocks._MARK else words
            assert holds(found, guard) if isinstance(guard, tuple) else guard.search(found)

    implied()


@thorough
@given(st.text(alphabet="aZ1+#_ .\u0130é", max_size=40), st.integers(0, 12))
def test_many_tokens_are_told_without_counting_those_of_a_few_words(words: str, most: int) -> None:
    assert wording.more_tokens_than(words, most) == (len(wording.tokens(words)) > most)


@thorough
@given(st.text(max_size=60))
def test_a_text_turns_ascii_by_one_way_as_by_the_other(text: str) -> None:
    assert cutting._in_ascii(text) == text.translate(cutting._ASCII)


@thorough
@given(st.text(max_size=60))
@example("a b, c; d: e - “f” (g) h…")
def test_without_a_full_stop_sentencex_finds_no_boundary(text: str) -> None:
    plain = re.sub("[.?!]", ",", cutting._in_ascii(text))
    spans = [(one["start_index"], one["end_index"]) for one in get_sentence_boundaries("en", plain)]
    assert spans == ([(0, len(plain))] if plain else [])


@pytest.mark.parametrize("length", [1, cutting.WINDOW - 1, cutting.WINDOW, cutting.WINDOW + 1, 2 * cutting.WINDOW + 7])
@pytest.mark.parametrize("end", ["", ".", " ."])
def test_a_text_without_a_full_stop_is_cut_like_one_with_a_last_one(length: int, end: str) -> None:
    plain = ("word, " * cutting.WINDOW)[:length].rstrip() + end
    spans = cutting.sentences(plain)
    assert "".join(plain[slice(*span)] for span in spans).replace(" ", "") == plain.replace(" ", "")
    assert all(end - start <= cutting.WINDOW for start, end in spans)


@thorough
@given(st.text(max_size=60))
def test_a_line_without_marks_is_copied_as_one_with_marks_would_be(line: str) -> None:
    source = f"> {line} <"
    chars: list[str] = []
    places: list[int] = []
    blocks._copy(source, (2, len(source) - 1), chars, places, markup=False)
    words, found = blocks._verbatim(source, 2, len(source) - 1)
    plain = "".join(chars)
    lead = len(plain) - len(plain.lstrip())
    assert (words, list(found)) == (plain.strip(), places[lead : lead + len(plain.strip())])


LINES = st.tuples(
    st.sampled_from(["", "- ", "## ", "**Tips** ", "Q1: ", "1. ", "## Tips\n\n", "## Round 1\n\n"]), PROSE
)


@thorough
@given(st.lists(LINES.map("".join), max_size=8).map("\n\n".join))
def test_blocks_that_are_passed_over_hold_no_ask(text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        quickly = mine(text)
        patch.setattr(ingest.mine, "asks_nothing", lambda *_, **__: False)
        assert mine(text) == quickly


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Why Fernhill?", "motivation"),
        ("WHY Fernhill", "motivation"),
        ("why fernhill", "concept"),
        ("Why us?", "motivation"),
    ],
)
def test_why_and_a_name_asks_for_the_motivation(words: str, kind: str) -> None:
    assert kinds.kind_of(words, "question") == kind


def test_a_gerund_with_a_letter_that_only_ignorecase_knows_is_turned_as_well() -> None:
    assert wording.stand_alone("sort\u0130ng a list", "order", "coding") == "Sort a list."
