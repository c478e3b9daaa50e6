"""Fault: a rule file changes, and with it what is part of the workspace: no event names those files."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.watchers.mirror import mirrored, on_asyncio, tree_of

pytestmark = on_asyncio
TAG = "Signature: 8a477f597d28d172789f06886806bc55\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for folder in (".git/info", "gen/deep", "src"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    (tmp_path / "gen" / "deep" / "a.rs").write_text("a")
    (tmp_path / "src" / "lib.rs").write_text("l")
    return tmp_path


async def test_files_go_and_come_with_a_pattern(root: Path) -> None:
    async with mirrored(root) as mirror:
        (root / ".gitignore").write_text("/gen\n")
        assert set(await mirror.settled()) == {".gitignore", "src/lib.rs"}
        (root / "gen" / "deep" / "a.rs").write_text("changed while ignored")
        (root / ".gitignore").unlink()
        assert await mirror.settled() == tree_of(root)
        (root / "gen" / "deep" / "a.rs").write_text("changed while watched again")
        assert await mirror.settled() == tree_of(root)
        assert mirror.files["gen/deep/a.rs"] == b"changed while watched again"


async def test_a_folder_no_longer_ignored_is_watched_before_it_is_scanned(root: Path) -> None:
    (root / ".gitignore").write_text("gen/\n")
    async with mirrored(root) as mirror:
        watched = mirror.watcher.health()["watched_folders"]
        assert watched == 2
        (root / ".gitignore").write_text("# nothing\n")
        assert set(await mirror.settled()) == {".gitignore", "gen/deep/a.rs", "src/lib.rs"}
        assert mirror.watcher.health()["watched_folders"] == 4
        (root / ".gitignore").write_text("gen/\n")
        assert set(await mirror.settled()) == {".gitignore", "src/lib.rs"}
        assert mirror.watcher.health()["watched_folders"] == 2


async def test_the_exclude_file_counts_at_once(root: Path) -> None:
    async with mirrored(root) as mirror:
        (root / ".git" / "info" / "exclude").write_text("gen\n")
        assert set(await mirror.settled()) == {"src/lib.rs"}
        (root / ".git" / "info" / "exclude").write_text("")
        assert await mirror.settled() == tree_of(root)


async def test_a_cache_tag_hides_its_folder(root: Path) -> None:
    async with mirrored(root) as mirror:
        (root / "gen" / "CACHEDIR.TAG").write_text(TAG)
        assert set(await mirror.settled()) == {"src/lib.rs"}


async def test_a_folder_named_target_is_hidden_once_a_manifest_lies_beside_it(root: Path) -> None:
    (root / "src" / "target").mkdir()
    (root / "src" / "target" / "mod.rs").write_text("m")
    async with mirrored(root) as mirror:
        assert "src/target/mod.rs" in await mirror.settled()
        (root / "src" / "Cargo.toml").write_text("[package]\n")
        assert set(await mirror.settled()) == {"gen/deep/a.rs", "src/Cargo.toml", "src/lib.rs"}
        (root / "src" / "Cargo.toml").unlink()
        assert await mirror.settled() == tree_of(root)


async def test_a_build_in_an_ignored_folder_makes_no_batch(root: Path) -> None:
    (root / ".gitignore").write_text("gen/\n")
    (root / "target" / "debug").mkdir(parents=True)
    async with mirrored(root) as mirror:
        for number in range(200):
            (root / "target" / "debug" / f"{number}.rs").write_text("x")
            (root / "gen" / "deep" / f"{number}.rs").write_text("x")
        assert await mirror.settled() == tree_of(root)
        assert mirror.rescans() == ["start"]
        assert mirror.seen_paths() == set()


async def test_a_repository_made_later_is_noticed(root: Path) -> None:
    (root / ".git").rename(root.parent / "git-away")
    async with mirrored(root) as mirror:
        (root.parent / "git-away" / "info" / "exclude").write_text("gen\n")
        (root.parent / "git-away").rename(root / ".git")
        await mirror.until(lambda: set(mirror.files) == {"src/lib.rs"})
