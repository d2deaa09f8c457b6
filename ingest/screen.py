"""Screen: decide whether a text may and should be used, and remove what must not be stored."""

import re
import unicodedata

from brain.catalog import Corpus
from brain.errors import UnreadableInputError
from brain.records import Document, Record, Rights, content_id
from brain.screening import remove_personal_data
from brain.sources import source_of
from ingest.cache import LeftOutError, Stage
from ingest.materials import Extracted, Screened

STAGE = Stage(
    "screen",
    Screened,
    modules=("ingest.screen", "brain.screening", "brain.records", "brain.sources", "ingest.materials"),
    libraries=("phonenumbers", "tldextract"),
)

_FEWEST_WORDS = 40
# Measured on the hand-sorted pages of interviews_html, interviews_md and interviews_html_negative: with the words of
# telling alone a third of the reports, those written as an outline of rounds, are taken for advice.
_OUTLINED = re.compile(
    r"\b(?:(?:round|interview)s?[\s*_–—:#()-]{0,4}(?:\d|one\b|two\b|three\b)"
    r"|(?:first|second|third|fourth|next|final|last|\d(?:st|nd|rd|th)?) (?:and (?:final|last) )?"
    r"(?:technical |coding |phone |onsite |interview |HR |online )?(?:round|interview)\b"
    r"|interview experience|total rounds|online assessment|questions? (?:were |I was )?asked"
    r"|(?:was|were|been|got) asked)",
    re.IGNORECASE,
)
_OF_AN_INTERVIEW = re.compile(
    r"\b(?:i (?:was|got) asked|i (?:applied|interviewed|cleared|solved|coded|answered)"
    r"|(?:they|he|she|interviewers?|recruiter|panel) (?:then |also |first )?(?:asked|gave|wanted|started)"
    r"|(?:asked|gave|told) me|my (?:interview|interviews|interviewer|loop|onsite|application|recruiter|round))\b",
    re.IGNORECASE,
)
_TOLD = re.compile(
    r"\b(?:i (?:was|had|got|gave|applied|interviewed|solved|explained|received|cleared|answered|did|started|told|coded)"
    r"|(?:they|he|she|interviewers?|recruiter|panel) (?:then |also |first )?(?:asked|gave|wanted|started)"
    r"|(?:asked|gave|told) me|my (?:interview|interviews|interviewer|loop|onsite|application|recruiter|round)"
    r"|we (?:discussed|talked|started|moved|had))\b",
    re.IGNORECASE,
)
_ADVISED = re.compile(
    r"\b(?:you (?:should|can|will|must|need|may|might|want|are|have)"
    r"|your (?:interview|interviewer|resume|answer|answers)|make sure|be sure|don't forget|try to|remember to)\b",
    re.IGNORECASE,
)


class Scope(Record):
    """Which company and role a corpus is about, in the names that texts use."""

    company_id: str = ""
    company_names: tuple[str, ...] = ()
    role_id: str = ""

    @property
    def key(self) -> str:
        """What a screening depends on besides the text."""
        return self.model_dump_json()


def scope_of(corpus: Corpus) -> Scope:
    """The scope of one corpus."""
    company = corpus.company
    return Scope(company_id=company.id, company_names=(company.name, *company.aliases), role_id=corpus.role.id)


def screen(extracted: Extracted, scope: Scope) -> Screened:
    """Make the document that may be used. Raises LeftOutError with the reason when it may or should not be."""
    screened = keep(extracted, scope)
    if extracted.form == "verbatim":
        _check_use(extracted, screened.document.text, scope)
    return screened


def keep(extracted: Extracted, scope: Scope | None = None) -> Screened:
    """Make the document, whatever it is about, without personal data. Raises LeftOutError when it asks not to be kept.

    Raises UnreadableInputError for a data file of ours that holds personal data.
    """
    if extracted.denials:
        raise LeftOutError(f"the page asks not to be kept ({', '.join(extracted.denials)})")
    text = remove_personal_data(unicodedata.normalize("NFC", extracted.text))
    if extracted.form != "verbatim" and text != extracted.text:
        raise UnreadableInputError(f"{extracted.url} ({extracted.title}) holds personal data.", next_step="Remove it.")
    return Screened(document=_document(extracted, text, scope or Scope()), stated=extracted.questions)


def _check_use(extracted: Extracted, text: str, scope: Scope) -> None:
    words = len(text.split())
    if words < _FEWEST_WORDS:
        raise LeftOutError(f"only {words} words of text were found in it")
    whole = f"{extracted.title}\n{text}"
    if scope.company_names and not names_any(whole, scope.company_names):
        raise LeftOutError(f"it never names {scope.company_names[0]}, so it is no evidence for this corpus")
    if extracted.kind == "interview_report" and extracted.account == "first_person" and not reads_as_report(whole):
        raise LeftOutError("it reads as advice or opinion, not as the report of an interview")


def names_any(text: str, names: tuple[str, ...]) -> bool:
    """Whether one of the names stands in the text as a word of its own, in this spelling."""
    return any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) for name in names)


def reads_as_report(text: str) -> bool:
    """Whether somebody tells or outlines an interview they had, rather than telling the reader what to do."""
    outlined, advised = len(_OUTLINED.findall(text)), len(_ADVISED.findall(text))
    told = len(_TOLD.findall(text)) + outlined
    return told >= 2 and told * 2 >= advised and bool(outlined or _OF_AN_INTERVIEW.search(text))


def _document(extracted: Extracted, text: str, scope: Scope) -> Document:
    kept = extracted.model_dump(
        exclude={
            "title",
            "text",
            "basis",
            "licence",
            "robots",
            "denials",
            "signals",
            "display",
            "questions",
            "published",
            "interviewed",
            "retrieved",
        }
    )
    return Document(
        **kept,
        id=content_id("d", extracted.url, text),
        title=remove_personal_data(extracted.title),
        text=text,
        source=source_of(extracted.url) if extracted.form != "own" else "industry-brain",
        company=scope.company_id if extracted.kind != "knowledge" else "",
        role=scope.role_id if extracted.kind != "knowledge" else "",
        published=extracted.published,
        interviewed=extracted.interviewed,
        retrieved=extracted.retrieved,
        rights=Rights(
            basis=extracted.basis,
            licence=extracted.licence,
            robots=extracted.robots,
            signals=extracted.signals,
            display=extracted.display,
        ),
    )
