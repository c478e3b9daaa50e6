"""The grammar of items' headers: tokens to `Signature`.

Bodies are looked into where they are part of the description (fields, variants) and otherwise only
have to balance. Expressions and patterns are taken as they come.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from hydrators.exact.lexer import is_finished, lex
from hydrators.exact.model import GenericParam, Parameter, Signature, Variant
from hydrators.exact.parts import (
    name_at,
    pattern_colon,
    read_bounds,
    read_fields,
    read_generics,
    read_receiver,
    read_variant,
    read_visibility,
    read_where,
    text_of,
    use_tree_end,
)
from hydrators.exact.spelling import ODD_TOKENS, separate, spell, spell_expression
from hydrators.exact.types import (
    KEYWORDS,
    Tokens,
    Unparsable,
    attributes_end,
    group_end,
    is_lifetime,
    is_name,
    type_end,
    value_end,
)

_END = ("", "", "", "", "")


@lru_cache(maxsize=4096)  # what resolution asks for once it asks for again
def parse_signature(text: str) -> Signature | None:
    """The typed description of a header in any spacing, with or without its body; outer attributes before it
    are passed over. None for what is no Rust, and for a macro call: nobody knows what it stands for."""
    try:
        t = prepared(text)
        signature, _, i = parse_item(t, attributes_end(t, 0))
        return signature if item_end(t, i) == len(t) - len(_END) else None
    except Unparsable:
        return None


def prepared(text: str) -> list[str]:
    """Tokens for the functions of this module. Raises Unparsable if `text` does not lex."""
    t = lex(text)
    if not is_finished(t):
        raise Unparsable
    if not ODD_TOKENS.isdisjoint(t):
        t = separate(t)
    t.extend(_END)
    return t


Parsed = tuple[Signature, int, int]
"""The signature, the end of the item's canonical header, and where its body or its semicolon stands."""


def parse_item(t: Tokens, i: int) -> Parsed:
    """The item at `i`, behind its attributes. Raises Unparsable."""
    start = i
    visibility, i = read_visibility(t, i)
    qualifiers: list[str] = []
    while True:
        token = t[i]
        parse = _ITEMS.get(token)
        if parse is not None and _begins(t, i):
            if qualifiers:
                _check(token, qualifiers)
            return parse(t, i, visibility, tuple(qualifiers))
        if token == "extern" and t[i + 1][-1:] in ('"', "#"):
            qualifiers.append(f"extern {t[i + 1]}")
            i += 2
        elif token == "impl" and t[i + 1] == "(":  # who may implement a trait
            end = group_end(t, i + 1)
            qualifiers.append(spell(t[i:end]))
            i = end
        elif (
            token in _QUALIFIERS and (t[i + 1] in _ITEMS or t[i + 1] in _QUALIFIERS or t[i + 1] == "extern")
        ) or token == "extern":
            qualifiers.append(token)
            i += 1
        else:
            break
        if (t[i] == "{" or t[i] == "") and qualifiers[-1].startswith("extern"):
            if qualifiers[:-1] not in ([], ["unsafe"]):
                raise Unparsable
            return Signature("extern_block", "", visibility, tuple(qualifiers)), i, i
    if qualifiers or visibility:
        raise Unparsable
    return _variant(t, start)


_QUALIFIERS = frozenset({"const", "async", "unsafe", "safe", "default", "auto", "gen", "final"})
_ORDER = {
    word: place
    for place, word in enumerate(
        ("final", "default", "const", "async", "gen", "unsafe", "safe", "auto", "impl", "extern")
    )
}
_ALLOWED = {
    "fn": frozenset({"final", "default", "const", "async", "gen", "unsafe", "safe", "extern"}),
    "impl": frozenset({"default", "const", "unsafe"}),
    "trait": frozenset({"const", "unsafe", "auto", "impl"}),
    "static": frozenset({"unsafe", "safe"}),
    "const": frozenset({"default", "final"}),
    "type": frozenset({"default", "final"}),
    "mod": frozenset({"unsafe"}),
}


def _begins(t: Tokens, i: int) -> bool:
    """Whether the word at `i` begins an item, and is neither a qualifier nor a plain name."""
    token, after = t[i], t[i + 1]
    if token == "const":
        return (is_name(after) and t[i + 2] in (":", "=", "<", ";", "")) or after == "_"
    if token == "extern":
        return after == "crate"
    if token == "union" or token == "macro" or token == "macro_rules":
        return is_name(after) or (token == "macro_rules" and after == "!")
    if token == "impl":
        return after != "(" or "trait" not in t
    return True


