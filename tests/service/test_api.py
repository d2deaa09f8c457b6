"""The REST interface: every operation, every documented example, and what the document says."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from brain.client import BrainClient, ServiceError
from brain.embedding import Embedder
from brain.settings import Settings
from service.generation.records import AnsweredQuestion, Bank, BankQuestion, QuestionSet, SearchResult
from service.generation.workspace import Workspace
from tests.building import CORPUS
from tests.service.live import PROBLEM, Json, LiveApp, wish
from tests.service.quay import FLAGSHIP

VOLATILE = {"created", "created_at", "request_id", "took", "timing", "timings", "elapsed", "duration", "timestamp"}
CRAFT_TOPICS = ("star-format", "coding-interview")


def keys_of(body: object) -> Iterator[str]:
    """The names of all members of a body, however deep."""
    if isinstance(body, dict):
        for key, value in body.items():
            yield key
            yield from keys_of(value)
    elif isinstance(body, list):
        for value in body:
            yield from keys_of(value)


@pytest.fixture(scope="session")
def openapi(api: LiveApp) -> Json:
    body: Json = api.get("/openapi.json").json()
    return body


def test_a_set_is_made_and_stays_under_its_address(api: LiveApp) -> None:
    made = api.post("/v1/question-sets", wish(count=4, seed=3))
    assert made.status_code == 201
    again = api.get(made.headers["location"])
    assert again.status_code == 200
    assert again.content == made.content
    assert made.headers["location"] == f"/v1/question-sets/{QuestionSet.model_validate_json(made.content).id}"


def test_a_set_survives_a_restart_of_the_service(flagship: Path, embedder: Embedder, api: LiveApp) -> None:
    made = api.post("/v1/question-sets", wish(count=2, seed=99))
    with LiveApp(Settings(home=flagship), embedder) as other:
        assert other.get(made.headers["location"]).content == made.content


def test_rest_gives_what_generation_gives(api: LiveApp, fifty: list[QuestionSet]) -> None:
    made = api.post("/v1/question-sets", wish(seed=fifty[7].request.seed))
    assert QuestionSet.model_validate_json(made.content) == fifty[7]


def test_the_same_request_gets_the_same_bytes(api: LiveApp, served: str) -> None:
    with httpx.Client(base_url=served, trust_env=False) as server:
        for path, body in (
            ("/v1/question-sets", wish(count=5, seed=11)),
            ("/v1/answers", wish(question="What is overfitting?")),
            ("/v1/search", wish(query="trees", limit=20)),
        ):
            bodies = {api.post(path, body).content, api.post(path, body).content, server.post(path, json=body).content}
            assert len(bodies) == 1, path


def test_an_answer_is_cited(api: LiveApp) -> None:
    answered = api.post("/v1/answers", wish(question="What is overfitting, and how do you prevent it?"))
    assert answered.status_code == 200
    found = AnsweredQuestion.model_validate_json(answered.content)
    assert found.answer.scope == "direct"
    assert found.nearest_reported
    for key in found.nearest_reported:
        assert api.get(f"/v1/questions/{key}").status_code == 200


def test_a_question_that_the_corpus_cannot_answer_is_an_answer_too(api: LiveApp) -> None:
    answered = api.post("/v1/answers", wish(question="What is the capital of France?"))
    assert answered.status_code == 200
    assert answered.json()["answer"]["scope"] == "none"


def test_the_kind_may_be_given(api: LiveApp) -> None:
    body = wish(question="What is overfitting?", kind="behavioral")
    assert api.post("/v1/answers", body).json()["kind"] == "behavioral"


def test_search_shows_passages_and_questions(api: LiveApp) -> None:
    found = SearchResult.model_validate_json(api.post("/v1/search", wish(query="imbalanced classes", limit=3)).content)
    assert (len(found.passages), len(found.questions)) == (3, 3)
    assert found.evidence
    scores = [one.score for one in found.passages]
    assert scores == sorted(scores, reverse=True)


def test_corpora_are_listed_ingested_or_not(quay_home: Path, embedder: Embedder) -> None:
    with LiveApp(Settings(home=quay_home), embedder) as app:
        corpora = {one["id"]: one for one in app.get("/v1/corpora").json()["corpora"]}
    assert corpora[CORPUS]["version"]
    assert corpora[CORPUS]["company"] == "Harbour Robotics"
    assert (corpora[FLAGSHIP]["version"], corpora[FLAGSHIP]["thin"]) == (None, None)


def test_a_corpus_shows_what_may_be_asked_for(api: LiveApp, workspace: Workspace) -> None:
    body = api.get(f"/v1/corpora/{FLAGSHIP}").json()
    assert body["version"] == workspace.version.manifest.version
    assert [track["id"] for track in body["tracks"]] == ["full_time", "intern"]
    assert len(body["competencies"]) == 16
    assert body["counts"] == workspace.version.manifest.counts
    assert all(topic["questions"] or topic["card"] for topic in body["topics"])
    for topic in body["topics"][::8]:
        made = api.post("/v1/question-sets", wish(count=1, topics=[topic["id"]], answers=False)).json()
        assert made["questions"] or topic["id"] in {"behavioral", *CRAFT_TOPICS}, topic["id"]


def test_the_bank_is_browsed_page_by_page(api: LiveApp) -> None:
    address = f"/v1/corpora/{FLAGSHIP}/questions"
    whole = Bank.model_validate_json(api.get(address, params={"limit": 200}).content)
    assert whole.total == len(whole.questions) > 100
    pages = [
        Bank.model_validate_json(api.get(address, params={"limit": 40, "offset": offset}).content)
        for offset in range(0, whole.total + 40, 40)
    ]
    assert [one for page in pages for one in page.questions] == list(whole.questions)
    assert {page.total for page in pages} == {whole.total}
    scores = [one.confidence.score for one in whole.questions]
    assert scores == sorted(scores, reverse=True)


def test_the_bank_is_narrowed_by_kind_and_topic(api: LiveApp) -> None:
    address = f"/v1/corpora/{FLAGSHIP}/questions"
    both = api.get(address, params={"kind": ["coding", "design"], "limit": 200}).json()
    assert {one["kind"] for one in both["questions"]} == {"coding", "design"}
    trees = api.get(address, params={"topic": "decision-trees"}).json()
    assert trees["total"]
    assert all("decision-trees" in one["topics"] for one in trees["questions"])
    assert api.get(address, params={"topic": "nothing-of-ours"}).json()["total"] == 0


def test_the_bank_takes_a_topic_by_name(api: LiveApp) -> None:
    address = f"/v1/corpora/{FLAGSHIP}/questions"
    by_id, by_name = (api.get(address, params={"topic": name}).json() for name in ("decision-trees", "Decision trees"))
    assert by_name == by_id


def test_every_question_of_the_bank_has_its_address(api: LiveApp) -> None:
    bank = Bank.model_validate_json(api.get(f"/v1/corpora/{FLAGSHIP}/questions", params={"limit": 200}).content)
    for question in bank.questions[::7]:
        assert BankQuestion.model_validate_json(api.get(f"/v1/questions/{question.id}").content) == question


def test_an_alias_leads_to_the_same_question(api: LiveApp, workspace: Workspace) -> None:
    aliased = [cluster for cluster in workspace.version.clusters if cluster.aliases]
    assert aliased
    for cluster in aliased:
        for alias in cluster.aliases:
            assert api.get(f"/v1/questions/{alias}").content == api.get(f"/v1/questions/{cluster.id}").content


def test_every_question_that_search_shows_has_its_address(quay_home: Path, embedder: Embedder) -> None:
    with LiveApp(Settings(home=quay_home), embedder, errors=False) as app:
        found = app.post("/v1/search", {"corpus": CORPUS, "query": "why so", "limit": 50}).json()["questions"]
        assert len(found) > 10
        assert {app.get(f"/v1/questions/{one['id']}").status_code for one in found} == {200}


def test_questions_of_a_set_that_were_told_have_their_address(api: LiveApp) -> None:
    made = api.post("/v1/question-sets", wish(answers=False)).json()
    for question in made["questions"]:
        found = api.get(f"/v1/questions/{question['id']}").json()
        assert found["text"] == question["text"] or question["provenance"] == "adapted"


def test_health(api: LiveApp, workspace: Workspace) -> None:
    assert api.get("/health/live").json() == {"status": "live"}
    assert api.get("/health/ready").json() == {
        "status": "ready",
        "corpora": {FLAGSHIP: workspace.version.manifest.version},
    }


def operations(openapi: Json) -> list[tuple[str, str, Json]]:
    return [
        (method, path, operation) for path, methods in openapi["paths"].items() for method, operation in methods.items()
    ]


def test_every_documented_example_is_answered(api: LiveApp, openapi: Json) -> None:
    sent = 0
    for method, path, operation in operations(openapi):
        content = operation.get("requestBody", {}).get("content", {})
        for example in content.get("application/json", {}).get("examples", {}).values():
            response = api.request(method.upper(), path, json=example["value"])
            assert response.status_code in {200, 201}, (path, response.text)
            assert str(response.status_code) in operation["responses"]
            sent += 1
    assert sent >= 6


def test_every_reference_resolves(openapi: Json) -> None:
    def references(part: object) -> Iterator[str]:
        if isinstance(part, dict):
            if isinstance(part.get("$ref"), str):
                yield part["$ref"]
            for value in part.values():
                yield from references(value)
        elif isinstance(part, list):
            for value in part:
                yield from references(value)

    found = set(references(openapi))
    assert len(found) > 10
    for reference in found:
        part: Any = openapi
        assert reference.startswith("#/")
        for step in reference.removeprefix("#/").split("/"):
            part = part[step.replace("~1", "/").replace("~0", "~")]


def test_every_operation_is_described(openapi: Json) -> None:
    assert openapi["openapi"].startswith("3.1")
    identities = [operation["operationId"] for _, _, operation in operations(openapi)]
    assert len(identities) == len(set(identities)) == 10
    for method, path, operation in operations(openapi):
        assert operation["description"], path
        success = next(body for status, body in operation["responses"].items() if status.startswith("2"))
        assert "$ref" in success["content"]["application/json"]["schema"], path
        if method == "post":
            assert operation["requestBody"]["content"]["application/json"]["examples"], path
        for name in set(path.split("/")):
            if name.startswith("{"):
                declared = {one["name"] for one in operation["parameters"] if one["in"] == "path"}
                assert name.strip("{}") in declared


def test_errors_are_documented_as_problems(openapi: Json) -> None:
    for _, path, operation in operations(openapi):
        for status, response in operation["responses"].items():
            if status.startswith(("4", "5")) and status != "422":
                assert response["content"][PROBLEM]["schema"]["$ref"].endswith("/Problem"), path


def test_the_framework_s_own_errors_are_not_documented(openapi: Json) -> None:
    assert "HTTPValidationError" not in openapi["components"]["schemas"]


def test_problems_are_documented_with_their_media_type_only(openapi: Json) -> None:
    for _, path, operation in operations(openapi):
        for status, response in operation["responses"].items():
            if status.startswith(("4", "5")):
                assert set(response["content"]) == {PROBLEM}, (path, status)


def test_the_documentation_page_is_there(api: LiveApp) -> None:
    assert "/openapi.json" in api.get("/docs").text


@pytest.mark.parametrize("path", ["/health/live", "/nowhere", f"/v1/corpora/{FLAGSHIP}"])
def test_a_request_id_is_echoed(api: LiveApp, path: str) -> None:
    assert api.get(path, headers={"x-request-id": "my-id.42"}).headers["x-request-id"] == "my-id.42"


@pytest.mark.parametrize("given", ["", "two words", "a" * 81, "né", "<script>"])
def test_a_request_id_is_made_where_none_is_fit(api: LiveApp, given: str) -> None:
    headers = {"x-request-id": given.encode()} if given else {}
    first, second = (api.get("/health/live", headers=headers).headers["x-request-id"] for _ in range(2))
    assert first != second
    assert given not in {first, second}


def test_bodies_hold_nothing_volatile(api: LiveApp) -> None:
    asked = [
        ("POST", "/v1/question-sets", wish()),
        ("POST", "/v1/answers", wish(question="What is PCA?")),
        ("POST", "/v1/search", wish(query="PCA")),
        ("GET", "/v1/corpora", None),
        ("GET", f"/v1/corpora/{FLAGSHIP}", None),
        ("GET", f"/v1/corpora/{FLAGSHIP}/questions", None),
    ]
    for method, path, body in asked:
        first, second = (api.request(method, path, json=body) for _ in range(2))
        assert first.content == second.content, path
        assert not VOLATILE & set(keys_of(first.json())), path
        assert first.headers["x-request-id"] != second.headers["x-request-id"]
        assert "total;dur=" in first.headers["server-timing"]


def test_sixteen_threads_get_the_right_answers(served: str) -> None:
    asked: list[tuple[str, Json]] = [
        ("/v1/question-sets", wish(count=3, seed=1, answers=False)),
        ("/v1/question-sets", wish(count=2, seed=2, kinds=["concept"])),
        ("/v1/answers", wish(question="What is overfitting?")),
        ("/v1/search", wish(query="imbalanced classes", limit=4)),
        ("/v1/search", wish(query="gradient boosting", limit=4)),
    ]
    with httpx.Client(base_url=served, trust_env=False) as server:
        right = [server.post(path, json=body).content for path, body in asked]

    def ask(thread: int) -> list[str]:
        wrong = []
        with httpx.Client(base_url=served, trust_env=False, timeout=60) as server:
            for turn in range(20):
                which = (thread + turn) % len(asked)
                path, body = asked[which]
                response = server.post(path, json=body)
                if response.content != right[which]:
                    wrong.append(f"{path}: {response.status_code} {response.text[:200]}")
        return wrong

    with ThreadPoolExecutor(16) as pool:
        assert [wrong for found in pool.map(ask, range(16)) for wrong in found] == []


def test_the_client_speaks_to_a_real_server(served: str) -> None:
    with BrainClient(served) as client:
        assert client.ready()
        assert len(client.question_set(wish(count=2, answers=False))["questions"]) == 2
        assert client.answer(wish(question="What is PCA?"))["answer"]["scope"] == "direct"
        assert client.search(wish(query="PCA", limit=1))["passages"]


def test_the_client_raises_the_problem_s_own_words(served: str) -> None:
    with BrainClient(served) as client:
        with pytest.raises(ServiceError, match="amazon-applied-scientst") as caught:
            client.search({"corpus": "amazon-applied-scientst", "query": "PCA"})
        assert FLAGSHIP in caught.value.next_step
        with pytest.raises(ServiceError, match="count"):
            client.question_set(wish(count=0))


def test_the_client_says_when_nobody_answers() -> None:
    with BrainClient("http://127.0.0.1:9") as client:
        assert not client.ready()
        with pytest.raises(ServiceError, match="does not answer") as caught:
            client.search(wish(query="PCA"))
    assert "brain serve" in caught.value.next_step
