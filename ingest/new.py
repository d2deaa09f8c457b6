"""Draft the files of a corpus, for a company and a role that are described already or that nobody has described yet."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from brain.catalog import Catalog, Company, Role, Source
from brain.errors import BadInputError, BrainError
from ingest import tomltext
from ingest.add import Addition, Limits, judge, prepare
from ingest.boards import board_at
from ingest.check import check_corpus
from ingest.draft_text import commented, company_text, corpus_text, levels, near_roles, role_text
from ingest.families import packs_for
from ingest.names import require_id, slug
from ingest.sources import MODULES

_LEGAL = re.compile(
    r",?\s+(?:inc|incorporated|ltd|limited|llc|llp|plc|corp|corporation|co|company|gmbh|ag|se|sa|s\.a|nv|n\.v|bv|b\.v|ab"
    r"|oy|as|a/s|kk|pte|pty|srl|spa)\.?$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Wish:
    """What is known of a corpus to be drafted; ids come from `company` and `role`, which may be names."""

    company: str
    role: str
    name: str = ""
    aliases: tuple[str, ...] = ()
    careers: str = ""
    role_name: str = ""
    role_aliases: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()

    @property
    def company_id(self) -> str:
        """The id of the company. Raises BadInputError where none can be made."""
        return require_id(short_name(self.company), "company")

    @property
    def role_id(self) -> str:
        """The id of the role. Raises BadInputError where none can be made."""
        return require_id(self.role, "role")

    @property
    def corpus_id(self) -> str:
        """The id of the corpus."""
        return f"{self.company_id}-{self.role_id}"


@dataclass(frozen=True)
class Draft:
    """What is to be written: texts by path, and sources with the documents to copy.

    `uses` names what is described already; `remark` is a source that stands there as a comment, since a person must
    allow it first.
    """

    corpus_id: str
    files: Mapping[Path, str]
    additions: tuple[Addition, ...]
    packs: tuple[str, ...]
    uses: tuple[str, ...]
    remark: str


def draft(wish: Wish, catalog: Catalog, overlay: Path, limits: Limits) -> Draft:
    """Compose the files of a new corpus; nothing is written.

    Raises BadInputError for what exists already or cannot be used, RefusedError for addresses that are never fetched.
    """
    if wish.corpus_id in catalog.ids():
        raise BadInputError(
            f"The corpus {wish.corpus_id!r} exists already.",
            next_step=f"`ingest add {wish.corpus_id} FILE|ADDRESS` adds to it; nothing was changed.",
        )
    if wish.careers:
        judge(wish.careers, limits)
    files: dict[Path, str] = {}
    company = _company(wish, catalog, overlay, files)
    role = _role(wish, catalog, overlay, files)
    folder = overlay / wish.corpus_id
    additions = _additions(wish.sources, folder, limits)
    careers = wish.careers or company.careers_url
    board, remark = _board(careers, role, [one.source for one in additions], folder, limits)
    names = (role.id, role.name, *role.aliases)
    packs = tuple(packs_for(names, catalog.packs("knowledge")))
    blocks = [one.block for one in (*additions, *board)]
    files[folder / "corpus.toml"] = corpus_text(company, role, packs, blocks, remark)
    described = [one for one in (company, role) if not any(path.stem == one.id for path in files)]
    uses = tuple(f"{type(one).__name__.lower()} {one.id!r} as it is described: {one.name}" for one in described)
    return Draft(wish.corpus_id, files, (*additions, *board), packs, uses, remark)


def write(drafted: Draft, overlay: Path) -> str:
    """Write a draft and check it as `ingest check` does; what the check says. On a mistake nothing stays.

    Raises BadInputError when one of the files exists, or CatalogError.
    """
    for path in drafted.files:
        if path.exists():
            raise BadInputError(f"{path} exists already.", next_step="Edit it, or choose another name.")
    done: list[Path] = []
    copied: list[Addition] = []
    try:
        for addition in drafted.additions:
            if addition.copying:
                addition.copying.run()
                copied.append(addition)
        for path, text in drafted.files.items():
            tomltext.save(path, text)
            done.append(path)
        return check_corpus(Catalog.of(overlay).corpus(drafted.corpus_id))
    except (BrainError, OSError):
        for path in done:
            path.unlink(missing_ok=True)
        for addition in copied:
            assert addition.copying is not None  # noqa: S101 - only those are listed
            addition.copying.undo()
        raise


def short_name(name: str) -> str:
    """A company's name without its legal form, such as Inc. or GmbH."""
    return _LEGAL.sub("", name).strip() or name


