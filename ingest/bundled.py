"""Extract our own data files: digests of public reports, topic cards, and a company's values.

A digest states its questions as data; they are rendered into its text once, so that each has its place there.
"""

import re
import unicodedata
from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator

from brain.catalog import Company
from brain.errors import CatalogError
from brain.records import Account, Dates, DocumentKind, QuestionKind, Record, RoleMatch
from brain.tomlfiles import line_of, read_text, read_toml, validate
from ingest.materials import Extracted, StatedQuestion

CARD_HEADINGS = (
    "In one breath",
    "How it works",
    "Trade-offs",
    "When it fails",
    "Follow-ups interviewers ask",
    "Common mistakes",
)


_BLOCK = re.compile(r"\s*(?:#{1,6} |- |\d+[.)] |\||>)")


class DigestRound(Record):
    """One round as the source tells it."""

    name: str
    minutes: tuple[float, float] | None = None
    format: str = ""
    focus: str = ""

    @field_validator("minutes", mode="before")
    @classmethod
    def _one_number(cls, value: object) -> object:
        return (value, value) if isinstance(value, int | float) else value


class DigestQuestion(Record):
    """One question as the source tells it, in our words."""

    text: str = Field(min_length=8)
    kind: QuestionKind
    topics: tuple[str, ...] = ()
    competencies: tuple[str, ...] = ()
    round: str = ""
    follow_ups: tuple[str, ...] = ()
    note: str = ""
    basis: Literal["asked", "listed", "typical"]


class DigestSection(Record):
    """A headed list, as in a role description."""

    heading: str
    items: tuple[str, ...] = Field(min_length=1)


class Digest(Record):
    """What a digest file may say."""

    url: str = Field(pattern=r"^https?://")
    title: str
    kind: DocumentKind
    account: Account | None = None
    role_match: RoleMatch
    role: str = ""
    level: str = ""
    track: str = ""
    location: str = ""
    published: Dates
    interviewed: Dates
    retrieved: Dates
    evidence: Literal["full", "excerpt"]
    note: str = ""
    summary: str
    advice: tuple[str, ...] = ()
    round: tuple[DigestRound, ...] = ()
    question: tuple[DigestQuestion, ...] = ()
    section: tuple[DigestSection, ...] = ()


class CardHead(Record):
    """The front matter of a topic card."""

    id: str
    title: str
    topics: tuple[str, ...] = Field(min_length=1)
    kinds: tuple[QuestionKind, ...] = Field(min_length=1)
    sources: tuple[str, ...] = ()


