"""Random edits of Rust that mostly compiles: what people do to a workspace that rust-analyzer understands.

Pure but for the files it is pointed at. An edit that makes no sense where it lands does nothing; one that breaks the
code is welcome, too.
"""

from __future__ import annotations

import os
import random
import re
from collections.abc import Callable
from pathlib import Path

_BODY = re.compile(r"^( *)(?:pub(?:\([a-z]+\))? )?(?:const |async |unsafe )*fn (\w+)[^;{]*\{$", re.MULTILINE)
_TOP = re.compile(r"^(?:#\[.*\]\n|///.*\n)*(?:pub(?:\([a-z]+\))? )?(?:fn|struct|impl|enum|trait|const)\b[^\n]*\{\n(?:[ \n}#].*\n|\n)*?\}\n", re.MULTILINE)  # fmt: skip
_HEADER = re.compile(r"\bfn (\w+)(<[^>]*>)?\(([^()]*)\)")
_USE = re.compile(r"^ *(?:pub )?use [^;]+;\n", re.MULTILINE)
_DERIVE = re.compile(r"^ *#\[derive\([^)]*\)\]\n", re.MULTILINE)
_MOD = re.compile(r"^( *)((?:pub(?:\([a-z]+\))? )?mod )(\w+);", re.MULTILINE)
_TYPES = {"u32": "u64", "u64": "usize", "usize": "u32", "&str": "String", "bool": "u8", "i64": "f64"}
_SAFE_STATEMENTS = (
    "let _made = [3u8, 1].iter().copied().max();",
    'let _made = String::from("made").len();',
    "let _made = Some(2u32).map(|it| it.wrapping_add(1)).unwrap_or_default();",
    'assert!(!"made".is_empty());',
    "let _made: Vec<u64> = (0..3).map(u64::from).collect();",
)


