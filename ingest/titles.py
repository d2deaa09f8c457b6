"""What a page is called, without the name of its site."""

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_SEPARATOR = re.compile(r"\s+[|·•»«–—~:-]{1,2}\s+|\s*[|·»«]\s*")
_SITE_METAS = frozenset({"og:site_name", "application-name", "apple-mobile-web-app-title", "twitter:site", "author"})
_TITLE_METAS = ("og:title", "twitter:title")
_LONGEST = 300
_FEWEST = 4


def title_of(tree: "HtmlElement", url: str) -> str:
    """The title as a reader sees it: of `title` and the headings. What only a machine reads chooses, and says nothing.

    Empty when the page shows none.
    """
    whole = _first(tree, "title")
    headings = [text for text in (_words(one.text_content()) for one in list(tree.iter("h1"))[:5]) if text]
    stated = _metas(tree, _TITLE_METAS)
    if not whole:
        return headings[0] if len(headings) == 1 else ""
    sites = _sites(tree, url)
    for shown in (*headings, *stated):
        if len(shown) >= _FEWEST and _bare(shown) not in sites and _begins(whole, shown):
            return _without_site(shown, sites)
    for heading in headings:
        if len(heading) < _FEWEST or not _ends(whole, heading):
            continue
        before = whole[: len(whole) - len(heading)].rstrip(" |·•»«–—~:-")
        if heading in stated or _bare(before) in sites:
            return heading
        return before or heading
    return _without_site(whole, sites)


def _first(tree: "HtmlElement", tag: str) -> str:
    """The first title element outside of pictures."""
    for element in tree.iter(tag):
        if next(element.iterancestors("svg"), None) is None and (text := _words(element.text_content())):
            return text
    return ""


def _words(text: str) -> str:
    return " ".join(text[: 20 * _LONGEST].split())[:_LONGEST].rstrip()


def _begins(whole: str, part: str) -> bool:
    """Whether the whole is the part, or the part and a separator with something behind it."""
    if not whole.casefold().startswith(part.casefold()):
        return False
    return len(whole) == len(part) or _SEPARATOR.match(whole, len(part)) is not None


def _ends(whole: str, part: str) -> bool:
    """Whether the part stands behind a separator at the end of the whole."""
    before = whole[: len(whole) - len(part)]
    return whole.casefold().endswith(part.casefold()) and re.search(r"[|·•»«–—~:-]\s*$", before) is not None


def _metas(tree: "HtmlElement", names: tuple[str, ...] | frozenset[str]) -> list[str]:
    found: list[str] = []
    for meta in tree.iter("meta"):
        name = (meta.get("property") or meta.get("name") or "").strip().lower()
        if name in names and (text := _words(meta.get("content") or "")):
            found.append(text)
    return found


def _sites(tree: "HtmlElement", url: str) -> set[str]:
    """The names that the site goes by: as it states them, and the parts of its host."""
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    names = [*_metas(tree, _SITE_METAS), host, *host.split(".")[:-1]]
    return {_bare(name) for name in names} - {""}


def _bare(name: str) -> str:
    return re.sub(r"\W+", "", name).casefold()


def _without_site(title: str, sites: set[str]) -> str:
    """The title without a first or last part that is the site's name; one with nothing else stays."""
    cuts = list(_SEPARATOR.finditer(title))
    if cuts and _bare(title[cuts[-1].end() :]) in sites and len(title[: cuts[-1].start()]) >= _FEWEST:
        return title[: cuts[-1].start()].strip()
    if cuts and _bare(title[: cuts[0].start()]) in sites and len(title[cuts[0].end() :]) >= _FEWEST:
        return title[cuts[0].end() :].strip()
    return title
