"""What a handful of raw events means: files to look at, folders that came or went, rules that changed.

Looks at the file system, never at the verb alone: an atomic save says "added", and a name deleted
and made anew says both in no order. Changes nothing and remembers nothing.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from watchers.cookie import is_cookie_name
from watchers.ignore import MANIFEST, RULE_FILES, IgnoreRules
from watchers.plan import WatchPlan
from watchers.scan import is_of_interest
from watchers.source import ADDED, MODIFIED, RawChange


@dataclass(slots=True)
class Digest:
    """Paths are relative to the workspace.

    touched:         file of interest -> when it last changed, seconds on the monotonic clock
    new_folders:     not watched so far
    gone:            were watched, are no folders any more
    replaced:        were watched, and another folder has the name now
    changed_folders: their permissions or owner changed: what is readable below may differ
    rule_folders:    an ignore file in them changed
    """

    touched: dict[str, float] = field(default_factory=dict)
    new_folders: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    replaced: set[str] = field(default_factory=set)
    changed_folders: set[str] = field(default_factory=set)
    rule_folders: set[str] = field(default_factory=set)
    cookies: set[str] = field(default_factory=set)
    head_changed: bool = False
    rules_changed_everywhere: bool = False

    @property
    def is_empty(self) -> bool:
        """Nothing to act on; cookies apart."""
        return not (
            self.touched
            or self.new_folders
            or self.gone
            or self.replaced
            or self.changed_folders
            or self.rule_folders
            or self.head_changed
            or self.rules_changed_everywhere
        )


def digest_events(
    events: Collection[RawChange], plan: WatchPlan, rules: IgnoreRules, watched: Mapping[str, int]
) -> Digest:
    """Sort `events` of sources that were opened with folders of `plan`."""
    digest = Digest()
    prefix = plan.root + "/"
    git_prefix = plan.root + "/.git/"
    now_s, wall_ns = time.monotonic(), time.time_ns()
    for verb, path in events:
        name = path.rpartition("/")[2]
        if is_cookie_name(name):
            digest.cookies.add(name)
        elif path.startswith(git_prefix) or not path.startswith(prefix):
            if plan.git is not None and path == plan.git.head_dir + "/HEAD":
                digest.head_changed = True
            elif plan.git is not None and path == plan.git.exclude_file:
                digest.rules_changed_everywhere = True
        else:
            _sort_event(digest, verb, path, path[len(prefix) :], name, rules, watched, now_s, wall_ns)
    return digest


def _sort_event(
    digest: Digest,
    verb: int,
    path: str,
    rel_path: str,
    name: str,
    rules: IgnoreRules,
    watched: Mapping[str, int],
    now_s: float,
    wall_ns: int,
) -> None:
    found = _look_at(path)
    is_folder = found is not None and stat.S_ISDIR(found.st_mode)
    if is_folder:
        if rel_path not in watched:
            if is_of_interest(name):  # a file had the name until now
                digest.touched[rel_path] = now_s
            if rules.is_ignored(rel_path, True) is None:
                digest.new_folders.add(rel_path)
        elif verb == MODIFIED:
            digest.changed_folders.add(rel_path)
        elif verb == ADDED:
            digest.replaced.add(rel_path)
        return  # a DELETED beside it will be followed or preceded by an ADDED
    if rel_path in watched:
        digest.gone.add(rel_path)
    interesting = is_of_interest(name)
    if not interesting and name not in RULE_FILES:
        return
    parent = rel_path.rpartition("/")[0]
    changes_rules = name in RULE_FILES or (name == MANIFEST and _has_target_beside(path))
    if changes_rules and (parent in watched or rules.is_ignored(parent, True) is None):
        digest.rule_folders.add(parent)
    if interesting and rules.is_ignored(rel_path, False) is None:
        age_s = 0.0 if found is None else max(0, wall_ns - found.st_ctime_ns) / 1e9
        changed_s = now_s - age_s
        digest.touched[rel_path] = max(changed_s, digest.touched.get(rel_path, 0.0))


def _look_at(path: str) -> os.stat_result | None:
    try:
        return os.lstat(path)
    except (OSError, ValueError):
        return None


def _has_target_beside(manifest: str) -> bool:
    return os.path.isdir(os.path.join(os.path.dirname(manifest), "target"))
