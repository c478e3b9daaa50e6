"""Rust's tokens as the compiler cuts them, without white space and comments.

Knows nothing of grammar. Angle brackets come one by one (`>>` closes two lists); `&&`, `||` and `>=`
come as written: what they stand for depends on their place (see `hydrators.exact.spelling`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_STRING = r'"[^"\\]*(?:\\(?s:.)[^"\\]*)*"'
_CHAR = r"'(?:\\(?s:.)[^'\n]*|[^\\'\n])'"
_RAW = "|".join(rf'[bc]?r{"#" * n}"(?s:.*?)"{"#" * n}' for n in range(3))
# What opens a literal and does not close takes the rest: to look for its end from each of its own quotes
# again would be quadratic.
_OPEN_LITERAL = r'[bc]?r#+"(?s:.*)|[bc]?"(?s:.*)'
# In the order of how often they match. A word looks ahead for what makes a literal of it.
_COMMON = (
    r"""[A-Za-z_\x80-\U0010ffff]\w*(?!["#'\w])|[(){}\[\];,<*+#?~$@^%]|::?|&&?|->"""
    rf"|{_CHAR}|'(?:r#)?[^\W\d]\w*"
    r"|>=(?!=)|>|\d[\d_]*(?:\.\d[\d_]*)?[eE][+-]\d\w*|\d\w*(?:\.\d\w*)?"
)
_RARE = rf"[bc]?{_STRING}|b{_CHAR}|r#[^\W\d]\w*|{_OPEN_LITERAL}|[^\W\d]\w*|=[=>]?|\.\.[.=]?|!=?|\|\|?"
_FAST = re.compile(
    r"\s*(?://[^\n]*|/\*[^*/]*(?:(?:\*(?!/)|/(?!\*))[^*/]*)*\*/"
    rf"|({_COMMON}|{_RAW}|{_RARE}|/(?!/)\*?|\S))",
)
_findall = _FAST.findall
_LITERAL = re.compile(rf'{_RAW}|[bc]?{_STRING}|[bc]?r(#+)"(?s:.*?)"\1')

# Tokens that no Rust text has.
_UNFINISHED = frozenset({"'", "/*", "\\", "`"})

_SLOW = re.compile(
    r'(?P<raw>[bc]?r(?P<hashes>#+)")|(?P<line>//[^\n]*)|(?P<open>/\*)|(?P<space>\s+)'
    rf'|(?P<token>{_COMMON}|[bc]?r"[^"]*"|{_RARE}|/)'
)
_COMMENT_EDGE = re.compile(r"/\*|\*/")


def lex(text: str) -> list[str]:
    """The tokens of `text`. What does not lex comes as single characters; a literal that does not close
    takes the rest."""
    found: list[str] = _findall(text.rstrip())
    if "/" in text:
        found = [token for token in found if token]
        if "/*" in found:
            return [token for token, _ in scan(text, 0)]
    if '"' in text and not _is_closed(found):
        return [token for token, _ in scan(text, 0)]
    return found


def _is_closed(tokens: list[str]) -> bool:
    """Whether the last token is no literal that was left open."""
    last = tokens[-1] if tokens else ""
    return '"' not in last or _LITERAL.fullmatch(last) is not None


def is_finished(tokens: list[str]) -> bool:
    """Whether no literal or comment was left open, and no stray character is among `tokens`."""
    return _UNFINISHED.isdisjoint(tokens) and _is_closed(tokens)


def scan(text: str, at: int) -> Iterator[tuple[str, int]]:
    """Token by token from `at`, each with the index behind it: comments and raw strings of any depth."""
    end = len(text)
    while at < end:
        match = _SLOW.match(text, at)
        if match is None:
            yield text[at], at + 1
            at += 1
            continue
        kind = match.lastgroup
        start, at = at, match.end()
        if kind == "open":
            at = comment_end(text, start)
            if at < 0:
                yield "/*", end
                return
        elif kind == "token":
            yield match[0], at
        elif match["raw"] is not None:
            close = f'"{match["hashes"]}'
            found = text.find(close, at)
            at = end if found < 0 else found + len(close)
            yield text[start:at], at


def comment_end(text: str, start: int) -> int:
    """Behind the block comment that opens at `start`; -1 if it does not close."""
    depth = 0
    for edge in _COMMENT_EDGE.finditer(text, start):
        depth += 1 if edge[0] == "/*" else -1
        if depth == 0:
            return edge.end()
    return -1
