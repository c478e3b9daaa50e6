"""The grammar of types, paths, bounds and their lists: where each one ends in a list of tokens.

Every function takes the tokens (closed by empty strings, so that looking ahead needs no check) and the
index where its construct begins, and answers the index behind it, or raises `Unparsable`. What rustc
accepts only in one edition or behind a feature is accepted too.
"""

from __future__ import annotations

from collections.abc import Sequence

# Real types nest 20 deep at most; each level takes up to four frames of Python's stack.
MAX_NESTING = 100

Tokens = Sequence[str]

KEYWORDS = frozenset(
    "as break const continue crate else enum extern false fn for if impl in let loop match mod "  # noqa: SIM905  # less to read
    "move mut pub ref return self Self static struct super trait true type unsafe use where while".split()
)
_PATH_KEYWORDS = frozenset({"self", "Self", "super", "crate"})
_OPENERS = {"(": ")", "[": "]", "{": "}"}
_CLOSERS = frozenset(")]}")
_FUNCTION_WORDS = frozenset({"fn", "unsafe", "extern", "const", "async", "safe"})
_BOUND_STARTS = frozenset({"::", "?", "for", "(", "~", "const", "async", "[", "use", "!"})


class Unparsable(Exception):
    """The tokens are no such construct. Never leaves this package."""


def is_name(token: str) -> bool:
    """Whether `token` is an identifier that is no keyword in every edition."""
    if token.isidentifier():
        return token not in KEYWORDS
    return token.startswith("r#") and token[-1] not in '"#'


def is_lifetime(token: str) -> bool:
    return token[:1] == "'" and token[-1] != "'"


def is_literal(token: str) -> bool:
    """Numbers, strings, characters and truth values."""
    return (
        token[:1].isdigit()
        or (token[-1:] in ('"', "'", "#") and len(token) > 1)
        or token in ("true", "false")
    )


def group_end(t: Tokens, i: int) -> int:
    """Behind the bracket that closes the one at `i`."""
    if t[i] not in _OPENERS:
        raise Unparsable
    stack: list[str] = []
    for at in range(i, len(t)):
        token = t[at]
        if token in _OPENERS:
            stack.append(_OPENERS[token])
        elif token in _CLOSERS:
            if stack.pop() != token:
                raise Unparsable
            if not stack:
                return at + 1
    raise Unparsable


def attributes_end(t: Tokens, i: int) -> int:
    """Behind outer attributes, if any."""
    while t[i] == "#" and t[i + 1] == "[":
        if t[i + 2] == "]":
            raise Unparsable
        i = group_end(t, i + 1)
    return i


