"""A small client of the REST API, for commands and other Python programs."""

from types import TracebackType
from typing import Any, Self

import httpx

from brain.errors import BrainError

Json = dict[str, Any]


class ServiceError(BrainError):
    """The service answered with a problem document, or not at all."""

    exit_code = 7
    status = 502
    code = "service"


class BrainClient:
    """Speaks to one service. Raises ServiceError with the problem's own words."""

    def __init__(self, base_url: str, timeout: float = 60.0) -> None:
        self._http = httpx.Client(base_url=base_url, timeout=timeout, trust_env=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def ready(self) -> bool:
        """Whether the service answers and is ready."""
        try:
            return self._http.get("/health/ready").status_code == httpx.codes.OK
        except httpx.TransportError:
            return False

    def question_set(self, wish: Json) -> Json:
        """Make a question set; the body of `POST /v1/question-sets`."""
        return self._post("/v1/question-sets", wish)

    def answer(self, wish: Json) -> Json:
        """Answer a question; the body of `POST /v1/answers`."""
        return self._post("/v1/answers", wish)

    def search(self, wish: Json) -> Json:
        """Search the evidence; the body of `POST /v1/search`."""
        return self._post("/v1/search", wish)

    def _post(self, path: str, wish: Json) -> Json:
        try:
            response = self._http.post(path, json=wish)
        except httpx.TransportError as error:
            raise ServiceError(
                f"The service does not answer: {error}.", next_step="Start it with `brain serve`."
            ) from error
        if response.is_success:
            body: Json = response.json()
            return body
        raise _problem(response)


def _problem(response: httpx.Response) -> ServiceError:
    if response.headers.get("content-type", "").startswith("application/problem+json"):
        problem = response.json()
        return ServiceError(f"{problem['title']}: {problem['detail']}", next_step=problem.get("next_step", ""))
    return ServiceError(f"The service answered {response.status_code}.", next_step="Look at its log.")
