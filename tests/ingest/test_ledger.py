"""The rights ledger: one row for each document, whole for programs and harmless in spreadsheets."""

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest

from brain.errors import NotIngestedError
from brain.fakes import HashEmbedder
from brain.versions import Versions
from ingest.ledger import Row, as_csv, ledger
from tests.building import CORPUS as TINY
from tests.building import publish_tiny, tiny_content, versions_in
from tests.ingest.conftest import Crawled
from tests.ingest.working import ingest, versions_of
from tests.site.crawl_demo import CORPUS

EMBEDDER = HashEmbedder()


def with_title(home: Path, title: str) -> Versions:
    """A version whose first document has this title."""
    content = tiny_content(EMBEDDER)
    first = content.documents[0].model_copy(update={"title": title})
    publish_tiny(home, replace(content, documents=[first, *content.documents[1:]]), EMBEDDER)
    return versions_in(home)


def test_every_document_has_its_row(crawled: Crawled) -> None:
    made = ledger(versions_of(crawled.home))
    counts = versions_of(crawled.home).manifest(made.version).counts
    assert len(made.documents) == counts["documents"]
    assert sum(row.passages for row in made.documents) == counts["passages"]
    assert sum(row.questions for row in made.documents) == counts["questions"]
    fetched = [row for row in made.documents if crawled.host in row.url]
    assert all(row.robots == "allowed by robots.txt" and row.retrieved != "unknown" and row.basis for row in fetched)


@pytest.mark.parametrize(
    "title",
    [
        '=HYPERLINK("http://evil.example")',
        "+1+1",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        "  =1",
        "＝1",
        "\r=1",
    ],
)
def test_no_cell_is_a_formula(tmp_path: Path, title: str) -> None:
    text = as_csv(ledger(with_title(tmp_path, title)))
    (row,) = [row for row in csv.DictReader(io.StringIO(text, newline="")) if row["title"].endswith(title)]
    assert row["title"] == f"'{title}"


def test_quotes_commas_and_lines_survive(tmp_path: Path) -> None:
    title = 'He said "no", twice,\nand left; a=b'
    text = as_csv(ledger(with_title(tmp_path, title)))
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert title in [row["title"] for row in rows]
    assert len(rows) == 10
    assert list(rows[0]) == list(Row.model_fields)


def test_a_corpus_without_a_version_says_so(tmp_path: Path) -> None:
    with pytest.raises(NotIngestedError):
        ledger(Versions(tmp_path, TINY))


def test_the_command_prints_a_table_or_json(crawled: Crawled, tmp_path: Path) -> None:
    table = ingest(crawled.home, "ledger", CORPUS)
    rows = list(csv.DictReader(io.StringIO(table.stdout)))
    made = json.loads(ingest(crawled.home, "ledger", CORPUS, "--format", "json").stdout)
    assert [row["id"] for row in rows] == [row["id"] for row in made["documents"]]
    assert made["corpus"] == CORPUS
    file = tmp_path / "ledger.csv"
    done = ingest(crawled.home, "ledger", CORPUS, "-o", str(file))
    assert file.read_text("utf-8") == table.stdout
    assert f"{len(rows)} documents in {file}" in done.stdout


def test_the_command_names_an_unknown_corpus(crawled: Crawled) -> None:
    done = ingest(crawled.home, "ledger", "fernhill-dem")
    assert done.returncode == 2
    assert CORPUS in done.stderr
