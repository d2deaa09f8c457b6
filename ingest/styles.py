"""What the values of CSS mean for whether text is seen: sizes in pixels, colours as red, green, blue and alpha."""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any

Colour = tuple[float, float, float, float]
"""Red, green, blue and alpha, each 0 to 1."""

_ANYWHERE = frozenset(["inherit", "initial", "unset", "revert", "revert-layer"])
_DISPLAYS = frozenset(
    [
        "none",
        "block",
        "inline",
        "inline-block",
        "flex",
        "inline-flex",
        "grid",
        "inline-grid",
        "flow-root",
        "contents",
        "list-item",
        "run-in",
        "table",
        "inline-table",
        "table-row",
        "table-cell",
        "table-row-group",
        "table-header-group",
        "table-footer-group",
        "table-column",
        "table-column-group",
        "table-caption",
        "ruby",
        "ruby-base",
        "ruby-text",
        "-webkit-box",
        "-webkit-inline-box",
        "-webkit-flex",
        "-ms-flexbox",
        "-moz-box",
        "math",
        "flow",
    ]
)
_WORDS = {
    "display": _DISPLAYS,
    "visibility": frozenset(["visible", "hidden", "collapse"]),
    "position": frozenset(["static", "relative", "absolute", "fixed", "sticky", "-webkit-sticky"]),
    "content-visibility": frozenset(["visible", "hidden", "auto"]),
}
_OVERFLOWS = frozenset(["visible", "hidden", "clip", "scroll", "auto", "overlay"])
_PIXELS = {"px": 1.0, "pt": 4 / 3, "pc": 16.0, "in": 96.0, "cm": 37.8, "mm": 3.78, "q": 0.945, "rem": 16.0}
_OF_SCREEN = {"vw": 12.8, "vh": 7.2, "vmin": 7.2, "vmax": 12.8, "svh": 7.2, "lvh": 7.2, "dvh": 7.2, "svw": 12.8}
_NUMBER = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)([a-z%]*)", re.IGNORECASE)
_SIZE_WORDS = {
    "xx-small": 9.0, "x-small": 10.0, "small": 13.0, "medium": 16.0, "large": 18.0, "x-large": 24.0,
    "xx-large": 32.0, "xxx-large": 48.0, "math": 16.0,
}  # fmt: skip
_LENGTHS = frozenset(
    [
        "font-size",
        "width",
        "height",
        "max-width",
        "max-height",
        "left",
        "right",
        "top",
        "bottom",
        "text-indent",
        "margin-left",
    ]
)
_VAR = re.compile(r"var\(\s*(--[\w-]+)\s*(?:,([^()]*(?:\([^()]*\)[^()]*)*))?\)")
_GRADIENT_COLOUR = re.compile(
    r"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|hwb|lab|lch|oklab|oklch)a?\([^()]*\)|[a-z]+", re.IGNORECASE
)
_DEEPEST_VARIABLE = 5
_D50_TO_D65 = (0.98566, 1.0, 1.31996)
_XYZ_TO_SRGB = ((3.24097, -1.53738, -0.49861), (-0.96924, 1.87597, 0.04156), (0.05563, -0.20398, 1.05697))


def accepted(name: str, value: str, tokens: list[Any]) -> Iterator[tuple[str, str]]:
    """The longhands that a declaration sets; none when a browser would ignore it as invalid."""
    low = value.lower()
    if name.startswith("--") or "var(" in low or low in _ANYWHERE:
        yield _PLAIN.get(name, name), value
    elif name in _WORDS:
        word = low.split()[0] if low else ""
        yield from [(name, word)] if word in _WORDS[name] else ()
    elif name in _LENGTHS:
        yield from [(name, low)] if low in _SIZE_WORDS or low in _KEYWORDS or _is_length(low) else ()
    else:
        reader = _READERS.get(name)
        yield from reader(name, low, tokens) if reader else [(_PLAIN.get(name, name), low)]


_KEYWORDS = frozenset(
    ["auto", "none", "normal", "smaller", "larger", "max-content", "min-content", "fit-content", "stretch"]
)
_PLAIN = {"-webkit-background-clip": "background-clip", "animation": "animation-name"}


