"""`make bench`: every benchmark in turn; the exit code is 1 when one of them misses its target."""

import subprocess
import sys

BENCHMARKS = {
    "bench_embedding": "passages per second against bare ONNX Runtime loops",
    "bench_speed": "retrieval, generation and start against their bare parts",
    "bench_evidence": "what is answered, and what is left unanswered",
    "bench_quantisation": "int8 against fp32 on Cranfield (needs ../shared)",
    "bench_fusion": "fusions of dense and BM25 on Cranfield (needs ../shared)",
}
_NO_MATERIAL = 2


def main() -> int:
    """Run them all; a benchmark whose material is not there is named and skipped."""
    missed = []
    for module, about in BENCHMARKS.items():
        print(f"\n== {module}: {about}", flush=True)
        code = subprocess.run([sys.executable, "-m", f"tests.bench.{module}"], check=False).returncode
        if code not in {0, _NO_MATERIAL}:
            missed.append(module)
    print(f"\nmissed: {', '.join(missed)}" if missed else "\nall targets met")
    return bool(missed)


if __name__ == "__main__":
    sys.exit(main())
