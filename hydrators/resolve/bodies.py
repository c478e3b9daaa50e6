"""What the expressions of one body are: locals, fields, calls, closures, as far as its text tells.

Reads a node's own slice and answers for the expressions that it is asked about. Knows nothing of edges.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from hydrators.resolve import calls
from hydrators.resolve.bindings import Binding, Bindings
from hydrators.resolve.blocks import Blocks
from hydrators.resolve.body_tree import BodyTree, arguments_of
from hydrators.resolve.definitions import join
from hydrators.resolve.expressions import EXPRESSIONS
from hydrators.resolve.inference import closure_parameters
from hydrators.resolve.iteration import filled, item_of
from hydrators.resolve.lowering import Place
from hydrators.resolve.members import Candidate, Members
from hydrators.resolve.paths import Context, path_candidates
from hydrators.resolve.patterns import spread
from hydrators.resolve.types import UNKNOWN, Ty, is_huge, is_open, read_type

_MAX_DEPTH = 80


class Body:
    """One item's text and the types in it. Bytes are counted from the item's own start."""

    def __init__(self, members: Members, data: bytes, context: Context, blocks: Blocks | None) -> None:
        self.members = members
        self.context = context
        self._blocks = blocks
        self.tree = BodyTree(data)
        self._bindings: Bindings | None = None
        self._types: dict[int, Ty] = {}
        self._depth = 0

    # ------------------------------------------------------------------ expressions

    def receiver(self, name_end: int) -> Node | None:
        """The expression before the `.name` that ends at a byte."""
        return self.tree.receiver(name_end)

    def call_at(self, callee_end: int) -> Node | None:
        """The call whose callee ends at a byte."""
        return self.tree.call_at(callee_end)

    def arguments(self, call: Node) -> list[Node]:
        """The arguments of a call, in order."""
        return arguments_of(call)

    def type_of(self, node: Node) -> Ty:
        """The type of an expression; UNKNOWN where the text does not tell."""
        node_id = node.id
        known = self._types.get(node_id)
        if known is None:
            expression = EXPRESSIONS.get(node.type)
            if expression is None or self._depth > _MAX_DEPTH:
                return UNKNOWN
            self._depth += 1
            self._types[node_id] = UNKNOWN  # whatever comes back here is a circle
            known = expression(self, node)
            if known.args and is_huge(known):
                known = UNKNOWN
            self._types[node_id] = known
            self._depth -= 1
        return known

    def narrowed(self, candidates: list[Candidate], call: Node | None) -> list[Candidate]:
        """Of several, those whose parameters the arguments fit; all of them if that decides nothing."""
        return calls.narrowed(self, candidates, call)

    def preferred(self, candidates: list[Candidate], name_end: int) -> list[Candidate]:
        """Of the methods that `.name` can mean, those that go first by how the receiver is made."""
        return calls.preferred(self, candidates, self.tree.receiver(name_end))

    # ------------------------------------------------------------------ names

    def place(self, at: int) -> Place:
        """What names mean at a byte."""
        place = self.context.place
        if self._blocks is None:
            return place
        return place._replace(module=join(place.module, self._blocks.at(at)))

    def path(self, node: Node, space: str = "value") -> list[Candidate]:
        """What a path names where it stands."""
        context = self.context
        if self._blocks is not None:
            context = context._replace(place=self.place(node.start_byte))
        return path_candidates(self.members, self.tree.text(node), context, space)

    def is_foreign(self, node: Node) -> bool:
        """Whether a path that names nothing known leads into another crate."""
        segments = read_type(self.tree.text(node)).name.split("::")
        place = self.place(node.start_byte)
        if segments[0] in ("", "Self") or segments[0] in place.parameters:
            return False
        return self.members.scope.is_foreign(segments, place.module)

    @property
    def bindings(self) -> Bindings:
        """The variables of the body."""
        if self._bindings is None:
            self._bindings = Bindings(self.tree)
        return self._bindings

    def local(self, name: str, at: int) -> Ty | None:
        """Type of the variable `name` as seen at a byte; None if there is no such variable."""
        binding = self.bindings.at(name, at)
        if binding is None:
            return None
        if binding.types is None:
            binding.types = {}
            spread(self, binding.pattern, self._bound_type(binding), binding.types)
        return binding.types.get(name, UNKNOWN)

    def _bound_type(self, binding: Binding) -> Ty:
        """The type of what a pattern is matched against."""
        source = binding.source
        if binding.annotation is not None:
            ty = self.lower(binding.annotation)
            if source is not None and binding.how == "let" and is_open(ty):
                return filled(self, ty, source)
            return ty
        if source is None:
            return UNKNOWN
        if binding.how == "closure":
            parameters = closure_parameters(self, source)
            return parameters[binding.index] if binding.index < len(parameters) else UNKNOWN
        ty = self.type_of(source)
        return item_of(self, ty) if binding.how == "item" else ty

    # ------------------------------------------------------------------ types

    def lower(self, node: Node, text: str | None = None) -> Ty:
        """The type that a node names, or that a `text` would name in its place."""
        syntax = read_type(self.tree.text(node) if text is None else text)
        return self.normal(self.members.lowering.lower(syntax, self.place(node.start_byte)))

    def normal(self, ty: Ty) -> Ty:
        """A type with its associated types followed."""
        return self.members.projections.normal(ty, self.context.bounds)

    def derefs(self, ty: Ty) -> Iterator[Ty]:
        """A type and all that it dereferences to."""
        return self.members.projections.derefs(ty, self.context.bounds)
