"""Small workspaces full of names that collide, made at random, and edits of one of their files.

Everything that a name can mean something through occurs: re-exports, globs and cycles of them, aliases,
traits with supertraits and defaults, blanket impls, `Deref`, `Iterator`, items inside bodies, macros. Few
names for many things, so that hiding, ambiguity and chains through several files are the rule.
"""

from __future__ import annotations

import random
from typing import NamedTuple

from hydrators.resolve import World
from store.model import FileFacts
from tests.hydrators.resolve.small_workspace import Workspace
from tests.hydrators.rust_text import facts_of


class File(NamedTuple):
    path: str
    crate: str
    module: str


FILES = (
    File("app/src/lib.rs", "app", ""),
    File("app/src/a.rs", "app", "a"),
    File("app/src/a/b.rs", "app", "a::b"),
    File("app/src/c.rs", "app", "c"),
    File("base/src/lib.rs", "base", ""),
    File("base/src/m.rs", "base", "m"),
)
WORLD = World({"app": {"app": "app", "base": "base", "dep": "base"}, "base": {"base": "base"}})

_TYPES = ("S", "T", "U")
_TRAITS = ("P", "Q", "R")
_FUNCTIONS = ("f", "g")
_NAMES = {"type": _TYPES, "trait": _TRAITS, "function": _FUNCTIONS}
_METHODS = ("go", "run", "make", "next", "get")
_FIELDS = ("x", "y")
_VARIABLES = ("v", "w", "x")
_MACROS = ("mk", "do_it")
_MODULES = ("a", "b", "c", "m", "n")
_ROOTS = {
    "app": ("crate", "crate::a", "crate::a::b", "crate::c", "dep", "base", "base::m", "dep::m"),
    "base": ("crate", "crate::m", "base"),
}
_NEAR = ("self", "super", "super::super", "n", "a", "b", "c", "m", "crate::n", "self::n")
_STD_TYPES = ("Vec<{}>", "Option<{}>", "Box<{}>", "&{}", "Result<{}, S>", "std::rc::Rc<{}>")


Plan = dict[str, list[tuple[File, str]]]
"""Kind ("type", "trait", "function") → where items of that kind are to be, and their names."""


