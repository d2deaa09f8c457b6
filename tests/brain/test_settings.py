"""Settings from the environment, and what is told about wrong ones."""

import os
from pathlib import Path

import pytest

from brain.errors import BadInputError
from brain.settings import Settings, load_settings


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.upper().startswith("BRAIN_")]:
        monkeypatch.delenv(name)


def test_nothing_need_be_set() -> None:
    settings = load_settings()
    assert settings.embedder == "minilm-int8"
    assert settings.home.is_absolute()
    assert settings.home.name == "industry-brain"
    assert settings.versions == settings.home / "versions"
    assert settings.corpora_overlay == settings.home / "corpora"


def test_every_field_is_a_variable_with_the_prefix(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    given = {
        "HOME": str(tmp_path),
        "EMBEDDER": "minilm-fp32",
        "WORKERS": "3",
        "READ_TIMEOUT": "9",
        "CONTACT": "ana@example.com",
        "FETCH_TIMEOUT": "2.5",
        "FETCH_MAX_BYTES": "2000",
        "FETCH_MAX_WIRE_BYTES": "2500",
        "FETCH_MIN_RATE": "100",
        "FETCH_RATE_GRACE": "1.5",
        "FETCH_MAX_REDIRECTS": "4",
        "FETCH_PAGES_PER_HOST": "70",
        "FETCH_MAX_DEPTH": "6",
        "FETCH_MAX_REPEATS": "2",
        "FETCH_RETRIES": "0",
        "FETCH_LONGEST_WAIT": "20",
        "LOOPBACK_HOSTS": "127.0.0.1:8001, 127.0.0.1:8002,",
        "FILE_MAX_BYTES": "3000",
        "CACHE_MAX_BYTES": "4000000",
        "KEEP_VERSIONS": "5",
        "LOG_LEVEL": "debug",
    }
    assert {name.lower() for name in given} == set(Settings.model_fields)
    for name, value in given.items():
        monkeypatch.setenv(f"BRAIN_{name}", value)
    settings = load_settings()
    assert (settings.home, settings.embedder, settings.workers) == (tmp_path, "minilm-fp32", 3)
    assert (settings.fetch_timeout, settings.keep_versions, settings.log_level) == (2.5, 5, "debug")
    assert settings.loopback_hosts == {"127.0.0.1:8001", "127.0.0.1:8002"}


@pytest.mark.parametrize("name", ["HOME", "WORKERS", "LOG_LEVEL", "LOOPBACK_HOSTS", "FETCH_TIMEOUT"])
def test_an_empty_variable_is_an_unset_one(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    default = load_settings()
    monkeypatch.setenv(f"BRAIN_{name}", "")
    assert load_settings() == default


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("BRAIN_WORKERS", "many", "valid integer"),
        ("BRAIN_WORKERS", "-1", "greater than or equal to 0"),
        ("BRAIN_WORKERS", "257", "less than or equal to 256"),
        ("BRAIN_FETCH_TIMEOUT", "0", "greater than 0"),
        ("BRAIN_FETCH_TIMEOUT", "nan", "less than or equal to 120"),
        ("BRAIN_FETCH_MAX_BYTES", "5MB", "valid integer"),
        ("BRAIN_KEEP_VERSIONS", "0", "greater than or equal to 1"),
        ("BRAIN_LOG_LEVEL", "loud", "'debug', 'info', 'warning' or 'error'"),
    ],
)
def test_a_wrong_variable_is_named_with_its_value(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, says: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(BadInputError) as caught:
        load_settings()
    assert caught.value.field == name
    assert f"{name}={value!r}" in caught.value.message
    assert says in caught.value.message
    assert caught.value.next_step


def test_variables_of_others_do_no_harm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BRAIN_OF_ANOTHER_PROGRAM", "1")
    monkeypatch.setenv("WORKERS", "9")
    assert load_settings().workers == 0


def test_settings_do_not_change_once_read() -> None:
    with pytest.raises(ValueError, match="frozen"):
        setattr(load_settings(), "workers", 3)  # noqa: B010 - a type checker refuses the plain way
