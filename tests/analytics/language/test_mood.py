import pandas as pd
import pytest

from analytics.language.mood import COLUMNS, mood_trend


def readings(rows: list[tuple[str, str, float, float]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["customer_id", "sent_at", "negative", "positive"])
    return frame.assign(sent_at=pd.to_datetime(frame["sent_at"], utc=True))


def test_mean_last_and_slope_per_thirty_days() -> None:
    frame = readings(
        [
            ("b", "2026-03-02", 0.9, 0.0),
            ("a", "2026-01-01", 0.0, 0.6),
            ("a", "2026-01-31", 0.2, 0.4),
            ("a", "2026-03-02", 0.5, 0.1),
        ]
    )
    trend = mood_trend(frame)
    assert list(trend.index) == ["a", "b"]
    assert list(trend.columns) == list(COLUMNS)
    assert trend.loc["a", "mood_mean"] == pytest.approx(0.4 / 3)
    assert trend.loc["a", "mood_last"] == pytest.approx(-0.4)
    assert trend.loc["a", "mood_slope"] == pytest.approx(-0.5)
    assert trend.loc["b", "mood_count"] == 1
    assert trend["mood_slope"].isna().tolist() == [False, True]


def test_nothing_from_the_date_on_is_used() -> None:
    frame = readings([("a", "2026-01-01", 0.0, 1.0), ("a", "2026-02-01", 1.0, 0.0), ("b", "2026-02-01", 1.0, 0.0)])
    before = pd.Timestamp("2026-02-01", tz="UTC")
    pd.testing.assert_frame_equal(mood_trend(frame, before), mood_trend(frame.iloc[:1]))


def test_no_readings_give_no_rows() -> None:
    assert mood_trend(readings([])).empty


def test_unread_messages_are_left_out() -> None:
    frame = readings([("a", "2026-01-01", float("nan"), float("nan")), ("a", "2026-01-02", 0.2, 0.7)])
    assert mood_trend(frame)["mood_last"].tolist() == pytest.approx([0.5])
