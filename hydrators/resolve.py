"""Heuristic name resolution: references to edges, as a pure function of facts.

Binds only what the text makes likely: names of the same module, imports, paths, `Self`, methods whose
name few types have. What cannot be known stays unresolved; a name of the standard library is never
bound to a project item merely because it is spelled the same.

Every reference looks its candidates up under few keys that depend on its own file alone. That is what
makes incremental equal fresh: when the definitions under a key change, exactly the files that mention
the key are resolved anew.

Keys: `name` for a free item, `name!` for a macro, `Owner::name` for an associated item or a variant,
`.name` for any associated function.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from store.model import (
    AMBIGUITY_CAP,
    Definition,
    Edge,
    EdgeKind,
    FileFacts,
    NodeFacts,
    NodeKind,
    Reference,
    ReferenceKind,
)

# A reference with more equally good candidates than this makes no edge.
_MAX_CANDIDATES = 4

_FREE = frozenset(
    {
        NodeKind.FUNCTION,
        NodeKind.METHOD,
        NodeKind.STRUCT,
        NodeKind.ENUM,
        NodeKind.UNION,
        NodeKind.TRAIT,
        NodeKind.TRAIT_ALIAS,
        NodeKind.TYPE_ALIAS,
        NodeKind.CONST,
        NodeKind.STATIC,
        NodeKind.MODULE,
    }
)
_TYPES = frozenset(
    {
        NodeKind.STRUCT,
        NodeKind.ENUM,
        NodeKind.UNION,
        NodeKind.TRAIT,
        NodeKind.TRAIT_ALIAS,
        NodeKind.TYPE_ALIAS,
        NodeKind.ASSOCIATED_TYPE,
        NodeKind.VARIANT,
    }
)
_TRAITS = frozenset({NodeKind.TRAIT, NodeKind.TRAIT_ALIAS})
_CALLABLE = frozenset({NodeKind.FUNCTION, NodeKind.METHOD, NodeKind.STRUCT, NodeKind.VARIANT})
_ASSOCIATED = frozenset(
    {
        NodeKind.FUNCTION,
        NodeKind.METHOD,
        NodeKind.ASSOCIATED_CONST,
        NodeKind.ASSOCIATED_TYPE,
        NodeKind.CONST,
        NodeKind.STATIC,
    }
)

# Methods of the standard library so common that a bare `.name()` says nothing about its receiver.
_STD_METHODS = frozenset(
    """
    abs add all and_then any append as_bytes as_deref as_mut as_ptr as_ref as_slice as_str borrow
    borrow_mut by_ref bytes ceil chain char_indices chars checked_add checked_mul checked_sub chunks
    clamp clear clone cloned cmp collect concat contains contains_key copied count cycle dedup deref
    deref_mut div drain drop enumerate ends_with entry eq err expect extend filter filter_map find
    find_map first flat_map flatten floor flush fmt fold for_each from ge get get_mut get_or_insert_with
    gt hash index index_mut insert insert_str inspect into into_bytes into_inner into_iter into_string
    is_ascii is_empty is_err is_none is_ok is_some iter iter_mut join keys kind last le len lines load
    lock lt map map_err map_or map_or_else max max_by max_by_key min min_by min_by_key mul ne neg next
    next_back not nth ok ok_or ok_or_else or or_default or_else or_insert or_insert_with parse
    partial_cmp partition path peek peekable pop pop_front pop_back position pow product push push_back
    push_front push_str read read_exact read_line read_to_end read_to_string recv rem remove repeat
    replace reserve resize retain rev rfind round rsplit saturating_add saturating_sub send set shl shr
    skip skip_while sort sort_by sort_by_key sort_unstable split split_at split_first split_off
    split_once split_whitespace sqrt starts_with step_by store strip_prefix strip_suffix sub sum swap
    take take_while then then_some to_ascii_lowercase to_ascii_uppercase to_le_bytes to_lowercase
    to_owned to_path_buf to_string to_uppercase to_vec trim trim_end trim_start truncate try_borrow
    try_from try_into unwrap unwrap_err unwrap_or unwrap_or_default unwrap_or_else update values
    values_mut windows with_capacity wrapping_add wrapping_mul wrapping_sub write write_all write_fmt
    write_str zip
    """.split()  # noqa: SIM905 - two hundred quoted words would hide the list
)


class _Scope(NamedTuple):
    """What `use` declarations bring into one module of a file."""

    aliases: dict[str, str]  # name → full path
    globs: tuple[str, ...]


_NO_IMPORTS = _Scope({}, ())


def definition_keys(node: NodeFacts, *, nested: bool) -> tuple[str, ...]:
    """Keys under which a definition is looked up; none for blocks, imports and macro calls.
    `nested` items (inside a function) are visible there only and have none but their name."""
    kind, name = node.kind, node.name
    if kind == NodeKind.MACRO:
        return (f"{name}!",)
    if node.owner and kind == NodeKind.VARIANT:
        return (f"{node.owner}::{name}",)
    if node.owner and kind in _ASSOCIATED:
        if kind in (NodeKind.FUNCTION, NodeKind.METHOD):
            return (f"{node.owner}::{name}", f".{name}")
        return (f"{node.owner}::{name}",)
    if kind in _FREE:
        return (name,)
    return ()


def imports_by_module(
    nodes: Iterable[NodeFacts], references: Mapping[str, Sequence[Reference]]
) -> dict[str, _Scope]:
    """Imports of each module inside the file ("" is the file's own); those inside functions count
    for the module around them."""
    found: dict[str, tuple[dict[str, str], list[str]]] = {}
    for node in nodes:
        if node.kind != NodeKind.USE:
            continue
        aliases, globs = found.setdefault(node.module, ({}, []))
        for leaf in references.get(node.id, ()):
            if leaf.name == "*":
                globs.append(leaf.path_text.removesuffix("::*"))
            elif leaf.name != "_":
                aliases[leaf.name] = leaf.path_text
    return {module: _Scope(aliases, tuple(globs)) for module, (aliases, globs) in found.items()}


def reference_keys(
    nodes: Sequence[NodeFacts], references: Mapping[str, Sequence[Reference]]
) -> tuple[str, ...]:
    """Every key that `resolve_file` may look up for these references, sorted."""
    scopes = imports_by_module(nodes, references)
    keys: set[str] = set()
    seen: set[tuple[str, str, str, str]] = set()
    for node in nodes:
        scope = scopes.get(node.module, _NO_IMPORTS)
        for reference in references.get(node.id, ()):
            question = (reference.kind, reference.path_text, node.owner, node.module)
            if question not in seen:
                seen.add(question)
                keys.update(_keys(reference, node.owner, scope))
    return tuple(sorted(keys))


def _keys(reference: Reference, owner: str, scope: _Scope) -> tuple[str, ...]:
    kind, name = reference.kind, reference.name
    if kind == ReferenceKind.IMPORT:
        return ()
    if kind == ReferenceKind.METHOD_CALL:
        if owner and reference.path_text.startswith("self."):
            return (f"{owner}::{name}", f".{name}")
        return () if name in _STD_METHODS else (f".{name}",)
    segments = path_segments(reference.path_text)
    if len(segments) == 1:
        name = scope.aliases.get(name, name).rpartition("::")[2]
    else:
        qualifier = segments[-2]
        if qualifier == "Self":
            return (f"{owner}::{name}",) if owner else ()
        qualifier = scope.aliases.get(qualifier, qualifier).rpartition("::")[2]
        if qualifier[:1].isupper():
            return (f"{qualifier}::{name}",)
    return (f"{name}!",) if kind == ReferenceKind.MACRO_CALL else (name,)


def keys_of_nodes(facts: FileFacts, ids: Collection[str]) -> tuple[str, ...]:
    """The part of `facts.reference_keys` that these nodes mention, sorted."""
    scopes = imports_by_module(facts.nodes, facts.references)
    keys: set[str] = set()
    for node in facts.nodes:
        if node.id in ids:
            scope = scopes.get(node.module, _NO_IMPORTS)
            for reference in facts.references.get(node.id, ()):
                keys.update(_keys(reference, node.owner, scope))
    return tuple(sorted(keys))


def changed_sources(old: FileFacts, new: FileFacts) -> set[str] | None:
    """Ids of `new` whose edges can differ from those of `old` while other files stand still; None when
    that can be all of them."""
    if (old.record.crate, old.record.module_path) != (new.record.crate, new.record.module_path):
        return None
    scopes = imports_by_module(new.nodes, new.references)
    if imports_by_module(old.nodes, old.references) != scopes:
        return None
    moved_keys = {definition.key for definition in set(old.definitions) ^ set(new.definitions)}
    before = {node.id: node for node in old.nodes}
    changed: set[str] = set()
    for node in new.nodes:
        was = before.get(node.id)
        mentions = new.references.get(node.id, ())
        if (
            was is None
            or (was.owner, was.module) != (node.owner, node.module)
            or old.references.get(node.id, ()) != mentions
        ):
            changed.add(node.id)
        elif moved_keys:
            scope = scopes.get(node.module, _NO_IMPORTS)
            if any(key in moved_keys for m in mentions for key in _keys(m, node.owner, scope)):
                changed.add(node.id)
    return changed


def path_segments(path: str) -> list[str]:
    """`a::b::<T>::c` → [a, b, c]; `<T as Tr>::f` → ["", f]."""
    if "<" not in path:
        return path.split("::")
    plain: list[str] = []
    depth = 0
    previous = ""
    for char in path:
        if char == "<":
            depth += 1
        elif char == ">" and previous != "-":
            depth -= 1
        elif depth == 0:
            plain.append(char)
        previous = char
    segments = "".join(plain).replace("::::", "::").split("::")
    return segments


def resolve_file(
    facts: FileFacts,
    definitions: Mapping[str, Collection[Definition]],
    modules: Mapping[str, tuple[str, str]],
    crates: frozenset[str],
    only: Collection[str] | None = None,
) -> tuple[Edge, ...]:
    """Edges out of one file's nodes (those in `only`, if given), sorted.

    `definitions` answers every key of `facts.reference_keys`, the file's own included; `modules` maps a
    path to its (crate, module path); `crates` are the workspace's crate names with `_` for `-`.
    """
    resolver = _Resolver(facts, definitions, modules, crates)
    found: dict[tuple[str, str, str], tuple[float, str, list[int]]] = {}
    for node in facts.nodes:
        if only is not None and node.id not in only:
            continue
        for ordinal, reference in enumerate(facts.references.get(node.id, ())):
            if reference.kind == ReferenceKind.IMPORT:
                continue
            edge_kind = _edge_kind(reference.kind)
            for target, weight, rule in resolver.targets(reference, node):
                if target == node.id and edge_kind != EdgeKind.CALLS:
                    continue
                key = (node.id, edge_kind, target)
                known = found.get(key)
                if known is None:
                    found[key] = (weight, rule, [ordinal])
                else:
                    known[2].append(ordinal)
                    if weight > known[0]:
                        found[key] = (weight, rule, known[2])
    return tuple(
        Edge(src, kind, dst, weight, "heuristic", rule, tuple(sites))
        for (src, kind, dst), (weight, rule, sites) in sorted(found.items())
    )


def _edge_kind(kind: str) -> str:
    if kind in (ReferenceKind.CALL, ReferenceKind.METHOD_CALL, ReferenceKind.MACRO_CALL):
        return EdgeKind.CALLS
    return EdgeKind.IMPLEMENTS if kind == ReferenceKind.TRAIT_IMPL else EdgeKind.USES


Target = tuple[str, float, str]  # node id, weight, rule


class _Resolver:
    def __init__(
        self,
        facts: FileFacts,
        definitions: Mapping[str, Collection[Definition]],
        modules: Mapping[str, tuple[str, str]],
        crates: frozenset[str],
    ) -> None:
        self._path = facts.record.path
        self._own = facts.definitions
        self._crate = facts.record.crate.replace("-", "_")
        self._module = facts.record.module_path
        self._definitions = definitions
        self._modules = modules
        self._crates = crates
        self._scopes = imports_by_module(facts.nodes, facts.references)
        self._known: dict[tuple[str, str, str, str], tuple[Target, ...]] = {}

    def targets(self, reference: Reference, node: NodeFacts) -> tuple[Target, ...]:
        question = (reference.kind, reference.path_text, node.owner, node.module)
        answer = self._known.get(question)
        if answer is None:
            answer = self._known[question] = self._resolve(reference, node)
        return answer

    def _resolve(self, reference: Reference, node: NodeFacts) -> tuple[Target, ...]:
        scope = self._scopes.get(node.module, _NO_IMPORTS)
        keys = _keys(reference, node.owner, scope)
        if not keys:
            return ()
        if reference.kind == ReferenceKind.METHOD_CALL:
            return self._method(keys, reference)
        wanted = _wanted(reference.kind)
        candidates = [d for d in self._lookup(keys[0]) if d.kind in wanted]
        if not candidates:
            return ()
        if "::" in keys[0]:
            return self._associated(candidates, reference, node, scope)
        return self._free(candidates, reference, node, scope)

    def _lookup(self, key: str) -> Collection[Definition]:
        found = self._definitions.get(key, ())
        if len(found) > AMBIGUITY_CAP:  # the rest may be cut off: only what this file says itself is certain
            return [d for d in self._own if d.key == key]
        return found

    def _method(self, keys: tuple[str, ...], reference: Reference) -> tuple[Target, ...]:
        if len(keys) == 2:  # self.name(): the owner's own, else a trait's
            own = [d for d in self._lookup(keys[0]) if d.kind == NodeKind.METHOD and self._same_crate(d)]
            if own:
                here = [d for d in own if d.file_path == self._path]
                return _share(here or own, 0.95 if here else 0.85, "self-method")
            if reference.name in _STD_METHODS:
                return ()
        candidates = [d for d in self._lookup(keys[-1]) if d.kind == NodeKind.METHOD]
        near = [d for d in candidates if self._same_crate(d)]
        return _share(near or candidates, 0.5, "method-name")

    def _associated(
        self, candidates: list[Definition], reference: Reference, node: NodeFacts, scope: _Scope
    ) -> tuple[Target, ...]:
        segments = path_segments(reference.path_text)
        here = [d for d in candidates if d.file_path == self._path]
        if segments[-2] == "Self":
            near = here or [d for d in candidates if self._same_crate(d)]
            return _share(near, 0.95 if here else 0.85, "self-path")
        if here:
            return _share(here, 0.95, "type-path")
        owners = {path.rpartition("::")[0] for path in self._absolute(segments[:-1], node.module, scope)}
        exact = [d for d in candidates if self._full_module(d) in owners]
        if exact:
            return _share(exact, 0.9, "type-path")
        crate = self._named_crate(segments[0], scope)
        if crate:
            return _share([d for d in candidates if self._crate_of(d) == crate], 0.75, "type-re-export")
        if segments[0] in scope.aliases or len(segments) > 2:
            return ()
        return _share([d for d in candidates if self._same_crate(d)], 0.6, "type-name")

    def _free(
        self, candidates: list[Definition], reference: Reference, node: NodeFacts, scope: _Scope
    ) -> tuple[Target, ...]:
        segments = path_segments(reference.path_text)
        is_macro = reference.kind == ReferenceKind.MACRO_CALL
        if len(segments) == 1 and segments[0] not in scope.aliases:
            here = self._join(self._module, node.module)
            local = [d for d in candidates if self._full_module(d) == here]
            if local:
                return _share(local, 0.95, "same-module")
            for glob in scope.globs:
                modules = self._absolute(path_segments(glob), node.module, scope)
                found = [d for d in candidates if self._full_module(d) in modules]
                if found:
                    return _share(found, 0.85, "glob")
            if is_macro:
                near = [d for d in candidates if self._same_crate(d)]
                return _share(near, 0.8, "macro-name")
            return ()
        parents = {path.rpartition("::")[0] for path in self._absolute(segments, node.module, scope)}
        exact = [d for d in candidates if self._full_module(d) in parents]
        if exact:
            return _share(exact, 0.95, "path")
        # Not where the path says: a re-export. One candidate in the crate is likely the one meant.
        crate = self._named_crate(segments[0], scope)
        return _share([d for d in candidates if crate and self._crate_of(d) == crate], 0.7, "re-export")

    def _named_crate(self, head: str, scope: _Scope) -> str:
        """The workspace crate that a path beginning with `head` names for certain, or ""."""
        head = scope.aliases.get(head, head).partition("::")[0]
        if head in ("crate", "$crate", "self", "super"):
            return self._crate
        return head if head in self._crates else ""

    def _absolute(self, segments: Sequence[str], module: str, scope: _Scope) -> list[str]:
        """The full paths `crate::module::…::name` that a path can mean in `module` of this file."""
        alias = scope.aliases.get(segments[0])
        parts = (alias.split("::") if alias else [segments[0]]) + list(segments[1:])
        if not parts[0]:
            parts = parts[1:]
        here = self._join(self._module, module).split("::")
        head = parts[0] if parts else ""
        if head in ("crate", "$crate"):
            return ["::".join([self._crate, *parts[1:]])]
        if head in ("self", "super"):
            while parts and parts[0] in ("self", "super"):
                if parts[0] == "super" and len(here) > 1:
                    here = here[:-1]
                parts = parts[1:]
            return ["::".join([*here, *parts])]
        # A crate, or a module below this one; paths of the 2015 edition start at the crate's root.
        return ["::".join(parts), "::".join([*here, *parts]), "::".join([self._crate, *parts])]

    def _join(self, module_path: str, inner: str) -> str:
        return "::".join(p for p in (self._crate, module_path, inner) if p)

    def _crate_of(self, definition: Definition) -> str:
        return self._modules.get(definition.file_path, ("", ""))[0].replace("-", "_")

    def _same_crate(self, definition: Definition) -> bool:
        return self._crate_of(definition) == self._crate

    def _full_module(self, definition: Definition) -> str:
        crate, module_path = self._modules.get(definition.file_path, ("", ""))
        return "::".join(p for p in (crate.replace("-", "_"), module_path, definition.module) if p)


def _wanted(kind: str) -> frozenset[NodeKind]:
    if kind == ReferenceKind.CALL:
        return _CALLABLE
    if kind == ReferenceKind.MACRO_CALL:
        return frozenset({NodeKind.MACRO})
    if kind in (ReferenceKind.TRAIT_IMPL, ReferenceKind.BOUND):
        return _TRAITS
    return _TYPES


def _share(candidates: Sequence[Definition], weight: float, rule: str) -> tuple[Target, ...]:
    """One edge for each candidate, the weight divided among them; none if there are too many."""
    if not candidates or len(candidates) > _MAX_CANDIDATES:
        return ()
    share = round(weight / len(candidates), 3)
    return tuple((d.id, share, rule) for d in candidates)
