"""Crate and module of a file, and what a crate can see, from manifests and layout; cargo is the oracle."""

import json
import os
import pickle
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from indexer.cargo_workspaces import workspaces_of
from indexer.crates import CrateMap
from indexer.manifests import Package, Target, packages_of, read_contents, targets_of

FIXTURES = Path(__file__).parents[2] / "fixtures"

MANIFESTS = {
    "Cargo.toml": b'[workspace]\nmembers = ["crates/*"]\n',
    "crates/my-lib/Cargo.toml": b'[package]\nname = "my-lib"\n',
    "crates/app/Cargo.toml": b'[package]\nname = "app"\n[[bin]]\nname = "tool"\npath = "src/tool_main.rs"\n',
    "crates/odd/Cargo.toml": b'[package]\nname = "odd"\n[lib]\nname = "strange"\npath = "lib.rs"\n',
    "crates/half/Cargo.toml": b"[package\nname =",
    "crates/typing/Cargo.toml": b'[package]\nname = "typing"\nversion = \n',
    "crates/aged/Cargo.toml": b'[package]\nname = "aged"\n[[bin]]\nname = "old-tool"\n',
    "crates/many/Cargo.toml": b"""
[package]
name = "many"
build = "build/main.rs"
autobins = false
[[bin]]
name = "one"
path = "src/one.rs"
[[bin]]
name = "two"
path = "src/two/main.rs"
[[bin]]
name = "three"
path = "tools/three.rs"
[[bin]]
name = "four"
path = "tools/four.rs"
[[test]]
name = "whole-thing"
path = "tests/it/main.rs"
[[test]]
name = "other"
path = "checks/other.rs"
""",
}


@pytest.mark.parametrize(
    ("path", "crate", "module"),
    [
        ("Cargo.toml", "", ""),
        ("crates/my-lib/Cargo.toml", "my_lib", ""),
        ("crates/my-lib/src/lib.rs", "my_lib", ""),
        ("crates/my-lib/src/main.rs", "my_lib", ""),
        ("crates/my-lib/src/a.rs", "my_lib", "a"),
        ("crates/my-lib/src/a/mod.rs", "my_lib", "a"),
        ("crates/my-lib/src/a/b.rs", "my_lib", "a::b"),
        ("crates/my-lib/src/bin/extra.rs", "my_lib#bin/extra", ""),
        ("crates/my-lib/src/bin/big-one/main.rs", "my_lib#bin/big_one", ""),
        ("crates/my-lib/src/bin/big-one/part.rs", "my_lib#bin/big_one", "part"),
        ("crates/my-lib/tests/end.rs", "my_lib#tests/end", ""),
        ("crates/my-lib/tests/common/mod.rs", "my_lib#tests/common", ""),
        ("crates/my-lib/tests/common/a/b.rs", "my_lib#tests/common", "a::b"),
        ("crates/my-lib/tests/suite/main.rs", "my_lib#tests/suite", ""),
        ("crates/my-lib/tests/suite/part/mod.rs", "my_lib#tests/suite", "part"),
        ("crates/my-lib/examples/show.rs", "my_lib#examples/show", ""),
        ("crates/my-lib/benches/fast.rs", "my_lib#benches/fast", ""),
        ("crates/my-lib/build.rs", "my_lib#build", ""),
        ("crates/app/src/main.rs", "app", ""),
        ("crates/app/src/tool_main.rs", "app", ""),
        ("crates/odd/lib.rs", "strange", ""),
        ("crates/odd/x/y.rs", "strange", "x::y"),
        ("crates/odd/src/main.rs", "strange", ""),
        ("crates/odd/src/z.rs", "strange", "z"),
        ("crates/odd/tests/t.rs", "strange#tests/t", ""),
        ("loose.rs", "", "loose"),
        ("src/loose/mod.rs", "", "loose"),
        ("crates/half/src/a.rs", "", "crates::half::src::a"),
        ("crates/typing/src/a.rs", "typing", "a"),
        ("crates/many/build/main.rs", "many#build", ""),
        ("crates/many/build/part.rs", "many#build", "part"),
        ("crates/many/src/bin/part.rs", "many", "bin::part"),
        ("crates/many/src/one.rs", "many#bin/one", ""),
        ("crates/many/src/two/main.rs", "many#bin/two", ""),
        ("crates/many/src/two/part.rs", "many#bin/two", "part"),
        ("crates/many/tools/three.rs", "many#bin/three", ""),
        ("crates/many/tools/three/part.rs", "many#bin/three", "part"),
        ("crates/many/tools/shared.rs", "many#tools/shared", ""),
        ("crates/many/tests/it/main.rs", "many#tests/whole_thing", ""),
        ("crates/many/tests/it/part.rs", "many#tests/whole_thing", "part"),
        ("crates/many/tests/it.rs", "many#tests/whole_thing", ""),
        ("crates/many/checks/other.rs", "many#tests/other", ""),
        ("crates/many/checks/part.rs", "many#tests/other", "part"),
        ("crates/aged/src/old-tool.rs", "aged", ""),
        ("crates/aged/src/part.rs", "aged", "part"),
    ],
)
def test_a_file_belongs_where_cargo_would_put_it(path: str, crate: str, module: str) -> None:
    assert tuple(CrateMap(MANIFESTS).place(path)) == (crate, module)


