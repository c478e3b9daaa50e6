"""The models that are on this machine: found by name or path, listed, removed.

A model of the folder is `<name>.gguf`, with `<name>.json` beside it that says where it came from; whatever
is under way lies in `.partial`. Obtaining them is not done here.
"""

from __future__ import annotations

import json
import os
import re
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from hydrators.llama.gguf_header import Header, model_id
from hydrators.models import catalogue
from hydrators.models.catalogue import Role
from hydrators.models.error import ModelError, Trouble
from hydrators.models.header import inspect

PARTIAL = ".partial"

_SUFFIX = ".gguf"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,99}")


class Origin(NamedTuple):
    """What was recorded when a model was obtained; all "" for a file that was put there by hand."""

    source: str = ""
    sha256: str = ""
    obtained_at: str = ""  # ISO 8601, UTC


class InstalledModel(NamedTuple):
    """A whole GGUF on this machine. `name` is the path itself for one outside of the folder; of `title` and
    `licence` the catalogue's word goes before the file's."""

    name: str
    path: Path
    model_id: str  # of its bytes: vectors hang on it
    role: Role
    title: str
    licence: str
    header: Header
    origin: Origin

    @property
    def size_bytes(self) -> int:
        return self.header.size_bytes

    @property
    def context_tokens(self) -> int:
        return self.header.number("context_length")

    @property
    def dimension(self) -> int:
        """Of its vectors; 0 for generation."""
        return self.header.dimension if self.role == Role.EMBED else 0


def is_path(name_or_path: str) -> bool:
    """Whether a file is meant and not a name."""
    return os.sep in name_or_path or name_or_path.startswith("~") or name_or_path.endswith(_SUFFIX)


def place_of(folder: Path, name_or_path: str) -> Path:
    """Where the model is, or would be. Raises ModelError UNKNOWN for what cannot be a name."""
    if is_path(name_or_path):
        with suppress(OSError, RuntimeError, ValueError):
            return Path(name_or_path).expanduser().resolve()
    elif _NAME.fullmatch(name_or_path):
        return folder / f"{name_or_path}{_SUFFIX}"
    shown = name_or_path[:100].encode("utf-8", "replace").decode()
    raise ModelError(
        Trouble.UNKNOWN, f"{shown!r} is neither a name nor a path", catalogue.nearest(name_or_path)
    )


def find(folder: Path, name_or_path: str) -> InstalledModel | None:
    """The model, None for a name that is not there.

    Raises ModelError UNFIT if the file is no whole GGUF, UNKNOWN for a path that leads to no file.
    """
    path = place_of(folder, name_or_path)
    if not is_path(name_or_path) and not path.is_file():
        return None
    is_own = path.parent == folder.resolve() or path.parent == folder
    name = path.name.removesuffix(_SUFFIX) if is_own else str(path)
    header = inspect(path)
    known = catalogue.KNOWN.get(name)
    return InstalledModel(
        name=name,
        path=path,
        model_id=model_id(path, header),
        role=Role.EMBED if header.is_embedder else Role.GENERATE,
        title=known.title if known else header.name,
        licence=known.licence if known else str(header.values.get("general.license", "")),
        header=header,
        origin=_read_origin(path) if is_own else Origin(),
    )


def names(folder: Path) -> list[str]:
    """Of all models in the folder, whole or not."""
    with suppress(OSError):
        found = (path.name.removesuffix(_SUFFIX) for path in folder.glob(f"*{_SUFFIX}"))
        return sorted(name for name in found if _NAME.fullmatch(name))
    return []


def partial_bytes(folder: Path, name: str) -> int:
    """How much of an interrupted download waits to be gone on with."""
    return sum(path.stat().st_size for path in _parts(folder, name))


def remove(folder: Path, name: str) -> int:
    """Removes a model of the folder, and what an interrupted download has left; the bytes that are free now.

    A process that has it open goes on with it. Raises ModelError NOT_OURS for a file elsewhere, ABSENT if
    nothing is there, DISK if it cannot be removed.
    """
    path = place_of(folder, name)
    if path.parent not in (folder, folder.resolve()):
        raise ModelError(Trouble.NOT_OURS, f"{path} is your own file", "remove it yourself")
    name = path.name.removesuffix(_SUFFIX)
    doomed = [path, origin_file(path), *_parts(folder, name)]
    freed, is_there = 0, False
    for file in doomed:
        try:
            size = file.lstat().st_size
            file.unlink()
        except FileNotFoundError:
            continue
        except OSError as error:
            raise ModelError(
                Trouble.DISK, f"{file} cannot be removed: {error.strerror}", "check its folder's permissions"
            ) from None
        freed, is_there = freed + size, is_there or file.suffix != ".json"
    if not is_there:
        raise ModelError(Trouble.ABSENT, f"there is no model {name} here", "isg models list shows the models")
    return freed


def origin_file(path: Path) -> Path:
    return path.with_suffix(".json")


def _read_origin(path: Path) -> Origin:
    try:
        said = json.loads(origin_file(path).read_text(encoding="utf-8"))
        return Origin(*(str(said[name]) for name in Origin._fields))
    except (OSError, ValueError, KeyError, TypeError):
        return Origin()


def _parts(folder: Path, name: str) -> list[Path]:
    """Begun downloads of `name`: `<name>@<first of its hash>.part`."""
    with suppress(OSError):
        return [path for path in (folder / PARTIAL).iterdir() if path.name.rpartition("@")[0] == name]
    return []
