"""What the words of an ask tell: whether it is specific, what is only its label, and how it reads standing alone."""

import html
import re

from brain.records import QuestionKind
from ingest.cues import folded
from ingest.kinds import Form
from ingest.sections import any_of

_I = re.IGNORECASE


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_FILLER = _words(
    "a about all also an and any are as at based be been both by few five following for four from had has have he "
    "her him his how i in including into is it its like lot lots many me more most my myself of on one or other "
    "our own related several she so some such that the their them then there these they this those three to two "
    "under up us various was we were what which while with you your "
)
_GENERIC = _words(
    "complexity etc version couple snippet snippets query queries advanced algorithm algorithmic algorithms "
    "analysis answer answers app application approach approaches aptitude area areas array arrays asked assessment "
    "backend background basic basics behavioral behavioural better build case challenge challenges chat code "
    "coding company computer concept concepts conceptual conversation core create cs css culture data database "
    "databases dbms deep depth describe design detail detailed details difficult difficulty discussion dive domain "
    "dp ds dsa dynamic easy engineering example examples exercise experience experiences explain explained fit "
    "frontend full fundamental fundamentals general graph graphs hard hiring hr html implement implemented "
    "interest interview interviewer interviews intro introduction introductory java javascript js language "
    "languages leadership leetcode level linked list lists logic logical machine manager managerial math maths mcq "
    "mcqs medium mentioned moderate network networking networks object oop oops operating oriented os output part "
    "past performance personal practical previous principles problem problems process product profile programming "
    "project projects puzzle puzzles python question questions react recursion resume role round rounds same "
    "scenario science screening section self set short similar simple simpler situational skills software solve "
    "solved solving specific sql stack stacks standard state string strings structure structures style subject "
    "subjects system systems task tasks technical technique techniques technologies technology tell test theory "
    "things time topic topics tree trees type types warm warmup web work worked write wrote years "
)
_TOKEN = re.compile(r"[^\W_]+(?:[+#]+)?")
_DIFFERENCE = re.compile(r"(?:the )?differences? between", _I)
_VERSUS = re.compile(r"(.{2,80}?)\s(?:vs\.?|versus)\s(.{2,80}?)[.?!,;: ]*", _I)


def tokens(words: str) -> list[str]:
    """Lower-case words and numbers."""
    return _TOKEN.findall(words.lower())


def more_tokens_than(words: str, most: int) -> bool:
    """Whether there are more than `most` tokens: n of them take at least 2n - 1 signs, so few words need a count."""
    low = words.lower()
    return len(low) > 2 * most and len(_TOKEN.findall(low)) > most


_ASKING_WORDS = _words("what how why when where which who")


def gist(words: str) -> frozenset[str]:
    """The telling words, singular, without order: equal for two wordings of one ask."""
    return frozenset(token.rstrip("s") for token in tokens(words) if token in _ASKING_WORDS or token not in _FILLER)


def specific(words: str, floor: int = 1) -> bool:
    """Whether enough words say more than which kind of round it was ("one easy DP problem" does not)."""
    telling = [token for token in tokens(words) if token not in _FILLER and token not in _GENERIC]
    return len(telling) >= floor


_HANDS_ON = re.compile(
    r"(?:please )?(?!(?:solve|answer|discuss|explain|talk|code|write|give|tell|show|use|provide|describe"
    r"|think)\b)\w+ (?:\w+ ){0,4}?(?:stack|queue|list|tree|array|string|graph|heap|trie|matrix"
    r"|hash ?map)s?\b(?!.*\b(?:problem|question)s?\b)",
    _I,
)


def hands_on(words: str) -> bool:
    """Whether a task does something to a data structure: specific, though each word alone is not ("sort a stack")."""
    return bool(_HANDS_ON.match(words))


