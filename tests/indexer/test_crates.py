"""Crate and module of a file, from manifests and layout."""

import pytest

from indexer.crates import CrateMap

MANIFESTS = {
    "Cargo.toml": b'[workspace]\nmembers = ["crates/*"]\n',
    "crates/my-lib/Cargo.toml": b'[package]\nname = "my-lib"\n',
    "crates/app/Cargo.toml": b'[package]\nname = "app"\n[[bin]]\nname = "tool"\npath = "src/tool_main.rs"\n',
    "crates/odd/Cargo.toml": b'[package]\nname = "odd"\n[lib]\nname = "strange"\npath = "lib.rs"\n',
    "crates/half/Cargo.toml": b"[package\nname =",
}


@pytest.mark.parametrize(
    ("path", "crate", "module"),
    [
        ("crates/my-lib/src/lib.rs", "my_lib", ""),
        ("crates/my-lib/src/a.rs", "my_lib", "a"),
        ("crates/my-lib/src/a/mod.rs", "my_lib", "a"),
        ("crates/my-lib/src/a/b.rs", "my_lib", "a::b"),
        ("crates/my-lib/src/bin/extra.rs", "extra", ""),
        ("crates/my-lib/src/bin/big/main.rs", "big", ""),
        ("crates/my-lib/src/bin/big/part.rs", "big", "part"),
        ("crates/my-lib/tests/end.rs", "end", ""),
        ("crates/my-lib/tests/common/mod.rs", "my_lib_tests", "common"),
        ("crates/my-lib/examples/show.rs", "show", ""),
        ("crates/my-lib/build.rs", "my_lib_build", ""),
        ("crates/app/src/main.rs", "app", ""),
        ("crates/app/src/tool_main.rs", "tool", ""),
        ("crates/odd/lib.rs", "strange", ""),
        ("crates/odd/x/y.rs", "strange", "x::y"),
        ("loose.rs", "", "loose"),
        ("crates/half/src/a.rs", "", "crates::half::src::a"),
    ],
)
def test_a_file_belongs_where_cargo_would_put_it(path: str, crate: str, module: str) -> None:
    assert tuple(CrateMap(MANIFESTS).place(path)) == (crate, module)


def test_crate_names_are_those_that_paths_use() -> None:
    assert CrateMap(MANIFESTS).crate_names == {"my_lib", "app", "strange"}
