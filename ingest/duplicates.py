"""Near-duplicate groups of documents, from a small fingerprint of each.

A spun copy keeps hardly any row of words, but it keeps the small words and their places. So a fingerprint samples rows
of three words, rows of small words with the content words left out (Stamatatos 2011, "Plagiarism detection using
stopword n-grams"), and rows of small words with a blank for each content word; by one-permutation hashing (Li, Owen
and Zhang 2012, "One Permutation Hashing"), with the place of each sampled row in the text. Two texts are copies when
enough rows agree *and* these are spread over one of the texts: a shared header, footer or passage is in one place.
What is caught, and at which strength of rewording, is measured by `tests/bench/bench_copies.py`.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from brain.records import Document, DocumentKind, Form

if TYPE_CHECKING:
    from numpy.typing import NDArray

_BINS = 512
_DIGEST = 16
_EMPTY = 255
"""The place of a bin that no row fell into; other places are 250ths of the text."""
_PLACES = 250
_SEGMENTS = 16
# Read from the pairs of real reports and of spun copies, see the benchmark.
_ALIKE = 0.13
_SPREAD = 0.6
_OF_MEAN = 0.25
# Postings of one company share most of their text and are different postings: only nearly the same words make a copy.
_SAME_POSTING = 0.9
_FEWEST_AGREEING = 12
_CHUNK = 20_000
_MANY = 1_000_000

_WORD = re.compile(r"\w+(?:['’]\w+)*")
_SMALL_WORDS = """
a about after again all also an and any are as at be because been before being but by can could did
do does during each even few for from had has have he her here him his how i if in into is it its
just like many may me might more most much must my no not now of off on only or other our out over
own same shall she should so some such than that the their them then there these they this those
through to too under until up upon us very was we were what when where which while who whom why will
with within without would yet you your
"""
_SMALL = frozenset(_SMALL_WORDS.split())


@dataclass(frozen=True)
class Fingerprinted:
    """One document as grouping needs it. `age` orders a group: the smallest leads it (`age_of`)."""

    id: str
    fingerprint: bytes
    age: tuple[bool, str, str]
    form: Form = "verbatim"
    kind: DocumentKind = "interview_report"


def fingerprint(text: str) -> bytes:
    """1,552 bytes: a digest of the words, 512 sampled rows of 16 bits each, and the place of each in the text."""
    words = [word.casefold() for word in _WORD.findall(text)]
    digest = hashlib.sha256(" ".join(words).encode()).digest()[:_DIGEST]
    values, places = np.zeros(_BINS, dtype="<u2"), np.full(_BINS, _EMPTY, dtype=np.uint8)
    rows = dict(reversed(list(_rows(words))))  # of rows that repeat, the first
    hashes = np.array([_hash(row) for row in rows], dtype=np.uint64)
    where = np.array(list(rows.values()), dtype=np.uint64) * _PLACES // max(len(words), 1)
    order = np.argsort(hashes, kind="stable")[::-1]  # the smallest of a bin is written last
    bins = (hashes[order] >> np.uint64(64 - 9)).astype(np.int64)
    values[bins] = (hashes[order] & np.uint64(0xFFFF)).astype("<u2")
    places[bins] = where[order].astype(np.uint8)
    return digest + values.tobytes() + places.tobytes()


def _rows(words: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Every row of each sort with the number of the word where it begins."""
    for start in range(len(words) - 2):
        yield " ".join(words[start : start + 3]), start
    small = [(place, word) for place, word in enumerate(words) if word in _SMALL]
    for start in range(len(small) - 5):
        yield "~ " + " ".join(word for _, word in small[start : start + 6]), small[start][0]
    frame = [word if word in _SMALL else "·" for word in words]
    for start in range(len(frame) - 6):
        row = frame[start : start + 7]
        if row.count("·") <= 4:
            yield " ".join(row), start


def _hash(row: str) -> int:
    return int.from_bytes(hashlib.blake2b(row.encode(), digest_size=8).digest(), "little")


def age_of(document: Document) -> tuple[bool, str, str]:
    """First-hand before third-hand and older before newer, unknown dates last, so that the original leads its group.

    A copy tells of the same interview day, so the day of publishing decides after it.
    """
    when = (str(one.first) if one else "9999" for one in (document.reported, document.published))
    return document.account != "first_person", " ".join(when), document.id


def group(entries: Sequence[Fingerprinted]) -> dict[str, str]:
    """For each document's id the id of its group's leader, alone or not; the same whatever the order of the entries.

    Only sources' own texts are compared, each kind with its like; digests and cards are ours and stand alone.
    """
    ordered = sorted({entry.id: entry for entry in entries}.values(), key=lambda entry: entry.age)
    leader = list(range(len(ordered)))
    for kind in sorted({entry.kind for entry in ordered}):
        places = [i for i, entry in enumerate(ordered) if entry.kind == kind and entry.form == "verbatim"]
        for one, other in _copies([ordered[place].fingerprint for place in places], kind):
            first, second = sorted((_leader(leader, places[one]), _leader(leader, places[other])))
            leader[second] = first
    return {entry.id: ordered[_leader(leader, place)].id for place, entry in enumerate(ordered)}


