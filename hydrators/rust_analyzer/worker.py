"""The process between the daemon and rust-analyzer: `python -P -m hydrators.rust_analyzer.worker`.

Reads requests and writes answers, one line of JSON each (`wire.py`), and runs one life of one session. It
ends when its input does, and takes the server with it. The first line says which workspace: {"root", "cache",
"options", "state", "buffers"}.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from hydrators.rust_analyzer import wire
from hydrators.rust_analyzer.life import Life
from hydrators.rust_analyzer.model import FileQuestion, Position, Refused, SessionOptions, SessionState
from hydrators.rust_analyzer.session import Session

_NICE = 10  # editors and builds go first, and so do saves


async def serve(reader: asyncio.StreamReader, write: Callable[[bytes], None]) -> None:
    """Until the input ends."""
    line = await reader.readline()
    if not line:
        return
    begin = wire.decode(line)

    def publish(state: SessionState) -> None:
        write(wire.encode({"state": state}))

    life = Life(
        Path(begin["root"]),
        Path(begin["cache"]),
        wire.read(SessionOptions, begin["options"]),
        wire.read(SessionState, begin["state"]),
        begin["buffers"],
        publish,
    )
    session = Session(life)
    living = asyncio.create_task(life.run())
    tasks: dict[int, asyncio.Task[None]] = {}

    async def answer(number: int, asked: Awaitable[Any]) -> None:
        try:
            write(wire.encode({"id": number, "result": await asked}))
        except Refused as refused:
            write(wire.encode({"id": number, "refused": [refused.kind, str(refused)]}))
        except Exception as error:  # the guard of one request; the daemon logs it
            write(wire.encode({"id": number, "error": f"{type(error).__name__}: {error}"[:500]}))
        finally:
            del tasks[number]

    try:
        while line := await _next_line(reader, living):
            message = wire.decode(line)
            do, number = message["do"], message["id"]
            if do == "want":
                life.want()
            elif do == "cancel":
                if number in tasks:
                    tasks[number].cancel()
            else:
                tasks[number] = asyncio.create_task(answer(number, _request(session, do, message["with"])))
    finally:
        living.cancel()
        with suppress(asyncio.CancelledError):
            await living


async def _next_line(reader: asyncio.StreamReader, living: asyncio.Task[None]) -> bytes:
    reading = asyncio.ensure_future(reader.readline())
    await asyncio.wait((reading, living), return_when=asyncio.FIRST_COMPLETED)
    if living.done():
        reading.cancel()
        living.result()  # its error ends this process; the daemon starts another
        return b""
    return reading.result()


def _request(session: Session, do: str, arguments: list[Any]) -> Awaitable[Any]:
    """Raises KeyError for a request that does not exist."""
    known: dict[str, Callable[..., Awaitable[Any]]] = {
        "foretell": lambda session, paths: session.foretell(paths),
        "sync": _sync,
        "ask": lambda session, question: session.ask(wire.read(FileQuestion, question)),
        "open_buffer": lambda session, path, text: session.open_buffer(path, text),
        "close_buffer": lambda session, path: session.close_buffer(path),
        "diagnostics": lambda session, path: session.overlaid(lambda asker: asker.diagnostics(path)),
        "symbols": lambda session, path: session.overlaid(lambda asker: asker.symbols(path)),
        "hover": lambda session, path, at: session.overlaid(lambda asker: asker.hover(path, Position(*at))),
        "definition": lambda session, path, at: session.overlaid(
            lambda asker: asker.definition(path, Position(*at))
        ),
        "expand_macro": lambda session, path, at: session.overlaid(
            lambda asker: asker.expand_macro(path, Position(*at))
        ),
    }
    return known[do](session, *arguments)


async def _sync(session: Session, changed: dict[str, str], gone: list[str]) -> list[str]:
    return sorted(await session.sync(changed, gone))


async def _main() -> None:
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(limit=wire.LINE_LIMIT_BYTES)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    # Standard output is the protocol's alone: whatever else prints goes to standard error.
    out = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    transport, protocol = await loop.connect_write_pipe(asyncio.streams.FlowControlMixin, out)
    writer = asyncio.StreamWriter(transport, protocol, reader, loop)
    main = asyncio.current_task()
    assert main is not None
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, main.cancel)
    with suppress(asyncio.CancelledError):
        await serve(reader, writer.write)


if __name__ == "__main__":
    os.nice(_NICE)
    asyncio.run(_main())
