"""Every error over REST is a problem document that names the field and the next step."""

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from brain.embedding import Embedder
from brain.fakes import HashEmbedder
from brain.settings import Settings
from brain.versions import Versions
from ingest.publish import publish
from service.api.problems import LARGEST_BODY
from tests.building import CORPUS, publish_tiny, tiny_content
from tests.service.live import PROBLEM, Json, LiveApp, check_problem, fields_of, wish
from tests.service.quay import FLAGSHIP, describe_quay

_JSON = {"content-type": "application/json"}

BAD_SETS: list[tuple[Json, str, str]] = [
    ({"count": 0}, "count", "1"),
    ({"count": 51}, "count", "50"),
    ({"count": -1}, "count", "1"),
    ({"count": "many"}, "count", "integer"),
    ({"count": 2.5}, "count", "integer"),
    ({"seed": -1}, "seed", "0"),
    ({"seed": 2**31}, "seed", str(2**31 - 1)),
    ({"kinds": ["behavioural"]}, "kinds.0", "behavioral"),
    ({"kinds": "concept"}, "kinds", "tuple"),
    ({"kinds": ["concept"] * 8}, "kinds", "7"),
    ({"topics": [""]}, "topics.0", "1 character"),
    ({"topics": ["   "]}, "topics.0", "1 character"),
    ({"topics": ["pca", "x" * 81]}, "topics.1", "80"),
    ({"topics": ["pca"] * 21}, "topics", "20"),
    ({"track": "moonlighting"}, "track", "moonlighting"),
    ({"track": "x" * 61}, "track", "60"),
    ({"level": "x" * 61}, "level", "60"),
    ({"answers": "perhaps"}, "answers", "boolean"),
    ({"corpus": ""}, "corpus", "1 character"),
    ({"corpus": 7}, "corpus", "string"),
    ({"cuont": 3}, "cuont", "not permitted"),
    ({"level": "\ud800"}, "level", "unicode"),
]


@pytest.mark.parametrize(("fields", "field", "hint"), BAD_SETS)
def test_a_bad_wish_names_its_field_and_what_is_allowed(api: LiveApp, fields: Json, field: str, hint: str) -> None:
    body = json.dumps(wish(**fields)).encode()
    problem = check_problem(api.post("/v1/question-sets", content=body, headers=_JSON), 422, "bad-input")
    assert fields_of(problem) == [field]
    assert hint in problem["errors"][0]["message"]
    assert problem["next_step"]


def test_several_wrong_fields_are_all_named(api: LiveApp) -> None:
    problem = check_problem(api.post("/v1/question-sets", wish(count=0, seed=-1, topics=[""])), 422, "bad-input")
    assert fields_of(problem) == ["count", "seed", "topics.0"]


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/v1/answers", {"corpus": FLAGSHIP}, "question"),
        ("/v1/answers", {"corpus": FLAGSHIP, "question": "ab"}, "question"),
        ("/v1/answers", {"corpus": FLAGSHIP, "question": "a" * 601}, "question"),
        ("/v1/answers", {"corpus": FLAGSHIP, "question": "What is it?", "kind": "riddle"}, "kind"),
        ("/v1/search", {"corpus": FLAGSHIP, "query": " "}, "query"),
        ("/v1/search", {"corpus": FLAGSHIP, "query": "a" * 401}, "query"),
        ("/v1/search", {"corpus": FLAGSHIP, "query": "a", "limit": 51}, "limit"),
        ("/v1/search", {"query": "a"}, "corpus"),
        ("/v1/search", [], "body"),
    ],
)
def test_other_operations_name_the_wrong_field_too(api: LiveApp, path: str, body: object, field: str) -> None:
    content = json.dumps(body).encode()
    assert fields_of(check_problem(api.post(path, content=content, headers=_JSON), 422, "bad-input")) == [field]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("kind=riddle", "kind.0"),
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("offset=-1", "offset"),
        ("topic=" + "x" * 81, "topic"),
    ],
)
def test_the_bank_names_the_wrong_parameter(api: LiveApp, query: str, field: str) -> None:
    problem = check_problem(api.get(f"/v1/corpora/{FLAGSHIP}/questions?{query}"), 422, "bad-input")
    assert fields_of(problem) == [field]


