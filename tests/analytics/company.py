"""A small random company as frames, for tests of features, labels and forecasts through time."""

from datetime import date

import numpy as np
import pandas as pd
from pandas._libs.tslibs.nattype import NaTType

from analytics.frames import Frames

FIRST_DAY = pd.Timestamp("2025-01-01", tz="UTC")


def small_company(seed: int = 3, customers: int = 40, days: int = 600) -> Frames:
    """Customers with contracts, three kinds of events and judged messages over `days` days from 2025-01-01."""
    rng = np.random.default_rng(seed)
    ids = np.array([f"c{number:03d}" for number in range(customers)])
    signed_up = FIRST_DAY.tz_localize(None) + pd.to_timedelta(rng.integers(0, days // 2, customers), unit="D")
    frame = pd.DataFrame(
        {"customer_id": ids, "country": rng.choice(["DE", "FR"], customers), "signed_up_on": signed_up}
        | {"segment": rng.choice(["home", "office", "shop"], customers)}
    )
    return Frames(frame, _contracts(rng, frame, days), _events(rng, ids, days), _messages(rng, ids, days)).checked()


def shopping_company(seed: int = 5, customers: int = 400, days: int = 720) -> Frames:
    """Customers who buy at their own rate until they silently stop: churn by inactivity."""
    rng = np.random.default_rng(seed)
    rate = rng.gamma(2.0, 1 / 40, customers)
    first = rng.integers(0, days // 2, customers).astype(float)
    alive = first + rng.exponential(400, customers)
    rows: list[tuple[str, float]] = []
    for number in range(customers):
        times = first[number] + np.cumsum(np.r_[0.0, rng.exponential(1 / rate[number], 60)])
        rows.extend((f"c{number:03d}", float(at)) for at in times[times < min(alive[number], days)])
    events = pd.DataFrame(rows, columns=["customer_id", "day"])
    events["occurred_at"] = FIRST_DAY + pd.to_timedelta(events.pop("day"), unit="D").dt.floor("s")
    events["kind"], events["amount"] = "purchase", rng.gamma(2.0, 20.0, len(events)).round(2)
    return Frames(pd.DataFrame({"customer_id": sorted(set(events["customer_id"]))}), events=events).checked()


def day(number: int) -> date:
    """The date `number` days after 2025-01-01."""
    return (FIRST_DAY + pd.Timedelta(days=number)).date()


def _contracts(rng: np.random.Generator, customers: pd.DataFrame, days: int) -> pd.DataFrame:
    rows: list[tuple[str, str, pd.Timestamp, pd.Timestamp | NaTType, float]] = []
    for customer, start in zip(customers["customer_id"], customers["signed_up_on"], strict=True):
        at, price = start, 20.0
        for plan in rng.choice(["basic", "plus"], rng.integers(1, 4)):
            end = at + pd.Timedelta(days=int(rng.integers(30, 300)))
            rows.append((customer, plan, at, end, price))
            at, price = end, price + float(rng.choice([-2, 0, 3]))
        if rng.random() < 0.5:
            rows[-1] = (*rows[-1][:3], pd.NaT, rows[-1][4])
    lines = pd.DataFrame(rows, columns=["customer_id", "plan", "started_on", "ended_on", "mrr"])
    lines["billing_period"] = rng.choice(["month", "year"], len(lines))
    lines["discount_percent"] = rng.choice([0.0, 10.0, np.nan], len(lines))
    return lines


def _events(rng: np.random.Generator, ids: np.ndarray[tuple[int], np.dtype[np.str_]], days: int) -> pd.DataFrame:
    count = 30 * len(ids)
    return pd.DataFrame(
        {
            "customer_id": rng.choice(ids, count),
            "kind": rng.choice(["purchase", "login", "outage"], count, p=[0.5, 0.45, 0.05]),
            "occurred_at": FIRST_DAY + pd.to_timedelta(rng.integers(0, days * 24, count), unit="h"),
            "amount": np.where(rng.random(count) < 0.5, rng.gamma(2, 10, count), np.nan),
            "quantity": rng.integers(1, 9, count).astype(float),
            "reference": pd.Series([f"r{number}" for number in rng.integers(0, 9, count)]).where(
                rng.random(count) < 0.5
            ),
        }
    )


def _messages(rng: np.random.Generator, ids: np.ndarray[tuple[int], np.dtype[np.str_]], days: int) -> pd.DataFrame:
    count = 4 * len(ids)
    moods = rng.dirichlet([1, 1, 1], count)
    return pd.DataFrame(
        {
            "message_id": [f"m{number}" for number in range(count)],
            "customer_id": rng.choice(ids, count),
            "sent_at": FIRST_DAY + pd.to_timedelta(rng.integers(0, days * 24, count), unit="h"),
            "direction": rng.choice(["inbound", "outbound"], count),
            "negative": moods[:, 0],
            "neutral": moods[:, 1],
            "positive": moods[:, 2],
        }
    )
