"""Understand a question's form: its kind, and whether it asks one thing."""

import re
from collections.abc import Sequence

from brain.records import QuestionKind, ReportedQuestion
from brain.retrieval import Hit
from service.generation.workspace import Workspace

SAME_ASK = 0.70
"""Cosine from which a reported question lends its kind, topics and follow-ups to one that is asked."""

_FORMS: tuple[tuple[QuestionKind, re.Pattern[str]], ...] = (
    (
        "candidate_question",
        re.compile(
            r"\b(?:your team|the team work|define success|biggest challenges? (?:your|the) team)\b", re.IGNORECASE
        ),
    ),
    (
        "motivation",
        re.compile(
            r"\bwhy (?:do you want|are you interested|this (?:company|role|team)|us\b)|\bwhy (?:amazon|google|meta)\b"
            r"|\bsalary\b|\brelocat",
            re.IGNORECASE,
        ),
    ),
    (
        "behavioral",
        re.compile(
            r"\b(?:tell me about a time|describe a (?:time|situation)|give (?:me )?an example of (?:a time|when)"
            r"|have you ever|(?:tell|structure) a story"
            r"|how do you (?:handle|deal with) (?:conflict|disagreement|pressure|feedback))\b",
            re.IGNORECASE,
        ),
    ),
    (
        "experience",
        re.compile(
            r"\b(?:tell me about yourself|your (?:resume|cv|background|research|thesis|internship|publications?)"
            r"|(?:a|your) (?:\w+ )?(?:past |recent )?projects?\b)",
            re.IGNORECASE,
        ),
    ),
    (
        "design",
        re.compile(r"\b(?:design (?:a|an|the)|how would you (?:build|design)|architect)\b", re.IGNORECASE),
    ),
    (
        "coding",
        re.compile(
            r"\b(?:implement|write (?:a|the|code|pseudo)|code (?:up|a|the|for)|from scratch|leetcode"
            r"|given an? (?:array|string|list|tree|graph|matrix|integer|linked list))\b"
            r"|^(?:reverse|find|compute|merge|return|sort|count|traverse|rotate|remove|print)\b",
            re.IGNORECASE,
        ),
    ),
)


def kind_of(workspace: Workspace, text: str, near: Sequence[Hit[ReportedQuestion]]) -> QuestionKind:
    """The kind of any question: that of a reported one that asks the same, else by its form, else by its topic."""
    if near and near[0].cosine >= SAME_ASK:
        return near[0].record.kind
    for kind, form in _FORMS:
        if form.search(text):
            return kind
    topics = [workspace.topic_by_id[topic] for topic in workspace.topics.named(text)]
    return next((topic.kinds[0] for topic in topics if topic.kinds), "concept")


def one_ask(text: str) -> tuple[str, tuple[str, ...]]:
    """The first ask of a text that puts several questions, and the others; a single ask stays as it is.

    Sentences before the first question mark belong to the first ask, since they set the scene.
    """
    if text.count("?") < 2:
        return text, ()
    asks = [part.strip() for part in re.split(r"(?<=\?)\s+", text) if part.strip()]
    return asks[0], tuple(asks[1:])
