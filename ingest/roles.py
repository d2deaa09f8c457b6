"""Which role a text is about, as against the role of a corpus: exactly it, a neighbour, another, or none named."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from brain.catalog import Level
from brain.records import RoleMatch
from ingest.attribute import level_of

Relation = Literal["exact", "adjacent", "other"]

_I = re.IGNORECASE
_OPENING = 2_000
"""Characters of the text in which its author says what the interview was for."""
_LONGEST_TITLE = 300

# Roles of one family count as neighbours even where no pack says so.
_FAMILIES: dict[str, str] = {
    "software": r"software (?:development |design |systems? )?engineer(?:ing)?|software developer|"
    r"software dev(?:elopment)?|"
    r"development engineer|SDE|SWE|MTS|members? of (?:the )?technical staff|programmer|(?:front|"
    r"back)[- ]?end (?:software |web )?"
    r"(?:engineer(?:ing)?|developer|development|intern)|full[- ]?stack (?:software |web )?(?:engineer(?:ing)?|"
    r"developer|development)|"
    r"web (?:developer|engineer)|(?:android|ios|mobile)(?: app)? (?:engineer|developer)|"
    r"(?:java|javascript|python|react|node(?:\.js)?|go(?:lang)?|php|ruby|c\+\+|\.net|django) (?:developer|engineer)|"
    r"applications? (?:engineer|developer)|platform engineer|systems? engineer|(?:forward|"
    r"front) deployed (?:software )?engineer|"
    r"FDE|FDSE|UI (?:engineer|developer)|founding engineer|product engineer",
    "operations": r"site reliability(?: engineer(?:ing)?)?|SRE|dev ?ops(?: engineer)?|production engineer|"
    r"(?:cloud|infrastructure|network|reliability) engineer|system(?:s)? administrator",
    "quality": r"SDET|(?:test|QA|quality(?: assurance)?|automation) (?:engineer|analyst|tester|lead)|software tester",
    "learning": r"(?:data|applied|research|decision|machine learning|ML|AI) scientist|applied science|data science|"
    r"applied research scientist|machine learning (?:software )?engineer(?:ing)?|ML engineer|MLE|AI(?:/ML)? engineer|"
    r"(?:NLP|computer vision|deep learning|generative AI|LLM) (?:engineer|scientist|researcher)|"
    r"research engineer|economist",
    "data": r"data engineer(?:ing)?|analytics engineer|database (?:engineer|administrator|developer)|ETL developer|"
    r"business intelligence (?:engineer|developer)",
    "analysis": r"(?:data|business|product|financial|BI|operations|marketing|risk|credit|market) analyst|"
    r"data analytics",
    "product": r"(?:associate |technical |group )?product manager|product owner|product management|APM",
    "program": r"(?:technical )?program manager|TPM|project manager|scrum master|delivery manager",
    "design": r"(?:product|UX|UI/UX|UX/UI|visual|interaction|graphic|service) designer|(?:UX|user) researcher",
    "people": r"(?:technical |talent )?recruiter|HR (?:manager|business partner|generalist|executive)|"
    r"talent acquisition",
    "market": r"account (?:executive|manager)|sales (?:manager|representative|development|engineer|associate|"
    r"executive)|"
    r"marketing (?:manager|associate|specialist|lead)|customer success(?: manager)?|business development",
    "advice": r"(?:management|technology|strategy|IT|SAP|business) consultant|solutions? architect|"
    r"(?:technical|customer|cloud|product|IT) support (?:engineer|associate|specialist)",
    "hardware": r"(?:hardware|electrical|electronics|mechanical|ASIC|VLSI|FPGA|embedded(?: software)?|"
    r"firmware|silicon|RTL|"
    r"design verification|analog|RF|manufacturing|process|civil|chemical) engineer",
    "markets": r"quant(?:itative)? (?:researcher|trader|developer|analyst|strategist)|(?:algorithmic |"
    r"proprietary )?trader|"
    r"investment bank(?:er|ing)(?: analyst)?",
    "security": r"(?:security|application security|cyber ?security|penetration|SOC) (?:engineer|analyst|"
    r"tester|consultant)",
    "warehouse": r"(?:warehouse|fulfillment|fulfilment) (?:associate|worker|manager)|delivery driver|(?:area|"
    r"store|shift) manager",
    "law": r"(?:corporate |legal )?counsel|paralegal|accountant|auditor|tax (?:analyst|manager)",
}
_FAMILY = {name: re.compile(rf"(?<!\w)(?:{pattern})(?:s|ing)?(?!\w)", _I) for name, pattern in _FAMILIES.items()}

_FIELD = re.compile(
    r"^[^\w\n]{0,8}(?:role|position|job title|designation|job role|profile|post)(?: applied(?: for)?)?"
    r"[^\w\n]{0,8}[:|–-][^\w\n]{0,8}(.{2,80})$",
    _I | re.MULTILINE,
)
_FIRST_HEADING = re.compile(r"\s{0,20}#{1,2}[ \t]+(.{1,200})")
# "an interview with a product manager" tells who asked, not what for.
_OF_A_PERSON = re.compile(
    r"\b(?:with|by|from|met|were|was)\s+(?:an?|the|my|another|their|two|one|some|our)\s+(?:[\w-]+\s+){0,3}$", _I
)
_OF_A_ROUND = re.compile(r"\b(?:rounds?|screening|day|step|stage)\b", _I)


_APPLIED = re.compile(
    r"\b(?:appl(?:y|ied|ying|ication)|interview(?:ed|ing|s)?|positions?|roles?|openings?|hired|hiring|shortlisted|"
    r"selected|internships?|considered|offer(?:ed)?|opportunity|looking|recruit\w*)\b[^.!?\n]{0,60}?\b(?:for|of|as)\s+"
    r"([^.!?\n]{3,90})",
    _I,
)
_NAMED_ROLE = re.compile(r"([^.!?\n]{3,70})\b(?:role|position|internship|opening|opportunity|job)\b", _I)


@dataclass(frozen=True)
class RoleNames:
    """The names by which the roles of a corpus and of its neighbours go; `others` are further roles of the catalog."""

    exact: tuple[str, ...] = ()
    adjacent: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class RoleFound:
    """How a text's role relates to the corpus's, its name as the text gives it, and the line that says so."""

    match: RoleMatch
    other: str = ""
    where: str = ""


def role_of(title: str, text: str, names: RoleNames) -> RoleFound:
    """The role that a text is about: its title, a field "Role: …" or its first heading, else what its opening says.

    `other` is set when it is clearly another role than the corpus's and its neighbours.
    """
    opening = text[:_OPENING]
    for zone in _strong_zones(title, opening):
        if found := _judged([zone], names):
            return found
    if found := _judged(list(_weak_zones(opening)), names):
        if found.other and any(_whole(name).search(text) for name in names.exact):
            return RoleFound("company_wide")
        return found
    exact = (match for name in names.exact if (match := _whole(name).search(opening)))
    return next((RoleFound("exact", where=match[0]) for match in exact), RoleFound("company_wide"))


def _judged(zones: Sequence[str], names: RoleNames) -> RoleFound | None:
    """What the zones say together; None where no role is named."""
    named = [(zone, role, relation) for zone in zones for role, relation in _relations(zone, names)]
    for match in ("exact", "adjacent"):
        for zone, _, relation in named:
            if relation == match:
                return RoleFound(match, where=zone)
    return RoleFound("adjacent", other=named[0][1], where=named[0][0]) if named else None


def level_in(title: str, found: RoleFound, levels: Sequence[Level]) -> str:
    """The id of the level that the title names, or the line that names the role; else ""."""
    return level_of(title, levels) or level_of(found.where, levels)


def _strong_zones(title: str, opening: str) -> Iterator[str]:
    yield re.sub(r"_+", " ", title[:_LONGEST_TITLE])
    yield from (match[1] for match in _FIELD.finditer(opening))
    first = _FIRST_HEADING.match(opening)
    if first and not _OF_A_ROUND.search(first[1]):
        yield first[1]


def _weak_zones(opening: str) -> Iterator[str]:
    for pattern in (_APPLIED, _NAMED_ROLE):
        yield from (match[1] for match in pattern.finditer(opening))


def _relations(zone: str, names: RoleNames) -> Iterator[tuple[str, Relation]]:
    """The roles named in a line, the longest where they overlap, each with its relation to the corpus's role."""
    spans: list[tuple[int, int, int, Relation]] = []
    listed: tuple[tuple[Relation, tuple[str, ...]], ...] = (
        ("exact", names.exact),
        ("adjacent", names.adjacent),
        ("other", names.others),
    )
    for rank, (relation, of_role) in enumerate(listed):
        for name in of_role:
            spans += [(match.start(), -match.end(), rank, relation) for match in _whole(name).finditer(zone)]
    for pattern in _FAMILY.values():
        near: Relation = "adjacent" if any(pattern.search(name) for name in names.exact) else "other"
        spans += [(match.start(), -match.end(), len(listed), near) for match in pattern.finditer(zone)]
    reached = 0
    for start, end, _, relation in sorted(spans):
        if -end > reached and not _OF_A_PERSON.search(zone[max(0, start - 60) : start]):
            yield zone[start:-end], relation
            reached = -end


def _whole(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(name)}s?(?!\w)", _I)
