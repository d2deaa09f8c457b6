"""Many readers of one corpus while its versions are switched."""

import resource
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from brain.errors import EmbedderError, NotIngestedError, StoreError
from brain.fakes import HashEmbedder
from brain.retrieval import Retriever
from brain.shelf import Shelf
from brain.store import OpenVersion
from brain.versions import write_durably
from tests.building import CORPUS, changed, publish_tiny, tiny_content, versions_in

HASH = HashEmbedder()
READERS = 12
SWITCHES = 100


class Reader:
    """What a program makes of an open version; counts how often it was closed."""

    def __init__(self, version: OpenVersion) -> None:
        self.version = version
        self.retriever = Retriever(version, HASH)
        self.closed = 0

    def close(self) -> None:
        self.closed += 1
        self.version.close()

    def lunch(self) -> str:
        """What was asked at lunch, by a search of both collections: each version answers otherwise."""
        assert not self.closed
        passages = self.retriever.passages("asked at lunch", 20)
        assert len(passages) == 20
        answers = {
            hit.record.text for hit in self.retriever.questions("lunch of version", 10) if "lunch" in hit.record.text
        }
        return answers.pop() if len(answers) == 1 else f"{answers}"


def lunch_question(number: int) -> str:
    return f"What is for lunch in version {number}?"


def publish(home: Path, number: int) -> str:
    return publish_tiny(home, tiny_content(HASH, changed("Lunch", lunch_question(number))), HASH).version


@pytest.fixture
def shelf(home: Path) -> Iterator[Shelf[Reader]]:
    shelf = Shelf(home, HASH.id, Reader)
    yield shelf
    shelf.close()


def point_to(home: Path, version: str) -> None:
    write_durably(versions_in(home).root / "current", version)


def private_copies(home: Path) -> int:
    return sum(path.is_dir() for path in (home / "readers").iterdir())


def open_files() -> int:
    return sum(1 for _ in Path("/dev/fd").iterdir())


def resident_megabytes() -> float:
    """Resident memory now, where the system tells, else at its highest."""
    statm = Path("/proc/self/statm")
    if statm.exists():
        return int(statm.read_text("utf-8").split()[1]) * resource.getpagesize() / 1e6
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1e6 if sys.platform == "darwin" else 1e3)


@contextmanager
def reading(shelf: Shelf[Reader], expected: dict[str, str]) -> Iterator[list[str]]:
    """Readers in threads of their own, asking again and again; yields the versions that they met."""
    met: list[str] = []
    stop = threading.Event()

    def read() -> None:
        while not stop.wait(0.03):
            with shelf.borrow(CORPUS) as reader:
                version = reader.version.manifest.version
                assert reader.lunch() == expected[version]
                assert reader.lunch() == expected[version]
            met.append(version)

    with ThreadPoolExecutor(READERS) as pool:
        readers: list[Future[None]] = [pool.submit(read) for _ in range(READERS)]
        try:
            yield met
        finally:
            stop.set()
    for reader in readers:
        reader.result()


def test_a_hundred_switches_under_twelve_readers(home: Path, shelf: Shelf[Reader]) -> None:
    expected = {publish(home, number): lunch_question(number) for number in range(3)}
    ids = list(expected)

    def switch(times: int) -> list[str]:
        point_to(home, ids[-1])
        with reading(shelf, expected) as met, shelf.borrow(CORPUS):
            for turn in range(times):
                point_to(home, ids[turn % 3])
                assert shelf.refresh() == {CORPUS: ids[turn % 3]}
        assert private_copies(home) == 1
        shelf.close()
        return met

    switch(10)
    files, memory = open_files(), resident_megabytes()
    assert set(switch(SWITCHES)) == set(ids)
    assert open_files() <= files + 4
    assert resident_megabytes() - memory < 200  # without closing the old copies: 700
    assert private_copies(home) == 0