def _company(wish: Wish, catalog: Catalog, overlay: Path, files: dict[Path, str]) -> Company:
    if wish.company_id in catalog.packs("companies"):
        if wish.name or wish.aliases or wish.careers:
            raise _described("company", wish.company_id, "--name, --alias and --careers")
        return catalog.company(wish.company_id)
    name = wish.name or display_name(wish.company)
    aliases = tuple(dict.fromkeys((name, short_name(name), *wish.aliases)))
    company = Company(id=wish.company_id, name=name, aliases=aliases, careers_url=wish.careers)
    files[overlay / "companies" / f"{company.id}.toml"] = company_text(company)
    return company


def _role(wish: Wish, catalog: Catalog, overlay: Path, files: dict[Path, str]) -> Role:
    if wish.role_id in catalog.packs("roles"):
        if wish.role_name or wish.role_aliases or wish.levels:
            raise _described("role", wish.role_id, "--role-name, --role-alias and --level")
        return catalog.role(wish.role_id)
    name = wish.role_name or display_name(wish.role)
    role = Role(
        id=wish.role_id,
        name=name,
        aliases=tuple(dict.fromkeys((name, *wish.role_aliases))),
        adjacent=near_roles(name),
        level=levels(wish.levels),
    )
    files[overlay / "roles" / f"{role.id}.toml"] = role_text(role)
    return role


def _described(what: str, name: str, options: str) -> BadInputError:
    return BadInputError(
        f"The {what} {name!r} is described already.",
        field=what,
        next_step=f"Leave out {options}; to change it, copy and edit its file in BRAIN_HOME/corpora.",
    )


def display_name(given: str) -> str:
    """A name for people: as it was given, or made from an id."""
    return given.strip() if slug(given) != given else given.replace("-", " ").title()


def _additions(sources: Sequence[str], folder: Path, limits: Limits) -> list[Addition]:
    additions: list[Addition] = []
    for text in sources:
        addition = source_of(text, [one.source for one in additions], folder, limits)
        if any((one.source.type, one.source.options) == _what(addition.source) for one in additions):
            raise BadInputError(f"{text!r} is named twice.", field="source", next_step="Name it once.")
        additions.append(addition)
    return additions


def _what(source: Source) -> tuple[str, Mapping[str, object]]:
    return source.type, source.options


def source_of(text: str, there: Sequence[Source], folder: Path, limits: Limits) -> Addition:
    """The source that `TYPE:VALUE`, an address or a path names. Raises BadInputError or RefusedError."""
    name, _, value = text.strip().partition(":")
    if name in MODULES and value.strip():
        return prepare(value.strip(), name, {}, folder, there, limits)
    if text.startswith(("http://", "https://")) or Path(text).expanduser().exists():
        return prepare(text.strip(), "", {}, folder, there, limits)
    raise BadInputError(
        f"{text!r} is no source.",
        field="source",
        next_step=f"Write TYPE:VALUE, such as page:https://…; types are {', '.join(sorted(MODULES))}.",
    )


def _board(
    careers: str, role: Role, there: Sequence[Source], folder: Path, limits: Limits
) -> tuple[list[Addition], str]:
    """The job board behind a careers address as a source, or as a comment where its endpoint must be allowed first."""
    board = board_at(careers, role.name)
    if board is None or any(source.type == board.type for source in there):
        return [], ""
    fields: dict[str, object] = {"name": "careers", **dict(board.options), "title_matches": _title_pattern(role)}
    if board.documented:
        return [prepare(careers, board.type, fields, folder, there, limits)], ""
    given = [("name", "careers"), ("type", board.type), *((key, str(value)) for key, value in fields.items())]
    block = "[[source]]\n" + tomltext.pairs(dict(given).items()) + "allow_undocumented = true\n"
    reason = (
        f"{careers} is a job board whose endpoint ({board.type}) is not documented for others to use. Read the terms "
        "of the site; if they let you use it, take the # away from the lines below."
    )
    return [], commented(reason, block)


def _title_pattern(role: Role) -> str:
    """Titles of postings for this role: its names as words of their own, without those that hold a shorter one."""
    names = {name.casefold() for name in (role.name, *role.aliases)}
    telling = sorted(name for name in names if not any(_holds(name, other) for other in names - {name}))
    return rf"(?<!\w)({'|'.join(re.escape(name).replace(chr(92) + ' ', ' ') for name in telling)})(?!\w)"


def _holds(name: str, part: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(part)}(?!\w)", name) is not None
