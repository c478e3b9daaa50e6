"""The central property, over the whole: real files, real watcher, real store, a daemon that is killed."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from store import queries
from store.migrations import open_database
from tests.indexer.edit_scripts import ACTIONS, Script, lay_out, perform
from tests.indexer.test_pipeline import fresh_dump
from tests.system.service import ServiceProcess

EXAMPLES = int(os.environ.get("ISG_TEST_EXAMPLES", "12"))

steps = st.tuples(
    st.sampled_from([*ACTIONS, "kill", "restart", "wait"]),
    st.integers(0, 1_000_000),
    st.integers(0, 1_000_000),
)


@pytest.mark.timeout(900)
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    print_blob=True,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # shrinking would restart daemons for an hour
)
@given(st.lists(steps, min_size=4, max_size=24), st.booleans())
def test_any_script_of_edits_and_kills_ends_in_what_a_fresh_index_holds(
    script: Script, with_git: bool
) -> None:
    with tempfile.TemporaryDirectory(prefix="isg-") as folder:
        root = Path(folder) / "ws"
        root.mkdir()
        lay_out(root)
        if with_git:
            (root / ".git").mkdir()
            (root / ".git/HEAD").write_text("ref: refs/heads/main\n")
        with ServiceProcess(Path(folder) / "home") as service:
            workspace = service.add(root)
            for action, a, b in script:
                if action in ("kill", "restart"):
                    service.kill() if action == "kill" else service.stop()
                    service.start()
                elif action == "wait":
                    service.settle(root)
                else:
                    perform(root, action, a, b)
            service.settle(root)
            store = service.paths.store_dir(workspace) / "db"
        with open_database(store) as db:
            assert queries.dump(db) == fresh_dump(root)
