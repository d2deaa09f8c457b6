"""Find the questions that a report says were asked, by rules over its blocks and sentences.

A rule names a span; where it stands decides whether the span counts. Headings, bold lines, list items and lines that end
in ":" open a section: one that lists what was asked, one that tells of a round, or one that is advice, an answer or a
specification. What a reported question is: `docs/decisions`, and the guideline that the mining bench is labelled by.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from brain.records import QuestionKind, Record
from ingest.sentences import Block, Span, blocks, sentences
from ingest.wording import ASK_LABEL, Form, kind_of, specific, stand_alone, tokens

Section = Literal["asked", "round", "advice", "answer", "candidate", "plain"]


class MinedQuestion(Record):
    """One ask found in a text; `text[start:end] == quote`, offsets in code points.

    `text` is a wording that stands alone, `follow_up_of` the index of the parent in the tuple `mine` returned, `round`
    the heading that names the round, and `rule` the rule that found it.
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


def _any(words: str) -> str:
    return "(?:" + "|".join(words.split()) + ")"


_I = re.IGNORECASE
_CANDIDATE = re.compile(
    r"\bquestions? (?:that )?(?:i|we|you) (?:had |can |could |should |may |might )?ask|\bmy questions?\b|^your questions?\b"
    r"|\bquestions? (?:to ask|for|to) (?:the |my |your )?(?:interviewers?|them|us|him|her|company|recruiter|team|employer)"
    r"|\b(?:thoughtful|good|smart|insightful) questions|\breverse interview|\bi (?:also |then )?asked\b|\bquestions to ask\b", _I,
)
_ADVICE = re.compile(
    r"\b(?:tips?|tricks|advice|prepar\w+|practi[cs]e|resources?|references?|takeaways?|lessons?|learn(?:t|ed|ings?)|stud(?:y|ied|ying)"
    r"|conclusions?|final thoughts|closing|reflections?|outcome|results?|verdict|offer|faqs?|about (?:me|us|the (?:author|company"
    r"|role|team))|eligib\w+|timeline|table of contents|contents|related|comments?|responses|leave a reply|syllabus|roadmap|books?"
    r"|mistakes|pitfalls|regrets|red flags|logistics|how (?:to|i|did i|do i|we)\b.*|applying|application(?: process)?|role information"
    r"|disclaimer|what (?:to expect|i (?:learned|did|wish))|strateg\w+|framework|recommend\w+|suggest\w+|links|see also|navigation"
    r"|share this|subscribe|overall experience|final outcome|shortlist\w+|should (?:know|read|focus)|you should|focus (?:on|areas?)"
    r"|brush up|revise|went wrong|improve|criteria|compensation|benefits|common pitfalls)\b", _I,
)
_ANSWER = re.compile(
    r"\b(?:(?:my |sample |model |expected |possible |the )?(?:answers?|solutions?|approach(?:es)?|implementation|explanation|hints?|analysis"
    r"|code|output|input|examples?(?! (?:interview )?questions)|constraints|notes?|requirements?|scope|structure|components?|criteria"
    r"|features|test cases|discussion points?|key points|expectations?|complexity|status|reasons?|scale|response|i (?:said|answered"
    r"|replied|wrote|coded|used|implemented)))\W*$|\brequirements\b|\bexpected discussion|\bstep by step|\b(?:round|stage|step|section)s"
    r"\W*$|^(?:action|situation|task|result)\W*$", _I,
)
_ASKED = re.compile(
    r"\b(?:questions?|problems?|puzzles?|tasks?|exercises|prompts?|follow[- ]?ups?|asked(?: me| us)?(?: about)?|problem statement"
    r"|main task|coding challenge)\b", _I,
)
_ROUND = re.compile(
    r"\b(?:rounds?|interviews?|screen(?:ing)?|on-?sites?|assessments?|OA|loop|HR|technical|coding|system design|behaviou?ral"
    r"|hiring manager|bar raiser|phone|test|DSA|managerial|topics? covered|conversation with|day \d|stage \d|part \d|experience)\b", _I,
)
_ROUND_NAME = re.compile(
    r"\b(?:rounds?|interview|screen(?:ing)?|on-?site|assessment|OA|phone|hiring manager|bar raiser|HR|test|stage|loop"
    r"|machine coding|day \d)\b", _I,
)
_LEAD = re.compile(
    r"\b(?:questions?|problems?|puzzles?|tasks?|asked|following|as follows|topics (?:asked|included)|went like|exercises?)\b", _I
)
_NO_LEAD = re.compile(
    r"\b(?:prepar|practi[cs]|before|resource|stud(?:y|ied)|read|should|can find|you (?:can|must|need)|rounds?:|process|steps|requirements"
    r"|sections?|skills|books?|links?|solution|answer|solved|approach)", _I,
)
_SKIP_LABEL = re.compile(
    r"(?:difficulty|level|topics?(?: covered)?|duration|time(?:line| taken| limit)?|date|links?|reference|source|status|notes?|results?"
    r"|focus|hints?|answer(?: \(.{1,30}\))?|ans|a|solution|approach|input|output|examples?|constraints|requirements?|format|position"
    r"|role|company|location|interviewers?|feedback|outcome|verdict|tips?|pro tip|takeaway|platform|experience|mode|language|tags?"
    r"|explanation|complexity|expected(?: answer)?|used tags|must|my \w+|strategy|preparation|tools?|method|offer|ctc|cgpa|author"
    r"|update|disclaimer|edit|ps|p\.s\.|action|situation|scope|background|objective|impression|difficulty level|companies|source code"
    r")\s?(?:\d{1,2}\s?)?[:=–—-](?!\w)", _I,
)