def _check(keyword: str, qualifiers: list[str]) -> None:
    """Qualifiers stand in one order, each once at most, and only where they mean something."""
    allowed = _ALLOWED.get(keyword, frozenset())
    last = -1
    for word in qualifiers:
        word = word.split(" ", 1)[0].split("(", 1)[0]
        place = _ORDER[word]
        if place <= last or word not in allowed:
            raise Unparsable
        last = place


def item_end(t: Tokens, i: int) -> int:
    """Behind the item whose body or semicolon stands at `i`; a header alone may end with the text."""
    token = t[i]
    if token == "{":
        return group_end(t, i)
    if token == ";" or (token == "," and t[i + 1] == ""):
        return i + 1
    return i


def _function(t: Tokens, i: int, visibility: str, qualifiers: tuple[str, ...]) -> Parsed:
    name = name_at(t, i + 1)
    generics, i = read_generics(t, i + 2)
    if t[i] != "(":
        raise Unparsable
    i += 1
    receiver = ""
    parameters: list[Parameter] = []
    is_variadic = False
    first = True
    while t[i] != ")":
        i = attributes_end(t, i)
        if first:
            first = False
            receiver, i = read_receiver(t, i)
            if receiver:
                if t[i] == ",":
                    i += 1
                continue
        start = i
        pattern = ""
        if t[i + 1] == ":" and t[i].isidentifier() and t[i] not in KEYWORDS:
            pattern = t[i]
            i += 2
        elif (colon := pattern_colon(t, i)) > i:
            pattern = spell(t[i:colon])
            i = colon + 1
        start = i
        if t[i] == "...":
            is_variadic = True
            i += 1
        else:
            i = type_end(t, i, 0)
        parameters.append(Parameter(pattern, text_of(t, start, i)))
        if t[i] == ",":
            i += 1
        elif t[i] != ")":
            raise Unparsable
    i += 1
    return_type = ""
    if t[i] == "->":
        start = i + 1
        i = type_end(t, start, 0)
        return_type = text_of(t, start, i)
    where, i = read_where(t, i)
    kind = "method" if receiver else "function"
    return (
        Signature(
            kind,
            name,
            visibility,
            qualifiers,
            generics,
            where,
            receiver,
            tuple(parameters),
            return_type,
            is_variadic,
        ),
        i,
        i,
    )


def _impl(t: Tokens, i: int, visibility: str, qualifiers: tuple[str, ...]) -> Parsed:
    words = list(qualifiers)
    i += 1
    generics: tuple[GenericParam, ...] = ()
    if t[i] == "<" and _is_generics(t, i):
        generics, i = read_generics(t, i)
    if t[i] == "const" and t[i + 1] != "(":
        words.append("const")
        i += 1
    is_negative = t[i] == "!" and t[i + 1] not in ("{", "where", "for", "")
    if is_negative:
        i += 1
    start = i
    i = type_end(t, i, 0)
    self_type, trait = text_of(t, start, i), ""
    if t[i] == "for":
        trait = self_type
        start = i + 1
        i = type_end(t, start, 0)
        self_type = text_of(t, start, i)
    elif is_negative:
        raise Unparsable
    where, i = read_where(t, i)
    return (
        Signature(
            "impl",
            "",
            visibility,
            tuple(words),
            generics,
            where,
            trait=trait,
            self_type=self_type,
            is_negative=is_negative,
        ),
        i,
        i,
    )


def _is_generics(t: Tokens, i: int) -> bool:
    """Whether the `<` after `impl` opens parameters, and not a `<T as Trait>::X`."""
    token, after = t[i + 1], t[i + 2]
    return token in (">", "#", "const") or (
        ((is_lifetime(token) or is_name(token)) and after in (">", ",", ":", "="))
        and not (after == ">" and t[i + 3] == "::")
    )


def _trait(t: Tokens, i: int, visibility: str, qualifiers: tuple[str, ...]) -> Parsed:
    name = name_at(t, i + 1)
    generics, i = read_generics(t, i + 2)
    supertraits: tuple[str, ...] = ()
    kind = "trait"
    if t[i] == ":":
        supertraits, i = read_bounds(t, i + 1)
    if t[i] == "=":
        kind = "trait_alias"
        supertraits, i = read_bounds(t, i + 1)
    where, i = read_where(t, i)
    return Signature(kind, name, visibility, qualifiers, generics, where, supertraits=supertraits), i, i


