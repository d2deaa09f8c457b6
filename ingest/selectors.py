"""Which elements of a page a selector matches, by an index over ids, classes and names, within a budget of steps."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from ingest.cache import LeftOutError

if TYPE_CHECKING:
    from lxml.html import HtmlElement

Specificity = tuple[int, int, int]
_MOST_STEPS = 1_000_000
_LONGEST = 1_000
_NAMES = re.compile(r"([.#])((?:[\w-]|[^\x00-\x7f])+)")
_FALLS_BACK = "()[]\\"


class Finder:
    """Matches selectors against one page. Raises LeftOutError when that takes more steps than any honest page needs."""

    def __init__(self, tree: "HtmlElement") -> None:
        self._by: dict[str, list[HtmlElement]] = {}
        self._steps = 0
        self._place: dict[HtmlElement, tuple[int, int, int, int]] = {}
        self._tests: dict[str, Callable[[Any, HtmlElement], bool]] = {
            "Element": self._is_element,
            "Class": self._is_class,
            "Hash": self._is_hash,
            "Attrib": self._is_attrib,
            "Negation": self._is_negation,
            "Matching": self._is_matching,
            "SpecificityAdjustment": self._is_matching,
            "Pseudo": self._is_pseudo,
            "Function": self._is_function,
            "CombinedSelector": self._is_combined,
        }
        self._known: dict[str, list[tuple[HtmlElement, Specificity]]] = {}
        for element in tree.iter():
            if isinstance(element.tag, str):
                for key in _keys(element):
                    self._by.setdefault(key, []).append(element)

    def matches(self, selector: str) -> list[tuple["HtmlElement", Specificity]]:
        """The elements that one selector (no list) matches, each with its specificity; none when it is not valid."""
        if selector not in self._known:
            self._known[selector] = list(self._matches(selector)) if self._can_match(selector) else []
        found = self._known[selector]
        self._spend(len(found))
        return found

    def _can_match(self, selector: str) -> bool:
        """Whether every class and id that the selector names is in the page."""
        self._spend(1)
        if not selector or len(selector) > _LONGEST or "::" in selector:
            return False
        if any(sign in selector for sign in _FALLS_BACK):
            return True
        return all(f"{sign}{name}" in self._by for sign, name in _NAMES.findall(selector))

    def _spend(self, steps: int) -> None:
        self._steps += steps
        if self._steps > _MOST_STEPS:
            raise LeftOutError("its style is too involved to tell what a reader sees of it")

    def _matches(self, selector: str) -> Iterator[tuple["HtmlElement", Specificity]]:
        from cssselect.parser import SelectorError, parse

        try:
            parsed = parse(selector)
        except (SelectorError, RecursionError):
            return
        for one in parsed:
            if one.pseudo_element is not None:
                continue
            try:
                yield from ((element, one.specificity()) for element in self._found(one.parsed_tree))
            except RecursionError:
                continue

    def _found(self, node: Any) -> Iterable["HtmlElement"]:
        return [element for element in self._candidates(node) if self._is(node, element)]

    def _candidates(self, node: Any) -> list["HtmlElement"]:
        """The fewest elements that the rightmost part of a selector leaves."""
        found: list[HtmlElement] | None = None
        while node is not None:
            kind = type(node).__name__
            if kind == "CombinedSelector":
                node = node.subselector
                continue
            key = _key_of(node, kind)
            if key:
                here = self._by.get(key, [])
                found = here if found is None or len(here) < len(found) else found
            node = getattr(node, "selector", None)
        return self._by.get("*", []) if found is None else found

    def _is(self, node: Any, element: "HtmlElement") -> bool:
        self._steps += 1
        if self._steps > _MOST_STEPS:
            self._spend(1)
        test = self._tests.get(type(node).__name__)
        return test is not None and test(node, element)

    def _is_element(self, node: Any, element: "HtmlElement") -> bool:
        return bool(node.element is None or node.element == "*" or element.tag == node.element.lower())

    def _is_class(self, node: Any, element: "HtmlElement") -> bool:
        return node.class_name in (element.get("class") or "").split() and self._is(node.selector, element)

    def _is_hash(self, node: Any, element: "HtmlElement") -> bool:
        return bool(element.get("id") == node.id) and self._is(node.selector, element)

    def _is_attrib(self, node: Any, element: "HtmlElement") -> bool:
        have = element.get(node.attrib.lower())
        if have is None:
            return False
        return _compares(node.operator, have, str(node.value.value) if node.value else "") and self._is(
            node.selector, element
        )

    def _is_negation(self, node: Any, element: "HtmlElement") -> bool:
        return self._is(node.selector, element) and not self._is(node.subselector, element)

    def _is_matching(self, node: Any, element: "HtmlElement") -> bool:
        return self._is(node.selector, element) and any(self._is(one, element) for one in node.selector_list)

    def _is_pseudo(self, node: Any, element: "HtmlElement") -> bool:
        """Where an element stands, or what it is; states that come with the mouse and the keyboard match nothing."""
        if not self._is(node.selector, element):
            return False
        if node.ident in _AT_AN_END:
            places = self._places(element)
            return all(places[end] == 1 for end in _AT_AN_END[node.ident])
        known: dict[str, Callable[[], bool]] = {
            "root": lambda: element.getparent() is None,
            "link": lambda: element.tag == "a" and element.get("href") is not None,
            "any-link": lambda: element.tag == "a" and element.get("href") is not None,
            "empty": lambda: len(element) == 0 and not element.text,
            "checked": lambda: element.get("checked") is not None or element.get("selected") is not None,
        }
        return known.get(node.ident, lambda: False)()

    def _is_combined(self, node: Any, element: "HtmlElement") -> bool:
        if not self._is(node.subselector, element):
            return False
        if node.combinator == ">":
            above = element.getparent()
            return above is not None and self._is(node.selector, above)
        if node.combinator == "+":
            before = _before(element)
            return before is not None and self._is(node.selector, before)
        axis = element.iterancestors() if node.combinator == " " else element.itersiblings(preceding=True)
        return any(isinstance(other.tag, str) and self._is(node.selector, other) for other in axis)

    def _is_function(self, node: Any, element: "HtmlElement") -> bool:
        """`:nth-child(2n+1)` and its like."""
        from cssselect import parser

        parse_series: Callable[[Any], tuple[int, int]] = parser.parse_series
        counted = _COUNTED.get(node.name.lower())
        if counted is None or not self._is(node.selector, element):
            return False
        try:
            step, first = parse_series(node.arguments)
        except ValueError:
            return False
        beyond = self._places(element)[counted] - first
        return beyond == 0 if step == 0 else beyond % step == 0 and beyond // step >= 0

    def _places(self, element: "HtmlElement") -> tuple[int, int, int, int]:
        """Where an element stands among its siblings: from the first and the last, of all and of its name; from 1."""
        if element not in self._place:
            parent = element.getparent()
            family = [one for one in parent if isinstance(one.tag, str)] if parent is not None else [element]
            self._spend(len(family))
            of_name: dict[str, int] = {}
            for number, one in enumerate(family, 1):
                of_name[one.tag] = of_name.get(one.tag, 0) + 1
                self._place[one] = number, len(family) + 1 - number, of_name[one.tag], 0
            for one in family:
                first, last, nth, _ = self._place[one]
                self._place[one] = first, last, nth, of_name[one.tag] + 1 - nth
        return self._place[element]


_COUNTED = {"nth-child": 0, "nth-last-child": 1, "nth-of-type": 2, "nth-last-of-type": 3}
_AT_AN_END = {
    "first-child": (0,), "last-child": (1,), "only-child": (0, 1),
    "first-of-type": (2,), "last-of-type": (3,), "only-of-type": (2, 3),
}  # fmt: skip


def _key_of(node: Any, kind: str) -> str:
    """Where the index keeps what a simple selector may match; "" for those that it does not tell."""
    if kind == "Class":
        return f".{node.class_name}"
    if kind == "Hash":
        return f"#{node.id}"
    return (node.element or "*").lower() if kind == "Element" else ""


def _keys(element: "HtmlElement") -> Iterator[str]:
    yield "*"
    yield element.tag
    if name := element.get("id"):
        yield f"#{name}"
    for name in (element.get("class") or "").split():
        yield f".{name}"


def _before(element: "HtmlElement") -> "HtmlElement | None":
    found = element.getprevious()
    while found is not None and not isinstance(found.tag, str):
        found = found.getprevious()
    return found


def _compares(operator: str, have: str, wanted: str) -> bool:
    if operator == "exists":
        return True
    if operator == "=":
        return have == wanted
    if not wanted:
        return False
    return {
        "~=": lambda: wanted in have.split(),
        "|=": lambda: have == wanted or have.startswith(f"{wanted}-"),
        "^=": lambda: have.startswith(wanted),
        "$=": lambda: have.endswith(wanted),
        "*=": lambda: wanted in have,
    }.get(operator, lambda: False)()
