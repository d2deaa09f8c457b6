"""What the words of an ask tell: its kind, whether it is specific, and how it reads standing alone."""

import html
import re
from typing import Literal

from brain.records import QuestionKind
from ingest.sections import any_of

Form = Literal["question", "order", "task", "topic", "clause", "phrase", "exercise"]
"""How an ask stands in its source: a question; an order ("Explain X"); reported speech, which is a task ("asked me to
X"), a topic ("asked about X") or a clause ("asked why X"); a bare phrase in a list; a named exercise."""

_I = re.IGNORECASE


def _words_of(patterns: str) -> re.Pattern[str]:
    return re.compile(r"\b" + any_of(patterns), _I)


# Lists inside the lists below; they hold no spaces, which would separate words there.
_TECHNICAL = any_of(
    r"performance state memory errors? exceptions? missing data traffic bugs? concurren\w* requests? load scal\w* "
    r"transactions? imbalanc\w* overfit\w* outliers? null"
)
_OCCASION = any_of("times? situation instance occasion moment example conflict decision failure mistake disagreement")
_PEOPLE = any_of(
    "co-?worker colleague person people situation customer client team.?mate team.member manager stakeholder time"
)
_OWN = any_of(
    "your my past previous prior current final.year recent favou?rite challenging personal academic these those"
)
_RECORD = any_of(
    r"projects? internships? resume cv experiences? background career thesis dissertation publications? "
    r"responsibilit\w+ tech(?:nology|nical)?.stack github work role"
)
_DONE = any_of("used? work buil[dt] done do fac learn choose chose implement explor made")
_CODE = any_of(
    "code program function query queries script method class algorithm polyfill hook component structure tests?"
)
_PERSONAL_KINDS: tuple[tuple[QuestionKind, re.Pattern[str]], ...] = (
    (
        "motivation",
        re.compile(
            r"^\W*why (?-i:[A-Z])\w+\W*$|\b"
            + any_of(
                r"why_(?:do|did|would|are)_you_(?:want|choos|chose|lik|appl|leav|interested|look) why_(?:us|me)\b "
                r"why_(?:this|our|the)_(?:company|role|team|job|position) "
                r"why_should_(?:we|they)_(?:hire|choose|select|pick) "
                r"why_(?:you|I)\b.{0,40}\b(?:want|prefer|join|appl|leav|work) (?:expected|current|your|my)_salary "
                r"salary_(?:expect|range|negotiat) compensation notice_period relocat location\b "
                r"(?:join|start)(?:ing)?_date availab(?:le|ility)_(?:to|for) when_.{0,30}\b(?:join|start)\b "
                r"(?:see|picture)_(?:your|my)self (?:career|long.term|short.term)_(?:goal|plan|aspiration) ctc\b "
                r"(?:other|competing)_offers?\b contract_role motivation_(?:to|for|behind)\b "
                r"interested_in_(?:joining|working|this|the_role|our) want(?:ed)?_to_join "
                r"want(?:ed)?_to_work_(?:at|for|with|in) reasons?_for_(?:leaving|change|switch|cho+sing) "
                r"duration_.{0,40}available job_description"
            ),
            _I,
        ),
    ),
    (
        "behavioral",
        _words_of(
            rf"(?:a|any|one|another|last)_{_OCCASION}_(?:when|where|that|in_which|you|of)\b example_of_a_time "
            rf"conflicts?\b(?!_resolution_strateg) disagree (?:difficult|tough|toxic|challenging)_{_PEOPLE} "
            rf"deadlines?\b "
            rf"how_(?:I|you)_(?:dealt|handled|resolved|overcame|coped) "
            rf"how_(?:do|did|would)_(?:you|I)_(?:handle|deal|manage|cope|react)\b(?!.*\b{_TECHNICAL}\b) convinc "
            r"(?:under|work)_pressure stress(?:ful)?\b team_?work\b le[ad]d?_a_team "
            r"(?:deal|cope)_with_(?:failure|stress|criticism|pressure|challenges) vague_requirements leadership\b "
            r"ambigu "
            r"different_types_of_(?:people|customers|clients) (?:strengths?|weakness(?:es)?)\b mentor(?:ing|ed)?\b "
            r"(?:biggest|greatest)_(?:failure|mistake|regret|achievement|accomplishment) feedback_(?:you|from) "
            r"how_do_you_(?:prioriti[sz]e|motivate|stay) (?:went|go)_above_and_beyond hobbies how_would_you_handle_it "
            r"proud(?:est)?_(?:moment|achievement)"
        ),
    ),
    (
        "experience",
        _words_of(
            r"introduc(?:e|ing)_(?:your|my|him|her|them)?sel about_(?:your|my)self (?:your|my)self$ "
            r"self.introduction introduction\W*$ "
            rf"(?:{_OWN}|each_of_(?:your|my|the))_(?:\w+_){{0,3}}{_RECORD}\b "
            r"the_(?:\w+_)?(?:projects?|internships?|resume)\b on_(?:your|my)_resume rate_yourself year_of_study "
            r"career_journey walk_(?:me|us|them|him|her)_through_your most_challenging challenges_(?:did|have)_you "
            r"experience_with\b your_(?:\w+_){0,3}(?:contributions?|skills|interests)\b technical_skills_do_you "
            r"product_(?:you|I)_(?:made|built) "
            rf"(?:did|have|had)_(?:you|I)_(?:ever_|recently_)?{_DONE}\w*\b "
            r"(?:you|I)(?:['’]ve|_have|['’]d|_had)?_(?:worked|built|solved|faced) tech_stack_(?:worked|used) "
            r"(?:computer_science|educational|my|your)_background"
        ),
    ),
)
_TECHNICAL_KINDS: tuple[tuple[QuestionKind, re.Pattern[str]], ...] = (
    (
        "coding",
        re.compile(
            r"\b"
            + any_of(
                r"output_(?:of|for)\b output.?based debug_(?:the|this|following) leetcode LC\b pseudo.?code "
                r"polyfill sql_quer query_to\b "
                rf"(?:write|code|wrote|coding|implement)\b.{{0,60}}\b{_CODE}\b "
                r"optimi[sz]e_(?:it|this|space|time|your|my)\b "
                r"design_(?:and_implement_|an?_|the_){0,3}(?:\w+_)?"
                r"(?:algorithm|function|data_structure|stack|queue|hash_?map|cache)\b"
            )
            + r"|^\W*debug\b",
            _I,
        ),
    ),
    (
        "concept",
        re.compile(
            r"^\W*"
            + any_of(
                r"what_(?:is|are|do_you_mean|happens) explain_(?!how_you)(?!.*\bwrite\b) "
                r"provide_an?_.{0,20}explanation define (?:the_)?differences?_(?:between|in) compare "
                r"why_(?:is|are|do|does|should_we|we)\b how_(?:does|do_(?!you)|is|are)\b pros_and_cons advantages "
                r"name_some"
            )
            + r"|\w\W{1,5}(?:vs\.?|versus)\W{1,5}\w",
            _I,
        ),
    ),
    (
        "design",
        _words_of(
            r"design(?:ing|ed)?\b(?!_(?:patterns?|principles?|choices?|decisions?)) [HL]LD\b architect "
            r"how_would_you_(?:build|scale) database_schema system_to\b improve_(?:our|the)_(?:product|app) "
            r"estimate_the_number if_you_were_(?:a_|the_)?(?:PM|product) "
            r"how_(?:to|would_you|do_you)_(?:secure|scale|monitor|deploy) features_(?:would|don['’]t|do)_you "
            r"data_model_for"
        ),
    ),
    (
        "coding",
        re.compile(
            r"(?:^\W*|\bto |\band |[,:] ?|\bthen |\b(?:can|could) you |\bgiven\b.{0,80})"
            + any_of(
                "implement write code build create solve reverse rewrite print flatten traverse rotate swap find "
                "return count sort merge remove delete insert detect check convert search compute calculate "
                "determine generate validate maximi[sz]e minimi[sz]e partition optimi[sz]e connect flattening "
                "reversing sorting merging implementing coding building optimization"
            )
            + r"\b|\b"
            + any_of(
                r"given_(?:an?|two|three|n|k|the|some|\w+ed)\b puzzle finding_(?:the|a) sub-?array sub-?string "
                r"palindrome anagram linked_?list binary_(?:search_)?tree BST knapsack "
                r"(?:largest|smallest|longest|shortest|maximum|minimum)_\w+"
            ),
            _I,
        ),
    ),
)
_SETTINGS: tuple[tuple[QuestionKind, re.Pattern[str]], ...] = (
    ("design", re.compile(r"\bsystem.design|\b[HL]LD\b|\b(?:high|low).level|\bdesign round|\barchitecture", _I)),
    (
        "coding",
        re.compile(
            r"\bcod(?:ing|er)|\bDSA\b|\bdata structure|\balgorithm|\bassessment\b|\bOA\b|\bonline test|\bhackerrank"
            r"|\bleetcode|\bSQL\b|\bpuzzle|\bmachine coding|\bproblem|\bprogramming|\bphone screen",
            _I,
        ),
    ),
    ("behavioral", re.compile(r"\bbehaviou?r|\bHR\b|\bhiring manager|\bcultur|\bleadership|\bmanagerial", _I)),
)


