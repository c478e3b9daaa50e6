"""What is found and made before a server starts: toolchain, library sources, projects."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from hydrators.rust_analyzer.guards import is_deep
from hydrators.rust_analyzer.projects import find_projects
from hydrators.rust_analyzer.sysroot import prepare_sources
from hydrators.rust_analyzer.toolchain import Toolchain
from tests.hydrators.rust_analyzer.conftest import FIXTURES

MANIFEST = '[package]\nname = "toy"\nversion = "0.1.0"\nedition = "2021"\n'


def vendored(toolchain: Toolchain) -> Path:
    for library in toolchain.libraries:
        if (library / "vendor").is_dir():
            return library
    pytest.skip("no library sources with their packages (Debian's rust-web-src)")


def bare(toolchain: Toolchain, tmp_path: Path) -> Path:
    """Library sources without the packages that they use, as rustup installs them."""
    source = toolchain.libraries[0]
    library = tmp_path / "library"
    library.mkdir()
    for entry in source.iterdir():
        if entry.name != "vendor":
            (library / entry.name).symlink_to(entry)
    return library


def test_vendored_sources_become_a_workspace_that_cargo_understands(
    toolchain: Toolchain, tmp_path: Path
) -> None:
    library = vendored(toolchain)
    sources = prepare_sources([library], toolchain.release, toolchain.cargo, tmp_path / "cache")
    assert sources.original == str(library)
    assert sources.lack == ""
    assert (Path(sources.folder) / "Cargo.toml").is_file()
    assert (Path(sources.folder) / "core/src/lib.rs").samefile(library / "core/src/lib.rs")
    again = prepare_sources([library], toolchain.release, toolchain.cargo, tmp_path / "cache")
    assert again == sources
    assert [path.name for path in (tmp_path / "cache").iterdir()] == [Path(sources.folder).name]


def test_two_processes_may_prepare_the_same_sources_at_once(toolchain: Toolchain, tmp_path: Path) -> None:
    library = vendored(toolchain)
    made: list[str] = []

    def prepare() -> None:
        made.append(prepare_sources([library], toolchain.release, toolchain.cargo, tmp_path / "cache").folder)

    threads = [threading.Thread(target=prepare) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 3
    assert len(set(made)) == 1
    assert len(list((tmp_path / "cache").iterdir())) == 1


def test_sources_without_their_packages_have_no_manifest_at_the_top(
    toolchain: Toolchain, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CARGO_HOME", str(tmp_path / "empty"))  # where rustup's packages might be by chance
    library = bare(toolchain, tmp_path)
    sources = prepare_sources([library], "1.0.0", toolchain.cargo, tmp_path / "cache")
    assert sources.lack
    assert not (Path(sources.folder) / "Cargo.toml").exists()
    assert (Path(sources.folder) / "core/src/lib.rs").is_file()
    assert not (library / "sysroot/target").exists()


def test_complete_sources_are_worth_more_than_the_first(
    toolchain: Toolchain, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CARGO_HOME", str(tmp_path / "empty"))
    complete = vendored(toolchain)
    sources = prepare_sources(
        [bare(toolchain, tmp_path), complete], "1.0.0", toolchain.cargo, tmp_path / "cache"
    )
    assert sources.original == str(complete)


def test_no_sources_are_said_to_be_none(toolchain: Toolchain, tmp_path: Path) -> None:
    sources = prepare_sources([], "1.0.0", toolchain.cargo, tmp_path)
    assert sources.folder == ""
    assert sources.lack


def test_projects_are_found_once_each_and_broken_ones_named(toolchain: Toolchain, tmp_path: Path) -> None:
    for name in ("one", "one/member", "two", "target/built", ".hidden"):
        (tmp_path / name / "src").mkdir(parents=True)
        (tmp_path / name / "src/lib.rs").write_text("\n")
        (tmp_path / name / "Cargo.toml").write_text(
            MANIFEST.replace("toy", name.replace("/", "-").strip("."))
        )
    manifest = tmp_path / "one/Cargo.toml"
    manifest.write_text(manifest.read_text() + '[workspace]\nmembers = ["member"]\n')
    (tmp_path / "three").mkdir()
    (tmp_path / "three/Cargo.toml").write_text("[package\n")
    projects = find_projects(tmp_path, toolchain.cargo, dict(os.environ))
    assert projects.manifests == (manifest, tmp_path / "two/Cargo.toml")
    assert set(projects.roots) == {tmp_path / name / "src/lib.rs" for name in ("one", "one/member", "two")}
    assert [path for path, _ in projects.broken] == [tmp_path / "three/Cargo.toml"]
    assert not list(tmp_path.rglob("Cargo.lock"))


def test_code_that_people_wrote_is_not_too_deep() -> None:
    for path in sorted((FIXTURES / "workspace").rglob("*.rs")):
        assert not is_deep(path.read_bytes()), path
