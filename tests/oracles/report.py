"""docs/accuracy.md: what was compared with what, and the figures of the last runs.

Each comparison leaves its rows in one JSON file in the cache; the page is made from whatever is there. Knows the
shape of the rows and nothing of how they were measured.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from store import vectors
from tests.oracles import neighbours, retrieval, summaries
from tests.oracles.comparison import Outcome, Recall, Score
from tests.oracles.compiler import SignatureCount, SiteOutcome
from tests.oracles.embeddings import Reference, Vectors
from tests.oracles.hydrated import Hydrated
from tests.oracles.items import ItemOutcome
from tests.oracles.oracle import ELSEWHERE
from tests.oracles.rustdoc import DocOutcome
from tests.oracles.signatures import SignatureOutcome
from tests.oracles.tools import ROOT, cache_dir

PAGE = ROOT / "docs" / "accuracy.md"

Row = dict[str, Any]
_STORED_QUERIES = 500

_INTRO = """\
<!-- written by `make accuracy`; change tests/oracles/report.py, not this page -->
# Accuracy

How far the facts that `isg` has *before* rust-analyzer has spoken agree with independent tools, how well it asks
rust-analyzer, and what its vectors and summaries find. `make accuracy` makes this page; it takes some minutes, needs cargo and rust-analyzer, and fetches the crates named below once.
A tool that is absent is named at the end, and its rows are those of the last run.
"""
_ITEMS = """\
## Items and spans

Against the parser of rust-analyzer (`rust-analyzer symbols`, the source of documentSymbol), file by file. Two items
are one if kind, name and last byte agree; *same start* says whether the first byte does too. *Found* is the share of
rust-analyzer's items that we have, *confirmed* the share of ours that it has. `use`, `extern crate`, `const _` and
macro calls are no items to it. It reads single files as of the newest edition, so that `mod gen` is none either.
"""
_DOC = """\
Against rustdoc's JSON (`--document-private-items`, all features where the crate compiles with
them), which says what is compiled: every item whose
span holds its own text has to be one of ours that ends at the same byte. What derives and macros made stands in no
text; bodies of functions are hidden from rustdoc.
"""
_SIGNATURES = """\
## Canonical signatures

Against syn 2 (`tests/oracles/syn_items`). Syn gets each item's own text; accepted or refused must agree, and so must
the tokens of the signature (spacing and trailing commas aside). *Opaque* items are syntax that syn takes in without
understanding it (`Item::Verbatim`): there is no signature to compare, and they are left out of the share.
"""
_CALLS = """\
## Calls and implementations

Against `rust-analyzer scip`, all features on, with the sources of std at hand. A pair is (node, function, method or
macro that it calls or names as a value); operators, and names in `use`, count on neither side. *Bound* edges have a
weight of 0.5 or more, the others are candidates of an ambiguous name. **Precision** is of bound edges, and **recall**
counts bound edges only; *any* counts candidates as well.

An edge is *silent*, neither right nor wrong, where rust-analyzer has no opinion: code that is configured out, bodies
of `macro_rules!`, a name that it cannot resolve itself. *At worst* is the precision if all silent ones were wrong.
Where it gives one symbol to several definitions (test binaries with equal names, cfg twins), any of them is right.
Calls of functions that a macro made are no pairs: there is no node to point at.

The crates of *development* were looked at while name resolution was tuned; those *held out* were not.
"""

_COMPILER = """\
## Once rust-analyzer has spoken

A trusted workspace is hydrated by a real daemon, and what it stored of rust-analyzer's word is held against
`rust-analyzer scip` on the same tree with the same features. Both are one program asked in two ways: this shows
whether what is asked, where, and how answers become nodes is right.

Every function and method has rust-analyzer's signature or a stated reason why it has none.
"""
_SITES = """\
A call site is the byte where a called name begins. *Common* sites are those where we have a CALLS edge of provenance
`ra` and the index has an occurrence. They agree if one of our targets is what the occurrence means: the node whose
name stands where the index defines it; outside of the tree, a definition of the same crate, version and path (modules,
type, trait, name). Of an impl without parameters rust-analyzer's hover, where such paths come from, tells neither its
primitive type nor its trait: there crate, modules and name agree, and the *impl is not named*.
*Share* counts it as agreement, differences as none.
"""

_VECTORS = """\
## Vectors

