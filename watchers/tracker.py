"""The tracker: one thread that keeps change sources on the right folders and says what it learns.

Owns the sources, the watch plan in force, and the suspicion that events were lost. It turns raw
events into notices of files to look at; when these are due is the debounce's business. Whatever it
cannot tell exactly it turns into a request for a scan, never into silence.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from loguru import logger

from watchers.cookie import remove_orphans
from watchers.digest import Digest, digest_events
from watchers.ignore import IgnoreRules
from watchers.plan import WatchPlan, identity_of, plan_watches
from watchers.scan import WorkspaceMissing, scan
from watchers.source import ChangeSource, OpenSource, RawChange, SourceError, UndecodableName, WatchLimitReached

Mode = Literal["starting", "watching", "polling", "root missing", "failing", "stopped"]

_MOST_SOURCES = 48  # inotify grants 128 instances to all programs of a user
_MOST_YOUNG = 8
_RETIRE_AFTER_S = 0.25
_GROW_EVERY_S = 0.1  # a checkout makes folders by the hundred: take them together
_SETTLED_AFTER_S = 2.0
_GROW_ROUNDS = 8


@dataclass(frozen=True, slots=True)
class TrackerLimits:
    """When to look, and when to stop trusting events. Measured: see docs of `watchers` in TRAPS."""

    step_active_ms: int = 5  # an event is heard of after about twice the step
    step_idle_ms: int = 25
    active_for_s: float = 120.0
    burst_events: int = 4_000  # a file made and written is four events; the kernel queues 16,384
    gap_s: float = 0.5  # not scheduled for so long: the kernel's queue may have run over
    root_check_s: float = 1.0
    poll_every_s: float = 3.0  # while there are no watches to be had
    retry_watching_s: float = 60.0


@dataclass(frozen=True, slots=True)
class Notice:
    """What the tracker tells. `rescan` asks for everything, `subtrees` for some folders only.

    `cookies` have come back: all that happened before they were written has been told, this notice
    included. `ticket`: all requests for a scan up to this number are answered by `rescan`.
    """

    touched: Mapping[str, float] = field(default_factory=dict)
    subtrees: frozenset[str] = frozenset()
    rescan: str | None = None
    head_changed: bool = False
    cookies: tuple[str, ...] = ()
    ticket: int = 0
    stopped: str | None = None  # why the thread has ended; nothing will follow


@dataclass(slots=True, eq=False)
class _Watch:
    source: ChangeSource
    folders: Mapping[str, int]
    opened_s: float
    is_base: bool
    cookies: set[str] = field(default_factory=set)
    retire_at: float | None = None


class _Pulse:
    """The interrupt handed to a poll. Being asked once per step, it also hears the thread's pulse."""

    def __init__(self, wake: threading.Event, gap_s: float) -> None:
        self._wake = wake
        self._gap_s = gap_s
        self._last = time.monotonic()
        self.longest_gap_s = 0.0

    def is_set(self) -> bool:
        now = time.monotonic()
        if now - self._last > self._gap_s:
            self.longest_gap_s = max(self.longest_gap_s, now - self._last)
        self._last = now
        return self._wake.is_set()

    def reset(self) -> None:
        self._last = time.monotonic()
        self.longest_gap_s = 0.0


