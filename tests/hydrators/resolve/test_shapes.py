"""On the workspace of call shapes: what its marks say is the library's is bound to nothing of its own."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

from hydrators.tolerant import extract_facts
from indexer.crates import CrateMap
from store.model import FileStat
from tests.hydrators.resolve.small_workspace import Workspace

SHAPES = Path(__file__).parents[3] / "fixtures" / "shapes"
MARK = re.compile(r"// std(?:: (?P<names>.+))?$")


def load() -> Workspace:
    manifests = {
        str(path.relative_to(SHAPES)): path.read_bytes()
        for path in sorted(SHAPES.rglob("Cargo.toml"))
        if "target" not in path.parts
    }
    crates = CrateMap(manifests)
    files = {}
    for path in sorted(SHAPES.glob("crates/**/*.rs")):
        name = str(path.relative_to(SHAPES))
        place = crates.place(name)
        files[name] = extract_facts(name, path.read_bytes(), FileStat(0, 0, 0, 0), *place)
    return Workspace(files, crates.world)


def marked(text: str) -> dict[int, frozenset[str]]:
    """Line (0-based) → the names of the marked calls, none for all of them."""
    found = {}
    lines = text.split("\n")
    for number, line in enumerate(lines):
        mark = MARK.search(line)
        if mark:
            at = number if line[: mark.start()].strip() else number - 1
            found[at] = frozenset(mark["names"].split(", ") if mark["names"] else ())
    return found


def test_no_call_that_is_marked_std_is_bound() -> None:
    tree = load()
    names = tree.names()
    functions = {  # a constructor's call on such a line is no call of a function
        node.id
        for facts in tree.files.values()
        for node in facts.nodes
        if node.kind in ("function", "method", "macro")
    }
    wrong = []
    count = calls = 0
    for path, resolution in tree.resolved().items():
        facts = tree.files[path]
        starts = {span.id: span.start_byte for span in facts.spans}
        targets = defaultdict(list)
        for edge in resolution.edges:
            if edge.kind == "CALLS" and edge.dst_id in functions:
                calls += 1
                for site in edge.sites:
                    targets[edge.src_id, site].append(edge)
        marks = marked(facts.text.decode())
        for source, references in facts.references.items():
            for site, reference in enumerate(references):
                line = facts.text.count(b"\n", 0, starts[source] + reference.end_byte)
                if line not in marks or reference.kind not in ("call", "method", "macro", "path", "value"):
                    continue
                wanted = marks[line]
                spelt = {reference.name, reference.path_text, "::".join(reference.path_text.split("::")[-2:])}
                if wanted and not wanted & spelt:
                    continue
                count += 1
                for edge in targets[source, site]:
                    wrong.append((f"{path}:{line + 1}", reference.path_text, names[edge.dst_id], edge.weight))
    assert wrong == []
    assert count > 800
    assert calls > 500, "nothing else is bound either"