def test_crate_names_are_those_that_paths_use() -> None:
    assert CrateMap(MANIFESTS).crate_names == {"my_lib", "app", "strange", "typing", "many", "aged"}


def test_packages_of_one_name_are_kept_apart_and_the_workspace_goes_first() -> None:
    manifests = {
        "Cargo.toml": b'[workspace]\nmembers = ["deep/down/demo"]\nexclude = ["demo"]\n',
        "demo/Cargo.toml": b'[package]\nname = "demo"\n',
        "deep/down/demo/Cargo.toml": b'[package]\nname = "demo"\n',
        "tests/fixtures/demo/Cargo.toml": b'[package]\nname = "demo"\n[dependencies]\nd = { package = "demo", path = "../../../demo" }\n[workspace]\n',
    }
    crates = CrateMap(manifests)
    assert crates.place("deep/down/demo/src/a.rs") == ("demo", "a")
    assert crates.place("demo/src/a.rs") == ("demo@demo", "a")
    assert crates.place("tests/fixtures/demo/tests/a.rs") == ("demo@tests/fixtures/demo#tests/a", "")
    assert crates.dependencies["demo@tests/fixtures/demo#tests/a"] == {
        "demo": "demo@tests/fixtures/demo",
        "d": "demo@demo",
    }


DEPENDING = {
    "Cargo.toml": b"""
[workspace]
members = ["app", "libs/*"]
exclude = ["libs/old"]
[workspace.package]
edition = "2021"
version = "1.2.3"
[workspace.dependencies]
core = { path = "libs/core-lib" }
short = { package = "long-name", path = "libs/long-name" }
serde = "1"
[patch.crates-io]
patched = { path = "libs/patched" }
""",
    "app/Cargo.toml": b"""
[package]
name = "app"
edition.workspace = true
version = { workspace = true }
[dependencies]
core = { workspace = true, optional = true }
short.workspace = true
serde.workspace = true
patched = "0.3"
[dev-dependencies]
test-kit = { path = "../libs/test-kit" }
[build-dependencies]
generate = { path = "../libs/generate" }
[target.'cfg(windows)'.dependencies]
win = { package = "long-name", path = "../libs/long-name" }
[features]
default = ["core"]
[[example]]
name = "show-it"
path = "examples/one.rs"
""",
    "libs/core-lib/Cargo.toml": b'[package]\nname = "core"\nedition = "2018"\n[lib]\nname = "core_names"\n',
    "libs/long-name/Cargo.toml": b'[package]\nname = "long-name"\n',
    "libs/patched/Cargo.toml": b'[package]\nname = "patched"\n',
    "libs/test-kit/Cargo.toml": b'[package]\nname = "test-kit"\n[dependencies]\napp = { path = "../../app" }\n',
    "libs/generate/Cargo.toml": b'[package]\nname = "generate"\n',
    "libs/old/Cargo.toml": b'[package]\nname = "old"\n',
}

