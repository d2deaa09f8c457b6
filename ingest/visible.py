"""Remove from a page what its reader cannot see, before anything is read from it.

Hidden are attributes (`hidden`, `aria-hidden`), elements that no browser shows, and whatever the page's own styles take
out of sight: not displayed, transparent, too small, clipped away, moved off the screen, or in the colour of its
background. What external style sheets say is not known here.
"""

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from ingest.styles import Colour, colour, first_length, font_size, gradient_colours, pixels, resolved, share
from ingest.stylesheets import Values, sheets_of, styled

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_NEVER_SHOWN = (
    "script", "style", "template", "noscript", "noframes", "noembed", "datalist", "object", "iframe", "video", "audio",
    "canvas", "svg",
)  # fmt: skip
_WHOLE_PAGE = frozenset({"html", "body"})
_OFF = 900.0
_SMALLEST_FONT = 2.0
_FAINTEST = 0.1
_ALIKE = 0.125
_WHITE: Colour = (1.0, 1.0, 1.0, 1.0)
_BLACK: Colour = (0.0, 0.0, 0.0, 1.0)
_LINK: Colour = (0.0, 0.0, 0.93, 1.0)
_MARKED: Colour = (1.0, 1.0, 0.0, 1.0)
_TRANSPARENT: Colour = (0.0, 0.0, 0.0, 0.0)
_CLIP_RECT = re.compile(r"rect\(([^)]*)\)")
_INSET = re.compile(r"inset\(([^)]*?)(?:\sround\s[^)]*)?\)")
_ROUND = re.compile(r"(?:circle|ellipse)\(\s*([\d.]+[a-z%]*)")
_POLYGON = re.compile(r"polygon\(([^)]*)\)")
_MOVE = re.compile(r"translate(?:3d|x|y)?\(([^()]*)\)")
_SCALE = re.compile(r"scale(?:3d|x|y|z)?\(([^()]*)\)")
_MATRIX = re.compile(r"matrix\(([^()]*)\)")
_FILTER = re.compile(r"opacity\(([^()]*)\)")
_NO_PROSE = frozenset({"nav", "header", "footer", "aside", "form", "button", "a", "head", "select", "textarea"})
_NO_ARTICLE = 200
_LONG_TEXT = 1_000
_TIMES = 10
_UNSEEN = re.compile(
    "[\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b\\u200e\\u200f\\u202a-\\u202e\\u2060-\\u206f"
    "\\u3164\\ufeff\\uffa0\\ufff9-\\ufffb\\U0001bca0-\\U0001bca3\\U0001d173-\\U0001d17a\\U000e0000-\\U000e0fff]"
    "|[\\u200c\\u200d]{2,}|(?<=[\\x00-\\x7f])[\\u200c\\u200d]|[\\u200c\\u200d](?=[\\x00-\\x7f])|\\ufe0f{2,}"
)


def without_unseen(text: str) -> str:
    """The text without signs that take no room: zero-width and direction marks, tags, soft hyphens, runs of joiners.

    A joiner within a word of an Indic or Arabic script, or within an emoji, stays: there it changes what is seen.
    """
    return text if text.isascii() else _UNSEEN.sub("", text)


@dataclass(frozen=True, slots=True)
class Look:
    """How an element's own text is seen; None for a background that cannot be known, as under a picture."""

    shown: bool = True
    font: float = 16.0
    opacity: float = 1.0
    ink: Colour = _BLACK
    paper: Colour | None = _WHITE
    indent: float = 0.0
    clipped_to_text: bool = False
    variables: tuple[tuple[str, str], ...] = ()
    animations: frozenset[str] = frozenset()

    @property
    def legible(self) -> bool:
        """Whether text in this look can be seen, as far as inherited properties say."""
        return self.shown and self.font >= _SMALLEST_FONT and self.indent > -_OFF / 3 and not self.inkless

    @property
    def inkless(self) -> bool:
        """Whether the text has no colour of its own, or nearly that of what lies behind it."""
        if self.clipped_to_text:
            return False
        return _unreadable(self.ink, self.paper)


