"""The whole way of a page, in one file: discover, fetch, extract, screen, split, mine, embed, publish.

Fetch to mine are functions of one document (`ingest.reading`), each behind the stage cache, so that a run that was
killed continues where it was. Near-copies, clusters and publish look at the whole corpus.
"""

import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from brain.catalog import Corpus
from brain.errors import BadInputError, StoreError
from brain.jsonlines import read_records
from brain.records import Document, ReportedQuestion
from brain.store import Content, Context
from brain.versions import Manifest, Versions
from ingest.assemble import Assembled, assemble
from ingest.cache import Tally
from ingest.cluster import cluster_questions
from ingest.discover import Asking, discover
from ingest.duplicates import Fingerprinted, group
from ingest.embed import embed
from ingest.fetch import Wire
from ingest.gather import Gathered, Gatherer
from ingest.materials import Lead, Unusable
from ingest.progress import Progress
from ingest.publish import context_of, publish
from ingest.reading import kit_for
from ingest.report import AddressOutcome, Changes, Result, RunReport, keep_report
from ingest.review import load_decisions
from ingest.telemetry import Stopwatch
from ingest.tombstones import Tombstones
from ingest.workers import Workers
from ingest.workshop import Workshop


@dataclass(frozen=True)
class Plan:
    """What a run is asked to do: which part of the web it asks, and whether it only says what it would do."""

    asking: Asking = field(default_factory=Asking)
    dry_run: bool = False


@dataclass(frozen=True)
class Run:
    """One run of one corpus, and what it counts."""

    corpus: Corpus
    plan: Plan
    shop: Workshop
    versions: Versions
    progress: Progress
    stones: Tombstones
    started: datetime
    watch: Stopwatch
    tally: Tally


def run(corpus: Corpus, shop: Workshop, versions: Versions, progress: Progress, plan: Plan | None = None) -> RunReport:
    """Bring one corpus up to date and report what happened to every address.

    Raises BadInputError listing every unreadable local file, before anything is published; BusyError; StoreError.
    """
    with versions.working():
        stones = Tombstones.load(shop.home)
        now = datetime.now(UTC)
        this = Run(corpus, plan or Plan(), shop, versions, progress, stones, now, Stopwatch(corpus.id), Tally())
        with this.watch.running(), _spool(versions) as spool:
            report = _bring_up_to_date(this, spool)
        if not this.plan.dry_run:
            keep_report(versions.root, report)
        return report


@contextmanager
def _spool(versions: Versions) -> Iterator[Path]:
    """A folder for what is too large for memory; what a killed run leaves is swept by the next one."""
    folder = versions.new_folder()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _bring_up_to_date(this: Run, spool: Path) -> RunReport:
    leads = _discover(this)
    gathered = _collapse_copies(_gather(this, leads), this)
    _refuse_bad_files(gathered)
    if not any(one.found for one in gathered):
        reasons = "\n".join(f"  {one.address}: {one.left_out}" for one in gathered)
        raise BadInputError(
            f"Nothing of {this.corpus.id!r} can be used:\n{reasons}", next_step="Nothing was published."
        )
    with this.watch.timed("assemble"):
        decisions = load_decisions(this.corpus)
        context = context_of(this.corpus)
        made = assemble(context, gathered, decisions, this.shop.embedder, this.shop.cache, spool)
    before = _served(this.versions)
    same = before is not None and before.input_hash == made.input_hash
    changes = Changes() if same else _changes(this.versions, before, made)
    if this.plan.dry_run:
        return _report(this, gathered, made, "dry run", before, changes, _would_ask(this, leads))
    if same:
        return _report(this, gathered, made, "unchanged", before, changes)
    content = _content(this, context, made, spool)
    _refuse_forgotten(this, made)
    with this.watch.timed("publish"), this.progress.stage("publish", 1) as advance:
        stones = this.stones.ids(this.corpus.id)
        readers = this.shop.home / "readers"
        manifest = publish(this.versions, content, this.shop.embedder, made.input_hash, readers, tombstones=stones)
        this.versions.prune(this.shop.keep_versions)
        advance(1)
    return _report(this, gathered, made, "published", manifest, changes)


def _discover(this: Run) -> list[Lead | Unusable]:
    with this.watch.timed("discover"):
        return discover(this.corpus, _wire(this), this.plan.asking, this.stones)


def _wire(this: Run) -> Wire:
    return Wire(None if this.plan.dry_run else this.shop.web, this.shop.cache)


def _gather(this: Run, leads: Sequence[Lead | Unusable]) -> list[Gathered]:
    """Fetch, extract, screen, split and mine every lead."""
    shop, kit = this.shop, kit_for(this.corpus, this.shop.embedder)
    with (
        this.watch.timed("read"),
        this.progress.stage("read", len(leads)) as advance,
        Workers(shop.readers, shop.read_timeout, shop.cache, kit) as workers,
    ):
        gatherer = Gatherer(
            wire=_wire(this),
            cache=shop.cache,
            kit=kit,
            workers=workers if shop.readers else None,
            stones=this.stones,
            corpus=this.corpus.id,
            asking=this.plan.asking,
            file_max_bytes=shop.file_max_bytes,
            advance=advance,
            tally=this.tally,
            watch=this.watch,
        )
        return gatherer.gather(leads)


def _refuse_bad_files(gathered: Sequence[Gathered]) -> None:
    errors = [one.error for one in gathered if one.error is not None]
    if len(errors) == 1:
        raise errors[0]
    if errors:
        listed = "\n".join(f"  {error.message}" for error in errors)
        raise BadInputError(
            f"{len(errors)} files cannot be used:\n{listed}", next_step="Correct or remove them; nothing was published."
        )


