"""What every test may use, and the guard that keeps all of them on this machine."""

import socket
from collections.abc import Callable, Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest

from brain.embedding import Embedder, load_embedder
from brain.versions import Manifest
from tests.building import publish_tiny, tiny_content

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"


class OutgoingConnectionError(OSError):
    """A test reached for another machine."""


@pytest.fixture(scope="session", autouse=True)
def outgoing() -> Iterator[list[str]]:
    """Refuse look-ups of names and connections to addresses other than this machine's, and list what was tried."""
    tried: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", _local_only(socket.getaddrinfo, tried, lambda host, *_: host))
        for name in ("connect", "connect_ex"):
            real = getattr(socket.socket, name)
            patch.setattr(socket.socket, name, _local_only(real, tried, lambda _, address: address))
        yield tried


@pytest.fixture(autouse=True)
def no_outgoing_connection(outgoing: list[str]) -> Iterator[None]:
    """Fail the test that reached out, even where its code takes the error for a missing network."""
    before = len(outgoing)
    yield
    assert not outgoing[before:], f"the test reached for {outgoing[before:]}"


def _local_only(real: Callable[..., Any], tried: list[str], target: Callable[..., object]) -> Callable[..., Any]:
    def guarded(*args: Any, **named: Any) -> Any:
        address = target(*args)
        host = address[0] if isinstance(address, tuple) else address
        if isinstance(address, tuple | str | bytes) and not _is_here(host):
            tried.append(f"{address!r}")
            raise OutgoingConnectionError(f"tests stay on this machine, {address!r} does not")
        return real(*args, **named)

    return guarded


def _is_here(host: object) -> bool:
    """Whether a host is this machine; the path of a Unix socket is one, too."""
    name = host.decode() if isinstance(host, bytes) else str(host)
    if name in {"localhost", ""} or name.startswith(("/", "\0")):
        return True
    try:
        return ip_address(name.partition("%")[0]).is_loopback
    except ValueError:
        return False


@pytest.fixture(scope="session")
def embedder(tmp_path_factory: pytest.TempPathFactory) -> Embedder:
    """The default embedder, whose graph is built once for the session."""
    return load_embedder("minilm-int8", tmp_path_factory.mktemp("embedder"))


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty BRAIN_HOME of the test's own, also for the commands that it starts."""
    path = tmp_path / "home"
    path.mkdir()
    monkeypatch.setenv("BRAIN_HOME", str(path))
    return path


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of material beside the checkout."""
    if not SHARED.is_dir():
        pytest.skip(f"needs the shared material in {SHARED}, which is not here")
    return SHARED


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> tuple[Path, Manifest]:
    """A home with one published version of ten documents, made with the real embedder; leave it as it is."""
    home = tmp_path_factory.mktemp("tiny")
    return home, publish_tiny(home, tiny_content(embedder), embedder)
