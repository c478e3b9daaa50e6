"""isg search, summarise and queue, as a person and as a program use them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hydrators.llama.tiny_models import tiny_bert
from tests.system.service import ServiceProcess

pytestmark = pytest.mark.timeout(180)

FILES = {
    "Cargo.toml": '[package]\nname = "toy"\nversion = "0.1.0"\nedition = "2021"\n',
    "src/lib.rs": (
        "/// Opens the door.\npub fn open_door() {}\n\n/// Closes the door.\npub fn close_door() {}\n\n"
        "pub struct Bell;\n\n#[cfg(test)]\nmod tests {\n    #[test]\n    fn doors_open() {\n        super::open_door();\n    }\n}\n"
    ),
    "src/roof/mod.rs": "/// Counts the tiles of the roof.\npub fn count_tiles() -> usize {\n    4\n}\n",
}


class Terminal:
    def __init__(self, folder: Path) -> None:
        self.root = folder / "toy"
        for path, text in FILES.items():
            (self.root / path).parent.mkdir(parents=True, exist_ok=True)
            (self.root / path).write_text(text, encoding="utf-8")
        self.service = ServiceProcess(
            folder / "home",
            ISG_EMBEDDING_MODEL=str(tiny_bert(folder / "tiny.gguf")),
            ISG_BACKLOG_DUTY_PERCENT="100",
            ISG_BACKLOG_MOST_LOAD="1000",
            ISG_BACKLOG_WHILE_BUILDING="true",
        )

    def isg(self, *arguments: str, exit_code: int = 0) -> str:
        done = subprocess.run(
            [Path(sys.executable).with_name("isg"), *arguments],
            cwd=self.root,
            env=self.service.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == exit_code, (arguments, done.stdout, done.stderr)
        return done.stdout + done.stderr


@pytest.fixture(scope="module")
def terminal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    terminal = Terminal(tmp_path_factory.mktemp("terminal"))
    with terminal.service:
        terminal.isg("add", ".")
        terminal.isg("status", "--wait", "--stage", "embedded", "--timeout", "60")
        yield terminal


def test_words_need_no_quotes_and_what_is_found_has_its_line_and_place(terminal: Terminal) -> None:
    said = terminal.isg("search", "open", "the", "door", "-n", "2")
    assert len(said.strip().splitlines()) == 3
    assert "src/lib.rs:" in said
    assert "WHAT IT DOES" in said


def test_what_is_like_a_node_leaves_that_one_out(terminal: Terminal) -> None:
    found = json.loads(terminal.isg("search", "--like", "open_door", "--json"))["found"]
    names = [row["node"]["name"] for row in found]
    assert "open_door" not in names
    assert "close_door" in names


@pytest.mark.parametrize(
    ("options", "names"),
    [
        (["--kind", "struct"], {"Bell"}),
        (["--under", "src/roof"], {"count_tiles"}),
        (["--under", "src/ro"], set()),
        (["--under", "src/lib.rs", "--kind", "struct"], {"Bell"}),
        (["--test", "--kind", "function"], {"doors_open"}),
        (["--code", "--kind", "function"], {"open_door", "close_door", "count_tiles"}),
        (["--crate", "elsewhere"], set()),
    ],
)
def test_filters_hold(terminal: Terminal, options: list[str], names: set[str]) -> None:
    found = json.loads(terminal.isg("search", "door", *options, "--json"))["found"]
    assert {row["node"]["name"] for row in found if row["node"]["kind"] != "module"} == names


def test_a_search_for_nothing_says_how_to_ask(terminal: Terminal) -> None:
    assert "isg search --like" in terminal.isg("search", exit_code=2)
    assert "isg search --like" in terminal.isg("search", "words", "--like", "open_door", exit_code=2)


def test_summaries_are_one_object_a_line_for_programs(terminal: Terminal) -> None:
    rows = [json.loads(line) for line in terminal.isg("summarise", "--json").splitlines()]
    by_name = {row["qualified_name"]: row for row in rows}
    assert by_name["open_door"]["one_line"] == "Open the door"
    assert by_name["count_tiles"]["file"] == "src/roof/mod.rs"
    assert all(0 <= row["confidence"] <= 1 for row in rows)
    assert {row["file"] for row in rows} >= {"src/lib.rs", "src/roof/mod.rs"}
    only = [json.loads(line) for line in terminal.isg("summarise", "src/roof/mod.rs", "--json").splitlines()]
    assert {row["file"] for row in only} == {"src/roof/mod.rs"}
    assert "Close the door" in terminal.isg("summarise", "close_door")


def test_the_queue_is_shown_paused_and_resumed(terminal: Terminal) -> None:
    assert "paused" in terminal.isg("queue", "pause")
    assert "paused" in terminal.isg("status")
    assert "paused" not in terminal.isg("queue", "resume")
    said = json.loads(terminal.isg("queue", "--json"))
    (row,) = said["workspaces"].values()
    assert row["missing_vectors"] == 0
    assert row["vectors"] >= 4
    assert said["llama"]["state"] in ("ready", "stopped")


def test_the_line_of_an_interface_is_shown_with_it(terminal: Terminal) -> None:
    assert "Open the door" in terminal.isg("show", "open_door", "--no-text")


def test_searches_are_answered_while_the_file_is_edited(terminal: Terminal) -> None:
    file = terminal.root / "src/lib.rs"
    file.write_text(file.read_text() + "\n/// Locks the door.\npub fn lock_door() {}\n", encoding="utf-8")
    terminal.isg("status", "--wait", "--stage", "embedded", "--timeout", "60")
    found = json.loads(terminal.isg("search", "--like", "close_door", "--json"))["found"]
    assert "lock_door" in [row["node"]["name"] for row in found]