def _collapse_copies(gathered: Sequence[Gathered], this: Run) -> Sequence[Gathered]:
    """Near-copies give neither passages nor questions; the earliest first-hand member of a group stands for it."""
    with this.watch.timed("compare"):
        found = [one.found for one in gathered if one.found]
        entries = [Fingerprinted(one.document_id, one.fingerprint, one.age, one.form, one.kind) for one in found]
        leaders = group(entries)
        url = {one.document_id: one.url for one in found}
        seen: set[str] = set()
        for one in (one for one in gathered if one.found):
            assert one.found is not None  # noqa: S101 - the line above
            leader = leaders[one.found.document_id]
            if leader != one.found.document_id:
                one.left_out, one.near_copy_of = f"a near-copy of {url[leader]}", url[leader]
            elif leader in seen:
                one.left_out, one.near_copy_of = "the same document as another address", url[leader]
            else:
                seen.add(leader)
                continue
            one.found = None
        return gathered


def _served(versions: Versions) -> Manifest | None:
    """The manifest of the served version; None when there is none, or when it is damaged and so to be replaced."""
    try:
        return versions.manifest(version) if (version := versions.current()) else None
    except StoreError:
        return None


def _content(this: Run, context: Context, made: Assembled, spool: Path) -> Content:
    """Vectors and clusters for what was assembled."""
    embedder, cache = this.shop.embedder, this.shop.cache
    counts = len(made.passages), len(made.questions)
    with this.watch.timed("embed"), this.progress.stage("embed", sum(counts)) as advance:
        of_passages, of_questions = (
            embed(texts, count, embedder, cache, spool / f"{name}.npy", advance=advance, tally=this.tally)
            for name, texts, count in (
                ("passages", made.passage_texts(), counts[0]),
                ("questions", made.question_texts(), counts[1]),
            )
        )
    with this.watch.timed("cluster"):
        clusters = cluster_questions(list(made.questions), of_questions, made.origins, made.reviewed.merges)
    return Content(context, made.documents, made.passages, made.questions, clusters, of_passages, of_questions)


def _refuse_forgotten(this: Run, made: Assembled) -> None:
    """Somebody may have had something forgotten while this run was under way."""
    stones = Tombstones.load(this.shop.home)
    corpus = this.corpus.id
    named = [url for key, url in made.owners.items() if stones.names(url, key, corpus=corpus)]
    named += [one.url for one in made.documents if stones.names(one.url, one.id, corpus=corpus)]
    if named:
        raise StoreError(
            f"{named[0]} was forgotten while this run was under way.", next_step="Run again; nothing was published."
        )


def _changes(versions: Versions, before: Manifest | None, made: Assembled) -> Changes:
    """What a version made of this gains and loses against the one that is served."""
    old_documents: dict[str, str] = {}
    old_questions: set[str] = set()
    if before is not None:
        folder = versions.folder(before.version)
        # Of a version that is damaged, and replaced by now, nothing is known.
        with suppress(OSError, ValueError):
            old_documents = {one.url: one.id for one in read_records(folder / "documents.jsonl", Document)}
            old_questions = {one.id for one in read_records(folder / "questions.jsonl", ReportedQuestion)}
    documents = {one.url: one.id for one in made.documents}
    questions = {one.id for one in made.questions}
    both = documents.keys() & old_documents.keys()
    return Changes(
        documents_gained=tuple(sorted(documents.keys() - old_documents.keys())),
        documents_changed=tuple(sorted(url for url in both if documents[url] != old_documents[url])),
        documents_lost=tuple(sorted(old_documents.keys() - documents.keys())),
        questions_gained=tuple(sorted(questions - old_questions)),
        questions_lost=tuple(sorted(old_questions - questions)),
    )


def _would_ask(this: Run, leads: Sequence[Lead | Unusable]) -> tuple[str, ...]:
    """The pages that a run without `--dry-run` asks for."""
    asked = this.plan.asking.of_lead
    return tuple(one.address for one in leads if isinstance(one, Lead) and one.on_the_web and asked(one))


def _report(
    this: Run,
    gathered: Sequence[Gathered],
    made: Assembled,
    result: Result,
    manifest: Manifest | None,
    changes: Changes,
    would_ask: tuple[str, ...] = (),
) -> RunReport:
    counts = Counter(one.fetching for one in gathered)
    return RunReport(
        corpus=this.corpus.id,
        result=result,
        version=manifest.version if manifest else None,
        started=this.started,
        addresses=tuple(_outcome(one) for one in gathered),
        would_ask=would_ask,
        computed=dict(sorted((name, count) for name, count in this.tally.computed.items() if count)),
        reused=dict(sorted((name, count) for name, count in this.tally.reused.items() if count)),
        fetching=dict(sorted(counts.items())),
        seconds=this.watch.seconds,
        stage_seconds={name: round(spent, 3) for name, spent in sorted(this.tally.seconds.items())},
        manifest=manifest,
        changes=changes,
        reviewed=made.reviewed.counts,
        unmatched=made.reviewed.unmatched,
    )


def _outcome(one: Gathered) -> AddressOutcome:
    found = one.found
    outcome = AddressOutcome(
        address=one.address,
        source=one.source,
        outcome="used" if found else "left out",
        fetching=one.fetching,
        reason=one.left_out,
        near_copy_of=one.near_copy_of,
        seconds=one.seconds,
    )
    if found is None:
        return outcome
    return outcome.model_copy(
        update={
            "document_id": found.document_id,
            "title": found.title,
            "kind": found.kind,
            "passages": found.passages,
            "questions": found.questions,
        }
    )
