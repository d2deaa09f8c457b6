"""Why: the whole story of one address, over every corpus: who names it, what was asked, made, served and forgotten."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from brain.catalog import Catalog, Corpus
from brain.errors import BrainError, FetchError, NotFoundError, RefusedError, UnknownCorpusError
from brain.jsonlines import read_records
from brain.records import Cluster, Document, Passage, Record, ReportedQuestion, Rights
from ingest.discover import bundled_leads
from ingest.holdings import Holding, holdings, is_web
from ingest.made import Made, PageCopy, made_of, page_copies
from ingest.own_files import files_of
from ingest.report import Fetching, Outcome
from ingest.tombstones import Held, Target, Tombstone, Tombstones, read_target

_RUNS = 5


class Asked(Record):
    """What one run did about an address."""

    when: datetime
    address: str
    source: str
    fetching: Fetching
    outcome: Outcome
    reason: str
    near_copy_of: str
    seconds: float


class Ask(Record):
    """A question of the document, as it is served: with the independent reports and sources of its cluster."""

    id: str
    text: str
    kind: str
    provenance: str
    reports: int
    sources: int
    same_ask_in: tuple[str, ...] = ()


class Served(Record):
    """A document in the served version."""

    id: str
    url: str
    title: str
    kind: str
    form: str
    language: str
    words: int
    published: str
    interviewed: str
    retrieved: str
    rights: Rights
    passages: int
    flagged: int
    questions: tuple[Ask, ...]


class InCorpus(Record):
    """The part of the story that one corpus tells.

    `named_by` says what names the address: the source in the corpus file, or the file of ours. `versions` are the
    retained versions that hold a document of it, `copies` the addresses that were left out as near-copies of it.
    """

    corpus: str
    named_by: tuple[str, ...]
    runs: tuple[Asked, ...]
    copies: tuple[str, ...]
    served_version: str
    served: tuple[Served, ...]
    versions: tuple[str, ...]
    decisions: int = 0


class Story(Record):
    """Everything that is known of an address. `refusal` is why it may never be asked, "" when it may.

    `robots` is what the site's robots.txt said of it when it was last read, "" when that is not known.
    """

    asked: str
    target: Target
    addresses: tuple[str, ...]
    tombstone: Tombstone | None
    refusal: str
    robots: str
    pages: tuple[PageCopy, ...]
    made: tuple[Made, ...]
    corpora: tuple[InCorpus, ...]

    @property
    def known(self) -> bool:
        """Whether anything here names it or holds something of it."""
        return bool(self.pages or self.made or self.corpora or self.tombstone)


@dataclass(frozen=True)
class Place:
    """Where to look: the data home, what is described in it, and the hosts on loopback that may be asked."""

    home: Path
    catalog: Catalog
    loopback_hosts: frozenset[str]


def why(asked: str, place: Place, *, corpus: str = "") -> Story:
    """Tell the story of an address, a domain, or the id of a document or question.

    Raises UnknownCorpusError; BadInputError for a spelling that means nothing; NotFoundError for an unknown id.
    """
    if corpus and corpus not in place.catalog.ids() and not (place.home / "versions" / corpus).is_dir():
        raise UnknownCorpusError(corpus, place.catalog.ids())
    found = holdings(place.home, corpus)
    stones = Tombstones.load(place.home)
    target, addresses = _meant(asked, found, stones)
    addresses = _linked(addresses, found)
    named = _named(target, addresses)
    cache = place.home / "cache" / "stages.sqlite"
    pages = page_copies(cache, named)
    described = {one.corpus: one for one in found}
    names = [corpus] if corpus else sorted({*place.catalog.ids(), *described})
    parts = (_in_corpus(name, described.get(name), place, named) for name in names)
    single = target.kind in {"address", "document"}
    address = asked.strip() if is_web(asked.strip()) else next(filter(is_web, addresses), "")
    refusal, robots = _may_ask(address, place) if single else ("", "")
    return Story(
        asked=asked,
        target=target,
        addresses=addresses,
        tombstone=_stone(stones, target, addresses, names),
        refusal=refusal,
        robots=robots,
        pages=tuple(pages),
        made=tuple(made_of(cache, named)),
        corpora=tuple(part for part in parts if part),
    )


def _meant(asked: str, found: Sequence[Holding], stones: Tombstones) -> tuple[Target, tuple[str, ...]]:
    """What was asked about, and its addresses: for an id, where its document comes from."""
    known = {held.url for one in found for held in _documents(one)} | {name for one in found for name in one.outcomes}
    if asked in known and not is_web(asked):
        return Target(kind="address", value=asked), (asked,)
    target = read_target(asked)
    if target.kind == "address":
        return target, (target.value,)
    if target.kind in {"domain", "account"}:
        names = Tombstones([Tombstone.of(target)])
        return target, tuple(sorted(address for address in known if names.find(address)))
    return _by_id(target.value, found, stones)


def _linked(addresses: Sequence[str], found: Sequence[Holding]) -> tuple[str, ...]:
    """With the addresses that led to the same documents: by redirect, or as files of ours that speak of a page."""
    wanted = Tombstones([Tombstone.of(Target(kind="address", value=address)) for address in addresses])
    linked = list(addresses)
    for one in found:
        url = {held.id: held.url for held in _documents(one)}
        for item in one.outcomes.values():
            pair = (item.address, url.get(item.document_id, ""))
            if any(map(wanted.find, pair)):
                linked += [address for address in pair if address]
    return tuple(dict.fromkeys(linked))


def _documents(one: Holding) -> Iterator[Held]:
    return (held for documents in one.documents.values() for held in documents)


def _by_id(name: str, found: Sequence[Holding], stones: Tombstones) -> tuple[Target, tuple[str, ...]]:
    urls = {held.url for one in found for held in _documents(one) if held.id == name}
    if not urls:
        urls = {url for one in found for url in _of_question(one, name)}
    stone = stones.find("", name)
    if not urls and stone is None:
        raise NotFoundError(
            f"Nothing here has the id {name!r}.", next_step="Give an address, or an id of `ingest status`."
        )
    addresses = tuple(sorted(urls)) or (stone.addresses if stone else ())
    return Target(kind="document", value=name), addresses


def _of_question(one: Holding, name: str) -> Iterator[str]:
    """The address of the document that a question, or a passage, belongs to."""
    for version, documents in one.documents.items():
        urls = {held.id: held.url for held in documents}
        folder = one.versions.folder(version)
        questions = read_records(folder / "questions.jsonl", ReportedQuestion)
        passages = read_records(folder / "passages.jsonl", Passage)
        yield from (urls[record.document_id] for record in questions if record.id == name)
        yield from (urls[record.document_id] for record in passages if record.id == name)


def _named(target: Target, addresses: Sequence[str]) -> Callable[[str], bool]:
    wanted = [Tombstone.of(Target(kind="address", value=address)) for address in addresses]
    stones = Tombstones([*wanted, *([Tombstone.of(target)] if target.kind != "document" else [])])
    return lambda address: stones.find(address) is not None


def _stone(stones: Tombstones, target: Target, addresses: Sequence[str], corpora: Sequence[str]) -> Tombstone | None:
    document = target.value if target.kind == "document" else ""
    asked = [*addresses, *([target.value] if target.kind == "domain" else [])]
    for corpus in ("", *corpora):
        for address in asked or [""]:
            spelled = f"https://{address}/" if target.kind == "domain" and address == target.value else address
            if stone := stones.find(spelled, document, corpus=corpus):
                return stone
    return None


def _may_ask(address: str, place: Place) -> tuple[str, str]:
    """Why a web address may not be asked, by its spelling, and what robots.txt said of it."""
    from brain.addresses import approve

    if not address:
        return "", ""
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").encode("idna").decode("ascii")
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        approved = approve(
            address,
            scheme=parts.scheme,
            host=host,
            port=parts.port,
            path=path,
            credentials=bool(parts.username or parts.password),
            loopback_hosts=place.loopback_hosts,
        )
    except RefusedError as error:
        return error.reason, ""
    except (UnicodeError, ValueError):
        return "it is not a web address.", ""
    return "", _robots(approved.url, approved.origin, path, place.home)


def _robots(url: str, origin: str, path: str, home: Path) -> str:
    """What the kept robots.txt of the site says; "" when none is kept."""
    if not (home / "web" / "hosts.sqlite").exists():
        return ""
    from brain.hosts import HostBook
    from brain.limits import Limits
    from brain.robots import rules_from

    book = HostBook(home / "web")
    try:
        kept = book.file(f"{origin}/robots.txt", float("inf"))
    finally:
        book.close()
    if kept is None:
        return ""
    read = f"as read on {datetime.fromtimestamp(kept.read, UTC):%Y-%m-%d %H:%M}"
    try:
        return f"{rules_from(kept.status, kept.body).check(url, path, Limits().longest_wait)}, {read}"
    except FetchError as error:
        return f"{error.reason.rstrip('.')}, {read}"


def _in_corpus(name: str, one: Holding | None, place: Place, named: Callable[[str], bool]) -> InCorpus | None:
    corpus = _described(place.catalog, name)
    named_by = tuple(dict.fromkeys(_names(corpus, named))) if corpus else ()
    runs = tuple(_runs(one, named)) if one else ()
    by_runs = (f"the source {run.source!r}" for run in runs if run.source)
    versions = tuple(v for v, held in one.documents.items() if any(named(h.url) for h in held)) if one else ()
    if not (named_by or runs or versions):
        return None
    served = one.versions.current() if one else None
    copies = (item.address for item in one.outcomes.values() if named(item.near_copy_of)) if one else ()
    return InCorpus(
        corpus=name,
        named_by=named_by or tuple(dict.fromkeys(by_runs)),
        runs=runs,
        copies=tuple(copies),
        served_version=served or "",
        served=tuple(_served(one.versions.folder(served), named)) if one and served else (),
        versions=versions,
        decisions=_decisions(corpus, named) if corpus else 0,
    )


def _described(catalog: Catalog, name: str) -> Corpus | None:
    try:
        return catalog.corpus(name) if name in catalog.ids() else None
    except BrainError:  # a corpus that is described wrongly has its own message, from `ingest check`
        return None


def _names(corpus: Corpus, named: Callable[[str], bool]) -> Iterator[str]:
    for lead in bundled_leads(corpus):
        if named(lead.address):
            yield f"the {lead.format} {lead.path}"
    for source in corpus.sources:
        options = [str(option) for option in source.options.values()]
        files = [address for address, _ in files_of(source, corpus.folder_of(source))]
        if any(named(option) for option in (*options, *files)):
            yield f"the source {source.name!r} ({source.type})"


def _runs(one: Holding, named: Callable[[str], bool]) -> Iterator[Asked]:
    """What the last runs did, newest first."""
    for report in one.reports[: -_RUNS - 1 : -1]:
        for item in report.addresses:
            if named(item.address):
                yield Asked(
                    when=report.started,
                    **item.model_dump(
                        include={"address", "source", "fetching", "outcome", "reason", "near_copy_of", "seconds"}
                    ),
                )


def _decisions(corpus: Corpus, named: Callable[[str], bool]) -> int:
    if not corpus.decisions:
        return 0
    from ingest.review import load_decisions

    return sum(named(decision.document) for decision in load_decisions(corpus).decision)


def _served(folder: Path, named: Callable[[str], bool]) -> Iterator[Served]:
    documents = {one.id: one for one in read_records(folder / "documents.jsonl", Document) if named(one.url)}
    if not documents:
        return
    questions = list(read_records(folder / "questions.jsonl", ReportedQuestion))
    clusters = {name: one for one in read_records(folder / "clusters.jsonl", Cluster) for name in one.questions}
    document_of = {question.id: question.document_id for question in questions}
    passages = [one for one in read_records(folder / "passages.jsonl", Passage) if one.document_id in documents]
    counted = Counter(one.document_id for one in passages)
    flagged = Counter(one.document_id for one in passages if one.flags)
    for document in documents.values():
        own = sorted((one for one in questions if one.document_id == document.id), key=lambda one: one.start)
        asks = tuple(_ask(question, clusters.get(question.id), document_of) for question in own)
        yield Served(
            **document.model_dump(include={"id", "url", "title", "kind", "form", "language"}),
            words=len(document.text.split()),
            published=str(document.published or "unknown"),
            interviewed=str(document.interviewed or "unknown"),
            retrieved=str(document.retrieved or "unknown"),
            rights=document.rights,
            passages=counted[document.id],
            flagged=flagged[document.id],
            questions=asks,
        )


def _ask(question: ReportedQuestion, cluster: Cluster | None, document_of: dict[str, str]) -> Ask:
    others = [document_of.get(name, "") for name in cluster.questions] if cluster else []
    return Ask(
        **question.model_dump(include={"id", "text", "kind", "provenance"}),
        reports=cluster.reports if cluster else 0,
        sources=cluster.sources if cluster else 0,
        same_ask_in=tuple(sorted({other for other in others if other and other != question.document_id})),
    )
