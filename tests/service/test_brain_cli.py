"""The `brain` command, in processes of its own: what it prints, and how it ends."""

import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from brain.client import BrainClient
from service.generation.pipeline import answer_question, generate, search_evidence
from service.generation.records import (
    AnsweredQuestion,
    AnswerRequest,
    QuestionSet,
    QuestionSetRequest,
    SearchRequest,
    SearchResult,
)
from service.generation.workspace import Workspace
from tests.service.quay import FLAGSHIP, ROOT, command, environment

HEAVY = ("onnxruntime", "onnx", "chromadb", "llama_index", "trafilatura", "pydantic_settings", "fastapi", "uvicorn")


def flat(text: str) -> str:
    return " ".join(text.split())


def test_questions_as_json_are_the_set_of_the_api(flagship: Path, fifty: list[QuestionSet]) -> None:
    done = command(flagship, "questions", FLAGSHIP, "--seed", "7", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == fifty[7].model_dump_json() + "\n"


def test_questions_for_people_follow_every_option(flagship: Path, workspace: Workspace) -> None:
    made = generate(
        workspace,
        QuestionSetRequest(
            corpus=FLAGSHIP,
            count=3,
            seed=2,
            kinds=("concept", "coding"),
            topics=("clustering", "pca"),
            track="intern",
            level="L5",
            answers=False,
        ),
    )
    wish = "--count 3 --seed 2 --kind concept --kind coding --topic clustering --topic pca --track intern --level L5"
    done = command(flagship, "questions", FLAGSHIP, *wish.split(), "--no-answers")
    assert (done.returncode, done.stderr) == (0, "")
    assert len(made.questions) == 3
    assert all(question.text in flat(done.stdout) for question in made.questions)
    assert made.plan.name in done.stdout
    assert "\x1b" not in done.stdout


def test_an_answer_as_json_and_for_people(flagship: Path, workspace: Workspace) -> None:
    asked = AnswerRequest(corpus=FLAGSHIP, question="What is overfitting?")
    right = answer_question(workspace, asked)
    done = command(flagship, "answer", FLAGSHIP, asked.question, "--json")
    assert AnsweredQuestion.model_validate_json(done.stdout) == right
    shown = command(flagship, "answer", FLAGSHIP, asked.question)
    assert (shown.returncode, shown.stderr) == (0, "")
    for part in right.answer.parts:
        for sentence in part.sentences:
            assert flat(sentence.text) in flat(shown.stdout)
    assert "[1] our card on" in shown.stdout


def test_a_question_without_an_answer_says_so_and_is_no_failure(flagship: Path) -> None:
    done = command(flagship, "answer", FLAGSHIP, "What is the capital of France?")
    assert done.returncode == 0
    assert "holds no passage that answers" in flat(done.stdout)


def test_search_as_json_and_for_people(flagship: Path, workspace: Workspace) -> None:
    asked = SearchRequest(corpus=FLAGSHIP, query="imbalanced classes", limit=2)
    right = search_evidence(workspace, asked)
    done = command(flagship, "search", FLAGSHIP, asked.query, "--limit", "2", "--json")
    assert SearchResult.model_validate_json(done.stdout) == right
    shown = flat(command(flagship, "search", FLAGSHIP, asked.query, "--limit", "2").stdout)
    assert all(question.text in shown for question in right.questions)
    assert all(passage.citation.label in shown for passage in right.passages)


@pytest.mark.parametrize(
    ("arguments", "code", "said", "next_step"),
    [
        (("questions", FLAGSHIP, "--kind", "riddle"), 2, ("kinds", "'riddle'", "behavioral"), "--help"),
        (("questions", FLAGSHIP, "--count", "0"), 2, ("count", "greater than or equal to 1", "0"), "--help"),
        (("questions", FLAGSHIP, "--count", "51"), 2, ("count", "less than or equal to 50", "51"), "--help"),
        (("questions", FLAGSHIP, "--seed", "-1"), 2, ("seed", "-1"), "--help"),
        (("questions", FLAGSHIP, "--topic", ""), 2, ("topics", "1 character"), "--help"),
        (("answer", FLAGSHIP, "ab"), 2, ("question", "3 characters"), "--help"),
        (("answer", FLAGSHIP, "What is it?", "--kind", "riddle"), 2, ("kind", "'riddle'"), "--help"),
        (("search", FLAGSHIP, "x", "--limit", "0"), 2, ("limit", "0"), "--help"),
        (("questions", "amazon-applied-scientst"), 2, ("'amazon-applied-scientst'",), FLAGSHIP),
        (("answer", "zzzz", "What is it?"), 2, ("'zzzz'",), "ingest list"),
        (("questions", FLAGSHIP), 3, (FLAGSHIP, "not been ingested"), f"ingest run {FLAGSHIP}"),
        (("search", FLAGSHIP, "x"), 3, (FLAGSHIP,), f"ingest run {FLAGSHIP}"),
    ],
)
def test_what_is_wrong_is_said_with_its_exit_code(
    tmp_path: Path, arguments: tuple[str, ...], code: int, said: tuple[str, ...], next_step: str
) -> None:
    done = command(tmp_path, *arguments)
    assert done.returncode == code, done.stderr
    assert done.stdout == ""
    assert done.stderr.startswith("error: ")
    assert all(part in done.stderr for part in said), done.stderr
    assert next_step in done.stderr.partition("→")[2], done.stderr


def test_an_unknown_track_is_said(flagship: Path) -> None:
    done = command(flagship, "questions", FLAGSHIP, "--track", "interm")
    assert done.returncode == 2
    assert "'interm'" in done.stderr
    assert "'intern'" in done.stderr


@pytest.mark.parametrize(
    "arguments", [("questions", FLAGSHIP, "--count", "many"), ("riddle",), ("questions",), ("serve", "--port", "70000")]
)
def test_misuse_ends_with_two(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    done = command(tmp_path, *arguments)
    assert done.returncode == 2
    assert done.stderr


def test_a_wrong_setting_names_its_variable(tmp_path: Path) -> None:
    done = command(tmp_path, "search", FLAGSHIP, "x", BRAIN_LOG_LEVEL="loud")
    assert done.returncode == 2
    assert "BRAIN_LOG_LEVEL" in done.stderr


def test_a_closed_pipe_ends_without_a_traceback(flagship: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "service", "questions", FLAGSHIP],
        env=environment(flagship),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert b"Traceback" not in process.stderr.read()
    process.stderr.close()
    assert process.wait(60) != 0


@pytest.mark.parametrize("arguments", [("--help",), ("questions", "--help"), ("serve", "--help"), ("questions",)])
def test_help_and_misuse_load_nothing_heavy(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "service", *arguments],
        env=environment(tmp_path),
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    loaded = set(re.findall(r"^import time:.*\| +([\w.]+)$", done.stderr, re.MULTILINE))
    assert "service.cli" in loaded or "typer" in loaded
    assert not loaded & set(HEAVY)


def test_a_bad_value_loads_nothing_heavy(tmp_path: Path) -> None:
    done = command(tmp_path, "questions", FLAGSHIP, "--count", "0", PYTHONPROFILEIMPORTTIME="1")
    loaded = set(re.findall(r"^import time:.*\| +([\w.]+)$", done.stderr, re.MULTILINE))
    assert "service.generation.records" in loaded
    assert not loaded & set(HEAVY)


def copies(home: Path) -> set[Path]:
    return {path for path in (home / "readers").iterdir() if path.is_dir()}


def test_the_demo_shows_a_set_and_stops_its_service(flagship: Path, workspace: Workspace) -> None:
    before = copies(flagship)
    done = command(flagship, "demo", FLAGSHIP, "--count", "3")
    assert done.returncode == 0, done.stderr
    made = generate(workspace, QuestionSetRequest(corpus=FLAGSHIP, count=3, seed=7))
    for question in made.questions:
        assert question.text in flat(done.stdout)
    assert copies(flagship) <= before


def test_the_demo_passes_on_what_the_service_says(tmp_path: Path) -> None:
    done = command(tmp_path, "demo", FLAGSHIP)
    assert done.returncode not in {0, 1}
    assert f"ingest run {FLAGSHIP}" in done.stderr


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(home: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    """A service that is ready; killed at the end when the test has not ended it."""
    process = subprocess.Popen(
        [sys.executable, "-m", "service", "serve", "--port", str(port)],
        env=environment(home),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    try:
        deadline = time.monotonic() + 60
        with BrainClient(f"http://127.0.0.1:{port}", timeout=2) as client:
            while not client.ready():
                assert process.poll() is None
                assert time.monotonic() < deadline
                time.sleep(0.05)
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_service_stops_when_told_to(flagship: Path, number: signal.Signals) -> None:
    before = copies(flagship)
    with serving(flagship, free_port()) as process:
        assert copies(flagship) - before
        process.send_signal(number)
        _, errors = process.communicate(timeout=30)
    assert process.returncode in ({0, 130} if number == signal.SIGINT else {0, 143, -signal.SIGTERM})
    assert "Traceback" not in errors
    assert copies(flagship) <= before


def test_a_port_that_is_taken_is_said(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = command(tmp_path, "serve", "--port", str(port))
    assert done.returncode != 0
    assert str(port) in done.stderr
    assert "in use" in done.stderr


def test_output_that_is_ascii_only_brings_no_traceback(flagship: Path) -> None:
    done = command(flagship, "search", FLAGSHIP, "k-means", "--limit", "1", PYTHONIOENCODING="ascii")
    assert done.returncode == 0
