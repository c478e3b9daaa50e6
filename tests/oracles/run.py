"""`make accuracy`: holds this project's facts against independent tools, and writes docs/accuracy.md.

python -P tests/oracles/run.py all
python -P tests/oracles/run.py calls --crate semver --show 40      (the daily tool: seconds, once recorded)
python -P tests/oracles/run.py compiler --crate semver --show 5    (with rust-analyzer at work)
python -P tests/oracles/run.py parity --rounds 50                  (random edits against cold hydrations)
python -P tests/oracles/run.py retrieval --show 20                 (some minutes, once the model is here)
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hydrators.models.local import InstalledModel
from tests.oracles import (
    calls,
    compiler,
    corpora,
    embeddings,
    hydrated,
    items,
    neighbours,
    ours,
    parity,
    report,
    retrieval,
    rustdoc,
    scip,
    signatures,
    summaries,
    symbols,
)
from tests.oracles.comparison import Finding, Outcome, Recall, Score
from tests.oracles.oracle import Oracle
from tests.oracles.tools import ToolMissing, say, version

_GROUPS = ("fixture", "development", "held out")
_TOOLS = ("rust-analyzer", "cargo", "rustc")
_PAGE_BY_ITSELF = ("compiler", "retrieval", "summaries")
_CHANGES = 5_000
_NEIGHBOUR_QUERIES = 500


def main() -> int:
    options = _parser().parse_args()
    if options.command == "parity":
        return run_parity(options)
    skipped: list[str] = []
    commands: dict[str, Callable[[argparse.Namespace, list[str]], dict[str, Any]]] = {
        "items": compare_items,
        "signatures": compare_signatures,
        "calls": compare_calls,
        "compiler": compare_compiler,
        "retrieval": compare_retrieval,
        "summaries": count_summaries,
    }
    sections: dict[str, Any] = {}
    whole = options.command in ("all", *_PAGE_BY_ITSELF) and not getattr(options, "crate", None)
    for name, command in commands.items():
        if options.command in (name, "all"):
            sections |= command(options, skipped)
            if whole:
                _keep(sections)  # a run that is broken off keeps what it has
    if whole:
        if options.command == "all":
            _keep({"tools": list(_versions()), "skipped": skipped})
        report.write(report.load())
        say(f"written: {report.PAGE.name}")
    if options.json:
        json.dump(sections, sys.stdout, indent=1)
        print()
    return 0


def compare_items(options: argparse.Namespace, skipped: list[str]) -> dict[str, Any]:
    """Rows of items and of rustdoc."""
    rows: list[report.Row] = []
    doc_rows: list[report.Row] = []
    for name, root in _trees(options, skipped):
        with _skipping(skipped, f"items of {name}"):
            found = ours.index(root, edges=False)
            outcome = items.compare(
                found, symbols.symbols({path: file.text for path, file in found.files.items()})
            )
            rows.append(report.item_row(name, outcome))
            _print(options, f"items {name}: found {outcome.found:.3%}, confirmed {outcome.confirmed:.3%}")
            for one in outcome.differences[: options.show]:
                _print(options, f"  {one.sort} {one.path}:{one.line}  {one.kind} {one.name}")
        if name in (*corpora.names("development"), *corpora.names("held out")):
            with _skipping(skipped, f"rustdoc of {name}"):
                documented = rustdoc.compare(found, rustdoc.items(corpora.load(name)))
                doc_rows.append(report.doc_row(name, documented))
                _print(options, f"rustdoc {name}: found {documented.share:.3%} of {documented.written}")
                for line in documented.missing[: options.show]:
                    _print(options, f"  missing {line}")
    return {"items": rows, "rustdoc": doc_rows}


def compare_signatures(options: argparse.Namespace, skipped: list[str]) -> dict[str, Any]:
    """Rows of signatures."""
    rows: list[report.Row] = []
    for name, root in _trees(options, skipped):
        with _skipping(skipped, f"signatures of {name}"):
            outcome = signatures.compare(ours.index(root, edges=False))
            rows.append(report.signature_row(name, outcome))
            _print(options, f"signatures {name}: {outcome.share:.3%} of {outcome.items - outcome.opaque}")
            for one in outcome.differences[: options.show]:
                _print(
                    options, f"  {one.sort} {one.path}:{one.line}\n    ours {one.ours}\n    syn  {one.syn}"
                )
    return {"signatures": rows}


def compare_calls(options: argparse.Namespace, skipped: list[str]) -> dict[str, Any]:
    """Rows of calls and implementations, with a sum for each set of crates."""
    rows: list[report.Row] = []
    without_node: Counter[str] = Counter()
    known = asked = 0
    groups = {name: calls.GROUPS[name] for name in options.group or calls.GROUPS}
    totals = {(kind, group): Outcome() for kind in _GROUPS for group in groups}
    for kind in _GROUPS:
        names = [name for name in corpora.names(kind) if name in (options.crate or corpora.names("all"))]
        for name in names:
            with _skipping(skipped, f"calls of {name}"):
                corpus = corpora.load(name)
                index = scip.index(corpus)
                say(f"isg index {name}")
                found = ours.index(corpus.root)
                for path, reason in found.skipped.items():
                    say(f"{name}: {path} is skipped by us: {reason}")
                oracle = Oracle(found, index)
                without_node += oracle.without_node
                known_here, asked_here = calls.knowledge(oracle)
                known, asked = known + known_here, asked + asked_here
                for group, compare in groups.items():
                    outcome = compare(oracle)
                    totals[kind, group].add(outcome)
                    rows.append(report.call_row(name, group, outcome))
                    _print_outcome(options, f"{name}: {group}", outcome)
        if kind != "fixture" and len(names) > 1:
            for group in groups:
                rows.append(report.call_row(f"all {kind}", group, totals[kind, group]))
                _print_outcome(options, f"all {kind}: {group}", totals[kind, group])
    return {"calls": {"rows": rows, "without_node": dict(without_node), "known": known, "asked": asked}}


def compare_compiler(options: argparse.Namespace, skipped: list[str]) -> dict[str, Any]:
    """Rows of what is known once rust-analyzer has spoken: signatures and resolved calls."""
    rows: list[report.Row] = []
    for name in corpora.names("compiler"):
        if name not in (options.crate or corpora.names("compiler")):
            continue
        with _skipping(skipped, f"rust-analyzer's word on {name}"):
            corpus = corpora.load(name)
            index = scip.index(corpus, features="default")
            say(f"hydrate {name}")
            found = hydrated.hydrate(corpus.root)
            signed = compiler.count_signatures(found, index)
            sites = compiler.compare_sites(found, Oracle(found.ours, index))
            rows.append(report.compiler_row(name, found, signed, sites))
            _print_compiler(options, name, found, signed, sites)
    return {"compiler": rows}


def compare_retrieval(options: argparse.Namespace, skipped: list[str]) -> dict[str, Any]:
    """Vectors against the reference's, descriptions against what they describe, the index against all vectors."""
    sections: dict[str, Any] = {}
    with _skipping(skipped, "vectors and retrieval"):
        model = embeddings.minilm()
        library = corpora.library_sources()
        recorded = embeddings.reference(model.context_tokens)
        found = embeddings.cosines(embeddings.embed(model.path, recorded.texts), recorded.vectors)
        sections["vectors"] = report.vector_row(recorded, found)
        _print(options, f"vectors {sections['vectors']}")
        functions = retrieval.functions(library)
        sections["retrieval"] = rows = []
        for title, text, outcome in retrieval.outcomes(functions, embeddings.remembering(model.path)):
            rows.append(report.retrieval_row(title, text, outcome))
            _print(options, f"retrieval {rows[-1]}")
        for one in functions[:: max(1, len(functions) // max(1, options.show))][: options.show]:
            _print(options, f"  {one.query}\n    {retrieval.summary_text(one)!r}")
        some = functions[:: len(functions) // _NEIGHBOUR_QUERIES]
        asked = embeddings.embed(model.path, [one.query for one in some])
        with tempfile.TemporaryDirectory(prefix="isg-accuracy-") as folder:
            sections["neighbours"] = list(_neighbours(library, Path(folder), model, asked))
        _print(options, f"neighbours {sections['neighbours']}")
    return sections


def count_summaries(options: argparse.Namespace, skipped: list[str]) -> dict[str, Any]:
    """How many lines by rule are sure, and which judged ones are others by now."""
    rows: list[report.Row] = []
    for name, root in _trees(options, skipped):
        rows.append(summaries.count(name, root))
        _print(options, f"summaries {rows[-1]}")
    with _skipping(skipped, "judged summaries"):
        for one, line in summaries.changed():
            _print(options, f"  judged as {one.verdict}: {one.one_line!r}, now {line!r}")
    return {"summaries": rows}


def _neighbours(
    library: Path, folder: Path, model: InstalledModel, asked: embeddings.Vectors
) -> Iterator[report.Row]:
    tree = neighbours.make_tree(library, retrieval.CRATES, folder, model)
    with tree.db:
        yield report.neighbour_row("as indexed", tree, asked)
        done = neighbours.change(tree, _CHANGES)
        say(f"{done.updated} updates, {done.deleted} deletes, {done.collected} vectors collected")
        yield report.neighbour_row(
            f"after {done.updated:,} updates and {done.deleted:,} deletes", tree, asked
        )


def run_parity(options: argparse.Namespace) -> int:
    """Rounds of edits with the real server; 1 if a row differs from a cold hydration, 0 if none does."""
    differing = edits = 0
    root = corpora.load(options.crate).root
    with tempfile.TemporaryDirectory(prefix="isg-parity-") as folder:
        rounds = parity.rounds(root, Path(folder), options.seed, options.edits)
        for number, found in zip(range(1, options.rounds + 1), rounds, strict=False):
            differing += found.differing
            edits += len(found.edits)
            print(
                f"round {number}: {len(found.edits)} edits in {found.edited_s:.1f} s, {found.rows} rows,"
                f" {found.differing} differ",
                flush=True,
            )
            if found.differing and options.show:
                print("\n".join(f"  {edit}" for edit in found.edits))
                for line in found.lines(options.show):
                    print(f"  {line}", flush=True)
    print(f"{edits} edits, {differing} differing rows")
    return 1 if differing else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make accuracy", description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    for name, text in (
        ("items", "items and spans, against rust-analyzer symbols and rustdoc"),
        ("signatures", "exact signatures, against syn"),
        ("calls", "calls and implementations, against rust-analyzer scip"),
        (
            "compiler",
            "what rust-analyzer has said once a workspace is hydrated, against its scip; and the page",
        ),
        ("retrieval", "vectors, summaries and their index: what descriptions find; and the page"),
        ("summaries", "how many lines by rule are sure; and the page"),
        ("all", "all of these, and docs/accuracy.md"),
    ):
        one = commands.add_parser(name, help=text)
        trees = corpora.names("compiler" if name == "compiler" else "all")
        if name in ("items", "signatures", "summaries"):
            trees.append("library")
        if name != "retrieval":
            one.add_argument("--crate", action="append", choices=trees, help="only this tree (repeat it)")
        one.add_argument("--show", type=int, default=0, metavar="N", help="list N differences of each sort")
        one.add_argument("--json", action="store_true", help="print the figures as JSON, and nothing else")
        if name in ("calls", "all"):
            one.add_argument("--group", action="append", choices=calls.GROUPS, help="only this (repeat it)")
            one.add_argument("--only", choices=("wrong", "silent", "missed"), help="list only this sort")
            one.add_argument(
                "--match", default="", help="list only lines that contain this: a rule, a reason, a path"
            )
    one = commands.add_parser("parity", help="a workspace edited while hydrated, against cold hydrations")
    one.add_argument("--crate", default="workspace", choices=corpora.names("compiler"))
    one.add_argument("--rounds", type=int, default=10)
    one.add_argument("--edits", type=int, default=20, help="in each round")
    one.add_argument("--seed", type=int, default=1)
    one.add_argument("--show", type=int, default=4, metavar="N", help="list N rows of each sort")
    return parser


@contextmanager
def _skipping(skipped: list[str], what: str) -> Iterator[None]:
    """Turns a missing tool into a line on standard error and an entry of `skipped`."""
    try:
        yield
    except ToolMissing as error:
        say(f"skipped {what}: {error}")
        # What a tool printed may name places of this machine; the page gets what stands before it.
        skipped.append(f"{what}: {str(error).partition(': ')[0]}")


def _trees(options: argparse.Namespace, skipped: list[str]) -> Iterator[tuple[str, Path]]:
    for name in options.crate or ["library", *corpora.names("all")]:
        with _skipping(skipped, name):
            yield name, corpora.library_sources() if name == "library" else corpora.load(name).root


def _keep(sections: dict[str, Any]) -> None:
    """Rows that a missing tool left empty stay those of the last run."""
    for section, value in sections.items():
        if value or section == "skipped":
            report.keep(section, value)


def _versions() -> Iterator[str]:
    for tool in _TOOLS:
        try:
            yield version(tool)
        except ToolMissing:
            yield f"no {tool}"


def _print(options: argparse.Namespace, line: str) -> None:
    if not options.json:
        print(line, flush=True)


def _print_outcome(options: argparse.Namespace, title: str, outcome: Outcome) -> None:
    if options.json:
        return
    print(f"\n== {title}")
    print(f"  bound edges     {_score(outcome.bound)}")
    print(f"  all candidates  {_score(outcome.all)}")
    print(f"  recall          {_recall(outcome.recall)}")
    for rule, score in sorted(outcome.by_rule.items()):
        print(f"    rule {rule:28} {_score(score)}")
    for form, score in sorted(outcome.by_reference.items()):
        print(f"    ours {form:28} {_score(score)}")
    for form, recall in sorted(outcome.by_form.items()):
        print(f"    form {form:28} {_recall(recall)}")
    for sort, reasons in (
        ("wrong", outcome.wrong_because),
        ("silent", outcome.silent_because),
        ("missed", outcome.missed_because),
    ):
        for reason, count in reasons.most_common():
            print(f"    {sort} {count:6}  {reason}")
    print(f"    from a name of std or another crate, at any weight: {outcome.to_std}")
    sorts = {"wrong": outcome.wrong, "silent": outcome.silent, "missed": outcome.missed}
    for sort, findings in sorts.items():
        if options.only in (None, sort):
            lines = [line for line in _lines(findings) if options.match in line]
            for line in lines[: options.show]:
                print(f"  {sort} {line}")


def _print_compiler(
    options: argparse.Namespace,
    name: str,
    found: hydrated.Hydrated,
    signed: compiler.SignatureCount,
    sites: compiler.SiteOutcome,
) -> None:
    if options.json:
        return
    print(f"\n== {name}: hydrated in {found.seconds:.1f} s")
    print(
        f"  functions {signed.functions}, with signature {signed.signed}, with neither {len(signed.neither)}"
    )
    for reason, count in signed.reasons.most_common():
        print(f"    {count:6}  {reason}")
    for line in [*signed.neither, *signed.doubtful][: options.show]:
        print(f"    {line}")
    print(f"  common sites {sites.common}, agreeing {_share(sites.share)}, impl not named {sites.coarse}")
    print(f"  of these outside of the tree {sites.common_external}, agreeing {sites.agreeing_external}")
    for title, tally in (
        ("differ", sites.differences),
        ("only ours", sites.only_ours),
        ("only theirs", sites.only_theirs),
    ):
        for why, count in tally.most_common():
            print(f"    {title} {count:6}  {why}")
            for line in sites.findings[why][: options.show]:
                print(f"      {line}")


def _lines(findings: Iterable[Finding]) -> Iterator[str]:
    for one in findings:
        yield f"{one.path}:{one.line}  {one.source} → {one.target}  [{one.how}]  {one.why}"


def _score(score: Score) -> str:
    return f"precision {_share(score.precision)}  right {score.right:6}  wrong {score.wrong:5}  silent {score.silent:5}"


def _recall(recall: Recall) -> str:
    any_ = recall.any / recall.expected if recall.expected else None
    return f"bound {_share(recall.share)}  any {_share(any_)}  of {recall.expected:6}"


def _share(share: float | None) -> str:
    return "     –" if share is None else f"{share:6.1%}"


if __name__ == "__main__":  # worker processes import this module again
    raise SystemExit(main())
