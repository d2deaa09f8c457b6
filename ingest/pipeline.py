"""The whole way of a page, in one file: discover, fetch, extract, screen, split, mine, embed, publish.

Fetch to mine are functions of one document, each behind the stage cache, so that a run that was killed continues
where it was. Near-duplicates, clusters and publish look at the whole corpus.
"""

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from brain.catalog import Corpus
from brain.embedding import Embedder
from brain.errors import BadInputError, StoreError
from brain.records import Document, Interval, Passage, ReportedQuestion
from brain.store import Content, Context, read_questions, search_text
from brain.topics import Namer, competency_namer, topic_namer
from brain.versions import Manifest, Versions, write_durably
from ingest import extract, questions, screen, split
from ingest.cache import LeftOutError, StageCache
from ingest.cluster import cluster_questions
from ingest.discover import discover
from ingest.duplicates import group_near_duplicates
from ingest.embed import embed
from ingest.fetch import PageSource, fetch
from ingest.materials import Extracted, Fetched, Lead, Mined, Screened, Split
from ingest.progress import Progress
from ingest.publish import context_of, input_hash, publish
from ingest.report import AddressOutcome, Result, RunReport
from ingest.screen import Scope

_FETCHERS = 8


@dataclass(frozen=True)
class Workshop:
    """What every stage may use: where things lie, what embeds, and the way out (None is offline)."""

    home: Path
    cache: StageCache
    embedder: Embedder
    web: PageSource | None
    file_max_bytes: int
    keep_versions: int


@dataclass(frozen=True)
class Harvest:
    """What one address gave: the document with its passages and questions, or the reason why it gave none."""

    lead: Lead
    document: Document | None = None
    passages: tuple[Passage, ...] = ()
    questions: tuple[ReportedQuestion, ...] = ()
    left_out: str = ""
    error: BadInputError | None = None


