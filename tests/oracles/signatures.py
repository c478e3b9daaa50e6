"""Compares our exact signatures, and whether there is one, with what syn makes of the same item's own text.

Syn gets each node's slice by itself, so that a neighbour that it refuses costs nothing. Signatures are compared as
lists of tokens, trailing commas aside: spacing does not count.
"""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import orjson

from store.model import NodeFacts, NodeKind
from tests.oracles.ours import OurFile, Ours
from tests.oracles.tokens import words
from tests.oracles.tools import ToolMissing, build

_CONTEXTS = {NodeKind.IMPL: "impl", NodeKind.TRAIT: "trait", NodeKind.EXTERN_BLOCK: "foreign"}
_NOT_COMPARED = frozenset({NodeKind.MACRO_CALL})  # calls have no signature
_TIMEOUT_S = 1_800


@dataclass(frozen=True, slots=True)
class SignatureDifference:
    """An item that the two read differently; `ours` and `syn` are signatures or reasons. `line` is 1-based."""

    sort: str
    path: str
    line: int
    kind: str
    ours: str
    syn: str


@dataclass(slots=True)
class SignatureOutcome:
    """`items` were asked about; `equal` have the same signature, or are refused by both."""

    items: int = 0
    equal: int = 0
    both_refuse: int = 0
    opaque: int = 0  # syn keeps them as tokens that it does not understand
    classes: Counter[str] = field(default_factory=Counter)
    differences: list[SignatureDifference] = field(default_factory=list)

    @property
    def share(self) -> float:
        judged = self.items - self.opaque
        return self.equal / judged if judged else 1.0


def compare(ours: Ours) -> SignatureOutcome:
    """All nodes of a tree. Raises ToolMissing without cargo."""
    outcome = SignatureOutcome()
    asked = list(_nodes(ours))
    requests = b"\n".join(
        orjson.dumps({"id": number, "context": _context(ours, node), "text": _slice(file, node_at)})
        for number, (file, node_at, node) in enumerate(asked)
    )
    done = subprocess.run([build("syn-items")], input=requests, capture_output=True, timeout=_TIMEOUT_S)
    if done.returncode != 0:
        raise ToolMissing("syn-items failed: " + done.stderr.decode("utf-8", "replace")[-300:])
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    for (file, at, node), answer in zip(asked, answers, strict=True):
        outcome.items += 1
        if answer["ok"] and answer.get("kind") == "verbatim":
            outcome.opaque += 1
            continue
        sort = _difference(node, answer)
        outcome.equal += not sort
        outcome.both_refuse += not sort and not answer["ok"]
        if sort:
            line = file.line(file.spans[at].start_byte)
            said = answer["signature"] if answer["ok"] and "signature" in answer else answer.get("error", "")
            outcome.classes[sort] += 1
            outcome.differences.append(
                SignatureDifference(sort, file.path, line, node.kind, node.signature_syn or "none", said)
            )
    return outcome


def _nodes(ours: Ours) -> Iterator[tuple[OurFile, int, NodeFacts]]:
    for _, file in sorted(ours.files.items()):
        inside = file.in_macro_calls()  # to syn that is a macro's input
        for at, node in enumerate(file.nodes):
            if node.kind not in _NOT_COMPARED and node.id not in inside:
                yield file, at, node


def _slice(file: OurFile, at: int) -> str:
    span = file.spans[at]
    return file.text[span.start_byte : span.end_byte].decode("utf-8", "replace")


def _context(ours: Ours, node: NodeFacts) -> str:
    if node.kind == NodeKind.VARIANT:
        return "variant"
    parent = ours.where.get(node.parent_id)
    return _CONTEXTS.get(NodeKind(parent[0].nodes[parent[1]].kind), "item") if parent else "item"


def _difference(node: NodeFacts, answer: dict[str, str]) -> str:
    """The class of the difference; "" if there is none."""
    accepted = bool(answer["ok"])
    if not accepted or not node.signature_syn:
        if accepted == bool(node.signature_syn):
            return ""
        return "only syn accepts" if accepted else "only we accept"
    if words(node.signature_syn.encode()) == words(answer["signature"].encode()):
        return ""
    return "other signature"
