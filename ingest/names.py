"""Ids made from names: lower-case words joined by hyphens."""

import re
import unicodedata

from brain.errors import BadInputError

LONGEST = 60
_LETTERS = str.maketrans({"ø": "o", "Ø": "o", "ß": "ss", "æ": "ae", "Æ": "ae", "œ": "oe", "ł": "l", "Ł": "l", "đ": "d"})
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def slug(name: str) -> str:
    """`Acme Robotics` -> `acme-robotics`; accents go, and what is no Latin letter or digit; "" where nothing stays."""
    plain = unicodedata.normalize("NFKD", name.translate(_LETTERS)).encode("ascii", "ignore").decode("ascii").lower()
    plain = plain.replace("'", "").replace("&", " and ")
    return "-".join(re.findall(r"[a-z0-9]+", plain))[:LONGEST].strip("-")


def require_id(name: str, what: str) -> str:
    """The id that a name gives. Raises BadInputError for one that gives none."""
    found = slug(name)
    if not found or not _ID.fullmatch(found):
        raise BadInputError(
            f"No id can be made of the {what} {name!r}.",
            field=what,
            next_step="Give an id in Latin letters and digits, such as acme-robotics, and the name beside it.",
        )
    return found
