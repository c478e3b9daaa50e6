"""Holds edges of ours against pairs of an oracle: precision by rule, recall by form, and a list of the differences.

A pair is (source node, target node), however many references are behind it. An edge that the oracle says nothing of
(its code is configured out, or the body of a macro) is neither right nor wrong: it is counted as silent.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from store.model import Edge, NodeKind
from tests.oracles.oracle import ELSEWHERE, MADE_BY_MACRO, Expectation, Oracle
from tests.oracles.ours import OurFile, Ours

Pair = tuple[str, str]

BOUND_WEIGHT = 0.5


@dataclass(frozen=True, slots=True)
class Finding:
    """One disagreement, for a person to look at. `place` is path:line, 1-based."""

    path: str
    line: int
    source: str
    target: str
    how: str  # rule and weight, or the form of the reference
    why: str  # what the other side says


@dataclass(slots=True)
class Score:
    """Edges of ours: confirmed, contradicted, and those that the oracle has no opinion on."""

    right: int = 0
    wrong: int = 0
    silent: int = 0

    @property
    def precision(self) -> float | None:
        judged = self.right + self.wrong
        return self.right / judged if judged else None

    def add(self, other: Score) -> None:
        self.right += other.right
        self.wrong += other.wrong
        self.silent += other.silent


@dataclass(slots=True)
class Recall:
    """Pairs of the oracle, and how many of them we have: bound (weight ≥ 0.5), or with any weight."""

    expected: int = 0
    bound: int = 0
    any: int = 0

    @property
    def share(self) -> float | None:
        return self.bound / self.expected if self.expected else None

    def add(self, other: Recall) -> None:
        self.expected += other.expected
        self.bound += other.bound
        self.any += other.any


@dataclass(slots=True)
class Outcome:
    """A comparison over one tree, or the sum of several (then without findings)."""

    bound: Score = field(default_factory=Score)
    all: Score = field(default_factory=Score)
    recall: Recall = field(default_factory=Recall)
    by_rule: dict[str, Score] = field(default_factory=lambda: defaultdict(Score))
    by_reference: dict[str, Score] = field(default_factory=lambda: defaultdict(Score))
    by_form: dict[str, Recall] = field(default_factory=lambda: defaultdict(Recall))
    wrong_because: Counter[str] = field(default_factory=Counter)
    silent_because: Counter[str] = field(default_factory=Counter)
    missed_because: Counter[str] = field(default_factory=Counter)
    to_std: int = 0  # edges of any weight from a name that the oracle says is std's or another crate's
    wrong: list[Finding] = field(default_factory=list)
    silent: list[Finding] = field(default_factory=list)
    missed: list[Finding] = field(default_factory=list)

    def add(self, other: Outcome) -> None:
        """Adds another tree's counts."""
        self.bound.add(other.bound)
        self.all.add(other.all)
        self.recall.add(other.recall)
        for rule, score in other.by_rule.items():
            self.by_rule[rule].add(score)
        for kind, score in other.by_reference.items():
            self.by_reference[kind].add(score)
        for form, recall in other.by_form.items():
            self.by_form[form].add(recall)
        self.wrong_because += other.wrong_because
        self.silent_because += other.silent_because
        self.missed_because += other.missed_because
        self.to_std += other.to_std


def strongest(edges: Iterable[Edge]) -> dict[Pair, Edge]:
    """One edge for each pair: that of the greatest weight."""
    found: dict[Pair, Edge] = {}
    for edge in edges:
        pair = (edge.src_id, edge.dst_id)
        if pair not in found or edge.weight > found[pair].weight:
            found[pair] = edge
    return found


