"""What a tombstone names, by every spelling, and that the file of them is durable and fails closed."""

from pathlib import Path

import pytest

from brain.errors import BadInputError, StoreError
from brain.fakes import HashEmbedder
from ingest.tombstones import FILE, Target, Tombstone, Tombstones, read_target
from tests.building import publish_tiny, tiny_content, versions_in

EMBEDDER = HashEmbedder()


def stones(*names: str, corpus: str = "") -> Tombstones:
    return Tombstones([Tombstone.of(read_target(name), corpus=corpus, reason="they asked") for name in names])


@pytest.mark.parametrize(
    ("given", "kind", "value"),
    [
        ("example.com", "domain", "example.com"),
        ("www.Example.com/", "domain", "example.com"),
        ("127.0.0.1:8000", "domain", "127.0.0.1:8000"),
        ("https://www.example.com/a/?utm_source=x", "address", "https://example.com/a"),
        ("medium.com/@alice", "account", "medium.com/@alice"),
        ("alice.substack.com", "domain", "alice.substack.com"),
        ("files/report.md", "address", "files/report.md"),
        ("d_0123456789abcdef", "document", "d_0123456789abcdef"),
    ],
)
def test_what_is_meant_is_told_by_its_spelling(given: str, kind: str, value: str) -> None:
    assert read_target(given) == Target.model_validate({"kind": kind, "value": value})


@pytest.mark.parametrize("given", ["", "  ", "http://host:port/"])
def test_what_means_nothing_is_refused(given: str) -> None:
    with pytest.raises(BadInputError):
        read_target(given)


@pytest.mark.parametrize(
    ("named", "address", "found"),
    [
        ("example.com", "https://example.com/a", True),
        ("example.com", "http://deep.www.example.com:80/a?b=c", True),
        ("example.com", "https://EXAMPLE.com", True),
        ("example.com", "https://notexample.com/a", False),
        ("example.com", "https://example.com.evil.net/a", False),
        ("example.com", "https://other.net/?u=https://example.com/a", False),
        ("blog.example.com", "https://example.com/a", False),
        ("127.0.0.1:8000", "http://127.0.0.1:8000/x", True),
        ("127.0.0.1:8000", "http://127.0.0.1:8001/x", False),
        ("127.0.0.1", "http://127.0.0.1:8001/x", True),
        ("https://example.com/a", "http://www.example.com/a/#part", True),
        ("https://example.com/a", "https://example.com/a?utm_medium=mail", True),
        ("https://example.com/a", "https://example.com/a?page=2", False),
        ("https://example.com/a", "https://example.com/ab", False),
        ("https://example.com/a#one", "https://example.com/a#one", True),
        ("https://example.com/a#one", "https://example.com/a#two", False),
        ("medium.com/@alice", "https://medium.com/@alice/my-interview", True),
        ("medium.com/@alice", "https://medium.com/@bob/my-interview", False),
        ("files/report.md", "files/report.md", True),
        ("files/report.md", "files/other.md", False),
    ],
)
def test_an_address_is_named_by_every_spelling_and_no_other_is(named: str, address: str, found: bool) -> None:
    assert (stones(named).names(address) is not None) is found


def test_the_reason_is_said() -> None:
    said = stones("example.com").names("https://example.com/a") or ""
    assert "domain example.com" in said
    assert said.endswith(": they asked")


def test_a_tombstone_of_one_corpus_says_nothing_in_others() -> None:
    of_one = stones("example.com", corpus="one")
    assert of_one.names("https://example.com/", corpus="one")
    assert of_one.names("https://example.com/", corpus="two") is None
    assert (len(of_one.of("one")), len(of_one.ids("two"))) == (1, 0)


def test_documents_and_near_copies_are_named_too() -> None:
    stone = Tombstone.of(read_target("example.com")).model_copy(
        update={"addresses": ("https://copy.net/a", "one:files/a.md"), "documents": ("d_00000000000000aa",)}
    )
    named = Tombstones([stone])
    assert named.names("https://elsewhere.net/", "d_00000000000000aa")
    assert named.names("http://www.copy.net/a")
    assert named.names("files/a.md", corpus="one")
    assert named.names("files/a.md", corpus="two") is None


def test_they_survive_and_one_target_has_one(tmp_path: Path) -> None:
    first = Tombstone.of(read_target("example.com"), reason="first")
    again = Tombstone.of(read_target("www.example.com"), reason="second")
    Tombstones.load(tmp_path).put(tmp_path, first)
    Tombstones.load(tmp_path).put(tmp_path, again)
    (kept,) = Tombstones.load(tmp_path).stones
    assert (kept.id, kept.reason) == (first.id, "second")


def test_a_damaged_file_stops_everything(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text('{"tombstones": [{"id": 1', "utf-8")
    with pytest.raises(StoreError, match="must stay forgotten"):
        Tombstones.load(tmp_path)


def test_rollback_refuses_a_version_that_holds_what_was_forgotten(tmp_path: Path) -> None:
    holding = publish_tiny(tmp_path, tiny_content(EMBEDDER), EMBEDDER)
    publish_tiny(tmp_path, tiny_content(EMBEDDER), EMBEDDER)
    versions = versions_in(tmp_path)
    forgotten = stones("https://reports.example/lunch")
    with pytest.raises(BadInputError, match=r"reports\.example/lunch, forgotten on .* they asked"):
        versions.rollback(refused=forgotten.holds)
    assert versions.current() != holding.version
    assert versions.rollback(refused=stones("other.example").holds) == holding.version


def test_a_version_whose_documents_are_damaged_is_not_served_again(tmp_path: Path) -> None:
    holding = publish_tiny(tmp_path, tiny_content(EMBEDDER), EMBEDDER)
    publish_tiny(tmp_path, tiny_content(EMBEDDER), EMBEDDER)
    (versions_in(tmp_path).folder(holding.version) / "documents.jsonl").write_text('{"id": ', "utf-8")
    with pytest.raises(StoreError, match="cannot be read"):
        versions_in(tmp_path).rollback(refused=stones("example.com").holds)
