"""Check every data file that corpora are made of, without fetching or embedding anything."""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from brain.catalog import Catalog, Corpus, Source
from brain.denied import refuse_denied
from brain.errors import BadInputError, BrainError, CatalogError, RefusedError
from brain.screening import remove_personal_data
from brain.tomlfiles import line_of, read_text, read_toml
from ingest.bundled import extract_card, extract_digest
from ingest.materials import Extracted
from ingest.review import Decision, Decisions
from ingest.sources import bind


def check(catalog: Catalog) -> Iterator[str]:
    """Yield a line for each corpus that is right. Raises CatalogError for the first file that is wrong."""
    for corpus_id in catalog.ids():
        yield check_corpus(catalog.corpus(corpus_id))


def check_corpus(corpus: Corpus) -> str:
    """Check all files of one corpus; a line that says what it holds. Raises CatalogError for the first mistake."""
    cards = [extract_card(path) for path in corpus.cards]
    digests = [extract_digest(path) for path in corpus.digests]
    _check_links(corpus, cards, digests)
    _check_addresses(corpus, digests)
    _check_sources(corpus)
    decided = sum(_check_decisions(corpus, path) for path in corpus.decisions)
    questions = sum(len(digest.questions) for digest in digests)
    more = f", {decided} decisions" if decided else ""
    return f"{corpus.id}: {len(cards)} cards, {len(digests)} digests with {questions} questions{more}, all right"


def wrong_decision(decision: Decision, corpus: Corpus) -> BadInputError | None:
    """What is wrong with a decision: an id that does not exist, or personal data in its words."""
    for field, words in (("text", decision.text), ("note", decision.note)):
        if words and remove_personal_data(words) != words:
            return BadInputError("it holds personal data", field=field, next_step="Write it without.")
    companies = {corpus.company.id, *(company.id for company in corpus.other_companies)}
    known = {
        "topics": (decision.topics or (), {topic.id for topic in corpus.topics}),
        "competencies": (decision.competencies or (), {item.id for item in corpus.company.competency}),
        "company": ((decision.company,) if decision.company else (), companies),
    }
    for field, (named, ids) in known.items():
        if unknown := set(named) - ids:
            there = f"Known are {', '.join(sorted(ids)) or 'none'}."
            return BadInputError(f"There is no {min(unknown)!r} among the {field}.", field=field, next_step=there)
    return None


def _check_decisions(corpus: Corpus, path: Path) -> int:
    decisions = read_toml(path, Decisions)
    twice = [key for key, count in Counter(one.key for one in decisions.decision).items() if count > 1]
    for number, decision in enumerate(decisions.decision):
        if decision.key in twice:
            raise _wrong(f"{decision.quote!r} is decided on twice", path, "decision", number, "quote")
        if problem := wrong_decision(decision, corpus):
            raise _wrong(problem.message, path, "decision", number, problem.field)
    return len(decisions.decision) + len(decisions.merge)


def check_bindings(corpus: Corpus) -> None:
    """Every source has a name of its own and an adapter that takes its options: without that no run can begin."""
    _each_source(corpus, lambda source, _: bind(source))


def _check_sources(corpus: Corpus) -> None:
    """Every source can be bound, names what its corpus knows, and an address that may be asked."""
    _each_source(corpus, _check_source)


def _each_source(corpus: Corpus, judge: Callable[[Source, Corpus], object]) -> None:
    """Judge every source; what is wrong is named with file, line and field."""
    places: Counter[Path] = Counter()
    names = Counter(source.name for source in corpus.sources)
    for source in corpus.sources:
        added = source.name in corpus.added_in
        path = corpus.folder_of(source) / ("sources.toml" if added else "corpus.toml")
        number = places[path]
        places[path] += 1
        try:
            if names[source.name] > 1:
                raise BadInputError(f"two sources are called {source.name!r}", field="name")
            judge(source, corpus)
        except BrainError as error:
            field = getattr(error, "field", "") or ("url" if "url" in source.options else "name")
            raise _wrong(f"{error.message} {error.next_step}".strip(), path, "source", number, field) from error


def _check_source(source: Source, corpus: Corpus) -> None:
    bind(source)
    tracks, levels = {track.id for track in corpus.tracks}, {level.id for level in corpus.role.level}
    if source.track and source.track not in tracks:
        raise BadInputError(f"no [[track]] has the id {source.track!r}", field="track")
    if unknown := set(source.levels) - levels:
        known = ", ".join(sorted(levels)) or "none"
        raise BadInputError(f"the role has no level {min(unknown)!r}; it has {known}", field="levels")
    if source.type == "file" and not _file(corpus, source).exists():
        raise BadInputError(f"{_file(corpus, source)} does not exist", field="path")
    for key, option in source.options.items():
        if isinstance(option, str) and (key == "url" or option.startswith(("http://", "https://"))):
            refuse_if_denied(option)


def _file(corpus: Corpus, source: Source) -> Path:
    return corpus.folder_of(source) / Path(str(source.options["path"])).expanduser()


def refuse_if_denied(url: str) -> None:
    """Raises RefusedError for an address of a site that is never fetched, or for one that cannot be read."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode("ascii")
    except ValueError as error:
        raise RefusedError(url, "it is not a web address.", next_step="Check its spelling.") from error
    if parts.scheme not in {"http", "https"}:
        raise RefusedError(url, "only http and https addresses are fetched.")
    refuse_denied(url, host, f"{parts.path}?{parts.query}")


def _check_links(corpus: Corpus, cards: list[Extracted], digests: list[Extracted]) -> None:
    """Every topic, competency and track that a file names must exist."""
    topics = {topic.id for topic in corpus.topics}
    competencies = {item.id for item in corpus.company.competency}
    tracks = {"", *(track.id for track in corpus.tracks)}
    for path, card in zip(corpus.cards, cards, strict=True):
        if unknown := set(card.topics) - topics:
            raise _wrong(f"unknown topic {min(unknown)!r}", path, "topics")
    for path, digest in zip(corpus.digests, digests, strict=True):
        if digest.track not in tracks:
            raise _wrong(f"no [[track]] has the id {digest.track!r}", path, "track")
        for number, question in enumerate(digest.questions):
            if unknown := set(question.topics) - topics:
                raise _wrong(f"unknown topic {min(unknown)!r}", path, "question", number, "topics")
            if unknown := set(question.competencies) - competencies:
                raise _wrong(f"unknown competency {min(unknown)!r}", path, "question", number, "competencies")


def _check_addresses(corpus: Corpus, digests: list[Extracted]) -> None:
    """Two digests of one address need fragments that tell them apart."""
    seen: dict[str, str] = {}
    for path, digest in zip(corpus.digests, digests, strict=True):
        if digest.url in seen:
            raise _wrong(f"the address is that of {seen[digest.url]} too; add a fragment", path, "url")
        seen[digest.url] = path.name


def _wrong(problem: str, path: Path, *field: str | int) -> CatalogError:
    return CatalogError(problem, path=path, line=line_of(read_text(path), field), field=".".join(map(str, field)))
