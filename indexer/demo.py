"""`isg demo`: a service, a workspace, one edit of a scratch copy, and the answer that changes.

A client like any other: it talks to the daemon over the socket. The user's own files are only read.
"""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from rich.console import Group
from rich.panel import Panel
from rich.syntax import Syntax

from indexer.cli import launch, models, output
from indexer.cli.exits import Exit, Refusal
from indexer.cli.meaning import found_table
from indexer.cli.progress import follow_until_ready
from indexer.paths import Paths, resolve_paths
from indexer.protocol import RpcError
from indexer.rpc_client import AnswerTimeout, Client, DaemonDown

_ANSWER_S = 20.0
_POLL_S = 0.02
_EDIT = "let seen_by_isg = 42;"
_MODEL = "minilm"
_AT_FULL_SPEED = {
    "ISG_BACKLOG_DUTY_PERCENT": "100",
    "ISG_BACKLOG_MOST_LOAD": "1000",
    "ISG_BACKLOG_ON_BATTERY": "true",
    "ISG_BACKLOG_WHILE_BUILDING": "true",
}
_QUESTION = "how similar are two strings"
_EMBED_S = 300.0
_MANIFESTS = ("Cargo.toml", "Cargo.lock", ".gitignore")


@dataclass(frozen=True, slots=True)
class _Target:
    """A function to edit, and another of the same file that the edit makes it call."""

    node: dict[str, Any]
    text: str
    callee: str


def run_demo(workspace: Path | None = None) -> None:
    """Shows the whole line on the bundled workspace, or on `workspace`.

    Without `workspace` the service runs under a temporary ISG_HOME and is gone afterwards. With it, the
    user's own service is started if need be, keeps running, and keeps the workspace. Raises Refusal,
    RpcError, DaemonDown and AnswerTimeout.
    """
    started = time.perf_counter()
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="isg-demo-"))).resolve()
        if workspace is None:
            paths = stack.enter_context(_own_service(scratch / "home"))
            source = _bundled_workspace()
        else:
            source = _existing_folder(workspace)
            paths = resolve_paths()
            if launch.ping(paths) is None:
                launch.start_detached(paths)
        client = stack.enter_context(Client(paths.socket))
        if workspace is not None:
            _index(client, source)
        copy = scratch / f"{source.name}-copy"
        files = _copy_sources(source, copy)
        _say(f"copied {output.plural(files, 'file')} of {source} to {copy}: yours stay as they are")
        scratch_id = stack.enter_context(_added(client, copy))
        target = _show_edit(client, paths, scratch_id, copy)
        question = None if workspace is not None else _QUESTION
        _show_search(client, scratch_id, question, target)
    _say(f"done in {output.duration(time.perf_counter() - started)}, everything included")
    if workspace is None:
        _say("next: isg up, then isg add PATH for a workspace of your own")
    else:
        _say("the service goes on: isg status shows it, isg down stops it")


def _say(text: str, style: str = "") -> None:
    output.show(output.paint(text, style))


# ------------------------------------------------------------------------ the service


@contextmanager
def _own_service(home: Path) -> Iterator[Paths]:
    """A daemon that lives as long as the demo, under its own ISG_HOME."""
    home.mkdir(parents=True)
    environment = {
        **os.environ,
        "ISG_HOME": str(home),
        # the user's own folder of models: they are fetched once, and stay
        "ISG_EMBEDDING_MODEL": str(resolve_paths().models_dir / f"{_MODEL}.gguf"),
        **_AT_FULL_SPEED,
    }
    paths = resolve_paths(environment)
    log_path = home / "demo-daemon.log"
    started = time.perf_counter()
    with open(log_path, "wb") as log:
        process = subprocess.Popen(
            launch.daemon_command(foreground=True),
            env=environment,
            cwd=home,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl-C reaches the demo, which then stops the daemon in order
        )
    try:
        while launch.ping(paths) is None:
            if process.poll() is not None or time.perf_counter() - started > launch.START_TIMEOUT_S:
                words = log_path.read_text(encoding="utf-8", errors="replace").strip()[-2000:]
                raise Refusal(f"the service did not start; it said: {words or 'nothing'}", "try isg up")
            time.sleep(_POLL_S)
        _say(f"service started in {1e3 * (time.perf_counter() - started):.0f} ms (pid {process.pid})")
        yield paths
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


