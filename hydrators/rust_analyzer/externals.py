"""What lies outside the workspace: crate, version and path of a definition, by a hover where it stands.

Described once for each place and remembered as long as the server.
"""

from __future__ import annotations

import asyncio
import os
import tomllib
from collections.abc import Awaitable, Callable
from functools import lru_cache
from pathlib import Path

from hydrators.rust_analyzer.disk import read_bytes
from hydrators.rust_analyzer.model import ExternalItem, Position
from hydrators.rust_analyzer.signatures import Shown, name_of
from hydrators.rust_analyzer.sysroot import Sources

LEADING_ON = {
    "into": "core::convert::<T as Into<U>>::into",
    "try_into": "core::convert::<T as TryInto<U>>::try_into",
    "parse": "core::str::parse",
    "to_string": "alloc::string::<T as ToString>::to_string",
}
"""Functions of the standard library, by name, that rust-analyzer does not stop at: whoever asks what a call
of one means is taken to the function of the impl that it ends in."""

Place = tuple[str, Position]
"""A file and where in it."""
Hover = Callable[[str, Position], Awaitable[Shown | None]]
"""What the server shows at a place, if anything."""


class Externals:
    """Of one server and workspace."""

    def __init__(self, root: str, sources: Sources, hover: Hover) -> None:
        self._root = root
        self._sources = sources
        self._hover = hover
        self._known: dict[tuple[Place, str], asyncio.Future[ExternalItem]] = {}

    async def defined_at(self, place: Place, site: Place, word: str) -> ExternalItem:
        """The item that is defined at a place, and that the token `word` at `site` means. Whoever asks
        meanwhile waits for the same answer."""
        # Where a macro makes it, only the site can tell what it is called.
        key = (place, word)
        if (known := self._known.get(key)) is not None:
            return await asyncio.shield(known)
        answer: asyncio.Future[ExternalItem] = asyncio.get_running_loop().create_future()
        self._known[key] = answer
        try:
            item = await self._describe(place, site)
        except BaseException as error:
            del self._known[key]
            answer.set_exception(error if isinstance(error, Exception) else ConnectionError("given up"))
            answer.exception()  # whoever waits gets it; perhaps nobody does
            raise
        answer.set_result(item)
        return item

    async def led_on_from(self, site: Place) -> ExternalItem | None:
        """The function of `LEADING_ON` that a call at `site` names, None if it is another."""
        shown = await self._hover(*site)
        if shown is None:
            return None
        kind, name = name_of(shown)
        path = f"{shown.container}::{name}"
        if path != LEADING_ON.get(name):
            return None
        return ExternalItem(path.partition("::")[0], self._sources.release, path, kind, shown.signature)

    async def _describe(self, place: Place, site: Place) -> ExternalItem:
        crate, version = self._package(place[0])
        for one in (place, site):  # the definition of a module or crate is a whole file
            shown = await self._hover(*one)
            if shown is None:
                continue
            kind, name = name_of(shown)
            if kind or name:
                whole = f"{shown.container}::{name}" if shown.container else name
                named = whole.partition("::")[0]
                if shown.container and crate.replace("-", "_") != named:  # a macro of another crate makes it
                    crate, version = self._locked(named)
                    if not version:
                        break
                return ExternalItem(crate or named, version, whole, kind, shown.signature)
        return ExternalItem(crate, version, "", "", "")

    def _locked(self, name: str) -> tuple[str, str]:
        """The package that a crate of this name is, and its version as Cargo.lock says: "" of a crate of the
        workspace itself, or of one in several versions."""
        if os.path.isdir(os.path.join(self._sources.folder or os.devnull, name)):
            return name, self._sources.release
        data = read_bytes(os.path.join(self._root, "Cargo.lock"))
        try:
            packages = tomllib.loads(data.decode())["package"] if data is not None else []
            found = [p for p in packages if str(p["name"]).replace("-", "_") == name]
            if len(found) == 1:
                return str(found[0]["name"]), str(found[0]["version"]) if "source" in found[0] else ""
        except (ValueError, KeyError, TypeError):
            pass
        return name, ""

    def _package(self, path: str) -> tuple[str, str]:
        sources = self._sources
        crate, version = package_of(os.path.dirname(path))
        if sources.folder and path.startswith(sources.folder + "/") and "/vendor/" not in path:
            inside = path[len(sources.folder) + 1 :].partition("/")[0]
            return crate or inside, sources.release
        return crate, version


@lru_cache(4_096)
def package_of(folder: str) -> tuple[str, str]:
    """Name and version of the package that a folder belongs to; ("", "") if it belongs to none."""
    for place in (folder, *map(str, Path(folder).parents)):
        data = read_bytes(os.path.join(place, "Cargo.toml"))
        if data is None:
            continue
        try:
            package = tomllib.loads(data.decode())["package"]
            version = package.get("version", "")
            return str(package["name"]), version if isinstance(version, str) else ""
        except (ValueError, KeyError, TypeError, AttributeError):
            continue
    return "", ""
