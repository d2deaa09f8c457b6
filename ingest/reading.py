"""The way of one document: extract, screen, split, mine, each behind the stage cache.

It needs nothing but the bytes, so it runs in worker processes (`ingest.workers`) for what strangers wrote.
"""

import base64
from dataclasses import dataclass, field, replace
from pathlib import Path

from brain.catalog import Corpus
from brain.embedding import Embedder
from brain.errors import BadInputError
from brain.records import Document, DocumentKind, Form, Passage, ReportedQuestion
from brain.topics import Namer, competency_namer, topic_namer
from ingest import extract, questions, screen, split
from ingest.cache import LeftOutError, Stage, StageCache, Tally
from ingest.duplicates import age_of, fingerprint
from ingest.materials import Extracted, Fetched, Lead, Printed, Screened
from ingest.screen import Scope, scope_of

PRINT = Stage("fingerprint", Printed, modules=("ingest.duplicates",))


@dataclass(frozen=True)
class Kit:
    """What reading a document depends on besides its bytes."""

    scope: Scope
    topics: Namer
    competencies: Namer
    embedder_id: str
    tokenizer_file: Path | None
    max_tokens: int


def kit_for(corpus: Corpus, embedder: Embedder) -> Kit:
    """The kit for documents of one corpus."""
    return Kit(
        scope=scope_of(corpus),
        topics=topic_namer(corpus.topics),
        competencies=competency_namer(corpus.company.competency),
        embedder_id=embedder.id,
        tokenizer_file=embedder.tokenizer_file(),
        max_tokens=embedder.max_tokens,
    )


@dataclass(frozen=True, slots=True)
class Found:
    """A document as the run remembers it: small, with the places in the cache where its records are."""

    document_id: str
    url: str
    title: str
    kind: DocumentKind
    form: Form
    source: str
    age: tuple[bool, str, str]
    fingerprint: bytes
    passages: int
    questions: int
    screened_key: str
    split_key: str
    mined_key: str


@dataclass(frozen=True)
class Reading:
    """What reading one lead gave: a document, the reason for none, or a mistake in a local file."""

    found: Found | None = None
    left_out: str = ""
    error: BadInputError | None = None
    denied: bool = False
    tally: Tally = field(default_factory=Tally)


def read(fetched: Fetched, lead: Lead, kit: Kit, cache: StageCache, *, compute: bool = True) -> Reading:
    """Take one document through its stages. Raises NotCachedError when something is missing and `compute` is off."""
    tally = Tally()
    try:
        extracted = through_extract(fetched, lead, cache, tally, compute=compute)
    except (LeftOutError, BadInputError) as reason:
        return _unused(reason, tally)
    try:
        found = _found(extracted, lead.address, kit, cache, tally, compute=compute)
    except (LeftOutError, BadInputError) as reason:
        return replace(_unused(reason, tally), denied=bool(extracted.denials))
    return Reading(found, tally=tally)


def _unused(reason: LeftOutError | BadInputError, tally: Tally) -> Reading:
    if isinstance(reason, BadInputError):
        return Reading(error=reason, tally=tally)
    return Reading(left_out=str(reason), tally=tally)


def through_extract(fetched: Fetched, lead: Lead, cache: StageCache, tally: Tally, *, compute: bool) -> Extracted:
    """Extract, behind the cache."""
    work = (lambda: extract.extract(fetched, lead.path)) if compute else None
    return cache.through(extract.STAGE, fetched.key, work, owner=lead.address, tally=tally)


def _found(extracted: Extracted, owner: str, kit: Kit, cache: StageCache, tally: Tally, *, compute: bool) -> Found:
    screening = f"{kit.scope.key}:{extracted.model_dump_json()}"
    work = (lambda: screen.screen(extracted, kit.scope)) if compute else None
    screened = cache.through(screen.STAGE, screening, work, owner=owner, tally=tally)
    document = screened.document
    splitting = f"{kit.embedder_id}:{document.id}:{document.title}:{screened.marked}"
    cut = (lambda: split.split(screened, kit.tokenizer_file, kit.max_tokens)) if compute else None
    passages = cache.through(split.STAGE, splitting, cut, owner=owner, tally=tally).passages
    mining = f"{kit.topics.key}:{kit.competencies.key}:{kit.scope.key}:{screened.model_dump_json()}"
    mine = (lambda: questions.questions_of(screened, kit.topics, kit.competencies)) if compute else None
    mined = cache.through(questions.STAGE, mining, mine, owner=owner, tally=tally).questions
    compare = (lambda: Printed(fingerprint=_print_of(document))) if compute else None
    printed = cache.through(PRINT, f"{document.form}:{document.id}", compare, owner=owner, tally=tally).fingerprint
    return Found(
        document_id=document.id,
        url=document.url,
        title=document.title,
        kind=document.kind,
        form=document.form,
        source=document.source,
        age=age_of(document),
        fingerprint=base64.b64decode(printed),
        passages=len(passages),
        questions=len(mined),
        screened_key=cache.key_of(screen.STAGE, screening),
        split_key=cache.key_of(split.STAGE, splitting),
        mined_key=cache.key_of(questions.STAGE, mining),
    )


def _print_of(document: Document) -> str:
    """What near-copies are found by, in base 64; only sources' own texts are compared."""
    return base64.b64encode(fingerprint(document.text)).decode() if document.form == "verbatim" else ""


def document_of(found: Found, cache: StageCache) -> Document:
    """The document itself, from the cache."""
    screened: Screened = cache.load(screen.STAGE, found.screened_key)
    return screened.document


def passages_of(found: Found, cache: StageCache) -> tuple[Passage, ...]:
    """Its passages, in order."""
    return cache.load(split.STAGE, found.split_key).passages


def questions_of(found: Found, cache: StageCache) -> tuple[ReportedQuestion, ...]:
    """Its questions, in order."""
    return cache.load(questions.STAGE, found.mined_key).questions
