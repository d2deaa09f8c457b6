"""A thousand report pages on fifty loopback hosts, made from the real pages in ../shared.

Each page keeps the frame of a real one, head, navigation, scripts and all; its paragraphs and list items are dealt anew
from the blocks of every page, so that no two pages are near-copies, and every company is called Zephyrine.
"""

import csv
import random
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from lxml import html

from tests.bench.material import MATERIAL
from tests.loopback import LoopbackServer, Route, page, text

COMPANY = "Zephyrine"
_BLOCKS = "//body//p | //body//li[not(.//li)]"
_SHORTEST = 40


def frames() -> list[bytes]:
    """The real pages, in the order of their paths."""
    return [path.read_bytes() for path in sorted((MATERIAL / "interviews_html").rglob("*.html"))]


def company_names() -> list[str]:
    """Every company that the manifest names, longest first."""
    with (MATERIAL / "MANIFEST.tsv").open(encoding="utf-8") as file:
        names = {row["company"].strip() for row in csv.DictReader(file, delimiter="\t")}
    return sorted((name for name in names if len(name) > 2), key=len, reverse=True)


def made_pages(count: int, seed: int = 7) -> Iterator[bytes]:
    """Yield `count` pages of HTML."""
    pages, names = frames(), re.compile("|".join(re.escape(name) for name in company_names()))
    pool = [block for content in pages for block in _blocks(content, names)]
    for number in range(count):
        yield _page(pages[number % len(pages)], pool, names, random.Random(f"{seed}:{number}"))  # noqa: S311


def _blocks(content: bytes, names: re.Pattern[str]) -> list[str]:
    found = (" ".join(block.text_content().split()) for block in html.fromstring(content).xpath(_BLOCKS))
    return [names.sub(COMPANY, block) for block in found if len(block) >= _SHORTEST]


def _page(frame: bytes, pool: list[str], names: re.Pattern[str], dice: random.Random) -> bytes:
    tree = html.fromstring(frame)
    for block in tree.xpath(_BLOCKS):
        if len(" ".join(block.text_content().split())) >= _SHORTEST:
            tail, tag = block.tail, block.tag
            block.clear()
            block.tag, block.tail, block.text = tag, tail, dice.choice(pool)
    for heading in tree.xpath("//title | //h1"):
        heading.text = f"{COMPANY} interview experience, engineer, candidate {dice.randrange(10**6)}"
    first = next(iter(tree.xpath("//body//p")), None)
    if first is not None:
        first.text = f"My interview at {COMPANY} for the engineer role had several rounds. {first.text or ''}"
    return names.sub(COMPANY, html.tostring(tree, encoding="unicode")).encode()


@contextmanager
def served(count: int, hosts: int) -> Iterator[tuple[list[str], list[str]]]:
    """Serve `count` pages on `hosts` loopback ports; yields their addresses and the hosts."""
    shares: list[dict[str, Route]] = [{"/robots.txt": text("User-agent: *\nAllow: /\n")} for _ in range(hosts)]
    for number, content in enumerate(made_pages(count)):
        tag = f'"{number}"'
        shares[number % hosts][f"/{number}.html"] = _tagged(content, tag)
    with ExitStack() as held:
        servers = [held.enter_context(LoopbackServer(share)) for share in shares]
        addresses = [servers[number % hosts].url(f"/{number}.html") for number in range(count)]
        yield addresses, [server.host for server in servers]


def _tagged(content: bytes, tag: str) -> Route:
    whole, same = page(content, headers={"ETag": tag}), page(b"", status=304, headers={"ETag": tag})
    return lambda exchange: (same if exchange.headers.get("If-None-Match") == tag else whole)(exchange)


CORPUS = """title = "Zephyrine, engineer"
company = "zephyrine"
role = "engineer"

[[track]]
id = "all"
name = "Engineer"

[[track.section]]
name = "Interview"
kinds = ["concept", "coding"]
"""


def describe(overlay: Path, addresses: list[str], corpus: str = "zephyrine-engineer") -> str:
    """Lay a corpus that names these pages into an overlay; its id."""
    for folder in ("companies", "roles", corpus):
        (overlay / folder).mkdir(parents=True, exist_ok=True)
    (overlay / "companies" / "zephyrine.toml").write_text(f'name = "{COMPANY}"\n', "utf-8")
    (overlay / "roles" / "engineer.toml").write_text('name = "Engineer"\n', "utf-8")
    sources = (f'[[source]]\nname = "{number}"\ntype = "page"\nurl = "{url}"\n' for number, url in enumerate(addresses))
    (overlay / corpus / "corpus.toml").write_text(CORPUS + "\n" + "\n".join(sources), "utf-8")
    return corpus
