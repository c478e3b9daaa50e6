"""Generated edit scripts over a small workspace: what people and tools do to files, and faults."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

from hypothesis import strategies as st

Script = list[tuple[str, int, int]]

_FILES = [
    "src/lib.rs",
    "src/parse.rs",
    "src/parse/token.rs",
    "src/eval.rs",
    "src/util/mod.rs",
    "util/src/lib.rs",
    "util/src/text.rs",
    "tests/end_to_end.rs",
]
_NAMES = ["parse", "eval", "Token", "Parser", "trim_all", "helper", "Value", "apply", "Visit"]
_ITEMS = [
    "pub fn {0}(x: u8) -> u8 {{ {1}(x); super::{2}::{1}(x) }}\n",
    "pub struct {0} {{ pub v: {1} }}\n",
    "impl {0} {{\n    pub fn new() -> Self {{ Self::{1}(); {2}::new() }}\n    fn {1}(&self) {{ self.{2}(); x.{1}(); }}\n}}\n",
    "pub trait {0}: {1} {{ fn {2}(&self) {{ self.{1}() }} }}\n",
    "impl {0} for {1} {{ fn {2}(&self) {{ {0}::{2}(self) }} }}\n",
    "use crate::{0}::{1};\n",
    "use util::{{{0}, {1} as {2}}};\n",
    "pub use self::{0}::*;\n",
    "mod {0} {{ pub fn {1}() {{ {2}!(); }} pub enum {2} {{ A, B(u8) }} }}\n",
    "macro_rules! {0} {{ () => {{ {1}() }}; }}\n",
    "#[cfg(test)]\nmod tests {{ use super::*; #[test] fn {0}() {{ {1}(1); assert!({2}::A.go()); }} }}\n",
    "#[cfg(unix)]\npub fn {0}() {{ {1}::{2}() }}\n#[cfg(windows)]\npub fn {0}() {{}}\n",
    "pub mod {0};\n",
    "const {0}: {1} = {2}(3);\n",
    "type {0} = {1};\n",
    "pub use util::text::*;\n",
    "pub use crate::{0}::{1} as {2};\n",
    "pub use super::*;\n",
    "impl<T: {0}> {1} for T {{ fn {2}(&self) -> u8 {{ 1 }} }}\n",
    "pub struct {0}<T>(pub T);\nimpl<T> std::ops::Deref for {0}<T> {{ type Target = T; fn deref(&self) -> &T {{ &self.0 }} }}\n",
    "pub fn {0}(x: Option<{1}>, y: &{2}<{1}>) -> {1} {{ let z = x.map(|v| v.{0}()); y.{1}().{2}(); z.{0}() }}\n",
    "pub fn {0}(xs: Vec<{1}>) {{ for t in xs.iter() {{ t.{2}(); }} xs.iter().map({0}).for_each({1}::{2}); }}\n",
    "#[derive(Clone, {0})]\npub enum {1} {{ A({2}), B {{ v: {0} }} }}\n",
    "pub fn {0}() {{ use crate::{1}::*; struct {2}; impl {2} {{ fn {0}(&self) {{}} }} {2}.{0}(); {1}() }}\n",
    "pub trait {0} {{ type {1}; fn {2}(&self) -> Self::{1}; fn {0}(&self) {{ self.{2}().{0}() }} }}\n",
    '#[cfg(feature = "{0}")]\npub mod {1} {{ pub fn {2}() {{}} }}\n',
    "quick! {{ pub fn {0}(x: {1}) {{ x.{2}() }} }}\n",
    "extern crate util as {0};\n",
    '#[path = "{0}.rs"]\nmod {1};\n',
    "use super::*;\npub mod {0};\nfn {1}() {{ super::{2}(); {0}::{1}(); {2}() }}\n",
]
_PATHS = [
    "parse.rs", "token.rs", "eval.rs", "../eval.rs", "parse/token.rs", "util/mod.rs", "../util/src/text.rs",
]  # fmt: skip
_PATH_ATTRIBUTES = [
    '#[path = "{0}"]\n',
    '#[cfg(feature = "parse")] #[path = "{0}"]\n',
    '#[cfg_attr(unix, path = "{0}")]\n',
]
_MOD_LINE = re.compile(rb"\bmod \w+;")
_DAMAGE = ["{", "}", "fn", '"', "/*", "impl X {", "#[", "\n\n", ")", "<"]
_MANIFEST = """[package]
name = "{0}"
version = "0.1.0"
edition = "2021"
[features]
parse = ["eval"]
eval = []
[dependencies]
util = {{ path = "util" }}
"""

ACTIONS = (
    "create", "edit", "edit", "edit", "add", "add", "remove_item", "break", "break", "delete", "rename",
    "move_directory", "touch", "branch", "manifest", "binary", "path_attribute", "path_attribute",
)  # fmt: skip

scripts = st.lists(
    st.tuples(st.sampled_from(ACTIONS), st.integers(0, 1_000_000), st.integers(0, 1_000_000)),
    min_size=1,
    max_size=14,
)


def lay_out(root: Path) -> None:
    """The workspace that every script starts from: two crates, a handful of modules."""
    for path, name in (("Cargo.toml", "demo"), ("util/Cargo.toml", "util")):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(_MANIFEST.format(name))
    for number, path in enumerate(_FILES[:6]):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text("".join(_item(number * 7 + i, number + i) for i in range(5)))


def perform(root: Path, action: str, a: int, b: int) -> None:
    """One step of a script; a step that makes no sense here does nothing."""
    files = sorted(p for p in root.rglob("*.rs") if p.is_file() and ".git" not in p.parts)
    path = files[a % len(files)] if files else root / _FILES[0]
    if action == "create":
        target = root / _FILES[a % len(_FILES)]
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.is_dir():
            _save(target, "".join(_item(b + i, a + i) for i in range(1 + b % 4)).encode())
    elif action == "manifest":
        target = root / ("Cargo.toml" if a % 2 else "util/Cargo.toml")
        if b % 3 == 0:
            target.unlink(missing_ok=True)
        elif target.parent.is_dir():
            target.write_text(_MANIFEST.format(("demo", "util", "other")[b % 3]))
    elif not files:
        return
    elif action == "edit":
        text = path.read_bytes()
        _save(path, text.replace(*_rename_pair(a, b), 1 + b % 3), atomic=bool(b % 2))
    elif action == "add":
        text = path.read_bytes()
        item = _item(a, b).encode()
        _save(path, item + text if b % 2 else text + item, atomic=bool(a % 2))
    elif action == "remove_item":
        lines = path.read_bytes().splitlines(keepends=True)
        if lines:
            del lines[b % len(lines)]
            _save(path, b"".join(lines))
    elif action == "break":
        text = path.read_bytes()
        at = b % (len(text) + 1)
        _save(path, text[:at] + _DAMAGE[a % len(_DAMAGE)].encode() + text[at:])
    elif action == "delete":
        path.unlink()
    elif action == "rename":
        target = root / _FILES[b % len(_FILES)]
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.is_dir():
            os.replace(path, target)
    elif action == "move_directory":
        folders = sorted(p for p in root.rglob("*") if p.is_dir() and ".git" not in p.parts)
        if folders:
            source = folders[b % len(folders)]
            target = root / f"moved_{a % 3}"
            if not target.exists():
                source.rename(target)
    elif action == "touch":
        os.utime(path)
    elif action == "branch":
        _switch_branch(root, a)
    elif action == "path_attribute":
        _turn_path_attribute(path, a, b)
    elif action == "binary":
        path.write_bytes(b"\x00\x01" + path.read_bytes()[:20])


def _turn_path_attribute(path: Path, a: int, b: int) -> None:
    """Give a `mod` line another `#[path]`, or its first one, or take it away."""
    lines = path.read_bytes().splitlines(keepends=True)
    declarations = [number for number, line in enumerate(lines) if _MOD_LINE.search(line)]
    if not declarations:
        lines.append(f"mod {_NAMES[a % len(_NAMES)]};\n".encode())
        declarations = [len(lines) - 1]
    at = declarations[a % len(declarations)]
    has_one = at > 0 and b'path = "' in lines[at - 1]
    attribute = _PATH_ATTRIBUTES[a % len(_PATH_ATTRIBUTES)].format(_PATHS[b % len(_PATHS)])
    lines[at - has_one : at] = [attribute.encode()] if b % 4 else []
    _save(path, b"".join(lines))


def _item(a: int, b: int) -> str:
    names = [_NAMES[(a + b * i + i) % len(_NAMES)] for i in range(3)]
    return _ITEMS[a % len(_ITEMS)].format(*names)


def _rename_pair(a: int, b: int) -> tuple[bytes, bytes]:
    return _NAMES[a % len(_NAMES)].encode(), _NAMES[b % len(_NAMES)].encode()


def _save(path: Path, data: bytes, *, atomic: bool = False) -> None:
    if atomic:
        temporary = path.with_name(f".{path.name}.tmp")
        temporary.write_bytes(data)
        os.replace(temporary, path)
    else:
        path.write_bytes(data)


def _switch_branch(root: Path, number: int) -> None:
    """Like a checkout: the tree is put aside under one name, and the one kept under another comes back."""
    shelf = root.parent / f"{root.name}-branches"
    shelf.mkdir(exist_ok=True)
    kept = shelf / str(number % 2)
    other = shelf / str((number + 1) % 2)
    shutil.rmtree(kept, ignore_errors=True)
    shutil.copytree(root, kept, ignore=shutil.ignore_patterns(".git"))
    if not other.exists():
        return
    for path in sorted(root.rglob("*.rs")):
        if not (other / path.relative_to(root)).exists():
            path.unlink()
    shutil.copytree(other, root, dirs_exist_ok=True)
