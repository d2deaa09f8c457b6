"""What the `ingest` command prints for people."""

import json
import sys
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from brain.catalog import Corpus
from brain.records import Document, ReportedQuestion
from brain.store import read_questions
from brain.versions import Manifest, Versions
from ingest.fetch import NOT_ASKED
from ingest.materials import Entry, Unusable
from ingest.report import AddressOutcome, Changes, RunReport, last_report

_THIN_BELOW = 5
_WIDE = 240


def console() -> Console:
    """Standard output; without colour, and as wide as it takes, where it is no terminal."""
    width = None if sys.stdout.isatty() else _WIDE
    return Console(highlight=False, soft_wrap=True, markup=False, emoji=False, width=width)


def show_json(value: object) -> None:
    """One JSON value on a line of its own, exactly as it is: a console would take brackets in it for markup."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")


def show_run(report: RunReport) -> None:
    """The result of a run: what is served, what it is made of, and what was left out and why."""
    out = console()
    headline = {
        "published": f"published {report.version}",
        "unchanged": f"nothing changed, {report.version} stays",
        "dry run": f"dry run, {report.version or 'nothing'} stays",
    }[report.result]
    out.print(Text.assemble((report.corpus, "bold"), f"  {headline}"))
    used = [item for item in report.addresses if item.outcome == "used"]
    questions = sum(item.questions for item in used)
    passages = sum(item.passages for item in used)
    out.print(f"  {len(used)} documents, {passages} passages, {questions} questions")
    if report.manifest is not None and report.result != "dry run":
        out.print(f"  {_evidence(report.manifest)}")
    if report.result != "unchanged":
        _show_changes(report.changes, would=report.result == "dry run")
    if report.would_ask:
        out.print(f"  would ask for {len(report.would_ask)} pages:")
        _show_addresses_of(report.would_ask)
    out.print(f"  {_work(report)}")
    _show_review(report)
    show_left_out(report.left_out)


def _show_changes(changes: Changes, *, would: bool) -> None:
    """What the version gains and loses; the addresses too where nothing has happened yet."""
    out = console()
    documents = {"new": changes.documents_gained, "changed": changes.documents_changed, "gone": changes.documents_lost}
    counts = ", ".join(f"{len(addresses)} {name}" for name, addresses in documents.items())
    questions = f"{len(changes.questions_gained)} questions gained, {len(changes.questions_lost)} lost"
    out.print(f"  against the version before: documents {counts}; {questions}")
    for name, addresses in documents.items():
        if would and addresses:
            out.print(f"  {name}:")
            _show_addresses_of(addresses)


def _show_addresses_of(addresses: Sequence[str]) -> None:
    for address in addresses:
        console().print(Text(f"      {address}", style="dim"))


def _show_review(report: RunReport) -> None:
    """What people's decisions did, and those that found no question."""
    out = console()
    if any(report.reviewed.values()):
        out.print(f"  review: {', '.join(f'{count} {name}' for name, count in report.reviewed.items() if count)}")
    for line in report.unmatched:
        out.print(Text(f"    {line}", style="yellow"))


def _evidence(manifest: Manifest) -> str:
    counts = manifest.counts
    reports = counts["independent_reports"]
    thin = " — thin evidence" if reports < _THIN_BELOW else ""
    return (
        f"{counts['distinct_questions']} distinct questions, "
        f"{counts['reported_questions']} of them told by candidates, from {reports} independent reports "
        f"on {counts['report_sources']} sites{thin}"
    )


def _work(report: RunReport) -> str:
    done = ", ".join(f"{name} {count}" for name, count in report.computed.items() if count) or "nothing"
    seconds = ", ".join(f"{name} {spent:.1f} s" for name, spent in report.seconds.items())
    bytes_came = ", ".join(f"{count} {name}" for name, count in report.fetching.items())
    return f"addresses: {bytes_came}\n  worked on: {done} ({seconds})"


def show_left_out(items: Sequence[AddressOutcome]) -> None:
    """Every address that gave nothing, grouped by reason."""
    if not items:
        return
    out = console()
    not_asked = sum(item.reason == NOT_ASKED for item in items)
    if not_asked:
        out.print(f"  {not_asked} web pages were not asked for; without --offline they are fetched")
    reasons: dict[str, list[str]] = {}
    for item in items:
        if item.reason != NOT_ASKED:
            reasons.setdefault(item.reason, []).append(item.address)
    if reasons:
        out.print(f"  {len(items) - not_asked} addresses gave nothing:")
    for reason, addresses in sorted(reasons.items(), key=lambda pair: -len(pair[1])):
        out.print(Text(f"    {reason}", style="yellow"))
        for address in addresses:
            out.print(Text(f"      {address}", style="dim"))