APP = {
    "app": "app",
    "core_names": "core_names",
    "core": "core_names",
    "short": "long_name",
    "win": "long_name",
    "patched": "patched",
    "test_kit": "test_kit",
}


@pytest.mark.parametrize(
    ("crate", "names"),
    [
        ("app", APP),
        ("app#tests/any", APP),
        ("app#examples/show_it", APP),
        ("app#build", {"generate": "generate"}),
        ("test_kit", {"test_kit": "test_kit", "app": "app"}),
        ("generate", {"generate": "generate"}),
        ("generate#build", {}),
    ],
)
def test_a_crate_sees_what_its_manifest_and_its_workspace_give_it(crate: str, names: dict[str, str]) -> None:
    assert dict(CrateMap(DEPENDING).dependencies[crate]) == names


def test_there_are_no_dependencies_of_a_crate_that_is_not_there() -> None:
    dependencies = CrateMap(DEPENDING).dependencies
    assert dependencies.get("serde") is None
    assert dependencies.get("") is None
    assert {"app", "app#build", "app#examples/show_it", "core_names", "old"} <= set(dependencies)


def test_what_names_mean_hangs_on_where_files_belong() -> None:
    manifest = b'[package]\nname = "a"\n[lib]\npath = "%s/lib.rs"\n'
    one, same, other = (CrateMap({"Cargo.toml": manifest % folder}) for folder in (b"src", b"src", b"code"))
    assert one.world == same.world
    assert one.dependencies == other.dependencies
    assert one.world != other.world


def test_equal_manifests_give_equal_maps_also_in_another_process() -> None:
    one, two = CrateMap(DEPENDING), CrateMap(dict(reversed(DEPENDING.items())))
    assert one.dependencies == two.dependencies == pickle.loads(pickle.dumps(one.dependencies))
    other = CrateMap({**DEPENDING, "libs/old/Cargo.toml": b'[package]\nname = "older"\n'})
    assert one.dependencies != other.dependencies


def test_of_two_systems_packages_under_one_name_the_usual_one_is_seen() -> None:
    manifest = """[package]
name = "a"
[target.'cfg(unix)'.dependencies]
sys = { package = "b", path = "b" }
[target.'cfg(windows)'.dependencies]
sys = { package = "c", path = "c" }
[target.x86_64-pc-windows-msvc.dependencies]
sys = { package = "c", path = "c" }
"""
    manifests = {f"{name}/Cargo.toml": f'[package]\nname = "{name}"\n'.encode() for name in "bc"}
    crates = CrateMap({"Cargo.toml": manifest.encode(), **manifests})
    assert dict(crates.dependencies["a"]) == {"a": "a", "sys": "b"}


def test_a_member_without_its_workspace_root_is_taken_for_a_modern_package() -> None:
    manifest = b'[package]\nname = "a"\nedition.workspace = true\n[[bin]]\nname = "b"\npath = "src/b.rs"\n'
    assert CrateMap({"Cargo.toml": manifest}).place("src/bin/c.rs") == ("a#bin/c", "")


def test_a_path_out_of_the_tree_leads_nowhere() -> None:
    crates = CrateMap(
        {"Cargo.toml": b'[package]\nname = "a"\n[dependencies]\nb = { path = "../" }\nc.path = "/"\n'}
    )
    assert dict(crates.dependencies["a"]) == {"a": "a"}


