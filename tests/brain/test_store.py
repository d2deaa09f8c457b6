"""Versions written by a real Chroma: audited, opened from private copies, refused when damaged."""

import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from brain.embedding import Embedder
from brain.errors import EmbedderError, NotIngestedError, StoreError
from brain.fakes import HashEmbedder
from brain.lexical import LexicalIndex
from brain.store import Content, OpenVersion, Vectors, audit, open_folder, open_version, read_questions, write_content
from brain.versions import Manifest
from tests.building import changed, open_tiny, publish_tiny, tiny_content, versions_in, without_questions

HASH = HashEmbedder()


@pytest.fixture(scope="module")
def opened(tiny: tuple[Path, Manifest], embedder: Embedder) -> Iterator[OpenVersion]:
    version = open_tiny(tiny[0], embedder)
    yield version
    version.close()


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Manifest]:
    """A version of hashed vectors, to be copied and damaged."""
    home = tmp_path_factory.mktemp("published")
    return home, publish_tiny(home, tiny_content(HASH), HASH)


@pytest.fixture
def damaged(published: tuple[Path, Manifest], home: Path) -> Path:
    """A copy of that version's home to damage: its version's folder."""
    shutil.copytree(published[0] / "versions", home / "versions")
    return versions_in(home).folder(published[1].version)


def copies(home: Path) -> list[Path]:
    return [path for path in (home / "readers").iterdir() if path.is_dir()]


def open_files() -> int:
    return sum(1 for _ in Path("/dev/fd").iterdir())


def written(folder: Path, content: Content) -> Path:
    folder.mkdir()
    write_content(folder, content)
    return folder


def test_what_is_written_is_read_again(opened: OpenVersion, embedder: Embedder) -> None:
    content = tiny_content(embedder)
    assert opened.context == content.context
    assert list(opened.documents.values()) == content.documents
    assert opened.passages.records == tuple(content.passages)
    assert opened.questions.records == tuple(content.questions)
    assert opened.clusters == tuple(content.clusters)
    assert opened.passages.vectors.tobytes() == content.passage_vectors.tobytes()
    assert opened.cluster_of[content.clusters[0].id] == content.clusters[0]


def test_questions_can_be_read_without_the_index(tiny: tuple[Path, Manifest], embedder: Embedder) -> None:
    home, manifest = tiny
    assert read_questions(versions_in(home).folder(manifest.version)) == tiny_content(embedder).questions


def test_the_audit_asks_for_every_row(opened: OpenVersion) -> None:
    found = audit(opened)
    assert (found.passages, found.questions, found.asked, found.found) == (20, 10, 30, 30)
    assert opened.manifest.audit == found


def test_the_nearest_record_comes_first(opened: OpenVersion, embedder: Embedder) -> None:
    wanted = opened.questions.records[3]
    nearest = opened.questions.nearest(embedder.embed([wanted.text])[0], 100)
    assert opened.questions.records[nearest[0]] == wanted
    assert sorted(nearest) == list(range(10))


def test_distance_is_the_angle_and_not_the_length(published: tuple[Path, Manifest], tmp_path: Path) -> None:
    random = np.random.default_rng(3)
    unit = random.normal(size=(20, 64)).astype(np.float32)
    unit /= np.linalg.norm(unit, axis=1, keepdims=True)
    long = unit * random.uniform(0.1, 10, size=(20, 1)).astype(np.float32)
    folder = written(tmp_path / "built", replace(tiny_content(HASH), passage_vectors=long))
    version = open_folder(folder, published[1], tmp_path / "readers")
    try:
        assert version.passages.nearest(unit[0] * 40, 20) == np.argsort(-(unit @ unit[0])).tolist()
    finally:
        version.close()


def test_a_record_is_got_by_its_id(opened: OpenVersion) -> None:
    record = opened.passages.records[7]
    assert opened.passages.get(record.id) == record
    assert opened.passages.get("p_unknown") is None


def test_a_version_without_questions_is_published_and_opened(home: Path) -> None:
    publish_tiny(home, without_questions(tiny_content(HASH)), HASH)
    version = open_tiny(home, HASH)
    try:
        assert version.questions.nearest(np.ones(64, dtype=np.float32), 5) == []
        assert version.questions.lexical.scores("anything").shape == (0,)
        assert audit(version).asked == 20
    finally:
        version.close()


def test_two_builds_of_the_same_content_have_the_same_logical_hash(embedder: Embedder) -> None:
    one, other = tiny_content(embedder), tiny_content(embedder)
    shuffled = replace(other, passages=other.passages[::-1], passage_vectors=other.passage_vectors[::-1])
    assert one.logical_hash() == other.logical_hash() == shuffled.logical_hash()


