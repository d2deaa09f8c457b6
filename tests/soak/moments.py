"""In which stage a run is, read from what it has left on disk so far, and files whose coming marks a moment."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

MOMENTS = {
    "any moment": "",
    "any moment, again": "",
    "any moment, once more": "",
    "the records are written": "versions/*/.building-*/documents.jsonl",
    "the passages are embedded": "versions/*/.building-*/questions.npy",
    "the index is begun": "versions/*/.building-*/chroma",
    "the passages are in the index": "versions/*/.building-*/bm25/questions",
    "the audit has a copy": "readers/*/chroma",
    "the manifest is written": "versions/*/.building-*/manifest.json",
}
_READING = ("extract", "screen", "split", "mine", "fingerprint")


def stage_of(home: Path, corpus: str) -> str:
    """The stage that was running when the disk looked like this."""
    building = list((home / "versions" / corpus).glob(".building-*"))
    names = {path.name for folder in building for path in folder.iterdir()}
    if "manifest.json" in names:
        return "publish: switching"
    if "files.json" in names:
        return "publish: auditing"
    if "chroma" in names or "context.json" in names:
        return "publish: indexing"
    if "passages.npy" in names:
        return "embed"
    if "documents.jsonl" in names:
        return "assemble"
    return _reading(home / "cache" / "stages.sqlite") if building else "starting"


def _reading(cache: Path) -> str:
    """What comes after the stage whose result was kept last."""
    try:
        with closing(sqlite3.connect(f"file:{cache}?mode=ro", uri=True)) as database:
            row = database.execute("SELECT value FROM results ORDER BY rowid DESC LIMIT 1").fetchone()
            pages = database.execute("SELECT count(*) FROM pages").fetchone()[0]
    except sqlite3.Error:
        return "starting"
    if row is None:
        return "fetch" if pages else "starting"
    last = str(json.loads(row[0]).get("stage", "")) if row[0][:1] == b"{" else ""
    following = dict(zip(_READING, (*_READING[1:], "fetch or extract"), strict=True))
    return f"read: {following.get(last, 'fetch or extract')}"
