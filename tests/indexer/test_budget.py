"""What may be asked of a generation model in one day."""

from __future__ import annotations

from pathlib import Path

from indexer.budget import Budget


def test_calls_and_tokens_are_each_a_limit(tmp_path: Path) -> None:
    budget = Budget(tmp_path / "today.json", calls=2, tokens=100)
    assert budget.why_spent() == ""
    budget.spend(30)
    assert budget.why_spent() == ""
    budget.spend(30)
    assert budget.why_spent() == "2 calls have been made today"
    other = Budget(tmp_path / "other.json", calls=10, tokens=100)
    other.spend(100)
    assert other.why_spent() == "100 tokens have been used today"


def test_a_restart_does_not_begin_the_day_anew(tmp_path: Path) -> None:
    path = tmp_path / "today.json"
    Budget(path, calls=1, tokens=100).spend(5)
    assert Budget(path, calls=1, tokens=100).why_spent() == "1 calls have been made today"


def test_another_day_begins_anew(tmp_path: Path) -> None:
    path = tmp_path / "today.json"
    Budget(path, calls=1, tokens=100, today=lambda: "2026-01-01").spend(5)
    tomorrow = Budget(path, calls=1, tokens=100, today=lambda: "2026-01-02")
    assert tomorrow.why_spent() == ""
    assert (tomorrow.calls, tomorrow.tokens) == (0, 0)


def test_a_file_that_makes_no_sense_is_a_new_day(tmp_path: Path) -> None:
    path = tmp_path / "today.json"
    path.write_text("[1, 2")
    budget = Budget(path, calls=1, tokens=1)
    assert budget.why_spent() == ""
    budget.spend(1)
    assert Budget(path, calls=1, tokens=1).why_spent() != ""
