"""Manners: who we say we are, what a site's robots.txt allows (RFC 9309), when we come back, and one page's clock."""

import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from importlib.metadata import PackageNotFoundError, version

from protego import Protego

from brain.errors import BadInputError, DeferredError, FetchError, RefusedError

PRODUCT_TOKEN = "IndustryBrain"  # noqa: S105 - the name that robots.txt files call us by
MAX_ROBOTS_BYTES = 500 * 1024
"""RFC 9309, 2.5: a crawler must read at least this much. Above it we defer, since the rest may forbid the page."""

KEPT_SECONDS = 24 * 3600.0
"""RFC 9309, 2.4: a copy should not be used for longer."""

FAILURE_KEPT_SECONDS = 600.0
"""A run does not ask a broken host again for every one of its pages."""

MAX_CRAWL_DELAY_SECONDS = 60.0
DEFAULT_DELAY_SECONDS = 1.0

ALLOWED = "allowed by robots.txt"
NO_ROBOTS = "no robots.txt"

_PASSING = frozenset({408, 425, 429})


class Clock:
    """The seconds that one page may cost in all; stands still while we wait out of politeness."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.deadline = time.monotonic() + seconds

    @property
    def left(self) -> float:
        """Seconds until the deadline, negative after it."""
        return self.deadline - time.monotonic()

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """Move the deadline by the time that the block takes."""
        start = time.monotonic()
        try:
            yield
        finally:
            self.deadline += time.monotonic() - start


@dataclass(frozen=True)
class Rules:
    """What the robots.txt of one origin says, or the `problem` for which nobody could read it."""

    verdict: str = ""
    problem: str = ""
    parser: Protego | None = None
    next_step: str = ""
    kept_seconds: float = KEPT_SECONDS

    @property
    def crawl_delay(self) -> float:
        """Seconds between two requests, as the site asks; 0 where it does not."""
        return (self.parser.crawl_delay(PRODUCT_TOKEN) or 0.0) if self.parser else 0.0

    def check(self, url: str) -> str:
        """Give the verdict for `url`.

        Raises:
            RefusedError: robots.txt disallows the path.
            DeferredError: robots.txt could not be read, or asks for too long a wait (RFC 9309, 2.3.1: fail closed).
        """
        if self.problem:
            raise DeferredError(
                url,
                f"nothing is fetched from this site now, since its robots.txt could not be read: {self.problem}",
                next_step=self.next_step or "Try again later.",
            )
        if self.parser and not self.parser.can_fetch(url, PRODUCT_TOKEN):
            raise RefusedError(
                url,
                f"the site's robots.txt disallows this path for {PRODUCT_TOKEN}.",
                next_step="Remove the address, or ask the site's owner for permission.",
            )
        if self.crawl_delay > MAX_CRAWL_DELAY_SECONDS:
            raise DeferredError(
                url,
                f"the site's robots.txt asks for {self.crawl_delay:g} seconds between requests; "
                f"we wait at most {MAX_CRAWL_DELAY_SECONDS:g}.",
                next_step="Save the page to a file and add that as a source, if its terms allow it.",
            )
        return self.verdict


def rules_from(status: int, body: bytes) -> Rules:
    """Read the answer to a request for robots.txt, failing closed.

    RFC 9309, 2.3.1.3 lets a crawler take every 4xx as "no rules"; we take 401, 403 and 429 as "not now".
    """
    if 200 <= status < 300:
        return Rules(ALLOWED, parser=Protego.parse(body.decode("utf-8-sig", "replace")))
    if 400 <= status < 500 and status not in {401, 403, 429}:
        return Rules(NO_ROBOTS)
    return failed(f"it answers {status}.")


def failed(problem: str, *, next_step: str = "", kept: bool = True) -> Rules:
    """Rules for an origin whose robots.txt cannot be read now; `kept` for a while, or for this page alone."""
    return Rules(problem=problem, next_step=next_step, kept_seconds=FAILURE_KEPT_SECONDS if kept else 0.0)


@dataclass
class _Origin:
    lock: threading.Lock = field(default_factory=threading.Lock)
    rules: Rules | None = None
    until: float = 0.0


class RobotsCache:
    """The rules of each origin, in memory; threads that ask for the same origin share one request."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._origins: dict[str, _Origin] = {}

    def rules(self, origin: str, clock: Clock, read: Callable[[], Rules]) -> Rules:
        """Give the kept rules of `origin`, else what `read` says; waiting for another thread costs no clock."""
        with self._lock:
            entry = self._origins.setdefault(origin, _Origin())
        with clock.stopped():
            entry.lock.acquire()
        try:
            if entry.rules is None or self._now() >= entry.until:
                entry.rules = None
                entry.rules = read()
                entry.until = self._now() + entry.rules.kept_seconds
            return entry.rules
        finally:
            entry.lock.release()


