"""The arithmetic of complaints and praise: counts add up, noise is no rise, money and leaving count customers once."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.reports.voices import (
    BEFORE,
    EARLIER,
    NOW,
    PEOPLE_COLUMNS,
    SAID_COLUMNS,
    Compared,
    Side,
    Told,
    Trend,
    Voices,
    Window,
    changes_of,
    churn_rate,
    distinct_quotes,
    holm,
    side_of,
    summarise,
)

TODAY = date(2026, 11, 1)
SENT = datetime(2026, 3, 1, 12, tzinfo=UTC)
Row = tuple[int, str, str, str, datetime]


def told(**changes: Any) -> Told:
    return Told(
        **{
            "now": Window(date(2026, 10, 2), date(2026, 10, 31)),
            "before": Window(date(2026, 9, 2), date(2026, 10, 1)),
            "earlier": Window(date(2025, 8, 3), date(2026, 8, 2)),
            "horizon_days": 90,
            "comparable": True,
            "currency": "EUR",
            "reader": "language-1",
            "grouped_by": {},
            **changes,
        }
    )


def said(rows: list[Row]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=list(SAID_COLUMNS))
    frame["sent_at"] = pd.to_datetime(frame["sent_at"], utc=True)
    return frame


def people(rows: dict[int, tuple[float | None, bool, bool | None, date | None]]) -> pd.DataFrame:
    return pd.DataFrame.from_dict(rows, orient="index", columns=list(PEOPLE_COLUMNS))


def complaints(customers: range, period: str = NOW, topic: str = "price") -> list[Row]:
    return [(key, "complaint", topic, period, SENT) for key in customers]


STAYERS = people(dict.fromkeys(range(1000), (10.0, True, None, None)))


def test_an_empty_store_is_summed_up_too() -> None:
    found = summarise(said([]), people({}), told())
    assert (found.messages, found.complaints.messages, found.complaints.topics) == (0, 0, ())
    assert found.complaints.change.trend is Trend.STEADY
    assert found.churn.rate is None


rows_of = st.lists(
    st.tuples(
        st.integers(0, 20),
        st.sampled_from(["complaint", "praise", ""]),
        st.sampled_from(["price", "outage", ""]),
        st.sampled_from([NOW, BEFORE, EARLIER]),
        st.just(SENT),
    ),
    max_size=60,
)


@settings(max_examples=60, deadline=None)
@given(rows_of)
def test_the_parts_add_up(rows: list[Row]) -> None:
    rows = [row if row[1] else (*row[:2], "", *row[3:]) for row in rows]
    found = summarise(said(rows), STAYERS, told())
    assert found.messages == sum(row[3] == NOW for row in rows)
    for side in Side:
        voice = found.side(side)
        mine = [row for row in rows if row[1] == side.value and row[3] == NOW]
        assert voice.messages == len(mine) == voice.without_topic + sum(topic.messages for topic in voice.topics)
        assert voice.customers == len({row[0] for row in mine})
        for topic in voice.topics:
            writers = {row[0] for row in mine if row[2] == topic.name}
            assert (topic.customers, topic.change.now) == (len(writers), len(writers))
            assert topic.customers <= topic.messages
            assert topic.monthly_revenue == (10.0 * len(writers) if writers else None)
            assert 0 <= topic.share <= 1
            assert topic.change.before == topic.customers_before <= topic.messages_before
        assert [topic.customers for topic in voice.topics] == sorted((t.customers for t in voice.topics), reverse=True)


@settings(max_examples=30, deadline=None)
@given(rows_of, st.randoms())
def test_the_order_of_messages_does_not_matter(rows: list[Row], chance: Any) -> None:
    shuffled = list(rows)
    chance.shuffle(shuffled)
    assert summarise(said(rows), STAYERS, told()) == summarise(said(shuffled), STAYERS, told())


def test_revenue_counts_each_customer_once_and_only_where_it_is_known() -> None:
    rows = complaints(range(3)) + complaints(range(3))
    money = people({0: (10.0, True, None, None), 1: (25.5, True, None, None), 2: (None, True, None, None)})
    [topic] = summarise(said(rows), money, told()).complaints.topics
    assert topic.monthly_revenue == 35.5
    [topic] = summarise(said(rows), money, told(currency=None)).complaints.topics
    assert topic.monthly_revenue is None


def test_a_clear_rise_is_a_rise_and_a_clear_fall_a_fall() -> None:
    rows = complaints(range(40)) + complaints(range(10), BEFORE)
    rows += complaints(range(5), topic="outage") + complaints(range(30), BEFORE, "outage")
    trends = {topic.name: topic.change.trend for topic in summarise(said(rows), STAYERS, told()).complaints.topics}
    assert trends == {"price": Trend.UP, "outage": Trend.DOWN}


@pytest.mark.parametrize(("now", "before"), [(12, 8), (3, 0), (0, 4), (30, 22), (1, 1)])
def test_noise_is_no_rise(now: int, before: int) -> None:
    [change] = changes_of([(now, before)])
    assert change.trend is Trend.STEADY


def test_one_angry_customer_makes_no_rise() -> None:
    rows = complaints(range(1)) * 50 + complaints(range(1), BEFORE)
    [topic] = summarise(said(rows), STAYERS, told()).complaints.topics
    assert (topic.messages, topic.customers, topic.change.trend) == (50, 1, Trend.STEADY)


def test_nothing_is_compared_with_a_period_that_is_not_whole() -> None:
    found = summarise(said(complaints(range(50))), STAYERS, told(comparable=False))
    assert found.complaints.change.trend is Trend.UNKNOWN
    assert {topic.change.p_value for topic in found.complaints.topics} == {None}


def test_noise_is_called_a_change_no_more_often_than_promised() -> None:
    rng = np.random.default_rng(0)
    false = 0
    for _ in range(400):
        counts = list(zip(rng.poisson(20, 8).tolist(), rng.poisson(20, 8).tolist(), strict=True))
        false += any(change.trend is not Trend.STEADY for change in changes_of(counts))
    assert false / 400 < 0.05


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 300), st.integers(0, 300))
def test_a_change_is_the_mirror_of_its_opposite(now: int, before: int) -> None:
    [one], [other] = changes_of([(now, before)]), changes_of([(before, now)])
    assert one.p_value == other.p_value
    mirror = {Trend.UP: Trend.DOWN, Trend.DOWN: Trend.UP, Trend.STEADY: Trend.STEADY}
    assert mirror[one.trend] is other.trend
    if one.ratio is not None and one.low is not None:
        assert one.low <= one.ratio
        assert one.high is None or one.ratio <= one.high
        assert (one.trend is Trend.STEADY) == (one.low <= 1 <= (one.high or np.inf)) or abs(one.ratio - 1) > 0.1


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_holm_keeps_the_smallest_and_never_more_than_plain_tests(p_values: list[float]) -> None:
    clear = holm(p_values)
    assert all(p <= 0.05 for p, kept in zip(p_values, clear, strict=True) if kept)
    assert any(clear) == (min(p_values) <= 0.05 / len(p_values))


def leavers(left: int, stayed: int, start: int = 0) -> dict[int, tuple[float | None, bool, bool | None, date | None]]:
    gone = {start + key: (10.0, False, True, SENT.date() + timedelta(days=30)) for key in range(left)}
    return gone | {start + left + key: (10.0, True, False, None) for key in range(stayed)}


def behind(rows: list[Row], facts: pd.DataFrame) -> Voices:
    return summarise(said(complaints(range(1)) + rows), facts, told())


def test_the_churn_rate_behind_a_topic_is_that_of_its_earlier_writers() -> None:
    facts = people(leavers(15, 15) | leavers(10, 190, start=100))
    rows = complaints(range(30), EARLIER) + [(key, "", "", EARLIER, SENT) for key in range(100, 300)]
    found = behind(rows, facts)
    [topic] = found.complaints.topics
    assert (topic.churn.customers, topic.churn.left, topic.churn.rate) == (30, 15, 0.5)
    assert topic.churn.compared is Compared.HIGHER
    assert (found.churn.customers, found.churn.left) == (230, 25)
    assert found.churn.rate == pytest.approx(25 / 230)


def test_there_is_no_rate_below_ten_customers() -> None:
    [topic] = behind(complaints(range(9), EARLIER), people(leavers(9, 0))).complaints.topics
    assert (topic.churn.customers, topic.churn.left, topic.churn.rate) == (9, 9, None)
    assert topic.churn.compared is Compared.UNKNOWN


def test_a_departure_counts_within_the_horizon_of_the_first_message_only() -> None:
    day = SENT.date()
    facts = people(
        {
            0: (1.0, False, True, day + timedelta(days=90)),
            1: (1.0, False, True, day + timedelta(days=91)),
            2: (1.0, False, True, day - timedelta(days=1)),
            3: (1.0, False, True, None),
            4: (1.0, True, None, None),
        }
    )
    rows = [*complaints(range(6), EARLIER), (0, "complaint", "price", EARLIER, SENT + timedelta(days=60))]
    [topic] = behind(rows, facts).complaints.topics
    # 0 left in time, 1 too late, 2 before writing, 3 some day, 4 stayed; 5 is not in the store.
    assert (topic.churn.customers, topic.churn.left) == (4, 2)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 60), st.integers(0, 60))
def test_a_rate_lies_in_its_interval(left: int, stayed: int) -> None:
    found = churn_rate(pd.Series([True] * left + [False] * stayed, dtype=bool))
    assert (found.rate is None) == (left + stayed < 10)
    if found.rate is not None and found.low is not None and found.high is not None:
        assert 0 <= found.low <= found.rate + 1e-12
        assert found.rate - 1e-12 <= found.high <= 1


@pytest.mark.parametrize(
    ("moods", "intents", "side"),
    [
        ((0.7, 0.2, 0.1), [], Side.COMPLAINT),
        ((0.1, 0.2, 0.7), [], Side.PRAISE),
        ((0.1, 0.8, 0.1), [], None),
        ((0.2, 0.25, 0.55), [], None),
        ((0.0, 0.1, 0.9), [{"name": "cancel", "confidence": 0.9}], Side.COMPLAINT),
        ((0.0, 0.1, 0.9), [{"name": "cancel", "confidence": 0.1}], Side.PRAISE),
        ((0.4, 0.4, 0.2), [], Side.COMPLAINT),
    ],
)
def test_a_message_complains_praises_or_does_neither(
    moods: tuple[float, float, float], intents: list[dict[str, Any]], side: Side | None
) -> None:
    assert side_of(*moods, intents) is side


def test_quotes_differ_in_words_and_in_writers() -> None:
    texts = [
        (1, "too short"),
        (1, "The price went up again without any warning."),
        (2, "The price went up again without any warning!!"),
        (1, "My internet connection drops every single evening."),
        (3, "My internet connection drops every single evening."),
        (4, "x" * 500),
        (5, "Nobody in your support answers the telephone."),
        (6, "Another sentence that would be the fourth quotation."),
    ]
    assert distinct_quotes(texts) == [texts[1], texts[4], texts[6]]
    assert distinct_quotes(texts, told=[(9, texts[1][1])])[0] == texts[3]
    assert distinct_quotes(texts, told=[(1, "Quoted elsewhere already.")])[0] == texts[2]


def test_the_summary_is_plain_json() -> None:
    import json

    found = summarise(said(complaints(range(12))), STAYERS, told(quotes={(Side.COMPLAINT, "price"): ["Dear."] * 5}))
    document = json.loads(json.dumps(found.as_json()))
    assert document["now"] == {"from": "2026-10-02", "to": "2026-10-31", "days": 30}
    [topic] = document["complaints"]["topics"]
    assert (topic["name"], topic["customers"], topic["change"]["trend"]) == ("price", 12, "up")
    assert topic["quotes"] == ["Dear."] * 3
