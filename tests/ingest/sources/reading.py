"""A `Reader` for the tests of adapters: it asks one loopback server in the place of every host.

    with LoopbackServer({"/api.example/v1/jobs": answers({"jobs": []})}) as server:
        found = list(ADAPTER.entries(options, reader := LoopbackReader(server), everything))
    assert reader.asked == ["https://api.example/v1/jobs?page=1"]

`https://HOST/PATH?QUERY` is asked for as `/HOST/PATH?QUERY`, so that one server stands for many hosts. A route of the
server is chosen by the whole of it, or without the query.
"""

import json
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from ingest.cache import LeftOutError
from ingest.materials import Entry
from ingest.sources.base import Answer
from tests.loopback import Exchange, Handler, LoopbackServer, page

if TYPE_CHECKING:
    from brain.web import Accept


@dataclass
class LoopbackReader:
    """Asks `server` for whatever an adapter wants, and remembers the addresses, bodies and depths in order."""

    server: LoopbackServer
    folder: Path = Path()
    asked: list[str] = field(default_factory=list)
    bodies: list[bytes | None] = field(default_factory=list)
    depths: list[int] = field(default_factory=list)

    def get(self, address: str, accept: "Accept", *, body: bytes | None = None, depth: int = 1) -> Answer:
        assert accept.name
        self.asked.append(address)
        self.bodies.append(body)
        self.depths.append(depth)
        assert len(self.asked) <= 2_000, "the adapter asks without end"
        there = urlsplit(address)
        assert there.scheme in {"http", "https"}
        path = f"/{there.netloc}{there.path}" + (f"?{there.query}" if there.query else "")
        headers = {"Content-Type": "application/json"} if body is not None else {}
        request = urllib.request.Request(self.server.url(path), data=body, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=10) as response:
                content = response.read()
                return Answer(
                    url=address,
                    content=content,
                    media_type=response.headers.get_content_type(),
                    charset=response.headers.get_content_charset(),
                )
        except urllib.error.HTTPError as error:
            with error:
                raise LeftOutError(f"the server answered {error.code}") from error


def everything(_entry: Entry) -> bool:
    """Filters that keep all."""
    return True


def answers(value: object) -> Handler:
    """An answer of JSON."""
    return page(json.dumps(value).encode(), content_type="application/json")


def answering(make: Callable[[Mapping[str, str], object], object]) -> Handler:
    """An answer of JSON made from the query (the first value of each name) and the JSON body, None without one."""

    def answer(exchange: Exchange) -> None:
        query = {name: values[0] for name, values in parse_qs(urlsplit(exchange.path).query).items()}
        body = exchange.server.received[-1].body
        answers(make(query, json.loads(body) if body else None))(exchange)

    return answer
