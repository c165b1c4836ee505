"""The simulated company as a store would receive it: reproducible, streamed, and without contradictions."""

from datetime import date
from hashlib import sha256

import pandas as pd
import pytest

from analytics.simulation.company import OFFER_TYPES, PLANS, company_profile
from analytics.simulation.simulate import SimulatedChunk, simulate
from db.errors import InputError

TODAY = pd.Timestamp("2026-11-01")
FRAMES = ("customers", "subscriptions", "events", "messages", "consents")


def fingerprint(chunk: SimulatedChunk) -> dict[str, str]:
    frames = {name: getattr(chunk, name) for name in FRAMES}
    truth = {f"true_{name}": getattr(chunk.truth, name) for name in ("customers", "hazards", "messages")}
    return {name: sha256(frame.to_csv().encode()).hexdigest() for name, frame in (frames | truth).items()}


def test_the_same_seed_gives_the_same_bytes() -> None:
    assert fingerprint(next(simulate(150, seed=5))) == fingerprint(next(simulate(150, seed=5)))


def test_another_seed_gives_another_company() -> None:
    one, other = fingerprint(next(simulate(150, seed=5))), fingerprint(next(simulate(150, seed=6)))
    assert all(one[name] != other[name] for name in one)


def test_a_chunk_does_not_depend_on_how_many_follow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("analytics.simulation.simulate.CHUNK_CUSTOMERS", 60)
    short = [fingerprint(chunk) for chunk in simulate(120)]
    long = [fingerprint(chunk) for chunk in simulate(200)]
    assert len(long) == 4
    assert short == long[:2]


def test_chunks_share_no_customer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("analytics.simulation.simulate.CHUNK_CUSTOMERS", 80)
    customers = pd.concat([chunk.customers for chunk in simulate(240)])
    assert customers["customer_id"].nunique() == 240
    assert customers["email"].dropna().is_unique


def test_every_frame_keeps_its_contract(chunk: SimulatedChunk) -> None:
    checked = chunk.frames.checked()
    for name in ("customers", "subscriptions", "events", "messages"):
        before, after = getattr(chunk, name), getattr(checked, name)
        pd.testing.assert_frame_equal(before, after[list(before.columns)])


def test_identifiers_and_addresses_are_unique_and_safe(chunk: SimulatedChunk) -> None:
    assert chunk.customers["customer_id"].is_unique
    assert chunk.messages["message_id"].is_unique
    emails = chunk.customers["email"].dropna()
    assert emails.is_unique
    assert emails.str.fullmatch(r"[a-z]+\.?[a-z]+\d+@[a-z.]*example(\.com|\.org|\.net)?").all()
    assert chunk.customers["phone"].dropna().str.startswith("+353 20 91").all()


def test_nothing_happens_before_sign_up_or_after_the_end(chunk: SimulatedChunk) -> None:
    span = chunk.customers.set_index("customer_id")[["signed_up_on", "churned_on"]]
    for frame, when in ((chunk.events, "occurred_at"), (chunk.messages, "sent_at")):
        days = frame[when].dt.tz_localize(None)
        own = span.loc[frame["customer_id"]].reset_index(drop=True)
        assert (days >= own["signed_up_on"]).all()
        assert (days < own["churned_on"].fillna(TODAY)).all()


def test_nothing_is_dated_today_or_later(chunk: SimulatedChunk) -> None:
    assert chunk.customers["churned_on"].dropna().lt(TODAY).all()
    assert chunk.subscriptions["started_on"].lt(TODAY).all()
    assert chunk.customers["renewal_date"].dropna().ge(TODAY).all()


def test_no_amount_is_negative(chunk: SimulatedChunk) -> None:
    assert chunk.events[["amount", "quantity"]].min().ge(0).all()
    assert chunk.subscriptions["mrr"].gt(0).all()
    assert chunk.subscriptions["discount_percent"].between(0, 100).all()


def test_contract_lines_follow_each_other_without_gap(chunk: SimulatedChunk) -> None:
    lines = chunk.subscriptions
    following = lines.groupby("customer_id")["started_on"].shift(-1)
    inner = following.notna()
    assert (lines.loc[inner, "ended_on"] == following[inner]).all()
    assert lines.loc[inner, "cancellation_reason"].isna().all()


def test_the_last_contract_line_agrees_with_the_customer(chunk: SimulatedChunk) -> None:
    last = chunk.subscriptions.groupby("customer_id").tail(1).set_index("customer_id")
    customers = chunk.customers.set_index("customer_id").loc[last.index]
    assert (last["plan"] == customers["plan"]).all()
    assert (last["mrr"] == customers["monthly_revenue"]).all()
    assert (last["ended_on"].fillna(TODAY) == customers["churned_on"].fillna(TODAY)).all()
    first = chunk.subscriptions.groupby("customer_id").head(1).set_index("customer_id")
    assert (first["started_on"] == customers["signed_up_on"]).all()


