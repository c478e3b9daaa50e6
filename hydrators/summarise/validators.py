"""What every line must be, whoever wrote it: each check has a name, and names are what `validate` answers."""

from __future__ import annotations

import re
from collections.abc import Callable

from hydrators.summarise.model import MAX_CHARACTERS
from hydrators.summarise.verbs import is_verb
from store.model import NodeFacts

_FIRST = re.compile(r"[A-Z][a-z]+(?:-[a-z]+)?(?=[ ,])")
_MARKDOWN = re.compile(r"`|\*\*|\]\(|^#|^[-*>] |</[a-z]+>")
_CODE = re.compile(
    r"\b(?:let(?: mut)? \w+ ?=|fn \w+ ?[(<]|impl(?:<[^>]*>)? \w+ for \w+ \{|pub (?:fn|struct|enum|mod|const)|"
    r"use \w+::\w|return \w+;|#\[)"
    r"|;$|\)\s*\{"
)
_DANGLING = re.compile(r"(?:[,:;(\[\-–—]|\b(?:the|a|an|and|or|is|are|that|which|if|when|be|its|than|but))$")
_PLACEHOLDER = re.compile(
    r"\b(?:TODO|FIXME|XXX|lorem ipsum|foo bar|this (?:function|method|code|snippet)|the following)\b|\.\.\.$",
    re.IGNORECASE,
)
_CHATTER = re.compile(
    r"\b(?:I am|I'm|I will|I can|As an|language model|Sure|Certainly|Here is|Here's|Summary:|Answer:|"
    r"you asked)\b"
)
_REPEATED = re.compile(r"\b(\w{3,})\b(?: \1\b){1,}", re.IGNORECASE)
_BRACKETS = ("()", "[]", "{}")
_QUOTES = '"'


def _one_line(line: str) -> bool:
    return line.isprintable() and line == line.strip()


def _balanced(line: str) -> bool:
    if line.count(_QUOTES) % 2:
        return False
    return all(line.count(pair[0]) == line.count(pair[1]) or _is_range(line) for pair in _BRACKETS)


def _is_range(line: str) -> bool:
    """Half-open ranges and quoted brackets are not balanced, and right: [0, 1)."""
    return re.search(r"[\[(][^\[\]()]+, ?[^\[\]()]+[\])]|'[()\[\]{}]'|\"[()\[\]{}]\"", line) is not None


CHECKS: dict[str, Callable[[str], bool]] = {
    "length": lambda line: 0 < len(line) <= MAX_CHARACTERS,
    "one_line": _one_line,
    "verb": lambda line: (match := _FIRST.match(line)) is not None and is_verb(match[0]),
    "object": lambda line: line.count(" ") >= 1,
    "markdown": lambda line: _MARKDOWN.search(line) is None,
    "code": lambda line: _CODE.search(line) is None,
    "balanced": _balanced,
    "finished": lambda line: _DANGLING.search(line) is None,
    "placeholder": lambda line: _PLACEHOLDER.search(line) is None,
    "chatter": lambda line: _CHATTER.search(line) is None,
    "repetition": lambda line: _REPEATED.search(line) is None,
}
"""Each answers whether a line passes."""


def failed_checks(line: str) -> tuple[str, ...]:
    """The names of the checks that `line` fails, whatever it is about."""
    return tuple([name for name, passes in CHECKS.items() if not passes(line)])


def validate(line: str, node: NodeFacts) -> tuple[str, ...]:
    """The names of the checks that `line` fails as the summary of `node`: those of every line, and "restates"
    for one that only spells the node's signature or name."""
    failed = failed_checks(line)
    said = line.rstrip(".").casefold()
    if said in (node.name.casefold(), node.signature_ts.casefold(), node.signature_syn.casefold()):
        failed += ("restates",)
    return failed
