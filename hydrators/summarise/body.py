"""What the body of a small function plainly does: returns a field, sets one, panics, says always the same.

Works on the tokens that `meaning_hash` sees, so that white space and plain comments change nothing, and on
a bounded number of them.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from hydrators.tolerant.tokens import TOKEN

_MAX_TOKENS = 44
_MAX_HEAD_TOKENS = 160


class Body(NamedTuple):
    """kind: "none" (there is no body), "empty", "getter", "setter", "builder" (sets and returns self),
    "constant", "panic", "fails" (an error is all there is), or "" for all others."""

    kind: str
    detail: str = ""  # the field, the constant, or the macro that panics


NO_BODY = Body("none")
_OTHER = Body("")


def read_body(data: bytes, start: int, end: int) -> Body:
    """Of the function whose slice is `data[start:end]`, docs and attributes included."""
    tokens = _tokens(data, start, end)
    if tokens is None:
        return _OTHER
    if not tokens:
        return NO_BODY
    text = " ".join(tokens[1:-1])
    if not text:
        return Body("empty")
    for kind, pattern in _PATTERNS:
        if match := pattern.fullmatch(text):
            return Body(kind, match[match.lastindex or 0])
    return _OTHER


def _tokens(data: bytes, start: int, end: int) -> list[str] | None:
    """From the brace that opens the body to the one that closes it; [] without a body, None if it is long."""
    found: list[str] = []
    depth = 0
    is_attribute = False
    head = 0
    for match in TOKEN.finditer(data, start, end):
        token = match[1]
        if not token:
            continue
        if found:
            found.append(token.decode("utf-8", "replace"))
            if len(found) > _MAX_TOKENS:
                return None
        elif token.startswith((b"//", b"/*")):
            continue
        elif depth == 0 and token == b"{" and not is_attribute:
            found.append("{")
        elif (head := head + 1) > _MAX_HEAD_TOKENS:
            return None
        elif token in _OPEN:
            depth += 1
        elif token in _CLOSE:
            depth -= 1
    return found if not found or found[-1] == "}" else None


def read_value(data: bytes, start: int, end: int) -> str | None:
    """What a constant is set to, "" if that takes more than eight tokens; None if it is only declared."""
    found: list[str] | None = None
    depth = 0
    for count, match in enumerate(TOKEN.finditer(data, start, end)):
        token = match[1]
        if not token or token.startswith((b"//", b"/*")):
            continue
        if found is not None:
            if token == b";" and depth == 0:
                break
            found.append(token.decode("utf-8", "replace"))
            if len(found) > _MAX_VALUE_TOKENS:
                return ""
        elif depth == 0 and token == b"=":
            found = []
        elif count > _MAX_HEAD_TOKENS:
            return ""
        depth += (token in _OPEN) - (token in _CLOSE)
    if found is None:
        return None
    return " ".join(found).replace(" :: ", "::").replace("- ", "-", found[:1] == ["-"])


_MAX_VALUE_TOKENS = 8
_OPEN = (b"(", b"[", b"{")
_CLOSE = (b")", b"]", b"}")

_LOOK = (
    r"(?: \. (?:as_ref|as_mut|as_deref|as_str|as_slice|as_bytes|as_path|clone|cloned|copied|to_string|"
    r"to_owned|get|into) \( \))*"
)
_PATTERNS = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("getter", rf"(?:& (?:mut )?|\* )?self \. (\w+){_LOOK}"),
        ("constant", r'(true|false|None|\d\w*|"[^"]{1,24}"|[A-Z]\w*(?: :: [A-Z]\w*)+|[A-Z][A-Z0-9_]+)'),
        ("builder", r"self \. (?:\w+ \. )?(\w+) = [^;]+ ; self"),
        ("setter", r"self \. (?:\w+ \. )*(\w+) = [^;]+ ;?"),
        ("fails", r"Err \( [^;{}]* \)|unsupported \( \)"),
        ("panic", r"(?:\w+ :: )*(unimplemented|todo|unreachable|panic) ! .*"),
    )
)
