"""What the references of one item mean, each with a weight and the rule that told.

Reads the body only when a reference asks for it. What cannot be known has no meaning, or is all that it
can be at a low weight; a name of the standard library is never bound to a project item merely because it is
spelled the same.
"""

from __future__ import annotations

from collections.abc import Sequence

from hydrators.exact import parse_signature
from hydrators.resolve.blocks import BODIES, blocks_of_nodes
from hydrators.resolve.bodies import Body
from hydrators.resolve.definitions import join, modules_of_nodes, type_parameters
from hydrators.resolve.lowering import Place
from hydrators.resolve.macro_names import MacroNames
from hydrators.resolve.members import MAX_CANDIDATES, Candidate, Members
from hydrators.resolve.paths import Context, path_candidates
from hydrators.resolve.scope import Found
from hydrators.resolve.types import FOREIGN, UNKNOWN, Ty, read_type
from store.model import (
    AMBIGUOUS,
    Definition,
    EdgeKind,
    FileFacts,
    NodeFacts,
    NodeKind,
    Reference,
    ReferenceKind,
)

_CALL, _METHOD_CALL = ReferenceKind.CALL.value, ReferenceKind.METHOD_CALL.value
_MACRO_CALL, _PATH, _VALUE = (
    ReferenceKind.MACRO_CALL.value,
    ReferenceKind.PATH.value,
    ReferenceKind.VALUE.value,
)
_BOUND, _TRAIT_IMPL = ReferenceKind.BOUND.value, ReferenceKind.TRAIT_IMPL.value
_IMPORT = ReferenceKind.IMPORT.value

_CALLS, _USES, _IMPLEMENTS = EdgeKind.CALLS.value, EdgeKind.USES.value, EdgeKind.IMPLEMENTS.value
_REQUIRES_BOUND, _DEPENDS = EdgeKind.REQUIRES_BOUND.value, EdgeKind.DEPENDS.value

_FUNCTIONS = frozenset((NodeKind.FUNCTION.value, NodeKind.METHOD.value))
_CALLABLE = _FUNCTIONS | {NodeKind.STRUCT.value, NodeKind.VARIANT.value}
_VALUES = frozenset(
    (
        NodeKind.CONST.value,
        NodeKind.STATIC.value,
        NodeKind.ASSOCIATED_CONST.value,
        NodeKind.VARIANT.value,
        NodeKind.STRUCT.value,
    )
)
_TRAITS = frozenset((NodeKind.TRAIT.value, NodeKind.TRAIT_ALIAS.value))
_MACRO_CALL_NODE = NodeKind.MACRO_CALL.value
_IMPL, _TRAIT = NodeKind.IMPL.value, NodeKind.TRAIT.value
_METHOD = NodeKind.METHOD.value

_BY_TRAIT = frozenset(("trait-impl", "default", "blanket"))
_MAX_CANDIDATES = 4
_WEIGHTS = {
    "module": 0.95,
    "path": 0.95,
    "import": 0.95,
    "prelude": 0.95,
    "crate": 0.95,
    "self-type": 0.95,
    "variant": 0.95,
    "glob": 0.9,
    "re-export": 0.9,
    "inherent": 0.95,
    "trait-impl": 0.9,
    "default": 0.9,
    "bound": 0.9,
    "dyn": 0.9,
    "trait-path": 0.9,
    "trait-static": 0.4,  # which implementor is meant hangs on what is expected of the result
    "blanket": 0.8,
    "macro-name": 0.9,
    "macro-path": 0.95,
    "macro-import": 0.95,
    "macro-glob": 0.85,
    "method-name": 0.6,
}

Target = tuple[str, float, str]  # node id, weight, rule


