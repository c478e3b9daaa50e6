"""requirements.lock, pyproject.toml and what continuous integration runs agree with each other."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent.parent


def locked_versions() -> dict[str, str]:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9-]+)==([^ \\;]+)", text, re.MULTILINE))


def declared() -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [Requirement(line) for line in project["dependencies"] + project["optional-dependencies"]["dev"]]


def test_every_declared_dependency_is_locked_at_a_version_that_it_allows() -> None:
    locked = locked_versions()
    wrong = [str(r) for r in declared() if locked.get(canonicalize_name(r.name)) not in _Allowed(r)]
    assert wrong == [], "run `make lock`"


def test_every_locked_version_has_hashes() -> None:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    blocks = re.split(r"^(?=[a-z0-9-]+==)", text, flags=re.MULTILINE)[1:]
    assert len(blocks) == len(locked_versions())
    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []


def test_the_lock_names_no_package_index() -> None:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert re.findall(r"https?://\S+|--(?:extra-)?index\S*|--find-links\S*", text) == []


def test_every_dependency_says_on_its_line_what_it_spares_us() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    lines = re.findall(r'^    "[a-z0-9-]+[>=].*$', text, re.MULTILINE)
    assert len(lines) == len(declared())
    assert [line for line in lines if "# " not in line] == []


class _Allowed:
    """`None in _Allowed(…)` is False, so that a missing package reads as a wrong one."""

    def __init__(self, requirement: Requirement) -> None:
        self._specifier = requirement.specifier

    def __contains__(self, version: str | None) -> bool:
        return version is not None and self._specifier.contains(version)