def test_an_unknown_track_names_the_nearest(api: LiveApp) -> None:
    problem = check_problem(api.post("/v1/question-sets", wish(track="interm")), 422, "bad-input")
    assert "'intern'" in problem["next_step"]


@pytest.mark.parametrize("content", [b'{"corpus": "x", ', b"", b"\xff\xfe", b'{"corpus": "\xff"}', b"[" * 20_000])
def test_a_body_that_is_no_json_is_a_problem(api: LiveApp, content: bytes) -> None:
    response = api.post("/v1/answers", content=content, headers=_JSON)
    assert response.status_code in {400, 422}
    assert response.headers["content-type"] == PROBLEM


def test_malformed_json_names_the_body(api: LiveApp) -> None:
    response = api.post("/v1/answers", content=b'{"corpus": "x", ', headers=_JSON)
    assert fields_of(check_problem(response, 422, "bad-input")) == ["body"]


UNKNOWN = [
    ("POST", "/v1/question-sets", {"corpus": "amazon-applied-scientst"}),
    ("POST", "/v1/answers", {"corpus": "amazon-applied-scientst", "question": "What is PCA?"}),
    ("POST", "/v1/search", {"corpus": "amazon-applied-scientst", "query": "PCA"}),
    ("GET", "/v1/corpora/amazon-applied-scientst", None),
    ("GET", "/v1/corpora/amazon-applied-scientst/questions", None),
]


@pytest.mark.parametrize(("method", "path", "body"), UNKNOWN)
def test_an_unknown_corpus_names_the_nearest(api: LiveApp, method: str, path: str, body: Json | None) -> None:
    problem = check_problem(api.request(method, path, json=body), 404, "unknown-corpus")
    assert "'amazon-applied-scientst'" in problem["detail"]
    assert FLAGSHIP in problem["next_step"]


@pytest.mark.parametrize("corpus", ["%2e%2e", "..%2f..%2fetc", "%00", "companies", "a" * 300])
def test_a_path_is_no_corpus(api: LiveApp, corpus: str) -> None:
    assert api.get(f"/v1/corpora/{corpus}").status_code == 404


@pytest.mark.parametrize(("method", "path", "body"), UNKNOWN)
def test_a_corpus_that_is_not_ingested_names_the_command(
    empty: LiveApp, method: str, path: str, body: Json | None
) -> None:
    path = path.replace("amazon-applied-scientst", FLAGSHIP)
    asked = body and body | {"corpus": FLAGSHIP}
    problem = check_problem(empty.request(method, path, json=asked), 409, "not-ingested")
    assert f"ingest run {FLAGSHIP}" in problem["next_step"]


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Iterator[LiveApp]:
    """The application over a home where nothing is ingested."""
    with LiveApp(Settings(home=tmp_path_factory.mktemp("empty")), embedder, errors=False) as app:
        yield app


def test_without_any_corpus_the_service_is_ready_and_has_no_questions(empty: LiveApp) -> None:
    assert empty.get("/health/ready").json() == {"status": "ready", "corpora": {}}
    check_problem(empty.get("/v1/questions/q_0000000000000000"), 404, "not-found")


def test_unknown_ids_are_problems(api: LiveApp) -> None:
    assert "s_0" in check_problem(api.get("/v1/question-sets/s_0"), 404, "not-found")["detail"]
    assert "q_0" in check_problem(api.get("/v1/questions/q_0"), 404, "not-found")["detail"]


@pytest.mark.parametrize("path", ["/", "/v1", "/v1/nowhere", "/health", "/v2/corpora"])
def test_an_unknown_path_is_a_problem(api: LiveApp, path: str) -> None:
    check_problem(api.get(path), 404)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [("GET", "/v1/answers", "POST"), ("DELETE", "/v1/corpora", "GET"), ("PUT", "/health/live", "GET")],
)
def test_a_wrong_method_is_a_problem_that_names_the_right_one(
    api: LiveApp, method: str, path: str, allowed: str
) -> None:
    response = api.request(method, path)
    check_problem(response, 405)
    assert response.headers["allow"] == allowed


