"""Opening a store that may be damaged: what cannot be opened is set aside and an empty one begun.

The store is a cache of the workspace, so that this loses time, not data. Knows nothing of how the index
is built again.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from store.database import Database, StoreBroken, StoreError, StoreLocked, StoreTooNew
from store.migrations import open_database

SET_ASIDE_KEPT = 2
"""How many broken stores stay on disk for whoever wants to look into them."""

# Faults of the machine, not of the store: to set a sound store aside would cure nothing.
_NOT_THE_STORES_FAULT = ("No space left", "Permission denied", "Read-only file system", "Too many open files")


@dataclass(frozen=True, slots=True)
class OpenedStore:
    """`reason` is empty when the store opened as it was; else it says why it was set aside."""

    database: Database
    reason: str
    set_aside: Path | None


def open_or_rebuild(path: Path, *, distrust: str = "") -> OpenedStore:
    """Open the store at `path`; a corrupt one, or one of a newer schema, becomes `<path>.broken-<n>`.

    `distrust` is a reason to set it aside without trying it, for a store that opens and then fails
    again. Raises StoreLocked when it is open elsewhere, and StoreBroken when the machine is at fault
    (disk full, no permission), with what to do about it.
    """
    reason = distrust
    if not reason:
        try:
            return OpenedStore(open_database(path), "", None)
        except StoreLocked:
            raise
        except (StoreBroken, StoreTooNew) as error:
            reason = str(error)
    if is_fault_of_machine(reason):
        raise StoreBroken(f"{reason}. Free space or fix the permissions of {path.parent}, then start again")
    aside = set_aside(path)
    return OpenedStore(open_database(path), reason, aside)


def is_fault_of_machine(reason: str) -> bool:
    """Whether a store failed for a reason that no other store would be spared."""
    return any(mark in reason for mark in _NOT_THE_STORES_FAULT)


def set_aside(path: Path) -> Path:
    """Rename a store that is not open to the next free `<path>.broken-<n>`; drop all but the newest two."""
    broken = broken_stores(path)
    number = _number(broken[-1]) + 1 if broken else 1
    target = path.with_name(f"{path.name}.broken-{number}")
    try:
        path.rename(target)
    except OSError as error:
        raise StoreError(f"cannot set the store at {path} aside ({error}): move it away by hand") from error
    for old in [*broken, target][:-SET_ASIDE_KEPT]:
        shutil.rmtree(old, ignore_errors=True)
        old.unlink(missing_ok=True)
    return target


def broken_stores(path: Path) -> list[Path]:
    """What has been set aside of this store, oldest first."""
    pattern = re.compile(re.escape(path.name) + r"\.broken-\d+")
    return sorted((p for p in path.parent.iterdir() if pattern.fullmatch(p.name)), key=_number)


def _number(path: Path) -> int:
    return int(path.name.rpartition("-")[2])
