"""What is embedded of a node, and the key that its vector hangs on.

Pure. Nothing of where the node stands goes in, neither file nor module nor line, so that moving it costs
nothing; nor its body: what that does is in the summary, and bodies dilute (docs/accuracy.md, retrieval).
"""

from __future__ import annotations

import re

from blake3 import blake3

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

_LETTERS_OR_DIGITS = re.compile(r"[^\W\d_]+|\d+")
_HUMP = re.compile(r"(?<=[^\WA-Z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][^\WA-Z])")


def words_of(identifier: str) -> list[str]:
    """`HTTPServerError` → http, server, error; `read_u16_le` → read, u, 16, le."""
    pieces = _LETTERS_OR_DIGITS.findall(identifier)
    return [word.lower() for piece in pieces for word in _HUMP.split(piece)]


def embed_text(node: NodeFacts, one_line: str) -> str:
    """Words of owner and name, kind, name, signature, and the summary if there is one."""
    name = node.name or node.qualified_name
    header = " ".join(dict.fromkeys([*words_of(node.owner), *words_of(name)]))
    signature = node.signature_syn or node.signature_ts
    lines = [header, f"{node.kind.replace('_', ' ')} {name}", signature]
    if one_line:
        lines.append(one_line)
    return "\n".join(lines)[:MAX_TEXT_CHARACTERS]


def embed_key(model_id: str, text: str) -> str:
    """Equal for equal texts of one model and recipe; 32 hex digits."""
    return blake3(f"{EMBED_RECIPE}\0{model_id}\0{text}".encode("utf-8", "surrogatepass")).digest(16).hex()
