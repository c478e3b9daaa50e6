"""Workspaces of a few files in one string, resolved in memory, and what their lines say they must become.

    //- /src/lib.rs                          a file; crate `demo`, module by the usual layout
    //- /core/src/lib.rs crate:core_io deps:demo,other=base
    fn f() { g(); }                          //~ g [module]

A mark names what the calls of its line lead to: `//~ path [rule], …`, the rule if it matters; `//~` alone
says that they lead nowhere. Targets of other kinds are marked `uses:`, `implements:`, `bound:`, `depends:`; a
kind that a line does not mark is not compared, but calls always are. A target in the crate `demo` is written
without its crate. Lines without a mark may lead anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from hydrators.resolve import Resolution, Resolver, World
from indexer.crates import CrateMap
from store.model import AMBIGUITY_CAP, AMBIGUOUS, Definition, Edge, FileFacts, is_capped
from tests.hydrators.rust_text import facts_of

CRATE = "demo"
_HEADER = re.compile(r"^//- /(\S+)(.*)\n?", re.MULTILINE)
_MARK = re.compile(r"//~(.*)$")
_TARGET = re.compile(
    r"\s*(?:(?P<kind>[a-z]+):(?!:))?(?P<path><[^\[\],]*>[^\[\],]*|[^\[\],]+?)\s*(?:\[(?P<rule>[\w-]+)\])?\s*(?:,|$)"
)
_KINDS = {
    "uses": "USES",
    "implements": "IMPLEMENTS",
    "bound": "REQUIRES_BOUND",
    "depends": "DEPENDS",
}


class Definitions:
    """Definitions of some files by key, with the order and the cap of the stored ones."""

    def __init__(self, files: Iterable[FileFacts]) -> None:
        self._by_key: dict[str, list[Definition]] = {}
        for facts in files:
            for definition in facts.definitions:
                self._by_key.setdefault(definition.key, []).append(definition)
        self._known: dict[str, tuple[Definition, ...]] = {}

    def get(self, key: str) -> tuple[Definition, ...]:
        found = self._known.get(key)
        if found is None:
            found = tuple(sorted(set(self._by_key.get(key, ())), key=lambda d: (d.file_path, d)))
            if len(found) > AMBIGUITY_CAP and is_capped(key):
                found = AMBIGUOUS
            self._known[key] = found
        return found


class Workspace(NamedTuple):
    """Files by path, in order, and what their crates see of each other."""

    files: Mapping[str, FileFacts]
    world: World

    def resolver(self) -> Resolver:
        return Resolver(Definitions(self.files.values()), self.world)

    def resolved(self) -> dict[str, Resolution]:
        resolver = self.resolver()
        return {path: resolver.resolve(facts) for path, facts in self.files.items()}

    def names(self) -> dict[str, str]:
        """Node id → its path, without the crate `demo`."""
        found = {}
        for facts in self.files.values():
            crate, module = facts.record.crate, facts.record.module_path
            for node in facts.nodes:
                parts = ("" if crate == CRATE else crate, module, node.qualified_name)
                found[node.id] = "::".join(filter(None, parts))
        return found

    def edges(self) -> list[Edge]:
        return [edge for resolution in self.resolved().values() for edge in resolution.edges]


def workspace(text: str) -> Workspace:
    """The workspace in a string. With a `Cargo.toml` among its files, places come from the manifests."""
    texts = split(text)
    manifests = {path: body.encode() for path, (body, _) in texts.items() if path.endswith("Cargo.toml")}
    if manifests:
        crates = CrateMap(manifests)
        places = {path: crates.place(path) for path in texts}
        found = {
            path: facts_of(body, path, *places[path])
            for path, (body, _) in texts.items()
            if path not in manifests
        }
        return Workspace(found, crates.world)
    files: dict[str, FileFacts] = {}
    dependencies: dict[str, dict[str, str]] = {CRATE: {CRATE: CRATE}}
    for path, (body, options) in texts.items():
        crate = options.get("crate", CRATE)
        seen = dependencies.setdefault(crate, {crate: crate})
        for dependency in filter(None, options.get("deps", "").split(",")):
            name, _, meant = dependency.partition("=")
            seen[name] = meant or name
        files[path] = facts_of(body, path, crate, module_path(path))
    return Workspace(files, World(dependencies))


def module_path(path: str) -> str:
    """Of a file below `src/`."""
    parts = path.rpartition("src/")[2].removesuffix(".rs").split("/")
    if parts[-1] == "mod" or parts in (["lib"], ["main"]):
        parts.pop()
    return "::".join(parts)


def split(text: str) -> dict[str, tuple[str, dict[str, str]]]:
    """Path → (text, options of its header). Text without a header is `/src/lib.rs`."""
    headers = list(_HEADER.finditer(text))
    if not headers:
        return {"src/lib.rs": (text, {})}
    ends = [*(header.start() for header in headers[1:]), len(text)]
    found = {}
    for header, end in zip(headers, ends, strict=True):
        options = dict(option.split(":", 1) for option in header[2].split())
        found[header[1]] = (text[header.end() : end], options)
    return found


class Line(NamedTuple):
    """What one marked line says, or leads to: sorted "kind target" or "kind target [rule]"."""

    place: str
    targets: tuple[str, ...]


def check(text: str) -> None:
    """Every marked line of the workspace leads where its mark says, and nowhere else."""
    tree = workspace(text)
    names = tree.names()
    wanted: list[Line] = []
    found: list[Line] = []
    for path, resolution in tree.resolved().items():
        facts = tree.files[path]
        starts = {span.id: span.start_byte for span in facts.spans}
        by_line: dict[int, set[tuple[str, str, str]]] = {}
        for edge in resolution.edges:
            for site in edge.sites:
                reference = facts.references[edge.src_id][site]
                number = facts.text.count(b"\n", 0, starts[edge.src_id] + reference.end_byte)
                by_line.setdefault(number, set()).add((edge.kind, names[edge.dst_id], edge.rule))
        for number, line in enumerate(facts.text.decode().split("\n")):
            mark = _MARK.search(line)
            if mark is None:
                continue
            marked = [
                (_KINDS.get(m["kind"] or "", "CALLS"), m["path"].strip(), m["rule"])
                for m in _TARGET.finditer(mark[1].strip())
            ]
            kinds = {"CALLS", *(kind for kind, _, _ in marked)}
            rules = {(kind, target) for kind, target, rule in marked if rule}
            place = f"{path}:{number + 1}: {line[: mark.start()].strip()}"
            wanted.append(Line(place, tuple(sorted(_spell(*one) for one in marked))))
            found.append(
                Line(
                    place,
                    tuple(
                        sorted(
                            _spell(kind, target, rule if (kind, target) in rules else None)
                            for kind, target, rule in by_line.get(number, ())
                            if kind in kinds
                        )
                    ),
                )
            )
    assert wanted, "nothing is marked"
    wrong = [
        f"{want.place}\n    wanted {list(want.targets)}\n    found  {list(got.targets)}"
        for want, got in zip(wanted, found, strict=True)
        if want != got
    ]
    assert not wrong, "\n" + "\n".join(wrong)


def _spell(kind: str, target: str, rule: str | None) -> str:
    return f"{kind} {target}" + (f" [{rule}]" if rule else "")


def edges_of(text: str) -> list[tuple[str, str, str, float, str]]:
    """(source, kind, target, weight, rule) of all edges of a workspace, sorted."""
    tree = workspace(text)
    names = tree.names()
    return sorted((names[e.src_id], e.kind, names[e.dst_id], e.weight, e.rule) for e in tree.edges())
