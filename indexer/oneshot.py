"""Bring one store up to date with its workspace once, without a daemon and without watching.

Used by `isg index`, and as a process of its own by the daemon for a first index: that keeps the daemon
answering meanwhile, and the memory it takes goes back to the system when it ends.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from hydrators.tolerant import EXTRACTOR_VERSION
from indexer.config import Settings, load_settings
from indexer.errand import end_with_parent, tell
from indexer.parsing import FileLimits
from indexer.paths import resolve_paths
from indexer.pipeline import Pipeline
from store import queries, writes
from store.database import Database
from store.recovery import open_or_rebuild
from watchers.ignore import IgnoreRules
from watchers.scan import ScanResult, diff_scan, scan

META_EXTRACTOR_VERSION = "extractor_version"

Report = Callable[[str, int, int], None]
"""Called with (phase, done, total); phases are "scan", "parse" and "resolve"."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run did. Times are wall seconds; `files` counts what the store holds afterwards,
    `read_files` those whose
    bytes were looked at, `changed_files` those that it did not hold like that before."""

    root: str
    store: str
    files: int
    nodes: int
    references: int
    edges: int
    skipped: int
    read_files: int
    changed_files: int
    clock: int
    rebuilt_because: str
    open_s: float
    scan_s: float
    index_s: float
    resolve_s: float
    total_s: float


def run(root: Path, store: Path, settings: Settings, report: Report | None = None) -> Outcome:
    """Scan `root` and bring the store at `store` up to date.

    Raises watchers.scan.WorkspaceMissing, store.database.StoreLocked and StoreBroken, each with what to do.
    """
    report = report or _silent
    started = time.perf_counter()
    store.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    db, reason = open_index(store)
    with db:
        opened = time.perf_counter()
        pipeline = Pipeline(db, root, file_limits(settings), settings.parse_workers)
        report("scan", 0, 0)
        found = scan(root, IgnoreRules(root, settings.ignore))
        difference = compare(pipeline, found)
        scanned = time.perf_counter()
        is_first = not pipeline.records
        commits = pipeline.apply(difference.to_read, report, gone=difference.gone)
        changed = {change.path for commit in commits for change in commit.changes}
        indexed = time.perf_counter()
        while pipeline.resolve_stale() is not None:
            left = queries.stale_count(db)
            report("resolve", len(pipeline.records) - left, len(pipeline.records))
        resolved = time.perf_counter()
        counts = queries.counts(db)
        return Outcome(
            root=str(root),
            store=str(store),
            files=counts.files,
            nodes=counts.nodes,
            references=counts.references,
            edges=counts.edges,
            skipped=counts.skipped_files,
            read_files=len(difference.to_read),
            changed_files=len(pipeline.records) if is_first else len(changed),
            clock=queries.clock(db),
            rebuilt_because=reason,
            open_s=round(opened - started, 4),
            scan_s=round(scanned - opened, 4),
            index_s=round(indexed - scanned, 4),
            resolve_s=round(resolved - indexed, 4),
            total_s=round(resolved - started, 4),
        )


def file_limits(settings: Settings) -> FileLimits:
    """What one file may cost, by the settings."""
    return FileLimits(settings.max_file_bytes, settings.parse_timeout_s)


def open_index(store: Path, distrust: str = "") -> tuple[Database, str]:
    """(open store, why it was begun anew or ""). A store of another extractor version is set aside, and so
    is one that is distrusted for a reason."""
    opened = open_or_rebuild(store, distrust=distrust)
    db, reason = opened.database, opened.reason
    found = queries.get_meta(db, META_EXTRACTOR_VERSION)
    if found not in (None, EXTRACTOR_VERSION):
        db.close()
        reason = f"it was made by extractor {found}, this is {EXTRACTOR_VERSION}"
        db = open_or_rebuild(store, distrust=reason).database
        found = None
    if found is None:
        writes.set_meta(db, META_EXTRACTOR_VERSION, EXTRACTOR_VERSION)
    return db, reason


@dataclass(frozen=True, slots=True)
class Difference:
    """What a scan found to be otherwise than the store has it. `to_read`: changed, new, or newly unfit;
    `gone`: in the store, and no part of the workspace any more (deleted, ignored, behind a link)."""

    to_read: list[str]
    gone: list[str]

    def __len__(self) -> int:
        return len(self.to_read) + len(self.gone)


def compare(pipeline: Pipeline, found: ScanResult) -> Difference:
    """Hold a scan against the records of the store."""
    known = {path: record.stat for path, record in pipeline.records.items() if is_below(path, found.subtree)}
    wanted = {path: stat for path, stat in found.files.items() if is_indexed(path)}
    changed, removed = diff_scan(known, ScanResult(wanted, found.directories, found.skipped, found.subtree))
    unfit = [path for path in found.skipped if is_indexed(path)]
    doubtful = [path for path in pipeline.judged_by_other_limits() if path in wanted]
    gone = [path for path in removed if path not in found.skipped]
    return Difference(sorted({*changed, *unfit, *doubtful}), gone)


def is_indexed(path: str) -> bool:
    """Whether a path of interest to the watcher has a record in the store."""
    return path.endswith(".rs") or path.rpartition("/")[2] == "Cargo.toml"


def is_below(path: str, subtree: str) -> bool:
    """Whether `path` is in the folder `subtree`, or is it ("" is everything)."""
    return not subtree or path == subtree or path.startswith(f"{subtree}/")


def _silent(phase: str, done: int, total: int) -> None:
    return


def main(arguments: Sequence[str]) -> int:
    """`ROOT STORE`: run once, telling progress and outcome as JSON lines on standard output. Ends with
    its workers when standard input does: the daemon that waits for it is gone."""
    end_with_parent()

    def report(phase: str, done: int, total: int) -> None:
        tell({"phase": phase, "done": done, "total": total})

    root, store = map(Path, arguments)
    try:
        outcome = run(root, store, load_settings(resolve_paths()), report)
    except (RuntimeError, OSError, ValueError) as error:
        tell({"error": str(error)})
        return 1
    tell({"outcome": asdict(outcome)})
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