class _Text:
    """Text under construction, so that a line's place is known when it is written."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0

    def line(self, text: str = "", *, lead: str = "") -> tuple[int, int]:
        """Append a line and return the place of `text` in it, in code points after NFC."""
        text = _plain(text)
        start = self._length + len(lead)
        self._parts.append(f"{lead}{text}\n")
        self._length += len(lead) + len(text) + 1
        return start, start + len(text)

    def heading(self, text: str, level: int = 2) -> None:
        """Append a heading with empty lines around it."""
        if self._parts:
            self.line()
        self.line(text, lead="#" * level + " ")
        self.line()

    def __str__(self) -> str:
        return "".join(self._parts)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", " ".join(text.split()))


def extract_digest(path: Path) -> Extracted:
    """Read and render a digest. Raises CatalogError with file, line and field."""
    digest = read_toml(path, Digest)
    if problem := _digest_problem(digest):
        raise CatalogError(
            problem[0], path=path, line=line_of(read_text(path), problem[1]), field=".".join(map(str, problem[1]))
        )
    text = _Text()
    text.heading(digest.title, 1)
    text.line(digest.summary)
    if digest.round:
        text.heading("Rounds")
        for part in digest.round:
            text.line(_round_line(part), lead="- ")
    questions = _render_questions(digest, text)
    sections = [*digest.section, *([DigestSection(heading="Advice", items=digest.advice)] if digest.advice else [])]
    for section in sections:
        text.heading(section.heading)
        for item in section.items:
            text.line(item, lead="- ")
    note = " ".join((f"Seen in {digest.evidence}.", digest.note)).strip()
    kept = digest.model_dump(include={"url", "title", "kind", "account", "role_match", "level", "track"})
    dates = {"published": digest.published, "interviewed": digest.interviewed, "retrieved": digest.retrieved}
    return Extracted(
        **kept,
        **dates,
        text=str(text),
        form="digest",
        basis="facts restated in our own words",
        display="summary",
        note=" ".join(note.split()),
        questions=tuple(questions),
    )


def _digest_problem(digest: Digest) -> tuple[str, tuple[str | int, ...]] | None:
    """The first contradiction between fields, and where it stands."""
    names = {part.name for part in digest.round}
    for number, question in enumerate(digest.question):
        if question.round and question.round not in names:
            return f"no [[round]] is named {question.round!r}", ("question", number, "round")
        if question.basis == "asked" and digest.account != "first_person":
            return "'asked' needs account = \"first_person\"; write listed or typical", ("question", number, "basis")
    if digest.kind == "interview_report" and digest.account is None:
        return "an interview report needs an account", ("account",)
    return None


def _round_line(part: DigestRound) -> str:
    minutes = _minutes(part.minutes)
    details = ", ".join(detail for detail in (minutes, part.format) if detail)
    return f"{part.name}{f' ({details})' if details else ''}{f': {part.focus}' if part.focus else ''}."


def _minutes(minutes: tuple[float, float] | None) -> str:
    if minutes is None:
        return ""
    low, high = minutes
    return f"{low:g} minutes" if low == high else f"{low:g} to {high:g} minutes"


def _render_questions(digest: Digest, text: _Text) -> list[StatedQuestion]:
    if digest.question:
        text.heading("Questions")
    stated = []
    for question in digest.question:
        start, end = text.line(question.text, lead="- ")
        for follow_up in question.follow_ups:
            text.line(follow_up, lead="  - Follow-up: ")
        told = question.model_dump() | {"text": _plain(question.text)}
        stated.append(StatedQuestion(**told, start=start, end=end))
    return stated


def extract_card(path: Path) -> Extracted:
    """Read a topic card. Raises CatalogError for wrong front matter or headings."""
    import frontmatter
    import yaml

    raw = read_text(path)
    try:
        fields, content = frontmatter.parse(raw)
    except (yaml.YAMLError, ValueError) as error:  # ValueError: a date such as 2024-02-30
        raise CatalogError(f"the front matter is not valid YAML: {error}", path=path) from error
    # Written as TOML, so that a field's line is found in the one way.
    lines = re.sub(r"^(\w+):", r"\1 =", raw, flags=re.MULTILINE)
    head = validate(CardHead, fields, path=path, text=lines)
    if head.id != path.stem:
        problem = f"the id is {head.id!r}, the file name says {path.stem!r}"
        raise CatalogError(problem, path=path, line=line_of(lines, ("id",)), field="id")
    _check_lines(raw, path)
    _check_headings(content, raw, path)
    return Extracted(
        url=f"card:{head.id}",
        title=head.title,
        text=unicodedata.normalize("NFC", f"# {head.title}\n\n{unwrap(content.strip())}\n"),
        kind="knowledge",
        form="own",
        topics=head.topics,
        question_kinds=head.kinds,
        references=head.sources,
        basis="our own text",
        licence="Apache-2.0",
        display="summary",
    )


def unwrap(markdown: str) -> str:
    """The text with every paragraph and list item on one line, so that no sentence is broken; fences stay."""
    lines: list[str] = []
    fenced = False
    for line in markdown.splitlines():
        opens = line.lstrip().startswith("```")
        joins = lines and lines[-1].strip() and not fenced and not opens and not _BLOCK.match(line) and line.strip()
        if joins and not lines[-1].startswith(("#", "```")):
            lines[-1] = f"{lines[-1]} {line.strip()}"
        else:
            lines.append(line)
        fenced ^= opens
    return "\n".join(lines)


def _check_lines(raw: str, path: Path) -> None:
    """A formula that is wrapped before its "+" or "*" would become a list item."""
    for number, line in enumerate(raw.splitlines(), 1):
        if line.lstrip().startswith(("+ ", "* ")):
            raise CatalogError("a line begins with '+' or '*'; bullets are '- '", path=path, line=number)


def _check_headings(content: str, raw: str, path: Path) -> None:
    found = [line[3:].strip() for line in content.splitlines() if line.startswith("## ")]
    if tuple(found) == CARD_HEADINGS:
        return
    missing = [heading for heading in CARD_HEADINGS if heading not in found]
    if missing:
        raise CatalogError(f"the heading {missing[0]!r} is missing", path=path)
    wrong = next(
        heading for heading, wanted in zip([*found, ""], [*CARD_HEADINGS, None], strict=False) if heading != wanted
    )
    line = next((n for n, text in enumerate(raw.splitlines(), 1) if text == f"## {wrong}"), None)
    raise CatalogError(f"unexpected heading {wrong!r}; wanted are {', '.join(CARD_HEADINGS)}", path=path, line=line)


def extract_values(path: Path) -> Extracted:
    """Render a company's values, one section each, from its company file."""
    company = read_toml(path, Company, id=path.stem)
    text = _Text()
    text.heading(f"{company.name}: {company.values_name or 'what its interviewers judge'}", 1)
    text.line(f"{company.name} judges behavioral answers by these values; the wording is ours.")
    for competency in company.competency:
        text.heading(competency.name)
        text.line(competency.summary)
        for name, items in (
            ("What the interviewer listens for", competency.listens_for),
            ("Weak signals", competency.weak_signals),
        ):
            text.line()
            text.line(f"{name}:")
            for item in items:
                text.line(item, lead="- ")
    return Extracted(
        url=company.values_url or f"company:{company.id}",
        title=f"{company.name} {company.values_name}".strip(),
        text=str(text),
        kind="company_guidance",
        form="own",
        role_match="company_wide",
        basis="our own text on published values",
        licence="Apache-2.0",
        display="summary",
        note=" ".join(company.values_note.split()),
    )