def kind_of(words: str, form: Form, settings: tuple[str, ...] = ()) -> QuestionKind:
    """Kind of an ask from its own words, else from the titles it stands under, innermost first; else `concept`."""
    if form == "exercise":
        return "coding"
    personal = [(match.start(), kind) for kind, pattern in _PERSONAL_KINDS if (match := pattern.search(words))]
    if personal:
        return min(personal)[1]
    for kind, pattern in _TECHNICAL_KINDS:
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


_ASKING_WORDS = _words("what how why when where which who")


def gist(words: str) -> frozenset[str]:
    """The telling words, singular, without order: equal for two wordings of one ask."""
    return frozenset(token.rstrip("s") for token in tokens(words) if token in _ASKING_WORDS or token not in _FILLER)


def specific(words: str, floor: int = 1) -> bool:
    """Whether enough words say more than which kind of round it was ("one easy DP problem" does not)."""
    telling = [token for token in tokens(words) if token not in _FILLER and token not in _GENERIC]
    return len(telling) >= floor


_ORDINAL = (
    r"(?:\(?\d{1,2}[.):]\s+|\(?[a-h]\)\s+|\(?[ivx]{1,4}[.)]\s+|[•●▪◦‣·→✓➢➤–—-]\s+|#\d{1,2}\s+"
    r"|[\U0001F300-\U0001FAFF\u2600-\u27BF]\ufe0f?\s+|\d{1,2}\ufe0f?\u20e3\s*)"
)
ASK_LABEL = re.compile(
    rf"(?:{_ORDINAL}){{0,2}}(?:(?:"
    + any_of(
        "Q(?:ues(?:tion)?)?s? Problem(?:_statement)? Task Puzzle Prompt Exercise Challenge Scenario "
        "(?:coding|technical|DSA)_question follow[-_]?up(?:_question)?s? additional_question bonus(?:_question)?"
    )
    + r"\s?#?\d{0,3}\s?(?:\([^)]{1,40}\))?\s?(?:[:.)–—]|-\s|-$)|Q\d{1,3}\b)\s*)?",
    _I,
)
"""What may stand before an ask: a number, a bullet sign, `Q3:`, `Follow-up:`."""

_NOTE = re.compile(
    r"\s*\((?:ans(?:wer)?|hint|easy|medium|hard|leetcode|\d+ (?:times|min)|similar|reference)\b[^()]{0,200}\)\s*\Z", _I
)
_QUOTES = {'"': '"', "“": "”", "'": "'", "‘": "’", "`": "`", "«": "»"}
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
    if form == "task" or (form == "phrase" and _VERB.match(body)):
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
    for pattern, replacement in _SECOND_PERSON:
        body = pattern.sub(replacement, body)
    return body


def _capital(body: str) -> str:
    return body[:1].upper() + body[1:]


def _order(body: str) -> str:
    end = "" if body.endswith("?") else "."
    return _capital(body.rstrip(".!,;: ")) + end


def _question(body: str) -> str:
    return _capital(body.rstrip("?.!,;: ")) + "?"


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
