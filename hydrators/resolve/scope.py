"""What a path means in a module: items, imports, globs, re-exports, crates and the prelude.

Everything is found through look-up keys, and every key that was asked for is remembered: an answer is a
pure function of the definitions under those keys. Knows nothing of types.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from hydrators.resolve import declarations
from hydrators.resolve.definitions import (
    TYPE_KINDS,
    is_within,
    join,
    live,
    named_module,
    usual,
)
from hydrators.resolve.globs import Globs
from hydrators.resolve.memory import Memory
from hydrators.resolve.module_files import has_own_folder, other_file, redirect, without_ways_back
from store.model import AMBIGUOUS, Definition, NodeKind

_MODULE, _CRATE, _USE = NodeKind.MODULE.value, NodeKind.CRATE.value, NodeKind.USE.value
_STRUCT, _ENUM, _VARIANT, _EXTERN_CRATE = (
    NodeKind.STRUCT.value,
    NodeKind.ENUM.value,
    NodeKind.VARIANT.value,
    NodeKind.EXTERN_CRATE.value,
)
_VALUES = frozenset(
    k.value
    for k in (
        NodeKind.FUNCTION,
        NodeKind.METHOD,
        NodeKind.CONST,
        NodeKind.STATIC,
        NodeKind.STRUCT,
        NodeKind.VARIANT,
    )
)
_SPACES = {"type": TYPE_KINDS, "value": _VALUES}
_STANDARD = {"std": "std", "core": "std", "alloc": "std", "proc_macro": "!proc_macro", "test": "!test"}
_PRELUDES = ("std::prelude::v1", "std::prelude::rust_2024")
ROOTS = frozenset(("crate", "$crate", "self", "super"))
_MAX_HOPS = 12

Seen = frozenset[tuple[str, str]]
_NOTHING_SEEN: Seen = frozenset()
_BEHIND_GLOB = ("*", "")  # one glob is looked for through another: that goes one step, and no further
_BEHIND_GLOB_SEEN: Seen = frozenset((_BEHIND_GLOB,))


class Definitions(Protocol):
    """Everything that is defined, by look-up key."""

    def get(self, key: str, /) -> Sequence[Definition]: ...


class Places(Protocol):
    """Where files belong."""

    def place(self, path: str, /) -> tuple[str, str]:
        """(crate, module path in it) of a file, whether there is one or not."""
        ...


class World(NamedTuple):
    """What names mean beside definitions."""

    crates: Mapping[str, Mapping[str, str]]
    """Crate in the workspace → {name in its code: crate}, of its dependencies that are in the workspace."""
    places: Places | None = None


class Found(NamedTuple):
    """What a path names: `path` is absolute ("!…" outside of what is known), `rest` the segments behind a
    type, `rule` how it was found."""

    path: str
    definitions: tuple[Definition, ...]
    rest: tuple[str, ...]
    rule: str


class Scope(Memory):
    """Answers for one generation of definitions; remembers what it has found."""

    def __init__(
        self, definitions: Definitions, world: World, standard: Mapping[str, Sequence[Definition]]
    ) -> None:
        super().__init__()
        self._definitions = definitions
        self._world = world
        self._standard: Mapping[str, Sequence[Definition]] = standard if "std" not in world.crates else {}
        self._has_standard = bool(self._standard)
        self._globs = Globs(self)

    # ------------------------------------------------------------------ asking

    def get(self, key: str) -> Sequence[Definition]:
        """All definitions under a key, the standard library's last."""
        if self._has_standard:
            if key.startswith("std::"):
                return self._standard.get(key, ())
            self.keys.add(key)
            own = self._definitions.get(key)
            more = self._standard.get(key)
            return [*own, *more] if more and own is not AMBIGUOUS else own
        self.keys.add(key)
        return self._definitions.get(key)

    # ------------------------------------------------------------------ modules

    def parent(self, module: str) -> str:
        """The module that declares a module, "" for a root."""
        return declarations.parent(self.get, module)

    def elsewhere(self, members: Sequence[Definition], path: str) -> str:
        """Where the items of the module `path` with these definitions live, "" if under its own name."""
        owner = next((d.owner for d in members if d.kind == _MODULE and d.owner), "")
        if owner and declarations.has_files_beside(self.get, owner):
            return owner.rpartition("::")[0] + path[len(owner) :]
        target = redirect(members)
        file = other_file(target)
        if not file:
            return target
        if self._world.places is None:
            return "!"
        crate, module = self._world.places.place(file)
        return join(crate or "_", module)

    def is_within(self, viewer: str, module: str) -> bool:
        """Whether a module is this one or declared in it."""
        if is_within(viewer, module):
            return True
        viewer = named_module(viewer)
        seat = self.seat(viewer)
        return seat != viewer and is_within(seat, self.seat(module))

    def seat(self, module: str) -> str:
        """A module's path by the names of all declarations above it, as the compiler has it."""
        return self.remember(("seat", module), lambda: declarations.seat(self.get, module))

    def _is_visible(self, found: Found, viewer: str) -> bool:
        return not found.definitions or any(
            d.visibility or self.is_within(viewer, d.module) for d in found.definitions
        )

    # ------------------------------------------------------------------ paths

    @property
    def has_standard(self) -> bool:
        """Whether the standard library is known by its declarations, and so is not the workspace itself."""
        return self._has_standard

    def is_foreign(self, segments: Sequence[str], module: str) -> bool:
        """Whether a value's path that names nothing known leads out of the workspace, as far as it can be
        told: a type that is not found may be made by a macro."""
        found = self.resolve(segments, module, "value")
        if found is None and len(segments) > 1:
            found = self.first(segments[0], module, "type")
        if found is None:
            return False
        if found.path[0] == "!":
            return not found.path[1:2].isupper()
        return self._has_standard and found.path.partition("::")[0] == "std"

    def resolve(self, segments: Sequence[str], module: str, space: str) -> Found | None:
        """What `segments` name as written in `module`; `space` is "type" or "value"."""
        question = ("path", tuple(segments), module, space)
        return self.remember_here(question, lambda: self._resolve(segments, module, space, _NOTHING_SEEN))

    def _resolve(self, segments: Sequence[str], module: str, space: str, seen: Seen) -> Found | None:
        crate = module.partition("::")[0]
        head = segments[0]
        count = len(segments)
        at = 1
        rule = "path"
        definitions: tuple[Definition, ...] = ()
        if head in ("crate", "$crate"):
            current = crate
        elif head == "self":
            current = named_module(module)
        elif head == "super":
            current = self.parent(named_module(module))
            while at < count and segments[at] == "super":
                current = self.parent(current)
                at += 1
            if not current:
                return None
        elif head == "":
            if count < 2:
                return None
            external = self.crate(segments[1], crate)
            if external is None:
                found = self._find(crate, segments[1], "type" if count > 2 else space, module, seen)
                if found is None:
                    return Found("!" + "::".join(segments[1:]), (), (), "external")
                external, definitions = found.path, found.definitions
            current, at = external, 2
        else:
            found = self._first(head, module, space if count == 1 else "type", seen)
            if found is None:
                return Found("!" + "::".join(segments), (), (), "external") if count > 1 else None
            if count == 1:
                return found
            current, definitions, rule = found.path, found.definitions, found.rule
        while at < count:
            if current.startswith("!"):
                return Found("::".join([current, *segments[at:]]), (), (), "external")
            last = at == count - 1
            if definitions and not any(d.kind == _MODULE or d.kind == _CRATE for d in definitions):
                if any(d.kind == _ENUM for d in definitions):
                    named = self.get(f"{current}::{segments[at]}")
                    variants = tuple([d for d in named if d.kind == _VARIANT])
                    if variants:
                        return Found(f"{current}::{segments[at]}", variants, tuple(segments[at + 1 :]), rule)
                return Found(current, definitions, tuple(segments[at:]), rule)
            found = self._find(current, segments[at], space if last else "type", module, seen)
            if found is not None:
                current, definitions = found.path, found.definitions
                if rule == "path" and found.rule in ("import", "glob"):
                    rule = "re-export"
            elif last or head not in ROOTS:
                return None
            else:  # a module that nothing declares: its line is not written yet, or a macro writes it
                current, definitions = f"{current}::{segments[at]}", ()
            at += 1
        return Found(current, definitions, (), rule)

    def first(self, name: str, module: str, space: str) -> Found | None:
        """A name on its own, as a module or body sees it."""
        return self._first(name, module, space, _NOTHING_SEEN)

    def _first(self, name: str, module: str, space: str, seen: Seen) -> Found | None:
        found = self._find(module, name, space, module, seen)
        while found is None and module.endswith("}"):
            module = module.rpartition("::")[0]
            found = self._find(module, name, space, module, seen)
        if found is not None:
            return found
        crate = module.partition("::")[0]
        if space == "type":
            external = self.crate(name, crate)
            if external is not None:
                return Found(external, (), (), "crate")
        if self._has_standard or "std" in self._world.crates:
            prelude = self._prelude(name, space, seen)
            if prelude is not None:
                return prelude
        return None

    def _prelude(self, name: str, space: str, seen: Seen) -> Found | None:
        if any(mark[0] in _PRELUDES or mark[1] in _PRELUDES for mark in seen):
            return None
        return self.remember(("prelude", name, space), lambda: self._find_prelude(name, space))

    def _find_prelude(self, name: str, space: str) -> Found | None:
        for prelude in _PRELUDES:
            found = self._find(prelude, name, space, prelude, _NOTHING_SEEN)
            if found is not None:
                return found._replace(rule="prelude")
        return None

    def crate(self, name: str, crate: str) -> str | None:
        """The root of the crate called `name` in the code of `crate`."""
        known = self._world.crates.get(crate, {}).get(name)
        if known is not None:
            return known
        if self._has_standard and name in _STANDARD:
            return _STANDARD[name]
        return None

    def _find(self, module: str, name: str, space: str, viewer: str, seen: Seen) -> Found | None:
        members = self.get(f"{module}::{name}")
        if members:
            found = self._among(usual(members), module, name, space, seen)
            if found is not None:
                return found
        direct, by_name = self._globs.reach(module, viewer, _BEHIND_GLOB in seen)
        for glob, is_open in direct:
            found = self._named(glob, name, space, seen)
            if found is not None and (is_open or self._is_visible(found, viewer)):
                return found._replace(rule="glob")
        for crate, modules in by_name:
            for d in self.get(f"{crate}*{name}"):
                if d.module in modules:
                    found = self._named(d.module, name, space, seen)
                    if found is not None:
                        return found._replace(rule="glob")
        if not members:
            return None
        return self._among(live(without_ways_back(members)), module, name, space, seen)

    def _named(self, module: str, name: str, space: str, seen: Seen) -> Found | None:
        """An item or a named import of a module, or a variant of an enum."""
        members = self.get(f"{module}::{name}")
        return self._among(usual(members), module, name, space, seen) if members else None

    def _among(
        self, members: Sequence[Definition], module: str, name: str, space: str, seen: Seen
    ) -> Found | None:
        kinds = _SPACES[space]
        direct = tuple([d for d in members if d.kind in kinds])
        if space == "value" and direct:
            direct = tuple([d for d in direct if d.kind != _STRUCT or "{" not in d.text])
        if direct:
            if direct[0].kind == _MODULE and (elsewhere := self.elsewhere(members, f"{module}::{name}")):
                return Found(elsewhere, direct, (), "module")
            if (
                "#" in module
                and direct[0].kind == _MODULE
                and not direct[0].container
                and "::" not in module
                and not has_own_folder(module, direct[0].file_path)
            ):
                # `mod util;` in tests/a.rs is tests/util.rs, which cargo takes for a target of its own too.
                return Found(f"{module.rpartition('/')[0]}/{name}", direct, (), "module")
            return Found(f"{module}::{name}", direct, (), "module")
        mark = (module, name)
        if mark in seen or len(seen) > _MAX_HOPS:
            return None
        seen = seen | {mark}
        for d in members:
            if d.kind == _USE:
                found = self._imported(d, space, seen)
                if found is not None and not found.rest:
                    return found._replace(rule="import")
            elif d.kind == _EXTERN_CRATE and space == "type":
                external = self.crate(_crate_name(d.text), module.partition("::")[0])
                return Found(external or f"!{_crate_name(d.text)}", (), (), "crate")
        return None

    def has_trait(self, path: str, module: str) -> bool:
        """Whether a trait is in scope in a module or block: by its name, or imported as `_`."""
        found = self.resolve([path.rpartition("::")[2]], module, "type")
        if found is not None and found.path == path:
            return True
        while True:
            for d in self.get(f"{module}::_"):
                found = self._imported(d, "type", _NOTHING_SEEN)
                if found is not None and found.path == path:
                    return True
            if not module.endswith("}"):
                return False
            module = module.rpartition("::")[0]

    def imported_behind_glob(self, d: Definition) -> Found | None:
        """What an import names, looked for on the way of a glob import through others."""
        return self._imported(d, "type", _BEHIND_GLOB_SEEN)

    def _imported(self, d: Definition, space: str, seen: Seen) -> Found | None:
        segments = d.text.split("::")
        module = d.module
        found = None
        # An import may be named like what it imports: `use log::log;` looks for the crate, not for itself.
        mark = (module, segments[0])
        if mark in seen and segments[0] not in ("crate", "self", "super", ""):
            external = self.crate(segments[0], module.partition("::")[0])
            if external is not None:
                if len(segments) == 1:
                    return Found(external, (), (), "crate")
                return self._resolve(["", *segments], module, space, seen)
        if segments == ["self"] or segments == ["super"] or segments == ["crate"]:
            return self._resolve(segments, module, "type", seen)
        found = self._resolve(segments, module, space, seen)
        if found is None:
            head = segments[0]
            if head in ("crate", "self", "super"):
                return None
            root = module.partition("::")[0]
            if root != module:  # the 2015 edition: paths of imports start at the crate's root
                found = self._resolve(["crate", *segments], module, space, seen)
            if found is None and self._first(head, module, "type", seen) is None:
                return Found("!" + d.text, (), (), "external")
        return found


def _crate_name(text: str) -> str:
    """`extern crate a as b` → a"""
    words = text.rstrip(";").split()
    return words[words.index("crate") + 1] if "crate" in words and words[-1] != "crate" else ""
