"""Reported speech: "they asked me to implement k-means", "I was asked why ...", "the second puzzle was about ...".

Each rule is a pattern whose group `body` begins where the ask itself begins. It works on one sentence, bounded by
`brain.sentences.WINDOW`, so that the time of all of them is linear in the text.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from ingest.cues import Cues, folded, folding, holds
from ingest.kinds import Form, kind_of
from ingest.sections import any_of
from ingest.wording import hands_on, specific, tokens

_I = re.IGNORECASE
PERSONAL = ("experience", "behavioral", "motivation")
"""Kinds that need no technical word to be specific."""


class Told(NamedTuple):
    """A report in a sentence: its span, where the ask begins inside it, how it stands, and the rule."""

    start: int
    end: int
    body: int
    form: Form
    rule: str


_TASKS = any_of(
    "add analy[sz]e answer build calculate check classify code comment compare compute construct convert count "
    "create debug define delete demonstrate derive describe detect determine develop design differentiate discuss "
    "dive draw elaborate enhance enumerate estimate evaluate explain extend extract figure find fix flatten "
    "generate give handle highlight identify illustrate implement improve insert introduce invert justify list "
    "maintain make manage maximi[sz]e merge minimi[sz]e model modify name optimi[sz]e outline parse perform "
    "predict print propose prove provide rate refactor remove resolve return reverse rewrite rotate share show "
    "simulate sketch solve sort state store summari[sz]e swap talk tell test think train transform traverse use "
    "validate verify walk write"
)
_ADVERB = (
    r"(?:(?:also|then|first|next|finally|later|again|even|just|simply|mostly|specifically|directly|basically"
    r"|initially|further|briefly|mainly|on|immediately|subsequently|quickly|verbally|live)\s+){0,3}"
)
_WHOM = r"(?:(?:me|us|the candidates?|candidates|everyone)\s+)?"
_AMOUNT = (
    r"(?:(?:a|an|some|few|several|many|multiple|lots?|of|couple|various|different|basic|simple|more|other"
    r"|conceptual|the|\d+|theoretical|technical|one|two|three|four|five|medium|easy|hard|tricky|detailed|in-depth"
    r"|coding|sql|theory|quick)\s+){0,5}"
)
_ASK = r"\b(?:asked|asking|asks|quizzed|questioned|grilled|probed)\s+"
_WH = "(?:what|how|why|when|where|which|who|if|whether)"
_NOUNS = (
    r"(?:introduction|differences?|definition|output|syntax|complexit(?:y|ies)|query|advantages|pros|types|meaning"
    r"|derivation|formula|traversals?|internals|working|use cases?)"
)
# A match of a pattern holds one of its cues (substrings), and begins with one of the words in `_OPENERS`: where they do
# not stand, the pattern need not be tried.
_VERB_CUES: Cues = (
    *("asked", "asking", "asks", "told", "instructed", "requested", "challenged", "required", "wanted"),
    *("quizzed", "questioned", "grilled", "probed"),
)
_PROBLEM_CUES: Cues = ("question", "problem", "puzzle", "task", "exercise")
_SETTING_CUES: Cues = (
    *("there was", "there were", "had to", "needed to", "supposed to", "given", "presented with", "shown", "handed"),
)
_COLON: Cues = (":",)
_PATTERNS: tuple[tuple[Form, str, Cues, str], ...] = (
    (
        "task",
        "reported-task",
        _VERB_CUES,
        rf"\b(?:asked|told|instructed|requested|challenged|required|asking|asks|tasked|wanted(?= (?:me|us)))\s+"
        rf"{_ADVERB}{_WHOM}{_ADVERB}to\s+{_ADVERB}(?P<body>(?:please )?{_TASKS}\b)",
    ),
    (
        "phrase",
        "reported-task",
        _VERB_CUES,
        r"\btasked with (?P<body>\w+ing\b)",
    ),
    (
        "order",
        "reported-task",
        _SETTING_CUES,
        r"\b(?:I|we) (?:also |then |first )?(?:had|needed|was supposed) to (?P<body>(?:build|design|implement"
        r"|create|write|code) an? )",
    ),
    (
        "topic",
        "reported-topic",
        _VERB_CUES,
        rf"{_ASK}{_ADVERB}{_WHOM}{_ADVERB}(?:{_AMOUNT}(?:(?!general|random|basic)[\w-]+ )?questions?\s+)?"
        r"(?:about|on|regarding|around|related to|concerning|like|such as)\s+(?P<body>(?!the same)\S)",
    ),
    (
        "phrase",
        "reported-topic",
        _SETTING_CUES,
        r"\bthere (?:were|was) (?:also )?(?:[\w-]+ ){0,3}questions? (?:about|on|regarding) (?P<body>\w)",
    ),
    (
        "clause",
        "reported-clause",
        _VERB_CUES,
        rf"(?:{_ASK}|\bwanted to (?:know|understand|hear)\s+(?:about\s+)?){_ADVERB}{_WHOM}{_ADVERB}"
        rf"(?:that\s+|as to\s+)?(?:,[^,]{{1,40}},|[,:–—-])?\s?(?P<body>{_WH}\b)",
    ),
    (
        "clause",
        "reported-clause",
        _PROBLEM_CUES,
        rf"\bquestions?,?\s+(?:like|such as|including|on|about|regarding)\s+[“\"']?(?P<body>{_WH}\b)",
    ),
    (
        "phrase",
        "reported-phrase",
        _VERB_CUES,
        rf"{_ASK}{_ADVERB}{_WHOM}(?:for |to )?(?P<body>(?:the |my |all |a )?(?:[\w-]+ )?{_NOUNS}\b)",
    ),
    (
        "phrase",
        "reported-problem",
        _PROBLEM_CUES,
        r"\b(?:questions?|problem|puzzle|task|exercise)\s+(?:(?!and\b|which\b|that\b)[\w'’-]+\s+){0,4}?(?:was"
        r"|is)\s+(?:also |basically |simply |mostly )?(?:about|based on|related to|regarding|to"
        r"|on how to)\s+(?P<body>(?!the same)\w)",
    ),
    (
        "phrase",
        "reported-problem",
        _PROBLEM_CUES,
        r"\b(?:question|problem|puzzle|task|exercise)\s+(?:also )?(?:involved|required|was) (?P<body>(?:build"
        r"|implement|design|writ|creat|find|cod|revers|flatten)\w*ing (?:an?|the)\b)",
    ),
    (
        "phrase",
        "reported-problem",
        _SETTING_CUES,
        r"\b(?:was|were|been|got)\s+(?:also |then |first |next )?(?:given|presented with|shown"
        r"|handed)\s+(?:with )?(?:a|an|another|the|one|this)\s+(?:[\w-]+\s+){0,4}?(?:problem|question|task|puzzle"
        r"|exercise|scenario)\s+(?:to|of|about|on|where|in which|involving|based on|:)\s*(?P<body>\w)",
    ),
    (
        "phrase",
        "reported-direct",
        _COLON,
        r"\b(?:asked\b[^.:?]{0,40}|questions? (?:was|were|is|asked)\b[^.:?]{0,30}|(?:question|problem|puzzle"
        r"|task) (?:was|is)(?: as follows)?)\s?:\s+(?P<body>(?!http|\[)[“\"']?[^\W\d_])",
    ),
)
_OPENERS = {
    _VERB_CUES: folding(
        r"\b(?:ask(?:ed|ing|s)|t(?:old|asked)|re(?:quested|quired)|instructed|challenged|wanted|qu(?:izzed|estioned)"
        r"|grilled|probed)\b"
    ),
    _PROBLEM_CUES: folding(r"\b(?:questions?|problem|puzzle|task|exercise)\b"),
    _SETTING_CUES: folding(r"\b(?:I|we|there|was|were|been|got)\b"),
    _COLON: folding(r"\b(?:asked|questions?|problem|puzzle|task)\b"),
}
_REPORTED = {
    cues: tuple((form, rule, folding(pattern)) for form, rule, own, pattern in _PATTERNS if own == cues)
    for cues in _OPENERS
}
_OF_ASKING = ("ask", "quiz", "grill", "prob")
_POINTER = re.compile(
    r"\b(?:following|below|this|that|same|above|similar) (?:\w+ )?(?:problem|question|task|code|snippet|one)s?\b"
    r"|\bfor (?:this|it|that)$",
    _I,
)
_LOGISTICS = re.compile(
    r"\b(?:schedul\w+|slots?|timings?|(?:the|for|an|next|my|first|another) (?:\w+ )?(?:interview|round|call)s?"
    r"|slips?|availability|interview (?:me|you|process)|formals|nda|e-?mail|zoom|google meet|camera|webcam"
    r"|screen ?share|share my screen|online editor|google docs?|whiteboard|coderpad|in \w+\.(?:com|io)|hackerrank"
    r"|referral|references|form|link|documents?|id card|wait|application)\b",
    _I,
)
_HYPOTHETICAL = re.compile(
    r"\b(?:you(?:['’]re| are| get| will be)) $|\b(?:if|when|whenever|may|might|can|could|should|would|will|to|be"
    r"|get|getting|don['’]t|not|not explicitly|not really|never|usually|often|typically)\s+(?:be\s+|you(?:['’]re"
    r"| are)\s+|i\s+)?(?:also\s+|commonly\s+|frequently\s+)?$|\b(?:readers?|people|friends?|many|everyone|someone"
    r"|folks|students|juniors|seniors|you)\s+(?:have\s+|has\s+|often\s+)?$",
    _I,
)
_PASSIVE = re.compile(r"\bquestions? (?:was|were) $", _I)
_BY_CANDIDATE = re.compile(
    r"(?:\bI|\bwe)\s+(?:(?:started by|began by|ended by|also|then|had|even|finally|just|did|first|later"
    r"|once)\s+){0,3}$"
)
_CANDIDATE_ASK = folding(
    rf"\basked\s+{_ADVERB}(?:(?:him|her|them|the (?:\w+ )?\w+|my interviewer|back)\s+)?"
    rf"(?:some questions |a few questions |questions )?(?P<body>(?:about|{_WH})\b)",
)
_CUT = re.compile(
    r"[;!?]|\.\s|\s[–—]\s|\s-\s|,?\s(?:(?<!nothing )(?<!anything )but|however|although|though|because|since|so I"
    r"|after which|and then|while|as I|to which|which I|for which|and (?:I|he|she|they|we)\b)\s|,\sgiven\s"
    r"|\s\(https?:|,\s(?:and\s)?(?:then\s)?(?:I|he|she|they|we|it|this|so|then|as)\b|\s\((?:which|I|he|she|we|given"
    r"|asked|similar|link|see)\b|\sand\s(?=(?:\w+\s){0,3}(?:asked|discussed|answered|explained it))",
    _I,
)
_LOOSE_END = re.compile(r"\s(?:and|then|also|he|she|they|I was|was|including|such as|like)$")


def may_report(words: str) -> bool:
    """Whether words may hold a report: where no cue stands there is none, neither here nor in `candidate_asked`."""
    low = folded(words)
    return any(holds(low, cues) for cues in _REPORTED)


def reported(words: str) -> list[Told]:
    """What a sentence says was asked; it may hold several reports, and each ends where the next begins."""
    hits = sorted(_hits(words))
    found: list[Told] = []
    reached = 0
    for number, (at, body, form, rule) in enumerate(hits):
        if at < reached:
            continue
        reached = body
        stop = next((hit[0] for hit in hits[number + 1 :] if hit[0] > body), len(words))
        cut = _CUT.search(words, body + 3, stop)
        said = _tail_off(words[body : cut.start() if cut else stop])
        if _worth_telling(said, form):
            found.append(Told(at, body + len(said), body, form, rule))
    return found


def hypothetical(before: str) -> bool:
    """Whether the words before a verb of asking make it advice ("if you are asked") or somebody else's question."""
    return bool(_HYPOTHETICAL.search(before[-60:]))


