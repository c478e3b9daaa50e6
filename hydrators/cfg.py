"""Conditions of `#[cfg(…)]` and `#[cfg_attr(…)]` as data, and what they say about an item.

Pure functions of the predicate's text; whatever it holds, no exception. What cannot be read is unknown, and
unknown is neither true nor false. Knows nothing of manifests: whether a feature exists is not asked here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

_MAX_DEPTH = 64  # deeper nesting is unknown: a guard against hostile input, far above real code
_MAX_CHARS = 16_384  # longer predicates are unknown
_MAX_KEPT = 4096  # predicates that are remembered; the Rust library has 1,058 different ones

_TOKEN = re.compile(
    r"""(?P<skip>\s+|//[^\n]*|/\*.*?\*/)"""
    r"""|(?P<raw>[bc]?r(?P<fence>\#*)"(?P<inside>.*?)"(?P=fence))"""
    r"""|(?P<string>[bc]?"(?:[^"\\]|\\.)*")"""
    r"""|(?P<name>(?:r\#)?[^\W\d]\w*(?:\s*::\s*(?:r\#)?[^\W\d]\w*)*)"""
    r"""|(?P<sign>.)""",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u\{([0-9a-fA-F_]{1,8})\}|(\r?\n\s*)|(.))", re.DOTALL)
_PLAIN_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "0": "\0"}
_HEAD = re.compile(r"\s*(cfg|cfg_attr)\s*\(")


class Cfg(NamedTuple):
    """One predicate. `op` is "all", "any" or "not" (of `operands`), "flag" (`name`), "is" (`name = "value"`),
    "true", "false", or "unknown" (`name` is what stands there)."""

    op: str
    name: str = ""
    value: str = ""
    operands: tuple[Cfg, ...] = ()

    def __str__(self) -> str:
        if self.operands or self.op in ("all", "any", "not"):
            return f"{self.op}({', '.join(map(str, self.operands))})"
        if self.op == "is":
            value = self.value.replace("\\", "\\\\").replace('"', '\\"')
            return f'{self.name} = "{value}"'
        return self.op if self.op in ("true", "false") else self.name


class Gate(NamedTuple):
    """A feature that an item hangs on. `weight` is 1 if the item is only there with it (or, `is_negated`,
    without it), less if it is one of several ways."""

    feature: str
    is_negated: bool
    weight: float


class ConditionalAttribute(NamedTuple):
    """One attribute of a `cfg_attr`, and when it is there."""

    predicate: Cfg
    text: str


ALWAYS = Cfg("all")
"""The predicate of what has none."""


@lru_cache(_MAX_KEPT)
def parse(text: str) -> Cfg:
    """The predicate between the parentheses of `cfg(…)`; several joined by " & " hold together."""
    if len(text) > _MAX_CHARS:
        return Cfg("unknown")
    found = _Parser(text).predicates()
    return found[0] if len(found) == 1 else all_of(found)


def all_of(predicates: Iterable[Cfg]) -> Cfg:
    """The predicate that holds when all of these do: an item's own and those of what is around it."""
    operands: dict[Cfg, None] = {}
    for predicate in predicates:
        operands.update(dict.fromkeys(predicate.operands if predicate.op == "all" else (predicate,)))
    return next(iter(operands)) if len(operands) == 1 else Cfg("all", operands=tuple(operands))


def conditions(cfg: str, attributes: Iterable[str] = ()) -> Cfg:
    """When an item is there, by its own `cfg` text (see `parse`) and by each `cfg` inside the `cfg_attr`s
    among its attributes."""
    predicates = [parse(cfg)] if cfg else []
    for attribute in attributes:
        for predicate, text in split_cfg_attr(attribute) if "cfg_attr" in attribute else ():
            inner = _inside("cfg", text)
            if inner is not None:
                unless = Cfg("not", operands=(predicate,))
                predicates.append(Cfg("any", operands=(unless, parse(inner))))
    return all_of(predicates)


def _inside(name: str, attribute: str) -> str | None:
    """What stands in the parentheses of an attribute, if it has that name."""
    head = _HEAD.match(attribute)
    if head is None or head[1] != name:
        return None
    end = attribute.rfind(")")
    return attribute[head.end() : end if end >= 0 else len(attribute)]


# ---------------------------------------------------------------------------- what it says


@lru_cache(_MAX_KEPT)
def features(predicate: Cfg) -> tuple[tuple[str, bool], ...]:
    """All features that a predicate mentions, as (name, whether negated), in order, each once."""
    found: dict[tuple[str, bool], None] = {}
    pending = [(predicate, False)]
    while pending:
        one, is_negated = pending.pop()
        if one.op == "is" and one.name == "feature":
            found[one.value, is_negated] = None
        turned = is_negated != (one.op == "not")
        pending.extend((operand, turned) for operand in reversed(one.operands))
    return tuple(found)


