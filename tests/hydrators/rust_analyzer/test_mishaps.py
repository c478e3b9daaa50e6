"""How long is waited after deaths, and which files are asked about no more; without any server."""

from __future__ import annotations

from hydrators.rust_analyzer.mishaps import BREAKER, BREAKER_PAUSE_S, BREAKER_WINDOW_S, Mishaps, Pause


def test_each_death_makes_the_pause_longer() -> None:
    mishaps = Mishaps()
    assert [mishaps.died(float(now)).length_s for now in range(BREAKER - 1)] == [1, 2, 4, 8]


def test_so_many_deaths_in_a_while_are_the_last_for_long() -> None:
    mishaps = Mishaps()
    pauses = [mishaps.died(float(now)) for now in range(BREAKER + 1)]
    assert [pause.is_final for pause in pauses] == [False] * (BREAKER - 1) + [True, True]
    assert pauses[-1] == Pause(BREAKER_PAUSE_S, is_final=True)


def test_deaths_of_long_ago_do_not_count() -> None:
    mishaps = Mishaps()
    for now in range(BREAKER):
        mishaps.died(float(now))
    assert mishaps.died(BREAKER - 1 + BREAKER_WINDOW_S).length_s == 2  # the last of them still does
    assert mishaps.died(3 * BREAKER_WINDOW_S) == Pause(1, is_final=False)


def test_a_server_is_given_up_when_it_does_not_answer_twice_in_a_row() -> None:
    mishaps = Mishaps()
    assert not mishaps.timed_out()
    mishaps.answered()
    assert not mishaps.timed_out()
    assert mishaps.timed_out()


def test_a_file_over_which_two_servers_died_is_quarantined() -> None:
    mishaps = Mishaps()
    for path in ("src/b.rs", "src/a.rs", "src/once.rs"):
        mishaps.suspect(path, 1)
    for path in ("src/b.rs", "src/a.rs"):
        assert not mishaps.is_quarantined(path)
        mishaps.suspect(path, 2)
        assert mishaps.is_quarantined(path)
    assert mishaps.quarantined == ("src/a.rs", "src/b.rs")


def test_several_questions_at_one_death_count_once() -> None:
    mishaps = Mishaps()
    for _ in range(3):
        mishaps.suspect("src/a.rs", 1)
    assert not mishaps.is_quarantined("src/a.rs")


def test_a_file_that_was_answered_about_or_changed_is_no_suspect() -> None:
    mishaps = Mishaps()
    assert not mishaps.has_suspects
    mishaps.suspect("src/a.rs", 1)
    mishaps.suspect("src/a.rs", 2)
    assert mishaps.has_suspects
    mishaps.clear("src/a.rs")
    mishaps.clear("src/never-heard-of.rs")
    assert not mishaps.has_suspects and mishaps.quarantined == ()
    mishaps.suspect("src/a.rs", 3)
    assert not mishaps.is_quarantined("src/a.rs")