def _hits(words: str) -> list[tuple[int, int, Form, str]]:
    hits: list[tuple[int, int, Form, str]] = []
    low = folded(words)
    for cues, patterns in _REPORTED.items():
        if not holds(low, cues):
            continue
        openings = [opener.start() for opener in _OPENERS[cues].finditer(low)]
        for form, rule, pattern in patterns if openings else ():
            hits += (
                (match.start(), match.start("body"), form, rule)
                for match in _matches(pattern, low, openings)
                if _tells(words, match)
            )
    return hits


def _matches(pattern: re.Pattern[str], low: str, openings: list[int]) -> Iterator[re.Match[str]]:
    """What `pattern.finditer` finds, which may begin at the openings only; matches do not overlap."""
    reached = 0
    for opening in openings:
        match = pattern.match(low, opening) if opening >= reached else None
        if match:
            reached = match.end()
            yield match


def _tells(words: str, match: re.Match[str]) -> bool:
    """Whether the words before a match let it be a report of what the candidate was asked."""
    before = words[max(0, match.start() - 60) : match.start()]
    own = words[slice(*match.span())].lower().startswith(_OF_ASKING) and _BY_CANDIDATE.search(before)
    return not (own or before.endswith("(") or hypothetical(before) or _PASSIVE.search(before))


