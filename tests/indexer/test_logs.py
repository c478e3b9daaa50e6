from __future__ import annotations

import logging
import stat
from pathlib import Path

from loguru import logger

from indexer.config import Settings
from indexer.logs import close_log, open_log


def test_the_log_is_for_its_user_only_and_shows_no_values_of_variables(tmp_path: Path) -> None:
    log = tmp_path / "state" / "daemon.log"
    open_log(log, Settings(), to_stderr=False)
    try:
        source_text = "fn hidden_in_a_variable() {}"
        try:
            raise ValueError(len(source_text))
        except ValueError:
            logger.exception("it failed")
        logging.getLogger("some.library").warning("a library said %s", "so")
    finally:
        close_log()
    text = log.read_text()
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    assert "it failed" in text
    assert "ValueError: 28" in text
    assert source_text not in text
    assert "a library said so" in text


def test_a_rotated_log_keeps_its_mode_and_only_so_many_files(tmp_path: Path) -> None:
    log = tmp_path / "daemon.log"
    open_log(log, Settings(log_max_bytes=10_000, log_files_kept=2), to_stderr=False)
    try:
        for number in range(1_000):
            logger.info("line {} {}", number, "x" * 100)
    finally:
        close_log()
    files = list(tmp_path.iterdir())
    assert 2 <= len(files) <= 3
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
