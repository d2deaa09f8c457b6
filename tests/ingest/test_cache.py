"""What the stage cache keeps, when it computes again, and that it stays within its bound."""

import ast
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from brain.records import Record
from ingest import extract, questions, screen, split
from ingest.cache import LeftOutError, NotCachedError, Stage, StageCache, Tally, module_source
from tests.ingest.working import ROOT, never

HELD = 10_000_000
# Modules that every stage imports and whose changes show in the stage's input or not at all.
# The way out only lends its media types, and of the screening's two halves a stage may use one.
INDIRECT = {"brain.errors", "brain.minilm", "ingest.cache", "brain.web", "brain.personal"}
# The screen and the split see what extract made, so a change of the materials' catalog types reaches them as input.
IN_THE_INPUT = {"brain.catalog", "brain.tomlfiles"}


class Made(Record):
    """What the stages of these tests make."""

    text: str


STAGE = Stage("test", Made, modules=("ingest.materials",))


def cache_in(folder: Path, bound: int = HELD) -> StageCache:
    return StageCache(folder / "cache" / "stages.sqlite", bound)


def making(text: str, seen: list[str]) -> Callable[[], Made]:
    def make() -> Made:
        seen.append(text)
        return Made(text=text)

    return make


def refusing(reason: str, seen: list[str]) -> Callable[[], Made]:
    def refuse() -> Made:
        seen.append(reason)
        raise LeftOutError(reason)

    return refuse


def test_a_result_is_computed_once_and_reused_by_the_next_process(tmp_path: Path) -> None:
    seen: list[str] = []
    tally = Tally()
    for _ in range(2):
        cache = cache_in(tmp_path)
        assert cache.through(STAGE, "key", making("é", seen), tally=tally).text == "é"
        cache.close()
    assert seen == ["é"]
    assert (tally.computed, tally.reused) == ({"test": 1}, {"test": 1})


def test_what_is_not_known_yet_can_be_left_uncomputed(tmp_path: Path) -> None:
    cache = cache_in(tmp_path)
    with pytest.raises(NotCachedError):
        cache.through(STAGE, "key", None)
    cache.through(STAGE, "key", making("é", []))
    assert cache.through(STAGE, "key", None).text == "é"
    assert cache.load(STAGE, cache.key_of(STAGE, "key")).text == "é"
    cache.close()


def test_another_input_is_computed_anew(tmp_path: Path) -> None:
    seen: list[str] = []
    cache = cache_in(tmp_path)
    for key in ("one", "two", "one"):
        assert cache.through(STAGE, key, making(key, seen)).text == key
    cache.close()
    assert seen == ["one", "two"]


def test_a_changed_source_of_a_module_is_computed_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "code"
    folder.mkdir()
    (folder / "some_stage_code.py").write_text("VALUE = 1\n", "utf-8")
    monkeypatch.syspath_prepend(str(folder))
    seen: list[str] = []
    cache = cache_in(tmp_path)
    for source in ("VALUE = 1\n", "VALUE = 1\n", "VALUE = 2\n"):
        (folder / "some_stage_code.py").write_text(source, "utf-8")
        cache.through(Stage("test", Made, modules=("some_stage_code",)), "key", making(source, seen))
    cache.close()
    assert seen == ["VALUE = 1\n", "VALUE = 2\n"]


def test_another_version_of_a_library_is_computed_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    def fingerprint() -> str:
        return Stage("test", Made, modules=(), libraries=("lxml",)).fingerprint

    before = fingerprint()
    assert before == fingerprint()
    monkeypatch.setattr("ingest.cache.metadata.version", lambda _name: "0.0.0")
    assert before != fingerprint()


@pytest.mark.parametrize("stage", [extract.STAGE, screen.STAGE, split.STAGE, questions.STAGE], ids=lambda one: one.name)
def test_a_stage_names_every_module_that_its_code_rests_on(stage: Stage[Record]) -> None:
    named = set(stage.modules)
    reached = set().union(*(imports_of(module) for module in named))
    missing = reached - named - INDIRECT - (set() if stage is extract.STAGE else IN_THE_INPUT)
    assert not missing


