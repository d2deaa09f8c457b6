"""How many questions of which kind stand in which part of the interview."""

from collections import Counter
from itertools import groupby
from typing import get_args

import pytest

from brain.catalog import Catalog, Section, Track
from brain.errors import BadInputError
from brain.records import QuestionKind
from service.generation.plan import MINUTES, choose_track, plan_slots
from service.generation.records import MAX_COUNT, QuestionSetRequest
from tests.service.quay import FLAGSHIP

LONG_AND_SHORT = Track(
    id="two",
    name="Two parts",
    section=(
        Section(name="Long", minutes=(50, 70), kinds=("concept", "coding")),
        Section(name="Short", minutes=(30, 30), kinds=("behavioral",)),
    ),
)
UNREPORTED = Track(
    id="unreported",
    name="Unreported minutes",
    section=(
        Section(name="Known", minutes=(45, 45), kinds=("concept",)),
        Section(name="Unknown", kinds=("design",)),
    ),
)


@pytest.fixture(scope="module")
def tracks(tmp_path_factory: pytest.TempPathFactory) -> tuple[Track, ...]:
    return Catalog.of(tmp_path_factory.mktemp("no-overlay")).corpus(FLAGSHIP).tracks


def wish(count: int = 12, *kinds: QuestionKind) -> QuestionSetRequest:
    return QuestionSetRequest(corpus=FLAGSHIP, count=count, kinds=kinds)


def test_without_a_wish_the_first_track_is_taken(tracks: tuple[Track, ...]) -> None:
    assert choose_track(tracks, "") is tracks[0]


@pytest.mark.parametrize("wanted", ["intern", "INTERN", "Applied Scientist intern", "applied scientist INTERN"])
def test_a_track_is_found_by_id_or_name_in_any_case(tracks: tuple[Track, ...], wanted: str) -> None:
    assert choose_track(tracks, wanted).id == "intern"


def test_an_unknown_track_names_the_nearest(tracks: tuple[Track, ...]) -> None:
    with pytest.raises(BadInputError, match="interm") as caught:
        choose_track(tracks, "interm")
    assert caught.value.field == "track"
    assert "'intern'" in caught.value.next_step


def test_a_track_like_none_lists_all(tracks: tuple[Track, ...]) -> None:
    with pytest.raises(BadInputError) as caught:
        choose_track(tracks, "zzzzzz")
    assert all(track.id in caught.value.next_step for track in tracks)


def test_every_count_gets_as_many_slots(tracks: tuple[Track, ...]) -> None:
    for count in range(1, MAX_COUNT + 1):
        assert {len(plan_slots(track, wish(count))) for track in tracks} == {count}


def test_questions_are_divided_by_minutes() -> None:
    assert Counter(slot.section for slot in plan_slots(LONG_AND_SHORT, wish(9))) == {"Long": 6, "Short": 3}


def test_the_largest_remainder_gets_the_odd_question() -> None:
    assert Counter(slot.section for slot in plan_slots(LONG_AND_SHORT, wish(10))) == {"Long": 7, "Short": 3}
    assert Counter(slot.section for slot in plan_slots(LONG_AND_SHORT, wish(8))) == {"Long": 5, "Short": 3}


def test_a_part_without_reported_minutes_gets_a_share_too() -> None:
    assert Counter(slot.section for slot in plan_slots(UNREPORTED, wish(10))) == {"Known": 5, "Unknown": 5}


def test_kinds_take_turns_within_a_part() -> None:
    kinds = [slot.kind for slot in plan_slots(LONG_AND_SHORT, wish(9)) if slot.section == "Long"]
    assert kinds == ["concept", "coding"] * 3


def test_slots_stand_in_the_order_of_the_interview(tracks: tuple[Track, ...]) -> None:
    for track in tracks:
        met = [name for name, _ in groupby(plan_slots(track, wish(MAX_COUNT)), key=lambda slot: slot.section)]
        assert met == [section.name for section in track.section]


@pytest.mark.parametrize("kind", get_args(QuestionKind))
def test_a_wish_for_one_kind_gets_that_kind_only(tracks: tuple[Track, ...], kind: QuestionKind) -> None:
    for track in tracks:
        slots = plan_slots(track, wish(7, kind))
        assert [slot.kind for slot in slots] == [kind] * 7


def test_a_kind_fills_only_the_parts_that_hold_it(tracks: tuple[Track, ...]) -> None:
    holding = {section.name for section in tracks[0].section if "coding" in section.kinds}
    assert {slot.section for slot in plan_slots(tracks[0], wish(12, "coding"))} == holding


def test_every_wished_kind_gets_a_slot(tracks: tuple[Track, ...]) -> None:
    assert {slot.kind for slot in plan_slots(tracks[0], wish(6, "coding", "motivation"))} == {"coding", "motivation"}


def test_every_kind_has_its_minutes() -> None:
    assert MINUTES.keys() == set(get_args(QuestionKind))
    assert all(minutes > 0 for minutes in MINUTES.values())