_TASKS = _any(
    "add analy[sz]e answer build calculate check classify code compare compute construct convert count create debug define delete demonstrate "
    "derive describe detect determine develop design differentiate discuss dive draw elaborate enhance enumerate estimate evaluate "
    "explain extend extract figure find fix flatten generate give handle highlight identify illustrate implement improve insert introduce "
    "invert justify list maintain make manage maximi[sz]e merge minimi[sz]e model modify name optimi[sz]e outline parse perform pick "
    "predict print propose prove provide rate refactor remove resolve return reverse rewrite rotate share show simulate sketch "
    "solve sort state store summari[sz]e swap talk tell test think train transform traverse use validate verify walk write"
)
_ADVERB = (
    r"(?:(?:also|then|first|next|finally|later|again|even|just|simply|mostly|specifically|directly|basically|initially|further|briefly"
    r"|mainly|on|immediately|subsequently|quickly|verbally|live)\s+){0,3}"
)
_WHOM = r"(?:(?:me|us|the candidates?|candidates|everyone)\s+)?"
_AMOUNT = (
    r"(?:(?:a|an|some|few|several|many|multiple|lots?|of|couple|various|different|basic|simple|more|other|conceptual|theoretical|technical"
    r"|the|\d+|one|two|three|four|five|medium|easy|hard|tricky|detailed|in-depth|follow-up|coding|sql|theory|quick|interesting)\s+){0,5}"
)
_ASK = r"\b(?:asked|asking|asks|quizzed|questioned|grilled|probed)\s+"
_REPORTED: tuple[tuple[Form, str, re.Pattern[str]], ...] = (
    (
        "task",
        "reported-task",
        re.compile(
            rf"\b(?:asked|told|instructed|requested|challenged|required|asking|asks|tasked|wanted|expected)\s+{_ADVERB}{_WHOM}{_ADVERB}to\s+"
            rf"{_ADVERB}(?P<body>(?:please )?{_TASKS}\b)", _I,
        ),
    ),
    (
        "topic",
        "reported-topic",
        re.compile(
            rf"{_ASK}{_ADVERB}{_WHOM}{_ADVERB}(?:{_AMOUNT}(?:\w+ )?questions?\s+)?"
            r"(?:about|on|regarding|around|related to|concerning|for|like|such as)\s+(?P<body>\S)", _I,
        ),
    ),
    (
        "clause",
        "reported-clause",
        re.compile(
            rf"(?:{_ASK}|\bwanted to (?:know|understand|hear)\s+(?:about\s+)?){_ADVERB}{_WHOM}{_ADVERB}(?:that\s+|as to\s+)?[,:]?\s?"
            r"(?P<body>(?:what|how|why|when|where|which|who|if|whether)\b)", _I,
        ),
    ),
    (
        "phrase",
        "reported-phrase",
        re.compile(
            rf"{_ASK}{_ADVERB}{_WHOM}(?P<body>(?:the |my |all |a )?(?:\w+ )?(?:differences?|definition|output|syntax|complexit(?:y|ies)|query"
            r"|advantages|pros|types|meaning|derivation|formula|traversals?|internals|working|use cases?)\b)", _I,
        ),
    ),
    (
        "phrase",
        "reported-problem",
        re.compile(
            r"\b(?:question|problem|puzzle|task|exercise|challenge|one)s?\s+(?:(?!and\b|which\b|that\b)[\w'’-]+\s+){0,4}?(?:was|is|were)\s+"
            r"(?:also |basically |simply |mostly )?(?:about|based on|related to|regarding|to|on how to)\s+(?P<body>\w)", _I,
        ),
    ),
    (
        "phrase",
        "reported-problem",
        re.compile(
            r"\b(?:was|were|been|got)\s+(?:also |then |first |next )?(?:given|presented with|shown|handed)\s+(?:with )?(?:a|an|another|the|one|this)\s+"
            r"(?:[\w-]+\s+){0,4}?(?:problem|question|task|puzzle|exercise|scenario)\s+(?:to|of|about|on|where|in which|involving|based on|:)\s*"
            r"(?P<body>\w)", _I,
        ),
    ),
    ("phrase", "reported-topic", re.compile(r"\bthere (?:were|was) (?:also )?(?:[\w-]+ ){0,3}questions? (?:about|on|regarding) (?P<body>\w)", _I)),
)
_HYPOTHETICAL = re.compile(
    r"\b(?:if|when|whenever|may|might|can|could|should|would|will|to|be|get|getting|don['’]t|not|never|usually|often|typically)\s+"
    r"(?:be\s+|you(?:['’]re| are)\s+|i\s+)?(?:also\s+|commonly\s+|frequently\s+)?$"
    r"|\b(?:readers?|people|friends?|many|everyone|someone|folks|students|juniors|seniors|you)\s+(?:have\s+|has\s+|often\s+)?$", _I,
)
_BY_CANDIDATE = re.compile(r"(?:\bI|\bwe)\s+(?:(?:also|then|had|even|finally|just|did|first|later|once)\s+){0,3}$")
_CANDIDATE_ASK = re.compile(
    rf"\basked\s+{_ADVERB}(?:(?:him|her|them|the (?:\w+ )?\w+|my interviewer|back)\s+)?(?:some questions |a few questions |questions )?"
    r"(?P<body>(?:about|what|how|why|if|whether|which|when)\b)", _I,
)
_CUT = re.compile(
    r"[;!?]|\.\s|\s[–—]\s|\s-\s|,?\s(?:but|however|although|though|because|since|so that I|so I|after which|and then|while|as I"
    r"|to which|where I|which I|that I (?:had|was|could)|for which|and (?:I|he|she|they|we)\b|given)\s"
    r"|,\s(?:and\s)?(?:then\s)?(?:I|he|she|they|we|it|this|so|then|as)\b|\s\((?:which|I|he|she|we|given|asked|similar|link|see)\b"
    r"|\sand\s(?=(?:\w+\s){0,3}(?:asked|discussed|answered|explained it))", _I,
)
_ORDER = re.compile(
    r"(?:please\s+|can you\s+|could you\s+)?(?:explain|tell (?:me|us)|describe|design|implement|write|given\s+(?:an?|two|three|the|n|k|some|that|\w+)"
    r"|walk (?:me|us) through|build|create|find (?!out\b)|solve|code\b|compare|differentiate|define|derive|prove|calculate|compute|estimate"
    r"|count|reverse|rotate|merge|print|return|check (?:if|whether)|convert|flatten|detect|discuss|rate yourself|introduce yourself|give (?:me |us )?an"
    r"|talk about|share (?:an?|your)|rewrite|refactor|debug|optimi[sz]e|predict|what['’]s|difference between|differences between|you are given"
    r"|there (?:is|are) (?:an?|two|n|\d+)|suppose|imagine|consider|recreate|develop a|swap|sort (?:an?|the)|remove|provide an?|show how|query to"
    r"|determine|maximi[sz]e|minimi[sz]e|validate|list (?:the|all)|name (?:the|some|three))\b", _I,
)
_WEAK_ORDER = re.compile(
    r"(?:write (?:clean|down|code|tests)|explain (?:your|the) (?:thought|approach|reasoning|solution)|explained|find (?:a |an )?(?:job|way|mentor)"
    r"|consider (?:the|your|how|using|applying)|build (?:your|up|confidence|projects)|share your (?:thought|feedback|experience)|given (?:that|the|my|this"
    r"|how|these|all|its)\b|solve (?:as|more|problems|many|lots|at least)|discuss (?:it|with|the (?:approach|solution)|trade)|check|create (?:an? )?(?:account|plan)"
    r"|code (?:should|must|quality|review)|design (?:round|interview|doc|choices)|build systems?\b|test(?:ing)? |practice|difference between the two)", _I,
)
_QUESTION = re.compile(r"\?[\"'”’)\]*_\s]*\Z")
_RHETORICAL = re.compile(
    r"(?:so|but|now|well|right|guess|ready|sounds|isn['’]t|who knows|what(?:['’]s| is) next|what then|want to|interested|looking for|have you ever"
    r"|did you (?:like|know)|do you want|wondering|curious|confused|need help|got (?:any )?questions|any questions|questions\?|how (?:can|do|did|should) (?:you|i|we)"
    r" (?:prepare|apply|get|study)|why not|really|ok|okay|agree|thoughts|makes sense|what do you think|which one)\b", _I,
)
_ABOUT_READER = re.compile(
    r"\b(?:rounds?|recruiters?|interview(?:s|ers?|ing|ed)?|hiring (?:process|manager)|referral|job search|this (?:post|article|blog|guide|question)"
    r"|hear back|any (?:other )?questions|questions for (?:me|us)|get (?:hired|the job))\b", _I,
)
_SELF = re.compile(r"(?:\w+\W+){0,4}?(?:I|we|my|our|I['’]\w+|we['’]\w+)\b")
_FIRST_PERSON = re.compile(r"\b(?:I|I['’]\w+|my|we|our|myself)\b")
_NARRATIVE = re.compile(
    r"(?:\w+ed|made|got|gave|was|were|had|could|did|took|went|told|similar|same|mostly|only|overall|very|no|not|it|this|these|that|there|they"
    r"|he|she|you|the interviewer|interviewer|interview|because|since|after|before|during|use cases and|some|few|many|lots?|other|all|both|first"
    r"|based|focus|expected|required|problem link|and|or|but|also)\b|https?:|www\.", _I,
)
_CLAUSE_VERB = re.compile(r"\b(?:was|were|is|are|had|did|could|will|would|should|must|has|have|can|asked)\b", _I)
_QUOTED = re.compile(r"[“\"](?P<body>[^“”\"]{8,400})[”\"]")
_SAYS = re.compile(r"\b(?:asked|question|questions|like|such as|wanted|ask|prompt|problem|was)\b", _I)
_FOLLOW_UP = re.compile(
    r"\bfollow(?:ed)?[- ]?(?:up|on)s?\b|\bas an extension\b|\bcan you (?:do|make it|optimi[sz]e) (?:it |this )?(?:better|in|without|further)?|\bin O\(1\) space"
    r"|\bwithout (?:using )?(?:extra|additional) (?:space|memory)|\bwhat if\b|\boptimi[sz]e (?:it|this|the (?:same|solution|code|query)|your|my)\b"
    r"|\bhow would (?:this|that|it) change|\blater on\b|\bextend (?:it|this|the (?:same|solution))\b|\bthe (?:functions?|code) I wrote\b", _I,
)
_FOLLOW_SECTION = re.compile(r"\bfollow[- ]?ups?\b", _I)
_EXERCISES = re.compile(
    r"\b(?:two sum|3 ?sum|three sum|4sum|LRU cache|LFU cache|number of islands|rott(?:en|ing) oranges|merge (?:k sorted lists|intervals|sort)|word (?:ladder|break|search)"
    r"|course schedule|trapping rain ?water|valid (?:parenthes[ei]s|anagram|palindrome|sudoku)|longest (?:substring without repeating characters|palindromic substring"
    r"|increasing subsequence|common (?:subsequence|prefix)|consecutive sequence)|coin change|house robber|climbing stairs|edit distance|n[- ]queens|sudoku solver"
    r"|maximum subarray|kadane['’]?s?(?: algorithm)?|product of array except self|min stack|minimum window substring|sliding window maximum|spiral matrix|rotate (?:image|array)"
    r"|reverse (?:a )?linked list|linked list cycle|lowest common ancestor|binary tree (?:level order|zigzag level order|right side view)(?: traversal)?|serialize and deserialize"
    r"|clone graph|alien dictionary|text justification|meeting rooms(?: ii)?|top k frequent(?: \w+)?|kth (?:largest|smallest) element|median of two sorted arrays|find median from data stream"
    r"|jump game|gas station|container with most water|best time to buy and sell stock|stock buy and sell|next greater element|daily temperatures|decode (?:ways|string)|generate parentheses"
    r"|letter combinations|group anagrams|permutation(?:s| in string)|subsets|combination sum|flood fill|pacific atlantic|graph m[- ]coloring|egg drop(?:ping)?|tower of hanoi|fizz ?buzz"
    r"|rod cutting|0/1 knapsack|matrix chain multiplication|split array largest sum|koko eating bananas|aggressive cows|allocate books|dutch national flag|sort colors|dining philosophers"
    r"|producer[- ]consumer|josephus|celebrity problem|snakes? and ladders?|tic[- ]tac[- ]toe|game of life|flatten nested list|implement trie|two sum ii|pascal['’]s triangle)\b", _I,
)
_NUMBERED_EXERCISE = re.compile(
    r"\b(?:leet ?code|LC)(?:\s+(?:problem|question|number|no\.?|hard|medium|easy))?\s*[:#–-]?\s*#?(?:\d{1,4}\b|[“\"'‘]?(?:[A-Z][\w-]*)(?:\s(?:[A-Z][\w-]*|of|in|to|the|and|from|with|a|an))*)"
    r"|\b\d{2,4}\. [A-Z][\w-]*(?: (?:[A-Z][\w-]*|of|in|to|the|and|from|with|a|an|than|or|II|III))+"
)