Texts of Rust code and prose, of every length, through the service's own child (llama.cpp, our conversion of the
model to f16) against the package that the model comes in, with sentence-transformers and torch, as recorded in
`fixtures/embeddings`. *Read otherwise* are texts that the two tokenizers cut into other tokens, each with its reason
in `tests/oracles/test_embeddings.py`.
"""
_RETRIEVAL = """\
## What a description finds

Documented functions of alloc, core and std, asked for by the first sentence of their documentation. What is searched
is made of a copy of these sources in which every doc comment and `#[doc = …]` is blank, so that no query stands in
what it is to find: header and summary by rule are those that a function without documentation has. Asked for is
whatever has a sentence of at least four words that no other function has.

Figures are MRR@10, the mean of 1 / rank among the first ten, 0 beyond; what scores as high as the answer is ranked
before it. BM25 sees the same texts as words, without stems; *fused* is by reciprocal ranks, k = 60. Recipes and rules
may be tuned on the queries of *development*, a half by hash; those *held out* confirm.
"""
_NEIGHBOURS = """\
### The index of vectors

The ten nearest nodes by the HNSW index of the store against a comparison of all vectors, on the nodes of alloc,
core and std with their real summaries. *Descriptions* are doc sentences of functions, as somebody would ask;
*stored vectors* are what "similar to this node" asks. The service itself compares all vectors up to
{exact:,}, and uses the index beyond.
"""


def vector_row(recorded: Reference, found: NDArray[np.float64], least: float = 0.9999) -> Row:
    """`found` is the cosine of each recorded text's vector to ours."""
    same = found[found >= least]
    return {
        "texts": len(found),
        "longest": int(recorded.tokens.max()),
        "same": len(same),
        "least": float(same.min()),
        "median": float(np.median(found)),
        "made_by": recorded.made_by,
    }


def retrieval_row(title: str, text: str, outcome: retrieval.Outcome) -> Row:
    return {"name": title, "text": text, **asdict(outcome)}


def neighbour_row(title: str, tree: neighbours.Tree, asked: Vectors) -> Row:
    """Measures: the tree is as it is only now."""
    stored = vectors.recall_at(tree.db, neighbours.NEAREST, _STORED_QUERIES, 1)
    return {
        "name": title,
        "nodes": len(tree.keys),
        "vectors": len(tree.vectors),
        "descriptions": neighbours.recall(tree, asked),
        "stored": stored.recall if stored is not None else None,
        "exact_up_to": vectors.EXACT_UP_TO,
    }


def item_row(name: str, outcome: ItemOutcome) -> Row:
    return {
        "name": name,
        "files": outcome.files,
        "lines": outcome.lines,
        "theirs": outcome.theirs,
        "ours": outcome.ours,
        "common": outcome.common,
        "exact": outcome.exact,
        "classes": dict(outcome.classes),
    }


def doc_row(name: str, outcome: DocOutcome) -> Row:
    return {
        "name": name,
        "written": outcome.written,
        "found": outcome.found,
        "made": outcome.made,
        "classes": dict(outcome.classes),
    }


def signature_row(name: str, outcome: SignatureOutcome) -> Row:
    return {
        "name": name,
        "items": outcome.items,
        "equal": outcome.equal,
        "opaque": outcome.opaque,
        "both_refuse": outcome.both_refuse,
        "classes": dict(outcome.classes),
    }


def call_row(name: str, group: str, outcome: Outcome) -> Row:
    """One comparison of `calls.GROUPS` as plain data, without findings."""
    return {
        "name": name,
        "group": group,
        "bound": _score(outcome.bound),
        "all": _score(outcome.all),
        "recall": _recall(outcome.recall),
        "by_rule": {rule: _score(score) for rule, score in sorted(outcome.by_rule.items())},
        "by_reference": {kind: _score(score) for kind, score in sorted(outcome.by_reference.items())},
        "by_form": {form: _recall(recall) for form, recall in sorted(outcome.by_form.items())},
        "wrong": dict(outcome.wrong_because.most_common()),
        "silent": dict(outcome.silent_because.most_common()),
        "missed": dict(outcome.missed_because.most_common()),
        "to_std": outcome.to_std,
    }


