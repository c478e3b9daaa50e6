"""From bytes to facts, whatever goes wrong on the way."""

from __future__ import annotations

import pytest

from indexer import parsing
from indexer.crates import Place
from indexer.parsing import FileLimits, facts_of_source
from indexer.source_files import SourceFile
from store.model import FileStat


def test_a_bug_met_in_one_file_skips_that_file_with_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise IndexError("out of range")

    monkeypatch.setattr(parsing, "extract_facts", fail)
    source = SourceFile("a.rs", FileStat(3, 1, 1, 1), b"fn ")
    record = facts_of_source(source, Place("", "a"), FileLimits(100, 1.0)).record
    assert record.state == "skipped"
    assert record.reason == "a fault of isg in parsing it: IndexError: out of range"
