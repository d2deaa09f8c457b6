"""What the words of an ask tell: its kind, whether it is specific, and how it reads standing alone."""

import html
import re
from typing import Literal

from brain.records import QuestionKind

Form = Literal["question", "order", "task", "topic", "clause", "phrase", "exercise"]
"""How an ask stands in its source: a question; an order ("Explain X"); reported speech: a task ("asked me to X"), a topic
("asked about X") or a clause ("asked why X"); a bare phrase in a list; a named exercise."""


def _any(words: str) -> str:
    return "(?:" + "|".join(words.split()) + ")"


_I = re.IGNORECASE
_PAST = "(?:time|times|situation|instance|occasion|moment|example|conflict|decision|failure|mistake|disagreement)"
_KINDS: tuple[tuple[QuestionKind, re.Pattern[str]], ...] = (
    (
        "motivation",
        re.compile(
            r"\bwhy (?:do|did|would|are) you (?:want|choos|chose|lik|apply|applied|leav|interested|look)"
            r"|\bwhy (?:us|me)\b"
            r"|\bwhy (?:this|our|the) (?:company|role|team|job|position)|\bwhy should we|^why [A-Z]\w+( \w+)?\W*$"
            r"|\bwhy (?:you|I)\b.{0,40}\b(?:want|prefer|join|appl|leav|work)|\b(?:expected|current|your"
            r"|my) salary|\bsalary (?:expect|range|negotiat)|\bcompensation|\bnotice period"
            r"|\brelocat|\b(?:join|start)(?:ing)? date|\bavailab(?:le|ility) (?:to|for)|\bwhen .{0,30}\b(?:join"
            r"|start)\b|\blocation\b|\binterested in (?:this|the|our) (?:role|position|job|company)"
            r"|\b(?:see|picture) yourself|\b(?:career|long.term|short.term) (?:goal|plan|aspiration)|\bctc\b"
            r"|\b(?:other|competing) offers?\b|\bmotivation (?:to|for|behind)\b|\binterested in (?:joining"
            r"|working|this)"
            r"|\bwant(?:ed)? to (?:join|work (?:at|for|with|in))|\breasons? for (?:leaving|change|switch)"
            r"|\bduration .{0,40}available",
            _I,
        ),
    ),
    (
        "behavioral",
        re.compile(
            rf"\b(?:a|any|one|another|last) {_PAST} (?:when|where|that|in which|you|of)\b|\bexample of a time"
            r"|\bconflicts?\b(?! resolution strateg)|\bdisagree|\b(?:difficult|tough|toxic"
            r"|challenging) (?:co-?worker"
            r"|colleague|person|people|situation|customer|client|team ?mate|manager|stakeholder)|\bdeadlines?\b"
            r"|\bhow (?:I|you) (?:dealt|handled|resolved|overcame|coped)"
            r"|\bhow (?:do|did|would) (?:you|I) (?:handle|deal|manage|cope|react)\b(?!.*\b(?:performance|state"
            r"|memory|errors?|exceptions?|missing"
            r"|data|traffic|bugs?|concurren\w*|requests?|load|scal\w*|transactions?|imbalanc\w*|overfit\w*"
            r"|outliers?|null|failures? in)\b)"
            r"|\bconvinc|\bunder pressure|\bteam ?work\b|\bled a team|\b(?:deal|cope) with (?:failure|stress"
            r"|criticism|pressure)|\bdifferent types of (?:people|customers|clients)|\bwork pressure"
            r"|\bstress(?:ful)?\b|\b(?:strengths?|weakness(?:es)?)\b"
            r"|\b(?:biggest|greatest) (?:failure|mistake|regret|achievement|accomplishment)|\bleadership\b"
            r"|\bfeedback (?:you|from)|\bmentor(?:ing|ed)?\b|\bhow do you (?:prioriti[sz]e|motivate|stay)"
            r"|\b(?:went|go) above and beyond|\bambigu|\bteam ?work\b|\b(?:proud(?:est)?) (?:moment|achievement)"
            r"|\bhobbies|\bchallenging (?:time|situation)",
            _I,
        ),
    ),
    (
        "experience",
        re.compile(
            r"\b(?:introduce|introducing) (?:your|my|him|her|them)?sel|^(?:my|your)self\b|\babout (?:your|my)self"
            r"|\bself.introduction"
            r"|\b(?:your|my|past|previous|prior|current|final.year|recent|favou?rite|challenging|personal"
            r"|academic|these"
            r"|those|the|each of (?:your|my|the)) (?:\w+ ){0,3}(?:projects?|internships?|resume|cv|experiences?"
            r"|background"
            r"|career|thesis|dissertation|publications?|responsibilit\w+|tech(?:nology|nical)? stack|github|work"
            r"|role)\b"
            r"|\bon (?:your|my) resume|\brate yourself|\bwalk (?:me|us|them|him|her) through your"
            r"|\b(?:did|have|had) you (?:ever )?(?:used?|work|buil[dt]|done|do|fac|learn|choose|chose"
            r"|implement)\w*\b|\b(?:you|I)(?:['’]ve| have|['’]d| had)? (?:worked|built|solved|faced)"
            r"|\byear of study|\btech stack (?:worked|used)|\bintroduction\W*$|\bcareer journey",
            _I,
        ),
    ),
    (
        "coding",
        re.compile(
            r"\boutput (?:of|for)\b|\boutput.?based|^\W*debug|\bdebug (?:the|this|following)|\bleetcode|\bLC\b"
            r"|\bpseudo.?code|\bpolyfill|\bsql quer|\bquery to\b"
            r"|\b(?:write|code|wrote|coding|implement)\b.{0,60}\b(?:code|program|function|query|queries|script"
            r"|method|class"
            r"|algorithm|polyfill|hook|component|structure|tests?)\b"
            r"|\bdesign (?:and implement |an? |the )*(?:\w+ )?(?:algorithm|function|data structure|stack|queue"
            r"|hash ?map|cache)\b",
            _I,
        ),
    ),
    (
        "concept",
        re.compile(
            r"^\W*(?:what (?:is|are|do you mean|happens)|explain (?!how you)(?!.*\bwrite\b)"
            r"|provide an? .{0,20}explanation|define|(?:the )?differences? (?:between|in)"
            r"|compare|why (?:is|are|do|does|should we|we)\b|how (?:does|do (?!you)|is|are)\b|pros and cons"
            r"|advantages)",
            _I,
        ),
    ),
    (
        "design",
        re.compile(
            r"\bdesign(?:ing|ed)?\b(?! (?:patterns?|principles?|choices?|decisions?))|\b[HL]LD\b|\barchitect"
            r"|\bhow would you (?:build|scale)"
            r"|\bdatabase schema|\bsystem to\b|\bimprove (?:our|the) (?:product|app)|\bestimate the number"
            r"|\bhow (?:to|would you|do you) (?:secure|scale|monitor|deploy)",
            _I,
        ),
    ),
    (
        "coding",
        re.compile(
            r"(?:^\W*|\bto |\band |[,:] ?|\bthen |\b(?:can|could) you |\bgiven\b.{0,80})(?:implement|write|code"
            r"|build|create|solve|reverse|rewrite|print|flatten|traverse|rotate"
            r"|swap|find|return|count|sort|merge|remove|delete|insert|detect|check|convert|search|compute"
            r"|calculate|determine|generate|validate"
            r"|maximi[sz]e|minimi[sz]e|partition|optimi[sz]e)\b|\bgiven (?:an?|two|three|n|k|the|some|\w+ed)\b"
            r"|\bpuzzle|\bfinding (?:the|a)"
            r"|^\W*(?:flattening|reversing|sorting|merging|implementing|coding|building|optimization)\b"
            r"|\b(?:sub-?array|sub-?string|palindrome|anagram|linked ?list|binary (?:search )?tree|BST|knapsack)\b",
            _I,
        ),
    ),
)
_SETTINGS: tuple[tuple[QuestionKind, re.Pattern[str]], ...] = (
    ("design", re.compile(r"\bsystem.design|\b[HL]LD\b|\b(?:high|low).level|\bdesign round|\barchitecture", _I)),
    (
        "coding",
        re.compile(
            r"\bcod(?:ing|er)|\bDSA\b|\bdata structure|\balgorithm|\bassessment\b|\bOA\b|\bonline test"
            r"|\bhackerrank|\bleetcode"
            r"|\bSQL\b|\bpuzzle|\bmachine coding|\bproblem|\bprogramming|\bphone screen",
            _I,
        ),
    ),
    ("behavioral", re.compile(r"\bbehaviou?r|\bHR\b|\bhiring manager|\bcultur|\bleadership|\bmanagerial", _I)),
)


