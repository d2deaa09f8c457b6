"""How well `ingest.nature` tells reports, postings and other pages apart, beside a linear classifier.

    python -m tests.bench.bench_nature [--show]

Labels follow the folders of ../shared/realworld, checked by hand, with the exceptions below. Sources are halved by
their name (`material.Sample.held_out`): rules were written on one half, figures count on the other. The classifier is
a logistic regression (ridge, Newton steps) over the same counts, fitted on the half that the rules were written on.
"""

import argparse
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ingest.nature import _COURSE, _FENCE, _MARKUP, _WITH_A_PERSON, _cues, _Page, nature_of
from tests.bench.material import MATERIAL, Sample, samples

FOLDERS = (
    "interviews_html", "interviews_md", "interviews_html_negative", "interviews_json", "jobs_html", "jobs_text",
    "questions", "injection", "ugly_html",
)  # fmt: skip
# A problem without a tale, a summer without an interview, and two captures of other pages' beginnings.
NONE = ("Bipartite-Graph", "microsoft-internship", "leetcode-feed/index")
# A view on interviewing with a paragraph about eight onsites: neither label would be wrong.
OPEN = ("new-grad-interview-thoughts",)
CLASSES = ("report", "posting", "none")


def label(sample: Sample) -> str:
    """What a page is, as labelled by hand."""
    if sample.folder.startswith("jobs"):
        return "posting"
    report = sample.folder in {"interviews_html", "interviews_md"} and not any(part in sample.key for part in NONE)
    return "report" if report else "none"


def pages() -> list[Sample]:
    """Every labelled page of at least 40 words; captures of single posts are left out, being cut off."""
    kept = (one for one in samples(*FOLDERS) if one.key.rpartition("#")[0].endswith((".html", ".md", ".mdx", ".txt")))
    return [one for one in kept if len(one.text.split()) >= 40 and not any(part in one.key for part in OPEN)]


def title_of(sample: Sample) -> str:
    """The first heading, else the name of the file."""
    first = next((line for line in sample.text.splitlines() if line.startswith("# ")), "")
    return first.strip("# ") or sample.key.rpartition("/")[2].partition(".")[0]


def features(sample: Sample) -> list[float]:
    """The counts that the rules look at, and the same for each thousand words."""
    page = _Page(title_of(sample), _MARKUP.sub(" ", _FENCE.sub("", sample.text)))
    counts = [page.told, page.outlined, page.own, page.advised, page.teasers]
    cues = [page.posting, page.guidance, _cues(_COURSE, page.text), _cues(_WITH_A_PERSON, page.text)]
    shares = [page.asks, np.log1p(page.words)]
    return [1.0, *np.log1p(counts), *(page.per_thousand(count) / 10 for count in counts), *cues, *shares]


def fitted(rows: NDArray[np.float64], wanted: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weights of a logistic regression with a ridge of 1, by Newton's method."""
    weights = np.zeros(rows.shape[1])
    for _ in range(50):
        chance = 1 / (1 + np.exp(-np.clip(rows @ weights, -30, 30)))
        curve = (rows * (chance * (1 - chance))[:, None]).T @ rows + np.eye(rows.shape[1])
        weights -= np.linalg.solve(curve, rows.T @ (chance - wanted) + weights)
    return weights


def by_classifier(seen: Sequence[Sample], asked: Sequence[Sample]) -> list[str]:
    """One against the rest for each class; the highest wins."""
    rows, labels = np.array([features(one) for one in seen]), [label(one) for one in seen]
    columns = [fitted(rows, np.array([found == name for found in labels], dtype=float)) for name in CLASSES]
    scores = np.array([features(one) for one in asked]) @ np.array(columns).T
    return [CLASSES[place] for place in scores.argmax(axis=1)]


def main() -> None:
    """Print one table for each half."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--show", action="store_true", help="list every wrong page")
    show = parser.parse_args().show
    if not MATERIAL.exists():
        raise SystemExit(f"{MATERIAL} is absent")
    found = pages()
    written = [one for one in found if not one.held_out]
    for name, half in (("written on", written), ("held out", [one for one in found if one.held_out])):
        rules = [nature_of(title_of(one), one.text) for one in half]
        linear = by_classifier(written, half)
        print(f"\n{name}: {len(half)} pages\n\n| folder | label | pages | rules right | classifier right |")
        print("|---|---|---|---|---|")
        right: Counter[tuple[str, str, str]] = Counter()
        for one, verdict, guess in zip(half, rules, linear, strict=True):
            key = (one.folder, label(one))
            right[*key, "pages"] += 1
            right[*key, "rules"] += verdict.nature == label(one)
            right[*key, "linear"] += guess == label(one)
            if show and verdict.nature != label(one):
                print(f"  {one.key}: {label(one)}, but {verdict.nature} ({verdict.reason})")
        for folder, wanted in sorted({(one.folder, label(one)) for one in half}):
            cells = (str(right[folder, wanted, column]) for column in ("pages", "rules", "linear"))
            print(f"| {folder} | {wanted} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
