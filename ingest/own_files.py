"""Forget in the files that belong to the operator: what `ingest add` copied, digests, decisions, reports of runs."""

import re
import tomllib
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from brain.catalog import Catalog, Corpus, Source
from brain.errors import BrainError
from brain.tomlfiles import read_text
from brain.versions import write_durably
from ingest.decision_book import drop_decisions
from ingest.discover import bundled_leads
from ingest.holdings import Holding, read_report
from ingest.review import read_decisions
from ingest.sources.file import files_below
from ingest.tombstones import Tombstones
from ingest.tomltext import save

_TABLE = re.compile(r"^(?=\[\[?[A-Za-z])", re.MULTILINE)


@dataclass
class OwnFiles:
    """Files of the corpora that hold something forgotten.

    `ours` lie in the data home and are deleted; `kept` lie elsewhere and are left out of every run, with the reason.
    `addresses` are what the deleted ones are called by in their corpora.
    """

    ours: list[Path] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    addresses: dict[str, set[str]] = field(default_factory=dict)


def own_files(catalog: Catalog, home: Path, named: Tombstones, corpus_id: str = "") -> OwnFiles:
    """Find them. A corpus that cannot be read is named among what is kept."""
    found = OwnFiles()
    for name in catalog.ids():
        if corpus_id in {"", name}:
            try:
                _collect(found, catalog.corpus(name), home, named)
            except BrainError as error:
                found.kept.append(f"the files of {name!r} were not looked at: {error.message}")
    found.ours = sorted(set(found.ours))
    return found


def _collect(found: OwnFiles, corpus: Corpus, home: Path, named: Tombstones) -> None:
    for address, path in _files(corpus, named):
        if path.is_relative_to(home):
            found.ours.append(path)
            found.addresses.setdefault(corpus.id, set()).add(address)
        else:
            found.kept.append(f"{path} is not in the data home, so it stays, and is left out of {corpus.id!r}")


def _files(corpus: Corpus, named: Tombstones) -> Iterator[tuple[str, Path]]:
    for lead in bundled_leads(corpus):
        urls = [lead.address, *([_url(lead.path)] if lead.path and lead.format == "digest" else [])]
        if lead.path and any(named.find(url, corpus=corpus.id) for url in urls):
            yield lead.address, lead.path
    for source in corpus.sources:
        for address, path in files_of(source, corpus.folder_of(source)):
            if named.find(address, corpus=corpus.id):
                yield address, path


def _url(digest: Path) -> str:
    with suppress(tomllib.TOMLDecodeError):
        return str(tomllib.loads(read_text(digest)).get("url", ""))
    return ""


def files_of(source: Source, folder: Path) -> list[tuple[str, Path]]:
    """The files that a source of type `file` names, with their addresses; none when they are gone."""
    if source.type != "file":
        return []
    given = str(source.options.get("path", ""))
    path = folder / Path(given).expanduser()
    if not path.is_dir():
        return [(given, path)] if path.exists() else []
    with suppress(BrainError):
        return [(f"{given.rstrip('/')}/{file.relative_to(path).as_posix()}", file) for file in files_below(path)]
    return []


def delete_files(files: OwnFiles, overlay: Path) -> list[Path]:
    """Delete what lies in the data home, and the sources that named nothing else; the paths of the files."""
    for path in files.ours:
        path.unlink(missing_ok=True)
    for corpus_id, addresses in files.addresses.items():
        for name in ("sources.toml", "corpus.toml"):
            _drop_sources(overlay / corpus_id / name, addresses)
    return files.ours


def _drop_sources(path: Path, addresses: Collection[str]) -> None:
    """Take sources out of a file whose files are gone: a run would stop at the first path that does not exist."""
    if not path.exists():
        return
    parts = _TABLE.split(read_text(path))
    kept = [part for part in parts if not _names_only(part, path.parent, addresses)]
    if kept != parts:
        save(path, "".join(kept))


def _names_only(part: str, folder: Path, addresses: Collection[str]) -> bool:
    try:
        (data,) = tomllib.loads(part)["source"]
        source = Source.model_validate(data)
    except (tomllib.TOMLDecodeError, KeyError, ValueError, TypeError):
        return False
    given = str(source.options.get("path", "")).rstrip("/")
    touched = any(address == given or address.startswith(f"{given}/") for address in addresses)
    return source.type == "file" and touched and not files_of(source, folder)


def forget_decisions(overlay: Path, named: Tombstones, corpus_ids: Sequence[str]) -> int:
    """Delete what people decided on questions of forgotten documents, quotes and all; how many entries went."""
    dropped = 0
    for corpus_id in corpus_ids:
        path = overlay / corpus_id / "decisions.toml"
        if path.exists():
            said = read_decisions([path])
            documents = {one.document for one in said.decision}
            documents |= {side.document for merge in said.merge for side in (merge.one, merge.other)}
            dropped += drop_decisions(path, {one for one in documents if named.find(one, corpus=corpus_id)})
    return dropped


def forget_reports(one: Holding, named: Tombstones) -> int:
    """Take titles out of the reports of runs, and delete those that cannot be read; how many reports changed.

    The caller holds the corpus, so no report is being written.
    """
    changed = 0
    for unfinished in (one.versions.root / "runs").glob(".*"):
        unfinished.unlink()
    for path in sorted([*(one.versions.root / "runs").glob("*.json"), *one.versions.root.glob("last-run.json")]):
        report = read_report(path)
        if report is None or path.name == "last-run.json":
            path.unlink()
            changed += 1
            continue
        addresses = tuple(
            item.model_copy(update={"title": ""})
            if named.find(item.address, item.document_id, corpus=one.corpus)
            else item
            for item in report.addresses
        )
        if addresses != report.addresses:
            write_durably(path, report.model_copy(update={"addresses": addresses}).model_dump_json(indent=1))
            changed += 1
    return changed
