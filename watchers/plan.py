"""The watch plan: which folders must be watched so that no file of interest changes unseen.

Knows where git keeps HEAD and the exclude file, and which folders a scan walks. Opens no watch.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from watchers.gitdir import GitPlaces, locate_git
from watchers.ignore import IgnoreRules
from watchers.scan import scan


@dataclass(frozen=True, slots=True)
class WatchPlan:
    """`folders` are relative to `root` (resolved, absolute), with their inodes; `extra` are git's
    folders, absolute; `cookie_dir` is watched too, by every source, so that a cookie passes all."""

    root: str
    root_identity: tuple[int, int]
    folders: Mapping[str, int]
    git: GitPlaces | None
    cookie_dir: str
    extra: tuple[str, ...]

    def absolute(self, folders: Mapping[str, int]) -> list[str]:
        """What a source is opened with to watch `folders` of this plan."""
        paths = dict.fromkeys(os.path.join(self.root, folder) if folder else self.root for folder in folders)
        paths.update(dict.fromkeys(self.extra))
        paths[self.cookie_dir] = None
        return list(paths)

    def has_other_git(self) -> bool:
        """Whether the workspace's git folder has come, gone or moved since the plan was made."""
        return locate_git(self.root) != self.git


def plan_watches(root: str, rules: IgnoreRules) -> WatchPlan:
    """Walk the workspace at `root` for the folders to watch. Raises WorkspaceMissing."""
    resolved = os.path.realpath(root)
    folders = scan(resolved, rules).directories
    git = locate_git(resolved)
    extra: list[str] = []
    cookie_dir = resolved
    if git is not None:
        extra.append(git.head_dir)
        info = os.path.dirname(git.exclude_file)
        if os.path.isdir(info):
            extra.append(info)
        if os.access(git.head_dir, os.W_OK):
            cookie_dir = git.head_dir
    return WatchPlan(resolved, identity_of(resolved), folders, git, cookie_dir, tuple(extra))


def identity_of(path: str) -> tuple[int, int]:
    """(device, inode) of a folder; (0, 0) if it is not there."""
    try:
        found = os.stat(path)
    except OSError:
        return (0, 0)
    return (found.st_dev, found.st_ino)
