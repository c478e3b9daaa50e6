"""What name resolution asks of the index while it runs: the definitions under a key, whatever the key.

Lays the facts that are about to be committed over what is stored. Also says which nodes of a file have to be
resolved anew after an edit. Knows neither what keys mean nor how they are found.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from store import queries
from store.bulk import PackedDefinitions
from store.database import Database
from store.model import (
    AMBIGUITY_CAP,
    AMBIGUOUS,
    Definition,
    FileFacts,
    FileUpdate,
    NodeFacts,
    NodeKind,
    Reference,
    is_capped,
)

# A question by itself takes about 80 µs, one among many 15 µs, and reading all definitions 7 µs each. From so
# many lone ones on it is likely that as many are to come.
_LONE_QUESTIONS_MAX = 4_000

_FRAMES = frozenset({NodeKind.IMPL, NodeKind.TRAIT, NodeKind.MODULE, NodeKind.EXTERN_BLOCK, NodeKind.ENUM})
"""Kinds whose text is that of the nodes inside them, but for a frame around these."""


class StoredDefinitions:
    """Definitions by key as they are once `new` (by path; None: gone) is committed. Holds as long as nothing
    else is, or is told of it (`move_on`)."""

    def __init__(self, db: Database, new: Mapping[str, FileFacts | None] | None = None) -> None:
        self._db = db
        self._replaced: Collection[str] = ()
        self._own: dict[str, list[Definition]] = {}
        self._known: dict[str, tuple[Definition, ...]] = {}
        self._all: PackedDefinitions | None = None
        self._lone_questions = 0
        self._lay(new or {})

    def _lay(self, new: Mapping[str, FileFacts | None]) -> None:
        self._replaced = new.keys()
        self._own = {}
        for facts in new.values():
            for definition in facts.definitions if facts is not None else ():
                self._own.setdefault(definition.key, []).append(definition)

    def move_on(self, updates: Iterable[FileUpdate]) -> set[str]:
        """What was laid over is stored by now, and these updates are about to be: the keys whose definitions
        they change."""
        updates = list(updates)
        changed: set[str] = set()
        for update in updates:
            old = update.old.definitions if update.old is not None else ()
            new = update.new.definitions if update.new is not None else ()
            if old != new:
                changed.update(definition.key for definition in set(old) ^ set(new))
        self._lay({update.path: update.new for update in updates})
        for key in changed:
            self._known.pop(key, None)
        self._lone_questions = 0
        return changed

    def __len__(self) -> int:
        """How many keys it has answered."""
        return len(self._known)

    def prefetch(self, keys: Iterable[str]) -> None:
        """Ask the store for all of these at once."""
        wanted = {key for key in keys if key not in self._known}
        if wanted and self._all is None:
            stored = queries.definitions(self._db, wanted, without=self._replaced)
            for key in wanted:
                self._known[key] = self._merged(key, stored.get(key, ()))

    def read_all(self) -> None:
        """Ask the store for everything that it has: pays when much of a tree is to be resolved."""
        self._all = PackedDefinitions(queries.packed_definitions(self._db))

    def get(self, key: str) -> tuple[Definition, ...]:
        """Its definitions by (file path, id), () if there are none; AMBIGUOUS for a capped key that has too
        many."""
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._merged(key, self._stored(key))
        return found

    def _stored(self, key: str) -> tuple[Definition, ...]:
        if self._all is not None:
            found = self._all.get(key)
            if found is AMBIGUOUS:  # perhaps not without the files that are replaced
                return self._asked(key)
            return tuple([d for d in found if d.file_path not in self._replaced])
        self._lone_questions += 1
        if self._lone_questions > _LONE_QUESTIONS_MAX:
            self.read_all()
        return self._asked(key)

    def _asked(self, key: str) -> tuple[Definition, ...]:
        return queries.definitions(self._db, (key,), without=self._replaced).get(key, ())

    def _merged(self, key: str, stored: tuple[Definition, ...]) -> tuple[Definition, ...]:
        own = self._own.get(key)
        found = stored if own is None else tuple(sorted({*stored, *own}, key=_place))
        return AMBIGUOUS if len(found) > AMBIGUITY_CAP and is_capped(key) else found


def _place(definition: Definition) -> tuple[str, Definition]:
    return definition.file_path, definition


Asked = Mapping[str, frozenset[str]]
"""Node id → every look-up key that its edges depend on; nodes that asked for nothing may be absent."""


def changed_sources(old: FileFacts, new: FileFacts, asked: Asked) -> set[str] | None:
    """Ids of `new` whose edges can differ from those of `old` while all other files stand still; None when
    that can be all of them. `asked` are the keys of the edges of `old`.

    That is: nodes that differ themselves, whatever lies inside a node that does, and nodes that asked for
    a key under which this file has other definitions now. Where only the inside of a block differs, the
    block is among them and the rest of its inside is not.
    """
    if (old.record.crate, old.record.module_path) != (new.record.crate, new.record.module_path):
        return None
    moved_keys = {definition.key for definition in set(old.definitions) ^ set(new.definitions)}
    before = {node.id: node for node in old.nodes}
    changed: set[str] = set()
    around: set[str] = set()  # nodes whose inside may mean something else
    for node in new.nodes:
        was = before.get(node.id)
        if was is None or node.parent_id in around:
            around.add(node.id)
        elif was != node:
            changed.add(node.id)
            if _frame(was, old.references) != _frame(node, new.references):
                around.add(node.id)
        elif old.references.get(node.id) != new.references.get(node.id):
            around.add(node.id)
        elif moved_keys and not moved_keys.isdisjoint(asked.get(node.id, ())):
            changed.add(node.id)
    return changed | around


def _frame(node: NodeFacts, references: Mapping[str, tuple[Reference, ...]]) -> object:
    """What of a node lies around the nodes inside it, as far as edges can depend on it."""
    if node.kind not in _FRAMES:
        return node
    mentions = [mention[:3] for mention in references.get(node.id, ())]
    return node._replace(hash="", meaning_hash="", parse_error_count=0), mentions
