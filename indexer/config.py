"""The settings, all in one table: defaults, then `isg.toml`, then `ISG_*` environment variables.

`isg config show`, docs/settings.md and the TOML file are held to this table by tests.
"""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from indexer.paths import Paths

ENV_PREFIX = "ISG_"
# environment variables with other owners, and a secret, which is never shown
NOT_SETTINGS = frozenset({"ISG_HOME", "ISG_BENCH_TREE", "ISG_SUMMARY_API_KEY"})


def _split(value: object) -> object:
    """A list as an environment variable spells it; anything else as it is."""
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


class SettingsError(ValueError):
    """A setting has a wrong name or value; the message names it, where it stands, and what is allowed."""


class Settings(BaseSettings):
    """One field is one setting; the name carries the unit, the description is its documentation."""

    model_config = SettingsConfigDict(env_prefix=ENV_PREFIX, extra="forbid", frozen=True)

    debounce_quiet_ms: int = Field(
        10, ge=0, le=5_000, description="Quiet time after a lone save, before it is read."
    )
    storm_paths: int = Field(20, ge=1, description="More changed paths than this in one window are a storm.")
    storm_quiet_ms: int = Field(100, ge=1, le=60_000, description="Quiet time that ends a storm.")
    storm_cap_ms: int = Field(
        2_000, ge=1, le=600_000, description="A storm is handed on after this at the latest."
    )
    watch_active_s: float = Field(
        60.0,
        ge=0,
        description="So long after a change or a question, events are polled every 5 ms; then every 40 ms.",
    )
    max_file_bytes: int = Field(
        4 * 1024 * 1024,
        ge=1,
        le=1 << 30,
        description="Larger files are skipped, with the reason in `isg status`.",
    )
    parse_timeout_s: float = Field(
        3.0, gt=0, description="A file that takes more CPU time than this to parse is skipped."
    )
    parse_workers: int = Field(
        0, ge=0, le=64, description="Processes for a cold index or a storm; 0 means one per core."
    )
    ignore: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)] = Field(
        (),
        description="Further ignore patterns, in .gitignore syntax. In the environment: separated by commas.",
    )
    reconcile_interval_s: int = Field(
        600,
        ge=0,
        description="A scan compares the tree with the index this often; 0 means only on suspicion.",
    )
    reconcile_jitter_s: int = Field(60, ge=0, description="Random spread of those scans.")
    rust_analyzer: str = Field(
        "",
        description="The rust-analyzer to run in trusted workspaces; empty: the one of rustup or PATH; `off`:"
        " none.",
    )
    rust_analyzer_memory_mib: int = Field(
        4_096, ge=256, description="It is started anew when it holds more memory than this."
    )
    rust_analyzer_idle_s: float = Field(
        900.0, ge=1, description="It is stopped when nothing was asked for so long."
    )
    rust_analyzer_requests: int = Field(
        12, ge=1, le=256, description="Requests to it that are under way at once."
    )
    embedding_model: str = Field(
        "minilm",
        description="What vectors are made with: a model that `isg models list` names, or a GGUF file; `off`:"
        " none.",
    )
    summary_model: str = Field(
        "off",
        description="What writes a summary where the rules cannot: a model, a GGUF file, or the http address"
        " of a running llama-server or OpenAI-style endpoint; `off`: nothing does.",
    )
    summary_endpoint_model: str = Field(
        "",
        description="The model that such an endpoint is to use, if it has several. A key for it is taken from"
        " the environment: ISG_SUMMARY_API_KEY.",
    )
    summary_threshold: float = Field(
        0.75, ge=0, le=1, description="Summaries by rule of less confidence are left to `summary_model`."
    )
    summary_calls_per_day: int = Field(2_000, ge=0, description="Calls of `summary_model` in one day.")
    summary_tokens_per_day: int = Field(
        1_000_000, ge=0, description="Tokens that `summary_model` may read and write in one day."
    )
    llama_threads: int = Field(
        0, ge=0, le=256, description="Threads of the child that runs the models; 0: by the capacity plan."
    )
    llama_memory_mib: int = Field(
        2_048, ge=128, description="It is started anew when it holds more memory than this."
    )
    llama_idle_s: float = Field(300.0, ge=1, description="It ends when nothing was asked for so long.")
    llama_timeout_s: float = Field(60.0, gt=0, description="What one question to it may take.")
    backlog_duty_percent: int = Field(
        50, ge=1, le=100, description="The share of the time in which a backlog is embedded and summarised."
    )
    backlog_most_load: float = Field(2.0, gt=0, description="Above this load for each core, a backlog waits.")
    backlog_on_battery: bool = Field(False, description="Whether a backlog is worked on without mains.")
    backlog_while_building: bool = Field(False, description="Whether it is while a compiler runs.")
    wait_timeout_s: float = Field(30.0, gt=0, le=3_600, description="How long `wait` waits when not told.")
    rpc_max_connections: int = Field(
        4_096, ge=1, description="Further connections are refused with an error."
    )
    rpc_requests_per_connection: int = Field(
        32, ge=1, description="Requests of one connection that run at once; further ones wait unread."
    )
    rpc_write_timeout_s: float = Field(
        10.0, gt=0, description="A client that does not take its answer within this is disconnected."
    )
    rpc_line_timeout_s: float = Field(
        30.0, gt=0, description="A client that starts a line and does not end it within this is disconnected."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="What the log file holds."
    )
    log_max_bytes: int = Field(10_000_000, ge=10_000, description="The log file is rotated at this size.")
    log_files_kept: int = Field(3, ge=1, le=100, description="Rotated log files that are kept.")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        # What `load_settings` passes in is the file's content: the environment goes before it.
        return (env_settings, init_settings)


