"""How well `ingest.mine` finds hand-labelled questions, beside a baseline that takes every sentence ending in "?".

    python -m tests.bench.bench_mining LABELS [--texts FOLDER] [--negatives FOLDER] [--show]

LABELS is a folder of JSONL files, one measured set each; a line is
`{"path": relative to the folder of texts, "questions": [{"quote", "kind", "follow_up"}]}`.
A found question and a labelled one match when the token F1 of their quotes is at least 0.6, one to one, best pairs
first. Questions that the candidate asked are scored apart. Kind accuracy is over matched pairs. The bounds are a 95%
bootstrap over documents, since the questions of one document are not independent.
"""

import argparse
import json
import random
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from brain.sentences import sentences
from ingest.blocks import blocks
from ingest.mine import mine

ROOT = Path(__file__).resolve().parents[2]

TEXTS = ROOT.parent / "shared" / "realworld"
THRESHOLD = 0.6
RESAMPLES = 2_000


@dataclass(frozen=True)
class Ask:
    """A labelled or found question, as far as it is scored."""

    quote: str
    kind: str
    follow_up: bool = False


@dataclass(frozen=True)
class Score:
    """Counts of one document: pairs matched, with the same kind, with the same follow-up flag; found; labelled."""

    matched: int
    same_kind: int
    same_follow_up: int
    found: int
    labelled: int


Finder = Callable[[str], list[Ask]]


def by_rules(text: str) -> list[Ask]:
    """What the miner finds."""
    return [Ask(one.quote, one.kind, one.follow_up) for one in mine(text)]


def by_question_marks(text: str) -> list[Ask]:
    """The baseline: every sentence that ends in "?"."""
    units = [(block.plain, span) for block in blocks(text) for span in sentences(block.plain)]
    return [Ask(plain[a:b], "concept") for plain, (a, b) in units if plain[a:b].rstrip("\"'”’)").endswith("?")]


def read_text(path: Path) -> str:
    """A page as the Markdown that ingest would keep, or a text file as it is; NFC."""
    if path.suffix.lower() in (".html", ".htm"):
        import trafilatura

        text = trafilatura.extract(
            path.read_bytes(), output_format="markdown", include_formatting=True, include_links=False
        )
        return unicodedata.normalize("NFC", text or "")
    return unicodedata.normalize("NFC", path.read_text(encoding="utf-8", errors="replace"))


def token_f1(first: str, second: str) -> float:
    """Harmonic mean of token precision and recall, as in SQuAD (Rajpurkar et al. 2016), without stop words removed."""
    one, two = (Counter(re.findall(r"\w+", side.lower())) for side in (first, second))
    shared = sum((one & two).values())
    return 2 * shared / (one.total() + two.total()) if shared else 0.0


def pairs(found: Sequence[Ask], labelled: Sequence[Ask]) -> list[tuple[int, int]]:
    """One-to-one pairs (index in found, index in labelled), best F1 first."""
    scored = [(token_f1(one.quote, two.quote), i, j) for i, one in enumerate(found) for j, two in enumerate(labelled)]
    taken: list[tuple[int, int]] = []
    for value, i, j in sorted(scored, key=lambda row: (-row[0], row[1], row[2])):
        if value >= THRESHOLD and all(i != a and j != b for a, b in taken):
            taken.append((i, j))
    return taken


def score(found: Sequence[Ask], labelled: Sequence[Ask], *, candidate: bool = False) -> Score:
    """Counts for the interviewers' questions of one document, or with `candidate` for the candidate's."""
    mined = [ask for ask in found if (ask.kind == "candidate_question") == candidate]
    wanted = [ask for ask in labelled if (ask.kind == "candidate_question") == candidate]
    matched = pairs(mined, wanted)
    kinds = sum(mined[i].kind == wanted[j].kind for i, j in matched)
    follow = sum(mined[i].follow_up == wanted[j].follow_up for i, j in matched)
    return Score(len(matched), kinds, follow, len(mined), len(wanted))


def total(scores: Iterable[Score]) -> Score:
    """Counts summed over documents (micro average)."""
    columns = list(zip(*[(s.matched, s.same_kind, s.same_follow_up, s.found, s.labelled) for s in scores], strict=True))
    return Score(*[sum(column) for column in columns]) if columns else Score(0, 0, 0, 0, 0)


