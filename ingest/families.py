"""What is usual for a family of roles: a starting point for a draft, generic and reported by nobody."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from brain.records import QuestionKind

Part = tuple[str, tuple[QuestionKind, ...]]

_CALL: Part = ("Recruiter call", ("motivation", "experience"))
_VALUES: Part = ("Behavioral", ("behavioral",))
_YOURS: Part = ("Your questions", ("candidate_question",))


@dataclass(frozen=True)
class Family:
    """A family of roles: words that name it, neighbouring roles, shipped knowledge packs, and parts of an interview."""

    names: re.Pattern[str]
    adjacent: tuple[str, ...]
    packs: tuple[str, ...]
    parts: tuple[Part, ...]


def _named(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{words})\b", re.IGNORECASE)


_FAMILIES = (
    Family(
        _named(
            r"machine learning|deep learning|ml|mle|ai|nlp|computer vision|(?:applied|data|research) scien\w+|scientist"
        ),
        ("Machine Learning Engineer", "Applied Scientist", "Research Scientist", "Data Scientist", "AI Engineer"),
        ("machine-learning", "coding", "interviewing"),
        (
            _CALL,
            ("Technical phone screen", ("concept", "coding", "experience")),
            ("Coding", ("coding",)),
            ("Machine learning breadth and depth", ("concept", "experience")),
            ("Machine learning design", ("design",)),
            _VALUES,
            _YOURS,
        ),
    ),
    Family(
        _named(r"data|analytics|analyst|bi|business intelligence|quant\w*|statistic\w+"),
        ("Data Engineer", "Analytics Engineer", "Data Analyst", "Data Scientist"),
        ("machine-learning", "coding", "interviewing"),
        (
            _CALL,
            ("Technical screen", ("coding", "concept")),
            ("Data modelling and pipelines", ("design", "concept")),
            ("Projects", ("experience",)),
            _VALUES,
            _YOURS,
        ),
    ),
    Family(
        _named(r"engineer\w*|developer|programmer|sre|sde|swe|devops|architect|software|frontend|backend|full.?stack"),
        ("Software Engineer", "Software Developer", "Backend Engineer", "Full-Stack Engineer"),
        ("coding", "interviewing"),
        (
            _CALL,
            ("Technical phone screen", ("coding", "concept")),
            ("Coding", ("coding",)),
            ("System design", ("design",)),
            ("Projects", ("experience",)),
            _VALUES,
            _YOURS,
        ),
    ),
)
_ANY = Family(
    re.compile(""),
    (),
    ("interviewing",),
    (_CALL, ("The work itself", ("concept", "experience")), ("Case or exercise", ("design",)), _VALUES, _YOURS),
)


def family_of(names: Sequence[str]) -> Family:
    """The first family that one of a role's names belongs to; any role is of the last, general one."""
    return next((family for family in _FAMILIES if any(map(family.names.search, names))), _ANY)


def packs_for(names: Sequence[str], known: Sequence[str]) -> list[str]:
    """The known knowledge packs that fit a role: those of its family, and those named like it."""
    family = family_of(names)
    alike = [pack for pack in known if any(re.search(rf"\b{_words(pack)}\b", name, re.IGNORECASE) for name in names)]
    return list(dict.fromkeys([pack for pack in family.packs if pack in known] + alike))


def _words(pack: str) -> str:
    return r"[\s-]".join(map(re.escape, pack.split("-")))