# ------------------------------------------------------------------------ the workspace


def _bundled_workspace() -> Path:
    """The workspace that comes with isg: inside the installed package, or in a checkout's fixtures."""
    package = Path(__file__).resolve().parent
    for candidate in (package / "demo_workspace", package.parent / "fixtures" / "workspace"):
        if candidate.is_dir():
            return candidate
    raise Refusal("the bundled workspace is missing from this installation", "give one with --workspace PATH")


def _existing_folder(path: Path) -> Path:
    folder = path.expanduser().resolve()
    if not folder.is_dir():
        raise Refusal(f"{path} is not a folder", "give the root of a Rust workspace", Exit.NOT_FOUND)
    return folder


def _copy_sources(source: Path, target: Path) -> int:
    """Copies the Rust files and manifests below `source`; returns how many. Links and special files stay
    behind, and so does what is hidden or built."""
    copied = 0
    for folder, subfolders, names in os.walk(source):
        if "CACHEDIR.TAG" in names:
            subfolders.clear()
            continue
        subfolders[:] = [name for name in subfolders if not name.startswith(".") and name != "target"]
        for name in names:
            path = Path(folder, name)
            if not (name.endswith(".rs") or name in _MANIFESTS) or not stat.S_ISREG(path.lstat().st_mode):
                continue
            place = target / path.relative_to(source)
            place.parent.mkdir(parents=True, exist_ok=True)
            with suppress(PermissionError):  # the service says which files it cannot read
                shutil.copyfile(path, place)
                copied += 1
    if not copied:
        raise Refusal(
            f"there is no Rust file in {source}", "give the root of a Rust workspace", Exit.NOT_FOUND
        )
    return copied


@contextmanager
def _added(client: Client, root: Path) -> Iterator[str]:
    """The scratch copy as a workspace of the service, removed at the end."""
    workspace = _index(client, root)
    try:
        yield workspace
    finally:
        with suppress(RpcError, DaemonDown, AnswerTimeout):
            client.call("workspace.remove", {"workspace": workspace})


def _index(client: Client, root: Path) -> str:
    """Adds `root` and shows progress until it is ready; its id."""
    started = time.perf_counter()
    workspace = str(client.call("workspace.add", {"path": str(root)})["workspace"]["id"])
    counts = follow_until_ready(client, workspace, quiet=False).get("counts", {})
    found = ", ".join(f"{number:,} {what}" for what, number in counts.items())
    _say(f"indexed {root.name} in {output.duration(time.perf_counter() - started)}: {found}")
    return workspace


# ------------------------------------------------------------------------ the edit


def _show_edit(client: Client, paths: Paths, workspace: str, root: Path) -> _Target:
    """Edits one function of the copy and waits for the answer to change; which it was."""
    target = _pick_target(client, workspace, root)
    node_id, file = target.node["id"], root / target.node["file"]
    callees = _callees(client, workspace, node_id)
    output.show(_answer_panel("before", node_id, target.text, callees, "red"))
    text = file.read_bytes().decode("utf-8")
    edited = text.replace(target.text, _with_edit(target), 1)
    with Client(paths.socket) as events:
        events.call("subscribe", {"workspace": workspace})
        file.write_bytes(edited.encode("utf-8"))
        saved = time.perf_counter()
        for _ in events.notifications(timeout_s=_ANSWER_S):
            answer = client.call("nodes.get", {"workspace": workspace, "node": node_id})
            if _EDIT in answer["text"]:
                break
        took_ms = 1e3 * (time.perf_counter() - saved)
    client.call("wait", {"workspace": workspace, "stage": "edges"})
    callees = _callees(client, workspace, node_id)
    output.show(_answer_panel("after", node_id, answer["text"], callees, "green"))
    _say(f"{took_ms:.0f} ms from the save to the changed answer over the socket", "bold")
    return target