def imports_of(module: str) -> set[str]:
    """The modules of brain and ingest that a module imports when it runs."""
    tree = ast.parse(module_source(module))
    conditions = (node for node in ast.walk(tree) if isinstance(node, ast.If))
    typing_only = [node for node in conditions if "TYPE_CHECKING" in ast.dump(node.test)]
    skipped = {id(inner) for node in typing_only for inner in ast.walk(node)}
    found = (node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and id(node) not in skipped)
    return {str(node.module) for node in found if str(node.module).startswith(("brain.", "ingest."))}


def test_a_reason_to_leave_out_is_kept_like_a_result(tmp_path: Path) -> None:
    seen: list[str] = []
    cache = cache_in(tmp_path)
    for _ in range(2):
        with pytest.raises(LeftOutError, match="too short"):
            cache.through(STAGE, "key", refusing("too short", seen))
    cache.close()
    assert seen == ["too short"]


def test_any_other_error_is_not_kept(tmp_path: Path) -> None:
    cache = cache_in(tmp_path)
    with pytest.raises(AssertionError):
        cache.through(STAGE, "key", never)
    assert cache.through(STAGE, "key", lambda: Made(text="now")).text == "now"
    cache.close()


def test_it_keeps_what_was_used_last_within_its_bound(tmp_path: Path) -> None:
    for number in range(5):
        cache = cache_in(tmp_path, bound=2_500)
        cache.keep_vectors([(f"run {number}", bytes(1_000), "")])
        cache.vectors(["run 0"])
        cache.close()
    cache = cache_in(tmp_path)
    assert set(cache.vectors([f"run {number}" for number in range(5)])) == {"run 0", "run 4"}
    cache.close()


def test_copies_of_pages_count_too_and_go_last(tmp_path: Path) -> None:
    cache = cache_in(tmp_path, bound=2_500)
    for number in range(4):
        cache.keep_page(f"page {number}", "{}", bytes(1_000))
    cache.keep_vectors([("vector", bytes(1_000), "")])
    cache.close()
    cache = cache_in(tmp_path)
    assert cache.vectors(["vector"]) == {}
    assert [cache.page(f"page {number}") is not None for number in range(4)] == [False, False, True, True]
    cache.close()


def test_a_dropped_page_leaves_no_bytes_behind(tmp_path: Path) -> None:
    cache = cache_in(tmp_path)
    cache.keep_page("page", "{}", b"the folded ironing board " * 400)
    cache.drop_page("page")
    cache.close()
    assert all(b"ironing" not in path.read_bytes() for path in (tmp_path / "cache").iterdir())


WRITER = """
import sys
from pathlib import Path
from ingest.cache import StageCache
sys.stdin.readline()
cache = StageCache(Path(sys.argv[1]), 10_000_000)
for number in range(200):
    cache.keep_vectors([(f"{sys.argv[2]} {number}", b"x" * 100, "")])
    assert cache.vectors([f"{sys.argv[2]} {number}"])
cache.close()
"""


def test_two_processes_may_use_one_file_from_its_first_moment_on(tmp_path: Path) -> None:
    path = tmp_path / "cache" / "stages.sqlite"
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(path), name], stdin=subprocess.PIPE, cwd=ROOT)
        for name in ("one", "two")
    ]
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write(b"\n")
        writer.stdin.close()
    assert [writer.wait(60) for writer in writers] == [0, 0]
    cache = StageCache(path, HELD)
    assert len(cache.vectors([f"{name} {number}" for name in ("one", "two") for number in range(200)])) == 400
    cache.close()


def test_a_file_that_is_no_cache_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "stages.sqlite").write_text("no database at all, whatever its name says " * 10, "utf-8")
    with pytest.raises(sqlite3.DatabaseError):
        cache_in(tmp_path)
