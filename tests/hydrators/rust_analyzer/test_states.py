"""What a session says of itself when all is not well, with a real rust-analyzer (or none)."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from hydrators.rust_analyzer.model import Refusal, SessionOptions, State
from hydrators.rust_analyzer.toolchain import Toolchain
from tests.hydrators.rust_analyzer.rig import Rig, place, running

MANIFEST = '[package]\nname = "toy"\nversion = "0.1.0"\nedition = "2021"\n'


def asks_in_vain(rig: Rig, path: str = "src/lib.rs") -> None:
    assert rig.refusal(rig.compiler.ask(rig.question(path))).kind is Refusal.NOT_READY


def test_a_broken_manifest_is_broken_and_names_itself_until_it_is_corrected(
    toolchain: Toolchain, cache: Path, toy: Path
) -> None:
    (toy / "Cargo.toml").write_text(MANIFEST + "[dependencies\n")
    with running(toy, cache / "toy") as rig:
        asks_in_vain(rig)
        state = rig.until(lambda state: state.state == State.BROKEN)
        assert state.reason.startswith("Cargo.toml: ")
        assert state.cure
        assert state.pid == 0, "nothing runs that would know nothing"
        asks_in_vain(rig)
        (toy / "Cargo.toml").write_text(MANIFEST)
        rig.call(rig.compiler.sync({"Cargo.toml": rig.question("Cargo.toml").hash}, ()))
        rig.until(lambda state: state.state == State.READY)
        assert rig.definition("src/lib.rs", "second()")[0].path == "src/lib.rs"


def test_a_manifest_that_breaks_later_is_noticed(toolchain: Toolchain, cache: Path, toy: Path) -> None:
    with running(toy, cache / "toy") as rig:
        ready = rig.start()
        (toy / "Cargo.toml").write_text("[package]\nname = \n")
        rig.call(rig.compiler.sync({"Cargo.toml": rig.question("Cargo.toml").hash}, ()))
        rig.until(lambda state: state.state == State.BROKEN)
        (toy / "Cargo.toml").write_text(MANIFEST)
        rig.call(rig.compiler.sync({"Cargo.toml": rig.question("Cargo.toml").hash}, ()))
        again = rig.until(lambda state: state.state == State.READY)
        assert again.generation > ready.generation


def test_a_changed_manifest_makes_another_generation(toolchain: Toolchain, cache: Path, toy: Path) -> None:
    (toy / "src/lib.rs").write_text('#[cfg(feature = "more")]\npub fn extra() {}\n')
    with running(toy, cache / "toy") as rig:
        ready = rig.start()
        at = place(rig.text("src/lib.rs"), "extra")
        assert "inactive" in rig.ask("src/lib.rs", hovers=(at,)).hovers[0].reason
        (toy / "Cargo.toml").write_text(MANIFEST + '[features]\ndefault = ["more"]\nmore = []\n')
        rig.call(rig.compiler.sync({"Cargo.toml": rig.question("Cargo.toml").hash}, ()))
        answer = rig.ask_until("src/lib.rs", hovers=(at,))
        assert answer.hovers[0].signature == "pub fn extra()"
        assert answer.generation > ready.generation


def test_a_dependency_that_cannot_be_had_leaves_marked_answers(
    toolchain: Toolchain, cache: Path, toy: Path
) -> None:
    (toy / "Cargo.toml").write_text(MANIFEST + '[dependencies]\nno-such-package-anywhere = "1"\n')
    with running(toy, cache / "toy") as rig:
        state = rig.start()
        assert state.state == State.PARTIAL
        assert "no-such-package-anywhere" in state.reason or "cargo" in state.reason
        assert state.cure
        answer = rig.ask("src/lib.rs", definitions=(rig.at("src/lib.rs", "second()"),))
        assert answer.is_partial
        assert answer.definitions[0][0].path == "src/lib.rs"


def test_loose_files_without_a_manifest_are_left_alone(
    toolchain: Toolchain, cache: Path, tmp_path: Path
) -> None:
    (tmp_path / "loose.rs").write_text("fn main() {}\n")
    with running(tmp_path, cache / "loose") as rig:
        asks_in_vain(rig, "loose.rs")
        state = rig.until(lambda state: state.state == State.BROKEN)
        assert "Cargo.toml" in state.reason


def test_a_file_of_no_package_is_refused_beside_others_that_are_answered(
    toolchain: Toolchain, cache: Path, toy: Path
) -> None:
    (toy / "inner").mkdir()
    (toy / "inner/Cargo.toml").write_text("[package\n")
    (toy / "inner/loose.rs").write_text("fn main() {}\n")
    (toy.parent / "aside").mkdir()
    with running(toy, cache / "toy") as rig:
        state = rig.start()
        assert state.state == State.READY
        assert "inner/Cargo.toml is left out" in state.reason
        assert rig.ask("src/lib.rs").diagnostics == ()


def test_packages_below_a_root_without_a_manifest_are_all_loaded(
    toolchain: Toolchain, cache: Path, tmp_path: Path
) -> None:
    for name in ("a", "deep/er/b"):
        (tmp_path / name / "src").mkdir(parents=True)
        (tmp_path / name / "Cargo.toml").write_text(MANIFEST.replace("toy", name[-1]))
        (tmp_path / name / "src/lib.rs").write_text("pub fn here() { there() }\nfn there() {}\n")
    with running(tmp_path, cache / "several") as rig:
        rig.start()
        for name in ("a", "deep/er/b"):
            path = f"{name}/src/lib.rs"
            assert rig.definition(path, "there()")[0].path == path


def test_without_a_lock_file_none_is_written(toolchain: Toolchain, cache: Path, toy: Path) -> None:
    (toy / "dep/src").mkdir(parents=True)
    (toy / "dep/Cargo.toml").write_text(MANIFEST.replace("toy", "dep"))
    (toy / "dep/src/lib.rs").write_text("pub fn dep() {}\n")
    (toy / "Cargo.toml").write_text(MANIFEST + '[dependencies]\ndep = { path = "dep" }\n[workspace]\n')
    (toy / "build.rs").write_text("fn main() {}\n")
    before = sorted(path.relative_to(toy) for path in toy.rglob("*"))
    with running(toy, cache / "locked") as rig:
        assert rig.start().state == State.READY
        rig.ask("src/lib.rs")
    assert sorted(path.relative_to(toy) for path in toy.rglob("*")) == before


def test_an_absent_server_is_absent_with_a_cure(cache: Path, toy: Path, tmp_path: Path) -> None:
    with running(toy, cache / "toy", SessionOptions(rust_analyzer=str(tmp_path / "nowhere"))) as rig:
        asks_in_vain(rig)
        state = rig.until(lambda state: state.state == State.ABSENT)
        assert "nowhere" in state.reason
        assert state.cure


def test_a_proxy_without_its_component_is_no_server(
    cache: Path, toy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs = tmp_path / "programs"
    programs.mkdir()
    proxy = programs / "rust-analyzer"
    proxy.write_text(
        "#!/bin/sh\necho \"error: 'rust-analyzer' is not installed for the toolchain\" >&2\nexit 1\n"
    )
    rustup = programs / "rustup"
    rustup.write_text("#!/bin/sh\nexit 1\n")
    for program in (proxy, rustup):
        program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}")
    monkeypatch.setattr("hydrators.rust_analyzer.toolchain._PLACES", ())
    from hydrators.rust_analyzer.toolchain import ToolchainAbsent, find_toolchain

    with pytest.raises(ToolchainAbsent, match="does not run") as absent:
        find_toolchain("", toy)
    assert absent.value.cure == "rustup component add rust-analyzer"


def test_an_unused_server_is_stopped_and_starts_again_when_asked(
    toolchain: Toolchain, cache: Path, toy: Path
) -> None:
    with running(toy, cache / "toy", SessionOptions(idle_stop_s=1)) as rig:
        first = rig.start()
        rig.until(lambda state: state.state == State.STOPPED)
        assert rig.ask_until("src/lib.rs").generation > first.generation
        assert rig.state.restarts == 0


def test_a_server_above_its_memory_cap_is_started_anew(toolchain: Toolchain, cache: Path, toy: Path) -> None:
    with running(toy, cache / "toy", SessionOptions(memory_cap_bytes=20 << 20)) as rig:
        asks_in_vain(rig)
        state = rig.until(lambda state: state.restarts == 1)
        assert "more than the 20 MB allowed" in state.reason


def test_ending_leaves_no_process_behind(toolchain: Toolchain, cache: Path, toy: Path) -> None:
    with running(toy, cache / "toy") as rig:
        pid = rig.start().pid
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
