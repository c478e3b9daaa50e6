"""The parts that headers share: visibilities, generics, where clauses, fields, variants, receivers.

Each function takes tokens and an index, and answers what it read and the index behind it, or raises
`Unparsable`.
"""

from __future__ import annotations

from hydrators.exact.model import Field, GenericParam, Variant, WherePredicate
from hydrators.exact.patterns import pattern_end
from hydrators.exact.spelling import spell, spell_expression
from hydrators.exact.types import (
    MAX_NESTING,
    Tokens,
    Unparsable,
    attributes_end,
    constant_end,
    expression_end,
    group_end,
    is_lifetime,
    is_name,
    lifetimes_end,
    path_end,
    split_bounds,
    type_end,
)


def text_of(t: Tokens, i: int, end: int) -> str:
    return t[i] if end == i + 1 else spell(t[i:end])


def read_visibility(t: Tokens, i: int) -> tuple[str, int]:
    if t[i] == "pub":
        if t[i + 1] != "(":
            return "pub", i + 1
        if t[i + 2] in ("crate", "self", "super") and t[i + 3] == ")":
            return f"pub({t[i + 2]})", i + 4
        if t[i + 2] == "in":
            end = path_end(t, i + 3, 0)
            if t[end] != ")":
                raise Unparsable
            return f"pub({spell(t[i + 2 : end])})", end + 1
        return "pub", i + 1
    return "", i


def name_at(t: Tokens, i: int) -> str:
    token = t[i]
    if not is_name(token):
        raise Unparsable
    return token


def read_bounds(t: Tokens, i: int) -> tuple[tuple[str, ...], int]:
    spans, i = split_bounds(t, i, 0)
    return tuple([text_of(t, start, end) for start, end in spans]), i


def read_generics(t: Tokens, i: int) -> tuple[tuple[GenericParam, ...], int]:
    if t[i] != "<":
        return (), i
    i += 1
    params: list[GenericParam] = []
    while t[i] != ">":
        i = attributes_end(t, i)
        token = t[i]
        bounds: tuple[str, ...] = ()
        default = ""
        if token == "const":
            name = name_at(t, i + 1)
            if t[i + 2] != ":":
                raise Unparsable
            start = i + 3
            i = type_end(t, start, 0)
            type_text = text_of(t, start, i)
            if t[i] == "=":
                start = i + 1
                i = constant_end(t, start)
                if i == start:
                    i = type_end(t, start, 0)
                default = text_of(t, start, i)
            params.append(GenericParam("const", name, (), default, type_text))
        elif is_lifetime(token):
            i += 1
            if t[i] == ":":
                bounds, i = read_bounds(t, i + 1)
            params.append(GenericParam("lifetime", token, bounds, "", ""))
        else:
            name_at(t, i)
            i += 1
            if t[i] == ":":
                bounds, i = read_bounds(t, i + 1)
            if t[i] == "=":
                start = i + 1
                i = type_end(t, start, 0)
                default = text_of(t, start, i)
            params.append(GenericParam("type", token, bounds, default, ""))
        if t[i] == ",":
            i += 1
        elif t[i] != ">":
            raise Unparsable
    return tuple(params), i + 1


def read_where(t: Tokens, i: int) -> tuple[tuple[WherePredicate, ...], int]:
    if t[i] != "where":
        return (), i
    i += 1
    predicates: list[WherePredicate] = []
    while t[i] not in ("{", ";", "", "="):
        i = start = attributes_end(t, i)
        if is_lifetime(t[i]):
            i += 1
        else:
            if t[i] == "for":
                i = lifetimes_end(t, i + 1, 0)
            i = type_end(t, i, 0, False)
        if t[i] != ":":
            raise Unparsable
        subject = text_of(t, start, i)
        bounds, i = read_bounds(t, i + 1)
        predicates.append(WherePredicate(subject, bounds))
        if t[i] != ",":
            break
        i += 1
    return tuple(predicates), i


def read_fields(t: Tokens, i: int) -> tuple[tuple[Field, ...], str, int]:
    token = t[i]
    if token != "{" and token != "(":
        return (), "unit", i
    close = "}" if token == "{" else ")"
    i += 1
    fields: list[Field] = []
    while t[i] != close:
        attributes, i = read_attributes(t, i)
        visibility, i = read_visibility(t, i)
        if token == "{":
            if t[i] == "unsafe":
                i += 1
            name = name_at(t, i)
            if t[i + 1] != ":":
                raise Unparsable
            i += 2
        else:
            name = str(len(fields))
        start = i
        i = type_end(t, i, 0)
        fields.append(Field(name, text_of(t, start, i), visibility, attributes))
        if t[i] == "=":
            i = expression_end(t, i + 1)
        if t[i] == ",":
            i += 1
        elif t[i] != close:
            raise Unparsable
    return tuple(fields), "struct" if token == "{" else "tuple", i + 1


def read_attributes(t: Tokens, i: int) -> tuple[tuple[str, ...], int]:
    """The text between the brackets of each outer attribute."""
    attributes: list[str] = []
    while t[i] == "#":
        end = group_end(t, i + 1)
        if t[i + 1] != "[":
            raise Unparsable
        attributes.append(spell(t[i + 2 : end - 1]))
        i = end
    return tuple(attributes), i


def read_receiver(t: Tokens, i: int) -> tuple[str, int]:
    """A leading `self` in any of its forms; ("", i) if the first parameter is another."""
    start = i
    if t[i] == "&":
        i += 1
        if is_lifetime(t[i]):
            i += 1
        if t[i] == "pin" and t[i + 1] in ("mut", "const"):
            i += 1
        if t[i] == "const" and t[i - 1] == "pin":
            i += 1
    if t[i] == "mut":
        i += 1
    if t[i] != "self" or t[i + 1] not in (",", ")", ":"):
        return "", start
    i += 1
    if t[i] == ":":
        i = type_end(t, i + 1, 0)
        if t[i] not in (",", ")") or t[start] == "&":
            raise Unparsable
    return text_of(t, start, i), i


def read_variant(t: Tokens, i: int) -> tuple[Variant, int]:
    """`#[a] B(u8) = 3`"""
    attributes, i = read_attributes(t, i)
    _, i = read_visibility(t, i)
    name = name_at(t, i)
    fields, style, i = read_fields(t, i + 1)
    discriminant = ""
    if t[i] == "=":
        start = i + 1
        i = expression_end(t, start)
        discriminant = spell_expression(t[start:i])
    return Variant(name, fields, style, discriminant, attributes), i


def use_tree_end(t: Tokens, i: int, deep: int) -> int:
    """`a::{self, b as _, c::*}`"""
    if deep > MAX_NESTING:
        raise Unparsable
    if t[i] == "::":
        i += 1
    while True:
        token = t[i]
        if token == "*":
            return i + 1
        if token == "{":
            i += 1
            while t[i] != "}":
                i = use_tree_end(t, i, deep + 1)
                if t[i] == ",":
                    i += 1
                elif t[i] != "}":
                    raise Unparsable
            return i + 1
        if token not in ("self", "super", "crate", "Self") and not is_name(token):
            if token != "$" or t[i + 1] != "crate":
                raise Unparsable
            i += 1
        i += 1
        if t[i] == "as":
            if t[i + 1] != "_":
                name_at(t, i + 1)
            return i + 2
        if t[i] != "::":
            return i
        i += 1


def pattern_colon(t: Tokens, i: int) -> int:
    """Where the colon stands after the pattern at `i`; `i` if the parameter is a type alone."""
    try:
        end = pattern_end(t, i)
    except Unparsable:
        return i
    return end if t[end] == ":" else i
