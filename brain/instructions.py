"""Text that speaks to a language model: paragraphs that read like an order to it, found to be marked, never followed.

Two signs make such text: it takes back or replaces what a model was told, or it addresses whoever processes the page.
A question put to anybody ("Why is the sky blue?") has neither and is not found, whatever it asks. Tricks of writing
are undone first by `brain.disguise`. What the rules find and miss is measured in docs/screening.md.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator

from brain.disguise import in_spaced_letters, reading, views
from brain.orders import SOURCES as RULE_SOURCES
from brain.orders import Rules, rules, weak_signs
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


def _active(text: str) -> Rules:
    """The rules that can match somewhere in the text as it reads."""
    lowered = reading(text)
    return tuple(rule for rule in rules() if any(word in lowered for word in rule[0]))


def _speaks(text: str, active: Rules) -> bool:
    """Whether a short text reads like an instruction to a language model, as it stands or in what it hides."""
    first, *hidden = views(text)
    return _orders(first, active) or any(_orders(view, rules()) for view in hidden) or in_spaced_letters(text)


def _orders(view: str, active: Rules) -> bool:
    lowered = view.lower()
    if any(any(word in lowered for word in words) and pattern.search(view) for words, pattern in active):
        return True
    signs = (sign for sign in weak_signs() if any(word in lowered for word in sign[1]))
    return sum(points for points, _, pattern in signs if pattern.search(view)) >= ENOUGH


def _paragraphs(text: str) -> list[_SPAN]:
    ends = [match.span() for match in _BREAK.finditer(text)]
    starts = [0, *(end + 1 for _, end in ends)]
    spans = zip(starts, [*(start for start, _ in ends), len(text)], strict=True)
    return [(start, end) for start, end in spans if text[start:end].strip()]


def _marked(text: str, span: _SPAN, active: Rules) -> list[_SPAN]:
    start, end = span
    paragraph = text[start:end]
    if not _speaks(paragraph, active):
        return []
    if end - start <= _LONG or paragraph.count("\n") < 2 * _LINES_AROUND:
        return [span]
    return _lines(paragraph, start, active) or [span]


def _lines(paragraph: str, offset: int, active: Rules) -> list[_SPAN]:
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
