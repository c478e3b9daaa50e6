from __future__ import annotations

import json
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import TypeAdapter

from indexer import methods
from indexer.answers import ANSWERS
from indexer.cli import graph
from indexer.methods import METHODS, document_methods
from indexer.protocol import ErrorCode, RpcError
from indexer.rpc_client import Client
from store.model import EdgeKind
from tests.indexer.service_bench import Bench, lay_out_sources, running_daemon

ROOT = Path(__file__).resolve().parents[2]


def ask(bench: Bench, method: str, **params: Any) -> Any:
    """The answer, after it has been held against the method's own result type."""
    answer = bench.call(method, **params)
    TypeAdapter(METHODS[method].result).validate_python(answer, extra="forbid", strict=True)
    return answer


def refused(bench: Bench, method: str, **params: Any) -> RpcError:
    with pytest.raises(RpcError) as raised:
        bench.call(method, **params)
    assert raised.value.do, f"{raised.value} does not say what to do"
    return raised.value


def test_every_method_that_is_described_is_answered_and_the_other_way_round() -> None:
    assert set(ANSWERS) == set(METHODS)


def test_edges_of_every_kind_can_be_asked_for() -> None:
    kinds = [str(kind) for kind in EdgeKind]
    assert list(get_args(methods.Kind)) == kinds
    assert [kind.name for kind in graph.Kind] == kinds


def test_the_docs_name_every_method_and_its_parameters() -> None:
    assert (ROOT / "docs" / "methods.md").read_text(encoding="utf-8") == document_methods()


def test_discover_describes_every_method_with_schemas_that_resolve(bench: Bench) -> None:
    document = ask(bench, "rpc.discover")
    assert [method["name"] for method in document["methods"]] == list(METHODS)
    names = set(document["components"]["schemas"])
    referenced = {part.split('"')[0] for part in json.dumps(document).split('"#/components/schemas/')[1:]}
    assert referenced <= names


def test_ping_says_who_answers(bench: Bench) -> None:
    pong = ask(bench, "daemon.ping")
    assert pong["pid"] > 0
    assert pong["workspaces"] == 0


def test_a_workspace_is_added_once_however_often_it_is_asked(bench: Bench, crate: Path) -> None:
    first = ask(bench, "workspace.add", path=str(crate))
    again = ask(bench, "workspace.add", path=str(crate / "src" / ".."))
    assert first["added"] is True
    assert again["added"] is False
    assert [row["id"] for row in ask(bench, "workspace.list")["workspaces"]] == [first["workspace"]["id"]]


def test_trust_is_kept_until_it_is_changed(bench: Bench, crate: Path) -> None:
    assert ask(bench, "workspace.add", path=str(crate))["workspace"]["trusted"] is False
    assert ask(bench, "workspace.add", path=str(crate), trusted=True)["workspace"]["trusted"] is True
    assert ask(bench, "workspace.add", path=str(crate))["workspace"]["trusted"] is True


def test_removing_a_workspace_forgets_it_and_leaves_its_files(toy: Bench, crate: Path) -> None:
    before = {path: path.read_bytes() for path in crate.rglob("*") if path.is_file()}
    ask(toy, "workspace.remove")
    assert ask(toy, "workspace.list")["workspaces"] == []
    assert {path: path.read_bytes() for path in crate.rglob("*") if path.is_file()} == before


def test_status_tells_of_the_daemon_and_of_each_workspace(toy: Bench) -> None:
    status = ask(toy, "status", health=True)
    (row,) = status["workspaces"]
    assert row["state"] == "ready"
    assert row["counts"]["files"] == 4
    assert status["daemon"]["rss_bytes"] > 1_000_000
    assert all(pulse["ok"] for pulse in status["daemon"]["health"])


def test_the_nodes_of_a_file_come_in_source_order_page_by_page(toy: Bench) -> None:
    whole = ask(toy, "nodes.list", file="src/parse.rs")
    assert [row["qualified_name"] for row in whole["nodes"] if row["kind"] != "impl"] == [
        "Parser",
        "Parser::new",
        "render",
    ]
    lines = [row["start_line"] for row in whole["nodes"]]
    assert lines == sorted(lines)
    page = ask(toy, "nodes.list", file="src/parse.rs", limit=1, offset=1)
    assert page["nodes"] == whole["nodes"][1:2]
    assert page["total"] == len(whole["nodes"])


def test_a_file_may_be_named_from_where_the_caller_stands(toy: Bench, crate: Path) -> None:
    whole = ask(toy, "nodes.list", file="src/lib.rs")
    for file, cwd in (
        ("lib.rs", crate / "src"),
        (str(crate / "src/lib.rs"), "/"),
        ("../src/lib.rs", crate / "src"),
    ):
        assert ask(toy, "nodes.list", file=file, cwd=str(cwd))["nodes"] == whole["nodes"]


