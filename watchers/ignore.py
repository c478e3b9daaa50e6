"""What a workspace ignores: git's rules, hidden folders, Cargo's output, tagged caches, own patterns.

Owns the reading and caching of ignore files. Knows paths only: neither what is watched nor what is
indexed. pathspec decides what a pattern means; a cheap filter in front of it says which paths no
pattern can touch, because asking pathspec about each of them costs more than the walk itself.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

from watchers.gitdir import locate_git

GITIGNORE = ".gitignore"
CACHE_TAG = "CACHEDIR.TAG"
MANIFEST = "Cargo.toml"
RULE_FILES = frozenset({GITIGNORE, CACHE_TAG})

_CACHE_TAG_SIGNATURE = b"Signature: 8a477f597d28d172789f06886806bc55"
_MAX_IGNORE_FILE_BYTES = 1 << 20
_MAX_STARS = 8  # a regex made of more of them takes minutes on a long name
_MAX_REMEMBERED_NAMES = 20_000

Stamp = tuple[int, ...] | None


class _Rule(NamedTuple):
    """One line of an ignore file."""

    matches: Callable[[str], object]
    ignores: bool  # False: a negation
    folders_only: bool


class Patterns:
    """The patterns of one ignore file, relative to the folder `base` ("" or "a/b/").

    Each path is held against the patterns by itself, as git does on its way down. pathspec's own
    specs also match through the folders above: with `a` and `!b` they would keep `b/a`.
    """

    __slots__ = ("_anchored", "_by_name", "_names", "_rules", "base", "origin")

    def __init__(self, base: str, origin: str, lines: Iterable[str]) -> None:
        self.base = base
        self.origin = origin
        self._rules: list[_Rule] = []
        anchored: list[str] = []
        by_name: list[str] = []
        for line in lines:
            if line.count("*") > _MAX_STARS:
                continue
            text = line if line.endswith("\\ ") else line.rstrip()
            body = text.rstrip("/")
            try:
                pattern = GitIgnoreSpecPattern(body)
            except ValueError:  # git skips a pattern that it cannot read, too
                continue
            if pattern.include is None or pattern.regex is None:
                continue
            regex = pattern.regex
            # pathspec writes "everything below" without an end, and "everything" as one dot.
            is_open = body.endswith("/**") or regex.pattern == "."
            matches = regex.search if is_open else regex.fullmatch
            self._rules.append(_Rule(matches, pattern.include, body != text))
            (anchored if "/" in body else by_name).append(_without_group_names(regex.pattern))
        self._rules.reverse()  # the last one that matches decides
        self._anchored = _any_of(anchored)
        self._by_name = _any_of(by_name)
        self._names: dict[str, bool] = {}

    def verdict(self, path: str, name: str, is_dir: bool) -> bool | None:
        """True: ignored; False: kept by a negation; None: no pattern speaks of it.

        `path` is relative to the workspace, `name` its last component. A pattern without a slash
        is about names alone, so that the costly look at all rules is rare.
        """
        below = path[len(self.base) :]
        if not self._name_may_match(name) and (
            self._anchored is None or self._anchored.search(below) is None
        ):
            return None
        for rule in self._rules:
            if (is_dir or not rule.folders_only) and rule.matches(below):
                return rule.ignores
        return None

    def _name_may_match(self, name: str) -> bool:
        if self._by_name is None:
            return False
        known = self._names.get(name)
        if known is None:
            if len(self._names) > _MAX_REMEMBERED_NAMES:
                self._names.clear()
            known = self._names[name] = self._by_name.search(name) is not None
        return known


class Directory(NamedTuple):
    """What applies inside a folder: `chain` has the nearest ignore file first; `reason` says why
    the folder itself is ignored, None if it is not."""

    path: str  # relative to the workspace, "" for the root
    reason: str | None
    chain: tuple[Patterns, ...]
    own: Patterns | None
    own_stamp: Stamp
    is_crate: bool


class IgnoreRules:
    """The ignore rules of the workspace at `root`; safe to ask from several threads.

    `extra` are patterns in gitignore syntax from the settings; they outrank every ignore file.
    Precedence below them: the nearest .gitignore up to the root's, then `.git/info/exclude`.
    Always ignored: folders that begin with a dot, `target` at the root or beside a Cargo.toml (a
    module folder of that name elsewhere is source), and any folder with a CACHEDIR.TAG.
    """

    def __init__(self, root: str | os.PathLike[str], extra: Sequence[str] = ()) -> None:
        self.root = os.path.realpath(root)
        self._extra = (Patterns("", "the settings", extra),) if extra else ()
        self._exclude: Patterns | None = None
        self._exclude_stamp: Stamp = None
        self._known: dict[str, Directory] = {}
        self._reload_exclude()

    def is_ignored(self, rel_path: str, is_dir: bool) -> str | None:
        """Why `rel_path` (forward slashes, relative to the root) is ignored; None if it is not."""
        if not rel_path:
            return None
        parent, _, name = rel_path.rpartition("/")
        inside = self.directory(parent)
        if inside.reason is not None:
            return inside.reason
        if is_dir:
            return self.directory(rel_path).reason
        return self.judge_file(inside, rel_path, name)

    def judge_file(self, inside: Directory, rel_path: str, name: str) -> str | None:
        """As `is_ignored`, for the file `rel_path` in the kept folder `inside`."""
        if name.startswith((".#", "._")):
            return "left by an editor or by the system"
        return self._judge(inside, rel_path, name, False)

    def judge_folder(self, inside: Directory, rel_path: str, name: str) -> str | None:
        """As `is_ignored`, for the folder `rel_path` in `inside`, a CACHEDIR.TAG in it apart."""
        if name[0] == ".":
            return "hidden folder"
        if name == "target" and (inside.is_crate or not inside.path):
            return "build output of cargo"
        return self._judge(inside, rel_path, name, True)

    def _judge(self, inside: Directory, path: str, name: str, is_dir: bool) -> str | None:
        for patterns in inside.chain:
            verdict = patterns.verdict(path, name, is_dir)
            if verdict is not None:
                return f"ignored by {patterns.origin}" if verdict else None
        return None

    def directory(self, rel_path: str) -> Directory:
        """The rules inside a folder, from the cache or else from disk."""
        known = self._known.get(rel_path)
        if known is not None:
            return known
        inside: Directory | None = None
        for ancestor in _lineage(rel_path):
            known = self._known.get(ancestor)
            inside = known if known is not None else self._enter_from_disk(inside, ancestor)
        assert inside is not None  # a lineage begins with the root
        return inside

    def reread(self, rel_path: str) -> Directory:
        """The rules inside a folder with everything above it read again where it changed on disk."""
        self._reload_exclude()
        inside: Directory | None = None
        for ancestor in _lineage(rel_path):
            inside = self._enter_from_disk(inside, ancestor)
        assert inside is not None
        return inside

    def enter(
        self, parent: Directory | None, rel_path: str, own_stamp: Stamp, has_cache_tag: bool, is_crate: bool
    ) -> Directory:
        """The rules inside a folder whose listing the caller has; reads .gitignore only if its
        stamp (any tuple of stat fields, None when absent) differs from the remembered one."""
        known = self._known.get(rel_path)
        if parent is None:
            outer = (*self._extra, *((self._exclude,) if self._exclude else ()))
            reason = None
        else:
            outer, reason = parent.chain, parent.reason
            if reason is None:
                reason = self.judge_folder(parent, rel_path, rel_path.rpartition("/")[2])
            if reason is None and has_cache_tag and self._is_tagged(rel_path):
                reason = f"cache folder ({CACHE_TAG})"
        if known is not None and known.own_stamp == own_stamp and own_stamp is not None:
            own = known.own
        else:
            own = None if own_stamp is None or reason else self._read_gitignore(rel_path)
        chain = outer if own is None else (*outer[: len(self._extra)], own, *outer[len(self._extra) :])
        entered = Directory(rel_path, reason, chain, own, own_stamp, is_crate)
        self._known[rel_path] = entered
        return entered

    def forget(self, subtree: str = "") -> None:
        """Drop what is remembered below a folder: one of its rule files changed."""
        if not subtree:
            self._reload_exclude()
            self._known = {}
            return
        prefix = subtree + "/"
        for path in [path for path in list(self._known) if path == subtree or path.startswith(prefix)]:
            self._known.pop(path, None)

    def _enter_from_disk(self, parent: Directory | None, rel_path: str) -> Directory:
        folder = os.path.join(self.root, rel_path)
        return self.enter(
            parent,
            rel_path,
            stamp_of(os.path.join(folder, GITIGNORE)),
            os.path.lexists(os.path.join(folder, CACHE_TAG)),
            os.path.lexists(os.path.join(folder, MANIFEST)),
        )

    def _is_tagged(self, rel_path: str) -> bool:
        return _read_bytes(os.path.join(self.root, rel_path, CACHE_TAG), 64).startswith(_CACHE_TAG_SIGNATURE)

    def _read_gitignore(self, rel_path: str) -> Patterns | None:
        origin = f"{rel_path}/{GITIGNORE}" if rel_path else GITIGNORE
        base = rel_path + "/" if rel_path else ""
        return _read_patterns(os.path.join(self.root, origin), base, origin)

    def _reload_exclude(self) -> None:
        git = locate_git(self.root)
        found = None if git is None else stamp_of(git.exclude_file)
        if found == self._exclude_stamp:
            return
        self._exclude_stamp = found
        self._exclude = None
        if git is not None and found is not None:
            self._exclude = _read_patterns(git.exclude_file, "", ".git/info/exclude")
        self._known = {}


def stamp_of(path: str) -> Stamp:
    """What tells one state of a regular file from another; None for anything else. git does not
    follow a .gitignore that is a symbolic link either."""
    try:
        found = os.lstat(path)
    except OSError:
        return None
    if not stat.S_ISREG(found.st_mode):
        return None
    return (found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)


def _lineage(rel_path: str) -> list[str]:
    """The root, then every folder on the way down to `rel_path`, itself included."""
    if not rel_path:
        return [""]
    ends = [i for i, character in enumerate(rel_path) if character == "/"]
    return ["", *(rel_path[:end] for end in ends), rel_path]


def _read_patterns(path: str, base: str, origin: str) -> Patterns | None:
    text = _read_bytes(path, _MAX_IGNORE_FILE_BYTES).decode("utf-8", "surrogateescape")
    lines = [line for line in text.removeprefix("\ufeff").splitlines() if line and not line.startswith("#")]
    return Patterns(base, origin, lines) if lines else None


def _read_bytes(path: str, limit: int) -> bytes:
    """At most `limit` bytes of a regular file; nothing if it cannot be read. Never waits for a FIFO."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
    except OSError:
        return b""
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return b""
        return os.read(descriptor, limit)
    except OSError:
        return b""
    finally:
        os.close(descriptor)


def _without_group_names(regex: str) -> str:
    """pathspec names a group in each pattern; joined into one regex the names would collide."""
    return re.sub(r"\(\?P<\w+>", "(?:", regex)


def _any_of(regexes: list[str]) -> re.Pattern[str] | None:
    return re.compile("|".join(f"(?:{regex})" for regex in regexes)) if regexes else None
