"""A small web server on 127.0.0.1 for tests, which answers as told and misbehaves on request.

    with LoopbackServer({"/": b"<p>Hello</p>", "/gone": page(b"", status=410)}) as server:
        ...  # server.host is "127.0.0.1:PORT", server.url("/") an address, server.paths() what was asked for

A route is the bytes of an HTML page, or a function of the `Exchange`, which may write whatever it likes. Any other path
answers 404, /robots.txt too.
"""

import gzip
import ssl
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

Handler = Callable[["Exchange"], None]
Route = bytes | Handler


@dataclass(frozen=True)
class Received:
    """One request: its path with the query, its headers by lower-case name, and what was posted with it."""

    path: str
    headers: Mapping[str, str]
    method: str = "GET"
    body: bytes = b""


class Exchange(BaseHTTPRequestHandler):
    """One request and the means to answer it."""

    protocol_version = "HTTP/1.1"
    timeout = 30
    server: "_Server"

    def do_GET(self) -> None:
        self.close_connection = True
        routes = self.server.routes
        route = routes.get(self.path, routes.get(self.path.partition("?")[0], page(b"not here", status=404)))
        handler = page(route) if isinstance(route, bytes) else route
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length", "0")))
        # Noted before the answer: the client acts on it at once.
        self.server.received.append(Received(self.path, headers, self.command, body))
        handler(self)

    do_POST = do_GET  # noqa: N815 - the base class looks for this name

    def header(self, name: str) -> str:
        """What the request's header says, "" without one."""
        return self.headers.get(name) or ""

    def head(self, status: int, headers: Mapping[str, str]) -> None:
        """Send the status line and these headers, and no others."""
        lines = [f"HTTP/1.1 {status} As told", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
        self.raw("\r\n".join(lines).encode("latin-1"))

    def raw(self, data: bytes) -> None:
        """Send bytes as they are."""
        self.wfile.write(data)

    def pause(self, seconds: float) -> bool:
        """Wait; False when the server is closing."""
        return not self.server.stopping.wait(seconds)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, routes: dict[str, Route]) -> None:
        super().__init__(("127.0.0.1", 0), Exchange)
        self.routes = routes
        self.received: list[Received] = []
        self.stopping = threading.Event()

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is no error; anything else is a mistake in a test."""
        if not isinstance(sys.exception(), (ConnectionError, TimeoutError, ssl.SSLError)):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class LoopbackServer:
    """Serves `routes` until the block ends; the routes may be changed meanwhile."""

    def __init__(self, routes: Mapping[str, Route], *, tls: ssl.SSLContext | None = None) -> None:
        self._server = _Server(dict(routes))
        self._scheme = "https" if tls else "http"
        if tls:
            # The handshake is left to the handler's thread, so that a client that refuses it holds up nobody.
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True, do_handshake_on_connect=False)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.stopping.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def routes(self) -> dict[str, Route]:
        return self._server.routes

    @property
    def received(self) -> list[Received]:
        """Every request that came in so far."""
        return list(self._server.received)

    def paths(self) -> list[str]:
        """The paths of `received`."""
        return [request.path for request in self.received]

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"{self._scheme}://{host}:{self.port}{path}"


def page(
    body: bytes,
    *,
    status: int = 200,
    content_type: str = "text/html; charset=utf-8",
    headers: Mapping[str, str] | None = None,
) -> Handler:
    """An honest answer; `headers` are added, and replace those of the same name."""
    own = {"Content-Type": content_type, "Content-Length": str(len(body)), "Connection": "close"}

    def answer(exchange: Exchange) -> None:
        exchange.head(status, own | dict(headers or {}))
        exchange.raw(body)

    return answer


def tagged(body: bytes, etag: str) -> Handler:
    """An answer with an ETag, and 304 without a body for who knows it."""

    def answer(exchange: Exchange) -> None:
        known = exchange.header("If-None-Match") == etag
        headers = {"ETag": etag, "Last-Modified": "Sun, 01 Mar 2026 10:00:00 GMT"}
        (page(b"", status=304, headers=headers) if known else page(body, headers=headers))(exchange)

    return answer


def in_turn(*handlers: Handler) -> Handler:
    """Answer each request as the next handler does, and all further ones as the last."""
    lock, count = threading.Lock(), iter(range(len(handlers)))

    def answer(exchange: Exchange) -> None:
        with lock:
            position = next(count, len(handlers) - 1)
        handlers[position](exchange)

    return answer


def text(body: str) -> Handler:
    """Plain text, as a robots.txt is."""
    return page(body.encode(), content_type="text/plain")


def redirect(to: str, *, status: int = 302) -> Handler:
    return page(b"", status=status, headers={"Location": to})


def slow(handler: Handler, seconds: float) -> Handler:
    """Answer after a wait."""

    def answer(exchange: Exchange) -> None:
        if exchange.pause(seconds):
            handler(exchange)

    return answer


def dripping(piece: bytes = b"x", *, pause: float = 0.02, content_type: str = "text/html") -> Handler:
    """Headers at once, then one piece after the other without end."""

    def answer(exchange: Exchange) -> None:
        exchange.head(200, {"Content-Type": content_type, "Connection": "close"})
        while exchange.pause(pause):
            exchange.raw(piece)

    return answer


def dripping_headers(*, pause: float = 0.02) -> Handler:
    """A header whose value never ends."""

    def answer(exchange: Exchange) -> None:
        exchange.raw(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while exchange.pause(pause):
            exchange.raw(b"x")

    return answer


def endless(*, piece: bytes = b"x" * 65536) -> Handler:
    """As much as the client takes, as fast as it takes it."""
    return dripping(piece, pause=0)


def silent() -> Handler:
    """Take the request and say nothing until the server closes."""

    def answer(exchange: Exchange) -> None:
        while exchange.pause(1):
            pass

    return answer


def gzip_bomb(megabytes: int) -> Handler:
    """Zeros that shrink a thousandfold on the wire."""
    packed = gzip.compress(b"\0" * 1_000_000) * megabytes
    return page(packed, headers={"Content-Encoding": "gzip"})


def lying_length(body: bytes, length: int | str) -> Handler:
    """State another Content-Length than the body has."""
    return page(body, headers={"Content-Length": str(length)})


def garbage(data: bytes) -> Handler:
    """Bytes that are no HTTP answer."""
    return lambda exchange: exchange.raw(data)
