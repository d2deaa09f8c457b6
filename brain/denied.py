"""The sites that are never fetched, in every disguise that an address can put on. There is no switch on purpose.

A site is known by the name in front of the public suffix, so that country variants and subdomains count. Copies count
too: archives, caches, translators and readers that carry such a site in their host, path or query.
"""

import functools
import re
import unicodedata
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote

from brain.errors import RefusedError

if TYPE_CHECKING:
    import tldextract

DENIED_NAMES = frozenset({"glassdoor", "indeed", "leetcode", "leetcode-cn", "linkedin", "lnkd", "teamblind"})
"""Sites that we never ask, by the name in front of the public suffix; lnkd.in is LinkedIn's shortener."""

PROXIES = frozenset(
    {
        "12ft", "13ft", "1ft", "allorigins", "ampproject", "archive", "archive-it", "bing", "bingj", "cachedview",
        "corsproxy", "croxyproxy", "freedium", "ghostarchive", "google", "googleusercontent", "jina", "memento",
        "microsofttranslator", "outline", "perma", "proxysite", "removepaywall", "removepaywalls", "sogou", "textise",
        "timetravel", "translatetheweb", "translatoruser", "webarchive", "webcitation", "yandex",
        "yandexwebcache",
    }
)  # fmt: skip
"""Names of archives, caches, translators and readers, where any mention of a denied site's host is one too many."""

REFERRALS = re.compile(r"utm_\w+|ref|referr?er|referral|via|source|src|gh_src|lever-source|origin", re.IGNORECASE)
"""Query parameters that only say where a reader came from."""

_NAMES = "|".join(sorted((re.escape(name) for name in DENIED_NAMES), key=len, reverse=True))
_SUFFIX = r"(?:com|jobs|co[.-][a-z]{2}|com[.-][a-z]{2}|[a-z]{2})"
_MENTION = re.compile(rf"(?:^|[^a-z0-9-])({_NAMES})\.{_SUFFIX}(?![a-z0-9-])")
_FULL = re.compile(rf"(?:^|[^a-z])https?:/{{1,2}}(?:[^/@\s]*@)?(?:[a-z0-9-]+\.)*({_NAMES})\.{_SUFFIX}(?![a-z0-9-])")
_INSIDE_HOST = re.compile(rf"(?:^|\.)({_NAMES})\.{_SUFFIX}\.")
# Letters of other alphabets that look like one of ours; a site under such a name is at best a copy.
_LOOKALIKES = str.maketrans(
    dict(zip("абвгдеіӏјкмпорѕтухԛԝցοανερκιτχıɩɡłøđɑℓ", "abvrdeiljkmnopstyxqwgoavepkitxiiglodal", strict=True))
)
_ROUNDS = 4


def refuse_denied(url: str, host: str, path: str) -> None:
    """Raise RefusedError for a denied site, or an address that carries one; `path` holds the query, too.

    `host` is lower-case ASCII, as IDNA spells it.
    """
    name = _named_by(host) or _carried(host, path)
    if name:
        raise RefusedError(
            url,
            f"{name} is on the list of sites that are never fetched.",
            next_step="Remove the address; its pages may not be used.",
        )


def _named_by(host: str) -> str:
    name = _name(host)
    plain = _plain(name)
    return plain if plain in DENIED_NAMES else ""


def _carried(host: str, path: str) -> str:
    if inside := _INSIDE_HOST.search(_undashed(host)):
        return inside[1]
    proxy = _name(host) in PROXIES
    before, _, query = _decoded(path).partition("?")
    if found := (_MENTION if proxy else _FULL).search(before):
        return found[1]
    return _in_query(query, proxy=proxy)


def _in_query(query: str, *, proxy: bool) -> str:
    """The denied site that a query asks for; a mere referral does no harm."""
    for parameter, value in parse_qsl(query.replace(";", "&"), keep_blank_values=True):
        found = _MENTION.search(f"{parameter} {value}") if proxy else _FULL.match(value)
        if found and not REFERRALS.fullmatch(parameter):
            return found[1]
    return ""


def _decoded(path: str) -> str:
    """The path without percent-encoding, however often it was applied."""
    for _ in range(_ROUNDS):
        path, before = unquote(path), path
        if path == before:
            break
    return unicodedata.normalize("NFKC", path).lower()


def _undashed(host: str) -> str:
    """www-example-com as www.example.com: so do translate.goog, the AMP cache and the proxies of libraries write it."""
    if not (host.endswith((".translate.goog", ".ampproject.org")) or "proxy" in host):
        return host
    return host.replace("--", "\0").replace("-", ".").replace("\0", "-")


def _plain(name: str) -> str:
    """The name as a reader sees it: punycode decoded, accents and foreign look-alikes undone."""
    if not name.startswith("xn--"):
        return name
    try:
        decoded = name.removeprefix("xn--").encode("ascii").decode("punycode")
    except UnicodeError:
        return name
    bare = "".join(letter for letter in unicodedata.normalize("NFKD", decoded) if not unicodedata.combining(letter))
    return bare.lower().translate(_LOOKALIKES)


def _name(host: str) -> str:
    return _suffixes()(host).domain.lower()


@functools.cache
def _suffixes() -> "tldextract.TLDExtract":
    # Imported here: tldextract brings requests along. No addresses for the list and no cache folder: it reads the list
    # that the package carries, and never goes online or to the disk for another.
    import tldextract

    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
