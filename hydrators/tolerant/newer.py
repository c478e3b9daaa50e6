"""Rust that is newer than the grammar (tree-sitter-rust 0.24), made readable to it: each construct is
laid over by text of the same length that the grammar knows, for the parse only.

Offsets and lines stay, and an item begins where it began, so that slices, names and hashes still come
from the text itself. A pure function of the bytes. Words in strings and comments may be covered as well.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from tree_sitter import Tree

from hydrators.tolerant import grammar
from hydrators.tolerant.headers import cover_headers

_WORD = rb"[A-Za-z_\x80-\xff][\w\x80-\xff]*"
# Guards against hostile text: nothing here may take longer than in proportion to the file.
_REACH_BYTES = 4_000  # how far a bracket is looked for
_FIELDS_BYTES = 60_000  # how far the end of a struct is
_MAX_FAILURES = 50

DECLARED_MACRO = re.compile(rb"(?:pub(?:\([^()]*\))?\s+)?macro\s+(?:r#)?(" + _WORD + rb")\s*(?=[({])")
"""`pub macro name(…) {…}` and `macro name {…}`, up to the bracket."""
TRAIT_ALIAS = re.compile(rb"trait\s+(?:r#)?(" + _WORD + rb")\s*(?=[<=])")
"""What may be `trait Name<…> = Bound;`: it is one where the generics are followed by "="."""


class Parsed(NamedTuple):
    """A tree, and the text that it is the tree of: the source itself, or what covers it."""

    tree: Tree
    text: bytes


def parse(source: bytes, tree: Tree | None = None) -> Parsed:
    """The tree of `source`; of what `cover` makes of it where the plain one has errors and this one no more.
    `tree` is the plain one, if that is known.

    Raises ParseTimeout inside `grammar.time_limit`.
    """
    if tree is None:
        tree = grammar.parse(source)
    if not tree.root_node.has_error:
        return Parsed(tree, source)
    text = cover(source)
    if text == source:
        return Parsed(tree, source)
    covered = grammar.parse(text)
    left = grammar.count_errors(covered.root_node)
    if left and left > grammar.count_errors(tree.root_node):
        return Parsed(tree, source)
    return Parsed(covered, text)


def cover(source: bytes) -> bytes:
    """`source` with everything newer than the grammar laid over; of the same length, line by line."""
    text = source
    for guards, pattern, covered in _RULES:
        for guard in guards:
            if guard in source:
                text = pattern.sub(covered, text)
                break
    for guard, rewrite in _REWRITES:
        if guard in source:
            text = rewrite(text)
    return text


_BLANK = re.compile(rb"\S")


def _blank(match: re.Match[bytes]) -> bytes:
    return _BLANK.sub(b" ", match[0])


def _as(word: bytes) -> Callable[[re.Match[bytes]], bytes]:
    """`word`, and blanks for the rest of what was matched."""
    return lambda match: word.ljust(len(match[0]))


def _first(match: re.Match[bytes]) -> bytes:
    """The group at the start of the match, blanks for the rest."""
    return match[1].ljust(len(match[0]))


def _unless_word_before(match: re.Match[bytes]) -> bytes:
    before = match.string[max(0, match.start() - 1) : match.start()]
    return match[0] if before.isalnum() or before in (b"_", b".") else _first(match)


def _suffix(match: re.Match[bytes]) -> bytes:
    """Blanks behind a number; what was matched at the end of a name."""
    word = _LAST_WORD.search(match.string, max(0, match.start() - 60), match.start())
    return _blank(match) if word is not None and word[0][:1].isdigit() else match[0]


_LAST_WORD = re.compile(rb"[\w\x80-\xff]+\Z")


def _with_default(match: re.Match[bytes]) -> bytes:
    """`type A: B =` as `type A: B +`: the default of an associated type as one more bound."""
    before = match.string[max(0, match.start() - 80) : match.start()].rstrip(b" \t")
    return match[0][:-1] + b"+" if before[-1:] in (b"", b"\n", b"{", b"}", b";") else match[0]


def _bare(word: bytes) -> bytes:
    """`word` as no part of a longer one, no field, and not behind a pointer's star."""
    return word + rb"(?<![\w\x80-\xff.*]" + word + rb")"


