"""How much personal data `brain.personal` finds in real texts, and what it removes without need.

    python -m tests.bench.bench_personal [--show]

The labels in personal.tsv hold no text: a line names a text by the sha256 of its key (a path in ../shared/realworld),
the kind of the item, how many words it has, and the sha256 of these words together with the text's. So a label is found
in the text by trying every run of that many words. All texts of the folders were read for them; what a label does not
name is not personal data. `public` are names of persons of public standing, which should stay.

An item counts as found when all its words were removed. The texts are halved by their source: the rules were written
from one half. `--show` prints each miss and each false removal, from the material and to the terminal only.
"""

import argparse
import csv
import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from brain.personal import Found, personal_spans
from tests.bench.material import INTERVIEWS, JOBS, MATERIAL, OTHERS, QUESTIONS, Sample, samples

LABELS = Path(__file__).with_name("personal.tsv")
KINDS = ("e-mail", "phone number", "handle", "profile", "name")
PUBLIC = "public"
_NO_MATERIAL = 2
_WORD = re.compile(r"[^\W_]+")

Label = tuple[str, int, str]
"""Kind, number of words, sha256."""


@dataclass
class Tally:
    """Counts of one set of texts by kind: items there are, items found, removals, removals of nothing labelled."""

    texts: int = 0
    items: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    removed: Counter[str] = field(default_factory=Counter)
    false: Counter[str] = field(default_factory=Counter)


def hashed(sample: Sample, words: tuple[str, ...]) -> str:
    """What stands for these words of this text in the labels."""
    return hashlib.sha256("\0".join((sample.digest, *words)).encode()).hexdigest()


def words_of(text: str) -> list[tuple[str, int, int]]:
    """Each word, casefolded, with its start and end."""
    return [(match[0].casefold(), match.start(), match.end()) for match in _WORD.finditer(text)]


def read_labels() -> dict[str, list[Label]]:
    """The labels of each text, by its digest."""
    labels: dict[str, list[Label]] = defaultdict(list)
    with LABELS.open(encoding="ascii", newline="") as lines:
        for digest, kind, count, item in csv.reader(lines, delimiter="\t"):
            labels[digest].append((kind, int(count), item))
    return labels


def located(sample: Sample, labels: list[Label]) -> Iterator[Found]:
    """Every place where a labelled item stands; within a longer item, a shorter one counts no second time."""
    words = words_of(sample.text)
    taken: set[int] = set()
    for length in sorted({count for _, count, _ in labels}, reverse=True):
        kinds = {item: kind for kind, count, item in labels if count == length}
        for place in range(len(words) - length + 1):
            run = words[place : place + length]
            kind = kinds.get(hashed(sample, tuple(word for word, _, _ in run)))
            if kind and place not in taken:
                taken.update(range(place, place + length))
                yield Found(run[0][1], run[-1][2], kind)


def tally(sample: Sample, labels: list[Label], total: Tally) -> Iterator[tuple[str, Found]]:
    """Add the text's counts; yields what went wrong and where."""
    items, removed = list(located(sample, labels)), personal_spans(sample.text)
    total.texts += 1
    for item in items:
        total.items[item.kind] += 1
        gone = any(one.start <= item.start and item.end <= one.end for one in removed)
        total.found[item.kind] += gone
        if gone == (item.kind == PUBLIC):
            yield ("public name removed" if gone else "missed"), item
    for one in removed:
        total.removed[one.kind] += 1
        if not any(item.start < one.end and one.start < item.end for item in items):
            total.false[one.kind] += 1
            yield "false removal", one


def print_tally(name: str, total: Tally) -> None:
    """Print one set's counts, kind by kind."""
    print(f"\n{name}: {total.texts} texts, {sum(total.items.values()) - total.items[PUBLIC]} items")
    for kind in KINDS:
        right = total.removed[kind] - total.false[kind]
        print(
            f"  {kind:<13} found {total.found[kind]}/{total.items[kind]}, removals right {right}/{total.removed[kind]}"
        )
    print(f"  {'public names':<13} removed {total.found[PUBLIC]}/{total.items[PUBLIC]}")


def measure(*, show: bool) -> None:
    """Print recall and false removals of each kind for the tuned and the held-out sources, and for other pages."""
    labels = read_labels()
    totals = {"tuned sources": Tally(), "held-out sources": Tally(), "other web pages": Tally()}
    for sample in samples(*INTERVIEWS, *JOBS, *QUESTIONS, *OTHERS):
        name = list(totals)[2 if sample.folder in OTHERS else sample.held_out]
        for what, place in tally(sample, labels.get(sample.digest, []), totals[name]):
            if show:
                around = " ".join(sample.text[max(0, place.start - 40) : place.end + 30].split())
                print(f"{what} ({place.kind}) in {sample.key}: {around}")
    for name, total in totals.items():
        print_tally(name, total)


def main() -> int:
    """Run the benchmark."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--show", action="store_true", help="print each miss and each false removal")
    show = arguments.parse_args().show
    if not MATERIAL.is_dir():
        print(f"needs {MATERIAL}")
        return _NO_MATERIAL
    measure(show=show)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
