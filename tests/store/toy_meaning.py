"""Meanings and vectors of the toy language: pure functions of facts and keys, so that a store that was kept up to
date can be compared with one that was filled at once."""

from __future__ import annotations

import math
import random
import struct
from collections.abc import Iterable

from store import meaning, queries, vectors
from store.database import Database
from store.meaning import INSUFFICIENT, PendingMeaning
from store.model import Commit, FileFacts, MeantFile, NodeFacts, NodeMeaning
from tests.store.toy_workspace import digest

DIMENSION = 8


def key_of(model: str, node: NodeFacts) -> str:
    """Equal for equal names and signatures; tests have none."""
    return "" if node.is_test or not model else digest(model, node.name, node.signature_syn)


def meaning_of(node: NodeFacts, model: str) -> NodeMeaning:
    """Its line tells the body, but for bodies without any."""
    line = f"Run {node.name} {node.meaning_hash[:4]}" if node.parse_error_count else f"Run {node.name}"
    return NodeMeaning(
        node.id,
        digest(node.meaning_hash, node.name, node.signature_syn),
        key_of(model, node),
        "" if node.is_test else line,
        INSUFFICIENT if node.parse_error_count else "rule_based",
        0.25 if node.parse_error_count else 0.875,
    )


def made_of(facts: FileFacts, model: str, as_of: int) -> MeantFile:
    """Nodes of the name that stands for what deserves no meaning are left out."""
    nodes = [node for node in facts.nodes if node.cfg != "unix" or not node.is_test]
    return MeantFile(
        facts.record.path, facts.record.hash, as_of, tuple(meaning_of(node, model) for node in nodes)
    )


def answers(db: Database, pending: Iterable[PendingMeaning], model: str) -> list[MeantFile]:
    found = []
    for file in pending:
        facts = queries.load_file_facts(db, file.path)
        assert facts is not None and facts.record.hash == file.hash
        found.append(made_of(facts, model, file.clock))
    return found


def mean(db: Database, model: str = "", limit: int = 1_000) -> list[Commit]:
    """Make everything that is pending."""
    commits = []
    while pending := meaning.pending_meanings(db, limit):
        commits.append(meaning.replace_meanings(db, answers(db, pending, model)))
    return commits


def vector_of(key: str, dimension: int = DIMENSION) -> bytes:
    chance = random.Random(key)
    numbers = [chance.gauss(0, 1) for _ in range(dimension)]
    length = math.hypot(*numbers)
    return struct.pack(f"<{dimension}f", *(number / length for number in numbers))


def embed(db: Database, model: str, limit: int = 1_000) -> int:
    """Put every vector that is missing; returns how many."""
    count = 0
    while missing := vectors.missing_vectors(db, limit):
        vectors.put_vectors(db, model, [(key, vector_of(key)) for key, _ in missing])
        count += len(missing)
    return count
