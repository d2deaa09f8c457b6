"""What the `brain` command prints for people: a set that one wants to read, with its sources at the end."""

from collections.abc import Iterable
from textwrap import shorten

from rich.console import Console, Group, RenderableType
from rich.markup import escape
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from brain.records import Citation
from service.generation.records import (
    Answer,
    AnsweredQuestion,
    Coverage,
    FollowUp,
    PlanSection,
    Question,
    QuestionSet,
    SearchResult,
)

_WIDEST = 100
_LEVEL_STYLE = {"high": "green", "medium": "yellow", "low": "red"}
_BLANK_PATTERN = r"\[[^\]]+\]"


class _Sources:
    """Numbers citations in the order in which they are met."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._shown: list[Citation] = []

    def number(self, citation: Citation) -> int:
        """The number of the citation's document."""
        key = citation.document_id
        if key not in self._numbers:
            self._numbers[key] = len(self._numbers) + 1
            self._shown.append(citation)
        return self._numbers[key]

    def lines(self) -> Iterable[Text]:
        """A line for each source."""
        for number, citation in enumerate(self._shown, 1):
            dated = citation.interviewed or citation.published
            when = "" if citation.evidence == "our_card" else f" · {dated or 'undated'}"
            where = "" if citation.evidence == "our_card" else f"\n     {citation.url}"
            yield Text.assemble((f"[{number}]", "cyan"), f" {citation.label}", (f"{when}{where}", "dim"))


def _console() -> Console:
    wide = Console(highlight=False)
    return Console(highlight=False, width=min(wide.width, _WIDEST))


def show_set(made: QuestionSet) -> None:
    """A question set, section by section, then what it covers, what is missing, and the sources."""
    out = _console()
    sources = _Sources()
    out.print(Rule(Text(made.title, style="bold"), characters="━"))
    out.print(Text(f"{made.plan.name} · version {made.version} · seed {made.request.seed}", style="dim"))
    out.print(_evidence_line(made))
    by_id = {question.id: question for question in made.questions}
    number = 0
    for section in made.plan.sections:
        if not section.question_ids:
            continue
        out.print()
        out.print(_section_title(section))
        for question_id in section.question_ids:
            number += 1
            out.print()
            out.print(_question(number, by_id[question_id], sources))
    out.print()
    out.print(Rule(Text("what this rests on", style="bold")))
    out.print(_coverage(made.coverage) if made.questions else Text("No question has evidence behind it.", style="bold"))
    for missing in made.thinness.missing:
        out.print(Text(f"missing: {missing}", style="yellow"))
    if made.dropped:
        out.print(Text(f"{len(made.dropped)} dropped by the gates; --json lists them with reasons", style="dim"))
    out.print()
    for line in sources.lines():
        out.print(line)


def _evidence_line(made: QuestionSet) -> Text:
    thinness = made.thinness
    text = f"{thinness.independent_reports} independent candidate reports"
    if thinness.first_reported and thinness.last_reported:
        text += f", {thinness.first_reported.first:%Y} to {thinness.last_reported.last:%Y}"
    return Text(f"Thin evidence: {text}" if thinness.thin else text, style="yellow" if thinness.thin else "dim")


def _section_title(section: PlanSection) -> Text:
    minutes = ""
    if section.minutes:
        low, high = section.minutes
        minutes = f" · {low:g} min" if low == high else f" · {low:g} to {high:g} min"
    return Text.assemble(("▍ ", "magenta"), (section.name, "bold magenta"), (minutes, "magenta"))


def _question(number: int, question: Question, sources: _Sources) -> Group:
    head = Table.grid()
    head.add_column(width=4)
    head.add_column()
    head.add_row(Text(f"{number:>2}. ", style="bold cyan"), Text(question.text, style="bold"))
    marks = "".join(f"[{mark}]" for mark in sorted({sources.number(one) for one in question.citations}))
    meta = Text.assemble(
        f"{question.kind.replace('_', ' ')} · ",
        (f"{question.confidence.level} confidence", _LEVEL_STYLE[question.confidence.level]),
        f" · {question.label} ",
        (marks, "cyan"),
    )
    if question.corroboration.sources > 1:
        meta.append(f" · {question.corroboration.sources} independent sources")
    rows: list[RenderableType] = [head, Padding(meta, (0, 0, 0, 4), style="dim")]
    if question.answer is not None:
        rows.append(Padding(_answer(question.answer, sources), (1, 0, 0, 4)))
    if question.follow_ups:
        rows.append(Padding(_follow_ups(question.follow_ups), (1, 0, 0, 4)))
    return Group(*rows)


def _answer(answer: Answer, sources: _Sources) -> Group:
    cited = {citation.id: citation for citation in answer.citations}
    rows: list[Text] = []
    if answer.reason:
        rows.append(Text(answer.reason, style="italic yellow"))
    for part in answer.parts:
        text = Text.assemble((f"{part.heading}. ", "bold"))
        marks: list[int] = []
        for sentence in part.sentences:
            text.append(f"\n{sentence.text}\n" if "\n" in sentence.text else f"{sentence.text} ")
            marks.extend(sources.number(cited[key]) for key in sentence.citations)
        text.highlight_regex(_BLANK_PATTERN, "yellow")
        text.append("".join(f"[{mark}]" for mark in dict.fromkeys(marks)), style="cyan")
        rows.append(text)
    return Group(*rows)


def _follow_ups(follow_ups: Iterable[FollowUp]) -> Group:
    lines = [Text.assemble("↳ ", one.text, (f"  {one.provenance}", "dim")) for one in follow_ups]
    return Group(*lines)


def _coverage(coverage: Coverage) -> Text:
    def counted(counts: dict[str, int]) -> str:
        return ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts.items())

    answered = {"direct": "answered", "approach": "with an approach", "none": "without an answer"}
    scopes = {answered[scope]: count for scope, count in coverage.answered.items()}
    parts = (counted(coverage.provenance), counted(coverage.kinds), counted(scopes), f"{coverage.sources} sources")
    return Text(" · ".join(part for part in parts if part))


def show_answer(made: AnsweredQuestion) -> None:
    """A model answer with its sources."""
    out = _console()
    sources = _Sources()
    out.print(Text(made.question, style="bold"))
    out.print(Text(f"{made.kind.replace('_', ' ')} · {made.corpus} · version {made.version}", style="dim"))
    out.print()
    out.print(_answer(made.answer, sources))
    if made.follow_ups:
        out.print()
        out.print(_follow_ups(made.follow_ups))
    out.print()
    for line in sources.lines():
        out.print(line)


def show_search(found: SearchResult) -> None:
    """The passages and questions for a query."""
    out = _console()
    if not found.evidence:
        out.print(Text("Nothing here is strong enough to answer from; the nearest are:", style="yellow"))
    for passage in found.passages:
        text = passage.citation.quote or passage.citation.summary or ""
        out.print(Text.assemble((" › ".join(passage.headings), "bold"), (f"  {passage.citation.label}", "dim")))
        out.print(Padding(escape(shorten(text, 240, placeholder=" …")), (0, 0, 0, 2)))
        out.print(Text(f"  cosine {passage.cosine:.2f}, BM25 {passage.bm25:.1f}", style="dim"))
    for question in found.questions:
        out.print(Text.assemble("• ", question.text, (f"  {question.kind}, {question.provenance}", "dim")))
