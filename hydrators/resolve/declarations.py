"""Which `mod` lines a file hangs on, those with `#[path]` included, and so where its module stands.

A module is called by the place of its file, whatever declares it: its look-up keys are made of that. What
leads out of the file (`super`, privacy, conditions) follows the declaration. Every answer is a pure function
of the definitions that `get` tells.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from hydrators.resolve.definitions import live
from hydrators.resolve.module_files import DECLARED_BESIDE, DECLARED_BY_PATH, LIVES_ELSEWHERE, WAYS_BACK
from store.model import Definition, NodeKind

_MODULE = NodeKind.MODULE.value

Get = Callable[[str], Sequence[Definition]]


def declarations(get: Get, module: str) -> list[Definition]:
    """All that declare the file of a module, or the module in a file: those by its name first, then those by
    `#[path]`."""
    members = get(module)
    found = _direct(get, members)
    found += [
        d for d in members if d.kind == DECLARED_BESIDE and (not d.owner or has_files_beside(get, d.owner))
    ]
    return found


def _direct(get: Get, members: Sequence[Definition]) -> list[Definition]:
    moved = {(d.id, d.cfg) for d in members if d.kind == LIVES_ELSEWHERE}
    by_name = [
        d
        for d in members
        if d.kind == _MODULE
        and (d.id, d.cfg) not in moved
        and not (d.owner and has_files_beside(get, d.owner))
    ]
    return by_name + [d for d in members if d.kind == DECLARED_BY_PATH]


def has_files_beside(get: Get, module: str) -> bool:
    """Whether `mod` lines in the file of a module mean files in its own folder, as in a mod.rs, because it is
    declared by `#[path]` itself."""
    members = get(module)
    if not any(d.kind == DECLARED_BY_PATH for d in members):
        return False
    return _direct(get, members)[0].kind == DECLARED_BY_PATH


def declared_path(get: Get, module: str) -> str:
    """What a module is called where it is declared: `crate::a::tests` of crate/a_tests.rs, say. If it is not
    declared by its name too, that is the first `#[path]` that names it, of those that a usual build has."""
    if not any(d.kind in WAYS_BACK for d in get(module)):
        return module
    found = declarations(get, module)
    return live(found)[0].text if found and found[0].kind in WAYS_BACK else module


def parent(get: Get, module: str) -> str:
    """The module that declares a module, "" for a root."""
    return declared_path(get, module).rpartition("::")[0]


def seat(get: Get, module: str) -> str:
    """A module's path by the names of all declarations above it, as the compiler has it."""
    names: list[str] = []
    seen: set[str] = set()
    while "::" in module and module not in seen:
        seen.add(module)
        module, _, name = declared_path(get, module).rpartition("::")
        names.append(name)
    return "::".join([module, *reversed(names)])


def lines_above(get: Get, module: str) -> Iterator[list[Definition]]:
    """The `mod` lines of a module, then those of the one that it is declared in, and so on. None of inline
    modules: what is said of those stands in the file."""
    seen: set[str] = set()
    while "::" in module and module not in seen:
        seen.add(module)
        yield [d for d in declarations(get, module) if not d.container]
        module = parent(get, module)
