"""Our own data files: what a digest is rendered to, and how a wrong file is named."""

import unicodedata
from pathlib import Path

import pytest

from brain.catalog import SHIPPED, Catalog
from brain.errors import CatalogError
from ingest.bundled import extract_card, extract_digest, extract_values, unwrap
from ingest.check import check
from ingest.screen import keep
from tests.ingest.working import describe_site

DIGEST = '''url = "https://notes.example/a"
title = "Notes of an interview"
kind = "interview_report"
account = "first_person"
role_match = "exact"
published = "2024-05"
interviewed = "unknown"
retrieved = "2025-01-02"
evidence = "full"
summary = "One candidate's notes."

[[round]]
name = "Phone screen"
minutes = [45, 60]
focus = "basics"

[[question]]
text = "What is overfitting?"
kind = "concept"
round = "Phone screen"
basis = "asked"

[[question]]
text = """Why   does k-means
 converge at the cafe\u0301?"""
kind = "concept"
follow_ups = ["What if a cluster is empty?"]
basis = "listed"
'''

CARD = """---
id: k-means
title: K-means
topics: [k-means]
kinds: [concept]
---

## In one breath
It groups points,
on two lines.

## How it works
- one bullet that
  goes on

```
kept
  as it is
```

## Trade-offs
x

## When it fails
x

## Follow-ups interviewers ask
x

## Common mistakes
x
"""


