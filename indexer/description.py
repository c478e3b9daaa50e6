"""What a node's own text says exactly, as answers show it: from its slice, each time that it is asked for.

Nothing of it is stored (docs/adr/0008). Where there is no exact description, there is the reason.
"""

from __future__ import annotations

from hydrators.exact import Description, Field, describe
from indexer.results import DescriptionRow, FieldRow
from store.model import NodeFacts, NodeKind

SLICE_MAX_BYTES = 1024 * 1024  # about 0.2 s; larger ones are modules whose items can be asked about

_NOT_RUST = (NodeKind.CRATE, NodeKind.FEATURE)


def describe_node(facts: NodeFacts, text: str) -> tuple[DescriptionRow | None, str]:
    """(description, "") or (None, reason) of the node with the slice `text`."""
    if facts.kind in _NOT_RUST:
        return None, "it is part of a manifest"
    if facts.kind == NodeKind.MACRO_CALL:
        return None, "what a macro call means is known only to the macro"
    if not facts.signature_syn:
        return None, "its own text does not parse" if facts.parse_error_count else "its own text is not exact"
    data = text.encode(errors="replace")
    if len(data) > SLICE_MAX_BYTES:
        return None, f"its text is larger than {SLICE_MAX_BYTES // 1024**2} MiB: ask for what is inside it"
    found = describe(data)
    if found is None:
        return None, "its own text is not what Rust's grammar knows"
    return _row(found), ""


def _row(found: Description) -> DescriptionRow:
    signature = found.signature
    return {
        "qualifiers": [one for one in signature.qualifiers if not one.startswith("extern")],
        "abi": next(
            (one[7:].strip('"') or "C" for one in signature.qualifiers if one.startswith("extern")), None
        ),
        "generics": [
            {
                "kind": one.kind,
                "name": one.name,
                "type": one.type,
                "bounds": list(one.bounds),
                "default": one.default,
            }
            for one in signature.generics
        ],
        "where": [{"subject": one.subject, "bounds": list(one.bounds)} for one in signature.where],
        "receiver": signature.receiver,
        "parameters": [{"pattern": one.pattern, "type": one.type} for one in signature.parameters],
        "is_variadic": signature.is_variadic,
        "return_type": signature.return_type,
        "trait": signature.trait,
        "self_type": signature.self_type,
        "is_negative": signature.is_negative,
        "supertraits": list(signature.supertraits),
        "bounds": list(signature.bounds),
        "style": signature.style,
        "fields": [_field(one) for one in signature.fields],
        "variants": [
            {
                "name": one.name,
                "style": one.style,
                "fields": [_field(field) for field in one.fields],
                "discriminant": one.discriminant,
                "attributes": list(one.attributes),
            }
            for one in signature.variants
        ],
        "type": signature.type,
        "value": signature.value,
        "members": [
            {"kind": one.kind, "name": one.name, "signature": one.canonical} for one in found.members
        ],
        "derives": list(found.derives),
        "cfg": list(found.cfg),
        "docs": found.docs,
        "facets": [{"facet": facet, "value": value} for facet, value in found.facets if facet != "doc"],
    }


def _field(one: Field) -> FieldRow:
    return {
        "name": one.name,
        "type": one.type,
        "visibility": one.visibility,
        "attributes": list(one.attributes),
    }
