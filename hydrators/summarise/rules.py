"""One line for each node of a file, by rules: from its documentation where that says something, else from
its name, header and plain body.

Pure and blind to everything that `input_hash` does not see. Never raises because of what a file says.
"""

from __future__ import annotations

from collections import defaultdict

from blake3 import blake3

from hydrators.exact import Signature, parse_signature
from hydrators.summarise.body import read_body, read_value
from hydrators.summarise.docs import doc_lines, first_paragraph, first_sentence, plain
from hydrators.summarise.functions import describe_function
from hydrators.summarise.items import describe_item
from hydrators.summarise.model import (
    RULE_BASED,
    RULE_BASED_INSUFFICIENT,
    RULES_VERSION,
    THRESHOLD,
    Draft,
    Summary,
    confidence_of,
)
from hydrators.summarise.phrasing import order_of
from hydrators.summarise.subject import Subject
from hydrators.summarise.validators import failed_checks
from hydrators.summarise.words import bare_type
from store.model import FileFacts, NodeFacts, NodeKind, NodeSpan

SUMMARISED = frozenset(
    (
        NodeKind.FUNCTION,
        NodeKind.METHOD,
        NodeKind.STRUCT,
        NodeKind.ENUM,
        NodeKind.UNION,
        NodeKind.VARIANT,
        NodeKind.TRAIT,
        NodeKind.TRAIT_ALIAS,
        NodeKind.IMPL,
        NodeKind.TYPE_ALIAS,
        NodeKind.ASSOCIATED_TYPE,
        NodeKind.ASSOCIATED_CONST,
        NodeKind.CONST,
        NodeKind.STATIC,
        NodeKind.MODULE,
        NodeKind.MACRO,
    )
)
"""Kinds of nodes that may have a line. Variants and modules in other files have one only if documented."""

_VALUES = frozenset((NodeKind.CONST, NodeKind.STATIC, NodeKind.ASSOCIATED_CONST))
_FUNCTIONS = frozenset((NodeKind.FUNCTION, NodeKind.METHOD))


def summarise_file(facts: FileFacts) -> dict[str, Summary]:
    """The lines of a file's nodes by id. Nodes of which nothing can be said have none."""
    summaries: dict[str, Summary] = {}
    by_id = {node.id: node for node in facts.nodes}
    children: defaultdict[str, list[NodeFacts]] = defaultdict(list)
    for node in facts.nodes:
        if node.parent_id:
            children[node.parent_id].append(node)
    for node, span in zip(facts.nodes, facts.spans, strict=True):
        if node.kind in SUMMARISED:
            parent = container_of(node, by_id)
            draft = _draft(node, span, parent, children.get(node.id, ()), facts.text)
            if draft is not None:
                summaries[node.id] = _summary(draft)
    return summaries


def container_of(node: NodeFacts, by_id: dict[str, NodeFacts]) -> NodeFacts | None:
    """The node around `node`, macro calls left out: what is in them is what it would be in their place."""
    parent = by_id.get(node.parent_id)
    while parent is not None and parent.kind == NodeKind.MACRO_CALL:
        parent = by_id.get(parent.parent_id)
    return parent


def input_hash(node: NodeFacts, container: NodeFacts | None) -> str:
    """A hash of all that the node's line depends on, 32 hex digits: the rules, its own tokens and docs, and
    what surrounds it (`container_of`). Equal hashes, equal lines; where the node stands does not count."""
    around = (container.kind, _header(container)) if container is not None else ("", "")
    parts = (
        RULES_VERSION,
        node.kind,
        node.name,
        node.owner,
        node.module,
        node.visibility,
        _header(node),
        "\x01".join(node.attributes),
        str(node.is_test),
        node.meaning_hash,
        *around,
    )
    return blake3("\0".join(parts).encode("utf-8", "surrogatepass")).digest(16).hex()


def _header(node: NodeFacts) -> str:
    return node.signature_syn or f"~{node.signature_ts}"


def _summary(draft: Draft) -> Summary:
    if not draft.line.isprintable():
        draft = draft._replace(
            line=" ".join("".join(c if c.isprintable() else " " for c in draft.line).split())
        )
    confidence = confidence_of(draft, failed_checks(draft.line))
    return Summary(draft.line, RULE_BASED if confidence >= THRESHOLD else RULE_BASED_INSUFFICIENT, confidence)


def _draft(
    node: NodeFacts,
    span: NodeSpan,
    container: NodeFacts | None,
    children: list[NodeFacts] | tuple[()],
    text: bytes,
) -> Draft | None:
    signature = parse_signature(node.signature_syn) if node.signature_syn else None
    documented = _documented(node, span, signature, text)
    if documented is not None and _confidence(documented) >= THRESHOLD:
        return documented
    derived = _derived(node, span, signature, container, children, text)
    if derived is not None and signature is None:
        derived = derived._replace(returns=0.0)
    if documented is None or derived is None:
        return documented or derived
    return max(documented, derived, key=_confidence)


def _confidence(draft: Draft) -> float:
    return confidence_of(draft, failed_checks(draft.line))


def _documented(node: NodeFacts, span: NodeSpan, signature: Signature | None, text: bytes) -> Draft | None:
    lines = doc_lines(text, span.start_byte, span.end_byte, is_module=node.kind == NodeKind.MODULE)
    if not lines:
        return None
    sentence = plain(first_sentence(first_paragraph(lines)))
    returns = signature.return_type if signature is not None else "?"
    if returns in ("()", "!"):
        returns = ""
    draft = order_of(sentence, node.kind, node.name, returns) if sentence else None
    return draft._replace(returns=0.0) if draft is not None and signature is None else draft


def _derived(
    node: NodeFacts,
    span: NodeSpan,
    signature: Signature | None,
    container: NodeFacts | None,
    children: list[NodeFacts] | tuple[()],
    text: bytes,
) -> Draft | None:
    owner, trait, argument = node.owner, "", ""
    around = None
    if container is not None and container.kind in (NodeKind.IMPL, NodeKind.TRAIT):
        around = parse_signature(container.signature_syn) if container.signature_syn else None
        if around is not None and around.kind == "impl":
            owner = _without_own_generics(bare_type(around.self_type), around) or owner
            trait, _, argument = around.trait.partition("<")
            trait = trait.rpartition("::")[2]
            argument = bare_type(argument[:-1]) if argument else ""
            if len(owner) > 28:
                owner = node.owner or owner.partition("<")[0]
    if node.kind in _FUNCTIONS:
        body = read_body(text, span.start_byte, span.end_byte)
        in_trait = container is not None and container.kind == NodeKind.TRAIT
        return describe_function(Subject(node, signature, body, owner, trait, argument, in_trait))
    value = read_value(text, span.start_byte, span.end_byte) if node.kind in _VALUES else None
    return describe_item(node, signature, children, owner, value)


def _without_own_generics(text: str, header: Signature) -> str:
    """`Drain<T, A>` of `impl<T, A> … for Drain<T, A>` → Drain; `Vec<u8>` stays."""
    head, opening, rest = text.partition("<")
    if not opening or not head or rest[-1:] != ">":
        return text
    own = {parameter.name for parameter in header.generics}
    return head if all(one in own or one == "_" for one in rest[:-1].split(", ")) else text