def compare(oracle: Oracle, edges: Mapping[Pair, Edge], references: Iterable[Expectation]) -> Outcome:
    """`edges`, all of one sort, against the oracle's references of that sort."""
    outcome = Outcome()
    ours = oracle.ours
    true: set[Pair] = set()
    expected: dict[Pair, Expectation] = {}
    for reference in references:
        pairs = [(reference.source, target) for target in reference.targets]
        true.update(pairs)
        expected.setdefault(next((pair for pair in pairs if pair in edges), pairs[0]), reference)
    by_source: dict[str, list[Edge]] = defaultdict(list)
    for pair, edge in edges.items():
        by_source[edge.src_id].append(edge)
        _judge(outcome, oracle, pair, edge, pair in true)
    for pair, reference in expected.items():
        found = edges.get(pair)
        is_bound = found is not None and found.weight >= BOUND_WEIGHT
        for tally in (outcome.recall, outcome.by_form[reference.form]):
            tally.expected += 1
            tally.any += found is not None
            tally.bound += is_bound
        if not is_bound:
            why = _why_missed(ours, reference, found, by_source[reference.source])
            outcome.missed_because[why] += 1
            outcome.missed.append(_finding(ours, reference.file, reference.start, pair, reference.form, why))
    for findings in (outcome.wrong, outcome.silent, outcome.missed):
        findings.sort(key=lambda one: (one.path, one.line))
    return outcome


def _judge(outcome: Outcome, oracle: Oracle, pair: Pair, edge: Edge, right: bool) -> None:
    file, at = oracle.ours.where[edge.src_id]
    base = file.spans[at].start_byte
    references = file.references.get(edge.src_id, ())
    sites = [references[ordinal] for ordinal in edge.sites if ordinal < len(references)]
    names = [base + one.end_byte - len(one.name.encode()) for one in sites]
    is_bound = edge.weight >= BOUND_WEIGHT
    tallies = [outcome.all, outcome.by_rule[edge.rule if is_bound else f"{edge.rule} (below 0.5)"]]
    if is_bound:
        tallies += [outcome.bound, outcome.by_reference[sites[0].kind if sites else "none"]]
    why, start, silent = "", base, False
    if not right:
        why, start, silent = _verdict(oracle, edge.src_id, names)
        if why == MADE_BY_MACRO:
            target_file, _ = oracle.ours.where[edge.dst_id]
            if edge.dst_id in target_file.in_macro_calls():
                why, silent = "made by a macro call, and our node stands inside one", True
    for tally in tallies:
        tally.right += right
        tally.silent += silent
        tally.wrong += not right and not silent
    outcome.to_std += why == ELSEWHERE
    if right or not is_bound:
        return
    if not silent and not oracle.has_seen(edge.dst_id):
        why += ", and the target is configured out"
    (outcome.silent_because if silent else outcome.wrong_because)[why] += 1
    finding = _finding(oracle.ours, file, start, pair, f"{edge.rule} {edge.weight:.2f}", why)
    (outcome.silent if silent else outcome.wrong).append(finding)


def _verdict(oracle: Oracle, source: str, names: list[int]) -> tuple[str, int, bool]:
    """(what the oracle says of an edge that it does not confirm, at which byte, whether that is nothing)."""
    file, at = oracle.ours.where[source]
    for start in names:
        for one in oracle.at(file.path, start):
            return oracle.meaning(file.path, one), start, False
    first = names[0] if names else file.spans[at].start_byte
    if not names:
        return "the edge has no site", first, False
    if not oracle.has_seen(source):
        return "the node is configured out", first, True
    if file.nodes[at].kind == NodeKind.MACRO:
        return "body of a macro definition", first, True
    return "no opinion on the name", first, True


def _why_missed(ours: Ours, reference: Expectation, found: Edge | None, others: Iterable[Edge]) -> str:
    if found is not None:
        return "only a candidate (below 0.5)"
    base = ours.span(reference.source).start_byte
    ordinals = {
        ordinal
        for ordinal, one in enumerate(reference.file.references.get(reference.source, ()))
        if one.start_byte <= reference.start - base < one.end_byte
    }
    if not ordinals:
        return "no reference extracted"
    if any(ordinals.intersection(edge.sites) for edge in others):
        return "bound to another node"
    return "left unresolved"


def _finding(ours: Ours, file: OurFile, start: int, pair: Pair, how: str, why: str) -> Finding:
    source, target = map(ours.node, pair)
    target_file, _ = ours.where[target.id]
    line = target_file.line(ours.span(target.id).start_byte)
    where = f"{target.qualified_name} ({target_file.path}:{line})"
    return Finding(file.path, file.line(start), source.qualified_name, where, how, why)
