"""The packages of a tree as its manifests describe them: workspaces, inheritance, targets, dependencies.

Reads Cargo.toml as text and never runs cargo, so it is safe in untrusted workspaces. A half-written manifest
counts with what can be read of it. Knows nothing of modules, and of files only the names it is given.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from hydrators.manifest import (
    Dependency,
    dependencies_of,
    features_of,
    library_name,
    package_of,
    workspace_dependencies_of,
)
from hydrators.toml_text import read_values
from indexer.cargo_workspaces import OUTSIDE, Contents, as_directory, join, root_of

MANIFEST = "Cargo.toml"
AUTO_FOLDERS = {"bin": "src/bin/", "example": "examples/", "test": "tests/", "bench": "benches/"}
"""Where cargo discovers targets by itself, by kind of target
(https://doc.rust-lang.org/cargo/reference/cargo-targets.html#target-auto-discovery)."""

_AUTO_KEYS = {"bin": "autobins", "example": "autoexamples", "test": "autotests", "bench": "autobenches"}


class Target(NamedTuple):
    """One target. `path` is relative to the workspace; in a package's explicit targets "" where it is left
    to discovery. `edition` of an explicit target is "" where it is the package's."""

    kind: str  # "lib", "bin", "example", "test", "bench" or "custom-build"
    name: str
    path: str
    edition: str


class Link(NamedTuple):
    """A dependency on a package of the same tree."""

    kind: str  # "normal", "dev" or "build"
    target: str
    name: str  # the key
    is_renamed: bool  # code then writes the key, else the library's own name
    is_optional: bool
    directory: str  # of the package meant
    has_path: bool  # found by its path, not by a patch of the registry


class Package(NamedTuple):
    """One package. Directories are "" or end with "/"."""

    directory: str
    name: str
    version: str
    edition: str
    workspace: str | None  # directory of the workspace root it belongs to; None if it stands alone
    library: Target  # cargo takes the default path only if it exists
    has_library_table: bool
    discovers_library: bool
    targets: tuple[Target, ...]  # those that the manifest names, without library and build scripts
    discovered: frozenset[str]  # kinds of targets that cargo discovers
    build_scripts: tuple[str, ...]
    links: tuple[Link, ...]
    features: Mapping[str, tuple[str, ...]]


def is_manifest(path: str) -> bool:
    """Whether a change of `path` can move files to other crates."""
    return path == MANIFEST or path.endswith(f"/{MANIFEST}")


def manifests_among(paths: Iterable[str]) -> list[str]:
    """The manifests among `paths`, sorted."""
    return sorted(p for p in paths if is_manifest(p))


def read_manifest(data: bytes) -> dict[str, Any] | None:
    """The content of a Cargo.toml; None if it is not valid TOML (half-written, say)."""
    content, is_valid = read_values(data)
    return content if is_valid else None


def read_contents(manifests: Mapping[str, bytes]) -> dict[str, dict[str, Any]]:
    """What the manifests hold, by directory, sorted by it."""
    return {path.removesuffix(MANIFEST): read_values(manifests[path])[0] for path in sorted(manifests)}


def packages_of(contents: Contents) -> dict[str, Package]:
    """All packages by directory, sorted by it."""
    roots: dict[str, _Root] = {}
    return {
        directory: _package(directory, package, contents, roots)
        for directory, content in contents.items()
        if (package := package_of(content)) is not None
    }


# ---------------------------------------------------------------------------- targets


def targets_of(package: Package, files: Collection[str]) -> tuple[Target, ...]:
    """All targets of a package, given at least the paths of its .rs files: those that the manifest names and
    those that cargo discovers. Sorted; names as cargo gives them."""
    found: list[Target] = []
    library = package.library
    if package.has_library_table or (package.discovers_library and library.path in files):
        found.append(library)
    for kind, folder in AUTO_FOLDERS.items():
        discovered = dict(_discover(package, kind, folder, files))
        named = [target for target in package.targets if target.kind == kind]
        for target in named:
            path = target.path or discovered.get(target.name, "")
            path = path or (package.edition == "2015" and _old_path(package, kind, target.name, files)) or ""
            found.append(target._replace(path=path, edition=target.edition or package.edition))
        names, paths = {target.name for target in named}, {target.path for target in named}
        if kind in package.discovered:
            found += [
                Target(kind, name, path, package.edition)
                for name, path in discovered.items()
                if name not in names and path not in paths
            ]
    for script in package.build_scripts:
        if script in files:
            name = "build-script-" + script.rpartition("/")[2].removesuffix(".rs")
            found.append(Target("custom-build", name, script, package.edition))
    return tuple(sorted(found))


def _discover(package: Package, kind: str, folder: str, files: Collection[str]) -> Iterator[tuple[str, str]]:
    start = package.directory + folder
    if kind == "bin" and (main := f"{package.directory}src/main.rs") in files:
        yield package.name, main
    for path in sorted(files):
        if path.startswith(start) and path.endswith(".rs"):
            name, _, rest = path[len(start) :].partition("/")
            if rest in ("", "main.rs") and not name.startswith("."):
                yield name if rest else name.removesuffix(".rs"), path


def _old_path(package: Package, kind: str, name: str, files: Collection[str]) -> str:
    """Where cargo looks for a binary without a path in edition 2015."""
    source = f"{package.directory}src/"
    own = [] if package.library.path in files else [f"{source}{name}.rs"]
    places = (*own, f"{source}main.rs", f"{source}bin/main.rs") if kind == "bin" else ()
    return next((path for path in places if path in files), "")


# ---------------------------------------------------------------------------- packages


class _Root(NamedTuple):
    """What a workspace root gives to its members."""

    directory: str
    package: Mapping[str, Any]
    dependencies: Mapping[str, Dependency]
    patches: Mapping[str, str]  # package name → directory


def _root(directory: str, content: Mapping[str, Any]) -> _Root:
    workspace = content.get("workspace")
    package = workspace.get("package") if isinstance(workspace, dict) else None
    return _Root(
        directory,
        package if isinstance(package, dict) else {},
        workspace_dependencies_of(content),
        _patches(directory, content),
    )


def _package(
    directory: str, table: Mapping[str, Any], contents: Contents, roots: dict[str, _Root]
) -> Package:
    content = contents[directory]
    workspace = root_of(directory, contents)
    if workspace is None:
        root = _root(directory, content)
    else:
        if workspace not in roots:
            roots[workspace] = _root(workspace, contents[workspace])
        root = roots[workspace]
    inherited = root.package
    # A root that is not in the tree has most likely set an edition of its time.
    default = "2021" if isinstance(table.get("edition"), dict) else "2015"
    edition = _field(table, "edition", inherited, default)
    library = content.get("lib")
    table_of_library = library if isinstance(library, dict) else {}
    path, own_edition = table_of_library.get("path"), table_of_library.get("edition")
    named = tuple(_named_targets(directory, table["name"], content))
    kinds = {target.kind for target in named}
    return Package(
        directory=directory,
        name=table["name"],
        version=_field(table, "version", inherited, "0.0.0"),
        edition=edition,
        workspace=workspace,
        library=Target(
            "lib",
            library_name(content),
            join(directory, path if isinstance(path, str) else "src/lib.rs"),
            own_edition if isinstance(own_edition, str) else edition,
        ),
        has_library_table=isinstance(library, dict),
        discovers_library=table.get("autolib") is not False,
        targets=named,
        discovered=frozenset(
            kind
            for kind, key in _AUTO_KEYS.items()
            if table.get(key, not (edition == "2015" and kind in kinds)) is not False
        ),
        build_scripts=_build_scripts(directory, table.get("build")),
        links=tuple(_links(directory, content, root, contents)),
        features=features_of(content),
    )


def _field(table: Mapping[str, Any], key: str, inherited: Mapping[str, Any], default: str) -> str:
    value = table.get(key)
    if isinstance(value, dict) and value.get("workspace") is True:
        value = inherited.get(key)
    return value if isinstance(value, str) else default


def _named_targets(directory: str, package: str, content: Mapping[str, Any]) -> Iterator[Target]:
    for kind in AUTO_FOLDERS:
        entries = content.get(kind)
        for entry in entries if isinstance(entries, list) else ():
            if isinstance(entry, dict):
                name, path, edition = entry.get("name"), entry.get("path"), entry.get("edition")
                yield Target(
                    kind,
                    name if isinstance(name, str) and name else package,
                    join(directory, path) if isinstance(path, str) else "",
                    edition if isinstance(edition, str) else "",
                )


def _build_scripts(directory: str, build: object) -> tuple[str, ...]:
    if build is False:
        return ()
    named = build if isinstance(build, list) else [build if isinstance(build, str) else "build.rs"]
    return tuple(join(directory, script) for script in named if isinstance(script, str))


def _links(directory: str, content: Mapping[str, Any], root: _Root, contents: Contents) -> Iterator[Link]:
    """The dependencies that lead to packages of the tree: by their path, through the workspace's table, or
    because the workspace root puts a path in the place of the registry's package (`[patch]`)."""
    for dependency in dependencies_of(content):
        base, meant = directory, dependency
        if dependency.is_inherited and dependency.key in root.dependencies:
            base, meant = root.directory, root.dependencies[dependency.key]
        found = _directory(base, meant, root.patches)
        if package_of(contents.get(found, {})) is not None:
            yield Link(
                dependency.kind,
                dependency.target,
                dependency.key,
                meant.is_renamed,
                dependency.is_optional,
                found,
                meant.path is not None,
            )


def _patches(root: str, content: Mapping[str, Any]) -> dict[str, str]:
    """Package name → directory, for the patches of any source that are paths."""
    sources = content.get("patch")
    found: dict[str, str] = {}
    for table in sources.values() if isinstance(sources, dict) else ():
        for key, entry in table.items() if isinstance(table, dict) else ():
            if isinstance(entry, dict) and isinstance(entry.get("path"), str):
                found.setdefault(str(entry.get("package", key)), as_directory(join(root, entry["path"])))
    return found


def _directory(base: str, dependency: Dependency, patches: Mapping[str, str]) -> str:
    """Where the package is; OUTSIDE if it is not known to be in the tree."""
    if dependency.path is not None:
        return as_directory(join(base, dependency.path))
    return patches.get(dependency.package, OUTSIDE) if dependency.is_from_registry else OUTSIDE