class File:
    """What the items of one file share."""

    def __init__(self, members: Members, macros: MacroNames, facts: FileFacts) -> None:
        self.members = members
        self.macros = macros
        self._facts = facts
        self.path = facts.record.path
        self._by_id = {node.id: node for node in facts.nodes}
        self._start = {span.id: (span.start_byte, span.end_byte) for span in facts.spans}
        self.blocks = blocks_of_nodes(facts.nodes, facts.spans, facts.text)
        self.modules = modules_of_nodes(facts.record, facts.nodes, self.blocks)

    def slice_of(self, node: NodeFacts) -> bytes:
        start, end = self._start[node.id]
        return self._facts.text[start:end]

    def parent(self, node: NodeFacts) -> NodeFacts | None:
        """What a node stands in; macro calls are transparent."""
        found = self._by_id.get(node.parent_id)
        while found is not None and found.kind == _MACRO_CALL_NODE:
            found = self._by_id.get(found.parent_id)
        return found


class Item:
    """One node on the way to its edges. Reads its body only when a reference asks for it."""

    def __init__(self, file: File, node: NodeFacts) -> None:
        self._file = file
        self._node = node
        self._members = file.members
        self._scope = file.members.scope
        self._home = self._module = file.modules[node.id][1]
        self._blocks = file.blocks.get(node.id)
        parent = file.parent(node)
        self._container = parent if parent is not None and parent.kind in (_IMPL, _TRAIT) else None
        self._body: Body | None = None
        self._context: Context | None = None
        self._parameters: frozenset[str] | None = None

    # ------------------------------------------------------------------ where it stands

    @property
    def context(self) -> Context:
        if self._context is None:
            self._context = self._make_context()
        if self._module == self._home:
            return self._context
        place, bounds = self._context
        return Context(place._replace(module=self._module), bounds)

    def _make_context(self) -> Context:
        module, container = self._home, self._container
        context = Context(Place(module, {}, UNKNOWN), {})
        if container is not None:
            outer = context
            context = self._scope.remember_here(
                ("context", container.id, module), lambda: self._context_in(container, outer)
            )
        return self._context_in(self._node, context)

    def _context_in(self, holder: NodeFacts, outer: Context) -> Context:
        """What stands in an item sees, in addition to what the item itself sees."""
        text = _signature(holder)
        is_frame = holder.kind in (_IMPL, _TRAIT)
        if not is_frame and "<" not in text and "where" not in text:
            return outer
        signature = parse_signature(text)
        if signature is None:
            return outer
        members = self._members
        generics = [g for g in signature.generics if g.kind != "lifetime"]
        place = outer.place._replace(
            parameters={**outer.place.parameters, **{g.name: Ty(f"'{g.name}") for g in generics}}
        )
        bounds = dict(outer.bounds)
        if holder.kind == _TRAIT:
            place = place._replace(self_type=Ty("'Self"))
            own = tuple([place.parameters[g.name] for g in generics])
            bounds["'Self"] = (Ty(f"{self._home}::{signature.name}", own),)
        elif holder.kind == _IMPL:
            self_type = members.lowering.lower(read_type(signature.self_type), place)
            is_any = self_type.head in ("std::primitive::Integer", "std::primitive::Float")
            place = place._replace(self_type=UNKNOWN if is_any else self_type)
        for subject, traits in members.signatures.bounds(signature, place).items():
            bounds[subject] = (*bounds.get(subject, ()), *traits)
        if is_frame and place.self_type.head != "_":
            place = place._replace(self_type=members.projections.normal(place.self_type, bounds))
        return Context(place, bounds)

    @property
    def parameters(self) -> frozenset[str]:
        """Names of the type parameters of the item and of the impl or trait around it."""
        if self._parameters is None:
            self._parameters = type_parameters(_signature(self._node))
            if self._container is not None:
                self._parameters |= type_parameters(_signature(self._container))
        return self._parameters

    @property
    def body(self) -> Body:
        if self._body is None:
            if self._context is None:
                self._context = self._make_context()
            self._body = Body(self._members, self._file.slice_of(self._node), self._context, self._blocks)
        return self._body

    # ------------------------------------------------------------------ references

    def targets(self, reference: Reference) -> tuple[str, Sequence[Target]]:
        """The kind of edge that a reference is, and what it means."""
        if self._blocks is not None:
            self._module = join(self._home, self._blocks.at(reference.start_byte))
        kind = reference.kind
        if kind == _METHOD_CALL:
            return _CALLS, self._method(reference)
        if kind == _CALL:
            return _CALLS, self._called(reference)
        if kind == _MACRO_CALL:
            segments = reference.path_text.split("::")
            return _CALLS, _share(*self._file.macros.meant(segments, self._module, self._file.path))
        if kind in (_PATH, _VALUE):
            return self._value(reference)
        if kind == _IMPORT:
            return _DEPENDS, self._imported(reference)
        if kind == _TRAIT_IMPL:
            if "impl !" in self._node.qualified_name:
                return _IMPLEMENTS, ()  # a negative impl implements nothing
            return _IMPLEMENTS, self._mentioned(reference.path_text, True)
        if kind == _BOUND:
            return _REQUIRES_BOUND, self._mentioned(reference.path_text, True)
        return _USES, self._mentioned(reference.path_text, False)

    def _mentioned(self, text: str, is_trait: bool) -> Sequence[Target]:
        """What the name of a type or trait means."""
        scope, module = self._scope, self._module
        targets = scope.remember_here(
            ("mentioned", text, module, is_trait),
            lambda: _mentioned(scope.resolve(text.split("::"), module, "type"), is_trait),
        )
        return () if targets and text.partition("::")[0] in self.parameters else targets

    def _imported(self, reference: Reference) -> Sequence[Target]:
        parent = self._file.parent(self._node)
        if parent is not None and parent.kind in BODIES:
            return ()
        segments = reference.path_text.removesuffix("::*").split("::")
        found = self._scope.resolve(segments, self._module, "type") or (
            self._scope.resolve(segments, self._module, "value")
        )
        if found is None or found.rest or found.path[0] == "!":
            return ()
        return _share(found.definitions, found.rule)

    def _candidates(self, reference: Reference) -> list[Candidate]:
        text = reference.path_text
        head = text.partition("::")[0]
        if "<" in text or head == "Self" or head in self.parameters:
            return path_candidates(self._members, text, self.context)
        members, module = self._members, self._module
        return self._scope.remember_here(
            ("candidates", text, module),
            lambda: path_candidates(members, text, Context(Place(module, {}, UNKNOWN), {})),
        )

    def _called(self, reference: Reference) -> Sequence[Target]:
        candidates = [c for c in self._candidates(reference) if c.definition.kind in _CALLABLE]
        if len(candidates) > 1 and self._node.kind in BODIES:
            call = self.body.call_at(reference.end_byte)
            candidates = self.body.narrowed(candidates, call)
        if len(candidates) >= 1 and candidates[0].rule == "trait-path" and self._node.kind in BODIES:
            candidates = self._of_receiver(candidates, reference)
        return self._weigh(candidates)

    def _of_receiver(self, candidates: list[Candidate], reference: Reference) -> list[Candidate]:
        """`Trait::f(x)` is the method of what `x` is, where that is known."""
        call = self.body.call_at(reference.end_byte)
        if call is None:
            return candidates
        callable_ = self._members.signatures.callable(candidates[0].definition)
        arguments = self.body.arguments(call)
        if callable_ is None or not callable_.has_receiver or not arguments:
            return [c._replace(rule="trait-static") for c in candidates]
        ty = self.body.type_of(arguments[0])
        if ty == UNKNOWN:
            return candidates
        d = candidates[0].definition
        trait = f"{d.module}::{d.owner}"
        return self._members.of_trait_for(ty, trait, d.key.removeprefix("~"))

    def _value(self, reference: Reference) -> tuple[str, Sequence[Target]]:
        candidates = self._candidates(reference)
        functions = [
            c._replace(rule="trait-static") if c.rule == "trait-path" else c
            for c in candidates
            if c.definition.kind in _FUNCTIONS
        ]
        if functions:
            return _CALLS, self._weigh(functions)
        return _USES, self._weigh([c for c in candidates if c.definition.kind in _VALUES])

    def _method(self, reference: Reference) -> Sequence[Target]:
        name = reference.name
        scope = self._scope
        is_project, by_name = scope.remember(
            ("method", name), lambda: _methods_of_name(scope.get(f".{name}"))
        )
        if not is_project:
            return ()
        ty = self._receiver_type(reference)
        if ty is not None:
            candidates, is_known = self._members.methods(ty, name, self.context.bounds)
            if candidates:
                if candidates[0].rule == "inherent" and self._node.kind in BODIES:
                    candidates = self.body.preferred(candidates, reference.end_byte)
                candidates = [c for c in candidates if self._is_seen(c)]
                if 1 < len(candidates) <= MAX_CANDIDATES:
                    candidates = self._in_scope(candidates)
                    if self._node.kind in BODIES and len(candidates) > 1:
                        candidates = self.body.narrowed(candidates, self.body.call_at(reference.end_byte))
                return self._weigh(candidates)
            if is_known:
                return self._weigh(self._members.of_foreign(name)) if ty == FOREIGN else ()
        return by_name

    def _receiver_type(self, reference: Reference) -> Ty | None:
        """Type of what stands before the dot; None where the body cannot be read there."""
        if self._node.kind not in BODIES:
            return None
        if reference.path_text == f"self.{reference.name}" and self.context.place.self_type != UNKNOWN:
            return self.context.place.self_type  # the body need not be read
        receiver = self.body.receiver(reference.end_byte)
        return self.body.type_of(receiver) if receiver is not None else None

    def _is_seen(self, candidate: Candidate) -> bool:
        """Whether the trait of a method can be in scope here. Asked where a type is not the workspace's own
        or an impl is for all types: there a method of the same name elsewhere is as likely."""
        d = candidate.definition
        head = candidate.self_type.head
        if not d.file_path or candidate.rule not in _BY_TRAIT:
            return True
        if candidate.rule != "blanket" and "::" in head and head[0] != "!" and not head.startswith("std::"):
            return True
        container = self._members.signatures.container(d.container, d.module)
        if container is None or container.trait is None:
            return True
        return self._has_trait(container.trait.head)

    def _has_trait(self, path: str) -> bool:
        question = ("has-trait", path, self._module)
        return self._scope.remember_here(question, lambda: self._scope.has_trait(path, self._module))

    def _in_scope(self, candidates: list[Candidate]) -> list[Candidate]:
        """Of methods of several traits, those whose trait is in scope."""
        found = []
        for c in candidates:
            container = self._members.signatures.container(c.definition.container, c.definition.module)
            if container is None or container.trait is None:
                return candidates
            if self._has_trait(container.trait.head):
                found.append(c)
        return found or candidates

    def _weigh(self, candidates: Sequence[Candidate]) -> Sequence[Target]:
        if not candidates:
            return ()
        return _share([c.definition for c in candidates], candidates[0].rule)


