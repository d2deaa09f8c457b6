"""The catalog: what `corpora/` and the operator's overlay say about companies, roles, topics and corpora.

A corpus is one small file that names a company, a role, knowledge packs, the structure of the interview and its
sources; its digests lie in the folder beside it. A later root lays its files over those of an earlier one, except for
`sources.toml`, which adds to the sources of `corpus.toml`, and `decisions.toml`, which counts in every root.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import Field, field_validator, model_validator

from brain.errors import CatalogError, UnknownCorpusError
from brain.records import Account, Display, DocumentKind, QuestionKind, Record, RoleMatch, parse_interval
from brain.tomlfiles import line_of, read_text, read_toml

SHIPPED = Path(__file__).resolve().parent.parent / "corpora"
Pack = TypeVar("Pack", "Company", "Role")
_NOT_CORPORA = frozenset({"companies", "roles", "knowledge"})


class Competency(Record):
    """One value or principle that a company judges in behavioral questions."""

    id: str
    name: str
    summary: str
    listens_for: tuple[str, ...]
    weak_signals: tuple[str, ...] = ()
    probes: tuple[str, ...] = ()
    prompts: tuple[str, ...] = ()
    cues: tuple[str, ...] = ()


class Company(Record):
    """A company: its names, and the values it interviews for."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    careers_url: str = ""
    values_name: str = ""
    values_url: str = ""
    values_note: str = ""
    competency: tuple[Competency, ...] = ()


class Level(Record):
    """A level of a role, with the names that reports use for it."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()


class Role(Record):
    """A role: its names, those of its neighbours, its levels and core topics."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    adjacent: tuple[str, ...] = ()
    level: tuple[Level, ...] = ()
    summary: str = ""
    topics: tuple[str, ...] = ()


class Topic(Record):
    """A topic of the taxonomy."""

    id: str
    name: str
    parent: str | None = None
    aliases: tuple[str, ...] = ()
    prerequisites: tuple[str, ...] = ()
    kinds: tuple[QuestionKind, ...] = ()


class Section(Record):
    """A part of an interview: its minutes as reported (low, high), or None where no source says."""

    name: str
    minutes: tuple[float, float] | None = None
    count: str = "1"
    kinds: tuple[QuestionKind, ...]
    detail: str = ""
    sources: tuple[str, ...] = ()

    @field_validator("minutes", mode="before")
    @classmethod
    def _one_number(cls, value: object) -> object:
        return (value, value) if isinstance(value, int | float) else value


class Track(Record):
    """How the interview is built for one kind of hire."""

    id: str
    name: str
    note: str = ""
    section: tuple[Section, ...] = Field(min_length=1)


class Source(Record):
    """Where documents come from: an adapter's name, what every source may say, and the adapter's own `options`.

    In the file the options stand beside the other keys; `ingest.sources` knows which ones each adapter takes.
    `title_matches` (a regular expression, any case) and `levels` (ids of the role's levels) keep what belongs to the
    corpus. What is stated here (kind, account, role_match, level, dates) wins over what a page seems to say.
    """

    name: str
    type: str
    kind: DocumentKind | None = None
    account: Account | None = None
    role_match: RoleMatch | None = None
    level: str = ""
    track: str = ""
    published: str = "unknown"
    licence: str = "unknown"
    basis: str = ""
    display: Display = "quote"
    title_matches: str = ""
    levels: tuple[str, ...] = ()
    limit: int = Field(default=500, ge=1, le=100_000)
    allow_undocumented: bool = False
    options: dict[str, str | int | bool | tuple[str, ...]] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _gather_options(cls, data: object) -> object:
        if not isinstance(data, dict):
            return data
        own = {key: value for key, value in data.items() if key in cls.model_fields}
        return own | {"options": own.get("options", {}) | {key: data[key] for key in data if key not in own}}

    @field_validator("published")
    @classmethod
    def _is_a_date(cls, value: str) -> str:
        parse_interval(value)
        return value

    @field_validator("title_matches")
    @classmethod
    def _is_a_pattern(cls, value: str) -> str:
        try:
            re.compile(value)
        except re.error as error:
            raise ValueError(f"{value!r} is no regular expression: {error}") from error
        return value