@dataclass
class _Host:
    lock: threading.Lock = field(default_factory=threading.Lock)
    delay: float = 0.0
    ended: float | None = None


class Pace:
    """One request at a time per host, with the host's delay after the end of one and before the next."""

    def __init__(
        self, *, now: Callable[[], float] = time.monotonic, pause: Callable[[float], object] = time.sleep
    ) -> None:
        self._now = now
        self._pause = pause
        self._lock = threading.Lock()
        self._hosts: dict[str, _Host] = {}

    @contextmanager
    def turn(self, host: str, clock: Clock, *, public: bool, asked: float | None) -> Iterator[None]:
        """Hold the host's turn; a `public` host gets the default delay at least.

        `asked` is the host's Crawl-delay in seconds, None before its rules are known.
        """
        with self._lock:
            entry = self._hosts.setdefault(host, _Host())
        with clock.stopped():
            entry.lock.acquire()
        try:
            if asked is not None:
                entry.delay = asked
            with clock.stopped():
                self._wait(entry, max(DEFAULT_DELAY_SECONDS if public else 0.0, entry.delay))
            yield
        finally:
            entry.ended = self._now()
            entry.lock.release()

    def _wait(self, entry: _Host, delay: float) -> None:
        if entry.ended is not None:
            left = entry.ended + delay - self._now()
            if left > 0:
                self._pause(left)


def user_agent(contact: str) -> str:
    """`IndustryBrain/<version> (+contact)`. Raises BadInputError for a contact that no header can carry."""
    if not (contact.isascii() and contact.isprintable()):
        raise BadInputError(
            f"The contact {contact!r} holds characters that a request cannot carry.",
            field="contact",
            next_step="Set BRAIN_CONTACT to a mail or web address in plain ASCII.",
        )
    try:
        number = version("industry-brain")
    except PackageNotFoundError:
        number = "0"
    return f"{PRODUCT_TOKEN}/{number} (+{contact})" if contact else f"{PRODUCT_TOKEN}/{number}"


def status_error(url: str, status: int, retry_after: str) -> FetchError:
    """What to raise for an answer other than 200: "not now" for 408, 425, 429 and 5xx, naming the wait asked for."""
    phrase = f" {HTTPStatus(status).phrase}" if status in set(HTTPStatus) else ""
    if status < 500 and status not in _PASSING:
        return FetchError(url, f"it answers {status}{phrase}.")
    wait = _wait(retry_after)
    asks = f" and asks us to come back {wait}" if wait else ""
    return DeferredError(url, f"it answers {status}{phrase}{asks}.", next_step=f"Try again {wait or 'later'}.")


def _wait(retry_after: str) -> str:
    """Say a Retry-After header (RFC 9110, 10.2.3: seconds or a date) in words; "" when it says neither."""
    if re.fullmatch(r"[0-9]{1,9}", retry_after):
        return f"in {int(retry_after)} seconds"
    try:
        moment = parsedate_to_datetime(retry_after)
    except ValueError:
        return ""
    moment = moment.replace(tzinfo=moment.tzinfo or UTC)
    return f"in {max(0, round((moment - datetime.now(UTC)).total_seconds()))} seconds"
