"""Generation over HTTP, against a server on loopback that behaves and misbehaves."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from hydrators.llama import endpoint
from hydrators.llama.endpoint import Endpoint
from hydrators.llama.model import Generated, Prompt, Refusal, Refused

PLAIN = {
    "content": "Adds two numbers.",
    "stop_type": "eos",
    "tokens_evaluated": 12,
    "tokens_predicted": 5,
    "truncated": False,
}
OPENAI = {
    "choices": [{"text": "Adds two numbers.", "finish_reason": "stop", "index": 0}],
    "usage": {"prompt_tokens": 12, "completion_tokens": 5, "total_tokens": 17},
}
SAID = Generated("Adds two numbers.", "stop", 12, 5)
Answer = Callable[[BaseHTTPRequestHandler], None]


class Server:
    """`asked` are path, headers and body of each request."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.asked: list[tuple[str, dict[str, str], dict[str, Any]]] = []


@contextmanager
def serving(*answers: Answer) -> Iterator[Server]:
    """One answer after the other, the last one again and again."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            server.asked.append(
                (self.path, {key.lower(): value for key, value in self.headers.items()}, body)
            )
            answers[min(len(server.asked), len(answers)) - 1](self)

        def log_message(self, *_: object) -> None:
            pass

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server = Server(f"http://127.0.0.1:{httpd.server_port}")
    thread = threading.Thread(target=httpd.serve_forever, args=(0.01,), name="endpoint under test")
    thread.start()
    try:
        yield server
    finally:
        httpd.shutdown()
        httpd.server_close()
        thread.join()


def says(body: object, status: int = 200, **headers: str) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("content-length", str(len(data)))
        handler.end_headers()
        handler.wfile.write(data)

    return answer


def hangs_up(handler: BaseHTTPRequestHandler) -> None:
    handler.connection.shutdown(socket.SHUT_RDWR)


def is_cut(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("content-length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"content": "Adds')


def hangs(handler: BaseHTTPRequestHandler) -> None:
    handler.connection.recv(1)  # until the client has enough


def goes_on(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    try:
        while True:
            handler.wfile.write(b" " * 65_536)
    except OSError:
        pass


def generate(url: str, prompt: Prompt = Prompt("fn add"), **settings: Any) -> Generated:  # noqa: B008  # a record
    async def asked() -> Generated:
        async with Endpoint(url, **settings) as server:
            return await server.generate(prompt)

    return asyncio.run(asked())


def refusal(url: str, **settings: Any) -> Refused:
    with pytest.raises(Refused) as refused:
        generate(url, **settings)
    return refused.value


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(endpoint, "_BACK_OFF_S", (0.01, 0.02))


def test_llama_servers_own_completion_is_asked_and_read() -> None:
    prompt = Prompt("fn add", 'root ::= "A"', 32, 0.2, 7, ("\n",))
    with serving(says(PLAIN)) as server:
        assert generate(server.url, prompt) == SAID
        ((path, _, body),) = server.asked
    assert path == "/completion"
    assert body == {
        "prompt": "fn add",
        "grammar": 'root ::= "A"',
        "n_predict": 32,
        "temperature": 0.2,
        "seed": 7,
        "stop": ["\n"],
        "cache_prompt": True,
    }


@pytest.mark.parametrize("path", ["/v1/completions", "/v1", "/v1/", "/behind/a/proxy/v1/completions"])
def test_an_openai_style_completion_is_asked_and_read(path: str) -> None:
    with serving(says(OPENAI)) as server:
        assert generate(server.url + path, model="coder", api_key="secret") == SAID
        ((asked, headers, body),) = server.asked
    assert asked.endswith("/v1/completions")
    assert headers["authorization"] == "Bearer secret"
    assert (body["model"], body["max_tokens"], body["prompt"]) == ("coder", 48, "fn add")
    assert "n_predict" not in body


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/completion", PLAIN | {"stop_type": "limit"}),
        ("/completion", PLAIN | {"truncated": True}),
        ("/completion", {"content": "Adds two numbers.", "stopped_limit": True}),
        ("/v1/completions", OPENAI | {"choices": [{"text": "Adds", "finish_reason": "length"}]}),
    ],
)
def test_what_was_cut_says_so(path: str, said: dict[str, object]) -> None:
    with serving(says(said)) as server:
        assert generate(server.url + path).finish == "length"


def test_a_busy_server_is_asked_again_when_it_says() -> None:
    with serving(says({}, 503, retry_after="0"), says({}, 429, retry_after="soon"), says(PLAIN)) as server:
        assert generate(server.url) == SAID
        assert len(server.asked) == 3


@pytest.mark.parametrize("fault", [hangs_up, is_cut], ids=["hangs up", "is cut"])
def test_a_cut_connection_is_made_again(fault: Answer) -> None:
    with serving(fault, says(PLAIN)) as server:
        assert generate(server.url) == SAID


@pytest.mark.parametrize(
    ("answer", "kind", "words", "asked"),
    [
        (says({}, 503), Refusal.NOT_READY, "503", 3),
        (says({}, 500), Refusal.NOT_READY, "500", 3),
        (hangs_up, Refusal.NOT_READY, "cannot be reached", 3),
        (is_cut, Refusal.NOT_READY, "cannot be reached", 3),
        (says({}, 400), Refusal.REFUSED, "400", 1),
        (says({}, 401), Refusal.FAILED, "401", 1),
        (says({}, 404), Refusal.FAILED, "404", 1),
        (says(b"", 302, location="http://127.0.0.1:1/elsewhere"), Refusal.FAILED, "302", 1),
        (says(b"<html>hello</html>"), Refusal.FAILED, "with a completion", 1),
        (says(b"\xff\xfe"), Refusal.FAILED, "with a completion", 1),
        (says([]), Refusal.FAILED, "with a completion", 1),
        (says({"content": None}), Refusal.FAILED, "with a completion", 1),
        (says({"content": 5}), Refusal.FAILED, "with a completion", 1),
        (says({"content": "x", "tokens_predicted": "many"}), Refusal.FAILED, "with a completion", 1),
        (says(b"no gzip", content_encoding="gzip"), Refusal.NOT_READY, "cannot be reached", 3),
        (goes_on, Refusal.FAILED, "without end", 1),
    ],
)
def test_what_a_server_does_wrong_is_said(answer: Answer, kind: Refusal, words: str, asked: int) -> None:
    with serving(answer) as server:
        refused = refusal(server.url)
        assert refused.kind is kind
        assert words in str(refused)
        assert server.url in str(refused)
        assert len(server.asked) == asked


def test_a_server_that_hangs_is_given_up_in_time() -> None:
    with serving(hangs) as server:
        refused = refusal(server.url, timeout_s=0.3)
    assert refused.kind is Refusal.TIMED_OUT


def test_where_nobody_listens_it_is_said() -> None:
    with socket.socket() as taken:  # bound, so that nobody else gets it, and not listening
        taken.bind(("127.0.0.1", 0))
        refused = refusal(f"http://127.0.0.1:{taken.getsockname()[1]}")
    assert refused.kind is Refusal.NOT_READY
    assert "cannot be reached" in str(refused)


def test_a_server_on_this_machine_is_asked_without_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    with serving(says(PLAIN)) as server:
        assert generate(server.url) == SAID


def test_any_prompt_can_be_sent() -> None:
    with serving(says(PLAIN)) as server:
        assert generate(server.url, Prompt("a\0b\ud800\x1b日本", stop=("\ud800",))) == SAID
        ((_, _, body),) = server.asked
    assert (body["prompt"], body["stop"]) == ("a\0b?\x1b日本", ["?"])


@pytest.mark.parametrize("url", ["", "localhost:8080", "file:///etc/passwd", "ftp://host/", "http://"])
def test_what_is_no_http_address_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="not an http address"):
        Endpoint(url)


def test_a_caller_who_gives_up_ends_the_request() -> None:
    async def scenario(url: str) -> None:
        async with Endpoint(url) as server:
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.2):
                    await server.generate(Prompt("fn"))

    with serving(hangs) as server:
        asyncio.run(scenario(server.url))
