"""How good the lines by rule are: how many are sure enough, and what a reader found who held a sample against
the code. The verdicts are recorded (`judged_summaries.jsonl`); a test says when a judged line is another by now.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from hydrators.summarise import RULES_VERSION, THRESHOLD, summarise_file
from hydrators.tolerant import extract_facts
from store.model import FileFacts, FileStat
from tests.oracles import corpora

JUDGED = Path(__file__).with_name("judged_summaries.jsonl")
VERDICTS = ("right", "vague", "wrong")
_UNKNOWN_STAT = FileStat(0, 0, 0, 0)


class Judged(NamedTuple):
    """A line of the rules, and what a reader of the code says of it; `why`, where it is not right."""

    tree: str
    id: str
    kind: str
    one_line: str
    confidence: float
    verdict: str
    why: str


def judged() -> list[Judged]:
    """The sample: 20 nodes of each of five crates that no rule was tuned to, drawn at random of those from the
    threshold on."""
    return [Judged(**json.loads(line)) for line in JUDGED.read_text("utf-8").splitlines()]


def count(name: str, root: Path) -> dict[str, Any]:
    """Of one tree: nodes with a line, and how many of these are sure enough."""
    lines = [one for facts in _facts_of(root) for one in summarise_file(facts).values()]
    return {"name": name, "lines": len(lines), "sure": sum(line.confidence >= THRESHOLD for line in lines)}


def changed() -> list[tuple[Judged, str]]:
    """Judged lines that the rules do not make any more, with what they make. Raises ToolMissing where a crate
    cannot be had."""
    found: list[tuple[Judged, str]] = []
    for tree, some in groupby(sorted(judged()), key=lambda one: one.tree):
        lines: dict[str, str] = {}
        for facts in _facts_of(corpora.load(tree).root):
            lines |= {id_: line.one_line for id_, line in summarise_file(facts).items()}
        found += [(one, lines.get(one.id, "")) for one in some if lines.get(one.id) != one.one_line]
    return found


def render(rows: Sequence[dict[str, Any]]) -> Iterator[str]:
    """The section of the page."""
    yield "## Lines on what code does"
    yield ""
    yield (
        "Every line is made by rules (`hydrators/summarise/`), with a confidence of 0 to 1 by what is known of its verb, object,"
        f" result and qualifiers; from {THRESHOLD:g} on it counts as sure. The share of sure lines, rules of version {RULES_VERSION}:"
    )
    yield ""
    yield "| tree | lines | sure | share |"
    yield "| --- | ---: | ---: | ---: |"
    for row in rows:
        share = row["sure"] / max(row["lines"], 1)
        yield f"| {row['name']} | {row['lines']:,} | {row['sure']:,} | {100 * share:.1f} % |"
    sample = judged()
    counts = Counter(one.verdict for one in sample)
    said = ", ".join(f"{counts[verdict]} {verdict}" for verdict in VERDICTS)
    yield ""
    yield (
        f"A random sample of {len(sample)} sure lines, 20 of each of five crates that no rule was tuned to, read against the code:"
        f" **{said}**. Vague: true, but says little more than the name does, or hard to read."
    )
    yield ""
    yield "| crate | node | line | verdict |"
    yield "| --- | --- | --- | --- |"
    for one in sample:
        verdict = f"{one.verdict}: {one.why}" if one.why else one.verdict
        cells = (one.tree, f"`{one.id}`", _plain(one.one_line), _plain(verdict))
        yield f"| {' | '.join(cells)} |"
    yield ""


def _plain(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")


def _facts_of(root: Path) -> Iterator[FileFacts]:
    for path in sorted(root.rglob("*.rs")):
        if path.is_file():
            name = path.relative_to(root).as_posix()
            yield extract_facts(name, path.read_bytes(), _UNKNOWN_STAT, root.name, "")
