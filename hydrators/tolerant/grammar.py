"""The tree-sitter grammar for Rust: the parser, the node kinds that are items, and the queries.

Knows nothing of facts; the only module that names grammar rules as strings.
"""

from __future__ import annotations

import tree_sitter_rust
from tree_sitter import Language, Node, Parser, Query, QueryCursor, Tree

from store.model import NodeKind

LANGUAGE = Language(tree_sitter_rust.language())
_PARSER = Parser(LANGUAGE)

ITEM_KINDS: dict[str, NodeKind] = {
    "function_item": NodeKind.FUNCTION,
    "function_signature_item": NodeKind.FUNCTION,
    "struct_item": NodeKind.STRUCT,
    "enum_item": NodeKind.ENUM,
    "enum_variant": NodeKind.VARIANT,
    "union_item": NodeKind.UNION,
    "trait_item": NodeKind.TRAIT,
    "impl_item": NodeKind.IMPL,
    "type_item": NodeKind.TYPE_ALIAS,
    "associated_type": NodeKind.ASSOCIATED_TYPE,
    "const_item": NodeKind.CONST,
    "static_item": NodeKind.STATIC,
    "mod_item": NodeKind.MODULE,
    "foreign_mod_item": NodeKind.EXTERN_BLOCK,
    "extern_crate_declaration": NodeKind.EXTERN_CRATE,
    "use_declaration": NodeKind.USE,
    "macro_definition": NodeKind.MACRO,
    "macro_invocation": NodeKind.MACRO_CALL,
}

# Kinds whose body is a list of items, each a node of its own.
CONTAINER_KINDS = frozenset(
    {NodeKind.TRAIT, NodeKind.IMPL, NodeKind.MODULE, NodeKind.EXTERN_BLOCK, NodeKind.ENUM}
)

# One pattern for each kind: as one alternation the same matches take four times as long.
_NESTED = "\n".join(
    f"(block ({kind}) @item)" for kind in ITEM_KINDS if kind not in {"enum_variant", "macro_invocation"}
)

# One pass finds every reference of an item and the items nested in its blocks. Type mentions inside
# bounds are matched twice and told apart by their position.
_REFERENCES = f"""
(call_expression function: (identifier) @call)
(call_expression function: (scoped_identifier) @call)
(call_expression function: (generic_function function: (identifier) @call))
(call_expression function: (generic_function function: (scoped_identifier) @call))
(call_expression function: (field_expression field: (field_identifier) @method))
(call_expression function: (generic_function function: (field_expression field: (field_identifier) @method)))
(macro_invocation macro: (_) @macro)
(type_identifier) @type
(trait_bounds (type_identifier) @bound)
(trait_bounds (generic_type type: (type_identifier) @bound))
(trait_bounds (scoped_type_identifier name: (type_identifier) @bound))
(trait_bounds (generic_type type: (scoped_type_identifier name: (type_identifier) @bound)))
(type_parameter name: (type_identifier) @parameter)
(token_tree (identifier) @token . (token_tree))
(token_tree (identifier) @token_macro . "!" . (token_tree))
{_NESTED}
"""
_REFERENCE_CURSOR = QueryCursor(Query(LANGUAGE, _REFERENCES))
_RAW_TEXT_CURSOR = QueryCursor(Query(LANGUAGE, "[(raw_string_literal) (block_comment)] @raw"))
_EVERYTHING = (0, 2**32 - 1)


def parse(data: bytes, old_tree: Tree | None = None) -> Tree:
    """Parse `data`; with `old_tree`, already edited to match it, only what changed."""
    return _PARSER.parse(data) if old_tree is None else _PARSER.parse(data, old_tree)


def reference_captures(node: Node, start: int, end: int) -> dict[str, list[Node]]:
    """Captures of the reference query inside `node`, cut to the bytes from `start` to `end`."""
    _REFERENCE_CURSOR.set_byte_range(start, end)
    captures = _REFERENCE_CURSOR.captures(node)
    _REFERENCE_CURSOR.set_byte_range(*_EVERYTHING)
    return captures


def count_errors(node: Node) -> int:
    """Number of ERROR and MISSING nodes at or below `node`. Enters only what has errors."""
    count = 0
    stack = [node]
    while stack:
        node = stack.pop()
        count += node.is_error or node.is_missing
        if node.has_error:
            stack.extend(node.children)
    return count


def raw_text_nodes(root: Node) -> list[Node]:
    """Raw strings and block comments: text whose lines only look like code."""
    return _RAW_TEXT_CURSOR.captures(root).get("raw", [])
