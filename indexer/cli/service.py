"""Installing the daemon as a service of this user: launchd on macOS, systemd elsewhere."""

from __future__ import annotations

import os
import plistlib
import subprocess
import sys
from pathlib import Path

from indexer.cli import launch, output
from indexer.cli.exits import Refusal
from indexer.paths import Paths, make_private_dir

LABEL = "dev.isg.daemon"
UNIT = "isg.service"
COMMAND_TIMEOUT_S = 30.0


def install_service(paths: Paths) -> None:
    """Writes the service file and starts it now and at every login.

    Raises Refusal if the service manager does not take it; the file is then there all the same.
    """
    launch.stop(paths, force=False)  # one started by hand would keep the service out
    target = service_file()
    make_private_dir(paths.state_dir)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(render_service(paths), encoding="utf-8")
    output.note(f"wrote {target}")
    if sys.platform == "darwin":
        _run(["launchctl", "bootout", _domain(), str(target)], check=False)
        _run(["launchctl", "bootstrap", _domain(), str(target)])
    else:
        _run(["systemctl", "--user", "daemon-reload"])
        _run(["systemctl", "--user", "enable", "--now", UNIT])


def uninstall_service(paths: Paths) -> None:
    """Stops the service, and no longer starts it at login."""
    target = service_file()
    if not target.exists():
        output.note(f"no service was installed ({target})")
        return
    if sys.platform == "darwin":
        _run(["launchctl", "bootout", _domain(), str(target)], check=False)
    else:
        _run(["systemctl", "--user", "disable", "--now", UNIT], check=False)
    target.unlink()
    output.note(f"removed {target}")
    if sys.platform != "darwin":
        _run(["systemctl", "--user", "daemon-reload"], check=False)


def service_file(platform: str = sys.platform) -> Path:
    """Where this system's service manager looks for it."""
    if platform == "darwin":
        return Path.home() / "Library" / "LaunchAgents" / f"{LABEL}.plist"
    base = os.environ.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
    return Path(base) / "systemd" / "user" / UNIT


def render_service(paths: Paths, platform: str = sys.platform) -> str:
    """The service file's text, for this interpreter and this environment's ISG_HOME."""
    command = launch.daemon_command(foreground=True)
    environment = {"PYTHONSAFEPATH": "1", "PYTHONUNBUFFERED": "1"}
    if home := os.environ.get("ISG_HOME"):
        environment["ISG_HOME"] = str(Path(home).expanduser().absolute())
    if platform == "darwin":
        template = plistlib.loads(_template(f"{LABEL}.plist"))
        template["ProgramArguments"] = command
        template["EnvironmentVariables"] = environment
        template["StandardOutPath"] = template["StandardErrorPath"] = str(paths.startup_log_file)
        return plistlib.dumps(template).decode("utf-8")
    lines = "\n".join(f"Environment={_quote_unit(f'{name}={value}')}" for name, value in environment.items())
    return (
        _template(UNIT)
        .decode("utf-8")
        .replace("@ENVIRONMENT@", lines)
        .replace("@COMMAND@", " ".join(_quote_unit(word) for word in command))
    )


def _quote_unit(word: str) -> str:
    """One word of a unit file: quoted, and safe from systemd's specifiers and variables."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{escaped}"'


def _template(name: str) -> bytes:
    """A template of launchd/, beside the packages (a checkout) or inside this one (installed)."""
    package = Path(__file__).resolve().parents[1]
    for place in (package / "launchd", package.parent / "launchd"):
        if (place / name).is_file():
            return (place / name).read_bytes()
    raise Refusal(f"the template {name} is missing from this installation", "install isg-indexer anew")


def _run(command: list[str], *, check: bool = True) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=COMMAND_TIMEOUT_S, check=False)
    except FileNotFoundError:
        if not check:
            return
        raise Refusal(
            f"{command[0]} is not here: the file is written, but nothing starts it",
            "isg up starts it by hand",
        ) from None
    except subprocess.TimeoutExpired:
        raise Refusal(f"`{' '.join(command)}` does not end", "run it yourself, or isg up") from None
    if check and done.returncode != 0:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise Refusal(
            f"`{' '.join(command)}` failed: {said[-1] if said else f'code {done.returncode}'}",
            "the service file is written; isg up starts the daemon by hand",
        )


def _domain() -> str:
    return f"gui/{os.getuid()}"