class Writer:
    """Writes items of one file. `choice` decides everything; `plan` says what there is to speak of."""

    def __init__(self, choice: random.Random, file: File, plan: Plan) -> None:
        self._random = choice
        self._file = file
        self._plan = plan
        self._depth = 0
        self._parameters: tuple[str, ...] = ()
        self._variables: list[str] = []

    # ------------------------------------------------------------------ choosing

    def one(self, *options: str) -> str:
        return options[self._random.randrange(len(options))]

    def chance(self, percent: int) -> bool:
        return self._random.randrange(100) < percent

    def some(self, low: int, high: int) -> range:
        return range(self._random.randint(low, high))

    # ------------------------------------------------------------------ names and types

    def module(self) -> str:
        return self.one(*_ROOTS[self._file.crate]) if self.chance(70) else self.one(*_NEAR)

    def planned(self, kind: str) -> str:
        """Path of something that is there; "" if nothing is."""
        crate = self._file.crate
        known = [(file, name) for file, name in self._plan[kind] if crate == "app" or file.crate == crate]
        if not known:
            return ""
        file, name = known[self._random.randrange(len(known))]
        if file == self._file and self.chance(70):
            return name
        root = "crate" if file.crate == crate else self.one("base", "dep")
        return "::".join(filter(None, (root, file.module, name)))

    def path(self, kind: str) -> str:
        if self.chance(65) and (planned := self.planned(kind)):
            return planned
        name = self.one(*_NAMES[kind])
        return f"{self.module()}::{name}" if self.chance(25) else name

    def type_path(self) -> str:
        return self.path("type")

    def trait_path(self) -> str:
        return self.path("trait")

    def function_path(self) -> str:
        return self.path("function")

    def variable(self) -> str:
        if self._variables and self.chance(85):
            return self.one(*self._variables)
        return self.one(*_VARIABLES)

    def type(self, depth: int = 0) -> str:
        pick = self._random.randrange(100)
        if pick < 66 or depth > 2:
            base = self.type_path()
            return f"{base}<{self.type(depth + 1)}>" if self.chance(12) else base
        if pick < 78:
            return self.one(*_STD_TYPES).format(self.type(depth + 1))
        if pick < 82:
            return f"{self.one('dyn', 'impl')} {self.bound()}"
        if pick < 84:
            return f"({self.type(depth + 1)}, {self.type(depth + 1)})"
        if pick < 88 and self._parameters:
            return self.one(*self._parameters)
        if pick < 92:
            return f"<{self.type_path()} as {self.trait_path()}>::Out"
        if pick < 95 and self._parameters:
            return f"{self.one(*self._parameters)}::Out"
        return self.one("Self", "u8", "str", "String", "[S]", "fn(S) -> T", "Self::Out", "i32")

    def bound(self) -> str:
        if self.chance(12):
            return self.one("Iterator<Item = S>", "Fn(S) -> T", "std::ops::Deref<Target = T>", "Into<S>")
        return self.trait_path() + (f"<Out = {self.type(2)}>" if self.chance(8) else "")

    def visibility(self) -> str:
        return self.one("pub ", "pub ", "pub ", "", "pub(crate) ")

    def cfg(self) -> str:
        if not self.chance(6):
            return ""
        return self.one("#[cfg(test)] ", "#[cfg(unix)] ", "#[cfg(windows)] ", '#[cfg(feature = "x")] ')

    # ------------------------------------------------------------------ items

    def items(self, low: int, high: int) -> list[str]:
        return [self.item() for _ in self.some(low, high)]

    def item(self) -> str:
        makers = (
            *(self.use,) * 5,
            *(self.function,) * 5,
            *(self.impl,) * 5,
            *(self.struct,) * 3,
            *(self.trait,) * 3,
            self.enum,
            self.alias,
            self.alias,
            self.constant,
            self.macro,
            self.inline_module,
            self.declared_module,
        )
        return self.cfg() + makers[self._random.randrange(len(makers))]()

    def planned_item(self, kind: str, name: str) -> str:
        """The item of that name that the plan promises."""
        if kind == "type":
            makers = (self.struct, self.struct, self.enum, self.alias)
            return self.cfg() + makers[self._random.randrange(len(makers))](name)
        return self.cfg() + (self.trait(name) if kind == "trait" else self.function(name))

    def use(self) -> str:
        pick = self._random.randrange(100)
        module = self.module()
        names = (*_TYPES, *_TRAITS, *_FUNCTIONS, *_MODULES, *_MACROS)
        planned = self.planned(self.one("type", "type", "trait", "function")) if pick < 55 else ""
        if "::" in planned:
            if pick < 15:
                return f"{self.visibility()}use {planned.rpartition('::')[0]}::*;"
            alias = f" as {self.one(*names)}" if pick < 22 else ""
            return f"{self.visibility()}use {planned}{alias};"
        pick = self._random.randrange(100)
        if pick < 35:
            tail = "::*" if self.chance(85) else f"::{self.one(*_TYPES)}::*"
        elif pick < 70:
            tail = f"::{self.one(*names)}"
        elif pick < 85:
            tail = f"::{self.one(*names)} as {self.one(*names)}"
        else:
            tail = f"::{{self, {self.one(*names)}, {self.one(*names)} as {self.one(*names)}}}"
        if self.chance(3):
            return f"{self.visibility()}extern crate base as {self.one('dep', 'm', 'n')};"
        return f"{self.visibility()}use {module}{tail};"

    def generics(self) -> str:
        pick = self._random.randrange(100)
        self._parameters = ()
        if pick < 60:
            return ""
        self._parameters = ("X",)
        return f"<X: {self.bound()}>" if pick < 90 else "<X>"

    def where(self) -> str:
        if self._parameters and self.chance(15):
            subject = self.one("X", "X::Out")
            return f" where {subject}: {self.bound()}"
        return ""

    def function(self, name: str = "", receiver: str = "") -> str:
        visibility = self.visibility()
        name = name or self.one(*_FUNCTIONS)
        outer = self._parameters
        generics = self.generics() if self.chance(35) else ""
        self._parameters = tuple({*outer, *self._parameters})
        around, self._variables = self._variables, ["self", "self"] if receiver else []
        parameters = [receiver] if receiver else []
        for _ in self.some(0, 3):
            variable = self.one(*_VARIABLES)
            parameters.append(f"{variable}: {self.type()}")
            self._variables.append(variable)
        result = f" -> {self.type()}" if self.chance(75) else ""
        body = self.body() if self._depth < 2 else "{ loop {} }"
        where = self.where()
        self._parameters, self._variables = outer, around
        asynchronous = "async " if self.chance(4) else ""
        head = f"{visibility}{asynchronous}fn {name}{generics}({', '.join(parameters)}){result}{where}"
        return f"{head} {body}"

    def struct(self, name: str = "") -> str:
        name = name or self.one(*_TYPES)
        generics = self.one("", "", "<X>")
        self._parameters = ("X",) if generics else ()
        pick = self._random.randrange(3)
        if pick == 0:
            text = f"struct {name}{generics};"
        elif pick == 1:
            text = f"struct {name}{generics}(pub {self.type()});"
        else:
            fields = ", ".join(
                f"pub {field}: {self.type()}" for field in _FIELDS[: self._random.randint(1, 2)]
            )
            text = f"struct {name}{generics} {{ {fields} }}"
        self._parameters = ()
        return self.visibility() + text

    def enum(self, name: str = "") -> str:
        variants = f"S({self.type()}), A {{ x: {self.type()} }}, B"
        return f"{self.visibility()}enum {name or self.one(*_TYPES)} {{ {variants} }}"

    def alias(self, name: str = "") -> str:
        generics = self.one("", "", "<X>")
        self._parameters = ("X",) if generics else ()
        text = f"{self.visibility()}type {name or self.one(*_TYPES)}{generics} = {self.type()};"
        self._parameters = ()
        return text

    def constant(self) -> str:
        word, name = self.one("const", "static"), self.one("K", "S", "f")
        return f"{self.visibility()}{word} {name}: {self.type()} = {self.expression()};"

    def macro(self) -> str:
        arms = f"() => {{ {self.expression()} }}"
        return f"macro_rules! {self.one(*_MACROS)} {{ {arms} }}"

    def inline_module(self) -> str:
        if self._depth:
            return self.use()
        self._depth += 1
        inside = " ".join(self.items(0, 3))
        self._depth -= 1
        return f"{self.visibility()}mod {self.one('n', 'n', 'b', 'm')} {{ {inside} }}"

    def declared_module(self) -> str:
        path = self.one("", "", "", '#[path = "c.rs"] ', '#[path = "a/b.rs"] ')
        return f"{path}{self.visibility()}mod {self.one(*_MODULES)};"

    def trait(self, name: str = "") -> str:
        name = name or self.one(*_TRAITS)
        generics = self.generics() if self.chance(15) else ""
        supers = f": {self.bound()}" if self.chance(45) else ""
        inside = [self.member(is_trait=True) for _ in self.some(0, 3)]
        self._parameters = ()
        return f"{self.visibility()}trait {name}{generics}{supers} {{ {' '.join(inside)} }}"

    def impl(self, self_type: str = "") -> str:
        generics = "" if self_type else self.generics()
        if generics:
            self_type = self.one("X", "X", "Vec<X>", "Box<X>", self.type())
        self_type = self_type or self.type()
        pick = self._random.randrange(100)
        where = self.where()
        inside = [self.member(is_trait=False) for _ in self.some(0, 3)]
        if pick < 40:
            head = f"impl{generics} {self_type}"
        elif pick < 82:
            arguments = f"<{self.type(2)}>" if self.chance(8) else ""
            head = f"impl{generics} {self.trait_path()}{arguments} for {self_type}"
        elif pick < 91:
            head = f"impl{generics} {self.one('std::ops::', '')}Deref for {self_type}"
            inside.append(f"type Target = {self.type()};")
        else:
            head = f"impl{generics} Iterator for {self_type}"
            inside.append(f"type Item = {self.type()};")
        self._parameters = ()
        return f"{head}{where} {{ {' '.join(inside)} }}"

    def member(self, *, is_trait: bool) -> str:
        pick = self._random.randrange(100)
        if pick < 12:
            if is_trait and self.chance(70):
                return f"type Out: {self.bound()};"
            return f"type Out = {self.type()};"
        if pick < 18:
            return f"const K: {self.type()} = {self.expression()};"
        receiver = self.one("&self", "&self", "&mut self", "self", "")
        if is_trait and self.chance(50):
            result = f" -> {self.type()}" if self.chance(75) else ""
            return f"fn {self.one(*_METHODS)}({receiver}){result};"
        text = self.function(self.one(*_METHODS), receiver)
        return text.removeprefix("pub ").removeprefix("pub(crate) ") if is_trait else text

    # ------------------------------------------------------------------ bodies

    def body(self) -> str:
        self._depth += 1
        statements = [self.statement() for _ in self.some(1, 4)]
        last = self.expression() if self.chance(60) else ""
        self._depth -= 1
        return f"{{ {' '.join(statements)} {last} }}"

    def statement(self) -> str:
        pick = self._random.randrange(100)
        if pick < 35:
            annotation = f": {self.type()}" if self.chance(20) else ""
            value = self.expression()
            return f"let {self.pattern()}{annotation} = {value};"
        if pick < 75:
            return f"{self.expression()};"
        if pick < 80:
            return f"for {self.pattern()} in {self.expression()} {{ {self.expression()}; }}"
        if pick < 85:
            return f"if let {self.pattern()} = {self.expression()} {{ {self.expression()}; }}"
        if pick < 89:
            return f"match {self.expression()} {{ {self.pattern()} => {self.expression()}, _ => {{}} }}"
        if self._depth > 2:
            return ""
        item = self.item()
        return item if self.chance(50) else f"{{ {item} {self.expression()}; }} {self.expression()};"

    def pattern(self) -> str:
        variable = self.one(*_VARIABLES)
        self._variables.append(variable)
        pick = self._random.randrange(100)
        if pick < 60:
            return variable
        if pick < 75:
            return f"Some({variable})"
        if pick < 85:
            return f"{self.type_path()}::S({variable})"
        if pick < 92:
            return f"{self.type_path()} {{ x, .. }}"
        return f"({variable}, _)"

    def expression(self, depth: int = 0) -> str:
        pick = self._random.randrange(100)
        if depth > 3 or pick < 22:
            return self.variable()
        again = depth + 1
        if pick < 45:
            turbofish = f"::<{self.type(2)}>" if self.chance(4) else ""
            return f"{self.expression(again)}.{self.one(*_METHODS)}{turbofish}({self.arguments(again)})"
        if pick < 53:
            return f"{self.expression(again)}.{self.one('x', 'y', '0', '1')}"
        if pick < 60:
            return f"{self.function_path()}({self.arguments(again)})"
        if pick < 72:
            owner = self.path(self.one("type", "type", "trait"))
            return f"{owner}::{self.one(*_METHODS, 'S')}({self.arguments(again)})"
        if pick < 76:
            return f"<{self.type(2)} as {self.trait_path()}>::{self.one(*_METHODS)}({self.arguments(again)})"
        if pick < 79:
            return f"{self.one('Self', 'X')}::{self.one(*_METHODS, 'K')}({self.arguments(again)})"
        if pick < 83:
            return f"{self.one(*_MACROS, 'vec', 'dbg', 'dep::mk', 'crate::mk')}!({self.expression(again)})"
        if pick < 87:
            adapter = self.one("map", "filter", "for_each", "and_then")
            closure = f"|{self.one(*_VARIABLES)}| {self.expression(again)}"
            return f"{self.expression(again)}.{adapter}({closure})"
        if pick < 90:
            return f"{self.expression(again)}.{self.one('iter()', 'unwrap()', 'clone()', 'await', 'into_iter()')}"
        if pick < 92:
            return f"{self.expression(again)}?"
        if pick < 94:
            return f"{self.type_path()} {{ x: {self.expression(again)} }}"
        if pick < 96:
            return f"{self.type_path()}::{self.one('K', 'A', 'B', 'make')}"
        if pick < 98:
            return f"({self.expression(again)}, {self.expression(again)})"
        return f"{self.expression(again)}[0]"

    def arguments(self, depth: int) -> str:
        return ", ".join(self.expression(depth + 2) for _ in self.some(0, 2) if self.chance(60))


