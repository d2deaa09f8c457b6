"""Add a source to a corpus: checked before anything is written, appended where comments and layout stay as they are.

A corpus of the operator's own gets the source in its `corpus.toml`. For a shipped corpus the overlay holds a
`sources.toml` with the addition alone, so that later releases of the shipped file are not hidden.
"""

import re
import tomllib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urldefrag, urlsplit

from filelock import FileLock
from pydantic import ValidationError

from brain.addresses import approve
from brain.catalog import Catalog, Corpus, Source
from brain.errors import BadInputError, CatalogError, RefusedError
from brain.sources import canonical
from ingest import tomltext
from ingest.boards import board_at
from ingest.copies import Copying, copying
from ingest.names import slug
from ingest.sources import adapter, bind

_WEB = ("http://", "https://")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_HEAD = "# Sources of our own, beside those of the shipped corpus.toml. `ingest add` appends here.\n"


@dataclass(frozen=True)
class Limits:
    """What the operator says: bytes of one local file, `host:port` pairs on loopback, and what is forgotten.

    `forgotten` gives the reason why an address stays out, or None.
    """

    file_max_bytes: int
    loopback_hosts: frozenset[str]
    forgotten: Callable[[str], str | None] = lambda _address: None


@dataclass(frozen=True)
class Addition:
    """A source that may be added: what is to stand in the file, and the local documents to copy, if any."""

    source: Source
    fields: tuple[tuple[str, tomltext.Value], ...]
    copying: Copying | None = None

    @property
    def block(self) -> str:
        """The `[[source]]` block."""
        return "[[source]]\n" + tomltext.pairs(self.fields)

    @property
    def hints(self) -> tuple[str, ...]:
        """What the curator should know of what was left unsaid."""
        kind = self.source.kind or adapter(self.source.type).kind
        if kind == "interview_report" and self.source.account is None:
            return (
                "No account is stated, so its questions count as listed. If a candidate tells what they were asked, "
                'add `account = "first_person"` there.',
            )
        return ()


def add(
    catalog: Catalog,
    overlay: Path,
    corpus_id: str,
    where: str,
    kind_of_source: str,
    said: Mapping[str, object],
    limits: Limits,
) -> tuple[Addition, Path]:
    """Add a file, folder, address or board to a corpus; what was added, and the file that names it now.

    Raises BadInputError for wrong options, unreadable files and duplicates, RefusedError for an address that may not
    be fetched, UnknownCorpusError, CatalogError. Nothing is changed then.
    """
    corpus = catalog.corpus(corpus_id)
    file = file_to_extend(corpus_id, overlay)
    file.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(file.parent / ".corpus.toml.lock"):
        corpus = catalog.corpus(corpus_id)
        addition = prepare(where, kind_of_source, said, file.parent, corpus.sources, limits)
        _refuse_twice(addition, corpus)
        if addition.copying:
            addition.copying.run()
        try:
            _append(file, addition.block)
        except CatalogError:
            if addition.copying:
                addition.copying.undo()
            raise
    return addition, file


def file_to_extend(corpus_id: str, overlay: Path) -> Path:
    """The operator's own corpus file, or for a shipped corpus the `sources.toml` beside where it would lie."""
    own = overlay / corpus_id / "corpus.toml"
    return own if own.exists() else own.with_name("sources.toml")


def prepare(
    where: str,
    kind_of_source: str,
    said: Mapping[str, object],
    folder: Path,
    there: Sequence[Source],
    limits: Limits,
) -> Addition:
    """Judge a source that is to stand in a file of `folder`, beside those that are `there`; nothing is changed."""
    if where.startswith(_WEB):
        judge(where, limits)
    name_of_type, options = _what(where, kind_of_source)
    own = {option: value for option, value in said.items() if value not in ("", None)}
    files = copying(Path(where), folder, limits.file_max_bytes) if name_of_type == "file" else None
    if files is not None:
        if reason := limits.forgotten(files.path):
            raise RefusedError(files.path, reason, next_step="If this is another document, give it another name.")
        options = {"path": files.path}
    given = {"name": _free_name(where, options, there), "type": name_of_type, **options, **own}
    try:
        source = Source.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"]))
        raise BadInputError(f"{field}: {first['msg']} (found {first['input']!r:.80}).", field=field) from error
    if any(source.name == other.name for other in there):
        raise BadInputError(f"Another source is called {source.name!r}.", field="name", next_step="Choose a --name.")
    bind(source)
    for key, option in source.options.items():
        if isinstance(option, str) and (key == "url" or option.startswith(_WEB)):
            judge(option, limits)
    return Addition(source, tuple(_fields(given)), files)


