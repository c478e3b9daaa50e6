"""What the README shows is what happens."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from hydrators.rust_analyzer.toolchain import ToolchainAbsent, find_toolchain

ROOT = Path(__file__).resolve().parent.parent.parent
BIN = Path(sys.executable).parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def shell_blocks() -> list[list[str]]:
    """The commands of each ```sh block, comments removed."""
    blocks = re.findall(r"^```sh\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    return [[re.sub(r"\s+#.*", "", line) for line in block.splitlines() if line.strip()] for block in blocks]


def shown_answers() -> dict[str, str]:
    """Each command of the ```console block, and what the page says that it prints."""
    [block] = re.findall(r"^```console\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    parts = [part.partition("\n") for part in f"\n{block}".split("\n$ ")[1:]]
    return {command: shown.strip() for command, _, shown in parts}


def test_the_first_lines_are_make_run_and_make_test() -> None:
    assert shell_blocks()[0] == ["make run", "make test"]
    assert README.startswith("```sh\nmake run")


def test_continuous_integration_runs_the_test_command_of_the_readme() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8").strip()
    assert script.splitlines()[-1] == "exec make test"


def test_every_file_that_the_readme_links_to_exists() -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", README)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def run_commands(folder: Path, commands: list[str], answers: dict[str, str]) -> Path:
    """Runs them one by one in a copy of fixtures/workspace; each has to succeed, to say something and, where
    the page shows an answer, to give that one. Returns the copy."""
    workspace = folder / "workspace"
    shutil.copytree(ROOT / "fixtures" / "workspace", workspace, ignore=shutil.ignore_patterns("target"))
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("ISG_")},
        "ISG_HOME": str(folder / "home"),
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
    }
    assert commands[-1] == "isg down"
    failed = []
    try:
        for command in commands:
            done = subprocess.run(
                shlex.split(command),
                cwd=workspace,
                env=environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=120,
            )
            if done.returncode != 0 or not (done.stdout + done.stderr).strip():
                failed.append(f"{command}: exit {done.returncode}\n{done.stdout}{done.stderr}")
            if done.stdout.strip() != answers.get(command, done.stdout.strip()):
                failed.append(f"{command} prints\n{done.stdout}")
    finally:
        subprocess.run(["isg", "down"], cwd=workspace, env=environment, capture_output=True, timeout=60)
    assert failed == []
    return workspace


@pytest.mark.timeout(300)
def test_the_commands_of_the_readme_succeed_in_the_bundled_workspace(tmp_path: Path) -> None:
    *commands, last = shell_blocks()[1]
    answers = shown_answers()
    assert len(answers) >= 3
    workspace = run_commands(tmp_path, [*commands, *answers, last], answers)
    assert (workspace / "quill.json").stat().st_size > 1000


@pytest.mark.timeout(300)
def test_the_commands_of_a_trusted_workspace_succeed_where_there_is_a_rust_analyzer(tmp_path: Path) -> None:
    try:
        found = find_toolchain("", ROOT)
    except ToolchainAbsent as absent:
        pytest.skip(f"{absent}: {absent.cure}")
    if not found.libraries:
        pytest.skip("no library sources: rustup component add rust-src, or Debian's rust-web-src")
    commands = shell_blocks()[2]
    assert "isg add --trust ." in commands
    run_commands(tmp_path, commands, {})


@pytest.mark.timeout(300)
def test_the_commands_that_search_by_what_code_does_succeed_where_the_model_can_be_had(
    tmp_path: Path,
) -> None:
    commands = shell_blocks()[3]
    assert commands[0] == "isg models ensure minilm"
    done = subprocess.run(
        [BIN / "isg", *shlex.split(commands[0])[1:]],
        env={**os.environ, "ISG_HOME": str(tmp_path / "home")},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=200,
    )
    if done.returncode != 0:
        pytest.skip(f"the model cannot be had here: {done.stderr.strip()}")
    run_commands(tmp_path, commands, {})


@pytest.mark.timeout(300)
def test_make_run_shows_the_answer_change() -> None:
    done = subprocess.run(
        ["make", "run"], cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=280
    )
    assert done.returncode == 0, done.stdout + done.stderr
    before, _, after = done.stdout.partition("after:")
    assert "before:" in before
    assert "seen_by_isg" not in before
    assert "seen_by_isg" in after
    assert re.search(r"\d+ ms from the save to the changed answer", after)
    found = after.partition("found in")[2] or after.partition("no search by what code does")[2]
    assert found, after
    if "WHAT IT DOES" in after:
        assert "distance" in found  # which is not called so in the question
