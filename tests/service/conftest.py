"""What the tests of the service share: the real corpus, ingested once, opened once, and served once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from brain.embedding import Embedder
from brain.settings import Settings
from brain.store import open_version
from brain.versions import Versions
from service.demo import running_service
from service.generation.pipeline import generate
from service.generation.records import QuestionSet, QuestionSetRequest
from service.generation.workspace import Workspace
from tests.building import open_tiny, publish_tiny
from tests.service.live import LiveApp
from tests.service.quay import FLAGSHIP, command, describe_quay, environment, quay_content


@pytest.fixture(scope="session")
def flagship(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the real corpus, ingested by the real command from its bundled documents. Read only."""
    home = tmp_path_factory.mktemp("flagship")
    done = command(home, "run", FLAGSHIP, "--offline", program="ingest")
    assert done.returncode == 0, done.stderr
    return home


@pytest.fixture(scope="session")
def workspace(flagship: Path, embedder: Embedder) -> Iterator[Workspace]:
    """The flagship, opened."""
    opened = open_version(Versions(flagship / "versions", FLAGSHIP), flagship, embedder_id=embedder.id)
    made = Workspace(opened, embedder)
    yield made
    made.close()


@pytest.fixture(scope="session")
def fifty(workspace: Workspace) -> list[QuestionSet]:
    """Sets of twelve with answers, for the seeds 0 to 49."""
    return [generate(workspace, QuestionSetRequest(corpus=FLAGSHIP, seed=seed)) for seed in range(50)]


@pytest.fixture(scope="session")
def api(flagship: Path, embedder: Embedder) -> Iterator[LiveApp]:
    """The application over the flagship, in this process."""
    with LiveApp(Settings(home=flagship), embedder) as app:
        yield app


@pytest.fixture(scope="session")
def served(flagship: Path) -> Iterator[str]:
    """The address of a real server over the flagship, in a process of its own."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment(flagship).items():
            patch.setenv(name, value)
        with running_service() as address:
            yield address


@pytest.fixture(scope="session")
def quay_home(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Path:
    """A home with the crafted version of the tiny corpus, described and published. Read only."""
    home = tmp_path_factory.mktemp("quay")
    describe_quay(home)
    publish_tiny(home, quay_content(embedder), embedder)
    return home


@pytest.fixture(scope="session")
def quay(quay_home: Path, embedder: Embedder) -> Iterator[Workspace]:
    """The crafted version, opened."""
    made = Workspace(open_tiny(quay_home, embedder), embedder)
    yield made
    made.close()
