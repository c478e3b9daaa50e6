"""Attributes of items: their text, the conditions among them, and which of them mark test code."""

from __future__ import annotations

import re
from functools import lru_cache

from tree_sitter import Node

from hydrators.cfg import is_test_only, parse
from hydrators.tolerant import tokens

_CFG = re.compile(r"^cfg\s*\((.*)\)$", re.DOTALL)
_FILE_CFG = re.compile(rb"^#!\[\s*(cfg\s*\([^\]]*\))\s*\]", re.MULTILINE)
_HEAD_BYTES = 8192
_TEST_ATTRIBUTE = re.compile(r"^(?:\w+\s*::\s*)*(?:test|bench|rstest|test_case|proptest|quickcheck)\b")


def attribute_text(source: bytes, node: Node) -> str:
    """The text between the brackets of an attribute, on one line."""
    return _attribute_text(source[node.start_byte : node.end_byte])


@lru_cache(maxsize=4096)  # a code base says the same few thousand times and again
def _attribute_text(data: bytes) -> str:
    text = tokens.collapse(data)
    return text.removeprefix("#").strip().removeprefix("[").removesuffix("]").strip()


@lru_cache(maxsize=4096)
def sort_attributes(attributes: tuple[str, ...]) -> tuple[tuple[str, ...], str, bool]:
    """(attributes without cfg and doc, cfg predicates joined by " & ", whether it is test code)."""
    plain: list[str] = []
    predicates: list[str] = []
    is_test = False
    for text in attributes:
        predicate, means_test = _attribute(text)
        if predicate is not None:
            predicates.append(predicate)
        elif not text.startswith("doc"):
            plain.append(text)
        is_test |= means_test
    return tuple(plain), " & ".join(predicates), is_test


def _attribute(text: str) -> tuple[str | None, bool]:
    """(the predicate of a cfg, whether it marks test code)."""
    if match := _CFG.match(text):
        predicate = match[1].strip()
        return predicate, is_test_only(parse(predicate))
    return None, not text.startswith("doc") and bool(_TEST_ATTRIBUTE.match(text))


def file_conditions(source: bytes) -> tuple[str, bool]:
    """(cfg predicates of a file's own `#![cfg(…)]`, joined by " & "; whether they mark test code)."""
    head = source[:_HEAD_BYTES]
    if b"#![" not in head or b"cfg" not in head:
        return "", False
    _, cfg, is_test = sort_attributes(tuple([tokens.collapse(text) for text in _FILE_CFG.findall(head)]))
    return cfg, is_test


def inner_attributes(source: bytes, nodes: list[Node]) -> list[str]:
    return [
        tokens.collapse(source[n.start_byte : n.end_byte]).removeprefix("#![").removesuffix("]").strip()
        for n in nodes
        if n.type == "inner_attribute_item"
    ]


def is_test_branch(cfg: str) -> bool:
    """Whether a branch of `cfg_if!` or `cfg_select!` that is taken under this condition is test code."""
    return is_test_only(parse(cfg))
