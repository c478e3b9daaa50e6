"""Items that rustdoc lists in its JSON, with their spans, looked up among ours.

Rustdoc sees what is compiled, so it cannot confirm the rest of ours; and it sees what macros and derives made, which no
text shows. Bodies of functions are hidden from it. Needs RUSTC_BOOTSTRAP=1, because the format is unstable.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from store.model import NodeKind
from tests.oracles.corpora import Corpus
from tests.oracles.ours import OurFile, Ours
from tests.oracles.tools import ToolMissing, cache_dir, find, run, say

_RUSTDOC = [
    "-Z",
    "unstable-options",
    "--output-format",
    "json",
    "--document-private-items",
    "--cap-lints",
    "allow",
]
_FN = frozenset({NodeKind.FUNCTION, NodeKind.METHOD})
_KINDS: dict[str, frozenset[NodeKind]] = {
    "function": _FN,
    "struct": frozenset({NodeKind.STRUCT}),
    "enum": frozenset({NodeKind.ENUM}),
    "union": frozenset({NodeKind.UNION}),
    "variant": frozenset({NodeKind.VARIANT}),
    "trait": frozenset({NodeKind.TRAIT}),
    "impl": frozenset({NodeKind.IMPL}),
    "type_alias": frozenset({NodeKind.TYPE_ALIAS}),
    "assoc_type": frozenset({NodeKind.ASSOCIATED_TYPE}),
    "constant": frozenset({NodeKind.CONST}),
    "assoc_const": frozenset({NodeKind.ASSOCIATED_CONST}),
    "static": frozenset({NodeKind.STATIC}),
    "macro": frozenset({NodeKind.MACRO}),
}


class DocItem(NamedTuple):
    """`begin` and `end`: line and column, both 1-based, columns in characters; the end is past the last one."""

    kind: str
    name: str
    path: str
    begin: tuple[int, int]
    end: tuple[int, int]


@dataclass(slots=True)
class DocOutcome:
    """`written` items stand in the text, and `found` of them are ours with the same end; the rest a macro made."""

    written: int = 0
    found: int = 0
    made: int = 0
    missing: list[str] = field(default_factory=list)
    classes: Counter[str] = field(default_factory=Counter)

    @property
    def share(self) -> float:
        return self.found / self.written if self.written else 1.0


def items(corpus: Corpus) -> list[DocItem]:
    """What rustdoc says of a crate's library, private items too. Raises ToolMissing if it does not compile."""
    target = cache_dir() / "target" / corpus.key
    say(f"cargo rustdoc {corpus.name}")
    environment = {"RUSTC_BOOTSTRAP": "1", "CARGO_NET_OFFLINE": "true", "CARGO_TARGET_DIR": str(target)}
    command = [find("cargo"), "rustdoc", "--lib", "--quiet"]
    try:
        run([*command, "--all-features", "--", *_RUSTDOC], cwd=corpus.root, env=environment)
    except ToolMissing:  # some features exclude each other, or want another compiler
        run([*command, "--", *_RUSTDOC], cwd=corpus.root, env=environment)
    found = sorted((target / "doc").glob("*.json"))
    if not found:
        raise ToolMissing(f"rustdoc made no JSON for {corpus.name}")
    return list(_items(json.loads(found[0].read_bytes())))


def compare(ours: Ours, items: list[DocItem]) -> DocOutcome:
    """Looks every item up: the node at its place, of its kind and name, that ends where it ends."""
    outcome = DocOutcome()
    for item in items:
        file = ours.files.get(item.path)
        if file is None:
            outcome.classes["its span is in another crate, or in what a build script made"] += 1
            continue
        start, end = _byte(file, *item.begin), _byte(file, *item.end)
        at = file.innermost(start)
        node, span = (file.nodes[at], file.spans[at]) if at >= 0 else (None, None)
        is_named = node is not None and (item.kind == "impl" or _plain(node.name) == _plain(item.name))
        if node and span and is_named and node.kind in _KINDS[item.kind] and span.end_byte == end:
            outcome.written += 1
            outcome.found += 1
            continue
        if not _is_written(item, file.text[start:end]) or (
            node and node.kind in (NodeKind.MACRO, NodeKind.MACRO_CALL)
        ):
            outcome.made += 1
            continue
        outcome.written += 1
        outcome.missing.append(f"{item.path}:{item.begin[0]} {item.kind} {item.name}")
        outcome.classes["written, and not ours"] += 1
    return outcome


def _items(document: dict[str, Any]) -> Iterator[DocItem]:
    for item in document["index"].values():
        ((kind, _),) = item["inner"].items() if isinstance(item["inner"], dict) else ((item["inner"], None),)
        span = item["span"]
        if item["crate_id"] != 0 or span is None or kind not in _KINDS:
            continue
        begin, end = tuple(span["begin"]), tuple(span["end"])
        yield DocItem(kind, item["name"] or "", span["filename"], begin, end)


def _is_written(item: DocItem, text: bytes) -> bool:
    """Whether an item's span holds its own text, not the name of a derive or the call of a macro."""
    if item.kind == "impl":
        return b"impl" in text and b"{" in text
    return item.name.encode() in text and (item.kind == "variant" or b" " in text)


def _byte(file: OurFile, line: int, column: int) -> int:
    start = 0
    for _ in range(line - 1):
        start = file.text.index(b"\n", start) + 1
    end = file.text.find(b"\n", start)
    text = file.text[start : end if end >= 0 else None].decode("utf-8", "replace")
    return start + len(text[: column - 1].encode())


def _plain(name: str) -> str:
    return name.removeprefix("r#")
