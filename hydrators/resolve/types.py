"""Types as far as text tells them: small immutable values, type expressions read from text, unification.

References are transparent (`&T` is `T`): method look-up dereferences anyway. Knows nothing of scopes,
of definitions, or of what a path means (see `hydrators.resolve.scope`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple


class Ty(NamedTuple):
    """A type. `head` is the absolute path of a nominal type ("quill::parse::Token"), a primitive's name, or

    | head | args |
    | --- | --- |
    | `()` | a tuple's elements |
    | `[]` / `[;]` | the element of a slice / an array |
    | `*` | what a raw pointer points to |
    | `fn` | return type, then parameters |
    | `dyn` / `impl` | bounds, as types whose heads are traits |
    | `=Name` | (only inside the arguments of a bound) what an associated type is bound to |
    | `::Name` | base[, trait]: an associated type that could not be followed |
    | `'T` | none: a type parameter of the item at hand |
    | `?T` | none: a parameter of another item, to be unified |
    | `!path` | a nominal type of a crate that is not in the workspace |
    | `!?` | none: some type of such a crate or of the standard library |
    | `_` | not known |
    """

    head: str
    args: tuple[Ty, ...] = ()


UNKNOWN = Ty("_")
FOREIGN = Ty("!?")
UNIT = Ty("()")
NEVER = Ty("!")
BOOL = Ty("bool")
STR = Ty("str")
STRING = Ty("std::string::String")
OPTION, RESULT, VEC = "std::option::Option", "std::result::Result", "std::vec::Vec"
POINTERS = frozenset(
    f"std::{path}"
    for path in (
        "boxed::Box",
        "rc::Rc",
        "sync::Arc",
        "cell::Ref",
        "cell::RefMut",
        "sync::MutexGuard",
        "pin::Pin",
    )
)
"""What can be called, and gives with `*`, what it holds."""

INTEGERS = frozenset(["u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128", "isize"])
FLOATS = frozenset(["f16", "f32", "f64", "f128"])
PRIMITIVES = INTEGERS | FLOATS | {"bool", "char", "str"}

Env = dict[str, Ty]
"""Parameter "?T" → what it is bound to."""

Bounds = Mapping[str, tuple[Ty, ...]]
"""Parameter ("'T" or "?T"), or its associated type ("'T::Item") → the traits that bound it."""


class Syntax(NamedTuple):
    """A type as written. `kind` is "path", "qpath", "ref", "ptr", "tuple", "slice", "array", "fn", "dyn",
    "impl", "never", "infer" or "binding"; `name` is the path's first … last segment names joined by "::"
    or the binding's name; `parts` are its components (see `_Reader`)."""

    kind: str
    name: str = ""
    parts: tuple[Syntax, ...] = ()
    generic: tuple[tuple[Syntax, ...], ...] = ()  # of a path: the arguments of each segment


_INFER = Syntax("infer")
_TOKEN = re.compile(
    r"\s*(?:(r#)?([A-Za-z_\x80-\U0010ffff][\w\x80-\U0010ffff]*)|('[A-Za-z_]\w*)(?!')|(::|->|[<>(),;=+&*!?\[\]{}:.#~-])|(\d\w*)|(\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)'|\S))"
)
_MAX_PARTS = 200
_MAX_DEPTH = 48


class _TooDeep(Exception):
    pass


