"""Servers on loopback that stand in for the model hub and for the package registry, well or badly behaved."""

from __future__ import annotations

import hashlib
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

COMMIT = "a" * 40


@dataclass
class Behaviour:
    """What a server has, and how it misbehaves. `requests` collects (method, path, Range)."""

    content: bytes
    cut_after: list[int] = field(default_factory=list)  # bytes of a body after which a connection is cut
    ignores_range: bool = False
    etag: str | None = None  # what is said to be the hash; None: the truth; "": nothing
    status: int = 200
    serves: bytes | None = None  # other bytes than those that it tells the size of
    requests: list[tuple[str, str, str]] = field(default_factory=list)
    authorizations: list[str | None] = field(default_factory=list)
    user_agents: list[str] = field(default_factory=list)
    got_some: threading.Event = field(default_factory=threading.Event)
    may_go_on: threading.Event | None = None  # half of a body waits for it

    def ranges(self) -> list[str]:
        """Of the transfers, in order; "" for a whole one."""
        return [range_ for method, path, range_ in self.requests if method == "GET" and "/blob" in path]


class _Hub(BaseHTTPRequestHandler):
    """`/<repo>/resolve/<revision>/<file>` tells size and hash, and leads to another host."""

    protocol_version = "HTTP/1.1"
    behaviour: Behaviour

    def do_HEAD(self) -> None:
        self._note()
        if self.behaviour.status != 200:
            self._end(self.behaviour.status)
            return
        self.send_response(302)
        self.send_header("Location", f"http://localhost:{_port(self.server)}/blob?signature=secret")
        self.send_header("X-Repo-Commit", COMMIT)
        self.send_header("X-Linked-Size", str(len(self.behaviour.content)))
        etag = self.behaviour.etag
        if etag is None:
            etag = hashlib.sha256(self.behaviour.content).hexdigest()
        self.send_header("X-Linked-Etag", f'"{etag or "none"}"')
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_GET(self) -> None:
        self._note()
        behaviour = self.behaviour
        body, begin = behaviour.content if behaviour.serves is None else behaviour.serves, 0
        range_ = self.headers.get("Range", "")
        if range_ and not behaviour.ignores_range:
            begin = int(range_.removeprefix("bytes=").partition("-")[0])
        self.send_response(206 if begin else 200)
        self.send_header("Content-Length", str(len(body) - begin))
        if begin:
            self.send_header("Content-Range", f"bytes {begin}-{len(body) - 1}/{len(body)}")
        self.end_headers()
        end = begin + behaviour.cut_after.pop(0) if behaviour.cut_after else len(body)
        half = (begin + end) // 2
        self.wfile.write(body[begin:half])
        self.wfile.flush()
        behaviour.got_some.set()
        if behaviour.may_go_on is not None:
            behaviour.may_go_on.wait(30)
        self.wfile.write(body[half:end])
        if end < len(body):
            self.close_connection = True

    def _note(self) -> None:
        self.behaviour.requests.append((self.command, self.path, self.headers.get("Range", "")))
        self.behaviour.authorizations.append(self.headers.get("Authorization"))
        self.behaviour.user_agents.append(self.headers.get("User-Agent", ""))

    def _end(self, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        return


class _Registry(BaseHTTPRequestHandler):
    """One package with one wheel, as PEP 503 has it."""

    wheel_name: str
    behaviour: Behaviour

    def do_GET(self) -> None:
        behaviour = self.behaviour
        behaviour.requests.append((self.command, self.path, ""))
        if behaviour.status != 200:
            self.send_error(behaviour.status)
        elif self.path.endswith(".whl"):
            body = behaviour.content
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: behaviour.cut_after.pop(0)] if behaviour.cut_after else body)
        else:
            page = f'<!DOCTYPE html><a href="/files/{self.wheel_name}">{self.wheel_name}</a>'.encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(page)))
            self.end_headers()
            self.wfile.write(page)

    def log_message(self, format: str, *args: object) -> None:
        return


@contextmanager
def hub(behaviour: Behaviour) -> Iterator[str]:
    """A model hub; its address."""
    with _serving(type("Hub", (_Hub,), {"behaviour": behaviour})) as address:
        yield address


@contextmanager
def registry(behaviour: Behaviour, wheel_name: str) -> Iterator[str]:
    """A package registry; the address of its index."""
    handler = type("Registry", (_Registry,), {"behaviour": behaviour, "wheel_name": wheel_name})
    with _serving(handler) as address:
        yield f"{address}/simple"


@contextmanager
def _serving(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            return  # a client that has gone is what these tests are about

    server = Server(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{_port(server)}"
    finally:
        server.shutdown()
        thread.join(20)
        server.server_close()


def _port(server: socketserver.BaseServer) -> int:
    address = server.server_address
    assert isinstance(address, tuple)
    return int(address[1])


def files_below(folder: Path) -> list[str]:
    """What is left in a folder of models, but for locks."""
    found = (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock")
    return sorted(str(path.relative_to(folder)) for path in found)
