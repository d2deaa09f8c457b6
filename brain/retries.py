"""Trying again, with growing and jittered waits, what may pass."""

from collections.abc import Callable
from typing import TypeVar

import stamina
from stamina.instrumentation import set_on_retry_hooks

Out = TypeVar("Out")

# The hooks that stamina sets by default write each retry to a log, and so between the lines of a command's answer.
set_on_retry_hooks([])


def patiently(call: Callable[[], Out], again: Callable[[Exception], bool], *, retries: int, backoff: float) -> Out:
    """Call until it succeeds, `again` says no, or `retries` further calls have failed; the last error is raised.

    Waits are `backoff` seconds before the first retry, twice as long before each further one, plus a random part of
    `backoff`, and at most `longest_backoff` of it.
    """
    if not retries:
        return call()  # stamina's test mode would set a number of its own
    attempts = stamina.retry_context(
        on=again,
        attempts=retries + 1,
        timeout=None,
        wait_initial=backoff,
        wait_max=longest_backoff(backoff),
        wait_jitter=backoff,
    )
    for attempt in attempts:
        with attempt:
            return call()
    raise AssertionError("stamina raises the last error itself")


def longest_backoff(backoff: float) -> float:
    """The longest single wait, in seconds."""
    return 4 * backoff