def test_manifests_that_nobody_would_write_are_read() -> None:
    for text in (
        b'package = "a"',
        b"package = []",
        b'[package]\nname = ["a"]',
        b'[package]\nname = "a"\nedition = 1\nbuild = [1, "b.rs"]\nautobins = "x"\n[lib]\npath = 3\nname = 4',
        b'bin = "a"\n[package]\nname = "a"\n',
        b'bin = [1, {}, {name = 1}]\n[package]\nname = "a"\n',
        b'[package]\nname = "a"\nworkspace = "../.."\n[dependencies]\nb = 3\nc = {path = 1}\n[features]\nd = 1\ne = [1]\n',
        b'[workspace]\nmembers = "a"\ndependencies = []\npackage = 1\n[package]\nname = "a"\nversion.workspace = true\n',
        b'[workspace]\nmembers = ["**/[", "/", "../..", "**"]\n[package]\nname = ""\n[patch]\na = 1\nb.c = 2\n',
        b'[target]\na = 1\n[target.b]\ndependencies = 1\n[package]\nname = "a"\n',
    ):
        crates = CrateMap({"Cargo.toml": text, "sub/Cargo.toml": b'[package]\nname = "sub"\n'})
        assert crates.place("sub/src/x.rs") == ("sub", "x")
        contents = read_contents({"Cargo.toml": text, "sub/Cargo.toml": b'[package]\nname = "sub"\n'})
        packages = packages_of(contents)
        workspaces_of(contents, {"": [], "sub/": [""]})
        assert all(
            targets_of(package, {"src/lib.rs", "src/main.rs"}) is not None for package in packages.values()
        )


# ---------------------------------------------------------------- cargo's own word

ODD_TREE = {
    **{path: data.decode() for path, data in DEPENDING.items()},
    "app/src/lib.rs": "",
    "app/src/main.rs": "fn main() {}",
    "app/src/bin/a.rs": "fn main() {}",
    "app/src/bin/b/main.rs": "fn main() {}",
    "app/src/bin/b/part.rs": "",
    "app/tests/t.rs": "",
    "app/tests/common/mod.rs": "",
    "app/tests/.hidden.rs": "",
    "app/examples/one.rs": "fn main() {}",
    "app/examples/two.rs": "fn main() {}",
    "app/benches/three/main.rs": "fn main() {}",
    "app/build.rs": "fn main() {}",
    **{f"libs/{name}/src/lib.rs": "" for name in ("core-lib", "long-name", "patched", "test-kit", "generate", "old")},
    "libs/edition15/Cargo.toml": '[package]\nname = "edition15"\n[[bin]]\nname = "named"\n[[test]]\nname = "only"\n',
    "libs/edition15/src/named.rs": "fn main() {}",
    "libs/edition15/src/bin/unnamed.rs": "fn main() {}",
    "libs/edition15/tests/only.rs": "",
    "libs/edition15/tests/not_this.rs": "",
    "libs/closed/Cargo.toml": '[package]\nname = "closed"\nedition = "2024"\nautobins = false\nautotests = false\nautolib = false\n'
    'build = false\n[[bin]]\nname = "shown"\nedition = "2018"\npath = "src/bin/shown.rs"\n',
    "libs/closed/src/lib.rs": "",
    "libs/closed/src/bin/shown.rs": "fn main() {}",
    "libs/closed/src/bin/hidden.rs": "fn main() {}",
    "libs/closed/tests/hidden.rs": "",
    "libs/closed/build.rs": "",
    "libs/macros/Cargo.toml": '[package]\nname = "macros"\nedition = "2021"\n[lib]\nproc-macro = true\n'
    "[dependencies]\ninner = { path = 'inner', optional = true }\n[features]\nx = ['inner?/y']\n",
    "libs/macros/src/lib.rs": "",
    "libs/macros/inner/Cargo.toml": '[package]\nname = "inner"\nversion = "2.0.0"\n[features]\ny = []\n',
    "libs/macros/inner/src/lib.rs": "",
    "far/Cargo.toml": '[package]\nname = "far"\nworkspace = ".."\n',
    "far/src/lib.rs": "",
}  # fmt: skip


