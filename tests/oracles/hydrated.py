"""What this project says of a tree once rust-analyzer has spoken: a real daemon hydrates it, then its store is read.

The only module of the oracles that runs the product whole.
"""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from store import hydration
from store.database import Database
from store.migrations import open_database
from store.model import ExternalNode, HydratedNode
from tests.oracles import ours
from tests.oracles.ours import Ours
from tests.oracles.tools import ToolMissing
from tests.system.service import ServiceProcess

TIMEOUT_S = 600.0
USELESS = ("absent", "broken")


@dataclass(frozen=True, slots=True)
class Hydrated:
    """`ours` with the merged edges. answers: by node. left_alone: path → why. `status` is what `status` said of the
    stage in the end, `seconds` how long it took from `add` on."""

    ours: Ours
    answers: dict[str, HydratedNode]
    externals: dict[str, ExternalNode]
    left_alone: dict[str, str]
    status: dict[str, Any]
    seconds: float


def hydrate(root: Path) -> Hydrated:
    """Hydrates `root` as it is now, from nothing. Raises ToolMissing where rust-analyzer cannot be had."""
    with tempfile.TemporaryDirectory(prefix="isg-accuracy-") as folder:
        began = time.monotonic()
        with ServiceProcess(Path(folder) / "home") as service:
            workspace = service.add(root, trusted=True)
            service.settle(root, TIMEOUT_S, stage="semantic")
            seconds = time.monotonic() - began
            status = service.status(root)["hydration"]
            store = service.paths.database(workspace)
        if status is None or status["state"] in USELESS:
            reason = "switched off" if status is None else status["reason"]
            raise ToolMissing(f"rust-analyzer did not hydrate the tree: {reason}")
        with open_database(store) as db:
            return read(db, status, seconds)


def read(db: Database, status: dict[str, Any], seconds: float) -> Hydrated:
    """All of a settled store."""
    found = ours.read(db, edges=True)
    answers: dict[str, HydratedNode] = {}
    for path in found.files:
        answers |= hydration.hydrated_nodes(db, path)
    externals: dict[str, ExternalNode] = {}
    for node in answers.values():
        for edge in node.edges:
            if edge.dst_id and edge.dst_id not in found.where and edge.dst_id not in externals:
                external = hydration.external_node(db, edge.dst_id)
                assert external is not None, edge
                externals[edge.dst_id] = external
    left_alone = {path: reason for path, reason, _ in hydration.dump_hydration(db)["files"] if reason}
    return Hydrated(found, answers, externals, left_alone, status, seconds)
