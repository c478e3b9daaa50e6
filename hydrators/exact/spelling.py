"""The one spacing of a list of tokens: what rustfmt prints, on one line.

Equal token lists give equal texts, different ones different texts. Trailing commas are not tokens,
the one of `(T,)` excepted. Knows of grammar only what tells an operator from a bracket.
"""

from __future__ import annotations

from collections.abc import Sequence

from hydrators.exact.lexer import lex

# Classes of tokens, as far as the gaps around them differ.
_START, _WORD, _KEYWORD, _LIST_KEYWORD, _SPACED, _PADDED = range(6)
_OPEN, _BRACKET, _BRACE, _ANGLE = 6, 7, 8, 9
_CLOSE, _CLOSE_BRACKET, _CLOSE_BRACE, _CLOSE_ANGLE = 10, 11, 12, 13
_COMMA, _SEMICOLON, _COLON, _PATH, _DOT, _PREFIX, _BANG, _REFERENCE, _ODD = 14, 15, 16, 17, 18, 19, 20, 21, 22
_COUNT = 23

_KEYWORDS = "as dyn where mut const in ref static return move box if else match let while loop break"
# Keywords that a generic list or a path may follow.
_LIST_KEYWORDS = "impl for use"
_CLASSES: dict[str, int] = {
    **dict.fromkeys(_KEYWORDS.split(), _KEYWORD),
    **dict.fromkeys(_LIST_KEYWORDS.split(), _LIST_KEYWORD),
    **dict.fromkeys(["=", "->", "=>", "+", "==", "|", "/", "%", "^", "@", "<=", "!="], _SPACED),
    "(": _OPEN, "[": _BRACKET, "{": _BRACE, "<": _ANGLE,
    ")": _CLOSE, "]": _CLOSE_BRACKET, "}": _CLOSE_BRACE, ">": _CLOSE_ANGLE,
    ",": _COMMA, ";": _SEMICOLON, ":": _COLON, "::": _PATH,
    ".": _DOT, "..": _DOT, "..=": _DOT, "...": _DOT,
    "?": _PREFIX, "~": _PREFIX, "#": _PREFIX, "$": _PREFIX, "-": _ODD,
    "!": _BANG, "&": _REFERENCE, "*": _REFERENCE,
    "&&": _ODD, "||": _ODD, ">=": _ODD,
}  # fmt: skip
_BINARY = ("<", ">", "<<", ">>", "<=", ">=", "&", "&&", "||", "|", "-", "*", "==", "!=")
_CLASSES.update((f" {operator} ", _PADDED) for operator in _BINARY)

_NONE, _SPACE, _ASK, _GLUE = 0, 1, 2, 3  # glue: none, if the word is no lifetime and no number


def _gap(before: int, after: int) -> int:
    if before in (_START, _PADDED) or after == _PADDED:
        return _NONE
    if before == _ODD or after == _ODD:
        return _ASK
    if after in (_CLOSE, _CLOSE_BRACKET, _CLOSE_BRACE, _CLOSE_ANGLE):
        if before == _COMMA:
            return _ASK
        return _SPACE if after == _CLOSE_BRACE and before != _BRACE else _NONE
    if before == _COMMA:
        return _ASK if after in (_BRACE, _SEMICOLON, _SPACED) else _SPACE
    if after in (_COMMA, _SEMICOLON, _COLON):
        return _NONE
    if before in (_OPEN, _BRACKET, _ANGLE):
        return _ASK if before == after == _ANGLE else _NONE
    if after == _SPACED:
        return _SPACE
    if before in (_REFERENCE, _PREFIX, _DOT, _PATH):
        return _NONE
    if before == _BANG:
        return _ASK if after in (_WORD, _KEYWORD, _LIST_KEYWORD, _BRACE) else _NONE
    if before in (_BRACE, _COMMA, _SEMICOLON, _COLON, _SPACED, _KEYWORD):
        return _SPACE
    if before == _LIST_KEYWORD:
        return _NONE if after == _ANGLE else _SPACE
    # after a word or a closing bracket
    if after in (_DOT, _PATH):
        return _NONE
    if after in (_ANGLE, _OPEN, _BRACKET):
        if before == _WORD:
            return _GLUE
        if before == _CLOSE_ANGLE:
            return _ASK if after == _OPEN else _SPACE
        return _SPACE if before in (_CLOSE_BRACKET, _CLOSE_BRACE) or after == _ANGLE else _NONE
    if after == _BANG and before == _WORD:
        return _NONE
    if after == _REFERENCE and before == _WORD:
        return _ASK
    return _SPACE


