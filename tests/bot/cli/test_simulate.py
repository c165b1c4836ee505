"""`mainstay simulate`: a table and a chart for people, one document for scripts, sentences for mistakes."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cli.charts import LEFT, line_chart, month_axis
from tests.conftest import Command

SMALL = ("--customers", "300", "--months", "3", "--seed", "4")


def test_the_document_holds_every_policy(mainstay: Command) -> None:
    ran = mainstay("simulate", *SMALL, "--seeds", "2", "--budget", "60", "--json")
    assert ran.code == 0
    found = json.loads(ran.out)
    names = [policy["policy"] for policy in found["policies"]]
    assert names == ["none", "risk_ranking", "propensity", "uplift", "bandit", "oracle"]
    assert (found["seeds"], found["monthly_budget"], found["customers"], found["months"]) == ([4, 5], 60, 300, 3)
    oracle, none = found["policies"][-1], found["policies"][0]
    assert oracle["regret"]["value"] == 0
    assert none["profit"] == {"value": 0, "low": 0, "high": 0}
    assert all(len(policy["cumulative_profit"]) == 3 for policy in found["policies"])
    assert found["proofs"] == []


def test_people_get_a_table_and_a_chart(mainstay: Command) -> None:
    ran = mainstay("simulate", *SMALL)
    assert ran.code == 0
    for words in ("risk ranking", "regret", "Profit so far", "o oracle", "month 3"):
        assert words in ran.out
    assert max(map(len, ran.out.splitlines())) <= 80


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--customers", "3"), "3 customers cannot be played"),
        (("--months", "1000"), "1000 months cannot be played"),
        (("--budget", "-5"), "a budget of -5.0 is none"),
        (("--proofs", "--seeds", "1"), "one seed proves nothing"),
        (("--proofs", "--months", "5"), "5 months are too few to prove"),
        (("--seed", "-1"), "cannot be played"),
        (("--jobs", "0"), "0 processes cannot play"),
    ],
)
def test_what_cannot_be_played_is_said(mainstay: Command, arguments: tuple[str, ...], words: str) -> None:
    ran = mainstay("simulate", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert words in ran.err


@given(st.lists(st.lists(st.floats(-1e6, 1e6), min_size=5, max_size=5), min_size=1, max_size=4), st.integers(10, 80))
def test_a_chart_has_its_size_and_its_extremes(values: list[list[float]], width: int) -> None:
    lines = dict(zip("abcd", values, strict=False))
    drawn = line_chart(lines, width=width, height=9)
    assert len(drawn) == 9
    assert all(len(line) <= LEFT + 2 + width for line in drawn)
    assert set("".join(drawn)) & set(lines)


def test_a_rising_line_rises() -> None:
    drawn = line_chart({"up": [0, 1, 2, 3]}, width=4, height=4)
    assert [line.rstrip().endswith(end) for line, end in zip(drawn, ("   u", "  u", " u", "u···"), strict=True)] == [
        True
    ] * 4
    assert month_axis(24, width=20).endswith("month 24")


@pytest.mark.parametrize("lines", [{}, {"a": []}, {"a": [1.0], "b": [1.0, 2.0]}, {"ab": [1.0], "ac": [1.0]}])
def test_what_cannot_be_drawn_is_refused(lines: dict[str, list[float]]) -> None:
    with pytest.raises(ValueError, match=r"lines of one length|same letter"):
        line_chart(lines)
