"""What changed on disk becomes one commit: the writer of one workspace's store.

Decides which files to read, what their facts are, and which references to resolve anew. Synchronous,
used by one thread at a time. Knows nothing of watching, of sockets, or of schedules.
"""

from __future__ import annotations

import gc
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from hydrators.manifest import NOTE_INVALID_TOML
from hydrators.resolve import Resolver, foreign_keys, standard_definitions
from hydrators.tolerant import LIMIT_REASONS, Document, too_large, too_slow
from hydrators.tolerant.tokens import digest
from indexer.crates import CrateMap, Place, is_manifest
from indexer.definitions import Asked, StoredDefinitions, changed_sources
from indexer.parsing import FileLimits, ParsePool, ParseTask, facts_of_source
from indexer.source_files import SourceFile, read_source
from store import queries, writes
from store.bulk import PackedFile, ingest_packed_edges, ingest_packed_files
from store.database import Database
from store.model import Commit, Edge, FileFacts, FileRecord, FileUpdate, ResolvedFile
from store.rows import Row
from watchers.scan import WorkspaceMissing

# Up to this many files, edges are resolved before the commit and become visible with it.
LONE_FILES = 8
# From this many files on, worker processes pay for their start.
_POOL_FILES = 96
_KEPT_ANSWERS = 20_000  # look-up keys; some 20 MiB with what was derived from them
_OPEN_DOCUMENTS = 32
_OPEN_BYTES = 8 * 1024 * 1024  # an open document holds about a hundred times the size of its file
_COMMIT_FILES = 192
_RESOLVE_FILES = 128
# With so large a part of the files stale, all definitions are read at once.
_MUCH_OF_A_TREE = 0.25

Progress = Callable[[str, int, int], None]
"""Called with (phase, done, total); phases are "parse" and "resolve"."""


class _Resolved(NamedTuple):
    """What the references of a whole file mean, and which keys that depends on: as they are stored, and by
    node (not by node where that was not to be tracked)."""

    edges: tuple[Edge, ...]
    keys: tuple[str, ...]
    asked: Asked


@dataclass(slots=True)
class _OpenFile:
    """What is kept of a file that is being edited. `resolved` is None while it may be out of date."""

    document: Document
    facts: FileFacts
    resolved: _Resolved | None


@contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """Facts hold no cycles; looking for some among millions of tuples takes a fifth of a cold index."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _resolve(resolver: Resolver, facts: FileFacts, *, track: bool) -> _Resolved:
    edges, asked = resolver.resolve(facts, track=track)
    return _Resolved(edges, foreign_keys(facts, asked), asked)


class Pipeline:
    """Owns the in-memory picture of what the store holds: records by path, the crate map, open files."""

    def __init__(self, db: Database, root: Path, limits: FileLimits, workers: int = 0) -> None:
        self._db = db
        self._root = root
        self._limits = limits
        self._workers = workers
        self._open: OrderedDict[str, _OpenFile] = OrderedDict()
        self.records: dict[str, FileRecord] = {}
        self.skipped: dict[str, str] = {}  # path → why it is recorded and left unparsed
        self.broken_manifests: set[str] = set()
        self._crates: CrateMap | None = None
        self._lone: tuple[StoredDefinitions, Resolver] | None = None  # what lone saves have asked so far
        self._resolving: tuple[StoredDefinitions, Resolver] | None = None  # while stale files are
        for record in queries.load_file_records(db):
            self._note(record.path, record)

    def _note(self, path: str, record: FileRecord | None) -> None:
        """Keep the picture of what the store holds; None means that it holds the file no more."""
        if record is None:
            self.records.pop(path, None)
            self._open.pop(path, None)
        else:
            self.records[path] = record
        self.skipped.pop(path, None)
        self.broken_manifests.discard(path)
        if record is not None and record.state == "skipped":
            self.skipped[path] = record.reason
        if record is not None and NOTE_INVALID_TOML in record.notes:
            self.broken_manifests.add(path)

    @property
    def crates(self) -> CrateMap:
        """The crate map of the stored manifests; read when first needed, so that a restart on an
        unchanged tree reads none of them."""
        if self._crates is None:
            self._crates = CrateMap(queries.file_texts(self._db, filter(is_manifest, self.records)))
        return self._crates

    @staticmethod
    def prepare() -> None:
        """Read what the first save would have to wait for: the standard library's declarations, a third of a
        second."""
        standard_definitions()

    # ------------------------------------------------------------------ changes on disk

    def apply(
        self, paths: Iterable[str], progress: Progress | None = None, *, gone: Iterable[str] = ()
    ) -> list[Commit]:
        """Bring the store up to what these files are now; returns the commits that changed something.

        `gone` are files that are no part of the workspace any more, even if something can be read at their
        path: ignored by now, say, or behind a link. The store equals a fresh index of the same bytes once
        `resolve_stale` has nothing left to do. Raises WorkspaceMissing rather than take the files of an
        absent root for deleted.
        """
        lost = self.records.keys() & set(gone)
        wanted = set(paths) - lost
        manifests: dict[str, SourceFile | None] = dict.fromkeys(filter(is_manifest, lost))
        manifests.update((path, self._read(path)) for path in filter(is_manifest, wanted))
        if None in manifests.values():
            self._require_root()
        wanted |= self._place_anew(manifests) - lost
        sources: list[SourceFile] = []
        bulk: list[ParseTask] = []
        touched: list[FileRecord] = []
        pooled = len(wanted) >= _POOL_FILES
        is_first = not self.records
        for path in sorted(wanted):
            record, place = self.records.get(path), self.crates.place(path)
            if pooled and record is None and (is_first or path not in manifests):
                bulk.append(ParseTask(path, place))
                continue
            source = manifests[path] if path in manifests else self._read(path)
            if source is None:
                if record is not None:
                    lost.add(path)
            elif record is None or self._differs(source, record, place):
                if pooled and path not in manifests:
                    bulk.append(ParseTask(path, place))
                else:
                    sources.append(source)
            elif source.stat != record.stat:
                touched.append(record._replace(stat=source.stat))
        if lost:
            self._require_root()
        if touched:
            writes.update_stats(self._db, touched)
            self.records.update((record.path, record) for record in touched)
        commits: list[Commit] = []
        leaving = sorted(lost, key=lambda path: (is_manifest(path), path))
        while len(leaving) > _COMMIT_FILES:
            commits += self._commit(leaving[:_COMMIT_FILES], ())
            del leaving[:_COMMIT_FILES]
        if bulk and is_first:
            self._commit_first(bulk, progress)
        elif bulk:
            commits += self._commit_bulk(bulk, progress)
        # Manifests come last: until they are stored, whoever is interrupted finds the files yet to move.
        if leaving or sources:
            commits += self._commit(leaving, sources)
        return [commit for commit in commits if commit.changes]

    def _require_root(self) -> None:
        if not self._root.is_dir():
            raise WorkspaceMissing(
                f"the workspace folder {self._root} is gone: restore it or remove the workspace"
            )

    def _read(self, path: str) -> SourceFile | None:
        return read_source(self._root, path, self._limits.max_bytes)

    def _differs(self, source: SourceFile, record: FileRecord, place: Place) -> bool:
        if (record.crate, record.module_path) != place or record.reason != source.reason:
            return True
        return not source.reason and digest(source.data) != record.hash

    def _place_anew(self, changed: Mapping[str, SourceFile | None]) -> set[str]:
        """Take in these manifests (None: gone); returns the known files that belong elsewhere now. What a
        path means may hang on which crates there are, so all files become stale where these change."""
        if not changed:
            return set()
        before = self.crates
        manifests = queries.file_texts(self._db, filter(is_manifest, self.records))
        for path, source in changed.items():
            if source is None or source.reason:
                manifests.pop(path, None)
            else:
                manifests[path] = source.data
        crates = self._crates = CrateMap(manifests)
        moved = {p for p, r in self.records.items() if (r.crate, r.module_path) != crates.place(p)}
        if moved or before.world != crates.world:
            writes.mark_stale(self._db, [p for p, r in self.records.items() if r.state == "indexed"])
            self._open.clear()
            self._lone = None
        return moved

    def judged_by_other_limits(self) -> list[str]:
        """Known files that were skipped or read under other limits than today's: the settings changed."""
        cap_bytes, timeout_s = self._limits
        todays = (too_large(cap_bytes), too_slow(timeout_s))
        return [
            path
            for path, record in self.records.items()
            if (record.state == "indexed" and record.stat.size_bytes > cap_bytes)
            or (record.reason.startswith(LIMIT_REASONS) and record.reason not in todays)
        ]

    def _commit(self, gone: Sequence[str], sources: Sequence[SourceFile]) -> list[Commit]:
        updates = [FileUpdate(path, self._stored_facts(path), None) for path in gone]
        few = len(gone) + len(sources) <= LONE_FILES
        for source in sources:
            known = self._open.get(source.path)
            old = known.facts if known is not None else self._stored_facts(source.path)
            document = known.document if known is not None else Document()
            new = facts_of_source(source, self.crates.place(source.path), self._limits, document)
            updates.append(FileUpdate(source.path, old, new))
            resolved = known.resolved if known is not None and few else None
            self._remember(source.path, _OpenFile(document, new, resolved))
        if few:
            lone = self._lone_resolver(updates)
            commit = self._write(self._with_edges(updates, *lone))
            self._lone = lone  # only now: what a failed commit laid over the store must not be believed
        else:
            commit = self._write(updates)
        while len(self._open) > 1 and sum(len(o.facts.text) for o in self._open.values()) > _OPEN_BYTES:
            self._open.popitem(last=False)
        return [commit]

    def _with_edges(
        self, updates: Sequence[FileUpdate], definitions: StoredDefinitions, resolver: Resolver
    ) -> list[FileUpdate]:
        """The same updates with the edges that their files have after the commit."""
        if (
            len(updates) == 1
            and (update := self._with_changed_edges(updates[0], definitions, resolver)) is not None
        ):
            return [update]
        staying = [(update, update.new) for update in updates if update.new is not None]
        stored_keys = queries.file_keys(self._db, [update.path for update, _ in staying])
        definitions.prefetch(chain.from_iterable(stored_keys.values()))
        out = [update for update in updates if update.new is None]
        for update, facts in staying:
            resolved = self._open[update.path].resolved = _resolve(resolver, facts, track=True)
            out.append(FileUpdate(update.path, update.old, facts, resolved.edges, keys=resolved.keys))
        return out

    def _lone_resolver(self, updates: Sequence[FileUpdate]) -> tuple[StoredDefinitions, Resolver]:
        """What the last save has found out serves the next one, but for what these updates change."""
        lone, self._lone = self._lone, None
        if lone is None or len(lone[0]) > _KEPT_ANSWERS:
            definitions = StoredDefinitions(self._db, {update.path: update.new for update in updates})
            return definitions, Resolver(definitions, self.crates.world)
        definitions, resolver = lone
        resolver.forget(definitions.move_on(updates))
        return lone

    def _with_changed_edges(
        self, update: FileUpdate, definitions: StoredDefinitions, resolver: Resolver
    ) -> FileUpdate | None:
        """A lone update with its edges, of which only those are resolved that can be others than before;
        None if that can be any.

        Of a file that is saved for the first time it is not known which node asked for which key: the nodes
        that differ are resolved at once, and the whole file, in the background, after that.
        """
        known = self._open.get(update.path)
        facts = update.new
        if known is None or update.old is None or facts is None:
            return None
        edges, keys, asked = known.resolved or _Resolved((), (), {})
        only = changed_sources(update.old, facts, asked)
        if only is None or queries.is_stale(self._db, update.path):
            return None
        definitions.prefetch(chain.from_iterable(asked.get(node_id, ()) for node_id in only))
        found = resolver.resolve(facts, only, track=True)
        if known.resolved is None:
            keys = (
                *queries.file_keys(self._db, [update.path]).get(update.path, ()),
                *foreign_keys(facts, found.asked),
            )
            return FileUpdate(
                update.path,
                update.old,
                facts,
                found.edges,
                frozenset(only),
                tuple(sorted({*keys})),
                is_partial=True,
            )
        unchanged = {node.id for node in facts.nodes} - only
        edges = tuple(sorted([*(edge for edge in edges if edge.src_id in unchanged), *found.edges]))
        now_asked = {id_: its_keys for id_, its_keys in asked.items() if id_ in unchanged} | found.asked
        if now_asked != asked:
            keys = foreign_keys(facts, now_asked)
        known.resolved = _Resolved(edges, keys, now_asked)
        return FileUpdate(update.path, update.old, facts, edges, frozenset(only), keys)

    def _write(self, updates: Sequence[FileUpdate], *, log_changes: bool = True) -> Commit:
        self._resolving = None
        self._lone = None
        commit = writes.ingest_file_batch(self._db, updates, log_changes=log_changes)
        for update in updates:
            self._note(update.path, update.new.record if update.new is not None else None)
        return commit

    def _stored_facts(self, path: str) -> FileFacts | None:
        return queries.load_file_facts(self._db, path) if path in self.records else None

    def _remember(self, path: str, file: _OpenFile) -> None:
        self._open[path] = file
        self._open.move_to_end(path)
        while len(self._open) > _OPEN_DOCUMENTS:
            self._open.popitem(last=False)

    # ------------------------------------------------------------------ many files at once

    def _commit_bulk(self, tasks: Sequence[ParseTask], progress: Progress | None) -> list[Commit]:
        """Parse in worker processes, commit batch by batch; edges are left to `resolve_stale`."""
        commits: list[Commit] = []
        pending: list[FileUpdate] = []
        done = 0
        with ParsePool(self._root, self._limits, self._workers) as pool, _no_garbage_collection():
            for batch in pool.parse(tasks):
                for facts in batch:
                    path = facts.record.path
                    pending.append(FileUpdate(path, self._stored_facts(path), facts))
                    self._open.pop(path, None)
                done += len(batch)
                if len(pending) >= _COMMIT_FILES:
                    commits.append(self._write(pending))
                    pending = []
                if progress is not None:
                    progress("parse", done, len(tasks))
        if pending:
            commits.append(self._write(pending))
        return commits

    def _commit_first(self, tasks: Sequence[ParseTask], progress: Progress | None) -> None:
        """The first index of a tree: rows come packed from the workers, which also resolve."""
        pending: list[PackedFile] = []
        definitions: list[Row] = []
        done = 0
        with ParsePool(self._root, self._limits, self._workers) as pool, _no_garbage_collection():
            for batch in pool.pack(tasks):
                pending += batch
                done += len(batch)
                definitions += chain.from_iterable(file.name_defs for file in batch)
                if len(pending) >= _COMMIT_FILES and done < len(tasks):  # the last while the workers learn
                    self._write_packed(pending)
                    pending = []
                if progress is not None:
                    progress("parse", done, len(tasks))
            pool.learn(definitions, self.crates.world)
            self._write_packed(pending)
            done = 0
            for edges in pool.resolve():
                ingest_packed_edges(self._db, edges)
                done += len(edges.paths)
                if progress is not None:
                    progress("resolve", done, len(tasks))

    def _write_packed(self, files: Sequence[PackedFile]) -> None:
        if files:
            ingest_packed_files(self._db, files)
            for file in files:
                self._note(file.record.path, file.record)

    # ------------------------------------------------------------------ what others' changes mean

    def resolve_stale(self, limit: int = _RESOLVE_FILES) -> Commit | None:
        """Resolve anew the references of up to `limit` stale files; None when none is left."""
        paths = queries.stale_paths(self._db, limit)
        if not paths:
            self._resolving = None
            return None
        as_of = queries.clock(self._db)
        if self._resolving is None:
            definitions = StoredDefinitions(self._db)
            if queries.stale_count(self._db) > len(self.records) * _MUCH_OF_A_TREE:
                definitions.read_all()
            self._resolving = definitions, Resolver(definitions, self.crates.world)
        definitions, resolver = self._resolving
        definitions.prefetch(chain.from_iterable(queries.file_keys(self._db, paths).values()))
        resolved = []
        for path in paths:
            facts = self._facts(path)
            if facts is None:
                continue
            known = self._open.get(path)
            found = _resolve(resolver, facts, track=known is not None)
            if known is not None:
                known.resolved = found
            resolved.append(ResolvedFile(path, found.edges, facts.record.hash, found.keys))
        return writes.replace_edges_for_files(self._db, resolved, as_of=as_of)

    def _facts(self, path: str) -> FileFacts | None:
        known = self._open.get(path)
        return known.facts if known is not None else queries.load_file_facts(self._db, path)
