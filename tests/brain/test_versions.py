"""Publish, roll back, prune and lease; killed runs, and two runs at once."""

import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path

import pytest

from brain.errors import BadInputError, BusyError, NotIngestedError, StoreError
from brain.versions import MANIFEST, Audit, Manifest, Versions, write_durably

CORPUS = "harbour-engineer"


@pytest.fixture
def versions(home: Path) -> Versions:
    return Versions(home / "versions", CORPUS)


def publish(versions: Versions, content: str = "abc") -> str:
    """Publish a version that holds no more than a manifest and one file below a folder."""
    with versions.working():
        folder = versions.new_folder()
        version = versions.next_id(content * 20)
        (folder / MANIFEST).write_text(manifest(version).model_dump_json(), "utf-8")
        (folder / "chroma").mkdir()
        (folder / "chroma" / "rows").write_text(content, "utf-8")
        versions.publish(folder, version)
    return version


def manifest(version: str) -> Manifest:
    return Manifest(
        version=version,
        corpus=CORPUS,
        title="Harbour",
        created=datetime(2025, 1, 1, tzinfo=UTC),
        counts={},
        embedder="hash-64",
        dimensions=64,
        logical_hash="",
        input_hash="",
        code="",
        packages={},
        cpu=(),
        licences={},
        audit=Audit(passages=0, questions=0, asked=0, found=0),
    )


def killed(script: str, versions: Versions) -> None:
    """Run a script in another process, which kills itself as the out-of-memory killer would."""
    code = f"import os, signal, sys\nfrom pathlib import Path\nfrom brain.versions import *\n{script}"
    code += "\nos.kill(os.getpid(), signal.SIGKILL)"
    done = subprocess.run([sys.executable, "-c", code, str(versions.root.parent)], check=False, timeout=60)
    assert done.returncode == -signal.SIGKILL


def leftovers(versions: Versions) -> list[str]:
    return sorted(path.name for path in versions.root.iterdir() if path.name.startswith("."))


def test_before_the_first_version_nothing_is_served(versions: Versions) -> None:
    assert versions.current() is None
    assert versions.all() == []
    with pytest.raises(NotIngestedError) as caught:
        versions.require_current()
    assert caught.value.next_step == f"Run `ingest run {CORPUS}`."


def test_publishing_moves_the_pointer_and_keeps_the_version_before(versions: Versions) -> None:
    first, second = publish(versions), publish(versions)
    assert versions.current() == second
    assert versions.all() == [first, second]
    assert (versions.folder(second) / "chroma" / "rows").read_text("utf-8") == "abc"
    assert versions.manifest(first).version == first
    assert leftovers(versions) == []


def test_an_id_tells_its_number_and_its_content(versions: Versions) -> None:
    assert publish(versions, "abc") == "000001-abcabcabcabc"
    assert publish(versions, "def") == "000002-defdefdefdef"


def test_a_rollback_serves_the_version_before(versions: Versions) -> None:
    first, second = publish(versions), publish(versions)
    assert versions.rollback() == first
    assert versions.current() == first
    assert versions.all() == [first, second]
    assert versions.rollback(second) == second


def test_a_rollback_without_an_older_version_changes_nothing(versions: Versions) -> None:
    only = publish(versions)
    with pytest.raises(BadInputError, match="no version before"):
        versions.rollback()
    assert versions.current() == only


def test_a_rollback_to_an_unknown_version_names_the_known(versions: Versions) -> None:
    only = publish(versions)
    with pytest.raises(BadInputError, match="'000009-x'") as caught:
        versions.rollback("000009-x")
    assert only in caught.value.next_step


def test_a_rollback_to_a_damaged_version_changes_nothing(versions: Versions) -> None:
    first, second = publish(versions), publish(versions)
    (versions.folder(first) / MANIFEST).write_text("{", "utf-8")
    with pytest.raises(StoreError):
        versions.rollback()
    assert versions.current() == second


def test_a_rollback_of_nothing_says_what_to_run(versions: Versions) -> None:
    with pytest.raises(NotIngestedError):
        versions.rollback()


def test_pruning_keeps_the_newest_and_the_served(versions: Versions) -> None:
    ids = [publish(versions) for _ in range(5)]
    versions.rollback(ids[1])
    assert versions.prune(2) == [ids[0], ids[2]]
    assert versions.all() == [ids[1], ids[3], ids[4]]
    assert leftovers(versions) == []


def test_pruning_leaves_a_version_that_is_being_opened(versions: Versions) -> None:
    first, *_ = [publish(versions) for _ in range(3)]
    with versions.lease(first) as folder:
        assert first not in versions.prune(1)
        assert (folder / MANIFEST).exists()
    assert versions.prune(1) == [first]


def test_a_lease_ends_with_the_process_that_holds_it(versions: Versions) -> None:
    first, *_ = [publish(versions) for _ in range(2)]
    killed(f"lease = Versions(Path(sys.argv[1]), {CORPUS!r}).lease({first!r}); lease.__enter__()", versions)
    assert versions.prune(1) == [first]


