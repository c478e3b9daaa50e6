"""What `isg models` does: list, ensure, verify and remove models, and plan for them, with no daemon needed.

Used by the command line, and as a process of its own by the daemon for whatever takes long: fetching,
converting, hashing and running models costs the daemon nothing then.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal

from hydrators.llama import capacity
from hydrators.llama.gguf_header import Header
from hydrators.models import catalogue, local
from hydrators.models.catalogue import KNOWN, KnownModel, Role
from hydrators.models.error import ModelError, Trouble
from hydrators.models.local import InstalledModel
from indexer import results_models
from indexer.config import Settings
from indexer.errand import end_with_parent, tell
from indexer.paths import make_private_dir

__all__ = ["ModelError", "Report", "Trouble", "ensure", "list_models", "plan", "remove", "verify"]

Report = Callable[[str, int, int], None]
"""Called with (phase, bytes done, bytes in all or 0); phases: "waiting", "connecting", "downloading",
"checking", "converting", "running"."""

_SAY_EVERY_S = 0.1
_ROLES: dict[Role, Literal["embed", "generate"]] = {Role.EMBED: "embed", Role.GENERATE: "generate"}


def list_models(folder: Path, settings: Settings) -> results_models.ModelList:
    """Every known model, every other one in the folder, and files elsewhere that the settings name."""
    embedding, summaries = _setting(settings.embedding_model), _setting(settings.summary_model)
    names = dict.fromkeys([*KNOWN, *local.names(folder)])
    names |= dict.fromkeys(name for name in (embedding, summaries) if local.is_path(name))
    return {
        "folder": str(folder),
        "embedding_model": embedding,
        "summary_model": summaries,
        "models": [_row(folder, name) for name in names],
    }


def ensure(folder: Path, name: str, report: Report) -> results_models.ModelEnsured:
    """Raises ModelError."""
    from hydrators.models.obtain import ensure as obtain

    _make(folder)
    obtained = obtain(folder, name, report)
    return {"model": _installed(obtained.model), "was_here": obtained.was_here}


def verify(folder: Path, name: str, report: Report) -> results_models.ModelVerified:
    """Raises ModelError."""
    from hydrators.models.verify import verify as run

    _make(folder)
    verdict = asyncio.run(run(folder, name, report))
    return {
        "model": _installed(verdict.model),
        "sha256": verdict.sha256,
        "is_intact": verdict.is_intact,
        "recorded": verdict.recorded,
        "lines": [{"text": line.text, "said": line.said, "matches": line.matches} for line in verdict.lines],
        "is_good": verdict.is_good,
    }


def remove(folder: Path, name: str) -> results_models.ModelRemoved:
    """Raises ModelError."""
    return {"name": name, "freed_bytes": local.remove(folder, name)}


def plan(folder: Path, settings: Settings, names: Sequence[str] = ()) -> results_models.ModelPlan:
    """For these models together, else for those that the settings name. Raises ModelError."""
    if not names:
        named = (_setting(settings.embedding_model), _setting(settings.summary_model))
        names = [name for name in named if name]
    models = [(name, local.find(folder, name)) for name in names]
    headers = [_header_of(name) if model is None else model.header for name, model in models]
    estimates = [capacity.estimate_of(header) for header in headers]
    machine = capacity.read_machine()
    made = capacity.plan_for(estimates, machine)
    return {
        "sessions": made.sessions,
        "threads": made.threads,
        "low_memory": made.low_memory,
        "reasons": list(made.reasons),
        "session_bytes": sum(one.session_bytes for one in estimates),
        "free_bytes": machine.free_bytes,
        "total_bytes": machine.total_bytes,
        "cores": machine.cores,
        "load": round(machine.load, 2),
        "on_battery": machine.on_battery,
        "is_building": machine.is_building,
        "models": [
            {
                "name": name,
                "role": "embed" if header.is_embedder else "generate",
                "state": "available" if model is None else "installed",
                "weights_bytes": one.weights_bytes,
                "kv_bytes_per_session": one.kv_bytes_per_session,
                "overhead_bytes": one.overhead_bytes,
            }
            for (name, model), header, one in zip(models, headers, estimates, strict=True)
        ],
    }


def _header_of(name: str) -> Header:
    """Of a known model that is not here. Raises ModelError UNKNOWN."""
    if name not in KNOWN:
        raise ModelError(Trouble.UNKNOWN, f"there is no model {name}", catalogue.nearest(name))
    return catalogue.header_of(KNOWN[name])


def _make(folder: Path) -> None:
    """The folder of models, in the folder of all data."""
    try:
        make_private_dir(folder.parent)
        make_private_dir(folder)
    except OSError as error:
        raise ModelError(
            Trouble.DISK,
            f"{folder} cannot be made: {error.strerror or error}",
            "check the permissions, or set ISG_HOME to a place of your own",
        ) from None


def _setting(name: str) -> str:
    """The model that a setting names, a file by its full path; "" for none, or one of another process."""
    if name == "off" or name.startswith(("http://", "https://")):
        return ""
    return os.path.realpath(os.path.expanduser(name)) if local.is_path(name) else name


def _row(folder: Path, name: str) -> results_models.ModelRow:
    """A model by its name, whatever is there of it."""
    reason = ""
    try:
        model = local.find(folder, name)
        if model is not None:
            return _installed(model)
    except ModelError as error:
        reason = str(error)
    row = _known(KNOWN[name]) if name in KNOWN else _blank(name)
    row["reason"], row["partial_bytes"] = reason, local.partial_bytes(folder, name)
    row["state"] = "damaged" if reason else "partial" if row["partial_bytes"] else "available"
    return row


def _known(known: KnownModel) -> results_models.ModelRow:
    return {
        **_blank(known.name),
        "title": known.title,
        "role": _ROLES[known.role],
        "size_bytes": known.size_bytes,
        "memory_bytes": capacity.estimate_of(catalogue.header_of(known)).session_bytes,
        "licence": known.licence,
        "source": catalogue.describe_source(known.source),
        "context_tokens": known.context_tokens,
        "dimension": known.dimension,
    }


def _blank(name: str) -> results_models.ModelRow:
    return {
        "name": name,
        "title": "",
        "role": "generate",
        "state": "available",
        "reason": "",
        "path": "",
        "size_bytes": 0,
        "partial_bytes": 0,
        "memory_bytes": 0,
        "licence": "",
        "source": "",
        "context_tokens": 0,
        "dimension": 0,
        "model_id": "",
        "sha256": "",
    }


def _installed(model: InstalledModel) -> results_models.ModelRow:
    return {
        "name": model.name,
        "title": model.title,
        "role": _ROLES[model.role],
        "state": "installed",
        "reason": "",
        "path": str(model.path),
        "size_bytes": model.size_bytes,
        "partial_bytes": 0,
        "memory_bytes": capacity.estimate_of(model.header).session_bytes,
        "licence": model.licence,
        "source": model.origin.source,
        "context_tokens": model.context_tokens,
        "dimension": model.dimension,
        "model_id": model.model_id,
        "sha256": model.origin.sha256,
    }


# ---------------------------------------------------------------------------- as a process of its own


def main(arguments: Sequence[str]) -> int:
    """`ensure FOLDER NAME` or `verify FOLDER NAME`: tells progress and outcome as JSON lines on standard
    output. Ends when standard input does: the daemon that waits for it is gone."""
    end_with_parent()
    command, folder, name = arguments
    said = ("", False, 0.0)

    def report(phase: str, done: int, total: int) -> None:
        nonlocal said
        step, now = (phase, done > 0), time.monotonic()
        if step != said[:2] or now - said[2] >= _SAY_EVERY_S:
            said = (*step, now)
            tell({"phase": phase, "done": done, "total": total})

    work = ensure if command == "ensure" else verify
    try:
        tell({"outcome": work(Path(folder), name, report)})
    except ModelError as error:
        tell({"trouble": error.kind, "error": str(error), "do": error.do})
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
