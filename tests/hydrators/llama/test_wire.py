from __future__ import annotations

import asyncio
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hydrators.llama import wire

HEADS = st.dictionaries(
    st.text(max_size=8), st.integers() | st.text(st.characters()) | st.lists(st.booleans())
)


@given(st.lists(st.tuples(HEADS, st.binary(max_size=300))))
def test_frames_arrive_as_they_were_sent(frames: list[tuple[dict[str, Any], bytes]]) -> None:
    data = b"".join(wire.pack(head, body) for head, body in frames)
    pipe = io.BytesIO(data)
    assert [wire.read(pipe) for _ in frames] == [wire.Frame(head, body) for head, body in frames]
    assert wire.read(pipe) is None

    async def received() -> list[wire.Frame]:
        reader = asyncio.StreamReader()
        reader.feed_data(data)
        reader.feed_eof()
        found = []
        while (frame := await wire.receive(reader)) is not None:
            found.append(frame)
        return found

    assert asyncio.run(received()) == [wire.Frame(head, body) for head, body in frames]


def test_lone_surrogates_survive_in_a_head() -> None:
    frame = wire.read(io.BytesIO(wire.pack({"stop": ["\ud800"]})))
    assert frame is not None
    assert frame.head == {"stop": ["\ud800"]}


@pytest.mark.parametrize("cut", [1, 7, 9, -1])
def test_a_frame_cut_short_is_the_end(cut: int) -> None:
    assert wire.read(io.BytesIO(wire.pack({"id": 1}, b"body")[:cut])) is None


@pytest.mark.parametrize("noise", [b"Traceback (most recent call last):\n", b"\xff" * 64, bytes(8) + b"[]"])
def test_noise_is_not_taken_for_a_frame(noise: bytes) -> None:
    with pytest.raises(ValueError):
        wire.read(io.BytesIO(noise))
