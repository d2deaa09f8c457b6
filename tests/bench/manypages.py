"""A thousand report pages on fifty loopback hosts, made from the real pages in ../shared.

Each page keeps the frame of a real one, head, navigation, scripts and all; its texts are dealt anew from the paragraphs
of every interview report, so that no two pages are near-copies, and every company is called Zephyrine.
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
_SHORTEST = 15
"""Characters from which a text is dealt anew: what stays the same makes pages of one frame near-copies."""
_FEWEST_TEXTS = 12
_REFUSED = re.compile(rb"<meta[^>]{0,80}(?:robots|tdm)[^>]{0,80}(?:noindex|noarchive|1)", re.IGNORECASE)
_UNSEEN = {"script", "style", "noscript", "title", "template"}


def frames() -> list[bytes]:
    """Real pages with enough text in them, in the order of their paths, without those that may not be kept."""
    paths = [*(MATERIAL / "interviews_html").rglob("*.html"), *(MATERIAL / "ugly_html").rglob("*eval*.html")]
    pages = (path.read_bytes() for path in sorted(paths))
    return [page for page in pages if not _REFUSED.search(page) and len(_texts(html.fromstring(page))) > _FEWEST_TEXTS]


def paragraphs() -> list[str]:
    """The paragraphs of every interview report, with their companies renamed."""
    names = re.compile("|".join(re.escape(name) for name in company_names()))
    notes = (path.read_text("utf-8") for path in sorted((MATERIAL / "interviews_md").rglob("*.md")))
    found = [" ".join(line.split()) for note in notes for line in note.splitlines()]
    return [names.sub(COMPANY, line) for line in found if 60 < len(line) < 600 and line[0].isalpha()]


def _texts(tree: html.HtmlElement) -> list[html.HtmlElement]:
    """The elements whose own text is long enough to be dealt anew."""
    body = tree.find(".//body")
    elements = body.iter() if body is not None else ()
    return [
        element
        for element in elements
        if isinstance(element.tag, str)
        and element.tag not in _UNSEEN
        and len(" ".join((element.text or "").split())) >= _SHORTEST
    ]


def company_names() -> list[str]:
    """Every company that the manifest names, longest first."""
    with (MATERIAL / "MANIFEST.tsv").open(encoding="utf-8") as file:
        names = {row["company"].strip() for row in csv.DictReader(file, delimiter="\t")}
    return sorted((name for name in names if len(name) > 2), key=len, reverse=True)


def made_pages(count: int, seed: int = 7) -> Iterator[bytes]:
    """Yield `count` pages of HTML."""
    pages, pool = frames(), paragraphs()
    for number in range(count):
        yield _page(pages[number % len(pages)], pool, random.Random(f"{seed}:{number}"))  # noqa: S311


def _page(frame: bytes, pool: list[str], dice: random.Random) -> bytes:
    tree = html.fromstring(frame)
    texts = _texts(tree)
    for element in texts:
        element.text = dice.choice(pool)
    for element in tree.iter():
        if element.tail and len(" ".join(element.tail.split())) >= _SHORTEST:
            element.tail = f" {dice.choice(pool)} "
    for heading in tree.xpath("//title | //h1"):
        heading.text = f"{COMPANY} interview experience, engineer, candidate {dice.randrange(10**6)}"
    longest = max(texts, key=lambda element: len(element.getparent()) if element.getparent() is not None else 0)
    longest.text = f"My interview at {COMPANY} for the engineer role had several rounds. They asked me many questions."
    return str(html.tostring(tree, encoding="unicode")).encode()


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
