"""Forgetting that is killed at any step: what is served stays whole, and the same command finishes it."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from brain.catalog import Catalog
from brain.embedding import Embedder
from brain.store import open_version
from ingest.forget import Receipt, carry_out, plan
from ingest.tombstones import Tombstones
from tests.ingest.conftest import Crawled
from tests.ingest.remains import documents_at, remaining, traces
from tests.ingest.working import ROOT, describe_site, environment, ingest, run_here, versions_of

ANA, COPY = "/reports/ana-2024.html", "/reports/copy-of-ana.html"

# Kills the process without a word when a function is called for the n-th time, before or after it does its work.
SCRIPT = """
import importlib, os, signal, sys
module, name, when, count, *arguments = sys.argv[1:]
owner = importlib.import_module(module)
*path, name = name.split(".")
for part in path:
    owner = getattr(owner, part)
real, calls = getattr(owner, name), []
def killing(*args, **named):
    calls.append(1)
    if when == "before" and len(calls) == int(count):
        os.kill(os.getpid(), signal.SIGKILL)
    made = real(*args, **named)
    if len(calls) == int(count):
        os.kill(os.getpid(), signal.SIGKILL)
    return made
setattr(owner, name, killing)
sys.argv = ["ingest", *arguments]
from ingest.cli import main
main()
"""

MOMENTS = {
    "the tombstone is there": ("ingest.forget", "_Ledger.__init__", "before", 1),
    "the new version is there and not served": ("brain.versions", "Versions.publish", "before", 1),
    "the new version is served": ("ingest.republish", "publish", "after", 1),
    "one old version is deleted": ("brain.versions", "Versions.delete", "after", 1),
    "all old versions are deleted": ("brain.versions", "Versions.delete", "after", 2),
    "half of a version is deleted": ("shutil", "rmtree", "before", 4),
    "the cache is about to be changed": ("ingest.purge", "_owned", "after", 1),
    "the cache is changed": ("ingest.forget", "purge_cache", "after", 1),
    "the sets are deleted": ("ingest.forget", "purge_sets", "after", 1),
    "the end is near": ("ingest.forget", "_finish", "before", 1),
}


@pytest.fixture(scope="module")
def two_versions(crawled: Crawled, embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that keeps two versions with what is to be forgotten. Read only."""
    home = crawled.copy(tmp_path_factory.mktemp("two") / "home")
    describe_site(home, crawled.host, without=("injected",))
    run_here(home, embedder, host=crawled.host)
    describe_site(home, crawled.host)
    return home


@pytest.mark.parametrize("moment", MOMENTS)
def test_it_is_finished_by_the_same_command(
    two_versions: Path, crawled: Crawled, embedder: Embedder, tmp_path: Path, moment: str
) -> None:
    home = Path(shutil.copytree(two_versions, tmp_path / "home", symlinks=True))
    looked_for = traces(versions_of(home), (ANA, COPY))
    before = set(versions_of(home).all())
    what = f"http://{crawled.host}{ANA}"
    command = [
        sys.executable,
        "-c",
        SCRIPT,
        *map(str, MOMENTS[moment]),
        "forget",
        what,
        "--yes",
        "--reason",
        "Ana asked",
    ]
    killed = subprocess.run(command, env=environment(home), cwd=ROOT, capture_output=True, timeout=60, check=False)
    assert killed.returncode == -9, killed.stderr
    opened = open_version(versions_of(home), home, embedder_id=embedder.id)  # whatever is served is whole
    opened.close()
    assert [stone.finished for stone in Tombstones.load(home).stones] == [None]
    catalog = Catalog.of(home / "corpora")
    receipt = carry_out(plan(what, home, catalog).stone, home, catalog, patience=5)
    assert remaining(home, looked_for) == {"lines": set(), "words": set(), "vectors": set()}
    assert receipt.finished is not None
    assert receipt.tombstone.reason == "Ana asked"
    assert versions_of(home).current() in versions_of(home).all()
    assert not before & set(versions_of(home).all())
    assert not list(versions_of(home).root.glob(".building-*"))
    assert len(list((home / "receipts").glob("*.json"))) == 1


def test_a_run_in_between_takes_nothing_in_again(
    two_versions: Path, crawled: Crawled, embedder: Embedder, tmp_path: Path
) -> None:
    home = Path(shutil.copytree(two_versions, tmp_path / "home", symlinks=True))
    command = [sys.executable, "-c", SCRIPT, "ingest.forget", "_Ledger.__init__", "before", "1"]
    command += ["forget", f"http://{crawled.host}{ANA}", "--yes"]
    subprocess.run(command, env=environment(home), cwd=ROOT, capture_output=True, timeout=60, check=False)
    run_here(home, embedder, host=crawled.host)
    versions = versions_of(home)
    served = versions.require_current()
    assert Tombstones.load(home).holds(versions.folder(served)) is None
    done = ingest(home, "rollback", versions.corpus_id)
    assert done.returncode == 2
    assert "forgotten on" in done.stderr
    assert versions.current() == served


def test_the_receipt_tells_what_both_halves_did(two_versions: Path, crawled: Crawled, tmp_path: Path) -> None:
    home = Path(shutil.copytree(two_versions, tmp_path / "home", symlinks=True))
    before = versions_of(home).all()
    command = [sys.executable, "-c", SCRIPT, *map(str, MOMENTS["the cache is changed"])]
    command += ["forget", f"http://{crawled.host}{ANA}", "--yes"]
    subprocess.run(command, env=environment(home), cwd=ROOT, capture_output=True, timeout=60, check=False)
    done = ingest(home, "forget", f"http://{crawled.host}{ANA}", "--yes", "--json")
    receipt = Receipt.model_validate_json(done.stdout)
    (one,) = receipt.corpora
    assert (one.before, set(one.deleted)) == (before[-1], set(before))
    assert one.after == versions_of(home).current()
    assert not documents_at(versions_of(home), ANA)
