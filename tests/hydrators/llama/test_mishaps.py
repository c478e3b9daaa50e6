from __future__ import annotations

from hydrators.llama.mishaps import BREAKER, BREAKER_PAUSE_S, BREAKER_WINDOW_S, Mishaps


def test_pauses_grow_until_nothing_is_tried_for_long() -> None:
    mishaps = Mishaps()
    pauses = [mishaps.died(float(second), is_explained=False) for second in range(BREAKER)]
    assert [pause.length_s for pause in pauses] == [1.0, 4.0, 15.0, 60.0, BREAKER_PAUSE_S]
    assert [pause.is_final for pause in pauses] == [False] * (BREAKER - 1) + [True]


def test_deaths_long_ago_do_not_count() -> None:
    mishaps = Mishaps()
    for day in range(3 * BREAKER):
        assert mishaps.died(day * (BREAKER_WINDOW_S + 1), is_explained=False).length_s == 1.0


def test_a_death_that_is_explained_takes_the_one_before_it_along() -> None:
    mishaps = Mishaps()
    for second in range(3 * BREAKER):
        assert mishaps.died(float(second), is_explained=False).length_s == 1.0
        assert mishaps.died(float(second), is_explained=True).length_s == 1.0


def test_an_input_at_two_deaths_and_once_alone_is_quarantined() -> None:
    mishaps = Mishaps()
    assert not mishaps.suspect(b"a", is_alone=False)
    assert not mishaps.suspect(b"b", is_alone=False)
    assert not mishaps.suspect(b"c", is_alone=True)
    mishaps.clear(b"b")
    assert mishaps.suspect(b"a", is_alone=True)
    assert not mishaps.suspect(b"b", is_alone=True)
    assert mishaps.suspect(b"c", is_alone=False)
    assert [mishaps.is_quarantined(digest) for digest in (b"a", b"b", b"c")] == [True, False, True]
    assert mishaps.quarantined == 2


def test_an_input_that_is_always_beside_others_is_not_to_blame() -> None:
    mishaps = Mishaps()
    for _ in range(10):
        assert not mishaps.suspect(b"a", is_alone=False)
    assert mishaps.is_suspect(b"a")


def test_what_is_remembered_is_bounded() -> None:
    mishaps = Mishaps()
    for number in range(20_000):
        for _ in range(2):
            mishaps.suspect(number.to_bytes(4, "big"), is_alone=True)
    assert mishaps.quarantined == 10_000
    assert mishaps.is_quarantined((19_999).to_bytes(4, "big"))