@dataclass(frozen=True, slots=True)
class SettingRow:
    """One setting as it stands: `source` is "default", the settings file's path, or the variable's name."""

    name: str
    value: Any
    default: Any
    source: str
    description: str


def load_settings(paths: Paths) -> Settings:
    """The settings of this environment. Raises SettingsError."""
    return _validate(_read_file(paths.settings_file), paths.settings_file)


def list_settings(paths: Paths) -> list[SettingRow]:
    """Every setting with its value and where that came from. Raises SettingsError."""
    in_file = _read_file(paths.settings_file)
    settings = _validate(in_file, paths.settings_file)
    rows = []
    for name, field in Settings.model_fields.items():
        variable = variable_of(name)
        if variable in _environment_upper():
            source = variable
        elif name in in_file:
            source = str(paths.settings_file)
        else:
            source = "default"
        rows.append(SettingRow(name, getattr(settings, name), field.default, source, field.description or ""))
    return rows


def variable_of(name: str) -> str:
    """The environment variable of a setting."""
    return ENV_PREFIX + name.upper()


def document_settings() -> str:
    """docs/settings.md, from the table."""
    lines = [
        "# Settings",
        "",
        "Every setting has a default, which `isg.toml` overrides, which the environment overrides.",
        "`isg config show` tells where that file is. The daemon reads the settings when it starts.",
        "`ISG_HOME` is not a setting: it moves settings, stores, log and socket under one directory.",
        "",
        "| setting | default | environment | meaning |",
        "| --- | --- | --- | --- |",
    ]
    for name, field in Settings.model_fields.items():
        default = list(field.default) if isinstance(field.default, tuple) else field.default
        lines.append(f"| `{name}` | `{default}` | `{variable_of(name)}` | {field.description} |")
    return "\n".join(lines) + "\n"


def _environment_upper() -> Mapping[str, str]:
    return {name.upper(): value for name, value in os.environ.items()}


def _read_file(path: Path) -> dict[str, Any]:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise SettingsError(
            f"{path} cannot be read ({error.strerror}): make it readable, or remove it"
        ) from None
    try:
        return tomllib.loads(content.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path} is not valid TOML: {error}") from None


def _validate(in_file: dict[str, Any], path: Path) -> Settings:
    for name in in_file:
        if name not in Settings.model_fields:
            near = difflib.get_close_matches(name, Settings.model_fields, 1)
            hint = f"did you mean `{near[0]}`?" if near else "`isg config show` lists the settings"
            raise SettingsError(f"{path}: there is no setting `{name}`; {hint}")
    try:
        return Settings(**in_file)
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
        name = str(problem["loc"][0]) if problem["loc"] else "?"
        where = variable_of(name) if variable_of(name) in _environment_upper() else str(path)
        raise SettingsError(
            f"{where}: the setting `{name}` is {problem['input']!r}: {problem['msg'].lower()}"
        ) from None
