"""New versions while serving: picked up within seconds, and every request is answered from exactly one."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from brain.embedding import Embedder
from brain.fakes import HashEmbedder
from brain.settings import Settings
from brain.shelf import Shelf
from service.generation.pipeline import generate
from service.generation.records import QuestionSet, QuestionSetRequest
from service.generation.workspace import Workspace
from tests.building import CORPUS, changed, publish_tiny, tiny_content
from tests.service.live import LiveApp, check_problem
from tests.service.quay import describe_quay, quay_content

OLD, NEW = "Why do you want to work in a harbour?", "Why would you rather work on a lighthouse?"


def put(home: Path, embedder: Embedder, question: str) -> str:
    """Publish the tiny corpus with this question in the last report but none; its version."""
    return publish_tiny(home, tiny_content(embedder, changed("Lunch", question)), embedder).version


def tiny(app: LiveApp) -> QuestionSet:
    body = {"corpus": CORPUS, "count": 12, "answers": False}
    return QuestionSet.model_validate_json(app.post("/v1/question-sets", body).content)


def said(made: QuestionSet) -> set[str]:
    return {question.text for question in made.questions} & {OLD, NEW}


@pytest.fixture
def two_homes(tmp_path: Path) -> Path:
    describe_quay(tmp_path)
    return tmp_path


def wait_for(app: LiveApp, version: str) -> None:
    deadline = time.monotonic() + 20
    while app.get("/health/ready").json()["corpora"].get(CORPUS) != version:
        assert time.monotonic() < deadline, "the new version was not picked up"
        time.sleep(0.05)


def test_a_new_version_is_served_within_seconds_and_every_answer_is_of_one(two_homes: Path, embedder: Embedder) -> None:
    before = put(two_homes, embedder, OLD)
    told: dict[str, set[str]] = {}
    failures: list[BaseException] = []
    over = threading.Event()

    def ask() -> None:
        try:
            while not over.is_set():
                made = tiny(app)
                told.setdefault(made.version, set()).update(said(made))
        except BaseException as failure:  # noqa: BLE001 - looked at below
            failures.append(failure)

    with LiveApp(Settings(home=two_homes), embedder) as app, ThreadPoolExecutor(4) as pool:
        assert app.get("/health/ready").json()["corpora"] == {CORPUS: before}
        asking = [pool.submit(ask) for _ in range(4)]
        after = put(two_homes, embedder, NEW)
        try:
            wait_for(app, after)
            fresh = tiny(app)
        finally:
            over.set()
        for one in asking:
            one.result(30)
    assert not failures
    assert (fresh.version, said(fresh)) == (after, {NEW})
    assert told.keys() <= {before, after}
    assert told[before] == {OLD}
    assert told.get(after, {NEW}) == {NEW}


def test_a_corpus_that_is_published_while_serving_is_served(two_homes: Path, embedder: Embedder) -> None:
    with LiveApp(Settings(home=two_homes), embedder) as app:
        check_problem(app.post("/v1/question-sets", {"corpus": CORPUS}), 409, "not-ingested")
        version = put(two_homes, embedder, OLD)
        assert tiny(app).version == version


def test_a_corpus_that_a_request_opened_is_among_the_ready(two_homes: Path, embedder: Embedder) -> None:
    with LiveApp(Settings(home=two_homes), embedder) as app:
        version = put(two_homes, embedder, OLD)
        assert tiny(app).version == version
        time.sleep(1.5)
        assert app.get("/health/ready").json()["corpora"] == {CORPUS: version}


def test_a_running_request_finishes_on_the_version_that_it_began_with(two_homes: Path, embedder: Embedder) -> None:
    before = put(two_homes, embedder, OLD)
    shelf = Shelf(two_homes, embedder.id, lambda opened: Workspace(opened, embedder))
    copies = two_homes / "readers"
    request = QuestionSetRequest(corpus=CORPUS, answers=False)
    try:
        with shelf.borrow(CORPUS) as running:
            after = put(two_homes, embedder, NEW)
            assert shelf.refresh() == {CORPUS: after}
            with shelf.borrow(CORPUS) as fresh:
                assert said(generate(fresh, request)) == {NEW}
            made = generate(running, request)
            assert (made.version, said(made)) == (before, {OLD})
            held = len([path for path in copies.iterdir() if path.is_dir()])
        assert len([path for path in copies.iterdir() if path.is_dir()]) == held - 1
        assert shelf.refresh() == {}
    finally:
        shelf.close()
    assert not [path for path in copies.iterdir() if path.is_dir()]


def test_a_version_that_cannot_be_opened_leaves_the_old_one_served(
    two_homes: Path, embedder: Embedder, caplog: pytest.LogCaptureFixture
) -> None:
    before = put(two_homes, embedder, OLD)
    with LiveApp(Settings(home=two_homes), embedder) as app:
        publish_tiny(two_homes, tiny_content(HashEmbedder()), HashEmbedder())
        deadline = time.monotonic() + 20
        while "could not be opened" not in caplog.text:
            assert time.monotonic() < deadline, "the watcher said nothing"
            time.sleep(0.05)
        made = tiny(app)
        assert (made.version, said(made)) == (before, {OLD})
        wait_for(app, put(two_homes, embedder, NEW))
        assert said(tiny(app)) == {NEW}


def test_a_set_stays_as_it_was_made_when_a_new_version_comes(two_homes: Path, embedder: Embedder) -> None:
    put(two_homes, embedder, OLD)
    with LiveApp(Settings(home=two_homes), embedder) as app:
        first = tiny(app)
        wait_for(app, put(two_homes, embedder, NEW))
        second = tiny(app)
        assert first.id != second.id
        kept = QuestionSet.model_validate_json(app.get(f"/v1/question-sets/{first.id}").content)
        assert kept == first


def test_the_private_copies_go_with_the_service(tmp_path: Path, embedder: Embedder) -> None:
    describe_quay(tmp_path)
    publish_tiny(tmp_path, quay_content(embedder), embedder)
    with LiveApp(Settings(home=tmp_path), embedder) as app:
        tiny(app)
        assert [path for path in (tmp_path / "readers").iterdir() if path.is_dir()]
    assert not [path for path in (tmp_path / "readers").iterdir() if path.is_dir()]
