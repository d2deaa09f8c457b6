"""Every error as a problem document (RFC 9457): what was wrong, which field, and what to do next."""

import logging
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from brain.errors import BadInputError, BrainError

MEDIA_TYPE = "application/problem+json"
LARGEST_BODY = 64 * 1024
REQUEST_ID = "industry_brain.request_id"
"""Where a request's id stands in its ASGI scope."""
_LOG = logging.getLogger(__name__)


class FieldProblem(BaseModel):
    """One field that is wrong."""

    field: str
    message: str


class Problem(BaseModel):
    """A problem document; `next_step` and `errors` are extension members."""

    type: str
    title: str
    status: int
    detail: str
    next_step: str = ""
    errors: list[FieldProblem] = []


def documented(*statuses: int) -> dict[int | str, dict[str, object]]:
    """The OpenAPI responses for the problems that an operation may answer with."""
    return {
        status: {
            "description": HTTPStatus(status).phrase,
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status in statuses
    }


TOO_LARGE = Problem(
    type="urn:industry-brain:problem:too-large",
    title="Body too large",
    status=413,
    detail=f"The body is over {LARGEST_BODY:,} bytes.",
    next_step="Send less.",
)


def document(app: FastAPI) -> None:
    """Put the problem's schema into the OpenAPI page: a `model` would document it as plain JSON too."""
    made = app.openapi

    def openapi() -> dict[str, Any]:
        page = made()
        template = "#/components/schemas/{model}"
        schema = Problem.model_json_schema(ref_template=template, mode="serialization")
        parts = schema.pop("$defs", {})
        page.setdefault("components", {}).setdefault("schemas", {}).update(parts | {"Problem": schema})
        return page

    app.openapi = openapi  # type: ignore[method-assign]


def answer(problem: Problem) -> JSONResponse:
    """The problem as a response of its status and media type."""
    return JSONResponse(problem.model_dump(), status_code=problem.status, media_type=MEDIA_TYPE)


def _from_brain_error(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, BrainError)  # noqa: S101 - registered for this type only
    field = error.field if isinstance(error, BadInputError) else ""
    return answer(
        Problem(
            type=f"urn:industry-brain:problem:{error.code}",
            title=error.code.replace("-", " ").capitalize(),
            status=error.status,
            detail=error.message,
            next_step=error.next_step,
            errors=[FieldProblem(field=field, message=error.message)] if field else [],
        )
    )


def _from_validation(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this type only
    fields = [FieldProblem(field=_field(one["type"], one["loc"]), message=one["msg"]) for one in error.errors()]
    return answer(
        Problem(
            type="urn:industry-brain:problem:bad-input",
            title="Bad input",
            status=422,
            detail="; ".join(f"{one.field}: {one.message}" for one in fields),
            next_step="Correct the fields named in `errors`; /docs shows what each allows.",
            errors=fields,
        )
    )


def _field(kind: str, place: Sequence[object]) -> str:
    """The name of a field; broken JSON has a position in the place of one."""
    return "body" if kind == "json_invalid" else ".".join(str(part) for part in place[1:]) or "body"


def _from_http(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this type only
    if error.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return answer(TOO_LARGE)
    phrase = HTTPStatus(error.status_code).phrase
    next_step = "See /docs for the addresses and methods there are." if error.status_code in {404, 405} else ""
    problem = Problem(
        type="about:blank", title=phrase, status=error.status_code, detail=str(error.detail), next_step=next_step
    )
    response = answer(problem)
    response.headers.update(error.headers or {})
    return response


def _from_bug(request: Request, error: Exception) -> JSONResponse:
    _LOG.error("unexpected failure of %s %s", request.method, request.url.path, exc_info=error)
    response = answer(
        Problem(
            type="urn:industry-brain:problem:internal",
            title="Internal error",
            status=500,
            detail="The service failed in a way that nobody foresaw.",
            next_step="Try again; if it stays, report it with the X-Request-Id of this response.",
        )
    )
    response.headers["X-Request-Id"] = request.scope.get(REQUEST_ID, "")
    return response


def register(app: FastAPI) -> None:
    """Answer every error of the app with a problem document."""
    app.add_exception_handler(BrainError, _from_brain_error)
    app.add_exception_handler(RequestValidationError, _from_validation)
    app.add_exception_handler(HTTPException, _from_http)
    app.add_exception_handler(Exception, _from_bug)