def compiler_row(name: str, found: Hydrated, signed: SignatureCount, sites: SiteOutcome) -> Row:
    """What is said of one hydrated tree, as plain data."""
    files = found.ours.files.values()
    return {
        "name": name,
        "files": len(files),
        "lines": sum(file.text.count(b"\n") for file in files),
        "functions": signed.functions,
        "signed": signed.signed,
        "reasons": dict(signed.reasons.most_common()),
        "neither": len(signed.neither),
        "doubtful": len(signed.doubtful),
        "common": sites.common,
        "agreeing": sites.agreeing,
        "coarse": sites.coarse,
        "common_external": sites.common_external,
        "agreeing_external": sites.agreeing_external,
        "differences": dict(sites.differences.most_common()),
        "only_ours": dict(sites.only_ours.most_common()),
        "only_theirs": dict(sites.only_theirs.most_common()),
    }


def keep(section: str, value: Any) -> None:
    """Replaces one section of what the page is made from."""
    document = load()
    document[section] = value
    _rows_file().write_text(json.dumps(document, indent=1), encoding="utf-8")


def load() -> dict[str, Any]:
    """Everything kept so far, by section."""
    path = _rows_file()
    return dict(json.loads(path.read_text("utf-8"))) if path.exists() else {}


def write(document: Mapping[str, Any], page: Path = PAGE) -> None:
    """Writes the page."""
    page.write_text("\n".join(_page(document)).rstrip() + "\n", encoding="utf-8")


def _page(document: Mapping[str, Any]) -> Iterable[str]:
    yield _INTRO
    if tools := document.get("tools"):
        yield "Tools of the last run: " + ", ".join(tools) + "."
        yield ""
    if rows := document.get("items"):
        yield _ITEMS
        yield from _table(
            ("tree", "files", "lines", "theirs", "ours", "found", "confirmed", "same start"),
            [
                (
                    row["name"], _n(row["files"]), _n(row["lines"]), _n(row["theirs"]), _n(row["ours"]),
                    _share(row["common"], row["theirs"]), _share(row["common"], row["ours"]),
                    _share(row["exact"], row["common"]),
                )
                for row in _with_sum(rows, ("files", "lines", "theirs", "ours", "common", "exact"))
            ],
        )  # fmt: skip
        yield from _classes(rows)
    if rows := document.get("rustdoc"):
        yield _DOC
        yield from _table(
            ("crate", "written items", "found", "share", "made by macros and derives"),
            [
                (
                    row["name"],
                    _n(row["written"]),
                    _n(row["found"]),
                    _share(row["found"], row["written"]),
                    _n(row["made"]),
                )
                for row in _with_sum(rows, ("written", "found", "made"))
            ],
        )
        yield from _classes(rows)
    if rows := document.get("signatures"):
        yield _SIGNATURES
        yield from _table(
            ("tree", "items", "opaque", "equal", "refused by both", "share"),
            [
                (
                    row["name"], _n(row["items"]), _n(row["opaque"]), _n(row["equal"]), _n(row["both_refuse"]),
                    _share(row["equal"], row["items"] - row["opaque"]),
                )
                for row in _with_sum(rows, ("items", "equal", "opaque", "both_refuse"))
            ],
        )  # fmt: skip
        yield from _classes(rows)
    if calls := document.get("calls"):
        yield _CALLS
        yield from _call_tables(calls)
    if rows := document.get("compiler"):
        yield _COMPILER
        yield from _compiler_tables(rows)
    if row := document.get("vectors"):
        yield _VECTORS
        yield from _table(
            ("texts", "longest, tokens", "cosine ≥ 0.9999", "least of these", "median", "read otherwise"),
            [
                (
                    _n(row["texts"]), _n(row["longest"]), _n(row["same"]), f"{row['least']:.7f}",
                    f"{row['median']:.7f}", _n(row["texts"] - row["same"]),
                )
            ],
        )  # fmt: skip
        yield (
            "The reference: " + ", ".join(f"{name} {number}" for name, number in row["made_by"].items()) + "."
        )
        yield ""
    if rows := document.get("retrieval"):
        yield _RETRIEVAL
        yield from _retrieval_table(rows)
    if rows := document.get("neighbours"):
        yield _NEIGHBOURS.format(exact=rows[0]["exact_up_to"])
        yield from _table(
            ("", "nodes", "vectors", "recall@10, descriptions", "recall@10, stored vectors"),
            [
                (
                    row["name"], _n(row["nodes"]), _n(row["vectors"]), f"{row['descriptions']:.4f}",
                    "–" if row["stored"] is None else f"{row['stored']:.4f}",
                )
                for row in rows
            ],
        )  # fmt: skip
    if rows := document.get("summaries"):
        yield from summaries.render(rows)
    yield from _how(document.get("skipped", []))


