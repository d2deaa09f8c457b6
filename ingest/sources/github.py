"""Markdown files of a GitHub repository whose licence permits reuse, through GitHub's documented REST API.

The licence is what GitHub recognised in the repository's licence file; without one, the corpus file has to state the
`basis` on which the text may be used. Without a token the API answers 60 requests an hour: this takes two.
API: https://docs.github.com/rest/git/trees and /rest/licenses
"""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from urllib.parse import quote

from pydantic import Field

from brain.errors import UnreadableInputError
from brain.records import Record
from ingest.cache import LeftOutError
from ingest.materials import Entry, Unusable
from ingest.sources.base import Adapter, Found, Reader, Wanted
from ingest.sources.file import FORMATS
from ingest.sources.postings import Fields, other_shape, parsed

_API = "https://api.github.com/repos"
_RAW = "https://raw.githubusercontent.com"
_EXPECTED = "a tree of GitHub's REST API"
_NAME = r"[A-Za-z0-9][A-Za-z0-9-]{0,38}/\.?[A-Za-z0-9_-][A-Za-z0-9._-]{0,98}"
_TREE = re.compile(rf"https://api\.github\.com/repos/({_NAME})/git/trees/.*")

_LICENCES = """
0BSD AFL-3.0 AGPL-3.0 Apache-2.0 Artistic-2.0 BlueOak-1.0.0 BSD-2-Clause BSD-2-Clause-Patent BSD-3-Clause
BSD-3-Clause-Clear BSD-4-Clause BSL-1.0 CC-BY-4.0 CC-BY-SA-4.0 CC0-1.0 CECILL-2.1 ECL-2.0 EPL-1.0 EPL-2.0 EUPL-1.1
EUPL-1.2 GFDL-1.3 GPL-2.0 GPL-3.0 ISC LGPL-2.1 LGPL-3.0 LPPL-1.3c MIT MIT-0 MPL-2.0 MS-PL MS-RL MulanPSL-2.0 NCSA
ODbL-1.0 OFL-1.1 OSL-3.0 PostgreSQL Unlicense UPL-1.0 Vim WTFPL Zlib
"""
PERMITTING = frozenset(_LICENCES.split())
"""SPDX ids of the licences that GitHub recognises (those of choosealicense.com); each permits copying, on terms."""


class GitHub(Record):
    """`repository` is "owner/name", `ref` a branch, tag or commit, `paths` are patterns of files.

    In a pattern `*` stands for anything but a slash, `**` for any folders. `basis` is the source's own key.
    """

    repository: str = Field(pattern=rf"^{_NAME}$")
    ref: str = Field(default="HEAD", pattern=r"^[A-Za-z0-9](?:[A-Za-z0-9_/-]|\.[A-Za-z0-9_-]){0,199}$")
    paths: tuple[str, ...] = ("**/*.md",)
    basis: str = ""


def _entries(options: GitHub, reader: Reader, _wanted: Wanted) -> Iterator[Found]:
    from brain.web import JSON

    licence = "" if options.basis else _licence(options.repository, reader)
    tree = f"{_API}/{options.repository}/git/trees/{quote(options.ref, safe='')}?recursive=1"
    try:
        yield from _files(_tree(reader.get(tree, JSON).content), options, licence, tree)
    except UnreadableInputError as error:
        raise LeftOutError(error.message) from error


def _licence(repository: str, reader: Reader) -> str:
    """The SPDX id of the repository's licence. Raises LeftOutError unless it permits reuse."""
    from brain.web import JSON

    step = "state the `basis` of the source if you may use it"
    try:
        answer = Fields(parsed(reader.get(f"{_API}/{repository}/license", JSON).content, "an answer on the licence"))
    except (LeftOutError, UnreadableInputError) as error:
        raise LeftOutError(f"GitHub names no licence of {repository} ({str(error).rstrip('.')}); {step}") from error
    name = answer.line("license", "spdx_id")
    if name not in PERMITTING:
        raise LeftOutError(f"the licence of {repository} is {name or 'unknown'!r}, none known to permit reuse; {step}")
    return name


def _read(content: bytes, options: GitHub | None) -> Iterator[Found]:
    tree = _tree(content)
    if options is None:
        named = _TREE.fullmatch(tree.line("url"))
        if named is None:
            raise other_shape(_EXPECTED)
        options = GitHub(repository=named[1])
    yield from _files(tree, options, "", f"{_API}/{options.repository}/git/trees")


def _tree(content: bytes) -> Fields:
    """Raises UnreadableInputError when it is no listing of files."""
    answer = Fields(parsed(content, _EXPECTED))
    if not isinstance(answer.value("tree"), list):
        raise other_shape(_EXPECTED)
    return answer


def _files(tree: Fields, options: GitHub, licence: str, where: str) -> Iterator[Found]:
    patterns = [_pattern(glob) for glob in options.paths]
    found = False
    for number, value in enumerate(tree.items("tree"), 1):
        path = Fields(value).value("path")
        if not isinstance(path, str) or not _is_plain(path):
            yield Unusable(address=f"file {number} of {where}", reason=f"it has no usable path: {str(path)[:100]!r}")
        elif _is_file(Fields(value)) and any(pattern.fullmatch(path) for pattern in patterns):
            found = True
            yield _entry(path, options, licence)
    if tree.value("truncated") is True:
        yield Unusable(address=where, reason="GitHub cut the list of files off; name a smaller repository")
    elif not found:
        yield Unusable(address=where, reason=f"no file matches {', '.join(options.paths)}")


def _is_plain(path: str) -> bool:
    """Whether a path stays below the repository in every address made from it."""
    segments = path.split("/")
    return len(path) <= 1_000 and path.isprintable() and not {"", ".", ".."} & set(segments)


def _is_file(item: Fields) -> bool:
    """A blob that is no symbolic link."""
    return item.value("type") == "blob" and item.value("mode") != "120000"


def _entry(path: str, options: GitHub, licence: str) -> Entry:
    return Entry(
        address=f"{_RAW}/{options.repository}/{quote(options.ref, safe='/')}/{quote(path, safe='/')}",
        format=FORMATS.get(PurePosixPath(path).suffix.lower()),
        licence=licence,
        basis=f"its licence, {licence}, as GitHub recognised it" if licence else options.basis,
    )


def _pattern(glob: str) -> re.Pattern[str]:
    """A pattern of paths as a regular expression, any case."""
    tokens = re.findall(r"\*\*/|\*\*|[*?]|[^*?]+", glob)
    special = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return re.compile("".join(special.get(token) or re.escape(token) for token in tokens), re.IGNORECASE)


ADAPTER = Adapter("github", GitHub, "interview_report", _entries, _read)
