"""The kinds of source that `corpus.toml` may name: one module each, found here by name."""

from importlib import import_module
from typing import Any

from pydantic import ValidationError

from brain.catalog import Source
from brain.errors import BadInputError
from brain.records import Record
from ingest.sources.base import AnyAdapter

MODULES = {
    "amazon_jobs": "ingest.sources.amazon_jobs",
    "ashby": "ingest.sources.ashby",
    "feed": "ingest.sources.feed",
    "file": "ingest.sources.file",
    "github": "ingest.sources.github",
    "greenhouse": "ingest.sources.greenhouse",
    "hacker_news": "ingest.sources.hacker_news",
    "job_page": "ingest.sources.job_page",
    "lever": "ingest.sources.lever",
    "page": "ingest.sources.page",
    "sitemap": "ingest.sources.sitemap",
    "smartrecruiters": "ingest.sources.smartrecruiters",
    "workday": "ingest.sources.workday",
}
"""The registry: adding an adapter takes its module, its line here, and its test."""


def adapter(name: str) -> AnyAdapter:
    """The adapter of that name. Raises BadInputError that names the known ones."""
    if name not in MODULES:
        raise BadInputError(
            f"There is no source type {name!r}.", field="type", next_step=f"Known are {', '.join(sorted(MODULES))}."
        )
    found: AnyAdapter = import_module(MODULES[name]).ADAPTER
    return found


def bind(source: Source) -> tuple[AnyAdapter, Any]:
    """A source's adapter and its options, validated.

    Raises BadInputError naming the source and the key for an unknown type, a wrong option, or an undocumented
    endpoint that the source does not allow.
    """
    found = adapter(source.type)
    if not found.documented and not source.allow_undocumented:
        raise BadInputError(
            f"The source {source.name!r} uses an endpoint that {source.type!r} does not document.",
            field="allow_undocumented",
            next_step="Set `allow_undocumented = true` at the source if its terms let you use it.",
        )
    return found, _options(found.options, source)


def _options(model: type[Record], source: Source) -> Record:
    shared = {key: getattr(source, key) for key in model.model_fields if key in Source.model_fields}
    try:
        return model.model_validate(shared | source.options)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"])) or "its keys"
        allowed = ", ".join(sorted({*Source.model_fields, *model.model_fields} - {"options"}))
        raise BadInputError(
            f"The source {source.name!r} of type {source.type!r}: {key}: {first['msg']}.",
            field=key,
            next_step=f"It takes {allowed}.",
        ) from error
