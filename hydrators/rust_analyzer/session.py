"""The life of rust-analyzer for one workspace: found, started, ready, asked, stopped when idle, restarted
when it dies.

Owns the states and when they change, and what must never be shown to the server. Answers come from
`asking.py`; nothing here touches the daemon or the store.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

from lsprotocol import types

from hydrators.rust_analyzer import options as wording
from hydrators.rust_analyzer.asking import Asker, Settings, hash_of, read_bytes
from hydrators.rust_analyzer.circumstances import (
    deep_files,
    first_line,
    last_line,
    left_out,
    memory_of,
    no_project,
)
from hydrators.rust_analyzer.client import Server, ServerGone, ServerRefused
from hydrators.rust_analyzer.guards import why_unfit
from hydrators.rust_analyzer.model import (
    FileAnswer,
    FileQuestion,
    Refusal,
    Refused,
    SessionOptions,
    SessionState,
    State,
)
from hydrators.rust_analyzer.overlay import Overlays
from hydrators.rust_analyzer.projects import Projects, find_projects
from hydrators.rust_analyzer.readiness import Readiness, Status, std_resolves
from hydrators.rust_analyzer.sysroot import Sources, prepare_sources
from hydrators.rust_analyzer.toolchain import Toolchain, ToolchainAbsent, find_toolchain

_BACK_OFF_S = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0)
_BREAKER = 5  # deaths within _BREAKER_WINDOW_S, and nothing is tried before _BREAKER_PAUSE_S
_BREAKER_WINDOW_S = 600.0
_BREAKER_PAUSE_S = 600.0
_LOOK_AGAIN_S = 60.0  # at a toolchain or a manifest that was not there
_SAMPLE_S = 3.0  # between looks at memory and idleness
_RELOAD_STARTS_S = 3.0
_FENCED_FILES = 200
_INITIALIZE_S = 60.0
_PROBE_S = 60.0
_AT_ONCE = 2  # background questions: small files alone leave the server idle in between
_CRASHES = 2  # a file in flight at so many deaths is not asked about again
_TURNS = 4
_HANGS = 2  # so many time-outs in a row, and it is killed and started anew
_PROGRESS_S = 0.25
_PAUSED = "paused while a buffer is open"
_MANIFESTS = ("Cargo.toml", "Cargo.lock", "rust-toolchain", "rust-toolchain.toml")

T = TypeVar("T")


class Session:
    """One workspace's server, or the reason why there is none. `run` is its life; everything else may be
    called at any time. `before` is the last state of the session that this one follows, `buffers` what is
    open there."""

    def __init__(
        self,
        root: Path,
        cache: Path,
        options: SessionOptions,
        before: SessionState,
        buffers: Mapping[str, str],
        publish: Callable[[SessionState], None],
    ) -> None:
        self._root = root
        self._cache = cache
        self._options = options
        self._publish = publish
        self.state = SessionState(State.STOPPED, restarts=before.restarts, generation=before.generation)
        self._wanted = asyncio.Event()
        self._look_again = asyncio.Event()  # something changed that may cure what is wrong
        self._last_use = time.monotonic()
        self._server: Server | None = None
        self.asker: Asker | None = None
        self._readiness = Readiness()
        self._projects = Projects((), (), (), 0)
        self._deaths: deque[float] = deque()
        self._suspects: dict[str, set[int]] = {}  # path → servers that died, or did not answer, over it
        self._stubs = Overlays(root)
        for path in options.stubs:
            self._stubs.show(path, "", None)
        self._settings: Callable[[bool], dict[str, Any]] = lambda with_experimental: {}
        self._configured = asyncio.Event()
        self._is_strict = False  # finds unresolved names too, and false ones: against a baseline only
        self._look_for_deep = False
        self._is_new = True  # the server, or what it was told to load
        self._buffers = Overlays(root)
        for path, text in buffers.items():
            self._buffers.show(path, text, None)
        self._opening = 0
        self._turns = asyncio.Condition()
        self._told = asyncio.Event()  # replaced with each new state
        self._timeouts = 0  # in a row
        self._asking = 0  # background questions
        self._serving = 0  # all requests

    # ------------------------------------------------------------ what callers do

    def want(self) -> None:
        self._last_use = time.monotonic()
        self._wanted.set()

    async def sync(self, changed: Mapping[str, str], gone: Collection[str]) -> frozenset[str]:
        """See `process.Compiler.sync`."""
        paths = [*changed, *gone]
        for path in paths:
            self._suspects.pop(path, None)  # another text may do no harm
        if any(os.path.basename(path) in _MANIFESTS for path in paths):
            self._look_again.set()
            if self.state.state in (State.READY, State.PARTIAL):
                self._say(
                    self.state._replace(
                        state=State.STARTING, reason="", cure="", progress="manifests changed"
                    )
                )
        asker, server = self.asker, self._server
        if asker is None or server is None or server.is_gone:
            return frozenset()
        shown = [
            path
            for path in paths
            if path.endswith(".rs") and path not in self._stubs and path not in self._buffers
        ]
        asker.announce(shown)
        if self.state.state not in (State.READY, State.PARTIAL):
            return frozenset()
        moved_on: set[str] = set()
        deadline = time.monotonic() + self._options.request_timeout_s
        for index, path in enumerate(shown):
            data = read_bytes(os.path.join(self._root, path))
            if (None if data is None else hash_of(data)) != changed.get(path):
                moved_on.add(path)
                continue
            if index >= len(shown) - _FENCED_FILES and time.monotonic() < deadline:
                # They are read in the order of their announcement: the last ones stand for all before.
                await self._fence(asker, path, data)
        return frozenset(moved_on)

    async def ask(self, question: FileQuestion) -> FileAnswer:
        """Raises Refused."""
        self.want()
        if question.path in self._stubs:
            raise Refused(Refusal.REFUSED, "kept away from rust-analyzer, which would not survive it")
        if len(self._suspects.get(question.path, ())) >= _CRASHES:
            raise Refused(Refusal.QUARANTINED, "rust-analyzer died, or did not answer, twice over it")
        async with self._turn() as asker:
            try:
                answer = await self._settled(asker, question)
            except Refused as refused:
                if refused.kind in (Refusal.CRASHED, Refusal.TIMED_OUT):
                    self._suspects.setdefault(question.path, set()).add(asker.pid)
                raise
        self._suspects.pop(question.path, None)
        return answer

    async def _settled(self, asker: Asker, question: FileQuestion) -> FileAnswer:
        """An answer during which the server loaded nothing else."""
        for _ in range(_TURNS):
            rounds = self._readiness.rounds
            answer = await self._answer(asker.ask(question))
            if self.state.state not in (State.READY, State.PARTIAL):
                raise Refused(Refusal.NOT_READY, "rust-analyzer loads something")
            if self._readiness.rounds == rounds:
                return answer
        raise Refused(Refusal.TIMED_OUT, "rust-analyzer does not come to rest")

    async def overlaid(self, asked: Callable[[Asker], Awaitable[T]]) -> T:
        """One request for a person, with buffers as they are. Raises Refused."""
        asker = await self.until_ready()
        return await self._answer(asked(asker))

    async def until_ready(self) -> Asker:
        """Wait for a server that answers. Raises Refused."""
        self.want()
        try:
            async with asyncio.timeout(self._options.start_timeout_s):
                while self.asker is None or self.state.state not in (State.READY, State.PARTIAL):
                    if self.state.state in (State.ABSENT, State.BROKEN):
                        raise Refused(Refusal.NOT_READY, self.state.reason)
                    await self._told.wait()
        except TimeoutError:
            raise Refused(Refusal.NOT_READY, "rust-analyzer is not ready in time") from None
        return self.asker

    async def open_buffer(self, path: str, text: str) -> None:
        if unfit := why_unfit(text.encode("utf-8", "surrogatepass")):
            raise Refused(Refusal.REFUSED, unfit)
        if path in self._stubs:
            raise Refused(Refusal.REFUSED, "kept away from rust-analyzer, which would not survive it")
        await self.until_ready()
        async with self._turns:
            self._opening += 1  # from here on nothing is asked in the background
            self._say(self.state._replace(progress=_PAUSED))
            try:
                await self._turns.wait_for(lambda: self._asking == 0)
                if not self._is_strict:
                    await self._be_strict(True)
                self._buffers.show(path, text, self._live())
            except ServerGone as error:
                raise Refused(Refusal.CRASHED, str(error)) from None
            finally:
                self._opening -= 1
                self._resume()

    async def close_buffer(self, path: str) -> None:
        """Returns once the server has the text on disk again."""
        if path not in self._buffers:
            return
        asker, server = self.asker, self._server
        is_live = asker is not None and server is not None and not server.is_gone
        try:
            self._buffers.hide(path, server if is_live else None)
            if asker is not None and is_live:
                await self._fence(asker, path, read_bytes(os.path.join(self._root, path)))
                if not self._buffers:
                    await self._be_strict(False)
        except (ServerGone, TimeoutError, Refused):
            pass  # the next server never saw it
        finally:
            self._resume()

    def _resume(self) -> None:
        """Whoever was refused because of a buffer may ask again."""
        if not self._buffers and not self._opening and self.state.progress == _PAUSED:
            self._say(self.state._replace(progress=""))

    # ------------------------------------------------------------ its life

    async def run(self) -> None:
        """Until cancelled: wait for a wish, live, see why it ended."""
        try:
            while True:
                await self._wanted.wait()
                self._wanted.clear()
                self._look_again.clear()
                try:
                    pause_s = await self._live_once()
                except ToolchainAbsent as absent:
                    self._say(
                        self.state._replace(
                            state=State.ABSENT, reason=str(absent), cure=absent.cure, progress=""
                        )
                    )
                    pause_s = _LOOK_AGAIN_S
                except (OSError, ServerRefused, TimeoutError) as error:
                    pause_s = self._died(f"{error}" or type(error).__name__)
                await self._pause(pause_s)
        finally:
            await self._end()

    async def _live_once(self) -> float:
        """One life of the server. Returns how long to wait before the next."""
        self._say(self.state._replace(state=State.STARTING, progress="looking for the toolchain"))
        if self._look_for_deep:
            self._look_for_deep = False
            for path in await asyncio.to_thread(deep_files, self._root):
                if path not in self._stubs:
                    self._stubs.show(path, "", None)
        toolchain = await asyncio.to_thread(find_toolchain, self._options.rust_analyzer, self._root)
        self._cache.mkdir(mode=0o700, parents=True, exist_ok=True)
        sources: Sources = await asyncio.to_thread(
            prepare_sources, toolchain.libraries, toolchain.release, toolchain.cargo, self._cache
        )
        env = wording.environment(toolchain, sources, self._cache)
        self._projects = await asyncio.to_thread(find_projects, self._root, toolchain.cargo, env)
        state = self.state._replace(version=toolchain.version, progress="starting")
        if not self._projects.manifests:
            reason, cure = no_project(self._root, self._projects)
            self._say(state._replace(state=State.BROKEN, reason=reason, cure=cure, progress=""))
            return _LOOK_AGAIN_S
        self._say(state)
        try:
            return await self._serve(await self._start(toolchain, sources, env), sources)
        except ServerGone as gone:
            words = await self._server.last_words() if self._server is not None else ""
            return self._died(last_line(words) or str(gone))
        finally:
            await self._end()

    async def _start(self, toolchain: Toolchain, sources: Sources, env: dict[str, str]) -> Server:
        """Up to `initialized`. What must be kept away is stubbed before anything is read."""
        self._readiness = readiness = Readiness()
        self._is_new = True
        manifests = self._projects.manifests
        self._settings = lambda strict: wording.settings(
            sources, self._cache, manifests, with_experimental=strict
        )
        self._is_strict = bool(self._buffers)
        server = await Server.start(
            [toolchain.rust_analyzer],
            self._root,
            env,
            {
                "experimental/serverStatus": self._on_status,
                types.PROGRESS: readiness.on_progress,
                types.WINDOW_WORK_DONE_PROGRESS_CREATE: lambda _: None,
                types.CLIENT_REGISTER_CAPABILITY: lambda _: None,
                types.CLIENT_UNREGISTER_CAPABILITY: lambda _: None,
                types.WORKSPACE_CONFIGURATION: self._on_configuration,
                types.WORKSPACE_DIAGNOSTIC_REFRESH: lambda _: None,
            },
        )
        self._server = server
        folder = types.WorkspaceFolder(uri=self._root.as_uri(), name=self._root.name)
        await server.request(
            types.INITIALIZE,
            types.InitializeParams(
                process_id=os.getpid(),
                capabilities=wording.capabilities(),
                root_uri=folder.uri,
                workspace_folders=[folder],
                initialization_options=self._settings(self._is_strict),
            ),
            _INITIALIZE_S,
        )
        server.notify(types.INITIALIZED, types.InitializedParams())
        settings = Settings(self._root, sources, self._options.in_flight, self._options.request_timeout_s)
        asker = Asker(server, settings)
        self._stubs.show_all(server)
        self._buffers.show_all(server)
        self.asker = asker
        return server

    async def _serve(self, server: Server, sources: Sources) -> float:
        """From `initialized` to the end. Returns as `_live_once`."""
        started = time.monotonic()
        gone = asyncio.ensure_future(server.wait_gone())
        judged = (0, Status())
        sample = said = 0.0
        try:
            while not gone.done():
                readiness = self._readiness
                if readiness.status.quiescent and (readiness.rounds, readiness.status) != judged:
                    judged = (readiness.rounds, readiness.status)
                    await self._come_to_rest(server, sources)
                now = time.monotonic()
                if (
                    readiness.progress != self.state.progress
                    and not self._buffers
                    and now - said > _PROGRESS_S
                ):
                    said = now
                    self._say(self.state._replace(progress=readiness.progress))
                if self._look_again.is_set():
                    self._look_again.clear()
                    if await self._projects_changed():
                        self._wanted.set()
                        return 0.0
                if judged[0] == 0 and now - started > self._options.start_timeout_s:
                    return self._died("rust-analyzer did not come to rest in time")
                if now - sample >= _SAMPLE_S:
                    sample = now
                    rss = memory_of(server.pid)
                    if rss > self._options.memory_cap_bytes:
                        allowed = self._options.memory_cap_bytes
                        return self._died(f"took {rss >> 20} MB, more than the {allowed >> 20} MB allowed")
                    if abs(rss - self.state.rss_bytes) > self.state.rss_bytes // 20:
                        self._say(self.state._replace(rss_bytes=rss, pid=server.pid))
                    if (
                        not self._serving
                        and not self._buffers
                        and now - self._last_use > self._options.idle_stop_s
                    ):
                        self._say(
                            self.state._replace(
                                state=State.STOPPED, pid=0, rss_bytes=0, reason="", cure="", progress=""
                            )
                        )
                        return 0.0
                await self._something(gone)
                await asyncio.sleep(_PROGRESS_S / 10)  # one look at a burst of news
            raise ServerGone("rust-analyzer ended")
        finally:
            gone.cancel()

    def _on_configuration(self, asked: types.ConfigurationParams) -> list[dict[str, Any]]:
        self._configured.set()
        return [self._settings(self._is_strict) for _ in asked.items]

    async def _be_strict(self, is_strict: bool) -> None:
        """It asks for its settings when told that they are others; what is asked after that sees them."""
        server = self._live()
        self._is_strict = is_strict
        self._configured.clear()
        server.notify(
            types.WORKSPACE_DID_CHANGE_CONFIGURATION, types.DidChangeConfigurationParams(settings=None)
        )
        async with asyncio.timeout(self._options.request_timeout_s):
            await self._configured.wait()

    def _on_status(self, params: Any) -> None:
        """It says that it loads before it answers from what it loads: nothing asked from then on counts."""
        self._readiness.on_status(params)
        if not self._readiness.status.quiescent and self.state.state in (State.READY, State.PARTIAL):
            self._say(self.state._replace(state=State.STARTING, reason="", cure=""))

    async def _something(self, gone: asyncio.Future[None]) -> None:
        """Wait for news of the server, or for the next look at it."""
        news = asyncio.ensure_future(self._readiness.changed.wait())
        again = asyncio.ensure_future(self._look_again.wait())
        await asyncio.wait((gone, news, again), timeout=_SAMPLE_S, return_when=asyncio.FIRST_COMPLETED)
        news.cancel()
        again.cancel()
        self._readiness.changed.clear()

    async def _come_to_rest(self, server: Server, sources: Sources) -> None:
        """Judge a server that has nothing more to load."""
        status = self._readiness.status
        assert self.asker is not None
        # It looks at the manifests again whenever a file appears or goes: that alone changes no other answer.
        generation = self.state.generation + self._is_new
        self._is_new = False
        state = self.state._replace(
            generation=generation,
            pid=server.pid,
            reason="",
            cure="",
            progress="",
            quarantined=self._quarantined(),
        )
        if status.health == "error":
            cure = "see the manifests that it names; cargo metadata says more"
            self._say(state._replace(state=State.BROKEN, reason=status.message or "unhealthy", cure=cure))
            return
        overlaid = {
            self._root / path for path in (*self._stubs, *self._buffers)
        }  # the probe would uncover them
        roots = [root for root in self._projects.roots if root not in overlaid]
        resolves = await std_resolves(server, roots, _PROBE_S)
        reason = cure = ""
        if status.health == "warning":
            reason, cure = first_line(status.message), "cargo fetch, or correct the dependency that it names"
        elif not resolves:
            reason = sources.lack or "methods of the standard library do not resolve"
            cure = "rustup component add rust-src (Debian: rust-src)"
        self.asker.generation = generation
        self.asker.is_partial = bool(reason)
        if not reason:
            reason = left_out(self._root, self._projects)
        self._last_use = time.monotonic()  # whoever waited for this may ask now
        ready = State.PARTIAL if self.asker.is_partial else State.READY
        self._say(state._replace(state=ready, reason=reason, cure=cure))

    async def _projects_changed(self) -> bool:
        """Whether there are other manifests to load than were given; if not, the server is told to read
        them anew."""
        server = self._live()
        toolchain = await asyncio.to_thread(find_toolchain, self._options.rust_analyzer, self._root)
        env = dict(os.environ, PATH=toolchain.path, CARGO_NET_OFFLINE="true")
        projects = await asyncio.to_thread(find_projects, self._root, toolchain.cargo, env)
        if projects.manifests != self._projects.manifests:
            self._say(
                self.state._replace(state=State.STARTING, reason="", cure="", progress="manifests changed")
            )
            return True
        self._projects = projects
        self._say(self.state._replace(state=State.STARTING, reason="", cure="", progress="reading manifests"))
        self._is_new = True
        rounds = self._readiness.rounds
        await server.request("rust-analyzer/reloadWorkspace", None, self._options.request_timeout_s)
        try:
            async with asyncio.timeout(_RELOAD_STARTS_S):
                while self._readiness.status.quiescent and self._readiness.rounds == rounds:
                    self._readiness.changed.clear()
                    await self._readiness.changed.wait()
        except TimeoutError:
            self._readiness.rounds += 1  # it saw nothing new; judge it again all the same
        return False

    # ------------------------------------------------------------ its deaths

    def _died(self, why: str) -> float:
        """Remember a death and what was in flight. Returns how long to wait."""
        now = time.monotonic()
        self._deaths.append(now)
        while self._deaths and now - self._deaths[0] > _BREAKER_WINDOW_S:
            self._deaths.popleft()
        self._look_for_deep = True
        self._wanted.set()
        state = self.state._replace(pid=0, rss_bytes=0, progress="", quarantined=self._quarantined())
        if len(self._deaths) >= _BREAKER:
            cure = "it is tried again after ten minutes, or when a manifest changes"
            self._say(
                state._replace(state=State.BROKEN, reason=f"rust-analyzer keeps ending: {why}", cure=cure)
            )
            return _BREAKER_PAUSE_S
        restarts = state.restarts + 1
        self._say(state._replace(state=State.STARTING, reason=f"started anew: {why}", restarts=restarts))
        return _BACK_OFF_S[min(len(self._deaths), len(_BACK_OFF_S)) - 1]

    def _quarantined(self) -> tuple[str, ...]:
        return tuple(sorted(path for path, servers in self._suspects.items() if len(servers) >= _CRASHES))

    async def _pause(self, pause_s: float) -> None:
        """Until it is time to try again, or something changed that may cure what is wrong."""
        try:
            async with asyncio.timeout(pause_s):
                await self._look_again.wait()
                self._wanted.set()
        except TimeoutError:
            pass

    async def _end(self) -> None:
        server, self._server, self.asker = self._server, None, None
        if server is not None:
            await server.stop()

    # ------------------------------------------------------------ small parts

    def _say(self, state: SessionState) -> None:
        if state != self.state:
            self.state = state
            told, self._told = self._told, asyncio.Event()
            told.set()
            self._publish(state)

    def _live(self) -> Server:
        if self._server is None or self._server.is_gone:
            raise Refused(Refusal.NOT_READY, "rust-analyzer does not run")
        return self._server

    async def _fence(self, asker: Asker, path: str, data: bytes | None) -> None:
        """Wait until the server has these bytes of a file. One of no package, or none that it reads, is not
        waited for: asking about it will tell."""
        try:
            if data is None:
                await asker.fence(path, None)
            elif not why_unfit(data) and await asker.text_of(path) is not None:
                await asker.fence(path, data.decode().replace("\r\n", "\n"))
        except (ServerGone, ServerRefused, TimeoutError):
            return

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[Asker]:
        """Background questions, a few at a time, and one at a time while a death is not explained. They
        never see a buffer's text."""
        async with self._turns:
            await self._turns.wait_for(lambda: self._asking < (1 if self._suspects else _AT_ONCE))
            asker = self.asker
            if asker is None or self.state.state not in (State.READY, State.PARTIAL):
                raise Refused(Refusal.NOT_READY, self.state.reason or f"rust-analyzer is {self.state.state}")
            if self._buffers or self._opening:
                raise Refused(Refusal.NOT_READY, _PAUSED)
            self._asking += 1
        try:
            yield asker
        finally:
            async with self._turns:
                self._asking -= 1
                self._turns.notify_all()

    async def _answer(self, answering: Awaitable[T]) -> T:
        """The answer, with every way in which a server may fail turned into a refusal."""
        self._serving += 1
        try:
            answer = await answering
            self._timeouts = 0
            return answer
        except ServerGone as error:
            raise Refused(Refusal.CRASHED, str(error)) from None
        except TimeoutError:
            self._timeouts += 1
            if self._timeouts >= _HANGS and self._server is not None:
                self._server.kill()
            raise Refused(Refusal.TIMED_OUT, "rust-analyzer did not answer in time") from None
        except ServerRefused as error:
            raise Refused(Refusal.FAILED, first_line(str(error))) from None
        finally:
            self._last_use = time.monotonic()
            self._serving -= 1
