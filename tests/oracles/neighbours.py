"""How many of the nearest nodes the store's vector index finds, with a large tree's nodes and real vectors.

The judge compares every vector itself and knows nothing of the store's own exact search.
"""

from __future__ import annotations

import random
import secrets
import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from hydrators.embed import EMBEDDED, embed_key, embed_text
from hydrators.models.local import InstalledModel
from hydrators.summarise import summarise_file
from indexer import oneshot
from indexer.config import Settings
from store import meaning, queries, vectors
from store.database import Database
from store.migrations import open_database
from store.model import MeantFile, NodeMeaning
from tests.oracles.embeddings import Vectors, embed
from tests.oracles.tools import cache_dir, say

NEAREST = 10
_TAG = "recall"
_CHANGES_AT_ONCE = 50
_VECTORS_AT_ONCE = 1_000
_INDEXED_AT_ONCE = 64
_ROUNDING = 1e-6


class Change(NamedTuple):
    """What was done to nodes between two measurements."""

    updated: int
    deleted: int
    collected: int


@dataclass(slots=True)
class Tree:
    """A store and what it has to hold: the key of each node's vector by id, the vectors by key, and the ids of each
    file's nodes by path."""

    db: Database
    model: InstalledModel
    keys: dict[str, str]
    vectors: dict[str, np.ndarray]
    files: dict[str, tuple[str, list[str]]]

    def meant_file(self, path: str) -> MeantFile:
        file_hash, ids = self.files[path]
        meanings = [NodeMeaning(id_, key, key, "", "", 1.0) for id_ in ids if (key := self.keys.get(id_))]
        return MeantFile(path, file_hash, queries.clock(self.db), tuple(meanings))


def make_tree(library: Path, crates: Sequence[str], folder: Path, model: InstalledModel) -> Tree:
    """A store of these crates with the vectors of all nodes, all of them in the index."""
    root = folder / "library"
    for crate in crates:
        shutil.copytree(library / crate / "src", root / crate / "src")
    store = folder / "store"
    oneshot.run(root, store, Settings())
    db = open_database(store)
    vectors.use_model(db, model.model_id, model.dimension)
    meaning.begin_meaning(db, _TAG)
    tree = Tree(db, model, {}, {}, {})
    texts: dict[str, str] = {}
    for record in queries.load_file_records(db):
        facts = queries.load_file_facts(db, record.path)
        if facts is None:
            continue
        lines = summarise_file(facts)
        ids = []
        for node in facts.nodes:
            if node.kind in EMBEDDED:
                text = embed_text(node, lines[node.id].one_line if node.id in lines else "")
                key = embed_key(model.model_id, text)
                texts[key], tree.keys[node.id] = text, key
                ids.append(node.id)
        tree.files[record.path] = (record.hash, ids)
    for paths in _portions(sorted(tree.files), _CHANGES_AT_ONCE):
        meaning.replace_meanings(db, [tree.meant_file(path) for path in paths])
    tree.vectors = _vectors_of(model, texts)
    _put(tree, list(tree.vectors))
    _index(tree)
    return tree


def change(tree: Tree, count: int, seed: int = 1) -> Change:
    """Give `count` nodes another vector each, between its own and that of some other node, or none at all; and remove
    those that nobody refers to any more."""
    chance = random.Random(seed)
    of_path = {id_: path for path, (_, ids) in tree.files.items() for id_ in ids}
    updated = deleted = 0
    for _ in range(0, count, _CHANGES_AT_ONCE):
        touched, new = set(), []
        for id_ in chance.sample(sorted(tree.keys), _CHANGES_AT_ONCE):
            if chance.random() < 0.6:
                own, other = tree.vectors[tree.keys[id_]], tree.vectors[chance.choice(list(tree.vectors))]
                mixed = 0.7 * own + 0.3 * other
                tree.keys[id_] = secrets.token_hex(16)
                tree.vectors[tree.keys[id_]] = (mixed / np.linalg.norm(mixed)).astype("<f4")
                new.append(tree.keys[id_])
                updated += 1
            else:
                del tree.keys[id_]
                deleted += 1
            touched.add(of_path[id_])
        meaning.replace_meanings(tree.db, [tree.meant_file(path) for path in sorted(touched)])
        _put(tree, new)
        _index(tree)
    collected = vectors.collect_vectors(tree.db, 0.0, time.time())
    living = set(tree.keys.values())
    for key in tree.vectors.keys() - living:
        del tree.vectors[key]
    _index(tree)
    return Change(updated, deleted, collected)


def recall(tree: Tree, asked: Vectors) -> float:
    """Which share of the ten nodes nearest to each vector the index names. Equally near ones are all right."""
    keys = {key: at for at, key in enumerate(tree.vectors)}
    matrix = np.stack(list(tree.vectors.values()))
    row_of_node = np.array([keys[key] for key in tree.keys.values()])
    hits = 0
    for query in asked:
        similarities = (matrix @ query)[row_of_node]
        least = np.partition(similarities, -NEAREST)[-NEAREST]
        found = vectors.ann_top_k(tree.db, query.astype("<f4").tobytes(), NEAREST, method="hnsw")
        assert found.method == "hnsw"
        true = [float(matrix[keys[tree.keys[one.id]]] @ query) for one in found.neighbours]
        hits += sum(similarity >= least - _ROUNDING for similarity in true)
    return hits / (NEAREST * len(asked))


def _put(tree: Tree, keys: Sequence[str]) -> None:
    for some in _portions(keys, _VECTORS_AT_ONCE):
        rows = [(key, tree.vectors[key].tobytes()) for key in some]
        vectors.put_vectors(tree.db, tree.model.model_id, rows)


def _index(tree: Tree) -> None:
    left = 1
    while left:
        left = vectors.index_vectors(tree.db, _INDEXED_AT_ONCE, above=0)


def _vectors_of(model: InstalledModel, texts: dict[str, str]) -> dict[str, np.ndarray]:
    """By key. Those of the last run are kept: they are a matter of minutes."""
    kept = cache_dir() / "vectors.npz"
    known: dict[str, np.ndarray] = {}
    if kept.exists():
        with np.load(kept) as arrays:
            known = dict(zip(arrays["keys"].tolist(), arrays["vectors"], strict=True))
    missing = [key for key in texts if key not in known]
    if missing:
        say(f"embed {len(missing):,} of {len(texts):,} texts")
        made = embed(model.path, [texts[key] for key in missing], threads=2)
        known |= dict(zip(missing, made, strict=True))
        np.savez(kept, keys=np.array(list(texts)), vectors=np.stack([known[key] for key in texts]))
    return {key: known[key] for key in texts}


def _portions(items: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
