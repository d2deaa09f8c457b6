"""What one page, one host and one run may cost, and the clock that ends a page.

Each budget that is exceeded is told with its name and the setting that moves it.
"""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Self

from brain.errors import DeferredError, FetchError, RefusedError

if TYPE_CHECKING:
    from brain.settings import Settings

LATER = "Try again later."
MAX_ADDRESS = 4_096
"""Characters of an address; RFC 9110, 4.1 asks for 8,000, but no page that people read has so many."""

MAX_ROW = 16
"""Segments of a repeated row that are looked for: a bound for the search, not for the path."""


@dataclass(frozen=True)
class Limits:
    """The budgets of fetching; each field is the setting `BRAIN_FETCH_<FIELD>`, `backoff` alone has none.

    `timeout` is the seconds of one page with its redirects and robots.txt files, without the waits that politeness
    asks for. `max_bytes` bounds a page after inflating, `max_wire_bytes` before. `min_rate` is bytes a second, asked
    for once `rate_grace` seconds of the body have passed. `depth` counts links from where a source begins,
    `max_repeats` how often a path may hold one segment. `longest_wait` is in seconds, as is `backoff`, the wait before
    the first retry.
    """

    timeout: float = 10.0
    max_bytes: int = 5_000_000
    max_wire_bytes: int = 5_000_000
    min_rate: int = 200
    rate_grace: float = 5.0
    max_redirects: int = 5
    pages_per_host: int = 2_000
    max_depth: int = 5
    max_repeats: int = 3
    retries: int = 2
    longest_wait: float = 60.0
    backoff: float = 0.5

    @classmethod
    def of(cls, settings: "Settings") -> Self:
        """The limits that an operator chose."""
        return cls(
            timeout=settings.fetch_timeout,
            max_bytes=settings.fetch_max_bytes,
            max_wire_bytes=settings.fetch_max_wire_bytes,
            min_rate=settings.fetch_min_rate,
            rate_grace=settings.fetch_rate_grace,
            max_redirects=settings.fetch_max_redirects,
            pages_per_host=settings.fetch_pages_per_host,
            max_depth=settings.fetch_max_depth,
            max_repeats=settings.fetch_max_repeats,
            retries=settings.fetch_retries,
            longest_wait=settings.fetch_longest_wait,
        )


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


def check_depth(url: str, depth: int, limits: Limits) -> None:
    """Raise RefusedError for a page too many links away from where its source begins."""
    if depth > limits.max_depth:
        raise RefusedError(
            url,
            f"it lies {depth} links deep, over the depth of {limits.max_depth} (BRAIN_FETCH_MAX_DEPTH).",
            next_step="Raise BRAIN_FETCH_MAX_DEPTH, or name the page as a source of its own.",
        )


def check_path(url: str, path: str, limits: Limits) -> None:
    """Raise RefusedError for an endless path, or one that repeats itself, as broken relative links do.

    Too often is a segment more than `max_repeats` times, or a row of two and more segments that many times on end.
    """
    if len(url) > MAX_ADDRESS:
        raise RefusedError(url[:200], f"its address has more than {MAX_ADDRESS:,} characters.")
    segments = [segment for segment in path.split("/") if segment]
    most, count = Counter(segments).most_common(1)[0] if segments else ("", 0)
    if count > limits.max_repeats:
        raise _trap(url, f"{most[:60]!r} stands {count} times in its path", limits)
    if (row := _repeated_row(segments, max(limits.max_repeats, 2))) is not None:
        raise _trap(url, f"{'/'.join(row)[:60]!r} comes again and again in its path", limits)


def _repeated_row(segments: Sequence[str], times: int) -> Sequence[str] | None:
    """The first row of two and more segments that is repeated `times` times on end."""
    for width in range(2, min(MAX_ROW, len(segments) // times) + 1):
        for at in range(len(segments) - width * times + 1):
            rows = [segments[at + width * turn : at + width * (turn + 1)] for turn in range(times)]
            if all(one == other for one, other in pairwise(rows)):
                return rows[0]
    return None


def _trap(url: str, what: str, limits: Limits) -> RefusedError:
    return RefusedError(
        url,
        f"{what}; more than {limits.max_repeats} repeated path segments are taken for a crawler trap "
        "(BRAIN_FETCH_MAX_REPEATS).",
        next_step="Check the address; raise BRAIN_FETCH_MAX_REPEATS if it is right.",
    )


def too_many_pages(url: str, host: str, limits: Limits) -> DeferredError:
    """The host has had its share of this run."""
    return DeferredError(
        url,
        f"{host} has given {limits.pages_per_host:,} pages in this run, which is the limit for one host "
        "(BRAIN_FETCH_PAGES_PER_HOST).",
        next_step="Run again for the rest, or raise BRAIN_FETCH_PAGES_PER_HOST.",
    )


def too_many_redirects(url: str, limit: int) -> FetchError:
    """The page redirects on and on."""
    return FetchError(
        url,
        f"it redirects more than {limit} times (BRAIN_FETCH_MAX_REDIRECTS).",
        next_step="Name the address that it leads to.",
    )


def too_slow(url: str, clock: Clock) -> DeferredError:
    """The page has used up its time."""
    return DeferredError(
        url,
        f"it took longer than {clock.seconds:g} seconds, the time for one page (BRAIN_FETCH_TIMEOUT).",
        next_step=LATER,
    )


def below_rate(url: str, rate: float, limits: Limits) -> DeferredError:
    """The page drips."""
    return DeferredError(
        url,
        f"it came with {rate:.0f} bytes a second, below the rate of {limits.min_rate:,} (BRAIN_FETCH_MIN_RATE).",
        next_step=LATER,
    )


def too_large(url: str, limit: int, *, setting: str = "") -> FetchError:
    """The page has more bytes than `setting` allows; without one, the limit is a standard's and stays."""
    where = {"BRAIN_FETCH_MAX_BYTES": " after inflating", "BRAIN_FETCH_MAX_WIRE_BYTES": " on the wire"}.get(setting, "")
    return FetchError(
        url,
        f"it is larger than {limit:,} bytes{where}{f' ({setting})' if setting else ''}.",
        next_step=f"Raise {setting} or leave it out." if setting else "Leave it out.",
    )
