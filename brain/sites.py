"""The two files that speak for a whole site, robots.txt and the TDM file: read once, kept for a day at most."""

import threading
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from brain.addresses import Target
from brain.asking import ROBOTS, TDM_FILE, Answer, Ask, follow
from brain.errors import DeferredError, FetchError, RefusedError
from brain.hosts import HostBook
from brain.limits import LATER, Clock, Limits
from brain.robots import FAILURE_KEPT_SECONDS, KEPT_SECONDS, MAX_ROBOTS_REDIRECTS, Rules, failed, rules_from
from brain.signals import TDMREP_PATH, Reservation, Signals, read_tdmrep, tdmrep_signals


class SiteFile(Protocol):
    """What a file says, or the problem for which it could not be read; and for how long that may be believed."""

    @property
    def problem(self) -> str:
        """Why it could not be read; "" when it was, or is not there."""

    @property
    def kept_seconds(self) -> float:
        """How long it holds."""


File = TypeVar("File", bound=SiteFile)
Send = Callable[[Target, Clock, Ask, float | None], Answer]
"""One request to a target, by the page's clock, with the host's Crawl-delay where it is known."""


class SiteFiles(Generic[File]):
    """The files of one kind, in memory and in the book; whoever asks for the same one shares one request."""

    def __init__(self, book: HostBook, make: Callable[[int, bytes], File]) -> None:
        self._book = book
        self._make = make
        self._lock = threading.Lock()
        self._known: dict[str, tuple[File, float]] = {}

    def of(self, address: str, clock: Clock, read: Callable[[], tuple[int, bytes] | File]) -> File:
        """What the file at `address` says. `read` gives status and body, or what to hold of an unreadable file.

        Waiting for another thread or process that reads it costs no clock. Problems are not kept for other runs.
        """
        if (known := self._fresh(address)) is not None:
            return known
        with ExitStack() as stack:
            with clock.stopped():
                stack.enter_context(self._book.alone(address))
            if (known := self._fresh(address)) is not None:
                return known
            if (kept := self._book.file(address, KEPT_SECONDS)) is not None:
                return self._remember(address, self._make(kept.status, kept.body), kept.read)
            got = read()
            file = self._make(*got) if isinstance(got, tuple) else got
            if isinstance(got, tuple) and not file.problem:
                self._book.keep_file(address, *got, max_age=KEPT_SECONDS)
            return self._remember(address, file, self._book.now())

    def _fresh(self, address: str) -> File | None:
        with self._lock:
            file, until = self._known.get(address, (None, 0.0))
        return file if self._book.now() < until else None

    def _remember(self, address: str, file: File, read: float) -> File:
        with self._lock:
            self._known[address] = (file, read + file.kept_seconds)
        return file


@dataclass(frozen=True)
class TdmFile:
    """The rules of a TDM file, or the `problem` for which nobody could read it."""

    rules: tuple[Reservation, ...] = ()
    problem: str = ""
    kept_seconds: float = KEPT_SECONDS

    def check(self, url: str) -> None:
        """Raise DeferredError when it could not be read: what it reserves is not known then."""
        if self.problem:
            raise DeferredError(
                url,
                f"nothing is fetched from this site now, since its TDM file could not be read: {self.problem}",
                next_step=LATER,
            )


def tdm_from(status: int, body: bytes) -> TdmFile:
    """Read the answer to a request for a TDM file, failing closed.

    As with robots.txt, 5xx and 429 mean "not now", for a file may be there. Every other status means that there is
    none, 401 and 403 too: that is how stores of files answer for one that they do not hold, and a reservation that
    nobody may read is not one "in an appropriate manner, such as machine-readable means" (EU 2019/790, 4(3)).
    """
    if status >= 500 or status == 429:
        return tdm_failed(f"it answers {status}.")
    if not 200 <= status < 300 or not body.strip():
        return TdmFile()
    try:
        return TdmFile(read_tdmrep(body))
    except ValueError as error:
        return tdm_failed(f"{error}.")


def tdm_failed(problem: str, *, kept: bool = True) -> TdmFile:
    """A TDM file that cannot be read now; `kept` for a while, or for this page alone."""
    return TdmFile(problem=problem, kept_seconds=FAILURE_KEPT_SECONDS if kept else 0.0)


class Sites:
    """Asks each site for its robots.txt and its TDM file, and says what they allow."""

    def __init__(self, book: HostBook, limits: Limits, approve: Callable[[str], Target], send: Send) -> None:
        self._limits = limits
        self._approve = approve
        self._send = send
        self._robots = SiteFiles(book, rules_from)
        self._tdm = SiteFiles(book, tdm_from)

    def rules(self, target: Target, clock: Clock) -> Rules:
        """What the robots.txt of the target's origin says. Raises RefusedError when the host may not be asked."""
        address = f"{target.origin}/robots.txt"
        return self._robots.of(address, clock, lambda: self._read_robots(target, address, clock))

    def reserved(self, target: Target, clock: Clock, rules: Rules) -> Signals:
        """What the TDM file says about the target; it is asked for where robots.txt lets us.

        Raises:
            DeferredError: the file is there, or may be, and cannot be read now.
        """
        if rules.file and not rules.file.allows(TDMREP_PATH):
            return Signals()
        address = f"{target.origin}{TDMREP_PATH}"
        file = self._tdm.of(address, clock, lambda: self._read_tdm(address, clock))
        file.check(target.url)
        return tdmrep_signals(file.rules, target.path)

    def _read_robots(self, target: Target, address: str, clock: Clock) -> tuple[int, bytes] | Rules:
        # A host is not to be blamed, and held back, for the time that slow redirects towards it have used up.
        short_of_time = clock.left < self._limits.timeout / 2
        try:
            answer = follow(address, lambda hop: self._robots_hop(hop, address, clock), MAX_ROBOTS_REDIRECTS)
        except RefusedError as error:
            raise RefusedError(target.url, error.reason, next_step=error.next_step) from error
        except DeferredError as error:
            return failed(error.reason, next_step=error.next_step, kept=not short_of_time)
        except FetchError as error:
            return failed(error.reason)
        return answer.status, answer.body

    def _robots_hop(self, url: str, first: str, clock: Clock) -> Answer:
        try:
            return self._send(self._approve(url), clock, ROBOTS, None)
        except RefusedError as error:
            if url == first:
                raise
            # The site itself may be asked; only its rules lie where we do not go, so nobody can read them.
            raise DeferredError(url, error.reason) from error

    def _read_tdm(self, address: str, clock: Clock) -> tuple[int, bytes] | TdmFile:
        short_of_time = clock.left < self._limits.timeout / 2
        try:
            answer = follow(address, lambda hop: self._tdm_hop(hop, clock), self._limits.max_redirects)
        except RefusedError:
            return TdmFile()  # it leads to where we do not go; sites send there whoever asks for what is not there
        except FetchError as error:
            return tdm_failed(error.reason, kept=not short_of_time)
        return answer.status, answer.body

    def _tdm_hop(self, url: str, clock: Clock) -> Answer:
        target = self._approve(url)
        rules = self.rules(target, clock)
        rules.check(target.url, target.path, self._limits.longest_wait)
        return self._send(target, clock, TDM_FILE, rules.crawl_delay)
