"""The guide to adding a source, carried out: its adapter, its registry line, its test and its corpus entry."""

import re
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

from brain.catalog import Source
from brain.errors import BadInputError
from ingest.sources import MODULES, bind

GUIDE = Path(__file__).resolve().parents[3] / "docs" / "adding-a-source.md"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", GUIDE.read_text("utf-8"), re.DOTALL | re.MULTILINE)


def module(name: str, source: str) -> ModuleType:
    made = ModuleType(name)
    exec(compile(source, f"{GUIDE.name}: {name}", "exec"), made.__dict__)  # noqa: S102 - our own guide
    return made


@pytest.fixture
def followed(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The guide's first two steps; its third as a module."""
    adapter, line, test = blocks("python")
    monkeypatch.setitem(sys.modules, "ingest.sources.harbor", module("ingest.sources.harbor", adapter))
    name, where = re.findall(r'"([^"]+)"', line)
    monkeypatch.setitem(MODULES, name, where)
    return module("guide_test", test)


def test_the_example_s_own_tests_pass(followed: ModuleType) -> None:
    tests = [name for name in vars(followed) if name.startswith("test_")]
    assert len(tests) == 2
    for name in tests:
        getattr(followed, name)()


def test_the_example_is_used_from_a_corpus_file(followed: ModuleType) -> None:
    (corpus,) = blocks("toml")
    (stated,) = tomllib.loads(corpus)["source"]
    adapter, options = bind(Source.model_validate(stated))
    assert (adapter.name, options.board) == ("harbor", "north")
    with pytest.raises(BadInputError, match="board"):
        bind(Source.model_validate(stated | {"board": "../north"}))
