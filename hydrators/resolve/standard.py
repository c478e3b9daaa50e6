"""The standard library's declarations as definitions, so that types can be followed through it.

The declarations are Rust text in `std/`; they make no nodes and no edges.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources

from store.model import Definition, FileStat


@cache
def standard_definitions() -> Mapping[str, Sequence[Definition]]:
    """Look-up key → definitions, all with an empty file path."""
    from hydrators.tolerant import extract_facts  # late: it makes definitions itself

    found: dict[str, list[Definition]] = {}
    stat = FileStat(0, 0, 0, 0)
    for file in sorted(resources.files("hydrators.resolve").joinpath("std").iterdir(), key=lambda f: f.name):
        if file.name.endswith(".rs"):
            facts = extract_facts(f"std/{file.name}", file.read_bytes(), stat, "std", "")
            for d in facts.definitions:
                found.setdefault(d.key, []).append(d._replace(file_path=""))
    return {key: tuple(definitions) for key, definitions in found.items()}
