"""The guide to adding a corpus: every command is executed as it stands there, on the fortieth company's ten pages."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from brain.catalog import Catalog, Source
from brain.jsonlines import read_records
from brain.records import Cluster, Passage, ReportedQuestion
from ingest.check import check_corpus
from ingest.report import RunReport
from ingest.sources import MODULES, adapter
from tests.ingest.working import ROOT, environment, ingest, versions_of
from tests.loopback import LoopbackServer, Route, page, text

GUIDE = (ROOT / "docs" / "adding-a-corpus.md").read_text("utf-8")
SITE = ROOT / "tests" / "resources" / "fortieth"
CORPUS = "lindenfell-freight-data-engineer"
PORT = "8040"
USED = {
    "reports/iris-2025.html",
    "reports/jon-2024.html",
    "reports/mei-2025.html",
    "reports/otto-2025.html",
    "jobs/data-engineer.html",
    "files/notes/nadia.md",
}
COPIES = {"reports/lindenfell-questions.html", "reports/lindenfell-experience.html"}


@dataclass(frozen=True)
class Block:
    """A fenced block of the guide: its language with what follows it, and its lines."""

    info: str
    body: str


def blocks() -> list[Block]:
    return [
        Block(match[1].strip(), match[2])
        for match in re.finditer(r"^```([^\n]*)\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
    ]


def commands() -> list[Block]:
    """The blocks to execute: all but the one that serves the site, which the test does itself."""
    return [block for block in blocks() if block.info.startswith("sh") and "http.server" not in block.body]


@dataclass(frozen=True)
class Walk:
    """What the walk left behind: the home, the server's host, and what each block printed."""

    home: Path
    host: str
    printed: dict[Block, str]

    def shown(self, line: str) -> str:
        """A line of the guide as this walk prints it."""
        return " ".join(line.replace(f"127.0.0.1:{PORT}", self.host).split())

    def report(self) -> RunReport:
        return RunReport.model_validate(json.loads(ingest(self.home, "status", CORPUS, "--json").stdout)["last_run"])

    def folder(self) -> Path:
        versions = versions_of(self.home, CORPUS)
        return versions.folder(versions.require_current())

    def questions(self) -> list[ReportedQuestion]:
        return list(read_records(self.folder() / "questions.jsonl", ReportedQuestion))


def routes() -> dict[str, Route]:
    pages: dict[str, Route] = {
        f"/{path.relative_to(SITE).as_posix()}": page(path.read_bytes()) for path in SITE.rglob("*.html")
    }
    return pages | {"/robots.txt": text((SITE / "robots.txt").read_text("utf-8"))}


