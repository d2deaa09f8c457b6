"""The FastAPI application: what it opens once, what watches for new versions, and what wraps every request."""

import asyncio
import logging
import re
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from importlib.metadata import version
from typing import TypedDict

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from brain.catalog import Catalog
from brain.embedding import Embedder, load_embedder
from brain.errors import BrainError, NotIngestedError
from brain.settings import Settings
from brain.shelf import Shelf
from service.api import problems
from service.api.routes import health, router
from service.api.sets import SetStore
from service.api.state import Service
from service.generation.workspace import Workspace

_WATCH_SECONDS = 1.0
_OPENED_AT_START = 8
_REQUEST_ID = re.compile(r"[\w.-]{1,80}")
_LOG = logging.getLogger(__name__)

_DESCRIPTION = """
Cited interview questions and model answers for one company and role at a time.

Every question says whether it was **reported** by a candidate, **listed** by a third party, **adapted** or
**inferred**; how many independent sources agree; and how sure that is. A citation's `start` and `end` count Unicode
code points of the document's text. The same request to the same version gets the same body; what varies (request id,
timing) is in the headers.
"""


class LifespanState(TypedDict):
    """What the lifespan hands to every request."""

    service: Service


def create_app(settings: Settings, embedder: Embedder | None = None) -> FastAPI:
    """The application for these settings; `embedder` replaces the configured one, for tests."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[LifespanState]:
        service = _open(settings, embedder)
        tasks = [asyncio.create_task(_start(service)), asyncio.create_task(_watch(service))]
        try:
            yield {"service": service}
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            service.shelf.close()
            service.sets.close()

    app = FastAPI(
        title="Industry Brain",
        version=version("industry-brain"),
        description=_DESCRIPTION,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        lifespan=lifespan,
    )
    problems.register(app)
    problems.document(app)
    app.include_router(router, prefix="/v1")
    app.include_router(health, prefix="/health")
    app.add_middleware(Envelope)
    return app


def _open(settings: Settings, embedder: Embedder | None) -> Service:
    embedder = embedder or load_embedder(settings.embedder, settings.home, settings.workers)
    chosen = embedder
    return Service(
        settings=settings,
        catalog=Catalog.of(settings.corpora_overlay),
        embedder=embedder,
        shelf=Shelf(settings.home, embedder.id, lambda opened: Workspace(opened, chosen)),
        sets=SetStore(settings.home / "service.sqlite"),
    )


async def _start(service: Service) -> None:
    """Warm the embedder and the first published corpora, then say that the service is ready."""
    await run_in_threadpool(service.embedder.embed, ["warm"])
    for corpus_id in service.catalog.ids():
        if len(service.shelf.opened()) < _OPENED_AT_START:
            try:
                await run_in_threadpool(_touch, service, corpus_id)
            except NotIngestedError:
                continue
            except BrainError as error:
                _LOG.warning("%s is not served: %s", corpus_id, error.message)
    service.ready = True


def _touch(service: Service, corpus_id: str) -> None:
    service.versions(corpus_id).require_current()
    with service.shelf.borrow(corpus_id):
        pass


async def _watch(service: Service) -> None:
    """Switch to new versions within a second or so of their publication."""
    while True:
        await asyncio.sleep(_WATCH_SECONDS)
        try:
            moved = await run_in_threadpool(service.shelf.refresh)
        except (BrainError, OSError):
            _LOG.exception("a new version could not be opened; the one before stays served")
            continue
        for corpus_id, opened in moved.items():
            _LOG.info("now serving %s of %s", opened, corpus_id)


class Envelope:
    """Give every response a request id and its time, refuse large bodies, and log one line."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Wrap one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        given = headers.get("x-request-id", "")
        request_id = given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        scope[problems.REQUEST_ID] = request_id
        sending = _stamped(send, request_id, scope)
        length = headers.get("content-length", "0")
        if length.isdigit() and int(length) > problems.LARGEST_BODY:
            await problems.answer(problems.TOO_LARGE)(scope, receive, sending)
            return
        await self._app(scope, _bounded(receive), sending)


def _stamped(send: Send, request_id: str, scope: Scope) -> Send:
    began = time.perf_counter()

    async def stamped(message: Message) -> None:
        if message["type"] == "http.response.start":
            spent = (time.perf_counter() - began) * 1000
            headers = MutableHeaders(scope=message)
            headers["X-Request-Id"] = request_id
            headers["Server-Timing"] = f"total;dur={spent:.1f}"
            _LOG.info("%s %s %s %.1f ms %s", scope["method"], scope["path"], message["status"], spent, request_id)
        await send(message)

    return stamped


def _bounded(receive: Receive) -> Receive:
    """A body without a declared length is refused once it is over the limit."""
    received = 0

    async def bounded() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > problems.LARGEST_BODY:
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        return message

    return bounded
