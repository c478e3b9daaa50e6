"""How much memory this process holds, from the kernel and without a dependency."""

from __future__ import annotations

import os
import resource
import sys


def resident_bytes() -> int:
    """The resident set now (Linux), or at its peak where the kernel does not say (macOS)."""
    if sys.platform == "linux":
        with open("/proc/self/statm", "rb") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
