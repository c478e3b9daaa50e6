"""The library sources as rust-analyzer understands them offline: the product's own way of preparing them,
in the oracles' cache."""

from __future__ import annotations

import re
from pathlib import Path

from hydrators.rust_analyzer.sysroot import prepare_sources
from tests.oracles.corpora import library_sources
from tests.oracles.tools import cache_dir, find, say, version


def shadow_sysroot() -> Path:
    """The folder to give as `cargo.sysrootSrc` and RUST_SRC_PATH, made if need be. Raises ToolMissing."""
    say("shadow of the library sources")
    release = re.search(r"\d+\.\d+\.\d+", version("rustc"))
    prepared = prepare_sources([library_sources()], release[0] if release else "", find("cargo"), cache_dir())
    return Path(prepared.folder)
