"""What `ingest why` prints for people: the story of one address, from who names it to what is served of it."""

from rich.text import Text

from ingest.holdings import is_web
from ingest.made import PageCopy
from ingest.show import console
from ingest.why import Ask, Asked, InCorpus, Served, Story

_DIM = "dim"


def show_story(story: Story) -> None:
    """Everything that is known, and what would happen if it were added when nothing is."""
    out = console()
    out.print(Text(story.asked, style="bold"))
    for address in story.addresses if story.target.kind in {"address", "document"} else ():
        if address != story.asked:
            out.print(Text(f"  {address}", style="cyan"))
    if story.tombstone is not None:
        out.print(Text(f"  {story.tombstone.says}; it is never taken in again", style="yellow"))
        if story.tombstone.finished is None:
            out.print(Text("  forgetting it is not finished: run the same `ingest forget` again", style="red"))
    if story.target.kind in {"domain", "account"}:
        _show_many(story)
        return
    _show_asking(story)
    _show_cached(story)
    for part in story.corpora:
        _show_corpus(part, story.target.value)
    if not story.known:
        out.print(f"  {_unknown(story)}")


def _show_cached(story: Story) -> None:
    out = console()
    for page in story.pages:
        out.print(f"  page copy: {_page(page)}")
    if story.made:
        out.print("  what the stages made of it, as the cache remembers:")
    for made in story.made:
        style = "yellow" if made.left_out else ""
        out.print(Text(f"    {made.stage:8} {'left out: ' * made.left_out}{made.said}", style=style))


def _show_many(story: Story) -> None:
    """A domain: one line for each address, as the last run left it; each has a story of its own."""
    out = console()
    for part in story.corpora:
        out.print(Text.assemble("  ", (part.corpus, "bold"), f"  {part.served_version or 'nothing is served'}"))
        served = {one.url: one for one in part.served}
        last = {run.address: run for run in reversed(part.runs)}
        for address in story.addresses:
            said = _in_short(last.get(address), served.get(address))
            if said:
                out.print(Text.assemble("    ", (address, "cyan"), f"  {said}"))
    if not story.corpora:
        out.print("  Nobody names anything of it.")


def _in_short(run: Asked | None, served: Served | None) -> str:
    if served is not None:
        return f"served: {served.passages} passages, {len(served.questions)} questions"
    return f"{run.outcome}: {run.reason}" if run is not None else ""


def _show_asking(story: Story) -> None:
    if story.refusal:
        console().print(Text(f"  never asked: {story.refusal.rstrip('.')}", style="yellow"))
    elif story.robots:
        console().print(f"  robots: {story.robots}")


def _unknown(story: Story) -> str:
    if story.target.kind != "address":
        return "Nobody names anything of it."
    if not is_web(story.target.value):
        return "Nobody names this file."
    if story.refusal:
        return "Nobody names this address; if it were added, it would be refused for that reason."
    rules = story.robots or "its robots.txt would be read first"
    return f"Nobody names this address; if it were added, it would be asked ({rules})."


def _page(page: PageCopy) -> str:
    facts = [f"{page.size:,} bytes of {page.media_type}"]
    facts += [f"fetched on {page.retrieved}"] if page.retrieved else []
    facts += [f"answered by {page.answered}"] if page.answered != page.address else []
    facts += [page.robots] if page.robots else []
    facts += [f"signals {', '.join(page.signals)}"] if page.signals else []
    facts += [f"asked again by {page.validated_by}"] if page.validated_by else []
    return ", ".join(facts)


def _show_corpus(part: InCorpus, asked: str) -> None:
    out = console()
    out.print(Text.assemble("  ", (part.corpus, "bold")))
    for name in part.named_by:
        out.print(f"    named by {name}")
    if not part.named_by:
        out.print("    named by no source any more")
    for run in part.runs:
        _show_run(run)
    for copy in part.copies:
        out.print(f"    stands for its near-copy {copy}")
    for served in part.served:
        _show_served(served, part.served_version, asked)
    if part.served_version and not part.served:
        original = next((run.near_copy_of for run in part.runs[:1]), "")
        instead = f": {original} stands for it, so what it says counts once" if original else ""
        out.print(f"    not in the served version {part.served_version}{instead}")
    if others := [version for version in part.versions if version != part.served_version]:
        out.print(f"    kept for rollback with it: {', '.join(others)}")
    if part.decisions:
        out.print(f"    {part.decisions} review decisions on its questions")


def _show_run(run: Asked) -> None:
    said = f"{run.outcome}: {run.reason}" if run.reason else run.outcome
    line = f"    {run.when:%Y-%m-%d %H:%M}  {run.fetching}, {said} ({run.seconds:.1f} s)  {run.address}"
    console().print(Text(line, style="yellow" if run.outcome == "left out" else ""))


def _show_served(served: Served, version: str, asked: str) -> None:
    out = console()
    rights = served.rights
    out.print(Text.assemble("    served in ", version, ": ", (f"“{served.title}”", "bold"), f"  {served.id}"))
    out.print(
        f"      {served.kind.replace('_', ' ')} ({served.form}), {served.words} words, language {served.language}, "
        f"published {served.published}, interviewed {served.interviewed}, fetched {served.retrieved}"
    )
    signals = f", signals {', '.join(rights.signals)}" if rights.signals else ""
    out.print(
        f"      rights: {rights.basis}; licence {rights.licence}; {rights.robots}{signals}; may be shown: "
        f"{rights.display.replace('_', ' ')}"
    )
    flagged = f", {served.flagged} of them flagged as instructions" if served.flagged else ""
    out.print(f"      {served.passages} passages{flagged}, {len(served.questions)} questions")
    for ask in served.questions:
        _show_ask(ask, asked)


def _show_ask(ask: Ask, asked: str) -> None:
    support = "" if ask.reports <= 1 else f", {ask.reports} independent reports from {ask.sources} sources"
    facts = f"  {ask.kind.replace('_', ' ')}, {ask.provenance}{support}  {ask.id}"
    bullet, style = ("      → ", "bold") if ask.id == asked else ("      • ", "")
    console().print(Text.assemble(bullet, (ask.text, style), (facts, _DIM)))