def first_length(value: str) -> str:
    """The first of several lengths, with the brackets of its function."""
    return value if "(" in value else value.partition(" ")[0]


def _is_length(value: str) -> bool:
    return pixels(first_length(value), 16, 100) is not None


def _read_colour(name: str, value: str, _tokens: list[Any]) -> Iterator[tuple[str, str]]:
    if value == "currentcolor" or colour(value) is not None:
        yield name, value


def _read_background(_name: str, value: str, tokens: list[Any]) -> Iterator[tuple[str, str]]:
    """The colour and the image of the shorthand; one without a colour sets it to transparent."""
    import tinycss2

    found = "transparent"
    for token in tokens:
        text = tinycss2.serialize([token]).strip()
        if text and text != "/" and colour(text) is not None:
            found = text
    yield "background-color", found.lower()
    yield "background-image", value if "(" in value and ("gradient(" in value or "url(" in value) else "none"
    if re.search(r"(?<![\w-])text(?![\w-])", value):
        yield "background-clip", "text"


def _read_font(_name: str, value: str, _tokens: list[Any]) -> Iterator[tuple[str, str]]:
    """The size in the shorthand: its first length, or a size word; weights are no lengths, zero is."""
    for part in re.split(r"[\s/]+", value):
        if part in _SIZE_WORDS or part == "0" or (pixels(part, 16, 16) is not None and not part.isdigit()):
            yield "font-size", part
            return


def _read_overflow(_name: str, value: str, _tokens: list[Any]) -> Iterator[tuple[str, str]]:
    words = value.split()
    if words and all(word in _OVERFLOWS for word in words):
        yield "overflow", "hidden" if words[0] in ("hidden", "clip") else words[0]


def _read_inset(_name: str, value: str, _tokens: list[Any]) -> Iterator[tuple[str, str]]:
    parts = value.split()
    if parts and all(_is_length(part) or part == "auto" for part in parts):
        sides = dict(zip(("top", "right", "bottom", "left"), (parts * 4)[:4], strict=True))
        if len(parts) == 3:
            sides |= {"bottom": parts[2], "left": parts[1]}
        yield from sides.items()


def _read_share(name: str, value: str, _tokens: list[Any]) -> Iterator[tuple[str, str]]:
    if share(value) is not None:
        yield name, value


_READERS: dict[str, Callable[[str, str, list[Any]], Iterator[tuple[str, str]]]] = {
    "color": _read_colour,
    "background-color": _read_colour,
    "-webkit-text-fill-color": _read_colour,
    "background": _read_background,
    "font": _read_font,
    "overflow": _read_overflow,
    "overflow-x": _read_overflow,
    "overflow-y": _read_overflow,
    "inset": _read_inset,
    "opacity": _read_share,
}


@lru_cache(maxsize=4096)
def colour(value: str) -> Colour | None:
    """A colour in any syntax of CSS Color 4 or 5 that tinycss2 reads, in sRGB; None for what is none."""
    import tinycss2.color4
    import tinycss2.color5

    if len(value) > 200 or value == "currentcolor":
        return None
    for module in (tinycss2.color4, tinycss2.color5):
        try:
            found = module.parse_color(value)
        except (ValueError, TypeError, AttributeError, ZeroDivisionError, OverflowError):
            continue
        if found is not None and found != "currentcolor":
            return _in_srgb(found)
    return None


def _in_srgb(found: Any) -> Colour | None:
    """Any space in sRGB; those of wide gamut, which differ little in what looks alike, are taken as they stand."""
    space = str(found.space)
    if space in ("srgb", "hsl", "hwb"):
        parts = found.to("srgb").coordinates
    elif space in ("lab", "lch"):
        white = zip(found.to("xyz-d50").coordinates, _D50_TO_D65, strict=True)
        parts = _from_xyz([part * factor for part, factor in white])
    elif space in ("oklab", "oklch", "xyz", "xyz-d65"):
        parts = _from_xyz(found.to("xyz-d65").coordinates)
    else:
        parts = found.coordinates
    red, green, blue, alpha = (min(max(float(part or 0), 0.0), 1.0) for part in (*parts, found.alpha))
    return red, green, blue, alpha