@lru_cache(maxsize=4096)
def _unreadable(ink: Colour, paper: Colour | None) -> bool:
    return ink[3] <= _FAINTEST or (paper is not None and _distance(_over(ink, paper), paper) < _ALIKE)


def _over(ink: Colour, paper: Colour) -> Colour:
    red, green, blue = (ink[3] * top + (1 - ink[3]) * below for top, below in zip(ink[:3], paper[:3], strict=True))
    return red, green, blue, 1.0


def _distance(one: Colour, other: Colour) -> float:
    return float(sum((a - b) ** 2 for a, b in zip(one[:3], other[:3], strict=True)) ** 0.5)


def drop_unseen(tree: "HtmlElement") -> str:
    """Take out of a page what its reader cannot see; the note to keep with it, empty as a rule.

    What a click would open (tabs, "read more") goes too where the page's own styles hide it: on 181 real pages no
    marked part of an article was lost that way. A page that hides one long text and shows none fades it in by a
    script: that text stays, and the note says so. Raises LeftOutError for styles too large or too involved to judge.
    """
    from lxml import etree

    etree.strip_elements(tree, etree.Comment, etree.ProcessingInstruction, with_tail=False)
    sheets = sheets_of(tree)
    styles = styled(tree, sheets)
    etree.strip_elements(tree, *_NEVER_SHOWN, with_tail=False)
    first = Look(animations=frozenset(sheets.revealing))
    walk = _Walk(styles)
    walk.through(tree, first)
    faded = walk.faded_in()
    if faded:
        walk = _Walk(styles, faded)
        walk.through(tree, first)
    walk.remove()
    return "The page's styles hide this text until a script shows it." if faded else ""


class _Walk:
    """One pass in document order: which elements go whole, and which only lose their own text.

    `faded` are elements whose own hiding is passed over.
    """

    def __init__(self, styles: dict["HtmlElement", Values], faded: frozenset["HtmlElement"] = frozenset()) -> None:
        self._styles = styles
        self._faded = faded
        self.hidden: list[HtmlElement] = []
        self.illegible: list[HtmlElement] = []
        self._shown = 0

    def through(self, tree: "HtmlElement", first: Look) -> None:
        """Look at every element once; no recursion, since pages nest as deep as they like."""
        stack: list[tuple[HtmlElement, Look, bool]] = [(tree, first, True)]
        while stack:
            element, above, prose = stack.pop()
            look = above if element in self._faded else self._look(element, above)
            if look is None:
                self.hidden.append(element)
                continue
            prose = prose and element.tag not in _NO_PROSE
            if not look.legible:
                self.illegible.append(element)
            elif prose:
                self._shown += _own_length(element)
            stack.extend((child, look, prose) for child in element)

    def _look(self, element: "HtmlElement", above: Look) -> Look | None:
        """The look of an element, None when nothing in it can be seen."""
        values = self._styles.get(element)
        if element.tag in _WHOLE_PAGE:
            return _of_page(_look_of(element, values, above)) if values else above
        if element.get("aria-hidden", "").strip().lower() == "true":
            return None
        if values is None:
            return None if _hidden_by_tag(element) else _plain_look(element, above)
        look = _look_of(element, values, above)
        said = _Said(values, look)
        if said.get("display") == "none" or (_hidden_by_tag(element) and not said.get("display")):
            return None
        return None if look.opacity <= _FAINTEST or _out_of_sight(said) else look

    def faded_in(self) -> frozenset["HtmlElement"]:
        """The hidden elements around one long text of a page that shows none."""
        if self._shown > _NO_ARTICLE:
            return frozenset()
        around = [element for element in self.hidden if _prose_length(element) > _NO_ARTICLE]
        silent = {element for element in self.illegible if element.tag not in _WHOLE_PAGE}
        roots = [element for element in silent if element.getparent() not in silent]
        around += [element for element in roots if _prose_length(element) > _NO_ARTICLE]
        longest = max(around, key=_prose_length, default=None)
        if longest is None or _prose_length(longest) < max(_LONG_TEXT, _TIMES * self._shown):
            return frozenset()
        return frozenset({longest})

    def remove(self) -> None:
        """Take the hidden parts out; what stands behind them stays."""
        for element in self.hidden:
            _detach(element)
        for element in self.illegible:
            _silence(element)


