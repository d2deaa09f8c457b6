"""Markdown of GitHub repositories: only with a licence or a stated basis, and only files of that repository."""

import json
import random
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import ValidationError

from brain.catalog import Source
from brain.errors import UnreadableInputError
from ingest.cache import LeftOutError
from ingest.materials import Entry, Unusable
from ingest.sources import bind
from ingest.sources.base import Found
from ingest.sources.github import ADAPTER, GitHub
from tests.ingest.sources.reading import LoopbackReader, answers, everything
from tests.loopback import LoopbackServer

API = "https://api.github.com/repos/fern-hill/interview.notes"
RAW = "https://raw.githubusercontent.com/fern-hill/interview.notes"
OWN = GitHub(repository="fern-hill/interview.notes")


def tree(*paths: object, **more: object) -> dict[str, Any]:
    items = [{"path": path, "mode": "100644", "type": "blob", "sha": "0", "size": 9} for path in paths]
    return {"sha": "abc", "url": f"{API}/git/trees/abc", "tree": items, "truncated": False, **more}


def read(value: object, options: GitHub | None = None) -> list[Found]:
    assert ADAPTER.read is not None
    return list(ADAPTER.read(value if isinstance(value, bytes) else json.dumps(value).encode(), options))


def addresses(found: list[Found]) -> list[str]:
    return [one.address for one in found if isinstance(one, Entry)]


@pytest.fixture
def server() -> Iterator[LoopbackServer]:
    with LoopbackServer({}) as running:
        yield running


def serve(server: LoopbackServer, *, licence: object = None, ref: str = "HEAD") -> LoopbackReader:
    base = "/api.github.com/repos/fern-hill/interview.notes"
    if licence is not None:
        server.routes[f"{base}/license"] = answers({"name": "LICENSE", "license": licence})
    server.routes[f"{base}/git/trees/{ref}?recursive=1"] = answers(tree("README.md", "a/b.md", "code.py"))
    return LoopbackReader(server)


def test_files_of_a_repository_with_a_licence_carry_its_id(server: LoopbackServer) -> None:
    reader = serve(server, licence={"key": "mit", "spdx_id": "MIT"})
    found = list(ADAPTER.entries(OWN, reader, everything))
    assert addresses(found) == [f"{RAW}/HEAD/README.md", f"{RAW}/HEAD/a/b.md"]
    assert all(isinstance(one, Entry) and (one.licence, one.format) == ("MIT", "markdown") for one in found)
    assert all(isinstance(one, Entry) and "MIT" in one.basis for one in found)
    assert reader.asked == [f"{API}/license", f"{API}/git/trees/HEAD?recursive=1"]


@pytest.mark.parametrize(
    "licence", [None, {"spdx_id": "NOASSERTION"}, {"spdx_id": None}, {"spdx_id": "Own-1.0"}, "MIT"]
)
def test_without_a_permitting_licence_not_one_file_is_named(server: LoopbackServer, licence: object) -> None:
    reader = serve(server, licence=licence)
    with pytest.raises(LeftOutError, match=r"state the `basis` of the source"):
        list(ADAPTER.entries(OWN, reader, everything))
    assert reader.asked == [f"{API}/license"]


def test_a_basis_that_the_corpus_file_states_takes_the_place_of_a_licence(server: LoopbackServer) -> None:
    written = {"name": "Notes", "type": "github", "repository": OWN.repository, "basis": "the author agreed in writing"}
    _, options = bind(Source.model_validate(written))
    reader = serve(server)
    first, *_ = ADAPTER.entries(options, reader, everything)
    assert isinstance(first, Entry)
    assert (first.basis, first.licence) == ("the author agreed in writing", "")
    assert reader.asked == [f"{API}/git/trees/HEAD?recursive=1"]


def test_a_branch_may_have_a_slash_in_its_name(server: LoopbackServer) -> None:
    options = GitHub(repository=OWN.repository, ref="notes/2024", basis="ours")
    found = list(ADAPTER.entries(options, serve(server, ref="notes%2F2024"), everything))
    assert addresses(found)[0] == f"{RAW}/notes/2024/README.md"


