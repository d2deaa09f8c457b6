"""How sure it is that a question is asked for this role: a fixed, documented sum of what speaks for and against it.

The score is not calibrated: the eval harness measures it against later reports. See docs/confidence.md.
"""

from datetime import date

from brain.records import Cluster, ReportedQuestion
from service.generation.records import Confidence, ConfidenceLevel

_BASE = {
    ("reported", "exact"): (0.55, "a candidate for this role reports it"),
    ("reported", "adjacent"): (0.35, "a candidate for an adjacent role reports it"),
    ("reported", "company_wide"): (0.35, "a candidate at this company reports it"),
    ("listed", "exact"): (0.30, "a third party lists it for this role"),
    ("listed", "adjacent"): (0.20, "a third party lists it for an adjacent role"),
    ("listed", "company_wide"): (0.20, "a third party lists it for this company"),
}
_PER_SOURCE, _MOST_FOR_SOURCES = 0.15, 0.30
_OLD_YEARS, _OLD, _UNDATED = 4, -0.15, -0.10
_OTHER_LEVEL = -0.10
_HIGH, _MEDIUM = 0.65, 0.40


def confidence_of(
    question: ReportedQuestion, cluster: Cluster, *, newest: date | None, other_level: bool
) -> Confidence:
    """The confidence in a reported or listed question; `newest` is the day of the corpus's newest report."""
    base, reason = _BASE[question.provenance, question.role_match]
    score, because = base, [reason]
    if cluster.sources > 1:
        score += min(_MOST_FOR_SOURCES, _PER_SOURCE * (cluster.sources - 1))
        because.append(f"{cluster.sources} independent sources agree")
    when = cluster.reported or question.reported
    if when is None:
        score += _UNDATED
        because.append("the report has no date")
    elif newest is not None and (newest - when.last).days > _OLD_YEARS * 365:
        score += _OLD
        because.append(f"the report is from {when.last.year}")
    if other_level:
        score += _OTHER_LEVEL
        because.append("it was reported for another level or kind of hire")
    return _confidence(score, because)


def inferred_confidence(reason: str) -> Confidence:
    """The confidence in a question that nobody reported."""
    return _confidence(0.15, [reason])


def _confidence(score: float, because: list[str]) -> Confidence:
    bounded = round(min(1.0, max(0.05, score)), 2)
    level: ConfidenceLevel = "high" if bounded >= _HIGH else "medium" if bounded >= _MEDIUM else "low"
    return Confidence(level=level, score=bounded, because=tuple(because))
