"""The texts of drafted files: tidy TOML with a few comments that say what to put there."""

import textwrap
from collections.abc import Sequence

from brain.catalog import Company, Level, Role
from brain.errors import BadInputError
from ingest import tomltext
from ingest.families import family_of
from ingest.names import slug

_NOTE = '''note = """\\
Draft: generic, and reported by nobody. These parts are what interviews for such roles usually hold, written before \\
any report on this company was read; replace them by what reports tell, with their addresses as sources."""
'''
_LEVELS = (
    Level(id="intern", name="Intern", aliases=("intern", "internship")),
    Level(id="senior", name="Senior", aliases=("Senior", "Sr.")),
)


def company_text(company: Company) -> str:
    """`companies/<id>.toml`."""
    aliases = tomltext.pairs([("aliases", company.aliases)])
    careers = tomltext.pairs([("careers_url", company.careers_url)]) if company.careers_url else ""
    return (
        tomltext.pairs([("name", company.name)])
        + "\n# Every name that pages use for the company: a page that holds none of them is left out. Case counts.\n"
        + aliases
        + careers
        + "\n# What the company says it judges in behavioral questions, if it says so: `values_name`, `values_url`\n"
        "# and one [[competency]] block each. The shipped companies/amazon.toml shows how.\n"
    )


def role_text(role: Role) -> str:
    """`roles/<id>.toml`."""
    return (
        tomltext.pairs([("name", role.name)])
        + "\n# Other titles of this very role, and titles of roles near it, whose reports are used with that label.\n"
        + tomltext.pairs([("aliases", role.aliases), ("adjacent", role.adjacent)])
        + "\n# The knowledge topics that matter most, by the ids of knowledge/topics.toml.\n"
        + tomltext.pairs([("topics", role.topics)])
        + "\n# Levels, with the names that reports and postings use for them.\n"
        + "\n".join(_level_text(level) for level in role.level)
    )


def _level_text(level: Level) -> str:
    return "[[level]]\n" + tomltext.pairs([("id", level.id), ("name", level.name), ("aliases", level.aliases)])


def levels(given: Sequence[str]) -> tuple[Level, ...]:
    """Levels from `ID=NAME` or NAME, or two that most roles have. Raises BadInputError for one without an id."""
    found = []
    for text in given:
        before, equals, after = text.partition("=")
        name = (after if equals else before).strip()
        level_id = slug(before)
        if not level_id or not name:
            raise BadInputError(f"{text!r} is no level.", field="level", next_step="Write ID=NAME, such as l5=L5.")
        found.append(Level(id=level_id, name=name, aliases=tuple(dict.fromkeys((name, before.strip())))))
    if len({level.id for level in found}) < len(found):
        raise BadInputError("Two levels have one id.", field="level", next_step="Write ID=NAME with different ids.")
    return tuple(found) or _LEVELS


def near_roles(name: str) -> tuple[str, ...]:
    """Roles near one of that name."""
    return tuple(one for one in family_of([name]).adjacent if one.casefold() != name.casefold())


def corpus_text(company: Company, role: Role, packs: Sequence[str], blocks: Sequence[str], remark: str) -> str:
    """`<company>-<role>/corpus.toml`."""
    head: list[tuple[str, tomltext.Value]] = [
        ("title", f"{company.name} · {role.name}"),
        ("company", company.id),
        ("role", role.id),
    ]
    track: list[tuple[str, tomltext.Value]] = [("id", "full_time"), ("name", "Full-time")]
    parts = family_of([role.id, role.name, *role.aliases]).parts
    sections = ("[[track.section]]\n" + tomltext.pairs([("name", name), ("kinds", kinds)]) for name, kinds in parts)
    sources = "# Where documents come from: `ingest add` appends here, and docs/adding-a-corpus.md lists the types.\n"
    return "\n".join(
        [
            tomltext.pairs(head) + tomltext.pairs([("knowledge", packs)]),
            "# How the interview is built. `minutes = [45, 60]` only where a source says so.\n[[track]]\n"
            + tomltext.pairs(track)
            + _NOTE,
            *sections,
            sources,
            *blocks,
            *([remark] if remark else []),
        ]
    )


def commented(reason: str, block: str) -> str:
    """A block that is there but does nothing yet, below the reason why."""
    told = textwrap.wrap(reason, 110, break_long_words=False, break_on_hyphens=False)
    return "".join(f"# {line}".rstrip() + "\n" for line in (*told, "", *block.splitlines()))