class Texts(NamedTuple):
    """A workspace as items: file → its top-level items."""

    items: dict[File, tuple[str, ...]]

    def facts(self, file: File) -> FileFacts:
        return facts_of("\n".join(self.items[file]) + "\n", file.path, file.crate, file.module)


class Edit(NamedTuple):
    """A workspace before and after one file became another, came, or went."""

    before: Texts
    after: Texts
    file: File

    def workspaces(self) -> tuple[Workspace, Workspace]:
        old = {file.path: self.before.facts(file) for file in self.before.items}
        new = {path: facts for path, facts in old.items() if path != self.file.path}
        if self.file in self.after.items:
            new[self.file.path] = self.after.facts(self.file)
        return Workspace(old, WORLD), Workspace(dict(sorted(new.items())), WORLD)

    def __str__(self) -> str:
        shown = [f"//- /{file.path}\n" + "\n".join(items) for file, items in self.before.items.items()]
        shown.append(
            f"//- after: /{self.file.path}\n" + "\n".join(self.after.items.get(self.file, ("(gone)",)))
        )
        return "\n".join(shown)


_SKELETON = {
    "app/src/lib.rs": ("pub mod a;", "pub mod c;"),
    "app/src/a.rs": ("pub mod b;",),
    "base/src/lib.rs": ("pub mod m;",),
}