def _type_alias(t: Tokens, i: int, visibility: str, qualifiers: tuple[str, ...]) -> Parsed:
    if t[i + 1] == "const":
        return _const(t, i + 1, visibility, (*qualifiers, "type"))
    name = name_at(t, i + 1)
    generics, i = read_generics(t, i + 2)
    bounds: tuple[str, ...] = ()
    target = ""
    if t[i] == ":":
        bounds, i = read_bounds(t, i + 1)
    where, i = read_where(t, i)
    if t[i] == "=":
        start = i + 1
        i = type_end(t, start, 0)
        target = text_of(t, start, i)
        more, i = read_where(t, i)
        where += more
    return (
        Signature("type_alias", name, visibility, qualifiers, generics, where, bounds=bounds, type=target),
        i,
        i,
    )


def _const(t: Tokens, i: int, visibility: str, qualifiers: tuple[str, ...]) -> Parsed:
    kind = t[i]
    i += 1
    if t[i] == "mut" and kind == "static":
        qualifiers += ("mut",)
        i += 1
    name = "_" if t[i] == "_" else name_at(t, i)
    generics, i = read_generics(t, i + 1)
    if t[i] != ":":
        raise Unparsable
    start = i + 1
    i = type_end(t, start, 0)
    type_text, value, cut = text_of(t, start, i), "", 0
    where, i = read_where(t, i)
    if t[i] == "=":
        cut, start = i, i + 1
        i = value_end(t, start)
        value = spell_expression(t[start:i])
    signature = Signature(kind, name, visibility, qualifiers, generics, where, type=type_text, value=value)
    return signature, cut or i, i


def _struct(t: Tokens, i: int, visibility: str, qualifiers: tuple[str, ...]) -> Parsed:
    kind = t[i]
    name = name_at(t, i + 1)
    generics, i = read_generics(t, i + 2)
    where, i = read_where(t, i)
    fields, style, i = read_fields(t, i)
    if style == "tuple" and not where:
        where, i = read_where(t, i)
    if kind == "union" and style != "struct":
        raise Unparsable
    if style == "struct" and t[i] == ";":
        raise Unparsable
    return Signature(kind, name, visibility, qualifiers, generics, where, fields=fields, style=style), i, i


def _enum(t: Tokens, i: int, visibility: str, qualifiers: tuple[str, ...]) -> Parsed:
    name = name_at(t, i + 1)
    generics, i = read_generics(t, i + 2)
    where, i = read_where(t, i)
    body = i
    variants: list[Variant] = []
    if t[i] == "{":
        i += 1
        while t[i] != "}":
            variant, i = read_variant(t, i)
            variants.append(variant)
            if t[i] == ",":
                i += 1
            elif t[i] != "}":
                raise Unparsable
    return (
        Signature("enum", name, visibility, qualifiers, generics, where, variants=tuple(variants)),
        body,
        body,
    )


def _variant(t: Tokens, i: int) -> Parsed:
    variant, end = read_variant(t, i)
    if t[end] == ";" or t[end] == "{":
        raise Unparsable
    return (
        Signature(
            "variant", variant.name, fields=variant.fields, style=variant.style, value=variant.discriminant
        ),
        end,
        end,
    )


def _module(t: Tokens, i: int, visibility: str, qualifiers: tuple[str, ...]) -> Parsed:
    return Signature("module", name_at(t, i + 1), visibility, qualifiers), i + 2, i + 2


def _use(t: Tokens, i: int, visibility: str, qualifiers: tuple[str, ...]) -> Parsed:
    end = use_tree_end(t, i + 1, 0)
    return Signature("use", "", visibility, qualifiers, type=spell(t[i:end])[4:]), end, end


def _extern_crate(t: Tokens, i: int, visibility: str, qualifiers: tuple[str, ...]) -> Parsed:
    name = "self" if t[i + 2] == "self" else name_at(t, i + 2)
    i += 3
    alias = ""
    if t[i] == "as":
        alias = t[i + 1] if t[i + 1] == "_" else name_at(t, i + 1)
        i += 2
    return Signature("extern_crate", name, visibility, qualifiers, value=alias), i, i


def _macro(t: Tokens, i: int, visibility: str, qualifiers: tuple[str, ...]) -> Parsed:
    if t[i] == "macro_rules":
        if t[i + 1] != "!":
            raise Unparsable
        i += 1
    i += 1
    name = name_at(t, i)
    i += 1
    cut = i
    while t[i] in ("(", "["):
        i = group_end(t, i)
    return Signature("macro", name, visibility, qualifiers), cut, i


_ITEMS: dict[str, Callable[[Tokens, int, str, tuple[str, ...]], Parsed]] = {
    "fn": _function,
    "impl": _impl,
    "struct": _struct,
    "union": _struct,
    "enum": _enum,
    "trait": _trait,
    "type": _type_alias,
    "const": _const,
    "static": _const,
    "mod": _module,
    "use": _use,
    "extern": _extern_crate,
    "macro": _macro,
    "macro_rules": _macro,
}