@dataclass
class Clock:
    """Seconds that each part of a run took."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def timed(self, name: str) -> Iterator[None]:
        """Add the time of the block to `name`."""
        began = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = round(self.seconds.get(name, 0.0) + time.perf_counter() - began, 3)


def run(corpus: Corpus, shop: Workshop, versions: Versions, progress: Progress, *, dry_run: bool = False) -> RunReport:
    """Bring one corpus up to date and report what happened to every address.

    Raises BadInputError listing every unreadable local file, before anything is published; BusyError; StoreError.
    """
    with versions.working():
        shop.cache.count_anew()
        clock = Clock()
        with clock.timed("read"):
            harvests = gather(corpus, shop, progress)
        _refuse_bad_files(harvests)
        with clock.timed("compare"):
            harvests = collapse_copies(harvests)
        report = _bring_up_to_date(corpus, harvests, shop, versions, progress, clock, dry_run=dry_run)
        if not dry_run:
            write_durably(versions.root / "last-run.json", report.model_dump_json(indent=1))
        return report


def gather(corpus: Corpus, shop: Workshop, progress: Progress) -> list[Harvest]:
    """Fetch, extract, screen, split and mine every lead, in the order of discovery."""
    scope = Scope(
        company_id=corpus.company.id,
        company_names=(corpus.company.name, *corpus.company.aliases),
        role_id=corpus.role.id,
    )
    topics, competencies = topic_namer(corpus.topics), competency_namer(corpus.company.competency)
    leads = discover(corpus)
    with progress.stage("read", len(leads)) as advance, ThreadPoolExecutor(_FETCHERS) as pool:
        fetching = [pool.submit(_fetched, lead, shop) for lead in leads]
        harvests = []
        for lead, waiting in zip(leads, fetching, strict=True):
            harvests.append(_harvest(lead, waiting.result(), shop, scope, topics, competencies))
            advance(1)
    return harvests


def _fetched(lead: Lead, shop: Workshop) -> Fetched | LeftOutError | BadInputError:
    try:
        return fetch(lead, shop.web, shop.cache, shop.file_max_bytes)
    except (LeftOutError, BadInputError) as error:
        return error


def _harvest(
    lead: Lead,
    fetched: Fetched | LeftOutError | BadInputError,
    shop: Workshop,
    scope: Scope,
    topics: Namer,
    competencies: Namer,
) -> Harvest:
    """The way of one document; a reason in the place of a document when it is not used."""
    if isinstance(fetched, BadInputError):
        return Harvest(lead, error=fetched)
    try:
        if isinstance(fetched, LeftOutError):
            raise fetched
        extracted = through_extract(fetched, lead, shop.cache)
        screened = through_screen(extracted, scope, shop.cache)
        passages = through_split(screened.document, shop.embedder, shop.cache).passages
        mined = through_mine(screened, topics, competencies, scope, shop.cache).questions
    except LeftOutError as reason:
        return Harvest(lead, left_out=str(reason))
    except BadInputError as error:
        return Harvest(lead, error=error)
    return Harvest(lead, _dated(screened.document, fetched), passages, mined)


def _dated(document: Document, fetched: Fetched) -> Document:
    """The day of fetching is put on last, so that it never makes a stage run again."""
    if fetched.retrieved is None:
        return document
    return document.model_copy(update={"retrieved": Interval(first=fetched.retrieved, last=fetched.retrieved)})


def through_extract(fetched: Fetched, lead: Lead, cache: StageCache) -> Extracted:
    """Extract, behind the cache; of a page that asks not to be kept, no copy stays."""
    extracted = cache.through(extract.STAGE, fetched.key, lambda: extract.extract(fetched, lead.path))
    if extracted.signals:
        cache.drop_page(lead.address)
    return extracted


def through_screen(extracted: Extracted, scope: Scope, cache: StageCache) -> Screened:
    """Screen, behind the cache."""
    key = f"{scope.key}:{extracted.model_dump_json()}"
    return cache.through(screen.STAGE, key, lambda: screen.screen(extracted, scope))


def through_split(document: Document, embedder: Embedder, cache: StageCache) -> Split:
    """Split, behind the cache."""
    key = f"{embedder.id}:{document.id}:{document.title}"
    return cache.through(
        split.STAGE, key, lambda: split.split(document, embedder.tokenizer_file(), embedder.max_tokens)
    )


def through_mine(screened: Screened, topics: Namer, competencies: Namer, scope: Scope, cache: StageCache) -> Mined:
    """Mine, behind the cache."""
    key = f"{topics.key}:{competencies.key}:{scope.key}:{screened.model_dump_json()}"
    return cache.through(questions.STAGE, key, lambda: questions.questions_of(screened, topics, competencies))


def _refuse_bad_files(harvests: Sequence[Harvest]) -> None:
    errors = [harvest.error for harvest in harvests if harvest.error is not None]
    if len(errors) == 1:
        raise errors[0]
    if errors:
        listed = "\n".join(f"  {error.message}" for error in errors)
        raise BadInputError(
            f"{len(errors)} files cannot be used:\n{listed}", next_step="Correct or remove them; nothing was published."
        )


def collapse_copies(harvests: Sequence[Harvest]) -> list[Harvest]:
    """Near-copies give neither passages nor questions; the earliest first-hand member of a group stands for it."""
    found = [harvest.document for harvest in harvests if harvest.document is not None]
    grouped = {document.id: document for document in group_near_duplicates(found)}
    collapsed: list[Harvest] = []
    taken: set[str] = set()
    for harvest in harvests:
        if harvest.document is None:
            collapsed.append(harvest)
            continue
        document = grouped[harvest.document.id]
        if document.duplicate_group != document.id:
            original = grouped[document.duplicate_group]
            collapsed.append(Harvest(harvest.lead, left_out=f"a near-copy of {original.url}"))
        elif document.id in taken:
            collapsed.append(Harvest(harvest.lead, left_out="the same document as another address"))
        else:
            taken.add(document.id)
            collapsed.append(Harvest(harvest.lead, document, harvest.passages, harvest.questions))
    return collapsed


def _bring_up_to_date(
    corpus: Corpus,
    harvests: Sequence[Harvest],
    shop: Workshop,
    versions: Versions,
    progress: Progress,
    clock: Clock,
    *,
    dry_run: bool,
) -> RunReport:
    documents = sorted((h.document for h in harvests if h.document is not None), key=lambda document: document.id)
    passages = sorted((p for h in harvests for p in h.passages), key=lambda passage: passage.id)
    found = sorted((q for h in harvests for q in h.questions), key=lambda question: question.id)
    if not documents:
        reasons = "\n".join(f"  {harvest.lead.address}: {harvest.left_out}" for harvest in harvests)
        raise BadInputError(f"Nothing of {corpus.id!r} can be used:\n{reasons}", next_step="Nothing was published.")
    context = context_of(corpus)
    inputs = input_hash(context, documents, passages, found, shop.embedder)
    before = _served(versions)
    if dry_run or (before is not None and before.input_hash == inputs):
        return _report(corpus, harvests, shop, clock, "dry run" if dry_run else "unchanged", before)
    content = _embedded(context, documents, passages, found, shop, progress, clock)
    with clock.timed("publish"), progress.stage("publish", 1) as advance:
        manifest = publish(versions, content, shop.embedder, inputs, shop.home / "readers")
        change = _change(versions, before, manifest)
        versions.prune(shop.keep_versions)
        advance(1)
    return _report(corpus, harvests, shop, clock, "published", manifest, change)


def _served(versions: Versions) -> Manifest | None:
    """The manifest of the served version; None when there is none, or when it is damaged and so to be replaced."""
    try:
        return versions.manifest(version) if (version := versions.current()) else None
    except StoreError:
        return None


def _embedded(
    context: Context,
    documents: Sequence[Document],
    passages: Sequence[Passage],
    found: Sequence[ReportedQuestion],
    shop: Workshop,
    progress: Progress,
    clock: Clock,
) -> Content:
    texts = [*(search_text(passage) for passage in passages), *(search_text(question) for question in found)]
    with clock.timed("embed"), progress.stage("embed", len(texts)) as advance:
        vectors = embed(texts, shop.embedder, shop.cache, advance)
    of_passages, of_questions = vectors[: len(passages)], vectors[len(passages) :]
    with clock.timed("cluster"):
        clusters = cluster_questions(found, of_questions, {document.id: document for document in documents})
    return Content(context, documents, passages, found, clusters, of_passages, of_questions)


def _change(versions: Versions, before: Manifest | None, now: Manifest) -> tuple[int, int]:
    """How many questions came and went since the version before."""
    try:
        old = {question.id for question in read_questions(versions.folder(before.version))} if before else set()
    except (OSError, ValueError):  # the version before is damaged, and replaced by now
        old = set()
    new = {question.id for question in read_questions(versions.folder(now.version))}
    return len(new - old), len(old - new)


def _report(
    corpus: Corpus,
    harvests: Sequence[Harvest],
    shop: Workshop,
    clock: Clock,
    result: Result,
    manifest: Manifest | None,
    gained_and_lost: tuple[int, int] = (0, 0),
) -> RunReport:
    gained, lost = gained_and_lost
    return RunReport(
        corpus=corpus.id,
        result=result,
        version=manifest.version if manifest else None,
        addresses=tuple(_outcome(harvest) for harvest in harvests),
        computed=dict(sorted(shop.cache.computed.items())),
        reused=dict(sorted(shop.cache.reused.items())),
        seconds=clock.seconds,
        manifest=manifest,
        questions_gained=gained,
        questions_lost=lost,
    )


def _outcome(harvest: Harvest) -> AddressOutcome:
    document = harvest.document
    if document is None:
        return AddressOutcome(address=harvest.lead.address, outcome="left out", reason=harvest.left_out)
    return AddressOutcome(
        address=harvest.lead.address,
        outcome="used",
        document_id=document.id,
        title=document.title,
        kind=document.kind,
        passages=len(harvest.passages),
        questions=len(harvest.questions),
    )