def _tail_off(said: str) -> str:
    for _ in range(4):
        said = said.rstrip(" ,:.(")
        loose = _LOOSE_END.search(said[-12:])
        if loose is None:
            break
        said = said[: len(said) - len(loose[0])]
    return said


def _worth_telling(said: str, form: Form) -> bool:
    if len(tokens(said)) < (1 if form == "topic" else 2) or _LOGISTICS.search(said) or _POINTER.search(said):
        return False
    told = said.partition(" ")[2] if form == "task" else said
    return (form == "task" and hands_on(said)) or specific(told) or kind_of(told, "topic") in PERSONAL


def candidate_asked(words: str) -> Told | None:
    """What the candidate asked: "I asked about ..."; asking for help or time is no question."""
    low = folded(words)
    match = _CANDIDATE_ASK.search(low) if "asked" in low else None
    lead = _BY_CANDIDATE.search(words[: match.start()][-60:]) if match else None
    if match is None or lead is None:
        return None
    cut = _CUT.search(words, match.start("body") + 3)
    said = words[match.start("body") : cut.start() if cut else len(words)].rstrip(" .,:")
    if len(tokens(said)) < 3:
        return None
    start = match.start() - len(lead[0])
    end = match.start("body") + len(said)
    if said.lower().startswith("about"):
        return Told(start, end, match.start("body") + len("about "), "topic", "candidate")
    return Told(start, end, match.start("body"), "clause", "candidate")
