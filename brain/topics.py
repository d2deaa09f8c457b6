"""Which topics and competencies a text names, by the aliases of the taxonomy and the cues of a company's values."""

import re
from collections.abc import Iterable, Sequence

from brain.catalog import Competency, Topic

# White space, hyphens and the dashes that join words: authors write "bias–variance" with an en dash.
_GAP = r"[\s\-‐‑‒–]"


class Namer:
    """Finds which of several things a text names: each thing has an id and phrases, matched on word borders.

    A longer phrase hides a shorter one inside it, so that "regression tree" does not also name "regression".
    """

    def __init__(self, phrases: Iterable[tuple[str, str]]) -> None:
        self._ids = {phrase.casefold(): thing for thing, phrase in phrases if phrase.strip()}
        longest_first = sorted(self._ids, key=lambda phrase: (-len(phrase), phrase))
        choice = "|".join(_pattern(phrase) for phrase in longest_first)
        self._pattern = re.compile(rf"(?<![\w]){f'({choice})'}(?!\w)") if choice else None

    @property
    def key(self) -> str:
        """What its findings depend on."""
        return self._pattern.pattern if self._pattern else ""

    def named(self, text: str) -> tuple[str, ...]:
        """The ids that the text names, in order of first mention."""
        if self._pattern is None:
            return ()
        found = (match[1] for match in self._pattern.finditer(" ".join(text.casefold().split())))
        return tuple(dict.fromkeys(self._ids[_canonical(phrase, self._ids)] for phrase in found))


def _pattern(phrase: str) -> str:
    """The phrase with an optional plural, and any dash or space between its words."""
    words = [re.escape(word) for word in re.split(f"{_GAP}+", phrase)]
    return _GAP.join(words) + "(?:s|es)?"


def _canonical(found: str, ids: dict[str, str]) -> str:
    for phrase in (found, found.removesuffix("s"), found.removesuffix("es")):
        for known in (phrase, phrase.replace("-", " "), phrase.replace(" ", "-")):
            if known in ids:
                return known
    return next(phrase for phrase in ids if re.fullmatch(_pattern(phrase), found))


def topic_namer(topics: Sequence[Topic]) -> Namer:
    """Finds topics by name and aliases."""
    return Namer((topic.id, phrase) for topic in topics for phrase in (topic.name, *topic.aliases))


def competency_namer(competencies: Sequence[Competency]) -> Namer:
    """Finds competencies by name and cues."""
    return Namer((item.id, phrase) for item in competencies for phrase in (item.name, *item.cues))
