"""The contract of a change source, held by the real one and by the fake; and watchfiles' traps."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from watchfiles._rust_notify import RustNotify, WatchfilesRustInternalError

from tests.watchers.stat_source import open_stat_source
from watchers.source import ChangeSource, OpenSource, UndecodableName, open_notify

DEADLINE_S = 10.0


class Never:
    def is_set(self) -> bool:
        return False


class Always:
    def is_set(self) -> bool:
        return True


@pytest.fixture(params=[open_notify, open_stat_source], ids=["watchfiles", "fake"])
def open_source(request: pytest.FixtureRequest) -> OpenSource:
    found: OpenSource = request.param
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "w"
    made.mkdir()
    return made


@pytest.fixture
def source(open_source: OpenSource, folder: Path) -> Iterator[ChangeSource]:
    opened = open_source([str(folder)])
    yield opened
    opened.close()


def paths_until(source: ChangeSource, is_enough: Callable[[set[str]], bool]) -> set[str]:
    seen: set[str] = set()
    end_s = time.monotonic() + DEADLINE_S
    while not is_enough(seen):
        assert time.monotonic() < end_s, f"only {seen}"
        seen |= {path for _, path in source.poll(1, 50, Never())}
    return seen


def test_a_new_file_is_told(source: ChangeSource, folder: Path) -> None:
    (folder / "a.rs").write_text("x")
    paths_until(source, lambda seen: str(folder / "a.rs") in seen)


def test_a_change_and_a_removal_are_told(open_source: OpenSource, folder: Path) -> None:
    file = folder / "a.rs"
    file.write_text("x")
    source = open_source([str(folder)])
    file.write_text("xy")
    paths_until(source, lambda seen: str(file) in seen)
    file.unlink()
    paths_until(source, lambda seen: str(file) in seen)
    source.close()


def test_both_names_of_a_rename_are_told(source: ChangeSource, folder: Path) -> None:
    (folder / "a.rs").write_text("x")
    paths_until(source, lambda seen: len(seen) == 1)
    (folder / "a.rs").rename(folder / "b.rs")
    paths_until(source, lambda seen: {str(folder / "a.rs"), str(folder / "b.rs")} <= seen)


def test_a_new_folder_is_told_but_not_what_happens_in_it(source: ChangeSource, folder: Path) -> None:
    (folder / "sub").mkdir()
    paths_until(source, lambda seen: str(folder / "sub") in seen)
    (folder / "sub" / "a.rs").write_text("x")
    (folder / "last.rs").write_text("x")
    seen = paths_until(source, lambda seen: str(folder / "last.rs") in seen)
    assert str(folder / "sub" / "a.rs") not in seen


def test_a_poll_without_changes_ends_at_its_timeout(source: ChangeSource) -> None:
    began_s = time.monotonic()
    assert not source.poll(1, 20, Never())
    assert time.monotonic() - began_s < DEADLINE_S / 2


def test_an_interrupt_ends_a_poll(source: ChangeSource) -> None:
    began_s = time.monotonic()
    assert not source.poll(1, 60_000, Always())
    assert time.monotonic() - began_s < DEADLINE_S


def test_folders_that_have_vanished_are_left_out(open_source: OpenSource, folder: Path) -> None:
    source = open_source([str(folder / "never"), str(folder)])
    (folder / "a.rs").write_text("x")
    paths_until(source, lambda seen: str(folder / "a.rs") in seen)
    source.close()


def test_trap_an_interrupted_poll_of_watchfiles_drops_what_it_had_seen(folder: Path) -> None:
    """Why `Pulse` interrupts only at the end. Should this fail, polls may be interrupted."""
    notify = RustNotify([str(folder)], False, False, 0, False, False)
    (folder / "a.rs").write_text("x")
    assert notify.watch(0, 20, 1_000, Always()) == "stop"
    assert notify.watch(0, 20, 100, Never()) == "timeout"
    notify.close()


def test_trap_watchfiles_refuses_all_work_after_a_name_that_is_not_utf8(folder: Path) -> None:
    """Why an UndecodableName replaces the source."""
    source = open_notify([str(folder)])
    (folder / "seen_before.rs").write_text("x")
    with open(os.fsencode(folder) + b"/\xff.rs", "w"):
        pass
    with pytest.raises(UndecodableName):
        for _ in range(100):
            source.poll(1, 50, Never())
    with pytest.raises(UndecodableName):
        source.poll(1, 50, Never())
    source.close()


def test_trap_watchfiles_cannot_watch_a_folder_whose_name_is_not_utf8(folder: Path) -> None:
    with pytest.raises((UnicodeEncodeError, WatchfilesRustInternalError)):
        RustNotify([os.fsdecode(os.fsencode(folder) + b"/\xff")], False, False, 0, False, False)
