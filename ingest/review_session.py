"""Review at a terminal: one question at a time, and every answer is on disk before the next one is shown."""

import re
from collections.abc import Callable, Iterable

from brain.errors import BrainError
from ingest.review_desk import Desk, Item, parse_changes

Ask = Callable[[str], str]
Show = Callable[[str], object]

_FIELDS = re.compile(r"\s+(?=[a-z_-]+=)")

KEYS = "[a]ccept  [r]eject  re[w]ord  [e]dit fields  [m]erge  [u]ndo  [s]kip  [q]uit"
_HELP = """\
  a            it was asked so: keep it, marked as read by a person
  r            it was not asked, or is not to be used: leave it out from the next run on (a note is asked for)
  w            write it in better words; the quote stays as it is
  e            other fields: kind=coding topics=a,b competencies=a round=… level=… role_match=adjacent
               provenance=listed company=ID (asked at another company, so it leaves this corpus)
  m            it is the same ask as another question, by that one's id
  u            take back what was decided of this question
  s or Enter   decide later
  q            stop; everything decided is kept"""


class Session:
    """A walk over questions; `ask` puts a prompt and gives one line, `show` prints one."""

    def __init__(self, desk: Desk, ask: Ask, show: Show) -> None:
        self._desk = desk
        self._ask = ask
        self._show = show
        self.decided = 0
        self._keys: dict[str, Callable[[Item], bool]] = {
            "a": self._accept,
            "r": self._reject,
            "w": self._reword,
            "e": self._edit,
            "m": self._merge,
            "u": self._undo,
            "s": lambda _item: True,
            "": lambda _item: True,
        }

    def walk(self, items: Iterable[Item]) -> int:
        """Show each question until it is decided or skipped; how many answers changed something. Ctrl-D is `q`."""
        queue = list(items)
        for number, item in enumerate(queue, 1):
            self._show(f"\n── {number} of {len(queue)} " + "─" * 50)
            if not self._settle(self._desk.item(item.question.id)):
                break
        return self.decided

    def _settle(self, item: Item) -> bool:
        """Ask until the question is done with; False to stop the walk."""
        for line in described(item):
            self._show(line)
        while True:
            try:
                key = self._ask(KEYS).strip().lower()
                if key == "q":
                    return False
                if key not in self._keys:
                    self._show(_HELP)
                elif self._keys[key](item):
                    return True
            except EOFError:
                return False
            except BrainError as error:
                self._show(f"  {error.message} {error.next_step}".rstrip())

    def _done(self, item: Item) -> bool:
        self.decided += 1
        self._show(f"  → {item.state}")
        return True

    def _accept(self, item: Item) -> bool:
        return self._done(self._desk.accept(item.question.id))

    def _reject(self, item: Item) -> bool:
        return self._done(self._desk.reject(item.question.id, self._ask("why (may be left empty)").strip()))

    def _reword(self, item: Item) -> bool:
        text = self._ask("new wording").strip()
        return bool(text) and self._done(self._desk.decide(item.question.id, {"verdict": "accepted", "text": text}))

    def _edit(self, item: Item) -> bool:
        changes = parse_changes(_FIELDS.split(self._ask("FIELD=VALUE …").strip()))
        said = {"verdict": "accepted"} | changes
        return bool(changes) and self._done(self._desk.decide(item.question.id, said))

    def _merge(self, item: Item) -> bool:
        other = self._ask("id of the other question").strip()
        return bool(other) and self._done(self._desk.merge(item.question.id, other))

    def _undo(self, item: Item) -> bool:
        self._show(f"  {self._desk.undo(item.question.id)} decisions taken back")
        return False


def described(item: Item) -> list[str]:
    """What a reviewer needs to see of one question; nothing of a page steers the terminal."""
    question = item.question
    about: list[str] = [question.kind, question.provenance, question.account, question.role_match]
    about += [f"round {question.round!r}"] if question.round else []
    about += [f"level {question.level!r}"] if question.level else []
    about += [f"topics {', '.join(question.topics)}"] if question.topics else []
    about += [f"competencies {', '.join(question.competencies)}"] if question.competencies else []
    lines = [
        f"  {question.text}",
        f"    {' · '.join(about)}",
        f"    {item.title}",
        f"    {item.url}" + (f"  ({question.reported})" if question.reported else ""),
        f"    {item.context}",
        f"    {question.id}  {item.state}",
    ]
    if item.decision is not None and item.decision.note:
        lines.append(f"    note: {item.decision.note}")
    return ["".join(char if char.isprintable() else " " for char in line) for line in lines]