def test_a_lease_of_a_pruned_version_is_refused(versions: Versions) -> None:
    with pytest.raises(StoreError, match="is gone"), versions.lease("000001-x"):
        pass


def test_a_lease_that_waited_while_the_version_was_pruned_is_refused(
    versions: Versions, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, *_ = [publish(versions) for _ in range(2)]

    def prune_first(handle: int, how: int) -> None:
        monkeypatch.undo()
        versions.prune(1)

    monkeypatch.setattr(fcntl, "flock", prune_first)
    with pytest.raises(StoreError, match="is gone"), versions.lease(first):
        pass


def test_ids_are_never_used_twice_also_after_pruning_and_rolling_back(versions: Versions) -> None:
    ids = [publish(versions, "same") for _ in range(3)]
    versions.rollback(ids[0])
    versions.prune(1)
    ids += [publish(versions, "same")]
    versions.prune(1)
    ids += [publish(versions, "same")]
    assert [version.partition("-")[0] for version in ids] == ["000001", "000002", "000003", "000004", "000005"]


def test_an_id_that_was_given_to_a_build_that_failed_is_not_given_again(versions: Versions) -> None:
    with versions.working():
        assert versions.next_id("abc") == "000001-abc"
    assert publish(versions).startswith("000002-")


def test_the_id_of_a_version_that_was_deleted_is_not_given_again(versions: Versions) -> None:
    publish(versions)
    shutil.rmtree(versions.folder(publish(versions)))
    assert publish(versions).startswith("000003-")


@pytest.mark.parametrize(
    "until",
    [
        "pass",
        "(folder / 'chroma').mkdir(); (folder / 'chroma' / 'rows').write_text('half')",
        "version = versions.next_id('killed'); (folder / MANIFEST).write_text('{')",
        "version = versions.next_id('killed'); (folder / MANIFEST).write_text('{}'); "
        "folder.rename(versions.folder(version))",
    ],
    ids=["empty folder", "half written", "before publishing", "before the pointer moved"],
)
def test_a_killed_build_leaves_what_is_served_and_is_swept(versions: Versions, until: str) -> None:
    served = publish(versions)
    begin = f"versions = Versions(Path(sys.argv[1]), {CORPUS!r})\nversions.working().__enter__()\n"
    killed(f"{begin}folder = versions.new_folder()\n{until}", versions)
    assert versions.current() == served
    assert versions.manifest(served).version == served
    after = publish(versions)
    assert versions.current() == after
    assert leftovers(versions) == []


def test_the_error_of_a_second_run_names_the_process_that_runs(versions: Versions) -> None:
    script = (
        "import sys; from pathlib import Path; from brain.versions import Versions\n"
        f"with Versions(Path(sys.argv[1]), {CORPUS!r}).working(): print('working', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", script, str(versions.root.parent)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"working\n"
        with pytest.raises(BusyError, match=rf"process {other.pid}, started \d{{4}}-") as caught, versions.working():
            pass
        assert caught.value.next_step
        other.communicate()
    with versions.working():
        holder = json.loads((versions.root / "lock.json").read_text("utf-8"))
        assert holder["pid"] == os.getpid()


def test_a_second_run_in_the_same_process_is_busy_too(versions: Versions) -> None:
    with versions.working(), pytest.raises(BusyError), versions.working():
        pass


def test_runs_of_other_corpora_do_not_wait(versions: Versions) -> None:
    with versions.working(), Versions(versions.root.parent, "other").working():
        pass


def test_a_run_that_failed_lets_the_next_one_work(versions: Versions) -> None:
    with pytest.raises(ValueError, match="failed"), versions.working():
        raise ValueError("failed")
    assert publish(versions)


@pytest.mark.parametrize(
    "damage", [lambda path: path.unlink(), lambda path: path.write_bytes(b"\xff"), lambda path: path.write_text("[]")]
)
def test_a_damaged_manifest_is_told_with_what_to_do(versions: Versions, damage: Callable[[Path], object]) -> None:
    version = publish(versions)
    damage(versions.folder(version) / MANIFEST)
    with pytest.raises(StoreError, match="is damaged") as caught:
        versions.manifest(version)
    assert f"ingest rollback {CORPUS}" in caught.value.next_step


def rewrite(path: str) -> None:
    for number in range(200):
        write_durably(Path(path), f"{number:06d}" * 2_000)


def test_a_reader_of_a_durable_file_never_sees_half_of_it(tmp_path: Path) -> None:
    path = tmp_path / "current"
    write_durably(path, "start-" * 2_000)
    writer = get_context("spawn").Process(target=rewrite, args=(str(path),))
    writer.start()
    try:
        while writer.is_alive():
            text = path.read_text("utf-8")
            assert text == text[:6] * 2_000
    finally:
        writer.join()
    assert writer.exitcode == 0
    assert [found.name for found in tmp_path.iterdir()] == ["current"]