def test_payments_match_the_contract_line_in_force(chunk: SimulatedChunk) -> None:
    monthly = chunk.subscriptions[chunk.subscriptions["billing_period"] == "month"]
    paid = chunk.events[chunk.events["kind"] == "payment"].assign(
        month=lambda f: pd.to_datetime(f["reference"].str[-7:]).astype("datetime64[us]")
    )
    held = paid.merge(monthly, on="customer_id")
    month_end = held["month"] + pd.offsets.MonthEnd(0)
    in_force = (held["started_on"] <= month_end) & ~(held["ended_on"] <= held["month"])
    agreed = (held["amount"] == held["mrr"])[in_force].groupby(held["reference"]).any()
    assert len(agreed) > 1000
    assert agreed.all()


def test_invoices_are_a_billing_period_apart(chunk: SimulatedChunk) -> None:
    invoices = chunk.events[chunk.events["kind"].isin(["payment", "payment_failed"])]
    first = invoices.groupby(["customer_id", "reference"])["occurred_at"].min().dt.normalize().reset_index()
    gaps = first.groupby("customer_id")["occurred_at"].diff().dt.days
    billing = chunk.customers.set_index("customer_id")["billing_period"].loc[first["customer_id"]].to_numpy()
    assert gaps[billing == "month"].min() >= 28
    assert gaps[billing == "year"].min() >= 350


def test_a_yearly_price_holds_for_the_year(chunk: SimulatedChunk) -> None:
    lines = chunk.subscriptions[chunk.subscriptions["billing_period"] == "year"]
    first = lines.groupby("customer_id").head(1)
    changed = first[first["ended_on"].notna() & (first["ended_on"].dt.day == 1)]
    started, ended = changed["started_on"], changed["ended_on"]
    months = 12 * (ended.dt.year - started.dt.year) + ended.dt.month - started.dt.month
    assert len(months) > 20
    assert (months % 12 == 0).all()


def test_a_lost_payment_ends_the_contract_after_three_attempts(chunk: SimulatedChunk) -> None:
    lost = chunk.customers.loc[chunk.customers["churn_kind"] == "involuntary", "customer_id"]
    failed = chunk.events[(chunk.events["kind"] == "payment_failed") & chunk.events["customer_id"].isin(lost)]
    attempts = failed.groupby(["customer_id", "reference"]).size().groupby("customer_id").last()
    assert len(lost) > 5
    assert (attempts == 3).all()
    assert set(attempts.index) == set(lost)


def test_customers_vary_as_real_ones_do(chunk: SimulatedChunk) -> None:
    customers = chunk.customers
    assert customers["plan"].nunique() == len(PLANS)
    assert set(customers["billing_period"]) == {"month", "year"}
    assert set(customers["churn_kind"].dropna()) == {"voluntary", "involuntary"}
    assert customers["timezone"].nunique() >= 4
    assert 0.85 < (customers["language"] == "en").mean() < 1
    assert 0 < customers["email"].isna().mean() < 0.15
    assert set(chunk.consents["status"]) == {"granted", "denied", "unknown"}
    assert set(chunk.events["kind"]) >= {"payment", "payment_failed", "usage", "outage", "ticket", "price_rise"}


def test_churn_is_in_the_range_of_the_trade(large_chunk: SimulatedChunk) -> None:
    active = large_chunk.truth.customers[large_chunk.truth.customers["active"]]
    assert 0.05 < active["left_within_90_days"].mean() < 0.12
    monthly = large_chunk.truth.hazards["left"].mean()
    assert 0.20 < 1 - (1 - monthly) ** 12 < 0.36


def test_the_window_may_end_within_a_month() -> None:
    today = date(2026, 11, 21)
    part = next(simulate(200, months=6, seed=2, today=today))
    part.frames.checked()
    assert part.events["occurred_at"].max() < pd.Timestamp(today, tz="UTC")
    assert part.events["occurred_at"].max() > pd.Timestamp("2026-11-10", tz="UTC")
    assert part.truth.hazards["month"].max() == pd.Timestamp("2026-10-01")


def test_a_single_customer_is_a_company_too() -> None:
    assert len(next(simulate(1)).customers) == 1


@pytest.mark.parametrize(("customers", "months", "seed"), [(0, 18, 7), (10, 1, 7), (10, 18, -1)])
def test_impossible_sizes_are_refused(customers: int, months: int, seed: int) -> None:
    with pytest.raises(InputError, match="cannot simulate"):
        simulate(customers, months, seed)


def test_the_profile_gives_safe_contacts_and_current_prices() -> None:
    profile = company_profile()
    assert str(profile["website"]).startswith("https://www.pellmere.example")
    assert str(profile["support_email"]).endswith(".example")
    plans = profile["plans"]
    assert isinstance(plans, list)
    assert [plan["price"] for plan in plans] == [plan.prices[-1] for plan in PLANS]
    assert str(OFFER_TYPES[0]) == "none"
