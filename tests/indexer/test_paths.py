from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from indexer.paths import MAX_SOCKET_PATH_BYTES, make_private_dir, resolve_paths


def test_one_variable_moves_everything_under_one_directory(tmp_path: Path) -> None:
    paths = resolve_paths({"ISG_HOME": str(tmp_path)})
    places = (
        paths.settings_file,
        paths.registry_file,
        paths.log_file,
        paths.lock_file,
        paths.database("a-1"),
    )
    assert all(place.is_relative_to(tmp_path) for place in places)


def test_without_it_the_platforms_own_places_are_used() -> None:
    paths = resolve_paths({})
    assert all("isg" in str(place) for place in (paths.config_dir, paths.data_dir, paths.state_dir))


def test_a_long_home_gets_a_short_socket_name_and_always_the_same(tmp_path: Path) -> None:
    home = tmp_path / ("x" * 120)
    one, two = (resolve_paths({"ISG_HOME": str(home)}).socket for _ in range(2))
    other = resolve_paths({"ISG_HOME": str(home) + "y"}).socket
    assert one == two != other
    assert len(os.fsencode(one)) <= MAX_SOCKET_PATH_BYTES


def test_a_private_directory_is_closed_to_others_even_if_it_was_open(tmp_path: Path) -> None:
    place = tmp_path / "state"
    place.mkdir(mode=0o755)
    make_private_dir(place)
    assert stat.S_IMODE(place.stat().st_mode) == 0o700


def test_a_symbolic_link_in_its_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "state").symlink_to(tmp_path / "real")
    with pytest.raises(PermissionError, match="ISG_HOME"):
        make_private_dir(tmp_path / "state")
