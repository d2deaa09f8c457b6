"""The stages for any one file or address, outside a corpus."""

from typing import TYPE_CHECKING

from brain.errors import BadInputError, FetchError, UnreadableInputError
from brain.records import Document, ReportedQuestion
from brain.topics import Namer, topic_namer
from ingest.cache import LeftOutError
from ingest.extract import extract
from ingest.fetch import fetch, lead_of
from ingest.materials import Extracted, Screened
from ingest.questions import questions_of
from ingest.screen import keep

if TYPE_CHECKING:
    from brain.catalog import Catalog
    from ingest.pipeline import Workshop


def extract_one(where: str, shop: "Workshop") -> Document:
    """The document of one file or address, whatever it is about. Raises BadInputError or FetchError with the reason."""
    return _screened(where, shop).document


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
    lead = lead_of(where)
    if lead.path is not None and lead.path.is_dir():
        raise BadInputError(f"{where} is a folder.", next_step="Name one file, or a source of type `file` in a corpus.")
    extracted = extract(fetch(lead, shop.web, shop.cache, shop.file_max_bytes))
    if extracted.signals:
        shop.cache.drop_page(lead.address)
    return extracted