def expression_end(t: Tokens, i: int) -> int:
    """Before the comma, semicolon or closing bracket that ends an expression, or the end of the text."""
    start = i
    while (token := t[i]) and token not in (",", ";", ")", "]", "}"):
        if token in _OPENERS:
            i = group_end(t, i)
        elif token == "::" and t[i + 1] == "<":
            i = arguments_end(t, i + 1, MAX_NESTING // 2)
        else:
            i += 1
    if i == start:
        raise Unparsable
    return i


def value_end(t: Tokens, i: int) -> int:
    """Before the semicolon that ends the value of a constant, or the end of the text."""
    while (token := t[i]) and token != ";":
        if token in _CLOSERS:
            raise Unparsable
        i = group_end(t, i) if token in _OPENERS else i + 1
    return i


def path_end(t: Tokens, i: int, deep: int, *, is_pattern: bool = False) -> int:
    """`::a::b<T>::C`, `Fn(A) -> B`, `crate::a`; a macro call is no path. In a pattern `A(…)` ends at `A`."""
    if t[i] == "::":
        i += 1
    while True:
        token = t[i]
        if token == "$" and t[i + 1] == "crate":
            i += 1
        elif token not in _PATH_KEYWORDS and not is_name(token):
            raise Unparsable
        i += 1
        token = t[i]
        if token == "::" and t[i + 1] in ("<", "("):
            i += 1
            token = t[i]
        if token == "<":
            i = arguments_end(t, i, deep + 1)
        elif token == "(" and not is_pattern:
            i = _parenthesized_end(t, i, deep + 1)
        if t[i] != "::":
            return i
        i += 1


def _parenthesized_end(t: Tokens, i: int, deep: int) -> int:
    if t[i + 1] == ".." and t[i + 2] == ")":
        return i + 3
    i = _list_end(t, i + 1, deep)
    return type_end(t, i + 1, deep, False) if t[i] == "->" else i


def _list_end(t: Tokens, i: int, deep: int) -> int:
    """Types with commas between, up to and with the closing parenthesis."""
    while t[i] != ")":
        i = type_end(t, i, deep)
        if t[i] == ",":
            i += 1
        elif t[i] != ")":
            raise Unparsable
    return i + 1


def arguments_end(t: Tokens, i: int, deep: int) -> int:
    """`<'a, T, 3, { N }, Item = U, Item: Clone>`"""
    if deep > MAX_NESTING:
        raise Unparsable
    i += 1
    while t[i] != ">":
        i = _argument_end(t, i, deep)
        if t[i] == ",":
            i += 1
        elif t[i] != ">":
            raise Unparsable
    return i + 1


def _argument_end(t: Tokens, i: int, deep: int) -> int:
    token, after = t[i], t[i + 1]
    if (after == "," or after == ">") and token.isidentifier() and token not in KEYWORDS:
        return i + 1
    if is_lifetime(token) and after != "+":
        return i + 1
    if (end := constant_end(t, i)) > i:
        return end
    i = type_end(t, i, deep)
    if t[i] == "=":
        return end if (end := constant_end(t, i + 1)) > i + 1 else type_end(t, i + 1, deep)
    return bounds_end(t, i + 1, deep) if t[i] == ":" else i


def constant_end(t: Tokens, i: int) -> int:
    """Behind a literal or a block that stands for a constant argument; `i` if there is none."""
    token = t[i]
    if token == "{":
        return group_end(t, i)
    if token == "const" and t[i + 1] == "{":
        return group_end(t, i + 1)
    if token == "-" and is_literal(t[i + 1]):
        return i + 2
    return i + 1 if is_literal(token) else i


def type_end(t: Tokens, i: int, deep: int, plus: bool = True) -> int:
    """Any type; with `plus`, one that may be a sum of bounds without parentheses."""
    if deep > MAX_NESTING:
        raise Unparsable
    token = t[i]
    if token.isidentifier() and token not in _TYPE_WORDS:
        return _path_type_end(t, i, deep, plus)
    if token == "&":
        i += 1
        if is_lifetime(t[i]):
            i += 1
        if t[i] == "pin" and t[i + 1] in ("mut", "const"):
            i += 2
        elif t[i] == "mut":
            i += 1
        return type_end(t, i, deep + 1, False)
    if token == "*":
        if t[i + 1] not in ("mut", "const"):
            raise Unparsable
        return type_end(t, i + 2, deep + 1, False)
    if token == "(":
        end = _list_end(t, i + 1, deep + 1)
        return _more_bounds(t, end, deep) if plus and end > i + 2 and t[end - 2] != "," else end
    if token == "[":
        i = type_end(t, i + 1, deep + 1)
        if t[i] == ";":
            i = expression_end(t, i + 1)
        if t[i] != "]":
            raise Unparsable
        return i + 1
    if token == "!":
        return i + 1
    if token == "<":
        return qualified_end(t, i, deep)
    if token == "dyn" or token == "impl":
        after = t[i + 1]
        if after in _BOUND_STARTS or is_lifetime(after) or is_name(after) or after in _PATH_KEYWORDS:
            return _sum_end(t, i + 1, deep, plus)
        if token == "dyn":  # a name like any other in the first edition
            return _path_type_end(t, i, deep, plus)
        raise Unparsable
    if token == "unsafe" and t[i + 1] == "<":
        return type_end(t, lifetimes_end(t, i + 1, deep), deep + 1, plus)
    if token == "for":
        after_lifetimes = lifetimes_end(t, i + 1, deep)
        if t[after_lifetimes] in _FUNCTION_WORDS:
            return _pointer_end(t, after_lifetimes, deep)
        return _sum_end(t, i, deep, plus)
    if token in _FUNCTION_WORDS:
        if token in ("safe", "async", "const") and t[i + 1] not in _FUNCTION_WORDS:
            return _path_type_end(t, i, deep, plus)
        return _pointer_end(t, i, deep)
    if token == "?" or is_lifetime(token):
        return _sum_end(t, i, deep, plus)
    return _path_type_end(t, i, deep, plus)


_TYPE_WORDS = frozenset({"dyn", "impl", "unsafe", "for", "fn", "extern", "const", "async", "safe"})


def _path_type_end(t: Tokens, i: int, deep: int, plus: bool) -> int:
    i = path_end(t, i, deep)
    token = t[i]
    if token == "!" and t[i + 1] in _OPENERS:
        return group_end(t, i + 1)
    return _more_bounds(t, i, deep) if plus and token == "+" else i


def _more_bounds(t: Tokens, i: int, deep: int) -> int:
    return bounds_end(t, i + 1, deep) if t[i] == "+" else i


def _sum_end(t: Tokens, i: int, deep: int, plus: bool) -> int:
    return bounds_end(t, i, deep + 1) if plus else bound_end(t, i, deep + 1)


def qualified_end(t: Tokens, i: int, deep: int) -> int:
    """`<T as Trait>::X`"""
    i = type_end(t, i + 1, deep + 1)
    if t[i] == "as":
        i = path_end(t, i + 1, deep + 1)
    if t[i] != ">" or t[i + 1] != "::":
        raise Unparsable
    return path_end(t, i + 1, deep)


def lifetimes_end(t: Tokens, i: int, deep: int) -> int:
    """The `<'a, 'b: 'a>` after `for`; types and constants too, as behind a feature."""
    if t[i] != "<":
        raise Unparsable
    i += 1
    while t[i] != ">":
        i = attributes_end(t, i)
        if t[i] == "const" and is_name(t[i + 1]) and t[i + 2] == ":":
            i = type_end(t, i + 3, deep + 1)
        elif is_lifetime(t[i]) or is_name(t[i]):
            i += 1
            if t[i] == ":":
                i = bounds_end(t, i + 1, deep + 1)
        else:
            raise Unparsable
        if t[i] == ",":
            i += 1
        elif t[i] != ">":
            raise Unparsable
    return i + 1


def _pointer_end(t: Tokens, i: int, deep: int) -> int:
    while t[i] in ("const", "async", "unsafe", "safe"):
        i += 1
    if t[i] == "extern":
        i += 2 if t[i + 1][-1:] in ('"', "#") else 1
    if t[i] != "fn" or t[i + 1] != "(":
        raise Unparsable
    i += 2
    while t[i] != ")":
        i = attributes_end(t, i)
        if t[i] == "mut" and is_name(t[i + 1]):  # accepted by the parser, rejected later
            i += 1
        if t[i + 1] == ":" and (is_name(t[i]) or t[i] == "self"):
            i += 2
        i = i + 1 if t[i] == "..." else type_end(t, i, deep + 1)
        if t[i] == ",":
            i += 1
        elif t[i] != ")":
            raise Unparsable
    i += 1
    return type_end(t, i + 1, deep + 1, False) if t[i] == "->" else i


_BOUNDS_ENDS = frozenset({",", ">", "=", "{", "}", "where", ";", "", ")", "]", "|"})


def bounds_end(t: Tokens, i: int, deep: int) -> int:
    """`A + 'a + ?Sized`; none at all is fine, and so is a `+` at the end."""
    if deep > MAX_NESTING:
        raise Unparsable
    while t[i] not in _BOUNDS_ENDS:
        i = bound_end(t, i, deep)
        if t[i] != "+":
            break
        i += 1
    return i


def split_bounds(t: Tokens, i: int, deep: int) -> tuple[list[tuple[int, int]], int]:
    """The spans of single bounds, and the index behind them."""
    spans: list[tuple[int, int]] = []
    while t[i] not in _BOUNDS_ENDS:
        end = bound_end(t, i, deep)
        spans.append((i, end))
        i = end
        if t[i] != "+":
            break
        i += 1
    return spans, i


def bound_end(t: Tokens, i: int, deep: int) -> int:
    """One bound: a lifetime, a capture list, or a trait with its modifiers."""
    if deep > MAX_NESTING:
        raise Unparsable
    token = t[i]
    if token.isidentifier() and token not in _BOUND_WORDS:
        end = path_end(t, i, deep)
        return group_end(t, end + 1) if t[end] == "!" and t[end + 1] in _OPENERS else end
    if is_lifetime(token):
        return i + 1
    if token == "(":
        end = bound_end(t, i + 1, deep + 1)
        if t[end] != ")":
            raise Unparsable
        return end + 1
    if token == "use" and t[i + 1] == "<":
        return arguments_end(t, i + 1, deep + 1)
    for _ in range(2):
        if t[i] == "for":
            i = lifetimes_end(t, i + 1, deep)
        while True:
            token = t[i]
            if token == "?" or token == "!" or token == "const":
                i += 1
                if t[i] == token:
                    raise Unparsable
            elif token == "~" and t[i + 1] == "const":
                i += 2
            elif token == "[" and t[i + 1] == "const" and t[i + 2] == "]":
                i += 3
            elif token == "async" and (is_name(t[i + 1]) or t[i + 1] in ("for", "::")):
                i += 1
            else:
                break
    if t[i] == "(":
        end = bound_end(t, i + 1, deep + 1)
        if t[end] != ")":
            raise Unparsable
        return end + 1
    if t[i] == "<":
        return qualified_end(t, i, deep)
    return path_end(t, i, deep)


_BOUND_WORDS = frozenset({"for", "const", "async", "use"})
