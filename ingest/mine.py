"""Find the questions that a report says were asked, by rules over its blocks and sentences.

`ingest.asks` and `ingest.reported` name spans; where a span stands decides whether it counts. Headings, bold lines,
list items and lines that open a list make a section: one that lists what was asked, one that tells of a round, or one
that is advice, an answer, or the candidate's own questions. A span in a list may be the parent of those below it.
"""

import re
from dataclasses import dataclass, field

from brain.records import QuestionKind, Record
from brain.sentences import sentences
from ingest.asks import Ask, asks_nothing, asks_of, exercises, labelled, phrase_of, title_of
from ingest.blocks import Block, blocks
from ingest.cues import folded
from ingest.kinds import kind_of
from ingest.sections import (
    CANDIDATE,
    OPENS,
    REPORT,
    ROUND_NAME,
    SKIP_LABEL,
    Section,
    lead_section,
    lists_topics,
    section_of,
)
from ingest.wording import ASK_LABEL, gist, specific, stand_alone, tokens


class MinedQuestion(Record):
    """One ask found in a text; `text[start:end] == quote`, offsets in code points.

    `text` is a wording that stands alone, `follow_up_of` the index of the parent in the tuple `mine` returned (None
    where it is not known), `round` the heading that names the round or "", and `rule` the rule that found it.
    """

    quote: str
    start: int
    end: int
    text: str
    kind: QuestionKind
    follow_up: bool
    follow_up_of: int | None
    round: str
    rule: str


_I = re.IGNORECASE
_SCENARIO = re.compile(r"(?:assume|suppose|imagine|consider|given|you are given|there (?:is|are)|asked|question)\b", _I)
_TASK_LATER = re.compile(
    r"\?\W*$|\b(?:find|return|determine|compute|calculate|want|need|design|write|implement|print)\b", _I
)
_FOLLOW_UP = re.compile(
    r"\bfollow(?:ed)?[- ]?(?:up|on)s?\b|\bas an extension\b|\bcan you (?:do|make it|optimi[sz]e) (?:it "
    r"|this )?(?:better|in|without|further)?|\bin O\(1\) space|\bwithout (?:using )?(?:extra|additional) (?:space"
    r"|memory)|\bwhat if\b|\blater on\b|\boptimi[sz]e (?:it|this|the (?:same|solution|code|query)|your|my)\b"
    r"|\bhow would (?:this|that|it) change|\bextend (?:it|this|the (?:same|solution))\b|\bthe (?:functions?"
    r"|code) I wrote\b",
    _I,
)
_FOLLOWS = re.compile(r"\bfollow[- ]?ups?\b", _I)
_ASKED_COLUMN = re.compile(r"\b(?:questions?|problems?|asked|prompts?|task)\b", _I)
_ROUND_LINE = re.compile(r"(?:round|stage|phase|day|interview) ?#?\d\b(?!.*[.!?]$)", _I)
_ROUND_LINE_LENGTH = 90
_MORE = re.compile(r"\b(?:questions?|problems?|following)\b", _I)
_PROSE_FENCES = ("", "text", "txt", "md", "markdown", "plaintext", "plain")
_SHORT_TITLE = 12
_SHOWN = 300
_SCENARIO_LENGTH = 600
# Frames are ordered by these keys: headings by their level, then bold lines, then lines and items by their depth.
_BOLD, _LINE = 7.0, 10.0


@dataclass(slots=True)
class _Frame:
    """An open heading, lead-in line or list item: the section it makes, and what was found inside."""

    key: float
    title: str
    section: Section | None = None
    ask: Ask | None = None
    phrase: Ask | None = None
    pending: list[Ask] = field(default_factory=list)
    found: bool = False
    code: bool = False

    @property
    def worthy(self) -> bool:
        """Whether the title alone may count as an ask: nothing inside was one, and it says something."""
        if self.phrase is None or self.found:
            return False
        if self.code or self.phrase.rule == "exercise":
            return True
        return self.phrase.rule != "numbered-title" and specific(self.phrase.words, 1 if self.key > _LINE else 2)


