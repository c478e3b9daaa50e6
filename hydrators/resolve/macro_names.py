"""What the name of a macro means: `macro_rules!` are found by name in a crate, if in textual scope at all.

Knows paths only as far as `scope` does.
"""

from __future__ import annotations

from collections.abc import Sequence

from hydrators.resolve.definitions import is_within, live, named_module
from hydrators.resolve.scope import ROOTS, Scope
from store.model import Definition, NodeKind

_USE = NodeKind.USE.value
_STANDARD = frozenset(
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


class MacroNames:
    """Answers for the definitions of one scope."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def meant(self, segments: Sequence[str], module: str, path: str) -> tuple[tuple[Definition, ...], str]:
        """(definitions, rule) of a macro, looked for where `macro_rules!` are found: by name in the crate, or
        in the crate that a path or an import names."""
        question = ("macro", tuple(segments), module, path)
        return self._scope.remember_here(question, lambda: self._find(segments, module, path))

    def _find(self, segments: Sequence[str], module: str, path: str) -> tuple[tuple[Definition, ...], str]:
        crate, name = module.partition("::")[0], segments[-1]
        if len(segments) > 1:
            head = segments[0] or segments[1]
            if head not in ROOTS:
                found = self._scope.first(head, module, "type")
                if found is None:
                    return (), ""
                crate = found.path.partition("::")[0]
            return tuple(live(self._of_crate(crate, name))), "macro-path"
        around = module
        while True:
            for d in self._scope.get(f"{around}::{name}"):
                if d.kind == _USE:
                    target = d.text.split("::")
                    if target[0] in ROOTS:
                        made = self._of_crate(crate, target[-1])
                    else:
                        home = self._scope.crate(target[0], crate)
                        made = self._of_crate(home, target[-1]) if home is not None else []
                    if made or self._scope.first(target[0], around, "type") is None:
                        return tuple(live(made)), "macro-import"
            if not around.endswith("}"):
                break
            around = around.rpartition("::")[0]
        named = self._scope.get(f"{crate}::{name}!")
        own = [d for d in named if _sees_macro(d, module, path)]
        if named and not own:
            seat = self._scope.seat(named_module(module))
            own = [d for d in named if _sees_macro(d, seat, path)]
        if own:
            local = [d for d in own if "::{" in d.module]
            if local:
                innermost = max(d.module.count("::{") for d in local)
                return tuple([d for d in local if d.module.count("::{") == innermost]), "macro-name"
            here = [d for d in own if d.file_path == path]
            return tuple(live(here or own)), "macro-name"
        for d in self._scope.get(f"{around}::*"):
            external = self._scope.crate(d.text.split("::")[0], crate)
            if external is not None and (made := self._of_crate(external, name)):
                return tuple(made), "macro-glob"
        return (), ""

    def _of_crate(self, crate: str, name: str) -> list[Definition]:
        """The macros of a crate that paths can lead to: not those in blocks."""
        return [d for d in self._scope.get(f"{crate}::{name}!") if d.visibility or "::{" not in d.module]


def _sees_macro(d: Definition, module: str, path: str) -> bool:
    """Whether a `macro_rules!` can be in textual scope: it stands in this module or one around it, or is
    exported; or in a module beside one around it, for that module may be `#[macro_use]`. One in a block is
    seen only there."""
    home = named_module(d.module)
    if home != d.module:  # in a block: seen there only
        return is_within(module, d.module)
    if is_within(module, home):
        return True
    if d.file_path == path or d.key.rpartition("::")[2] in _STANDARD:
        return bool(d.visibility)
    return bool(d.visibility) or is_within(module, home.rpartition("::")[0])
