"""What text that speaks to a language model looks like: patterns, each with words of which one must be there.

The words are looked for first, since that is many times faster than a pattern; they are in lower case and parted by
"|". Where "&" parts groups of words, one of each group must be there. In a pattern `@NAME@` stands for the part of
that name. White space in a text was reduced to single spaces before.
"""

import re
from functools import cache

from brain.orders import addressing, dictating, hints, languages, taking_over

_FLAGS = re.IGNORECASE | re.MULTILINE
SOURCES = tuple(
    f"brain.orders{name}" for name in ("", ".addressing", ".dictating", ".hints", ".languages", ".taking_over")
)

PARTS = {
    "START": (
        r"""(?:^|[.!?:;,>"“”'’()\[\]*_|–—-]\s{0,3}|\b(?:and|then|please|now|must|should"""
        r"|shall|will|to|just|instead|also|so|you|kindly)\s)\s?"
    ),
    "OLD": (
        r"(?:previous|prior|preceding|earlier|above|foregoing|aforementioned|former"
        r"|existing|initial|original|current|past|before|precedent)"
    ),
    "TOLD": (
        r"(?:instructions?|prompts?|guidelines?|directives?|commands?|orders?|directions?"
        r"|programming|system\smessages?|protocols?)"
    ),
    "GIVEN": (
        r"(?:rules?|tasks?|assignments?|information|context|texts?|messages?|conversations?"
        r"|requests?|constraints?|restrictions?|thoughts?|statements?|articles?|passages?"
        r"|documents?|contents?|polic(?:y|ies)|requirements?)"
    ),
    "READER": (
        r"(?:@MODEL@|ais|assistants?|automated\s(?:systems?|agents?|tools?|readers?)|web\sagents?|crawlers?|scrapers?"
        r"|summari[sz]ers?|claude|gemini|copilot)"
    ),
    "MODEL": (
        r"(?:ai|a\.i\.|llms?|gpt(?:-?\d)?|chat-?gpt|language\smodels?|ai\s(?:models?"
        r"|assistants?|agents?|systems?|tools?|bots?)|chat-?bots?|virtual\sassistants?)"
    ),
    "PAGE": (
        r"(?:this|the)\s(?:web\s?)?(?:page|text|document|article|site|website|content"
        r"|post|passage|file|resume|cv|profile|report)"
    ),
    "SAY": r"(?:say|print|write|output|respond|reply|answer|repeat|state|return|generate)",
}


Groups = tuple[tuple[str, ...], ...]
"""Groups of words in lower case: of each group one must be there."""


@cache
def rules() -> tuple[tuple[Groups, re.Pattern[str]], ...]:
    """All rules; compiled once, on first use."""
    written = (*taking_over.RULES, *addressing.RULES, *dictating.RULES, *languages.RULES)
    return tuple((_groups(words), re.compile(_whole(pattern), _FLAGS)) for words, pattern in written)


@cache
def weak_signs() -> tuple[tuple[int, Groups, re.Pattern[str]], ...]:
    """The points, words and pattern of each sign of `hints`."""
    return tuple((points, _groups(words), re.compile(sign, _FLAGS)) for points, words, sign in hints.HINTS)


def _groups(words: str) -> Groups:
    return tuple(tuple(group.split("|")) for group in words.split("&"))


def _whole(pattern: str) -> str:
    for name, part in PARTS.items():
        pattern = pattern.replace(f"@{name}@", part)
    return pattern
