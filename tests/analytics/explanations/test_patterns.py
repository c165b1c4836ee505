"""The wording of every kind of measure: figures are those of the data, medians are rounded so that they stay true."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.explanations.figures import bound, bound_text, number_text, percent_change, whole
from analytics.explanations.patterns import PATTERNS
from analytics.labels import ColumnLabel, Measure, Noun

LOGIN = Noun("login", "logins", total="usage")
PER_90 = ColumnLabel("Some measure", "EUR", noun=LOGIN, window=90)
LAST = ColumnLabel("Some measure", noun=LOGIN)
HALF = "half of customers"
POSITIVE = st.floats(0.01, 50_000)


@pytest.mark.parametrize(
    ("measure", "label", "value", "median", "own", "peer"),
    [
        (Measure.COUNT, PER_90, 0, 4, "No login in the last 90 days", "half of customers had 4 or more"),
        (Measure.COUNT, PER_90, 1, 0, "1 login in the last 90 days", "half of customers had none"),
        (Measure.COUNT, PER_90, 3, 1.5, "3 logins in the last 90 days", "half of customers had 1 or fewer"),
        (Measure.COUNT_SO_FAR, PER_90, 1200, 3, "1,200 logins so far", "half of customers had 3 or fewer"),
        (
            Measure.SAME_SEASON,
            PER_90,
            5,
            0,
            "5 logins in the 90 days that began a year ago",
            "half of customers had none",
        ),
        (Measure.WEEKS_SHARE, PER_90, 0.25, 0.5, "Logins in 25 % of weeks", "for half of customers in 50 % or more"),
        (
            Measure.TOTAL,
            PER_90,
            46.4,
            398.25,
            "Usage was 46.40 in the last 90 days",
            "for half of customers it was 398.25 or more",
        ),
        (
            Measure.TREND,
            PER_90,
            -0.277,
            0.0507,
            "Usage fell by 43 % against the 90 days before",
            "for half of customers the change was +10 % or higher",
        ),
        (
            Measure.TREND,
            PER_90,
            -1,
            0,
            "Usage fell to zero in the last 90 days",
            "for half of customers it did not fall",
        ),
        (
            Measure.TREND,
            PER_90,
            1,
            -0.2,
            "Usage rose from zero in the last 90 days",
            "for half of customers the change was -33 % or lower",
        ),
        (
            Measure.DIRECTION,
            PER_90,
            -0.3,
            0.1,
            "Usage is lower than in the 90 days before",
            "for half of customers it is higher",
        ),
        (
            Measure.LAST_RATIO,
            LAST,
            0.628,
            0.989,
            "Usage was 37 % below their usual",
            "for half of customers it was 98 % of the usual or more",
        ),
        (
            Measure.LAST_RATIO,
            LAST,
            3.44,
            1,
            "Usage was 3.4 times their usual",
            "for half of customers it was 100 % of the usual or less",
        ),
        (
            Measure.DAYS_SINCE,
            LAST,
            45.7,
            3.2,
            "The last login was 45 days ago",
            "for half of customers it is 4 days or less",
        ),
        (
            Measure.DAYS_UNTIL,
            LAST,
            0.4,
            20.9,
            "The next login is within a day",
            "for half of customers it is 20 days or more",
        ),
        (
            Measure.USUAL_GAP,
            LAST,
            6.44,
            9.99,
            "Usually 6.4 days from one login to the next",
            "for half of customers it was 9.9 days or more",
        ),
        (
            Measure.MOOD,
            LAST,
            -0.43,
            0.118,
            "Some measure was negative (-0.43 on a scale from -1 to 1)",
            "half of customers have 0.11 or more",
        ),
        (
            Measure.TENURE_MONTHS,
            LAST,
            1,
            29,
            "A customer for 1 month",
            "half of customers have been for 29 months or longer",
        ),
        (
            Measure.TENURE_DAYS,
            LAST,
            366,
            1000,
            "A customer for 12 months",
            "half of customers have been for 32 months or longer",
        ),
        (Measure.PRICE, PER_90, 70.359, 40.001, "Pays 70.36 EUR a month", "half of customers pay 40.01 EUR or less"),
        (Measure.DISCOUNT, LAST, 10, 0, "A discount of 10 %", "half of customers have none"),
        (Measure.PLAIN, PER_90, 1, 29, "Some measure is 1 EUR", "half of customers have 29 or more"),
    ],
)
def test_what_is_said_of_a_measure(
    measure: Measure, label: ColumnLabel, value: float, median: float, own: str, peer: str
) -> None:
    pattern = PATTERNS[measure]
    assert pattern.own(label, value) == own
    assert pattern.peer(label, median, value < median, HALF) == peer


def test_every_measure_has_its_wording() -> None:
    assert set(PATTERNS) == set(Measure)


@given(recent=POSITIVE, before=POSITIVE)
@settings(derandomize=True, deadline=None, max_examples=200)
def test_a_trend_is_told_as_the_change_in_percent(recent: float, before: float) -> None:
    trend = (recent - before) / (recent + before)
    change = 100 * (recent - before) / before
    assert percent_change(trend) == pytest.approx(change, rel=1e-6, abs=1e-6)
    said = PATTERNS[Measure.TREND].own(PER_90, trend)
    if recent != before:
        assert ("fell" in said) == (recent < before)
    found = re.search(r"by ([\d,]+) %", said)
    if found and abs(change) >= 1:
        assert abs(float(found[1].replace(",", "")) - abs(change)) <= max(1.0, 1e-6 * abs(change))


@given(values=st.lists(st.floats(-1000, 5000), min_size=1, max_size=30), more=st.booleans())
@settings(derandomize=True, deadline=None, max_examples=200)
def test_half_really_have_what_a_rounded_median_says(values: list[float], more: bool) -> None:
    sample = np.round(np.array(values), 3)
    median = float(np.median(sample))
    for text in (bound_text(median, more), f"{bound(median, more, 2):.2f}"):
        said = float(text.replace(",", ""))
        holds = sample >= said - 1e-9 if more else sample <= said + 1e-9
        assert holds.mean() >= 0.5


@given(counts=st.lists(st.integers(0, 9), min_size=1, max_size=30), more=st.booleans())
@settings(derandomize=True, deadline=None, max_examples=200)
def test_half_really_have_the_whole_number_said(counts: list[int], more: bool) -> None:
    said = whole(float(np.median(counts)), more)
    assert np.mean([count >= said if more else count <= said for count in counts]) >= 0.5


@given(
    measure=st.sampled_from(list(Measure)), value=st.floats(0, 40_000), median=st.floats(0, 40_000), more=st.booleans()
)
@settings(derandomize=True, deadline=None, max_examples=300)
def test_no_measure_is_worded_with_marks_of_the_machine(
    measure: Measure, value: float, median: float, more: bool
) -> None:
    if measure in (Measure.TREND, Measure.DIRECTION, Measure.MOOD, Measure.MOOD_CHANGE):
        value, median = value / 20_000 - 1, median / 20_000 - 1
    pattern = PATTERNS[measure]
    said = (pattern.own(PER_90, value) if measure is not Measure.DAYS_SINCE else pattern.own(LAST, value)) + (
        pattern.peer(PER_90, median, more, HALF)
    )
    assert not re.search(r"nan|None|inf\b|_|  |-0\b(?!\.)|\be[+-]?\d", said)


@pytest.mark.parametrize(
    ("value", "text"),
    [(3.0, "3"), (-0.0, "0"), (1397.4, "1,397"), (46.4, "46.40"), (82.9999, "83"), (0.0507, "0.0507")],
)
def test_numbers_are_short(value: float, text: str) -> None:
    assert number_text(value) == text
