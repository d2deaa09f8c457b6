"""The language of a text: what it shows wins over what its page states."""

import pytest

from ingest.languages import language_of, stated_language

ENGLISH = "They asked me how a decision tree picks its split and why the method converges after a few rounds. " * 3
GERMAN = "Sie fragten mich, wie ein Entscheidungsbaum seine Trennung wählt und warum das Verfahren konvergiert. " * 3
CHINESE = "面试官问我朴素贝叶斯的问题，我回答得不好，所以没有通过。我们还谈了项目经验和系统设计。" * 6


@pytest.mark.parametrize(
    ("text", "stated", "found"),
    [
        (ENGLISH, None, "en"),
        (ENGLISH, "de", "en"),
        (GERMAN, "en-US", "de"),
        (CHINESE, "en", "zh"),
        ("Short.", "fr-CA", "fr"),
        ("Short.", "iw", "he"),
        ("Short.", "", "und"),
        ("Short.", "x-default", "und"),
        ("", None, "und"),
        (f"{ENGLISH}\n```\n{'für und wenn nicht dann weiter mit dem Rest ' * 40}\n```\n", None, "en"),
    ],
)
def test_enough_text_tells_its_language_and_else_the_page_does(text: str, stated: str | None, found: str) -> None:
    assert language_of(text, stated) == found


@pytest.mark.parametrize(
    ("stated", "found"), [("EN", "en"), ("pt_BR", "pt"), ("nb-NO", "no"), ("cmn", "zh"), ("!!", None)]
)
def test_a_tag_is_cut_to_the_code_of_its_language(stated: str, found: str | None) -> None:
    assert stated_language(stated) == found
