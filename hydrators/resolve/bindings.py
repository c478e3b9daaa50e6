"""Which names a body binds, and in which stretch of it each can be seen.

Knows where a name gets its value from, but not what that value's type is (see `hydrators.resolve.bodies`).
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from tree_sitter import Node

from hydrators.resolve.body_tree import BodyTree, Mark, parts
from hydrators.resolve.patterns import names_in
from hydrators.resolve.types import Ty

_SCOPES = frozenset(("block", "closure", "function", "match", "if", "while", "arm"))
_CONDITIONAL = frozenset(("if", "while", "arm"))


@dataclass(slots=True)
class Binding:
    """Names that one pattern brings into a stretch of the body. `how` says what `source` is: a value ("let"),
    what is iterated over ("item"), the closure whose parameter at `index` it is ("closure"); a function's
    parameter has none ("typed"). `types` is filled when one of the names is asked for."""

    start: int
    end: int
    pattern: Node
    how: str
    source: Node | None
    annotation: Node | None = None
    index: int = 0
    types: dict[str, Ty] | None = None


class Bindings:
    """All bindings of one body, by name."""

    def __init__(self, tree: BodyTree) -> None:
        self._tree = tree
        self._by_name: dict[str, list[Binding]] = {}
        self._open: list[Mark] = []
        for mark in tree.marks:
            while self._open and -self._open[-1].negative_end <= mark.start:
                self._open.pop()
            self._read(mark)
            if mark.sort in _SCOPES:
                self._open.append(mark)
        for bindings in self._by_name.values():
            bindings.sort(key=lambda b: (b.start, -b.end))

    def at(self, name: str, byte: int) -> Binding | None:
        """The binding that a name means at a byte: the last one whose stretch it is in."""
        bindings = self._by_name.get(name)
        if not bindings:
            return None
        for i in range(bisect_right(bindings, byte, key=lambda b: b.start) - 1, -1, -1):
            if byte < bindings[i].end:
                return bindings[i]
        return None

    def _read(self, mark: Mark) -> None:
        start, end, sort, node = mark.start, -mark.negative_end, mark.sort, mark.node
        if sort == "let":
            outer = self._around("block")
            limit = -outer.negative_end if outer is not None else len(self._tree.data)
            value, annotation = node.child_by_field_name("value"), node.child_by_field_name("type")
            self._bind(node, end, limit, "let", value, annotation)  # an else block too; harmless
        elif sort == "parameter":
            outer = self._around("closure", "function")
            if outer is not None and outer.sort == "function":
                annotation = node.child_by_field_name("type")
                self._bind(node, start, -outer.negative_end, "typed", None, annotation)
        elif sort == "closure":
            self._bind_parameters(node, start, end)
        elif sort == "for":
            body = node.child_by_field_name("body")
            if body is not None:
                iterated = node.child_by_field_name("value")
                self._bind(node, body.start_byte, body.end_byte, "item", iterated)
        elif sort == "arm":
            match = self._around("match")
            if match is not None:
                self._bind(node, start, end, "let", match.node.child_by_field_name("value"))
        elif sort == "condition":
            self._bind(node, end, self._end_of_condition(end), "let", node.child_by_field_name("value"))

    def _around(self, *sorts: str) -> Mark | None:
        for mark in reversed(self._open):
            if mark.sort in sorts:
                return mark
        return None

    def _end_of_condition(self, end: int) -> int:
        """Up to where the names of a `let` condition can be seen: not in the else branch."""
        for mark in reversed(self._open):
            if mark.sort in _CONDITIONAL:
                if mark.sort == "if":
                    consequence = mark.node.child_by_field_name("consequence")
                    if consequence is not None:
                        return consequence.end_byte
                return -mark.negative_end
        return end

    def _bind(
        self, node: Node, start: int, end: int, how: str, source: Node | None, annotation: Node | None = None
    ) -> None:
        pattern = node.child_by_field_name("pattern")
        if pattern is not None:
            self._add(Binding(start, end, pattern, how, source, annotation))

    def _bind_parameters(self, closure: Node, start: int, end: int) -> None:
        parameters = closure.child_by_field_name("parameters")
        for index, parameter in enumerate(parts(parameters) if parameters is not None else ()):
            pattern: Node | None = parameter
            annotation = None
            if parameter.type == "parameter":
                pattern = parameter.child_by_field_name("pattern")
                annotation = parameter.child_by_field_name("type")
            if pattern is not None:
                self._add(Binding(start, end, pattern, "closure", closure, annotation, index))

    def _add(self, binding: Binding) -> None:
        for name in names_in(binding.pattern, self._tree):
            self._by_name.setdefault(name, []).append(binding)