_Rule = tuple[tuple[bytes, ...], re.Pattern[bytes], Callable[[re.Match[bytes]], bytes]]


def _rule(guards: str, pattern: bytes, covered: Callable[[re.Match[bytes]], bytes] = _blank) -> _Rule:
    """A rule for texts that hold one of the `guards`, which "," separates. Patterns begin with letters
    and look behind after them: the search for fixed bytes is twenty times as fast."""
    return tuple(guard.encode() for guard in guards.split(",")), re.compile(pattern), covered


_ATTRIBUTE = rb"#\[[^\[\]\n]*(?:\[[^\[\]\n]*\][^\[\]\n]*){0,9}\]"
_IN_EXPRESSION = b"".join(
    rb"(?<!" + word + rb" gen)"
    for word in b"mod struct enum trait union impl for in match if while else fn use".split()
)
_RULES: tuple[_Rule, ...] = (
    # items
    _rule("[const]", rb"\[const\](?! *[\[{;])"),
    _rule(
        "const impl,const unsafe,const trait,const auto",
        _bare(b"const") + rb" ((?:(?:unsafe|auto) )*(?:impl|trait)\b)",
        _first,
    ),
    _rule(
        "impl const,> const,: const,+ const,dyn const",
        rb"const(?:(?<=[^*\w]impl const)|(?<=^impl const)|(?<=[^=-]> const)|(?<=[:+] const)|(?<=\bdyn const))"
        rb"(?= (?!(?:fn|unsafe|extern|async|move|_)\b)[A-Za-z_!?:<'(])",
    ),
    _rule(
        "default ",
        _bare(b"default") + rb" ((?:unsafe )?impl\b|type\b|const (?!fn|unsafe|async|extern))",
        _first,
    ),
    _rule("auto trait", _bare(b"auto") + rb" (trait\b)", _first),
    _rule("safe fn,safe static", rb"safe (fn|static)\b", _unless_word_before),
    _rule("unsafe static,unsafe mod", rb"unsafe (static|mod)\b", _unless_word_before),
    _rule("gen fn", _bare(b"gen") + rb" (fn\b)", _first),
    _rule("final ", _bare(b"final") + rb" ((?:(?:const|async|unsafe) )*fn\b)", _first),
    _rule("type const", _bare(b"type") + rb" (const\b)", _first),
    _rule(
        ">: ",
        rb"const " + _WORD + rb"(<[^<>={};]*>)(?=:)",
        lambda match: match[0][: -len(match[1])].ljust(len(match[0])),
    ),
    _rule("type ", rb"pub(?:\([^()]*\))? type(?= " + _WORD + rb"(?:<[^;{}]{0,300}>)?;)", _as(b"type")),
    _rule(
        "type ",
        rb"type " + _WORD + rb"(?:<[^{};=]{0,200}>)?:[^:;{}][^;{}]{0,160}?[^=]=(?=[^;{}]{0,160};)",
        _with_default,
    ),
    _rule("unsafe ", rb"unsafe(?= " + _WORD + rb": )"),
    _rule("attr(", _bare(b"attr") + rb"\([^()]*\)(?= \()"),
    _rule("derive(", _bare(b"derive") + rb"\([^()]*\)(?= \()"),
    # types and where-clauses
    _rule("unsafe<", rb"unsafe<[^<>]*>"),
    _rule("async Fn", rb"async(?= Fn)"),
    _rule("&pin const", rb"&pin const\b", _as(b"&")),
    _rule("&pin mut", rb"&pin(?= mut\b)", _as(b"&")),
    _rule("fn(_,fn(&_", rb"fn\((&?)_(?=[,)])", lambda match: match[0][:-1] + b"U"),
    _rule(
        "= ",
        rb"= (-?\d\w*|true|false|'[^'\\]'|\"[^\"\\\n]*\"|\{[^{}\n]*\})(?=[,>])(?=[^;{}()=]{0,300}>)",
        lambda match: b"= " + b"_".ljust(len(match[1])),
    ),
    _rule("<-", rb"<-(?=\d\w*[,>])", _as(b"<")),
    _rule(", -", rb", -(?=\d\w*>)", _as(b",")),
    _rule("(..): ", rb"\(\.\.\)(?=: )"),
    # expressions and patterns
    _rule("gen {,gen move", _bare(b"gen") + _IN_EXPRESSION + rb"(?: move)?(?= \{)"),
    _rule("become ", _bare(b"become") + rb"(?= [\w:<(&*])", _as(b"return")),
    _rule("do yeet", _bare(b"do") + rb" yeet\b", _as(b"return")),
    _rule("for<", rb"for<[^<>]*>(?= (?:static |const |async |move )*\|)"),
    _rule("const |,const move,const async", rb"const(?= (?:move |async )*\|)"),
    _rule("]", _ATTRIBUTE + rb"(?=\s*(?:(?:move )?\||(?!pub\b)[a-z_]\w*(?:,|\s*[}.(|])))"),
    _rule("bikeshed ", rb"bikeshed [^{};]{0,300}(?=\{)"),
    _rule("box ", _bare(b"box") + rb"(?= [\w&(\[])"),
    _rule("builtin #", rb"builtin #"),
    _rule("super let", rb"super(?= let\b)"),
    _rule("for await", rb"for await\b", _as(b"for")),
    _rule(".use", rb"\.use\b"),
    _rule("use |", rb"use(?= \|)"),
    _rule("..", rb"\.\.(?:(?=\s*\})|(?<=\(\.\.)(?=\)))"),
    _rule(" if ", rb" if [\w.:&!<>=\- ]{0,300}(?=\)+ (?:\||=>))"),
    _rule("{ 0: ", rb"\{ 0(?=: )", _as(b"{ f")),
    _rule(", 1: ", rb", 1(?=: )", _as(b", f")),
    _rule("(): ", rb"\(\)(?=: )", _as(b"u8")),
    _rule("str![,str!(", _bare(b"str") + rb"!(?=[\[(])", _as(b"sts!")),
    _rule("raw @", _bare(b"raw") + rb"(?= @)", _as(b"row")),
    _rule("try!", _bare(b"try") + rb"!", _as(b"tri!")),
    _rule("f16,f128", rb"f1(?<=[\d_]f1)(?:6|28)\b", _suffix),
    # tokens
    _rule("$", rb"\$(?![\w\x80-\xff(])"),
    _rule("~", rb"~(?:const\b)?"),
)

