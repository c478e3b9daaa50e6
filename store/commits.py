"""How a commit raises the clock and what it leaves in the change log.

Knows nothing of what the commit has changed otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence

import orjson

from store.database import Run
from store.model import FileChange
from store.schema import CHANGES_KEPT_CLOCKS, META_CHANGES_FLOOR, META_CLOCK, META_RESOLVED
from store.transaction import Transaction

_PRUNE_EVERY_CLOCKS = 256

_PRUNE = (
    "{c[clock] := clock in int_range($prune_from, $prune_to)"
    " ?[clock, path] := c[clock], *changes{clock, path} :rm changes {clock, path}}"
)


def read_meta(read: Run) -> dict[str, str]:
    """What is stored under every key of `meta`."""
    return dict(read("?[key, value] := *meta{key, value}"))


def advance(
    tx: Transaction,
    meta: dict[str, str],
    clock: int,
    changes: Sequence[FileChange],
    *,
    log_changes: bool = True,
    has_edges: bool = False,
) -> None:
    """Store the clock, where it is another than in `meta`, with the changes that it stands for. Without
    `log_changes`, readers of older clocks are told to start afresh."""
    put: list[list[str]] = []
    if has_edges and META_RESOLVED not in meta:
        put.append([META_RESOLVED, "1"])
    if clock != int(meta[META_CLOCK]):
        put.append([META_CLOCK, str(clock)])
        floor = int(meta[META_CHANGES_FLOOR])
        if not log_changes:
            put.append([META_CHANGES_FLOOR, str(clock)])
        else:
            rows = [[clock, c.path, orjson.dumps(c[1:]).decode()] for c in changes]
            tx.put("changes", rows)
            if clock - floor > CHANGES_KEPT_CLOCKS + _PRUNE_EVERY_CLOCKS:
                new_floor = clock - CHANGES_KEPT_CLOCKS
                tx.add(_PRUNE, prune_from=floor + 1, prune_to=new_floor + 1)
                put.append([META_CHANGES_FLOOR, str(new_floor)])
    tx.put("meta", put)
