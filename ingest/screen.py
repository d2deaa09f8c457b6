"""Screen: decide whether a text may and should be used, which part of it, and remove what must not be stored."""

import hashlib
import unicodedata
from functools import cache
from typing import NamedTuple

from brain.catalog import Corpus, Level
from brain.errors import UnreadableInputError
from brain.records import Account, Document, DocumentKind, Record, Rights, RoleMatch, content_id
from brain.screening import MARKING, REMOVING, instruction_spans, remove_personal_data
from brain.sources import source_of
from ingest.attribute import attribute
from ingest.cache import LeftOutError, Stage
from ingest.companies import Directory, known_digest
from ingest.materials import Extracted, Screened
from ingest.nature import KIND_OF_NATURE, NATURE_OF_KIND, Verdict, nature_of
from ingest.roles import RoleNames, level_in, role_of

STAGE = Stage(
    "screen",
    Screened,
    modules=(
        "ingest.screen",
        "ingest.attribute",
        "ingest.companies",
        "ingest.nature",
        "ingest.roles",
        "ingest.materials",
        *REMOVING,
        *MARKING,
        "brain.records",
        "brain.sources",
    ),
    libraries=("phonenumbers", "tldextract"),
)

_FEWEST_WORDS = 40
# The cues by which pages are read are English. Only languages that detectors know well are named here, since lists of
# technical terms are now and then taken for Latin or Luxembourgish.
_LANGUAGES = {
    "ar": "Arabic", "bg": "Bulgarian", "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek", "es": "Spanish",
    "fa": "Persian", "fi": "Finnish", "fr": "French", "he": "Hebrew", "hi": "Hindi", "hu": "Hungarian",
    "id": "Indonesian", "it": "Italian", "ja": "Japanese", "ko": "Korean", "nl": "Dutch", "no": "Norwegian",
    "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sv": "Swedish", "th": "Thai",
    "tr": "Turkish", "uk": "Ukrainian", "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip
_CALLED: dict[DocumentKind, str] = {
    "interview_report": "report",
    "role_description": "posting",
    "company_guidance": "guidance",
}


class Scope(Record):
    """Which company and role a corpus is about, in the names that texts use, and what else a text may be about.

    `known` stands for the shipped list of companies, so that a screening is done again when that list changes.
    """

    company_id: str = ""
    company_names: tuple[str, ...] = ()
    role_id: str = ""
    role_names: tuple[str, ...] = ()
    adjacent_roles: tuple[str, ...] = ()
    other_roles: tuple[str, ...] = ()
    other_companies: tuple[tuple[str, ...], ...] = ()
    levels: tuple[Level, ...] = ()
    known: str = ""

    @property
    def key(self) -> str:
        """What a screening depends on besides the text: a hash."""
        return _key(self)


@cache
def _key(scope: Scope) -> str:
    return hashlib.sha256(scope.model_dump_json().encode()).hexdigest()


@cache
def _directory(scope: Scope) -> Directory:
    return Directory(scope.company_names, scope.other_companies)


def scope_of(corpus: Corpus) -> Scope:
    """The scope of one corpus."""
    company, role = corpus.company, corpus.role
    return Scope(
        company_id=company.id,
        company_names=(company.name, *company.aliases),
        role_id=role.id,
        role_names=(role.name, *role.aliases),
        adjacent_roles=role.adjacent,
        other_roles=tuple(name for other in corpus.other_roles for name in (other.name, *other.aliases)),
        other_companies=tuple((other.name, *other.aliases) for other in corpus.other_companies),
        levels=role.level,
        known=known_digest(),
    )


def screen(extracted: Extracted, scope: Scope) -> Screened:
    """Make the document that may be used. Raises LeftOutError with the reason when it may or should not be."""
    if extracted.form != "verbatim":
        return keep(extracted, scope)
    clean = _clean(extracted)
    return _screened(_document(clean, scope, judge(clean, scope)), extracted)


def keep(extracted: Extracted, scope: Scope | None = None) -> Screened:
    """Make the document, whatever it is about, without personal data. Raises LeftOutError when it asks not to be kept.

    Raises UnreadableInputError for a data file of ours that holds personal data.
    """
    clean = _clean(extracted)
    whole = Judgement(clean.text, clean.kind, clean.account, clean.role_match, clean.level, clean.note)
    return _screened(_document(clean, scope or Scope(), whole), extracted)


def _screened(document: Document, extracted: Extracted) -> Screened:
    stated = tuple(one for one in extracted.questions if not instruction_spans(one.text))
    return Screened(document=document, stated=stated, marked=tuple(instruction_spans(document.text)))


def _clean(extracted: Extracted) -> Extracted:
    """The same without personal data in what is stored, in NFC."""
    if extracted.denials:
        raise LeftOutError(f"the page asks not to be kept ({', '.join(extracted.denials)})")
    text = remove_personal_data(unicodedata.normalize("NFC", extracted.text))
    if extracted.form != "verbatim" and text != extracted.text:
        raise UnreadableInputError(f"{extracted.url} ({extracted.title}) holds personal data.", next_step="Remove it.")
    comments = remove_personal_data(unicodedata.normalize("NFC", extracted.comments))
    title = remove_personal_data(unicodedata.normalize("NFC", extracted.title))
    return extracted.model_copy(update={"text": text, "title": title, "comments": comments})


class Judgement(NamedTuple):
    """What is used of a text, and as what."""

    text: str
    kind: DocumentKind
    account: Account | None
    role_match: RoleMatch
    level: str
    note: str


def judge(clean: Extracted, scope: Scope) -> Judgement:
    """What a text may be used as. Raises LeftOutError with the reason when it should not be used."""
    _check_readable(clean)
    verdict = nature_of(clean.title, clean.text, NATURE_OF_KIND.get(clean.kind))
    if verdict.hopeless and clean.kind != "knowledge":
        raise LeftOutError(verdict.reason)
    text, part = _attributed(clean, scope)
    kind = _kind(clean, verdict)
    role_match, level = _role(clean, text, kind, scope)
    account = clean.account or ("first_person" if kind == "interview_report" else None)
    return Judgement(
        text,
        kind,
        account if kind == "interview_report" or kind == clean.kind else None,
        role_match,
        clean.level or level,
        "; ".join(note for note in (clean.note, part) if note),
    )


def _check_readable(clean: Extracted) -> None:
    words = len(clean.text.split())
    if words < _FEWEST_WORDS:
        raise LeftOutError(f"only {words} words of text were found in it")
    if clean.kind in _CALLED and (language := _LANGUAGES.get(clean.language)):
        raise LeftOutError(f"it is in {language}; only English {_CALLED[clean.kind].removesuffix('s')}s are read")


def _attributed(clean: Extracted, scope: Scope) -> tuple[str, str]:
    """The part of the text that is about the company, and a note when it is not all."""
    if not scope.company_names or clean.kind == "knowledge":
        return clean.text, ""
    found = attribute(clean.title, clean.url, clean.text, clean.kind, _directory(scope))
    if found.reason:
        raise LeftOutError(found.reason)
    if not found.note:
        return clean.text, ""
    text = "\n\n".join(part for start, end in found.kept if (part := clean.text[start:end].strip()))
    if (words := len(text.split())) < _FEWEST_WORDS:
        raise LeftOutError(f"only {words} words of it are about {scope.company_names[0]} ({found.note})")
    return text, found.note


def _kind(clean: Extracted, verdict: Verdict) -> DocumentKind:
    """The kind that the source states, unless the page is clearly another; without one, what the page reads as."""
    if clean.kind == "knowledge":
        return clean.kind
    if not clean.kind_stated:
        if verdict.nature == "none":
            raise LeftOutError(verdict.reason)
        return KIND_OF_NATURE[verdict.nature]
    called = _CALLED[clean.kind]
    if clean.kind == "interview_report":
        # What a third party lists may well be a bare list of questions.
        wrong = verdict.nature != "report" if clean.account == "first_person" else verdict.nature == "posting"
    else:
        wrong = verdict.nature == "report"
    if not wrong:
        return clean.kind
    raise LeftOutError(verdict.reason if verdict.nature == "none" else f"{verdict.reason}, not {_article(called)}")


def _article(called: str) -> str:
    return called if called == "guidance" else f"a {called}"


def _role(clean: Extracted, text: str, kind: DocumentKind, scope: Scope) -> tuple[RoleMatch, str]:
    """How the text's role relates to the corpus's, and the level it names. Raises LeftOutError for another role."""
    if not scope.role_names or kind == "knowledge":
        return clean.role_match, ""
    found = role_of(clean.title, text, RoleNames(scope.role_names, scope.adjacent_roles, scope.other_roles))
    level = level_in(clean.title, found, scope.levels)
    if clean.role_stated:
        return clean.role_match, level
    if found.other:
        raise LeftOutError(f"it is about the role {found.other!r}, not {scope.role_names[0]!r} or a neighbour of it")
    return found.match, level


_MADE_ANEW = frozenset({"title", "text", "kind", "account", "role_match", "level", "note", "comments"})
_NOT_KEPT = frozenset({"basis", "licence", "robots", "denials", "signals", "display", "questions"})
_OF_SCREENING = frozenset({"kind_stated", "role_stated"})
_DATES = frozenset({"published", "interviewed", "retrieved"})


def _document(clean: Extracted, scope: Scope, judged: Judgement) -> Document:
    kept = clean.model_dump(exclude=set(_MADE_ANEW | _NOT_KEPT | _OF_SCREENING | _DATES))
    ours = judged.kind != "knowledge"
    return Document(
        **kept,
        **judged._asdict(),
        id=content_id("d", clean.url, judged.text),
        title=clean.title,
        comments=clean.comments if judged.text == clean.text else "",
        source=source_of(clean.url) if clean.form != "own" else "industry-brain",
        company=scope.company_id if ours else "",
        role=scope.role_id if ours else "",
        published=clean.published,
        interviewed=clean.interviewed,
        retrieved=clean.retrieved,
        rights=Rights(
            basis=clean.basis,
            licence=clean.licence,
            robots=clean.robots,
            signals=clean.signals,
            display=clean.display,
        ),
    )