def _methods_of_name(named: Sequence[Definition]) -> tuple[bool, Sequence[Target]]:
    """(whether the workspace has methods of a name, what the name alone tells where the receiver's type is
    unknown: the one method that is called so, or low weights for a few)."""
    if named is AMBIGUOUS:
        return True, ()
    own = [d for d in named if d.file_path]
    methods = [d for d in own if d.kind == _METHOD]
    if len(methods) < len([d for d in named if d.kind == _METHOD]):
        return bool(own), ()  # the standard library has such a method too: that is the likelier one
    if len({(d.owner, d.module) for d in methods}) == 1:
        return True, _share(methods, "method-name")
    if len(methods) > _MAX_CANDIDATES:
        return True, ()
    return bool(own), [(d.id, round(0.45 / len(methods), 3), "method-names") for d in methods]


def _signature(node: NodeFacts) -> str:
    return node.signature_syn or node.signature_ts


def _mentioned(found: Found | None, is_trait: bool) -> Sequence[Target]:
    if found is None or found.path[0] == "!":
        return ()
    definitions = found.definitions
    if is_trait:
        definitions = tuple([d for d in definitions if d.kind in _TRAITS])
    return _share(definitions, found.rule)


def _share(definitions: Sequence[Definition], rule: str) -> Sequence[Target]:
    """One edge for each definition, the weight divided among them; none if there are too many."""
    if not definitions or len(definitions) > _MAX_CANDIDATES or not all(d.file_path for d in definitions):
        return ()
    weight = _WEIGHTS.get(rule, 0.7)
    if len(definitions) == 1:
        return [(definitions[0].id, weight, rule)]
    share = round(weight / len(definitions), 3)
    return [(d.id, share, rule) for d in definitions]
