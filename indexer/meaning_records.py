"""From the facts of files to the meanings of their nodes, and to what a model is asked about them: what the
stage (`indexer.meaning`) does in the threads of the store.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from loguru import logger

from hydrators.embed import EMBEDDED, embed_key, embed_text
from hydrators.summarise import (
    RULE_BASED,
    RULE_BASED_INSUFFICIENT,
    RULES_VERSION,
    SUMMARISED,
    Summary,
    SummaryPrompt,
    input_hash,
    prompt_for,
    summarise_file,
)
from hydrators.summarise.rules import container_of
from store import meaning, queries, vectors
from store.database import Database
from store.meaning import Insufficient, PendingMeaning
from store.model import Commit, FileFacts, MeantFile, NodeFacts, NodeMeaning, StoredSummary, SummaryKey
from store.nodes import read_nodes

_RULES = "rules"
_NO_LINE = Summary("", "", 0.0)


class Made(NamedTuple):
    """Of some files. `lines` are new, `remembered` have been made before, somewhere; `keys` are those of
    vectors."""

    files: list[MeantFile]
    lines: list[StoredSummary]
    remembered: int
    keys: set[str]


class Asked(NamedTuple):
    """A node of which a generation model is asked. `before`: what it has said."""

    node: NodeFacts
    path: str
    prompt: SummaryPrompt
    key: SummaryKey
    before: StoredSummary | None


def make_meanings(db: Database, pending: Sequence[PendingMeaning], model: str, threshold: float) -> Made:
    files: list[MeantFile] = []
    lines: list[StoredSummary] = []
    remembered = 0
    for file in pending:
        facts = queries.load_file_facts(db, file.path)
        if facts is None or facts.record.hash != file.hash:
            continue  # another by now: it is pending again
        before = meaning.known_meanings(db, file.path)
        found, new, known = _lines_of(db, facts, before)
        lines += new
        remembered += known
        meanings = [
            _meaning_of(node, *found.get(node.id, ("", _NO_LINE)), model, threshold) for node in facts.nodes
        ]
        kept = tuple([one for one in meanings if one.one_line or one.embed_key])
        files.append(MeantFile(file.path, file.hash, file.clock, kept))
    keys = {one.embed_key for file in files for one in file.meanings if one.embed_key}
    return Made(files, lines, remembered, keys)


def _lines_of(
    db: Database, facts: FileFacts, before: Mapping[str, NodeMeaning]
) -> tuple[dict[str, tuple[str, Summary]], list[StoredSummary], int]:
    """Lines by node, each with what it is made of; those that are new; and how many of the others have been
    made before, for another node or another text in between."""
    found: dict[str, tuple[str, Summary]] = {}
    wanted: dict[str, SummaryKey] = {}
    by_id = {node.id: node for node in facts.nodes}
    for node in facts.nodes:
        if node.kind not in SUMMARISED:
            continue
        made_of = input_hash(node, container_of(node, by_id))
        was = before.get(node.id)
        if was is not None and was.input_key == made_of:
            found[node.id] = made_of, Summary(was.one_line, was.provenance, was.confidence)
        else:
            wanted[node.id] = SummaryKey(node.meaning_hash, _RULES, made_of, RULES_VERSION)
    known = meaning.get_summaries(db, wanted.values()) if wanted else {}
    made: dict[str, Summary] = {}
    if any(key not in known for key in wanted.values()):
        try:
            made = summarise_file(facts)
        except Exception as error:  # the guard of one file: the others have their lines
            logger.opt(exception=True).error("no lines for {}: {}", facts.record.path, type(error).__name__)
            return found, [], 0
    new: dict[SummaryKey, StoredSummary] = {}
    for node_id, key in wanted.items():
        if key in known:
            line = Summary(known[key].one_line, known[key].provenance, known[key].confidence)
        else:
            line = made.get(node_id, _NO_LINE)
            new[key] = StoredSummary(key, *line, created_at=time.time())
        found[node_id] = key.prompt_hash, line
    return found, list(new.values()), sum(key in known for key in wanted.values())


def _meaning_of(node: NodeFacts, made_of: str, line: Summary, model: str, threshold: float) -> NodeMeaning:
    provenance = line.provenance
    if provenance in (RULE_BASED, RULE_BASED_INSUFFICIENT):
        provenance = RULE_BASED if line.confidence >= threshold else RULE_BASED_INSUFFICIENT
    key = embed_key(model, embed_text(node, line.one_line)) if model and node.kind in EMBEDDED else ""
    return NodeMeaning(node.id, made_of, key, line.one_line, provenance, line.confidence)


def store_meanings(db: Database, made: Made) -> Commit:
    meaning.upsert_summaries(db, made.lines)
    return meaning.replace_meanings(db, made.files)


def texts_of(db: Database, missing: Sequence[tuple[str, str]], model: str) -> dict[str, str]:
    """The texts that these keys stand for; without those whose node is another by now."""
    ids = [id_ for _, id_ in missing]
    with db.reading() as run:
        nodes = read_nodes(run, ids)
    known = meaning.get_meanings(db, ids)
    texts = {}
    for key, id_ in missing:
        if id_ in nodes and id_ in known:
            text = embed_text(nodes[id_][1], known[id_].one_line)
            if embed_key(model, text) == key:
                texts[key] = text
    return texts


def store_vectors(
    db: Database, model: str, rows: Sequence[tuple[str, bytes]], refused: Sequence[tuple[str, str]]
) -> None:
    vectors.put_vectors(db, model, rows)
    vectors.refuse_vectors(db, refused)


def prompts_of(db: Database, nodes: Sequence[Insufficient], model: str) -> list[Asked]:
    found = []
    for path, group in groupby(sorted(nodes, key=lambda one: one.path), key=lambda one: one.path):
        facts = queries.load_file_facts(db, path)
        if facts is None:
            continue
        ids = {one.id for one in group}
        for node, span in zip(facts.nodes, facts.spans, strict=True):
            if node.id in ids:
                prompt = prompt_for(node, facts.text[span.start_byte : span.end_byte])
                key = SummaryKey(node.meaning_hash, model, prompt.prompt_hash, prompt.params_hash)
                found.append((node, path, prompt, key))
    known = meaning.get_summaries(db, [key for *_, key in found])
    return [Asked(*one, known.get(one[-1])) for one in found]


def replace_line(db: Database, asked: Asked, said: StoredSummary, model: str) -> Commit:
    """Put what a model has said in the place of the line by rule, if the node is as it was."""
    facts = queries.load_file_facts(db, asked.path)
    if facts is None:
        return Commit(queries.clock(db), ())
    node = next((one for one in facts.nodes if one.id == asked.node.id), None)
    before = meaning.known_meanings(db, asked.path)
    if node is None or node.meaning_hash != asked.node.meaning_hash or node.id not in before:
        return Commit(queries.clock(db), ())
    line = Summary(said.one_line, said.provenance, said.confidence)
    before[node.id] = _meaning_of(node, before[node.id].input_key, line, model, 0.0)
    file = MeantFile(asked.path, facts.record.hash, 0, tuple(before.values()))
    return meaning.replace_meanings(db, [file])