_TEXT_FENCES = ("", "text", "txt", "md", "markdown", "plaintext", "plain")
_ASKED_HEADER = re.compile(r"\b(?:questions?|problems?|asked|prompts?|task)\b", _I)
_SHORT_TITLE = 12
_LONGEST = 60


@dataclass(slots=True)
class _Ask:
    block: Block
    start: int
    end: int
    body: int
    form: Form
    rule: str
    follow_up: bool = False
    candidate: bool = False
    parent: "_Ask | None" = None
    round: str = ""
    settings: tuple[str, ...] = ()
    span: Span = (0, 0)

    @property
    def words(self) -> str:
        return self.block.plain[self.start : self.end]


@dataclass(slots=True)
class _Frame:
    """An open heading, lead-in line or list item: the section it makes, and what was found inside."""

    key: float
    title: str
    section: Section | None = None
    ask: _Ask | None = None
    phrase: _Ask | None = None
    pending: list[_Ask] = field(default_factory=list)
    found: bool = False
    code: bool = False
    follow: bool = False


def section_of(title: str) -> Section | None:
    """What a heading, a bold line or a lead-in says that its section holds; None when it does not say."""
    if _CANDIDATE.search(title):
        return "candidate"
    if _ANSWER.search(title):
        return "answer"
    if _ADVICE.search(title):
        return "advice"
    if _ASKED.search(title):
        return "asked"
    return "round" if _ROUND.search(title) else None