def kind_of(words: str, form: Form, settings: tuple[str, ...] = ()) -> QuestionKind:
    """Kind of an ask from its own words, else from the titles it stands under, innermost first; else `concept`."""
    if form == "exercise":
        return "coding"
    personal = [(match.start(), kind) for kind, pattern in _KINDS[:3] if (match := pattern.search(words))]
    if personal:
        return min(personal)[1]
    for kind, pattern in _KINDS[3:]:
        if pattern.search(words):
            return kind
    if form in ("phrase", "order"):
        for title in settings:
            for kind, pattern in _SETTINGS:
                if pattern.search(title):
                    return kind
    return "concept"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_FILLER = _words(
    "a about all also an and any are as at based be been both by few five following for four from had has "
    "have he her him his how i in including into is it its like lot lots many me more most my myself of "
    "on one or other our own related several she so some such that the their them then there these they "
    "this those three to two under up us various was we were what which while with you your "
)
_GENERIC = _words(
    "complexity etc advanced algorithm algorithmic algorithms analysis answer answers app application approach "
    "approaches aptitude area areas array arrays asked assessment backend background basic basics "
    "behavioral behavioural better build case challenge challenges chat code coding company computer "
    "concept concepts conceptual conversation core create cs css culture data database databases dbms "
    "deep depth describe design detail detailed details difficult difficulty discussion dive domain dp ds "
    "dsa dynamic easy engineering example examples exercise experience experiences explain explained fit "
    "frontend full fundamental fundamentals general graph graphs hard hiring hr html implement "
    "implemented interest interview interviewer interviews intro introduction introductory java "
    "javascript js language languages leadership leetcode level linked list lists logic logical machine "
    "manager managerial math maths mcq mcqs medium mentioned moderate network networking networks object "
    "oop oops operating oriented os output part past performance personal practical previous principles "
    "problem problems process product profile programming project projects puzzle puzzles python question "
    "questions react recursion resume role round rounds same scenario science screening section self set "
    "short similar simple simpler situational skills software solve solved solving specific sql stack "
    "stacks standard state string strings structure structures style subject subjects system systems task "
    "tasks technical technique techniques technologies technology tell test theory things time topic "
    "topics tree trees type types warm warmup web work worked write wrote years "
)
_TOKEN = re.compile(r"[^\W_]+(?:[+#]+)?")
_DIFFERENCE = re.compile(r"(?:the )?difference", _I)