def _of_page(look: Look) -> Look:
    """A page whose body is not seen is still loading; one in the colour of its paper has its paper from elsewhere."""
    look = replace(look, shown=True, opacity=1.0, indent=0.0, font=max(look.font, _SMALLEST_FONT))
    return replace(look, paper=None) if look.inkless and look.ink[3] > _FAINTEST else look


def _own_length(element: "HtmlElement") -> int:
    return len((element.text or "").strip()) + sum(len((child.tail or "").strip()) for child in element)


def _prose_length(element: "HtmlElement") -> int:
    """Characters in the paragraphs, items and headings of an element."""
    return sum(len(part.text_content().strip()) for part in element.iter("p", "li", "h2", "h3", "pre", "td"))


def _detach(element: "HtmlElement") -> None:
    if element.getparent() is not None:
        element.drop_tree()


def _silence(element: "HtmlElement") -> None:
    element.text = None
    for child in element:
        child.tail = None


def _hidden_by_tag(element: "HtmlElement") -> bool:
    """What the style sheet of every browser hides (HTML, 15.3.1)."""
    return element.get("hidden") is not None or (element.tag == "dialog" and element.get("open") is None)


def _plain_look(element: "HtmlElement", above: Look) -> Look:
    if element.tag == "a" and element.get("href") is not None and above.ink != _LINK:
        return replace(above, ink=_LINK)
    if element.tag == "mark":
        return replace(above, ink=_BLACK, paper=_MARKED)
    return above


class _Said:
    """The values of one element, with variables put in; empty where it says nothing."""

    def __init__(self, values: Values, look: Look) -> None:
        self._values = values
        self._variables = dict(look.variables)
        self._em = look.font

    def get(self, name: str) -> str:
        if name not in self._values:
            return ""
        value = resolved(self._values[name][1], self._variables) or ""
        return "" if value in ("initial", "unset", "revert", "revert-layer", "inherit") else value

    def inherits(self, name: str) -> bool:
        return name in self._values and self._values[name][1].strip().lower() in ("inherit", "unset")

    def size(self, name: str, whole: float = 1280.0) -> float | None:
        value = self.get(name)
        return pixels(first_length(value), self._em, whole) if value else None


def _look_of(element: "HtmlElement", values: Values, above: Look) -> Look:
    look = _plain_look(element, above)
    own = {name: value for name, (_, value) in values.items() if name.startswith("--")}
    if own:
        look = replace(look, variables=tuple((dict(look.variables) | own).items()))
    said = _Said(values, look)
    size = font_size(said.get("font-size"), above.font) if said.get("font-size") else None
    visibility = said.get("visibility")
    faded_in = _faded_in(said, look)
    faint = None if faded_in else share(said.get("opacity"))
    paper = _paper(said, look)
    return replace(
        look,
        shown=visibility == "visible" or faded_in if visibility else above.shown,
        font=above.font if size is None else size,
        opacity=above.opacity * (1.0 if faint is None else faint) * _filtered(said),
        indent=_indent(said, above),
        ink=_ink(said, "-webkit-text-fill-color", above) or _ink(said, "color", above) or look.ink,
        paper=paper,
        clipped_to_text=said.get("background-clip") == "text"
        or (above.clipped_to_text and not said.get("background-clip")),
    )


def _faded_in(said: _Said, look: Look) -> bool:
    """Whether an animation that the page defines shows what begins unseen."""
    return bool(look.animations.intersection(re.findall(r"[\w-]+", said.get("animation-name"))))


def _filtered(said: _Said) -> float:
    found = _FILTER.search(said.get("filter"))
    amount = share(found[1]) if found else None
    return 1.0 if amount is None else amount


def _indent(said: _Said, above: Look) -> float:
    size = said.size("text-indent")
    return above.indent if size is None else size


