"""The tracker: one thread that keeps change sources on the right folders and says what it learns.

Owns the sources, the watch plan in force, and the suspicion that events were lost. It turns raw
events into notices of files to look at; when these are due is the debounce's business. Whatever it
cannot tell exactly it turns into a request for a scan, never into silence.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Literal

from loguru import logger

from watchers.cookie import new_cookie_name, remove_orphans
from watchers.digest import Digest, digest_events
from watchers.ignore import IgnoreRules
from watchers.plan import WatchPlan, identity_of, plan_watches
from watchers.pulse import Pulse
from watchers.scan import WorkspaceMissing, scan
from watchers.source import (
    OpenSource,
    RawChange,
    SourceError,
    UndecodableName,
    WatchLimitReached,
)
from watchers.watchset import Watch, WatchSet

Mode = Literal["starting", "watching", "polling", "root missing", "failing", "stopped"]

_GROW_EVERY_S = 0.1  # a checkout makes folders by the hundred: take them together
_GROW_ROUNDS = 8
_BURST_S = 0.2  # what came while the process stood still is handed out in pieces within this
_LONGEST_POLL_MS = 100  # so long may a request wait

STOPPED_BY_REQUEST = "stopped"


@dataclass(frozen=True, slots=True)
class TrackerLimits:
    """When to look, and when to stop trusting events."""

    step_active_ms: int = 5  # an event is heard of after about twice the step
    step_idle_ms: int = 40
    active_for_s: float = 120.0
    burst_events: int = 4_000  # a file made and written is four events; the kernel queues 16,384
    gap_s: float = 1.0  # not scheduled for so long: the kernel's queue may have run over
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
    ended: str | None = None  # why the thread has ended; nothing will follow


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
        self._deliver = deliver
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._established = threading.Event()
        self._pulse = Pulse(self._stopping, limits.gap_s)
        self._thread = threading.Thread(target=self._run, name="isg-watch", daemon=True)
        self._lock = threading.Lock()  # guards what other threads hand in:
        self._expected: dict[str, float] = {}
        self._requests: list[tuple[int, str, bool]] = []
        self._tickets = 0
        self._plan: WatchPlan | None = None
        self._watches = WatchSet(open_source)
        self._to_walk: dict[str, bool] = {}  # folder -> whether to list its files, not only its folders
        self._walk_s = 0.0
        self._limit_reached: str | None = None
        self._grown_s = 0.0
        self._root_checked_s = 0.0
        self._burst = 0  # changes since _burst_began_s
        self._burst_began_s = 0.0
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

    def ask_to_stop(self) -> None:
        self._stopping.set()
        self._wake.set()

    def stop(self) -> None:
        self.ask_to_stop()
        self._thread.join(timeout=10)

    def expect_cookie(self) -> tuple[str, str] | None:
        """Announce a cookie that the caller writes next: (folder, name), or None if no event can
        be expected."""
        plan = self._plan
        if self.mode != "watching" or plan is None:
            return None
        name = new_cookie_name(plan.cookie_dir)
        with self._lock:
            self._expected[name] = time.monotonic()
        self._last_event_s = time.monotonic()
        self._wake.set()
        return plan.cookie_dir, name

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
            "watched_folders": len(self._watches.folders),
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
        end = STOPPED_BY_REQUEST
        try:
            while not self._stopping.is_set():
                try:
                    if self._limit_reached is None:
                        self._watch()
                    else:
                        self._scan_instead(self._limit_reached)
                except WatchLimitReached as error:
                    self._watches.close()
                    self._limit_reached = str(error)
                except WorkspaceMissing:
                    self._watches.close()
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
        except BaseException as error:  # the main guard: told to whoever iterates or waits
            logger.exception("watch thread ended")
            end = f"the watch thread ended: {type(error).__name__}: {error}"
        finally:
            self._watches.close()
            self.mode = "stopped"
            self._established.set()
            self._deliver(Notice(ended=end))

    def _fail(self, reason: str) -> None:
        """Close all; on the way back in, `_watch` opens anew and asks for a scan. The third failure
        within ten seconds and each one after it waits, so that a busy bad name costs little."""
        self._watches.close()
        self._reason = reason
        now = time.monotonic()
        self._failures = [*(at for at in self._failures if now - at < 10.0), now]
        if len(self._failures) > 2:
            self.mode = "failing"
            self.warning = reason
            self._established.set()
            self._stopping.wait(min(0.1 * 2 ** (len(self._failures) - 3), 2.0))

    def _watch(self) -> None:
        self._reopen(self._reason)
        self._reason = "the watch was set up again"
        self._established.set()
        while not self._stopping.is_set():
            self._wake.clear()
            self._answer_requests()
            self._check_root()
            self._listen()
            if self._pulse.longest_gap_s:
                gap_s = self._pulse.longest_gap_s
                self._reopen(f"the process stood still for {gap_s:.1f} s and may have lost events")
            self._grow_when_due()
            self._announce_cookies()
            if self._watches.is_crowded:
                self._reopen("folders appeared faster than they could be watched")
            elif not self._to_walk:
                self._watches.tidy(self._last_event_s)

    def _listen(self) -> None:
        limits = self._limits
        is_active = time.monotonic() - self._last_event_s < limits.active_for_s
        step_ms = limits.step_active_ms if is_active else limits.step_idle_ms
        self._pulse.is_set()
        longest_ms = step_ms if self._to_walk else _LONGEST_POLL_MS
        for watch, events in self._watches.poll(step_ms, longest_ms, self._pulse):
            self._digest(watch, events)
        if len(self._watches) > 1:
            self._wake.wait(max(0, step_ms - len(self._watches)) / 1000)

    def _digest(self, watch: Watch, found: Collection[RawChange]) -> None:
        assert self._plan is not None
        now = time.monotonic()
        if now - self._burst_began_s > _BURST_S:
            self._burst_began_s, self._burst = now, 0
        self._burst += len(found)
        if self._burst > self._limits.burst_events:
            self._last_event_s = now
            self._reopen(f"{self._burst} changes at once: the kernel may have dropped others")
            self._burst = 0
            return
        digest = digest_events(found, self._plan, self._rules, self._watches.folders)
        with self._lock:
            watch.cookies |= digest.cookies & self._expected.keys()
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
            self._watches.drop(lambda folder: _is_inside(folder, lost))
            for folder in digest.gone:
                self._rules.forget(folder)
        # What a changed rule or permission brings in is watched before its scan is asked for.
        for folder in digest.rule_folders | digest.changed_folders:
            self._to_walk.setdefault(folder, False)
        self._to_walk.update(dict.fromkeys(digest.new_folders | digest.replaced, True))
        if digest.touched or lost or digest.head_changed:
            self._deliver(Notice(digest.touched, frozenset(lost), head_changed=digest.head_changed))

    # ---- sources

    def _reopen(self, reason: str) -> None:
        """Replace every watch by the plan of this moment, then ask for a scan of everything: what
        the old ones had not told yet is covered by it."""
        began_s = time.monotonic()
        plan = plan_watches(self._root, self._rules)
        if self._plan is None or self._plan.cookie_dir != plan.cookie_dir:
            remove_orphans(plan.cookie_dir)
        self._plan = plan  # before the cookies that are written by it can come back
        self._watches.replace(plan)
        self._to_walk = {"": False}  # for folders made while the watches were set up
        self._grow()
        self.mode = "watching"
        self.warning = None
        self._root_checked_s = time.monotonic()
        self._walk_s = self._root_checked_s - began_s
        self._pulse.reset()
        self._ask_rescan(reason, self._taken_requests())

    def _grow_when_due(self) -> None:
        if self._to_walk and time.monotonic() - self._grown_s >= _GROW_EVERY_S:
            touched, to_scan = self._grow()
            if touched or to_scan:
                self._deliver(Notice(touched, to_scan))

    def _grow(self) -> tuple[dict[str, float], frozenset[str]]:
        """Watch the folders to walk and all below them, and only then list their files: a file made
        before the watch stood is in the list, a later one makes an event.

        Returns the files, and the folders whose files were not to be listed: scan these."""
        tops, self._to_walk = self._to_walk, {}
        for _ in range(_GROW_ROUNDS):
            folders: dict[str, int] = {}
            files: list[str] = []
            for top, lists_files in tops.items():
                found = scan(self._root, self._rules, top)
                folders.update(found.directories)
                if lists_files:
                    files.extend(found.files)
            if not self._watches.cover(folders):
                break
        else:
            self._to_walk = tops | self._to_walk  # they change faster than they can be walked: go on later
        to_scan = frozenset(top for top, lists_files in tops.items() if not lists_files)
        if to_scan:
            self._watches.drop(
                lambda folder: folder not in folders and ("" in to_scan or _is_inside(folder, to_scan))
            )
        self._grown_s = now = time.monotonic()
        return dict.fromkeys(files, now), to_scan

    # ---- telling

    def _ask_rescan(self, reason: str, requests: Collection[tuple[int, str, bool]]) -> None:
        """Everything that happened before now is covered by the scan: so are all cookies."""
        with self._lock:
            cookies, self._expected = tuple(self._expected), {}
        ticket = max((number for number, _, _ in requests), default=0)
        self.rescans_asked += 1
        self.last_rescan_reason = reason
        self._deliver(Notice(rescan=reason, cookies=cookies, ticket=ticket))

    def _announce_cookies(self) -> None:
        if not self._expected or self._to_walk:
            return
        with self._lock:
            if self._requests:  # asked for before: the scan covers the cookies, and they come with it
                return
            expected = dict(self._expected)
        back = tuple(name for name, written_s in expected.items() if self._watches.passed_by(name, written_s))
        if back:
            for name in back:
                self.forget_cookie(name)
            self._watches.forget_cookies(back)
            self._deliver(Notice(cookies=back))

    def _answer_requests(self) -> None:
        with self._lock:
            if not self._requests:
                return
            reason = self._requests[0][1]
            is_suspect = any(suspect for _, _, suspect in self._requests)
        if is_suspect:
            self._reopen(reason)
            return
        began_s = time.monotonic()
        self._to_walk.setdefault("", False)  # the scan must not find folders that nobody watches
        touched, _ = self._grow()
        if time.monotonic() - began_s < 3 * self._walk_s + self._limits.gap_s:
            self._pulse.skip()
        if touched:
            self._deliver(Notice(touched))
        self._ask_rescan(reason, self._taken_requests())

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
        # Before the scan is asked for: what changes between the two differs from this one.
        previous = scan(self._root, self._rules).files
        self._ask_rescan(self.warning, self._taken_requests())
        retry_at = time.monotonic() + self._limits.retry_watching_s
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
        self._limit_reached = None

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
