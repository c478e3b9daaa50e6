"""Builds what git cannot hold: FIFOs, sockets, loops of links, links out of the tree, unreadable files.

Owns the making and the cleaning up, and says of each thing what an indexer is to do with it. Knows nothing
of the project's own parts, so that any of them can be tested against it.
"""

from __future__ import annotations

import os
import socket
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

NEIGHBOUR = b"/// Adds one.\npub fn neighbour(n: u32) -> u32 {\n    n + 1\n}\n"
FOLDER_DEPTH = 100


class Fate(StrEnum):
    """What an indexer does with a thing that it meets."""

    INDEXED = "indexed"
    SKIPPED = "skipped"  # and says why
    UNSEEN = "unseen"  # neither a file of interest nor a folder to enter


@dataclass(frozen=True, slots=True)
class HostileThing:
    """One thing in the tree. `path` is relative to the root, in the bytes that the file system holds."""

    path: bytes
    what: str
    fate: Fate

    @property
    def shown(self) -> str:
        """The path as text: bytes outside of UTF-8 become `\\xff`."""
        return self.path.decode("utf-8", "backslashreplace")


@dataclass(frozen=True, slots=True)
class HostileTree:
    """The tree at `root`. `absent` maps what this machine cannot hold to the reason."""

    root: Path
    outside: Path
    things: list[HostileThing] = field(default_factory=list)
    absent: dict[str, str] = field(default_factory=dict)

    def paths(self, fate: Fate) -> set[str]:
        return {thing.shown for thing in self.things if thing.fate is fate}


@contextmanager
def hostile_tree(root: Path, size_cap_bytes: int) -> Iterator[HostileTree]:
    """Make `root`, a sibling `<root>-outside` that links lead to, and everything in them.

    `size_cap_bytes` is the size from which a file is too large: one file has exactly that many bytes
    and is indexed, another has one more and is skipped. On the way out, permissions are given back, so
    that whoever made the parent folder can remove it.
    """
    outside = root.with_name(root.name + "-outside")
    tree = HostileTree(root, outside)
    try:
        root.mkdir(parents=True)
        outside.mkdir()
        for build in (_sources, _special_files, _links, _names, _sizes, _folders, _unreadable):
            build(tree, size_cap_bytes)
        yield tree
    finally:
        _give_back_permissions(root)


def _give_back_permissions(root: Path) -> None:
    for folder, names, _files in os.walk(os.fsencode(root)):  # top-down: opened before listed
        for name in names:
            path = os.path.join(folder, name)
            if not os.path.islink(path):
                os.chmod(path, 0o700)


def _add(tree: HostileTree, path: str | bytes, what: str, fate: Fate, make: Callable[[bytes], None]) -> None:
    """Make one thing by `make(absolute path)`; what the system refuses is noted as absent."""
    relative = os.fsencode(path)
    absolute = os.path.join(os.fsencode(tree.root), relative)
    os.makedirs(os.path.dirname(absolute), exist_ok=True)
    try:
        make(absolute)
    except OSError as error:
        tree.absent[what] = f"cannot be made here: {error.strerror or error}"
    else:
        tree.things.append(HostileThing(relative, what, fate))


def _writer(content: bytes) -> Callable[[bytes], None]:
    def write(path: bytes) -> None:
        with open(path, "xb") as file:
            file.write(content)

    return write


def _linker(target: str | bytes) -> Callable[[bytes], None]:
    return lambda path: os.symlink(os.fsencode(target), path)


def _sources(tree: HostileTree, _size_cap_bytes: int) -> None:
    manifest = b'[package]\nname = "hostile"\nversion = "0.0.0"\nedition = "2021"\n'
    _add(tree, "Cargo.toml", "an honest manifest", Fate.INDEXED, _writer(manifest))
    _add(tree, "src/lib.rs", "an honest file", Fate.INDEXED, _writer(NEIGHBOUR))
    _writer(NEIGHBOUR)(os.fsencode(tree.outside / "stranger.rs"))


def _bind_socket(path: bytes) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        try:
            listener.bind(path)
        except OSError:  # a path beyond the limit of about 100 bytes; Linux can make the node alone
            os.mknod(path, stat.S_IFSOCK | 0o600)


def _special_files(tree: HostileTree, _size_cap_bytes: int) -> None:
    _add(tree, "special/fifo.rs", "a FIFO: opening it waits for ever", Fate.SKIPPED, os.mkfifo)
    _add(tree, "special/socket.rs", "a socket", Fate.SKIPPED, _bind_socket)
    _add(tree, "special/beside.rs", "a file beside special ones", Fate.INDEXED, _writer(NEIGHBOUR))


def _links(tree: HostileTree, _size_cap_bytes: int) -> None:
    _add(tree, "links/beside.rs", "a file beside links", Fate.INDEXED, _writer(NEIGHBOUR))
    for path, target, what in (
        ("links/to_file.rs", "beside.rs", "a link to a file of the tree"),
        ("links/dangling.rs", "nothing.rs", "a link to nothing"),
        ("links/self.rs", "self.rs", "a link to itself"),
        ("links/a.rs", "b.rs", "one of two links to each other"),
        ("links/b.rs", "a.rs", "the other of two links to each other"),
        ("links/outside.rs", os.fspath(tree.outside / "stranger.rs"), "a link to a file out of the tree"),
        ("links/zero.rs", "/dev/zero", "a link to a device that never ends"),
        ("links/here", ".", "a link to its own folder"),
        ("links/up", "..", "a link to the folder above"),
        ("links/folder", "../src", "a link to a folder of the tree"),
        ("links/outside", os.fspath(tree.outside), "a link to a folder out of the tree"),
        ("links/slash", "/", "a link to the root of the file system"),
    ):
        _add(tree, path, what, Fate.SKIPPED, _linker(target))

    def hard_link(path: bytes) -> None:
        os.link(os.path.join(os.fsencode(tree.root), b"links/beside.rs"), path)

    _add(tree, "links/hard.rs", "a second name of one file", Fate.INDEXED, hard_link)