def test_every_answer_about_a_workspace_says_how_fresh_it_is(toy: Bench) -> None:
    for method, params in (
        ("nodes.list", {"file": "src/lib.rs"}),
        ("nodes.get", {"node": "greet"}),
        ("nodes.find", {"name": "greet"}),
        ("nodes.at", {"file": "src/lib.rs", "line": 5}),
        ("graph.callers", {"node": "greet"}),
        ("graph.neighbors", {"node": "greet"}),
        ("graph.two_hop", {"node": "greet"}),
        ("graph.path", {"start": "greet", "goal": "twice"}),
        ("changes.since", {"since": 0}),
        ("wait", {}),
        ("workspace.pause", {}),
        ("workspace.resume", {}),
        ("workspace.reindex", {}),
    ):
        answer = ask(toy, method, **params)
        assert answer["clock"] > 0, method
        assert {"workspace", "fresh_instance", "pending", "warnings"} <= set(answer), method


def test_a_node_is_found_by_name_by_line_and_by_id(toy: Bench) -> None:
    by_name = ask(toy, "nodes.get", node="greet")
    assert "/// Says hello." in by_name["text"]
    by_line = ask(toy, "nodes.get", node="src/lib.rs:5")
    by_id = ask(toy, "nodes.get", node=by_name["node"]["id"])
    assert by_name["node"] == by_line["node"] == by_id["node"]
    assert ask(toy, "nodes.get", node="Parser::new")["node"]["file"] == "src/parse.rs"
    assert ask(toy, "nodes.get", node="crate::parse::Parser::new")["node"]["file"] == "src/parse.rs"


def test_a_name_that_several_nodes_have_is_answered_with_the_candidates(toy: Bench) -> None:
    error = refused(toy, "nodes.get", node="new")
    assert error.code == ErrorCode.AMBIGUOUS
    assert {row["qualified_name"] for row in error.details["candidates"]} == {"Parser::new", "Lexer::new"}


def test_callers_and_callees_are_two_sides_of_the_same_edges(toy: Bench) -> None:
    callers = ask(toy, "graph.callers", node="greet")["neighbors"]
    assert [row["node"]["qualified_name"] for row in callers] == ["twice"]
    callees = ask(toy, "graph.callees", node="greet")["neighbors"]
    assert [row["node"]["qualified_name"] for row in callees] == ["render"]
    both = ask(toy, "graph.neighbors", node="greet", kinds=["CALLS"])["neighbors"]
    assert {(row["direction"], row["node"]["qualified_name"]) for row in both} == {
        ("in", "twice"),
        ("out", "render"),
    }


def test_a_limit_is_kept_and_said(toy: Bench) -> None:
    answer = ask(toy, "graph.callers", node="render", limit=1)
    assert answer["truncated"] is True


def test_two_hops_and_paths_lead_over_the_node_between(toy: Bench) -> None:
    hops = {row["node"]["name"]: row["hops"] for row in ask(toy, "graph.two_hop", node="twice")["nodes"]}
    assert hops == {"twice": 0, "greet": 1, "render": 2}
    path = ask(toy, "graph.path", start="twice", goal="render")
    assert [node["name"] for node in path["nodes"]] == ["twice", "greet", "render"]


def test_changes_go_on_where_the_last_answer_ended(toy: Bench) -> None:
    first = ask(toy, "changes.since", since=0)
    again = ask(toy, "changes.since", since=first["next_clock"])
    assert again["changes"] == []
    assert ask(toy, "changes.since", since=2**40)["fresh_instance"] is True


def test_wait_that_is_not_fulfilled_in_time_is_a_timeout_with_what_is_pending(toy: Bench) -> None:
    toy.workspaces[0].never_ready = True
    error = refused(toy, "wait", timeout_s=0.05)
    assert error.code == ErrorCode.TIMEOUT
    assert "edges 3" in error.message


def test_a_pause_survives_a_reopening_and_ends_on_resume(toy: Bench, crate: Path) -> None:
    ask(toy, "workspace.pause")
    ask(toy, "workspace.add", path=str(crate), trusted=True)  # reopens it
    assert ask(toy, "wait")["stage"] == "edges"
    assert ask(toy, "workspace.list")["workspaces"][0]["state"] == "paused"
    assert ask(toy, "workspace.resume")["state"] == "ready"


def test_with_several_workspaces_the_callers_place_or_the_parameter_decides(
    toy: Bench, tmp_path: Path
) -> None:
    other = lay_out_sources(tmp_path / "other")
    ask(toy, "workspace.add", path=str(other))
    first, second = (row["id"] for row in ask(toy, "workspace.list")["workspaces"])
    assert ask(toy, "nodes.find", name="greet", cwd=str(other / "src"))["workspace"] == second
    assert ask(toy, "nodes.find", name="greet", cwd=str(other), workspace=first)["workspace"] == first
    assert ask(toy, "nodes.find", name="greet", workspace=str(other / "src/lib.rs"))["workspace"] == second
    error = refused(toy, "nodes.find", name="greet", cwd="/")
    assert error.code == ErrorCode.WORKSPACE_UNKNOWN
    assert first in error.do


