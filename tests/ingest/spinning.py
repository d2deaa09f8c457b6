"""A spinner of our own: rewrites a text as article spinners do, at several strengths, the same way for the same seed.

What a spun copy keeps: the order of sentences, headings and list items, numbers, names, code and technical terms.
What it changes: content words by a table of synonyms, and with more strength turns of phrase, the order of the clauses
in a sentence, and where sentences end.
"""

import random
import re
from collections.abc import Callable

# Groups of words that replace each other, form by form.
_GROUPS = """
asked questioned quizzed|ask question quiz|asking questioning quizzing|asks questions quizzes
interview conversation discussion|interviews conversations discussions|interviewer panellist examiner
interviewers panellists examiners|round stage session|rounds stages sessions|question query prompt
questions queries prompts|problem exercise task|problems exercises tasks|solve crack work-out|solved cracked worked-out
solution answer approach|solutions answers approaches|explain describe clarify|explained described clarified
explaining describing clarifying|started began commenced|start begin commence|starting beginning commencing
ended finished concluded|end finish conclusion|discussed covered talked-through|discuss cover talk-through
implement build code-up|implemented built coded-up|implementing building coding-up|write produce compose
wrote produced composed|good decent solid|great excellent superb|nice pleasant friendly|hard difficult tough
easy simple straightforward|harder tougher trickier|easier simpler gentler|quick fast rapid|quickly rapidly swiftly
big large sizeable|small little modest|many numerous plenty-of|several various multiple|important crucial essential
role position post|team group squad|company firm organisation|companies firms organisations|job position opening
experience background history|experiences encounters stories|project assignment undertaking
projects assignments undertakings|knowledge understanding grasp|skills abilities capabilities|resume cv profile
received obtained got|receive obtain get|gave provided offered|give provide offer|given provided offered
told informed notified|tell inform notify|said stated mentioned|say state mention|thought figured reckoned
think figure reckon|felt sensed believed|feel sense believe|wanted desired wished|want desire wish
tried attempted sought
try attempt seek|used employed utilised|use employ utilise|using employing utilising|made created crafted
make create craft
helped assisted aided|help assist aid|needed required had|need require demand|found discovered noticed
find discover notice
selected chosen picked|select choose pick|rejected turned-down declined|rejection refusal turndown
process procedure pipeline|focused concentrated centred|focus concentrate centre|included contained comprised
include contain comprise|including containing comprising|approach method strategy|approaches methods strategies
basic fundamental elementary|basics fundamentals essentials|deep thorough profound|entire whole complete
complete full total|completed finished wrapped-up|technical engineering specialist|coding programming software
final last closing|first opening initial|second following next|different distinct other|similar comparable alike
related connected linked|detailed in-depth thorough|detail depth specifics|details specifics particulars
candidate applicant contender|candidates applicants contenders|online remote virtual|call chat conversation
days evenings mornings|day date morning|week fortnight month|weeks fortnights months|later afterwards subsequently
after following past|before prior-to ahead-of|during throughout amid|about regarding concerning|also additionally too
then next afterwards|however yet nevertheless|finally lastly eventually|mostly mainly chiefly|usually typically normally
really truly genuinely|very quite rather|almost nearly practically|only just merely|because since as
although though while
people folks persons|person individual human|friend mate buddy|friends mates buddies|manager supervisor lead
senior experienced seasoned|junior young fresh|applied sent-an-application put-in-an-application
application submission form
offer proposal deal|result outcome verdict|results outcomes verdicts|feedback comments remarks|advice tips guidance
prepare practise train|prepared practised trained|preparation practice training|learn study pick-up
learned studied picked-up
learning studying picking-up|understand comprehend grasp|improve enhance better|improved enhanced bettered
check verify test
show demonstrate present|showed demonstrated presented|shared passed-on presented|share present pass-on
based founded grounded
around roughly approximately|lasted took ran|took consumed required|take consume require|minutes mins minutes
went proceeded moved|go proceed move|came arrived turned-up|come arrive turn-up|happened occurred took-place
moved shifted transferred|continued carried-on went-on|worked laboured functioned|work labour effort
working functioning operating
challenging demanding taxing|challenge difficulty hurdle|challenges difficulties hurdles|interesting intriguing engaging
confident assured certain|nervous anxious tense|happy glad pleased|calm relaxed composed|helpful useful handy
clear plain evident
clearly plainly evidently|correct right accurate|wrong incorrect mistaken|better superior stronger|best finest strongest
large big sizeable|long lengthy extended|short brief concise|new fresh recent|old former previous
high elevated lofty|low modest small
real actual genuine|main chief principal|key crucial central|common frequent usual|entire whole full
current present existing
previous earlier former|possible feasible potential|possibly perhaps maybe|efficient effective performant
optimal best ideal
initially originally at-first|immediately instantly straightaway|overall altogether all-told|specific particular certain
internship placement traineeship|intern trainee apprentice|college university campus|students pupils undergraduates
student pupil undergraduate
opportunity chance opening|environment atmosphere setting|responsibilities duties obligations|requirements demands needs
system setup arrangement|systems setups arrangements|design plan architecture|designed planned architected
feature function capability
features functions capabilities|user customer client|users customers clients|website site page
example instance case|examples instances cases
scenario situation case|scenarios situations cases|topic subject theme|topics subjects themes|concept idea notion
concepts ideas notions
part portion section|parts portions sections|beginning start outset|number count amount|lot great-deal heap
kind sort type|kinds sorts types
way manner fashion|reason cause motive|reasons causes motives|fact truth reality|place spot location
time moment occasion|times moments occasions
code program script|codes programs scripts|edge corner boundary|handle manage treat|handled managed treated
call invoke ring|called invoked rang
return yield deliver|returns yields delivers|change modify alter|changed modified altered|compare contrast weigh
compared contrasted weighed
decide determine settle|decided determined settled|allow permit let|allowed permitted let|avoid dodge escape
expect anticipate await
expected anticipated awaited|remember recall recollect|remembered recalled recollected|follow pursue track
followed pursued tracked
"""
_TABLE: dict[str, tuple[str, ...]] = {}
for _line in _GROUPS.replace("\n", "|").split("|"):
    _names = tuple(word.replace("-", " ") for word in _line.split())
    for _index, _name in enumerate(_names):
        _TABLE.setdefault(_name, tuple(other for other in _names if other != _name))

