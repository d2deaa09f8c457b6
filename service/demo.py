"""The product in one command: start the service, ask it over REST, show the answer, stop it."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from brain.client import BrainClient, Json, ServiceError

_PATIENCE = 60.0


def ask_over_rest(wish: Json) -> Json:
    """The answer of `POST /v1/question-sets` from a service that lives only for this call."""
    with running_service() as address, BrainClient(address) as client:
        return client.question_set(wish)


@contextmanager
def running_service() -> Iterator[str]:
    """Run the service on a free port of loopback and yield its address; it is ended by its own pid."""
    port = _free_port()
    command = [sys.executable, "-m", "service", "serve", "--port", str(port)]
    process = subprocess.Popen(command, env=os.environ | {"BRAIN_LOG_LEVEL": "warning"})  # noqa: S603 - our own program
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_until_ready(process, address)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait_until_ready(process: subprocess.Popen[bytes], address: str) -> None:
    deadline = time.monotonic() + _PATIENCE
    with BrainClient(address, timeout=2) as client:
        while not client.ready():
            if process.poll() is not None:
                raise ServiceError(f"The service ended with {process.returncode} before it was ready.")
            if time.monotonic() > deadline:
                raise ServiceError(f"The service was not ready within {_PATIENCE:.0f} seconds.")
            time.sleep(0.05)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
