"""Commands of `ingest` with which a curator shapes a corpus: new, add and review."""

import sys
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from ingest.cli_options import AsJson, CorpusId, catalog, settings

if TYPE_CHECKING:
    from brain.catalog import Catalog
    from brain.settings import Settings
    from ingest.add import Limits
    from ingest.new import Wish
    from ingest.review_desk import Desk, Item

commands = typer.Typer()

Kind = Literal["interview_report", "role_description", "company_guidance", "knowledge"]
Account = Literal["first_person", "third_party", "typical"]
RoleMatch = Literal["exact", "adjacent", "company_wide"]
Words = list[str] | None


@commands.command("new")
def new_command(
    company: Annotated[str, typer.Argument(help="A company's id or name, such as acme-robotics or 'Acme Robotics'.")],
    role: Annotated[str, typer.Argument(help="A role's id or name, such as data-engineer.")],
    *,
    name: Annotated[str, typer.Option("--name", help="The company's name, where the id does not tell it.")] = "",
    alias: Annotated[Words, typer.Option("--alias", help="Another name of the company.")] = None,
    careers: Annotated[str, typer.Option("--careers", metavar="URL", help="Where its jobs are posted.")] = "",
    source: Annotated[
        Words,
        typer.Option("--source", metavar="TYPE:VALUE", help="Such as page:https://…, greenhouse:acme, file:notes."),
    ] = None,
    role_name: Annotated[str, typer.Option("--role-name", help="The role's name.")] = "",
    role_alias: Annotated[Words, typer.Option("--role-alias", help="Another title of the role.")] = None,
    level: Annotated[Words, typer.Option("--level", metavar="ID=NAME", help="A level of the role.")] = None,
    no_input: Annotated[bool, typer.Option("--no-input", help="Ask for nothing; take options and defaults.")] = False,
) -> None:
    """Draft a corpus: the company and the role, if new, and a corpus file that passes `ingest check`."""
    from ingest.new import Wish, draft, write

    chosen, known = settings(), catalog()
    wish = Wish(
        company,
        role,
        name=name,
        aliases=tuple(alias or ()),
        careers=careers,
        role_name=role_name,
        role_aliases=tuple(role_alias or ()),
        levels=tuple(level or ()),
        sources=tuple(source or ()),
    )
    if sys.stdin.isatty() and not no_input:
        wish = _asked(wish, chosen, known)
    drafted = draft(wish, known, chosen.corpora_overlay, _limits(chosen, wish.corpus_id))
    checked = write(drafted, chosen.corpora_overlay)
    for used in drafted.uses:
        typer.echo(f"uses the {used}")
    for path in drafted.files:
        typer.echo(f"wrote {path}")
    typer.echo(checked)
    for addition in drafted.additions:
        for hint in addition.hints:
            typer.echo(f"source {addition.source.name!r}: {hint}")
    typer.echo(_after_new(drafted.corpus_id, careers_remark=bool(drafted.remark)))


def _asked(wish: "Wish", chosen: "Settings", known: "Catalog") -> "Wish":
    """The wish, completed at the terminal."""
    from ingest.add import judge
    from ingest.ask import Asking, completed
    from ingest.new import source_of

    limits, folder = _limits(chosen, wish.corpus_id), chosen.corpora_overlay / wish.corpus_id
    asking = Asking(
        prompt=lambda text, default: str(typer.prompt(text, default=default, show_default=bool(default))),
        show=typer.echo,
        careers=lambda address: judge(address, limits),
        source=lambda text: source_of(text, (), folder, limits),
    )
    return completed(wish, known, asking)


def _after_new(corpus_id: str, *, careers_remark: bool) -> str:
    board = (
        "The careers board stands there as a comment: its endpoint must be allowed by you first.\n"
        if careers_remark
        else ""
    )
    return f"""\
{board}The interview's parts are a generic draft that nobody has reported; correct them as you read reports.
Next:
  ingest add {corpus_id} FILE|ADDRESS --account first_person   # a report by a candidate
  ingest check
  ingest run {corpus_id} --dry-run
  ingest run {corpus_id}"""


@commands.command("add")
def add_command(
    corpus: CorpusId,
    where: Annotated[str, typer.Argument(metavar="FILE|ADDRESS", help="A file, a folder, a web address or a board.")],
    *,
    kind_of_source: Annotated[
        str, typer.Option("--type", help="The adapter; by default page or file, or what the address tells.")
    ] = "",
    name: Annotated[str, typer.Option("--name", help="What the source is called in reports.")] = "",
    kind: Annotated[Kind | None, typer.Option("--kind", help="What its documents are.")] = None,
    account: Annotated[Account | None, typer.Option("--account", help="Whose account a report is.")] = None,
    role_match: Annotated[RoleMatch | None, typer.Option("--role-match", help="How near its role is.")] = None,
    level: Annotated[str, typer.Option("--level", help="The level it is about.")] = "",
    track: Annotated[str, typer.Option("--track", help="The track it is about.")] = "",
    published: Annotated[str, typer.Option("--published", help="When it appeared: 2025-03-01, 2025-03 or 2025.")] = "",
    licence: Annotated[str, typer.Option("--licence", help="Its licence, such as CC-BY-4.0.")] = "",
    basis: Annotated[str, typer.Option("--basis", help="Why it may be used, where the licence does not say.")] = "",
    option: Annotated[Words, typer.Option("--option", metavar="KEY=VALUE", help="Any other key of a source.")] = None,
    json: AsJson = False,
) -> None:
    """Add a report, a folder of files, a page, a feed or a job board to a corpus."""
    from ingest.add import add, parse_options
    from ingest.show import show_json

    chosen = settings()
    said: dict[str, object] = {
        "name": name,
        "kind": kind,
        "account": account,
        "role_match": role_match,
        "level": level,
        "track": track,
    }
    said |= {"published": published, "licence": licence, "basis": basis} | parse_options(option or ())
    overlay = chosen.corpora_overlay
    addition, file = add(catalog(), overlay, corpus, where, kind_of_source, said, _limits(chosen, corpus))
    if json:
        show_json({"corpus": corpus, "file": str(file), "source": dict(addition.fields)})
        return
    typer.echo(f"added to {file}:\n\n{addition.block}")
    for line in addition.hints:
        typer.echo(line)
    typer.echo(
        f"Next:\n  ingest check\n  ingest run {corpus} --dry-run --source {addition.source.name}\n  ingest run {corpus}"
    )


