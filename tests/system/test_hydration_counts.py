"""What an edit makes the daemon ask of rust-analyzer: counted, not timed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.system.hydrated_workspace import HydratedWorkspace, needs_rust_analyzer

pytestmark = [needs_rust_analyzer, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HydratedWorkspace]:
    with HydratedWorkspace(tmp_path_factory.mktemp("hydrated")) as workspace:
        yield workspace


def test_editing_one_body_asks_about_that_function_only(shop: HydratedWorkspace) -> None:
    asked = shop.asked_by(lambda: shop.replace("src/cart.rs", "self.gross.len()", "self.gross.len().max(0)"))
    assert (asked.files, asked.nodes) == (1, 1)
    assert asked.requests.pop("external hover", 0) <= 2  # `max` is described once
    assert asked.requests == {"hover": 1, "definition": 2, "diagnostic": 1}
    assert shop.callees("Cart::len") == {"alloc::vec::Vec::len": "ra", "core::cmp::Ord::max": "ra"}


def test_a_comment_asks_nothing(shop: HydratedWorkspace) -> None:
    asked = shop.asked_by(
        lambda: shop.replace("src/price.rs", "    gross - tax", "    // what is left\n    gross - tax")
    )
    assert (asked.requests, asked.nodes) == ({}, 0)


def test_white_space_asks_nothing(shop: HydratedWorkspace) -> None:
    asked = shop.asked_by(lambda: shop.replace("src/till.rs", "cart.len() == 0", "cart.len()\n        == 0"))
    assert (asked.requests, asked.nodes) == ({}, 0)


def test_a_changed_public_signature_asks_about_it_and_about_who_mentions_it(shop: HydratedWorkspace) -> None:
    """`net` itself, and `Cart::sum` and `pay` in two other files; not their neighbours, not `shelf.rs`."""
    asked = shop.asked_by(
        lambda: shop.replace("src/price.rs", "net(gross: u32)", "net(gross: u32, _more: u8)")
    )
    assert (asked.files, asked.nodes) == (3, 3)
    assert asked.requests["hover"] == 3
    assert asked.requests["definition"] == 1 + 4 + 3


def test_a_new_function_asks_about_itself(shop: HydratedWorkspace) -> None:
    def add() -> None:
        path = shop.root / "src/shelf.rs"
        path.write_text(path.read_text() + "\nfn width() -> u32 {\n    9u32.pow(2)\n}\n")

    asked = shop.asked_by(add)
    assert asked.nodes == 1
    assert asked.requests["definition"] == 1


def test_a_restart_asks_nothing(shop: HydratedWorkspace) -> None:
    asked = shop.restarted()
    assert (asked.requests, asked.files) == ({}, 0)
