"""The recorded verdicts on lines are of lines that the rules still make."""

from __future__ import annotations

import pytest

from tests.oracles import summaries
from tests.oracles.tools import ToolMissing


def test_a_hundred_lines_have_been_judged_and_what_is_not_right_says_why() -> None:
    judged = summaries.judged()
    assert len(judged) == 100
    assert {one.verdict for one in judged} <= set(summaries.VERDICTS)
    assert [one.id for one in judged if one.verdict != "right" and not one.why] == []


@pytest.mark.timeout(300)
def test_judged_lines_are_those_that_the_rules_make() -> None:
    try:
        changed = summaries.changed()
    except ToolMissing as missing:
        pytest.skip(str(missing))
    assert [(one.id, one.one_line, line) for one, line in changed] == [], "judge them again"


def test_the_page_counts_the_verdicts_and_shows_each_line() -> None:
    page = list(summaries.render([{"name": "toy", "lines": 4, "sure": 3}]))
    assert "| toy | 4 | 3 | 75.0 % |" in page
    assert sum(line.startswith("| ") for line in page) == 3 + 2 + 100
