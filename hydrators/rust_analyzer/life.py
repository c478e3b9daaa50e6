"""The life of rust-analyzer for one workspace: found, started, ready, stopped when idle, restarted when it
dies.

Owns the states and when they change, and what must be shown to every server anew. Who asks what of a server
is `session.py`'s; nothing here touches the daemon or the store.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from lsprotocol import types

from hydrators.rust_analyzer import options as wording
from hydrators.rust_analyzer.asking import Asker, Settings
from hydrators.rust_analyzer.circumstances import deep_files, last_line, left_out, memory_of, no_project
from hydrators.rust_analyzer.client import Server, ServerGone, ServerRefused
from hydrators.rust_analyzer.configuration import Configuration
from hydrators.rust_analyzer.mishaps import Mishaps
from hydrators.rust_analyzer.model import Refusal, Refused, SessionOptions, SessionState, State
from hydrators.rust_analyzer.overlay import Overlays
from hydrators.rust_analyzer.preparation import Preparation, prepare, projects_now
from hydrators.rust_analyzer.projects import Projects
from hydrators.rust_analyzer.readiness import Readiness, Status, judge, std_resolves
from hydrators.rust_analyzer.sysroot import Sources
from hydrators.rust_analyzer.toolchain import ToolchainAbsent

_LOOK_AGAIN_S = 60.0  # at a toolchain or a manifest that was not there
_SAMPLE_S = 3.0  # between looks at memory and idleness
_RELOAD_STARTS_S = 3.0
_INITIALIZE_S = 60.0
_PROBE_S = 60.0
_PROGRESS_S = 0.25


class Life:
    """One workspace's server, or the reason why there is none. `run` is all of it. `before` is the last state
    of the life that this one follows.

    `buffers` and `stubs` are the texts that every server is shown instead of those on disk: candidates, and
    empty ones for files that it would not survive.
    """

    def __init__(
        self,
        root: Path,
        cache: Path,
        options: SessionOptions,
        before: SessionState,
        buffers: Mapping[str, str],
        publish: Callable[[SessionState], None],
    ) -> None:
        self.root = root
        self._cache = cache
        self.options = options
        self._publish = publish
        self.state = SessionState(State.STOPPED, restarts=before.restarts, generation=before.generation)
        self.mishaps = Mishaps()
        self.stubs = Overlays(root)
        for path in options.stubs:
            self.stubs.show(path, "", None)
        self.buffers = Overlays(root)
        self._deaths_with_buffers = 0
        self._looked_s = time.monotonic()
        for path, text in buffers.items():
            self.buffers.show(path, text, None)
        self.readiness = Readiness()
        self._wanted = asyncio.Event()
        self._look_again = asyncio.Event()  # something changed that may cure what is wrong
        self._told = asyncio.Event()  # replaced with each new state
        self._server: Server | None = None
        self.asker: Asker | None = None  # from `initialized` on, ready or not
        self._configuration = Configuration(lambda _: {}, is_strict=False)
        self._projects = Projects((), (), (), 0)
        self._look_for_deep = False
        self._is_new = True  # the server, or what it was told to load
        self._last_use = time.monotonic()
        self._serving = 0

    # ------------------------------------------------------------ what it is good for

    @property
    def is_answering(self) -> bool:
        return self.state.state in (State.READY, State.PARTIAL)

    def want(self) -> None:
        """Have a server started if there is none; one in use is not stopped."""
        self._last_use = time.monotonic()
        self._wanted.set()

    async def until_ready(self) -> Asker:
        """Wait for a server that answers. Raises Refused."""
        self.want()
        try:
            async with asyncio.timeout(self.options.start_timeout_s):
                while self.asker is None or not self.is_answering:
                    if self.state.state in (State.ABSENT, State.BROKEN):
                        raise Refused(Refusal.NOT_READY, self.state.reason)
                    await self._told.wait()
        except TimeoutError:
            raise Refused(Refusal.NOT_READY, "rust-analyzer is not ready in time") from None
        return self.asker

    @contextmanager
    def in_use(self) -> Iterator[None]:
        """It is not idle meanwhile."""
        self._serving += 1
        try:
            yield
        finally:
            self._last_use = time.monotonic()
            self._serving -= 1

    def manifests_changed(self) -> None:
        """What it has loaded is to be looked at again: nothing asked from now on counts."""
        self._look_again.set()
        if self.is_answering:
            self._load("manifests changed")

    def live(self) -> Server:
        """Raises Refused."""
        if self._server is None or self._server.is_gone:
            raise Refused(Refusal.NOT_READY, "rust-analyzer does not run")
        return self._server

    async def be_strict(self, is_strict: bool) -> None:
        """Have unresolved names found, or no more. Raises Refused, ServerGone and TimeoutError."""
        if is_strict != self._configuration.is_strict:
            await self._configuration.be_strict(is_strict, self.live(), self.options.request_timeout_s)

    def kill(self) -> None:
        """It stands still: have it started anew."""
        if self._server is not None:
            self._server.kill()

    def say(self, state: SessionState) -> None:
        if state != self.state:
            self.state = state
            told, self._told = self._told, asyncio.Event()
            told.set()
            self._publish(state)

    # ------------------------------------------------------------ from a wish to the end

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
                    self.say(
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
        """One server. Returns how long to wait before the next."""
        self.say(self.state._replace(state=State.STARTING, progress="looking for the toolchain"))
        if self._look_for_deep:
            self._look_for_deep = False
            for path in await asyncio.to_thread(deep_files, self.root):
                if path not in self.stubs:
                    self.stubs.show(path, "", None)
        prepared = await prepare(self.root, self._cache, self.options.rust_analyzer)
        self._projects = prepared.projects
        state = self.state._replace(version=prepared.toolchain.version, progress="starting")
        if not self._projects.manifests:
            reason, cure = no_project(self.root, self._projects)
            self.say(state._replace(state=State.BROKEN, reason=reason, cure=cure, progress=""))
            return _LOOK_AGAIN_S
        self.say(state)
        try:
            return await self._serve(await self._start(prepared), prepared.sources)
        except ServerGone as gone:
            words = await self._server.last_words() if self._server is not None else ""
            return self._died(last_line(words) or str(gone))
        finally:
            await self._end()

    async def _start(self, prepared: Preparation) -> Server:
        """Up to `initialized`. What must be kept away is stubbed before anything is read."""
        toolchain, sources, projects, env = prepared
        self.readiness = readiness = Readiness()
        self._is_new = True
        self._configuration = configuration = Configuration(
            lambda strict: wording.settings(
                sources, self._cache, projects.manifests, with_experimental=strict
            ),
            is_strict=bool(self.buffers),
        )
        self._server = server = await Server.start(
            [toolchain.rust_analyzer],
            self.root,
            env,
            {
                "experimental/serverStatus": self._on_status,
                types.PROGRESS: readiness.on_progress,
                types.WINDOW_WORK_DONE_PROGRESS_CREATE: lambda _: None,
                types.CLIENT_REGISTER_CAPABILITY: lambda _: None,
                types.CLIENT_UNREGISTER_CAPABILITY: lambda _: None,
                types.WORKSPACE_CONFIGURATION: configuration.on_asked,
                types.WORKSPACE_DIAGNOSTIC_REFRESH: lambda _: None,
            },
        )
        await server.request(
            types.INITIALIZE, wording.first_words(self.root, configuration.settings), _INITIALIZE_S
        )
        server.notify(types.INITIALIZED, types.InitializedParams())
        self.stubs.show_all(server)
        self.buffers.show_all(server)
        self.asker = Asker(
            server, Settings(self.root, sources, self.options.in_flight, self.options.request_timeout_s)
        )
        return server

    async def _serve(self, server: Server, sources: Sources) -> float:
        """From `initialized` to the end. Returns as `_live_once`."""
        started = time.monotonic()
        gone = asyncio.ensure_future(server.wait_gone())
        judged = (0, Status())
        sample = said = 0.0
        try:
            while not gone.done():
                readiness = self.readiness
                if readiness.status.quiescent and (readiness.rounds, readiness.status) != judged:
                    judged = (readiness.rounds, readiness.status)
                    await self._come_to_rest(server, sources)
                now = time.monotonic()
                if (
                    readiness.progress != self.state.progress
                    and not self.buffers
                    and now - said > _PROGRESS_S
                ):
                    said = now
                    self.say(self.state._replace(progress=readiness.progress))
                if self._look_again.is_set():
                    self._look_again.clear()
                    if await self._projects_changed():
                        self._wanted.set()
                        return 0.0
                if judged[0] == 0 and now - started > self.options.start_timeout_s:
                    return self._died("rust-analyzer did not come to rest in time")
                if now - sample >= _SAMPLE_S:
                    sample = now
                    if (pause_s := self._look_at(server, now)) is not None:
                        return pause_s
                await self._something(gone)
                await asyncio.sleep(_PROGRESS_S / 10)  # one look at a burst of news
            raise ServerGone("rust-analyzer ended")
        finally:
            gone.cancel()

    def _look_at(self, server: Server, now: float) -> float | None:
        """Memory and idleness. Returns as `_live_once` if the server has to end, else None."""
        rss, allowed = memory_of(server.pid), self.options.memory_cap_bytes
        if rss > allowed:
            return self._died(f"took {rss >> 20} MB, more than the {allowed >> 20} MB allowed")
        if abs(rss - self.state.rss_bytes) > self.state.rss_bytes // 20:
            self.say(self.state._replace(rss_bytes=rss, pid=server.pid))
        if self.state.state == State.PARTIAL and not self.buffers and now - self._looked_s > _LOOK_AGAIN_S:
            self._looked_s = now
            self._look_again.set()  # what was missing may be there by now: `cargo fetch` changes no manifest
        if self._serving or self.buffers or now - self._last_use <= self.options.idle_stop_s:
            return None
        self.say(
            self.state._replace(state=State.STOPPED, pid=0, rss_bytes=0, reason="", cure="", progress="")
        )
        return 0.0

    async def _something(self, gone: asyncio.Future[None]) -> None:
        """Wait for news of the server, or for the next look at it."""
        news = asyncio.ensure_future(self.readiness.changed.wait())
        again = asyncio.ensure_future(self._look_again.wait())
        await asyncio.wait((gone, news, again), timeout=_SAMPLE_S, return_when=asyncio.FIRST_COMPLETED)
        news.cancel()
        again.cancel()
        self.readiness.changed.clear()

    async def _end(self) -> None:
        server, self._server, self.asker = self._server, None, None
        if server is not None:
            await server.stop()

    # ------------------------------------------------------------ what it has loaded

    def _on_status(self, params: Any) -> None:
        """It says that it loads before it answers from what it loads: nothing asked from then on counts."""
        self.readiness.on_status(params)
        if not self.readiness.status.quiescent and self.is_answering:
            self.say(self.state._replace(state=State.STARTING, reason="", cure=""))

    def _load(self, progress: str) -> None:
        self.say(self.state._replace(state=State.STARTING, reason="", cure="", progress=progress))

    async def _come_to_rest(self, server: Server, sources: Sources) -> None:
        """Judge a server that has nothing more to load."""
        status, asker = self.readiness.status, self.asker
        assert asker is not None
        # It looks at the manifests again whenever a file appears or goes: that alone changes no other answer.
        generation = self.state.generation + self._is_new
        self._is_new = False
        overlaid = {self.root / path for path in (*self.stubs, *self.buffers)}  # a probe would uncover them
        roots = [root for root in self._projects.roots if root not in overlaid]
        resolves = status.health != "error" and await std_resolves(server, roots, _PROBE_S)
        verdict = judge(status, resolves, sources.lack, left_out(self.root, self._projects))
        if verdict.state != State.BROKEN:
            asker.generation = generation
            asker.is_partial = verdict.state == State.PARTIAL
            self._last_use = time.monotonic()  # whoever waited for this may ask now
        self.say(
            self.state._replace(
                state=verdict.state,
                reason=verdict.reason,
                cure=verdict.cure,
                progress="",
                generation=generation,
                pid=server.pid,
                quarantined=self.mishaps.quarantined,
            )
        )

    async def _projects_changed(self) -> bool:
        """Whether there are other manifests to load than were given; if not, the server is told to read
        them anew."""
        server = self.live()
        projects = await projects_now(self.root, self.options.rust_analyzer)
        if projects.manifests != self._projects.manifests:
            self._load("manifests changed")
            return True
        self._projects = projects
        self._load("reading manifests")
        self._is_new = True
        rounds = self.readiness.rounds
        await server.request("rust-analyzer/reloadWorkspace", None, self.options.request_timeout_s)
        try:
            async with asyncio.timeout(_RELOAD_STARTS_S):
                while self.readiness.status.quiescent and self.readiness.rounds == rounds:
                    self.readiness.changed.clear()
                    await self.readiness.changed.wait()
        except TimeoutError:
            self.readiness.rounds += 1  # it saw nothing new; judge it again all the same
        return False

    # ------------------------------------------------------------ its deaths

    def _died(self, why: str) -> float:
        """Returns how long to wait before the next server."""
        pause = self.mishaps.died(time.monotonic())
        self._look_for_deep = True
        self._deaths_with_buffers += bool(self.buffers)
        if self._deaths_with_buffers > 1:  # it may well be a candidate that it dies over
            for path in list(self.buffers):
                self.buffers.hide(path, None)
            self._deaths_with_buffers = 0
        self._wanted.set()
        state = self.state._replace(pid=0, rss_bytes=0, progress="", quarantined=self.mishaps.quarantined)
        if pause.is_final:
            cure = "it is tried again after ten minutes, or when a manifest changes"
            reason = f"rust-analyzer keeps ending: {why}"
            self.say(state._replace(state=State.BROKEN, reason=reason, cure=cure))
        else:
            reason = f"started anew: {why}"
            self.say(state._replace(state=State.STARTING, reason=reason, restarts=state.restarts + 1))
        return pause.length_s

    async def _pause(self, pause_s: float) -> None:
        """Until it is time to try again, or something changed that may cure what is wrong."""
        try:
            async with asyncio.timeout(pause_s):
                await self._look_again.wait()
                self._wanted.set()
        except TimeoutError:
            pass
