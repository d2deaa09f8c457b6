"""When a host may be asked again: one request at a time, a delay after each, longer after errors, shorter after none.

All of it holds for every thread and process that shares the `HostBook`, and for later runs.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from brain.addresses import Target
from brain.errors import DeferredError
from brain.hosts import LONGEST_KEPT_WAIT, Host, HostBook
from brain.limits import Clock

DEFAULT_DELAY_SECONDS = 1.0
"""Between two requests to one public host, whatever it allows."""

MAX_SLOWDOWN = 60
"""How many times the first error's addition to the delay the sum of them may be."""


@dataclass
class Turn:
    """One request in a host's turn. The request itself fills in how it went."""

    troubled: bool = False
    retry_after: float | None = None


class Pace:
    """Gives out the turns of hosts; `longest_wait` is the seconds that we wait when a host asks for it."""

    def __init__(self, book: HostBook, longest_wait: float, pause: Callable[[float], object]) -> None:
        self._book = book
        self._longest_wait = longest_wait
        self._pause = pause

    @contextmanager
    def turn(self, target: Target, clock: Clock, *, asked: float | None) -> Iterator[Turn]:
        """Hold the turn of the target's host; waiting for it costs the page none of its time.

        `asked` is the host's Crawl-delay in seconds, None before its rules are known.

        Raises:
            DeferredError: the host asked us to stay away for longer than we wait.
        """
        with ExitStack() as stack:
            with clock.stopped():
                stack.enter_context(self._book.alone(target.pace_key))
            host = self._book.host(target.pace_key)
            if asked is not None:
                host = replace(host, delay=asked)
            with clock.stopped():
                self._wait(target, host)
            # Written before the request, too: a process that is killed in it has asked the host all the same.
            host = replace(host, asked=self._book.now())
            self._book.keep_host(target.pace_key, host)
            turn = Turn()
            try:
                yield turn
            except DeferredError:
                turn.troubled = True
                raise
            finally:
                self._book.keep_host(target.pace_key, self._after(target, host, turn))

    def _wait(self, target: Target, host: Host) -> None:
        now = self._book.now()
        if host.resume - now > self._longest_wait:
            raise DeferredError(
                target.url,
                f"{target.host} asked us to stay away until {_moment(host.resume)}; we wait at most "
                f"{self._longest_wait:g} seconds (BRAIN_FETCH_LONGEST_WAIT).",
                next_step=f"Run again after {_moment(host.resume)}.",
            )
        left = max(host.asked + self._delay(target, host) - now, host.resume - now)
        if left > 0:
            self._pause(left)

    def _delay(self, target: Target, host: Host) -> float:
        return max(0.0 if target.loopback else DEFAULT_DELAY_SECONDS, host.delay) + host.slowdown

    def _after(self, target: Target, host: Host, turn: Turn) -> Host:
        """Double what is added to the delay after an error, halve it after a success."""
        step = _step(target)
        if turn.troubled:
            slowdown = min(max(step, 2 * host.slowdown), MAX_SLOWDOWN * step, self._longest_wait)
        else:
            slowdown = host.slowdown / 2 if host.slowdown > step else 0.0
        now = self._book.now()
        resume = host.resume if turn.retry_after is None else now + min(turn.retry_after, LONGEST_KEPT_WAIT)
        return replace(host, asked=now, slowdown=slowdown, resume=resume)


def _step(target: Target) -> float:
    """Seconds that the first error adds; on loopback only so many that their order can be seen."""
    return DEFAULT_DELAY_SECONDS / 100 if target.loopback else DEFAULT_DELAY_SECONDS


def _moment(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M} UTC"
