"""The flagship corpus, ingested from its bundled documents into a temporary home."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from brain.embedding import load_embedder
from brain.settings import Settings
from brain.store import open_version
from brain.versions import Versions
from service.generation.workspace import Workspace

CORPUS = "amazon-applied-scientist"


def ingest(home: Path) -> None:
    """Run `ingest run` offline into `home`."""
    command = [sys.executable, "-m", "ingest", "run", CORPUS, "--offline"]
    subprocess.run(command, check=True, env=os.environ | {"BRAIN_HOME": str(home)}, capture_output=True)


@contextmanager
def flagship(home: Path | None = None) -> Iterator[Workspace]:
    """The flagship, open for requests."""
    with TemporaryDirectory() as temporary:
        place = home or Path(temporary)
        ingest(place)
        settings = Settings(home=place)
        embedder = load_embedder(settings.embedder, place)
        opened = open_version(Versions(settings.versions, CORPUS), place, embedder_id=embedder.id)
        workspace = Workspace(opened, embedder)
        try:
            yield workspace
        finally:
            workspace.close()