def mine(text: str) -> tuple[MinedQuestion, ...]:
    """Every reported question of a Markdown text, in document order; linear in its length, and never raises."""
    walk = _Walk(report=bool(REPORT.search(folded(text))))
    for block in blocks(text):
        walk.take(block)
    found = walk.close()
    for ask in found:
        ask.span = ask.block.source(text, ask.start, ask.end)
    return _records(text, sorted(found, key=lambda one: one.span))


def _records(text: str, found: list[Ask]) -> tuple[MinedQuestion, ...]:
    """Drop overlaps and asks already seen, then point follow-ups at their parents."""
    mined: list[MinedQuestion] = []
    places: dict[int, int] = {}
    seen: set[frozenset[str]] = set()
    last: tuple[int, str] | None = None
    for ask in found:
        record = _record(text, ask)
        key = gist(record.text)
        if not key or key in seen or (mined and record.start < mined[-1].end):
            continue
        if ask.follow_up:
            parent = places.get(id(ask.parent)) if ask.parent else None
            parent = last[0] if parent is None and last and last[1] == ask.round else parent
            record = record.model_copy(update={"follow_up_of": parent})
        elif not ask.candidate:
            last = (len(mined), ask.round)
        seen.add(key)
        places[id(ask)] = len(mined)
        mined.append(record)
    return tuple(mined)


def _record(text: str, ask: Ask) -> MinedQuestion:
    words = ask.block.plain[ask.body : ask.end]
    form = "exercise" if ask.code else ask.form
    kind: QuestionKind = "candidate_question" if ask.candidate else kind_of(words, form, ask.settings)
    if kind == "concept" and ask.rule == "reported-problem":
        kind = kind_of(ask.words, form)  # with the words before the ask: "the puzzle was about ..."
    start, end = ask.span
    return MinedQuestion(
        quote=text[start:end],
        start=start,
        end=end,
        text=stand_alone(words, ask.form, kind),
        kind=kind,
        follow_up=ask.follow_up,
        follow_up_of=None,
        round=ask.round,
        rule=ask.rule,
    )


def _label(block: Block) -> tuple[int, str]:
    """How long the number or label before an ask is, and the label's words ("Follow-up: ", "Q3. ")."""
    match = ASK_LABEL.match(block.plain)
    return (match.end(), match[0]) if match else (0, "")


