"""One GGUF file from the model hub: asked about, fetched on from where it stopped, checked.

huggingface_hub 2.4 throws away what an interrupted `hf_hub_download` has got (test_hub.py says when
it no longer does), so its parts are used: `get_hf_file_metadata` asks, `http_get` can go on with a transfer.
No account and no token is used. `HF_ENDPOINT` names another hub.
"""

from __future__ import annotations

import errno
import hashlib
import logging
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

from httpx2 import HTTPError
from huggingface_hub import constants, get_hf_file_metadata, hf_hub_url
from huggingface_hub.errors import HfHubHTTPError, OfflineModeIsEnabled
from huggingface_hub.file_download import HfFileMetadata, http_get

from hydrators.models.catalogue import HubSource
from hydrators.models.error import ModelError, Trouble

Report = Callable[[str, int, int], None]
"""Called with (phase, bytes done, bytes in all or 0); phases: "waiting", "connecting", "downloading",
"checking", "converting"."""

SPARE_BYTES = 64 << 20  # what a download leaves of a disk

_CHUNK_BYTES = 1 << 17
_SHA256 = re.compile(r"[0-9a-f]{64}")
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_AGAIN = "try again later; HF_ENDPOINT names a mirror, and the path of a GGUF works, too"

# It writes, and tells progress, only every 10 MB otherwise: ten seconds of silence on a slow line, all of it
# lost when that is cut.
constants.DOWNLOAD_CHUNK_SIZE = _CHUNK_BYTES
# It would ask the hub how to find out which agent runs us (for 3 s where the hub is slow), and tell it.
constants.HF_HUB_DISABLE_TELEMETRY = True
# Its own remarks about retries would run into our progress.
logging.getLogger("huggingface_hub").setLevel(logging.ERROR)


def fetch(source: HubSource, part: Path, report: Report, endpoint: str = "") -> tuple[Path, str]:
    """The file, whole and checked, under a name of `part`'s with its hash added; and that hash (SHA-256).

    An interrupted transfer keeps what it has got, and the next call goes on from there. Raises ModelError
    OFFLINE, CUT, WRONG_HASH and DISK; after the last two nothing is left.
    """
    endpoint = endpoint or os.environ.get("HF_ENDPOINT", "")
    report("connecting", 0, 0)
    url = hf_hub_url(source.repo, source.file, revision=source.revision, endpoint=endpoint or None)
    answer = _ask(url, source, endpoint)
    sha256 = _agreed_hash(source, answer)
    total = answer.size or source.size_bytes
    target = part.with_name(f"{part.name}@{sha256[:12]}.part")
    for stale in part.parent.glob(f"{part.name}@*.part"):
        if stale != target or stale.stat().st_size > total:
            stale.unlink()
    try:
        _transfer(source, url, answer, target, total, report, endpoint)
        found = hash_file(target, report)
    except OSError as error:
        if isinstance(error, HTTPError | ModelError):
            raise
        raise disk_trouble(target, error) from None
    if found != sha256:
        target.unlink()
        raise ModelError(
            Trouble.WRONG_HASH,
            f"what came is not {source.file}: its SHA-256 is {found}, not {sha256}",
            "try again; if it stays so, do not use that source",
        )
    return target, sha256


def require_space(folder: Path, wanted_bytes: int) -> None:
    """Raises ModelError DISK if so much does not fit."""
    free = shutil.disk_usage(folder).free
    if free < wanted_bytes + SPARE_BYTES:
        raise ModelError(
            Trouble.DISK,
            f"there is not enough space: {wanted_bytes / 1e6:,.0f} MB are needed in {folder},"
            f" {free / 1e6:,.0f} MB are free",
            "free some, or set ISG_HOME to a place on another disk",
        )


def hash_file(path: Path, report: Report) -> str:
    """The SHA-256 of a file, as hex digits."""
    total, done = path.stat().st_size, 0
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while chunk := file.read(8 << 20):
            digest.update(chunk)
            done += len(chunk)
            report("checking", done, total)
    return digest.hexdigest()


