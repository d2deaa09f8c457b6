"""Every failure that Industry Brain raises on purpose, on one screen.

BrainError                   anything below; carries `next_step`
├── BadInputError            what the caller gave cannot be used          exit 2 · HTTP 422
│   ├── CatalogError         a corpus, company, role, card or digest file is wrong (file, line, field)
│   └── UnreadableInputError a file, folder or page cannot be read as a document
├── NotFoundError            an id that nobody knows                      exit 2 · HTTP 404
│   └── UnknownCorpusError   names the nearest corpus ids
├── NotIngestedError         a corpus without a published version         exit 3 · HTTP 409
├── BusyError                another run holds the corpus                 exit 4 · HTTP 409
├── EmbedderError            weights missing or wrong, or another embedder made the version
│                                                                         exit 5 · HTTP 503
├── StoreError               a version that cannot be opened, written or audited
│                                                                         exit 5 · HTTP 503
├── NotReadyError            the service is still warming up              HTTP 503
├── ServiceError             (brain.client) the service answered with a problem, or not at all
│                                                                         exit 7 · HTTP 502
└── FetchError               an address that was not fetched, and why     exit 6 · HTTP 502
    ├── RefusedError         policy says never: robots, deny-list, address, signal
    └── DeferredError        not now: network, time-out, 5xx
"""

from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import ClassVar


class BrainError(Exception):
    """A failure with a message for people and a next step they can take.

    `exit_code` is what a command returns, `status` the HTTP status, `code` the last part of the problem type.
    """

    exit_code: ClassVar[int] = 1
    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal"

    def __init__(self, message: str, *, next_step: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.next_step = next_step


class BadInputError(BrainError):
    """What the caller gave cannot be used; `field` names the offending part where there is one."""

    exit_code = 2
    status = 422
    code = "bad-input"

    def __init__(self, message: str, *, field: str = "", next_step: str = "") -> None:
        super().__init__(message, next_step=next_step)
        self.field = field


class CatalogError(BadInputError):
    """A data file under `corpora/` is wrong: says which file, line and field, and what is allowed."""

    code = "bad-corpus-file"

    def __init__(self, problem: str, *, path: Path, line: int | None = None, field: str = "") -> None:
        place = f"{path}:{line}" if line else str(path)
        subject = f"{field}: " if field else ""
        super().__init__(
            f"{place}: {subject}{problem}", field=field, next_step="Correct the file, then run `ingest check`."
        )
        self.path = path
        self.line = line


class UnreadableInputError(BadInputError):
    """A file, folder or page that holds no document we can read."""

    code = "unreadable-input"


class NotFoundError(BrainError):
    """An id that nobody knows."""

    exit_code = 2
    status = 404
    code = "not-found"


class UnknownCorpusError(NotFoundError):
    """A corpus id that the catalog does not hold; names the nearest ids."""

    code = "unknown-corpus"

    def __init__(self, corpus_id: str, known: Sequence[str]) -> None:
        self.nearest = get_close_matches(corpus_id, known, n=3, cutoff=0.4)
        hint = f"Did you mean {' or '.join(self.nearest)}?" if self.nearest else "`ingest list` shows every corpus."
        super().__init__(f"There is no corpus {corpus_id!r}.", next_step=hint)
        self.corpus_id = corpus_id


class NotIngestedError(BrainError):
    """The corpus is described but has no published version yet."""

    exit_code = 3
    status = 409
    code = "not-ingested"

    def __init__(self, corpus_id: str) -> None:
        super().__init__(
            f"The corpus {corpus_id!r} has not been ingested yet.", next_step=f"Run `ingest run {corpus_id}`."
        )
        self.corpus_id = corpus_id


class BusyError(BrainError):
    """Another process is working on the same corpus."""

    exit_code = 4
    status = 409
    code = "busy"


class EmbedderError(BrainError):
    """The embedder cannot be made, or is not the one that made a version."""

    exit_code = 5
    status = 503
    code = "embedder"


class NotReadyError(BrainError):
    """The service is still warming up."""

    status = 503
    code = "not-ready"

    def __init__(self) -> None:
        super().__init__("The service is still warming up.", next_step="Ask again in a second.")


class StoreError(BrainError):
    """A published version that cannot be opened, written or audited."""

    exit_code = 5
    status = 503
    code = "store"


class FetchError(BrainError):
    """An address that was not fetched; `url` is the address, the message the reason."""

    exit_code = 6
    status = 502
    code = "fetch"

    def __init__(self, url: str, reason: str, *, next_step: str = "") -> None:
        super().__init__(f"{url}: {reason}", next_step=next_step)
        self.url = url
        self.reason = reason


class RefusedError(FetchError):
    """Policy says never: robots, the deny-list, a non-public address, or a signal of the page."""

    code = "refused"


class DeferredError(FetchError):
    """Not now: the network, a time-out, or a server error; a later run may succeed."""

    code = "deferred"
