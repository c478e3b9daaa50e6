from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from indexer.registry import Registry, RegistryError, make_entry


def test_what_was_put_is_there_after_a_restart(tmp_path: Path) -> None:
    (tmp_path / "näme with space").mkdir()
    file = tmp_path / "data" / "workspaces.json"
    registry = Registry.load(file)
    entry = make_entry(tmp_path / "näme with space", trusted=True)
    registry.put(entry)
    registry.update(entry.id, paused=True)
    (again,) = Registry.load(file).entries()
    assert (again.id, again.root, again.trusted, again.paused) == (entry.id, entry.root, True, True)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    registry.remove(entry.id)
    assert Registry.load(file).entries() == []


def test_a_root_whose_name_is_no_text_survives_too(tmp_path: Path) -> None:
    root = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9"))
    try:
        root.mkdir()
    except OSError:
        pytest.skip("this file system takes only valid text as names")
    file = tmp_path / "workspaces.json"
    Registry.load(file).put(make_entry(root, trusted=False))
    assert Registry.load(file).entries()[0].root == root


def test_the_same_root_has_the_same_id_however_it_is_written(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "a")
    one = make_entry(tmp_path / "a", trusted=False)
    two = make_entry(tmp_path / "link" / ".." / "a", trusted=False)
    assert (one.id, one.root) == (two.id, two.root)


def test_the_innermost_workspace_holds_a_path(tmp_path: Path) -> None:
    (tmp_path / "outer" / "inner").mkdir(parents=True)
    registry = Registry(tmp_path / "workspaces.json", [])
    outer, inner = (make_entry(tmp_path / name, trusted=False) for name in ("outer", "outer/inner"))
    registry.put(inner)
    registry.put(outer)
    assert registry.around(tmp_path / "outer" / "inner" / "src") == inner
    assert registry.around(tmp_path / "outer" / "innermost") == outer
    assert registry.around(tmp_path) is None


def test_what_cannot_be_a_workspace_is_refused_with_what_to_give(tmp_path: Path) -> None:
    (tmp_path / "file.rs").write_text("")
    for path in (tmp_path / "absent", tmp_path / "file.rs", Path("/")):
        with pytest.raises(RegistryError, match="give"):
            make_entry(path, trusted=False)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"revision": 1}', '{"revision": 1, "workspaces": [{}]}', "9" * 5000]
)
def test_a_damaged_list_is_set_aside_and_said(tmp_path: Path, text: str) -> None:
    file = tmp_path / "workspaces.json"
    file.write_text(text)
    registry = Registry.load(file)
    assert registry.entries() == []
    assert "add your workspaces again" in registry.warning
    assert (tmp_path / "workspaces.json.broken").read_text() == text


def test_a_list_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "workspaces.json"
    file.write_text(json.dumps({"revision": 99, "workspaces": []}))
    with pytest.raises(RegistryError, match="newer"):
        Registry.load(file)
    assert json.loads(file.read_text())["revision"] == 99