# Turns of phrase, each in both directions.
_PHRASES: tuple[tuple[str, str], ...] = (
    (r"\bI was asked to\b", "they had me"),
    (r"\bI was asked\b", "they asked me"),
    (r"\bthey asked me\b", "I was asked"),
    (r"\basked me to\b", "wanted me to"),
    (r"\bin order to\b", "to"),
    (r"\bas well as\b", "and also"),
    (r"\bthere (?:was|were)\b", "we had"),
    (r"\bI had to\b", "I needed to"),
    (r"\bI've\b", "I have"),
    (r"\bI'm\b", "I am"),
    (r"\bdidn't\b", "did not"),
    (r"\bwasn't\b", "was not"),
    (r"\bdon't\b", "do not"),
    (r"\bdid not\b", "didn't"),
    (r"\bwas not\b", "wasn't"),
    (r"\bit was\b", "this was"),
    (r"\bthis was\b", "it was"),
    (r"\bI think\b", "in my opinion"),
    (r"\ba lot of\b", "plenty of"),
    (r"\bmy\b", "my own"),
    (r"\bthe interviewer\b", "my interviewer"),
    (r"\bbut\b", "though"),
    (r"\bso\b", "therefore"),
    (r"\bsome\b", "a few"),
    (r"\bfor example\b", "for instance"),
    (r"\bhow to\b", "the way to"),
    (r"\bwhich\b", "that"),
    (r"\bwhen\b", "once"),
)
_LEADING_CLAUSE = re.compile(
    r"^((?:After|Before|When|While|If|Since|Once|During|In|On|For|At) [^,]{3,60}), (\w.*?)([.!])$"
)
_FENCE = re.compile(r"(^(?:```|~~~).*?^(?:```|~~~)[^\n]*\n?)", re.MULTILINE | re.DOTALL)
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]*(?:\s+|$)")
_OPENERS = ("Well, ", "Honestly, ", "As it turned out, ", "To be fair, ", "From what I recall, ")


def spun(text: str, strength: float, seed: int = 0) -> str:
    """A spun copy. `strength` is the share of the known words that are replaced; from 0.5 phrases and clauses change.

    At 0.9 and above sentences get openers, and commas become full stops.
    """
    rng = random.Random(f"{seed}:{strength}")  # noqa: S311 - a copy to test with, not a secret
    parts = _FENCE.split(text)
    return "".join(part if _FENCE.match(part) else _spun_prose(part, strength, rng) for part in parts)


def _spun_prose(text: str, strength: float, rng: random.Random) -> str:
    if strength >= 0.5:
        for pattern, other in _PHRASES:
            text = re.sub(pattern, _sometimes(other, strength, rng), text, flags=re.IGNORECASE)
        text = "\n".join(_moved(line, strength, rng) for line in text.split("\n"))
    return re.sub(r"(?<![\w-])[A-Za-z]+(?![\w-])", lambda match: _replaced(match[0], strength, rng), text)


def _sometimes(other: str, strength: float, rng: random.Random) -> Callable[[re.Match[str]], str]:
    return lambda match: _cased(other, match[0]) if rng.random() < strength else match[0]


def _moved(line: str, strength: float, rng: random.Random) -> str:
    """Each sentence with its leading clause moved to the end, with an opener, or cut at a comma, sometimes."""
    return "".join(_reordered(sentence, strength, rng) for sentence in _SENTENCE.findall(line)) if line else line


def _reordered(sentence: str, strength: float, rng: random.Random) -> str:
    bare, tail = sentence.rstrip(), sentence[len(sentence.rstrip()) :]
    if (match := _LEADING_CLAUSE.match(bare)) and rng.random() < strength:
        bare = f"{match[2][0].upper()}{match[2][1:]} {match[1][0].lower()}{match[1][1:]}{match[3]}"
    elif strength >= 0.9 and bare[:1].isupper() and len(bare.split()) > 6 and rng.random() < 0.25:
        bare = rng.choice(_OPENERS) + (bare if bare.startswith("I ") else bare[0].lower() + bare[1:])
    if strength >= 0.9 and ", and " in bare and rng.random() < 0.5:
        bare = bare.replace(", and ", ". And ", 1)
    return bare + tail


def _replaced(word: str, strength: float, rng: random.Random) -> str:
    others = _TABLE.get(word.lower())
    if not others or rng.random() >= strength:
        return word
    return _cased(rng.choice(others), word)


def _cased(other: str, like: str) -> str:
    return other[0].upper() + other[1:] if like[:1].isupper() else other