def _paper(said: _Said, look: Look) -> Colour | None:
    """What lies behind the text; a gradient of one colour is that colour, a picture cannot be known."""
    paper = look.paper
    stated = colour(said.get("background-color")) if said.get("background-color") else None
    if stated is not None and stated[3] > 0:
        paper = stated if stated[3] == 1 else _over(stated, paper) if paper else None
    image = said.get("background-image")
    if image in ("", "none"):
        return paper
    shades = gradient_colours(image) or []
    alike = all(_distance(shade, shades[0]) < _ALIKE for shade in shades)
    return shades[0] if shades and alike and shades[0][3] == 1 else None


def _ink(said: _Said, name: str, above: Look) -> Colour | None:
    value = said.get(name)
    if said.inherits(name) or value == "currentcolor":
        return above.ink
    return colour(value) if value else None


def _out_of_sight(said: _Said) -> bool:
    """Whether an element's box is moved away, clipped or shrunk to nothing."""
    tests = (_moved, _clipped, _shrunk, _transformed)
    return said.get("content-visibility") == "hidden" or any(test(said) for test in tests)


def _moved(said: _Said) -> bool:
    if (margin := said.size("margin-left")) is not None and margin <= -_OFF:
        return True
    if said.get("position") not in ("absolute", "fixed", "relative"):
        return False
    sides = {
        side: said.size(side, 1280 if side in ("left", "right") else 720) for side in ("left", "right", "top", "bottom")
    }
    far = [size for size in sides.values() if size is not None and size <= -_OFF]
    away = [size for side, size in sides.items() if side in ("left", "right") and size is not None and size >= 4 * _OFF]
    gone = said.get("position") == "fixed" and any(sides[side] == 720 for side in ("top", "bottom"))
    whole = any(
        size is not None and size <= -limit
        for side, size in sides.items()
        if (limit := 720.0 if side in ("top", "bottom") else 1280.0)
    )
    return bool(far or away or gone or whole)


def _clipped(said: _Said) -> bool:
    rect = _CLIP_RECT.search(said.get("clip"))
    if rect and said.get("position") in ("absolute", "fixed"):
        top, right, bottom, left = (
            [pixels(part, 16, 1) for part in re.split(r"[\s,]+", rect[1].strip())] + [None] * 4
        )[:4]
        if top is not None and bottom is not None and bottom - top <= 1:
            return True
        if left is not None and right is not None and right - left <= 1:
            return True
    path = said.get("clip-path")
    if inset := _INSET.search(path):
        parts = [pixels(part, 16, 100) for part in inset[1].split()]
        percent = "%" in inset[1] or any(part is not None and part > _OFF for part in parts)
        across = [parts[0], parts[2 % len(parts)] if len(parts) > 2 else parts[0]] if parts else []
        along = [parts[1], parts[3 if len(parts) > 3 else 1]] if len(parts) > 1 else across
        return percent and any(sum(part or 0 for part in pair) >= 99 for pair in (across, along))
    if (disc := _ROUND.search(path)) and (size := pixels(disc[1], 16, 100)) is not None:
        return size < 1
    corners = _POLYGON.search(path)
    return bool(corners) and len({" ".join(part.split()) for part in corners[1].split(",")}) == 1 if corners else False


def _shrunk(said: _Said) -> bool:
    """A box of no size hides what runs over only when it is told to."""
    if said.get("overflow") != "hidden":
        return False
    sizes = (said.size(name) for name in ("width", "height", "max-width", "max-height"))
    return any(size is not None and size <= 1 for size in sizes)


def _transformed(said: _Said) -> bool:
    transform = f"{said.get('transform')} {_as_function('scale', said)} {_as_function('translate', said)}"
    for found in _SCALE.finditer(transform):
        if any((amount := share(part)) is not None and abs(amount) < 0.02 for part in found[1].split(",")):
            return True
    for found in _MOVE.finditer(transform):
        moves = (pixels(part, 16, 100) for part in found[1].split(","))
        if any(move is not None and abs(move) >= _OFF for move in moves):
            return True
    matrix = _MATRIX.search(transform)
    parts = [share(part) for part in matrix[1].split(",")] if matrix else []
    return len(parts) == 6 and (parts[0] == parts[1] == 0 or parts[2] == parts[3] == 0)


def _as_function(name: str, said: _Said) -> str:
    value = said.get(name)
    return f"{name}({','.join(value.split())})" if value and value != "none" else ""
