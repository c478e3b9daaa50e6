"""Look-up keys: the definitions under them, and the files whose edges depend on them.

Owns only reading. Knows nothing of what the definitions are for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from store.database import Rows, Run
from store.model import is_capped
from store.rows import stored_key, unpack_keys

_LONE_LOOKUPS = 16  # up to here one bounded query a key is cheaper than counting them all first

_BY_NAME = "?[scope, file_path, defs] := *name_defs{name: $name, scope, file_path, defs} :limit "
_COUNTS = "k[name] <- $names ?[name, count(file_path)] := k[name], *name_defs{name, file_path}"
_OF_NAMES = (
    "k[name] <- $names ?[name, scope, file_path, defs] := k[name], *name_defs{name, scope, file_path, defs}"
)
_OF_SCOPES = (
    "k[name, scope] <- $keys"
    " ?[name, scope, file_path, defs] := k[name, scope], *name_defs{name, scope, file_path, defs}"
)
_FILE_KEYS = "k[path] <- $paths ?[path, keys] := k[path], *file_keys{file_path: path, keys}"


DefinitionRow = tuple[str, str, str]
"""(scope, file path, packed definitions)"""


def rows_by_key(run: Run, keys: Collection[str], limit: int) -> dict[str, list[DefinitionRow]]:
    """key -> the rows that tell its definitions, sorted, of a capped key the first `limit`: a few of them
    have thousands, which must not cost a scan each. Keys without any are absent."""
    capped = [key for key in keys if is_capped(key)]
    found = _first_rows_by_key(run, capped, limit) if capped else {}
    if len(capped) < len(keys):
        found.update(_all_rows(run, [key for key in keys if not is_capped(key)]))
    return found


def _first_rows_by_key(run: Run, keys: Collection[str], limit: int) -> dict[str, list[DefinitionRow]]:
    if len(keys) <= _LONE_LOOKUPS:
        found = {key: _first_rows(run, key, limit) for key in keys}
        return {key: rows for key, rows in found.items() if rows}
    counts: Rows = run(_COUNTS, {"names": [[key] for key in keys]})
    by_key = _all_rows(run, [key for key, count in counts if count <= limit])
    for key, count in counts:
        if count > limit:
            by_key[key] = _first_rows(run, key, limit)
    return by_key


def _all_rows(run: Run, keys: Collection[str]) -> dict[str, list[DefinitionRow]]:
    by_key: dict[str, list[DefinitionRow]] = {}
    scoped = {stored_key(key): key for key in keys if "::" in key}
    names = [[key] for key in keys if "::" not in key]
    for name, scope, path, defs in run(_OF_SCOPES, {"keys": [[*key] for key in scoped]}) if scoped else []:
        by_key.setdefault(scoped[name, scope], []).append((scope, path, defs))
    for name, scope, path, defs in run(_OF_NAMES, {"names": names}) if names else []:
        by_key.setdefault(name, []).append((scope, path, defs))
    return by_key


def _first_rows(run: Run, key: str, limit: int) -> list[DefinitionRow]:
    return [(scope, path, defs) for scope, path, defs in run(f"{_BY_NAME}{int(limit)}", {"name": key})]


def read_file_keys(run: Run, paths: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """path -> the keys that the file's edges depend on; files without any are absent."""
    rows = run(_FILE_KEYS, {"paths": [[path] for path in paths]})
    return {path: unpack_keys(packed) for path, packed in rows}