def _lead_section(line: str) -> Section | None:
    """What a line that ends in ":" promises."""
    if _CANDIDATE.search(line):
        return "candidate"
    if _NO_LEAD.search(line) or _ANSWER.search(line.rstrip(": ")):
        return "answer"
    return "asked" if _LEAD.search(line) else None


def mine(text: str) -> tuple[MinedQuestion, ...]:
    """Every reported question of a Markdown text in document order; linear in its length, and never raises."""
    miner = _Miner()
    for block in blocks(text):
        miner.take(block)
    return _finish(text, miner.close())


def _finish(text: str, asks: list[_Ask]) -> tuple[MinedQuestion, ...]:
    for ask in asks:
        ask.span = ask.block.source(text, ask.start, ask.end)
    kept: list[_Ask] = []
    seen: set[str] = set()
    mined: list[MinedQuestion] = []
    place: dict[int, int] = {}
    last_end = -1
    previous: _Ask | None = None
    for ask in sorted(asks, key=lambda one: one.span):
        start, end = ask.span
        words = ask.block.plain[ask.body : ask.end]
        kind: QuestionKind = "candidate_question" if ask.candidate else kind_of(words, ask.form, ask.settings)
        wording = stand_alone(words, ask.form, kind)
        key = " ".join(tokens(wording))
        if start < last_end or key in seen or not key:
            continue
        seen.add(key)
        last_end = end
        parent = None
        if ask.follow_up:
            parent = place.get(id(ask.parent)) if ask.parent else None
            if parent is None and previous is not None and previous.round == ask.round:
                parent = place[id(previous)]
        place[id(ask)] = len(mined)
        if not ask.follow_up and not ask.candidate:
            previous = ask
        mined.append(
            MinedQuestion(
                quote=text[start:end], start=start, end=end, text=wording, kind=kind, follow_up=ask.follow_up,
                follow_up_of=parent, round=ask.round, rule=ask.rule,
            )
        )
        kept.append(ask)
    return tuple(mined)


