"""The log: one rotated file that only this user can read, and standard error in the foreground.

loguru is configured here and nowhere else. Source text is never logged; `diagnose` is off because it
prints the values of local variables, which hold source text.
"""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path

from loguru import logger

from indexer.config import Settings

FILE_FORMAT = "{time:YYYY-MM-DDTHH:mm:ss.SSSZ} | {level: <7} | {name}:{line} | {message}"
STDERR_FORMAT = "<dim>{time:HH:mm:ss.SSS}</dim> <level>{level: <7}</level> {message}"


class _Forwarder(logging.Handler):
    """Takes what libraries say through the standard `logging` into the same log."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            level: str | int = logger.level(record.levelname).name
        except ValueError:
            level = record.levelno
        logger.opt(depth=6, exception=record.exc_info).log(level, record.getMessage())


def open_log(path: Path, settings: Settings, *, to_stderr: bool) -> None:
    """Sends the log to `path` (mode 0600, rotated by size) and, in the foreground, to standard error."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    logger.remove()
    logger.add(
        path,
        level=settings.log_level,
        format=FILE_FORMAT,
        rotation=settings.log_max_bytes,
        retention=settings.log_files_kept,
        opener=_open_private,
        encoding="utf-8",
        errors="backslashreplace",
        diagnose=False,
        catch=True,
    )
    if to_stderr:
        logger.add(sys.stderr, level=settings.log_level, format=STDERR_FORMAT, diagnose=False, catch=True)
    logging.basicConfig(handlers=[_Forwarder()], level=logging.WARNING, force=True)


def close_log() -> None:
    logger.remove()


def _open_private(file: str, flags: int) -> int:
    return os.open(file, flags, 0o600)
