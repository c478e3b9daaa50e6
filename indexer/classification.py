"""Test or code: what a node is for, by its own marks, its file's target and the modules above its file.

Derived when nodes are read: stored, a `#[cfg(test)]` above a `mod tests;` would change rows of another file.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from hydrators.cfg import is_test_only, parse
from indexer.results import Classification
from store import queries
from store.database import Database
from store.model import NodeKind
from store.node_scan import read_places

_TEST_TARGETS = ("tests/", "benches/")  # examples are code: people copy them
_MODULE = NodeKind.MODULE


def classification_of(file_is_test: bool, is_test: bool) -> Classification:
    """Of a node, by its file (see `test_files`) and by its own marks or those around it."""
    return "TEST_IMPLEMENTATION" if file_is_test or is_test else "CODE_IMPLEMENTATION"


def test_files(db: Database, paths: Collection[str]) -> frozenset[str]:
    """Those of the files that are compiled for tests alone: they belong to a test or bench target, or hang on
    a `mod` declaration under a cfg that only tests fulfil."""
    places = read_places(db, paths)
    modules = {path: "::".join(filter(None, place)) for path, place in places.items()}
    keys = {key for module in modules.values() for key in _chain(module)}
    gated = set(_test_modules(db, keys))
    return frozenset(
        path
        for path, module in modules.items()
        if places[path][0].partition("#")[2].startswith(_TEST_TARGETS) or not gated.isdisjoint(_chain(module))
    )


def _chain(module: str) -> Iterator[str]:
    """A module and those that it is in, the crate's root excepted: no `mod` declares it."""
    while "::" in module:
        yield module
        module = module.rpartition("::")[0]


def _test_modules(db: Database, keys: Iterable[str]) -> Iterator[str]:
    for key, definitions in queries.definitions(db, set(keys)).items():
        declared = [d for d in definitions if d.kind == _MODULE and not d.container]
        if declared and all(d.cfg and is_test_only(parse(d.cfg)) for d in declared):
            yield key
