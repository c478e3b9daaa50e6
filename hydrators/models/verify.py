"""Runs a model on fixed inputs and holds what it says against what is recorded.

minilm's vectors are recorded with the code (`reference_minilm.json`); what any other model says is recorded
the first time that it is asked, under the hash of its file, and compared from then on.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, NamedTuple

from hydrators.llama.model import Generated, LlamaOptions, Prompt, Refused
from hydrators.llama.process import Llama
from hydrators.models import catalogue, hub
from hydrators.models.catalogue import Role
from hydrators.models.error import ModelError, Trouble
from hydrators.models.hub import Report
from hydrators.models.local import InstalledModel, find, is_path

VERIFIED = ".verified"
DIMENSIONS_SHOWN = 8
TOLERANCE = 0.002
"""What a dimension may differ by: threads and processors round otherwise, by 0.0003 where it was measured."""

_REFERENCE = Path(__file__).with_name("reference_minilm.json")
_TIMEOUT_S = 120.0
_MOST_THREADS = 4
_PROMPTS = tuple(
    f"Source of a Rust function:\n{source}\nWhat it does, in one line that begins with a verb:"
    for source in (
        "pub fn is_empty(&self) -> bool {\n    self.len() == 0\n}\n",
        "fn max(a: u32, b: u32) -> u32 {\n    if a > b { a } else { b }\n}\n",
        "fn lines(text: &str) -> Vec<String> {\n    text.lines().map(str::to_owned).collect()\n}\n",
    )
)


class Line(NamedTuple):
    """One input, what the model said of it (the first dimensions of its vector, or text), and whether that is
    what was recorded; None if nothing was."""

    text: str
    said: str
    matches: bool | None


class Verdict(NamedTuple):
    """`is_intact`: the file is still the one that was obtained; None for one that came by hand.
    `recorded`: where from the lines are known, "isg", "earlier", or "now" if there is nothing to compare."""

    model: InstalledModel
    sha256: str
    is_intact: bool | None
    lines: tuple[Line, ...]
    recorded: Literal["isg", "earlier", "now"]

    @property
    def is_good(self) -> bool:
        return self.is_intact is not False and all(line.matches is not False for line in self.lines)


async def verify(folder: Path, name_or_path: str, report: Report) -> Verdict:
    """Raises ModelError: ABSENT or UNKNOWN without the model, UNFIT, and NOT_RUNNING if it says nothing."""
    model = find(folder, name_or_path)
    if model is None:
        raise _absent(name_or_path)
    sha256 = hub.hash_file(model.path, report)
    report("running", 0, 0)
    texts, vectors = _reference()
    if model.role == Role.EMBED:
        said = [_first_dimensions(vector) for vector in await _embed(model, texts)]
        inputs = texts
    else:
        said, inputs = await _generate(model), list(_PROMPTS)
    recorded, source = _recorded(folder, model, sha256, vectors)
    if recorded is None:
        _record(folder, sha256, said)
    known: Sequence[Said | None] = recorded or [None] * len(said)
    lines = tuple(
        Line(text, _show(one), None if was is None else _equal(one, was))
        for text, one, was in zip(inputs, said, known, strict=True)
    )
    origin = model.origin.sha256
    return Verdict(model, sha256, origin == sha256 if origin else None, lines, source)


Said = str | list[float]


def _absent(name: str) -> ModelError:
    if name in catalogue.KNOWN:
        return ModelError(Trouble.ABSENT, f"the model {name} is not here", f"isg models ensure {name}")
    return ModelError(Trouble.UNKNOWN, f"there is no model {name}", catalogue.nearest(name))


def _reference() -> tuple[list[str], list[list[float]]]:
    said = json.loads(_REFERENCE.read_text(encoding="utf-8"))
    return said["texts"], said["vectors"]


def _options(model: InstalledModel, **path: str) -> LlamaOptions:
    return LlamaOptions(
        threads=min(_MOST_THREADS, os.cpu_count() or 1),
        memory_cap_bytes=(2 << 30) + 4 * model.size_bytes,
        request_timeout_s=_TIMEOUT_S,
        **path,  # type: ignore[arg-type]
    )


async def _embed(model: InstalledModel, texts: list[str]) -> list[bytes]:
    async with Llama(_options(model, embedding_model=str(model.path)), lambda state: None) as llama:
        found = await llama.embed(texts)
        vectors = [one for one in found if isinstance(one, bytes)]
        if len(vectors) < len(found):
            refusal = next(one for one in found if isinstance(one, Refused))
            raise _not_running(model, refusal, llama)
        return vectors


async def _generate(model: InstalledModel) -> list[Said]:
    said: list[Said] = []
    async with Llama(_options(model, generation_model=str(model.path)), lambda state: None) as llama:
        for text in _PROMPTS:
            try:
                answer: Generated = await llama.generate(Prompt(text, stop=("\n",)))
            except Refused as refusal:
                raise _not_running(model, refusal, llama) from None
            said.append(answer.text.strip())
    return said


def _not_running(model: InstalledModel, refusal: Refused, llama: Llama) -> ModelError:
    state = llama.state
    why = str(refusal) or state.reason
    return ModelError(
        Trouble.NOT_RUNNING, f"{model.name} does not answer: {why}", state.cure or "isg models list"
    )


def _first_dimensions(vector: bytes) -> Said:
    return list(struct.unpack_from(f"<{min(DIMENSIONS_SHOWN, len(vector) // 4)}f", vector))


def _show(said: Said) -> str:
    return said if isinstance(said, str) else " ".join(f"{value:+.4f}" for value in said)


def _equal(said: Said, was: Said) -> bool:
    if isinstance(said, str) or isinstance(was, str):
        return said == was
    return len(said) == len(was) and all(
        abs(one - other) <= TOLERANCE for one, other in zip(said, was, strict=True)
    )


def _recorded(
    folder: Path, model: InstalledModel, sha256: str, vectors: list[list[float]]
) -> tuple[list[Said] | None, Literal["isg", "earlier", "now"]]:
    """What is known that the model says, and who knows it."""
    if model.name == catalogue.DEFAULT_EMBEDDING and not is_path(model.name):
        return list(vectors), "isg"
    try:
        said = json.loads(_record_file(folder, sha256).read_text(encoding="utf-8"))
        if said["library"] == _library_version():
            return list(said["lines"]), "earlier"
    except (OSError, ValueError, KeyError, TypeError):
        pass
    return None, "now"


def _record(folder: Path, sha256: str, lines: list[Said]) -> None:
    file = _record_file(folder, sha256)
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = file.with_suffix(f".{os.getpid()}.part")
    part.write_text(json.dumps({"library": _library_version(), "lines": lines}) + "\n", encoding="utf-8")
    os.replace(part, file)


def _record_file(folder: Path, sha256: str) -> Path:
    return folder / VERIFIED / f"{sha256}.json"


def _library_version() -> str:
    """Another release may round, and so say, something else."""
    try:
        return importlib.metadata.version("llama-cpp-python")
    except importlib.metadata.PackageNotFoundError:
        return ""
