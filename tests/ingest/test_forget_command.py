"""The command `ingest forget`: it shows what will go, asks, and gives a receipt to people and to machines."""

import json
from pathlib import Path

import pytest

from ingest.forget import Receipt
from ingest.tombstones import Tombstones
from tests.ingest.conftest import Crawled
from tests.ingest.remains import documents_at, traces
from tests.ingest.working import ingest, versions_of
from tests.site.crawl_demo import CORPUS

BEN = "/reports/ben-2025.html"


@pytest.fixture
def own(crawled: Crawled, tmp_path: Path) -> Path:
    """A home of the test's own with one version."""
    return crawled.copy(tmp_path / "home")


@pytest.fixture
def asked(crawled: Crawled) -> list[str]:
    """The arguments of the command."""
    return ["forget", f"http://{crawled.host}{BEN}", "--reason", "Ben asked"]


def test_the_command_asks_before_it_deletes(own: Path, asked: list[str]) -> None:
    done = ingest(own, *asked)
    assert done.returncode == 1
    assert "1 document" in done.stdout
    assert "cannot be undone" in done.stderr
    assert documents_at(versions_of(own), BEN)
    assert Tombstones.load(own).stones == ()


def test_the_command_shows_its_receipt(own: Path, asked: list[str]) -> None:
    done = ingest(own, *asked, "--yes")
    assert done.returncode == 0
    assert "It is never taken in again".casefold() in done.stdout.casefold()
    (path,) = (own / "receipts").iterdir()
    assert str(path) in done.stdout
    assert Receipt.model_validate_json(path.read_bytes()).finished is not None


def test_the_command_prints_the_receipt_for_machines(own: Path, asked: list[str]) -> None:
    done = ingest(own, *asked, "--yes", "--json")
    receipt = json.loads(done.stdout)
    assert receipt["tombstone"]["reason"] == "Ben asked"
    assert receipt["finished"]
    assert not any(piece.decode() in done.stdout for piece in traces(versions_of(own), (BEN,))["lines"])


def test_an_unknown_corpus_is_named(own: Path) -> None:
    done = ingest(own, "forget", "example.com", "--corpus", "fernhil-demo", "--yes")
    assert done.returncode == 2
    assert CORPUS in done.stderr
