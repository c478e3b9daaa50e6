"""The debounce, by its own clock: when batches are due, and that nothing gets lost in it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from watchers.debounce import Debounce, Pace

PACE = Pace()


def touched(*paths: str, at: float) -> dict[str, float]:
    return dict.fromkeys(paths, at)


def test_a_lone_save_is_due_after_its_quiet_time() -> None:
    debounce = Debounce(PACE)
    debounce.add_paths(touched("a.rs", at=5.0), 5.0)
    assert debounce.take(5.009) is None
    taken = debounce.take(5.010)
    assert taken is not None and taken.paths == {"a.rs"} and not taken.is_storm
    assert debounce.take(99.0) is None


def test_the_time_an_event_took_to_arrive_counts_as_quiet() -> None:
    debounce = Debounce(PACE)
    debounce.add_paths(touched("a.rs", at=5.0), 5.009)
    assert debounce.ready_at() == 5.010


def test_a_change_time_in_the_future_is_not_believed() -> None:
    debounce = Debounce(PACE)
    debounce.add_paths(touched("a.rs", at=500.0), 5.0)
    assert debounce.ready_at() == 5.010


def test_a_file_written_without_a_pause_still_comes_out() -> None:
    debounce = Debounce(PACE)
    now_s = 0.0
    while debounce.take(now_s) is None:
        debounce.add_paths(touched("a.rs", at=now_s), now_s)
        now_s += 0.005
    assert now_s <= PACE.lone_cap_s + 0.005


def test_a_storm_is_held_until_it_is_quiet() -> None:
    debounce = Debounce(PACE)
    for number in range(60):
        debounce.add_paths(touched(f"{number}.rs", at=number / 100), number / 100)
        taken = debounce.take(number / 100 + 0.001)
        assert taken is None or number <= PACE.storm_paths
    assert debounce.take(0.59 + 0.099) is None
    taken = debounce.take(0.59 + 0.101)
    assert taken is not None and taken.is_storm


def test_a_storm_without_end_comes_out_in_pieces() -> None:
    debounce = Debounce(PACE)
    outs = []
    for number in range(1_000):
        now_s = number / 100
        debounce.add_paths(touched(*(f"{number}-{i}.rs" for i in range(30)), at=now_s), now_s)
        taken = debounce.take(now_s)
        if taken is not None:
            outs.append(now_s)
    assert len(outs) >= 4
    assert outs[0] <= PACE.storm_cap_s + 0.02


def test_someone_who_waits_makes_it_due_at_once() -> None:
    debounce = Debounce(PACE)
    debounce.flush("nothing pending")
    assert debounce.ready_at() is None
    debounce.add_paths(touched(*(f"{number}.rs" for number in range(100)), at=1.0), 1.0)
    debounce.flush("cookie-1")
    taken = debounce.take(1.0)
    assert taken is not None and taken.cookies == ("cookie-1",) and len(taken.paths) == 100


def test_a_scan_of_everything_swallows_scans_of_folders() -> None:
    debounce = Debounce(PACE)
    debounce.add_subtrees({"a/b", "a/bc", "a/b/c", "d"}, "folders", 1.0)
    taken = debounce.take(2.0)
    assert taken is not None and taken.subtrees == {"a/b", "a/bc", "d"} and taken.rescan == "folders"
    debounce.add_subtrees({"a"}, "folders", 3.0)
    debounce.add_rescan("overflow", 3.0)
    debounce.add_subtrees({"b"}, "folders", 3.0)
    taken = debounce.take(4.0)
    assert taken is not None and taken.subtrees == frozenset() and taken.rescan == "overflow"


def test_the_root_as_a_subtree_is_everything() -> None:
    debounce = Debounce(PACE)
    debounce.add_subtrees({"", "a"}, "rules", 1.0)
    taken = debounce.take(2.0)
    assert taken is not None and taken.subtrees == frozenset() and taken.rescan == "rules"


def test_too_many_paths_become_a_scan() -> None:
    debounce = Debounce(Pace(most_paths=10))
    debounce.add_paths(touched(*(f"{number}.rs" for number in range(11)), at=1.0), 1.0)
    taken = debounce.take(9.0)
    assert taken is not None and taken.rescan is not None and not taken.subtrees


Event = tuple[str, str, float]
events = st.lists(
    st.tuples(
        st.sampled_from(["path", "subtree", "rescan", "head", "take", "flush"]),
        st.sampled_from(["a", "b", "a/b", "a/b/c", "d/e", "f"]),
        st.floats(0, 0.5),
    ),
    max_size=80,
)


@given(events, st.integers(1, 5), st.integers(1, 4))
def test_whatever_goes_in_comes_out(script: list[Event], storm_paths: int, most_subtrees: int) -> None:
    debounce = Debounce(Pace(storm_paths=storm_paths, most_paths=4, most_subtrees=most_subtrees))
    now_s = 0.0
    owed_paths: set[str] = set()
    owed_subtrees: set[str] = set()
    owed_all = owed_head = False
    for kind, name, pause_s in [*script, ("take", "", 10.0)]:
        now_s += pause_s
        if kind == "path":
            debounce.add_paths({name + ".rs": now_s - pause_s}, now_s)
            owed_paths.add(name + ".rs")
        elif kind == "subtree":
            debounce.add_subtrees({name}, "s", now_s)
            owed_subtrees.add(name)
        elif kind == "rescan":
            debounce.add_rescan("r", now_s)
            owed_all = True
        elif kind == "head":
            debounce.note_head(now_s)
            owed_head = True
        elif kind == "flush":
            debounce.flush()
        elif (taken := debounce.take(now_s)) is not None:
            scans_all = taken.rescan is not None and not taken.subtrees
            assert scans_all or owed_paths <= taken.paths
            assert scans_all or not owed_all
            assert scans_all or all(
                any(owed == top or owed.startswith(top + "/") for top in taken.subtrees)
                for owed in owed_subtrees
            )
            assert taken.head_changed == owed_head
            owed_paths, owed_subtrees, owed_all, owed_head = set(), set(), False, False
    assert debounce.ready_at() is None
    assert not (owed_paths or owed_subtrees or owed_all or owed_head)
