"""What one Cargo.toml says by itself: its package, its features and its dependencies.

Owns the facts of a manifest's bytes. What other manifests add (members, inherited fields, the package that a
path leads to) is not looked at here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from hydrators.tolerant.tokens import digest
from hydrators.toml_text import Span, TomlText, read_toml
from store.model import (
    Definition,
    FileFacts,
    FileRecord,
    FileStat,
    NodeFacts,
    NodeKind,
    NodeSpan,
    Reference,
    ReferenceKind,
)

NOTE_INVALID_TOML = "invalid_toml"

_TABLES = {
    "dependencies": "normal",
    "dev-dependencies": "dev",
    "dev_dependencies": "dev",
    "build-dependencies": "build",
    "build_dependencies": "build",
}
_CRATE = NodeKind.CRATE.value
_FEATURE = NodeKind.FEATURE.value
_IMPORT = ReferenceKind.IMPORT.value
_PATH = ReferenceKind.PATH.value


class Dependency(NamedTuple):
    """One entry of a dependency table, as written."""

    kind: str  # "normal", "dev" or "build"
    target: str  # the `cfg(…)` or triple it is for, "" for all
    key: str
    package: str  # the package's name: the key, or what `package = …` says
    is_renamed: bool
    path: str | None  # None unless it is a path dependency
    is_inherited: bool  # `workspace = true`
    is_from_registry: bool  # neither a path nor a git repository
    is_optional: bool
    place: tuple[str, ...]  # its key path in the manifest


def crate_name(name: str) -> str:
    """The name that paths in code use for a package or target."""
    return name.replace("-", "_")


def package_of(content: Mapping[str, Any]) -> dict[str, Any] | None:
    """The `[package]` table (`[project]` before 2018); None without one that has a name."""
    for key in ("package", "project"):
        package = content.get(key)
        if isinstance(package, dict) and isinstance(package.get("name"), str) and package["name"]:
            return package
    return None


def library_name(content: Mapping[str, Any]) -> str:
    """The crate name of the package's library; "" without a package."""
    package, library = package_of(content), content.get("lib")
    if package is None:
        return ""
    named = library.get("name") if isinstance(library, dict) else None
    return crate_name(named if isinstance(named, str) and named else package["name"])


def dependencies_of(content: Mapping[str, Any]) -> tuple[Dependency, ...]:
    """All dependencies of a manifest, those for single targets included."""
    found = list(_tables(content, "", ()))
    targets = content.get("target")
    for target, tables in targets.items() if isinstance(targets, dict) else ():
        if isinstance(tables, dict):
            found += _tables(tables, target, ("target", target))
    return tuple(found)


def workspace_dependencies_of(content: Mapping[str, Any]) -> dict[str, Dependency]:
    """`[workspace.dependencies]` by key."""
    workspace = content.get("workspace")
    table = workspace.get("dependencies") if isinstance(workspace, dict) else None
    entries = table if isinstance(table, dict) else {}
    place = ("workspace", "dependencies")
    return {key: _dependency("normal", "", key, value, (*place, key)) for key, value in entries.items()}


def _tables(content: Mapping[str, Any], target: str, place: tuple[str, ...]) -> Iterator[Dependency]:
    for name, kind in _TABLES.items():
        table = content.get(name)
        for key, value in table.items() if isinstance(table, dict) else ():
            yield _dependency(kind, target, key, value, (*place, name, key))


def _dependency(kind: str, target: str, key: str, value: object, place: tuple[str, ...]) -> Dependency:
    entry = value if isinstance(value, dict) else {}
    package, path = entry.get("package"), entry.get("path")
    return Dependency(
        kind,
        target,
        key,
        package if isinstance(package, str) else key,
        isinstance(package, str),
        path if isinstance(path, str) else None,
        entry.get("workspace") is True,
        not isinstance(path, str) and "git" not in entry,
        entry.get("optional") is True,
        place,
    )