_BRACKET = re.compile(rb'[()\[\]{}]|//[^\n]*|"(?:[^"\\]|\\.)*"', re.DOTALL)
_DEPTH = {b"(": 1, b"[": 1, b"{": 1, b")": -1, b"]": -1, b"}": -1}


def _cover_macros(text: bytes) -> bytes:
    """`macro name(pattern) { … }` as the call of a macro: `m!{pattern … }`, which holds the same tokens."""
    out = bytearray(text)
    failures = 0
    for word in _MACRO_WORD.finditer(text):
        public = _PUBLIC_BEFORE.search(text, max(0, word.start() - 80), word.start())
        start = public.start() if public is not None else word.start()
        match = DECLARED_MACRO.match(text, start)
        if match is None:
            continue
        at = match.end()
        if text[at] == 0x28:
            close = _closing(text, at)
            body = _BODY.match(text, close + 1)
            if close < 0 or body is None:
                failures += 1
                if failures > _MAX_FAILURES:
                    break
                continue
            out[at] = 0x7B
            out[close] = out[body.end() - 1] = 0x20
        out[start:at] = b"m!" + _BLANK.sub(b" ", text[start + 2 : at])
    return bytes(out)


_MACRO_WORD = re.compile(_bare(b"macro") + rb" ")
_PUBLIC_BEFORE = re.compile(rb"\bpub(?:\([^()]*\))?\s+\Z")
_BODY = re.compile(rb"\s*\{")


