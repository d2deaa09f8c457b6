"""Which kind of question an ask is, by its own words and else by the titles it stands under."""

import re
from typing import Literal

from brain.records import QuestionKind
from ingest.cues import folded, folding
from ingest.sections import any_of

Form = Literal["question", "order", "task", "topic", "clause", "phrase", "exercise"]
"""How an ask stands in its source: a question; an order ("Explain X"); reported speech, which is a task ("asked me to
X"), a topic ("asked about X") or a clause ("asked why X"); a bare phrase in a list; a named exercise."""


def _words_of(patterns: str) -> re.Pattern[str]:
    return folding(r"\b" + any_of(patterns))


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
_WHY_THEM = re.compile(r"^\W*why (?-i:[A-Z])\w+\W*$", re.IGNORECASE)
_PERSONAL_KINDS: tuple[tuple[QuestionKind, re.Pattern[str]], ...] = (
    (
        "motivation",
        folding(
            r"\b"
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
                r"duration_.{0,40}available job_description looking_for_(?:a_change|in_(?:the|your|a))"
            ),
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
        folding(
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
        ),
    ),
    (
        "concept",
        folding(
            r"^\W*"
            + any_of(
                r"what_(?:is|are|do_you_mean|happens) explain_(?!how_you)(?!.*\bwrite\b) "
                r"provide_an?_.{0,20}explanation define (?:the_)?differences?_(?:between|in) compare "
                r"why_(?:is|are|do|does|should_we|we)\b how_(?:does|do_(?!you)|is|are)\b pros_and_cons advantages "
                r"name_some"
            )
            + r"|\w\W{1,5}(?:vs\.?|versus)\W{1,5}\w",
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
        folding(
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
                r"(?:largest|smallest|longest|shortest|maximum|minimum)_\w+ "
                r"how_(?:will|would|do)_(?:you|I)_implement"
            ),
        ),
    ),
)
_SETTINGS: tuple[tuple[QuestionKind, re.Pattern[str]], ...] = (
    ("design", folding(r"\bsystem.design|\b[HL]LD\b|\b(?:high|low).level|\bdesign round|\barchitecture")),
    (
        "coding",
        folding(
            r"\bcod(?:ing|er)|\bDSA\b|\bdata structure|\balgorithm|\bassessment\b|\bOA\b|\bonline test|\bhackerrank"
            r"|\bleetcode|\bSQL\b|\bpuzzle|\bmachine coding|\bproblem|\bprogramming|\bphone screen",
        ),
    ),
    ("behavioral", folding(r"\bbehaviou?r|\bHR\b|\bhiring manager|\bcultur|\bleadership|\bmanagerial")),
)


def kind_of(words: str, form: Form, settings: tuple[str, ...] = ()) -> QuestionKind:
    """Kind of an ask from its own words, else from the titles it stands under, innermost first; else `concept`."""
    if form == "exercise":
        return "coding"
    low = folded(words)
    personal = [(match.start(), kind) for kind, pattern in _PERSONAL_KINDS if (match := pattern.search(low))]
    if _WHY_THEM.match(words):
        personal.append((0, "motivation"))
    if personal:
        return min(personal)[1]
    for kind, pattern in _TECHNICAL_KINDS:
        if pattern.search(low):
            return kind
    if form in ("phrase", "order"):
        for title in map(folded, settings):
            for kind, pattern in _SETTINGS:
                if pattern.search(title):
                    return kind
    return "concept"
