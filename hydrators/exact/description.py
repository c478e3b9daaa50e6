"""Everything that one item's slice says by itself: docs, attributes, header, members.

Made on demand; nothing here is on the path of a cold index.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from hydrators.exact.head import Head, read_head, split_list
from hydrators.exact.headers import item_end, parse_item, prepared
from hydrators.exact.lexer import scan
from hydrators.exact.model import Description, Member, Signature
from hydrators.exact.spelling import spell
from hydrators.exact.types import Tokens, Unparsable, attributes_end, group_end, path_end

_CONTAINERS = frozenset({"impl", "trait", "module", "extern_block"})
_OWN_FACETS = frozenset(
    {"deprecated", "must_use", "non_exhaustive", "inline", "repr", "target_feature", "serde"}
)


def describe(data: bytes) -> Description | None:
    """The item in `data`, from its first attribute or doc comment to its end; None for what is no item,
    and for a macro call."""
    try:
        text, head, t = _opened(data)
        signature, cut, i = parse_item(t, 0)
        end = item_end(t, i)
        if t[end] != "":
            return None
        members = tuple(_members(t, i + 1, end - 1)) if signature.kind in _CONTAINERS and t[i] == "{" else ()
    except Unparsable:
        return None
    attributes, docs = head.attributes, head.docs
    if t[i] == "{":
        inner = read_head(text, _body_start(text, head.end, t[:i].count("{")), is_inner=True)
        attributes, docs = attributes + inner.attributes, docs + inner.docs
    derives = tuple(_derives(attributes))
    cfg = tuple(p for a in attributes if (p := _arguments(a, "cfg")) is not None)
    return Description(
        signature,
        spell(t[:cut]),
        attributes,
        derives,
        cfg,
        "\n".join(docs),
        members,
        tuple(_facets(signature, attributes, derives, cfg, docs)),
    )


def verdict(data: bytes) -> bool:
    """Whether the item in `data` is accepted as a whole: its header parses and its body's brackets close.
    A macro call is an item too; what its body means is not looked at."""
    try:
        _, _, t = _opened(data)
        end = _call_end(t, 0)
        if end == 0:
            end = item_end(t, parse_item(t, 0)[2])
        return t[end] == ""
    except Unparsable:
        return False


def _opened(data: bytes) -> tuple[str, Head, list[str]]:
    text = data.decode("utf-8", "replace").replace("\r\n", "\n")
    head = read_head(text, 0, is_inner=False)
    return text, head, prepared(text[head.end :])


def _body_start(text: str, at: int, braces: int) -> int:
    """Behind the brace that opens the body, which `braces` others come before."""
    for token, end in scan(text, at):
        if token == "{":
            if braces == 0:
                return end
            braces -= 1
    return len(text)


def _members(t: Tokens, i: int, end: int) -> Iterator[Member]:
    while i < end:
        while t[i] == "#" and t[i + 1] == "!":
            i = group_end(t, i + 2)
        i = attributes_end(t, i)
        if i >= end:
            return
        if (after := _call_end(t, i)) > i:
            i = after
            continue
        signature, cut, body = parse_item(t, i)
        if signature.kind == "variant":
            raise Unparsable
        yield Member(signature.kind, signature.name, spell(t[i:cut]))
        i = item_end(t, body)


def _call_end(t: Tokens, i: int) -> int:
    """Behind a macro call in the place of an item; `i` if there is none."""
    if t[i] == "macro_rules":
        return i
    try:
        end = path_end(t, i, 0)
    except Unparsable:
        return i
    if t[end] != "!" or t[end + 1] not in ("(", "[", "{"):
        return i
    end = group_end(t, end + 1)
    return end + 1 if t[end] == ";" else end


def _arguments(attribute: str, name: str) -> str | None:
    """What stands in the parentheses of `name(…)`; None if it is another attribute."""
    if attribute.startswith(f"{name}(") and attribute.endswith(")"):
        return attribute[len(name) + 1 : -1]
    return None


def _derives(attributes: tuple[str, ...]) -> Iterator[str]:
    for attribute in attributes:
        inner = _arguments(attribute, "derive")
        if inner is not None:
            yield from split_list(inner)
        elif (inner := _arguments(attribute, "cfg_attr")) is not None:
            yield from _derives(tuple(split_list(inner)[1:]))


def _facets(
    signature: Signature,
    attributes: tuple[str, ...],
    derives: tuple[str, ...],
    cfg: tuple[str, ...],
    docs: tuple[str, ...],
) -> Iterator[tuple[str, str]]:
    if signature.visibility:
        yield "visibility", signature.visibility
    for qualifier in signature.qualifiers:
        if qualifier.startswith("extern"):
            yield "abi", qualifier[7:].strip('"') or "C"
        else:
            yield qualifier.split("(", 1)[0], ""
    for parameter in signature.generics:
        yield "generic", f"const {parameter.name}: {parameter.type}" if parameter.type else parameter.name
        for bound in parameter.bounds:
            yield "bound", f"{parameter.name}: {bound}"
    for predicate in signature.where:
        for bound in predicate.bounds:
            yield "where", f"{predicate.subject}: {bound}"
    name = signature.name or signature.self_type
    for bound in signature.supertraits + signature.bounds:
        yield "bound", f"{name}: {bound}"
    if signature.receiver:
        yield "receiver", signature.receiver
    if signature.return_type:
        yield "return", signature.return_type
    if signature.is_variadic:
        yield "variadic", ""
    if signature.is_negative:
        yield "negative", ""
    for derive in derives:
        yield "derive", derive
    for predicate_text in cfg:
        yield "cfg", predicate_text
    for attribute in attributes:
        yield from _attribute_facet(attribute)
    if docs:
        yield "doc", "\n".join(docs)


def _attribute_facet(attribute: str) -> Iterator[tuple[str, str]]:
    inner = _arguments(attribute, "unsafe")
    if inner is not None:
        attribute = inner
    path = _PATH.match(attribute)
    name = path[0] if path else ""
    if name in ("derive", "cfg"):
        return
    if name in _OWN_FACETS:
        rest = attribute[len(name) :]
        yield name, rest[1:-1] if rest.startswith("(") else rest.removeprefix(" = ")
    else:
        yield "attribute", attribute


_PATH = re.compile(r"[\w:]+")
