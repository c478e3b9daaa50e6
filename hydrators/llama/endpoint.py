"""Generation by a server that runs already, over HTTP: llama-server's `/completion`, or `/v1/completions` in
the OpenAI style (llama-server, Ray Serve, vLLM). It stands in for `Llama.generate`.

Knows no models and starts no servers. What is sent is the prompt, to the address that a setting names, and to
no other: redirects are not followed.
"""

from __future__ import annotations

import asyncio
import json
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import httpx2

from hydrators.llama.model import Generated, Prompt, Refusal, Refused

_TRIES = 3
_BACK_OFF_S = (0.5, 2.0)
_AGAIN = (408, 425, 429, 500, 502, 503, 504)
_LONGEST_PAUSE_S = 10.0
_CONNECT_S = 5.0
_ANSWER_LIMIT_BYTES = 4 << 20
_HERE = ("localhost", "127.0.0.1", "::1")
_PLAIN, _OPENAI = "/completion", "/v1/completions"


class Endpoint:
    """An async context manager. `url` is that of a completion (".../completion", ".../v1/completions"), or of
    the server, whose `/completion` is taken then. `model` is named to servers that hold several, and
    `api_key` is sent as a bearer token. Raises ValueError for what is no HTTP address."""

    def __init__(self, url: str, *, model: str = "", api_key: str = "", timeout_s: float = 60.0) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"not an http address: {url}")
        path = parts.path.rstrip("/")
        if path.endswith("/v1"):
            path += "/completions"
        elif not path.endswith((_PLAIN, _OPENAI)):
            path += _PLAIN
        self.url = parts._replace(path=path, fragment="").geturl()
        self._is_here = parts.hostname in _HERE
        self._is_openai = path.endswith(_OPENAI)
        self._model = model
        self._headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        self._timeout_s = timeout_s
        self._client: httpx2.AsyncClient | None = None

    async def __aenter__(self) -> Self:
        timeout = httpx2.Timeout(self._timeout_s, connect=min(_CONNECT_S, self._timeout_s))
        self._client = httpx2.AsyncClient(
            timeout=timeout,
            headers=self._headers,
            follow_redirects=False,
            trust_env=not self._is_here,  # what stays on this machine goes through no proxy
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    async def generate(self, prompt: Prompt) -> Generated:
        """Asks up to three times, all within the time-out. Raises Refused."""
        refused = Refused(Refusal.TIMED_OUT, f"{self.url} did not answer within {self._timeout_s:g} s")
        try:
            async with asyncio.timeout(self._timeout_s):
                for attempt in range(_TRIES):
                    said, refused, pause_s = await self._ask(prompt, attempt)
                    if said is not None:
                        return self._read(said)
                    if pause_s is None or attempt == _TRIES - 1:
                        break
                    await asyncio.sleep(pause_s)
        except TimeoutError:
            pass  # what came before says more than that time is up
        raise refused

    async def _ask(self, prompt: Prompt, attempt: int) -> tuple[Any, Refused, float | None]:
        """The answer, or why there is none, and how long to wait before asking again, None for never."""
        if self._client is None:
            raise Refused(Refusal.NOT_READY, "the endpoint is closed")
        pause_s = _BACK_OFF_S[min(attempt, len(_BACK_OFF_S) - 1)]
        try:
            async with self._client.stream("POST", self.url, json=self._question(prompt)) as answer:
                body = bytearray()
                async for piece in answer.aiter_bytes():
                    body += piece
                    if len(body) > _ANSWER_LIMIT_BYTES:
                        return None, Refused(Refusal.FAILED, f"{self.url} answers without end"), None
        except httpx2.TimeoutException:
            return None, Refused(Refusal.TIMED_OUT, f"{self.url} does not answer in time"), pause_s
        except (httpx2.TransportError, httpx2.DecodingError) as error:
            why = f"{self.url} cannot be reached: {str(error) or type(error).__name__}"
            return None, Refused(Refusal.NOT_READY, why), pause_s
        if answer.is_success:
            return bytes(body), Refused(Refusal.FAILED, ""), None
        words = f"{self.url} answers {answer.status_code} {answer.reason_phrase}"
        if answer.status_code in _AGAIN:
            return None, Refused(Refusal.NOT_READY, words), _retry_after(answer.headers, pause_s)
        kind = Refusal.REFUSED if answer.status_code in (400, 413, 422) else Refusal.FAILED
        return None, Refused(kind, words), None

    def _question(self, prompt: Prompt) -> dict[str, Any]:
        text = prompt.text.encode("utf-8", "replace").decode()
        asked: dict[str, Any] = {
            "prompt": text,
            "temperature": prompt.temperature,
            "seed": prompt.seed,
            "stop": [stop.encode("utf-8", "replace").decode() for stop in prompt.stop],
            "max_tokens" if self._is_openai else "n_predict": prompt.max_tokens,
        }
        if not self._is_openai:
            asked["cache_prompt"] = True
        if prompt.grammar:
            asked["grammar"] = (
                prompt.grammar
            )  # llama-server's extension; others ignore it: judge what is said
        if self._model:
            asked["model"] = self._model
        return asked

    def _read(self, body: bytes) -> Generated:
        """Raises Refused for what is no completion."""
        try:
            said = json.loads(body)
            return _openai(said) if self._is_openai else _plain(said)
        except (ValueError, KeyError, TypeError, IndexError, AttributeError):
            raise Refused(Refusal.FAILED, f"{self.url} does not answer with a completion") from None


def _plain(said: dict[str, Any]) -> Generated:
    """llama-server's own: https://github.com/ggml-org/llama.cpp/tree/master/tools/server"""
    is_cut = said.get("stop_type") == "limit" or bool(said.get("stopped_limit"))
    return Generated(
        _string(said["content"]),
        "length" if is_cut or bool(said.get("truncated")) else "stop",
        int(said.get("tokens_evaluated") or 0),
        int(said.get("tokens_predicted") or 0),
    )


def _openai(said: dict[str, Any]) -> Generated:
    choice, usage = said["choices"][0], said.get("usage") or {}
    return Generated(
        _string(choice["text"]),
        "length" if choice.get("finish_reason") == "length" else "stop",
        int(usage.get("prompt_tokens") or 0),
        int(usage.get("completion_tokens") or 0),
    )


def _string(said: object) -> str:
    if not isinstance(said, str):
        raise TypeError("not a text")
    return said


def _retry_after(headers: Any, otherwise_s: float) -> float:
    """What the server asks for, in seconds; a date is not read."""
    try:
        return min(_LONGEST_PAUSE_S, max(0.0, float(headers.get("retry-after", otherwise_s))))
    except ValueError:
        return otherwise_s
