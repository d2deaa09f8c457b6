"""The part of a page's own style sheets that can hide text: rules, their weight, and which elements they match.

Only what decides about hiding is read. Style sheets come from strangers: reading is linear in their size, matching has
a budget, and a page that exceeds it is left out rather than read as if nothing were hidden.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ingest.cache import LeftOutError
from ingest.selectors import Finder

if TYPE_CHECKING:
    from lxml.html import HtmlElement

MOST_BYTES = 8_000_000
_MOST_RULES = 150_000
_WORD = (
    "display|visibility|opacity|font(?:-size)?|(?:max-)?(?:width|height)|overflow(?:-[xy])?|position|left|right|top|"
    "bottom|inset|text-indent|margin-left|clip(?:-path)?|transform|scale|translate|filter|content-visibility|"
    "color|background(?:-color|-image|-clip)?|-webkit-(?:text-fill-color|background-clip)|animation(?:-name)?|--[\\w-]+"
)
PROPERTIES = re.compile(_WORD)
_TELLING = re.compile(rf"(?<![\w-])(?:{_WORD})\s*:", re.IGNORECASE)
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)|<!--|-->", re.DOTALL)
_MARK = re.compile(r"[{};]|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|url\([^()\"']{0,5000}\)", re.DOTALL)
_KEYFRAMES = re.compile(r"@(?:-webkit-)?keyframes\s+([\w-]{1,60})\s*\{", re.IGNORECASE)
_REVEALS = re.compile(r"opacity\s*:\s*(?:1|0?\.[5-9]|[5-9]\d%|100%)|visibility\s*:\s*visible", re.IGNORECASE)
_LONGEST_KEYFRAMES = 400
_GROUPS = ("media", "supports", "layer", "container", "scope", "document", "starting-style")
_LENGTH = re.compile(
    r"\(\s*(min|max)-(?:device-)?width\s*:\s*([\d.]+)(px|r?em)\s*\)|\(\s*width\s*([<>])=?\s*([\d.]+)(px|r?em)\s*\)"
)
_FEATURES = {
    "prefers-color-scheme": "light",
    "prefers-reduced-motion": "no-preference",
    "prefers-contrast": "no-preference",
    "orientation": "landscape",
    "hover": "hover",
    "any-hover": "hover",
    "pointer": "fine",
    "any-pointer": "fine",
    "scripting": "enabled",
    "forced-colors": "none",
}
_FEATURE = re.compile(r"\(\s*([\w-]+)\s*(?::\s*([\w-]+)\s*)?\)")
_DEEPEST = 30
_SCREEN_WIDTH = 1280
_EM = 16

Weight = tuple[bool, bool, bool, tuple[int, int, int], int]
"""Important, outside of a cascade layer, inline, specificity, order: the greatest wins (CSS Cascade 5, 6.1)."""
Values = dict[str, tuple[Weight, str]]


@dataclass(slots=True)
class _Block:
    """An open block of a style sheet."""

    prelude: str
    used: bool
    layered: bool
    own: list[str] = field(default_factory=list)
    is_rule: bool = False


_IGNORED = _Block("", used=False, layered=False)


@dataclass(slots=True)
class Sheets:
    """Rules that may hide text, in the order of the page, and the names of animations that show what is hidden."""

    rules: list[tuple[str, str, bool]] = field(default_factory=list)
    revealing: set[str] = field(default_factory=set)

    def read(self, css: str) -> None:
        """Take the rules of one style sheet. Raises LeftOutError when there are too many of them."""
        css = _COMMENT.sub("", css)
        for found in _KEYFRAMES.finditer(css):
            if _REVEALS.search(css, found.end(), found.end() + _LONGEST_KEYFRAMES):
                self.revealing.add(found[1].lower())
        for rule in _rules(css):
            self.rules.append(rule)
            if len(self.rules) > _MOST_RULES:
                raise LeftOutError(f"more than {_MOST_RULES:,} rules of style decide what a reader sees of it")


def sheets_of(tree: "HtmlElement") -> Sheets:
    """The style elements of a page that hold on a screen. Raises LeftOutError when they are too large."""
    sheets = Sheets()
    size = 0
    for style in tree.iter("style"):
        css = style.text or ""
        size += len(css)
        if size > MOST_BYTES:
            raise LeftOutError(f"its style sheets are larger than {MOST_BYTES:,} characters")
        if media_holds(style.get("media") or ""):
            sheets.read(css)
    return sheets


def _rules(css: str) -> Iterator[tuple[str, str, bool]]:
    """(selectors, declarations, layered) of each rule that holds on a screen and may hide text."""
    open_blocks: list[_Block] = []
    start = 0
    for mark in _MARK.finditer(css):
        sign = mark[0]
        if sign == ";":
            _end_declaration(open_blocks, css[start : mark.end()])
        elif sign == "{":
            open_blocks.append(_opened(css[start : mark.start()].strip(), open_blocks))
        elif sign == "}":
            _end_declaration(open_blocks, css[start : mark.start()])
            if open_blocks and (rule := _closed(open_blocks.pop())):
                yield rule
        else:
            continue
        start = mark.end()
    _end_declaration(open_blocks, css[start:])
    yield from (rule for block in reversed(open_blocks) if (rule := _closed(block)))


def _end_declaration(open_blocks: list[_Block], text: str) -> None:
    if open_blocks and open_blocks[-1].is_rule:
        open_blocks[-1].own.append(text)


def _opened(prelude: str, open_blocks: list[_Block]) -> _Block:
    above = open_blocks[-1] if open_blocks else _Block("", used=True, layered=False)
    if len(open_blocks) > _DEEPEST:
        return _IGNORED
    if not prelude.startswith("@"):
        nested = _nested(above.prelude, prelude) if above.prelude else prelude
        return _Block(nested, above.used, above.layered, is_rule=True)
    name, _, condition = prelude[1:].partition(" ")
    name = name.partition("(")[0].lower()
    condition = condition if "(" not in prelude.partition(" ")[0] else prelude[len(name) + 1 :]
    used = above.used and name in _GROUPS and _holds(name, condition)
    inner = _Block(above.prelude, used, above.layered or name == "layer")
    inner.is_rule = bool(above.prelude)
    return inner


def _closed(block: _Block) -> tuple[str, str, bool] | None:
    declarations = "".join(block.own)
    if not (block.is_rule and block.used and block.prelude and _TELLING.search(declarations)):
        return None
    return block.prelude, declarations, block.layered


def _nested(outer: str, inner: str) -> str:
    """The selector of a nested rule (CSS Nesting 1); of several, deep nesting multiplies none."""
    if len(outer) + len(inner) > 1_000:
        return ""
    group = f":is({outer})" if "," in outer else outer
    parts = (part.strip() for part in split_list(inner))
    return ", ".join(part.replace("&", group) if "&" in part else f"{group} {part}" for part in parts)


def split_list(selectors: str) -> list[str]:
    """A list of selectors at its commas, those in brackets and strings apart."""
    if "(" not in selectors and "[" not in selectors:
        return selectors.split(",")
    parts, depth, start = [], 0, 0
    for mark in re.finditer(r"[(\[]|[)\]]|,|\"[^\"]*\"|'[^']*'", selectors):
        if mark[0] in "([":
            depth += 1
        elif mark[0] in ")]":
            depth -= 1
        elif mark[0] == "," and depth <= 0:
            parts.append(selectors[start : mark.start()])
            start = mark.end()
    return [*parts, selectors[start:]]


def _holds(name: str, condition: str) -> bool:
    if name == "media":
        return media_holds(condition)
    if name == "supports":
        return not condition.strip().lower().startswith("not")
    return name in ("layer", "scope")


def media_holds(query: str) -> bool:
    """Whether a media query holds for a wide light screen with a mouse and scripts; an unknown feature does not."""
    query = query.strip().lower()
    return not query or any(_one_holds(part.strip()) for part in query.split(","))


def _one_holds(query: str) -> bool:
    if query.startswith("not "):
        return not _one_holds(query[4:].strip())
    words = re.sub(r"\([^)]*\)", " ", query).split()
    if any(word not in ("screen", "all", "only", "and", "or") for word in words):
        return False
    checks = [_feature_holds(part) for part in re.findall(r"\([^()]*\)", query)]
    return any(checks) if "or" in words else all(checks)


def _feature_holds(feature: str) -> bool:
    if found := _LENGTH.search(feature):
        bound = found[1] or ("max" if found[4] == "<" else "min")
        size = float(found[2] or found[5]) * (1 if (found[3] or found[6]) == "px" else _EM)
        return size >= _SCREEN_WIDTH if bound == "max" else size <= _SCREEN_WIDTH
    named = _FEATURE.fullmatch(feature)
    known = _FEATURES.get(named[1]) if named else None
    return named is not None and known is not None and (known == named[2] if named[2] else known != "none")


def styled(tree: "HtmlElement", sheets: Sheets) -> dict["HtmlElement", Values]:
    """The declared values of every element that a rule or its own attributes style. Raises LeftOutError over budget."""
    finder = Finder(tree)
    found: dict[HtmlElement, Values] = {}
    parsed: dict[str, list[tuple[str, str, bool]]] = {}
    for order, (selectors, text, layered) in enumerate(sheets.rules):
        for selector in split_list(selectors):
            for element, specificity in finder.matches(selector.strip()):
                if text not in parsed:
                    parsed[text] = list(declarations(text))
                _add(found.setdefault(element, {}), parsed[text], (layered, False, specificity, order))
    for element in tree.iter():
        if isinstance(element.tag, str) and (own := list(_own(element))):
            _add(found.setdefault(element, {}), own, (False, True, (0, 0, 0), 0))
        if isinstance(element.tag, str) and (hints := list(_hints(element))):
            _add(found.setdefault(element, {}), hints, (True, False, (-1, 0, 0), 0))
    return found


def _add(
    values: Values,
    stated: Iterable[tuple[str, str, bool]],
    origin: tuple[bool, bool, tuple[int, int, int], int],
) -> None:
    layered, inline, specificity, order = origin
    for name, value, important in stated:
        weight = (important, layered if important else not layered, inline, specificity, order)
        if name not in values or values[name][0] <= weight:
            values[name] = weight, value


def _own(element: "HtmlElement") -> Iterator[tuple[str, str, bool]]:
    style = element.get("style")
    if style and _TELLING.search(style):
        yield from declarations(style[:100_000])


def _hints(element: "HtmlElement") -> Iterator[tuple[str, str, bool]]:
    """Presentational attributes, as the rendering chapter of HTML maps them."""
    for attribute, name in (("bgcolor", "background-color"), ("color", "color"), ("text", "color")):
        value = element.get(attribute)
        tag = element.tag
        wanted = {"color": ("font",), "text": ("body",)}.get(attribute, (tag,))
        if value and tag in wanted:
            yield from declarations(f"{name}: {value[:40]}")


def declarations(text: str) -> Iterator[tuple[str, str, bool]]:
    """(name, value, important) of the declarations that can hide text and that a browser would accept."""
    import tinycss2

    from ingest.styles import accepted

    for node in tinycss2.parse_blocks_contents(text, skip_comments=True, skip_whitespace=True):
        if node.type != "declaration" or not PROPERTIES.fullmatch(node.lower_name):
            continue
        value = tinycss2.serialize(node.value).strip()
        name = node.name if node.name.startswith("--") else node.lower_name
        for part, given in accepted(name, value, node.value):
            yield part, given, bool(node.important)
