"""In which language a text is written: found from the text where there is enough of it, else as the page states."""

import re

_FEWEST_LETTERS = 200
_SAMPLE = 8_000
_LETTER = re.compile(r"[^\W\d_]")
# Code and addresses are no language; a program between two questions would count as English, or as Latin.
_NOT_PROSE = re.compile(
    r"^(```|~~~).*?^\1|`[^`\n]{1,300}`|https?://\S+|\[\s*[^\]\n]{1,30} removed\]", re.MULTILINE | re.DOTALL
)
_CODE = re.compile(r"[A-Za-z]{2,3}")
# Tags for parts of a language that the detector and most pages know by one code.
_SAME = {"iw": "he", "in": "id", "ji": "yi", "nn": "no", "nb": "no", "cmn": "zh", "yue": "zh"}


def language_of(text: str, stated: str | None) -> str:
    """The ISO 639-1 code of a text's language, `und` when nothing tells.

    `stated` is what the page or its header says (BCP 47); templates often say `en` of a page in another language, so
    what the text itself shows wins where it has at least 200 letters.
    """
    prose = _NOT_PROSE.sub(" ", text[:_SAMPLE])
    if len(_LETTER.findall(prose)) >= _FEWEST_LETTERS:
        return detected_language(prose)
    return stated_language(stated) or "und"


def stated_language(stated: str | None) -> str | None:
    """The ISO 639-1 code in a language tag such as `en-GB` (BCP 47), or in the first of several."""
    found = _CODE.match((stated or "").strip())
    code = found[0].lower() if found else ""
    code = _SAME.get(code, code)
    return code if len(code) == 2 and code not in {"un", "xx", "zz"} else None


def detected_language(text: str) -> str:
    """The likeliest language of a text by py3langid, whatever its length; its model takes 0.3-0.9 s to load."""
    import py3langid

    code: str = py3langid.classify(text)[0]
    return _SAME.get(code, code)