def _fields(given: Mapping[str, object]) -> Iterable[tuple[str, tomltext.Value]]:
    for key, value in given.items():
        if isinstance(value, bool | int | str):
            yield key, value
        elif isinstance(value, list | tuple):
            yield key, [str(one) for one in value]


def _what(where: str, kind_of_source: str) -> tuple[str, dict[str, object]]:
    """The adapter and its options for what was given."""
    web = where.startswith(_WEB)
    if not web and _SCHEME.match(where):
        raise RefusedError(where, "only http and https addresses are fetched.")
    board = board_at(where) if web else None
    if board and (board.type == kind_of_source or (not kind_of_source and board.whole and board.documented)):
        return board.type, dict(board.options)
    name = kind_of_source or ("page" if web else "file")
    fields = adapter(name).options.model_fields
    needed = [key for key, field in fields.items() if field.is_required()] or list(fields)
    return name, {needed[0]: where}


def judge(address: str, limits: Limits) -> None:
    """Refuse at once what would never be fetched. Raises RefusedError with the reason."""
    if not address.isprintable() or " " in address:
        raise RefusedError(address, "it is not a web address.", next_step="Write spaces as %20.")
    try:
        parts = urlsplit(address)
        host, port = (parts.hostname or "").encode("idna").decode("ascii"), parts.port
    except ValueError as error:
        raise RefusedError(address, "it is not a web address.", next_step="Check its spelling.") from error
    approve(
        address,
        scheme=parts.scheme,
        host=host,
        port=port,
        path=f"{parts.path}?{parts.query}",
        credentials=parts.username is not None or parts.password is not None,
        loopback_hosts=limits.loopback_hosts,
    )
    if reason := limits.forgotten(address):
        raise RefusedError(address, reason, next_step="It stays out; nothing was changed.")


def parse_options(words: Iterable[str]) -> dict[str, object]:
    """Read `KEY=VALUE`; a value that TOML takes for a truth value, a number or a list is one, any other is text."""
    said: dict[str, object] = {}
    for word in words:
        key, equals, value = word.partition("=")
        if not equals or not re.fullmatch(r"[a-z][a-z0-9_]*", key.strip()):
            raise BadInputError(f"{word!r} is no option.", field="option", next_step="Write KEY=VALUE.")
        said[key.strip()] = _typed(value.strip())
    return said


def _typed(text: str) -> object:
    try:
        value = tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text
    return value if isinstance(value, bool | int | str | list) else text


def _free_name(where: str, options: Mapping[str, object], there: Sequence[Source]) -> str:
    """A name that says what the source is, and that no other source has."""
    last = urlsplit(where).path.rstrip("/").rpartition("/")[2] if where.startswith(_WEB) else Path(where).name
    stem = re.sub(r"\.(?:html?|php|aspx?|mdx?|markdown|txt|pdf|xml|rss|json|gz)$", "", last, flags=re.IGNORECASE)
    host = urlsplit(where).hostname if where.startswith(_WEB) else None
    name = slug(stem) or slug(host or "") or slug(" ".join(map(str, options.values()))) or "source"
    taken = {source.name for source in there}
    return next(one for one in (name, *(f"{name}-{n}" for n in range(2, len(taken) + 3))) if one not in taken)


def _refuse_twice(addition: Addition, corpus: Corpus) -> None:
    new = addition.source
    for source in corpus.sources:
        same_options = (source.type, source.options) == (new.type, new.options)
        if same_options or set(_addresses(source)) & set(_addresses(new)):
            raise BadInputError(
                f"The source {source.name!r} of {corpus.id!r} names it already.", next_step="Nothing was changed."
            )


def _addresses(source: Source) -> Collection[str]:
    """The canonical addresses that a source names, without fragments, and whatever the scheme."""
    urls = [one for one in source.options.values() if isinstance(one, str) and one.startswith(_WEB)]
    return {canonical(urldefrag(url).url).partition("://")[2] for url in urls}


def _append(file: Path, block: str) -> None:
    """Append a block; what the file says stays as it is, byte by byte."""
    text = file.read_bytes().decode() if file.exists() else _HEAD
    newline = "\r\n" if "\r\n" in text else "\n"
    gap = "" if text.endswith("\n") else newline
    tomltext.save(file, text + gap + newline + block.replace("\n", newline))
