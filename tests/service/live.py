"""The application in this process, its lifespan run by hand in a thread of its own, and what its errors look like.

with LiveApp(settings) as app:
    app.get("/health/ready").json()
"""

import asyncio
import threading
from collections.abc import MutableMapping
from contextlib import asynccontextmanager
from typing import Any, Self

import httpx
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from brain.embedding import Embedder
from brain.settings import Settings
from service.api.app import create_app
from tests.service.quay import FLAGSHIP

Json = dict[str, Any]
PATIENCE = 30.0
PROBLEM = "application/problem+json"


class LiveApp:
    """Answers requests of any thread until the block ends; `errors=False` shows what a server makes of a bug."""

    def __init__(
        self, settings: Settings, embedder: Embedder | None = None, *, errors: bool = True, patience: float = PATIENCE
    ) -> None:
        self._patience = patience
        self._settings = settings
        self._embedder = embedder
        self._errors = errors
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._over = asyncio.Event()
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(PATIENCE)
        if self._failure is not None:
            raise self._failure
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join(PATIENCE)
        if self._failure is not None:
            raise self._failure

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        """One request, from any thread."""
        asked = asyncio.run_coroutine_threadsafe(self._client.request(method, path, **options), self._loop)
        return asked.result(PATIENCE)

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self.request("GET", path, **options)

    def post(self, path: str, wish: object = None, **options: Any) -> httpx.Response:
        return self.request("POST", path, **({"json": wish} if wish is not None else {}), **options)

    def _run(self) -> None:
        try:
            with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
                runner.run(self._serve())
        except BaseException as failure:  # noqa: BLE001 - handed to the thread that waits
            self._failure = failure
        finally:
            self._ready.set()

    async def _serve(self) -> None:
        app = create_app(self._settings, self._embedder)
        async with _lifespan(app) as state:
            transport = httpx.ASGITransport(_with_state(app, state), raise_app_exceptions=self._errors)
            async with httpx.AsyncClient(transport=transport, base_url="http://brain.test") as self._client:
                await self._until_ready()
                self._ready.set()
                await self._over.wait()

    async def _until_ready(self) -> None:
        for _ in range(int(self._patience / 0.02)):
            if (await self._client.get("/health/ready")).status_code == httpx.codes.OK:
                return
            await asyncio.sleep(0.02)
        raise TimeoutError("the application was not ready in time")


@asynccontextmanager
async def _lifespan(app: ASGIApp) -> Any:
    """Speak the lifespan protocol of ASGI as a server does; yields the state."""
    state: MutableMapping[str, Any] = {}
    said: asyncio.Queue[Message] = asyncio.Queue()
    heard: asyncio.Queue[Message] = asyncio.Queue()
    scope = {"type": "lifespan", "asgi": {"version": "3.0", "spec_version": "2.0"}, "state": state}
    task = asyncio.create_task(_call(app, scope, said.get, heard.put))
    await said.put({"type": "lifespan.startup"})
    assert (await heard.get())["type"] == "lifespan.startup.complete"
    yield state
    await said.put({"type": "lifespan.shutdown"})
    assert (await heard.get())["type"] == "lifespan.shutdown.complete"
    await task


async def _call(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    await app(scope, receive, send)


def _with_state(app: ASGIApp, state: MutableMapping[str, Any]) -> ASGIApp:
    async def stateful(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, "state": dict(state)}, receive, send)

    return stateful


def wish(**fields: Any) -> Json:
    """A request for the flagship."""
    return {"corpus": FLAGSHIP} | fields


def check_problem(response: httpx.Response, status: int, code: str = "") -> Json:
    """The answer is a problem document of that status, with its request id."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == PROBLEM
    assert response.headers["x-request-id"]
    problem: Json = response.json()
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"]
    assert problem["type"] == (f"urn:industry-brain:problem:{code}" if code else "about:blank")
    return problem


def fields_of(problem: Json) -> list[str]:
    return [one["field"] for one in problem["errors"]]
