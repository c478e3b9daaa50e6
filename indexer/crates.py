"""Which crate and module a source file belongs to, and what that crate can see, from the manifests alone.

A place depends on the manifests and on the file's own path, never on which other files there are: adding a
file moves no other. Follows cargo's target discovery (`indexer.manifests`); `#[path]` and `mod` lines inside
sources are facts of files: name resolution follows them.

A crate's name here is unique in the tree. A library has the name that code uses (`quill_core`), the binary
`src/main.rs` shares it. Every other target is named after its package: `quill_core#bin/tool`,
`quill_core#tests/end`, `quill_core#examples/show`, `quill_core#benches/fast`, `quill_core#build`. Of packages
whose libraries have one name, all but the first carry their directory: `demo@examples/two`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from hydrators.cfg import active, parse
from hydrators.manifest import crate_name
from hydrators.resolve import World
from indexer.cargo_workspaces import as_directory
from indexer.manifests import (
    AUTO_FOLDERS,
    MANIFEST,
    Package,
    Target,
    is_manifest,
    manifests_among,
    packages_of,
    read_contents,
    read_manifest,
)

_LABELS = {"bin": "bin", "example": "examples", "test": "tests", "bench": "benches"}
_NO_NAMES: Mapping[str, str] = {}


class Place(NamedTuple):
    """A file's crate (its name in paths, `_` for `-`) and module path in it ("" is the root)."""

    crate: str
    module_path: str


