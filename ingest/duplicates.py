"""Near-duplicate groups of documents: MinHash over word shingles, candidates by LSH, the estimate checked.

A near-copy with light rewording keeps well over half of its word triples; two reports written independently share
next to none, so the threshold has room on both sides.
"""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from brain.records import Document

if TYPE_CHECKING:
    from datasketch import MinHash

_SHINGLE = 3
_THRESHOLD = 0.5
_PERMUTATIONS = 128
_WORD = re.compile(r"\w+")


def group_near_duplicates(documents: Sequence[Document]) -> list[Document]:
    """The documents with `duplicate_group` set: the id of the group's earliest member, alone or not.

    Only sources' own texts are compared; digests and cards are ours and stand alone.
    """
    if not any(document.form == "verbatim" for document in documents):
        return [document.model_copy(update={"duplicate_group": document.id}) for document in documents]
    from datasketch import MinHashLSH

    index = MinHashLSH(threshold=_THRESHOLD, num_perm=_PERMUTATIONS)
    prints: dict[str, MinHash] = {}
    group: dict[str, str] = {}
    for document in sorted(documents, key=_age):
        group[document.id] = document.id
        if document.form != "verbatim" or document.id in prints:
            continue
        print_ = _fingerprint(document.text)
        near = [other for other in index.query(print_) if prints[other].jaccard(print_) >= _THRESHOLD]
        if near:
            group[document.id] = min((group[other] for other in near), key=list(group).index)
        prints[document.id] = print_
        index.insert(document.id, print_)
    return [document.model_copy(update={"duplicate_group": group[document.id]}) for document in documents]


def _age(document: Document) -> tuple[bool, str, str]:
    """First-hand before third-hand and older before newer, unknown dates last, so that the original leads its group."""
    when = document.reported
    return document.account != "first_person", str(when.first) if when else "9999", document.id


def _fingerprint(text: str) -> "MinHash":
    from datasketch import MinHash

    words = _WORD.findall(text.casefold())
    shingles = {" ".join(words[i : i + _SHINGLE]) for i in range(max(1, len(words) - _SHINGLE + 1))}
    print_ = MinHash(num_perm=_PERMUTATIONS, seed=1)
    print_.update_batch([shingle.encode() for shingle in sorted(shingles)])
    return print_