def write(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path


def problem(path: Path) -> CatalogError:
    with pytest.raises(CatalogError) as caught:
        (extract_card if path.suffix == ".md" else extract_digest)(path)
    return caught.value


def line_with(text: str, part: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if part in line)


def test_every_shipped_question_stands_at_its_offsets() -> None:
    digests = sorted(SHIPPED.glob("*/digests/*.toml"))
    assert digests
    for path in digests:
        found = extract_digest(path)
        assert unicodedata.is_normalized("NFC", found.text), path
        for question in found.questions:
            assert found.text[question.start : question.end] == question.text, path


def test_an_untidy_question_stands_at_its_offsets_too(tmp_path: Path) -> None:
    found = extract_digest(write(tmp_path / "a.toml", DIGEST))
    assert [one.text for one in found.questions] == [
        "What is overfitting?",
        "Why does k-means converge at the caf\u00e9?",
    ]
    for question in found.questions:
        assert found.text[question.start : question.end] == question.text


def test_a_digest_shows_rounds_follow_ups_and_dates(tmp_path: Path) -> None:
    found = extract_digest(write(tmp_path / "a.toml", DIGEST))
    assert "- Phone screen (45 to 60 minutes): basics." in found.text
    assert "  - Follow-up: What if a cluster is empty?" in found.text
    assert (str(found.published), found.interviewed, found.display) == ("2024-05", None, "summary")


@pytest.mark.parametrize(
    ("right", "wrong", "field", "said"),
    [
        ('account = "first_person"', 'account = "third_party"', "question.0.basis", "listed or typical"),
        ('round = "Phone screen"', 'round = "Onsite"', "question.0.round", "'Onsite'"),
        ('basis = "listed"', 'basis = "guessed"', "question.1.basis", "'guessed'"),
        ('kind = "interview_report"', 'kind = "story"', "kind", "'story'"),
        ('url = "https://notes.example/a"', 'url = "notes.example"', "url", "notes.example"),
        ('published = "2024-05"', 'published = "May 2024"', "published", "May 2024"),
        ("minutes = [45, 60]", 'minutes = "long"', "round.0.minutes", "long"),
        ('evidence = "full"', 'evidence = "full"\nsumary = "x"', "sumary", "unknown field; allowed are"),
    ],
)
def test_a_wrong_field_is_named_by_file_line_and_field(
    tmp_path: Path, right: str, wrong: str, field: str, said: str
) -> None:
    path = write(tmp_path / "a.toml", DIGEST.replace(right, wrong, 1))
    error = problem(path)
    key = field.rpartition(".")[2]
    assert (error.path, error.field) == (path, field)
    assert said in error.message
    assert f"{path}:{error.line}" in error.message
    assert path.read_text("utf-8").splitlines()[(error.line or 0) - 1].startswith(f"{key} =")


def test_a_report_needs_an_account(tmp_path: Path) -> None:
    text = DIGEST.replace('account = "first_person"\n', "").replace('basis = "asked"', 'basis = "listed"')
    error = problem(write(tmp_path / "a.toml", text))
    assert error.field == "account"
    assert "needs an account" in error.message


def test_broken_toml_is_named_by_line(tmp_path: Path) -> None:
    error = problem(write(tmp_path / "a.toml", DIGEST.replace('evidence = "full"', "evidence = full")))
    assert error.line == line_with(DIGEST, "evidence")


def test_bytes_that_are_not_utf8_are_named_by_line(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes(DIGEST.encode().replace(b"basics", b"b\xe9sics"))
    error = problem(path)
    assert (error.line, "UTF-8" in error.message) == (line_with(DIGEST, "basics"), True)


def test_a_card_keeps_sentences_whole_and_fences_as_they_are(tmp_path: Path) -> None:
    found = extract_card(write(tmp_path / "k-means.md", CARD))
    assert found.text.startswith("# K-means\n\n## In one breath\nIt groups points, on two lines.\n")
    assert "- one bullet that goes on\n" in found.text
    assert "```\nkept\n  as it is\n```" in found.text


@pytest.mark.parametrize(
    ("right", "wrong", "line", "said"),
    [
        ("id: k-means", "id: kmeans", 2, "id: the id is 'kmeans', the file name says 'k-means'"),
        ("topics: [k-means]", "topics: []", 4, "topics"),
        ("title: K-means\n", "", None, "title: this field is missing"),
        ("## Trade-offs\n", "", None, "'Trade-offs' is missing"),
        ("- one bullet that", "+ one bullet that", 13, "'+'"),
        ("## In one breath", "## Trade-offs\n\n## In one breath", 8, "unexpected heading 'Trade-offs'"),
        ("title: K-means", "title: [K-means", None, "not valid YAML"),
        ("title: K-means", "title: 2024-02-30", None, "not valid YAML"),
    ],
)
def test_a_wrong_card_is_named_by_file_line_and_field(
    tmp_path: Path, right: str, wrong: str, line: int | None, said: str
) -> None:
    path = write(tmp_path / "k-means.md", CARD.replace(right, wrong, 1))
    error = problem(path)
    assert (error.path, error.line) == (path, line)
    assert said in error.message


def test_a_paragraph_after_a_fence_is_not_joined_to_it() -> None:
    assert unwrap("a\nb\n\n```\nx\ny\n```\nc\nd") == "a b\n\n```\nx\ny\n```\nc d"


def test_all_shipped_files_are_right_and_hold_no_personal_data(tmp_path: Path) -> None:
    catalog = Catalog.of(tmp_path / "none")
    assert all(line.endswith("all right") for line in check(catalog))
    for corpus_id in catalog.ids():
        corpus = catalog.corpus(corpus_id)
        found = [*map(extract_card, corpus.cards), *map(extract_digest, corpus.digests)]
        for one in [*found, extract_values(corpus.company_file)]:
            assert keep(one).document.text == one.text


def test_values_say_what_the_interviewer_listens_for(tmp_path: Path) -> None:
    describe_site(tmp_path, "127.0.0.1:1")
    found = extract_values(tmp_path / "corpora" / "companies" / "fernhill-robotics.toml")
    assert "## Say It Early" in found.text
    assert "- The candidate told somebody before being asked." in found.text
    assert (found.form, found.role_match) == ("own", "company_wide")


def test_check_names_the_line_of_an_unknown_topic(tmp_path: Path) -> None:
    describe_site(tmp_path, "127.0.0.1:1")
    digests = tmp_path / "corpora" / "fernhill-demo" / "digests"
    digests.mkdir()
    text = DIGEST.replace('basis = "listed"', 'topics = ["no-such-topic"]\nbasis = "listed"')
    write(digests / "a.toml", text)
    with pytest.raises(CatalogError) as caught:
        list(check(Catalog.of(tmp_path / "corpora")))
    assert caught.value.field == "question.1.topics"
    assert caught.value.line == line_with(text, "no-such-topic")


def test_check_refuses_two_digests_of_one_address(tmp_path: Path) -> None:
    describe_site(tmp_path, "127.0.0.1:1")
    digests = tmp_path / "corpora" / "fernhill-demo" / "digests"
    digests.mkdir()
    for name in ("a.toml", "b.toml"):
        write(digests / name, DIGEST)
    with pytest.raises(CatalogError, match=r"b\.toml:1: url: the address is that of a\.toml too; add a fragment"):
        list(check(Catalog.of(tmp_path / "corpora")))