@pytest.mark.parametrize("what", ["text", "vector", "id", "fewer"])
def test_any_changed_row_changes_the_logical_hash(what: str) -> None:
    content = tiny_content(HASH)
    vectors = content.passage_vectors.copy()
    vectors[3, 5] = np.nextafter(vectors[3, 5], np.float32(2))
    other_id = content.passages[0].model_copy(update={"id": "p_other"})
    other = {
        "text": tiny_content(HASH, changed("Lunch", "Why do you want to work in a harbour now?")),
        "vector": replace(content, passage_vectors=vectors),
        "id": replace(content, passages=[other_id, *content.passages[1:]]),
        "fewer": without_questions(content),
    }[what]
    assert other.logical_hash() != content.logical_hash()


def less_rows(index: Callable[[str], bool], monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Chroma silently lose the rows of ids, as two writers of one collection made it do."""
    from chromadb.api.models.Collection import Collection

    real = Collection.add

    def add(self: Collection, ids: list[str], embeddings: Vectors) -> None:
        kept = [row for row, record_id in enumerate(ids) if not index(record_id)]
        real(self, ids=[ids[row] for row in kept], embeddings=embeddings[kept])

    monkeypatch.setattr(Collection, "add", add)


def test_a_row_that_chroma_lost_is_noticed_and_nothing_is_published(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = publish_tiny(home, tiny_content(HASH), HASH)
    content = tiny_content(HASH, changed("Lunch", "What is for lunch?"))
    less_rows({content.passages[4].id}.__contains__, monkeypatch)
    with pytest.raises(StoreError, match=r"passages is incomplete: .* count \[19, 20\]") as caught:
        publish_tiny(home, content, HASH)
    assert "Nothing was published" in caught.value.next_step
    versions = versions_in(home)
    assert versions.all() == [before.version] == [versions.current()]
    assert not list(versions.root.glob(".building-*"))
    assert copies(home) == []


def test_a_row_that_chroma_cannot_find_is_noticed_though_counts_are_right(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chromadb.api.models.Collection import Collection

    real = Collection.add

    def add_elsewhere(self: Collection, ids: list[str], embeddings: Vectors) -> None:
        embeddings = embeddings.copy()
        embeddings[0] = -embeddings[0]
        real(self, ids=ids, embeddings=embeddings)

    monkeypatch.setattr(Collection, "add", add_elsewhere)
    with pytest.raises(StoreError, match="1 of 20 passages are not found by their own vector"):
        publish_tiny(home, tiny_content(HASH), HASH)
    assert versions_in(home).current() is None


@pytest.mark.parametrize("name", ["records", "vectors", "bm25"])
def test_the_audit_compares_the_counts_of_all_four(published: tuple[Path, Manifest], tmp_path: Path, name: str) -> None:
    folder = written(tmp_path / "built", tiny_content(HASH))
    if name == "records":
        path = folder / "passages.jsonl"
        path.write_text("".join(path.read_text("utf-8").splitlines(keepends=True)[:-1]), "utf-8")
    elif name == "vectors":
        np.save(folder / "passages.npy", np.load(folder / "passages.npy")[:-1])
    else:
        shutil.rmtree(folder / "bm25" / "passages")
        LexicalIndex.build(["one text", "another"]).save(folder / "bm25" / "passages")
    version = open_folder(folder, published[1], tmp_path / "readers")
    try:
        with pytest.raises(StoreError, match="passages is incomplete"):
            audit(version)
    finally:
        version.close()


def test_rows_that_are_the_same_text_are_found_as_each_other(home: Path) -> None:
    content = tiny_content(HASH)
    twins = [content.passages[0].model_copy(update={"id": f"p_twin{number}"}) for number in range(8)]
    vectors = np.concatenate([content.passage_vectors, np.tile(content.passage_vectors[0], (8, 1))])
    manifest = publish_tiny(home, replace(content, passages=[*content.passages, *twins], passage_vectors=vectors), HASH)
    assert manifest.audit.found == 38


def many(count: int) -> Content:
    """More passages than Chroma takes in one call, with small vectors of their own."""
    content = tiny_content(HASH)
    vectors = np.random.default_rng(7).normal(size=(count, 16)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    passages = [content.passages[0].model_copy(update={"id": f"p_{number:06d}"}) for number in range(count)]
    return replace(without_questions(content), passages=passages, passage_vectors=vectors)


def test_more_rows_than_one_call_takes_are_all_there(published: tuple[Path, Manifest], tmp_path: Path) -> None:
    content = many(5_600)
    folder = written(tmp_path / "built", content)
    version = open_folder(folder, published[1].model_copy(update={"dimensions": 16}), tmp_path / "readers")
    try:
        assert version.passages.counts() == {5_600}
        for position in (0, 5_460, 5_461, 5_462, 5_599):
            assert version.passages.nearest(content.passage_vectors[position], 1) == [position]
        found = audit(version)
        assert (found.passages, found.asked) == (5_600, 2_800)
    finally:
        version.close()


def version_files() -> list[str]:
    indexes = ("params.index.json", "vocab.index.json", "data.csc.index.npy", "indices.csc.index.npy")
    return [
        *("context.json", "files.json", "chroma/chroma.sqlite3", "chroma/*/data_level0.bin", "chroma/*/header.bin"),
        *(f"{name}.jsonl" for name in ("documents", "passages", "questions", "clusters")),
        *(f"{name}.npy" for name in ("passages", "questions")),
        *(f"bm25/passages/{name}" for name in indexes),
    ]


@pytest.mark.parametrize("how", ["missing", "empty", "half", "garbage"])
@pytest.mark.parametrize("name", version_files())
def test_a_damaged_file_is_told_with_what_to_do(damaged: Path, home: Path, name: str, how: str) -> None:
    path = next(iter(damaged.glob(name)))
    data = path.read_bytes()
    path.write_bytes({"half": data[: len(data) // 2], "garbage": b"\xff\x00" * (len(data) // 2)}.get(how, b""))
    if how == "missing":
        path.unlink()
    with pytest.raises(StoreError, match="cannot be opened") as caught:
        open_tiny(home, HASH)
    assert caught.value.next_step == "Run `ingest rollback harbour-engineer` or `ingest run harbour-engineer`."
    assert not (home / "readers").exists()


def test_a_changed_line_is_told_though_every_record_is_right(damaged: Path, home: Path) -> None:
    path = damaged / "questions.jsonl"
    path.write_text(path.read_text("utf-8").replace("work in a harbour", "work in a garage"), "utf-8")
    with pytest.raises(StoreError, match=r"questions\.jsonl: not as it was written"):
        open_tiny(home, HASH)


@pytest.mark.parametrize("name", ["chroma/chroma.sqlite3", "questions.npy", "bm25/questions/vocab.index.json"])
def test_a_build_that_is_damaged_before_its_audit_leaves_no_copy(
    published: tuple[Path, Manifest], tmp_path: Path, name: str
) -> None:
    folder = written(tmp_path / "built", tiny_content(HASH))
    (folder / name).write_bytes(b"")
    before = open_files()
    with pytest.raises(StoreError, match="cannot be opened"):
        open_folder(folder, published[1], tmp_path / "readers")
    assert copies(tmp_path) == []
    assert open_files() <= before + 3


def test_another_embedder_is_refused(tiny: tuple[Path, Manifest], embedder: Embedder) -> None:
    with pytest.raises(EmbedderError, match=f"made with the embedder '{embedder.id}', not 'hash-64'") as caught:
        open_tiny(tiny[0], HASH)
    assert "ingest run harbour-engineer" in caught.value.next_step


def test_nothing_published_says_what_to_run(home: Path) -> None:
    with pytest.raises(NotIngestedError):
        open_tiny(home, HASH)


def test_a_reader_does_not_mind_that_its_version_is_deleted(damaged: Path, home: Path) -> None:
    version = open_tiny(home, HASH)
    try:
        shutil.rmtree(damaged)
        assert audit(version).found == 30
        assert len(version.passages.nearest(np.ones(64, dtype=np.float32), 20)) == 20
    finally:
        version.close()


def test_readers_never_write_into_the_version(damaged: Path, home: Path) -> None:
    def content() -> dict[Path, bytes]:
        return {path: path.read_bytes() for path in damaged.rglob("*") if path.is_file()}

    before = content()
    for _ in range(2):
        version = open_tiny(home, HASH)
        audit(version)
        version.close()
    assert content() == before


def test_closing_takes_the_private_copy_away_and_may_be_repeated(damaged: Path, home: Path) -> None:
    assert damaged.exists()
    one, other = open_tiny(home, HASH), open_tiny(home, HASH)
    assert len(copies(home)) == 2
    one.close()
    one.close()
    assert len(copies(home)) == 1
    assert audit(other).found == 30
    other.close()
    assert copies(home) == []


def test_the_copy_of_a_killed_reader_is_swept_and_that_of_a_living_one_is_not(damaged: Path, home: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from tests.building import *; from brain.fakes import HashEmbedder\n"
        "version = open_tiny(Path(sys.argv[1]), HashEmbedder()); print('open', flush=True); sys.stdin.read()"
    )
    living = open_tiny(home, HASH)
    root = Path(__file__).parent.parent.parent
    command = [sys.executable, "-c", script, str(home)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=root) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"open\n"
        assert len(copies(home)) == 2
        open_tiny(home, HASH).close()
        assert len(copies(home)) == 2
        other.kill()
        other.wait()
    open_tiny(home, HASH).close()
    assert len(copies(home)) == 1
    assert audit(living).found == 30
    living.close()
    assert damaged.exists()


@pytest.mark.skipif(not hasattr(signal, "SIGXFSZ"), reason="needs a limit on the size of files")
@pytest.mark.parametrize("limit", [100, 3_000, 100_000])
def test_a_disk_that_is_full_leaves_what_is_served(damaged: Path, home: Path, limit: int) -> None:
    versions = versions_in(home)
    served, before = versions.current(), resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    content = tiny_content(HASH, changed("Lunch", "What is for lunch?"))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, before[1]))
    try:
        with pytest.raises(StoreError, match="could not be written") as caught:
            publish_tiny(home, content, HASH)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    assert "Free some space" in caught.value.next_step
    assert versions.current() == served
    assert versions.all() == [served]
    open_version(versions, home, embedder_id=HASH.id).close()
