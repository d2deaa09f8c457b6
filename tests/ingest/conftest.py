"""What the tests of ingest share: one built embedder, one home and one crawled site for the whole session."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from brain.embedding import Embedder, MiniLmEmbedder
from brain.minilm import TOKENIZER, pinned_file
from ingest.report import RunReport
from tests.ingest.working import describe_site, ingest, site_routes
from tests.loopback import LoopbackServer
from tests.site.crawl_demo import CORPUS


@pytest.fixture(scope="session")
def built_home(embedder: Embedder) -> Path:
    """The home where the session's embedder is built; others link to its models."""
    assert isinstance(embedder, MiniLmEmbedder)
    embedder.embed(["The graph is built when it is first needed."])
    return embedder._home


@pytest.fixture(scope="session")
def tokenizer_file(built_home: Path) -> Path:
    return pinned_file(TOKENIZER, built_home)


@pytest.fixture
def workplace(home: Path, built_home: Path) -> Path:
    """An empty BRAIN_HOME that need not build the embedder again."""
    (home / "models").symlink_to(built_home / "models")
    return home


@pytest.fixture(scope="session")
def site() -> Iterator[LoopbackServer]:
    """The small web site, served for the whole session. Leave its routes as they are."""
    with LoopbackServer(site_routes()) as server:
        yield server


@dataclass(frozen=True)
class Crawled:
    """The home of a first run over the site, and what its command printed for machines."""

    home: Path
    host: str
    report: RunReport
    stderr: str
    requested: tuple[str, ...]

    def copy(self, to: Path) -> Path:
        """A home of one's own with the same content."""
        return Path(shutil.copytree(self.home, to, symlinks=True))


@pytest.fixture(scope="session")
def crawled(tmp_path_factory: pytest.TempPathFactory, built_home: Path, site: LoopbackServer) -> Crawled:
    """The site, ingested once by the real command. Read only: copy the home to change it."""
    home = tmp_path_factory.mktemp("crawled")
    (home / "models").symlink_to(built_home / "models")
    describe_site(home, site.host)
    done = ingest(home, "run", CORPUS, "--json", host=site.host)
    assert done.returncode == 0, done.stderr
    return Crawled(home, site.host, RunReport.model_validate_json(done.stdout), done.stderr, tuple(site.paths()))


@pytest.fixture(scope="session")
def realworld(shared: Path) -> Path:
    """Real pages of other people, outside the project; never copied into it."""
    return shared / "realworld"
