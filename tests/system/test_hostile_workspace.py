"""A workspace full of hostile files: each is indexed or skipped with its reason, and no neighbour is lost."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.hostile_tree import Fate, hostile_tree
from tests.system.service import ServiceProcess

FIXTURES = Path(__file__).parents[2] / "fixtures"
SIZE_CAP_BYTES = 200_000


def test_every_hostile_file_is_recorded_and_its_neighbours_answer(tmp_path: Path) -> None:
    root = tmp_path / "ws"
    with (
        hostile_tree(root, SIZE_CAP_BYTES) as tree,
        ServiceProcess(tmp_path / "home", ISG_MAX_FILE_BYTES=str(SIZE_CAP_BYTES)) as service,
    ):
        (root / "good.rs").write_text("pub fn good_neighbour() { helper() }\nfn helper() {}\n")
        service.add(root)
        service.settle(root)
        status = service.call("status")["workspaces"][0]
        skipped = {row["path"]: row["reason"] for row in status["skipped"]}
        wanted = {path for path in tree.paths(Fate.SKIPPED) if path.endswith(".rs")}
        assert wanted <= skipped.keys()
        assert all(skipped.values())
        assert not tree.paths(Fate.UNSEEN) & skipped.keys()
        found = service.call("nodes.find", workspace=str(root), name="good_neighbour")["nodes"]
        assert [node["file"] for node in found] == ["good.rs"]
        for path in tree.paths(Fate.INDEXED):
            if path.endswith(".rs"):
                assert path not in skipped


def test_the_committed_hostile_and_broken_files_cost_no_neighbour_when_saved_one_by_one(
    tmp_path: Path,
) -> None:
    root = tmp_path / "ws"
    (root / "src").mkdir(parents=True)
    (root / "src/good.rs").write_text("pub fn good_neighbour() {}\n")
    with ServiceProcess(tmp_path / "home") as service:
        service.add(root)
        service.settle(root)
        sources = sorted([*(FIXTURES / "hostile").rglob("*.rs"), *(FIXTURES / "broken").glob("*.rs")])
        for number, source in enumerate(p for p in sources if p.is_file()):
            shutil.copyfile(source, root / f"src/h{number}.rs")
            if number % 10 == 0:
                service.settle(root)
        service.settle(root)
        status = service.call("status")["workspaces"][0]
        assert status["state"] == "ready"
        assert status["counts"]["files"] == number + 2
        assert service.call("nodes.find", workspace=str(root), name="good_neighbour")["nodes"]
