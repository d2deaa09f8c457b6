"""What several commands of `ingest` share: arguments, settings and the catalog."""

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from brain.catalog import Catalog
    from brain.settings import Settings

CorpusId = Annotated[str, typer.Argument(metavar="CORPUS", help="A corpus id, as `ingest list` shows it.")]
Where = Annotated[str, typer.Argument(metavar="FILE|ADDRESS", help="Any one local file or web address.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object for machines.")]


def settings() -> "Settings":
    """The settings of this environment."""
    from brain.settings import load_settings

    return load_settings()


def catalog() -> "Catalog":
    """The shipped corpora, overlaid by the operator's."""
    from brain.catalog import Catalog

    return Catalog.of(settings().corpora_overlay)
