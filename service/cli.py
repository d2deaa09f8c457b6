"""The `brain` command. Heavy modules are imported by the command that needs them, so that `--help` answers at once."""

from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from brain.commands import run_app

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import BaseModel

    from brain.settings import Settings
    from service.generation.workspace import Workspace

Model = TypeVar("Model", bound="BaseModel")

app = typer.Typer(
    name="brain",
    help="Cited interview questions and model answers for one company and role at a time.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)

CorpusId = Annotated[str, typer.Argument(metavar="CORPUS", help="A corpus id, as `ingest list` shows it.")]
Count = Annotated[int, typer.Option("--count", help="How many questions, 1 to 50.")]
Seed = Annotated[int, typer.Option("--seed", help="Another seed draws another set.")]
Kinds = Annotated[list[str] | None, typer.Option("--kind", help="Only this kind; may be repeated.")]
Topics = Annotated[list[str] | None, typer.Option("--topic", help="Only this topic; may be repeated.")]
Track = Annotated[str, typer.Option("--track", help="How one is hired, such as `intern`.")]
Level = Annotated[str, typer.Option("--level", help="The level applied for, as reports name it.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object for machines.")]


@app.command()
def questions(
    corpus: CorpusId,
    *,
    count: Count = 12,
    seed: Seed = 0,
    kind: Kinds = None,
    topic: Topics = None,
    track: Track = "",
    level: Level = "",
    answers: Annotated[bool, typer.Option("--answers/--no-answers", help="With or without model answers.")] = True,
    json: AsJson = False,
) -> None:
    """Make a set of cited questions with model answers."""
    wish = {"corpus": corpus, "count": count, "seed": seed, "kinds": kind or [], "topics": topic or []}
    from service.generation.pipeline import generate
    from service.generation.records import QuestionSetRequest
    from service.show import show_set

    request = _request(QuestionSetRequest, wish | {"track": track, "level": level, "answers": answers})
    with _workspace(corpus) as workspace:
        made = generate(workspace, request)
    typer.echo(made.model_dump_json()) if json else show_set(made)


@app.command()
def answer(
    corpus: CorpusId,
    question: Annotated[str, typer.Argument(help="Any question.")],
    *,
    kind: Annotated[str | None, typer.Option("--kind", help="Its kind, when the guess is wrong.")] = None,
    json: AsJson = False,
) -> None:
    """Answer any question from cited passages, or say why the corpus cannot."""
    from service.generation.pipeline import answer_question
    from service.generation.records import AnswerRequest
    from service.show import show_answer

    request = _request(AnswerRequest, {"corpus": corpus, "question": question, "kind": kind})
    with _workspace(corpus) as workspace:
        made = answer_question(workspace, request)
    typer.echo(made.model_dump_json()) if json else show_answer(made)


@app.command()
def search(
    corpus: CorpusId,
    query: Annotated[str, typer.Argument(help="What to look for.")],
    *,
    limit: Annotated[int, typer.Option("--limit", help="How many of each, 1 to 50.")] = 5,
    json: AsJson = False,
) -> None:
    """Look into the evidence: the best passages and questions for a query."""
    from service.generation.pipeline import search_evidence
    from service.generation.records import SearchRequest
    from service.show import show_search

    request = _request(SearchRequest, {"corpus": corpus, "query": query, "limit": limit})
    with _workspace(corpus) as workspace:
        found = search_evidence(workspace, request)
    typer.echo(found.model_dump_json()) if json else show_search(found)


@app.command()
def serve(
    *,
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="The port; 0 takes a free one.")] = 8000,
    host: Annotated[str, typer.Option("--host", help="The address to listen on.")] = "127.0.0.1",
) -> None:
    """Serve the REST API until Ctrl-C."""
    import uvicorn

    from service.api.app import create_app

    settings = _settings()
    uvicorn.run(create_app(settings), host=host, port=port, log_level=settings.log_level, access_log=False)


@app.command()
def demo(corpus: CorpusId, *, count: Count = 12, seed: Seed = 7) -> None:
    """Start the service, ask it over REST for a question set, show it, and stop the service."""
    from service.demo import ask_over_rest
    from service.generation.records import QuestionSet
    from service.show import show_set

    body = ask_over_rest({"corpus": corpus, "count": count, "seed": seed})
    show_set(QuestionSet.model_validate(body))


def _settings() -> "Settings":
    from brain.settings import load_settings

    return load_settings()


@contextmanager
def _workspace(corpus_id: str) -> "Iterator[Workspace]":
    from brain.catalog import Catalog
    from brain.embedding import load_embedder
    from brain.store import open_version
    from brain.versions import Versions
    from service.generation.workspace import Workspace

    settings = _settings()
    versions = Versions(settings.versions, Catalog.of(settings.corpora_overlay).corpus(corpus_id).id)
    embedder = load_embedder(settings.embedder, settings.home, settings.workers)
    workspace = Workspace(open_version(versions, settings.home, embedder_id=embedder.id), embedder)
    try:
        yield workspace
    finally:
        workspace.close()


def _request(model: "type[Model]", wish: dict[str, object]) -> "Model":
    from pydantic import ValidationError

    from brain.errors import BadInputError

    try:
        return model.model_validate(wish)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"][:1])
        raise BadInputError(
            f"{field}: {first['msg']} (found {first['input']!r}).", field=field, next_step="Try --help."
        ) from error


def main() -> None:
    """Entry point of the `brain` command."""
    run_app(app)