def disk_trouble(path: Path, error: OSError) -> ModelError:
    """What to say of a write that failed. Of a full disk nothing is taken away any longer."""
    if error.errno in _FULL:
        path.unlink(missing_ok=True)
        return ModelError(
            Trouble.DISK,
            f"the disk is full: {path.parent} takes no more",
            "free some space, or set ISG_HOME to a place on another disk",
        )
    return ModelError(
        Trouble.DISK,
        f"{error.filename or path} cannot be written: {error.strerror or error}",
        "check the permissions there",
    )


def _ask(url: str, source: HubSource, endpoint: str) -> HfFileMetadata:
    """What the hub says of the file: its size and hash, and where it lies."""
    try:
        return get_hf_file_metadata(
            url, token=False, timeout=constants.HF_HUB_ETAG_TIMEOUT, endpoint=endpoint or None
        )
    except OfflineModeIsEnabled:
        raise ModelError(
            Trouble.OFFLINE, "HF_HUB_OFFLINE forbids to ask the model hub", "unset it, and try again"
        ) from None
    except HfHubHTTPError as error:
        raise _refused(source, error) from None
    except (HTTPError, OSError) as error:
        raise ModelError(
            Trouble.OFFLINE, f"the model hub at {_host(url)} is not reached ({_why(error)})", _AGAIN
        ) from None


def _refused(source: HubSource, error: HfHubHTTPError) -> ModelError:
    status = error.response.status_code
    if status in (401, 403, 404):
        what = f"the model hub has no {source.repo}/{source.file} for us (HTTP {status})"
    else:
        what = f"the model hub answers with an error (HTTP {status})"
    return ModelError(Trouble.OFFLINE, what, _AGAIN)


def _agreed_hash(source: HubSource, answer: HfFileMetadata) -> str:
    said = answer.etag if answer.etag and _SHA256.fullmatch(answer.etag) else ""
    if source.sha256 and said and said != source.sha256:
        raise ModelError(
            Trouble.WRONG_HASH,
            f"the model hub has another {source.file} now: its SHA-256 is {said}, not {source.sha256}",
            "a newer isg may know it; the path of a GGUF works, too",
        )
    if not (source.sha256 or said):
        raise ModelError(Trouble.WRONG_HASH, f"the model hub tells no SHA-256 of {source.file}", _AGAIN)
    return source.sha256 or said


def _transfer(
    source: HubSource,
    url: str,
    answer: HfFileMetadata,
    target: Path,
    total: int,
    report: Report,
    endpoint: str,
) -> None:
    """Fetches until all is there. A connection that ends is taken up again (five times by `http_get` itself)
    for as long as each brings something; where the file lies is asked anew, for such addresses expire."""
    while True:
        have = target.stat().st_size if target.exists() else 0
        require_space(target.parent, max(0, total - have))
        report("downloading", have, total)
        try:
            with open(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as file:
                try:
                    http_get(
                        answer.location,
                        file,
                        resume_size=have,
                        headers={"Accept-Encoding": "identity"},
                        expected_size=total or None,
                        displayed_filename=source.file,
                        tqdm_class=_bar_class(report, total),
                    )
                finally:
                    file.flush()
                    os.fsync(file.fileno())
            return
        except (HTTPError, OSError) as error:
            if not isinstance(error, HTTPError) and error.errno is not None:
                raise  # the disk's; a transfer that is too short has no number
            got = target.stat().st_size
            if got <= have:
                if isinstance(error, HfHubHTTPError):
                    raise _refused(source, error) from None
                raise ModelError(
                    Trouble.CUT,
                    f"the connection to {_host(answer.location)} was lost ({_why(error)}):"
                    f" {got / 1e6:,.0f} of {total / 1e6:,.0f} MB are here",
                    "the same command goes on from there",
                ) from None
            answer = _ask(url, source, endpoint)


def _bar_class(report: Report, total: int) -> Any:
    """What `http_get` takes for a tqdm bar."""

    class Bar:
        def __init__(self, *, initial: int = 0, **_: Any) -> None:
            self._done = initial

        def update(self, count: int) -> None:
            self._done += count
            report("downloading", self._done, total)

        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_: object) -> None:
            return

    return Bar


def _host(url: str) -> str:
    return url.split("/")[2] if "//" in url else url


def _why(error: Exception) -> str:
    """The last line of an error, without the addresses that some libraries put in."""
    return (str(error).strip().splitlines() or [type(error).__name__])[-1][:200]
