"""How well a description finds the function that it describes, among functions without documentation.

Queries are the first sentences of the documentation of the Rust library's functions; what is searched is made of
a copy in which every doc comment is blank, so that no query stands in what it is to find. Texts and summaries are
the product's own. Knows neither models nor stores: vectors come from whoever calls.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hydrators.embed import embed_text
from hydrators.summarise import summarise_file
from hydrators.tolerant import extract_facts
from hydrators.tolerant.tokens import TOKEN
from store.model import FileFacts, FileStat, NodeFacts, NodeKind
from tests.oracles.tools import say

Scores = NDArray[np.float64]
Embed = Callable[[Sequence[str]], NDArray[np.float32]]

CRATES = ("alloc", "core", "std")
FIRST = 10
_WHOLE = "its header and summary"
_FEWEST_WORDS = 4
_FUSION_K = 60
_NO_STAT = FileStat(0, 0, 0, 0)
_FUNCTIONS = (NodeKind.FUNCTION, NodeKind.METHOD)
_DOC_COMMENT = (b"///", b"//!", b"/**", b"/*!")
_LINK = re.compile(r"\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])?")
_SENTENCE = re.compile(r"(.+?[.!?])(?:\s|$)(?<!e\.g\.\s)(?<!i\.e\.\s)")
_LETTERS_OR_DIGITS = re.compile(r"[^\W\d_]+|\d+")
_HUMP = re.compile(r"(?<=[^\WA-Z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][^\WA-Z])")


class Function(NamedTuple):
    """A documented function. `query` is the first sentence of its documentation, `id` its node's there; the others
    are of the copy without: the `node`, its `code`, and `line`, its summary by rule."""

    id: str
    query: str
    node: NodeFacts
    code: str
    line: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """Mean reciprocal ranks among the first ten. `development` is the half of the queries that recipes and rules may
    be tuned on, `held_out` the other one; `first_ten` is the share of queries that find their function there."""

    queries: int
    functions: int
    vectors: float
    development: float
    held_out: float
    first_ten: float
    bm25: float
    fused: float


# ------------------------------------------------------------------ the functions


def functions(library: Path, crates: Sequence[str] = CRATES) -> list[Function]:
    """All documented functions of these crates of the library, by path and place."""
    found: list[Function] = []
    for crate in crates:
        for file in sorted((library / crate / "src").rglob("*.rs")):
            path = file.relative_to(library).as_posix()
            found += functions_of(path, file.read_bytes())
    return found


def functions_of(path: str, data: bytes) -> list[Function]:
    """Those of one file. A node is the same in both copies if it ends at the same byte."""
    documented = extract_facts(path, data, _NO_STAT)
    queries: dict[tuple[int, str, str], tuple[str, str]] = {
        (span.end_byte, node.kind, node.name): (node.id, query)
        for node, span in zip(documented.nodes, documented.spans, strict=True)
        if node.kind in _FUNCTIONS
        and not node.is_test
        and (query := first_sentence(data[span.start_byte : span.end_byte]))
    }
    if not queries:
        return []
    bare = without_docs(data)
    facts: FileFacts = extract_facts(path, bare, _NO_STAT)
    lines = summarise_file(facts)
    found = []
    for node, span in zip(facts.nodes, facts.spans, strict=True):
        asked = queries.get((span.end_byte, node.kind, node.name))
        if asked is not None:
            line, _, confidence = lines.get(node.id, ("", "", 0.0))
            code = bare[span.start_byte : span.end_byte].decode("utf-8", "replace")
            found.append(Function(*asked, node, code, line, confidence))
    return found


def first_sentence(code: bytes) -> str:
    """Of the doc comment that an item begins with, without its mark-up; "" if there is none."""
    paragraph: list[str] = []
    for raw in code.decode("utf-8", "replace").split("\n"):
        line = raw.strip()
        if line.startswith("///") and not line.startswith("////"):
            text = line[3:].strip()
            if not text and paragraph:
                break
            if text.startswith(("#", "```", "<", "|", "* ", "- ")):
                break
            if text:
                paragraph.append(text)
        elif line and not line.startswith("#["):
            break
    plain = _LINK.sub(r"\1", " ".join(paragraph)).replace("`", "").replace("*", "")
    sentence = _SENTENCE.match(plain)
    return (sentence[1] if sentence else plain).strip()


def without_docs(data: bytes) -> bytes:
    """The same text with blanks for doc comments and `doc = …` attributes: every byte stays in its place."""
    blank = bytearray(data)
    tokens = [(match.start(1), match.end(1)) for match in TOKEN.finditer(data) if match[1]]
    words = [data[start:end] for start, end in tokens]
    at = 0
    while at < len(tokens):
        end = at + 1
        if words[at] == b"#":
            bracket = at + 2 if words[at + 1 : at + 2] == [b"!"] else at + 1
            if words[bracket : bracket + 3] == [b"[", b"doc", b"="]:
                end = _closing(words, bracket)
        if end > at + 1 or words[at].startswith(_DOC_COMMENT):
            for place in range(tokens[at][0], tokens[end - 1][1]):
                if blank[place] not in b"\r\n":
                    blank[place] = 0x20
        at = end
    return bytes(blank)


def _closing(words: list[bytes], bracket: int) -> int:
    """Behind the bracket that closes the one at `bracket`."""
    depth = 0
    for at in range(bracket, len(words)):
        depth += (words[at] == b"[") - (words[at] == b"]")
        if depth == 0:
            return at + 1
    return len(words)


def is_asked_for(found: Sequence[Function]) -> list[bool]:
    """Whether each can be asked for: by a sentence of some words that no other one has."""
    counts = Counter(one.query for one in found)
    return [counts[one.query] == 1 and len(one.query.split()) >= _FEWEST_WORDS for one in found]


def is_for_tuning(one: Function) -> bool:
    """Whether a query belongs to the half that may be looked at."""
    return hashlib.sha1(one.id.encode()).digest()[0] % 2 == 0


def is_named(one: Function) -> bool:
    """Whether the query holds a word of the function's name."""
    return not set(_words_of(one.node.name)).isdisjoint(_words_of(one.query))


