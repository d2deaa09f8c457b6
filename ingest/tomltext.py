"""TOML as we write it: values escaped so that any name survives, and whole files replaced only when they still read."""

import json
import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path

from brain.errors import BadInputError, CatalogError
from brain.versions import write_durably

Value = str | int | bool | Sequence[str]

_WIDE = 100


def string(text: str) -> str:
    """A TOML string (TOML 1.0, "String"): what does not print is escaped; a pattern with backslashes stays literal.

    Raises BadInputError for bytes of the command line that are no text.
    """
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise BadInputError(
            f"{text!r} is not valid UTF-8 text.", next_step="Check the encoding of the terminal."
        ) from error
    if "\\" in text and "'" not in text and text.isprintable():
        return f"'{text}'"
    return "".join(char if char.isprintable() else _escaped(char) for char in json.dumps(text, ensure_ascii=False))


def _escaped(char: str) -> str:
    return f"\\u{ord(char):04X}" if ord(char) <= 0xFFFF else f"\\U{ord(char):08X}"


def value(given: Value) -> str:
    """Any value of our files; a list too long for one line takes one line for each item."""
    if isinstance(given, bool):
        return "true" if given else "false"
    if isinstance(given, int):
        return str(given)
    if isinstance(given, str):
        return string(given)
    items = [string(one) for one in given]
    line = f"[{', '.join(items)}]"
    return line if len(line) <= _WIDE else "[\n" + "".join(f"    {item},\n" for item in items) + "]"


def pairs(given: Iterable[tuple[str, Value]]) -> str:
    """`key = value` lines."""
    return "".join(f"{key} = {value(one)}\n" for key, one in given)


def save(path: Path, text: str) -> None:
    """Replace a data file durably. Raises CatalogError when the text would not be TOML, and keeps the old file."""
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CatalogError(f"it would no longer be valid TOML: {error}", path=path) from error
    path.parent.mkdir(parents=True, exist_ok=True)
    write_durably(path, text)
