"""Test or code: what a node is for, by its own marks, its file's target and the modules above its file.

Derived when nodes are read: stored, a `#[cfg(test)]` above a `mod tests;` would change rows of another file.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from hydrators.cfg import is_test_only, parse
from hydrators.resolve.declarations import lines_above
from indexer.results import Classification
from store import queries
from store.database import Database
from store.model import Definition
from store.node_scan import read_places

_TEST_TARGETS = ("tests/", "benches/")  # examples are code: people copy them


def classification_of(file_is_test: bool, is_test: bool) -> Classification:
    """Of a node, by its file (see `test_files`) and by its own marks or those around it."""
    return "TEST_IMPLEMENTATION" if file_is_test or is_test else "CODE_IMPLEMENTATION"


def test_files(db: Database, paths: Collection[str]) -> frozenset[str]:
    """Those of the files that are compiled for tests alone: they belong to a test or bench target, or hang on
    a `mod` declaration under a cfg that only tests fulfil."""
    places = read_places(db, paths)
    modules = {path: "::".join(filter(None, place)) for path, place in places.items()}
    is_gated = _Gated(db)
    is_gated.prefetch(modules.values())
    return frozenset(
        path
        for path, module in modules.items()
        if places[path][0].partition("#")[2].startswith(_TEST_TARGETS) or is_gated(module)
    )


class _Gated:
    """Whether a file's module is compiled for tests alone, by the `mod` lines that it hangs on."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._known: dict[str, Sequence[Definition]] = {}

    def prefetch(self, modules: Iterable[str]) -> None:
        """Ask for all that the names of these modules tell at once."""
        keys = {key for module in modules for key in _chain(module)}
        self._known = {**dict.fromkeys(keys, ()), **queries.definitions(self._db, keys)}

    def _get(self, key: str) -> Sequence[Definition]:
        if key not in self._known:  # above a file that `#[path]` names
            self._known[key] = queries.definitions(self._db, (key,)).get(key, ())
        return self._known[key]

    def __call__(self, module: str) -> bool:
        return any(
            lines and all(line.cfg and is_test_only(parse(line.cfg)) for line in lines)
            for lines in lines_above(self._get, module)
        )


def _chain(module: str) -> Iterator[str]:
    """A module and those that it is in by its name, the crate's root excepted: no `mod` declares it."""
    while "::" in module:
        yield module
        module = module.rpartition("::")[0]
