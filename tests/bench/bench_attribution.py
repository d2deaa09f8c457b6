"""How well pages are given to companies and roles: every page against every company that any page is about.

    python -m tests.bench.bench_attribution [--show]

The company of a page is that of MANIFEST.tsv, or of the name of its file or folder where that is the source's habit.
Accepted are pages of which something is kept. Sources are halved by their name as in `material`: rules were written on
one half. Pages about several companies are listed one by one.
"""

import argparse
import csv
import re
from collections import Counter
from collections.abc import Sequence

from ingest.attribute import Attribution, attribute
from ingest.companies import Directory
from ingest.roles import RoleNames, role_of
from tests.bench.bench_nature import title_of
from tests.bench.material import MATERIAL, Sample, samples

ALIASES: dict[str, tuple[str, ...]] = {
    "Amazon": ("AWS", "Amazon Web Services"),
    "Meta": ("Facebook",),
    "American Express": ("Amex",),
    "Goldman Sachs": ("Goldman",),
    "Publicis Sapient": ("Sapient",),
    "Kotak Bank": ("Kotak", "Kotak Mahindra Bank"),
    "TrueFoundary": ("TrueFoundry",),
    "Debales.Ai": ("Debales", "Debales AI"),
    "WeLaunch.Ai": ("WeLaunch",),
    "Alyne Group": ("Alyne",),
}
SPELLED = {
    "Arctic-Wolf": "Arctic Wolf", "KotakBank": "Kotak Bank", "GoldmanSachs": "Goldman Sachs",
    "Publicis": "Publicis Sapient", "Tech": "Tech Mahindra", "Amazon (Audible)": "Audible", "MathWork": "MathWorks",
}  # fmt: skip
SEVERAL = ("new-grad-interview-thoughts", "placement-interviews", "Hello-Airbnb")
ENGINEER = RoleNames(("Software Engineer", "Software Development Engineer", "SDE", "SWE", "Software Engineering"))
SCIENTIST = RoleNames(("Data Scientist",), ("Machine Learning Engineer", "Applied Scientist"))


def companies() -> dict[str, str]:
    """The company of each page that the manifest or a file's name tells."""
    with (MATERIAL / "MANIFEST.tsv").open(encoding="utf-8", newline="") as lines:
        told = {row["path"]: row["company"] for row in csv.DictReader(lines, delimiter="\t")}
    found = {path: company or _by_name(path) for path, company in told.items() if path.startswith("interviews_")}
    return {path: SPELLED.get(company, company) for path, company in found.items() if company}


def _by_name(path: str) -> str:
    name = path.rpartition("/")[2]
    if "saumyadip25" in path:
        return name.removesuffix(".md")
    if "mastermind-prep" in path:
        return name.split("_")[1]
    if "singhharcharan" in path:
        numbered = re.match(r"\d+\._?(.+?)_(?:remote|onsite|Hybrid|On_Site)", name, re.IGNORECASE)
        return numbered[1].replace("_", " ") if numbered else ""
    twins = {
        "audible": "Audible",
        "goldman": "Goldman Sachs",
        "google": "Google",
        "Nasdaq": "Nasdaq",
        "Zeiss": "Carl Zeiss",
    }
    return next((company for part, company in twins.items() if part in name or part in path), "")


def judged(sample: Sample, company: str) -> Attribution:
    """What is kept of a page for a corpus of the company."""
    directory = Directory((company, *ALIASES.get(company, ())))
    address = "https://reports.example/" + sample.key.partition("#")[0]
    return attribute(title_of(sample), address, sample.text, "interview_report", directory)


def names_it(sample: Sample, company: str) -> bool:
    """Whether a page names the company at all."""
    names = "|".join(re.escape(name) for name in (company, *ALIASES.get(company, ())))
    return bool(re.search(rf"(?<!\w)(?:{names})(?!\w)", sample.key + sample.text, re.IGNORECASE))


def confusion(pages: Sequence[Sample], truth: dict[str, str], among: Sequence[str], *, show: bool) -> Counter[str]:
    """Right pages kept and lost, wrong pages accepted and refused, and how many of the wrong ones name the company."""
    counts: Counter[str] = Counter()
    for page in pages:
        theirs = truth[page.key.partition("#")[0]]
        for company in among:
            accepted = not (verdict := judged(page, company)).reason
            right = company == theirs
            counts[
                "right kept"
                if right and accepted
                else "right lost"
                if right
                else "wrong accepted"
                if accepted
                else "wrong"
            ] += 1
            counts["wrong that name it"] += not right and names_it(page, company)
            if show and right != accepted:
                print(f"  {page.key}: {theirs}, for {company}: {verdict.reason or 'accepted'}")
    return counts


def main() -> None:
    """Print the counts of both halves, the pages about several companies, and the roles."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--show", action="store_true", help="list every wrong decision")
    show = parser.parse_args().show
    if not MATERIAL.exists():
        raise SystemExit(f"{MATERIAL} is absent")
    truth, found = companies(), list(samples("interviews_html", "interviews_md"))
    single = [
        one for one in found if one.key.partition("#")[0] in truth and not any(part in one.key for part in SEVERAL)
    ]
    among = sorted({truth[one.key.partition("#")[0]] for one in single})
    print(
        "| half | pages | companies | right kept | right lost | wrong accepted | wrong refused | wrong that name it |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for half in (False, True):
        pages = [one for one in single if one.held_out == half]
        counts = confusion(pages, truth, among, show=show)
        cells = (counts[name] for name in ("right kept", "right lost", "wrong accepted", "wrong", "wrong that name it"))
        print(
            f"| {'held out' if half else 'written on'} | {len(pages)} | {len(among)} | {' | '.join(map(str, cells))} |"
        )
    print("\npages about several companies\n")
    for page in (one for one in found if any(part in one.key for part in SEVERAL)):
        for company in (
            "Airbnb",
            "Amazon",
            "Cyble",
            "DevRev",
            "Google",
            "Microsoft",
            "Robinhood",
            "Stripe",
            "Sysdig",
            "Uber",
        ):
            if names_it(page, company):
                verdict = judged(page, company)
                print(
                    f"  {page.key.rpartition('/')[2]:.45}: {company}: {verdict.reason or verdict.note or 'kept whole'}"
                )
    print("\n| corpus role | half | exact | adjacent | not named | left out |\n|---|---|---|---|---|---|")
    for name, role in (("software engineer", ENGINEER), ("data scientist", SCIENTIST)):
        for half in (False, True):
            verdicts = [role_of(title_of(one), one.text, role) for one in single if one.held_out == half]
            rows = Counter("other" if one.other else one.match for one in verdicts)
            cells = (rows[name] for name in ("exact", "adjacent", "company_wide", "other"))
            print(f"| {name} | {'held out' if half else 'written on'} | {' | '.join(map(str, cells))} |")


if __name__ == "__main__":
    main()