def ratio(part: int, whole: int) -> float | None:
    """A share, or None where there is nothing to share."""
    return part / whole if whole else None


def interval(scores: Sequence[Score], measure: Callable[[Score], float | None]) -> str:
    """The value and its 95% bootstrap interval over documents."""
    value = measure(total(scores))
    if value is None:
        return "n/a"
    rng = random.Random(0)  # noqa: S311 - resampling, not secrecy
    drawn = [measure(total(rng.choices(scores, k=len(scores)))) for _ in range(RESAMPLES)]
    kept = sorted(one for one in drawn if one is not None)
    return f"{value:.2f} [{kept[int(0.025 * len(kept))]:.2f}, {kept[int(0.975 * len(kept)) - 1]:.2f}]"


def read_labels(path: Path) -> dict[str, list[Ask]]:
    """One measured set: the labelled questions of each document."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return {
        row["path"]: [Ask(q["quote"], q["kind"], bool(q.get("follow_up"))) for q in row["questions"]] for row in rows
    }


def table(labels: dict[str, list[Ask]], texts: dict[str, str]) -> list[str]:
    """Lines of the table for one measured set."""
    lines = []
    for name, finder in (("rules", by_rules), ("ends in '?'", by_question_marks)):
        found = {path: finder(texts[path]) for path in labels}
        scores = [score(found[path], labels[path]) for path in labels]
        own = total([score(found[path], labels[path], candidate=True) for path in labels])
        cells = [
            interval(scores, lambda s: ratio(s.matched, s.found)),
            interval(scores, lambda s: ratio(s.matched, s.labelled)),
            interval(scores, lambda s: ratio(2 * s.matched, s.found + s.labelled)),
            interval(scores, lambda s: ratio(s.same_kind, s.matched)),
            interval(scores, lambda s: ratio(s.same_follow_up, s.matched)),
        ]
        lines.append(
            f"| {name} | {total(scores).found} | {' | '.join(cells)} | {own.matched}/{own.found}/{own.labelled} |"
        )
    return lines


def differences(labels: dict[str, list[Ask]], texts: dict[str, str]) -> Iterable[str]:
    """Every miss (-), false find (+) and wrong kind (~), document by document."""
    for path, wanted in labels.items():
        found = by_rules(texts[path])
        matched = pairs(found, wanted)
        yield f"== {path}: {len(matched)} of {len(wanted)} labelled, {len(found)} found"
        yield from (f"  - {a.kind}: {a.quote}" for j, a in enumerate(wanted) if all(j != b for _, b in matched))
        yield from (f"  + {a.kind}: {a.quote}" for i, a in enumerate(found) if all(i != b for b, _ in matched))
        wrong = [(found[i], wanted[j]) for i, j in matched if found[i].kind != wanted[j].kind]
        yield from (f"  ~ {one.kind}, labelled {two.kind}: {two.quote}" for one, two in wrong)


def negatives(folder: Path) -> Iterable[str]:
    """Questions per page of pages that report no interview."""
    for path in sorted(folder.rglob("*.html")):
        text = read_text(path)
        yield f"| {path.relative_to(folder)} | {len(by_rules(text))} | {len(by_question_marks(text))} |"


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("labels", type=Path, help="folder of JSONL files")
    parser.add_argument("--texts", type=Path, default=TEXTS)
    parser.add_argument("--negatives", type=Path, help="folder of pages without reported questions")
    parser.add_argument("--show", action="store_true", help="list misses and false finds")
    chosen = parser.parse_args()
    for path in sorted(chosen.labels.rglob("*.jsonl")):
        labels = read_labels(path)
        texts = {name: read_text(chosen.texts / name) for name in labels}
        count = sum(ask.kind != "candidate_question" for asks in labels.values() for ask in asks)
        print(f"\n{path.relative_to(chosen.labels)}: {len(labels)} documents, {count} labelled questions\n")
        print("| finder | found | precision | recall | F1 | kind | follow-up | candidate's (match/found/labelled) |")
        print("|---|---|---|---|---|---|---|---|")
        print("\n".join(table(labels, texts)))
        if chosen.show:
            print("\n".join(differences(labels, texts)))
    if chosen.negatives:
        print("\n| page without reports | rules | ends in '?' |\n|---|---|---|")
        print("\n".join(negatives(chosen.negatives)))


if __name__ == "__main__":
    main()
