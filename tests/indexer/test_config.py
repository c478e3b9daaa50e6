from __future__ import annotations

from pathlib import Path

import pytest

from indexer.config import (
    Settings,
    SettingsError,
    document_settings,
    list_settings,
    load_settings,
    variable_of,
)
from indexer.paths import Paths, resolve_paths

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    paths = resolve_paths({"ISG_HOME": str(tmp_path)})
    paths.config_dir.mkdir(parents=True)
    return paths


def test_every_setting_says_what_it_means_and_is_in_the_docs() -> None:
    assert all(field.description for field in Settings.model_fields.values())
    assert (ROOT / "docs" / "settings.md").read_text(encoding="utf-8") == document_settings()


def test_the_environment_overrides_the_file_which_overrides_the_default(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths.settings_file.write_text("storm_paths = 7\nstorm_quiet_ms = 8\nignore = ['a', 'b/']\n")
    monkeypatch.setenv("ISG_STORM_QUIET_MS", "9")
    settings = load_settings(paths)
    assert (settings.storm_paths, settings.storm_quiet_ms, settings.debounce_quiet_ms) == (7, 9, 10)
    assert settings.ignore == ("a", "b/")
    sources = {row.name: row.source for row in list_settings(paths)}
    assert sources["storm_paths"] == str(paths.settings_file)
    assert sources["storm_quiet_ms"] == "ISG_STORM_QUIET_MS"
    assert sources["debounce_quiet_ms"] == "default"


def test_a_list_in_the_environment_is_separated_by_commas(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ISG_IGNORE", "generated/, *.tmp.rs")
    assert load_settings(paths).ignore == ("generated/", "*.tmp.rs")


def test_a_misspelt_setting_is_refused_with_the_near_name(paths: Paths) -> None:
    paths.settings_file.write_text("storm_path = 7\n")
    with pytest.raises(SettingsError, match="did you mean `storm_paths`"):
        load_settings(paths)


@pytest.mark.parametrize("text", ["storm_paths = 0", "storm_paths = 'many'", "storm_paths = ", "\x00"])
def test_a_wrong_value_or_file_is_refused_with_its_place(paths: Paths, text: str) -> None:
    paths.settings_file.write_text(text)
    with pytest.raises(SettingsError, match=str(paths.settings_file)):
        load_settings(paths)


def test_a_wrong_value_in_the_environment_names_the_variable(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable_of("log_level"), "LOUD")
    with pytest.raises(SettingsError, match="ISG_LOG_LEVEL"):
        load_settings(paths)
