"""What every request may use."""

from dataclasses import dataclass

from brain.catalog import Catalog
from brain.embedding import Embedder
from brain.settings import Settings
from brain.shelf import Shelf
from brain.versions import Versions
from service.api.sets import SetStore
from service.generation.workspace import Workspace


@dataclass
class Service:
    """What every request may use."""

    settings: Settings
    catalog: Catalog
    embedder: Embedder
    shelf: Shelf[Workspace]
    sets: SetStore
    ready: bool = False

    def versions(self, corpus_id: str) -> Versions:
        """The published versions of a described corpus. Raises UnknownCorpusError."""
        self.catalog.corpus(corpus_id)
        return Versions(self.settings.versions, corpus_id)
