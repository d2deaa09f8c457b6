"""What a part of a report holds, told by its heading, by the line that opens its list, or by a label."""

import re
from collections.abc import Iterable
from typing import Literal

from ingest.cues import folded, folding

Section = Literal["asked", "round", "advice", "answer", "candidate", "plain"]
"""Questions that were asked, the tale of a round, advice, an answer or specification, the candidate's own questions, or
nothing known."""

_I = re.IGNORECASE


# All patterns here but SKIP_LABEL are for folded words (`ingest.cues`).


def any_of(words: str) -> str:
    """A regular expression for any of the words (patterns); `_` stands for a space inside one."""
    return "(?:" + "|".join(words.split()).replace("_", " ") + ")"


CANDIDATE = folding(
    r"\bquestions? (?:that )?(?:i|we|you) (?:had |can |could |should |may |might )?ask|\bmy questions?\b"
    r"|^your questions?\b|\bquestions? (?:to ask|for|to) (?:the |my |your )?"
    rf"{any_of('interviewers? them us him her company recruiter team employer')}"
    r"|\b(?:thoughtful|good|smart|insightful) questions|\breverse interview|\bi (?:also |then )?asked\b"
    r"|\bquestions to ask\b|\bi (?:\w+ ){0,4}ask (?:about|the|him|her|them)\b",
)
_ADVICE = folding(
    r"\b"
    + any_of(
        r"tips? tricks advice prepar\w+ practi[cs]e resources? references? takeaways? lessons? learnt learned "
        r"learnings study studied studying conclusions? final_thoughts closing reflections? outcome results? "
        r"verdict offer faqs? about_(?:me|us) about_the_(?:author|company|role|team) eligib\w+ timeline contents "
        r"related_(?:posts?|links?|articles?|reading) comments? responses leave_a_reply syllabus roadmap books? "
        r"mistakes pitfalls regrets red_flags logistics how_(?:to|i|did_i|do_i|we)\b.* applying "
        r"application(?:_process)? role_information disclaimer what_to_expect what_i_(?:learned|did|wish) "
        r"strateg\w+ framework guide recommend\w+ suggest\w+ links see_also navigation share_this subscribe "
        r"overall_experience shortlist\w+ should_(?:know|read|focus) you_should focus_on focus_areas? "
        r"brush(?:ed)?-?_?up revise went_wrong improve criteria compensation benefits"
    )
    + r"\b",
)
_ANSWER = folding(
    r"^\W*(?:"
    + any_of(
        "my sample model expected possible the final optimal design functional non-functional api component folder "
        "initial key main core code discussion suggested"
    )
    + " )*"
    + any_of(
        "answers? solutions? approach(?:es)? implementation explanation hints? analysis code output input "
        "examples? constraints notes? requirements? scope structure design components? criteria features "
        "test_cases discussion_points? points expectations? areas? topics complexity status reasons? scale "
        "response action situation result"
    )
    + (
        r"\b\W*(?:\([^)]{0,40}\)\W*)?$|\bi (?:said|answered|replied|wrote|coded|used|implemented)\W*$"
        r"|\brequirements\W*$|\bexpected discussion|\bstep by step|\b(?:round|stage|step|section)s\W*$"
    ),
)
_ASKED = folding(
    r"\b"
    + any_of(
        "questions? problems? puzzles? tasks? exercises prompts? follow[-_]?ups? asked(?:_me|_us)?(?:_about)? "
        "coding_challenge"
    )
    + r"\b",
)
_FIRST_WORD = 3
_TOPICS = folding(
    r"\b"
    + any_of(
        r"behaviou?ral situational HR cultur\w+ leadership managerial projects? introduction resume discussion "
        r"career background responsibility deep_dive"
    )
    + r"\b",
)
_SAID_ASKED = folding(r"\basked\b")
ROUND = folding(
    r"\b"
    + any_of(
        r"rounds? interviews? screen(?:ing)? on-?sites? assessments? OA loop HR technical coding system_design "
        r"behaviou?ral hiring_manager bar_raiser phone test DSA managerial topics?_(?:covered|discussed) "
        r"conversation_with day_\d stage_\d part_\d experience "
        r"(?:first|second|third|fourth|last|final|phone|video)_(?:call|conversation|block) site_visit"
    )
    + r"\b",
)
ROUND_NAME = folding(
    r"\b"
    + any_of(
        r"rounds? interview screen(?:ing)? on-?site assessment OA phone hiring_manager bar_raiser HR test stage "
        r"loop machine_coding day_\d"
    )
    + r"\b",
)
REPORT = folding(
    r"\b(?:I|we) (?:was|were|got|had been) (?:also |then )?asked\b|\b(?:asked|told|gave) (?:me|us)\b"
    r"|\binterview experience\b|\bmy (?:\w+ )?interviews?\b(?! (?:practice|posts?|guides?|tips|series|framework"
    r"|prep))|\bI (?:\w+ ){0,2}interviewed\b|\bround [1-9]\b|\bI applied\b|\bI was given\b",
)
"""A sign that a text reports an interview, as against a guide that lists questions to think about."""