def source_tree(root: Path) -> tuple[dict[str, bytes], set[str]]:
    manifests, sources = {}, set()
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if name not in ("target", ".git")]
        for name in names:
            path = (Path(folder) / name).relative_to(root).as_posix()
            if name == "Cargo.toml":
                manifests[path] = (root / path).read_bytes()
            elif name.endswith(".rs"):
                sources.add(path)
    return manifests, sources


Described = dict[str, tuple[object, ...]]


def said_by_cargo(root: Path) -> Described:
    """Directory of each member → (name, version, edition, targets, path dependencies, features)."""
    cargo = shutil.which("cargo")
    if cargo is None:
        pytest.skip("cargo is not there")
    command = [cargo, "metadata", "--no-deps", "--format-version", "1", "--offline"]
    run = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=60, check=False)
    assert run.returncode == 0, run.stderr

    def inside(path: str) -> str:
        return Path(os.path.relpath(path, root.resolve())).as_posix()

    return {
        inside(package["manifest_path"]).removesuffix("Cargo.toml"): (
            package["name"],
            package["version"],
            package["edition"],
            sorted(
                (kind_of(target["kind"][0]), target["name"], inside(target["src_path"]), target["edition"])
                for target in package["targets"]
            ),
            sorted(
                (d["kind"] or "normal", d["target"] or "", d["rename"] or d["name"], d["optional"], inside(d["path"]))
                for d in package["dependencies"]
                if d.get("path") and not inside(d["path"]).startswith("..")
            ),
            {name: tuple(values) for name, values in package["features"].items()},
        )
        for package in json.loads(run.stdout)["packages"]
    }  # fmt: skip


def kind_of(kind: str) -> str:
    return "lib" if kind in ("proc-macro", "rlib", "dylib", "cdylib", "staticlib") else kind


def said_by_us(manifests: Mapping[str, bytes], sources: set[str]) -> tuple[Described, dict[str, Package]]:
    contents = read_contents(manifests)
    packages = packages_of(contents)
    links = {at: [link.directory for link in p.links if link.has_path] for at, p in packages.items()}
    members = {w.directory: w.members for w in workspaces_of(contents, links)}.get("", ("",))
    found = {at: packages[at] for at in members}
    return {
        at: (
            package.name,
            package.version,
            package.edition,
            [tuple(target) for target in targets_of(package, sources)],
            sorted(
                (link.kind, link.target, link.name, link.is_optional, link.directory.rstrip("/") or ".")
                for link in package.links
                if link.has_path
            ),
            dict(package.features),
        )
        for at, package in found.items()
    }, found


def write_odd_tree(root: Path) -> Path:
    for path, text in ODD_TREE.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    text = (root / "Cargo.toml").read_text()
    (root / "Cargo.toml").write_text(text.replace('"libs/*"]', '"libs/*", "far"]'))
    return root


TREES = ["odd", "workspace", "shapes", *filter(None, os.environ.get("ISG_CARGO_TREES", "").split(":"))]
"""Trees to compare on; ISG_CARGO_TREES may name more workspace roots, separated by colons."""


@pytest.fixture(params=TREES)
def tree(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    name: str = request.param
    if name == "odd":
        return write_odd_tree(tmp_path)
    root = FIXTURES / name  # an absolute path stays what it is
    if not (root / "Cargo.toml").exists():
        pytest.skip(f"there is no {root}")
    return root


def test_packages_targets_dependencies_and_features_are_those_of_cargo(tree: Path) -> None:
    manifests, sources = source_tree(tree)
    ours, packages = said_by_us(manifests, sources)
    assert ours == said_by_cargo(tree)
    crates = CrateMap(manifests)
    roots: dict[str, list[Target]] = {}
    for package in packages.values():
        for target in targets_of(package, sources):
            place = crates.place(target.path)
            assert place.module_path == "", target
            assert crates.dependencies.get(place.crate) is not None, target
            roots.setdefault(place.crate, []).append(target)
    shared = [targets for targets in roots.values() if len({target.path for target in targets}) > 1]
    assert all({target.kind for target in targets} == {"lib", "bin"} for targets in shared)
