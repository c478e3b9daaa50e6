"""The pages of docs/ say what the code does, and name only files that exist."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


def test_the_generated_pages_are_up_to_date() -> None:
    script = ROOT / "scripts" / "write_docs.py"
    done = subprocess.run(
        [sys.executable, "-P", str(script), "--check"], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("page", ["ARCHITECTURE.md", "README.md"])
def test_every_path_that_a_page_names_exists(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    named = re.findall(
        r"`((?:indexer|watchers|hydrators|store|tests|bench|docs|fixtures|launchd|scripts)/[^`\s]*)`", text
    )
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_every_module_is_on_the_code_map() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    modules = [
        path.relative_to(ROOT).as_posix()
        for package in ("indexer", "watchers", "hydrators", "store", "bench", "scripts", "launchd")
        for path in (ROOT / package).rglob("*.*")
        if path.suffix in (".py", ".sh", ".plist", ".service") and path.name != "__init__.py"
    ]
    assert [module for module in modules if Path(module).name not in text] == []