def _compiler_tables(rows: Sequence[Row]) -> Iterable[str]:
    counted = ("files", "lines", "functions", "signed", "neither", "common", "agreeing", "coarse")
    both = _with_sum(rows, (*counted, "common_external", "agreeing_external"))
    yield from _table(
        ("tree", "files", "lines", "functions", "signature", "reason", "neither"),
        [
            (
                row["name"], _n(row["files"]), _n(row["lines"]), _n(row["functions"]), _n(row["signed"]),
                _n(row["functions"] - row["signed"] - row["neither"]), _n(row["neither"]),
            )
            for row in both
        ],
    )  # fmt: skip
    yield from _by_class("Reasons", rows, "reasons")
    yield _SITES
    yield from _table(
        (
            "tree", "common sites", "agree", "impl not named", "differ", "share", "outside of the tree",
            "agree in full",
        ),
        [
            (
                row["name"], _n(row["common"]), _n(row["agreeing"]), _n(row["coarse"]),
                _n(row["common"] - row["agreeing"] - row["coarse"]),
                _share(row["agreeing"] + row["coarse"], row["common"]),
                _n(row["common_external"]), _n(row["agreeing_external"]),
            )
            for row in both
        ],
    )  # fmt: skip
    yield from _by_class("Differences", rows, "differences")
    yield from _by_class("Sites of ours that the index does not have", rows, "only_ours")
    yield from _by_class("Calls in the index without an edge of ours", rows, "only_theirs")


def _retrieval_table(rows: Sequence[Row]) -> Iterable[str]:
    for title in dict.fromkeys(row["name"] for row in rows):
        some = [row for row in rows if row["name"] == title]
        yield f"{title.capitalize()}: {_n(some[0]['queries'])} queries, {_n(some[0]['functions'])} functions."
        yield ""
        yield from _table(
            (
                "a function is", "vectors", "development", "held out", "in the first ten",
                "BM25", "fused",
            ),
            [
                (
                    row["text"],
                    *(f"{row[one]:.3f}" for one in ("vectors", "development", "held_out")),
                    f"{100 * row['first_ten']:.1f} %",
                    *(f"{row[one]:.3f}" for one in ("bm25", "fused")),
                )
                for row in some
            ],
        )  # fmt: skip


def _call_tables(calls: Mapping[str, Any]) -> Iterable[str]:
    for group in dict.fromkeys(row["group"] for row in calls["rows"]):
        rows = [row for row in calls["rows"] if row["group"] == group]
        yield f"### {group.capitalize()}"
        yield ""
        yield from _table(
            ("crate", "precision", "at worst", "right", "wrong", "silent", "recall", "any", "of"),
            [
                (
                    row["name"], _precision(row["bound"]),
                    _share(row["bound"]["right"], sum(row["bound"].values())), _n(row["bound"]["right"]),
                    _n(row["bound"]["wrong"]), _n(row["bound"]["silent"]),
                    _share(row["recall"]["bound"], row["recall"]["expected"]),
                    _share(row["recall"]["any"], row["recall"]["expected"]), _n(row["recall"]["expected"]),
                )
                for row in rows
            ],
        )  # fmt: skip
    shapes = [row for row in calls["rows"] if row["name"] == "shapes" and row["group"] == "functions"]
    for row in shapes:
        yield (
            f"On `fixtures/shapes`, **{sum(n for why, n in row['wrong'].items() if why.startswith(ELSEWHERE))}** bound edges"
            f" lead from a name that means something of std to a function of the project; of any weight: {row['to_std']}."
        )
        yield ""
    for group in ("all development", "all held out"):
        row = next(
            (row for row in calls["rows"] if row["name"] == group and row["group"] == "functions"), None
        )
        if row is None:
            continue
        yield f"### Functions by rule and form, {group.removeprefix('all ')} crates"
        yield ""
        yield from _table(
            ("rule", "precision", "right", "wrong", "silent"),
            [
                (rule, _precision(score), _n(score["right"]), _n(score["wrong"]), _n(score["silent"]))
                for rule, score in row["by_rule"].items()
            ],
        )
        yield from _table(
            ("our reference", "precision", "right", "wrong", "silent"),
            [
                (kind, _precision(score), _n(score["right"]), _n(score["wrong"]), _n(score["silent"]))
                for kind, score in row["by_reference"].items()
            ],
        )
        yield from _table(
            ("form in the text", "recall", "any", "of"),
            [
                (
                    form,
                    _share(one["bound"], one["expected"]),
                    _share(one["any"], one["expected"]),
                    _n(one["expected"]),
                )
                for form, one in row["by_form"].items()
            ],
        )
        for sort, title in (
            ("wrong", "Wrong, because rust-analyzer says"),
            ("silent", "Silent"),
            ("missed", "Missed"),
        ):
            if row[sort]:
                yield f"{title}: " + ", ".join(f"{why} {_n(count)}" for why, count in row[sort].items()) + "."
                yield ""
    if calls.get("asked"):
        yield (
            f"Of the {_n(calls['asked'])} names that we take for calls, outside of macro definitions and of code that is"
            f" configured out, rust-analyzer knows what {_share(calls['known'], calls['asked'])} mean, std's included."
        )
        yield ""
    if calls["without_node"]:
        yield "References to functions and macros that are no node of ours, and therefore no pairs: " + (
            ", ".join(f"{why} {_n(count)}" for why, count in calls["without_node"].items()) + "."
        )
        yield ""


