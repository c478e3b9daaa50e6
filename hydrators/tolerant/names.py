"""What the header of an item says: its names, where its signature ends, its visibility, what it imports."""

from __future__ import annotations

import re

from tree_sitter import Node

from hydrators.tolerant import tokens
from hydrators.tolerant.imports import use_leaves
from store.model import NodeKind, Reference, ReferenceKind

# Plain names: looking a member up in its class costs more than all that is done with it.
_IMPORT = ReferenceKind.IMPORT.value
_CONST = NodeKind.CONST
_ENUM = NodeKind.ENUM
_EXTERN_BLOCK = NodeKind.EXTERN_BLOCK
_FUNCTION = NodeKind.FUNCTION
_IMPL = NodeKind.IMPL
_MACRO = NodeKind.MACRO
_MACRO_CALL = NodeKind.MACRO_CALL
_STATIC = NodeKind.STATIC
_STRUCT = NodeKind.STRUCT
_TRAIT = NodeKind.TRAIT
_UNION = NodeKind.UNION
_USE = NodeKind.USE
_VARIANT = NodeKind.VARIANT

_MAX_NAME_CHARS = 96
_PUBLIC = re.compile(rb"pub\b(?:\s*\([^()]*\))?")


def names_of(source: bytes, node: Node, kind: NodeKind) -> tuple[str, str, str, str]:
    """(name, own part of the qualified name, scope given to children, owner of associated items)."""
    if kind is _FUNCTION or kind is _CONST:
        field = node.child_by_field_name("name")
        name = _text(source, field).removeprefix("r#") if field is not None else ""
        return name, name, name, ""
    if kind is _IMPL:
        return _impl_names(source, node)
    if kind is _USE:
        argument = node.child_by_field_name("argument")
        text = _text(source, argument) if argument is not None else ""
        return (text[:_MAX_NAME_CHARS], _limited(f"use {text}"), "", "") if text else ("", "", "", "")
    if kind is _EXTERN_BLOCK:
        body = node.child_by_field_name("body")
        abi = tokens.collapse(
            source[node.start_byte : body.start_byte if body is not None else node.end_byte]
        )
        return abi, abi, "", ""
    field = node.child_by_field_name("macro" if kind is _MACRO_CALL else "name")
    name = _text(source, field) if field is not None else ""
    if not name:
        return "", "", "", ""
    if kind is _MACRO_CALL:
        return name, f"{name}!", "", ""
    name = name.removeprefix("r#")
    return name, name, name, name if kind in (_TRAIT, _ENUM) else ""


def _impl_names(source: bytes, node: Node) -> tuple[str, str, str, str]:
    self_type = node.child_by_field_name("type")
    if self_type is None:
        return "", "", "", ""
    text = _text(source, self_type)
    bare = bare_type_name(source, self_type)
    trait = node.child_by_field_name("trait")
    if trait is None:
        return bare, _limited(f"impl {text}"), bare, bare
    negative = "!" if b"!" in source[node.start_byte : trait.start_byte] else ""
    trait_text = negative + _text(source, trait)
    return bare, _limited(f"impl {trait_text} for {text}"), _limited(f"<{text} as {trait_text}>"), bare


def bare_type_name(source: bytes, node: Node) -> str:
    """`&'a fmt::Foo<T>` → `Foo`; other shapes (tuples, slices …) keep their text."""
    for _ in range(16):
        if node.type in ("reference_type", "generic_type", "pointer_type"):
            inner = node.child_by_field_name("type")
        elif node.type == "scoped_type_identifier":
            inner = node.child_by_field_name("name")
        else:
            break
        if inner is None:
            break
        node = inner
    return _limited(_text(source, node))


def _text(source: bytes, node: Node) -> str:
    """A short text with white space only where two words would run together."""
    if node.child_count == 0:
        return source[node.start_byte : node.end_byte].decode("utf-8", "replace")
    parts = tokens.signature_tokens(source[node.start_byte : node.end_byte]).split(b"\0")
    out = b""
    for part in parts:
        if out and ((_is_word(out[-1]) and _is_word(part[0] if part else 0)) or out.endswith(b",")):
            out += b" "
        out += part
    return out.decode("utf-8", "replace")


def _is_word(byte: int) -> bool:
    return byte == 95 or byte >= 128 or chr(byte).isalnum()


def _limited(text: str) -> str:
    if len(text) <= _MAX_NAME_CHARS:
        return text
    return f"{text[: _MAX_NAME_CHARS - 9]}~{tokens.digest(text.encode())[:8]}"


def signature_end(source: bytes, node: Node, kind: NodeKind, body: Node | None) -> int:
    end = node.end_byte
    if kind in (_CONST, _STATIC):
        value = node.child_by_field_name("value")
        if value is not None:
            end = source.rindex(b"=", node.start_byte, value.start_byte)
    elif kind is _MACRO:
        name = node.child_by_field_name("name")
        end = name.end_byte if name is not None else end
    elif body is not None and kind not in (_STRUCT, _UNION, _VARIANT):
        end = body.start_byte
    return end - 1 if source[end - 1 : end] == b";" else end


def has_receiver(node: Node) -> bool:
    parameters = node.child_by_field_name("parameters")
    if parameters is None:
        return False
    for index in range(parameters.named_child_count):  # the first one tells, but for comments and attributes
        child = parameters.named_child(index)
        if child is None:
            break
        if child.type == "self_parameter":
            return True
        if child.type == "parameter":
            pattern = child.child_by_field_name("pattern")
            return pattern is not None and pattern.type == "self"
    return False


def visibility_of(source: bytes, node: Node, is_covered: bool) -> str:
    if is_covered and (match := _PUBLIC.match(source, node.start_byte)) is not None:
        return tokens.collapse(match[0])
    if node.child_count and (first := node.child(0)).type == "visibility_modifier":
        text = source[first.start_byte : first.end_byte]
        return "pub" if text == b"pub" else tokens.collapse(text)
    return ""


def imports_of(source: bytes, node: Node, base: int) -> list[Reference]:
    argument = node.child_by_field_name("argument")
    if argument is None:
        return []
    start, end = argument.start_byte, argument.end_byte
    text = source[start:end].decode("utf-8", "replace")
    return [Reference(name, path, _IMPORT, start - base, end - base) for name, path in use_leaves(text)]
