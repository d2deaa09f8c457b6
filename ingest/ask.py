"""Ask at a terminal for what a new corpus still lacks; every question has a default that Enter takes."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from brain.catalog import Catalog
from brain.errors import BrainError
from ingest.new import Wish, display_name, short_name

Prompt = Callable[[str, str], str]
"""Shows a text and a default, and gives the answer."""
Judge = Callable[[str], object]
"""Raises a BrainError for an answer that cannot be used."""


@dataclass(frozen=True)
class Asking:
    """How to ask, how to show a problem, and what judges addresses and sources."""

    prompt: Prompt
    show: Callable[[str], object]
    careers: Judge
    source: Judge

    def until_right(self, text: str, judge: Judge) -> str:
        """Ask until the answer is empty or can be used."""
        while answer := self.prompt(text, "").strip():
            try:
                judge(answer)
            except BrainError as error:
                self.show(f"{error.message} {error.next_step}".strip())
            else:
                break
        return answer


def completed(wish: Wish, catalog: Catalog, asking: Asking) -> Wish:
    """The wish with what a person answers; nothing is asked of what is known or was given."""
    prompt = asking.prompt
    if wish.company_id not in catalog.packs("companies"):
        name = wish.name or prompt("Name of the company", display_name(wish.company))
        aliases = wish.aliases or _listed(prompt("Other names that pages use for it, by comma", short_name(name)))
        careers = wish.careers or asking.until_right(
            "Address where its jobs are posted (Enter for none)", asking.careers
        )
        wish = replace(wish, name=name, aliases=aliases, careers=careers)
    if wish.role_id not in catalog.packs("roles"):
        role_name = wish.role_name or prompt("Name of the role", display_name(wish.role))
        titles = wish.role_aliases or _listed(prompt("Other titles of this role, by comma (Enter for none)", ""))
        wish = replace(wish, role_name=role_name, role_aliases=titles)
    return wish if wish.sources else replace(wish, sources=tuple(_sources(asking)))


def _sources(asking: Asking) -> Iterator[str]:
    question = "A source: an address, a file or folder, or TYPE:VALUE (Enter to end)"
    while answer := asking.until_right(question, asking.source):
        yield answer


def _listed(answer: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in answer.split(",") if part.strip())