def _leader(leader: list[int], place: int) -> int:
    while leader[place] != place:
        leader[place] = leader[leader[place]]
        place = leader[place]
    return place


def group_near_duplicates(documents: Sequence[Document]) -> list[Document]:
    """The documents with `duplicate_group` set: the id of the group's earliest first-hand member, alone or not."""
    entries = [
        Fingerprinted(
            document.id,
            fingerprint(document.text) if document.form == "verbatim" else b"",
            age_of(document),
            document.form,
            document.kind,
        )
        for document in documents
    ]
    groups = group(entries)
    return [document.model_copy(update={"duplicate_group": groups[document.id]}) for document in documents]


def _copies(fingerprints: Sequence[bytes], kind: DocumentKind) -> Iterator[tuple[int, int]]:
    """The pairs of places where one text is a copy of the other."""
    if len(fingerprints) < 2:
        return
    digests: dict[bytes, int] = {}
    for place, print_ in enumerate(fingerprints):
        if (first := digests.setdefault(print_[:_DIGEST], place)) != place:
            yield first, place
    samples = _Samples.of(fingerprints)
    pairs = samples.candidates()
    floor = _SAME_POSTING if kind == "role_description" else _ALIKE
    for start in range(0, len(pairs), _CHUNK):
        chunk = pairs[start : start + _CHUNK]
        yield from ((int(one), int(other)) for one, other in chunk[samples.confirmed(chunk, floor)])


@dataclass(frozen=True)
class _Samples:
    """The fingerprints as arrays: values [n, bins] and places [n, bins]."""

    values: "NDArray[np.uint16]"
    places: "NDArray[np.uint8]"

    @classmethod
    def of(cls, fingerprints: Sequence[bytes]) -> "_Samples":
        raw = np.frombuffer(b"".join(fingerprints), dtype=np.uint8).reshape(len(fingerprints), -1)[:, _DIGEST:]
        values = np.ascontiguousarray(raw[:, : 2 * _BINS]).view("<u2")
        return cls(values, np.ascontiguousarray(raw[:, 2 * _BINS :]))

    def candidates(self) -> "NDArray[np.int64]":
        """Pairs that agree in two neighbouring bins, shape [m, 2], sorted."""
        both, filled = self.values.astype(np.uint32), self.places != _EMPTY
        known = np.empty(0, dtype=np.int64)
        found: list[NDArray[np.int64]] = []
        for left, right in pairwise(range(_BINS)):
            keys = both[:, left] << np.uint32(16) | both[:, right]
            found.extend(_agreeing(keys, np.flatnonzero(filled[:, left] & filled[:, right]), len(both)))
            if sum(map(len, found)) > max(_MANY, len(known)):
                known, found = np.unique(np.concatenate([known, *found])), []
        known = np.unique(np.concatenate([known, *found]))
        return np.stack(np.divmod(known, len(both)), axis=1)

    def confirmed(self, pairs: "NDArray[np.int64]", floor: float) -> "NDArray[np.bool_]":
        """Which pairs agree in enough of the bins, over enough of one of the texts."""
        one, other = pairs.T
        filled = (self.places[one] != _EMPTY, self.places[other] != _EMPTY)
        agree = (self.values[one] == self.values[other]) & filled[0] & filled[1]
        counts = np.count_nonzero(agree, axis=1)
        enough = (counts >= _FEWEST_AGREEING) & (counts >= floor * np.count_nonzero(filled[0] | filled[1], axis=1))
        one, other, agree = one[enough], other[enough], agree[enough]
        spread = np.maximum(_spread(self.places[one], agree), _spread(self.places[other], agree))
        enough[enough] = spread >= _SPREAD
        return np.asarray(enough)


def _agreeing(keys: "NDArray[np.uint32]", rows: "NDArray[np.int64]", total: int) -> Iterator["NDArray[np.int64]"]:
    """The pairs of rows with the same key, each as one number: the smaller times `total` plus the larger."""
    order = rows[np.argsort(keys[rows], kind="stable")]
    starts = np.flatnonzero(np.diff(keys[order], prepend=~keys[order[:1]]))
    sizes = np.diff(starts, append=len(order))
    for size in np.unique(sizes[sizes > 1]):
        same = order[starts[sizes == size][:, None] + np.arange(size)]
        one, other = np.triu_indices(size, k=1)
        yield (same[:, one] * total + same[:, other]).ravel()


def _spread(places: "NDArray[np.uint8]", agree: "NDArray[np.bool_]") -> "NDArray[np.float64]":
    """The share of the segments of a text in which rows agree, for each text; what agrees by chance is not counted."""
    segments = places.astype(np.int64) * _SEGMENTS // _PLACES
    counts = np.stack([(agree & (segments == segment)).sum(axis=1) for segment in range(_SEGMENTS)], axis=1)
    enough = np.maximum(counts.mean(axis=1, keepdims=True) * _OF_MEAN, 1)
    return np.asarray((counts >= enough).mean(axis=1))