@dataclass(frozen=True, slots=True)
class _Folder:
    """A folder of a package. `crate` owns all files below it, as modules; if it is "", each file or folder in
    it is a crate of its own, whose name starts with `label`."""

    prefix: str
    crate: str
    label: str


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where the files of one package belong."""

    directory: str
    crate: str
    folders: tuple[_Folder, ...]  # the longest prefixes first
    stems: Mapping[str, str]  # path of a target's root in a shared folder, without .rs or /main.rs → crate


class Dependencies(Mapping[str, Mapping[str, str]]):
    """Crate → {name in its code: crate meant}, for all crates that manifests name. Answers for discovered
    targets too, which it does not list: they see what their package sees, a build script excepted."""

    __slots__ = ("_listed", "_seen")

    def __init__(self, seen: dict[str, Mapping[str, str]], listed: tuple[str, ...]) -> None:
        self._seen = seen
        self._listed = listed

    def __getitem__(self, crate: str) -> Mapping[str, str]:
        found = self._seen.get(crate)
        if found is None:
            package, _, target = crate.partition("#")
            return _NO_NAMES if target == "build" and package in self._seen else self._seen[package]
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._listed)

    def __len__(self) -> int:
        return len(self._listed)


@dataclass(frozen=True, slots=True)
class Places:
    """Where files belong. Equal if they say the same of every path."""

    _roots: Mapping[str, str]
    _layouts: Mapping[str, _Layout]  # directory of a package → its layout

    def place(self, path: str) -> Place:
        """The crate and module of the file at workspace-relative `path`; of a manifest, those of its
        package."""
        root = self._roots.get(path)
        if root is not None:
            return Place(root, "")
        layout = self._nearest(path)
        if layout is None:
            if is_manifest(path):
                return Place("", "")
            return Place("", _module_path(path.removesuffix(".rs").removeprefix("src/")))
        for folder in layout.folders:
            if path.startswith(folder.prefix):
                inside = path[len(folder.prefix) :].removesuffix(".rs")
                if folder.crate:
                    return Place(folder.crate, _module_path(inside))
                top, _, below = inside.partition("/")
                crate = layout.stems.get(folder.prefix + top)
                crate = crate or f"{layout.crate}#{folder.label}/{crate_name(top)}"
                return Place(crate, _module_path(below))
        inside = path[len(layout.directory) :]
        return Place(layout.crate, "" if inside == MANIFEST else _module_path(inside.removesuffix(".rs")))

    def _nearest(self, path: str) -> _Layout | None:
        directory = path
        while True:
            directory = directory.rpartition("/")[0]
            layout = self._layouts.get(f"{directory}/" if directory else "")
            if layout is not None or not directory:
                return layout


class CrateMap:
    """Places of files under the manifests of one workspace. Equal manifests give equal maps."""

    def __init__(self, manifests: Mapping[str, bytes]) -> None:
        packages = packages_of(read_contents(manifests))
        crates = _unique_names(packages)
        self.crate_names = frozenset(crates.values())
        roots: dict[str, str] = {}
        layouts: dict[str, _Layout] = {}
        listed: list[str] = []
        for directory, package in packages.items():
            crate = crates[directory]
            targets = _named_targets(package, crate)
            for path, target in targets:
                roots.setdefault(path, target)
            layouts[directory] = _layout(package, crate, targets)
            listed += {crate: None, **dict.fromkeys(target for _, target in targets)}
        self.dependencies = Dependencies(_seen(packages, crates), tuple(listed))
        """What each crate can name of the others."""
        self._places = Places(roots, layouts)
        self.world = World(self.dependencies, self._places)
        """What names mean beside definitions; compare it with `==`."""

    def place(self, path: str) -> Place:
        """As `Places.place`."""
        return self._places.place(path)


def _unique_names(packages: Mapping[str, Package]) -> dict[str, str]:
    """Directory → crate name. Of several packages with one name, the members of the outermost workspace come
    first, then the shallowest directory."""
    roots = [package.workspace for package in packages.values() if package.workspace is not None]
    outermost = min(roots, key=lambda root: (root.count("/"), root), default=None)

    def rank(directory: str) -> tuple[bool, int, str]:
        return packages[directory].workspace != outermost, directory.count("/"), directory

    names: dict[str, str] = {}
    taken: set[str] = set()
    for directory in sorted(packages, key=rank):
        name = packages[directory].library.name
        names[directory] = f"{name}@{directory.rstrip('/') or '.'}" if name in taken else name
        taken.add(name)
    return names


def _named_targets(package: Package, crate: str) -> list[tuple[str, str]]:
    """(root file, crate) of the targets whose root the manifest names, and of the build scripts."""
    source = package.directory + "src/"
    named = [
        # Of a binary without a path, edition 2015 takes `src/<name>.rs` too.
        (target, f"{source}{target.name}.rs")
        if package.edition == "2015" and target.kind == "bin" and not target.path
        else (target, target.path)
        for target in package.targets
    ]
    here = (package.directory, source, _folder_of(package.library.path))
    binaries = [path for target, path in named if target.kind == "bin"]
    found = []
    for target, path in named:
        # The only binary of a package without a library owns the modules beside it; whether there is a
        # library can only be guessed.
        is_alone = binaries == [path] and _folder_of(path) in here and not package.has_library_table
        if path:
            is_main = path == f"{source}main.rs"
            found.append((path, crate if is_main or is_alone else _target_crate(crate, target)))
    found += [(script, f"{crate}#build") for script in package.build_scripts]
    found.append((package.library.path, crate))
    return found


def _target_crate(crate: str, target: Target) -> str:
    return f"{crate}#{_LABELS[target.kind]}/{crate_name(target.name)}"


def _layout(package: Package, crate: str, targets: list[tuple[str, str]]) -> _Layout:
    directory = package.directory
    library = _folder_of(package.library.path)
    stems: dict[str, str] = {}
    folders: dict[str, _Folder] = {}
    for kind, folder in AUTO_FOLDERS.items():
        prefix = directory + folder
        if kind != "bin" or kind in package.discovered or any(p.startswith(prefix) for p, _ in targets):
            folders[prefix] = _Folder(prefix, "", _LABELS[kind])
    inside: dict[str, list[tuple[str, str]]] = {}
    for path, target in targets:
        inside.setdefault(_folder_of(path), []).append((path, target))
    for prefix, roots in inside.items():
        if prefix in (directory, library, directory + "src/") or not prefix.startswith(directory):
            continue
        outer = _folder_of(prefix.rstrip("/"))
        is_main = len(roots) == 1 and roots[0][0] == f"{prefix}main.rs"
        if outer in folders and is_main:
            stems[prefix.rstrip("/")] = roots[0][1]
        elif prefix in folders or len(roots) > 1:
            label = prefix[len(directory) : -1]
            folders.setdefault(prefix, _Folder(prefix, "", label))
            stems.update((path.removesuffix(".rs"), target) for path, target in roots)
        elif is_main or not prefix.startswith(directory + "src/"):
            folders[prefix] = _Folder(prefix, roots[0][1], "")
    folders.setdefault(library, _Folder(library, crate, ""))
    if not f"{directory}src/".startswith(library) or library == directory:
        folders.setdefault(f"{directory}src/", _Folder(f"{directory}src/", crate, ""))
    ordered = sorted(folders.values(), key=lambda folder: (-len(folder.prefix), folder.prefix))
    return _Layout(directory, crate, tuple(f for f in ordered if f.prefix != directory), stems)


def _seen(packages: Mapping[str, Package], crates: Mapping[str, str]) -> dict[str, Mapping[str, str]]:
    """What each package's code can name, and what its build script can."""
    seen: dict[str, Mapping[str, str]] = {}
    for directory, package in packages.items():
        code = {package.library.name: crates[directory]}
        build: dict[str, str] = {}
        # A dependency's own name wins over the key of one that is not renamed: code writes the former. Of
        # dependencies for different targets under one name, the usual build's wins.
        links = sorted(package.links, key=lambda link: _likelihood(link.target))
        for link in links:
            names = build if link.kind == "build" else code
            name = crate_name(link.name) if link.is_renamed else packages[link.directory].library.name
            names[name] = crates[link.directory]
        for link in reversed(links):
            names = build if link.kind == "build" else code
            names.setdefault(crate_name(link.name), crates[link.directory])
        seen[crates[directory]] = code
        if build:
            seen[f"{crates[directory]}#build"] = build
    return seen


def _likelihood(target: str) -> int:
    """How likely a dependency's target is the one that is built for: a `cfg(…)`, a triple, or "" for all."""
    if target.startswith("cfg("):
        holds = active(parse(target[4:].rpartition(")")[0]))
        return 1 if holds is None else 2 if holds else 0
    return 2 if not target or "-linux-" in target else 0


def _folder_of(path: str) -> str:
    return as_directory(path.rpartition("/")[0])


def _module_path(inside: str) -> str:
    parts = inside.split("/")
    if parts[-1] == "mod" or (len(parts) == 1 and parts[0] in ("lib", "main")):
        parts.pop()
    return "::".join(parts)


__all__ = ["CrateMap", "Dependencies", "Place", "is_manifest", "manifests_among", "read_manifest"]
