"""Finding nodes by any name that answers show, and by what they are: kind, visibility, qualifiers,
attributes, features, docs, test or code.

Starts from the narrowest of name, feature and whole index, and looks at stored facts; texts are read last,
and only to see whether there are docs. Each page is a reading of its own, so that no save waits for all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from hydrators.cfg import split_cfg_attr
from hydrators.exact import describe
from hydrators.exact.head import read_head
from indexer.classification import classification_of, test_files
from store import queries
from store.database import Database
from store.model import NodeFacts, NodeKind
from store.node_scan import Placed, gated_nodes, nodes_between, page_bounds, read_slices, with_spans
from store.nodes import FoundNode, signature_of

_NAMED_MAX = 10_000
_BATCH = 500
_HEADER = re.compile(
    r'(?:pub(?:\([^)]*\))? )?((?:(?:default|const|async|unsafe|safe|extern|"[^"]*") )*)(\w+)'
)
_PATH = re.compile(r"[\w:.-]+")
_WORD = re.compile(r"\w+")
_DERIVE = re.compile(r"\s*derive\s*\((.*)\)\s*", re.DOTALL)
_DERIVED = re.compile(r"(?:::\s*)?(?:r#)?\w+(?:\s*::\s*(?:r#)?\w+)*")
_COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
_ATTRIBUTE_NAME = re.compile(r"\s*(?:unsafe\s*\(\s*)?([\w\s:]+)")
_NAMELESS = (
    NodeKind.USE,
    NodeKind.IMPL,
    NodeKind.EXTERN_CRATE,
    NodeKind.EXTERN_BLOCK,
    NodeKind.MACRO_CALL,
)
"""Kinds that no index of names holds: they are called after their own header."""

_UNDOCUMENTED = frozenset(_NAMELESS)
"""Kinds that nobody misses docs of."""


@dataclass(frozen=True, slots=True)
class Criteria:
    """What a node has to be; empty and None ask for nothing. All have to hold; of `kinds`, one."""

    name: str = ""
    kinds: tuple[str, ...] = ()
    visibility: str = ""  # "pub", "restricted" or "private"
    qualifiers: tuple[str, ...] = ()
    derives: tuple[str, ...] = ()
    attributes: tuple[str, ...] = ()
    feature: str = ""
    under: str = ""  # a file, or a folder without a "/" at its end
    classification: str = ""
    documented: bool | None = None


def find(db: Database, criteria: Criteria, limit: int) -> tuple[list[FoundNode], bool]:
    """(the first `limit` nodes that are what is asked for, by id; whether there are more)."""
    found: list[Placed] = []
    for page in _candidates(db, criteria):
        fitting = [one for one in page if _fits(one, criteria)]
        if criteria.classification and fitting:
            tests = test_files(db, {one.file_path for one in fitting})
            fitting = [
                one
                for one in fitting
                if classification_of(one.file_path in tests, one.facts.is_test) == criteria.classification
            ]
        if criteria.documented is not None and fitting:
            slices = read_slices(db, fitting)
            fitting = [
                one
                for one in fitting
                if _has_docs(one.facts, slices.get(one.facts.id, b"")) == criteria.documented
            ]
        found += fitting
        if len(found) > limit:
            break
    return with_spans(db, found[:limit]), len(found) > limit


def find_named(db: Database, name: str, limit: int) -> list[FoundNode]:
    """The node of that id, or those of that name: a plain one or a path, `package/feature`, or the header of
    an impl block, an import and the like. Of a longer path the last two segments count, then the last."""
    found = queries.find_nodes(db, name, limit)
    if not found:
        printed = name.replace("_", "-") if "/" not in name else name.rpartition("/")[2]
        of_manifests = (NodeKind.FEATURE, NodeKind.CRATE)
        found = [
            one
            for one in queries.find_nodes(db, printed, _NAMED_MAX)
            if one.facts.kind in of_manifests and one.facts.qualified_name == name
        ]
    if not found and not _PATH.fullmatch(name):
        found = _find_header(db, name, limit)
    segments = name.split("::")
    for kept in (2, 1):
        if not found and len(segments) > kept:
            near = queries.find_nodes(db, "::".join(segments[-kept:]), 1000)
            found = [one for one in near if _is_below(one, segments[:-kept])]
    return found[:limit]


def _find_header(db: Database, header: str, limit: int) -> list[FoundNode]:
    """Nodes that are called after their header, however it is spaced, by id."""
    wanted = _unspaced(header)
    within = queries.find_nodes(db, header.rpartition("::")[2], _NAMED_MAX)  # `<A as B< C >>::d`
    if near := [one for one in within if _unspaced(one.facts.qualified_name) == wanted]:
        return near[:limit]
    return _find_called(db, header, _NAMELESS, limit)


def find_expandable(db: Database, name: str, limit: int) -> list[FoundNode]:
    """The macro calls of that name, such as `thread_local!`; without any as `find_named`."""
    calls = _find_called(db, name, (NodeKind.MACRO_CALL,), limit) if name.endswith("!") else []
    return calls or find_named(db, name, limit)


def _find_called(db: Database, header: str, kinds: Sequence[NodeKind], limit: int) -> list[FoundNode]:
    wanted = _unspaced(header)
    needle = max(_WORD.findall(header), key=len, default="")
    if not needle:
        return []
    found: list[Placed] = []
    for after, upto in page_bounds(db):
        found += [
            one
            for one in nodes_between(db, after, upto, kinds, [needle])
            if wanted in map(_unspaced, (one.facts.name, one.facts.qualified_name, signature_of(one.facts)))
        ]
        if len(found) >= limit:
            break
    return with_spans(db, found[:limit])


def _unspaced(text: str) -> str:
    return "".join(text.split())


def _is_below(node: FoundNode, qualifiers: Iterable[str]) -> bool:
    place = re.split(r"[/.:<> -]+", f"{node.file_path}:{node.facts.module}:{node.facts.qualified_name}")
    return all(part in place or part in ("crate", "self", "super") for part in qualifiers)


def _candidates(db: Database, criteria: Criteria) -> Iterator[Sequence[Placed]]:
    if criteria.name:
        named = find_named(db, criteria.name, _NAMED_MAX)
        yield [Placed(one.file_path, one.facts) for one in named]
        return
    if criteria.feature:
        gated = gated_nodes(db, _features(db, criteria.feature))
        yield from (gated[at : at + _BATCH] for at in range(0, len(gated), _BATCH))
        return
    needles = _needles(criteria)
    for after, upto in page_bounds(db, criteria.under):
        yield nodes_between(db, after, upto, criteria.kinds, needles)


def _features(db: Database, name: str) -> list[str]:
    """Ids of the features called `name`, or `package/name`."""
    named = queries.find_nodes(db, name.rpartition("/")[2], _NAMED_MAX)
    return [
        one.facts.id
        for one in named
        if one.facts.kind == NodeKind.FEATURE and name in (one.facts.name, one.facts.qualified_name)
    ]


def _needles(criteria: Criteria) -> list[str]:
    """What the packed facts of a node that fits hold in any case: looked for by the store."""
    needles = [path.rpartition("::")[2] for path in criteria.derives + criteria.attributes]
    if criteria.visibility == "pub":
        needles.append('"pub"')
    elif criteria.visibility == "restricted":
        needles.append('"pub(')
    return [*needles, *criteria.qualifiers]


def _fits(one: Placed, criteria: Criteria) -> bool:
    facts = one.facts
    if criteria.kinds and facts.kind not in criteria.kinds:
        return False
    under = criteria.under
    if under and one.file_path != under and not one.file_path.startswith(f"{under}/"):
        return False
    if criteria.visibility and criteria.visibility != visibility_of(facts.visibility):
        return False
    if criteria.documented is False and not criteria.kinds and facts.kind in _UNDOCUMENTED:
        return False
    return (
        (not criteria.qualifiers or qualifiers_of(facts).issuperset(criteria.qualifiers))
        and (not criteria.derives or _has_all(derives_of(facts), criteria.derives))
        and (not criteria.attributes or _has_all(attribute_names(facts), criteria.attributes))
    )


def visibility_of(visibility: str) -> str:
    """ "pub", "restricted" (`pub(crate)`, `pub(in …)`) or "private"."""
    if visibility in ("", "pub"):
        return "pub" if visibility else "private"
    return "private" if visibility.replace(" ", "") == "pub(self)" else "restricted"


def qualifiers_of(facts: NodeFacts) -> set[str]:
    """Those of "const", "async", "unsafe", "safe", "default", "extern" that a header begins with, the `const`
    of a constant excepted."""
    header = _HEADER.match(facts.signature_syn or facts.signature_ts)
    if header is None:
        return set()
    words = {word for word in header[1].split() if word[0] != '"'}
    if facts.kind in (NodeKind.CONST, NodeKind.ASSOCIATED_CONST):
        words.discard("const")
    return words


def derives_of(facts: NodeFacts) -> list[str]:
    """Paths of a node's derives, those that a `cfg_attr` adds included."""
    found: list[str] = []
    for text in _attribute_texts(facts):
        if match := _DERIVE.fullmatch(text):
            found += (re.sub(r"\s|r#", "", path) for path in _DERIVED.findall(_COMMENT.sub("", match[1])))
    return found


def attribute_names(facts: NodeFacts) -> list[str]:
    """Paths of a node's attributes, those that a `cfg_attr` adds included."""
    found = [_ATTRIBUTE_NAME.match(text) for text in _attribute_texts(facts)]
    return ["".join(match[1].split()) for match in found if match is not None]


def _attribute_texts(facts: NodeFacts) -> Iterator[str]:
    for text in facts.attributes:
        yield text
        if "cfg_attr" in text:
            yield from (one.text for one in split_cfg_attr(text))


def _has_all(paths: Sequence[str], wanted: Sequence[str]) -> bool:
    return all(any(path == one or path.endswith(f"::{one}") for path in paths) for one in wanted)


def _has_docs(facts: NodeFacts, text: bytes) -> bool:
    if facts.kind == NodeKind.MODULE and (description := describe(text)) is not None:
        return bool(description.docs)
    return bool(read_head(text.decode(errors="replace"), 0, is_inner=False).docs)
