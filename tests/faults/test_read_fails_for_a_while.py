"""Fault: a file cannot be read for a reason that passes and leaves no trace on the file."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from indexer.oneshot import compare
from store import queries
from store.migrations import open_database
from tests.indexer.edit_scripts import lay_out
from tests.indexer.test_pipeline import fresh_dump, indexed_paths, pipeline_on, settle
from watchers.ignore import IgnoreRules
from watchers.scan import scan


def test_the_next_scan_reads_it_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay_out(tmp_path)
    real_open = os.open

    def refuse(path: Any, *args: Any, **kwargs: Any) -> int:
        if str(path).endswith("lib.rs"):
            raise OSError(errno.EMFILE, "Too many open files")
        return real_open(path, *args, **kwargs)

    with open_database(None, "mem") as db:
        pipeline = pipeline_on(db, tmp_path)
        with monkeypatch.context() as patch:
            patch.setattr(os, "open", refuse)
            pipeline.apply(indexed_paths(tmp_path))
        assert pipeline.skipped["src/lib.rs"] == "cannot be read: Too many open files"
        pipeline.apply(compare(pipeline, scan(tmp_path, IgnoreRules(tmp_path))).to_read)
        settle(pipeline)
        assert queries.dump(db) == fresh_dump(tmp_path)