# ------------------------------------------------------------------ texts


def code_text(one: Function) -> str:
    return one.code


def header_text(one: Function) -> str:
    return embed_text(one.node, "")


def summary_text(one: Function) -> str:
    return embed_text(one.node, one.line)


# ------------------------------------------------------------------ what is compared


def outcomes(found: Sequence[Function], embed: Embed) -> Iterator[tuple[str, str, Outcome]]:
    """(which queries among which functions, what stands for a function, outcome)."""
    asked = is_asked_for(found)
    public = [
        one for one, is_one in zip(found, asked, strict=True) if is_one and one.node.visibility == "pub"
    ]
    title = "public functions among each other"
    everything = [True] * len(public)
    for name, text in (("its code", code_text), ("its header", header_text)):
        yield title, name, compare(public, everything, text, embed)
    yield title, _WHOLE, compare(public, everything, summary_text, embed)
    unnamed = [not is_named(one) for one in public]
    yield "of these, no word of the name in the query", _WHOLE, compare(public, unnamed, summary_text, embed)
    yield "all functions, private and of traits too", _WHOLE, compare(found, asked, summary_text, embed)


# ------------------------------------------------------------------ ranks


def compare(
    found: Sequence[Function],
    is_asked: Sequence[bool],
    text: Callable[[Function], str],
    embed: Embed,
) -> Outcome:
    """Ask for those of `is_asked` among all of `found`."""
    say(f"{text.__name__}: {sum(is_asked):,} queries, {len(found):,} functions")
    asked = [one for one, wanted in zip(found, is_asked, strict=True) if wanted]
    answers = np.flatnonzero(np.array(is_asked))
    queries = [one.query for one in asked]
    texts = [text(one) for one in found]
    by_vectors: Scores = (embed(queries) @ embed(texts).T).astype(np.float64)
    by_words = Bm25([_words_of(one) for one in texts]).scores([_words_of(query) for query in queries])
    ranks = reciprocal_ranks(by_vectors, answers)
    tuning = np.array([is_for_tuning(one) for one in asked])
    return Outcome(
        queries=len(queries),
        functions=len(found),
        vectors=_mean(ranks),
        development=_mean(ranks[tuning]),
        held_out=_mean(ranks[~tuning]),
        first_ten=_mean(ranks > 0),
        bm25=_mean(reciprocal_ranks(by_words, answers)),
        fused=_mean(reciprocal_ranks(fused(by_vectors, by_words), answers)),
    )


def reciprocal_ranks(scores: Scores, answers: NDArray[np.int64]) -> Scores:
    """1 / rank of each row's answer, 0 beyond the first ten. What scores as high as the answer goes before it."""
    own = np.take_along_axis(scores, answers[:, None], axis=1)
    ranks = (scores >= own).sum(axis=1)
    return np.where(ranks <= FIRST, 1.0 / ranks, 0.0)


def fused(*rankings: Scores) -> Scores:
    """Reciprocal rank fusion (Cormack, Clarke and Büttcher 2009), k = 60."""
    total = np.zeros_like(rankings[0])
    for scores in rankings:
        order = (-scores).argsort(axis=1, kind="stable")
        ranks = np.empty_like(order)
        np.put_along_axis(ranks, order, np.arange(1, scores.shape[1] + 1)[None, :], axis=1)
        total += 1.0 / (_FUSION_K + ranks)
    return total


class Bm25:
    """Okapi BM25 (k1 = 1.2, b = 0.75) over texts given as words."""

    def __init__(self, texts: Sequence[Sequence[str]]) -> None:
        self._count = len(texts)
        found: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
        for at, words in enumerate(texts):
            for word, times in Counter(words).items():
                found[word].append((at, times))
        self._found = {word: np.array(places) for word, places in found.items()}
        lengths = np.array([len(words) for words in texts], np.float64)
        self._weights = 1.2 * (0.25 + 0.75 * lengths / max(1.0, lengths.mean()))

    def scores(self, queries: Sequence[Sequence[str]]) -> Scores:
        """A row a query, a column a text."""
        scores = np.zeros((len(queries), self._count))
        for row, words in zip(scores, queries, strict=True):
            for word in words:
                places = self._found.get(word)
                if places is not None:
                    at, times = places[:, 0], places[:, 1]
                    rarity = math.log(1 + (self._count - len(at) + 0.5) / (len(at) + 0.5))
                    row[at] += rarity * times * 2.2 / (times + self._weights[at])
        return scores


def _mean(values: NDArray[Any]) -> float:
    return float(values.mean()) if len(values) else 0.0


def _words_of(text: str) -> list[str]:
    """Words as a search by words knows them: `HTTPServerError` → http, server, error."""
    return [word.lower() for piece in _LETTERS_OR_DIGITS.findall(text) for word in _HUMP.split(piece)]
