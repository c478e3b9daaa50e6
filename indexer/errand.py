"""A process that does something long for another one: it ends when that does, and tells how far it is, one
line of JSON at a time on standard output. Knows nothing of what is done.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from typing import Any


def end_with_parent() -> None:
    """From now on this process, and its group, ends when its standard input does."""
    threading.Thread(target=_wait_for_end, daemon=True).start()


def tell(message: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def _wait_for_end() -> None:
    while os.read(0, 1):  # not sys.stdin, whose lock this thread would hold when the interpreter ends
        pass
    os.killpg(0, signal.SIGKILL)
