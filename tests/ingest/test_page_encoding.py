"""Which encoding a page is in: mark, header, its own statement, detection."""

import codecs
import re
from pathlib import Path

import pytest

from ingest.encoding import declared_encoding, decode_fetched, decode_page

GERMAN = "Die Prüfung war schwierig; ich übte täglich, und die Größe der Bäume änderte sich. " * 6
POLISH = "Rozmowa była długa, pytali o źródła błędów i o to, jak się uczę; odpowiedź była krótka. " * 6
RUSSIAN = "Меня спросили о деревьях решений и о том, почему метод сходится за несколько шагов. " * 6
JAPANESE = "面接官は私にナイーブベイズについて質問しました。とても難しかったです。" * 6
CHINESE = "面试官问我朴素贝叶斯的问题，我回答得不好，所以没有通过。" * 6
KOREAN = "면접관은 나에게 나이브 베이즈에 대해 질문했습니다. 매우 어려웠습니다. " * 6


def page(text: str, head: str = "") -> str:
    return f"<!doctype html><html><head>{head}<title>T</title></head><body><p>{text}</p></body></html>"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (GERMAN, "cp1252"),
        (GERMAN, "utf-8"),
        (POLISH, "cp1250"),
        (POLISH, "iso8859_2"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8_r"),
        (JAPANESE, "cp932"),
        (JAPANESE, "euc_jp"),
        (CHINESE, "gb18030"),
        (CHINESE, "big5hkscs"),
        (KOREAN, "cp949"),
    ],
)
def test_a_page_that_says_nothing_is_read_by_what_its_bytes_look_like(text: str, encoding: str) -> None:
    kept = text.encode(encoding, "ignore").decode(encoding)
    assert kept in decode_page(page(text).encode(encoding, "ignore"), None)


@pytest.mark.parametrize("mark", [codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE])
def test_a_byte_order_mark_wins_over_every_label(mark: bytes) -> None:
    encoding = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}[mark]
    content = mark + page(GERMAN, '<meta charset="koi8-r">').encode(encoding)
    assert decode_page(content, "windows-1252") == page(GERMAN, '<meta charset="koi8-r">')


@pytest.mark.parametrize("header", ["iso-8859-1", "windows-1252", "koi8-r", "bogus", None])
def test_utf8_is_read_as_utf8_whatever_the_server_says(header: str | None) -> None:
    assert GERMAN in decode_page(page(GERMAN).encode(), header)


def test_the_header_wins_over_the_page() -> None:
    assert RUSSIAN in decode_page(page(RUSSIAN, '<meta charset="windows-1252">').encode("koi8-r"), "koi8-r")


def test_a_few_broken_bytes_spoil_no_page() -> None:
    content = page(GERMAN * 5).encode()
    broken = content[:-20] + b"\xff\xc3" + content[-20:]
    assert GERMAN in decode_page(broken, "utf-8")


def test_a_label_that_does_not_fit_is_not_believed() -> None:
    assert POLISH in decode_page(page(POLISH, '<meta charset="utf-8">').encode("cp1250"), "utf-8")


@pytest.mark.parametrize(
    "content", [b"", b"\0" * 99, bytes(range(256)) * 50, b"<" * 200_000, b"<meta " * 50_000, b"\xff" * 999]
)
def test_any_bytes_become_text(content: bytes) -> None:
    decode_page(content, None).encode("utf-8", "surrogatepass")
    decode_fetched(content, "utf-16")


def test_a_fetched_text_is_read_by_header_or_detection() -> None:
    assert decode_fetched(GERMAN.encode("cp1252"), None) == GERMAN
    assert decode_fetched(RUSSIAN.encode("koi8_r"), "koi8-r") == RUSSIAN


@pytest.mark.parametrize(
    ("head", "found"),
    [
        (b'<meta charset="ISO-8859-1">', "windows-1252"),
        (b"<meta\ncharset=shift-jis>", "shift_jis"),
        (b"<meta charset='utf-16'>", "utf-8"),
        (b'<meta content="text/html; charset=koi8-r" http-equiv=Content-Type>', "koi8-r"),
        (b'<!-- <meta charset="koi8-r"> --><meta charset="big5">', "big5"),
        (b"<p title='<meta charset=koi8-r>'>", None),
        (b"<meta charset=koi8-r", None),
        (b"<meta charset=idna>", None),
        (b'<?xml version="1.0" encoding="koi8-r"?><html>', "koi8-r"),
    ],
)
def test_a_page_states_its_encoding_as_browsers_read_it(head: bytes, found: str | None) -> None:
    assert declared_encoding(head) == found


@pytest.mark.parametrize("name", ["encoding_tests1.dat", "encoding_tests2.dat", "encoding_test-yahoo-jp.dat"])
def test_the_cases_of_html5lib(realworld: Path, name: str) -> None:
    import webencodings

    cases = re.split(rb"(?:^|\n)#data\n", (realworld / "ugly_html" / "html5lib-enc" / name).read_bytes())[1:]
    wrong = []
    for case in cases:
        data, _, rest = case.partition(b"\n#encoding\n")
        wanted = webencodings.lookup(rest.split(b"\n")[0].decode().strip())
        marked = "utf-8" if data.startswith(codecs.BOM_UTF8) else None
        if (marked or declared_encoding(data) or "windows-1252") != wanted.name:
            wrong.append(data)
    assert cases
    assert not wrong