class CorpusFile(Record):
    """What `corpus.toml` may say."""

    title: str
    company: str
    role: str
    knowledge: tuple[str, ...] = ()
    track: tuple[Track, ...] = Field(min_length=1)
    source: tuple[Source, ...] = ()


class _SourcesFile(Record):
    source: tuple[Source, ...] = ()


class Corpus(Record):
    """One corpus, composed: what every program needs to know about it.

    `other_companies` and `other_roles` are the rest of the catalog: what a page may be about instead. `decisions` are
    the files of what people decided on its questions, those of later roots last.
    """

    id: str
    title: str
    company: Company
    company_file: Path
    role: Role
    other_companies: tuple[Company, ...] = ()
    other_roles: tuple[Role, ...] = ()
    topics: tuple[Topic, ...]
    tracks: tuple[Track, ...]
    sources: tuple[Source, ...]
    folder: Path
    added_in: dict[str, Path] = Field(default_factory=dict)
    digests: tuple[Path, ...]
    cards: tuple[Path, ...]
    decisions: tuple[Path, ...] = ()

    def folder_of(self, source: Source) -> Path:
        """Where the relative paths of a source begin: beside the file that names it."""
        return self.added_in.get(source.name, self.folder)


class _TopicEntry(Record):
    name: str
    parent: str | None = None
    aliases: tuple[str, ...] = ()
    prerequisites: tuple[str, ...] = ()
    kinds: tuple[QuestionKind, ...] = ()


class _TopicFile(Record):
    topics: dict[str, _TopicEntry]


class Catalog:
    """Every corpus under the given roots; files of later roots replace those of earlier ones."""

    def __init__(self, roots: Sequence[Path]) -> None:
        self._roots = tuple(roots)

    @classmethod
    def of(cls, overlay: Path) -> "Catalog":
        """The shipped corpora, overlaid by those of the operator."""
        return cls((SHIPPED, overlay))

    def ids(self) -> list[str]:
        """The ids of every corpus, sorted."""
        folders = (path.parent for root in self._roots for path in root.glob("*/corpus.toml"))
        return sorted({folder.name for folder in folders if folder.name not in _NOT_CORPORA})

    def packs(self, folder: Literal["companies", "roles", "knowledge"]) -> list[str]:
        """The ids of the companies, roles or knowledge packs that are described, sorted."""
        if folder == "knowledge":
            return sorted({path.parent.name for path in self._merged("knowledge/*/*.md")})
        return sorted({path.stem for path in self._merged(f"{folder}/*.toml")})

    def company(self, name: str) -> Company:
        """One company by its id. Raises CatalogError for a wrong file."""
        return read_toml(self._file(f"companies/{name}.toml"), Company, id=name)

    def role(self, name: str) -> Role:
        """One role by its id. Raises CatalogError for a wrong file."""
        return read_toml(self._file(f"roles/{name}.toml"), Role, id=name)

    def corpus(self, corpus_id: str) -> Corpus:
        """Compose one corpus. Raises UnknownCorpusError, or CatalogError for a wrong file."""
        if corpus_id not in self.ids():
            raise UnknownCorpusError(corpus_id, self.ids())
        path = self._file(f"{corpus_id}/corpus.toml")
        return self.compose(path, read_toml(path, CorpusFile))

    def compose(self, path: Path, file: CorpusFile) -> Corpus:
        """Put a corpus file together with its company, role, topics, digests, cards and added sources."""
        corpus_id = path.parent.name
        added = self._added(corpus_id, {source.name for source in file.source})
        return Corpus(
            id=corpus_id,
            title=file.title,
            company=self._pack("companies", file.company, Company, path),
            company_file=self._file(f"companies/{file.company}.toml"),
            role=self._pack("roles", file.role, Role, path),
            other_companies=self._others("companies", file.company, Company),
            other_roles=self._others("roles", file.role, Role),
            topics=self.topics,
            tracks=file.track,
            sources=(*file.source, *(source for _, source in added)),
            folder=path.parent,
            added_in={source.name: found.parent for found, source in added},
            digests=tuple(self._merged(f"{corpus_id}/digests/*.toml")),
            cards=tuple(card for pack in file.knowledge for card in self._cards(pack, path)),
            decisions=tuple(self._all(f"{corpus_id}/decisions.toml")),
        )

    @cached_property
    def topics(self) -> tuple[Topic, ...]:
        """The taxonomy, in the order of its file. Raises CatalogError for a broken link, a cycle or a shared alias."""
        path = self._file("knowledge/topics.toml")
        entries = read_toml(path, _TopicFile).topics
        topics = tuple(Topic(id=key, **entry.model_dump()) for key, entry in entries.items())
        for problem, topic_id in _topic_problems(topics):
            raise CatalogError(problem, path=path, line=_header_line(path, topic_id), field=topic_id)
        return topics

    def _added(self, corpus_id: str, taken: set[str]) -> list[tuple[Path, Source]]:
        """The sources that `sources.toml` of each root adds, with their files. Their names must differ from others."""
        added: list[tuple[Path, Source]] = []
        for path in self._all(f"{corpus_id}/sources.toml"):
            for number, source in enumerate(read_toml(path, _SourcesFile).source):
                if source.name in taken:
                    line = line_of(read_text(path), ("source", number, "name"))
                    raise CatalogError(f"another source is called {source.name!r}", path=path, line=line, field="name")
                taken.add(source.name)
                added.append((path, source))
        return added

    def _pack(self, folder: Literal["companies", "roles"], name: str, model: type[Pack], by: Path) -> Pack:
        path = self._file(f"{folder}/{name}.toml")
        if not path.exists():
            known = ", ".join(self.packs(folder))
            field = {"companies": "company", "roles": "role"}[folder]
            raise _misnamed(f"{name!r} is not described; known are {known}", by, field)
        return read_toml(path, model, id=name)

    def _others(self, folder: str, name: str, model: type[Pack]) -> tuple[Pack, ...]:
        """Every pack of a folder but the one of that name, sorted by id."""
        paths = (path for path in self._merged(f"{folder}/*.toml") if path.stem != name)
        return tuple(read_toml(path, model, id=path.stem) for path in paths)

    def _cards(self, pack: str, by: Path) -> list[Path]:
        if found := self._merged(f"knowledge/{pack}/*.md"):
            return found
        known = ", ".join(self.packs("knowledge"))
        raise _misnamed(f"there is no knowledge pack {pack!r}; known are {known}", by, "knowledge")

    def _merged(self, pattern: str) -> list[Path]:
        """The files that match in any root, sorted by name; those of later roots replace those of earlier ones."""
        files = {path.relative_to(root): path for root in self._roots for path in root.glob(pattern)}
        return [files[name] for name in sorted(files)]

    def _all(self, relative: str) -> list[Path]:
        """Every root's version of a file, those of later roots last."""
        return [root / relative for root in self._roots if (root / relative).exists()]

    def _file(self, relative: str) -> Path:
        """The last root's version of a file (it need not exist)."""
        found = self._all(relative)
        return found[-1] if found else self._roots[0] / relative


