"""What a reader cannot see of a page is not read; what they can see is."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ingest.cache import LeftOutError
from ingest.visible import drop_unseen, without_unseen

UNSEEN = "Unseen words."
SHOWN = "Shown words."
LONG = "".join(f"<p>They asked me about topic {number}, and I told them what I had done.</p>" for number in range(30))


def read(body: str, style: str = "") -> tuple[str, str]:
    """The words that are left of a page, and the note."""
    import trafilatura

    head = f"<title>T</title><style>{style}</style>" if style else "<title>T</title>"
    tree: Any = trafilatura.load_html(f"<!doctype html><html><head>{head}</head><body>{body}</body></html>")
    note = drop_unseen(tree)
    return " ".join(tree.find("body").text_content().split()), note


def styled(*declarations: str) -> Iterator[str]:
    yield from (f'<p style="{declaration}">{UNSEEN}</p><p>{SHOWN}</p>' for declaration in declarations)


@pytest.mark.parametrize(
    "body",
    [
        f"<p hidden>{UNSEEN}</p>",
        f'<p aria-hidden="true">{UNSEEN}</p>',
        f"<!-- {UNSEEN} -->",
        f"<template><p>{UNSEEN}</p></template>",
        f"<noscript><p>{UNSEEN}</p></noscript>",
        f"<dialog>{UNSEEN}</dialog>",
        f"<svg><title>{UNSEEN}</title><text>{UNSEEN}</text></svg>",
        f"<object>{UNSEEN}</object><iframe>{UNSEEN}</iframe><video>{UNSEEN}</video>",
        f'<div style="display:none"><div><p>{UNSEEN}</p></div></div>',
        f'<div style="opacity:.3"><div style="opacity:.3">{UNSEEN}</div></div>',
        f'<font color="white">{UNSEEN}</font>',
        f'<table bgcolor="black"><tr><td><font color="#000">{UNSEEN}</font></td></tr></table>',
        f'<div style="background:#123456"><p style="color:#133557">{UNSEEN}</p></div>',
        f'<div style="--ink:#fff"><p style="color:var(--ink)">{UNSEEN}</p></div>',
        f'<img alt="{UNSEEN}" title="{UNSEEN}"><a title="{UNSEEN}" href="x"></a>',
    ],
)
def test_what_a_page_hides_is_dropped(body: str) -> None:
    assert read(f"{body}<p>{SHOWN}</p>") == (SHOWN, "")


@pytest.mark.parametrize(
    "declaration",
    [
        "display:none", "DISPLAY : NONE !important", "display:none;display:nonsense", "visibility:hidden",
        "visibility:collapse", "content-visibility:hidden", "opacity:0", "opacity:.01", "opacity:1%",
        "filter:opacity(0)", "font-size:0", "font-size:1px", "font-size:.01em", "font-size:calc(2px - 1px)",
        "font:0/0 serif", "height:0;overflow:hidden", "width:0;overflow:hidden", "max-height:0;overflow:hidden",
        "max-width:1px;overflow:clip", "position:absolute;left:-9999px", "position:fixed;top:-200vh",
        "position:absolute;left:-200%", "position:absolute;inset:auto auto auto -99em", "margin-left:-9999px",
        "text-indent:-9999px", "position:absolute;clip:rect(0,0,0,0)", "position:absolute;clip:rect(1px 1px 1px 1px)",
        "clip-path:inset(50%)", "clip-path:inset(100%)", "clip-path:circle(0)", "clip-path:polygon(0 0,0 0,0 0)",
        "transform:scale(0)", "transform:translateX(-9999px)", "transform:translate(0, 10000px)", "scale:0",
        "transform:matrix(0,0,0,0,0,0)", "color:white", "color:#fefefe", "color:rgb(255 255 255)",
        "color:rgba(0,0,0,.02)", "color:hsl(0 0% 100%)", "color:hwb(0 100% 0)", "color:lab(100% 0 0)",
        "color:lch(100% 0 0)", "color:oklab(1 0 0)", "color:oklch(1 0 0)", "color:color(srgb 1 1 1)",
        "color:transparent", "-webkit-text-fill-color:transparent", "color:#fff;background:linear-gradient(#fff,white)",
        "color:var(--none, #fff)",
    ],
)  # fmt: skip
def test_an_inline_style_may_take_text_out_of_sight(declaration: str) -> None:
    (body,) = styled(declaration)
    assert read(body)[0] == SHOWN


@pytest.mark.parametrize(
    "body",
    [
        f"<details><summary>Shown</summary><p>{SHOWN}</p></details>",
        f"<dialog open>{SHOWN}</dialog>",
        f'<p hidden style="display:block">{SHOWN}</p>',
        f'<p style="display:none;display:block">{SHOWN}</p>',
        f'<div style="visibility:hidden"><p style="visibility:visible">{SHOWN}</p></div>',
        f'<div style="font-size:0"><p style="font-size:16px">{SHOWN}</p></div>',
        f'<div style="background:black;color:white">{SHOWN}</div>',
        f'<div style="background:url(dark.png)"><p style="color:white">{SHOWN}</p></div>',
        f'<p style="color:#ccc">{SHOWN}</p>',
        f'<p style="color:white"><a href="x">{SHOWN}</a></p>',
        f'<p style="color:white"><mark>{SHOWN}</mark></p>',
        f'<h2 style="background:linear-gradient(red,blue);-webkit-background-clip:text;color:transparent">{SHOWN}</h2>',
        f'<p style="height:auto;overflow:hidden">{SHOWN}</p>',
        f'<p style="position:relative;left:-10px;text-indent:-2em;margin-left:-5px">{SHOWN}</p>',
        f'<p style="transform:translateY(20px) scale(.9);clip-path:inset(5%)">{SHOWN}</p>',
        f'<p style="opacity:.7">{SHOWN}</p>',
    ],
)
def test_what_can_be_seen_stays(body: str) -> None:
    assert SHOWN in read(body)[0]


@pytest.mark.parametrize(
    ("style", "body"),
    [
        (".a{display:none}", f'<p class="b a">{UNSEEN}</p>'),
        ("#a{display:none}", f'<p id="a">{UNSEEN}</p>'),
        ("P{display:none}.shown{display:block}", f'<p>{UNSEEN}</p><p class="shown">{SHOWN}</p>'),
        (".sr-only{position:absolute;width:1px;height:1px;overflow:hidden}", f'<p class="sr-only">{UNSEEN}</p>'),
        ("@media screen{.a{display:none}}", f'<p class="a">{UNSEEN}</p>'),
        ("@media (min-width:600px) and (prefers-color-scheme:light){.a{display:none}}", f'<p class="a">{UNSEEN}</p>'),
        ("@supports (display:grid){@layer x{.a{display:none}}}", f'<p class="a">{UNSEEN}</p>'),
        (".o .a > span{display:none}", f'<div class="o"><p class="a"><span>{UNSEEN}</span></p></div>'),
        ("[data-x^=ab]{display:none}", f'<p data-x="abc">{UNSEEN}</p>'),
        ("p:nth-child(2){display:none}", f"<div><b>.</b><p>{UNSEEN}</p></div>"),
        ("i:not(.s){display:none}", f"<i>{UNSEEN}</i>"),
        (":is(.a,.b), .c{display:none}", f'<p class="b">{UNSEEN}</p>'),
        (".a{color:red;.b{display:none}}", f'<div class="a"><p class="b">{UNSEEN}</p></div>'),
        (".a{& > .b{display:none}}", f'<div class="a"><p class="b">{UNSEEN}</p></div>'),
        (".a{display:none!important}", f'<p class="a" style="display:block">{UNSEEN}</p>'),
        (":root{--h:none}.a{display:var(--h)}", f'<p class="a">{UNSEEN}</p>'),
        (".\\61{display:none}", f'<p class="a">{UNSEEN}</p>'),
        ("/* } */ .x{content:'}'} .a{display/**/:none", f'<p class="a">{UNSEEN}</p>'),
        ("@keyframes out{to{opacity:0}} .a{opacity:0;animation:out 1s}", f'<p class="a">{UNSEEN}</p>'),
        ("i + i{display:none}", f"<i></i><i>{UNSEEN}</i>"),
    ],
)
def test_the_style_sheet_of_the_page_may_hide(style: str, body: str) -> None:
    assert UNSEEN not in (found := read(f"{body}<div>{SHOWN}</div>", style)[0])
    assert SHOWN in found


@pytest.mark.parametrize(
    ("style", "body"),
    [
        (".a{display:none} .a.open{display:block}", "a open"),
        (".a.open{display:block} .a{display:none}", "a open"),
        (".b{display:block} p{display:none}", "b"),
        ("@layer x{.a{display:none}} .a{display:block}", "a"),
        ("@media print{.a{display:none}}", "a"),
        ("@media (max-width:600px){.a{display:none}}", "a"),
        ("@media (prefers-color-scheme:dark){.a{color:#fff}}", "a"),
        ("@media not screen{.a{display:none}}", "a"),
        (".a:hover, .a::before, .A{display:none}", "a"),
        ("@keyframes in{to{opacity:1}} .a{opacity:0;animation:1s in forwards}", "a"),
        (".a{display:none;display:var(--unknown)}", "b"),
    ],
)
def test_the_cascade_of_the_page_decides_what_is_shown(style: str, body: str) -> None:
    assert read(f'<p class="{body}">{SHOWN}</p>', style) == (SHOWN, "")


@pytest.mark.parametrize(
    "style", ["body{opacity:0}", "body{visibility:hidden}", "html{display:none}", "body{color:#fff}"]
)
def test_a_page_that_hides_itself_until_it_has_loaded_is_read(style: str) -> None:
    assert read(f"<p>{SHOWN}</p>", style) == (SHOWN, "")


@pytest.mark.parametrize("style", ["opacity:0", "visibility:hidden", "color:#fff", "display:none"])
def test_the_one_long_text_of_a_page_that_shows_none_is_faded_in_by_a_script(style: str) -> None:
    found, note = read(f'<nav>Home</nav><main style="{style}">{LONG}<p hidden>{UNSEEN}</p></main>')
    assert "topic 29" in found
    assert UNSEEN not in found
    assert "script" in note


def test_a_long_text_beside_an_article_stays_hidden() -> None:
    found, note = read(f"<article>{LONG[:900]}</article><div style='display:none'>{LONG * 3}{UNSEEN}</div>")
    assert (UNSEEN in found, note) == (False, "")


def test_what_hides_one_part_leaves_the_words_behind_it() -> None:
    assert read(f"<p>Shown <b hidden>{UNSEEN}</b>words.</p>")[0] == "Shown words."


@pytest.mark.parametrize(
    ("style", "body"),
    [
        (".a{color:#333}" * 100_000, '<p class="a">x</p>'),
        ("".join(f".c{number}{{display:none;width:1px}}" for number in range(100_000)), "<p class='c5'>x</p>"),
        ("div div div div div .a{display:none}" * 100, "<div>" * 200 + "<p class='a'>x</p>"),
        ("{" * 500_000, "x"),
        ("a{" * 300_000, "x"),
        ("url(" * 500_000, "x"),
        ('"\n' * 500_000, "x"),
        ("/*" * 500_000, "x"),
        ("@media (" * 300_000, "x"),
        ("[a][a]{display:none}" * 50_000, "<p a>x</p>"),
        (":is(" * 400 + "a" + ")" * 400 + "{display:none}", "x"),
    ],
)
def test_large_style_sheets_are_read_within_bounds(style: str, body: str) -> None:
    read(f"{body}<div>{SHOWN}</div>", style)


@pytest.mark.parametrize(
    ("style", "body"),
    [
        ("*{color:red}" * 200_000, "<p>x</p>"),
        ("".join(f"p:nth-child({number}){{display:none}}" for number in range(500)), "<p>x</p>" * 5_000),
        ("a{color:red}" * 800_000, "<p>x</p>"),
    ],
)
def test_a_page_that_is_styled_beyond_judging_is_left_out(style: str, body: str) -> None:
    with pytest.raises(LeftOutError, match=r"its style|rules of style"):
        read(body, style)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("a\u200bb\u2060c\ufeffd", "abcd"),
        ("soft\u00adly", "softly"),
        ("\U000e0049\U000e0067nore", "nore"),
        ("a\u200d\u200c\u200db", "ab"),
        ("x\u202eabc\u202c", "xabc"),
        ("👩\u200d💻", "👩\u200d💻"),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_signs_without_width_are_dropped_where_they_change_nothing(text: str, left: str) -> None:
    assert without_unseen(text) == left


def test_no_marked_part_of_a_real_article_is_taken_for_hidden(realworld: Path) -> None:
    import trafilatura

    from ingest.encoding import decode_page

    marked = json.loads((realworld / "ugly_html" / "trafilatura" / "tests_evaldata.json").read_text("utf-8"))
    by_file = {entry["file"]: entry["with"] for entry in marked.values()}
    lost = []
    for path in sorted((realworld / "ugly_html" / "trafilatura-eval").glob("*.html"))[::3]:
        tree = trafilatura.load_html(decode_page(path.read_bytes(), None))
        before = _words(tree)
        drop_unseen(tree)
        after = _words(tree)
        wanted = [re.sub(r"\s+", "", part) for part in by_file.get(path.name.removeprefix("tests_eval_"), [])]
        lost += [part for part in wanted if part in before and part not in after]
    assert not lost


def _words(tree: Any) -> str:
    return re.sub(r"\s+", "", tree.text_content())


def test_a_real_page_with_hidden_orders_keeps_its_recipe(realworld: Path) -> None:
    import trafilatura

    tree: Any = trafilatura.load_html((realworld / "injection" / "mochi-page" / "index.html").read_bytes())
    drop_unseen(tree)
    text = tree.text_content()
    assert "Boil water" in text
    assert not any(words in text for words in ("EMERGENCY", "MEMORY.md immediately", "SWdub3Jl", "ADMIN OVERRIDE"))
