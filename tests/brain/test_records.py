"""Dates as intervals, ids as hashes of content, and records that nobody changes."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from brain.records import Document, Interval, Passage, ReportedQuestion, Rights, content_id, parse_interval
from tests.building import passages_of, question_of, tiny_documents


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2023-02", date(2023, 2, 1), date(2023, 2, 28)),
        ("2024-12", date(2024, 12, 1), date(2024, 12, 31)),
        ("2024-02-06", date(2024, 2, 6), date(2024, 2, 6)),
        ("0999-12", date(999, 12, 1), date(999, 12, 31)),
        ("9999-12", date(9999, 12, 1), date(9999, 12, 31)),
    ],
)
def test_a_year_a_month_or_a_day_reads_and_writes_as_itself(text: str, first: date, last: date) -> None:
    interval = parse_interval(text)
    assert interval == Interval(first=first, last=last)
    assert str(interval) == text


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("2023-11/2024-01", "2023-11-01/2024-01-31"),
        ("2024-01/2024-12", "2024"),
        ("2024-02-01/2024-02-29", "2024-02"),
        ("2022/2023", "2022-01-01/2023-12-31"),
    ],
)
def test_a_range_is_written_as_shortly_as_its_days_allow(text: str, written: str) -> None:
    assert str(parse_interval(text)) == written
    assert parse_interval(written) == parse_interval(text)


def test_unknown_is_no_interval() -> None:
    assert parse_interval("unknown") is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "last year",
        "2024-13",
        "2024-00",
        "2024-02-30",
        "24-02",
        "2024-2",
        "2024/2023",
        "2024/",
        "/2024",
        "2023/2024/2025",
        "unknown/2024",
        "0000",
        "2024-02-06T10:00",
    ],
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"date|month|day|year|ends"):
        parse_interval(text)


@given(st.dates(), st.dates())
def test_every_interval_survives_writing_and_reading(one: date, other: date) -> None:
    interval = Interval(first=min(one, other), last=max(one, other))
    assert parse_interval(str(interval)) == interval


def test_dates_travel_through_json_as_short_text() -> None:
    document = tiny_documents()[0]
    assert '"published":"2025-03","interviewed":"unknown"' in document.model_dump_json()
    assert Document.model_validate_json(document.model_dump_json()) == document


def test_the_day_of_the_interview_counts_before_that_of_publication() -> None:
    document = tiny_documents()[0]
    interviewed = document.model_copy(update={"interviewed": parse_interval("2024-11")})
    assert str(document.reported) == "2025-03"
    assert str(interviewed.reported) == "2024-11"


def test_an_id_is_the_same_on_every_machine() -> None:
    assert content_id("doc", "a", "ü") == "doc_343996ffb271801f"


def test_where_one_part_ends_and_the_next_begins_counts() -> None:
    ids = {content_id("doc", *parts) for parts in (("ab", "c"), ("a", "bc"), ("abc",), ("abc", ""), ("c", "ab"))}
    assert len(ids) == 5


@pytest.mark.parametrize("field", ["id", "text", "title"])
def test_a_record_cannot_be_changed(field: str) -> None:
    document = tiny_documents()[0]
    with pytest.raises(ValidationError, match="frozen"):
        setattr(document, field, "other")


@pytest.mark.parametrize("model", [Document, Passage, ReportedQuestion, Rights, Interval])
def test_a_record_refuses_fields_that_it_does_not_know(
    model: type[Document | Passage | ReportedQuestion | Rights | Interval],
) -> None:
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        model.model_validate({"surprise": 1})


def test_offsets_are_those_of_the_text() -> None:
    for document in tiny_documents():
        question = question_of(document)
        assert document.text[question.start : question.end] == question.quote
        for passage in passages_of(document):
            assert document.text[passage.start : passage.end] == passage.text


def test_a_passage_is_searched_with_its_headings() -> None:
    passage = passages_of(tiny_documents()[0])[0]
    assert passage.search_text == f"{passage.headings[0]}\n{passage.text}"
    assert passage.model_copy(update={"headings": ()}).search_text == passage.text


@pytest.mark.parametrize(
    ("form", "evidence"), [("verbatim", "source_text"), ("digest", "our_digest"), ("own", "our_card")]
)
def test_our_own_words_are_never_presented_as_a_sources(form: str, evidence: str) -> None:
    assert tiny_documents()[0].model_copy(update={"form": form}).evidence == evidence