_GAPS = tuple(tuple(_gap(before, after) for after in range(_COUNT)) for before in range(_COUNT))
ODD_TOKENS = frozenset({"&&", "||", ">=", "-"})
_class_of = _CLASSES.get


def canonical(text: bytes) -> str:
    """The header in `text` on one line. Of a text that is no Rust: some text, never an exception."""
    source = text.decode("utf-8", "replace")
    if "\r" in source:
        source = source.replace("\r\n", "\n")
    return spell(lex(source))


def spell(tokens: Sequence[str]) -> str:
    """The text of `tokens` in the one spacing, without a semicolon or comma at its end."""
    text = _spell(tokens, False)
    if text is None:
        text = _spell(separate(tokens), True) or ""
    if "{ " in text and ("::{ " in text or "use { " in text) and "use" in tokens and '"' not in text:
        return text.replace("{ ", "{").replace(" }", "}")
    return text


def spell_expression(tokens: Sequence[str]) -> str:
    """Like `spell`, for tokens that are an expression from the first one on."""
    return _spell(separate(tokens, is_expression=True), True) or ""


def _spell(tokens: Sequence[str], is_separate: bool) -> str | None:
    out: list[str] = []
    append = out.append
    class_of, gaps, word = _class_of, _GAPS, _WORD
    row = gaps[0]
    for token in tokens:
        kind = class_of(token, word)
        gap = row[kind]
        if gap:
            if gap == 3:
                gap = 2 if out[-1][0] in "'0123456789" else 0
            if gap == 2:
                gap = _asked(out, kind, is_separate)
                if gap == 2:
                    return None
            if gap:
                append(" ")
        append(token)
        row = gaps[kind]
    while out and out[-1] in (",", ";", " "):
        out.pop()
    return "".join(out)


def _asked(out: list[str], kind: int, is_separate: bool) -> int:
    """The gap between the last of `out` and a token of class `kind` where the classes do not tell it; 2 if
    operators must be told from brackets first. Takes a trailing comma off `out`."""
    before = out[-1]
    if (kind == _ANGLE and before == "<") or kind == _ODD or before in ODD_TOKENS:
        return _around_operator(before, kind) if is_separate else _ASK
    if before == ",":
        return _after_comma(out, kind)
    if before == "!":
        if kind != _WORD:
            return _SPACE
        return _SPACE if len(out) > 1 and _class_of(out[-2], _WORD) == _WORD and out[-2] != " " else _NONE
    if before == ">":
        return _SPACE if _opens_item(out, len(out)) else _NONE
    if before[0] == "'" and (before[-1] != "'" or len(before) == 1):
        return _SPACE
    if kind == _REFERENCE:  # `pub &T`, or an operator
        return _SPACE if is_separate or before == "pub" else _ASK
    if kind == _ANGLE and not is_separate and before[0].isdigit():
        return _ASK
    return _NONE


def _around_operator(before: str, kind: int) -> int:
    """Operators in the place of a prefix: binary ones are padded tokens by now."""
    if before == "<" or before == "-":
        return _NONE
    if before in ODD_TOKENS:
        return _SPACE
    gap = _GAPS[_class_of(before, _WORD)][_REFERENCE]
    return _NONE if gap == _ASK else gap


def _after_comma(out: list[str], kind: int) -> int:
    if kind in (_BRACE, _SEMICOLON, _SPACED):
        if _opening(out, len(out) - 1) >= 0:
            return _SPACE
        out.pop()
        return _SPACE if kind != _SEMICOLON else _NONE
    if kind == _CLOSE and _is_tuple_of_one(out):
        return _NONE
    out.pop()
    return _SPACE if kind == _CLOSE_BRACE and out and out[-1] != "{" else _NONE


