"""What an undocumented item other than a function is, by its header and by what stands in it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from hydrators.exact.model import Signature
from hydrators.summarise.model import MAX_CHARACTERS, Draft
from hydrators.summarise.trait_methods import LINES
from hydrators.summarise.verbs import AMBIGUOUS, VERBS
from hydrators.summarise.words import article, bare_type, deed, phrase, short_type, words_of
from store.model import NodeFacts, NodeKind

_KNOWN_TRAITS = frozenset(trait for trait, _ in LINES)


def describe_item(
    node: NodeFacts, signature: Signature | None, children: Sequence[NodeFacts], owner: str, value: str | None
) -> Draft | None:
    """The draft of what the item is; None for one that says nothing, such as the declaration of a module in
    another file. `children` are the nodes directly inside it; `value` is what a constant is plainly set to,
    None for one that is only declared."""
    kind = node.kind
    if kind in (NodeKind.STRUCT, NodeKind.UNION):
        return _struct(node, signature)
    if kind == NodeKind.ENUM:
        return _enum(node, children)
    if kind in (NodeKind.TRAIT, NodeKind.TRAIT_ALIAS):
        return _trait(node, signature, children)
    if kind == NodeKind.IMPL:
        return _impl(node, signature, children)
    if kind in (NodeKind.TYPE_ALIAS, NodeKind.ASSOCIATED_TYPE):
        return _alias(node, signature, owner)
    if kind in (NodeKind.CONST, NodeKind.STATIC, NodeKind.ASSOCIATED_CONST):
        return _value(node, signature, owner, value)
    if kind == NodeKind.MODULE:
        return _module(node, children)
    return _macro(node) if kind == NodeKind.MACRO else None


def _struct(node: NodeFacts, signature: Signature | None) -> Draft:
    name = phrase(words_of(node.name))
    if signature is None:
        return Draft(f"Hold the data of {name}", 0.5, 0.5, 0.0, 0.0, 0.6)
    fields = signature.fields
    if not fields:
        return Draft(f"Stand for {name}, without data", 0.6, 0.6, 1.0, 0.3, 0.7)
    known = [field for field in fields if "PhantomData" not in field.type]
    if signature.style == "tuple":
        if len(known) == 1:
            inner = bare_type(known[0].type)
            return Draft(
                f"Wrap {inner} as {node.name}" if inner else f"Wrap a value as {node.name}",
                1.0,
                1.0 if inner else 0.3,
                1.0,
                0.8,
                0.9,
            )
        types = [short_type(field.type) for field in known]
        return Draft(
            _listing("Combine", [one for one in types if one], f" as {node.name}"), 0.9, 0.9, 1.0, 0.8, 0.85
        )
    return Draft(
        _listing("Hold", [phrase(words_of(field.name)) for field in known], f" of {_with_article(name)}"),
        1.0,
        1.0,
        1.0,
        0.8,
        0.88,
    )


def _with_article(name: str) -> str:
    if name.endswith("s") and not name.endswith("ss"):
        return name
    return article(name)


def _enum(node: NodeFacts, children: Sequence[NodeFacts]) -> Draft:
    variants = [phrase(words_of(child.name)) for child in children if child.kind == NodeKind.VARIANT]
    words = words_of(node.name)
    name = phrase(words[:-1] if len(words) > 1 and words[-1] in ("kind", "type") else words)
    if not variants:
        return Draft(f"Stand for {name}, which has no values", 0.8, 0.6, 1.0, 0.3, 0.75)
    if len(variants) == 1:
        return Draft(f"Name the one case of {name}: {variants[0]}", 0.8, 1.0, 1.0, 0.8, 0.85)
    return Draft(_listing(f"Distinguish kinds of {name}:", variants, ""), 1.0, 1.0, 1.0, 0.8, 0.88)


def _trait(node: NodeFacts, signature: Signature | None, children: Sequence[NodeFacts]) -> Draft:
    name = node.name
    methods = [child.name for child in children if child.kind in (NodeKind.METHOD, NodeKind.FUNCTION)]
    if methods:
        return Draft(
            _listing(f"Declare the trait {name} with", methods, ""),
            0.9,
            1.0,
            1.0,
            0.8,
            0.85,
        )
    others = [child.name for child in children]
    bounds = [short_type(bound) for bound in signature.supertraits] if signature is not None else []
    bounds = [bound for bound in bounds if bound and bound[0] != "'"]
    if others:
        return Draft(_listing(f"Declare the trait {name} with", others, ""), 0.8, 0.9, 1.0, 0.8, 0.8)
    if bounds:
        return Draft(
            _listing("Combine the traits", bounds, f" as {name}")
            if len(bounds) > 1
            else f"Mark types that are {bounds[0]} as {name}",
            0.9,
            0.9,
            1.0,
            0.8,
            0.85,
        )
    return Draft(f"Mark types as {name}", 0.7, 0.5, 1.0, 0.3, 0.7)


def _impl(node: NodeFacts, signature: Signature | None, children: Sequence[NodeFacts]) -> Draft:
    if signature is None:
        return Draft(_clip(f"Implement {node.name}"), 1.0, 0.6, 0.0, 0.3, 0.7)
    owner = short_type(signature.self_type) or "a type"
    if signature.trait:
        trait = short_type(signature.trait) or signature.trait.partition("<")[0]
        if signature.is_negative:
            return Draft(_clip(f"Keep {trait} from being implemented for {owner}"), 1.0, 1.0, 1.0, 1.0, 0.95)
        if len(children) == 0 or trait.partition("<")[0].rpartition("::")[2] in _KNOWN_TRAITS:
            return Draft(_clip(f"Implement {trait} for {owner}"), 1.0, 1.0, 1.0, 1.0, 0.95)
        methods = [child.name for child in children if child.kind in (NodeKind.METHOD, NodeKind.FUNCTION)]
        if not methods:
            return Draft(_clip(f"Implement {trait} for {owner}"), 1.0, 1.0, 1.0, 1.0, 0.95)
        return Draft(_listing(f"Implement {trait} for {owner}:", methods, ""), 1.0, 1.0, 1.0, 1.0, 0.95)
    names = [child.name for child in children]
    if not names:
        return Draft(_clip(f"Implement {owner} without any item"), 0.8, 0.5, 1.0, 0.5, 0.7)
    return Draft(_listing(f"Implement {owner}:", names, ""), 1.0, 1.0, 1.0, 1.0, 0.9)


def _alias(node: NodeFacts, signature: Signature | None, owner: str) -> Draft:
    target = short_type(signature.type) if signature is not None and signature.type else ""
    if node.kind == NodeKind.ASSOCIATED_TYPE:
        if target:
            return Draft(
                _clip(f"Set {node.name} of {owner or 'the impl'} to {target}"), 1.0, 1.0, 1.0, 1.0, 0.9
            )
        return Draft(
            _clip(f"Declare the associated type {node.name} of {owner or 'the trait'}"),
            0.9,
            0.9,
            1.0,
            0.8,
            0.85,
        )
    if target:
        return Draft(_clip(f"Abbreviate {target} as {node.name}"), 1.0, 1.0, 1.0, 0.8, 0.9)
    return Draft(f"Abbreviate a type as {node.name}", 0.8, 0.3, 0.5, 0.0, 0.6)


_PLAIN_VALUE = re.compile(
    r"-?[\w.]+|\"[^\"]{0,40}\"|'[^']+'|b?'[^']+'|[\w.]+ (?:\*|<<|\+|-|/) [\w.]+(?: (?:\*|<<|\+|-|"
    r"/) [\w.]+)*|[A-Z]\w*::[A-Z]\w*|(?:\w+::)+[A-Z]\w*"
)


def _value(node: NodeFacts, signature: Signature | None, owner: str, value: str | None) -> Draft:
    name = phrase(words_of(node.name))
    of = f" of {owner}" if owner else ""
    if node.name == "_":
        return Draft("Check something while compiling", 0.6, 0.2, 0.5, 0.0, 0.6)
    if signature is None:
        return Draft(_clip(f"Define {name}{of}"), 0.8, 0.8, 0.0, 0.2, 0.65)
    kind = short_type(signature.type) if signature.type else ""
    if node.kind == NodeKind.ASSOCIATED_CONST and value is None:
        return Draft(
            _clip(f"Declare the associated constant {node.name}{of}" + (f", a {kind}" if kind else "")),
            0.9,
            0.9,
            1.0,
            0.8,
            0.85,
        )
    verb = "Hold" if node.kind == NodeKind.STATIC else "Define"
    if value and len(value) <= 48 and _PLAIN_VALUE.fullmatch(value):
        return Draft(_clip(f"{verb} {name}{of} as {value}"), 1.0, 1.0, 1.0, 1.0, 0.9)
    known = 1.0 if len(words_of(node.name)) > 1 else 0.7
    tail = f", {article(kind)}" if kind and kind[0] not in "&[(*" else f" ({kind})" if kind else ""
    return Draft(_clip(f"{verb} {name}{of}{tail}"), 0.9, known, 1.0, 0.6, 0.85)


def _module(node: NodeFacts, children: Sequence[NodeFacts]) -> Draft | None:
    named = [child for child in children if child.kind in _SHOWN]
    if node.is_test and (node.name.startswith(("test", "bench")) or node.name.endswith(("test", "tests"))):
        tests = [child for child in named if child.is_test and child.kind == NodeKind.FUNCTION]
        if not tests:
            return Draft("Hold tests of the module around it", 0.8, 0.5, 1.0, 0.8, 0.75)
        names = [phrase(words_of(child.name.removeprefix("test_"))) for child in tests]
        return Draft(_listing("Test", names, "", least=1), 1.0, 1.0, 1.0, 0.8, 0.85)
    if not named:
        return None
    public = [child for child in named if child.visibility] or named
    return Draft(_listing("Group", [child.name for child in public], "", least=1), 0.9, 0.9, 1.0, 0.8, 0.82)


_SHOWN = frozenset(
    (
        NodeKind.FUNCTION,
        NodeKind.STRUCT,
        NodeKind.ENUM,
        NodeKind.UNION,
        NodeKind.TRAIT,
        NodeKind.TYPE_ALIAS,
        NodeKind.CONST,
        NodeKind.STATIC,
        NodeKind.MODULE,
        NodeKind.MACRO,
    )
)


def _macro(node: NodeFacts) -> Draft:
    words = words_of(node.name)
    first = words[0] if words else ""
    if (first in VERBS and first not in AMBIGUOUS and len(words) > 1) or (
        deed(first) != first and len(words) > 1
    ):
        return Draft(
            _clip(f"{deed(first).capitalize()} {phrase(words[1:])} by a macro"), 0.9, 0.9, 0.5, 0.3, 0.8
        )
    return Draft(_clip(f"Expand {node.name} to code"), 0.4, 0.4, 0.0, 0.0, 0.6)


def _listing(order: str, names: Sequence[str], behind: str, *, least: int = 2) -> str:
    """`Hold a, b and 3 more of it`: as many names as fit."""
    names = list(dict.fromkeys(names))
    room = MAX_CHARACTERS - len(order) - len(behind) - len(" and 1000 more") - 1
    taken: list[str] = []
    for name in names:
        if room < len(name) + 2:
            break
        room -= len(name) + 2
        taken.append(name)
        if len(taken) == 6 and len(names) > 7:
            break
    left = len(names) - len(taken)
    if not taken:
        return _clip(f"{order} {len(names)} parts{behind}")
    if left:
        return f"{order} {', '.join(taken)} and {left} more{behind}"
    return f"{order} {taken[0] if len(taken) == 1 else ', '.join(taken[:-1]) + ' and ' + taken[-1]}{behind}"


def _clip(line: str) -> str:
    return (
        line
        if len(line) <= MAX_CHARACTERS
        else line[: MAX_CHARACTERS - 1].rpartition(" ")[0].rstrip(" ,;:(") + "…"
    )
