"""The adapters to LlamaIndex, both ways, on a real small version."""

import asyncio
import math
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from llama_index.core import MockEmbedding, QueryBundle, VectorStoreIndex
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.schema import NodeRelationship, TextNode

from brain.embedding import Embedder, load_embedder
from brain.errors import EmbedderError
from brain.fakes import HashEmbedder
from brain.llamaindex import DEFAULT_MAX_TOKENS, BrainEmbedding, BrainRetriever, external_embedder
from brain.retrieval import Retriever
from brain.store import OpenVersion
from brain.versions import Manifest
from tests.building import REPORTS, open_tiny, publish_tiny, tiny_content

HASH = HashEmbedder()


class Words(BaseEmbedding):
    """A LlamaIndex embedding without a model, whose vectors are longer than one."""

    model_name: str = "words-64"

    def _get_text_embedding(self, text: str) -> list[float]:
        return [3.0 * float(value) for value in HASH.embed([text])[0]]

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embedding(query)

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)


class Eight(MockEmbedding):
    """LlamaIndex's own mock with a default for its argument."""

    def __init__(self) -> None:
        super().__init__(embed_dim=8)


class Broken(Words):
    def _get_text_embedding(self, text: str) -> list[float]:
        return {"zero": [0.0] * 4, "nan": [math.nan] * 4, "short": [1.0]}.get(text, [1.0] * 4)


class Offline(Words):
    def _get_text_embedding(self, text: str) -> list[float]:
        raise ConnectionError(f"no network for {text!r}")


class Keyless(Words):
    def __init__(self) -> None:
        raise ValueError("set SOME_API_KEY")


@pytest.fixture
def opened(tiny: tuple[Path, Manifest], embedder: Embedder) -> Iterator[OpenVersion]:
    version = open_tiny(tiny[0], embedder)
    yield version
    version.close()


def named(kind: type) -> str:
    return f"{__name__}:{kind.__name__}"


def test_an_embedder_is_made_of_the_name_of_a_class(home: Path) -> None:
    made = load_embedder(named(Words), home)
    assert made.id == f"{named(Words)}/words-64"
    assert (made.dimensions, made.max_tokens, made.tokenizer_file()) == (64, DEFAULT_MAX_TOKENS, None)


def test_vectors_are_unit_float32_rows() -> None:
    vectors = external_embedder(named(Words)).embed(["one crane", "two lidars", ""])
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(vectors, HASH.embed(["one crane", "two lidars", ""]), atol=1e-6)


def test_llamaindex_own_mock_is_an_embedder() -> None:
    made = external_embedder(named(Eight))
    assert made.dimensions == 8
    np.testing.assert_allclose(made.embed(["a", "b"]), np.full((2, 8), 1 / math.sqrt(8)), rtol=1e-6)


def test_no_texts_give_no_rows() -> None:
    assert external_embedder(named(Words)).embed([]).shape == (0, 64)


def test_one_text_is_no_sequence_of_texts() -> None:
    with pytest.raises(TypeError, match="not the one text"):
        external_embedder(named(Words)).embed("one text")


def test_a_version_is_made_with_it_and_remembers_it(home: Path) -> None:
    words = external_embedder(named(Words))
    manifest = publish_tiny(home, tiny_content(words), words)
    assert (manifest.embedder, manifest.dimensions) == (words.id, 64)
    version = open_tiny(home, words)
    try:
        best = Retriever(version, words).questions("Zobrist hashing")[0]
        assert "Zobrist hashing" in best.record.text
    finally:
        version.close()
    with pytest.raises(EmbedderError, match="was made with the embedder"):
        open_tiny(home, HASH)


@pytest.mark.parametrize(
    ("name", "says", "next_step"),
    [
        ("no_such_package.module:Class", "No module named 'no_such_package'", "Install the package"),
        ("llama_index.core.no_such:Class", "cannot be imported", "Install the package"),
        (f"{__name__}:Missing", "has no attribute 'Missing'", f"`{__name__}:Words`"),
        (f"{__name__}:Path", "is no LlamaIndex embedding: 'Path'", f"`{__name__}:Eight`"),
        (f"{__name__}:HASH", "is no LlamaIndex embedding: 'HASH'", "BRAIN_EMBEDDER"),
        ("pathlib:Path", "is no LlamaIndex embedding", "a subclass of BaseEmbedding"),
        ("llama_index.core:MockEmbedding", "cannot be made without arguments", "whose arguments have defaults"),
        ("llama_index.core.base.embeddings.base:BaseEmbedding", "abstract", "whose arguments have defaults"),
        (f"{__name__}:Keyless", "set SOME_API_KEY", "set the keys"),
    ],
)
def test_a_name_that_cannot_be_used_is_told_with_what_to_do(name: str, says: str, next_step: str) -> None:
    with pytest.raises(EmbedderError) as caught:
        external_embedder(name)
    assert says in caught.value.message
    assert next_step in caught.value.next_step