@lru_cache(_MAX_KEPT)
def gates(predicate: Cfg) -> tuple[Gate, ...]:
    """The features that gate what stands under a predicate, sorted.

    Alternatives (`any(…)`) share the weight: a feature counts with the share of them that need it. Those that
    only tests and tools take (`any(test, feature = "a")`) are left out.
    """
    weights = _weights(predicate, is_negated=False)
    return tuple(Gate(name, negated, weight) for (name, negated), weight in sorted(weights.items()))


def _weights(predicate: Cfg, *, is_negated: bool) -> dict[tuple[str, bool], float]:
    op = predicate.op
    if op == "is":
        return {(predicate.value, is_negated): 1.0} if predicate.name == "feature" else {}
    if op == "not":
        return _weights(predicate.operands[0], is_negated=not is_negated) if predicate.operands else {}
    if op not in ("all", "any"):
        return {}
    found: dict[tuple[str, bool], float] = {}
    if (op == "all") != is_negated:
        for operand in predicate.operands:
            for key, weight in _weights(operand, is_negated=is_negated).items():
                found[key] = max(weight, found.get(key, 0.0))
        return found
    operands = [o for o in predicate.operands if is_negated or not _is_only_for_tools(o)]
    for operand in operands:
        for key, weight in _weights(operand, is_negated=is_negated).items():
            found[key] = found.get(key, 0.0) + weight / len(operands)
    return {key: min(1.0, max(round(weight, 4), 0.0001)) for key, weight in found.items()}


def _is_only_for_tools(predicate: Cfg) -> bool:
    if predicate.op == "all":
        return any(map(_is_only_for_tools, predicate.operands))
    return predicate.op == "flag" and predicate.name in _TOOL_FLAGS


@lru_cache(_MAX_KEPT)
def is_test_only(predicate: Cfg) -> bool:
    """Whether what stands under a predicate is compiled for tests alone: whenever it holds, `test` does."""
    return _implies_test(predicate, is_negated=False)


def _implies_test(predicate: Cfg, *, is_negated: bool) -> bool:
    op = predicate.op
    if op == "flag":
        return predicate.name == "test" and not is_negated
    if op == "not":
        return bool(predicate.operands) and _implies_test(predicate.operands[0], is_negated=not is_negated)
    implied = [_implies_test(operand, is_negated=is_negated) for operand in predicate.operands]
    return any(implied) if (op == "all") != is_negated else bool(implied) and all(implied)


# ---------------------------------------------------------------------------- the usual build

_TOOL_FLAGS = frozenset(
    (
        *(
            "test",
            "doc",
            "doctest",
            "docsrs",
            "miri",
            "loom",
            "kani",
            "fuzzing",
            "coverage",
            "coverage_nightly",
        ),
        *("rust_analyzer", "rustfmt", "clippy", "bootstrap"),
    )
)
_FALSE_FLAGS = _TOOL_FLAGS | {"windows"}
_TRUE_FLAGS = frozenset(("unix", "debug_assertions", "overflow_checks"))
_OPEN = None
_USUAL: dict[str, dict[str, bool | None]] = {
    "target_os": {"linux": True},
    "target_family": {"unix": True},
    "target_pointer_width": {"64": True},
    "target_endian": {"little": True},
    "target_arch": {"x86_64": _OPEN, "aarch64": _OPEN},
    "target_env": {"gnu": _OPEN, "musl": _OPEN, "": _OPEN},
    "target_vendor": {"unknown": True, "pc": False},
    "target_abi": {"": True},
    "target_has_atomic": {"8": True, "16": True, "32": True, "64": True, "ptr": True, "128": _OPEN},
    "target_thread_local": {},
    "panic": {"unwind": True},
    "sanitize": {},
}
"""Known keys of a debug build on 64-bit Linux; values that are not listed do not hold."""


@lru_cache(_MAX_KEPT)
def active(predicate: Cfg, *, guess: bool = False) -> bool | None:
    """Whether a predicate holds in a usual build: 64-bit Linux, debug, no test, no tool. None where that
    depends: on features, on flags of the build, on the processor. With `guess`, features are taken to be on,
    for they add, and flags that nobody has heard of to be off."""
    op, name = predicate.op, predicate.name
    if op == "flag":
        return True if name in _TRUE_FLAGS else False if guess or name in _FALSE_FLAGS else None
    if op == "is":
        if guess and name == "feature":
            return True
        known = _USUAL.get(name)
        return None if known is None else known.get(predicate.value, False)
    if op == "not":
        inner = active(predicate.operands[0], guess=guess) if predicate.operands else None
        return None if inner is None else not inner
    if op in ("true", "false"):
        return op == "true"
    if op not in ("all", "any"):
        return None
    decisive = op == "any"  # one true operand decides an `any`, one false operand an `all`
    found = [active(operand, guess=guess) for operand in predicate.operands]
    return decisive if decisive in found else None if None in found else not decisive


