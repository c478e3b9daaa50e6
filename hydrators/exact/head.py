"""What stands before an item or at the start of its body: documentation and attributes.

The only place that reads comments.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from hydrators.exact.lexer import comment_end, lex, scan
from hydrators.exact.spelling import spell

_SPACE = re.compile(r"\s*")
_ESCAPE = re.compile(r"\\(?:\n\s*|x([0-7][0-9a-fA-F])|u\{([0-9a-fA-F_]{1,8})\}|(.))", re.DOTALL)
_PLAIN_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "0": "\0", "\\": "\\", "'": "'", '"': '"'}
_RAW_STRING = re.compile(r'r(#*)"(.*)"\1', re.DOTALL)


class Head(NamedTuple):
    """attributes: the text between the brackets of each, without doc; docs: their lines."""

    attributes: tuple[str, ...]
    docs: tuple[str, ...]
    end: int


def read_head(text: str, at: int, *, is_inner: bool) -> Head:
    """The outer attributes and docs at `at`, or the inner ones, up to the first token that is neither."""
    line_mark, block_mark, bracket = ("//!", "/*!", "#!") if is_inner else ("///", "/**", "#")
    attributes: list[str] = []
    docs: list[str] = []
    if not is_inner and text.startswith("#!") and not text.startswith("#!["):
        at = _line_end(text, at)  # a script's first line
    while True:
        at = _SPACE.match(text, at).end()  # type: ignore[union-attr]  # matches everywhere
        if text.startswith("//", at):
            end = _line_end(text, at)
            if text.startswith(line_mark, at) and (is_inner or text[at + 3 : at + 4] != "/"):
                docs.append(_without_indent(text[at + 3 : end].rstrip("\r")))
            at = end
        elif text.startswith("/*", at):
            end = comment_end(text, at)
            if end < 0:
                break
            if text.startswith(block_mark, at) and (is_inner or text[at + 3 : at + 4] not in ("*", "/")):
                docs.extend(_block_lines(text[at + 3 : end - 2]))
            at = end
        elif text.startswith("#", at):
            tokens, end = _attribute(text, at)
            if not tokens or not "".join(tokens).startswith(f"{bracket}["):
                break
            inner = tokens[tokens.index("[") + 1 : -1]
            if inner[:1] == ["doc"] and inner[1:2] == ["="]:
                docs.extend(string_value(inner[2]).split("\n") if len(inner) == 3 else ())
            else:
                attributes.append(spell(inner))
            at = end
        else:
            break
    return Head(tuple(attributes), tuple(docs), at)


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _attribute(text: str, at: int) -> tuple[list[str], int]:
    """The tokens of the attribute at `at`, and the index behind it; no tokens if it does not close."""
    tokens: list[str] = []
    depth = 0
    for token, end in scan(text, at):
        tokens.append(token)
        if token in ("[", "(", "{"):
            depth += 1
        elif token in ("]", ")", "}"):
            depth -= 1
            if depth == 0:
                return tokens, end
        elif depth == 0 and token not in ("#", "!"):
            break
    return [], at


def _without_indent(line: str) -> str:
    return line[1:] if line.startswith(" ") else line


def _block_lines(text: str) -> list[str]:
    """The lines of a block comment without the column of stars, the white space before it, and empty lines
    at both ends."""
    lines = text.split("\n")
    rest = [line.lstrip() for line in lines[1:]]
    if rest and all(line.startswith("*") for line in rest if line):
        lines[1:] = [line[1:] for line in rest]
    else:
        margin = min((len(line) - len(line.lstrip()) for line in lines[1:] if line.strip()), default=0)
        lines[1:] = [line[margin:] for line in lines[1:]]
    while lines and not lines[0].strip():
        del lines[0]
    while lines and not lines[-1].strip():
        del lines[-1]
    return [_without_indent(line.rstrip()) for line in lines]


def string_value(literal: str) -> str:
    """What a string literal stands for; "" for another token."""
    if match := _RAW_STRING.fullmatch(literal):
        return match[2]
    if len(literal) < 2 or literal[0] != '"' or literal[-1] != '"':
        return ""
    return _ESCAPE.sub(_unescaped, literal[1:-1]) if "\\" in literal else literal[1:-1]


def _unescaped(match: re.Match[str]) -> str:
    if code := match[1] or match[2]:
        number = int(code.replace("_", "") or "0", 16)
        return chr(number) if number < 0x110000 else "\ufffd"
    return _PLAIN_ESCAPES.get(match[3], match[3]) if match[3] else ""


def split_list(text: str) -> list[str]:
    """The members of a list between commas, each in the one spacing."""
    members: list[str] = []
    current: list[str] = []
    depth = 0
    for token in lex(text):
        if token == "," and depth == 0:
            members.append(spell(current))
            current = []
            continue
        depth += (token in ("(", "[", "{", "<")) - (token in (")", "]", "}", ">"))
        current.append(token)
    if current:
        members.append(spell(current))
    return members