_ORDINAL = (
    r"(?:\(?\d{1,2}[.):]\s+|\(?[a-h]\)\s+|\(?[ivx]{1,4}[.)]\s+|[•●▪◦‣·→✓➢➤–—-]\s+|#\d{1,2}\s+"
    r"|[\U0001F300-\U0001FAFF\u2600-\u27BF]\ufe0f?\s+|\d{1,2}\ufe0f?\u20e3\s*)"
)
ASK_LABEL = re.compile(
    rf"(?:{_ORDINAL}){{0,2}}(?:(?:"
    + any_of(
        "Q(?:ues(?:tion)?)?s? Problem(?:_statement)? Task Puzzle Prompt Exercise Challenge Scenario "
        "(?:coding|technical|DSA|SQL|JavaScript|JS|React|design)_(?:question|problem) "
        "follow[-_]?up(?:_question)?s? additional_question bonus(?:_question)?"
    )
    + r"\s?#?\d{0,3}\s?(?:\([^)]{1,40}\))?\s?(?:[:.)–—]|-\s|-$)|Q\d{1,3}\b)\s*)?",
    _I,
)
"""What may stand before an ask: a number, a bullet sign, `Q3:`, `Follow-up:`."""

_NOTE = re.compile(
    r"\s*\((?:ans(?:wer)?|hint|easy|medium|hard|leetcode|\d+ (?:times|min)|similar|reference)\b[^()]{0,200}\)\s*\Z", _I
)
_QUOTES = {'"': '"', "“": "”", "'": "'", "‘": "’", "`": "`", "«": "»"}
_FIRST_PERSON = re.compile(r"\b(?:my(?:self)?|mine|me|I)\b", _I)
"""What each pattern of `_SECOND_PERSON` holds."""
_SECOND_PERSON = (
    (re.compile(r"\bmyself\b", _I), "yourself"),
    (re.compile(r"\bmy\b", _I), "your"),
    (re.compile(r"\bmine\b", _I), "yours"),
    (re.compile(r"\bI am\b|\bI['’]m\b", _I), "you are"),
    (re.compile(r"\bam I\b", _I), "are you"),
    (re.compile(r"\bI was\b", _I), "you were"),
    (re.compile(r"\bwas I\b", _I), "were you"),
    (re.compile(r"\bI\b(?!\.)", _I), "you"),
    (re.compile(r"(?<!tell )(?<!give )(?<!show )(?<!walk )(?<!teach )\bme\b", _I), "you"),
)
_ASIDE = re.compile(r"^(?:also|then|later on|further|briefly|just|simply|again)\s+", _I)
_AUXILIARY = any_of("is are was were do does did can could would will should have has had am")
_ASKING = re.compile(
    rf"(?:what|how|why|when|where|which|who)(?: \w+){{0,2}}? {_AUXILIARY}\b|{_AUXILIARY} (?:you|we|it|there)\b", _I
)
_WHETHER = re.compile(r"(?:if|whether) (you|there|we|it) (can|could|would|will|are|were|should|is|was)\b", _I)
_VERB = re.compile(
    any_of(
        "implement write code build create solve reverse rewrite print flatten traverse rotate swap find return "
        "count sort merge remove delete insert detect check convert search compute calculate determine generate "
        "validate maximi[sz]e minimi[sz]e partition optimi[sz]e design connect explain describe"
    )
    + r"\b",
    _I,
)
_PLURAL = re.compile(
    r"(?:the )?(?:\w+ )?(?:advantages|disadvantages|pros|types|uses|use cases|properties|benefits|steps"
    r"|drawbacks)\b",
    _I,
)
_SINGULAR = re.compile(
    r"(?:the )?(?:time |space |main |best )?(?:differences?|definition|output|complexity|complexities|syntax"
    r"|meaning|purpose|concept|working|use|role|need|formula|derivation|time complexity|life ?cycle|return type)\b",
    _I,
)


_VERBS = {
    "implementing": "implement",
    "building": "build",
    "designing": "design",
    "writing": "write",
    "creating": "create",
    "finding": "find",
    "reversing": "reverse",
    "sorting": "sort",
    "flattening": "flatten",
}
_GERUND = re.compile(rf"(?:{'|'.join(_VERBS)})\b(?= (?:an?|the|\w+s)\b)", _I)


_INDIRECT = re.compile(r"^((?:how|why|what|where|when)(?: [a-z]+)?) you (would|could|can|should|will)\b", _I)


