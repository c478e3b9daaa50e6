"""The first sentence of a node's documentation, as plain text: from comments, through markdown.

Knows how Rust's docs are written; what the sentence means is `hydrators.summarise.phrasing`'s.
"""

from __future__ import annotations

import re

from hydrators.exact.head import read_head

_MAX_PARAGRAPH_CHARACTERS = 1200


def doc_lines(data: bytes, start: int, end: int, *, is_module: bool = False) -> list[str]:
    """The lines of the first paragraphs of the docs of the item `data[start:end]`, [] without docs. Those of
    a module may stand inside it."""
    if not is_module and data.startswith(b"///", start) and not data.startswith(b"////", start):
        lines = _line_docs(data, start, end)
        if lines is not None:
            return lines
    if not is_module and data[start : start + 1] not in (b"#", b"/"):
        return []
    text = data[start:end].decode("utf-8", "replace").replace("\r\n", "\n")
    outer = read_head(text, 0, is_inner=False)
    if outer.docs or not is_module:
        return list(outer.docs)
    opening = _OPENED.match(text, outer.end)
    return list(read_head(text, opening.end(), is_inner=True).docs) if opening else []


_OPENED = re.compile(r"(?:pub(?:\([^)]*\))?\s+)?(?:unsafe\s+)?mod\s+\w+\s*\{")
_LINE = re.compile(rb"[ \t]*///(?!/) ?([^\n]*)\n\s*")


def _line_docs(data: bytes, start: int, end: int) -> list[str] | None:
    """Up to and with the end of the first paragraph that is no heading. None if another comment is among
    the lines."""
    lines: list[str] = []
    has_text = False
    at = start
    match = _LINE.match
    while (found := match(data, at, end)) is not None:
        line = found[1].decode("utf-8", "replace").strip()
        if line:
            has_text = has_text or line[0] != "#"
        elif has_text:
            return lines
        lines.append(line)
        at = found.end()
    return None if data.startswith((b"//", b"/*"), at) else lines


def first_paragraph(lines: list[str]) -> str:
    """The first paragraph of prose on one line; "" where the docs open with code, a table, a list or HTML."""
    taken: list[str] = []
    size = 0
    for raw in lines:
        line = raw.strip()
        if not line:
            if taken:
                break
            continue
        if line[0] == "#" and _HEADING.match(line):
            if taken:
                break
            continue
        if taken and _SETEXT.fullmatch(line):
            taken.clear()
            continue
        if _NO_PROSE.match(line):
            if taken or not _PASSED_OVER.match(line):
                break
            continue
        if (
            taken
            and taken[-1][-1] not in ".,;:"
            and (_SURELY_NEW.match(line) or (size < 50 and _NEW_SENTENCE.match(line)))
        ):
            break
        taken.append(line[:_MAX_PARAGRAPH_CHARACTERS])
        size += len(line)
        if size > _MAX_PARAGRAPH_CHARACTERS:
            break
    return " ".join(taken)


# A short line without a full stop, and a capitalized common word on the next one.
_SURELY_NEW = re.compile(
    r"(?:The|This|It|If|When|Note|These|There|We|You|Returns|See|Only|Must|Will|Should|Also|Because) "
)
_NEW_SENTENCE = re.compile(
    r"(?:A|An|The|This|It|If|When|Note|In|For|Returns|See|Use|On|As|Only|Can|Must|Will|Should|To|These|"
    r"By|Does|Not|Also|Example|Examples|Syntax|Usage|Like|From|Used|Is|Are|Please|There|We|You|Panics|"
    r"Safety|Errors)\b"
)
_HEADING = re.compile(r"#{1,6}(?:\s|$)")
_SETEXT = re.compile(r"[-=]{3,}")
_NO_PROSE = re.compile(
    r"```|~~~|\||<(?!https?:)[a-zA-Z/!]|[-*+] |\d+[.)] |!\[|\[[^\]]+\]: |\[!\[|-{3,}$|={3,}$|\*{3,}$|@"
)
_PASSED_OVER = re.compile(
    r"<(?:/|div|p\b|img|br|center|h\d|a |!--)|\[[^\]]+\]: |!\[|\[!\[|-{3,}$|={3,}$|\*{3,}$"
)

