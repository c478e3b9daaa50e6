"""Rust text in, lines out: what the tests of summaries share."""

from hydrators.summarise import Summary, summarise_file
from store.model import NodeFacts
from tests.hydrators.rust_text import facts_of


def summaries(text: str, path: str = "src/lib.rs") -> dict[str, Summary]:
    """The summaries of all nodes of `text` by qualified name."""
    facts = facts_of(text, path)
    lines = summarise_file(facts)
    return {node.qualified_name: lines[node.id] for node in facts.nodes if node.id in lines}


def line(text: str, name: str) -> str:
    """The line of one node."""
    return summaries(text)[name].one_line


def first_line(text: str) -> str:
    """The line of the first node that has one."""
    return next(iter(summaries(text).values())).one_line


def node_of(text: str, name: str) -> NodeFacts:
    """The node of that qualified name."""
    return next(node for node in facts_of(text).nodes if node.qualified_name == name)
