"""Settings from the environment (prefix `BRAIN_`), read once at each program's edge and passed along.

pydantic-settings takes a third of a second to import, so a command imports this module only when it starts work.
"""

from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

from platformdirs import user_data_path
from pydantic import BeforeValidator, Field, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from brain.errors import BadInputError


def _by_comma(value: object) -> object:
    return frozenset(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


class Settings(BaseSettings):
    """What an operator may choose. Every field is the environment variable `BRAIN_<FIELD>`."""

    model_config = SettingsConfigDict(env_prefix="BRAIN_", env_ignore_empty=True, frozen=True, extra="ignore")

    home: Path = Field(
        default_factory=lambda: user_data_path("industry-brain", appauthor=False),
        description="Where published versions, the stage cache and the service's database live.",
    )
    embedder: str = Field(
        default="minilm-int8",
        description="`minilm-int8`, `minilm-fp32`, or `package.module:Class` of any LlamaIndex embedding.",
    )
    workers: int = Field(
        default=0, ge=0, le=256, description="Threads that embed, and processes that read; 0 means one per core."
    )
    read_timeout: float = Field(default=30.0, gt=0, le=600, description="Seconds to read what came of one page.")
    contact: str = Field(
        default="", description="Mail or web address where a site owner reaches you; sent with every request."
    )
    fetch_timeout: float = Field(default=10.0, gt=0, le=120, description="Seconds for one page, all in all.")
    fetch_max_bytes: int = Field(default=5_000_000, ge=1_000, description="Bytes of one page after inflating.")
    fetch_max_wire_bytes: int = Field(default=5_000_000, ge=1_000, description="Bytes of one page on the wire.")
    fetch_min_rate: int = Field(default=200, ge=0, description="Bytes a second that a page must arrive with.")
    fetch_rate_grace: float = Field(default=5.0, ge=0, le=120, description="Seconds before that rate is asked for.")
    fetch_max_redirects: int = Field(default=5, ge=0, le=20, description="Redirects that one page may take.")
    fetch_pages_per_host: int = Field(default=2_000, ge=1, description="Pages of one host in one run.")
    fetch_max_depth: int = Field(default=5, ge=0, le=100, description="Links between a source's address and a page.")
    fetch_max_repeats: int = Field(
        default=3, ge=1, le=100, description="Times that a path may hold one segment: more is taken for a crawler trap."
    )
    fetch_retries: int = Field(default=2, ge=0, le=10, description="Further tries for what may pass; 0 means none.")
    fetch_longest_wait: float = Field(
        default=60.0,
        ge=0,
        le=3_600,
        description="Seconds that we wait when a host asks; for more, the page is put off.",
    )
    loopback_hosts: Annotated[frozenset[str], NoDecode, BeforeValidator(_by_comma)] = Field(
        default=frozenset(), description="host:port pairs on loopback, by comma, that ingest may fetch from."
    )
    file_max_bytes: int = Field(default=20_000_000, ge=1_000, description="Bytes of one local file.")
    cache_max_bytes: int = Field(default=2_000_000_000, ge=1_000_000, description="Bytes of the stage cache.")
    keep_versions: int = Field(default=3, ge=1, le=100, description="Published versions kept for rollback.")
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @cached_property
    def corpora_overlay(self) -> Path:
        """The folder whose corpora, companies, roles and knowledge are laid over the shipped ones."""
        return self.home / "corpora"

    @cached_property
    def versions(self) -> Path:
        """The folder of published versions, one folder per corpus."""
        return self.home / "versions"


def load_settings() -> Settings:
    """Read the environment. Raises BadInputError naming the variable that is wrong."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = f"BRAIN_{'_'.join(str(part) for part in first['loc']).upper()}"
        raise BadInputError(
            f"{name}={first['input']!r}: {first['msg']}.", field=name, next_step="Correct the variable or unset it."
        ) from error
