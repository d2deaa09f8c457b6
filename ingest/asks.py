"""The asks in one sentence or list item: questions, orders, quotations, named exercises and reported speech.

Every rule works on at most one sentence (bounded by `brain.sentences.WINDOW`), so the time of all of them together is
linear in the text. Where a sentence stands is `ingest.mine`'s business; here it is only told the section.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from brain.sentences import Span
from ingest.blocks import Block
from ingest.cues import folded, folding, holds
from ingest.kinds import Form, kind_of
from ingest.reported import PERSONAL, candidate_asked, hypothetical, may_report, reported
from ingest.sections import Section
from ingest.wording import hands_on, more_tokens_than, specific, tokens

LONGEST = 60
"""Words of a question; a longer "sentence" is a list or a page without full stops."""

_I = re.IGNORECASE


@dataclass(slots=True, eq=False)
class Ask:
    """A span of a block that states an ask; its wording begins at `body`, after words such as "asked me to"."""

    block: Block
    start: int
    end: int
    body: int
    form: Form
    rule: str
    candidate: bool = False
    follow_up: bool = False
    parent: "Ask | None" = None
    code: bool = False
    round: str = ""
    settings: tuple[str, ...] = ()
    span: Span = (0, 0)

    @property
    def words(self) -> str:
        return self.block.plain[self.start : self.end]


_ORDER = re.compile(
    r"(?:(?:please|can you|could you|also|then|now|next|and),?\s){0,2}(?:explain|tell (?:me|us)|describe|design"
    r"|implement|write|given\s+\w+|walk (?:me|us) through|build|create|find (?!out\b)|solve|code (?:a|an|the|up"
    r"|this)\b|compare|differentiate|define|derive|prove|calculate|compute|estimate|count|reverse|rotate|merge"
    r"|print|return|check (?:if|whether)|convert|flatten|detect|discuss|rate yourself|introduce yourself"
    r"|give (?:me |us )?an|talk about|share (?:an?|your)|rewrite|refactor|debug|optimi[sz]e|predict|query to"
    r"|differences? between|you are given|there (?:is|are) (?:an?|two|n|\d+)|assume (?:that|you|we|there)|suppose"
    r"|imagine|consider|recreate|develop a|swap|sort (?:an?|the)|remove|provide an?|show how|determine|maximi[sz]e"
    r"|minimi[sz]e|validate|list (?:the|all)|name (?:the|some|three))\b",
    _I,
)
_CLEAR_ORDER = re.compile(r"(?:explain|describe|design|implement|write|given|tell me|build an?|what)\b", _I)
_WEAK_ORDER = re.compile(
    r"(?:there are (?:an? )?(?:set|lot|few|number|couple|variety|many|some)|write (?:clean|down|code|tests)"
    r"|explain (?:your|the) (?:thought|approach|reasoning|solution)|find (?:a |an )?(?:job|way|mentor)"
    r"|consider (?:the|your|how|using|applying)|build (?:your|up|confidence|projects)|share your (?:thought"
    r"|feedback|experience)|given (?:that|the|my|this|how|these|all|its)\b|solve (?:as|more|problems|many|lots"
    r"|at least)|discuss (?:it|with|the (?:approach|solution)|trade)|create (?:an? )?(?:account|plan)"
    r"|code (?:should|must|quality|review)|design (?:trade|considerations?|decisions?|principles?|round|interview"
    r"|doc|choices)|build systems?\b|differences? between the two)",
    _I,
)
_QUESTION = re.compile(r"\?[\"'”’)\]*_\s]{0,8}\Z")
_RHETORICAL = re.compile(
    r"(?:for example|e\.g|so|but|now|well|right|guess|ready|sounds|isn['’]t|who knows|what(?:['’]s| is) next"
    r"|what then|want to|interested|looking for|have you ever|did you (?:like|know)|do you want|wondering|curious"
    r"|confused|need help|got (?:any )?questions|any questions|questions\?|how (?:can|do|did|should) (?:you|i"
    r"|we) (?:prepare|apply|get|study)|why not|really|ok|okay|agree|thoughts|makes sense|what do you think"
    r"|which one)\b",
    _I,
)
_ABOUT_READER = re.compile(
    r"\b(?:rounds?|recruiters?|interview(?:s|ers?|ing|ed)?|hiring (?:process|manager)|referral|job search|hear back"
    r"|this (?:post|article|blog|guide|question)|any (?:other )?questions|questions for (?:me|us)|get (?:hired"
    r"|the job))\b",
    _I,
)
_PROCESS = re.compile(r"\b(?:how many rounds|hear back|how long|referral|hiring process)\b", _I)
_COURTESY = re.compile(r"\bany (?:other )?questions|\bquestions for (?:me|us)", _I)
_SELF = re.compile(
    r"(?:[\w'’]+[^\w'’]+){0,4}?(?:I|my|I['’]\w+|we['’]\w+)\b|(?:\w+ ){0,2}(?:our|we)\b(?! (?:use|need|have|call|do"
    r"|say|want)\b)"
)
_BARE_QUESTION = re.compile(
    r"(?:(?:what|why|how|which|when|where|who|whether)\b(?! (?:else|so|about it)\b)|(?:have|has|had|do|does|did|can"
    r"|could|would|is|are|will) (?:you|we|i|it|there|this|that|the|an?)\b)",
    _I,
)
_RETOLD = re.compile(r"(?:\w+ ){0,2}(?:do|did|have|am|will|would|can|could|should) i\b", _I)
_WHAT_IS = re.compile(r"(?:what|why|how|which) (?:\w+ )?(?:is|are|will|would|does|do|can)\b", _I)
_VERSUS = re.compile(r"\w\W{1,5}(?:vs\.?|versus)\W{1,5}\w", _I)
_UNLIST = re.compile(
    r"(?:(?!(?:shared|distributed|supervised|linked|balanced|sorted|nested|customi[sz]ed|virtuali[sz]ed|weighted"
    r"|directed|embedded)\b)\w+ed|misunderstood|understood|questions?|general|discussions?|concepts|answer|revisit"
    r"|introductory|basics?|standard|typical|made|got|gave|was|were|successfully|partially|completely|multiple"
    r"|several|various|had|could|did|took|went|told|similar|same|mostly|only|overall|very|no|not|it|this|these|that"
    r"|there|they|he|she|you|the interviewer|interviewer|interview|because|since|after|before|during|use cases and"
    r"|some|few|many|lots?|other|all|both|first|based|focus|expected|required|problem link|and|or|but|also)\b"
    r"|https?:|www\.",
    _I,
)
_VAGUE = re.compile(
    r"\b(?:questions?|topics?|concepts|rounds?|discussions?)$|\btopics?\b|\b(?:based|related|style|level"
    r"|type)\W{1,3}(?:\w+ )?(?:problems?|tasks?|puzzles?)$|\b(?:was|were|is|are|had|did|could|will|would|should"
    r"|must|has|have|can|asked|both|required|requires|needed)\b",
    _I,
)
_TOLD_SELF = re.compile(
    r"(?:I|my|we|our)\b|.{0,200}(?:\bI (?:was|had to|solved|explained|answered|did|could|couldn|told|used|am"
    r"|tried)\b|\bmyself\b)"
)
_PHRASE_END = re.compile(r"\s\((?!\w{1,6}\))|\s(?:[–—-]|→|->|=>)\s")
_ARTICLE = re.compile(r"\w+ (?:an?|the)\b", _I)
_DANGLING = re.compile(r"\b(?:of|on|the|with|for|to|about|in|and|or|an?)$", _I)
_ARROW = re.compile(r"\s(?:→|->|=>)\s")
_QUOTED = re.compile(r"[“\"](?P<body>[^“”\"]{8,400})[”\"]")
_QUOTED_CUES = ("“", '"')
_SAYS = re.compile(
    r"\b(?:asked|questions?|like|such as|wanted|ask|prompt|problem|was|said|says|read|put|(?:opened|started|began"
    r"|closed|went) with|came)\b",
    _I,
)
_ASIDE = re.compile(
    r"https?:|\b(?:similar (?:question|problem|to (?:this|leetcode|LC|https?))|ans(?:wer)?|hint|easy|medium|hard"
    r"|leetcode|times|min(?:ute)?s|reference|both|again)\b",
    _I,
)
_BORROWED = re.compile(r",?\s\(?(?:similar to|same as|link|reference)\b", _I)
_TOPIC_LABEL = re.compile(r"[\W_]{0,5}[A-Z][\w/&' -]{2,40}:[\s*_]{1,5}")
_EXERCISES = folding(
    r"\b(?:two sum|3 ?sum|three sum|L[RF]U cache|number of islands|rott(?:en|ing) oranges|merge (?:k sorted lists"
    r"|intervals|sort)|word (?:ladder|break|search)|course schedule|trapping rain ?water|valid (?:parenthes[ei]s"
    r"|anagram|palindrome|sudoku)|longest (?:substring without repeating characters|palindromic substring"
    r"|increasing subsequence|common (?:subsequence|prefix)|consecutive sequence)|coin change|house robber"
    r"|climbing stairs|edit distance|n[- ]queens|sudoku solver|maximum subarray|product of array except self"
    r"|min stack|minimum window substring|sliding window maximum|spiral matrix|rotate (?:image|array)"
    r"|reverse (?:a )?linked list|linked list cycle|lowest common ancestor|serialize and deserialize|clone graph"
    r"|alien dictionary|text justification|meeting rooms|top k frequent \w+|kth (?:largest|smallest) element"
    r"|median of two sorted arrays|jump game|gas station|container with most water|best time to buy and sell stock"
    r"|next greater element|daily temperatures|decode (?:ways|string)|generate parentheses|group anagrams"
    r"|combination sum|flood fill|graph m[- ]coloring|egg drop(?:ping)?|tower of hanoi|fizz ?buzz|rod cutting"
    r"|0/1 knapsack|matrix chain multiplication|split array largest sum|koko eating bananas|dutch national flag"
    r"|sort colors|dining philosophers|producer[- ]consumer|josephus|celebrity problem|snakes? and ladders?"
    r"|tic[- ]tac[- ]toe|game of life|pascal['’]s triangle)\b",
)
_NAME = r"(?:[A-Z][\w-]*)(?:\s(?:[A-Z][\w-]*|of|in|to|the|and|from|with|a|an|than|or)\b){0,12}"
_NUMBERED_EXERCISE = re.compile(
    r"\b(?:[Ll]eet ?[Cc]ode|LC)(?:\s(?i:problem|question|number|no\.?|hard|medium|easy))?\s?[:#–-]?\s?#?"
    rf"(?:\d{{1,4}}\b|[“\"'‘]{_NAME})|\b\d{{2,4}}\. [A-Z][\w-]* {_NAME}"
)
_NUMBERED_CUES = ("eet", "LC", ". ")
_OF_PROBLEM = folding(r"\b(?:question|problem|asked|given|similar)\b")
_OF_PROBLEM_CUES = ("question", "problem", "asked", "given", "similar")


def is_question(words: str) -> bool:
    """Whether the words end in a question mark."""
    tail = words[-12:]
    return "?" in tail and bool(_QUESTION.search(tail))


def is_order(words: str) -> bool:
    """Whether the words open like a task ("Explain", "Given an array") and not like advice ("Write clean code")."""
    return bool(_ORDER.match(words)) and not _WEAK_ORDER.match(words)


def put_to_candidate(words: str, *, listed: bool = False) -> bool:
    """Whether a question is one for the candidate, not rhetorical, about the process or put to the reader.

    In a list of what was asked (`listed`) a question may say "I": reporters retell questions from their own side.
    """
    count = len(tokens(words))
    if count < 2 or count > LONGEST or _RHETORICAL.match(words):
        return False
    if listed:
        return not _COURTESY.search(words) and not _PROCESS.search(words)
    return not _ABOUT_READER.search(words) and not _SELF.match(words)


def asks_nothing(words: str, section: Section, *, listed: bool) -> bool:
    """Whether a block holds no ask, as its cues tell before it is cut into sentences.

    Outside of lists and of sections that tell what was asked, an ask is reported, quoted or a named exercise.
    """
    if section == "advice":
        return True
    if listed or section not in ("plain", "answer"):
        return False
    return not (may_report(words) or holds(words, _QUOTED_CUES) or holds(folded(words), _OF_PROBLEM_CUES))


def asks_of(block: Block, span: Span, section: Section, *, direct: bool) -> list[Ask]:
    """The asks in one sentence; `direct` says that a plain question or order counts where this sentence stands."""
    start, end = span
    words = block.plain[start:end]
    if section == "advice" or more_tokens_than(words, 3 * LONGEST):
        return []
    told = _told(block, start, words)
    if told or section == "answer":
        return told
    start, words = _without_topic(start, words)
    return _quoted(block, start, words, section) or _plain(block, start, words, section, direct=direct)


def _told(block: Block, start: int, words: str) -> list[Ask]:
    own = candidate_asked(words)
    return [
        Ask(block, start + one.start, start + one.end, start + one.body, one.form, one.rule, candidate=own is not None)
        for one in ([own] if own else reported(words))
    ]


def _plain(block: Block, start: int, words: str, section: Section, *, direct: bool) -> list[Ask]:
    lead = len(words) - len(words.lstrip(" \"'“‘([*_-"))
    start, words = start + lead, words[lead:]
    if is_question(words):
        listed = section == "candidate" or (section in ("asked", "round") and block.kind == "item")
        good = direct and put_to_candidate(words, listed=listed)
        asked = words[: words.rindex("?") + 1]
        return [_ask(block, start, asked, "question", "question", section)] if good else []
    return (
        _ordered(block, start, words, direct=direct and section != "candidate")
        or _bare(block, start, words, section)
        or exercises(block, (start, start + len(words)), section)
    )


def _ask(block: Block, start: int, words: str, form: Form, rule: str, section: Section = "plain") -> Ask:
    return Ask(block, start, start + len(words), start, form, rule, candidate=section == "candidate")


def _without_topic(start: int, words: str) -> tuple[int, str]:
    """Leave out a topic before a colon ("Security: Explain ...")."""
    label = _TOPIC_LABEL.match(words) if ":" in words else None
    rest = words[label.end() :] if label else ""
    if label and (is_question(rest) or _CLEAR_ORDER.match(rest) or _BARE_QUESTION.match(rest)):
        return start + label.end(), rest
    return start, words


def _ordered(block: Block, start: int, words: str, *, direct: bool) -> list[Ask]:
    if not direct:
        return []
    body = _without_aside(words).rstrip(" .:,;")
    if not is_order(body) or len(tokens(body)) < 2 or _DANGLING.search(body):
        return []
    if not (specific(body) or hands_on(body) or kind_of(body, "order") in PERSONAL):
        return []
    return [_ask(block, start, body, "order", "order")]


def _without_aside(words: str) -> str:
    """Leave out what follows an arrow, and a last parenthesis that only comments ("(easy)", "(similar to ...)")."""
    arrow = _ARROW.search(words)
    words = words[: arrow.start()] if arrow else words
    opened = words.rfind(" (")
    if opened > 0 and words.rstrip(" .").endswith(")") and _ASIDE.search(words, opened):
        words = words[:opened]
    return words


def _bare(block: Block, start: int, words: str, section: Section) -> list[Ask]:
    """A list item that is a question without its mark ("How DHCP works", "Thread vs process")."""
    if section not in ("asked", "round", "candidate"):
        return []
    before_code = words.rstrip().endswith(":") and bool(_WHAT_IS.match(words))
    if block.kind != "item" and not before_code:
        return []
    body = words.rstrip(" .:;,")
    if len(body) > 300 or not 2 <= (count := len(tokens(body))) <= 25:
        return []
    if _BARE_QUESTION.match(body) and (section != "round" or _RETOLD.match(body) or not _SELF.match(body)):
        return [_ask(block, start, body, "clause", "bare-question", section)]
    return [_ask(block, start, body, "phrase", "bare-question", section)] if count < 9 and _VERSUS.search(body) else []


def _quoted(block: Block, start: int, words: str, section: Section) -> list[Ask]:
    found: list[Ask] = []
    for match in _QUOTED.finditer(words) if holds(words, _QUOTED_CUES) else ():
        body = match["body"].strip(" ,")
        outside = words[: match.start()]
        said = section in ("asked", "candidate") or bool(_SAYS.search(outside))
        fits = is_question(body) or (is_order(body) and len(tokens(body)) > 3)
        if said and fits and not hypothetical(outside) and not _SELF.match(body):
            at = start + match.start("body") + match["body"].find(body)
            found.append(_ask(block, at, body, "question" if body.endswith("?") else "order", "quoted", section))
    return found


def exercises(block: Block, span: Span, section: Section) -> list[Ask]:
    """Named exercises ("LeetCode 200", "Two Sum") in a section of questions, or where a problem is spoken of."""
    words = block.plain[slice(*span)]
    low = folded(words)
    if section not in ("asked", "round") and not (holds(low, _OF_PROBLEM_CUES) and _OF_PROBLEM.search(low)):
        return []
    spans = [match.span() for match in _EXERCISES.finditer(low)] or [match.span() for match in _numbered(words)]
    named = {words[slice(*one)].lower(): one for one in reversed(spans)}
    return [_ask(block, span[0] + a, words[a:b], "exercise", "exercise") for a, b in named.values()][-3:]


def _numbered(words: str) -> Iterator[re.Match[str]]:
    return _NUMBERED_EXERCISE.finditer(words) if holds(words, _NUMBERED_CUES) else iter(())


def _names_exercise(words: str) -> bool:
    return bool(_EXERCISES.search(folded(words))) or any(_numbered(words))


def phrase_of(block: Block, span: Span, section: Section) -> Ask | None:
    """A bare noun phrase in a list of what was asked ("Cross-site scripting"); no narrative, no whole clause."""
    words = block.plain[slice(*span)]
    aside = _PHRASE_END.search(words)
    words = words[: aside.start()].rstrip() if aside else words
    after = block.plain[span[0] + len(words) : span[0] + len(words) + 1]
    words = words.rstrip(".,; ")
    if section not in ("asked", "candidate") or not 2 < len(words) <= 200 or words.endswith(":") or after == ":":
        return None
    if (
        len(tokens(words)) > 15
        or not re.search(r"[^\W\d_]{2}", words)
        or _UNLIST.match(words)
        or _VAGUE.search(words)
        or _TOLD_SELF.match(words)
    ):
        return None
    if _names_exercise(words):
        return _ask(block, span[0], words, "exercise", "exercise", section)
    return _ask(block, span[0], words, "phrase", "listed-phrase", section)


def labelled(block: Block, span: Span, label: str) -> list[Ask]:
    """Whatever a label such as "Q1:" or "Follow-up:" stands before, when no rule knows its words."""
    if not re.search(r"[A-Za-z]", label):
        return []
    words = block.plain[slice(*span)]
    source = _BORROWED.search(words)
    words = words[: source.start()] if source else words
    if not 2 <= len(tokens(words)) <= LONGEST:
        return []
    if _TOLD_SELF.match(words) or words.startswith(("http", "A ", "An ")) or not specific(words):
        return []
    return [_ask(block, span[0], words.rstrip(" .:,"), "phrase", "labelled")]


def title_of(block: Block, start: int, words: str, *, listed: bool, numbered: bool) -> Ask | None:
    """What a heading asks: a question, an order, or by itself (when nothing below it does) the name of an exercise.

    `listed`: it stands among questions or is labelled as one; `numbered`: it carries a number, as questions do.
    """
    if is_question(words):
        good = (listed or numbered) and put_to_candidate(words, listed=listed)
        return _ask(block, start, words, "question", "question-heading") if good else None
    capitals = [word[0].isupper() for word in re.findall(r"\w{4,}", words)]
    if not (listed or numbered):
        return None
    sentence = sum(capitals) < 0.6 * len(capitals) + 0.5 or _ARTICLE.match(words)
    if is_order(words) and sentence:
        return _ask(block, start, words.rstrip(" .:"), "order", "order-heading")
    if _UNLIST.match(words):
        return None
    if _names_exercise(words):
        return _ask(block, start, words.rstrip(" .:"), "exercise", "exercise")
    return _ask(block, start, words.rstrip(" .:"), "phrase", "listed-title" if listed else "numbered-title")