# ---------------------------------------------------------------------------- cfg_attr


@lru_cache(_MAX_KEPT)
def split_cfg_attr(attribute: str) -> tuple[ConditionalAttribute, ...]:
    """The attributes inside `cfg_attr(predicate, …)`, nested ones too, in order; empty for other attributes.
    `attribute` is the text between `#[` and `]`."""
    found: list[ConditionalAttribute] = []
    pending: list[tuple[tuple[Cfg, ...], str]] = [((), attribute)]
    while pending:
        around, text = pending.pop()
        inner = _inside("cfg_attr", text)
        if inner is None:
            if around:
                found.append(ConditionalAttribute(all_of(around), text.strip()))
            continue
        predicate, *attributes = _comma_separated(inner)
        if len(around) < _MAX_DEPTH:
            below = (*around, parse(predicate))
            pending.extend((below, one) for one in reversed(attributes) if one.strip())
    return tuple(found)


def _comma_separated(text: str) -> list[str]:
    parts, depth, start = [], 0, 0
    for token in _TOKEN.finditer(text):
        sign = token["sign"]
        if sign is None:
            continue
        if sign in "([{":
            depth += 1
        elif sign in ")]}":
            depth -= 1
        elif sign == "," and depth <= 0:
            parts.append(text[start : token.start()])
            start = token.end()
    return [*parts, text[start:]]


# ---------------------------------------------------------------------------- reading


class _Parser:
    """One text on its way to predicates. Reads on after what it does not understand."""

    def __init__(self, text: str) -> None:
        self._tokens: list[tuple[str, str]] = []
        for token in _TOKEN.finditer(text):
            if token["name"] is not None:
                self._tokens.append(("name", token["name"].removeprefix("r#")))
            elif token["raw"] is not None:
                self._tokens.append(("string", token["inside"]))
            elif token["string"] is not None:
                self._tokens.append(("string", _unescape(token["string"].partition('"')[2][:-1])))
            elif token["sign"] is not None:
                self._tokens.append((token["sign"], token["sign"]))
        self._at = 0

    def predicates(self) -> list[Cfg]:
        """All predicates of the text."""
        found = self._list(0)
        return found if self._at >= len(self._tokens) else [*found, Cfg("unknown")]

    def _kind(self, ahead: int = 0) -> str:
        at = self._at + ahead
        return self._tokens[at][0] if at < len(self._tokens) else ""

    def _list(self, depth: int) -> list[Cfg]:
        """Predicates up to the closing parenthesis, which is left to the caller."""
        found: list[Cfg] = []
        while (kind := self._kind()) and kind != ")":
            if kind in ",&":
                self._at += 1
            else:
                found.append(self._one(depth))
        return found

    def _one(self, depth: int) -> Cfg:
        kind, name = self._tokens[self._at]
        self._at += 1
        if kind != "name":
            self._skip()
            return Cfg("unknown", name)
        if self._kind() == "=" and self._kind(1) == "string":
            value = self._tokens[self._at + 1][1]
            self._at += 2
            return Cfg("is", name, value)
        if self._kind() == "(":
            return self._nested(name, depth)
        if self._kind() in ("", ",", ")", "&"):
            return Cfg(name) if name in ("true", "false") else Cfg("flag", name)
        self._skip()
        return Cfg("unknown", name)

    def _nested(self, name: str, depth: int) -> Cfg:
        if name not in ("all", "any", "not") or depth >= _MAX_DEPTH:
            self._skip()
            return Cfg("unknown", name)
        self._at += 1
        operands = self._list(depth + 1)
        self._at += 1
        if name == "not" and len(operands) != 1:
            return Cfg("unknown", name)
        return Cfg(name, operands=tuple(operands))

    def _skip(self) -> None:
        """Go to the end of what is not understood: a comma or closing parenthesis outside of it."""
        depth = 0
        while kind := self._kind():
            if depth == 0 and kind in ",)&":
                return
            depth += (kind == "(") - (kind == ")")
            self._at += 1


def _unescape(text: str) -> str:
    if "\\" not in text:
        return text

    def plain(found: re.Match[str]) -> str:
        code = found[1] or (found[2] or "").replace("_", "")
        if code:
            number = int(code, 16)
            return chr(number) if number < 0xD800 or 0xDFFF < number < 0x110000 else ""
        return "" if found[3] else _PLAIN_ESCAPES.get(found[4], found[4])

    return _ESCAPE.sub(plain, text)