OPENS = folding(r"(?::|\b(?:like|such as|including|following|as follows|e\.g\.))\W{0,4}$")
_LEAD = folding(
    r"\b"
    + any_of(
        "questions? problems? puzzles? tasks? asked as_follows went_like exercises? system_design statement prompt"
    )
    + r"\b",
)
_ONE_PROBLEM = folding(r"\b(?:question|problem|puzzle|task)s?\b[^.]{0,30}\b(?:as follows|was|were|is|are)\W*$")
_NO_LEAD = folding(
    r"\b"
    + any_of(
        r"tips?\b advice suggest recommend make_sure prepar practi[cs] before resource study studied read should "
        r"can_find you_(?:can|must|need) rounds?: process steps requirements evaluat responsib skills books? "
        r"links? solution answer solved approach"
    ),
)
_TALK = folding(r"\b(?:sections?|focus|discuss|ended|assess|tested|mainly|mostly|conclu|covered|topics used|moved)")
SKIP_LABEL = re.compile(
    r"[\W_]{0,6}"
    + any_of(
        r"difficulty level topics?(?:_covered)? duration time(?:line|_taken|_limit)? date links? reference source "
        r"status notes? results? focus hints? answer(?:_\(.{1,30}\))? ans a solution approach input output "
        r"examples? constraints requirements? format position role company location interviewers? feedback outcome "
        r"verdict tips? pro_tip takeaway platform experience mode language tags? explanation complexity "
        r"expected(?:_answer)? must my_\w+ strategy preparation tools? method offer ctc cgpa author update "
        r"disclaimer edit ps p\.s\. action situation scope background objective impression difficulty_level "
        r"companies source_code (?:key_)?requirements"
    )
    + r"\s?(?:\d{1,2}\s?)?[:=–—-](?!\w)",
    _I,
)


def section_of(title: str, *, item: bool = False) -> Section | None:
    """What a heading, a bold line or an item says that it holds; None when it does not say.

    An item is advice only by its first word: "Reference" is, "Deep clone with a circular reference" is an ask.
    """
    by_pattern: tuple[tuple[Section, re.Pattern[str]], ...] = (
        ("candidate", CANDIDATE),
        ("answer", _ANSWER),
        ("advice", _ADVICE),
        ("asked", _ASKED),
        ("round", ROUND),
    )
    low = folded(title)
    for section, pattern in by_pattern:
        match = pattern.search(low)
        if match and not (item and section == "advice" and match.start() > _FIRST_WORD):
            return section
    return None


def lead_section(line: str) -> Section | None:
    """What a line that opens a list promises."""
    line = folded(line)
    if CANDIDATE.search(line):
        return "candidate"
    if _ONE_PROBLEM.search(line):
        return "asked"
    if _NO_LEAD.search(line) or _ANSWER.search(line.rstrip(": ")):
        return "answer"
    if _TALK.search(line):
        return "round"
    return "asked" if _LEAD.search(line) else None


def lists_topics(titles: Iterable[str]) -> bool:
    """Whether the titles round a list, innermost first, may stand over topics as well ("Project discussion").

    One that says "asked" settles it.
    """
    for title in map(folded, titles):
        if _SAID_ASKED.search(title):
            return False
        if _TOPICS.search(title):
            return True
    return False
