"""A small workspace that a real daemon keeps hydrated with the real server, and what an edit of it makes it ask."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

import pytest

from indexer.protocol import RpcError
from tests.system.service import ServiceProcess

SETTLE_S = 60.0

needs_rust_analyzer = pytest.mark.skipif(
    shutil.which("rust-analyzer") is None or shutil.which("cargo") is None,
    reason="no rust-analyzer and cargo here; rustup component add rust-analyzer, or Debian's rust-web-analyzer",
)

MANIFEST = '[package]\nname = "shop"\nversion = "0.1.0"\nedition = "2021"\n'
FILES = {
    "Cargo.toml": MANIFEST,
    "src/lib.rs": "pub mod cart;\npub mod price;\npub mod shelf;\npub mod till;\n",
    "src/price.rs": (
        "pub fn net(gross: u32) -> u32 {\n    gross - tax(gross)\n}\n\n"
        "fn tax(gross: u32) -> u32 {\n    (gross / 5).min(gross)\n}\n"
    ),
    "src/cart.rs": (
        "use crate::price::net;\n\npub struct Cart {\n    pub gross: Vec<u32>,\n}\n\n"
        "impl Cart {\n    pub fn sum(&self) -> u32 {\n        self.gross.iter().map(|it| net(*it)).sum()\n    }\n\n"
        "    pub fn len(&self) -> usize {\n        self.gross.len()\n    }\n}\n"
    ),
    "src/till.rs": (
        "use crate::cart::Cart;\nuse crate::price;\n\n"
        'pub fn pay(cart: &Cart) -> String {\n    format!("{} of {}", cart.sum(), price::net(100))\n}\n\n'
        "pub fn is_empty(cart: &Cart) -> bool {\n    cart.len() == 0\n}\n"
    ),
    "src/shelf.rs": (
        "#[derive(Clone)]\npub struct Shelf {\n    pub names: Vec<String>,\n}\n\n"
        "impl Shelf {\n    pub fn first(&self) -> Option<&str> {\n        self.names.first().map(String::as_str)\n    }\n}\n\n"
        "pub fn copy(shelf: &Shelf) -> Shelf {\n    shelf.clone()\n}\n"
    ),
}


class Asked(NamedTuple):
    """What an edit led to: requests by method, and how many files and nodes were asked about."""

    requests: dict[str, int]
    files: int
    nodes: int


class HydratedWorkspace:
    """Enter it, and everything has been asked about."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "shop"
        self._service = ServiceProcess(folder / "home")
        self._id = ""

    def __enter__(self) -> Self:
        for path, text in FILES.items():
            (self.root / path).parent.mkdir(parents=True, exist_ok=True)
            (self.root / path).write_text(text, encoding="utf-8")
        self._service.start()
        try:
            self._id = self._service.add(self.root, trusted=True)
            self.settle()
        except BaseException:
            self._service.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._service.stop()

    def settle(self) -> None:
        """Until everything has been asked about; an AssertionError says what is wrong."""
        try:
            self._service.settle(self.root, SETTLE_S, stage="semantic")
        except RpcError as error:
            raise AssertionError(f"never settled: {self._service.status(self.root)}") from error
        state = self._service.status(self.root)["hydration"]
        assert state["state"] in ("ready", "stopped"), state
        assert not state["files"]["pending"], state

    def replace(self, path: str, old: str, new: str) -> None:
        text = (self.root / path).read_text("utf-8")
        assert text.count(old) == 1, (path, old)
        (self.root / path).write_text(text.replace(old, new), encoding="utf-8")

    def asked_by(self, edit: Callable[[], object]) -> Asked:
        """What `edit` made the daemon ask, until there was nothing more to ask."""
        before = self._counters()
        edit()
        self.settle()
        return _asked(self._counters() - before)

    def restarted(self) -> Asked:
        """What a restart of the daemon makes it ask."""
        self._service.stop()
        self._service.start()
        self.settle()
        return _asked(self._counters())

    def callees(self, name: str) -> dict[str, str]:
        """Name → provenance of what a node calls."""
        rows = self._service.call("graph.callees", workspace=str(self.root), node=name)["neighbors"]
        return {row["node"]["qualified_name"]: row["edge"]["provenance"] for row in rows}

    def _counters(self) -> Counter[str]:
        return Counter(self._service.call("metrics")["counters"])


def _asked(counters: Counter[str]) -> Asked:
    prefix = "hydration.requests."
    requests = {
        name.removeprefix(prefix): count for name, count in counters.items() if name.startswith(prefix)
    }
    return Asked(requests, counters["hydration.files"], counters["hydration.nodes"])