class _Miner:
    """The walk over the blocks, with the open frames."""

    def __init__(self) -> None:
        self.frames: list[_Frame] = []
        self.asks: list[_Ask] = []
        self.headings = 0
        self.lead: Section | None = None
        self.row: tuple[int, _Ask] | None = None

    def take(self, block: Block) -> None:
        lead, self.lead = self.lead, None
        if block.kind == "heading":
            self._heading(block, float(block.level))
        elif block.kind == "code":
            self._code(block, lead)
        elif block.kind == "cell":
            self._cell(block)
        elif block.kind == "item":
            self._item(block)
        elif block.bold and not _SKIP_LABEL.match(block.plain):
            self._heading(block, 10 + block.level + 0.2 if block.level else 7.0)
        else:
            self._paragraph(block, lead)

    def close(self) -> list[_Ask]:
        self._pop(0)
        return self.asks

    # -- frames

    def _pop(self, key: float) -> None:
        while self.frames and self.frames[-1].key >= key:
            frame = self.frames.pop()
            explicit = frame.found
            if frame.pending and not explicit:
                self.asks += frame.pending
                self._mark()
                explicit = True
            if frame.phrase is not None and not explicit and self._worthy(frame):
                holder = next((one for one in reversed(self.frames) if one.phrase is not None), None)
                if holder is not None and frame.key > 10:
                    holder.pending.append(frame.phrase)
                elif not any(one.ask for one in self.frames if one.key > 10):
                    self.asks.append(frame.phrase)
                    self._mark()

    def _worthy(self, frame: _Frame) -> bool:
        assert frame.phrase is not None
        return frame.code or frame.phrase.rule == "exercise" or specific(frame.phrase.words, 1 if frame.key > 10 else 2)

    def _mark(self) -> None:
        for frame in self.frames:
            frame.found = True

    def _section(self) -> Section:
        named = [frame.section for frame in self.frames if frame.section]
        for strong in ("advice", "candidate"):
            if strong in [frame.section for frame in self.frames if frame.section and frame.key <= 7]:
                return "advice" if strong == "advice" else "candidate"
        return named[-1] if named else "plain"

    def _round(self) -> str:
        titles = [frame.title for frame in self.frames if frame.key <= 7]
        return next((title for title in reversed(titles[1:] or titles) if _ROUND_NAME.search(title)), titles[-1] if titles else "")

    def _emit(self, ask: _Ask) -> _Ask:
        ask.round = self._round()
        ask.settings = tuple(frame.title for frame in reversed(self.frames))
        if not ask.follow_up:
            ask.follow_up = bool(_FOLLOW_UP.search(ask.words)) or any(frame.follow for frame in self.frames)
        holder = next((frame.ask for frame in reversed(self.frames) if frame.ask is not None and frame.key > 10), None)
        if holder is not None and holder is not ask:
            ask.follow_up, ask.parent = True, holder
        return ask

    def _add(self, ask: _Ask) -> None:
        self.asks.append(self._emit(ask))
        self._mark()

    # -- blocks

    def _heading(self, block: Block, key: float) -> None:
        self._pop(key)
        self.headings += 1
        title = block.plain[:300]
        section = section_of(title)
        if section in ("advice", "answer") and key <= 7 and (self.headings == 1 or key == 1):
            section = "round" if _ROUND.search(title) else None
        frame = _Frame(key, title.rstrip(":"), section, follow=bool(_FOLLOW_SECTION.search(title)))
        outer = self._section()
        label = ASK_LABEL.match(title)
        body = label.end() if label else 0
        strong = bool(label and re.search(r"[A-Za-z]", label[0]))
        found = self._titled(block, body, outer, numbered=body > 0, strong=strong)
        if found is not None and found.form != "phrase" and found.rule != "exercise":
            self._add(found)
            frame.ask = found if key > 7 else None
            frame.section = "answer"
            frame.phrase = None
        elif found is not None:
            frame.phrase = self._emit(found)
        self.frames.append(frame)

    def _titled(self, block: Block, body: int, outer: Section, *, numbered: bool, strong: bool) -> _Ask | None:
        plain = block.plain[:_LONGEST * 10]
        words = plain[body:].strip()
        if outer in ("advice", "candidate") or len(words) < 4 or _SKIP_LABEL.match(words):
            return None
        start = body + plain[body:].find(words[0])
        ask = _Ask(block, start, start + len(words), start, "question", "question-heading")
        listed = outer == "asked" or strong
        if _QUESTION.search(words):
            good = (listed or (outer == "round" and (numbered or block.kind != "heading"))) and self._asked(words, "asked")
            return ask if good else None
        if _ORDER.match(words) and not _WEAK_ORDER.match(words) and (listed or (outer == "round" and numbered)):
            ask.form, ask.rule = "order", "order-heading"
            return ask
        if (listed or (outer == "round" and numbered)) and not _NARRATIVE.match(words):
            exercise = _EXERCISES.search(words) or _NUMBERED_EXERCISE.search(words)
            ask.form, ask.rule = ("exercise", "exercise") if exercise else ("phrase", "listed-title")
            if exercise or listed or numbered:
                return ask
        return None

    def _paragraph(self, block: Block, lead: Section | None) -> None:
        self._pop(10 + block.level + 0.5)
        section = lead or self._section()
        before = len(self.asks)
        if not self._skipped(block):
            self._sentences(block, section, listed=lead == "asked")
        if block.plain.endswith(":"):
            line = block.plain[-300:]
            spans = sentences(line)
            line = line[slice(*spans[-1])] if spans else line
            self.lead = _lead_section(line)
            frame = _Frame(10 + block.level + 0.5, line, self.lead, follow=bool(_FOLLOW_SECTION.search(line)))
            frame.ask = self.asks[-1] if len(self.asks) > before else None
            if frame.ask is not None:
                frame.section = "answer"
            self.frames.append(frame)

    def _skipped(self, block: Block) -> bool:
        return bool(_SKIP_LABEL.match(block.plain))

    def _item(self, block: Block) -> None:
        self._pop(10 + block.level)
        section = self._section()
        frame = _Frame(10 + block.level, block.plain[:200])
        before = len(self.asks)
        skipped = self._skipped(block)
        if skipped:
            frame.section = "answer"
        else:
            self._sentences(block, section, listed=True)
        found = self.asks[before:]
        if found:
            frame.ask = found[0]
        elif not skipped:
            frame.section = self._item_section(block)
            frame.phrase = self._phrase(block, section)
        self.frames.append(frame)

    def _item_section(self, block: Block) -> Section | None:
        if block.plain.endswith(":"):
            return _lead_section(block.plain[-300:])
        if len(tokens(block.plain[:200])) <= _SHORT_TITLE:
            section = section_of(block.plain[:200])
            return section if section in ("asked", "advice", "candidate", "answer") else None
        return None

    def _phrase(self, block: Block, section: Section) -> _Ask | None:
        if section not in ("asked", "candidate"):
            return None
        label = ASK_LABEL.match(block.plain)
        body = label.end() if label else 0
        spans = sentences(block.plain[body : body + 400])
        if not spans:
            return None
        start, end = body + spans[0][0], body + spans[0][1]
        aside = re.search(r"\s+\((?!\w{1,6}\))|\s+[–—-]\s", block.plain[start:end])
        end = start + aside.start() if aside else end
        words = block.plain[start:end].rstrip(".,;: ")
        count = len(tokens(words))
        if not words or count > 15 or len(words) < 3 or words.endswith(":") or _NARRATIVE.match(words) or _FIRST_PERSON.search(words):
            return None
        if _CLAUSE_VERB.search(words) or block.plain[end : end + 1] == ":":
            return None
        exercise = _EXERCISES.search(words) or _NUMBERED_EXERCISE.search(words)
        ask = _Ask(block, start, start + len(words), start, "exercise" if exercise else "phrase", "exercise" if exercise else "listed-phrase", candidate=section == "candidate")
        return self._emit(ask)

    def _code(self, block: Block, lead: Section | None) -> None:
        for frame in self.frames:
            frame.code = True
        if block.plain and block.info in _TEXT_FENCES and (lead == "asked" or self._section() == "asked"):
            self._sentences(block, "asked", listed=True, first_only=True)

    def _cell(self, block: Block) -> None:
        section = self._section()
        follow = bool(_FOLLOW_SECTION.search(block.header))
        if not (_ASKED_HEADER.search(block.header) or follow) or section in ("advice", "answer"):
            return
        before = len(self.asks)
        self._sentences(block, "candidate" if _CANDIDATE.search(block.header) else "asked", listed=True)
        found = self.asks[before:]
        if not found:
            phrase = self._phrase(block, "asked")
            if phrase is not None and specific(phrase.words):
                self._add(phrase)
                found = [phrase]
        for ask in found:
            ask.rule = "table-" + ask.rule
            if follow:
                ask.follow_up, ask.parent = True, self.row[1] if self.row and self.row[0] == block.row else None
        if found and not follow and (self.row is None or self.row[0] != block.row):
            self.row = (block.row, found[0])

    # -- sentences

    def _sentences(self, block: Block, section: Section, *, listed: bool, first_only: bool = False) -> None:
        label = ASK_LABEL.match(block.plain) if listed or section in ("asked", "round") else None
        begin = label.end() if label else 0
        strong = bool(label and re.search(r"[A-Za-z]", label[0]))
        if strong and section == "plain":
            section = "asked"
        follow = bool(label and _FOLLOW_SECTION.search(label[0]))
        running = True
        for start, end in sentences(block.plain):
            start = max(start, begin)
            if end - start < 4:
                continue
            found = self._of_sentence(block, start, end, section, direct=listed or (running and section in ("asked", "round")))
            for ask in found:
                ask.follow_up = ask.follow_up or follow
                self._add(ask)
            running = running and bool(found)
            if first_only and found:
                return

    def _of_sentence(self, block: Block, start: int, end: int, section: Section, *, direct: bool) -> list[_Ask]:
        words = block.plain[start:end]
        if section == "advice" or len(tokens(words)) > _LONGEST * 3:
            return []
        found = self._candidate(block, start, words, section) or self._reported(block, start, words)
        if found or section in ("answer",):
            return found
        found = self._quoted(block, start, words, section)
        if found:
            return found
        if _QUESTION.search(words):
            lead = re.match(r"\W*", words)
            offset = lead.end() if lead else 0
            good = direct and self._asked(words[offset:], section)
            return [_Ask(block, start + offset, end, start + offset, "question", "question", candidate=section == "candidate")] if good else []
        return self._order(block, start, words, direct=direct) or self._exercise(block, start, words, section)

    def _asked(self, words: str, section: Section) -> bool:
        count = len(tokens(words))
        if count < 2 or count > _LONGEST or _RHETORICAL.match(words):
            return False
        if section == "candidate":
            return True
        return not _ABOUT_READER.search(words) and not _SELF.match(words)

    def _order(self, block: Block, start: int, words: str, *, direct: bool) -> list[_Ask]:
        lead = re.match(r"[\W_]*", words)
        offset = lead.end() if lead else 0
        body = words[offset:]
        if not direct or not _ORDER.match(body) or _WEAK_ORDER.match(body) or len(tokens(body)) < 2:
            return []
        if not specific(body) and kind_of(body, "order") not in ("experience", "behavioral", "motivation"):
            return []
        end = len(body.rstrip(" .:"))
        return [_Ask(block, start + offset, start + offset + end, start + offset, "order", "order")]

    def _quoted(self, block: Block, start: int, words: str, section: Section) -> list[_Ask]:
        found: list[_Ask] = []
        for match in _QUOTED.finditer(words):
            body = match["body"].strip(" ,")
            outside = words[: match.start()]
            said = bool(_SAYS.search(outside)) or section == "asked"
            fits = _QUESTION.search(body) or (_ORDER.match(body) and len(tokens(body)) > 3)
            if said and fits and not _HYPOTHETICAL.search(outside) and not _SELF.match(body):
                at = start + match.start("body")
                form: Form = "question" if body.endswith("?") else "order"
                found.append(_Ask(block, at, at + len(body), at, form, "quoted", candidate=section == "candidate"))
        return found

    def _reported(self, block: Block, start: int, words: str) -> list[_Ask]:
        hits: list[tuple[int, int, Form, str]] = []
        for form, rule, pattern in _REPORTED:
            for match in pattern.finditer(words):
                before = words[: match.start()]
                if _BY_CANDIDATE.search(before) or _HYPOTHETICAL.search(before[-60:]):
                    continue
                hits.append((match.start(), match.start("body"), form, rule))
        hits.sort()
        found: list[_Ask] = []
        for number, (at, body, form, rule) in enumerate(hits):
            if number and at < hits[number - 1][1]:
                continue
            stop = min([hit[0] for hit in hits[number + 1 :] if hit[0] > body] or [len(words)])
            cut = _CUT.search(words, body + 3, stop)
            stop = cut.start() if cut else stop
            said = re.sub(r"(?:[\s,:.]|\b(?:and|then|also|he|she|they|I was|was))+$", "", words[body:stop])
            if self._worth_telling(said, form):
                found.append(_Ask(block, start + at, start + body + len(said), start + body, form, rule))
        return found

    def _worth_telling(self, said: str, form: Form) -> bool:
        if not said or len(tokens(said)) < (1 if form == "topic" else 2):
            return False
        return specific(said) or kind_of(said, "topic") in ("experience", "behavioral", "motivation")

    def _candidate(self, block: Block, start: int, words: str, section: Section) -> list[_Ask]:
        match = _CANDIDATE_ASK.search(words)
        if match is None or not _BY_CANDIDATE.search(words[: match.start()]):
            return []
        lead = _BY_CANDIDATE.search(words[: match.start()])
        at = lead.start() if lead else match.start()
        cut = _CUT.search(words, match.start("body") + 3)
        said = words[match.start("body") : cut.start() if cut else len(words)].rstrip(" .,:")
        form: Form = "topic" if said.lower().startswith("about") else "clause"
        body = match.start("body") + (6 if form == "topic" else 0)
        if len(tokens(said)) < 3:
            return []
        return [_Ask(block, start + at, start + match.start("body") + len(said), start + body, form, "candidate", candidate=True)]

    def _exercise(self, block: Block, start: int, words: str, section: Section) -> list[_Ask]:
        told = section in ("asked", "round") or re.search(r"\b(?:question|problem|asked|given|similar)\b", words, _I)
        if not told or section == "advice":
            return []
        found = []
        for pattern in (_NUMBERED_EXERCISE, _EXERCISES):
            for match in pattern.finditer(words):
                at = start + match.start()
                found.append(_Ask(block, at, start + match.end(), at, "exercise", "exercise"))
            if found:
                break
        return found[:3]


def iter_rules() -> Iterator[str]:
    yield from ()
