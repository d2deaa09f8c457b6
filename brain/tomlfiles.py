"""Read a TOML data file into a record; a wrong field is named with its file and line."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar, get_args

from pydantic import BaseModel, ValidationError

from brain.errors import CatalogError

Model = TypeVar("Model", bound=BaseModel)

_HEADER = re.compile(r"\s*(\[\[?)([^\[\]]+)\]\]?\s*(?:#.*)?$")
_SYNTAX_LINE = re.compile(r"\(at line (\d+), column \d+\)")


def read_toml(path: Path, model: type[Model], **given: object) -> Model:
    """Read `path` into `model`; `given` are fields that come from elsewhere, such as the file's own name as id.

    Raises CatalogError with file, line and field for wrong syntax, encoding or fields.
    """
    text = read_text(path)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = _SYNTAX_LINE.search(str(error))
        raise CatalogError(f"not valid TOML: {error}", path=path, line=int(place[1]) if place else None) from error
    return validate(model, data | given, path=path, text=text)


def read_text(path: Path) -> str:
    """Read a UTF-8 data file; CatalogError when it cannot be read."""
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise CatalogError("not UTF-8 text", path=path, line=line) from error
    except OSError as error:
        raise CatalogError(f"cannot be read: {error.strerror}", path=path) from error


def validate(model: type[Model], data: object, *, path: Path, text: str) -> Model:
    """Validate `data`, read from `text`, naming the first wrong field by its line."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        where = first["loc"]
        field = ".".join(str(part) for part in where)
        raise CatalogError(_problem(first, model), path=path, line=line_of(text, where), field=field) from error


def _problem(error: object, model: type[BaseModel]) -> str:
    assert isinstance(error, dict)  # noqa: S101 - pydantic's ErrorDetails
    if error["type"] == "extra_forbidden":
        return f"unknown field; allowed are {', '.join(sorted(_model_at(model, error['loc'][:-1]).model_fields))}"
    return f"{error['msg']} (found {error['input']!r:.80})" if error["type"] != "missing" else "this field is missing"


def _model_at(model: type[BaseModel], where: tuple[int | str, ...]) -> type[BaseModel]:
    """The model of the table at a location: positions in arrays and keys of dictionaries lead no deeper."""
    for part in where:
        if isinstance(part, str) and part in model.model_fields:
            model = next(_models_in(model.model_fields[part].annotation), model)
    return model


def _models_in(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models_in(inner)


def line_of(text: str, where: tuple[int | str, ...]) -> int | None:
    """The line (from 1) of the deepest part of a pydantic location that stands in the file, or None."""
    table: tuple[int | str, ...] = ()
    counts: dict[tuple[str, ...], int] = {}
    found: int | None = None
    depth = 0
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            table = _place(header, counts)
            reached = table
        else:
            reached = (*table, line.partition("=")[0].strip().strip('"')) if "=" in line else ()
        if len(reached) > depth and where[: len(reached)] == reached:
            found, depth = number, len(reached)
    return found


def _place(header: re.Match[str], counts: dict[tuple[str, ...], int]) -> tuple[int | str, ...]:
    """The location that a `[table]` or `[[array]]` header opens; nested arrays count within their parent."""
    names = tuple(part.strip().strip('"') for part in header[2].split("."))
    if header[1] == "[[":
        counts[names] = counts.get(names, -1) + 1
        for deeper in [key for key in counts if len(key) > len(names) and key[: len(names)] == names]:
            del counts[deeper]
    place: list[int | str] = []
    for depth, name in enumerate(names, 1):
        place.append(name)
        if names[:depth] in counts:
            place.append(counts[names[:depth]])
    return tuple(place)
