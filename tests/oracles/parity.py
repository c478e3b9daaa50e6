"""Whether a workspace that was edited while it was hydrated ends in what a cold hydration of the same tree holds.

Drives real daemons with the real server. Every row of `store.hydration.dump_hydration` that only one side has is a
difference; none is the goal.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from indexer.protocol import RpcError
from store import hydration
from store.migrations import open_database
from tests.oracles.compiling_edits import Editor
from tests.oracles.hydrated import USELESS
from tests.oracles.tools import ToolMissing
from tests.system.service import ServiceProcess

Rows = dict[str, set[str]]
_SETTLE_S = 120.0


@dataclass(slots=True)
class Round:
    """What one comparison found. only_edited, only_cold: relation → rows, as JSON. `edits` since the last one."""

    edits: list[str]
    rows: int
    only_edited: Rows = field(default_factory=dict)
    only_cold: Rows = field(default_factory=dict)
    edited_s: float = 0.0
    cold_s: float = 0.0

    @property
    def differing(self) -> int:
        return sum(map(len, (*self.only_edited.values(), *self.only_cold.values())))

    def lines(self, most: int) -> Iterator[str]:
        """The first differing rows of each relation and side."""
        for side, relations in (("edited", self.only_edited), ("cold", self.only_cold)):
            for relation, rows in sorted(relations.items()):
                yield from (f"{relation} {side} {row}" for row in sorted(rows)[:most])


def rounds(tree: Path, scratch: Path, seed: int, edits: int, at_once: int = 3) -> Iterator[Round]:
    """Edits a copy of `tree`, for ever: each round makes about `edits` of them, one or up to `at_once` between two
    settled states, and compares. The edited store is that of one daemon, which is stopped only to be read."""
    root = scratch / "tree"
    shutil.copytree(tree, root, ignore=shutil.ignore_patterns("target", ".git"))
    editor = Editor(root, seed)
    service = ServiceProcess(scratch / "edited")
    with service:
        workspace = service.add(root, trusted=True)
        _settle(service, root)
    number = 0
    while True:
        number += 1
        done = len(editor.log)
        began = time.monotonic()
        with service:
            _settle(service, root)
            if number % 5 == 0:
                editor.restore()
                _settle(service, root)
            while len(editor.log) - done < edits:
                editor.edit(1 + len(editor.log) % at_once)
                _settle(service, root)
        edited_s = time.monotonic() - began
        began = time.monotonic()
        cold = cold_dump(root, scratch, f"cold-{number}")
        edited = _dump(service, workspace)
        found = Round(
            editor.log[done:],
            sum(map(len, cold.values())),
            edited_s=edited_s,
            cold_s=time.monotonic() - began,
        )
        for relation in cold.keys() | edited.keys():
            found.only_edited[relation] = edited[relation] - cold[relation]
            found.only_cold[relation] = cold[relation] - edited[relation]
        yield found


def cold_dump(root: Path, scratch: Path, name: str) -> Rows:
    """What a new store says of the tree. What cargo has built for the edited one is used again."""
    home = scratch / name
    home.mkdir()
    (home / "cache").symlink_to(scratch / "edited" / "cache")
    with ServiceProcess(home) as service:
        workspace = service.add(root, trusted=True)
        _settle(service, root)
    rows = _dump(service, workspace)
    shutil.rmtree(home)
    return rows


def _settle(service: ServiceProcess, root: Path) -> None:
    try:
        service.settle(root, _SETTLE_S, stage="semantic")
    except RpcError as error:
        raise AssertionError(f"never settled: {service.status(root)}") from error
    state = service.status(root)["hydration"]
    if state is None or state["state"] in USELESS:
        raise ToolMissing(f"rust-analyzer does not hydrate the tree: {state and state['reason']}")


def _dump(service: ServiceProcess, workspace: str) -> Rows:
    with open_database(service.paths.database(workspace)) as db:
        dump: dict[str, list[Any]] = hydration.dump_hydration(db)
    return {relation: {orjson.dumps(row).decode() for row in rows} for relation, rows in dump.items()}
