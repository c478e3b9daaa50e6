"""Where the service keeps its files: settings, stores, registry, log, lock and socket.

`ISG_HOME` puts everything under one directory; otherwise the platform's own places are used.
The socket lives beside the state and not in XDG_RUNTIME_DIR: that variable is unset in cron, su and
sudo shells, and a client has to find the daemon that systemd started.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

MAX_SOCKET_PATH_BYTES = 100  # sun_path holds 104 (macOS) or 108 (Linux) bytes


@dataclass(frozen=True, slots=True)
class Paths:
    """Every place on disk that the service owns. Nothing exists until someone makes it."""

    config_dir: Path
    data_dir: Path
    state_dir: Path
    cache_dir: Path

    @property
    def settings_file(self) -> Path:
        return self.config_dir / "isg.toml"

    @property
    def registry_file(self) -> Path:
        return self.data_dir / "workspaces.json"

    @property
    def log_file(self) -> Path:
        return self.state_dir / "daemon.log"

    @property
    def startup_log_file(self) -> Path:
        """What a detached daemon prints before its own log is open, and after."""
        return self.state_dir / "startup.log"

    @property
    def lock_file(self) -> Path:
        return self.state_dir / "daemon.lock"

    @property
    def socket(self) -> Path:
        """The daemon's socket; a short name under /tmp where the usual one would be too long."""
        usual = self.state_dir / "daemon.sock"
        if len(os.fsencode(usual)) <= MAX_SOCKET_PATH_BYTES:
            return usual
        digest = hashlib.blake2s(os.fsencode(usual), digest_size=6).hexdigest()
        return Path(f"/tmp/isg-{os.getuid()}") / f"{digest}.sock"

    def store_dir(self, workspace_id: str) -> Path:
        """The directory of one workspace's own: its database, and what is being made for it."""
        return self.data_dir / "stores" / workspace_id

    def rust_analyzer_dir(self, workspace_id: str) -> Path:
        """What rust-analyzer builds of one workspace; beside it, what all share."""
        return self.cache_dir / "rust-analyzer" / workspace_id

    @property
    def models_dir(self) -> Path:
        """Models of llama.cpp, for all workspaces; see `hydrators.models.local`."""
        return self.data_dir / "models"

    def database(self, workspace_id: str) -> Path:
        """The workspace's database inside `store_dir`."""
        return self.store_dir(workspace_id) / "db"


def resolve_paths(environment: Mapping[str, str] | None = None) -> Paths:
    """The paths that this environment asks for."""
    home = (os.environ if environment is None else environment).get("ISG_HOME")
    if home:
        base = Path(home).expanduser().absolute()
        return Paths(base / "config", base / "data", base / "state", base / "cache")
    from platformdirs import PlatformDirs

    dirs = PlatformDirs("isg", appauthor=False)
    return Paths(
        Path(dirs.user_config_dir),
        Path(dirs.user_data_dir),
        Path(dirs.user_state_dir),
        Path(dirs.user_cache_dir),
    )


def make_private_dir(path: Path) -> None:
    """Makes `path` a directory that only this user can enter.

    Raises PermissionError if it is someone else's or a symbolic link: then what is in it could be forged.
    """
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = path.lstat()
    if stat.S_ISLNK(found.st_mode) or not stat.S_ISDIR(found.st_mode):
        raise PermissionError(f"{path} is not a plain directory: remove it, or set ISG_HOME to another place")
    if found.st_uid != os.getuid():
        raise PermissionError(f"{path} belongs to another user: set ISG_HOME to a directory of your own")
    if stat.S_IMODE(found.st_mode) != 0o700:
        path.chmod(0o700)