@commands.command("review")
def review_command(
    corpus: CorpusId,
    changes: Annotated[Words, typer.Argument(metavar="[FIELD=VALUE...]", help="What --set sets.")] = None,
    *,
    listing: Annotated[bool, typer.Option("--list", help="List the questions and what was decided.")] = False,
    undecided: Annotated[bool, typer.Option("--undecided", help="Only questions that nobody has decided on.")] = False,
    accept: Annotated[Words, typer.Option("--accept", metavar="ID|WORDS", help="Let a question stand.")] = None,
    reject: Annotated[Words, typer.Option("--reject", metavar="ID|WORDS", help="Keep a question out.")] = None,
    reword: Annotated[tuple[str, str] | None, typer.Option("--reword", metavar="ID TEXT", help="Better words.")] = None,
    set_id: Annotated[str, typer.Option("--set", metavar="ID", help="Set the fields that follow: kind=coding.")] = "",
    merge: Annotated[tuple[str, str] | None, typer.Option("--merge", metavar="ID ID", help="The same ask.")] = None,
    undo: Annotated[Words, typer.Option("--undo", metavar="ID", help="Take back what was decided.")] = None,
    note: Annotated[str, typer.Option("--note", help="Why, for those who come after.")] = "",
    json: AsJson = False,
) -> None:
    """Accept, reject, reword, re-attribute or merge questions of the served version; the next run applies it."""
    from brain.errors import BadInputError
    from brain.versions import Versions
    from ingest.review_desk import Desk, parse_changes
    from ingest.show import show_json

    chosen, described = settings(), catalog().corpus(corpus)
    desk = Desk(described, Versions(chosen.versions, described.id), chosen.corpora_overlay)
    noted: dict[str, object] = {"note": note} if note else {}
    decided = [desk.accept(one, note) for one in accept or ()] + [desk.reject(one, note) for one in reject or ()]
    if reword is not None:
        decided.append(desk.decide(reword[0], {"verdict": "accepted", "text": reword[1]} | noted))
    if bool(set_id) != bool(changes):
        raise BadInputError("--set takes an id, then FIELD=VALUE words.", next_step="Such as --set q_12ab kind=coding.")
    if set_id:
        decided.append(desk.decide(set_id, {"verdict": "accepted"} | parse_changes(changes or ()) | noted))
    if merge is not None:
        decided.append(desk.merge(*merge))
    undone = sum(desk.undo(one) for one in undo or ())
    if listing or undecided:
        _list(desk, undecided=undecided, as_json=json)
    elif decided or undo:
        if json:
            show_json({"decided": [_plain(one) for one in decided], "undone": undone, "file": str(desk.book.path)})
            return
        for one in decided:
            typer.echo(f"{one.question.id}  {one.state}: {one.question.text}")
        typer.echo(f"{undone} decisions taken back\n" if undo else "", nl=False)
        typer.echo(f"kept in {desk.book.path}; `ingest run {corpus}` applies it")
    else:
        _walk(desk, corpus)


def _list(desk: "Desk", *, undecided: bool, as_json: bool) -> None:
    from ingest.review_session import described
    from ingest.show import show_json

    items = desk.items(undecided=undecided)
    gone = [] if undecided else desk.gone()
    if as_json:
        lost = [{"id": one.id} | one.decision.model_dump(mode="json", exclude_none=True) for one in gone]
        show_json({"questions": [_plain(one) for one in items], "not_in_served_version": lost})
        return
    for item in items:
        typer.echo("\n".join(described(item)) + "\n")
    for one in gone:
        typer.echo(f"  not in the served version: {one.id}  {one.label}")
    typer.echo(f"{len(items)} questions, {sum(item.undecided for item in items)} undecided")


def _plain(item: "Item") -> dict[str, object]:
    said = item.question.model_dump(mode="json")
    decision = item.decision.model_dump(mode="json", exclude_none=True) if item.decision else None
    more = {"title": item.title, "url": item.url, "context": item.context, "state": item.state, "decision": decision}
    return said | more | {"merged_with": list(item.merged_with)}


def _walk(desk: "Desk", corpus: str) -> None:
    from brain.errors import BadInputError
    from ingest.review_session import Session

    if not sys.stdin.isatty():
        raise BadInputError(
            "There is no terminal to ask at.",
            next_step=f"`ingest review {corpus} --list` shows the questions; --accept, --reject and others decide.",
        )
    items = desk.items(undecided=True)
    session = Session(desk, lambda prompt: input(f"{prompt} > "), typer.echo)
    decided = session.walk(items)
    typer.echo(f"\n{decided} decided, kept in {desk.book.path}; `ingest run {corpus}` applies it")


def _limits(chosen: "Settings", corpus: str) -> "Limits":
    from ingest.add import Limits
    from ingest.tombstones import Tombstones

    stones = Tombstones.load(chosen.home)
    return Limits(chosen.file_max_bytes, chosen.loopback_hosts, lambda address: stones.names(address, corpus=corpus))
