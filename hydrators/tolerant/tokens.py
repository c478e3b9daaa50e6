"""Rust's tokens by one regular expression: the part of a text that carries meaning.

Blind to white space, plain comments and the commas that formatting adds before a closing bracket on
a line of its own; doc comments count. Not a lexer for compilers: multi-character operators and
nested comments are grouped well enough that equal texts stay equal and different texts differ.
"""

from __future__ import annotations

import re

from blake3 import blake3

HASH_BYTES = 16

_BLOCK = rb"(?:[^*/]|\*(?!/)|/(?!\*))*"
_COMMENT_REST = (
    _BLOCK + rb"(?:/\*" + _BLOCK + rb"(?:/\*" + _BLOCK + rb"\*/" + _BLOCK + rb")*\*/" + _BLOCK + rb")*\*/"
)
# Alternatives that begin with a literal are skipped at once where it is not there; words come before
# all that could only begin like one. A literal that does not close takes the rest: to look for its end from
# each of its own quotes again would be quadratic.
# No possessive quantifiers: on groups they are broken in Python 3.11.2.
TOKEN = re.compile(
    rb"""\s*(?:
      //(?!/(?!/)|!)[^\n]*                         # plain line comment
    | /\*(?!\*[^*/]|!)"""
    + _COMMENT_REST
    + rb"""   # plain block comment, nested three deep
    | ,[ \t\r]*\n\s*(?=[)\]}])                   # the comma that rustfmt adds
    | ( [A-Za-z_0-9\x80-\xff]+(?!["#'A-Za-z_0-9\x80-\xff])
      | [(){}\[\];]
      | [bc]?r"[^"]*" | [bc]?r\#"(?s:.*?)"\# | [bc]?r\#\#"(?s:.*?)"\#\# | [bc]?r\#\#\#"(?s:.*?)"\#\#\#
      | [bc]?r\#{4,}"(?s:.*?)"\#{4,} | [bc]?r\#*"(?s:.*)
      | [A-Za-z_0-9\x80-\xff]+
      | //[^\n]* | /\*"""
    + _COMMENT_REST
    + rb"""
      | "(?s:[^"\\]|\\.)*"? | '(?s:\\.[^'\n]*|[^\\'\n]|[\xc2-\xf4][\x80-\xbf]+)' | '\w+
      | [-+*/%^&|<>=!]= | && | \|\| | -> | => | :: | << | >> | \.\.=? | \S ))""",
    re.VERBOSE,
)


def digest(data: bytes) -> str:
    """The project's hash: the first 16 bytes of blake3, as 32 hex digits."""
    return blake3(data).digest(HASH_BYTES).hex()


def meaning(data: bytes) -> bytes:
    """The meaningful tokens of `data`, each followed by a NUL."""
    return b"\0".join(filter(None, TOKEN.findall(data))) + b"\0"


def signature_tokens(data: bytes) -> bytes:
    """Like `meaning`, without doc comments."""
    found = TOKEN.findall(data)
    if b"//" in data or b"/*" in data:
        found = [t for t in found if not t.startswith((b"//", b"/*"))]
    return b"\0".join(filter(None, found))


def collapse(data: bytes) -> str:
    """One line of readable text: comments dropped, white space folded."""
    if b"/" in data and (b"//" in data or b"/*" in data):
        data = _COMMENTS.sub(_keep_strings, data)
    return b" ".join(data.split()).decode("utf-8", "replace")


_COMMENTS = re.compile(rb'("(?s:[^"\\]|\\.)*"?)|//[^\n]*|/\*' + _COMMENT_REST)


def _keep_strings(match: re.Match[bytes]) -> bytes:
    return match[1] or b" "
