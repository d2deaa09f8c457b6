"""The book of hosts: kept across runs, shared by threads and processes, and clear about damage."""

import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from brain.errors import StoreError
from brain.hosts import LONGEST_KEPT_WAIT, Host, HostBook
from tests.brain.fetching import HELLO, FakeTime, client
from tests.loopback import LoopbackServer

ROOT = Path(__file__).resolve().parents[2]
DAY = 24 * 3600.0


def test_what_is_written_is_there_for_the_next_run(tmp_path: Path) -> None:
    fake = FakeTime()
    state = Host(asked=fake.now() - 5, delay=10.0, slowdown=2.5, resume=fake.now() + 100)
    book = HostBook(tmp_path / "new" / "web", now=fake.now)
    book.keep_host("example.org", state)
    book.keep_file("https://example.org:443/robots.txt", 200, b"User-agent: *\n" * 9, max_age=DAY)
    book.close()
    again = HostBook(tmp_path / "new" / "web", now=fake.now)
    assert again.host("example.org") == state
    assert again.host("other.example") == Host()
    kept = again.file("https://example.org:443/robots.txt", DAY)
    assert kept is not None
    assert (kept.status, kept.body, kept.read) == (200, b"User-agent: *\n" * 9, fake.now())
    fake.seconds += DAY
    assert again.file("https://example.org:443/robots.txt", DAY) is None


def test_a_clock_that_was_set_back_makes_no_wait_endless(tmp_path: Path) -> None:
    fake = FakeTime()
    book = HostBook(tmp_path, now=fake.now)
    book.keep_host("example.org", Host(asked=fake.now(), resume=fake.now() + 100))
    book.keep_file("a", 200, b"", max_age=DAY)
    fake.seconds -= 365 * DAY
    assert book.host("example.org") == Host(asked=fake.now(), resume=fake.now() + LONGEST_KEPT_WAIT)
    assert book.file("a", DAY) is None


def test_files_that_are_too_old_are_dropped(tmp_path: Path) -> None:
    fake = FakeTime()
    book = HostBook(tmp_path, now=fake.now)
    for name in range(50):
        book.keep_file(str(name), 200, b"x", max_age=DAY)
        fake.seconds += 3600
    with sqlite3.connect(tmp_path / "hosts.sqlite") as db:
        assert db.execute("SELECT count(*) FROM files").fetchone() == (24,)
    db.close()


def test_threads_and_books_share_one_state(tmp_path: Path) -> None:
    books = [HostBook(tmp_path) for _ in range(3)]

    def add(number: int) -> None:
        book = books[number % 3]
        with book.alone("example.org"):
            before = book.host("example.org")
            book.keep_host("example.org", Host(asked=before.asked, delay=before.delay + 1))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add, range(120)))
    assert books[0].host("example.org").delay == 120


COUNTING = """
import sys
from pathlib import Path
from brain.hosts import Host, HostBook
book = HostBook(Path(sys.argv[1]))
for _ in range(int(sys.argv[2])):
    with book.alone("example.org"):
        book.keep_host("example.org", Host(delay=book.host("example.org").delay + 1))
        print(".", end="", flush=True)
"""


def counting(folder: Path, times: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", COUNTING, str(folder), str(times)]
    return subprocess.Popen(command, cwd=ROOT, text=True, stdout=subprocess.PIPE)


def test_processes_share_one_state(tmp_path: Path) -> None:
    running = [counting(tmp_path, 50) for _ in range(4)]
    assert [one.communicate(timeout=60)[0] for one in running] == ["." * 50] * 4
    assert HostBook(tmp_path).host("example.org").delay == 200


def test_killed_processes_leave_a_book_that_can_be_read(tmp_path: Path) -> None:
    told = 0
    for steps in (1, 20, 60):
        with counting(tmp_path, 1_000_000) as victim:
            assert victim.stdout is not None
            told += len(victim.stdout.read(steps))
            victim.kill()
            told += len(victim.stdout.read())
    book = HostBook(tmp_path)
    with book.alone("example.org"):  # no lock is left behind
        # A step may be written and not told yet when the process dies; none that was told is lost.
        assert told <= book.host("example.org").delay <= told + 3


@pytest.mark.parametrize("content", [b"this is no database" * 1000, b"SQLite format 3\0" + b"\xff" * 8000])
def test_a_damaged_book_is_told_with_what_to_do(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "hosts.sqlite").write_bytes(content)
    with pytest.raises(StoreError, match=f"{tmp_path} is damaged") as caught:
        HostBook(tmp_path)
    assert "Delete it" in caught.value.next_step


def test_damage_that_shows_later_is_told_as_well(tmp_path: Path) -> None:
    book = HostBook(tmp_path)
    for number in range(200):
        book.keep_file(str(number), 200, bytes(range(256)) * 40, max_age=DAY)
    book.close()
    path = tmp_path / "hosts.sqlite"
    content = bytearray(path.read_bytes())
    content[8192:] = b"\xff" * (len(content) - 8192)
    path.write_bytes(content)
    found = HostBook(tmp_path)
    with pytest.raises(StoreError, match="damaged"):
        [found.file(str(number), DAY) for number in range(200)]


def test_a_kept_file_that_cannot_be_read_is_damage(tmp_path: Path) -> None:
    book = HostBook(tmp_path)
    book.keep_file("a", 200, b"x", max_age=DAY)
    with sqlite3.connect(tmp_path / "hosts.sqlite") as db:
        db.execute("UPDATE files SET body = x'00'")
    db.close()
    with pytest.raises(StoreError, match="damaged: what is kept of a cannot be read"):
        book.file("a", DAY)


def test_a_folder_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="cannot be read or written"):
        HostBook(tmp_path / "file")


def test_a_book_in_memory_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with LoopbackServer({"/": HELLO}) as server, client(server) as web:
        web.fetch(server.url())
    assert list(tmp_path.iterdir()) == []


def test_the_client_closes_its_book(tmp_path: Path) -> None:
    with LoopbackServer({"/": HELLO}) as server, client(server, folder=tmp_path) as web:
        web.fetch(server.url())
    assert {path.name for path in tmp_path.iterdir()} == {"hosts.sqlite", "turns"}
