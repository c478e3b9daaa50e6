"""What a hover says, taken apart: the signature on one line, and what a definition elsewhere is called.

A hover opens with one or two blocks of code, the path of what contains the item and the item itself, before
the first rule; of an associated item the second begins with the head of its impl or trait.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from store.model import NodeKind

_BLOCK = re.compile(r"\s*```rust\n(.*?)\n```", re.DOTALL)
_HEAD = re.compile(r"(?:unsafe |const |pub(?:\([^)]*\))? |auto )*(?:impl\b|trait\b)")
_VISIBILITY = r"(?:pub(?:\([^)]*\))?\s+|crate\s+)?"
_QUALIFIERS = r"(?:(?:default|const|async|unsafe|safe|gen|extern(?:\s+\"[^\"]*\")?)\s+)*"
_NAME = r"(r#)?(?P<name>\w+)"
_KINDS = (
    (NodeKind.FUNCTION, re.compile(rf"{_VISIBILITY}{_QUALIFIERS}fn\s+{_NAME}")),
    (NodeKind.STRUCT, re.compile(rf"{_VISIBILITY}struct\s+{_NAME}")),
    (NodeKind.ENUM, re.compile(rf"{_VISIBILITY}enum\s+{_NAME}")),
    (NodeKind.UNION, re.compile(rf"{_VISIBILITY}union\s+{_NAME}")),
    (NodeKind.TRAIT, re.compile(rf"{_VISIBILITY}(?:(?:unsafe|auto|const)\s+)*trait\s+{_NAME}")),
    (NodeKind.TYPE_ALIAS, re.compile(rf"{_VISIBILITY}type\s+{_NAME}")),
    (NodeKind.CONST, re.compile(rf"{_VISIBILITY}const\s+{_NAME}")),
    (NodeKind.STATIC, re.compile(rf"{_VISIBILITY}(?:unsafe\s+|safe\s+)*static\s+(?:mut\s+)?{_NAME}")),
    (NodeKind.MODULE, re.compile(rf"{_VISIBILITY}mod\s+{_NAME}")),
    (NodeKind.EXTERN_CRATE, re.compile(rf"{_VISIBILITY}extern\s+crate\s+{_NAME}")),
    (
        NodeKind.MACRO,
        re.compile(rf"(?:macro_rules!|macro|proc_macro|derive_macro|attribute_macro)\s+{_NAME}"),
    ),
)
_ASSOCIATED = {
    NodeKind.FUNCTION: NodeKind.METHOD,
    NodeKind.TYPE_ALIAS: NodeKind.ASSOCIATED_TYPE,
    NodeKind.CONST: NodeKind.ASSOCIATED_CONST,
}
_PRIMITIVE = re.compile(r"bool|char|str|[iu](?:8|16|32|64|128|size)|f(?:16|32|64|128)")
_TAKES_SELF = re.compile(r"\bfn\s+\w+(?:<.*>)?\s*\(\s*(?:mut\s+)?(?:&\s*(?:'\w+\s+)?(?:mut\s+)?)?self\b")
_FIELD = re.compile(rf"{_VISIBILITY}{_NAME}: ")
_VARIANT = re.compile(rf"{_NAME}(?:$|\s*[({{=])")


class Shown(NamedTuple):
    """`container` is the path of what the item is in ("core::option::Option", "core::num::u32"), "" if none
    is shown; `signature` is on one line."""

    container: str
    signature: str
    is_associated: bool


def read_hover(markdown: str) -> Shown | None:
    """None if the hover shows no code."""
    blocks: list[str] = []
    at = 0
    while len(blocks) < 2 and (found := _BLOCK.match(markdown, at)):
        blocks.append(found[1])
        at = found.end()
    if not blocks:
        return None
    lines = blocks[-1].split("\n")
    is_associated = (
        len(lines) > 1
        and _HEAD.match(lines[0]) is not None
        and not lines[0].endswith(("{", "where"))
        and not lines[1].startswith("where")
    )
    container = blocks[0].strip() if len(blocks) == 2 else ""
    if is_associated:
        container = _inside(container, lines.pop(0))
    return Shown(container, _on_one_line(lines), is_associated)


def _inside(container: str, head: str) -> str:
    """The path of an impl or trait, by its head: "core::num::u8" (of an impl for a primitive type, only the
    module is shown), "core::fmt::num::<u8 as Display>"."""
    text = _HEAD.sub("", head, count=1).strip()
    if text.startswith("<"):
        text = text[_closing(text) :].strip()
    text = text.partition(" where ")[0]
    at = text.find(" for ")
    while at >= 0 and text.count("<", 0, at) != text.count(">", 0, at) - text.count("->", 0, at):
        at = text.find(" for ", at + 1)
    trait, type_ = (text[:at], text[at + 5 :]) if at >= 0 else ("", text)
    name = _bare(type_)
    outer, _, last = container.rpartition("::")
    is_shown = last == name and _PRIMITIVE.fullmatch(name) is None
    if trait:
        return f"{outer if is_shown else container}::<{name} as {_bare(trait, arguments=True)}>"
    return container if not container or is_shown else f"{container}::{name}"


def _bare(type_: str, *, arguments: bool = False) -> str:
    """A type without its path and, unless wanted, its arguments: "Option", "From<&str>", "[T]", "dyn Any"."""
    text = type_.strip().removeprefix("!").removeprefix("const ")
    if not (text[:1].isalpha() or text[:1] == "_") or text.startswith(("for<", "fn(", "unsafe ", "extern ")):
        return text
    path, opened, rest = text.partition("<")
    name = path.rpartition("::")[2] if "::" in path else path.partition(":")[0]
    return f"{name.strip()}{opened}{rest}" if arguments else name.strip()


def _closing(text: str) -> int:
    """Behind the angle bracket that closes the one at the start; the end where none does."""
    depth = 0
    for at, letter in enumerate(text):
        if letter == "<":
            depth += 1
        elif letter == ">" and text[at - 1] != "-":
            depth -= 1
            if depth == 0:
                return at + 1
    return len(text)


def _on_one_line(lines: list[str]) -> str:
    """Bounds that come from the impl or trait around the item are left out: they are that item's, and
    change with it alone."""
    kept: list[str] = []
    for line in lines:
        text = line.strip()
        if text.startswith("// Bounds from "):
            break
        if not text.startswith("//"):
            kept.append(text)
    if kept and kept[-1] == "where":
        kept.pop()
    return " ".join(kept).rstrip(",").strip()


class Named(NamedTuple):
    """`kind` is one of `store.model.NodeKind`'s values, "" if the text is none that we know (a field, a
    local variable)."""

    kind: str
    name: str


def name_of(shown: Shown) -> Named:
    """What kind of item a signature declares, and its name."""
    for kind, pattern in _KINDS:
        if found := pattern.match(shown.signature):
            is_method = kind is NodeKind.FUNCTION and _TAKES_SELF.search(shown.signature)
            associated = shown.is_associated or is_method
            return Named(_ASSOCIATED.get(kind, kind) if associated else kind, found["name"])
    if shown.container and (found := _FIELD.match(shown.signature)):
        return Named("", found["name"])
    if shown.container and (found := _VARIANT.match(shown.signature)):
        return Named(NodeKind.VARIANT, found["name"])
    return Named("", "")