class Editor:
    """Edits files below `root`, reproducibly for a seed. `log` tells what was done."""

    def __init__(self, root: Path, seed: int) -> None:
        self._root = root
        self._chance = random.Random(seed)
        # What the compiler runs is built once, when a server starts: an edit there tells it nothing.
        self._built = [
            manifest.parent
            for manifest in root.rglob("Cargo.toml")
            if "proc-macro = true" in manifest.read_text("utf-8")
        ]
        self._originals = {path: path.read_text("utf-8") for path in self._files()}
        self._made = 0
        self.log: list[str] = []
        self._edits: dict[str, Callable[[str, Path], str | None]] = {
            "statement": self._statement,
            "call of a made function": self._call_made,
            "call of a function": self._call_any,
            "comment": self._comment,
            "docs": self._docs,
            "type of a parameter": self._retype,
            "new parameter": self._parameter,
            "name of a function": self._rename,
            "visibility": self._visibility,
            "import taken away": self._unimport,
            "glob import": self._glob,
            "new function": self._function,
            "new trait and impl": self._trait,
            "new method": self._method,
            "item taken away": self._remove,
            "derive taken away": self._underive,
            "new derive": self._derive,
            "new macro": self._macro,
            "blank lines": self._blank,
            "half a line": self._break,
            "as at first": lambda _, path: self._originals.get(path),
        }

    def edit(self, count: int = 1) -> None:
        """`count` edits, each of one file, in a row."""
        for _ in range(count):
            if self._chance.random() < 0.06:
                self._rename_file()
                continue
            path = self._chance.choice(self._files())
            name = self._chance.choice(list(self._edits))
            before = path.read_text("utf-8")
            after = self._edits[name](before, path)
            if after is not None and after != before:
                self.log.append(f"{name}: {path.relative_to(self._root)}")
                _save(path, after, atomic=self._chance.random() < 0.5)

    def restore(self) -> None:
        """Every file as it was at first, and no other."""
        for path in self._files():
            if path not in self._originals:
                path.unlink()
        for path, text in self._originals.items():
            if not path.exists() or path.read_text("utf-8") != text:
                _save(path, text, atomic=False)
        self.log.append("everything as at first")

    def _files(self) -> list[Path]:
        return sorted(
            path
            for path in self._root.rglob("*.rs")
            if path.name != "build.rs" and not any(map(path.is_relative_to, self._built))
        )

    def _new(self) -> str:
        self._made += 1
        return f"made_{self._made}"

    def _pick(self, pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
        found = list(pattern.finditer(text))
        return self._chance.choice(found) if found else None

    def _into_body(self, text: str, statement: str) -> str | None:
        at = self._pick(_BODY, text)
        if at is None:
            return None
        return f"{text[: at.end()]}\n{at[1]}    {statement}{text[at.end() :]}"

    def _statement(self, text: str, _: Path) -> str | None:
        return self._into_body(text, self._chance.choice(_SAFE_STATEMENTS))

    def _call_made(self, text: str, _: Path) -> str | None:
        if not self._made:
            return None
        return self._into_body(text, f"let _ = made_{self._chance.randint(1, self._made)}(1);")

    def _call_any(self, text: str, path: Path) -> str | None:
        other = self._chance.choice([path, self._chance.choice(self._files())])
        named = self._pick(_HEADER, other.read_text("utf-8"))
        if named is None:
            return None
        module = "" if other == path else f"crate::{other.stem}::"
        return self._into_body(text, f"let _ = {module}{named[1]}();")

    def _comment(self, text: str, _: Path) -> str | None:
        at = self._pick(re.compile(r"^(?= *(?:pub |fn |let |use ))", re.MULTILINE), text)
        return at and f"{text[: at.start()]}// a remark\n{text[at.start() :]}"

    def _docs(self, text: str, _: Path) -> str | None:
        at = self._pick(re.compile(r"^(?=(?:pub )?fn )", re.MULTILINE), text)
        return at and f"{text[: at.start()]}/// Said anew.\n{text[at.start() :]}"

    def _retype(self, text: str, _: Path) -> str | None:
        for at in self._chance.sample(found := list(_HEADER.finditer(text)), len(found)):
            for old, new in _TYPES.items():
                if f": {old}" in at[3]:
                    changed = at[0].replace(f": {old}", f": {new}", 1)
                    return text[: at.start()] + changed + text[at.end() :]
        return None

    def _parameter(self, text: str, _: Path) -> str | None:
        at = self._pick(_HEADER, text)
        if at is None:
            return None
        inside = f"{at[3].rstrip(', ')}, more: u8".lstrip(", ")
        return f"{text[: at.start()]}fn {at[1]}{at[2] or ''}({inside}){text[at.end() :]}"

    def _rename(self, text: str, _: Path) -> str | None:
        at = self._pick(_HEADER, text)
        if at is None:
            return None
        name = at[1].removesuffix("_anew") if at[1].endswith("_anew") else f"{at[1]}_anew"
        if self._chance.random() < 0.5:
            return re.sub(rf"\b{at[1]}\b", name, text)
        return text[: at.start(1)] + name + text[at.end(1) :]

    def _visibility(self, text: str, _: Path) -> str | None:
        if self._chance.random() < 0.5:
            return re.sub(r"^(fn )", r"pub \1", text, count=1, flags=re.MULTILINE)
        return re.sub(r"^pub (fn )", r"\1", text, count=1, flags=re.MULTILINE)

    def _unimport(self, text: str, _: Path) -> str | None:
        at = self._pick(_USE, text)
        return at and text[: at.start()] + text[at.end() :]

    def _glob(self, text: str, path: Path) -> str | None:
        other = self._chance.choice(self._files())
        at = self._pick(_USE, text)
        return at and f"{text[: at.start()]}use crate::{other.stem}::*;\n{text[at.start() :]}"

    def _function(self, text: str, _: Path) -> str | None:
        name = self._new()
        return f"{text}\npub fn {name}(value: u32) -> u32 {{\n    value.rotate_left(3).max(7)\n}}\n"

    def _trait(self, text: str, _: Path) -> str | None:
        name = self._new()
        type_ = self._pick(re.compile(r"^(?:pub )?(?:struct|enum) (\w+) ?[{;]", re.MULTILINE), text)
        on = type_[1] if type_ is not None else "u32"
        return (
            f"{text}\npub trait Trait{name} {{\n    fn {name}(&self) -> u8 {{\n        self.other_{name}()\n    }}\n"
            f"    fn other_{name}(&self) -> u8;\n}}\n\nimpl Trait{name} for {on} {{\n    fn other_{name}(&self) -> u8 {{\n"
            f"        9u8.min(3)\n    }}\n}}\n\nfn use_{name}(it: &{on}) -> u8 {{\n    it.{name}()\n}}\n"
        )

    def _method(self, text: str, _: Path) -> str | None:
        at = self._pick(re.compile(r"^impl[^\n]*[^\n{]\{\n", re.MULTILINE), text)
        if at is None:
            return None
        method = f"    pub fn {self._new()}(&self) -> usize {{\n        [1u8].len()\n    }}\n\n"
        return text[: at.end()] + method + text[at.end() :]

    def _remove(self, text: str, _: Path) -> str | None:
        at = self._pick(_TOP, text)
        return at and text[: at.start()] + text[at.end() :]

    def _underive(self, text: str, _: Path) -> str | None:
        at = self._pick(_DERIVE, text)
        return at and text[: at.start()] + text[at.end() :]

    def _derive(self, text: str, _: Path) -> str | None:
        at = self._pick(re.compile(r"^(?=(?:pub )?(?:struct|enum) )", re.MULTILINE), text)
        return at and f"{text[: at.start()]}#[derive(Clone, Default)]\n{text[at.start() :]}"

    def _macro(self, text: str, _: Path) -> str | None:
        name = self._new()
        return (
            f"macro_rules! {name}_macro {{ ($it:ident) => {{ pub fn $it() -> u8 {{ 4u8.pow(2) }} }}; }}\n"
            f"{name}_macro!({name}_inside);\n{text}\nfn use_{name}_macro() -> u8 {{\n    {name}_inside()\n}}\n"
            if not text.startswith(("//!", "#!"))
            else None
        )

    def _blank(self, text: str, _: Path) -> str | None:
        return re.sub(r"^(?=(?:pub )?(?:fn|impl|struct) )", "\n\n", text, count=2, flags=re.MULTILINE)

    def _break(self, text: str, _: Path) -> str | None:
        at = self._pick(re.compile(r"^ {4,}[^\n]{12,}$", re.MULTILINE), text)
        return at and text[: at.start() + 9] + text[at.end() :]

    def _rename_file(self) -> None:
        """A module file under another name, with or without the line that declares it."""
        declaring = [path for path in self._files() if _MOD.search(path.read_text("utf-8"))]
        if not declaring:
            return
        path = self._chance.choice(declaring)
        text = path.read_text("utf-8")
        at = self._pick(_MOD, text)
        assert at is not None
        name = at[3].removesuffix("_moved") if at[3].endswith("_moved") else f"{at[3]}_moved"
        folder = path.parent if path.stem in ("lib", "main", "mod") else path.with_suffix("")
        source, target = folder / f"{at[3]}.rs", folder / f"{name}.rs"
        if not source.exists() or target.exists():
            return
        self.log.append(f"rename: {source.relative_to(self._root)} → {target.name}")
        os.replace(source, target)
        if self._chance.random() < 0.7:
            _save(path, f"{text[: at.start(3)]}{name}{text[at.end(3) :]}", atomic=False)


def _save(path: Path, text: str, *, atomic: bool) -> None:
    if atomic:
        temporary = path.with_name(f".{path.name}.tmp")
        temporary.write_text(text, encoding="utf-8")
        os.replace(temporary, path)
    else:
        path.write_text(text, encoding="utf-8")
