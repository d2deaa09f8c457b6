"""Text that speaks to a language model: paragraphs that read like an order to it, found to be marked, never followed.

Two signs make such text: it takes back or replaces what a model was told, or it addresses whoever processes the page.
A question put to anybody ("Why is the sky blue?") has neither and is not found, whatever it asks. Tricks of writing
are undone first by `brain.disguise`. What the rules find and miss is measured in docs/screening.md.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from brain.disguise import (
    Trick,
    as_ascii,
    hidden,
    in_spaced_letters,
    may_have_spaced_letters,
    reading,
    tagged,
    tricks_in,
)
from brain.orders import SOURCES as RULE_SOURCES
from brain.orders import Groups, rules, weak_signs
from brain.orders.hints import ENOUGH

SOURCES = ("brain.instructions", "brain.disguise", *RULE_SOURCES)
"""The modules whose source decides what is found."""

_SPAN = tuple[int, int]
_BREAK = re.compile(r"\n[ \t\r]*(?=\n)")
_ITEM = re.compile(r"[ \t]{0,12}(?:[-*+•]|\d{1,3}[.)])[ \t]")
_CONTINUES = re.compile(
    r"[\s\-*+•\d.)]{0,12}"
    r"(?:then|next|also|after that|afterwards|finally|in addition|do not|don't|never|always|you must)\b",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"<\|?(?:im_start|system|start_header_id)\b|<<SYS>>|\[INST\]|<system(?:_message|_prompt)?>", re.IGNORECASE
)
_CLOSING = re.compile(r"<\|?(?:im_end|eot_id)\b|<</SYS>>|\[/INST\]|</system(?:_message|_prompt)?>", re.IGNORECASE)
_MOST_BETWEEN = 20
_LONG = 1_500
"""Characters from which a paragraph of many lines is marked only around the lines that speak to a model."""
_LINES_AROUND = 2


def instruction_spans(text: str) -> list[tuple[int, int]]:
    """The paragraphs that read like an instruction to a language model: start and end of each, in order.

    The whole paragraph is meant, since what stands beside an instruction was written to be used with it; of a very
    long one the lines around it; and the list that follows a paragraph ending in a colon, or the items that go on with
    "then" and the like. Between the marks that open and close a faked message everything is meant.
    """
    active = _active(text)
    paragraphs = _paragraphs(text)
    marked = [_marked(text, span, active) for span in paragraphs]
    _continue(text, paragraphs, marked)
    _enclose(text, paragraphs, marked)
    return _joined(span for spans in marked for span in spans)


class _Active(NamedTuple):
    """What can be found in a text: words, the numbers of the signs of each, and the tricks that can hide something."""

    words: dict[str, list[int]]
    tricks: tuple[Trick, ...]
    spaced: bool


_Sign = tuple[int, Groups, re.Pattern[str]]
"""Points, words and pattern; a rule is a sign that is enough alone."""


@cache
def _signs() -> tuple[_Sign, ...]:
    return (*((ENOUGH, groups, pattern) for groups, pattern in rules()), *weak_signs())


@cache
def _words() -> dict[str, list[int]]:
    """The words of the first group of every sign, each with the numbers of its signs."""
    words: dict[str, list[int]] = {}
    for number, (_, groups, _) in enumerate(_signs()):
        for word in groups[0]:
            words.setdefault(word, []).append(number)
    return words


def _active(text: str) -> _Active:
    lowered = reading(text).lower()
    ascii_only = as_ascii(lowered)
    # A word without spaces is sought only once in what the text repeats.
    once = " ".join(set(ascii_only.split()))
    foreign = not lowered.isascii()
    there = {
        word: numbers
        for word, numbers in _words().items()
        if ((word in (ascii_only if " " in word else once)) if word.isascii() else foreign and word in lowered)
    }
    return _Active(there, tricks_in(text), may_have_spaced_letters(text))


def _speaks(text: str, active: _Active) -> bool:
    """Whether a short text reads like an instruction to a language model, as it stands or in what it hides."""
    if _orders(reading(text), active.words):
        return True
    if any(_orders(view, _words()) for view in (*tagged(text), *hidden(text, active.tricks))):
        return True
    return active.spaced and in_spaced_letters(text)


def _orders(view: str, words: dict[str, list[int]]) -> bool:
    lowered, signs = view.lower(), _signs()
    numbers = {number for word in words if word in lowered for number in words[word]}
    found = [signs[number] for number in sorted(numbers) if _has_all(lowered, signs[number][1][1:])]
    left, points = sum(one[0] for one in found), 0
    for worth, _, pattern in found:
        if points + left < ENOUGH:
            return False
        left -= worth
        points += worth if pattern.search(view) else 0
        if points >= ENOUGH:
            return True
    return False


def _has_all(lowered: str, groups: Groups) -> bool:
    return all(any(word in lowered for word in group) for group in groups)


def _paragraphs(text: str) -> list[_SPAN]:
    ends = [match.span() for match in _BREAK.finditer(text)]
    starts = [0, *(end + 1 for _, end in ends)]
    spans = zip(starts, [*(start for start, _ in ends), len(text)], strict=True)
    return [(start, end) for start, end in spans if text[start:end].strip()]


def _marked(text: str, span: _SPAN, active: _Active) -> list[_SPAN]:
    start, end = span
    paragraph = text[start:end]
    if not _speaks(paragraph, active):
        return []
    if end - start <= _LONG or paragraph.count("\n") < 2 * _LINES_AROUND:
        return [span]
    return _lines(paragraph, start, active) or [span]


def _lines(paragraph: str, offset: int, active: _Active) -> list[_SPAN]:
    """The lines that speak to a model by themselves, with two on either side."""
    starts = [0, *(match.end() for match in re.finditer("\n", paragraph))]
    bounds = [*starts[1:], len(paragraph) + 1]
    found = [place for place, start in enumerate(starts) if _speaks(paragraph[start : bounds[place] - 1], active)]
    last = len(starts) - 1
    return [
        (offset + starts[max(0, place - _LINES_AROUND)], offset + bounds[min(last, place + _LINES_AROUND)] - 1)
        for place in found
    ]


def _continue(text: str, paragraphs: list[_SPAN], marked: list[list[_SPAN]]) -> None:
    """Mark the list items that go on with what the paragraph before them began."""
    announced = False
    for place, (start, end) in enumerate(paragraphs):
        if marked[place]:
            announced = text[start:end].rstrip().endswith((":", "："))
        elif place and marked[place - 1] and _goes_on(text, paragraphs[place - 1][0], start, announced=announced):
            marked[place] = [(start, end)]
        else:
            announced = False


def _goes_on(text: str, before: int, start: int, *, announced: bool) -> bool:
    """Whether the paragraph at `start` is an item of what the marked one at `before` announced, or goes on its list."""
    if announced and _ITEM.match(text, start):
        return True
    return bool(_ITEM.match(text, before) and _CONTINUES.match(text, start))


def _enclose(text: str, paragraphs: list[_SPAN], marked: list[list[_SPAN]]) -> None:
    """Mark what stands between the signs that open and close a faked message."""
    closings = [match.start() for match in _CLOSING.finditer(text)]
    reached = 0
    for place, (start, end) in enumerate(paragraphs):
        opening = _OPENING.search(text, start, end) if place >= reached else None
        after = bisect_right(closings, opening.end()) if opening else len(closings)
        if after == len(closings):
            continue
        reached = min(place + _MOST_BETWEEN, bisect_right(paragraphs, (closings[after], len(text))))
        marked[place:reached] = [[span] for span in paragraphs[place:reached]]


def _joined(spans: Iterator[_SPAN]) -> list[_SPAN]:
    joined: list[_SPAN] = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
