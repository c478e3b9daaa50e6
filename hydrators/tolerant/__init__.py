"""Tolerant structural facts of one Rust file by tree-sitter: bytes in, `FileFacts` out, never an
exception because of what the text says."""

from hydrators.tolerant.document import Document
from hydrators.tolerant.facts import EXTRACTOR_VERSION, extract_facts, skipped_facts

__all__ = ["EXTRACTOR_VERSION", "Document", "extract_facts", "skipped_facts"]
