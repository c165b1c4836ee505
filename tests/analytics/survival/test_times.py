"""Remaining times agree with churn labels, and know nothing after the cut-off."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from analytics.frames import Frames
from analytics.observations import churn_labels, training_table
from analytics.survival import FollowedEvent, remaining_times, survival_table
from db.errors import TrainingError
from db.vocabulary import ChurnDefinition, ChurnDefinitionKind
from tests.analytics.company import day, shopping_company, small_company

ENDS = ChurnDefinition(ChurnDefinitionKind.CANCEL_DATE, churn_horizon_days=60)
SILENCE = ChurnDefinition(ChurnDefinitionKind.INACTIVITY, 90, ("purchase",), 60)


@pytest.fixture(scope="module")
def shop() -> Frames:
    return shopping_company(customers=120)


@pytest.mark.parametrize("lead", [0, 14])
@pytest.mark.parametrize("horizon", [30, 60, 120])
@pytest.mark.parametrize("kind", ["ends", "silence"])
def test_times_within_a_horizon_are_the_labels_of_that_horizon(
    kind: str, horizon: int, lead: int, shop: Frames
) -> None:
    frames, definition = (small_company(customers=150), ENDS) if kind == "ends" else (shop, SILENCE)
    definition = ChurnDefinition(
        definition.kind, definition.inactivity_days, definition.activity_kinds, horizon, lead_time_days=lead
    )
    labels = churn_labels(frames, definition, day(300))
    times = remaining_times(frames, definition, day(300), day(300 + lead + horizon))
    assert list(times.customer_ids) == list(labels.customer_ids)
    assert (times.days > 0).all()
    assert (times.days <= horizon).all()
    churned = times.happened if kind == "ends" else ~times.happened
    np.testing.assert_array_equal(churned.astype(int), labels.churned)
    assert 0 < labels.churned.sum() < len(labels.churned)


def test_a_table_made_early_is_the_late_table_cut_at_that_day(shop: Frames) -> None:
    dates = [day(240), day(300), day(360), day(420)]
    late = survival_table(shop, SILENCE, dates, cut_off=day(600))
    early = survival_table(shop, SILENCE, dates, cut_off=day(400), plan=late.plan)
    cut = late.known_at(day(400))
    np.testing.assert_array_equal(cut.times.customer_ids, early.times.customer_ids)
    np.testing.assert_allclose(cut.times.days, early.times.days)
    np.testing.assert_array_equal(cut.times.happened, early.times.happened)
    np.testing.assert_array_equal(cut.known_days, early.known_days)
    pd.testing.assert_frame_equal(cut.X, early.X)


def test_the_table_has_the_labels_of_the_training_table(shop: Frames) -> None:
    dates = [day(240), day(300)]
    labelled = training_table(shop, SILENCE, dates, cut_off=day(600))
    table = survival_table(shop, SILENCE, dates, cut_off=day(600), plan=labelled.plan)
    churned, known = table.churned_within(SILENCE.churn_horizon_days)
    assert known.all()
    np.testing.assert_array_equal(churned.astype(int), labelled.y)
    pd.testing.assert_frame_equal(table.X, labelled.X)


def buyers(acts: list[tuple[str, int]]) -> Frames:
    events = pd.DataFrame([(who, day(number)) for who, number in acts], columns=["customer_id", "occurred_at"])
    events["kind"] = "purchase"
    return Frames(pd.DataFrame({"customer_id": events["customer_id"].unique()}), events=events).checked()


def test_a_customer_lapses_on_the_day_silence_is_long_enough() -> None:
    frames = buyers(
        [
            *[("goes on", number) for number in range(0, 400, 30)],
            ("stops", 80),
            ("stops later", 80),
            ("stops later", 120),
            ("pauses", 80),
            ("pauses", 300),
            ("gone", 2),
            ("back too late to see", 80),
        ]
    )
    found = remaining_times(frames, SILENCE, day(100), day(380), event=FollowedEvent.LAPSE)
    times = dict(zip(found.customer_ids, zip(found.days, found.happened, strict=True), strict=True))
    assert times == {
        "goes on": (280.0, False),
        "stops": (70.0, True),
        "stops later": (110.0, True),
        "pauses": (70.0, True),
        "back too late to see": (70.0, True),
    }
    assert not remaining_times(frames, SILENCE, day(100), day(169), event=FollowedEvent.LAPSE).happened.any()


def test_who_ended_it_is_known_for_the_last_departure_only() -> None:
    lines = [("a", 0, 200), ("b", 0, 210), ("c", 0, 220), ("c", 300, 400), ("d", 0, 500), ("e", 0, 205)]
    frames = Frames(
        pd.DataFrame(
            {
                "customer_id": ["a", "b", "c", "d", "e"],
                "churned_on": [day(200), day(210), day(400), day(500), day(205)],
                "churn_kind": ["voluntary", "involuntary", "voluntary", "voluntary", None],
            }
        ),
        subscriptions=pd.DataFrame(
            [(who, day(start), day(end), 10.0) for who, start, end in lines],
            columns=["customer_id", "started_on", "ended_on", "mrr"],
        ),
    ).checked()
    found = remaining_times(frames, ENDS, day(100), day(300))
    by_customer = dict(zip(found.customer_ids, found.involuntary, strict=True))
    assert (by_customer["a"], by_customer["b"]) == (0.0, 1.0)
    assert np.isnan([by_customer["c"], by_customer["d"], by_customer["e"]]).all()


def test_periods_count_where_they_were_followed_to_their_end() -> None:
    frames = buyers([("a", 90), ("a", 110), ("b", 90), ("b", 155), ("c", 90)])
    table = survival_table(frames, SILENCE, [day(100)], cut_off=day(170))
    found = table.periods(30, 5)
    rows = [(table.times.customer_ids[row], number) for row, number in zip(found.row, found.number, strict=True)]
    assert rows == [("a", 0), ("b", 0), ("c", 0), ("b", 1), ("c", 1)]
    assert found.happened.tolist() == [1, 0, 0, 1, 0]


@pytest.mark.parametrize("event", [FollowedEvent.ACT, FollowedEvent.LAPSE])
def test_an_event_of_another_kind_of_churn_is_refused(event: FollowedEvent, shop: Frames) -> None:
    with pytest.raises(TrainingError, match="cannot be followed"):
        remaining_times(shop, ENDS, day(300), day(400), event=event)


def test_without_dates_there_is_no_time(shop: Frames) -> None:
    with pytest.raises(TrainingError, match="no time to forecast"):
        remaining_times(shop, ChurnDefinition(ChurnDefinitionKind.LABEL), day(300), day(400))
    with pytest.raises(TrainingError, match="before"):
        survival_table(shop, SILENCE, [date(2030, 1, 1)], cut_off=day(400))
