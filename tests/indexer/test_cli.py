from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import pytest
import typer

from indexer import __version__, cli, methods
from indexer.cli.exits import Exit
from indexer.cli.nodes import NodeKind
from indexer.cli.output import duration, plural, show, size, table
from indexer.cli.rows import Phases
from tests.indexer.conftest import Said
from tests.indexer.service_bench import Bench

ROOT = Path(__file__).resolve().parents[2]


def every_command() -> list[str]:
    root: Any = typer.main.get_command(cli.make_app([]))
    names = []
    for name, command in root.commands.items():
        inner = getattr(command, "commands", None)
        names += [f"{name} {sub}" for sub in inner] if inner else [name]
    return names


@pytest.mark.parametrize("name", every_command())
def test_every_command_explains_itself_takes_json_and_is_in_the_docs(
    isg: Callable[..., Said], name: str
) -> None:
    said = isg(*name.split(), "--help")
    assert said.code == Exit.OK
    assert "--json" in said.out or name == "demo"
    assert f"isg {name}" in (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")


def test_the_help_names_every_command_and_every_exit_code(isg: Callable[..., Said]) -> None:
    said = isg("--help")
    assert all(name in said.out for name in cli.COMMANDS)
    assert all(f"{code.value} {code.name.lower().split('_')[0]}" in said.out for code in Exit)


def test_loading_one_command_alone_gives_the_same_command() -> None:
    for name in cli.COMMANDS:
        alone: Any = typer.main.get_command(cli.make_app([name]))
        assert name in alone.commands


@pytest.mark.parametrize(
    "arguments",
    [
        ["status"],
        ["list"],
        ["nodes", "a.rs"],
        ["show", "x"],
        ["callers", "x"],
        ["changes"],
        ["pause"],
        ["reindex"],
    ],
)
def test_without_a_daemon_every_question_says_how_to_start_it(
    isg: Callable[..., Said], arguments: list[str]
) -> None:
    said = isg(*arguments)
    assert said.code == Exit.DAEMON_DOWN
    assert said.out == ""
    assert "isg up" in said.err
    assert json.loads(isg(*arguments, "--json").err)["error"]["exit"] == Exit.DAEMON_DOWN


def test_the_kinds_of_nodes_are_those_that_the_daemon_knows() -> None:
    assert list(NodeKind) == list(get_args(methods.NodeKindName))


def test_a_wrong_value_is_told_without_the_names_of_methods(toy: Bench, isg: Callable[..., Said]) -> None:
    said = isg("show", "")
    assert said.code == Exit.USAGE
    assert "nodes.get" not in said.err
    assert "isg show --help" in said.err


def test_a_wrong_command_is_a_usage_error(isg: Callable[..., Said]) -> None:
    said = isg("statsu")
    assert said.code == Exit.USAGE
    assert "statsu" in said.err


def test_a_workspace_is_added_listed_and_removed(bench: Bench, isg: Callable[..., Said], crate: Path) -> None:
    assert "isg add" in isg("status").err
    added = isg("add", crate, "--trust")
    assert added.code == Exit.OK
    assert "ready: 4 files" in added.err
    row = isg("list").out.splitlines()[1].split()
    assert row[1:] == ["ready", "yes", str(crate)]
    assert "untouched" in isg("remove", row[0]).err
    assert isg("list", "--json").json == {"workspaces": []}


def test_only_an_id_or_a_root_removes_a_workspace(
    toy: Bench, isg: Callable[..., Said], crate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(crate)
    for wrong in ("typo", "src"):
        said = isg("remove", wrong)
        assert said.code == Exit.NOT_FOUND
        assert str(crate) in said.err
    assert isg("remove", ".").code == Exit.OK


def test_status_shows_the_state_what_is_held_and_what_is_skipped(
    toy: Bench, isg: Callable[..., Said]
) -> None:
    said = isg("status")
    assert said.code == Exit.OK
    assert "ready" in said.out
    assert "4 files" in said.out
    assert "src/pipe: not a regular file" in said.out
    assert isg("status", "--wait").code == Exit.OK
    assert isg("status", "--json").json["workspaces"][0]["state"] == "ready"
    assert isg("status", "absent").code == Exit.NOT_FOUND


def test_waiting_too_long_has_an_exit_code_of_its_own(toy: Bench, isg: Callable[..., Said]) -> None:
    toy.workspaces[0].never_ready = True
    said = isg("status", "--wait", "--timeout", "0.1")
    assert said.code == Exit.TIMEOUT
    assert "edges 3" in said.err


def test_nodes_lists_a_file_a_line_or_a_name(toy: Bench, isg: Callable[..., Said]) -> None:
    assert [line.split()[2] for line in isg("nodes", "src/parse.rs").out.splitlines()[1:]] == [
        "Parser",
        "Parser",
        "new",
        "render",
    ]
    assert "greet" in isg("nodes", "src/lib.rs:5").out
    found = isg("nodes", "Parser::new").out
    assert "src/parse.rs:" in found
    assert isg("nodes", "src/absent.rs").code == Exit.NOT_FOUND


def test_show_prints_the_text_with_its_docs(toy: Bench, isg: Callable[..., Said]) -> None:
    said = isg("show", "greet")
    assert "/// Says hello." in said.out
    assert "src/lib.rs:3-6" in said.out
    assert "/// Says hello." not in isg("show", "greet", "--no-text").out


def test_nodes_are_found_by_what_they_are(toy: Bench, isg: Callable[..., Said], crate: Path) -> None:
    (crate / "src/other.rs").write_text(
        "#[derive(Clone)]\npub struct Lexer;\nasync fn shout() {}\n#[cfg(test)]\nfn check() {}\n"
    )
    isg("reindex", "--wait")
    for arguments, found in (
        (["--derive", "Clone"], ["Lexer"]),
        (["--qualifier", "async"], ["shout"]),
        (["src/other.rs", "--kind", "function"], ["shout", "check"]),
        (["--test", "-k", "function"], ["check"]),
        (["Lexer", "--visibility", "pub"], ["Lexer"]),
        (["-k", "function", "--documented"], ["greet"]),
    ):
        assert sorted(line.split()[2] for line in isg("nodes", *arguments).out.splitlines()[1:]) == sorted(
            found
        )
    assert "no node is like that" in isg("nodes", "--derive", "Zzz").err
    assert "ask for more" in isg("nodes", "-k", "function", "--limit", "1").err


def test_nodes_without_a_name_or_filter_is_a_usage_error(toy: Bench, isg: Callable[..., Said]) -> None:
    for arguments, hint in (
        ([], "isg nodes --kind trait"),
        (["--kind", "klass"], "kinds are function, method"),
        (["--kind", "funktion"], "did you mean function?"),
        (["src/lib.rs:4", "--kind", "fn"], "isg nodes src/lib.rs"),
    ):
        said = isg("nodes", *arguments)
        assert said.code == Exit.USAGE
        assert said.out == ""
        assert hint in said.err
        assert "nodes.find" not in said.err


def test_a_kind_may_be_called_as_rust_calls_it(toy: Bench, isg: Callable[..., Said]) -> None:
    for kind, found in (("fn", {"function"}), ("mod", {"module"}), ("Extern-Crate", set())):
        said = isg("nodes", "--kind", kind)
        assert said.code == Exit.OK
        assert {line.split()[1] for line in said.out.splitlines()[1:]} == found


def test_a_name_that_nothing_has_is_not_found_and_a_filter_that_leaves_nothing_is_done(
    toy: Bench, isg: Callable[..., Said]
) -> None:
    for arguments in (["absent"], ["absent", "--json"], ["Parser", "--derive", "Zzz"], ["src"]):
        assert isg("nodes", *arguments).code == Exit.NOT_FOUND
    for arguments in (["--derive", "Zzz"], ["src/lib.rs", "--derive", "Zzz"], ["src/lib.rs:2"]):
        assert isg("nodes", *arguments).code == Exit.OK
    assert isg("nodes", "absent", "--json").json["nodes"] == []


def test_a_folder_is_no_name_and_the_answer_says_how_it_is_listed(
    toy: Bench, isg: Callable[..., Said], crate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(crate)
    assert "isg nodes --under src" in isg("nodes", "src").err
    assert "Parser" in isg("nodes", "--under", "src").out


def test_what_is_printed_as_a_name_or_a_place_is_understood(
    toy: Bench, isg: Callable[..., Said], crate: Path
) -> None:
    (crate / "src/other.rs").write_text(
        "pub struct Lexer<T>(T);\nimpl<T> Iterator for Lexer<T> {\n    type Item = T;\n"
        "    fn next(&mut self) -> Option<T> { None }\n}\nmod inner {\n    impl super::Lexer<u8> {}\n}\n"
        "use std::fmt::{self, Debug};\nthread_local! {}\n"
    )
    (crate / "Cargo.toml").write_text('[package]\nname = "my-toy"\n\n[features]\nnet = []\n')
    isg("reindex", "--wait")
    rows = isg("nodes", "--under", ".", "--json").json["nodes"]
    assert {"impl", "use", "feature", "crate", "macro_call"} <= {row["kind"] for row in rows}
    for row in rows:
        for asked in (row["qualified_name"], f"{row['file']}:{row['start_line']}-{row['end_line']}"):
            said = isg("show", asked, "--no-text")
            assert said.code in (Exit.OK, Exit.CONFLICT), (asked, said.err)
            assert row["id"] in said.out + said.err, asked
    assert "method <Lexer<T> as Iterator>::next" in isg("show", "< Lexer< T > as Iterator >::next").out
    for asked in ("impl<T>  Iterator for Lexer<T>", "src/other.rs:2:9", "src/other.rs:2:"):
        assert "impl Iterator for Lexer<T>" in isg("show", asked).out
    assert "inner::impl super::Lexer<u8>\n" in isg("show", "src/other.rs:7").out
    for asked in ("my-toy", "my_toy", "Cargo.toml:1"):
        assert "crate my_toy" in isg("show", asked).out
    assert [line.split()[1] for line in isg("nodes", "Cargo.toml").out.splitlines()[1:]] == [
        "crate",
        "feature",
    ]


def test_show_describes_what_the_signature_does_not_say(
    toy: Bench, isg: Callable[..., Said], crate: Path
) -> None:
    (crate / "src/other.rs").write_text(
        '/// Reads.\n#[derive(Clone, Debug)]\n#[deprecated(since = "1")]\npub enum Lexer {\n'
        "    Empty = 1,\n    Text(String),\n    At { pub line: u32 },\n}\npub fn torn( {\n"
    )
    isg("reindex", "--wait")
    said = isg("show", "Lexer", "--no-text").out
    for line in (
        'deprecated since = "1"',
        "derive     Debug",
        "docs       Reads.",
        "variant    Empty = 1",
        "variant    Text(String)",
        "variant    At { pub line: u32 }",
    ):
        assert line in said, said
    torn = isg("show", "torn").out
    assert "not exact  its own text does not parse" in torn
    assert torn.count("exact") == 1
    assert isg("show", "Lexer", "--json").json["description"]["derives"] == ["Clone", "Debug"]


def test_show_tells_generics_bounds_and_qualifiers_and_the_first_paragraph_of_the_docs(
    toy: Bench, isg: Callable[..., Said], crate: Path
) -> None:
    (crate / "src/other.rs").write_text(
        "mod m {\n    /// Reads one,\n    /// or more.\n    ///\n    /// Second.\n"
        "    pub async unsafe fn read<'a, T: Clone + 'a, const N: usize>(t: &'a T)\n    where\n"
        "        T: Send + Sync,\n    {\n        drop(t);\n    }\n}\n"
        'pub extern "C" fn call() {}\npub struct Cell<T = u8>(T);\n'
    )
    isg("reindex", "--wait")
    said = isg("show", "read").out
    for line in (
        "  docs       Reads one, or more.\n",
        "  qualifiers async unsafe\n",
        "  generic    'a\n",
        "  generic    T: Clone + 'a\n",
        "  generic    const N: usize\n",
        "  where      T: Send + Sync\n",
        "\n/// Reads one,\n/// or more.\n///\n/// Second.\npub async unsafe fn",
        "\nwhere\n    T: Send + Sync,\n{\n    drop(t);\n}\n",
    ):
        assert line in said, said
    assert '  qualifiers extern "C"\n' in isg("show", "call").out
    assert "  generic    T = u8\n" in isg("show", "Cell").out


def test_an_ambiguous_name_shows_the_candidates(toy: Bench, isg: Callable[..., Said]) -> None:
    said = isg("show", "new")
    assert said.code == Exit.CONFLICT
    assert "Parser::new" in said.err
    assert "Lexer::new" in said.err
    assert len(json.loads(isg("show", "new", "--json").err)["error"]["candidates"]) == 2


def test_implementations_are_shown_from_both_sides(toy: Bench, isg: Callable[..., Said], crate: Path) -> None:
    (crate / "src/other.rs").write_text("pub trait Draw {}\npub struct Lexer;\nimpl Draw for Lexer {}\n")
    isg("reindex", "--wait")
    for asked in ("Draw", "Lexer"):
        line = isg("impls", asked).out.splitlines()[1]
        assert line.split()[:2] == ["Draw", "Lexer"]
        assert "impl Draw for Lexer" in line
    assert "not known to implement" in isg("impls", "greet").err


def test_derives_and_traits_from_outside_the_workspace_are_shown(
    toy: Bench, isg: Callable[..., Said], crate: Path
) -> None:
    (crate / "src/other.rs").write_text(
        "#[derive(Clone)]\npub struct Lexer;\nimpl std::fmt::Display for Lexer {}\nimpl !Send for Lexer {}\n"
    )
    isg("reindex", "--wait")
    assert [line.split()[0] for line in isg("impls", "Lexer").out.splitlines()[1:]] == [
        "std::fmt::Display",
        "Clone",
    ]
    assert isg("impls", "Clone").out.splitlines()[1].split() == ["Clone", "Lexer", "derive", "src/other.rs"]
    assert "impl std::fmt::Display for Lexer" in isg("impls", "Display").out
    assert isg("impls", "Display", "--json").json["node"] is None
    said = isg("impls", "Send")
    assert said.code == Exit.NOT_FOUND
    assert "no node called Send" in said.err


def test_edges_are_shown_from_both_sides(toy: Bench, isg: Callable[..., Said]) -> None:
    assert "twice" in isg("callers", "greet").out
    callee = isg("callees", "greet").out.splitlines()
    assert callee[0].split()[:4] == ["WEIGHT", "PROVENANCE", "RULE", "KIND"]
    assert callee[1].split()[:5] == ["0.95", "heuristic", "module", "function", "render"]
    assert "nobody is known to call" in isg("callers", "twice").err
    near = isg("neighbors", "greet", "--kind", "calls").out
    assert "← CALLS" in near
    assert "→ CALLS" in near
    assert "render" in isg("neighbors", "twice", "--two-hop").out
    assert isg("path", "twice", "render").out.count("↓ CALLS") == 2
    assert isg("path", "greet", "Lexer").code == Exit.NOT_FOUND


def test_changes_are_shown_with_what_was_added(toy: Bench, isg: Callable[..., Said], crate: Path) -> None:
    clock = isg("changes", "--json").json["next_clock"]
    (crate / "src" / "parse.rs").write_text("pub struct Fresh;\n")
    toy.call("workspace.reindex")
    said = isg("changes", "--since", clock)
    assert "+Fresh" in said.out
    assert "-Parser" in said.out


def test_an_index_is_exported_to_a_file_or_to_standard_output(
    toy: Bench, isg: Callable[..., Said], tmp_path: Path
) -> None:
    target = tmp_path / "out.json"
    assert f"wrote {target}" in isg("snapshot", "export", target).err
    assert isg("snapshot", "export", target).code == Exit.CONFLICT
    assert isg("snapshot", "export", target, "--force").code == Exit.OK
    assert "now has the index" in isg("snapshot", "import", target).err


def test_pausing_and_resuming_are_said(toy: Bench, isg: Callable[..., Said]) -> None:
    assert "paused" in isg("pause").err
    assert "paused" in isg("list").out
    assert "following" in isg("resume").err
    assert "isg status --watch" in isg("reindex", "--no-wait").err


def test_the_settings_are_shown_with_their_source(
    isg: Callable[..., Said], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ISG_STORM_PATHS", "77")
    line = next(line for line in isg("config", "show").out.splitlines() if line.startswith("storm_paths"))
    assert line.split()[1:3] == ["77", "ISG_STORM_PATHS"]
    monkeypatch.setenv("ISG_STORM_PATHS", "many")
    said = isg("config", "show")
    assert said.code == Exit.ERROR
    assert "ISG_STORM_PATHS" in said.err


def test_index_works_without_a_daemon(isg: Callable[..., Said], crate: Path) -> None:
    first = isg("index", crate, "--json").json
    assert (first["files"], first["changed_files"]) == (4, 4)
    assert isg("index", crate, "--json").json["changed_files"] == 0
    assert isg("index", crate / "absent").code == Exit.NOT_FOUND


def test_index_leaves_what_the_daemon_keeps_to_the_daemon(
    toy: Bench, isg: Callable[..., Said], crate: Path
) -> None:
    said = isg("index", crate)
    assert said.code == Exit.CONFLICT
    assert "isg reindex" in said.err


def test_text_from_files_cannot_drive_the_terminal(toy: Bench, isg: Callable[..., Said], crate: Path) -> None:
    (crate / "src" / "lib.rs").write_text("/// \x1b[2J\x07 hidden\npub fn evil() {}\n")
    toy.call("workspace.reindex")
    for said in (isg("show", "evil"), isg("nodes", "src/lib.rs"), isg("show", "\x1b[2J")):
        assert "\x1b" not in said.out + said.err
        assert "\x07" not in said.out


def test_the_log_is_shown_and_its_absence_is_said(isg: Callable[..., Said], tmp_path: Path) -> None:
    assert isg("logs").code == Exit.NOT_FOUND
    log = tmp_path / "home" / "state" / "daemon.log"
    log.parent.mkdir(parents=True)
    log.write_text("".join(f"2026-01-01T00:00:00 | INFO    | a.b:1 | line {n} | end\n" for n in range(100)))
    assert isg("logs", "-n", 2).out.splitlines()[-1].endswith("line 99 | end")
    assert json.loads(isg("logs", "-n", 1, "--json").out) == {
        "time": "2026-01-01T00:00:00",
        "level": "INFO",
        "where": "a.b:1",
        "message": "line 99 | end",
    }


def test_the_version_is_an_option_too(isg: Callable[..., Said]) -> None:
    assert isg("--version").out == isg("version").out == f"isg {__version__}\n"


def test_a_place_that_cannot_be_used_is_named(
    isg: Callable[..., Said], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ISG_HOME", "/dev/null")
    said = isg("up")
    assert said.code == Exit.ERROR
    assert "/dev/null" in said.err
    assert "ISG_HOME" in said.err
    assert "Errno" not in said.err


@pytest.mark.parametrize("width", [30, 60, 100, 200])
def test_a_table_on_a_terminal_has_whole_places_and_one_line_for_each_row(
    width: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", str(width))
    places = [f"crates/some/where/below/file_{number}.rs:{number}" for number in range(9, 12)]
    show(table(["PLACE", "SIGNATURE"], [[place, "fn long(" + "a: A, " * 50 + ")"] for place in places]))
    lines = re.sub(r"\x1b\[[\d;]*m", "", capsys.readouterr().out).splitlines()
    assert [line.split()[0] for line in lines] == ["PLACE", *places]
    assert all(len(line.rstrip()) <= max(width, len(places[-1])) for line in lines)


def test_progress_tells_the_second_pass_over_the_files_from_the_first() -> None:
    phases = Phases()

    def at(state: str, done: int, total: int = 100) -> str:
        return phases.describe({"id": "ws", "state": state, "progress": {"done": done, "total": total}})

    assert [at("scanning", 0, 0), at("indexing", 50), at("indexing", 100)] == [
        "looking for files",
        "reading files",
        "reading files",
    ]
    assert [at("indexing", 10), at("indexing", 90)] == ["resolving edges", "resolving edges"]
    assert [at("indexing", 5, 20), at("ready", 20, 20)] == ["reading files", "ready"]


def test_numbers_are_written_for_people() -> None:
    assert [duration(s) for s in (0.04, 9.96, 59, 185, 7620, 180_000)] == [
        "0.0 s",
        "10.0 s",
        "59 s",
        "3 min 5 s",
        "2 h 7 min",
        "2 d 2 h",
    ]
    assert [size(n) for n in (0, 999, 1000, 3_400_000, 5e13)] == [
        "0 B",
        "999 B",
        "1.0 kB",
        "3.4 MB",
        "50.0 TB",
    ]
    assert [plural(n, "file") for n in (0, 1, 2000)] == ["0 files", "1 file", "2,000 files"]