def tokens(words: str) -> list[str]:
    """Lower-case words and numbers."""
    return _TOKEN.findall(words.lower())


def specific(words: str, floor: int = 1) -> bool:
    """Whether enough words say more than which kind of round it was ("one easy DP problem" does not)."""
    telling = [token for token in tokens(words) if token not in _FILLER and token not in _GENERIC]
    return len(telling) >= floor


_ORDINAL = r"(?:\(?\d{1,2}[.):]\s+|\(?[a-h]\)\s+|\(?[ivx]{1,4}[.)]\s+|[•●▪◦‣·→✓➢➤–—-]\s+|#\d{1,2}\s+)"
ASK_LABEL = re.compile(
    rf"(?:{_ORDINAL})?(?:(?:"
    r"(?:Q(?:ues(?:tion)?)?s?|Problem(?: statement)?|Task|Puzzle|Prompt|Exercise|Challenge|Scenario|(?:coding"
    r"|technical|DSA) question"
    r"|follow[- ]?up(?: question)?s?|additional question|bonus(?: question)?)"
    r"\s*#?\d{0,3}\s*(?:\([^)]{1,40}\))?\s*(?:[:.)–—]|-\s|-$)|Q\d{1,3}\b)\s*)?",
    _I,
)
"""What may stand before an ask: a number, a bullet sign, `Q3:`, `Follow-up:`."""

