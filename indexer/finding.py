"""Finding nodes by what they are: kind, visibility, qualifiers, attributes, features, docs, test or code.

Starts from the narrowest of name, feature and whole index, and looks at stored facts; texts are read last,
and only to see whether there are docs. Each page is a reading of its own, so that no save waits for all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hydrators.cfg import split_cfg_attr
from hydrators.exact import describe
from hydrators.exact.head import read_head
from indexer.classification import classification_of, test_files
from store import queries
from store.database import Database
from store.model import NodeFacts, NodeKind
from store.node_scan import Placed, gated_nodes, nodes_between, page_bounds, read_slices, with_spans
from store.nodes import FoundNode

_NAMED_MAX = 10_000
_BATCH = 500
_HEADER = re.compile(
    r'(?:pub(?:\([^)]*\))? )?((?:(?:default|const|async|unsafe|safe|extern|"[^"]*") )*)(\w+)'
)
_DERIVE = re.compile(r"\s*derive\s*\((.*)\)\s*", re.DOTALL)
_ATTRIBUTE_NAME = re.compile(r"\s*(?:unsafe\s*\(\s*)?([\w\s:]+)")
_UNDOCUMENTED = frozenset(
    {NodeKind.USE, NodeKind.IMPL, NodeKind.EXTERN_CRATE, NodeKind.EXTERN_BLOCK, NodeKind.MACRO_CALL}
)
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


def _candidates(db: Database, criteria: Criteria) -> Iterator[Sequence[Placed]]:
    if criteria.name:
        named = queries.find_nodes(db, criteria.name, _NAMED_MAX)
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
            found += ["".join(path.split()) for path in match[1].split(",")]
    return [path for path in found if path]


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