class _Walk:
    """The walk over the blocks, with the frames that are open and the asks found."""

    def __init__(self, *, report: bool) -> None:
        self.report = report
        self.frames: list[_Frame] = []
        self.asks: list[Ask] = []
        self.titles = 0
        self.lead: Section | None = None
        self.row: tuple[int, Ask] | None = None

    def take(self, block: Block) -> None:
        lead, self.lead = self.lead, None
        if block.kind == "heading":
            self._title(block, float(block.level))
        elif block.kind == "code":
            self._code(block, lead)
        elif block.kind == "cell":
            self._cell(block)
        elif block.kind == "item":
            self._item(block)
        elif _ROUND_LINE.match(block.plain) and len(block.plain) < _ROUND_LINE_LENGTH and not block.level:
            self._title(block, _BOLD)
        elif block.bold and not SKIP_LABEL.match(block.plain) and len(tokens(block.plain)) <= _SHORT_TITLE:
            self._title(block, _LINE + block.level + 0.2 if block.level else _BOLD)
        else:
            self._line(block, lead)

    def close(self) -> list[Ask]:
        self._close_to(0)
        return self.asks

    def _close_to(self, key: float) -> None:
        """Close the frames from `key` inwards; a title that asks by itself counts when nothing inside did."""
        while self.frames and self.frames[-1].key >= key:
            frame = self.frames.pop()
            if frame.pending and not frame.found:
                self.asks += frame.pending
                self._mark()
            elif frame.worthy and frame.phrase is not None:
                frame.phrase.code = frame.code
                self._settle(frame, frame.phrase)

    def _settle(self, frame: _Frame, phrase: Ask) -> None:
        """A phrase below a titled item waits: if an explicit ask follows there, the phrase was only a detail of it."""
        holder = next((one for one in reversed(self.frames) if one.phrase is not None), None)
        if holder is not None and frame.key > _LINE:
            holder.pending.append(phrase)
        elif not any(one.ask for one in self.frames if one.key > _LINE):
            self.asks.append(phrase)
            self._mark()

    def _mark(self) -> None:
        for frame in self.frames:
            frame.found = True

    @property
    def section(self) -> Section:
        """The innermost section; advice and the candidate's questions hold for all headings below them."""
        for frame in self.frames:
            if frame.key <= _BOLD and frame.section in ("advice", "candidate"):
                return frame.section
        return next((frame.section for frame in reversed(self.frames) if frame.section), "plain")

    def _round(self) -> str:
        titles = [frame.title for frame in self.frames if frame.key <= _BOLD]
        named = [title for title in titles[1:] or titles if ROUND_NAME.search(folded(title))]
        return (named or titles or [""])[-1]

    def _placed(self, ask: Ask) -> Ask:
        ask.round = self._round()
        ask.settings = tuple(frame.title for frame in reversed(self.frames))
        holder = next((one.ask for one in reversed(self.frames) if one.ask is not None and one.key > _LINE), None)
        if holder is not None and holder is not ask:
            ask.follow_up, ask.parent = True, holder
        elif _FOLLOW_UP.search(ask.words) or any(_FOLLOWS.search(frame.title) for frame in self.frames):
            ask.follow_up = True
        return ask

    def _add(self, ask: Ask) -> None:
        self.asks.append(self._placed(ask))
        self._mark()

    def _title(self, block: Block, key: float) -> None:
        self._close_to(key)
        self.titles += 1
        title = block.plain[:_SHOWN]
        section = section_of(title)
        if section in ("advice", "answer") and (self.titles == 1 or key == 1):
            section = None  # a document's own title says nothing of its parts
        frame = _Frame(key, title.rstrip(": "), section)
        found = None if section in ("advice", "answer") else self._asked_by(block)
        if found is not None and found.form in ("phrase", "exercise"):
            frame.phrase = self._placed(found)
        elif found is not None:
            self._add(found)
            frame.section = "answer"
            frame.ask = found if key > _LINE else None
        self.frames.append(frame)

    def _asked_by(self, block: Block) -> Ask | None:
        length, label = _label(block)
        words = block.plain[length : 2 * _SHOWN].strip()
        if self.section in ("advice", "candidate", "answer") or len(words) < 4 or SKIP_LABEL.match(words):
            return None
        listed = self.section == "asked" or bool(re.search(r"[A-Za-z]", label))
        numbered = self.section == "round" and (
            any(c.isdigit() for c in label) or (block.kind != "heading" and words.endswith("?"))
        )
        return title_of(block, block.plain.find(words, length), words, listed=listed, numbered=numbered)

    def _line(self, block: Block, lead: Section | None) -> None:
        key = _LINE + block.level + 0.5
        self._close_to(key)
        before = len(self.asks)
        if not SKIP_LABEL.match(block.plain):
            self._read(block, lead or self.section, listed=lead == "asked")
        if OPENS.search(folded(block.plain[-40:])):
            tail = block.plain[-_SHOWN:]
            line = tail[slice(*sentences(tail)[-1])]
            self.lead = lead_section(line)
            frame = _Frame(key, line, self.lead)
            if len(self.asks) > before and not (self.lead == "asked" and _MORE.search(line)):
                frame.ask, frame.section, self.lead = self.asks[-1], "answer", None
            self.frames.append(frame)

    def _item(self, block: Block) -> None:
        key = _LINE + block.level
        self._close_to(key)
        section = self.section
        frame = _Frame(key, block.plain[:_SHOWN])
        if SKIP_LABEL.match(block.plain):
            frame.section = "answer"
        else:
            found = self._read(block, section, listed=True)
            frame.ask = found[0] if found else None
            frame.section = None if found else self._item_section(block)
            phrase = None if found else self._phrase(block, section)
            frame.phrase = self._placed(phrase) if phrase else None
        self.frames.append(frame)

    def _item_section(self, block: Block) -> Section | None:
        words = block.plain[-_SHOWN:]
        if words.endswith(":"):
            return lead_section(words)
        if self.section in ("advice", "answer") and "question" not in words.lower():
            return None
        section = section_of(words, item=True) if len(tokens(words)) <= _SHORT_TITLE else None
        return None if section == "round" else section

    def _phrase(self, block: Block, section: Section) -> Ask | None:
        """What an item asks by its name alone: an exercise, or a phrase in a list of what was asked.

        Exercises are looked for in the whole item: a sentence ends after the number in "68. Text Justification".
        """
        if section in ("advice", "answer"):
            return None
        named = exercises(block, (0, min(len(block.plain), _SHOWN)), section)
        if named:
            return named[0]
        length, _ = _label(block)
        spans = sentences(block.plain[length : length + _SHOWN])
        if not spans or lists_topics(frame.title for frame in reversed(self.frames)):
            return None
        return phrase_of(block, (length + spans[0][0], length + spans[0][1]), section)

    def _code(self, block: Block, lead: Section | None) -> None:
        for frame in self.frames:
            frame.code = True
        if block.plain and block.info in _PROSE_FENCES and "asked" in (lead, self.section):
            self._read(block, "asked", listed=True, once=True)

    def _cell(self, block: Block) -> None:
        follows = bool(_FOLLOWS.search(block.header))
        if not (_ASKED_COLUMN.search(block.header) or follows) or self.section in ("advice", "answer"):
            return
        found = self._read(block, "candidate" if CANDIDATE.search(folded(block.header)) else "asked", listed=True)
        phrase = None if found else self._phrase(block, "asked")
        if phrase is not None and specific(phrase.words):
            self._add(phrase)
            found = [phrase]
        parent = self.row[1] if self.row and self.row[0] == block.row else None
        for ask in found:
            ask.rule = f"table-{ask.rule}"
            ask.follow_up, ask.parent = (True, parent) if follows else (ask.follow_up, ask.parent)
        if found and not follows and parent is None:
            self.row = (block.row, found[0])

    def _read(self, block: Block, section: Section, *, listed: bool, once: bool = False) -> list[Ask]:
        """Take the asks of a block sentence by sentence.

        In prose a plain question counts only from the start of the block: later ones are mostly rhetorical.
        """
        if asks_nothing(block.plain, section, listed=listed):
            return []
        length, label = _label(block) if listed or section in ("asked", "round") else (0, "")
        section = "asked" if section == "plain" and re.search(r"[A-Za-z]", label) else section
        taken: list[Ask] = []
        running = True
        for start, end in sentences(block.plain):
            span = (max(start, length), end)
            if span[1] - span[0] < 4 or (once and taken):
                continue
            if self._continues(taken, block, span):
                taken[-1].end = end
                continue
            direct = (listed and (self.report or section != "plain")) or (running and section in ("asked", "round"))
            found = asks_of(block, span, section, direct=direct)
            if not found and not taken and section != "advice":
                found = labelled(block, span, label)
            for ask in found:
                ask.follow_up = bool(_FOLLOWS.search(label) or _FOLLOWS.search(block.plain[start : ask.start]))
                self._add(ask)
            taken += found
            running = running and bool(found)
        return taken

    def _continues(self, taken: list[Ask], block: Block, span: tuple[int, int]) -> bool:
        """Whether a sentence holds the task of a scenario that the one before it only set out."""
        last = taken[-1] if taken else None
        if last is None or last.rule not in ("order", "reported-direct") or span[0] - last.end > 4:
            return False
        words = block.plain[slice(*span)]
        set_out = _SCENARIO.match(last.words) and not _TASK_LATER.search(last.words)
        return bool(set_out and _TASK_LATER.search(words)) and span[1] - last.start < _SCENARIO_LENGTH
