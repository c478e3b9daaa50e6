"""Facts of a piece of Rust text, in the short form that tests compare."""

from hydrators.tolerant import extract_facts
from store.model import FileFacts, FileStat, NodeFacts

NO_STAT = FileStat(0, 0, 0, 0)


def facts_of(
    text: str | bytes, path: str = "src/a.rs", crate: str = "demo", module_path: str = "a"
) -> FileFacts:
    data = text.encode() if isinstance(text, str) else text
    return extract_facts(path, data, NO_STAT, crate, module_path)


def node(facts: FileFacts, qualified_name: str) -> NodeFacts:
    found = [n for n in facts.nodes if n.qualified_name == qualified_name]
    assert len(found) == 1, f"{qualified_name}: {[n.qualified_name for n in facts.nodes]}"
    return found[0]


def slice_of(facts: FileFacts, node_id: str) -> bytes:
    span = next(s for s in facts.spans if s.id == node_id)
    return facts.text[span.start_byte : span.end_byte]


def references_of(facts: FileFacts, qualified_name: str) -> list[tuple[str, str]]:
    return [(r.kind, r.path_text) for r in facts.references.get(node(facts, qualified_name).id, ())]