_OPENING = {")": "(", "]": "[", "}": "{", ">": "<"}
_OPENERS = frozenset("([{<")


# How many tokens are looked back on for the start of a list: a bound on the work that hostile text can ask
# for, far above what real lists hold. The comma after a longer list counts as a trailing one.
_WINDOW = 1000


def _opening(out: list[str], end: int) -> int:
    """Where the bracket opens that holds `out[end]`; -1 for none."""
    depth = 0
    for at in range(end - 1, max(end - _WINDOW, 0) - 1, -1):
        token = out[at]
        if token in _OPENING:
            depth += 1
        elif token in _OPENERS:
            if depth == 0:
                return at
            depth -= 1
    return -1


def _is_tuple_of_one(out: list[str]) -> bool:
    """Whether the comma that ends `out` is what makes a tuple of `(T,)`."""
    depth = 0
    last = len(out) - 2
    for at in range(last, max(last - _WINDOW, 0) - 1, -1):
        token = out[at]
        if token in _OPENING:
            depth += 1
        elif token in _OPENERS:
            if depth == 0:
                return token == "(" and not _takes_list(out, at)
            depth -= 1
        elif token == "," and depth == 0:
            return False
    return False


def _takes_list(out: list[str], at: int) -> bool:
    """Whether the parenthesis at `at` holds parameters or arguments."""
    before = out[at - 1] if at else " "
    if before == " ":
        return False
    if before == ">":
        return not _opens_item(out, at)
    return before == ")" or _class_of(before, _WORD) == _WORD


def _opens_item(out: list[str], end: int) -> bool:
    """Whether the `>` before `end` closes the list of an `impl<…>` or a `for<…>`."""
    at = _opening(out, end - 1)
    while at > 0 and out[at - 1] == " ":
        at -= 1
    return at > 0 and out[at - 1] in ("impl", "for")


_ITEM_WORDS = frozenset(
    ["type", "trait", "fn", "impl", "struct", "enum", "union", "mod", "use", "static", "const"]
)
_OPERAND_ENDS = frozenset(")]}")


def separate(tokens: Sequence[str], *, is_expression: bool = False) -> list[str]:
    """`tokens` with the operators of expressions padded, and with `&&` and `>=` cut where they stand for two
    tokens of a type. Expressions stand in braces after `<`, `,` or `=`, after the `;` of an array type, and
    after the `=` of a variant."""
    out: list[str] = []
    is_variant = _ITEM_WORDS.isdisjoint(tokens)
    levels: list[tuple[str, bool, int]] = []
    angles = 0
    before = ""
    at, end = 0, len(tokens)
    while at < end:
        token = tokens[at]
        at += 1
        if token in "([{":
            levels.append((token, is_expression, angles))
            if token == "{" and (angles or before == "="):
                is_expression = True
            angles = 0
        elif token in _OPERAND_ENDS:
            if levels:
                _, is_expression, angles = levels.pop()
        elif token == ";":
            angles = 0
            is_expression = is_expression or (bool(levels) and levels[-1][0] == "[")
        elif token == "=" and is_variant and not levels:
            is_expression = True
        elif is_expression and _ends_operand(before) and token in _OPERATORS:
            if token == "<" and before == "::":
                angles += 1
            elif token == ">" and angles:
                angles -= 1
            else:
                if token in "<>" and at < end and tokens[at] in (token, "="):
                    token += tokens[at]
                    at += 1
                out.append(f" {token} ")
                before = token
                continue
        elif token == "<":
            angles += 1
        elif token == ">":
            angles -= 1 if angles else 0
        elif token == "&&" and not _ends_operand(before):
            out.append("&")
            token = "&"
        elif token == ">=" and angles:
            angles -= 1
            out.append(">")
            token = "="
        out.append(token)
        before = token
    return out


_OPERATORS = frozenset(_BINARY)


def _ends_operand(token: str) -> bool:
    if token in _OPERAND_ENDS:
        return True
    kind = _class_of(token, _WORD)
    return kind == _WORD and bool(token) and (token[0] != "'" or token[-1] == "'")