def script(home: Path, host: str, shims: Path) -> str:
    """The guide as one shell script, that says where each block begins and stops at the first surprise."""
    ours = f'export BRAIN_HOME="{home}" PATH="{shims}:$PATH" BRAIN_LOOPBACK_HOSTS={host}\n'
    parts = ["set -e"]
    for number, block in enumerate(commands()):
        body = block.body.replace(f"127.0.0.1:{PORT}", host)
        body = f"if (\n{body}); then exit 99; fi\n" if "fails" in block.info else body
        parts.append(f"echo '=== {number}'\n{body}" + (ours if "BRAIN_HOME=" in body else ""))
    return "\n".join(parts)


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory, built_home: Path) -> Iterator[Walk]:
    """The walk of the guide, done once by the real commands."""
    home, shims = tmp_path_factory.mktemp("fortieth"), tmp_path_factory.mktemp("shims")
    (home / "models").symlink_to(built_home / "models")
    for name, module in (("ingest", "ingest"), ("brain", "service")):
        (shims / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" -m {module} "$@"\n', "utf-8")
        (shims / name).chmod(0o755)
    with LoopbackServer(routes()) as server:
        done = subprocess.run(
            ["bash", "-c", script(home, server.host, shims)],
            env=environment(home),
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            timeout=400,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-4000:]
        assert "Traceback" not in done.stdout, done.stdout
        printed = re.split(r"^=== \d+\n", done.stdout, flags=re.MULTILINE)[1:]
        yield Walk(home, server.host, dict(zip(commands(), printed, strict=True)))


def test_the_guide_shows_what_its_commands_print(walk: Walk) -> None:
    last = None
    shown = 0
    for block in blocks():
        last = block if block in walk.printed else last
        if block.info == "text":
            assert last is not None
            printed = [" ".join(line.split()) for line in walk.printed[last].splitlines()]
            for line in block.body.splitlines():
                assert walk.shown(line) in printed, line
            shown += 1
    assert shown >= 5


def test_copies_the_wrong_company_and_advice_give_nothing(walk: Walk) -> None:
    site = f"http://{walk.host}/"
    own = [item for item in walk.report().addresses if item.source]
    used = {item.address.removeprefix(site) for item in own if item.outcome == "used"}
    assert used == USED
    why = {item.address.removeprefix(site): item for item in own if item.outcome != "used"}
    assert set(why) == COPIES | {"reports/tarnholt-2025.html", "reports/how-to-prepare.html"}
    assert {why[name].near_copy_of for name in COPIES} == {f"{site}reports/iris-2025.html"}
    assert "advice" in why["reports/how-to-prepare.html"].reason
    assert (
        "Lindenfell Freight" in why["reports/tarnholt-2025.html"].reason
        or "Tarnholt" in why["reports/tarnholt-2025.html"].reason
    )


def test_why_tells_the_story_of_the_wrong_company(walk: Walk) -> None:
    address = f"http://{walk.host}/reports/tarnholt-2025.html"
    told = ingest(walk.home, "why", address, host=walk.host).stdout
    assert "named by the source 'tarnholt-2025' (page)" in told
    assert "left out" in told
    assert "not in the served version" in told


def test_what_a_page_says_to_models_is_no_question_and_its_passage_is_flagged(walk: Walk) -> None:
    assert not [one for one in walk.questions() if "password" in one.quote or "PUMPERNICKEL" in one.quote]
    told = [one for one in read_records(walk.folder() / "passages.jsonl", Passage) if "PUMPERNICKEL" in one.text]
    assert told
    assert all(one.flags for one in told)


def test_a_copied_report_counts_once_and_a_merged_question_twice(walk: Walk) -> None:
    quotes = {one.id: one.quote for one in walk.questions()}
    by_quote = {
        quotes[name]: cluster
        for cluster in read_records(walk.folder() / "clusters.jsonl", Cluster)
        for name in cluster.questions
    }
    late = by_quote["How do you load events that arrive late without counting them twice?"]
    assert late is by_quote["How do you load events that arrive three days late without counting anything twice?"]
    assert late.reports == 2
    assert by_quote["What does it mean for a job to be idempotent, and how would you test it?"].reports == 1


def test_what_was_reviewed_is_served(walk: Walk) -> None:
    by_text = {one.text: one for one in walk.questions()}
    assert not [one for one in by_text if "every arrow" in one]
    reworded = by_text["How much memory does your merge of two logs take?"]
    assert reworded.reviewed
    assert by_text["Why freight?"].kind == "motivation"
    assert sum(one.reviewed for one in by_text.values()) == 2
    assert walk.report().unmatched == ()


def test_the_next_run_changes_nothing(walk: Walk) -> None:
    done = ingest(walk.home, "run", CORPUS, "--offline", "--json")
    assert RunReport.model_validate_json(done.stdout).result == "unchanged"


def test_the_corpus_answers(walk: Walk) -> None:
    (asked,) = (printed for block, printed in walk.printed.items() if "brain questions" in block.body)
    assert "Lindenfell Freight" in asked
    assert "password of your current employer" not in asked


def test_the_smallest_corpus_of_the_guide_is_right(tmp_path: Path) -> None:
    (example,) = (block.body for block in blocks() if block.info == "toml")
    for name, said in {
        "companies/acme.toml": 'name = "Acme"\n',
        "roles/data-engineer.toml": 'name = "Data Engineer"\n',
        "acme-data-engineer/corpus.toml": example,
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(said, "utf-8")
    assert "all right" in check_corpus(Catalog.of(tmp_path).corpus("acme-data-engineer"))


def test_the_guide_names_every_adapter_with_all_that_it_takes() -> None:
    told: dict[str, set[str]] = {}
    for row in re.findall(
        r"^\| (`.+?) \| .+? \| (.+?) \|$", GUIDE.partition("What each adapter takes")[2], re.MULTILINE
    ):
        names, keys = re.findall(r"`(\w+)`", row[0]), set(re.findall(r"`(\w+)`", row[1]))
        told |= dict.fromkeys(names, keys)
    assert set(told) == set(MODULES)
    for name, keys in told.items():
        assert set(adapter(name).options.model_fields) - {"basis"} <= keys, name
    every = {field for name in told for field in adapter(name).options.model_fields} | {"us", "eu"}
    assert {key for keys in told.values() for key in keys} <= every


def test_the_guide_explains_every_key_of_a_source() -> None:
    table = GUIDE.partition("What every `[[source]]` may say")[2].partition("What each adapter")[0]
    told = {key for row in re.findall(r"^\| (`.+?) \|", table, re.MULTILINE) for key in re.findall(r"`(\w+)`", row)}
    assert told == set(Source.model_fields) - {"options"}