_END = re.compile(r"[.!?][\"')\]]*(?=\s+[\"'(\[`*]*[A-Z0-9`]|\s*$)")
_ABBREVIATED = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|vs|cf|approx|resp|viz|incl|no|fig|sec|St|Mr|Dr|[A-Z])|\.\.)\.$", re.IGNORECASE
)


def first_sentence(paragraph: str) -> str:
    """With its markdown, without its full stop. A paragraph without any is one sentence."""
    text = paragraph
    for match in _END.finditer(text):
        if _ABBREVIATED.search(text, max(0, match.start() - 8), match.start() + 1) and match.end() < len(
            text
        ):
            continue
        if text.count("`", 0, match.start()) % 2:
            continue
        return text[: match.start()].strip()
    return text.strip()


def plain(text: str) -> str:
    """Markdown as plain text: links and emphasis by their words, code by its characters."""
    if "`" not in text:
        return " ".join(_prose(text).split())
    pieces = text.split("`")
    code = pieces[1::2]  # two or more backticks in a row leave empty pieces between
    if len(pieces) % 2 == 0:
        code.pop()  # never closed: the last piece is prose
    for place in range(len(code)):
        pieces[2 * place + 1] = chr(_HIDDEN + place)
    text = _prose("".join(pieces))
    for place, piece in enumerate(code):
        text = text.replace(chr(_HIDDEN + place), _without_way(piece.strip()))
    return " ".join(text.split())


_HIDDEN = 0xF0000  # a plane without characters: code stands there while prose is made plain
_WAY = re.compile(r"\b(?:crate|self|super)::(?:\w+::)*(?=\w)")


def _without_way(code: str) -> str:
    return _WAY.sub("", code) if "::" in code else code


_LINKS = re.compile(
    r"!?\[((?:[^\[\]]|\[[^\[\]]*\])+)\](?:\([^()\s]*(?:\([^()]*\)[^()\s]*)*(?:\s+\"[^\"]*\")?\)|"
    r"\[[^\[\]]*\])?"
)
_DISAMBIGUATED = re.compile(
    r"^(?:struct|enum|trait|union|mod|module|const|constant|fn|function|method|derive|macro|type|value|"
    r"prim|primitive|field|"
    r"variant|static|tyalias)@"
)


def _linked_words(match: re.Match[str]) -> str:
    words, whole = match[1], match[0]
    if words[0] == "^" or words.isdigit():
        return ""
    if whole[-1] == "]" and "][" not in whole and not _LINKABLE.fullmatch(words):
        return whole  # brackets that are meant: [0, 1)
    return words if " " in words else _without_way(_DISAMBIGUATED.sub("", words))


_LINKABLE = re.compile(r"[\U000F0000-\U000F1000]|[A-Za-z_][\w:@!()<>, &.-]*")
_TAG = re.compile(r"</?(?:[a-z][a-z0-9]*)(?:\s[^<>]*)?/?>|<!--.*?-->")
_URL = re.compile(r"<(https?://[^<>\s]*)>")
_STRONG = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_EMPHASIS = re.compile(r"(?<![\w*])([*_])(?=[^\s*_])([^*_]*?)(?<=[^\s*_])\1(?![\w*])")
_ESCAPE = re.compile(r"\\([!#-&(-/:-@\[-`{-~])")  # not of quotes: '\' is meant
_ENTITIES = {"&lt;": "<", "&gt;": ">", "&amp;": "&", "&nbsp;": " ", "&quot;": '"', "&mdash;": "—"}
_ENTITY = re.compile("|".join(_ENTITIES))


def _prose(text: str) -> str:
    if "[" in text:
        text = _EMPTY.sub("", _LINKS.sub(_linked_words, text))
    if "<" in text:
        text = _TAG.sub("", _URL.sub(r"\1", text))
    if "*" in text or "_" in text:
        text = _EMPHASIS.sub(r"\2", _STRONG.sub(r"\2", text))
    if "\\" in text:
        text = _ESCAPE.sub(r"\1", text)
    if "&" in text:
        text = _ENTITY.sub(lambda match: _ENTITIES[match[0]], text)
    return text


_EMPTY = re.compile(r" \(\s*\)")
