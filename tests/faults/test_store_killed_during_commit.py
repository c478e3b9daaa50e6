"""The process dies by SIGKILL while it commits: the store opens and holds one whole generation."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

from store import queries, writes
from store.migrations import open_database
from store.model import FileUpdate
from tests.store.toy_workspace import File as ToyFile
from tests.store.toy_workspace import Item, all_edges, tree_facts

ROOT = Path(__file__).parents[2]
ROUNDS = 6
DEADLINE_S = 60
PATHS = [f"src/f{i}.rs" for i in range(12)]


def generation(body: int) -> dict[str, ToyFile]:
    """Every item of every file changes from one generation to the next, and so does every edge."""
    called = ("alpha",) if body % 2 else ("beta", "alpha")
    items = (Item("alpha", body, called, False), Item("beta" if body % 2 else "gamma", body, called, True))
    return dict.fromkeys(PATHS, ToyFile(items, body))


def commit_for_ever(path: Path) -> None:
    """The child: one generation after the other, each in one transaction, each told when it is in."""
    with open_database(path) as db:
        old = {p: f for p in PATHS if (f := queries.load_file_facts(db, p)) is not None}
        body = next(iter(old.values())).nodes[0].parse_error_count if old else 0
        while True:
            body += 1
            new = tree_facts(generation(body))
            edges = all_edges(new)
            batch = [FileUpdate(p, old.get(p), new[p], edges[p]) for p in PATHS]
            writes.ingest_file_batch(db, batch, invalidate=False)
            sys.stdout.write(f"{body}\n")
            sys.stdout.flush()
            old = new


def test_a_process_killed_during_a_commit_leaves_one_whole_generation(tmp_path: Path) -> None:
    path = tmp_path / "store"
    dice = random.Random(7)
    code = (
        "import sys; from pathlib import Path\n"
        "from tests.faults.test_store_killed_during_commit import commit_for_ever\n"
        "commit_for_ever(Path(sys.argv[1]))"
    )
    seen = 0
    for _ in range(ROUNDS):
        child = subprocess.Popen(
            [sys.executable, "-c", code, str(path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        assert child.stdout is not None
        with child:
            told = seen
            for _ in range(dice.randrange(2, 9)):
                told = int(child.stdout.readline())
            # The next commit is under way now; a busy wait of up to one commit's length hits any point of it.
            for _ in range(dice.randrange(200_000)):
                pass
            child.kill()
            rest = child.stdout.read().split()
            told = int(rest[-1]) if rest else told
            child.wait(DEADLINE_S)
        with open_database(path) as db, open_database(None, "mem") as fresh:
            stored = queries.load_file_facts(db, PATHS[0])
            assert stored is not None
            body = stored.nodes[0].parse_error_count
            assert body in (told, told + 1), "a commit that was reported is there"
            facts = tree_facts(generation(body))
            edges = all_edges(facts)
            writes.ingest_file_batch(fresh, [FileUpdate(p, None, facts[p], edges[p]) for p in PATHS])
            assert queries.dump(db) == queries.dump(fresh)
            assert queries.clock(db) == body
            seen = body
