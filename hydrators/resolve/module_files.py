"""Which file a `mod` line means where `#[path]` has a say, and what is defined because of it.

Files are told as the modules that they are by their place in the crate's folder. Knows nothing of what other
files say: of a file that `#[path]` names itself, see `hydrators.resolve.declarations`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from posixpath import normpath

from hydrators.cfg import split_cfg_attr
from store.model import Definition, FileRecord, NodeFacts

LIVES_ELSEWHERE = "lives-elsewhere"
"""Kind of a definition beside that of a module with `#[path]`: its text is the module that the file is by its
place, or what stands for a file of another crate (see `other_file`)."""
DECLARED_BY_PATH = "declared-by-path"
"""The way back: kind of a definition under the module that the file is by its place. Its text is the declared
module."""
DECLARED_BESIDE = "declared-beside"
"""As that, of a `mod` line without the attribute: in an inline module that has one, which names a folder; or
in the file of module `owner`, if `#[path]` names that file itself: its modules are then files beside it."""
WAYS_BACK = frozenset((DECLARED_BY_PATH, DECLARED_BESIDE))
"""They name nothing where they stand."""

_OTHER_CRATE = "@"  # … and the file's path: which module that is hangs on manifests
_PATH_ATTRIBUTE = re.compile(r'path\s*=\s*"([^"]+)"')


def redirect(definitions: Sequence[Definition]) -> str:
    """Where the items of a module with `#[path]` live, "" for others."""
    return next((d.text for d in definitions if d.kind == LIVES_ELSEWHERE), "")


def without_ways_back(definitions: Sequence[Definition]) -> Sequence[Definition]:
    """Those that name something where they stand."""
    return [d for d in definitions if d.kind not in WAYS_BACK]


def other_file(target: str) -> str:
    """The path of the file that the text of LIVES_ELSEWHERE stands for, "" if that is a module."""
    return target[1:] if target[:1] == _OTHER_CRATE else ""


class ModuleFiles:
    """Files of the modules of one file, whose nodes are shown to it in order; seen from its folder."""

    def __init__(self, record: FileRecord, base: str) -> None:
        """`base` is the module that the file is by its place."""
        self._record = record
        self._base = base
        self._folder, _, self._name = record.path.rpartition("/")
        # Neither a root nor a mod.rs: files of its modules are in a folder of its name.
        self._is_plain = bool(record.module_path) and self._name != "mod.rs"
        self.moved: dict[str, str] = {}
        """Inline modules with `#[path]` and the nodes in them → the folder of their files."""

    def pass_on(self, node: NodeFacts) -> None:
        """What is in a moved folder has its files there."""
        if node.parent_id in self.moved:
            self.moved[node.id] = self.moved[node.parent_id]

    def enter(self, node: NodeFacts, around: str) -> None:
        """An inline module in the module `around`."""
        folder = self.moved.get(node.id)
        if node.attributes and (named := self._named(node, around)):
            self.moved[node.id] = named[0][0]
        elif folder is not None:
            self.moved[node.id] = f"{folder}/{node.name}"

    def of_line(self, node: NodeFacts, around: str) -> list[tuple[str, str, str]]:
        """(text of LIVES_ELSEWHERE, kind of the way back if there is one, condition if there is one) of each
        file that a `mod` line in the module `around` means, where `#[path]` has a say."""
        way_back, named = DECLARED_BY_PATH, self._named(node, around)
        if not named and node.id in self.moved:
            way_back, named = DECLARED_BESIDE, [(f"{self.moved[node.id]}/{node.name}", "")]
        found = []
        for file, condition in named:
            target = self._module_of(file)
            found.append((target, "" if other_file(target) else way_back, condition))
        return found

    def _named(self, node: NodeFacts, around: str) -> list[tuple[str, str]]:
        """(file or folder, condition or "") of each `#[path]` of a module."""
        found: list[tuple[str, str]] = []
        for attribute in node.attributes:
            if "path" not in attribute:
                continue
            inner = [(text, str(predicate)) for predicate, text in split_cfg_attr(attribute)]
            for text, condition in inner or [(attribute, "")]:
                if match := _PATH_ATTRIBUTE.match(text):
                    folder = self.moved.get(node.id, self._folder_in(around))
                    found.append((normpath(f"{folder}/{match[1]}" if folder else match[1]), condition))
        return found

    def _folder_in(self, module: str) -> str:
        """Where paths in a module start: beside the file, or where an inline module's own files would be."""
        inline = module[len(self._base) + 2 :].replace("::", "/")
        return f"{self._name.removesuffix('.rs')}/{inline}" if inline and self._is_plain else inline

    def _module_of(self, file: str) -> str:
        """The module that a file is by its place, or what stands for one outside of the crate's folder."""
        crate = self._record.crate
        segments = self._base.split("::")
        if self._is_plain:
            segments.pop()
        elif "#" in crate and self._base == crate and not has_own_folder(crate, self._record.path):
            segments.pop()  # tests/a.rs: its folder is that of many crates
        for part in file.removesuffix(".rs").split("/"):
            if not segments:
                break
            if part == "..":
                segments.pop()
            else:
                segments.append(part)
        if not segments:
            return _OTHER_CRATE + normpath(f"{self._folder}/{file}" if self._folder else file)
        if segments[-1] == "mod":
            segments.pop()
        return "::".join(segments)

    def beside(self, declared: str) -> str:
        """Where a declared module's file is if `#[path]` names this file itself, "" if that is no matter."""
        return self._base.rpartition("::")[0] + declared[len(self._base) :] if self._is_plain else ""


def has_own_folder(target: str, root: str) -> bool:
    """Whether a target's root is `tests/it/main.rs`: its modules live in that folder, not beside it."""
    folder, _, file = root.rpartition("/")
    return file == "main.rs" and folder.rpartition("/")[2].replace("-", "_") == target.rpartition("/")[2]