def make_edit(choice: random.Random) -> Edit:
    """A workspace of up to six files, and an edit of one of them: an item comes, goes, changes or moves, or
    the file as a whole does."""
    there = [file for file in FILES if file.path in _SKELETON or choice.randrange(100) < 90]
    plan: Plan = {
        kind: [(file, name) for file in there for name in names if choice.randrange(100) < 30]
        for kind, names in _NAMES.items()
    }
    items: dict[File, tuple[str, ...]] = {}
    for file in there:
        writer = Writer(choice, file, plan)
        lines = [line for line in _SKELETON.get(file.path, ()) if choice.randrange(100) < 92]
        lines += writer.items(1, 5)
        for kind, promised in plan.items():
            for where, name in promised:
                if where == file:
                    lines.append(writer.planned_item(kind, name))
                    if kind == "type" and choice.randrange(100) < 70:
                        lines.append(writer.impl(name))
        items[file] = tuple(lines)
    before = Texts(items)
    file = FILES[choice.randrange(len(FILES))]
    writer = Writer(choice, file, plan)
    if file not in items:
        return Edit(before, Texts({**items, file: tuple(writer.items(1, 5))}), file)
    lines = list(items[file])
    at = choice.randrange(len(lines))
    pick = choice.randrange(100)
    if pick < 30:
        lines[at:at] = [writer.item()]
    elif pick < 50:
        del lines[at]
    elif pick < 60:
        lines[at] = writer.item()
    elif pick < 80:
        lines[at] = _changed(choice, writer, lines[at])
    elif pick < 85:
        other = choice.randrange(len(lines))
        lines[at], lines[other] = lines[other], lines[at]
    elif pick < 95:
        lines = writer.items(0, 5)
    else:
        return Edit(before, Texts({f: text for f, text in items.items() if f != file}), file)
    return Edit(before, Texts({**items, file: tuple(lines)}), file)


def _changed(choice: random.Random, writer: Writer, item: str) -> str:
    """An item with one of its words another of the same sort."""
    groups = (_TYPES, _TRAITS, _FUNCTIONS, _METHODS, _MODULES, _FIELDS, ("pub ", ""), _MACROS)
    for _ in range(6):
        group = groups[choice.randrange(len(groups))]
        old, new = group[choice.randrange(len(group))], group[choice.randrange(len(group))]
        if old and old != new and old in item:
            places = [i for i in range(len(item)) if item.startswith(old, i)]
            at = places[choice.randrange(len(places))]
            return item[:at] + new + item[at + len(old) :]
    return writer.item()