def test_a_subscriber_hears_of_commits_until_it_unsubscribes(toy: Bench, crate: Path) -> None:
    with toy.client() as listener, toy.client() as other:
        number = listener.call("subscribe")["subscription"]
        (crate / "src" / "lib.rs").write_text("pub fn fresh() {}\n")
        other.call("workspace.reindex")
        message = next(listener.notifications(timeout_s=10))
        assert message["method"] == "commit"
        assert message["params"]["subscription"] == number
        assert [change["path"] for change in message["params"]["changes"]] == ["src/lib.rs"]
        assert listener.call("unsubscribe", {"subscription": number})["was_active"] is True
        assert listener.call("unsubscribe", {"subscription": number})["was_active"] is False


def test_a_client_that_subscribed_and_left_costs_nothing_more(toy: Bench) -> None:
    with toy.client() as listener:
        listener.call("subscribe")
    while toy.call("status")["daemon"]["connections"] > 1:
        pass
    assert toy.call("workspace.reindex")["clock"] > 0


def test_an_index_moves_from_one_file_to_a_store_and_back(toy: Bench, tmp_path: Path) -> None:
    target = tmp_path / "snapshot.json"
    done = ask(toy, "snapshot.export", path=str(target))
    assert done["size_bytes"] == target.stat().st_size > 0
    assert refused(toy, "snapshot.export", path=str(target)).code == ErrorCode.CONFLICT
    ask(toy, "snapshot.export", path=str(target), overwrite=True)
    ask(toy, "snapshot.backup", path=str(tmp_path / "backup.db"))
    ask(toy, "snapshot.import", path=str(target))
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == [
        "backup.db",
        "snapshot.json",
    ]


def test_a_snapshot_that_is_none_leaves_the_index_as_it_is(toy: Bench, tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text("{")
    before = ask(toy, "nodes.list", file="src/lib.rs")["nodes"]
    for path in (tmp_path / "bad.json", tmp_path / "absent.json", tmp_path):
        assert refused(toy, "snapshot.import", path=str(path)).code == ErrorCode.CONFLICT
    assert (
        refused(toy, "snapshot.export", path=str(tmp_path / "no" / "such" / "dir")).code == ErrorCode.CONFLICT
    )
    assert refused(toy, "snapshot.export", path="relative.json").code == ErrorCode.INVALID_PARAMS
    assert ask(toy, "nodes.list", file="src/lib.rs")["nodes"] == before


def test_what_is_not_there_is_said_with_what_to_do(toy: Bench, tmp_path: Path) -> None:
    for method, params in (
        ("nodes.list", {"file": "src/absent.rs"}),
        ("nodes.list", {"file": "../outside.rs"}),
        ("nodes.get", {"node": "absent"}),
        ("nodes.get", {"node": "src/parse.rs:2"}),
        ("graph.callers", {"node": "absent::one"}),
        ("graph.path", {"start": "greet", "goal": "absent"}),
    ):
        assert refused(toy, method, **params).code == ErrorCode.NOT_FOUND, method
    assert refused(toy, "workspace.add", path=str(tmp_path / "absent")).code == ErrorCode.CONFLICT
    assert refused(toy, "status", workspace="absent").code == ErrorCode.WORKSPACE_UNKNOWN


def test_without_a_workspace_the_answer_says_how_to_add_one(bench: Bench) -> None:
    error = refused(bench, "nodes.find", name="greet")
    assert error.code == ErrorCode.WORKSPACE_UNKNOWN
    assert "isg add" in error.do


def test_the_workspaces_are_there_again_after_a_restart(tmp_path: Path, crate: Path) -> None:
    with running_daemon(tmp_path / "home") as bench:
        bench.call("workspace.add", path=str(crate), trusted=True)
    with running_daemon(tmp_path / "home") as bench:
        bench.call("wait")
        (row,) = bench.call("workspace.list")["workspaces"]
        assert (row["root"], row["trusted"], row["state"]) == (str(crate), True, "ready")


def test_the_regular_comparison_asks_every_workspace_for_a_scan(tmp_path: Path, crate: Path) -> None:
    with running_daemon(tmp_path / "home", reconcile_interval_s=1, reconcile_jitter_s=0) as bench:
        bench.call("workspace.add", path=str(crate))
        bench.call("wait")
        with bench.client() as client:
            while not bench.workspaces[0].scans:
                client.call("daemon.ping")
        assert bench.workspaces[0].scans[0] == "the regular comparison"


def test_metrics_count_what_was_asked(toy: Bench) -> None:
    with toy.client() as client:
        _fail(client, "nodes.get", {"node": "absent"})
        _fail(client, "no.such.method", {})
    said = ask(toy, "metrics")
    assert said["timings"]["rpc.nodes.get"]["count"] == 1
    assert said["timings"]["rpc.unknown"]["count"] == 1
    assert said["counters"]["rpc.errors"] == 2


def _fail(client: Client, method: str, params: dict[str, Any]) -> None:
    with pytest.raises(RpcError):
        client.call(method, params)
