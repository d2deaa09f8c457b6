"""Addresses: their canonical form, and the source that a document counts under."""

from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit, urlunsplit

if TYPE_CHECKING:
    from tldextract import TLDExtract

# Hosts where each account is a source of its own: the first part of the path, or of the host name, is the account.
_ACCOUNT_IN_PATH = frozenset({"medium.com", "dev.to", "github.com", "gitlab.com", "hashnode.com"})
_ACCOUNT_IN_HOST = frozenset(
    {"medium.com", "substack.com", "wordpress.com", "hashnode.dev", "notion.site", "tistory.com"}
)
_TRACKING = ("utm_", "fbclid", "gclid", "mc_cid", "mc_eid", "igshid", "sk=", "source=", "ref=")


def canonical(url: str) -> str:
    """The address without tracking parameters, default port, user or a trailing slash.

    A fragment stays, since digests of one page are told apart by it. A path of a local file is returned as it is.
    Raises ValueError for an address that cannot be read, such as `http://host:port/`.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"}:
        return url
    host = (parts.hostname or "").removeprefix("www.")
    host = f"[{host}]" if ":" in host else host
    port = f":{parts.port}" if parts.port not in {None, {"http": 80, "https": 443}[parts.scheme]} else ""
    query = "&".join(part for part in parts.query.split("&") if part and not part.startswith(_TRACKING))
    return urlunsplit((parts.scheme, host + port, parts.path.rstrip("/") or "/", query, parts.fragment))


def source_of(url: str) -> str:
    """The account on a hosting platform, else the registrable domain, else the host; `local` for a file."""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    if parts.scheme not in {"http", "https"}:
        return "local"
    domain = registrable_domain(host)
    first = unquote(parts.path).strip("/").partition("/")[0].lower()
    if domain in _ACCOUNT_IN_PATH and host in {domain, f"www.{domain}"} and first:
        return f"{domain}/{first}"
    if domain in _ACCOUNT_IN_HOST:
        return host
    return domain or parts.netloc.rpartition("@")[2]


def registrable_domain(host: str) -> str:
    """The domain that one can register, by the public suffix list shipped with tldextract; "" for an IP address."""
    return _extractor()(host).top_domain_under_public_suffix


@cache
def _extractor() -> "TLDExtract":
    from tldextract import TLDExtract

    return TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)
