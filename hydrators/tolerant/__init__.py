"""Tolerant structural facts of one Rust file by tree-sitter: bytes in, `FileFacts` out, never an
exception because of what the text says."""

from hydrators.tolerant.document import Document, overflows
from hydrators.tolerant.facts import (
    EXTRACTOR_VERSION,
    LIMIT_REASONS,
    NOTE_OVERFLOWS,
    extract_facts,
    skipped_facts,
    too_large,
    too_slow,
)

__all__ = [
    "EXTRACTOR_VERSION",
    "LIMIT_REASONS",
    "NOTE_OVERFLOWS",
    "Document",
    "extract_facts",
    "overflows",
    "skipped_facts",
    "too_large",
    "too_slow",
]
