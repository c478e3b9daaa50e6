"""Which crate and module a source file belongs to, from the manifests and the layout alone.

Reads Cargo.toml as text and never runs cargo, so it is safe in untrusted workspaces. Follows cargo's
target discovery (https://doc.rust-lang.org/cargo/reference/cargo-targets.html#target-auto-discovery);
`#[path]` and `mod` lines inside sources are not looked at here.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

MANIFEST = "Cargo.toml"


class Place(NamedTuple):
    """A file's crate (its name in paths, `_` for `-`) and module path in it ("" is the root)."""

    crate: str
    module_path: str


@dataclass(frozen=True, slots=True)
class _Package:
    directory: str  # "" or "a/b/"
    crate: str  # of the library target, or of the package
    library_root: str  # workspace-relative path of lib.rs
    roots: Mapping[str, str]  # workspace-relative path of other target roots → crate name


class CrateMap:
    """Places of files under the manifests of one workspace. Equal manifests give equal maps."""

    def __init__(self, manifests: Mapping[str, bytes]) -> None:
        packages: dict[str, _Package] = {}
        for path, data in manifests.items():
            content = read_manifest(data)
            if content is not None and (package := _package(path, content)) is not None:
                packages[package.directory] = package
        self._packages = packages
        self.crate_names = frozenset(p.crate for p in packages.values())

    def place(self, path: str) -> Place:
        """The crate and module of the file at workspace-relative `path`."""
        package = self._nearest(path)
        if package is None:
            directory, _, name = path.rpartition("/")
            return Place("", _module_path(f"{directory}/{name}".strip("/").removeprefix("src/"), ""))
        if path == package.library_root:
            return Place(package.crate, "")
        if path in package.roots:
            return Place(package.roots[path], "")
        inside = path.removeprefix(package.directory)
        for root, crate in package.roots.items():
            folder = root.rpartition("/")[0] + "/"
            if root.endswith("/main.rs") and folder != package.directory + "src/" and path.startswith(folder):
                return Place(crate, _module_path(path, folder))
        top, _, rest = inside.partition("/")
        parts = rest.split("/")
        if (top in ("tests", "examples", "benches") and rest) or inside.startswith("src/bin/"):
            if inside.startswith("src/bin/"):
                parts = parts[1:]
                if len(parts) > 2 or (len(parts) == 2 and parts[1] != "main.rs"):
                    return Place(_crate_name(parts[0]), _module_path("/".join(parts[1:]), ""))
            if len(parts) == 1:
                return Place(_crate_name(parts[0].removesuffix(".rs")), "")
            folder = path[: len(path) - len("/".join(parts))]
            if parts[-1] == "main.rs" and len(parts) == 2:
                return Place(_crate_name(parts[0]), "")
            return Place(f"{package.crate}_{top}", _module_path(path, folder))
        if inside == "build.rs":
            return Place(f"{package.crate}_build", "")
        folder = package.library_root.rpartition("/")[0]
        folder = f"{folder}/" if folder else ""
        if not path.startswith(folder):
            folder = package.directory
        module = _module_path(path, folder)
        return Place(package.crate, "" if inside == "src/main.rs" else module)

    def _nearest(self, path: str) -> _Package | None:
        directory = path
        while True:
            directory = directory.rpartition("/")[0]
            package = self._packages.get(f"{directory}/" if directory else "")
            if package is not None or not directory:
                return package


def read_manifest(data: bytes) -> dict[str, Any] | None:
    """The content of a Cargo.toml; None if it is not valid TOML (half-written, say)."""
    try:
        return tomllib.loads(data.decode())
    except (ValueError, RecursionError):
        return None


def is_manifest(path: str) -> bool:
    """Whether a change of `path` can move files to other crates."""
    return path == MANIFEST or path.endswith(f"/{MANIFEST}")


def manifests_among(paths: Iterable[str]) -> list[str]:
    """The manifests among `paths`, sorted."""
    return sorted(p for p in paths if is_manifest(p))


def _package(path: str, manifest: dict[str, Any]) -> _Package | None:
    directory = path.removesuffix(MANIFEST)
    package = manifest.get("package")
    if not isinstance(package, dict) or not isinstance(package.get("name"), str):
        return None
    name = package["name"]
    library = manifest.get("lib")
    library = library if isinstance(library, dict) else {}
    roots: dict[str, str] = {}
    for table in ("bin", "test", "example", "bench"):
        targets = manifest.get(table)
        for target in targets if isinstance(targets, list) else ():
            if isinstance(target, dict) and isinstance(target.get("path"), str):
                roots[_join(directory, target["path"])] = _crate_name(str(target.get("name", name)))
    return _Package(
        directory,
        _crate_name(str(library.get("name", name))),
        _join(directory, str(library.get("path", "src/lib.rs"))),
        roots,
    )


def _join(directory: str, relative: str) -> str:
    parts: list[str] = directory.strip("/").split("/") if directory else []
    for part in relative.replace("\\", "/").split("/"):
        if part == ".." and parts:
            parts.pop()
        elif part not in ("", ".", ".."):
            parts.append(part)
    return "/".join(parts)


def _crate_name(name: str) -> str:
    return name.replace("-", "_")


def _module_path(path: str, folder: str) -> str:
    parts = path[len(folder) :].removesuffix(".rs").split("/")
    if parts[-1] == "mod" or (len(parts) == 1 and parts[0] in ("lib", "main")):
        parts.pop()
    return "::".join(parts)