def test_a_body_over_the_limit_is_refused(api: LiveApp) -> None:
    problem = check_problem(api.post("/v1/answers", content=b"x" * (LARGEST_BODY + 1)), 413, "too-large")
    assert "65,536" in problem["detail"]


def test_a_body_of_just_the_limit_is_read(api: LiveApp) -> None:
    body = json.dumps(wish(question="What is PCA?")).encode()
    response = api.post("/v1/answers", content=body.ljust(LARGEST_BODY), headers=_JSON)
    assert response.status_code == 200


def test_a_real_server_refuses_a_large_body_and_lives_on(served: str) -> None:
    with httpx.Client(base_url=served, trust_env=False) as server:
        for _ in range(3):
            check_problem(server.post("/v1/search", content=b"x" * 1_000_000), 413, "too-large")
        assert server.get("/health/live").status_code == 200


def pieces() -> Iterator[bytes]:
    """A body without a declared length, over the limit."""
    for _ in range(40):
        yield b"x" * 5_000


def test_a_large_body_in_pieces_is_refused(served: str) -> None:
    with httpx.Client(base_url=served, trust_env=False) as server:
        response = server.post("/v1/search", content=pieces(), headers=_JSON)
        assert response.status_code in {400, 413}
        assert response.headers["content-type"] == PROBLEM
        assert server.get("/health/live").status_code == 200


def test_a_large_body_in_pieces_is_called_too_large(served: str) -> None:
    with httpx.Client(base_url=served, trust_env=False) as server:
        check_problem(server.post("/v1/search", content=pieces(), headers=_JSON), 413, "too-large")


def test_a_failure_that_nobody_foresaw_is_a_problem_that_tells_nothing(
    flagship: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.api.routes.generate", _fail)
    with LiveApp(Settings(home=flagship), embedder, errors=False) as app:
        response = app.post("/v1/question-sets", wish())
    assert response.status_code == 500
    assert response.headers["content-type"] == PROBLEM
    assert "secret" not in response.text


def test_a_failure_that_nobody_foresaw_has_its_request_id(
    flagship: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.api.routes.generate", _fail)
    with LiveApp(Settings(home=flagship), embedder, errors=False) as app:
        response = app.post("/v1/question-sets", wish(), headers={"x-request-id": "mine"})
    assert response.headers.get("x-request-id") == "mine"


def _fail(*_: object) -> None:
    raise RuntimeError("secret")


def test_one_wrong_corpus_file_keeps_no_other_corpus_from_being_served(tmp_path: Path, embedder: Embedder) -> None:
    describe_quay(tmp_path)
    publish_tiny(tmp_path, tiny_content(embedder), embedder)
    (tmp_path / "corpora" / "wrong").mkdir()
    (tmp_path / "corpora" / "wrong" / "corpus.toml").write_text('titel = "A wrong field"\n', "utf-8")
    with LiveApp(Settings(home=tmp_path), embedder, errors=False, patience=2) as app:
        assert app.post("/v1/search", {"corpus": CORPUS, "query": "cranes"}).status_code == 200


def test_a_corpus_that_cannot_be_opened_hides_no_question_of_another(tmp_path: Path, embedder: Embedder) -> None:
    describe_quay(tmp_path)
    describe_quay(tmp_path, "a-corpus-before")
    publish_tiny(tmp_path, tiny_content(embedder), embedder)
    before = Versions(tmp_path / "versions", "a-corpus-before")
    with before.working():
        publish(before, tiny_content(HashEmbedder()), HashEmbedder(), "", tmp_path / "readers")
    with LiveApp(Settings(home=tmp_path), embedder, errors=False) as app:
        question = app.get(f"/v1/corpora/{CORPUS}/questions").json()["questions"][0]
        assert app.get(f"/v1/questions/{question['id']}").json() == question