def stand_alone(words: str, form: Form, kind: QuestionKind) -> str:
    """The ask as one would put it to the next candidate: capitalised, ending in "?" or ".".

    What a report says in the first person is turned to the second, except in the candidate's own questions.
    """
    body = _ASIDE.sub("", _tidy(words))
    if kind != "candidate_question":
        body = _second_person(body)
    versus = _VERSUS.fullmatch(body) if form == "phrase" else None
    if versus:
        return f"What is the difference between {versus[1]} and {versus[2]}?"
    shape = _shape(body, form)
    shaped = {"order": _order, "question": _question, "clause": _clause}.get(shape)
    return shaped(body) if shaped else _about(body, form, kind)


def _shape(body: str, form: Form) -> str:
    """Which kind of sentence the words make, whatever stood around them."""
    if form in ("order", "question") and _DIFFERENCE.match(body):
        return "phrase"
    if form in ("topic", "phrase") and re.match(r"(?:what|how|why|when|which)\b", body, _I):
        return "clause"
    if form == "task" or (form == "phrase" and (_VERB.match(body) or _GERUND.match(body))):
        return "order"
    return form


def _tidy(words: str) -> str:
    body = html.unescape(" ".join(words.split()))
    label = ASK_LABEL.match(body)
    if label and not body[:3].isdigit():
        body = body[label.end() :]
    return _unquote(_NOTE.sub("", body).strip(" *_,;:–—-…"))


def _unquote(body: str) -> str:
    """Drop quotation marks round the whole, and one without its partner."""
    closing = _QUOTES.get(body[:1])
    if closing and body.endswith(closing) and len(body) > 2:
        return body[1:-1].strip()
    if closing and closing not in body[1:]:
        return body[1:].strip()
    opening = next((mark for mark, end in _QUOTES.items() if body.endswith(end)), None)
    return body[:-1].strip() if opening and body.count(opening) == (body[-1] == opening) else body


def _second_person(body: str) -> str:
    if not _FIRST_PERSON.search(body):
        return body
    for pattern, replacement in _SECOND_PERSON:
        body = pattern.sub(replacement, body)
    return body


def _capital(body: str) -> str:
    return body[:1].upper() + body[1:]


def _order(body: str) -> str:
    body = _GERUND.sub(lambda match: _VERBS[folded(match[0])], body)
    end = "" if body.endswith("?") else "."
    return _capital(body.rstrip(".!,;: ")) + end


def _question(body: str) -> str:
    return _capital(_INDIRECT.sub(r"\1 \2 you", body.rstrip("?.!,;: "))) + "?"


def _clause(body: str) -> str:
    """Explain "what X is", ask "what is X", turn "whether I can X" round."""
    whether = _WHETHER.match(body)
    if whether:
        return _question(f"{whether[2]} {whether[1]}{body[whether.end() :]}")
    if _ASKING.match(body):
        return _question(body)
    if body.lower().startswith("explain"):
        return _order(body)
    opener = "Tell me" if body.lower().startswith(("if ", "whether ")) else "Explain"
    return _order(f"{opener} {body[:1].lower()}{body[1:]}")


def _about(body: str, form: Form, kind: QuestionKind) -> str:
    """A sentence round a bare phrase."""
    bare = _DETERMINER.sub(lambda match: match[0].lower(), body.rstrip(".!?,;: "))
    if _PLURAL.match(bare):
        return f"What are {_with_article(bare)}?"
    if _SINGULAR.match(bare):
        return f"What is {_with_article(bare)}?"
    if form == "exercise" or kind == "coding":
        return f"Solve this: {bare}."
    opener = {"design": "Describe the design of", "concept": "Explain"}.get(kind, "Tell me about")
    return f"{opener} {bare}."


_DETERMINER = re.compile(
    r"^(?:The|An?|Your|Their|Different|Current|Past|Previous|Various|Any|Challenges|Strengths|Experience|Concepts?"
    r"|Feedback|Impact)\b"
)


def _with_article(bare: str) -> str:
    plain = bare if bare[1:2].isupper() else bare[:1].lower() + bare[1:]
    return plain if plain.startswith("the ") else f"the {plain}"
