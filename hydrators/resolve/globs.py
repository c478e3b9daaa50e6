"""What glob imports open: the modules and enums whose names a module sees beside its own.

Finds modules, not names; what a name means in them is for `scope`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hydrators.resolve.definitions import TYPE_KINDS, named_module, usual
from hydrators.resolve.module_files import without_ways_back
from store.model import Definition, NodeKind

if TYPE_CHECKING:
    from hydrators.resolve.scope import Scope

_MODULE, _USE, _ENUM = NodeKind.MODULE.value, NodeKind.USE.value, NodeKind.ENUM.value
_NAMED = frozenset((*TYPE_KINDS, _USE))
_MAX_PLAIN = 4
_MAX_REACH = 400
_FEW_GLOBS = 4  # more modules than this are asked for a name by one key of their crate

Reach = tuple[tuple[tuple[str, bool], ...], tuple[tuple[str, frozenset[str]], ...]]
"""Modules to be asked one by one, and whether all of their names are seen; modules to be asked by crate."""
_NO_REACH: Reach = ((), ())


class Globs:
    """Answers for the definitions of one scope."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def reach(self, module: str, viewer: str, is_plain: bool) -> Reach:
        """The modules and enums whose names glob imports bring into a module, as `viewer` sees it; with
        `is_plain` only what can be told without going through other globs."""
        if not self._scope.get(f"{module}::*"):
            return _NO_REACH
        inside = self._scope.is_within(viewer, module)
        return self._scope.remember(
            ("reach", module, inside, is_plain), lambda: self._find_reach(module, inside, is_plain)
        )

    def _find_reach(self, module: str, inside: bool, is_plain: bool) -> Reach:
        found: dict[str, bool] = {}  # path → whether all of its names are seen
        pending = [(module, inside)]
        visited = {module}
        while pending:
            current, is_inside = pending.pop(0)
            for path, is_enum, is_public in self._globs(current, is_plain):
                if path in visited or not (is_inside or is_public):
                    continue
                opened = [(path, is_enum)]
                if not is_enum and len(visited) < _MAX_REACH and not self._scope.is_within(module, path):
                    opened += self._opened(path, is_plain)
                for far, is_far_enum in opened:
                    if far not in visited:
                        visited.add(far)
                        within = self._scope.is_within(module, far)
                        found[far] = is_far_enum or within
                        if within:
                            pending.append((far, True))
        direct = [(path, is_open) for path, is_open in found.items() if is_open]
        others = [path for path, is_open in found.items() if not is_open]
        if len(others) <= _FEW_GLOBS:
            return ((*direct, *((path, False) for path in others)), ())
        by_crate: dict[str, set[str]] = {}
        for path in others:
            by_crate.setdefault(path.partition("::")[0], set()).add(path)
        return (tuple(direct), tuple((crate, frozenset(paths)) for crate, paths in sorted(by_crate.items())))

    def _opened(self, module: str, is_plain: bool) -> tuple[tuple[str, bool], ...]:
        """(path, whether it is an enum) of all that the visible glob imports of a module open for others, one
        behind another."""
        return self._scope.remember(("opened", module, is_plain), lambda: self._find_opened(module, is_plain))

    def _find_opened(self, module: str, is_plain: bool) -> tuple[tuple[str, bool], ...]:
        found: dict[str, bool] = {}
        pending = [module]
        visited = {module}
        while pending and len(visited) < _MAX_REACH:
            for path, is_enum, is_public in self._globs(pending.pop(0), is_plain):
                if is_public and path not in visited:
                    visited.add(path)
                    found[path] = is_enum
                    if not is_enum:
                        pending.append(path)
        return tuple(found.items())

    def _globs(self, module: str, is_plain: bool) -> tuple[tuple[str, bool, bool], ...]:
        """(path, whether it is an enum, whether others see it) of what the glob imports of a module open, as
        far as that is known."""
        return self._scope.remember(("globs", module, is_plain), lambda: self._find_globs(module, is_plain))

    def _find_globs(self, module: str, is_plain: bool) -> tuple[tuple[str, bool, bool], ...]:
        found = []
        for d in self._scope.get(f"{module}::*"):
            target = self._plain_target(d, 0)
            if target is None and not is_plain:
                far = self._scope.imported_behind_glob(d)
                if far is not None and not far.rest and far.path[0] != "!":
                    target = far.path, any(definition.kind == _ENUM for definition in far.definitions)
            if target is not None:
                found.append((*target, bool(d.visibility)))
        return tuple(found)

    def _plain_target(self, d: Definition, depth: int) -> tuple[str, bool] | None:
        """(path, whether it is an enum) of what an import names, if its path leads through declared modules
        and named imports alone."""
        segments = d.text.split("::")
        current, at = named_module(d.module), 1
        crate = current.partition("::")[0]
        head = segments[0]
        if head in ("crate", "$crate"):
            current = crate
        elif head == "super":
            current = self._scope.parent(current)
            while at < len(segments) and segments[at] == "super":
                current, at = self._scope.parent(current), at + 1
        elif head != "self":
            is_own = without_ways_back(self._scope.get(f"{current}::{head}"))
            external = None if is_own else self._scope.crate(head, crate)
            current, at = (current, 0) if external is None else (external, 1)
        is_enum = False
        for segment in segments[at:]:
            if is_enum or "#" in current or not current or current[0] == "!":
                return None
            members = without_ways_back(self._scope.get(f"{current}::{segment}"))
            members = usual(members) or members
            kinds = {m.kind for m in members} & _NAMED
            if kinds == {_USE} and depth < _MAX_PLAIN:
                target = self._plain_target(members[0], depth + 1)
                if target is None:
                    return None
                current, is_enum = target
                continue
            if _MODULE in kinds and (elsewhere := self._scope.elsewhere(members, f"{current}::{segment}")):
                current = elsewhere
                continue
            if kinds not in ({_MODULE}, {_ENUM}):
                return None
            is_enum = kinds == {_ENUM}
            current = f"{current}::{segment}"
        return (current, is_enum) if current and current[0] != "!" else None