def _misnamed(problem: str, path: Path, field: str) -> CatalogError:
    return CatalogError(problem, path=path, line=line_of(read_text(path), (field,)), field=field)


def _topic_problems(topics: Sequence[Topic]) -> Iterator[tuple[str, str]]:
    """Yield (problem, topic id) for links to nowhere, cycles and aliases used twice."""
    by_id = {topic.id: topic for topic in topics}
    named: dict[str, str] = {}
    for topic in topics:
        for link in (*topic.prerequisites, *([topic.parent] if topic.parent else [])):
            if link not in by_id:
                yield f"links to {link!r}, which is no topic", topic.id
        for alias in {name.casefold() for name in (topic.name, *topic.aliases)}:
            if named.setdefault(alias, topic.id) != topic.id:
                yield f"the alias {alias!r} belongs to {named[alias]!r} already", topic.id
    yield from _cycles(by_id)


def _cycles(by_id: dict[str, Topic]) -> Iterator[tuple[str, str]]:
    prerequisites = {topic.id: topic.prerequisites for topic in by_id.values()}
    parents = {topic.id: (topic.parent,) if topic.parent else () for topic in by_id.values()}
    for name, links in (("prerequisites", prerequisites), ("parents", parents)):
        try:
            TopologicalSorter(links).prepare()
        except CycleError as error:
            cycle = [str(topic_id) for topic_id in error.args[1]]
            yield f"its {name} form a cycle: {' -> '.join(cycle)}", cycle[0]


def _header_line(path: Path, topic_id: str) -> int | None:
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if line.strip() == f"[topics.{topic_id}]":
            return number
    return None
