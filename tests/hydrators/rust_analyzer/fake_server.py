"""A language server that misbehaves as told, for what a real one cannot be made to do: `fake_server.py
BEHAVIOUR [--version]`.

It knows of Rust nothing: any definition is the first character of the file, any hover is `fn fake()`.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

behaviour = sys.argv[1]
seen: dict[str, int] = {}
log = open(os.path.join(os.path.dirname(os.path.abspath(sys.argv[0])), "fake.log"), "a")  # noqa: SIM115  # for all its life


def send(message: dict[str, Any]) -> None:
    body = json.dumps({"jsonrpc": "2.0", **message}).encode()
    raw(b"Content-Length: %d\r\n\r\n" % len(body) + body)


def raw(data: bytes) -> None:
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def receive() -> dict[str, Any]:
    length = 0
    while (line := sys.stdin.buffer.readline()) != b"\r\n":
        if not line:
            sys.exit(0)
        if line.lower().startswith(b"content-length:"):
            length = int(line.split(b":")[1])
    message: dict[str, Any] = json.loads(sys.stdin.buffer.read(length))
    return message


def status(quiescent: bool) -> None:
    send({"method": "experimental/serverStatus", "params": {"health": "ok", "quiescent": quiescent}})


def result_of(method: str, params: dict[str, Any]) -> Any:
    zero = {"line": 0, "character": 0}
    one = {"start": zero, "end": {"line": 0, "character": 1}}
    if method == "initialize":
        return {"capabilities": {"positionEncoding": "utf-8"}, "serverInfo": {"name": "fake"}}
    if method == "rust-analyzer/viewFileText":
        text = Path(unquote(urlsplit(params["uri"]).path)).read_text()
        is_stale = behaviour == "stale" or (behaviour == "slow to read" and seen[method] < 8)
        return "something else" if is_stale else text
    if method == "textDocument/definition":
        uri = params["textDocument"]["uri"]
        return [{"targetUri": uri, "targetRange": one, "targetSelectionRange": one}]
    if method == "textDocument/hover":
        return {"contents": {"kind": "markdown", "value": "\n```rust\ntoy\n```\n\n```rust\nfn fake()\n```\n"}}
    if method == "textDocument/diagnostic":
        return {"kind": "full", "items": []}
    return None


def answer(number: Any, method: str, params: dict[str, Any]) -> None:
    if method == "textDocument/hover" and misbehaves(number):
        return
    if behaviour == "overtaken" and method.startswith("textDocument/") and seen[method] <= 3:
        code = -32801 if seen[method] % 2 else -32802
        send({"id": number, "error": {"code": code, "message": "overtaken by an edit"}})
        return
    send({"id": number, "result": result_of(method, params)})


def misbehaves(number: Any) -> bool:
    """Whether a hover has been dealt with in another way than by an answer."""
    if behaviour == "hangs":
        return True
    if behaviour == "refuses":
        send({"id": number, "error": {"code": -32603, "message": "no such thing"}})
        return True
    if behaviour == "floods standard error":
        sys.stderr.write("noise " * 500_000)
    if behaviour == "floods with notifications":
        for count in range(5_000):
            send({"method": "window/logMessage", "params": {"type": 3, "message": f"noise {count}"}})
            send({"method": "nobody/knows", "params": {"count": count}})
        send({"id": "mine", "method": "nobody/knows", "params": {}})
    if behaviour == "prints between messages":
        raw(b"thread 'main' panicked at src/main.rs\nContent-Length: nonsense\r\n\r\n")
    if behaviour == "answers with garbage":
        raw(b'Content-Length: 8\r\n\r\n{"jsonrp')
        return True
    if behaviour == "answers in another shape":
        send({"id": number, "result": {"contents": [[[5]]]}})
        return True
    if behaviour == "answers nested without end":
        depth = 100_000
        body = (
            b'{"jsonrpc":"2.0","id":%s,"result":' % json.dumps(number).encode()
            + b"[" * depth
            + b"]" * depth
            + b"}"
        )
        raw(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        return True
    if behaviour == "ends in the middle of a message":
        raw(b'Content-Length: 1000\r\n\r\n{"jsonrpc": "2.0", ')
        sys.exit(0)
    if behaviour == "never ends a line":
        raw(b"x" * 5_000_000)
        return True
    if behaviour == "closes its output":
        os.close(1)
        time.sleep(600)
    return False


def main() -> None:
    if "--version" in sys.argv:
        print("rust-analyzer 0.0.0-fake")
        return
    if behaviour == "ends at once":
        sys.exit("out of order")
    while True:
        message = receive()
        method, number = message.get("method", ""), message.get("id")
        seen[method] = seen.get(method, 0) + 1
        if method == "$/cancelRequest":
            print("cancelled", message["params"]["id"], file=log, flush=True)
        elif method == "initialized":
            status(quiescent=True)
        elif method == "exit":
            return
        elif number is not None and method:
            answer(number, method, message.get("params") or {})


main()
