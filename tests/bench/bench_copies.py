"""Which spun copies `ingest.duplicates` finds, at which strength, and whether it takes different reports for copies.

    python -m tests.bench.bench_copies [--many N] [--vectors]

Material: every report of ../shared/realworld (twins of a page as HTML and Markdown are true pairs), each also spun by
`tests/ingest/spinning.py` with three seeds, and our own report, spun and written anew by hand. For comparison, the
word-triple MinHash estimate that groups were made by before (Jaccard of at least 0.5), and with `--vectors` the cosines
of passages. `--many` groups N texts of sentences drawn at random from the material, for time and memory.
"""

import argparse
import itertools
import random
import re
import resource
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ingest.duplicates import Fingerprinted, fingerprint, group
from tests.bench.material import INTERVIEWS, MATERIAL, Sample, samples
from tests.ingest.spinning import spun

ROOT = Path(__file__).resolve().parents[2]
STRENGTHS = (0.2, 0.4, 0.6, 0.8, 1.0)
SEEDS = (0, 1, 2)


def entries_of(texts: Sequence[str]) -> list[Fingerprinted]:
    """The texts as grouping takes them, called by their places."""
    return [
        Fingerprinted(f"{place:06}", fingerprint(text), (False, "", f"{place:06}")) for place, text in enumerate(texts)
    ]


def joined(one: str, other: str) -> bool:
    """Whether two texts fall into one group."""
    return len(set(group(entries_of([one, other])).values())) == 1


def triples(text: str) -> set[tuple[str, ...]]:
    """The rows of three words."""
    words = re.findall(r"\w+", text.casefold())
    return {tuple(words[start : start + 3]) for start in range(len(words) - 2)}


def by_triples(one: str, other: str) -> bool:
    """The rule before: half of the word triples."""
    first, second = triples(one), triples(other)
    return len(first & second) >= 0.5 * max(len(first | second), 1)


def reports() -> list[Sample]:
    """Every report of at least 40 words in English."""
    kept = (one for one in samples("interviews_html", "interviews_md") if len(one.text.split()) >= 40)
    return [one for one in kept if "Bipartite-Graph" not in one.key]


def pairs_among(found: Sequence[Sample]) -> None:
    """Print the pairs among the reports, and the closest that are none."""
    groups = group(entries_of([one.text for one in found]))
    together = [(found[int(leader)].key, found[int(name)].key) for name, leader in groups.items() if name != leader]
    print(f"{len(found)} reports, {len(found) * (len(found) - 1) // 2} pairs; taken for copies: {len(together)}")
    for one, other in together:
        print(f"  {one} = {other}")


def spun_copies(found: Sequence[Sample]) -> None:
    """Print how many spun copies join their originals."""
    print("\n| strength | copies | found | found by word triples | missed |\n|---|---|---|---|---|")
    for strength in STRENGTHS:
        copies = [(one, spun(one.text, strength, seed)) for one in found for seed in SEEDS]
        caught = [joined(one.text, copy) for one, copy in copies]
        before = sum(by_triples(one.text, copy) for one, copy in copies)
        missed = {one.key.rpartition("/")[2] for (one, _), hit in zip(copies, caught, strict=True) if not hit}
        print(f"| {strength} | {len(copies)} | {sum(caught)} | {before} | {', '.join(sorted(missed)) or '-'} |")


def by_hand() -> dict[str, str]:
    """Our own report, a copy spun by hand, and one written anew."""
    import trafilatura

    page = (ROOT / "tests" / "site" / "reports" / "ana-2024.html").read_text("utf-8")
    folder = ROOT / "tests" / "resources" / "copies"
    original = trafilatura.extract(page, output_format="markdown", include_formatting=True, include_comments=False)
    return {"original": str(original)} | {path.stem: path.read_text("utf-8") for path in sorted(folder.glob("*.md"))}


def cosines(found: Sequence[Sample]) -> None:
    """Print how close passages are: of copies, and of the closest different reports."""
    from brain.embedding import load_embedder
    from ingest.materials import Screened
    from ingest.split import split
    from tests.ingest.working import document

    with tempfile.TemporaryDirectory() as home:
        embedder = load_embedder("minilm-int8", Path(home), 0)

        def vectors(text: str) -> np.ndarray:
            passages = split(
                Screened(document=document("x", text)), embedder.tokenizer_file(), embedder.max_tokens
            ).passages
            return np.asarray(embedder.embed([one.text for one in passages]))

        def near(one: np.ndarray, other: np.ndarray) -> float:
            table = one @ other.T
            return float(table.max(axis=1).mean() + table.max(axis=0).mean()) / 2

        of_reports = [vectors(one.text) for one in found]
        closest = sorted((near(a, b) for a, b in itertools.combinations(of_reports, 2)), reverse=True)
        hand = {name: vectors(text) for name, text in by_hand().items()}
        print(
            "\nmean best cosine of passages:", ", ".join(f"{value:.2f}" for value in closest[:12]), "among the reports"
        )
        for name, copy in hand.items():
            print(f"  original and {name}: {near(hand['original'], copy):.2f}")


def many(number: int) -> None:
    """Print time and memory for many texts."""
    pieces = [piece for one in samples(*INTERVIEWS) for piece in re.split(r"(?<=[.!?])\s+|\n+", one.text)]
    pieces = [piece for piece in pieces if len(piece.split()) >= 6]
    rng = random.Random(1)  # noqa: S311 - texts to measure with
    began = time.perf_counter()
    entries = entries_of(["\n".join(rng.sample(pieces, 25)) for _ in range(number)])
    printed, base = time.perf_counter() - began, _peak()
    began = time.perf_counter()
    groups = len(set(group(entries).values()))
    seconds = time.perf_counter() - began
    print(f"\n{number} texts from {len(pieces)} sentences: {1_000 * printed / number:.2f} ms a fingerprint, grouped in")
    print(f"{seconds:.1f} s into {groups} groups; peak {base} MB before, {_peak()} MB after")


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1_000


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--many", type=int, default=0)
    parser.add_argument("--vectors", action="store_true")
    chosen = parser.parse_args()
    if not MATERIAL.exists():
        raise SystemExit(f"{MATERIAL} is absent")
    found = reports()
    pairs_among(found)
    spun_copies(found)
    hand = by_hand()
    for name, text in hand.items():
        print(f"by hand: {name}: {'found' if joined(hand['original'], text) else 'missed'}")
    if chosen.vectors:
        cosines(found)
    if chosen.many:
        many(chosen.many)


if __name__ == "__main__":
    main()