_QUOTES = "\"'“”‘’`«»*_ "
_NOTE = re.compile(
    r"\s*\((?:ans(?:wer)?|hint|easy|medium|hard|leetcode|\d+ (?:times|min)|similar"
    r"|reference)\b[^()]{0,200}\)\s*\Z",
    _I,
)
_SECOND_PERSON = (
    (re.compile(r"\bmyself\b", _I), "yourself"),
    (re.compile(r"\bmy\b", _I), "your"),
    (re.compile(r"\bmine\b", _I), "yours"),
    (re.compile(r"\bI am\b|\bI['’]m\b|\bam I\b"), "you are"),
    (re.compile(r"\bI was\b"), "you were"),
    (re.compile(r"\bwas I\b"), "were you"),
    (re.compile(r"\bI\b"), "you"),
    (re.compile(r"(?<!tell )(?<!give )(?<!show )\bme\b"), "you"),
)
_ASIDE = re.compile(r"^(?:also|then|later on|further|briefly|just|simply|again)\s+", _I)
_AUXILIARY = _any("is are was were do does did can could would will should have has had am")
_ASKING = re.compile(rf"(?:what|how|why|when|where|which|who)(?: \w+){{0,2}}? {_AUXILIARY}\b", _I)
_WHETHER = re.compile(
    r"(?:if|whether) (you|there|we|it) (can|could|would|will|have|had|are|were|know|knew|should|is|was)\b", _I
)
_PLURAL = re.compile(
    r"(?:the )?(?:\w+ )?(?:advantages|disadvantages|pros|types|uses|use cases|properties|benefits|steps"
    r"|drawbacks)\b",
    _I,
)
_SINGULAR = re.compile(
    r"(?:the )?(?:time |space |main |best )?(?:differences?|definition|output|complexity|complexities|syntax"
    r"|meaning|purpose|concept"
    r"|working|use|role|need|formula|derivation|time complexity|life ?cycle|return type)\b",
    _I,
)


def stand_alone(words: str, form: Form, kind: QuestionKind) -> str:
    """The ask as one would put it to the next candidate: capitalised, ending in "?" or "."."""
    body = _tidy(words)
    if form in ("task", "topic", "clause", "phrase"):
        body = _second_person(_ASIDE.sub("", body))
    versus = re.fullmatch(r"(.+?)\W+(?:vs\.?|versus)\W+(.+)", body, _I)
    if form == "phrase" and versus:
        return f"What is the difference between {versus[1]} and {versus[2].rstrip('.?!,;: ')}?"
    if form in ("topic", "phrase") and re.match(r"(?:what|how|why|when|which)\b", body, _I):
        form = "clause"
    shaped = {"task": _order, "order": _order, "question": _question, "clause": _clause}.get(form)
    return shaped(body) if shaped else _about(body, form, kind)


def _tidy(words: str) -> str:
    body = html.unescape(" ".join(words.split()))
    body = ASK_LABEL.sub("", body, count=1) if not body[:4].isdigit() else body
    body = _NOTE.sub("", body).strip(_QUOTES + ",;:–—-…")
    return body


def _second_person(body: str) -> str:
    for pattern, replacement in _SECOND_PERSON:
        body = pattern.sub(replacement, body)
    return body


def _capital(body: str) -> str:
    return body[:1].upper() + body[1:]


def _order(body: str) -> str:
    end = "" if body.endswith("?") else "."
    return _capital(body.rstrip(".!,;: ")) + end


def _question(body: str) -> str:
    return _capital(body.rstrip("?.! ")) + "?"


def _clause(body: str) -> str:
    """ "what X is" is explained, "what is X" asked, "whether I can X" turned round."""
    whether = _WHETHER.match(body)
    if whether and whether[2].lower() in ("know", "knew", "have", "had"):
        return _question(
            f"do {whether[1]} {whether[2].lower().replace('knew', 'know').replace('had', 'have')}{body[whether.end() :]}"
        )
    if whether:
        return _question(f"{whether[2]} {whether[1]}{body[whether.end() :]}")
    if _ASKING.match(body):
        return _question(body)
    return _order(body if body.lower().startswith("explain") else f"explain {body}")


def _about(body: str, form: Form, kind: QuestionKind) -> str:
    """A sentence round a bare phrase."""
    bare = body.rstrip(".!?,;: ")
    if _PLURAL.match(bare):
        return f"What are {_with_article(bare)}?"
    if _SINGULAR.match(bare):
        return f"What is {_with_article(bare)}?"
    if form == "exercise" or kind == "coding":
        return f"Solve this: {bare}."
    opener = {"design": "Describe the design of", "concept": "Explain"}.get(kind, "Tell me about")
    return f"{opener} {bare}."


def _with_article(bare: str) -> str:
    named = bare if bare.lower().startswith("the ") else f"the {bare[:1].lower()}{bare[1:]}"
    return named[:1].lower() + named[1:]
