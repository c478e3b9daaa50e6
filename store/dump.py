"""Whole stores in canonical form, to be compared: what the text says, what rust-analyzer says, and what nodes
mean."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from store.database import Database, Rows, Run
from store.edges import Link, links_of
from store.node_names import live_names, names_of
from store.nodes import read_nodes
from store.rows import NO_EDGES, record_from_row, unpack_edges, unpack_sources
from store.schema import Rank
from store.transaction import COLUMNS
from store.vector_models import find_wanted, read_models

_EDGES = "?[src, edges] := *isg_edges{src_id: src, edges}"
_HEURISTIC = "?[src, edges] := *heuristic_edges{src_id: src, edges}"


def dump(db: Database) -> dict[str, list[Any]]:
    """Everything that an index built from scratch would hold as well, in canonical order: no clocks, no
    stat columns, no log, and the edges as resolution has found them. Two stores of the same tree are equal if
    and only if their dumps are."""
    with db.reading() as run:
        rows = run(f"?[{COLUMNS['files']}] := *files{{{COLUMNS['files']}}}")
        files = [[*record[:5], *record[6:], row[11]] for row in rows for record in (record_from_row(row),)]
        merged, heuristic = dict(run(_EDGES)), dict(run(_HEURISTIC))
        edges = {**merged, **heuristic}
        was, now = _links(merged, heuristic), _links(heuristic, heuristic)
        lost = was - now
        links = [*(link for link in _read_links(run) if link not in lost), *(now - was)]
        return {
            "files": files,
            "nodes": run("?[id, path, kind, facts] := *isg_nodes{id, file_path: path, kind, facts}"),
            "spans": run("?[path, spans] := *file_spans{file_path: path, spans}"),
            "references": run("?[path, refs] := *file_refs{file_path: path, refs}"),
            "names": run("?[path, defs] := *file_names{file_path: path, defs}"),
            "keys": run("?[path, keys] := *file_keys{file_path: path, keys}"),
            "text": run("?[path, text] := *file_text{file_path: path, text}"),
            "definitions": run(
                "?[name, scope, path, defs] := *name_defs{name, scope, file_path: path, defs}"
            ),
            "edges": sorted([source, packed] for source, packed in edges.items() if packed != NO_EDGES),
            "reverse": sorted(map(list, links)),
            "stale": run("?[path] := *stale_files{path}"),
            "node_names": _read_live_names(run),
        }


def dump_hydration(db: Database) -> dict[str, list[Any]]:
    """What rust-analyzer's facts come to, in canonical order: no clocks, no answers that do not hold, no
    external nodes that nothing leads to. Of two settled stores of the same tree they are equal."""
    with db.reading() as run:
        edges = run(_EDGES)
        targets = {edge.dst_id for source, packed in edges for edge in unpack_edges(source, packed)}
        externals = run("?[id, facts] := *external_nodes{id, facts}")
        return {
            "nodes": run(
                "?[id, path, key, signature, reason, edges] :="
                " *ra_nodes{id, file_path: path, key, signature, reason, edges}, key != ''"
            ),
            "files": run("?[path, reason, facts] := *ra_files{file_path: path, reason, facts}"),
            "edges": edges,
            "reverse": sorted(map(list, _read_links(run))),
            "externals": [row for row in externals if row[0] in targets],
            "diagnostics": run("?[path, items] := *diagnostics{file_path: path, items}"),
            "pending": run("?[path, name] := *ra_pending{rank, file_path: path, name}"),
        }


def dump_meaning(db: Database) -> dict[str, list[Any]]:
    """What nodes mean, and which keys of theirs have a vector, in canonical order: no clocks, no vectors
    (those of equal texts differ in the last bits) and no keys that no node has. Of two settled stores of the
    same tree, with the same model wanted, they are equal."""
    with db.reading() as run:
        model = find_wanted(read_models(run))
        found = {
            "meanings": run(
                "?[id, input_key, embed_key, one_line, provenance, confidence] :="
                " *meanings{id, input_key, embed_key, one_line, provenance, confidence}"
            ),
            "files": run("?[path, counts] := *meant_files{file_path: path, counts}"),
            "insufficient": run("?[confidence, id] := *meaning_insufficient{confidence, id}"),
            "pending": run("?[path] := *meaning_pending{file_path: path}"),
        }
        if model is not None:
            names = model.names
            found["links"] = run(f"?[key, id] := *{names.links}{{embed_key: key, id}}")
            found["vectors"] = run(
                f"?[key] := *{names.links}{{embed_key: key}}, bucket in int_range(0, 256),"
                f" *{names.vectors}{{bucket, embed_key: key}}"
            )
            found["missing"] = run(
                f"?[key, refused] := *{names.missing}{{rank, embed_key: key}},"
                f" refused = rank == {Rank.REFUSED.value}, *{names.links}{{embed_key: key}}"
            )
        return found


def _read_links(run: Run) -> list[Link]:
    rows = run("?[target, segment, sources] := *edge_rev{dst_id: target, segment, sources}")
    return [
        (target, kind, source)
        for target, _, packed in rows
        for kind, sources in unpack_sources(packed)
        for source in sources
    ]


def _links(edges: Mapping[str, str], sources: Iterable[str]) -> set[Link]:
    """The links of these sources by these packed edges."""
    return {
        link for source in sources for link in links_of(unpack_edges(source, edges.get(source, NO_EDGES)))
    }


def _read_live_names(run: Run) -> Rows:
    nodes = read_nodes(run, [id_ for (id_,) in run("?[id] := *isg_nodes{id}")])
    rows = run("?[bucket, segment, names] := *node_names{bucket, segment, names}")
    return live_names(rows, names_of(facts for _, facts in nodes.values()))
