"""Is there evidence at all? Decided on raw scores, since a fused score always has a best.

The thresholds were read from the even ones of 120 questions that the flagship corpus can and cannot answer, and judged
on the odd ones (tests/bench/bench_evidence.py).
"""

from collections.abc import Sequence

from brain.records import Passage, ReportedQuestion
from brain.retrieval import Hit

STRONG_COSINE = 0.46
"""Alone enough."""
FAIR_COSINE = 0.36
FAIR_BM25 = 4.5
"""Together enough: the meaning is near and the words agree."""
NAMED_COSINE = 0.18
"""Enough when the question names the topic of the card."""


def has_evidence(hits: Sequence[Hit[Passage]] | Sequence[Hit[ReportedQuestion]]) -> bool:
    """Whether any of the hits is strong enough to answer from."""
    return any(hit.cosine >= STRONG_COSINE or (hit.cosine >= FAIR_COSINE and hit.bm25 >= FAIR_BM25) for hit in hits)
