"""Showing the daemon's log file: its last lines, and what is added to it."""

from __future__ import annotations

import json
import os
import sys
import time
from collections import deque
from pathlib import Path

from indexer.cli import output
from indexer.cli.exits import Exit, Refusal

POLL_S = 0.2
STYLES = {"WARNING": "\x1b[33m", "ERROR": "\x1b[31m", "CRITICAL": "\x1b[31m"}


def show_log(path: Path, lines: int, *, follow: bool, as_json: bool) -> None:
    """The last `lines` lines; with `follow` also those to come, across rotation, until Ctrl-C."""
    try:
        file = open(path, encoding="utf-8", errors="replace")  # noqa: SIM115 - reopened when it is rotated
    except FileNotFoundError:
        raise Refusal(f"there is no log yet at {path}", "isg up starts the daemon", Exit.NOT_FOUND) from None
    try:
        for line in deque(file, maxlen=lines):
            _print(line, as_json)
        while follow:
            line = file.readline()
            if line:
                _print(line, as_json)
                continue
            sys.stdout.flush()
            time.sleep(POLL_S)
            if path.exists() and path.stat().st_ino != os.fstat(file.fileno()).st_ino:
                file.close()
                file = open(path, encoding="utf-8", errors="replace")  # noqa: SIM115 - as above
    except KeyboardInterrupt:
        return
    finally:
        file.close()


def _print(line: str, as_json: bool) -> None:
    text = output.clean(line.rstrip("\n"))
    parts = [part.strip() for part in text.split(" | ", 3)]
    whole = len(parts) == 4
    if as_json:
        names = ("time", "level", "where", "message")
        sys.stdout.write(
            json.dumps(dict(zip(names, parts, strict=True)) if whole else {"message": text}) + "\n"
        )
    elif whole and parts[1] in STYLES and sys.stdout.isatty() and "NO_COLOR" not in os.environ:
        sys.stdout.write(f"{STYLES[parts[1]]}{text}\x1b[0m\n")
    else:
        sys.stdout.write(f"{text}\n")
