"""What a page is: the report of an interview, a posting, a company's guidance, or none of these, and why.

Cues are counted, each kind of page having its own; the order of the questions below is part of the rule. Written on
one half of the real sources and judged on the other: `tests/bench/bench_nature.py`.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from brain.records import DocumentKind, Record

Nature = Literal["report", "posting", "guidance", "none"]

NATURE_OF_KIND: dict[DocumentKind, Nature] = {
    "interview_report": "report",
    "role_description": "posting",
    "company_guidance": "guidance",
}
KIND_OF_NATURE: dict[Nature, DocumentKind] = {nature: kind for kind, nature in NATURE_OF_KIND.items()}

_I = re.IGNORECASE
_FENCE = re.compile(r"^(```|~~~).*?^\1[^\n]*$", re.MULTILINE | re.DOTALL)
_MARKUP = re.compile(r"[*_`>|]+|\\(?=[\[\]_*.])|!?\[(?=[^\]\n]{0,300}\])|\]\([^)\s]{0,500}\)")
_HEAD = 600
_LONGEST_TITLE = 300
_SHORT = 250
"""Words of a page that is nothing but a notice."""
_FEWEST_LINES = 6
_FEWEST_TOLD = 9
"""Tales for each thousand words: an advice page with an anecdote has 6 or less, the thinnest report 12."""

_ERROR_PAGE = re.compile(
    r"\b(?:404|410|403|50[0234])\b[^.\n]{0,20}\b(?:error|not found|forbidden|gone)\b|\berror (?:404|403|50[0234])\b"
    r"|\b(?:page|post|article|job|content|resource)\b[^.\n]{0,40}\b(?:not found|(?:could ?n[o']t|cannot|can't) be found"
    r"|does ?n[o']t exist|no longer (?:exists|available)|has been (?:removed|deleted))"
    r"|\bpage not found\b|\bchecking your browser\b|\benable (?:javascript|cookies)\b|\baccess (?:is )?denied\b"
    r"|\bverify (?:that )?you are (?:a )?human\b|\bjust a moment\b",
    _I,
)
_LOGIN = (
    r"\b(?:log|sign) ?in (?:to|with|or|here)\b",
    r"\b(?:please|you (?:must|need to)) (?:log|sign) ?in\b",
    r"\b(?:create (?:an|your|a free) account|sign up (?:for free|with|to)|register (?:now|to))\b",
    r"\bforgot(?:ten)? (?:your |my )?password\b",
    r"\bremember me\b",
    r"\b(?:members?[- ]only|subscribers? only|subscribe to (?:read|continue|unlock)|to (?:read|view) the full)\b",
    r"\bcontinue with (?:google|facebook|apple|email|linkedin)\b",
    r"\bpassword\b",
)
_POSTING = (
    r"\b(?:key |main |core |your |job |primary |day-to-day )?responsibilities\b",
    r"\b(?:minimum|basic|preferred|required|desired|job) (?:qualifications|requirements|skills|experience)\b",
    r"^[^\w\n]{0,8}(?:requirements|qualifications|skills(?: required)?|key skills|must[- ]haves?|"
    r"nice[- ]to[- ]haves?)[^\w\n]{0,8}$",
    r"\bwhat you(?:'|’)?(?:ll| will|d)?(?: be)? (?:do(?:ing)?|bring|need|own|build)\b",
    r"\b(?:about (?:the |this )?(?:job|role|position|opportunity)|the (?:role|opportunity)|role (?:overview|summary)|"
    r"job (?:description|summary|type|title)|position details|contract type)\b",
    r"\babout (?:us|the company|the team|our company)\b|\bwho (?:are we|we are)\b|\bcompany (?:overview|profile)\b",
    r"\b(?:we(?:'|’)re|we are|is|are|currently) (?:\w+ )?(?:looking for|looking to (?:hire|recruit|add)|hiring|seeking|"
    r"searching for|recruiting)\b",
    r"\b(?:ideal|successful|right|perfect|strong) (?:candidate|person|applicant)\b|\byou(?:'|’)?re a (?:great )?fit\b",
    r"\b\d+\+?(?:\s*[-–to]+\s*\d+)?\+? years?(?:['’])? (?:of )?(?:\w+ ){0,4}experience\b",
    r"\b(?:equal[- ]opportunity|all qualified applicants|without regard to|reasonable accommodation)\b",
    r"\b(?:apply (?:now|here|today|using|by|for this)|to apply|how to apply|send (?:us )?(?:your|a) (?:cv|"
    r"resume|résumé))\b",
    r"\b(?:benefits|perks|competitive (?:salary|compensation)|equity|esops?|health insurance|401\(?k\)?|paid time off|"
    r"visa sponsorship|relocation)\b",
    r"(?:[$€£₹]\s?\d[\d,.]*\s?[kKlLmM]?\b.{0,20}[-–]|\bsalary (?:range|:)|\bCTC\b|\bLPA\b|\bper annum\b|\bbase pay\b)",
    r"\b(?:full[- ]time|part[- ]time|permanent|contractor|employment type|work policy)\b",
    r"^[^\w\n]{0,8}(?:work )?location[^\w\n]{0,8}:",
    r"\byou (?:will|(?:'|’)ll)\b|\byou have\b",
    r"\b(?:join (?:our|us|the)|our (?:mission|team|culture|customers|platform|clients))\b",
    r"\b(?:bachelor|master|degree|phd)(?:['’]s)?\b.{0,40}\b(?:in|or|degree)\b",
    r"\b(?:bonus|a plus|advantageous|proficien(?:t|cy)|familiarity) (?:if|with|in|points)\b|\bis a plus\b",
    r"\bposted (?:by|on)\b|\breposted\b|\bapplicants\b",
)
_COURSE = (
    r"\benrol(?:l)?(?:ed|ment)?\b",
    r"\b(?:course|bootcamp|masterclass|webinar|workshop|cohort)\b",
    r"\b(?:curriculum|syllabus|course outline|modules? \d)\b",
    r"\b\d+\+? (?:lessons|lectures|modules|hours of (?:video|content))\b",
    r"\b(?:money[- ]back|discount|coupon|% off|early[- ]bird|limited (?:time|seats)|free trial|lifetime access)\b",
    r"\b(?:buy|sign up|register|get started|join) (?:now|today)\b",
    r"\b(?:testimonials|our (?:students|alumni|graduates|learners|instructors|mentors)|certificate of completion)\b",
    r"\b(?:1[:-]1|one-on-one) (?:coaching|mentoring|mentorship)\b|\bbook (?:a|your) (?:free )?(?:call|session)\b",
    r"[$€£₹]\s?\d+",
)
_WITH_A_PERSON = (
    r"\b(?:we|i) (?:sat down|caught up|spoke|chatted|talked) (?:with|to)\b",
    r"\bin this (?:interview|conversation|q&a|episode)\b|\bthis (?:interview|conversation|q&a) (?:has been|was) "
    r"(?:edited|condensed|lightly)",
    r"\b(?:tell|walk) (?:us|our readers|the readers)\b",
    r"\bhow did you (?:get (?:started|into|interested)|end up|first|become|come to|decide to|start)\b",
    r"\bwhat (?:does|is) (?:a|your) (?:typical|average|normal) (?:work)?day\b",
    r"\bwhat(?:'s| is| was| would be)? (?:your )?(?:favou?rite|proudest|biggest (?:inspiration|lesson)|"
    r"advice (?:would|do) "
    r"you|inspired you|inspires you|excites you|motivates you|drives you)\b",
    r"\bwhat (?:advice|tips?) (?:would|do|can) you (?:give|have|offer|share)\b",
    r"\bthanks? (?:you )?(?:so much |very much )?for (?:talking|speaking|chatting|joining|taking the time|having me|"
    r"your time)\b",
    r"\byour (?:career|journey|path|book|company|startup|team|work)\b[^.?\n]{0,60}\?",
    r"\bwhere do you see (?:the (?:industry|field|company)|this)\b",
    r"\b(?:could|can) you (?:tell|share with) (?:us|our)\b",
)
_SPEAKER = re.compile(r"^\W{0,4}(?:Q|A|[A-Z][\w.]{0,14}(?: [A-Z][\w.]{0,14})?)\s?:\W{0,4}\s?\w.{20,}", re.MULTILINE)
_GUIDANCE = (
    r"\bour (?:interview|hiring|recruit(?:ing|ment)|application|selection) (?:process|team|teams|loop|steps?|"
    r"approach)\b",
    r"\bour (?:interviewers?|recruiters?|hiring managers?|interviews?|bar raisers?|candidates)\b",
    r"\b(?:how we (?:hire|interview)|interviewing (?:at|with) \w+|what to expect|interview preparation|"
    r"prep(?:are|aring) "
    r"for your (?:\w+ ){0,2}interview)\b",
    r"\bwe(?:'|’)?(?:ll| will| want| look| ask| use| encourage| recommend| expect| evaluate| assess| value|"
    r"(?:'|’)re looking)"
    r"\b",
    r"\byou(?:'|’)?(?:ll| will)(?: likely)? (?:be asked|meet|have|receive|speak|talk|hear|complete|interview|need)\b",
    r"\byour (?:recruiter|interviewers?|interview|hiring manager|application|phone screen|onsite|loop)\b",
    r"\b(?:leadership principles|our (?:values|principles|culture))\b",
)
_TOLD = re.compile(
    r"\b(?:i (?:was|had|got|gave|applied|interviewed|solved|explained|received|cleared|answered|did|started|told|coded"
    r"|wrote|used|proposed|suggested|discussed|managed|walked|talked|failed|struggled|spent|felt|completed|joined)"
    r"|(?:they|he|she|interviewers?|recruiter|panel|manager|hr) (?:then |also |first |even |again |further )?"
    r"(?:asked|gave|wanted|started|began|told|said|introduced|explained|joined|focused|shared|was|were|seemed)"
    r"|(?:asked|gave|told) me|my (?:interview|interviews|interviewer|loop|onsite|application|recruiter|round)"
    r"|we (?:discussed|talked|started|moved|had|went|spoke|began))\b",
    _I,
)
# An interview of one's own is spoken of, not only some past.
_OF_AN_INTERVIEW = re.compile(
    r"\b(?:i (?:was|got|have been|had been) asked|i (?:applied|interviewed|cleared|solved|coded|answered|appeared)"
    r"|(?:they|he|she|interviewers?|recruiter|panel|manager|hr) (?:then |also |first )?(?:asked|gave|wanted|started)"
    r"|(?:asked|gave|told) me|my (?:\w+ )?(?:interview|interviews|interviewer|loop|onsite|application|recruiter|round)"
    r"|(?:question|task|problem)s? (?:they|he|she|i) (?:asked|gave|got|was asked)"
    r"|i (?:was|got|am) (?:\w+ )?(?:selected|rejected|shortlisted|hired|offered))\b",
    _I,
)
# A third of the reports tell little: they outline rounds, dates and results.
_OUTLINED = re.compile(
    r"\b(?:(?:round|interview)s?[\s*_–—:#()-]{0,4}(?:\d|one\b|two\b|three\b)"
    r"|(?:first|second|third|fourth|next|final|last|\d(?:st|nd|rd|th)?) (?:and (?:final|last) )?"
    r"(?:technical |coding |phone |onsite |interview |HR |online )?(?:round|interview)\b"
    r"|interview experience|total rounds|online assessment"
    r"|questions? (?:were |I was )?asked|(?:was|were|been|got) asked"
    r"|^[^\w\n]{0,8}(?:result|outcome|verdict|duration|status)[^\w\n]{0,8}:"
    r"|(?:screening|recruiter|hr|introductory|phone) (?:call|screen)"
    r"|assignment given to me|onsites?\b)",
    _I | re.MULTILINE,
)
_ADVISED = re.compile(
    r"\b(?:you (?:should|can|will|must|need|may|might|want|are|have)|you(?:'|’)(?:ll|re|ve)"
    r"|your (?:interview|interviewer|resume|answer|answers|response|responses)|make sure|be sure|don(?:'|’)t forget"
    r"|try to|remember to|candidates? (?:should|must|need|will|can|who)|it(?:'|’)s important to|avoid)\b",
    _I,
)
_ASK = re.compile(
    r"\?\W{0,8}$|^\W{0,8}(?:\d{1,3}[.)]\W{0,8})?(?:what|how|why|when|which|explain|describe|define|tell me|"
    r"give (?:me )?an? example|walk "
    r"me|compare|difference between|can you|do you|are you|is it|given|design|implement)\b",
    _I,
)
_QUESTION_TITLE = re.compile(
    r"\b(?:interview|practice|top|common|\d+\+?)\b.{0,60}\bquestions\b|\bquestion (?:bank|list)|\bcheat ?sheet\b"
    r"|\binterview (?:preparation|prep)\b",
    _I,
)
_TITLED = re.compile(r"\binterview(?:ing)? experience|\bmy .{0,40}\b(?:interview|loop|onsite)", _I)
_OURS = re.compile(r"\b(?:we|our)\b", _I)
_TEASER = re.compile(
    r"(?:\.\.\.|…|\[…\])\W{0,8}$|\b(?:read more|continue reading|keep reading|\d+ min(?:ute)? read|posted in|"
    r"filed under|older posts|newer posts|next page|page \d+ of \d+|view all|see all|\d+ comments?)\b",
    _I,
)
_LISTING_TITLE = re.compile(
    r"^\W*(?:tag|tags|category|categories|archives?|all posts|posts tagged|topic|label|search results?|author)\b"
    r"|\b(?:archives|feed)\W*$|\barticles (?:about|on|tagged)\b",
    _I,
)


class Verdict(Record):
    """What a page is, and the reason that a curator reads when it is not what its source says.

    `hopeless` pages are of use as nothing: an error page, a login, a listing, an advertisement.
    """

    nature: Nature
    reason: str
    hopeless: bool = False


def nature_of(title: str, text: str, hint: Nature | None = None) -> Verdict:
    """What a page is. `hint` is what its source says it is; it decides only where the page itself leaves it open."""
    page = _Page(title[:_LONGEST_TITLE], _MARKUP.sub(" ", _FENCE.sub("", text)))
    for applies, nature, reason in _RULES:
        if applies(page):
            return Verdict(nature=nature, reason=reason, hopeless=applies in _HOPELESS)
    if hint in {"posting", "guidance"}:
        return Verdict(nature=hint, reason="its source says so")
    return Verdict(nature="none", reason="it tells of no interview")


@dataclass(frozen=True)
class _Page:
    """The counts of one page; `text` is without code and markup."""

    title: str
    text: str

    @cached_property
    def lines(self) -> list[str]:
        return [line.strip() for line in self.text.splitlines() if line.strip()]

    @cached_property
    def words(self) -> int:
        return len(self.text.split())

    @cached_property
    def head(self) -> str:
        return f"{self.title}\n{self.text[:_HEAD]}"

    @cached_property
    def told(self) -> int:
        return len(_TOLD.findall(self.text))

    @cached_property
    def outlined(self) -> int:
        return len(_OUTLINED.findall(f"{self.title}\n{self.text}"))

    @cached_property
    def own(self) -> int:
        return len(_OF_AN_INTERVIEW.findall(self.text))

    @cached_property
    def advised(self) -> int:
        return len(_ADVISED.findall(self.text))

    @cached_property
    def posting(self) -> int:
        return _cues(_POSTING, self.text)

    @cached_property
    def guidance(self) -> int:
        return _cues(_GUIDANCE, self.text)

    @cached_property
    def asks(self) -> float:
        """The share of the lines that put a question; 0 where lines are few."""
        if len(self.lines) < _FEWEST_LINES:
            return 0.0
        return sum(bool(_ASK.search(line)) for line in self.lines) / len(self.lines)

    @cached_property
    def teasers(self) -> int:
        return sum(bool(_TEASER.search(line)) for line in self.lines)

    def per_thousand(self, count: int) -> float:
        """A count for each thousand words."""
        return 1_000 * count / max(self.words, 1)


def _cues(patterns: Sequence[str], text: str) -> int:
    """How many of the patterns occur."""
    return sum(bool(re.search(pattern, text, _I | re.MULTILINE)) for pattern in patterns)


def _is_error_page(page: _Page) -> bool:
    return page.words < _SHORT and bool(_ERROR_PAGE.search(page.head))


def _is_login(page: _Page) -> bool:
    return page.words < _SHORT and _cues(_LOGIN, page.text) >= 3 and page.own == 0


def _is_listing(page: _Page) -> bool:
    if _LISTING_TITLE.search(page.title):
        return page.teasers >= 3 or page.own < 2
    return page.teasers >= 5 and page.teasers >= len(page.lines) / 5


def _is_course(page: _Page) -> bool:
    return page.own < 3 and _cues(_COURSE, page.text) >= 5


def _is_with_a_person(page: _Page) -> bool:
    if page.own >= 3:
        return False
    speakers = len(_SPEAKER.findall(page.text))
    return _cues(_WITH_A_PERSON, page.text) >= (2 if speakers >= 6 else 3)


def _is_posting(page: _Page) -> bool:
    """A short posting has room for a few of the cues only; long texts of any sort hold some by chance."""
    return page.told < 6 and page.posting >= min(3 + page.words // 250, 7) and page.posting > 2 * page.own


def _is_guidance(page: _Page) -> bool:
    told_little = page.own < 2 and page.told < page.advised
    return told_little and len(_OURS.findall(page.text)) >= 3 and page.guidance >= 4


def _is_questions(page: _Page) -> bool:
    if page.own >= 2 and page.outlined >= 1:
        return False
    return page.asks >= (0.25 if _QUESTION_TITLE.search(page.title) else 0.4) and page.told + page.outlined < 4


def _is_report(page: _Page) -> bool:
    """What a title calls an experience may be a bare list of tasks, and these speak to the reader as advice does."""
    told, titled = page.told + page.outlined, bool(_TITLED.search(page.title))
    dense = told >= 2 and page.per_thousand(told) >= (_FEWEST_TOLD - 3 if titled else _FEWEST_TOLD)
    spoken = page.own or page.outlined >= (2 if page.told or titled else 3)
    return bool(dense and spoken) and told * (4 if titled else 2) >= page.advised


def _is_advice(page: _Page) -> bool:
    return page.advised >= 3


_RULES: tuple[tuple[Callable[[_Page], bool], Nature, str], ...] = (
    (_is_error_page, "none", "it is an error page"),
    (_is_login, "none", "it asks to log in and holds nothing else"),
    (_is_listing, "none", "it is a listing of other pages"),
    (_is_course, "none", "it advertises a course"),
    (_is_with_a_person, "none", "it is an interview with a person, not the report of a job interview"),
    (_is_questions, "none", "it is a list of questions, and nobody tells of an interview"),
    (_is_posting, "posting", "it is a job posting"),
    (_is_guidance, "guidance", "it is a company's guidance"),
    (_is_report, "report", "it is the report of an interview"),
    (_is_advice, "none", "it reads as advice or opinion, not as the report of an interview"),
)
_HOPELESS = (_is_error_page, _is_login, _is_listing, _is_course, _is_with_a_person)
