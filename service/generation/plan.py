"""Plan: how many questions of which kind stand in which part of the interview."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from brain.catalog import Section, Track
from brain.errors import BadInputError
from brain.records import QuestionKind
from service.generation.records import QuestionSetRequest

_UNREPORTED_WEIGHT = 45.0
"""Minutes that a part without reported minutes weighs in the division of questions; never shown as minutes."""

MINUTES: dict[QuestionKind, int] = {
    "behavioral": 6,
    "concept": 5,
    "coding": 20,
    "design": 25,
    "experience": 8,
    "motivation": 3,
    "candidate_question": 2,
}


@dataclass(frozen=True)
class Slot:
    """A place for one question: the part of the interview it belongs to, and the kind it should have."""

    section: str
    kind: QuestionKind


def choose_track(tracks: Sequence[Track], wanted: str) -> Track:
    """The wanted track by id or name, or the first. Raises BadInputError naming the nearest."""
    if not wanted:
        return tracks[0]
    names = {name.casefold(): track for track in tracks for name in (track.id, track.name)}
    if (found := names.get(wanted.casefold())) is not None:
        return found
    known = [track.id for track in tracks]
    nearest = get_close_matches(wanted, known, n=1, cutoff=0.4)
    raise BadInputError(
        f"There is no track {wanted!r}.",
        field="track",
        next_step=f"Did you mean {nearest[0]!r}?" if nearest else f"Known are {', '.join(known)}.",
    )


def plan_slots(track: Track, request: QuestionSetRequest) -> list[Slot]:
    """A slot for each wanted question, in the order of the interview.

    Questions are divided by minutes (largest remainder); within a part the kinds take turns, the first kind first.
    """
    parts = [_narrowed(section, request.kinds) for section in track.section]
    parts = [part for part in parts if part.kinds]
    if homeless := tuple(kind for kind in request.kinds if all(kind not in part.kinds for part in parts)):
        parts.append(Section(name="Other kinds that you asked for", kinds=homeless))
    shares = _divide(request.count, [_weight(part) for part in parts])
    return [
        Slot(part.name, part.kinds[turn % len(part.kinds)])
        for part, share in zip(parts, shares, strict=True)
        for turn in range(share)
    ]


def _narrowed(section: Section, kinds: Sequence[QuestionKind]) -> Section:
    if not kinds:
        return section
    return section.model_copy(update={"kinds": tuple(kind for kind in section.kinds if kind in kinds)})


def _weight(section: Section) -> float:
    return sum(section.minutes) / 2 if section.minutes else _UNREPORTED_WEIGHT


def _divide(count: int, weights: Sequence[float]) -> list[int]:
    whole = sum(weights)
    exact = [count * weight / whole for weight in weights]
    shares = [int(share) for share in exact]
    by_remainder = sorted(range(len(weights)), key=lambda i: (shares[i] - exact[i], i))
    for i in by_remainder[: count - sum(shares)]:
        shares[i] += 1
    return shares
