"""Holds what the product stores of rust-analyzer's word against rust-analyzer's own SCIP index, site by site.

A site is the byte where a called name begins. Both come from one program, asked in two ways: the comparison shows
whether questions, positions and the mapping of definitions to nodes are right, not whether rust-analyzer is.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from store.model import EdgeKind, NodeKind
from tests.oracles.hydrated import Hydrated
from tests.oracles.oracle import MADE_BY_MACRO, NOT_CALLING, Oracle
from tests.oracles.ours import OurFile
from tests.oracles.scip import Index, Occurrence, package
from tests.oracles.tokens import form_of, is_name

_FUNCTIONS = frozenset({NodeKind.FUNCTION, NodeKind.METHOD})
_CALLING = frozenset({"call", "method", "macro"})
_LIBRARY = "https://github.com/rust-lang/rust/library/"
_DESCRIPTOR = re.compile(
    r"(?:`((?:[^`]|``)*)`|(\w+))(/|#|\(\w*\)\.|\.|:|!)|\[(?:`((?:[^`]|``)*)`|([^\]]*))\]"
)
_PARAMETERS = re.compile(r"<(?:[^<>]|<(?:[^<>]|<[^<>]*>)*>)*>")
_SHOWN = 200
COARSE = "the impl is not named in full"
"""Crate, modules and name agree, but a hover tells neither the primitive type nor the trait of an impl without
parameters."""
_FOREIGN = "::<extern>::"


class Site(NamedTuple):
    """Where a name is called: `start` in bytes. `node` is the source, `ordinal` that of its reference."""

    path: str
    start: int
    node: str
    ordinal: int


@dataclass(slots=True)
class SiteOutcome:
    """Sites that both sides know: `common`, of these `agreeing`, and `coarse`: as COARSE says. The same of those
    that lead out of the tree. The rest by class. `findings` hold the first of each class, as lines for people."""

    common: int = 0
    agreeing: int = 0
    coarse: int = 0
    common_external: int = 0
    agreeing_external: int = 0
    differences: Counter[str] = field(default_factory=Counter)
    only_ours: Counter[str] = field(default_factory=Counter)
    only_theirs: Counter[str] = field(default_factory=Counter)
    findings: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    @property
    def share(self) -> float | None:
        return (self.agreeing + self.coarse) / self.common if self.common else None

    def note(self, tally: Counter[str], why: str, line: str) -> None:
        tally[why] += 1
        if len(self.findings[why]) < _SHOWN:
            self.findings[why].append(line)


@dataclass(slots=True)
class SignatureCount:
    """Nodes that are functions or methods: with rust-analyzer's signature, with a reason why there is none, with
    neither. `doubtful` have a reason, and yet the index knows a definition there."""

    functions: int = 0
    signed: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    neither: list[str] = field(default_factory=list)
    doubtful: list[str] = field(default_factory=list)


# ------------------------------------------------------------------ signatures


def count_signatures(hydrated: Hydrated, index: Index) -> SignatureCount:
    """Every function node of the tree."""
    found = SignatureCount()
    defined = {
        (path, one.start)
        for path, occurrences in index.occurrences.items()
        for one in occurrences
        if one.is_definition and one.symbol.endswith(").")
    }
    for path, file in hydrated.ours.files.items():
        for node, span in zip(file.nodes, file.spans, strict=True):
            if node.kind not in _FUNCTIONS:
                continue
            found.functions += 1
            where = f"{path}:{file.line(span.start_byte)} {node.qualified_name}"
            answer = hydrated.answers.get(node.id)
            reason = answer.reason if answer is not None else hydrated.left_alone.get(path, "")
            if answer is not None and answer.signature:
                found.signed += 1
            elif not reason:
                found.neither.append(where)
            else:
                found.reasons[class_of(reason)] += 1
                if any((path, at) in defined for at in range(span.start_byte, span.end_byte)):
                    inner = {
                        s.start_byte for s in file.spans if span.start_byte < s.start_byte < span.end_byte
                    }
                    if not inner:
                        found.doubtful.append(f"{where}: {reason}")
    return found


def class_of(reason: str) -> str:
    """A reason without what is particular to one place."""
    return reason.partition(": ")[0].strip()


# ------------------------------------------------------------------ calls


def compare_sites(hydrated: Hydrated, oracle: Oracle) -> SiteOutcome:
    """Every call of ours that rust-analyzer has resolved, and every one that the index knows."""
    outcome = SiteOutcome()
    ours = _our_sites(hydrated)
    for site, targets in ours.items():
        _judge(outcome, hydrated, oracle, site, targets)
    known: dict[tuple[str, int], Site] = {(site.path, site.start): site for site in ours}
    for path, occurrences in oracle.index.occurrences.items():
        file = hydrated.ours.files.get(path)
        if file is None:
            continue
        for one in occurrences:
            if (path, one.start) not in known and _is_call(file, one):
                why, where = _why_only_theirs(hydrated, file, one)
                outcome.note(outcome.only_theirs, why, f"{where}  {one.symbol}")
    return outcome


def _our_sites(hydrated: Hydrated) -> dict[Site, list[tuple[str, str]]]:
    """Site → (target, rule) of each CALLS edge of provenance "ra" that is in the merged graph."""
    merged = {
        (edge.src_id, edge.kind, edge.dst_id) for edge in hydrated.ours.edges if edge.provenance == "ra"
    }
    found: dict[Site, list[tuple[str, str]]] = {}
    for node_id, answer in hydrated.answers.items():
        file, at = hydrated.ours.where[node_id]
        base = file.spans[at].start_byte
        references = file.references.get(node_id, ())
        for edge in answer.edges:
            if edge.kind != EdgeKind.CALLS or not edge.dst_id:
                continue
            assert (edge.src_id, edge.kind, edge.dst_id) in merged, edge
            for ordinal in edge.sites:
                one = references[ordinal]
                start = base + one.end_byte - len(one.name.encode())
                site = Site(file.path, start, node_id, ordinal)
                found.setdefault(site, []).append((edge.dst_id, edge.rule))
    return found


def _judge(
    outcome: SiteOutcome, hydrated: Hydrated, oracle: Oracle, site: Site, targets: list[tuple[str, str]]
) -> None:
    file = hydrated.ours.files[site.path]
    where = _where(file, site.start)
    theirs = [one for one in oracle.at(site.path, site.start) if not one.is_definition]
    if not theirs:
        why = "the index knows nothing of the name"
        if not oracle.has_seen(site.node):
            why = "the index knows nothing of the whole node"
        elif site.path not in oracle.index.occurrences:
            why = "the index does not have the file"
        outcome.note(outcome.only_ours, why, f"{where}  ours {targets}")
        return
    external = [one for one in theirs if not oracle.index.is_local(one.symbol) and package(one.symbol)]
    outcome.common += 1
    outcome.common_external += bool(external)
    differences = [_difference(hydrated, oracle, site, targets, one) for one in theirs]
    if "" in differences:
        outcome.agreeing += 1
        outcome.agreeing_external += bool(external)
    elif COARSE in differences:
        outcome.coarse += 1
    else:
        line = f"{where}  ours {[target for target, _ in targets]}  theirs {theirs[0].symbol}"
        outcome.note(outcome.differences, differences[0], line)


def _difference(
    hydrated: Hydrated, oracle: Oracle, site: Site, targets: list[tuple[str, str]], one: Occurrence
) -> str:
    """ "" if one of our targets is what the occurrence means, else in which way it is not."""
    ids = [target for target, _ in targets]
    if one.symbol.startswith("local "):
        return "the index says: a local name"
    if not oracle.index.is_local(one.symbol):
        outside = [hydrated.externals[id_] for id_ in ids if id_ in hydrated.externals]
        differences = [difference_of_external(e.crate, e.version, e.path, one.symbol) for e in outside]
        for found in ("", COARSE):
            if found in differences:
                return found
        if not outside:
            return "the index says: outside of the tree"
        if outside[0].kind == NodeKind.MACRO and not one.symbol.endswith("!"):
            return "to us the macro or derive that makes it"
        return differences[0]
    inside = [id_ for id_ in ids if id_ in hydrated.ours.where]
    if not inside:
        return "the index says: inside of the tree"
    places = [place for place, _ in oracle.index.definitions.get(one.symbol, [])]
    if not places:
        return "" if _is_in_macro_call(hydrated, inside) else f"the index says: {MADE_BY_MACRO}"
    if not set(oracle.targets(site.path, one)).isdisjoint(inside):
        return ""
    for id_ in inside:  # a procedural macro, which is a function to us, and what a macro call makes
        file, at = hydrated.ours.where[id_]
        span = file.spans[at]
        for place in places:
            if place.path == file.path and file.innermost(place.start) == at:
                return ""
            is_inside = place.path == file.path and span.start_byte <= place.start < span.end_byte
            if is_inside and file.nodes[at].kind == NodeKind.MACRO_CALL:
                return ""
    return "another node of the tree"


def _is_in_macro_call(hydrated: Hydrated, ids: Iterable[str]) -> bool:
    """Whether one of the nodes is a macro call or stands in one: what that makes has no definition in the index."""
    return any(id_ in hydrated.ours.where[id_][0].in_macro_calls() for id_ in ids)


def _is_call(file: OurFile, one: Occurrence) -> bool:
    """Whether an occurrence is the name in a call of a function, method or macro."""
    if one.is_definition or not one.symbol.endswith((").", "!")):
        return False
    if not is_name(file.text[one.start : one.end]):
        return False
    return form_of(file.text, one.start, one.end) in _CALLING


def _why_only_theirs(hydrated: Hydrated, file: OurFile, one: Occurrence) -> tuple[str, str]:
    where = _where(file, one.start)
    at = file.innermost(one.start)
    if at < 0 or file.nodes[at].kind in NOT_CALLING:
        return "outside of all nodes, or in a use", where
    node = file.nodes[at]
    answer = hydrated.answers.get(node.id)
    if file.path in hydrated.left_alone:
        return "the file was left alone", where
    if answer is None:
        return f"the node has no answer ({node.kind})", where
    base = file.spans[at].start_byte
    ordinals = {
        ordinal
        for ordinal, reference in enumerate(file.references.get(node.id, ()))
        if base + reference.end_byte - len(reference.name.encode()) == one.start
    }
    if not ordinals:
        return "no reference extracted", where
    for edge in answer.edges:
        if ordinals.intersection(edge.sites):
            if not edge.dst_id:
                return "we say: no node", where
            return f"we say: {edge.kind}", where
    return "no answer of rust-analyzer at the site", where


def _where(file: OurFile, start: int) -> str:
    end = start
    while end < len(file.text) and (file.text[end : end + 1].isalnum() or file.text[end : end + 1] == b"_"):
        end += 1
    return f"{file.path}:{file.line(start)} {file.text[start:end].decode('utf-8', 'replace')}"


# ------------------------------------------------------------------ symbols of other crates


def difference_of_external(crate: str, version: str, path: str, symbol: str) -> str:
    """ "" if a definition outside the tree, as we name it, is the one of a SCIP symbol; or COARSE."""
    their_crate, _, their_version = package(symbol).partition(" ")
    if crate.replace("-", "_") != their_crate.replace("-", "_"):
        return "another crate"
    if not their_version.startswith(_LIBRARY) and version != their_version:
        return "another version"
    ours = list(map(_bare, _segments(path)))
    if ours and ours[0].replace("-", "_") == their_crate.replace("-", "_"):
        del ours[0]
    theirs = parts_of(symbol)
    if ours == theirs or (
        _FOREIGN in path and ours[-1] == theirs[-1]
    ):  # a foreign function has no modules there
        return ""
    if "impl#" in symbol and len(theirs) > 1:
        *modules, impl, name = theirs
        if ours in ([*modules, name], [*modules, impl.partition(" as ")[0], name]):
            return COARSE
        if ours[:1] == theirs[:1] and ours[-1] == name:
            return "an impl that a macro makes for several types: another of them"
    return "another path"


def parts_of(symbol: str) -> list[str]:
    """Modules, type or trait, and name of a symbol, without generic parameters: `option/impl#[`Option<T>`]map().`
    is ["option", "Option", "map"]. Of a trait's impl both count: ["fmt", "num", "u8 as Display", "fmt"]."""
    text = symbol.split(" ", 4)[4] if not symbol.startswith("local ") else symbol
    parts: list[str] = []
    head: list[str] | None = None  # of an impl: type and trait
    for quoted, name, kind, quoted_argument, argument in _DESCRIPTOR.findall(text):
        if not kind:
            if head is not None:
                head.append(_bare((quoted_argument or argument).replace("``", "`")))
            continue
        if head is not None:
            parts.append(" as ".join(head))
            head = None
        word = (quoted or name).replace("``", "`")
        if word == "impl" and kind == "#":
            head = []
        else:
            parts.append(_bare(word))
    return [part for part in parts if part != "crate"]


def _segments(path: str) -> Iterator[str]:
    """A path cut at each `::` outside of brackets."""
    depth = start = 0
    for at, letter in enumerate(path):
        if letter in "<([":
            depth += 1
        elif letter in "])" or (letter == ">" and path[at - 1] != "-"):
            depth -= 1
        elif letter == ":" and depth == 0:
            if start < at:
                yield path[start:at]
            start = at + 1
    yield path[start:]


def _bare(type_: str) -> str:
    """A type or trait without path and generic parameters, if it is a name; "A as B" of `<A as B<C>>`."""
    if type_.startswith("<") and " as " in type_:
        of, _, trait = type_[1:-1].partition(" as ")
        return f"{_bare(of)} as {_bare(trait)}"
    if not type_[:1].isalpha() and type_[:1] != "_":
        return type_
    return _PARAMETERS.sub("", type_).rpartition("::")[2]