def test_a_module_that_fails_on_import_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "half_installed.py").write_text("import not_installed_either\n", "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(EmbedderError, match="'not_installed_either'"):
        external_embedder("half_installed:Class")


@pytest.mark.parametrize(
    ("kind", "texts", "says"),
    [
        (Broken, ["fine", "zero"], "gave no direction for 'zero'"),
        (Broken, ["nan"], "gave no direction for 'nan'"),
        (Broken, ["fine", "short"], "failed: "),
        (Offline, ["any"], "failed: no network"),
    ],
)
def test_vectors_that_are_none_are_told(kind: type[BaseEmbedding], texts: list[str], says: str) -> None:
    with pytest.raises(EmbedderError, match=says) as caught:
        external_embedder(named(kind)).embed(texts)
    assert "minilm-int8" in caught.value.next_step


def test_an_unreachable_embedding_has_no_dimensions() -> None:
    with pytest.raises(EmbedderError, match="no network"):
        _ = external_embedder(named(Offline)).dimensions


def test_our_embedder_serves_llamaindex(embedder: Embedder) -> None:
    ours = BrainEmbedding(embedder)
    texts = ["one crane", "two lidars"]
    assert ours.model_name == embedder.id
    expected = embedder.embed(texts).tolist()
    assert ours.get_text_embedding_batch(texts) == expected
    assert ours.get_query_embedding(texts[0]) == ours.get_text_embedding(texts[0]) == expected[0]


def test_our_embedder_serves_llamaindex_without_blocking_the_loop(embedder: Embedder) -> None:
    ours = BrainEmbedding(embedder, embed_batch_size=1)

    async def ask() -> tuple[list[float], list[float], list[list[float]]]:
        return (
            await ours.aget_query_embedding("one crane"),
            await ours.aget_text_embedding("one crane"),
            await ours.aget_text_embedding_batch(["one crane", "two lidars"]),
        )

    query, text, batch = asyncio.run(ask())
    assert query == text == batch[0]
    assert batch == embedder.embed(["one crane", "two lidars"]).tolist()


def test_an_index_of_llamaindex_is_built_with_our_embedder(embedder: Embedder) -> None:
    nodes = [TextNode(text=question) for _, _, question in REPORTS]
    index = VectorStoreIndex(nodes, embed_model=BrainEmbedding(embedder))
    found = index.as_retriever(similarity_top_k=1).retrieve("overfitting")
    assert "memorising" in found[0].node.get_content()


def test_the_retriever_gives_passages_as_nodes(opened: OpenVersion, embedder: Embedder) -> None:
    retriever = Retriever(opened, embedder)
    found = BrainRetriever(retriever, k=5).retrieve("Zobrist hashing")
    hits = retriever.passages("Zobrist hashing", 5)
    assert [(one.node.node_id, one.score) for one in found] == [(hit.record.id, hit.score) for hit in hits]
    node, passage = found[0].node, hits[0].record
    assert isinstance(node, TextNode)
    assert node.text == passage.text
    assert node.metadata == {
        "url": "https://reports.example/board-games-round",
        "title": "Board games round",
        "headings": "Board games round",
        "evidence": "source_text",
        "display": "quote",
        "flags": "",
    }
    document = opened.documents[passage.document_id]
    assert document.text[node.start_char_idx : node.end_char_idx] == node.text
    assert node.relationships[NodeRelationship.SOURCE].node_id == document.id  # type: ignore[union-attr]


def test_the_retriever_answers_bundles_and_coroutines_alike(opened: OpenVersion, embedder: Embedder) -> None:
    ours = BrainRetriever(Retriever(opened, embedder))
    found = ours.retrieve("a queue that survives")
    assert len(found) == 8
    assert ours.retrieve(QueryBundle("a queue that survives")) == found
    assert asyncio.run(ours.aretrieve("a queue that survives")) == found


def test_the_module_is_not_loaded_for_our_own_embedder(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "brain.llamaindex", ModuleType("brain.llamaindex"))
    assert load_embedder("minilm-int8", home).id == "minilm-l6-v2-int8"
