"""The record of one item, and the memory that takes items from one version of a file to the next.

An `Item` is a pure function of its slice's bytes: it knows neither its file nor its place, which is
what lets an edited file reuse every item whose bytes did not change (`Memo`).
"""

from __future__ import annotations

from typing import NamedTuple

from store.model import NodeKind, Reference


class Item(NamedTuple):
    """Facts of one item. Offsets in bytes and lines count from the start of its slice."""

    kind: NodeKind
    name: str
    qualified: str  # its own part of a qualified name
    scope: str  # what it puts before its children's names
    owner: str  # bare type or trait name that its associated items belong to
    visibility: str
    signature: str
    signature_syn: str
    cfg: str
    attributes: tuple[str, ...]
    is_test: bool
    parse_error_count: int
    recovered: bool
    hash: str
    signature_hash: str
    meaning_hash: str
    length_bytes: int
    newlines: int
    references: tuple[Reference, ...]
    children: tuple[PlacedItem, ...]


class PlacedItem(NamedTuple):
    """An item inside a container: byte and line offset from the container's slice start."""

    offset: int
    line: int
    item: Item


SegmentKey = tuple[bytes, bytes, bytes, bool]
"""Text, what is parsed of it, indentation, and whether it stands in an impl or trait."""


class Memo:
    """Items by their slice's bytes, kept from one version of a file to the next.

    Holds exactly the items of the last version: `generation` moves what was used and drops the rest.
    """

    def __init__(self) -> None:
        self._old: dict[bytes, Item] = {}
        self._new: dict[bytes, Item] = {}
        self.segments: dict[SegmentKey, tuple[PlacedItem, ...]] = {}
        self._new_segments: dict[SegmentKey, tuple[PlacedItem, ...]] = {}

    def keep_segment(self, key: SegmentKey, placed: tuple[PlacedItem, ...]) -> tuple[PlacedItem, ...]:
        """Remember what recovery found in a piece of text (see `hydrators.tolerant.recovery`)."""
        self._new_segments[key] = placed
        return placed

    def get(self, data: bytes) -> Item | None:
        item = self._new.get(data) or self._old.get(data)
        if item is not None:
            self._new[data] = item
        return item

    def put(self, data: bytes, item: Item) -> None:
        self._new[data] = item

    def generation(self) -> None:
        self._old, self._new = self._new, {}
        self.segments, self._new_segments = self._new_segments, {}
