"""The workspace of call shapes compiles without warnings, and its `// std` marks stand where calls are."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

SHAPES = Path(__file__).parents[2] / "fixtures" / "shapes"
CARGO = shutil.which("cargo")

needs_cargo = pytest.mark.skipif(CARGO is None, reason="cargo is not installed")

MARK = re.compile(r"// std(?:: (?P<names>.+))?$")
# `.name(`, `path::name(` and `name(`, with or without turbofish; `Type::name` passed as a value.
CALL = re.compile(r"(?:\.|(?P<path>\w+)(?:::<[^()]*>)?::|\b)(?P<name>\w+)(?:::<[^()]*>+)?\(")
VALUE = re.compile(r"(?P<path>\w+)::(?P<name>\w+)(?=[),])")


class Mark(NamedTuple):
    """One marked line: `names` as written after the colon, empty if the mark is for the whole line."""

    place: str
    code: str
    names: tuple[str, ...]


def sources() -> list[Path]:
    return sorted(SHAPES.glob("crates/**/*.rs"))


def marks() -> Iterator[Mark]:
    """Every mark with the code that it is for; a mark alone on its line is for the line above."""
    for path in sources():
        lines = path.read_text("utf-8").splitlines()
        for number, line in enumerate(lines):
            found = MARK.search(line)
            if not found:
                continue
            code = line[: found.start()].strip() or lines[number - 1].strip()
            names = tuple(found["names"].split(", ")) if found["names"] else ()
            yield Mark(f"{path.relative_to(SHAPES)}:{number + 1}", code, names)


def called(code: str) -> set[str]:
    """Names called in a line: `name`, and `Type::name` where a path is written."""
    names = set()
    for call in (*CALL.finditer(code), *VALUE.finditer(code)):
        names |= {call["name"], f"{call['path']}::{call['name']}"}
    return names


def own_functions() -> set[str]:
    text = "\n".join(path.read_text("utf-8") for path in sources())
    return set(re.findall(r"\bfn (?:r#)?(\w+)", text))


def _cargo(target: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "CARGO_TARGET_DIR": str(target), "CARGO_TERM_COLOR": "never"}
    env["RUSTFLAGS"] = "-Dwarnings"
    command = [CARGO or "cargo", *arguments, "--workspace", "--offline", "--locked", "--quiet"]
    return subprocess.run(
        command, cwd=SHAPES, env=env, capture_output=True, text=True, timeout=600, check=False
    )


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One build folder for all tests, outside of the tree."""
    return tmp_path_factory.mktemp("cargo-target")


@needs_cargo
@pytest.mark.timeout(600)
@pytest.mark.parametrize("features", ["--all-features", "--no-default-features"])
def test_every_target_compiles_without_warnings(target: Path, features: str) -> None:
    before = sorted(SHAPES.iterdir())
    done = _cargo(target, "check", "--all-targets", features)
    assert (done.returncode, done.stderr) == (0, "")
    assert sorted(SHAPES.iterdir()) == before, "the build left something in the tree"


@needs_cargo
@pytest.mark.timeout(600)
def test_the_tests_of_the_workspace_pass(target: Path) -> None:
    done = _cargo(target, "test", "--all-targets")
    assert done.returncode == 0, done.stderr + done.stdout
    assert sum(int(count) for count in re.findall(r"(\d+) passed", done.stdout)) >= 15


@needs_cargo
def test_the_sources_are_formatted() -> None:
    if shutil.which("rustfmt") is None:
        pytest.skip("rustfmt is not installed")
    command = [CARGO or "cargo", "fmt", "--all", "--check"]
    done = subprocess.run(command, cwd=SHAPES, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_marked_line_holds_a_call_by_a_name_that_an_own_function_has() -> None:
    own = own_functions()
    assert [mark for mark in marks() if not called(mark.code) & own] == []


def test_every_name_in_a_mark_is_called_on_its_line_and_is_that_of_an_own_function() -> None:
    own = own_functions()
    wrong = [
        (mark.place, name)
        for mark in marks()
        for name in mark.names
        if name not in called(mark.code) or name.rpartition("::")[2] not in own
    ]
    assert wrong == []


def test_no_comment_speaks_of_std_in_another_form() -> None:
    lines = [
        f"{path.relative_to(SHAPES)}: {line.strip()}"
        for path in sources()
        for line in path.read_text("utf-8").splitlines()
        if re.search(r"(?<!/)//(?!!)\s*std\b", line, re.IGNORECASE) and not MARK.search(line)
    ]
    assert lines == []


def test_the_traps_are_many_and_of_many_names() -> None:
    own = own_functions()
    found = list(marks())
    assert len(found) > 480
    names = {name for mark in found for name in called(mark.code) & own if not mark.names}
    assert len(names) > 60
    wanted = """
    iter join from new len get push insert map filter next parse lock send read write split lines chars take
    clone contains find entry unwrap_or as_str path min max drop spawn open flush
    """
    assert set(wanted.split()) - names == set()


FORMS = """
#[path = | package = "depot-stock" | package = "tariff" | edition = "2015" | edition = "2024" | extern crate
pub use super::Parcel as Crate | pub use self::racks::Rack | pub use super::racks::*; | Tagged as _
self: Box<Self> | self: Arc<Self> | let else | while let Some( | for parcel in shelf {
.await? | async move { | impl Fn( | Box<dyn Fn | map(Self::scan) | map(Weigh::weigh) | [fn(u32) -> u32; 2]
impl TextExt for str | impl<T> ListExt<T> for Vec<T> | impl<I: Iterator> ParcelsExt for I | type Output
<Bike as Carrier>:: | <Truck as Ticketed>::ticket | T::default() | .parse::<Plate>()?.parity() | impl Deref for
impl Index<&str> | LazyLock | OnceLock | thread_local! | $crate:: | macro_rules! double | let config = config();
super::super:: | #[cfg(not(unix))] | #[cfg(not(feature = "cold"))] | unsafe fn | extern "C" fn | const fn
r#match | größe | && let Some( | unsafe extern "C" | #[cfg(test)]
"""


def test_the_workspace_has_the_forms_that_it_is_for() -> None:
    text = "\n".join(path.read_text("utf-8") for path in [*sources(), *SHAPES.rglob("Cargo.toml")])
    text = text.replace("let_else", "let else")
    forms = [form.strip() for line in FORMS.strip().splitlines() for form in line.split(" | ")]
    assert [form for form in forms if form not in text] == []


def test_the_readme_names_every_module_of_the_shapes() -> None:
    readme = (SHAPES / "README.md").read_text("utf-8")
    library = (SHAPES / "crates/shapes/src/lib.rs").read_text("utf-8")
    assert [
        name
        for name in re.findall(r"^(?:pub )?mod (\w+);", library, re.MULTILINE)
        if f"`{name}`" not in readme
    ] == []
