"""Which cargo workspace a package belongs to, by the rules of cargo.

Works on the contents of manifests by directory; directories are "" (the tree's root) or end with "/".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

from hydrators.manifest import package_of

Contents = Mapping[str, Mapping[str, Any]]
"""Directory → content of its manifest."""

OUTSIDE = "//"
"""No path of the tree."""


class Workspace(NamedTuple):
    """One workspace: the directories of its member packages, sorted."""

    directory: str
    members: tuple[str, ...]


def workspaces_of(contents: Contents, links: Mapping[str, Iterable[str]]) -> tuple[Workspace, ...]:
    """The workspaces whose root is in the tree, with all packages that cargo counts as members: those that
    are listed, and from these on all path dependencies inside the root's directory. `links` has, for every
    package's directory, the directories of the packages that it depends on by a path."""
    return tuple(
        Workspace(directory, tuple(sorted(_members(directory, content, contents, links))))
        for directory, content in contents.items()
        if isinstance(content.get("workspace"), dict)
    )


def join(directory: str, relative: str) -> str:
    """`relative` seen from `directory`, without "." and ".."; OUTSIDE if that leaves the tree."""
    relative = relative.replace("\\", "/")
    if relative.startswith("/") or relative[1:2] == ":":
        return OUTSIDE
    parts: list[str] = directory.strip("/").split("/") if directory else []
    for part in relative.split("/"):
        if part == "..":
            if not parts:
                return OUTSIDE
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


def as_directory(path: str) -> str:
    """A joined path as a directory."""
    return f"{path}/" if path else ""


def root_of(directory: str, contents: Contents) -> str | None:
    """The directory of the workspace root of the package in `directory`, found as cargo finds it: its own
    manifest, then the one it points to, then the nearest one above that does not exclude it."""
    at = directory
    while True:
        content = contents.get(at)
        if content is not None:
            if isinstance(content.get("workspace"), dict):
                if at == directory or not _excludes(at, content, directory):
                    return at
            else:
                pointer = (package_of(content) or {}).get("workspace")
                if isinstance(pointer, str):
                    root = as_directory(join(at, pointer))
                    return root if isinstance(contents.get(root, {}).get("workspace"), dict) else None
        if not at:
            return None
        at = as_directory(at.rstrip("/").rpartition("/")[0])


def _strings(table: object, key: str) -> list[str]:
    values = table.get(key) if isinstance(table, dict) else None
    return [value for value in values if isinstance(value, str)] if isinstance(values, list) else []


def _excludes(root: str, content: Mapping[str, Any], directory: str) -> bool:
    def covers(path: str) -> bool:
        return directory.startswith(as_directory(join(root, path)))

    workspace = content["workspace"]
    return any(map(covers, _strings(workspace, "exclude"))) and not any(
        map(covers, _strings(workspace, "members"))
    )


def _members(
    root: str, content: Mapping[str, Any], contents: Contents, links: Mapping[str, Iterable[str]]
) -> set[str]:
    members: set[str] = set()
    pending = [root] if root in links else []
    for listed in _strings(content["workspace"], "members"):
        folder = join(root, listed)
        if any(sign in folder for sign in "*?["):
            pattern = folder.split("/")
            pending += [directory for directory in links if _is_match(pattern, directory)]
        elif as_directory(folder) in links:
            pending.append(as_directory(folder))
    while pending:
        directory = pending.pop()
        if directory not in members and not _excludes(root, content, directory):
            members.add(directory)
            pending += [
                found
                for found in links[directory]
                if found in links and (found.startswith(root) or root_of(found, contents) == root)
            ]
    return members


def _is_match(pattern: list[str], directory: str) -> bool:
    """Whether a pattern of member paths names a directory; `**` is any number of folders."""
    reached = _skip_folders(pattern, {0})
    for part in directory.rstrip("/").split("/"):
        on = set()
        for at in reached:
            if at < len(pattern) and pattern[at] == "**":
                on.add(at)
            elif at < len(pattern) and fnmatchcase(part, pattern[at]):
                on.add(at + 1)
        reached = _skip_folders(pattern, on)
    return len(pattern) in reached


def _skip_folders(pattern: list[str], reached: set[int]) -> set[int]:
    for at, part in enumerate(pattern):
        if part == "**" and at in reached:
            reached.add(at + 1)
    return reached
