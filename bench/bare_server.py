"""The limit of hydration after a save: rust-analyzer alone, warm, told of the write at once and asked the
same questions, with no watcher, no index and no store in between."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from bench.trees import rust_files
from hydrators.rust_analyzer import FileQuestion, SessionOptions, SessionState, State, plan_file
from hydrators.rust_analyzer.client import ServerRefused
from hydrators.rust_analyzer.disk import hash_of
from hydrators.rust_analyzer.life import Life
from store import hydration, queries
from store.migrations import open_database


def question_after_edit(store: Path, path: str, node: str) -> FileQuestion:
    """What is asked when a body changed: read from a settled store of the edited file."""
    with open_database(store) as db:
        facts = queries.load_file_facts(db, path)
        known = hydration.hydrated_nodes(db, path)
    assert facts is not None
    del known[node]
    return plan_file(facts, known, (), all_nodes=False, has_diagnostics=False).question


def time_bare_answers(
    root: Path, cache: Path, question: FileQuestion, texts: Sequence[bytes], gap_s: float
) -> list[float]:
    """Seconds from the return of each write until the server has answered, which has analysed the whole tree
    before."""
    return asyncio.run(_time(root, cache, question, texts, gap_s))


async def _time(
    root: Path, cache: Path, question: FileQuestion, texts: Sequence[bytes], gap_s: float
) -> list[float]:
    def ignore(_: SessionState) -> None: ...

    life = Life(root, cache, SessionOptions(), SessionState(State.STOPPED), {}, ignore)
    living = asyncio.create_task(life.run())
    times = []
    try:
        asker = await life.until_ready()
        for file in rust_files(root):
            with suppress(ServerRefused):  # of no package
                await asker.diagnostics(file.relative_to(root).as_posix())
        for text in texts:
            await asyncio.sleep(gap_s)
            (root / question.path).write_bytes(text)
            began = time.perf_counter()
            asker.announce([question.path])
            await asker.ask(question._replace(hash=hash_of(text)))
            times.append(time.perf_counter() - began)
    finally:
        living.cancel()
        with suppress(asyncio.CancelledError):
            await living
    return times
