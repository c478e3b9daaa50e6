"""A scan: which files of interest are on disk right now, with what a comparison needs.

Owns the walk and the comparison with an earlier state. Reads no file of interest and remembers
nothing between scans. Links are never followed, so a walk cannot leave the root nor loop.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from watchers.ignore import CACHE_TAG, GITIGNORE, MANIFEST, Directory, IgnoreRules, Stamp

SOURCE_SUFFIX = ".rs"
NAMED_FILES = frozenset({MANIFEST, "Cargo.lock", GITIGNORE})

_INODE_MASK = (1 << 63) - 1  # the store's integers end below 2^63


class FileStat(NamedTuple):
    """What a scan compares; equal as a tuple to the store's record of the same name."""

    size_bytes: int
    mtime_ns: int
    ctime_ns: int
    inode: int


class WorkspaceMissing(FileNotFoundError):
    """The workspace root is not there (deleted, renamed, not mounted). An absent root says nothing
    about its files: do not take them for deleted; wait for it or remove the workspace."""


@dataclass(frozen=True, slots=True)
class ScanResult:
    """Paths are relative to the workspace with forward slashes.

    files:       each file of interest and its stat
    directories: each folder that is not ignored and its inode ("" is the root)
    skipped:     what would be of interest and cannot be indexed, with the reason
    subtree:     the folder that was scanned, "" for everything
    """

    files: dict[str, FileStat] = field(default_factory=dict)
    directories: dict[str, int] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)
    subtree: str = ""


def is_readable(path: str) -> bool:
    """Whether this process may read `path`, judged by the user it acts as."""
    return os.access(path, os.R_OK, effective_ids=os.access in os.supports_effective_ids)


def is_of_interest(name: str) -> bool:
    """Whether a file of this name takes part in the index."""
    return name.endswith(SOURCE_SUFFIX) or name in NAMED_FILES


def scan(root: str | os.PathLike[str], rules: IgnoreRules, subtree: str = "") -> ScanResult:
    """Walk the workspace, or the folder `subtree` of it, without what is ignored.

    A subtree that is absent, ignored, or no real folder gives an empty result: nothing is there.
    Raises WorkspaceMissing if the root is not a folder.
    """
    top = os.path.realpath(root)
    if not os.path.isdir(top):
        raise WorkspaceMissing(f"the workspace folder {top} is not there; restore it or remove the workspace")
    result = ScanResult(subtree=subtree)
    parent = None
    if subtree:
        if not _is_real_folder(top, subtree):
            return result
        parent = rules.reread(subtree.rpartition("/")[0])
        if parent.reason is not None:
            return result
    else:
        rules.reread("")
    folders: list[tuple[str, int, Directory | None]] = [(subtree, _inode(top, subtree), parent)]
    while folders:
        folders.extend(_scan_folder(top, rules, result, *folders.pop()))
    return result


def diff_scan(
    previous: Mapping[str, tuple[int, int, int, int]], result: ScanResult
) -> tuple[list[str], list[str]]:
    """(maybe changed or new, removed) against an earlier state, `path -> stat`, of the whole
    workspace; what lies outside the scanned subtree is left alone."""
    files = result.files
    if not result.subtree and previous == files:
        return [], []
    get = previous.get
    changed = [path for path, found in files.items() if get(path) != found]
    prefix = result.subtree + "/" if result.subtree else ""
    removed = [path for path in previous if path.startswith(prefix) and path not in files]
    return changed, removed


def _scan_folder(
    top: str, rules: IgnoreRules, result: ScanResult, path: str, inode: int, parent: Directory | None
) -> list[tuple[str, int, Directory | None]]:
    """Record one folder's files; return its subfolders, unjudged CACHEDIR.TAGs inside them apart."""
    try:
        with os.scandir(f"{top}/{path}") as listing:
            entries = list(listing)
    except FileNotFoundError:
        return []  # gone since its parent was listed
    except OSError as error:
        result.skipped[path or "."] = f"unreadable folder: {error.strerror}"
        return []
    prefix = path + "/" if path else ""
    candidates: list[tuple[str, os.DirEntry[str]]] = []
    folders: list[tuple[str, int]] = []
    own_stamp: Stamp = None
    has_cache_tag = is_crate = False
    for entry in entries:
        name = entry.name
        if name.endswith(SOURCE_SUFFIX) or name in NAMED_FILES:
            if not name.isascii() and not _is_utf8(name):
                result.skipped[_printable(prefix + name)] = "the name is not UTF-8"
            elif entry.is_dir(follow_symlinks=False):
                folders.append((name, entry.inode()))
            else:
                candidates.append((name, entry))
                if name == MANIFEST:
                    is_crate = True
                elif name == GITIGNORE:
                    own_stamp = _stamp(entry)
        elif entry.is_dir(follow_symlinks=False):
            if name.isascii() or _is_utf8(name):
                folders.append((name, entry.inode()))
            else:
                result.skipped[_printable(prefix + name)] = "the name is not UTF-8"
        elif name == CACHE_TAG:
            has_cache_tag = True
        elif entry.is_symlink() and _links_to_folder(entry):
            candidates.append((name, entry))
    inside = rules.enter(parent, path, own_stamp, has_cache_tag, is_crate)
    if inside.reason is not None:
        return []
    result.directories[path] = inode & _INODE_MASK
    for name, entry in candidates:
        rel_path = prefix + name
        if rules.judge_file(inside, rel_path, name) is None:
            _record(result, rel_path, entry)
    # The verdict on a subfolder is given twice, here to spare the listing of a target/ with
    # a hundred thousand entries, and by `enter`, which also sees a CACHEDIR.TAG.
    return [
        (prefix + name, number, inside)
        for name, number in folders
        if rules.judge_folder(inside, prefix + name, name) is None
    ]


def _record(result: ScanResult, rel_path: str, entry: os.DirEntry[str]) -> None:
    try:
        found = entry.stat(follow_symlinks=False)
    except FileNotFoundError:
        return
    except OSError as error:
        result.skipped[rel_path] = f"unreadable: {error.strerror}"
        return
    mode = found.st_mode
    if stat.S_ISLNK(mode):
        result.skipped[rel_path] = "symbolic link: not followed"
    elif not stat.S_ISREG(mode):
        result.skipped[rel_path] = "not a regular file"
    elif mode & 0o444 != 0o444 and not is_readable(entry.path):
        result.skipped[rel_path] = "unreadable: permission denied"
    else:
        result.files[rel_path] = FileStat(
            found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino & _INODE_MASK
        )


def _stamp(entry: os.DirEntry[str]) -> Stamp:
    try:
        found = entry.stat(follow_symlinks=False)
    except OSError:
        return None
    if not stat.S_ISREG(found.st_mode):
        return None
    return (found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)


def _is_real_folder(top: str, subtree: str) -> bool:
    """Whether no component of `subtree` is a link and the last one is a folder."""
    walked = top
    for component in subtree.split("/"):
        walked = f"{walked}/{component}"
        try:
            if not stat.S_ISDIR(os.lstat(walked).st_mode):
                return False
        except (OSError, ValueError):
            return False
    return True


def _inode(top: str, subtree: str) -> int:
    try:
        return os.lstat(os.path.join(top, subtree)).st_ino
    except OSError:
        return 0


def _links_to_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a loop of links
        return False


def _is_utf8(name: str) -> bool:
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _printable(path: str) -> str:
    """A path with bytes outside of UTF-8, as text that can be stored and shown: \\xff for byte 255."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")
