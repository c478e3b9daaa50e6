"""The records that describe one item exactly. Owns no behaviour and knows neither files nor nodes.

All texts of types, bounds, patterns and expressions are in the one spacing of `hydrators.exact.spelling`.
"""

from __future__ import annotations

from typing import NamedTuple


class GenericParam(NamedTuple):
    """`'a: 'b`, `T: Clone = u8`, `const N: usize = 3`."""

    kind: str  # "lifetime", "type" or "const"
    name: str
    bounds: tuple[str, ...]
    default: str
    type: str  # of a const parameter, "" for the others


class WherePredicate(NamedTuple):
    """`T: Clone + 'a`. A leading `for<'a>` is part of the subject."""

    subject: str
    bounds: tuple[str, ...]


class Parameter(NamedTuple):
    """One parameter that is no receiver; the pattern of an anonymous one is ""."""

    pattern: str
    type: str


class Field(NamedTuple):
    """A named field, or the one at place "0", "1" … of a tuple."""

    name: str
    type: str
    visibility: str
    attributes: tuple[str, ...]


class Variant(NamedTuple):
    """One variant of an enum. style: "unit", "tuple" or "struct"."""

    name: str
    fields: tuple[Field, ...]
    style: str
    discriminant: str
    attributes: tuple[str, ...]


class Signature(NamedTuple):
    """A typed header. `kind` is a `NodeKind` value, without those that only the place of an item tells
    (an associated type is a "type_alias", an associated constant a "const")."""

    kind: str
    name: str = ""  # "" for impl, extern block and use
    visibility: str = ""
    qualifiers: tuple[str, ...] = ()  # "const", "async", "unsafe", "safe", "default", 'extern "C"' …
    generics: tuple[GenericParam, ...] = ()
    where: tuple[WherePredicate, ...] = ()
    receiver: str = ""  # "&mut self", "self: Box<Self>"; "" for none
    parameters: tuple[Parameter, ...] = ()
    return_type: str = ""  # "" where nothing is written
    is_variadic: bool = False
    trait: str = ""  # of an impl header
    self_type: str = ""
    is_negative: bool = False
    supertraits: tuple[str, ...] = ()  # of a trait; what a trait alias stands for
    bounds: tuple[str, ...] = ()  # of an associated type
    fields: tuple[Field, ...] = ()
    style: str = ""  # "unit", "tuple" or "struct" of a struct, union or variant
    variants: tuple[Variant, ...] = ()  # only where the text holds the enum's body
    type: str = ""  # of a const or static; what an alias stands for; the tree of a use
    value: str = ""  # of a const or static; a discriminant; the alias of an extern crate


class Member(NamedTuple):
    """One item of a container's body: an associated item, a foreign item, an item of a module."""

    kind: str
    name: str
    canonical: str


class Description(NamedTuple):
    """Everything that one item's slice says by itself."""

    signature: Signature
    canonical: str
    attributes: tuple[str, ...]  # the text between the brackets of each outer attribute, without doc
    derives: tuple[str, ...]  # also those that a cfg_attr adds
    cfg: tuple[str, ...]  # predicates
    docs: str  # lines joined by "\n"
    members: tuple[Member, ...]
    facets: tuple[tuple[str, str], ...]  # (facet, value), in the order of the text
