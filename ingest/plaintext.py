"""Markdown and plain-text files: front matter, titles, and what a renderer would not show."""

import re
import tomllib
from urllib.parse import unquote

from brain.errors import UnreadableInputError

_TITLE_LINE = re.compile(r"^#\s+(.+?)\s*#*$", re.MULTILINE)
_UNDERLINED = re.compile(r"\A\s*([^\n#>-][^\n]{1,200})\n=+\s*$", re.MULTILINE)
_TOML = re.compile(r"\A\+\+\+[ \t]*\n(.*?)^\+\+\+[ \t]*(?:\n|\Z)", re.MULTILINE | re.DOTALL)
_FENCED = re.compile(r"^ {0,3}(?P<fence>`{3,}|~{3,})[^\n]*\n(?:.*?^ {0,3}(?P=fence)|.*)", re.MULTILINE | re.DOTALL)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_NOTE = re.compile(
    r"^ {0,3}\[[^\]\n]{1,100}\]:[ \t]*(?:#|<>)[ \t]*(?:\"[^\n]*\"|'[^\n]*'|\([^\n]*\))[ \t]*$", re.MULTILINE
)
_HIDING = re.compile(
    r"<([a-zA-Z][\w-]{0,20})\b(?=[^<>]{0,500}(?:\shidden\b|style\s*=\s*[\"'][^\"'<>]{0,300}"
    r"(?:display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0(?![.\d])|font-size\s*:\s*[01](?:px|em|pt)?(?![.\d]))))"
    r"[^<>]{0,500}>",
    re.IGNORECASE,
)
_MOST_HIDING = 200


def decode_text(content: bytes, address: str) -> str:
    """Text of a local Markdown or plain-text file. Raises UnreadableInputError unless it is UTF-8."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableInputError(
            f"{address} is not UTF-8 text (byte {error.start} is {content[error.start]:#04x}).",
            next_step="Convert it to UTF-8 first, for example with `iconv`.",
        ) from error


def with_unix_ends(text: str) -> str:
    """The text with lines ended by \\n, and without NULs, which no reader sees and few programs stand."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")


def front_matter(text: str) -> tuple[dict[str, object], str]:
    """The fields above a Markdown text (YAML or TOML), and the text; what is no mapping belongs to the text."""
    if stated := _TOML.match(text):
        try:
            return tomllib.loads(stated[1]), text[stated.end() :]
        except tomllib.TOMLDecodeError:
            return {}, text
    return _yaml_matter(text)


def _yaml_matter(text: str) -> tuple[dict[str, object], str]:
    import frontmatter
    import yaml

    try:
        head, body = frontmatter.parse(text)
    except (yaml.YAMLError, ValueError, RecursionError):  # ValueError: a date such as 2024-02-30
        return {}, text
    return (head, body) if head else ({}, text)


def title_in(head: dict[str, object], text: str, url: str) -> str:
    """The title that a Markdown file states, else its first heading, else the name of the file."""
    named = head.get("title")
    if isinstance(named, str) and named.strip():
        return named
    heading = _TITLE_LINE.search(text) or _UNDERLINED.search(text)
    return heading[1] if heading else unquote(url.rstrip("/").rsplit("/", 1)[-1]).rpartition(".")[0] or url


def without_comments(text: str) -> str:
    """Markdown without what a renderer does not show: comments, reference notes, and elements styled away.

    Code in fences is shown as it is, and stays.
    """
    parts, at = [], 0
    for fence in _FENCED.finditer(text):
        if not _opened_comment(text, at, fence.start()):
            parts += [_shown(text[at : fence.start()]), fence[0]]
            at = fence.end()
    return "".join([*parts, _shown(text[at:])])


def _opened_comment(text: str, start: int, end: int) -> bool:
    """Whether a comment begins there and is still open at the end."""
    last = text.rfind("<!--", start, end)
    return last >= 0 and text.find("-->", last, end) < 0


def _shown(text: str) -> str:
    if "<" not in text and "]:" not in text:
        return text
    return _without_hidden(_NOTE.sub("", _COMMENT.sub("", text)))


def _without_hidden(text: str) -> str:
    """Without the elements that are styled away, as far as their end tag; the first 200 of them."""
    parts, at, lower = [], 0, text.lower()
    for number, opening in enumerate(_HIDING.finditer(text)):
        if number >= _MOST_HIDING:
            break
        end = lower.find(f"</{opening[1].lower()}", opening.end())
        if opening.start() >= at and end >= 0:
            parts.append(text[at : opening.start()])
            at = text.find(">", end) + 1 or len(text)
    return "".join([*parts, text[at:]])
