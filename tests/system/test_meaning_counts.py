"""What an edit makes the daemon summarise and embed: counted, not timed."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.hydrators.llama.tiny_models import tiny_bert
from tests.system.service import ServiceProcess

pytestmark = pytest.mark.timeout(180)

FILES = {
    "Cargo.toml": '[package]\nname = "shop"\nversion = "0.1.0"\nedition = "2021"\n',
    "src/lib.rs": "pub mod cart;\npub mod price;\n",
    "src/price.rs": (
        "/// Takes the tax off a gross price.\npub fn net(gross: u32) -> u32 {\n    gross - tax(gross)\n}\n\n"
        "fn tax(gross: u32) -> u32 {\n    (gross / 5).min(gross)\n}\n"
    ),
    "src/cart.rs": (
        "use crate::price::net;\n\n/// What somebody is about to buy.\npub struct Cart {\n    pub gross: Vec<u32>,\n}\n\n"
        "impl Cart {\n    /// Adds up the net prices.\n    pub fn sum(&self) -> u32 {\n"
        "        self.gross.iter().map(|it| net(*it)).sum()\n    }\n\n"
        "    pub fn len(&self) -> usize {\n        self.gross.len()\n    }\n}\n"
    ),
    "loose/till.rs": "/// Rings the bell.\npub fn ring(times: u8) {\n    for _ in 0..times {}\n}\n",
}


class Made(NamedTuple):
    """What an edit led to: lines that were made, and vectors."""

    lines: int
    vectors: int


NOTHING = Made(0, 0)


class Shop:
    """A workspace whose nodes have all been summarised and embedded."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "shop"
        self.service = ServiceProcess(
            folder / "home",
            ISG_EMBEDDING_MODEL=str(tiny_bert(folder / "tiny.gguf")),
            ISG_BACKLOG_DUTY_PERCENT="100",
            ISG_BACKLOG_MOST_LOAD="1000",
            ISG_BACKLOG_WHILE_BUILDING="true",
        )

    def settle(self) -> None:
        self.service.settle(self.root, 60.0, stage="embedded")

    def made(self) -> Made:
        counters = self.service.call("metrics")["counters"]
        return Made(counters.get("meaning.lines_made", 0), counters.get("meaning.vectors", 0))

    def made_by(self, edit: Callable[[], object]) -> Made:
        before = self.made()
        edit()
        self.settle()
        after = self.made()
        return Made(after.lines - before.lines, after.vectors - before.vectors)

    def replace(self, path: str, old: str, new: str) -> None:
        file = self.root / path
        text = file.read_text(encoding="utf-8")
        assert text.count(old) == 1, (path, old)
        file.write_text(text.replace(old, new), encoding="utf-8")

    def line_of(self, name: str) -> str:
        line: str = self.service.call("nodes.get", workspace=str(self.root), node=name)["summary"]["one_line"]
        return line


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    shop = Shop(tmp_path_factory.mktemp("meant"))
    for path, text in FILES.items():
        (shop.root / path).parent.mkdir(parents=True, exist_ok=True)
        (shop.root / path).write_text(text, encoding="utf-8")
    with shop.service:
        shop.service.add(shop.root)
        shop.settle()
        assert shop.made().vectors >= 8
        yield shop


def test_a_comment_makes_nothing(shop: Shop) -> None:
    assert (
        shop.made_by(lambda: shop.replace("src/price.rs", "gross - tax", "// less\n    gross - tax"))
        == NOTHING
    )


def test_another_layout_makes_nothing(shop: Shop) -> None:
    def format_anew() -> None:
        for path in shop.root.rglob("*.rs"):
            path.write_text(path.read_text().replace("{\n", "{\n\n").replace("    ", "\t"))

    assert shop.made_by(format_anew) == NOTHING


def test_a_branch_there_and_back_makes_nothing_on_the_way_back(shop: Shop) -> None:
    file = shop.root / "src/price.rs"
    here = file.read_text()
    there = here.replace("Takes the tax off", "Subtracts the tax from").replace("fn tax", "fn duty")
    made = shop.made_by(lambda: file.write_text(there))
    assert made.lines >= 2
    assert made.vectors >= 2
    assert shop.made_by(lambda: file.write_text(here)) == NOTHING


def test_moving_a_file_makes_nothing(shop: Shop) -> None:
    def move() -> None:
        (shop.root / "elsewhere").mkdir()
        shutil.move(shop.root / "loose/till.rs", shop.root / "elsewhere/bell.rs")

    assert shop.made_by(move) == NOTHING
    assert shop.line_of("elsewhere/bell.rs-bell-ring") != ""


def test_another_body_embeds_nothing_while_it_does_the_same(shop: Shop) -> None:
    made = shop.made_by(lambda: shop.replace("src/cart.rs", "self.gross.len()", "self.gross.iter().count()"))
    assert made.vectors == 0
    made = shop.made_by(lambda: shop.replace("src/price.rs", ".min(gross)", ".min(gross).max(1)"))
    assert made.vectors == 0


def test_another_name_embeds_the_function_and_what_names_it_in_its_own_text(shop: Shop) -> None:
    def rename() -> None:
        shop.replace("src/price.rs", "pub fn net(", "pub fn netto(")
        shop.replace("src/cart.rs", "use crate::price::net;", "use crate::price::netto;")
        shop.replace("src/cart.rs", "net(*it)", "netto(*it)")

    assert shop.made_by(rename).vectors == 1  # `sum` calls it, and says the same of itself as before


def test_other_docs_make_one_vector_and_one_line_and_that_of_the_impl_around_it_anew(shop: Shop) -> None:
    made = shop.made_by(lambda: shop.replace("src/cart.rs", "Adds up the net prices", "Sums up all of them"))
    assert made == Made(lines=2, vectors=1)  # the impl's text is another, what is said of it the same


def test_a_restart_makes_nothing(shop: Shop) -> None:
    def restart() -> None:
        shop.service.stop()
        shop.service.start()

    restart()
    shop.settle()
    assert shop.made() == NOTHING
