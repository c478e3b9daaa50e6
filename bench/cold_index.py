"""Indexes ROOT into STORE once, in this process, and prints {"seconds", "outcome"} as JSON.

A script of its own, so that its memory is that of an index and of nothing else.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import asdict
from pathlib import Path


def main() -> None:
    from indexer import oneshot
    from indexer.config import Settings

    root, store = Path(sys.argv[1]), Path(sys.argv[2])
    settings = Settings()
    started = time.perf_counter()
    outcome = oneshot.run(root, store, settings)
    seconds = time.perf_counter() - started
    print(json.dumps({"seconds": seconds, "outcome": asdict(outcome)}))


if __name__ == "__main__":  # worker processes import this module again
    main()
