"""What is embedded of a node, and the key that its vector hangs on.

Pure. Nothing of where the node stands goes in, neither file nor module nor line, so that moving it costs
nothing; nor its body: what that does is in the summary, and bodies dilute (docs/accuracy.md, retrieval).
"""

from __future__ import annotations

import re

from blake3 import blake3

from hydrators.summarise.words import deed, phrase, words_of
from store.model import NodeFacts, NodeKind

EMBED_RECIPE = "1"
"""Raise it when `embed_text` makes another text of the same node: every vector is then made anew."""
MAX_TEXT_CHARACTERS = 1_500
"""More than any model of 512 tokens reads; a generated signature can have a megabyte."""

EMBEDDED = frozenset(NodeKind) - {
    NodeKind.USE,
    NodeKind.EXTERN_CRATE,
    NodeKind.EXTERN_BLOCK,
    NodeKind.FEATURE,
    NodeKind.MACRO_CALL,
}
"""Kinds of nodes that somebody may look for by what they do."""

_QUALIFIERS = re.compile(
    r"(?:pub(?:\([^)]*\))? )?(?:(?:default|const|async|unsafe|safe|auto|extern(?: \"[^\"]*\")?) )*"
    r"(?:fn|struct|enum|union|trait|type|mod|macro_rules!|macro|static|const)\s+(?:mut )?"
)
_LIFETIME = re.compile(r"(&?)'\w+(?!')(?: |, | \+ )?")


def embed_text(node: NodeFacts, one_line: str) -> str:
    """Kind, name and owner in words; the signature as a call would need it; the summary if there is one:
    `method retain of vector. Vec::retain(&mut self, f: F)`. What a signature says beyond that (visibility,
    qualifiers, generics, bounds, lifetimes) costs more than it brings: measured in docs/accuracy.md."""
    name = node.name or node.qualified_name
    header = f"{node.kind.replace('_', ' ')} {_spoken(name, is_deed=True)}"
    if node.owner:
        header += f" of {_spoken(node.owner, is_deed=False)}"
    text = f"{header}. {_outline(node)}"
    return (f"{text}\n{one_line}" if one_line else text)[:MAX_TEXT_CHARACTERS]


def _spoken(name: str, *, is_deed: bool) -> str:
    words = words_of(name)
    if not words:
        return name
    return phrase((deed(words[0]), *words[1:]) if is_deed else words)


def _outline(node: NodeFacts) -> str:
    """`Owner::name(parameters) -> Type`; of what is no function the signature without its first words."""
    text = (node.signature_syn or node.signature_ts)[: 2 * MAX_TEXT_CHARACTERS].partition(" where ")[0]
    if "'" in text:
        text = _LIFETIME.sub(r"\1", text).replace("<>", "")
    if qualifiers := _QUALIFIERS.match(text):
        text = text[qualifiers.end() :]
    if node.kind in (NodeKind.FUNCTION, NodeKind.METHOD) and text.startswith(node.name):
        text = node.name + _without_generics(text[len(node.name) :])
    return f"{node.owner}::{text}" if node.owner else text


def _without_generics(text: str) -> str:
    """`<T, F: Fn(T) -> u8>(f: F)` → (f: F)."""
    if not text.startswith("<"):
        return text
    depth = 0
    for at, letter in enumerate(text):
        if letter == "<":
            depth += 1
        elif letter == ">" and text[at - 1] != "-":
            depth -= 1
            if depth == 0:
                return text[at + 1 :]
    return text


def embed_key(model_id: str, text: str) -> str:
    """Equal for equal texts of one model and recipe; 32 hex digits."""
    return blake3(f"{EMBED_RECIPE}\0{model_id}\0{text}".encode("utf-8", "surrogatepass")).digest(16).hex()
