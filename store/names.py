"""The capped look-up of `name_defs`: a few keys with thousands of definitions must not cost a scan each.

Owns only reading by key. Knows nothing of what the definitions are for.
"""

from __future__ import annotations

from collections.abc import Collection

from store.database import Rows, Run

_LONE_LOOKUPS = 16  # up to here one bounded query a key is cheaper than counting them all first

_BY_KEY = "?[file_path, defs] := *name_defs{key: $key, file_path, defs} :limit "
_COUNTS = "k[key] <- $keys ?[key, count(file_path)] := k[key], *name_defs{key, file_path}"
_BATCH = "k[key] <- $keys ?[key, file_path, defs] := k[key], *name_defs{key, file_path, defs}"


def rows_by_key(run: Run, keys: Collection[str], limit: int) -> dict[str, list[tuple[str, str]]]:
    """key -> its first `limit` rows (file_path, packed definitions) by path; keys without any are absent."""
    if len(keys) <= _LONE_LOOKUPS:
        found = {key: _first_rows(run, key, limit) for key in keys}
        return {key: rows for key, rows in found.items() if rows}
    counts: Rows = run(_COUNTS, {"keys": [[key] for key in keys]})
    few = [[key] for key, count in counts if count <= limit]
    by_key: dict[str, list[tuple[str, str]]] = {}
    for key, path, defs in run(_BATCH, {"keys": few}) if few else []:
        by_key.setdefault(key, []).append((path, defs))
    for key, count in counts:
        if count > limit:
            by_key[key] = _first_rows(run, key, limit)
    return by_key


def _first_rows(run: Run, key: str, limit: int) -> list[tuple[str, str]]:
    return [(path, defs) for path, defs in run(f"{_BY_KEY}{int(limit)}", {"key": key})]