class _Reader:
    """Recursive descent over the tokens of one type expression; tolerant: what it cannot read is unknown."""

    def __init__(self, text: str) -> None:
        self.tokens: list[str] = [
            word or lifetime or sign or number or other
            for _, word, lifetime, sign, number, other in _TOKEN.findall(text)
        ]
        self.tokens.append("")
        self.at = 0
        self.depth = 0

    def peek(self) -> str:
        return self.tokens[self.at]

    def take(self, token: str) -> bool:
        if self.tokens[self.at] == token:
            self.at += 1
            return True
        return False

    def type(self) -> Syntax:
        return self._bounded()

    def _bounded(self) -> Syntax:
        first = self._single()
        if self.peek() != "+":
            return first
        bounds = [*first.parts] if first.kind in ("dyn", "impl") else [first]
        while self.take("+"):
            bounds += self._bound()
        return Syntax("impl" if first.kind == "impl" else "dyn", "", tuple(bounds))

    def _single(self) -> Syntax:
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise _TooDeep
        found = self._one()
        self.depth -= 1
        return found

    def _one(self) -> Syntax:
        token = self.peek()
        if token == "&":
            self.at += 1
            while self.peek().startswith("'") or self.peek() == "mut":
                self.at += 1
            return Syntax("ref", "", (self._single(),))
        if token == "*":
            self.at += 1
            if self.peek() in ("const", "mut"):
                self.at += 1
            return Syntax("ptr", "", (self._single(),))
        if token == "(":
            self.at += 1
            items, comma = [], False
            while self.peek() not in (")", ""):
                items.append(self.type())
                comma = self.take(",")
                if not comma:
                    break
            self.take(")")
            return items[0] if len(items) == 1 and not comma else Syntax("tuple", "", tuple(items))
        if token == "[":
            self.at += 1
            element = self.type()
            is_array = self.peek() == ";"
            self._skip_to("]")
            return Syntax("array" if is_array else "slice", "", (element,))
        if token == "!":
            self.at += 1
            return Syntax("never")
        if token == "_":
            self.at += 1
            return _INFER
        if token == "<":
            return self._qualified()
        if token == "for":
            self.at += 1
            if self.take("<"):
                self._skip_angles()
            return self._single()
        if token in ("dyn", "impl"):
            following = self.tokens[self.at + 1]
            if following not in ("", ",", ">", ")", "::", "=", ";", "<"):
                self.at += 1
                bounds = self._bound()
                while self.take("+"):
                    bounds += self._bound()
                return Syntax(token, "", tuple(bounds))
        if token in ("unsafe", "extern", "safe"):
            self.at += 1
            if self.peek().startswith('"'):
                self.at += 1
            return self._single()
        if token == "fn":
            self.at += 1
            return self._function()
        if token == "::" or _is_word(token):
            return self._path()
        if token in ("?", "~"):
            self.at += 1
            return self._single()
        self.at += 1 if token else 0
        return _INFER

    def _bound(self) -> list[Syntax]:
        """One bound; none for a lifetime or `?Sized`."""
        while self.peek() in ("(", "~", "const", "async") or (
            self.peek() == "[" and self.tokens[self.at + 1] == "const"
        ):
            if self.peek() == "[":
                self.at += 2
            self.at += 1
        if self.peek().startswith("'"):
            self.at += 1
            return []
        if self.take("?"):
            self._single()
            return []
        if self.peek() == "use":  # a precise capture
            self.at += 1
            if self.take("<"):
                self._skip_angles()
            return []
        found = self._single()
        self.take(")")
        return [found]

    def _function(self) -> Syntax:
        parameters: list[Syntax] = []
        if self.take("("):
            while self.peek() not in (")", ""):
                if (
                    _is_word(self.peek())
                    and self.tokens[self.at + 1] == ":"
                    and self.tokens[self.at + 2] != ":"
                ):
                    self.at += 2  # a named parameter
                parameters.append(self.type())
                if not self.take(","):
                    break
            self._skip_to(")")
        result = self._single() if self.take("->") else Syntax("tuple")
        return Syntax("fn", "", (result, *parameters))

    def _qualified(self) -> Syntax:
        """`<T as Trait>::Name…`"""
        self.at += 1
        base = self.type()
        trait = self.type() if self.take("as") else None
        self.take(">")
        names: list[str] = []
        while self.take("::"):
            if _is_word(self.peek()):
                names.append(self.peek())
                self.at += 1
            if self.peek() == "<":
                self.at += 1
                self._skip_angles()
        parts = (base,) if trait is None else (base, trait)
        return Syntax("qpath", "::".join(names), parts)

    def _path(self) -> Syntax:
        names: list[str] = []
        generic: list[tuple[Syntax, ...]] = []
        if self.take("::"):
            names.append("")
            generic.append(())
        while _is_word(self.peek()):
            names.append(self.peek())
            self.at += 1
            arguments: tuple[Syntax, ...] = ()
            if self.peek() == "::" and self.tokens[self.at + 1] == "<":
                self.at += 1
            if self.peek() == "<":
                self.at += 1
                arguments = self._arguments()
            elif self.peek() == "(":
                arguments = (self._function(),)
            generic.append(arguments)
            if not self.take("::"):
                break
        if self.peek() == "!":  # a macro in type position
            return _INFER
        return Syntax("path", "::".join(names), (), tuple(generic))

    def _arguments(self) -> tuple[Syntax, ...]:
        found: list[Syntax] = []
        while self.peek() not in (">", ""):
            token = self.peek()
            if token.startswith("'") and len(token) > 1 and token[1] != "\\":
                self.at += 1
            elif token == "{" or token == "-" or token[:1].isdigit() or token[:1] == '"':
                found.append(_INFER)
                self._skip_argument()
            else:
                argument = self.type()
                if self.take("="):
                    argument = Syntax("binding", argument.name, (self.type(),))
                elif self.take(":"):
                    bounds = self._bound()
                    while self.take("+"):
                        bounds += self._bound()
                    argument = Syntax("binding", argument.name, (Syntax("impl", "", tuple(bounds)),))
                found.append(argument)
            if self.peek() not in (",", ">"):
                self._skip_argument()
            if not self.take(","):
                break
        self.take(">")
        return tuple(found)

    def _skip_argument(self) -> None:
        depth = 0
        while self.peek():
            token = self.peek()
            if depth == 0 and token in (",", ">"):
                return
            depth += (token in "([{<") - (token in ")]}>")
            self.at += 1

    def _skip_to(self, end: str) -> None:
        depth = 0
        while self.peek():
            token = self.peek()
            self.at += 1
            if depth == 0 and token == end:
                return
            depth += (token in "([{") - (token in ")]}")

    def _skip_angles(self) -> None:
        depth = 1
        while depth and self.peek():
            depth += (self.peek() == "<") - (self.peek() == ">")
            self.at += 1


