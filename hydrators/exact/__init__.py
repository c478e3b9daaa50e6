"""Exact signatures of Rust items, from tokens alone: canonical texts, typed headers, descriptions."""

from hydrators.exact.description import describe, verdict
from hydrators.exact.headers import parse_signature
from hydrators.exact.model import (
    Description,
    Field,
    GenericParam,
    Member,
    Parameter,
    Signature,
    Variant,
    WherePredicate,
)
from hydrators.exact.spelling import canonical

__all__ = [
    "Description",
    "Field",
    "GenericParam",
    "Member",
    "Parameter",
    "Signature",
    "Variant",
    "WherePredicate",
    "canonical",
    "describe",
    "parse_signature",
    "verdict",
]
