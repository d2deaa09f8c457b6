"""The stages for any one file or address, outside a corpus."""

from pathlib import Path
from typing import TYPE_CHECKING

from brain.errors import BadInputError, FetchError, UnreadableInputError
from brain.records import Document, ReportedQuestion
from brain.topics import Namer, topic_namer
from ingest.cache import LeftOutError
from ingest.extract import extract
from ingest.fetch import Wire, fetch, lead_of, listed, read_bytes
from ingest.materials import Entry, Extracted, Fetched, Lead, Screened, Unusable
from ingest.questions import questions_of
from ingest.screen import keep
from ingest.sources import adapter

if TYPE_CHECKING:
    from brain.catalog import Catalog
    from ingest.workshop import Workshop


def extract_one(where: str, shop: "Workshop") -> Document:
    """The document of one file or address, whatever it is about. Raises BadInputError or FetchError with the reason."""
    return _screened(where, shop).document


def extract_capture(where: str, source: str, shop: "Workshop") -> tuple[list[Entry | Document], list[Unusable]]:
    """What an adapter finds in one saved answer of its source: documents, addresses to fetch, and what cannot be used.

    Raises BadInputError for a capture that is none of this kind, or an adapter that reads none.
    """
    kind = adapter(source)
    if kind.read is None:
        raise BadInputError(f"A source of type {source!r} has no listing to read.", next_step="Leave --source out.")
    found: list[Entry | Document] = []
    unusable: list[Unusable] = []
    for one in kind.read(read_bytes(Path(where), where, shop.file_max_bytes), None):
        if isinstance(one, Unusable):
            unusable.append(one)
        elif not one.content:
            found.append(one)
        else:
            try:
                found.append(_document(one.model_copy(update={"kind": one.kind or kind.kind})))
            except LeftOutError as reason:
                unusable.append(Unusable(address=one.address, reason=str(reason)))
    return found, unusable


def _document(entry: Entry) -> Document:
    lead = Lead(address=entry.address, format=entry.format, entry=entry)
    return keep(extract(listed(lead, entry.content))).document


def mine_one(where: str, shop: "Workshop", catalog: "Catalog") -> tuple[ReportedQuestion, ...]:
    """The questions of one file or address, read as an interview report."""
    return questions_of(_screened(where, shop), topic_namer(catalog.topics), Namer(())).questions


def _screened(where: str, shop: "Workshop") -> Screened:
    try:
        return keep(_extracted(where, shop))
    except LeftOutError as reason:
        if where.lower().startswith(("http://", "https://")):
            why = reason.__cause__ or reason.__context__
            step = why.next_step if isinstance(why, FetchError) else "Nothing can be read from it."
            raise FetchError(where, str(reason), next_step=step) from reason
        raise UnreadableInputError(f"{where}: {reason}.", next_step="Nothing can be read from it.") from reason


def _extracted(where: str, shop: "Workshop") -> Extracted:
    extracted = extract(_fetched(where, shop))
    if extracted.denials:
        shop.cache.drop_page(where)
    return extracted


def _fetched(where: str, shop: "Workshop") -> Fetched:
    lead = lead_of(where)
    if lead.path is not None and lead.path.is_dir():
        raise BadInputError(f"{where} is a folder.", next_step="Name one file, or a source of type `file` in a corpus.")
    return fetch(lead, Wire(shop.web, shop.cache), shop.file_max_bytes).fetched
