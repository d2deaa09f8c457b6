"""What the screening finds in real texts: personal data, and text that speaks to a language model.

    python -m tests.bench.bench_screening [--show]

Personal data: see bench_personal.py. Attacks are the 263 of compass/dataset, which are put to a chat assistant of a
newspaper. orders.tsv says (sha256 of the text, class) which of them have a form that a page could carry:

- `order`: takes back or asks for what the model was told, or gives it another task; the form of an indirect injection
- `role`: gives the model a role, or dictates its answer, and says nothing of what it was told before
- `plain`: a question or request that could be put to anybody, or a story; nothing in its form gives it away

They are halved by their first letters, since many repeat one another with another question before them; translations
fall into both halves. Then the Chinese ones of compass/interactive, the injected page, and as false alarms the
paragraphs of the real pages and our own cards. Exit code 1 when more than `MOST` of a group's paragraphs are marked.
"""

import argparse
import csv
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from brain.catalog import SHIPPED
from brain.screening import instruction_spans
from tests.bench import bench_personal
from tests.bench.material import INTERVIEWS, JOBS, MATERIAL, OTHERS, QUESTIONS, Sample, samples

CLASSES = Path(__file__).with_name("orders.tsv")
INJECTION = MATERIAL / "injection"
MOST = 0.01
_NO_MATERIAL = 2


def read_rows(path: Path) -> Iterator[list[str]]:
    """The rows of a CSV file without its head."""
    with path.open(encoding="utf-8", errors="replace", newline="") as lines:
        rows = csv.reader(lines)
        next(rows)
        yield from rows


def read_classes() -> dict[str, str]:
    """The class of each attack, by the sha256 of its text."""
    with CLASSES.open(encoding="ascii", newline="") as lines:
        return dict(csv.reader(lines, delimiter="\t"))


def held_out(text: str) -> bool:
    """Whether an attack is in the half that the rules were first judged on."""
    start = "".join(one for one in text.lower() if one.isalnum())[:12]
    return int(hashlib.sha256(start.encode()).hexdigest(), 16) % 2 == 1


def attacks(*, show: bool) -> None:
    """Print how many attacks of each class are found, in both halves."""
    classes = read_classes()
    there: Counter[tuple[bool, str]] = Counter()
    found: Counter[tuple[bool, str]] = Counter()
    for text, *_ in read_rows(INJECTION / "compass" / "dataset_dataset.csv"):
        group = (held_out(text), classes[hashlib.sha256(text.encode()).hexdigest()])
        there[group] += 1
        found[group] += bool(instruction_spans(text))
        if show and not instruction_spans(text) and group[1] != "plain":
            print(f"missed ({group[1]}): {text[:120]!r}")
    for half, name in sorted(there):
        where = "held-out" if half else "tuned"
        print(f"  {name:<6} {where:<9} found {found[half, name]}/{there[half, name]}")
    chinese = {row[3] for row in read_rows(INJECTION / "compass" / "data_format_interactive_attack.csv")}
    print(f"  Chinese, interactive: found {sum(bool(instruction_spans(text)) for text in chinese)}/{len(chinese)}")
    page = (INJECTION / "mochi-page" / "index.html").read_text("utf-8")
    print(f"  injected page, as it stands: {len(instruction_spans(page))} stretches marked")


def marked(texts: Iterable[str]) -> tuple[int, int]:
    """How many paragraphs the texts have, and how many of them are marked."""
    there = hit = 0
    for text in texts:
        spans, start = instruction_spans(text), 0
        for paragraph in text.split("\n\n"):
            end = start + len(paragraph)
            there += bool(paragraph.strip())
            hit += bool(paragraph.strip()) and any(first < end and start < last for first, last in spans)
            start = end + 2
    return there, hit


def false_alarms(*, show: bool) -> bool:
    """Print how many paragraphs are marked that nobody wrote for a model; whether they are few enough."""
    groups: dict[str, list[Sample]] = {}
    for sample in samples(*INTERVIEWS, *JOBS, *QUESTIONS, *OTHERS):
        groups.setdefault(f"{sample.folder}, {'held-out' if sample.held_out else 'tuned'}", []).append(sample)
        if show and (spans := instruction_spans(sample.text)):
            print(f"marked in {sample.key}: {[sample.text[start:end][:120] for start, end in spans]}")
    worst = 0.0
    for name, group in sorted(groups.items()):
        there, hit = marked(sample.text for sample in group)
        worst = max(worst, hit / there)
        print(f"  {name:<35} {hit}/{there} paragraphs of {len(group)} texts")
    there, hit = marked(card.read_text("utf-8") for card in sorted(SHIPPED.glob("knowledge/*/*.md")))
    print(f"  {'our own cards':<35} {hit}/{there} paragraphs")
    return worst <= MOST and not hit


def main() -> int:
    """Print both measurements."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--show", action="store_true", help="print what was missed and what was taken in error")
    show = arguments.parse_args().show
    if not MATERIAL.is_dir():
        print(f"needs {MATERIAL}")
        return _NO_MATERIAL
    bench_personal.measure(show=show)
    print("\ntext that speaks to a language model")
    attacks(show=show)
    print("\nmarked in error")
    return 0 if false_alarms(show=show) else 1


if __name__ == "__main__":
    raise SystemExit(main())