def _how(skipped: Sequence[str]) -> Iterable[str]:
    yield "## How to run it again"
    yield ""
    yield "```console"
    yield "$ make accuracy                                  # everything, and this page"
    yield '$ make accuracy ACCURACY="calls --crate semver --show 40"   # one crate, and its differences'
    yield "$ make accuracy ACCURACY=compiler                 # what rust-analyzer says, and this page"
    yield "$ make accuracy ACCURACY=retrieval                # vectors and what they find, and this page"
    yield "$ make accuracy ACCURACY=summaries                # lines by rule, and this page"
    yield '$ make accuracy ACCURACY="items --json"           # one comparison, as JSON'
    yield "```"
    yield ""
    yield "Crates, builds and recorded answers are kept in the user's cache, in `isg-accuracy`."
    if skipped:
        yield ""
        yield "Not compared in the last run:"
        yield ""
        yield from (f"- {reason}" for reason in skipped)


def _with_sum(rows: Sequence[Row], columns: Sequence[str]) -> list[Row]:
    total: Row = {"name": "**all**", **{column: sum(row[column] for row in rows) for column in columns}}
    return [*rows, total] if len(rows) > 1 else list(rows)


def _classes(rows: Sequence[Row]) -> Iterable[str]:
    yield from _by_class("Differences", rows, "classes")


def _by_class(title: str, rows: Sequence[Row], column: str) -> Iterable[str]:
    """Counts by class, with the trees that they are in."""
    found: dict[str, list[str]] = {}
    for row in rows:
        for sort, count in row[column].items():
            found.setdefault(sort, []).append(f"{row['name']} {_n(count)}")
    if found:
        yield f"{title}:"
        yield ""
        yield from (f"- {sort}: {', '.join(where)}" for sort, where in sorted(found.items()))
        yield ""


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterable[str]:
    yield "| " + " | ".join(columns) + " |"
    yield "| --- |" + " ---: |" * (len(columns) - 1)
    yield from ("| " + " | ".join(row) + " |" for row in rows)
    yield ""


def _score(score: Score) -> dict[str, int]:
    return {"right": score.right, "wrong": score.wrong, "silent": score.silent}


def _recall(recall: Recall) -> dict[str, int]:
    return {"expected": recall.expected, "bound": recall.bound, "any": recall.any}


def _precision(score: Mapping[str, int]) -> str:
    return _share(score["right"], score["right"] + score["wrong"])


def _share(part: int, whole: int) -> str:
    """Rounded down: 100 % means all."""
    return f"{part * 10_000 // whole / 100:.2f} %" if whole else "–"


def _n(count: int) -> str:
    return f"{count:,}"


def _rows_file() -> Path:
    return cache_dir() / "accuracy.json"
