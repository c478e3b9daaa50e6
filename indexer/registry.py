"""The list of workspaces that the user has added, and which of them are trusted.

One JSON file, written whole to a temporary name and renamed, so that it is never seen half-written.
Knows nothing of stores or of watching.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

REVISION = 1


class RegistryError(RuntimeError):
    """The registry cannot be read, or a workspace cannot be in it; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One workspace. `root` is absolute and free of symbolic links; `added_at` is a Unix time."""

    id: str
    root: Path
    trusted: bool = False
    paused: bool = False
    added_at: float = 0.0


def make_entry(root: Path, *, trusted: bool, taken: Iterable[str] = ()) -> Entry:
    """An entry for the directory `root`. Raises RegistryError if it is none, or is the whole disk.

    The id is `<name>-<six hex digits of the path's hash>`: readable, and the same after remove and add.
    """
    try:
        real = root.expanduser().resolve(strict=True)
    except (OSError, RuntimeError, ValueError):  # absent, a loop of links, a NUL in it
        raise RegistryError(f"there is no directory {root}: give the root of a Rust workspace") from None
    if not real.is_dir():
        raise RegistryError(f"{real} is a file: give the directory that holds it")
    if not os.access(real, os.R_OK | os.X_OK):
        raise RegistryError(f"{real} cannot be read by you: fix its permissions, then add it again")
    if real == Path(real.anchor):
        raise RegistryError("the whole file system is not a workspace: give the root of a Rust workspace")
    name = re.sub(r"[^A-Za-z0-9_.]+", "-", real.name).strip("-.")[:40] or "workspace"
    for length in range(6, 33):
        digest = hashlib.blake2s(os.fsencode(real)).hexdigest()[:length]
        if f"{name}-{digest}" not in taken:
            return Entry(f"{name}-{digest}", real, trusted, False, time.time())
    raise RegistryError(f"no free id for {real}")


class Registry:
    """The entries, in order of addition. Every change is on disk when the call returns."""

    def __init__(self, path: Path, entries: Iterable[Entry], warning: str = "") -> None:
        self._path = path
        self._entries = {entry.id: entry for entry in entries}
        self.warning = warning

    @classmethod
    def load(cls, path: Path) -> Registry:
        """Reads `path`; absent means empty. A damaged file is set aside and named in `warning`.

        Raises RegistryError for a file of a newer version: dropping it would forget the user's workspaces.
        """
        try:
            document = json.loads(path.read_text(encoding="utf-8"))
            if document["revision"] > REVISION:
                raise RegistryError(
                    f"{path} was written by a newer isg (revision {document['revision']}): "
                    "upgrade isg, or move that file away and add your workspaces again"
                )
            return cls(path, [_entry_of(item) for item in document["workspaces"]])
        except FileNotFoundError:
            return cls(path, [])
        except OSError as error:
            raise RegistryError(f"{path} cannot be read ({error.strerror}): make it readable") from None
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            aside = path.with_name(f"{path.name}.broken")
            os.replace(path, aside)
            return cls(
                path,
                [],
                f"the list of workspaces was damaged ({error!r}) and set aside as {aside}: "
                "add your workspaces again",
            )

    def entries(self) -> list[Entry]:
        return list(self._entries.values())

    def get(self, workspace_id: str) -> Entry | None:
        return self._entries.get(workspace_id)

    def at(self, root: Path) -> Entry | None:
        """The workspace with exactly this root."""
        return next((entry for entry in self._entries.values() if entry.root == root), None)

    def around(self, path: Path) -> Entry | None:
        """The innermost workspace that holds `path`."""
        inside = [entry for entry in self._entries.values() if path.is_relative_to(entry.root)]
        return max(inside, key=lambda entry: len(entry.root.parts), default=None)

    def put(self, entry: Entry) -> None:
        self._save({**self._entries, entry.id: entry})

    def update(self, workspace_id: str, **changes: Any) -> Entry:
        entry = replace(self._entries[workspace_id], **changes)
        self.put(entry)
        return entry

    def remove(self, workspace_id: str) -> None:
        self._save({key: entry for key, entry in self._entries.items() if key != workspace_id})

    def _save(self, entries: dict[str, Entry]) -> None:
        items = [{**asdict(entry), "root": str(entry.root)} for entry in entries.values()]
        # surrogateescape and not UTF-8 strict: a root may have a name that is no valid text
        text = json.dumps({"revision": REVISION, "workspaces": items}, indent=2)
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        temporary = self._path.with_name(f"{self._path.name}.new")
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, self._path)
        self._entries = entries


def _entry_of(item: dict[str, Any]) -> Entry:
    return Entry(
        str(item["id"]),
        Path(item["root"]),
        bool(item.get("trusted", False)),
        bool(item.get("paused", False)),
        float(item.get("added_at", 0.0)),
    )
