"""Crawl the small web site in this folder over loopback, with a corpus of its own, by the real commands.

Prints which questions came from which page, and why other pages were left out.
"""

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

SITE = Path(__file__).parent
CORPUS = "fernhill-demo"


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
        """Say nothing."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder on a free port of loopback; yields `127.0.0.1:port`."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def describe(overlay: Path, host: str) -> None:
    """Lay the demo's corpus, company and role into an overlay, with the server's address."""
    shutil.copytree(SITE / "corpora", overlay, dirs_exist_ok=True)
    path = overlay / CORPUS / "corpus.toml"
    path.write_text(path.read_text("utf-8").replace("ADDRESS", f"http://{host}"), "utf-8")


def main() -> int:
    """Run the demo; the exit code is that of the commands."""
    home = Path(os.environ.get("BRAIN_HOME", ".data")) / "crawl-demo"
    shutil.rmtree(home, ignore_errors=True)
    with served(SITE) as host:
        describe(home / "corpora", host)
        environment = os.environ | {"BRAIN_HOME": str(home), "BRAIN_LOOPBACK_HOSTS": host}
        for arguments in (["run", CORPUS], ["status", CORPUS, "--questions"]):
            done = subprocess.run([sys.executable, "-m", "ingest", *arguments], env=environment, check=False)
            if done.returncode:
                return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