class Tracker:
    """Runs from `start` to `stop`; `deliver` is called from its thread, in order."""

    def __init__(
        self,
        root: str,
        rules: IgnoreRules,
        limits: TrackerLimits,
        open_source: OpenSource,
        deliver: Callable[[Notice], None],
    ) -> None:
        self._root = root
        self._rules = rules
        self._limits = limits
        self._open_source = open_source
        self._deliver = deliver
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._established = threading.Event()
        self._pulse = _Pulse(self._wake, limits.gap_s)
        self._thread = threading.Thread(target=self._run, name="isg-watch", daemon=True)
        self._lock = threading.Lock()  # guards what other threads hand in:
        self._expected: dict[str, float] = {}
        self._requests: list[tuple[int, str, bool]] = []
        self._tickets = 0
        self._plan: WatchPlan | None = None
        self._watches: list[_Watch] = []
        self._watched: dict[str, int] = {}  # folder -> inode
        self._new_folders: set[str] = set()
        self._grown_s = 0.0
        self._root_checked_s = 0.0
        self._last_event_s = time.monotonic()
        self._failures: list[float] = []
        self._reason = "start"
        self.mode: Mode = "starting"
        self.warning: str | None = None
        self.rescans_asked = 0
        self.last_rescan_reason: str | None = None

    # ---- called from other threads

    def start(self) -> None:
        """Returns once the watches stand (or polling, or waiting for the root, has begun)."""
        self._thread.start()
        self._established.wait()

    def stop(self) -> None:
        self._stopping.set()
        self._wake.set()
        self._thread.join(timeout=10)

    def expect_cookie(self, name: str) -> str | None:
        """Announce a cookie that the caller writes next; the folder to write it in, or None if no
        event can be expected."""
        plan = self._plan
        if self.mode != "watching" or plan is None:
            return None
        with self._lock:
            self._expected[name] = time.monotonic()
        self._last_event_s = time.monotonic()
        self._wake.set()
        return plan.cookie_dir

    def forget_cookie(self, name: str) -> None:
        with self._lock:
            self._expected.pop(name, None)

    def request_scan(self, reason: str, *, suspect: bool) -> int:
        """Ask for a notice with `rescan`; its ticket is at least the number returned. `suspect`
        also replaces every watch."""
        with self._lock:
            self._tickets += 1
            self._requests.append((self._tickets, reason, suspect))
            ticket = self._tickets
        self._wake.set()
        return ticket

    def expect_activity(self) -> None:
        """Someone is at work: look as often as after an event."""
        self._last_event_s = time.monotonic()
        self._wake.set()

    def health(self) -> dict[str, object]:
        """JSON-ready state; see `Watcher.health`."""
        return {
            "mode": self.mode,
            "warning": self.warning,
            "watched_folders": len(self._watched),
            "sources": len(self._watches),
            "last_event_age_s": round(time.monotonic() - self._last_event_s, 3),
            "rescans_asked": self.rescans_asked,
            "last_rescan_reason": self.last_rescan_reason,
            "is_alive": self._thread.is_alive(),
        }

    @property
    def is_alive(self) -> bool:
        return self._thread.is_alive()

    # ---- the thread

    def _run(self) -> None:
        end = "stopped"
        try:
            while not self._stopping.is_set():
                try:
                    self._watch()
                except WatchLimitReached as error:
                    self._close_all()
                    self._scan_instead(str(error))
                except WorkspaceMissing:
                    self._close_all()
                    self._await_root()
                except UndecodableName as error:
                    self._fail(f"a file name that is not UTF-8 hid other events: {error}")
                except SourceError as error:
                    self._fail(f"the change source failed: {error}")
                except OSError as error:
                    self._fail(f"the workspace could not be walked: {error}")
                except Exception as error:  # the guard of this job: a bug must not end the watch
                    logger.exception("watch thread failed and starts again")
                    self._fail(f"the watch thread failed: {type(error).__name__}")
        except WorkspaceMissing:  # vanished again while it was looked for
            end = "the workspace folder is gone"
        except BaseException as error:
            end = f"the watch thread ended: {type(error).__name__}: {error}"
            raise
        finally:
            self._close_all()
            self.mode = "stopped"
            self._established.set()
            self._deliver(Notice(stopped=end))

    def _fail(self, reason: str) -> None:
        """Close all; on the way back in, `_watch` opens anew and asks for a scan. The third failure
        within ten seconds and each one after it waits, so that a busy bad name costs little."""
        self._close_all()
        self._reason = reason
        now = time.monotonic()
        self._failures = [*(at for at in self._failures if now - at < 10.0), now]
        if len(self._failures) > 2:
            self.mode = "failing"
            self.warning = reason
            self._stopping.wait(min(0.1 * 2 ** (len(self._failures) - 3), 2.0))

    def _watch(self) -> None:
        self._reopen(self._reason)
        self._reason = "the watch was set up again"
        self._established.set()
        while not self._stopping.is_set():
            self._wake.clear()
            self._answer_requests()
            self._check_root()
            self._poll_sources()
            if self._pulse.longest_gap_s:
                gap_s = self._pulse.longest_gap_s
                self._reopen(f"the process stood still for {gap_s:.1f} s and may have lost events")
            self._grow_when_due()
            self._announce_cookies()
            self._tidy_sources()

    def _poll_sources(self) -> None:
        now = time.monotonic()
        limits = self._limits
        is_active = now - self._last_event_s < limits.active_for_s
        step_ms = limits.step_active_ms if is_active else limits.step_idle_ms
        self._pulse.is_set()
        if len(self._watches) == 1 and not self._new_folders:
            timeout_ms = int(limits.root_check_s * 1000)
            self._digest(self._watches[0], self._watches[0].source.poll(step_ms, timeout_ms, self._pulse))
            return
        for watch in list(self._watches):
            found = watch.source.poll(1, 1, self._pulse)
            if watch in self._watches:  # a burst replaces them all
                self._digest(watch, found)
            if watch.retire_at is not None and not found and now >= watch.retire_at:
                self._close(watch)
        self._wake.wait(max(0, step_ms - len(self._watches)) / 1000)

    def _digest(self, watch: _Watch, found: Collection[RawChange]) -> None:
        if not found:
            return
        assert self._plan is not None
        if len(found) > self._limits.burst_events:
            self._last_event_s = time.monotonic()
            self._reopen(f"{len(found)} changes at once: the kernel may have dropped others")
            return
        digest = digest_events(found, self._plan, self._rules, self._watched)
        watch.cookies |= digest.cookies
        if digest.is_empty:
            return
        self._last_event_s = time.monotonic()
        if digest.rules_changed_everywhere:
            self._rules.forget()
            self._reopen("the ignore rules changed")
            return
        self._apply(digest)

    def _apply(self, digest: Digest) -> None:
        for folder in digest.rule_folders:
            self._rules.forget(folder)
        lost = digest.gone | digest.replaced
        if lost:
            self._watched = {
                folder: inode for folder, inode in self._watched.items() if not _is_inside(folder, lost)
            }
            for folder in digest.gone:
                self._rules.forget(folder)
        # What a changed rule brings in is watched before the scan of it is asked for.
        self._new_folders |= digest.new_folders | digest.replaced | digest.rule_folders
        subtrees = lost | digest.rule_folders | digest.changed_folders
        if digest.touched or subtrees or digest.head_changed:
            self._deliver(Notice(digest.touched, subtrees, head_changed=digest.head_changed))

    # ---- sources

    def _reopen(self, reason: str) -> None:
        """Replace every watch by the plan of this moment, then ask for a scan of everything: what
        the old ones had not told yet is covered by it."""
        with self._lock:
            requests, self._requests = self._requests, []
        try:
            plan = plan_watches(self._root, self._rules)
            if self._plan is None or self._plan.cookie_dir != plan.cookie_dir:
                remove_orphans(plan.cookie_dir)
            self._plan = plan
            opened = self._open(plan.folders, is_base=True)
        except BaseException:
            with self._lock:
                self._requests = requests + self._requests
            raise
        self._close_all()
        self._watches = [opened]
        self._watched = dict(plan.folders)
        self._new_folders = {""}  # folders made while the watches were set up
        self._grow()
        self.mode = "watching"
        self.warning = None
        self._root_checked_s = time.monotonic()
        self._pulse.reset()
        self._ask_rescan(reason, requests)

    def _open(self, folders: Mapping[str, int], *, is_base: bool) -> _Watch:
        assert self._plan is not None
        source = self._open_source(self._plan.absolute(folders))
        return _Watch(source, folders, time.monotonic(), is_base)

    def _close(self, watch: _Watch) -> None:
        self._watches.remove(watch)
        watch.source.close()

    def _close_all(self) -> None:
        for watch in list(self._watches):
            self._close(watch)

    def _grow_when_due(self) -> None:
        if self._new_folders and time.monotonic() - self._grown_s >= _GROW_EVERY_S:
            touched = self._grow()
            if touched:
                self._deliver(Notice(touched))

    def _grow(self) -> dict[str, float]:
        """Watch the new folders and all below them, and only then list their files: a file made
        before the watch stood is in the list, a later one makes an event."""
        tops, self._new_folders = self._new_folders, set()
        for _ in range(_GROW_ROUNDS):
            folders: dict[str, int] = {}
            files: list[str] = []
            for top in tops:
                found = scan(self._root, self._rules, top)
                folders.update(found.directories)
                files.extend(found.files)
            missing = {
                folder: inode for folder, inode in folders.items() if self._watched.get(folder) != inode
            }
            if not missing:
                break
            self._watches.append(self._open(missing, is_base=False))
            self._watched.update(missing)
        else:
            self._new_folders |= tops  # they change faster than they can be walked: go on next time
        self._grown_s = now = time.monotonic()
        # A whole-tree walk is only made before a request for a scan, which will list the files.
        return {} if "" in tops else dict.fromkeys(files, now)

    def _tidy_sources(self) -> None:
        """Many small sources cost idle time: join them once folders stop appearing."""
        young = [watch for watch in self._watches if not watch.is_base and watch.retire_at is None]
        if not young or self._new_folders:
            return
        now = time.monotonic()
        if len(self._watches) > _MOST_SOURCES:
            self._reopen("folders appeared faster than they could be watched")
            return
        settled = now - self._grown_s > _SETTLED_AFTER_S
        if not settled and len(young) <= _MOST_YOUNG:
            return
        young_folders = {
            folder: self._watched[folder]
            for watch in young
            for folder in watch.folders
            if folder in self._watched
        }
        everything = settled and (
            len(young_folders) > max(64, len(self._watched) // 4)
            or now - self._last_event_s > self._limits.active_for_s / 2
        )
        if not everything and len(young) < 2:
            return
        joined = self._open(dict(self._watched) if everything else young_folders, is_base=everything)
        for watch in self._watches if everything else young:
            if watch.retire_at is None:
                watch.retire_at = now + _RETIRE_AFTER_S
        self._watches.append(joined)

    # ---- telling

    def _ask_rescan(self, reason: str, requests: Iterable[tuple[int, str, bool]]) -> None:
        """Everything that happened before now is covered by the scan: so are all cookies."""
        with self._lock:
            cookies, self._expected = tuple(self._expected), {}
        ticket = max((number for number, _, _ in requests), default=0)
        self.rescans_asked += 1
        self.last_rescan_reason = reason
        self._deliver(Notice(rescan=reason, cookies=cookies, ticket=ticket))

    def _announce_cookies(self) -> None:
        if not self._expected or self._new_folders:
            return
        with self._lock:
            expected = dict(self._expected)
        back = tuple(
            name
            for name, written_s in expected.items()
            # A source opened after the writing holds nothing from before it.
            if all(name in watch.cookies for watch in self._watches if watch.opened_s <= written_s)
            and any(name in watch.cookies for watch in self._watches)
        )
        if back:
            for name in back:
                self.forget_cookie(name)
                for watch in self._watches:
                    watch.cookies.discard(name)
            self._deliver(Notice(cookies=back))

    def _answer_requests(self) -> None:
        with self._lock:
            if not self._requests:
                return
            requests, self._requests = self._requests, []
        reason = requests[0][1]
        if any(suspect for _, _, suspect in requests):
            with self._lock:
                self._requests = requests + self._requests
            self._reopen(reason)
            return
        self._new_folders.add("")  # the scan must not find folders that nobody watches
        self._grow()
        self._ask_rescan(reason, requests)

    def _check_root(self) -> None:
        now = time.monotonic()
        if now - self._root_checked_s < self._limits.root_check_s:
            return
        self._root_checked_s = now
        assert self._plan is not None
        identity = identity_of(self._root)
        if identity == (0, 0):
            raise WorkspaceMissing(f"the workspace folder {self._root} is gone")
        if identity != self._plan.root_identity:
            self._reopen("the workspace folder was replaced")
        elif self._plan.has_other_git():
            self._rules.forget()
            self._reopen("the git folder appeared, moved or went")

    # ---- without events

    def _scan_instead(self, reason: str) -> None:
        """Polling by scans, for a while; asks for a scan when something differs."""
        self.mode = "polling"
        self.warning = f"polling every {self._limits.poll_every_s:g} s: {reason}"
        self._established.set()
        self._ask_rescan(self.warning, self._taken_requests())
        retry_at = time.monotonic() + self._limits.retry_watching_s
        previous = scan(self._root, self._rules).files
        while not self._stopping.is_set() and time.monotonic() < retry_at:
            self._wake.clear()
            requests = self._taken_requests()
            found = scan(self._root, self._rules).files
            if requests or found != previous:
                self._ask_rescan(requests[0][1] if requests else "files changed while polling", requests)
            previous = found
            if not self._stopping.is_set():
                self._wake.wait(self._limits.poll_every_s)
        self._reason = "watching is tried again"

    def _await_root(self) -> None:
        self.mode = "root missing"
        self.warning = f"the workspace folder {self._root} is gone; its index is kept until it comes back"
        self._established.set()
        self._ask_rescan("the workspace folder is gone", self._taken_requests())
        while not self._stopping.is_set() and not os.path.isdir(self._root):
            self._wake.clear()
            requests = self._taken_requests()
            if requests:
                self._ask_rescan(requests[0][1], requests)
            if not self._stopping.is_set():
                self._wake.wait(self._limits.root_check_s / 2)
        self._reason = "the workspace folder came back"

    def _taken_requests(self) -> list[tuple[int, str, bool]]:
        with self._lock:
            requests, self._requests = self._requests, []
        return requests


def _is_inside(folder: str, tops: Collection[str]) -> bool:
    """Whether `folder` is one of `tops` or lies below one."""
    if folder in tops:
        return True
    end = folder.rfind("/")
    while end > 0:
        if folder[:end] in tops:
            return True
        end = folder.rfind("/", 0, end)
    return False
