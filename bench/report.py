"""Turns measured rows into a table for people, JSON for programs and docs/bench.md for the repository.

Owns the shape of a row and the verdict on it; knows nothing of how a row was measured.
"""

from __future__ import annotations

import json
import math
import os
import platform
import statistics
import subprocess
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

_RESULTS = Path(__file__).resolve().parent / "results"
_COLUMNS = ("what", "tree", "measured", "limit", "ratio", "budget", "verdict")


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement. `limit` is what the same work costs at least, in the same unit, or None.

    `budget` is the greatest allowed value of `measured`, or of measured / limit when
    `budget_is_ratio`; None means that the row informs and is not judged. `note` says what else a
    reader must know.
    """

    what: str
    tree: str
    measured: float
    unit: str
    limit: float | None = None
    budget: float | None = None
    budget_is_ratio: bool = False
    note: str = ""
    samples: tuple[float, ...] = field(default=(), repr=False)

    @property
    def ratio(self) -> float | None:
        return self.measured / self.limit if self.limit else None

    @property
    def verdict(self) -> str:
        """ "within", "over" or "" for a row without a budget."""
        if self.budget is None:
            return ""
        value = self.ratio if self.budget_is_ratio else self.measured
        return "within" if value is not None and value <= self.budget else "over"


def percentile(samples: Sequence[float], share: float) -> float:
    """The smallest sample that at least `share` of all samples do not exceed (nearest rank)."""
    ordered = sorted(samples)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def median(samples: Sequence[float]) -> float:
    return statistics.median(samples)


def describe_machine() -> dict[str, Any]:
    """What the figures were measured on; the commit too where git answers."""
    try:
        commit = subprocess.run(
            ["git", "-C", str(_RESULTS.parent), "describe", "--always", "--dirty"],
            capture_output=True,
            text=True,
            timeout=10,
            env={**os.environ, "GIT_OPTIONAL_LOCKS": "0"},
        ).stdout.strip()
    except OSError:
        commit = ""
    return {
        "run": time.strftime("%Y%m%d-%H%M%S"),
        "when": time.strftime("%Y-%m-%d %H:%M:%S %z"),
        "commit": commit,
        "system": f"{platform.system()} {platform.machine()}",
        "processor": _processor_name(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
    }


def _processor_name() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or "unknown"


def _cells(row: Row) -> tuple[str, ...]:
    def amount(value: float | None) -> str:
        if value is None:
            return "–"
        return f"{value:,.3g} {row.unit}" if abs(value) < 100 else f"{value:,.0f} {row.unit}"

    if row.budget is None:
        budget = "–"
    elif row.budget_is_ratio:
        budget = f"≤ {row.budget:g} ×"
    else:
        budget = f"≤ {row.budget:g} {row.unit}"
    ratio = "–" if row.ratio is None else f"{row.ratio:.2f} ×"
    return (row.what, row.tree, amount(row.measured), amount(row.limit), ratio, budget, row.verdict)


def print_table(rows: Sequence[Row], machine: dict[str, Any]) -> None:
    """The table on standard output; notes follow below it."""
    # Never narrower than the table: a bench read through a pipe must not lose figures.
    console = Console(width=max(150, Console().width))
    caption = f"{machine['cores']} cores, {machine['processor']}, Python {machine['python']}"
    table = Table(title="isg bench", caption=caption)
    for column in _COLUMNS:
        table.add_column(column, justify="right" if column in ("measured", "limit", "ratio") else "left")
    for row in rows:
        style = {"within": "green", "over": "red"}.get(row.verdict)
        table.add_row(*_cells(row), style=style)
    console.print(table)
    for row in rows:
        if row.note:
            console.print(f"{row.what} ({row.tree}): {row.note}", highlight=False)


def write_json(rows: Sequence[Row], machine: dict[str, Any], missing: Sequence[str]) -> Path:
    """bench/results/<run>.json, and latest.json with the same content. Returns the former."""
    _RESULTS.mkdir(exist_ok=True)
    document = {
        "machine": machine,
        "missing": list(missing),
        "rows": [{**asdict(row), "ratio": row.ratio, "verdict": row.verdict} for row in rows],
    }
    text = json.dumps(document, indent=1)
    path = _RESULTS / f"{machine['run']}.json"
    for target in (path, _RESULTS / "latest.json"):
        target.write_text(text, encoding="utf-8")
    return path


def write_markdown(part: str, rows: Sequence[Row], machine: dict[str, Any], page: Path) -> None:
    """Replaces what lies between the page's markers of a part by its table; all else stays."""
    begin = f"<!-- {part}: written by make bench BENCH=--publish -->"
    end = f"<!-- end of {part} -->"
    text = page.read_text(encoding="utf-8")
    head, found_begin, rest = text.partition(begin)
    _, found_end, tail = rest.partition(end)
    if not (found_begin and found_end):
        raise ValueError(f"{page} lacks the lines {begin!r} and {end!r}; put them back where the table goes")
    commit = machine["commit"] or "unknown"
    place = f"{machine['system']}, {machine['cores']} cores ({machine['processor']})"
    lines = [
        f"Measured {machine['when']} at commit `{commit}`: {place}, Python {machine['python']}.",
        "",
        "| " + " | ".join(_COLUMNS) + " |",
        "| --- | --- | ---: | ---: | ---: | --- | --- |",
        *("| " + " | ".join(_cells(row)) + " |" for row in rows),
        "",
        *(f"- *{row.what} ({row.tree})*: {row.note}" for row in rows if row.note),
    ]
    page.write_text(f"{head}{begin}\n{chr(10).join(lines)}\n{end}{tail}", encoding="utf-8")
