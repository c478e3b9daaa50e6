"""What a path means in a module: items, imports, globs, re-exports, crates and the prelude.

Everything is found through look-up keys, and every key that was asked for is remembered: an answer is a
pure function of the definitions under those keys. Knows nothing of types.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import NamedTuple, Protocol, TypeVar

from hydrators.cfg import active, parse
from hydrators.resolve.definitions import named_module
from store.model import AMBIGUOUS, Definition, NodeKind

T = TypeVar("T")

_MODULE, _CRATE, _USE = NodeKind.MODULE.value, NodeKind.CRATE.value, NodeKind.USE.value
_STRUCT, _ENUM, _VARIANT, _EXTERN_CRATE = (
    NodeKind.STRUCT.value,
    NodeKind.ENUM.value,
    NodeKind.VARIANT.value,
    NodeKind.EXTERN_CRATE.value,
)
_TYPES = frozenset(
    k.value
    for k in (
        NodeKind.STRUCT,
        NodeKind.ENUM,
        NodeKind.UNION,
        NodeKind.TRAIT,
        NodeKind.TRAIT_ALIAS,
        NodeKind.TYPE_ALIAS,
        NodeKind.MODULE,
        NodeKind.CRATE,
        NodeKind.VARIANT,
    )
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
_SPACES = {"type": _TYPES, "value": _VALUES}
_STANDARD = {"std": "std", "core": "std", "alloc": "std", "proc_macro": "!proc_macro", "test": "!test"}
_PRELUDES = ("std::prelude::v1", "std::prelude::rust_2024")
_STANDARD_MACROS = frozenset(
    f"{name}!"
    for name in [
        "assert",
        "assert_eq",
        "assert_ne",
        "cfg",
        "column",
        "compile_error",
        "concat",
        "dbg",
        "debug_assert",
        "debug_assert_eq",
        "debug_assert_ne",
        "env",
        "eprint",
        "eprintln",
        "file",
        "format",
        "format_args",
        "include",
        "include_bytes",
        "include_str",
        "line",
        "matches",
        "module_path",
        "option_env",
        "panic",
        "print",
        "println",
        "stringify",
        "thread_local",
        "todo",
        "try",
        "unimplemented",
        "unreachable",
        "vec",
        "write",
        "writeln",
    ]
)
_ROOTS = frozenset(("crate", "$crate", "self", "super"))
_MAX_HOPS = 12

_MAX_REACH = 400
_FEW_GLOBS = 4  # more modules than this are asked for a name by one key of their crate

Reach = tuple[tuple[tuple[str, bool], ...], tuple[tuple[str, frozenset[str]], ...]]
"""Modules to be asked one by one, and whether all of their names are seen; modules to be asked by crate."""
_NO_REACH: Reach = ((), ())
Seen = frozenset[tuple[str, str]]
_NOTHING_SEEN: Seen = frozenset()


class Definitions(Protocol):
    """Everything that is defined, by look-up key."""

    def get(self, key: str, /) -> Sequence[Definition]: ...


class World(NamedTuple):
    """What names mean beside definitions."""

    crates: Mapping[str, Mapping[str, str]]
    """Crate in the workspace → {name in its code: crate}, of its dependencies that are in the workspace."""


_Memory = dict[object, tuple[object, frozenset[str]]]


class Found(NamedTuple):
    """What a path names: `path` is absolute ("!…" outside of what is known), `rest` the segments behind a
    type, `rule` how it was found."""

    path: str
    definitions: tuple[Definition, ...]
    rest: tuple[str, ...]
    rule: str


class Scope:
    """Answers for one generation of definitions; remembers what it has found."""

    def __init__(
        self, definitions: Definitions, world: World, standard: Mapping[str, Sequence[Definition]]
    ) -> None:
        self._definitions = definitions
        self._world = world
        self._standard: Mapping[str, Sequence[Definition]] = standard if "std" not in world.crates else {}
        self.asked: set[str] = set()
        self._known: _Memory = {}
        self._known_here: _Memory = {}
        self._has_standard = bool(self._standard)

    # ------------------------------------------------------------------ asking

    def get(self, key: str) -> Sequence[Definition]:
        """All definitions under a key, the standard library's last."""
        if self._has_standard:
            if key.startswith("std::"):
                return self._standard.get(key, ())
            self.asked.add(key)
            own = self._definitions.get(key)
            more = self._standard.get(key)
            return [*own, *more] if more and own is not AMBIGUOUS else own
        self.asked.add(key)
        return self._definitions.get(key)

    @staticmethod
    def live(definitions: Sequence[Definition]) -> Sequence[Definition]:
        """Without those that a usual build leaves out, if others remain."""
        if len(definitions) < 2 or not any(d.cfg for d in definitions):
            return definitions
        return [d for d in definitions if not d.cfg or is_usual(d)] or definitions

    def remember(self, question: object, compute: Callable[[], T]) -> T:
        """The answer to a question that depends on nothing but definitions, with the keys it asks for.

        A definition is part of a question as a whole, not by its id: an id outlives an edit.
        """
        return self._remembered(self._known, question, compute)

    def remember_here(self, question: object, compute: Callable[[], T]) -> T:
        """As `remember`, of a question that is not likely to be asked by another file."""
        return self._remembered(self._known_here, question, compute)

    def _remembered(self, known: _Memory, question: object, compute: Callable[[], T]) -> T:
        entry = known.get(question)
        if entry is None:
            outer, self.asked = self.asked, set()
            try:
                answer: object = compute()
                entry = known[question] = (answer, frozenset(self.asked))
            finally:
                self.asked = outer
        if entry[1]:
            self.asked |= entry[1]
        return entry[0]  # type: ignore[return-value]

    def forget(self, keys: Collection[str]) -> None:
        """Drop every answer that depends on one of these keys."""
        if keys:
            changed = frozenset(keys)
            gone = [question for question, (_, asked) in self._known.items() if not changed.isdisjoint(asked)]
            for question in gone:
                del self._known[question]

    def begin_file(self) -> None:
        """Forget what only the last file asks."""
        self._known_here.clear()

    # ------------------------------------------------------------------ paths

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
            current = named_module(module).rpartition("::")[0]
            while at < count and segments[at] == "super":
                current = current.rpartition("::")[0]
                at += 1
            if not current:
                return None
        elif head == "":
            if count < 2:
                return None
            external = self._crate(segments[1], crate)
            if external is None:
                found = self._find(crate, segments[1], "type" if count > 2 else space, module, seen)
                if found is None:
                    return Found("!" + "::".join(segments[1:]), (), (), "external")
                external, definitions = found.path, found.definitions
            current, at = external, 2
        else:
            found = self._first(head, module, space if count == 1 else "type", seen)
            if found is None:
                return None
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
            elif last or head not in _ROOTS:
                return None
            else:  # a module that nothing declares: its line is not written yet, or a macro writes it
                current, definitions = f"{current}::{segments[at]}", ()
            at += 1
        return Found(current, definitions, (), rule)

    def _first(self, name: str, module: str, space: str, seen: Seen) -> Found | None:
        """A name on its own, as a module or body sees it."""
        found = self._find(module, name, space, module, seen)
        while found is None and module.endswith("}"):
            module = module.rpartition("::")[0]
            found = self._find(module, name, space, module, seen)
        if found is not None:
            return found
        crate = module.partition("::")[0]
        if space == "type":
            external = self._crate(name, crate)
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

    def _crate(self, name: str, crate: str) -> str | None:
        """The root of the crate called `name` in the code of `crate`."""
        known = self._world.crates.get(crate, {}).get(name)
        if known is not None:
            return known
        if self._has_standard and name in _STANDARD:
            return _STANDARD[name]
        return None

    def _find(self, module: str, name: str, space: str, viewer: str, seen: Seen) -> Found | None:
        found = self._named(module, name, space, viewer, seen)
        if found is not None:
            return found
        inside = _within(viewer, module)
        direct, by_name = self._reach(module, inside, seen)
        for glob, is_open in direct:
            found = self._named(glob, name, space, viewer, seen)
            if found is not None and (is_open or _is_visible(found, viewer)):
                return found._replace(rule="glob")
        for crate, modules in by_name:
            for d in self.get(f"{crate}*{name}"):
                if d.module in modules:
                    found = self._named(d.module, name, space, viewer, seen)
                    if found is not None:
                        return found._replace(rule="glob")
        return self._named(module, name, space, viewer, seen, is_usual_only=False)

    def _named(
        self, module: str, name: str, space: str, viewer: str, seen: Seen, *, is_usual_only: bool = True
    ) -> Found | None:
        """An item or a named import of a module, or a variant of an enum."""
        members = self.get(f"{module}::{name}")
        if not members:
            return None
        members = [d for d in members if not d.cfg or is_usual(d)] if is_usual_only else self.live(members)
        kinds = _SPACES[space]
        direct = tuple([d for d in members if d.kind in kinds])
        if space == "value" and direct:
            direct = tuple([d for d in direct if d.kind != _STRUCT or "{" not in d.text])
        if direct:
            redirect = next((d for d in members if d.kind == _USE and d.id == direct[0].id), None)
            if redirect is not None:  # `#[path]`: the module's items live under another path
                return Found(redirect.text, direct, (), "module")
            if "#" in module and direct[0].kind == _MODULE and not direct[0].container and "::" not in module:
                # `mod util;` in tests/a.rs is tests/util.rs, which cargo takes for a target of its own too.
                return Found(f"{module.rpartition('/')[0]}/{name}", direct, (), "module")
            return Found(f"{module}::{name}", direct, (), "module")
        mark = (module, name)
        if mark in seen or len(seen) > _MAX_HOPS:
            return None
        seen = seen | {mark}
        for d in members:
            if d.kind == _USE:
                found = self._import(d, space, seen)
                if found is not None and not found.rest:
                    return found._replace(rule="import")
            elif d.kind == _EXTERN_CRATE and space == "type":
                external = self._crate(_crate_name(d.text), module.partition("::")[0])
                return Found(external or f"!{_crate_name(d.text)}", (), (), "crate")
        return None

    def _reach(self, module: str, inside: bool, seen: Seen) -> Reach:
        """The modules and enums whose names glob imports bring into a module."""
        if ("*", module) in seen:
            return _NO_REACH
        if not self.get(f"{module}::*"):
            return _NO_REACH
        if any(
            mark[0] == "*" for mark in seen
        ):  # inside another one's: not to be remembered, it may be cut short
            return self._find_reach(module, inside, seen)
        return self.remember(
            ("reach", module, inside), lambda: self._find_reach(module, inside, _NOTHING_SEEN)
        )

    def _find_reach(self, module: str, inside: bool, seen: Seen) -> Reach:
        seen = seen | {("*", module)}
        found: dict[str, bool] = {}
        pending = [(module, inside)]
        visited = {module}
        while pending:
            current, is_inside = pending.pop(0)
            globs = [d for d in self.get(f"{current}::*") if is_inside or d.visibility]
            for d in globs:
                target = self._glob_target(d, seen | {("*", current)})
                if target is None or target[0] in visited:
                    continue
                path, is_enum = target
                visited.add(path)
                within = _within(module, path)
                found[path] = is_enum or within
                if not is_enum and len(visited) < _MAX_REACH:
                    pending.append((path, within))
        direct = [(path, is_open) for path, is_open in found.items() if is_open]
        others = [path for path, is_open in found.items() if not is_open]
        if len(others) <= _FEW_GLOBS:
            return ((*direct, *((path, False) for path in others)), ())
        by_crate: dict[str, set[str]] = {}
        for path in others:
            by_crate.setdefault(path.partition("::")[0], set()).add(path)
        return (tuple(direct), tuple((crate, frozenset(paths)) for crate, paths in sorted(by_crate.items())))

    def _glob_target(self, d: Definition, seen: Seen) -> tuple[str, bool] | None:
        """(path, whether it is an enum) of what a glob import opens, if that is known."""
        plain = self.remember(("glob", d.module, d.text), lambda: self._plain_target(d))
        if plain is not None:
            return plain
        target = self._import(d, "type", seen)
        if target is None or target.rest or target.path[0] == "!":
            return None
        return target.path, any(definition.kind == _ENUM for definition in target.definitions)

    def _plain_target(self, d: Definition) -> tuple[str, bool] | None:
        """As `_glob_target`, of a path through declared modules only: it needs no other imports, so that the
        answer can be remembered. None for all other paths."""
        segments = d.text.split("::")
        current, at = named_module(d.module), 1
        if segments[0] in ("crate", "$crate"):
            current = current.partition("::")[0]
        elif segments[0] == "super":
            current = current.rpartition("::")[0]
            while at < len(segments) and segments[at] == "super":
                current, at = current.rpartition("::")[0], at + 1
        elif segments[0] != "self":
            at = 0
        is_enum = False
        for segment in segments[at:]:
            members = [m for m in self.get(f"{current}::{segment}") if not m.cfg or is_usual(m)]
            kinds = {m.kind for m in members} & (_TYPES | {_USE})
            if is_enum or "#" in current or not current or kinds not in ({_MODULE}, {_ENUM}):
                return None
            is_enum = kinds == {_ENUM}
            current = f"{current}::{segment}"
        return (current, is_enum) if current else None

    def _import(self, d: Definition, space: str, seen: Seen) -> Found | None:
        segments = d.text.split("::")
        module = d.module
        found = None
        # An import may be named like what it imports: `use log::log;` looks for the crate, not for itself.
        mark = (module, segments[0])
        if mark in seen and segments[0] not in ("crate", "self", "super", ""):
            external = self._crate(segments[0], module.partition("::")[0])
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

    # ------------------------------------------------------------------ macros

    def macro(self, segments: Sequence[str], module: str, path: str) -> tuple[tuple[Definition, ...], str]:
        """(definitions, rule) of a macro, looked for where `macro_rules!` are found: by name in the crate, or
        in the crate that a path or an import names."""
        question = ("macro", tuple(segments), module, path)
        return self.remember_here(question, lambda: self._macro(segments, module, path))

    def _macro(self, segments: Sequence[str], module: str, path: str) -> tuple[tuple[Definition, ...], str]:
        crate, name = module.partition("::")[0], segments[-1]
        if len(segments) > 1:
            head = segments[0] or segments[1]
            if head not in _ROOTS:
                found = self._first(head, module, "type", _NOTHING_SEEN)
                if found is None:
                    return (), ""
                crate = found.path.partition("::")[0]
            return tuple(self.live(self.get(f"{crate}::{name}!"))), "macro-path"
        around = module
        while True:
            for d in self.get(f"{around}::{name}"):
                if d.kind == _USE:
                    target = d.text.split("::")
                    if target[0] in _ROOTS:
                        made = self.get(f"{crate}::{target[-1]}!")
                    else:
                        home = self._crate(target[0], crate)
                        made = self.get(f"{home}::{target[-1]}!") if home is not None else ()
                    if made or self._first(target[0], around, "type", _NOTHING_SEEN) is None:
                        return tuple(self.live(made)), "macro-import"
            if not around.endswith("}"):
                break
            around = around.rpartition("::")[0]
        own = [d for d in self.get(f"{crate}::{name}!") if _sees_macro(d, module, path)]
        if own:
            here = [d for d in own if d.file_path == path]
            return tuple(self.live(here or own)), "macro-name"
        for d in self.get(f"{around}::*"):
            external = self._crate(d.text.split("::")[0], crate)
            if external is not None and (made := self.get(f"{external}::{name}!")):
                return tuple(made), "macro-glob"
        return (), ""


def _sees_macro(d: Definition, module: str, path: str) -> bool:
    """Whether a `macro_rules!` can be in textual scope: it stands in this module or one around it, or is
    exported; or in a module beside one around it, for that module may be `#[macro_use]`."""
    home = named_module(d.module)
    if _within(module, home):
        return True
    if d.file_path == path or d.key.rpartition("::")[2] in _STANDARD_MACROS:
        return bool(d.visibility)
    return bool(d.visibility) or _within(module, home.rpartition("::")[0])


def is_usual(definition: Definition) -> bool:
    """Whether a usual build may hold it."""
    return active(parse(definition.cfg), guess=True) is not False


def _is_visible(found: Found, viewer: str) -> bool:
    return not found.definitions or any(d.visibility or _within(viewer, d.module) for d in found.definitions)


def _within(viewer: str, module: str) -> bool:
    return viewer == module or viewer.startswith(f"{module}::")


def _crate_name(text: str) -> str:
    """`extern crate a as b` → a"""
    words = text.rstrip(";").split()
    return words[words.index("crate") + 1] if "crate" in words and words[-1] != "crate" else ""