def _names(tree: HostileTree, _size_cap_bytes: int) -> None:
    for name, what in (
        (b"latin-\xe9.rs", "a name in Latin-1"),
        (b"\xff\xfe.rs", "a name of bytes that are never UTF-8"),
        (b"surrogate-\xed\xa0\x80.rs", "a name with an encoded surrogate"),
    ):
        _add(tree, b"names/" + name, what, Fate.SKIPPED, _writer(NEIGHBOUR))
    _add(
        tree,
        b"names/folder-\xe9/inside.rs",
        "a file below a name in Latin-1",
        Fate.UNSEEN,
        _writer(NEIGHBOUR),
    )
    if "a file below a name in Latin-1" not in tree.absent:
        tree.things.append(HostileThing(b"names/folder-\xe9", "a folder's name in Latin-1", Fate.SKIPPED))
    for text, what in (
        ("line\nbreak.rs", "a name with a line break"),
        ("tab\tand\x1b[31mcolour.rs", "a name that would colour a terminal"),
        ("nul\u2400.rs", "a name with the picture of NUL"),
        ("caf\u00e9.rs", "a name with a composed letter"),
        ("cafe\u0301.rs", "a name with the same letter decomposed"),
        ("\u202egnp.rs", "a name that reads backwards"),
        ("n" * 252 + ".rs", "a name of 255 bytes"),
        ("~.rs", "the shell's home as a name"),
        ("%s%n{0}.rs", "a name with marks of formatting"),
        ("CON.rs", "a device's name on another system"),
    ):
        _add(tree, f"names/{text}", what, Fate.INDEXED, _writer(NEIGHBOUR))


def _sizes(tree: HostileTree, size_cap_bytes: int) -> None:
    def padded(size_bytes: int) -> Callable[[bytes], None]:
        return _writer(NEIGHBOUR + b"/" * (size_bytes - len(NEIGHBOUR)))

    def sparse(path: bytes) -> None:
        with open(path, "xb") as file:
            file.truncate(max(1 << 40, size_cap_bytes + 1))

    _add(tree, "sizes/at_cap.rs", "a file of exactly the cap", Fate.INDEXED, padded(size_cap_bytes))
    _add(tree, "sizes/over_cap.rs", "a file one byte over the cap", Fate.SKIPPED, padded(size_cap_bytes + 1))
    if sys.platform == "linux":  # elsewhere the hole may be written out
        _add(tree, "sizes/sparse.rs", "a file of a terabyte without content", Fate.SKIPPED, sparse)
    else:
        tree.absent["a file of a terabyte without content"] = "only made on Linux"


def _folders(tree: HostileTree, _size_cap_bytes: int) -> None:
    deep = "folders/" + "d/" * FOLDER_DEPTH
    _add(tree, deep + "bottom.rs", f"a file below {FOLDER_DEPTH} folders", Fate.INDEXED, _writer(NEIGHBOUR))
    _add(tree, "folders/like_a_file.rs/x.rs", "a folder named like a file", Fate.INDEXED, _writer(NEIGHBOUR))
    _add(tree, "folders/Cargo.toml/x.rs", "a folder named like a manifest", Fate.INDEXED, _writer(NEIGHBOUR))
    _add(tree, "folders/.gitignore/x.rs", "a folder named .gitignore", Fate.UNSEEN, _writer(NEIGHBOUR))
    _add(tree, "folders/.hidden/x.rs", "a file in a hidden folder", Fate.UNSEEN, _writer(NEIGHBOUR))
    _add(tree, "folders/cache/x.rs", "a file beside a CACHEDIR.TAG", Fate.UNSEEN, _writer(NEIGHBOUR))
    tag = _writer(b"Signature: 8a477f597d28d172789f06886806bc55\n")
    _add(tree, "folders/cache/CACHEDIR.TAG", "the mark of a cache", Fate.UNSEEN, tag)


def _unreadable(tree: HostileTree, _size_cap_bytes: int) -> None:
    """Last, since nothing can be put into the folder any more. Root reads everything: absent then."""

    def locked_file(path: bytes) -> None:
        _writer(NEIGHBOUR)(path)
        os.chmod(path, 0)

    def locked_folder(path: bytes) -> None:
        os.mkdir(path)
        _writer(NEIGHBOUR)(path + b"/inside.rs")
        os.chmod(path, 0)

    for path, what, make in (
        ("locked/file.rs", "a file without permissions", locked_file),
        ("locked/folder", "a folder without permissions", locked_folder),
    ):
        if os.geteuid() == 0:
            tree.absent[what] = "root reads everything"
        else:
            _add(tree, path, what, Fate.SKIPPED, make)
    _add(tree, "locked_beside.rs", "a file beside locked ones", Fate.INDEXED, _writer(NEIGHBOUR))
    with suppress(OSError):  # a file system without times before 1970 keeps the usual one
        os.utime(tree.root / "locked_beside.rs", ns=(-1, -1))
