"""What an adapter is: a name, its own keys of `[[source]]`, and how it turns answers of a site into entries.

An adapter never fetches by itself: it asks the `Reader`, which keeps the manners, the budgets and the last good copy.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from brain.records import DocumentKind, Record
from ingest.materials import Entry, Unusable

if TYPE_CHECKING:
    from brain.web import Accept

Found = Entry | Unusable
Wanted = Callable[[Entry], bool]
Own = TypeVar("Own", bound=Record)


@dataclass(frozen=True)
class Answer:
    """What a site answered: the address that answered, the bytes, and their type and encoding as the header says."""

    url: str
    content: bytes
    media_type: str = ""
    charset: str | None = None


class Reader(Protocol):
    """The way to a source's listings; `folder` is where relative paths of the corpus file begin."""

    folder: Path

    def get(self, address: str, accept: "Accept", *, body: bytes | None = None, depth: int = 0) -> Answer:
        """Ask for one listing. Raises LeftOutError with the reason when it is not to be had.

        `depth` counts the steps from what the corpus file names, which is 0; `body` makes it a POST of JSON.
        """
        ...


@dataclass(frozen=True)
class Adapter(Generic[Own]):
    """A kind of source.

    `read` turns one capture into entries, and is pure; `entries` walks the pages of a listing with it, asking for
    details only of what is `wanted` (title and level filters). One malformed item is one `Unusable`, never an error.
    `kind` is what its documents are unless the corpus file says otherwise.
    """

    name: str
    options: type[Own]
    kind: DocumentKind
    entries: Callable[[Own, Reader, Wanted], Iterator[Found]]
    read: Callable[[bytes, Own | None], Iterator[Found]] | None = None
    documented: bool = True


AnyAdapter = Adapter[Any]