def _closing(text: bytes, at: int) -> int:
    """Where the bracket that opens at `at` closes; -1 if that is not near."""
    depth = 0
    for match in _BRACKET.finditer(text, at, at + _REACH_BYTES):
        depth += _DEPTH.get(match[0], 0)
        if depth == 0:
            return match.start()
    return -1


def _cover_aliases(text: bytes) -> bytes:
    """`trait Name = A + B;` as `type  Name = A + B;`."""
    out = bytearray(text)
    for match in TRAIT_ALIAS.finditer(text):
        start = match.start()
        equals = _EQUALS.match(text, _angle_end(text, match.end()))
        if equals is None or (start and text[start - 1 : start].isalnum()):
            continue
        end = text.find(b";", equals.end())
        if end > 0:
            out[start : start + 5] = b"type "
            out[equals.end() : end] = _NOT_IN_TYPES.sub(_blank, text[equals.end() : end])
    return bytes(out)


_EQUALS = re.compile(rb"\s*=(?![=>])")
_ANGLE = re.compile(rb"->|[<>{;]")
_NOT_IN_TYPES = re.compile(rb"\?|\bfor<[^<>]*>")


def _angle_end(text: bytes, at: int) -> int:
    """Behind the `>` of the `<` at `at`; `at` where there is none."""
    depth = 0
    for match in _ANGLE.finditer(text, at, at + _REACH_BYTES // 8):
        first = match[0]
        if first in (b"{", b";") or (depth == 0 and match.start() != at):
            break
        depth += (first == b"<") - (first == b">")
        if depth == 0:
            return match.end()
    return at


def _cover_defaults(text: bytes) -> bytes:
    """Default values of fields, `x: u8 = 3`, blanked."""
    out = bytearray(text)
    done = 0
    for match in _FIELDS.finditer(text):
        depth = angles = 0
        field = match.end()
        if field <= done:
            continue
        begun = -1
        for token in _FIELD_TOKEN.finditer(text, field, field + _FIELDS_BYTES):
            word = token[0]
            done = token.end()
            step = _DEPTH.get(word, 0)
            if depth == 0 and (step < 0 or (word == b"," and (begun >= 0 or angles <= 0))):
                if begun >= 0:
                    out[begun : token.start()] = _BLANK.sub(b" ", text[begun : token.start()])
                if step < 0:
                    break
                field, begun, angles = token.end(), -1, 0
            elif depth == 0 and word[:1] in b"/#":  # what a comment or an attribute says is no condition
                field = token.end()
            elif begun < 0 and depth == 0:
                angles += (word == b"<") - (word == b">")
                if word == b"=" and angles <= 0:
                    if _CONDITION.search(text, field, token.start()):
                        break  # the fields of a value
                    begun = token.start()
            depth += step
    return bytes(out)


_FIELDS = re.compile(
    rb"^[ \t]*(?:(?:pub(?:\([^()]*\))? )?struct " + _WORD + rb"[^;{}(]{0,2000}|[A-Z]\w* )\{", re.MULTILINE
)
_FIELD_TOKEN = re.compile(
    rb'[()\[\]{}<>,]|=(?![=>])|//[^\n]*|"(?:[^"\\]|\\.)*"|->|[=<>!]=|=>|\#\[[^\n]*\]\n', re.DOTALL
)
_CONDITION = re.compile(rb"\b(?:let|if|match)\b")


def _cover_empty_bounds(text: bytes) -> bytes:
    """`where [(); N]:,` blanked."""
    out = bytearray(text)
    for match in _EMPTY_BOUND.finditer(text):
        start = text.rfind(b"[", max(0, match.start() - 200), match.start())
        if start > 0 and text[start - 1 : start].isspace():
            out[start : match.end()] = _BLANK.sub(b" ", text[start : match.end()])
    return bytes(out)


_EMPTY_BOUND = re.compile(rb"\]:(?:\s*,|(?=\s*[{;]))")

_REWRITES: tuple[tuple[bytes, Callable[[bytes], bytes]], ...] = (
    (b"macro ", _cover_macros),
    (b"trait ", _cover_aliases),
    (b": ", _cover_defaults),
    (b"]:", _cover_empty_bounds),
    (b"", cover_headers),
)