def show_list(rows: Iterable[tuple[Corpus, Versions]], *, as_json: bool) -> None:
    """Every corpus with its served version."""
    found = [
        (corpus, versions.manifest(served) if (served := versions.current()) else None) for corpus, versions in rows
    ]
    if as_json:
        listed = [{"id": c.id, "title": c.title, "version": m.version if m else None} for c, m in found]
        show_json({"corpora": listed})
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("corpus", "title", "served version", "evidence"):
        table.add_column(heading, overflow="fold", no_wrap=heading in {"corpus", "served version"})
    for corpus, manifest in found:
        version, evidence = (
            (manifest.version, _evidence(manifest)) if manifest else ("—", f"run `ingest run {corpus.id}`")
        )
        table.add_row(corpus.id, corpus.title, version, evidence)
    console().print(table)


def show_status(versions: Versions, *, with_questions: bool, as_json: bool) -> None:
    """The served version, its last run, and on demand the questions of each document."""
    version = versions.require_current()
    manifest = versions.manifest(version)
    last = last_report(versions.root)
    if as_json:
        body = {"manifest": manifest.model_dump(mode="json"), "kept": versions.all()}
        show_json(body | {"last_run": last.model_dump(mode="json") if last else None})
        return
    out = console()
    out.print(Text.assemble((manifest.corpus, "bold"), f"  {manifest.title}"))
    out.print(f"  serves {version}, made {manifest.created:%Y-%m-%d %H:%M} UTC with {manifest.embedder}")
    out.print(f"  {_evidence(manifest)}")
    out.print(f"  kept for rollback: {', '.join(kept for kept in versions.all() if kept != version) or 'none'}")
    if last is not None:
        _show_addresses(last, _by_document(versions, version) if with_questions else None)


def _by_document(versions: Versions, version: str) -> dict[str, list[ReportedQuestion]]:
    grouped: dict[str, list[ReportedQuestion]] = {}
    for question in read_questions(versions.folder(version)):
        grouped.setdefault(question.document_id, []).append(question)
    return {key: sorted(questions, key=lambda one: one.start) for key, questions in grouped.items()}


def _show_addresses(report: RunReport, questions: dict[str, list[ReportedQuestion]] | None) -> None:
    out = console()
    used = [item for item in report.addresses if item.outcome == "used"]
    cards = sum(item.kind == "knowledge" for item in used)
    out.print(f"  the last run used {cards} knowledge cards and {len(used) - cards} other addresses:")
    for item in (item for item in used if item.kind != "knowledge"):
        found = f"{item.questions} questions" if item.questions else item.kind.replace("_", " ")
        out.print(Text.assemble("    ", (item.address, "cyan"), f"  {found}"))
        for question in (questions or {}).get(item.document_id, []):
            indent = "        ↳ " if question.follow_up else "      • "
            out.print(Text.assemble(indent, question.text, (f"  {question.kind}, {question.provenance}", "dim")))
    show_left_out(report.left_out)


def show_capture(found: Sequence[Entry | Document], unusable: Sequence[Unusable], *, as_json: bool) -> None:
    """What a saved listing holds."""
    documents = [one for one in found if isinstance(one, Document)]
    addresses = [one for one in found if isinstance(one, Entry)]
    if as_json:
        show_json(
            {
                "documents": [one.model_dump(mode="json") for one in documents],
                "addresses": [one.model_dump(mode="json", exclude={"content", "path"}) for one in addresses],
                "unusable": [one.model_dump(mode="json", include={"address", "reason"}) for one in unusable],
            }
        )
        return
    out = console()
    for one in found:
        place, when = " · ".join(filter(None, (one.department, one.location))), one.published or "no date"
        address = one.url if isinstance(one, Document) else one.address
        out.print(Text.assemble((one.title or address, "bold"), f"  {place}  {when}\n  ", (address, "cyan")))
    for bad in unusable:
        out.print(Text.assemble((bad.address, "dim"), (f"  {bad.reason}", "yellow")))
    out.print(f"{len(documents)} documents, {len(addresses)} addresses, {len(unusable)} that cannot be used")


def show_mined(questions: Sequence[ReportedQuestion], *, as_json: bool) -> None:
    """The questions of one document."""
    if as_json:
        show_json({"questions": [question.model_dump(mode="json") for question in questions]})
        return
    for question in questions:
        indent = "  ↳ " if question.follow_up else "• "
        console().print(Text.assemble(indent, question.text, (f"  {question.kind}", "dim")))
    console().print(f"{len(questions)} questions")
