"""What a command must not load before it has work to do. Modules are named, times are not."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import typer

import ingest.cli
import service.cli

HEAVY = (
    "bm25s",
    "chromadb",
    "fastapi",
    "llama_index",
    "numpy",
    "onnx",
    "onnxruntime",
    "pydantic_settings",
    "scipy",
    "torch",
    "trafilatura",
)

RUN = """
import importlib, io, json, sys
from contextlib import redirect_stderr, redirect_stdout
heavy, program, *calls = json.loads(sys.argv[1])
main = importlib.import_module(program).main
ended = []
for arguments in calls:
    sys.argv = [program, *arguments]
    out = io.StringIO()
    code = 0
    try:
        with redirect_stdout(out), redirect_stderr(out):
            main()
    except SystemExit as end:
        code = end.code or 0
    ended.append({"code": code, "said": out.getvalue(), "loaded": [name for name in heavy if name in sys.modules]})
print(json.dumps(ended))
"""


def pages(app: typer.Typer) -> list[list[str]]:
    """The arguments of every help page of a program."""
    names = [command.name or command.callback.__name__ for command in app.registered_commands if command.callback]
    assert names
    return [["--help"], *([name.replace("_", "-"), "--help"] for name in names)]


def ended(program: str, calls: list[list[str]], home: Path) -> list[dict[str, object]]:
    """How calls of a program's `main` end, one after the other in one fresh process, and what had been loaded then."""
    order = json.dumps([HEAVY, program, *calls])
    environment = {"PATH": "/usr/bin:/bin", "BRAIN_HOME": str(home), "COLUMNS": "120"}
    root = Path(__file__).parent.parent.parent
    command = [sys.executable, "-c", RUN, order]
    done = subprocess.run(command, env=environment, cwd=root, check=True, capture_output=True, timeout=60)
    found: list[dict[str, object]] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize(
    ("program", "calls"), [("ingest.cli", pages(ingest.cli.app)), ("service.cli", pages(service.cli.app))]
)
def test_help_loads_nothing_heavy(program: str, calls: list[list[str]], home: Path) -> None:
    for arguments, page in zip(calls, ended(program, calls, home), strict=True):
        assert (arguments, page["code"], page["loaded"]) == (arguments, 0, [])
        assert "Usage: " in str(page["said"])


@pytest.mark.parametrize(
    ("program", "calls"),
    [
        ("ingest.cli", [["no-such-command"], ["run"], ["run", "--no-such-option"], ["status"], []]),
        ("service.cli", [["no-such-command"], ["questions"], ["serve", "--port", "many"], ["answer", "one"], []]),
    ],
)
def test_an_argument_error_loads_nothing_heavy(program: str, calls: list[list[str]], home: Path) -> None:
    for arguments, page in zip(calls, ended(program, calls, home), strict=True):
        assert (arguments, page["code"], page["loaded"]) == (arguments, 2, [])
        assert "Usage: " in str(page["said"])


def test_evals_loads_nothing_heavy(home: Path) -> None:
    (page,) = ended("evals.cli", [["--help"]], home)
    assert (page["code"], page["loaded"]) == (2, [])


@pytest.mark.parametrize(
    "module", ["brain", "brain.catalog", "brain.embedding", "brain.errors", "brain.records", "brain.versions"]
)
def test_modules_on_the_way_load_nothing_heavy(module: str) -> None:
    script = f"import sys, {module}; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True, timeout=60)
    assert done.stdout == "[]\n"
