"""Texts of the real material in ../shared/realworld as the screening sees them, by the source they came from."""

import csv
import hashlib
import html
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

MATERIAL = Path(__file__).resolve().parents[2].parent / "shared" / "realworld"
INTERVIEWS = ("interviews_md", "interviews_html", "interviews_html_negative", "interviews_json")
JOBS = ("jobs_text", "jobs_html", "jobs_api", "jobs_scraped")
QUESTIONS = ("questions",)
OTHERS = ("ugly_html",)

_PER_FILE = 25
"""Postings and posts taken from one capture; some hold hundreds that repeat the same paragraphs."""
_SHORTEST = 60
_SUFFIXES = (frozenset({".html", ".json", ".csv", ".md", ".mdx", ".txt"}), frozenset({".html"}))
_TWIN = re.compile(r"-(?:md|tsoc)$")
_TAG = re.compile(r"<[^<>]{1,2000}>")
_BLOCK = re.compile(r"</?(?:p|div|li|ul|ol|br|h[1-6]|table|tr)\b[^<>]{0,500}>", re.IGNORECASE)


@dataclass(frozen=True)
class Sample:
    """One text: `key` names file and place in it, `source` whose it is, `folder` which kind of material."""

    key: str
    folder: str
    source: str
    text: str

    @property
    def digest(self) -> str:
        """The sha256 of the key: what a label names the text by."""
        return hashlib.sha256(self.key.encode()).hexdigest()

    @property
    def held_out(self) -> bool:
        """Whether rules are judged on it rather than written from it: sources are halved by their name."""
        return int(hashlib.sha256(self.source.encode()).hexdigest(), 16) % 2 == 1


def samples(*folders: str) -> Iterator[Sample]:
    """Every text of the folders, in the order of their paths; at most 25 from one capture."""
    for folder in folders:
        for path in sorted((MATERIAL / folder).rglob("*")):
            if path.is_file() and path.suffix in _SUFFIXES[folder in OTHERS]:
                name = path.relative_to(MATERIAL).as_posix()
                source = _TWIN.sub("", name.split("/")[1])
                for number, text in enumerate(islice(_texts(path), _PER_FILE)):
                    yield Sample(f"{name}#{number}", folder, source, text)


def _texts(path: Path) -> Iterator[str]:
    raw = path.read_bytes().decode("utf-8-sig", "replace").replace("\r\n", "\n")
    if path.suffix == ".html":
        yield _page(raw)
    elif path.suffix == ".json":
        yield from map(_strings, _entries(json.loads(raw)))
    elif path.suffix == ".csv":
        yield from (_strings(row) for row in csv.DictReader(io.StringIO(raw)))
    else:
        yield raw


def _page(raw: str) -> str:
    import trafilatura

    found = trafilatura.extract(
        raw, output_format="markdown", include_formatting=True, include_tables=True, include_comments=False
    )
    return str(found or "")


def _entries(value: Any) -> list[Any]:
    """The longest list of objects in a capture, else the capture itself."""
    lists = sorted(_lists(value), key=len)
    return lists[-1] if lists else [value]


def _lists(value: Any) -> Iterator[list[Any]]:
    inner = value if isinstance(value, list) else list(value.values()) if isinstance(value, dict) else []
    if isinstance(value, list) and value and isinstance(value[0], dict):
        yield value
        return
    for one in inner:
        yield from _lists(one)


def _strings(value: Any) -> str:
    return "\n\n".join(text for text in map(_plain, _leaves(value)) if len(text) >= _SHORTEST)


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _leaves(one)


def _plain(text: str) -> str:
    text = html.unescape(text)
    return html.unescape(_TAG.sub("", _BLOCK.sub("\n", text))).strip()
