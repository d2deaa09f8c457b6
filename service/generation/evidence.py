"""Is there evidence at all? Decided on raw scores, since a fused score always has a best.

The thresholds were read from questions that the flagship corpus can and cannot answer (`make bench`,
docs/decisions/0006-when-there-is-evidence.md).
"""

from collections.abc import Sequence

from brain.records import Passage, ReportedQuestion
from brain.retrieval import Hit

STRONG_COSINE = 0.50
"""Alone enough."""
FAIR_COSINE = 0.36
"""Enough when the words agree too."""
FAIR_BM25 = 6.0


def has_evidence(hits: Sequence[Hit[Passage]] | Sequence[Hit[ReportedQuestion]]) -> bool:
    """Whether any of the hits is strong enough to answer from."""
    return any(hit.cosine >= STRONG_COSINE or (hit.cosine >= FAIR_COSINE and hit.bm25 >= FAIR_BM25) for hit in hits)