def test_a_version_is_closed_once_when_its_last_reader_gives_it_back(home: Path, shelf: Shelf[Reader]) -> None:
    publish(home, 1)
    with shelf.borrow(CORPUS) as one, shelf.borrow(CORPUS) as other:
        assert one is other
        second = publish(home, 2)
        assert shelf.refresh() == {CORPUS: second}
        assert one.lunch() == lunch_question(1)
        with shelf.borrow(CORPUS) as fresh:
            assert fresh.lunch() == lunch_question(2)
        assert (one.closed, fresh.closed) == (0, 0)
    assert (one.closed, fresh.closed) == (1, 0)
    shelf.close()
    assert (one.closed, fresh.closed) == (1, 1)
    assert private_copies(home) == 0


def test_nothing_is_opened_again_while_the_pointer_stands(home: Path, shelf: Shelf[Reader]) -> None:
    publish(home, 1)
    with shelf.borrow(CORPUS) as before:
        pass
    assert shelf.refresh() == {}
    with shelf.borrow(CORPUS) as after:
        assert after is before


def test_readers_that_come_at_once_open_one_copy(home: Path, shelf: Shelf[Reader]) -> None:
    publish(home, 1)
    start = threading.Barrier(READERS)

    def first_reader() -> int:
        start.wait()
        with shelf.borrow(CORPUS) as reader:
            return id(reader)

    with ThreadPoolExecutor(READERS) as pool:
        met = {future.result() for future in [pool.submit(first_reader) for _ in range(READERS)]}
    assert len(met) == 1
    assert private_copies(home) == 1


def test_closing_the_shelf_waits_for_the_reader(home: Path, shelf: Shelf[Reader]) -> None:
    publish(home, 1)
    with shelf.borrow(CORPUS) as reader:
        shelf.close()
        assert reader.lunch() == lunch_question(1)
    assert reader.closed == 1


def test_a_reader_keeps_its_version_when_it_is_pruned(home: Path, shelf: Shelf[Reader]) -> None:
    publish(home, 1)
    with shelf.borrow(CORPUS) as reader:
        second = publish(home, 2)
        versions_in(home).prune(1)
        assert versions_in(home).all() == [second]
        assert reader.lunch() == lunch_question(1)


def test_a_version_that_cannot_be_opened_leaves_the_one_before(home: Path, shelf: Shelf[Reader]) -> None:
    publish(home, 1)
    with shelf.borrow(CORPUS):
        pass
    second = publish(home, 2)
    (versions_in(home).folder(second) / "passages.npy").unlink()
    with pytest.raises(StoreError, match="cannot be opened"):
        shelf.refresh()
    with shelf.borrow(CORPUS) as reader:
        assert reader.lunch() == lunch_question(1)


def failing_once(home: Path) -> Callable[[OpenVersion], Reader]:
    made: list[Reader] = []

    def make(version: OpenVersion) -> Reader:
        if not made:
            made.append(Reader(version))
            raise ValueError("cannot be made")
        return Reader(version)

    return make


def test_a_version_of_which_nothing_can_be_made_is_closed(home: Path) -> None:
    publish(home, 1)
    shelf = Shelf(home, HASH.id, failing_once(home))
    with pytest.raises(ValueError, match="cannot be made"), shelf.borrow(CORPUS):
        pass
    assert private_copies(home) == 0
    with shelf.borrow(CORPUS) as reader:
        assert reader.lunch() == lunch_question(1)
    shelf.close()


def test_what_was_never_published_cannot_be_borrowed(shelf: Shelf[Reader]) -> None:
    with pytest.raises(NotIngestedError), shelf.borrow(CORPUS):
        pass


def test_the_version_of_another_embedder_cannot_be_borrowed(home: Path) -> None:
    publish(home, 1)
    with pytest.raises(EmbedderError), Shelf(home, "minilm-l6-v2-int8", Reader).borrow(CORPUS):
        pass