def _from_xyz(xyz: Iterable[float]) -> list[float]:
    """CIE XYZ (D65) in sRGB (IEC 61966-2-1)."""
    whole = list(xyz)
    linear = (sum(factor * part for factor, part in zip(row, whole, strict=True)) for row in _XYZ_TO_SRGB)
    return [12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055 for part in linear]


def gradient_colours(value: str) -> list[Colour] | None:
    """The colours of the gradients in a background image; None when it holds a picture, which nobody can tell here."""
    if "url(" in value or "image-set(" in value:
        return None
    words = (colour(match[0].lower()) for match in _GRADIENT_COLOUR.finditer(value[:2_000]))
    return [found for found in words if found is not None]


def pixels(value: str, em: float, whole: float) -> float | None:
    """A length in pixels; `em` is the size of the font, `whole` what a percentage is of. None for what is no length."""
    value = value.strip().lower()
    if value.startswith(("calc(", "min(", "max(", "clamp(")):
        return _calculated(value, em, whole)
    match = _NUMBER.fullmatch(value)
    if match is None:
        return None
    number, unit = float(match[1]), match[2]
    if unit in ("em", "ex", "ch", "lh", "ic", "cap"):
        return number * em * (1 if unit == "em" else 0.5)
    if unit == "%":
        return number * whole / 100
    if not unit:
        return number if number == 0 else None
    factor = _PIXELS.get(unit) or _OF_SCREEN.get(unit)
    return None if factor is None else number * factor


def _calculated(value: str, em: float, whole: float) -> float | None:
    """A sum or product of lengths (CSS Values 4, 10) of one level; None for what is more involved."""
    inner = value[value.index("(") + 1 : -1]
    if "(" in inner:
        return None
    if not value.startswith("calc("):
        found = [pixels(part, em, whole) for part in inner.split(",")]
        sizes = [size for size in found if size is not None]
        if len(sizes) != len(found) or not sizes:
            return None
        return {"min": min(sizes), "max": max(sizes)}.get(value[:3], sorted(sizes)[len(sizes) // 2])
    total, sign = 0.0, 1.0
    for part in inner.split():
        if part in ("+", "-"):
            sign = 1.0 if part == "+" else -1.0
            continue
        size = _product(part, em, whole)
        if size is None:
            return None
        total += sign * size
    return total


def _product(part: str, em: float, whole: float) -> float | None:
    result = 1.0
    for factor in part.split("*"):
        plain = _NUMBER.fullmatch(factor)
        size = float(plain[1]) if plain and not plain[2] else pixels(factor, em, whole)
        if size is None:
            return None
        result *= size
    return result


def share(value: str) -> float | None:
    """A number or percentage as in `opacity`."""
    match = _NUMBER.fullmatch(value.strip().lower())
    if match is None or match[2] not in ("", "%"):
        return None
    return float(match[1]) / (100 if match[2] else 1)


def font_size(value: str, inherited: float) -> float | None:
    """A font size in pixels, of one that is inherited."""
    value = value.strip().lower()
    if value in ("smaller", "larger"):
        return inherited * (1.2 if value == "larger" else 1 / 1.2)
    if value in _SIZE_WORDS:
        return _SIZE_WORDS[value]
    return pixels(value, inherited, inherited)


def resolved(value: str, variables: dict[str, str]) -> str | None:
    """The value with its `var()` put in (CSS Variables 1); None when one has neither a value nor a fallback."""
    for _ in range(_DEEPEST_VARIABLE):
        if "var(" not in value:
            return value.strip().lower()
        missing = False

        def put_in(match: re.Match[str]) -> str:
            nonlocal missing
            found = variables.get(match[1], match[2])
            missing = missing or found is None
            return (found or "")[:500]

        value = _VAR.sub(put_in, value)[:2_000]
        if missing:
            return None
    return None