def features_of(content: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Every feature with what it turns on; an optional dependency that no feature mentions as `dep:x` is a
    feature of its own (https://doc.rust-lang.org/cargo/reference/features.html#optional-dependencies)."""
    table = content.get("features")
    found = {
        name: tuple(item for item in values if isinstance(item, str))
        for name, values in (table.items() if isinstance(table, dict) else ())
        if isinstance(values, list)
    }
    explicit = {item for values in found.values() for item in values if item.startswith("dep:")}
    for dependency in dependencies_of(content):
        implied = f"dep:{dependency.key}"
        if dependency.is_optional and implied not in explicit:
            found.setdefault(dependency.key, (implied,))
    return found


# ---------------------------------------------------------------------------- facts


def manifest_facts(path: str, data: bytes, stat: FileStat, crate: str, module_path: str) -> FileFacts:
    """The facts of the manifest at `path`: a node for its package, one for each of its features.

    `crate` is the name under which the workspace's map knows the package; "" stands for its library's name.
    Of a half-written manifest there is what can be read statement by statement.
    """
    toml = read_toml(data)
    record = FileRecord(
        path,
        "indexed",
        "",
        ("manifest",) if toml.is_valid else ("manifest", NOTE_INVALID_TOML),
        digest(data),
        stat,
        data.count(b"\n") + (1 if data and not data.endswith(b"\n") else 0),
        0 if toml.is_valid else 1,
        crate,
        module_path,
    )
    package = package_of(toml.content)
    if package is None:
        return FileFacts(record, (), (), {}, (), data)
    return _Reading(path, data, toml, crate or library_name(toml.content)).facts(record, package)


class _Reading:
    """One manifest with a package, on its way to facts."""

    def __init__(self, path: str, data: bytes, toml: TomlText, crate: str) -> None:
        self._path = path
        self._data = data
        self._toml = toml
        self._crate = crate
        self._name = library_name(toml.content)
        self._dependencies = dependencies_of(toml.content)
        self._packages = {dependency.key: dependency.package for dependency in self._dependencies}
        self._line_at = 0
        self._line = 1

    def facts(self, record: FileRecord, package: Mapping[str, Any]) -> FileFacts:
        data, name = self._data, self._name
        signature = f"{package['name']}{_version(package)} (edition{_edition(package)})"
        root = self._node(_CRATE, package["name"], name, "", signature, digest(data), _meaning(self._toml))
        nodes = [root]
        spans = [NodeSpan(root.id, 0, len(data), 1, max(record.lines, 1))]
        references = {root.id: tuple(self._imports())} if self._dependencies else {}
        definitions = [self._definition(root, f"crate {self._crate}")]
        table = features_of(self._toml.content)
        at = {feature: self._feature_span(feature) for feature in table}
        for feature, turned_on in sorted(table.items(), key=lambda entry: (at[entry[0]], entry[0])):
            span = at[feature]
            text = data[span.start_byte : span.end_byte]
            signature = f"{feature} = {json.dumps(turned_on, ensure_ascii=False)}"
            own = digest(signature.encode(errors="replace"))
            node = self._node(_FEATURE, feature, f"{name}/{feature}", root.id, signature, digest(text), own)
            nodes.append(node)
            first = self._line_of(span.start_byte)
            last = first + text.rstrip().count(b"\n")
            spans.append(NodeSpan(node.id, span.start_byte, span.end_byte, first, last))
            if found := tuple(self._turned_on(turned_on, text)):
                references[node.id] = found
            definitions.append(self._definition(node, f"feature {self._crate}/{feature}"))
        return FileFacts(record, tuple(nodes), tuple(spans), references, tuple(definitions), data)

    def _node(
        self, kind: str, name: str, qualified: str, parent: str, signature: str, own_hash: str, meaning: str
    ) -> NodeFacts:
        is_valid = self._toml.is_valid
        stem = self._path.rpartition("/")[2].removesuffix(".toml")
        return NodeFacts(
            id=f"{self._path}-{stem}-{qualified}",
            kind=kind,
            name=name,
            qualified_name=qualified,
            parent_id=parent,
            isgl_level=2 if parent else 1,
            module="",
            owner="",
            visibility="",
            signature_ts=signature,
            signature_syn=signature if is_valid else "",
            cfg="",
            attributes=(),
            is_test=False,
            parse_error_count=0 if is_valid or parent else 1,
            recovered=not is_valid,
            hash=own_hash,
            signature_hash=digest(signature.encode(errors="replace")),
            meaning_hash=meaning,
        )

    def _definition(self, node: NodeFacts, key: str) -> Definition:
        return Definition(key, node.id, node.kind, self._path, self._crate, "", "", node.signature_ts, "")

    def _imports(self) -> Iterator[Reference]:
        for dependency in self._dependencies:
            start, end = self._toml.span(dependency.place)
            yield Reference(crate_name(dependency.key), dependency.package, _IMPORT, start, end)

    def _feature_span(self, feature: str) -> Span:
        place: tuple[str, ...] = ("features", feature)
        if place not in self._toml.spans:
            for dependency in self._dependencies:
                if dependency.key == feature and dependency.is_optional:
                    place = dependency.place
                    break
        return self._toml.span(place)

    def _turned_on(self, items: tuple[str, ...], text: bytes) -> Iterator[Reference]:
        """References of a feature: to features (path_text `own` or `dependency/feature`) and dependencies."""
        at = 0
        for item in items:
            needle = item.encode(errors="replace")
            found = text.find(needle, at)
            start, end = (found, found + len(needle)) if found >= 0 else (0, len(text))
            at = end if found >= 0 else at
            dependency, slash, feature = item.rpartition("/")
            if item.startswith("dep:"):
                dependency = item.removeprefix("dep:")
            dependency = dependency.removesuffix("?")
            if dependency:
                package = self._packages.get(dependency, dependency)
                yield Reference(crate_name(dependency), package, _IMPORT, start, end)
            if slash:
                yield Reference(feature, f"{crate_name(dependency)}/{feature}", _PATH, start, end)
            elif not dependency:
                yield Reference(item, item, _PATH, start, end)

    def _line_of(self, byte: int) -> int:
        """The line of a byte; asked for in rising order, so that the text is read once."""
        self._line += self._data.count(b"\n", self._line_at, byte)
        self._line_at = max(byte, self._line_at)
        return self._line


def _version(package: Mapping[str, Any]) -> str:
    version = package.get("version")
    if isinstance(version, str):
        return f" {version}"
    return " version.workspace" if _is_inherited(version) else ""


def _edition(package: Mapping[str, Any]) -> str:
    edition = package.get("edition")
    if isinstance(edition, str):
        return f" {edition}"
    return ".workspace" if _is_inherited(edition) else " 2015"


def _is_inherited(value: object) -> bool:
    return isinstance(value, dict) and value.get("workspace") is True


def _meaning(toml: TomlText) -> str:
    """A hash of the values alone: blind to comments, white space and the order of keys."""
    try:
        return digest(json.dumps(toml.content, sort_keys=True, default=str).encode())
    except (RecursionError, ValueError):
        return digest(repr(sorted(toml.spans)).encode(errors="replace"))
