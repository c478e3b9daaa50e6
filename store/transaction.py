"""How rows get into relations: the put and remove blocks, chained into one script, run once.

Knows the columns, not their meaning.
"""

from __future__ import annotations

from typing import Any

from store.database import Run

COLUMNS = {
    "files": "path, state, reason, notes, hash, size_bytes, mtime_ns, ctime_ns, inode, lines,"
    " parse_error_count, node_count, crate, module_path, clock",
    "isg_nodes": "id, file_path, kind, facts",
    "file_spans": "file_path, spans",
    "file_refs": "file_path, refs",
    "file_names": "file_path, defs",
    "file_keys": "file_path, keys",
    "file_text": "file_path, text",
    "name_defs": "name, scope, file_path, defs",
    "ref_keys": "key, segment, file_paths",
    "node_names": "bucket, segment, names",
    "isg_edges": "src_id, edges",
    "edge_rev": "dst_id, segment, sources",
    "edge_segments": "file_path, segment",
    "changes": "clock, path, log",
    "stale_files": "path, clock",
    "ra_nodes": "id, file_path, key, signature_hash, signature, reason, edges, doubted",
    "ra_files": "file_path, hash, diagnosed_hash, reason, signed_nodes, facts",
    "ra_pending": "rank, file_path, name, clock",
    "heuristic_edges": "src_id, edges",
    "external_nodes": "id, facts",
    "diagnostics": "file_path, clock, items",
    "meanings": "id, input_key, embed_key, one_line, provenance, confidence, model",
    "meant_files": "file_path, counts",
    "meaning_pending": "rank, file_path, clock",
    "meaning_insufficient": "confidence, id",
    "summaries": "meaning_hash, model_id, prompt_hash, params_hash, one_line, provenance, confidence,"
    " created_at, error, tries",
    "vector_models": "number, model_id, dimension, vectors, indexed, is_wanted, is_serving, unused_since",
    "vector_orphans": "number, embed_key, since",
    "meta": "key, value",
}
KEYS = {
    "files": "path",
    "isg_nodes": "id",
    "file_spans": "file_path",
    "file_refs": "file_path",
    "file_names": "file_path",
    "file_keys": "file_path",
    "file_text": "file_path",
    "name_defs": "name, scope, file_path",
    "ref_keys": "key, segment",
    "node_names": "bucket, segment",
    "isg_edges": "src_id",
    "edge_rev": "dst_id, segment",
    "edge_segments": "file_path",
    "stale_files": "path",
    "ra_nodes": "id",
    "ra_files": "file_path",
    "heuristic_edges": "src_id",
    "diagnostics": "file_path",
    "meanings": "id",
    "meant_files": "file_path",
    "meaning_insufficient": "confidence, id",
    "vector_models": "number",
    "vector_orphans": "number, embed_key",
}
PUT = {name: f"{{?[{c}] <- $rows :put {name} {{{c}}}}}" for name, c in COLUMNS.items()}
REMOVE = {name: f"{{?[{k}] <- $rows :rm {name} {{{k}}}}}" for name, k in KEYS.items()}


class Transaction:
    """Blocks of one chained script with their rows, in the order in which they shall run."""

    def __init__(self) -> None:
        self._blocks: list[str] = []
        self._params: dict[str, Any] = {}

    def put(self, relation: str, rows: list[Any]) -> None:
        if rows:
            self._add_rows(PUT[relation], rows)

    def remove(self, relation: str, rows: list[Any]) -> None:
        if rows:
            self._add_rows(REMOVE[relation], rows)

    def _add_rows(self, block: str, rows: list[Any]) -> None:
        name = f"rows_{len(self._blocks)}"
        self.add(block.replace("$rows", f"${name}"), **{name: rows})

    def add(self, block: str, **params: Any) -> None:
        self._blocks.append(block)
        self._params.update(params)

    def run(self, transact: Run) -> None:
        if self._blocks:
            transact("\n".join(self._blocks), self._params)
