"""What waits for the child, without one."""

from __future__ import annotations

import asyncio

import pytest

from hydrators.llama.lanes import (
    FRAME_BYTES,
    FRAME_TEXTS,
    MAX_TEXT_BYTES,
    Call,
    Lane,
    Text,
    why_unfit,
)
from hydrators.llama.model import Prompt, Refusal, Refused


def words(texts: list[Text]) -> list[str]:
    return [text.data.decode() for text in texts]


def crash(_: Text) -> Refused | None:
    return None


def test_calls_of_few_texts_go_first_but_the_oldest_gets_every_other_frame() -> None:
    async def scenario() -> None:
        lane = Lane.for_texts("backlog", retries=True)
        lane.add(Call.of_texts([f"old {number}" for number in range(10 * FRAME_TEXTS)]))
        first = lane.next_texts()
        assert words(first) == [f"old {number}" for number in range(FRAME_TEXTS)]
        lane.add(Call.of_texts(["new"]))
        assert words(lane.next_texts())[:2] == ["new", f"old {FRAME_TEXTS}"]
        lane.add(Call.of_texts(["newer"]))
        assert "newer" not in words(lane.next_texts())
        assert words(lane.next_texts())[0] == "newer"

    asyncio.run(scenario())


def test_a_frame_is_bounded_in_texts_and_bytes_but_holds_at_least_one() -> None:
    async def scenario() -> None:
        lane = Lane.for_texts("backlog", retries=True)
        lane.add(Call.of_texts(["x" * MAX_TEXT_BYTES, *("y" * 1_000 for _ in range(8))]))
        assert len(lane.next_texts()) == 1
        assert len(lane.next_texts()) == FRAME_BYTES // 1_000
        lane.add(Call.of_texts(["z"] * (FRAME_TEXTS + 5)))

    asyncio.run(scenario())


def test_only_so_many_frames_fly() -> None:
    async def scenario() -> None:
        lane = Lane.for_texts("backlog", retries=True)
        lane.add(Call.of_texts(["text"] * 1_000))
        lane.sent(1, lane.next_texts(), 0.0)
        lane.sent(2, lane.next_texts(), 0.0)
        assert lane.next_texts() == []
        lane.answered(1, 1.0)
        assert lane.next_texts()

    asyncio.run(scenario())


def test_what_nobody_waits_for_is_not_sent() -> None:
    async def scenario() -> None:
        lane = Lane.for_texts("backlog", retries=True)
        given_up, kept = Call.of_texts(["given up"] * 100), Call.of_texts(["kept"])
        lane.add(given_up)
        lane.add(kept)
        given_up.answered.cancel()
        assert words(lane.next_texts()) == ["kept"]
        assert lane.next_texts() == []

    asyncio.run(scenario())


def test_after_a_death_what_was_computed_goes_alone_and_the_rest_first() -> None:
    async def scenario() -> None:
        lane = Lane.for_texts("backlog", retries=True)
        lane.add(Call.of_texts(f"{number}" for number in range(2 * FRAME_TEXTS)))
        lane.sent(1, lane.next_texts(), 0.0)
        lane.sent(2, lane.next_texts(), 0.0)
        lane.began(1, [3, 4], 0.5)
        lane.bury(crash, Refused(Refusal.NOT_READY, ""))

        alone = lane.next_texts()
        assert words(alone) == ["3"]
        lane.sent(3, alone, 1.0)
        assert lane.next_texts() == []  # nothing flies beside a suspect
        lane.answered(3, 1.0)
        lane.sent(4, lane.next_texts(), 1.0)
        assert words(lane.in_flight[4]) == ["4"]
        lane.answered(4, 1.0)
        rest = words(lane.next_texts()) + words(lane.next_texts()) + words(lane.next_texts())
        assert sorted(map(int, rest)) == sorted({*range(2 * FRAME_TEXTS)} - {3, 4})
        assert rest[:3] == ["0", "1", "2"]

    asyncio.run(scenario())


def test_a_lane_that_does_not_try_again_answers_all_that_flew() -> None:
    async def scenario() -> None:
        lane = Lane.for_texts("urgent", retries=False)
        call = Call.of_texts(["first", "second"])
        lane.add(call)
        lane.sent(1, lane.next_texts(), 0.0)
        lane.began(1, [0], 0.5)
        lane.bury(lambda text: Refused(Refusal.CRASHED, ""), Refused(Refusal.NOT_READY, ""))
        answers = await call.answered
        assert [answer.kind for answer in answers if isinstance(answer, Refused)] == [
            Refusal.CRASHED,
            Refusal.NOT_READY,
        ]
        assert lane.is_idle

    asyncio.run(scenario())


def test_refusing_all_answers_everybody_wherever_their_texts_are() -> None:
    async def scenario() -> None:
        lane = Lane.for_texts("backlog", retries=True)
        calls = [Call.of_texts(["text"] * 50) for _ in range(4)]
        for call in calls:
            lane.add(call)
        lane.sent(1, lane.next_texts(), 0.0)
        lane.began(1, [0, 1], 0.0)
        lane.bury(crash, Refused(Refusal.NOT_READY, ""))
        lane.sent(2, lane.next_texts(), 0.0)
        lane.refuse(Refused(Refusal.NOT_READY, "over"))
        for call in calls:
            assert all(isinstance(answer, Refused) for answer in await call.answered)
        assert lane.is_idle
        assert lane.waiting == 0

    asyncio.run(scenario())


@pytest.mark.parametrize(
    "text", ["é" * MAX_TEXT_BYTES, "日" * MAX_TEXT_BYTES, "x" * MAX_TEXT_BYTES * 2, "\ud800" * 50_000]
)
def test_a_long_text_is_cut_at_the_beginning_of_a_character(text: str) -> None:
    async def scenario() -> None:
        (cut,) = Call.of_texts([text]).waiting
        assert MAX_TEXT_BYTES - 4 < len(cut.data) <= MAX_TEXT_BYTES
        assert text.encode("utf-8", "replace").startswith(cut.data)
        cut.data.decode()

    asyncio.run(scenario())


def test_prompts_that_differ_in_settings_only_are_different_inputs() -> None:
    async def scenario() -> None:
        digests = {
            Call.of_prompt("fn", settings).waiting[0].digest
            for settings in (["", 48], ["", 49], ['root ::= "a"', 48])
        }
        assert len(digests) == 3

    asyncio.run(scenario())


@pytest.mark.parametrize(
    "prompt",
    [
        Prompt("x", max_tokens=0),
        Prompt("x" * 100_000_000),
        Prompt("x", grammar="x" * 10_000_000),
        Prompt("x", grammar="(" * 200),
        Prompt("x", grammar="a\0b"),
        Prompt("x", stop=("x" * 10_000_000,)),
    ],
    ids=["no tokens", "huge", "huge grammar", "deep grammar", "nul", "huge stop"],
)
def test_a_prompt_that_does_not_fit_a_frame_is_not_sent(prompt: Prompt) -> None:
    refused = why_unfit(prompt, 2_048)
    assert refused is not None
    assert refused.kind is Refusal.REFUSED


def test_an_ordinary_prompt_is_fit() -> None:
    assert why_unfit(Prompt("fn " * 1_000, 'root ::= ("a" | ("b" "c"))*', 48), 2_048) is None
