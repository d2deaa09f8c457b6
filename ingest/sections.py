"""What a part of a report holds, told by its heading, by the line that opens its list, or by a label."""

import re
from typing import Literal

Section = Literal["asked", "round", "advice", "answer", "candidate", "plain"]
"""Questions that were asked, the tale of a round, advice, an answer or specification, the candidate's own questions, or
nothing known."""

_I = re.IGNORECASE
CANDIDATE = re.compile(
    r"\bquestions? (?:that )?(?:i|we|you) (?:had |can |could |should |may |might )?ask|\bmy questions?\b"
    r"|^your questions?\b"
    r"|\bquestions? (?:to ask|for|to) (?:the |my |your )?(?:interviewers?|them|us|him|her|company|recruiter|team"
    r"|employer)"
    r"|\b(?:thoughtful|good|smart|insightful) questions|\breverse interview|\bi (?:also |then )?asked\b"
    r"|\bquestions to ask\b"
    r"|\bi (?:\w+ ){0,4}ask (?:about|the|him|her|them)\b",
    _I,
)
_ADVICE = re.compile(
    r"\b(?:tips?|tricks|advice|prepar\w+|practi[cs]e|resources?|references?|takeaways?|lessons?|learn(?:t|ed"
    r"|ings?)|stud(?:y"
    r"|ied|ying)|conclusions?|final thoughts|closing|reflections?|outcome|results?|verdict|offer|faqs?"
    r"|about (?:me|us"
    r"|the (?:author|company|role|team))|eligib\w+|timeline|contents|related|comments?|responses|leave a reply"
    r"|syllabus|roadmap"
    r"|books?|mistakes|pitfalls|regrets|red flags|logistics|how (?:to|i|did i|do i|we)\b.*|applying"
    r"|application(?: process)?"
    r"|role information|disclaimer|what (?:to expect|i (?:learned|did|wish))|strateg\w+|framework|recommend\w+"
    r"|suggest\w+"
    r"|links|see also|navigation|share this|subscribe|overall experience|shortlist\w+|should (?:know|read|focus)"
    r"|you should"
    r"|focus (?:on|areas?)|brush(?:ed)?[ -]?up|revise|went wrong|improve|criteria|compensation|benefits)\b",
    _I,
)
_ANSWER = re.compile(
    r"^\W*(?:(?:my|sample|model|expected|possible|the|final|optimal|design|functional|non-functional|api"
    r"|component|folder"
    r"|initial|key|main|core|code) )*(?:answers?|solutions?|approach(?:es)?|implementation|explanation|hints?"
    r"|analysis|code"
    r"|output|input|examples?|constraints|notes?|requirements?|scope|structure|design|components?|criteria"
    r"|features|test cases"
    r"|discussion points?|points|expectations?|complexity|status|reasons?|scale|response|action|situation"
    r"|result)\b\W*"
    r"(?:\([^)]{0,40}\)\W*)?$|\bi (?:said|answered|replied|wrote|coded|used|implemented)\W*$|\brequirements\W*$"
    r"|\bexpected discussion|\bstep by step|\b(?:round|stage|step|section)s\W*$",
    _I,
)
_ASKED = re.compile(
    r"\b(?:questions?|problems?|puzzles?|tasks?|exercises|prompts?|follow[- ]?ups?|asked(?: me| us)?(?: about)?"
    r"|problem statement|coding challenge)\b",
    _I,
)
ROUND = re.compile(
    r"\b(?:rounds?|interviews?|screen(?:ing)?|on-?sites?|assessments?|OA|loop|HR|technical|coding|system design"
    r"|behaviou?ral"
    r"|hiring manager|bar raiser|phone|test|DSA|managerial|topics? covered|conversation with|(?:day|stage"
    r"|part) \d|experience)\b",
    _I,
)
ROUND_NAME = re.compile(
    r"\b(?:rounds?|interview|screen(?:ing)?|on-?site|assessment|OA|phone|hiring manager|bar raiser|HR|test|stage"
    r"|loop"
    r"|machine coding|day \d)\b",
    _I,
)
OPENS = re.compile(r"(?::|\b(?:like|such as|including|following|as follows|e\.g\.))\W{0,4}$", _I)
_LEAD = re.compile(
    r"\b(?:questions?|problems?|puzzles?|tasks?|asked|as follows|went like|exercises?|system design|statement"
    r"|prompt)\b",
    _I,
)
_NO_LEAD = re.compile(
    r"\b(?:prepar|practi[cs]|before|resource|stud(?:y|ied)|read|should|can find|you (?:can|must|need)|rounds?:"
    r"|process|steps"
    r"|requirements|sections?|evaluat|focus|discuss|ended|assess|tested|mainly|mostly|conclu|covered|responsib"
    r"|topics used"
    r"|skills|books?|links?|solution|answer|solved|approach)",
    _I,
)
SKIP_LABEL = re.compile(
    r"[\W_]{0,6}(?:difficulty|level|topics?(?: covered)?|duration|time(?:line| taken| limit)?|date|links?"
    r"|reference|source|status"
    r"|notes?|results?|focus|hints?|answer(?: \(.{1,30}\))?|ans|a|solution|approach|input|output|examples?"
    r"|constraints"
    r"|requirements?|format|position|role|company|location|interviewers?|feedback|outcome|verdict|tips?|pro tip"
    r"|takeaway|platform"
    r"|experience|mode|language|tags?|explanation|complexity|expected(?: answer)?|must|my \w+|strategy"
    r"|preparation|tools?|method"
    r"|offer|ctc|cgpa|author|update|disclaimer|edit|ps|p\.s\.|action|situation|scope|background|objective"
    r"|impression"
    r"|difficulty level|companies|source code)\s?(?:\d{1,2}\s?)?[:=–—-](?!\w)",
    _I,
)


def section_of(title: str) -> Section | None:
    """What a heading, a bold line or an item says that it holds; None when it does not say."""
    by_pattern: tuple[tuple[Section, re.Pattern[str]], ...] = (
        ("candidate", CANDIDATE),
        ("answer", _ANSWER),
        ("advice", _ADVICE),
        ("asked", _ASKED),
        ("round", ROUND),
    )
    return next((section for section, pattern in by_pattern if pattern.search(title)), None)


def lead_section(line: str) -> Section | None:
    """What a line that opens a list promises."""
    if CANDIDATE.search(line):
        return "candidate"
    if _NO_LEAD.search(line) or _ANSWER.search(line.rstrip(": ")):
        return "answer"
    return "asked" if _LEAD.search(line) else None
