"""Which web addresses may be asked at all, and a socket that reaches nothing but what was checked.

Two gates. `approve` judges an address by its spelling, before any name is looked up. `PinnedBackend` looks the name up
once for each connection, judges every answer, and connects to one of those very answers, so that a name which changes
between check and use (DNS rebinding) gains nothing. TLS is still verified against the host name.
"""

import ipaddress
import queue
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import httpcore

from brain.denied import refuse_denied
from brain.errors import DeferredError, RefusedError

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolver = Callable[[str, int], Sequence[str]]
"""From a host name and a port to numeric addresses; raises OSError when there are none."""

STANDARD_PORTS = {"http": 80, "https": 443}
ADDRESSES_TRIED = 4

_HOST_NAME = re.compile(r"[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*")
# The "ends in a number" rule of the WHATWG URL standard: the C library reads such names (0x7f.1) as addresses.
_NUMERIC_NAME = re.compile(r"(.*\.)?([0-9]+|0x[0-9a-f]*)")

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
# Not public, although `is_global` of some Python versions says so: protocol assignments (RFC 6890, with Teredo, 6to4
# relays and addresses, anycast of AS112 and AMT), documentation, and the platform service that every Azure machine sees
# at a public number. Teredo and 6to4 carry an IPv4 address inside.
_NEVER_PUBLIC = tuple(
    ipaddress.ip_network(text)
    for text in (
        "192.0.0.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.175.48.0/24", "168.63.129.16/32",
        "2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20",
    )
)  # fmt: skip
# ISATAP (RFC 5214, 6.1) puts an IPv4 address behind one of these into the last 64 bits of any prefix.
_ISATAP = frozenset({0x0000_5EFE, 0x0200_5EFE})


@dataclass(frozen=True)
class Target:
    """An address that may be asked; `loopback` when the operator named its host and port, `path` with the query."""

    url: str
    scheme: str
    host: str
    port: int
    loopback: bool
    path: str = "/"

    @property
    def authority(self) -> str:
        """`host:port`, with brackets around an IPv6 address."""
        return _authority(self.host, self.port)

    @property
    def origin(self) -> str:
        """Scheme, host and port (RFC 6454): what one robots.txt speaks for."""
        return f"{self.scheme}://{self.authority}"

    @property
    def pace_key(self) -> str:
        """What counts as one host; on loopback each port stands for another host."""
        return self.authority if self.loopback else self.host


def approve(
    url: str, *, scheme: str, host: str, port: int | None, path: str, credentials: bool, loopback_hosts: frozenset[str]
) -> Target:
    """Judge the parsed parts of `url` by their spelling alone.

    `host` is lower-case ASCII without brackets, `path` holds the query, too.

    Raises:
        RefusedError: another scheme or port, credentials, a denied site, or a numeric address that is not public.
    """
    if scheme not in STANDARD_PORTS:
        raise RefusedError(url, "only http and https addresses are fetched.")
    number = port or STANDARD_PORTS[scheme]
    loopback = _authority(host, number) in loopback_hosts
    _refuse_odd_host(url, host, loopback=loopback)
    refuse_denied(url, host, path)
    if credentials:
        raise RefusedError(url, "an address with a user name or password is not fetched.")
    if not loopback and (port == 0 or number not in STANDARD_PORTS.values()):
        raise RefusedError(url, f"port {port} is not fetched, only the standard ports 80 and 443.")
    return Target(url=url, scheme=scheme, host=host, port=number, loopback=loopback, path=path)


def is_public(address: IPAddress) -> bool:
    """Whether `address` belongs to the public internet; forms that carry an IPv4 address are judged by it too.

    IPv4-mapped, IPv4-compatible, site-local and unallocated IPv6 addresses lie outside 2000::/3 and so are not public.
    """
    if isinstance(address, ipaddress.IPv6Address):
        if address.scope_id is not None:
            return False
        if address in _NAT64:
            return is_public(_inner(address))
        if address not in _GLOBAL_UNICAST:
            return False
        if (int(address) >> 32) & 0xFFFFFFFF in _ISATAP and not is_public(_inner(address)):
            return False
    return address.is_global and not address.is_multicast and not any(address in net for net in _NEVER_PUBLIC)


def system_lookup(host: str, port: int) -> list[str]:
    """Ask the operating system for the addresses of `host`."""
    answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(answer[4][0]) for answer in answers))