def _with_edit(target: _Target) -> str:
    """The function with two more lines at the top of its body."""
    lines = target.text.split("\n")
    at = _body_start(lines)
    assert at is not None, "only functions with a body on lines of its own are picked"
    return "\n".join([*lines[:at], f"    {_EDIT}", f"    {target.callee}();", *lines[at:]])


def _body_start(lines: list[str]) -> int | None:
    """Index of the first line after the one that opens the body."""
    for number, line in enumerate(lines):
        if line.rstrip().endswith("{") and not line.lstrip().startswith(("//", "#")):
            return number + 1
    return None


def _pick_target(client: Client, workspace: str, root: Path) -> _Target:
    """A short free function with callers, else any with a body; beside it another of the same file."""
    fallback: _Target | None = None
    for path in sorted(root.rglob("*.rs")):
        try:
            text = path.read_bytes().decode("utf-8")
            listed = client.call("nodes.list", {"workspace": workspace, "file": str(path)})["nodes"]
        except (UnicodeDecodeError, RpcError):
            continue  # not UTF-8, or skipped by the service: nothing to show there
        functions = [
            node
            for node in listed
            if node["kind"] == "function"
            and node["level"] == 1
            and node["classification"] == "CODE_IMPLEMENTATION"
        ]
        for node, other in pairwise(functions):
            detail = client.call("nodes.get", {"workspace": workspace, "node": node["id"]})
            body: str = detail["text"]
            if text.count(body) != 1 or _body_start(body.split("\n")) is None:
                continue
            found = _Target(node, body, other["name"])
            if detail["incoming_count"] and 5 <= body.count("\n") <= 20:
                return found
            fallback = fallback or found
    if fallback is None:
        raise Refusal("no file of the workspace has two free functions", "try another workspace")
    return fallback


def _callees(client: Client, workspace: str, node_id: str) -> list[str]:
    rows = client.call("graph.callees", {"workspace": workspace, "node": node_id})["neighbors"]
    return sorted(row["node"]["qualified_name"] for row in rows)


def _answer_panel(title: str, node_id: str, text: str, callees: list[str], colour: str) -> Panel:
    body = Syntax(output.clean(text.rstrip()), "rust", background_color="default", word_wrap=True)
    calls = output.paint("calls: " + (", ".join(callees) or "nothing that is known"), "bold")
    heading = output.paint(f"{title}: {node_id}")
    # in a pipe `output` is thousands of columns wide: the panel need not be
    return Panel(Group(body, calls), title=heading, title_align="left", border_style=colour, width=112)


# ------------------------------------------------------------------------ the search


def _show_search(client: Client, workspace: str, question: str | None, target: _Target) -> None:
    """Finds functions by what they do: by a question, or those that are like one of the workspace. Without a
    model, which has to be fetched once, says so."""
    wanted = client.call("queue.status")["llama"]["embedding_model"]
    try:
        if wanted["name"] == "off":
            raise Refusal(wanted["reason"])
        if wanted["reason"]:
            models.obtain(_MODEL if question is not None else wanted["name"], quiet=False)
            client.call("models.reload")
        started = time.perf_counter()
        with output.console(stderr=True).status("making a vector of each interface"):
            asked = {"workspace": workspace, "stage": "embedded", "timeout_s": _EMBED_S}
            client.call("wait", asked, timeout_s=_EMBED_S + 5)
    except (Refusal, RpcError) as problem:
        _say(f"no search by what code does: {problem}", "yellow")
        return
    _say(f"every interface has its vector after {output.duration(time.perf_counter() - started)}")
    what = {"text": question} if question is not None else {"node": target.node["id"]}
    began = time.perf_counter()
    asked = {"workspace": workspace, "limit": 3, "kinds": ["function", "method"], **what}
    answer = client.call("search", asked)
    took_ms = 1e3 * (time.perf_counter() - began)
    asked_for = f"“{question}”" if question is not None else f"what is like {target.node['qualified_name']}"
    _say(f"{asked_for}, found in {took_ms:.0f} ms:", "bold")
    output.show(found_table(answer["found"]))