def test_a_tree_that_is_not_to_be_had_is_left_out(server: LoopbackServer) -> None:
    options = GitHub(repository=OWN.repository, basis="ours")
    with pytest.raises(LeftOutError, match="404"):
        list(ADAPTER.entries(options, LoopbackReader(server), everything))
    server.routes["/api.github.com/repos/fern-hill/interview.notes/git/trees/HEAD?recursive=1"] = answers({})
    with pytest.raises(LeftOutError, match="not a tree"):
        list(ADAPTER.entries(options, LoopbackReader(server), everything))


@pytest.mark.parametrize(
    ("patterns", "names"),
    [
        (("**/*.md",), ["top.md", "a/mid.MD", "a/b/deep.md", "a/b/x-1.md"]),
        (("*.md",), ["top.md"]),
        (("a/**",), ["a/mid.MD", "a/b/deep.md", "a/b/x-1.md", "a/b/code.py"]),
        (("a/**/*.md",), ["a/mid.MD", "a/b/deep.md", "a/b/x-1.md"]),
        (("*/*/x-?.md", "top.md"), ["top.md", "a/b/x-1.md"]),
        (("a.b",), []),
    ],
)
def test_patterns_choose_the_files(patterns: tuple[str, ...], names: list[str]) -> None:
    value = tree("top.md", "a/mid.MD", "a/b/deep.md", "a/b/x-1.md", "a/b/code.py")
    found = read(value, GitHub(repository=OWN.repository, paths=patterns))
    assert addresses(found) == [f"{RAW}/HEAD/{name}" for name in names]
    if not names:
        assert [one.reason for one in found if isinstance(one, Unusable)] == ["no file matches a.b"]


def test_names_of_files_are_written_as_addresses_need_them() -> None:
    assert addresses(read(tree("two words/50% #1?.md", "Köln.md"))) == [
        f"{RAW}/HEAD/two%20words/50%25%20%231%3F.md",
        f"{RAW}/HEAD/K%C3%B6ln.md",
    ]


def test_one_malformed_item_costs_that_item() -> None:
    value = tree("../../other/repository/HEAD/x.md", "/root.md", "a//b.md", "x\n.md", 5, None, "a/" * 600, "good.md")
    value["tree"] += [
        None,
        {"path": "link.md", "type": "blob", "mode": "120000"},
        {"path": "folder.md", "type": "tree"},
    ]
    found = read(value)
    assert addresses(found) == [f"{RAW}/HEAD/good.md"]
    assert len(found) == 9
    assert all("no usable path" in one.reason for one in found if isinstance(one, Unusable))


def test_a_list_that_github_cut_off_says_so() -> None:
    *_, last = read(tree("a.md", truncated=True))
    assert isinstance(last, Unusable)
    assert "cut" in last.reason


@pytest.mark.parametrize(
    "value",
    [
        b"",
        b"words",
        [],
        {},
        {"tree": "x"},
        {"message": "Not Found"},
        {"tree": [], "url": "https://elsewhere.example/repos/a/b/git/trees/c"},
        {"tree": [], "url": "https://api.github.com/repos/../x/git/trees/c"},
    ],
)
def test_what_is_no_tree_is_refused_with_a_next_step(value: object) -> None:
    with pytest.raises(UnreadableInputError) as caught:
        read(value)
    assert caught.value.next_step


@pytest.mark.parametrize("seed", range(30))
def test_mutated_bytes_give_entries_or_a_reason(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - for variety, not for secrets
    content = bytearray(json.dumps(tree("a.md", "b/c.md")).encode())
    for _ in range(chance.choice((1, 2, 5))):
        position = chance.randrange(len(content))
        content[position : position + chance.randrange(4)] = chance.choice((b"null", b"..", b"\\ud800", b"[]", b"//"))
    try:
        found = read(bytes(content), OWN)
    except UnreadableInputError as error:
        assert error.next_step  # noqa: PT017
    else:
        assert all(address.startswith(f"{RAW}/HEAD/") for address in addresses(found))
        assert all(one.model_dump_json() for one in found)


def test_wrong_options_are_refused() -> None:
    names = ("", "name", "a/b/c", "../b", "a/..", "a/.", "a b/c", "https://github.com/a/b", "a/b?c")
    refs = ("../x", "x/../../y", "x/./y", "x?y", "")
    for wrong in (*({"repository": name} for name in names), *({"repository": "a/b", "ref": ref} for ref in refs)):
        with pytest.raises(ValidationError):
            GitHub.model_validate(wrong)
    assert GitHub(repository="fern-hill/.github", ref="release/v1.2.3").ref == "release/v1.2.3"