class PinnedBackend(httpcore.NetworkBackend):
    """Connects for one request to `target`, to checked addresses only, and ends everything at `deadline`.

    The deadline (on `time.monotonic`) bounds look-up, connecting, the TLS handshake and the sum of all reads: a server
    that sends a byte now and then never meets a time-out per read.
    """

    def __init__(self, target: Target, deadline: float, lookup: Resolver) -> None:
        self._target = target
        self._deadline = deadline
        self._lookup = lookup

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - the deadline is never later
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first checked address that answers; `host` is the target's and is not looked up again.

        Raises:
            RefusedError: an address of the host is not public.
            DeferredError: the host has no address now.
            httpcore.ConnectError, httpcore.ConnectTimeout: no address can be reached.
        """
        if (host, port) != (self._target.host, self._target.port):
            raise RefusedError(self._target.url, f"the connection asked for {host}:{port} was never checked.")
        addresses = resolve(self._target, _left(self._deadline, httpcore.ConnectTimeout), self._lookup)
        for position, address in enumerate(addresses, start=1):
            share = _left(self._deadline, httpcore.ConnectTimeout) / (len(addresses) - position + 1)
            try:
                stream = httpcore.SyncBackend().connect_tcp(address, port, share, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if position == len(addresses):
                    raise
            else:
                return _BoundedStream(stream, self._deadline, self._target.url)
        raise DeferredError(self._target.url, f"the host {host!r} has no address.")


def resolve(target: Target, seconds: float, lookup: Resolver) -> tuple[str, ...]:
    """Give the checked numeric addresses of the target, at most four; one that is not public refuses them all.

    Raises:
        RefusedError: an address is not public, or not on loopback for a target on loopback.
        DeferredError: the name cannot be looked up, or not within `seconds`.
    """
    literal = _numeric(target.host)
    found = [target.host] if literal else _look_up(target, seconds, lookup)
    for text in found:
        address = _numeric(text)
        if address is None or not _fits(address, loopback=target.loopback):
            raise _wrong_address(target.url, target.host, text, address, loopback=target.loopback)
    if not found:
        raise DeferredError(target.url, f"the host {target.host!r} has no address.")
    return tuple(found[:ADDRESSES_TRIED])


class _BoundedStream(httpcore.NetworkStream):
    """A stream whose every operation ends at the deadline."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: float, url: str) -> None:
        self._stream = stream
        self._deadline = deadline
        self._url = url

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 - see PinnedBackend
        return self._stream.read(max_bytes, _left(self._deadline, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002 - see PinnedBackend
        self._stream.write(buffer, _left(self._deadline, httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002 - see PinnedBackend
    ) -> httpcore.NetworkStream:
        try:
            left = _left(self._deadline, httpcore.ConnectTimeout)
            stream = self._stream.start_tls(ssl_context, server_hostname, left)
        except httpcore.ConnectError as error:
            self.close()
            raise DeferredError(self._url, _tls_reason(error), next_step="Try again later.") from error
        except httpcore.ConnectTimeout:
            self.close()
            raise
        return _BoundedStream(stream, self._deadline, self._url)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(deadline: float, timeout_error: type[httpcore.TimeoutException]) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise timeout_error("the deadline has passed")
    return left


def _tls_reason(error: httpcore.ConnectError) -> str:
    cause = error.__cause__ or error.__context__
    if isinstance(cause, ssl.SSLCertVerificationError):
        return f"its TLS certificate is not valid: {cause.verify_message}."
    return f"TLS could not be agreed on: {error}."


def _authority(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _numeric(text: str) -> IPAddress | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def _inner(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address:
    return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)


def _fits(address: IPAddress, *, loopback: bool) -> bool:
    return address.is_loopback if loopback else is_public(address)


def _wrong_address(url: str, host: str, text: str, address: IPAddress | None, *, loopback: bool) -> RefusedError:
    subject = f"the host {host!r}" if host == text else f"the host {host!r} has the address {text}, which"
    own = address is not None and address.is_loopback
    return RefusedError(
        url,
        f"{subject} is not {'on loopback' if loopback else 'a public address'}.",
        next_step="If this is a test server of your own, name its host:port in BRAIN_LOOPBACK_HOSTS." if own else "",
    )


def _refuse_odd_host(url: str, host: str, *, loopback: bool) -> None:
    address = _numeric(host)
    if address is not None:
        if not _fits(address, loopback=loopback):
            raise _wrong_address(url, host, host, address, loopback=loopback)
        return
    if len(host) > 253 or not _HOST_NAME.fullmatch(host):
        raise RefusedError(url, f"{host!r} is not a host name.")
    if _NUMERIC_NAME.fullmatch(host):
        raise RefusedError(url, f"{host!r} is an odd spelling of a numeric address.")


def _look_up(target: Target, seconds: float, lookup: Resolver) -> list[str]:
    """Look up in a thread of its own, since the C library's look-up cannot be interrupted."""
    answers: queue.SimpleQueue[list[str] | OSError | UnicodeError] = queue.SimpleQueue()

    def ask() -> None:
        try:
            answers.put(list(lookup(target.host, target.port)))
        except (OSError, UnicodeError) as error:
            answers.put(error)

    threading.Thread(target=ask, name=f"look-up of {target.host}", daemon=True).start()
    try:
        answer = answers.get(timeout=seconds)
    except queue.Empty:
        raise DeferredError(
            target.url, f"the host {target.host!r} was not found in time.", next_step="Try again later."
        ) from None
    if isinstance(answer, list):
        return answer
    raise DeferredError(
        target.url,
        f"the host {target.host!r} was not found.",
        next_step="Check the spelling and the network, then try again.",
    ) from answer