def _is_word(token: str) -> bool:
    return bool(token) and (token[0].isalpha() or token[0] == "_" or token[0] >= "\x80")


@lru_cache(maxsize=32768)
def read_type(text: str) -> Syntax:
    """The type expression in `text`; "infer" for what cannot be read."""
    reader = _Reader(text)
    try:
        return reader.type()
    except _TooDeep:
        return _INFER


@lru_cache(maxsize=8192)
def read_bounds(text: str) -> tuple[Syntax, ...]:
    """The trait bounds in `A + B<C>`, without lifetimes and `?Sized`."""
    reader = _Reader(text)
    try:
        bounds = reader._bound()
        while reader.take("+"):
            bounds += reader._bound()
    except _TooDeep:
        return ()
    return tuple(bounds)


def substitute(ty: Ty, env: Mapping[str, Ty]) -> Ty:
    """`ty` with the parameters `?T` in `env` replaced; the others become unknown."""
    head, args = ty
    if head[0] == "?":
        return env.get(head, UNKNOWN)
    if not args:
        return ty
    return Ty(head, tuple([substitute(a, env) for a in args]))


def unify(pattern: Ty, ty: Ty, env: Env, depth: int = 0) -> bool:
    """Whether `ty` can be an instance of `pattern`, whose parameters `?T` are bound in `env`. What is not
    known fits everything."""
    head = pattern.head
    if head[0] == "?":
        known = env.get(head)
        if known is None or known == UNKNOWN:
            env[head] = ty
            return True
        return depth > 24 or _compatible(known, ty, depth + 1)
    if (
        head == "_"
        or ty.head == "_"
        or head[:2] == "::"
        or ty.head[:2] == "::"
        or head == "impl"
        or head == "!"
    ):
        return True
    if head != ty.head or depth > 24:
        return False
    if head == "()" and len(pattern.args) != len(ty.args):
        return False
    for inner, outer in zip(pattern.args, ty.args, strict=False):
        if not unify(inner, outer, env, depth + 1):
            return False
    return True


def _compatible(left: Ty, right: Ty, depth: int) -> bool:
    if "_" in (left.head, right.head) or left.head[:2] == "::" or right.head[:2] == "::":
        return True
    if left.head[0] in "'?" or right.head[0] in "'?" or depth > 24:
        return left.head == right.head or left.head[0] == "?" or right.head[0] == "?"
    if left.head != right.head:
        return False
    return all(_compatible(a, b, depth + 1) for a, b in zip(left.args, right.args, strict=False))


def bound_key(ty: Ty) -> str:
    """Under what name the bounds of a parameter or of its associated type are kept; "" for others."""
    head = ty.head
    if head[0] in "'?":
        return head
    if head[:2] == "::" and ty.args:
        base = bound_key(ty.args[0])
        return f"{base}{head}" if base else ""
    return ""


def is_foreign(ty: Ty) -> bool:
    """Whether it is a type of a crate that is not in the workspace."""
    return ty.head[0] == "!" and ty != NEVER


def may_hold_own(ty: Ty) -> bool:
    """Whether some part of it is a type of the workspace, or can be one."""
    head = ty.head
    if head[0] in "'?_" or head[:2] == "::" or ("::" in head and head[0] != "!" and head[:5] != "std::"):
        return True
    return any(map(may_hold_own, ty.args))


def part_of(ty: Ty) -> Ty:
    """What is taken out of a value whose inside is not known: nothing of ours comes out of a foreign type
    that holds none."""
    return FOREIGN if is_foreign(ty) and not may_hold_own(ty) else UNKNOWN


def is_huge(ty: Ty) -> bool:
    """Whether it has so many parts that no one wrote it: `(x, x)` of `(x, x)` of … doubles at each step."""
    count, stack = 0, [ty]
    while stack:
        count += 1
        if count > _MAX_PARTS:
            return True
        stack += stack.pop().args
    return False


def is_open(ty: Ty) -> bool:
    """Whether some part of it is not known."""
    return ty.head == "_" or ty.head[0] == "?" or any(is_open(a) for a in ty.args)


def has_parameter(ty: Ty) -> bool:
    """Whether it mentions a parameter `?T`."""
    return ty.head[0] == "?" or any(has_parameter(a) for a in ty.args)


def has_rigid(ty: Ty) -> bool:
    """Whether it mentions a parameter `'T` of the item at hand, whose bounds hang on that item."""
    return ty.head[0] == "'" or any(has_rigid(a) for a in ty.args)
