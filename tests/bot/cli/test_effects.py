"""A company decides, follows its customers for 90 days, and decides again by what the holdout has shown by then."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import select

from analytics.decisions.policy import parse_policy
from analytics.decisions.replay import decision_bytes, replay
from analytics.jobs.deciding import decide_all
from db.models import Customer
from db.repositories.contacts import ContactRepository
from db.repositories.decisions import DecisionRepository
from db.repositories.jobs import JobRepository
from db.repositories.model_versions import ModelRecord, ModelVersionRepository
from db.repositories.scores import ScoreRepository, ScoreRow
from db.repositories.settings import SettingsRepository
from db.session import Store
from db.vocabulary import JobState, OutcomeKind, Reason, RiskBand
from tests.analytics.decisions.build import catalogue_of
from tests.analytics.jobs.tables import NOW, fill
from tests.conftest import Command

CALL = "code: call, name: A call, offer_type: contact, terms: {who: a person}, propensity: 0.5, save_rate: 0.5"
END = datetime(2027, 2, 1, 12, 0, tzinfo=UTC)


def scored(store: Store, folder: Path, count: int) -> None:
    """Customers alike in their risk, of a tenure from 1 to 60 months."""
    tenure = np.arange(count) % 60 + 1
    table = pd.DataFrame({"id": [f"C{n:05d}" for n in range(count)], "tenure": tenure, "price": 40.0})
    fill(store, table, folder)
    with store.write() as session:
        job = JobRepository(session).begin("score", {}, NOW).id
        model = ModelVersionRepository(session).add(ModelRecord(0, "churn", "1", "0" * 64, {}, {}, {}, NOW))
        keys = session.scalars(select(Customer.id).order_by(Customer.id)).all()
        reasons = [Reason("tenure", "Tenure", "1", "30", 0.2, "Tenure is short.")]
        rows = [ScoreRow(key, 0.5, RiskBand.HIGH, 60.0, 400.0, reasons) for key in keys]
        ScoreRepository(session).add_many(job, model, NOW.date(), rows)
        JobRepository(session).finish(job, JobState.DONE, NOW)


def lived(store: Store, folder: Path, home: Path, count: int, *, helps_only_the_old: bool) -> None:
    """Half the customers are offered a call; it keeps three in ten, or six in ten of those with a long tenure."""
    scored(store, folder, count)
    home.mkdir(parents=True, exist_ok=True)
    (home / "policy.yaml").write_text("holdout_share: 0.5\n")
    (home / "offers.yaml").write_text(f"version: 1\noffers:\n  - {{{CALL}}}\n")
    policy = parse_policy("holdout_share: 0.5\n", "policy.yaml")
    job = decide_all(store, catalogue_of(CALL), policy, NOW).job_id
    luck, ends = np.random.default_rng(4).random(count), NOW + timedelta(days=90)
    with store.write() as session:
        SettingsRepository(session).set_today(END.date())
        for (customer_id, code, _, _), chance in zip(DecisionRepository(session).plan(job), luck, strict=True):
            number = int(customer_id[1:])
            effect = 0.6 * (number % 60 >= 30) if helps_only_the_old else 0.3
            stays = chance < 0.3 + effect * (code == "call")
            ContactRepository(session).record_outcome(
                customer_id, OutcomeKind.RETAINED if stays else OutcomeKind.CANCELED, ends
            )


def the_same_by_id(store: Store, job: int) -> set[str]:
    """Every decision of a job leads to its own bytes from what was stored with it; returns their methods."""
    methods = set()
    with store.read() as session:
        decisions = DecisionRepository(session)
        for customer_id, *_ in list(decisions.plan(job))[:80]:
            decision = decisions.latest_for(customer_id)
            assert decision is not None
            rules = SettingsRepository(session).get(f"rules:{decision.inputs['rules']}")
            assert decision_bytes(replay(decision.as_json(), rules)) == decision_bytes(decision)
            methods.add(decision.method)
    return methods


@pytest.mark.parametrize(
    ("count", "helps_only_the_old", "method", "weighed_by", "said"),
    [
        (1_200, True, "uplift", "per customer", "Weighed by effects estimated per customer: 1,200"),
        (1_200, False, "average_effect", "average", "Weighed by the measured average effect of the offer: 1,200"),
        (100, True, "propensity", "propensity", "no effect has been measured yet"),
    ],
)
def test_offers_are_weighed_by_what_the_outcomes_carry(
    store: Store,
    tmp_path: Path,
    own_home: Path,
    mainstay: Command,
    count: int,
    helps_only_the_old: bool,
    method: str,
    weighed_by: str,
    said: str,
) -> None:
    lived(store, tmp_path, own_home, count, helps_only_the_old=helps_only_the_old)
    place = ("--store", str(store.path))
    found = mainstay("effects", "--json", *place).json
    offer: dict[str, Any] = found["offers"][0]
    assert (found["followed"], offer["offered"] + offer["held_out"]) == (count, count)
    assert (offer["offer_code"], offer["weighed_by"]) == ("call", weighed_by)
    shown = mainstay("effects", *place)
    if method == "propensity":
        assert offer["effect"] is None
        assert "call: data are too thin:" in shown.out
    else:
        seen = offer["retained_offered"] - offer["retained_held_out"]
        assert offer["effect"]["estimate"] == pytest.approx(seen, abs=0.03)
        assert 0 < offer["effect"]["low"] < offer["effect"]["estimate"] < offer["effect"]["high"]
        assert (offer["calibration"]["slope"]["low"] > 0) is (method == "uplift")
        assert f"{offer['effect']['estimate'] * 100:+.1f}" in shown.out
    assert said in mainstay("decide", "--dry-run", *place).err
    decided = mainstay("decide", "--json", *place).json
    assert decided["methods"] == {method: count}
    assert mainstay("decide", "--json", *place).json == {**decided, "repeated": True}
    assert the_same_by_id(store, decided["job_id"]) == {method}
    responses = {row["name"]: row for row in mainstay("segments", "show", "--json", *place).json["responses"]}
    young, old = (mainstay("explain", customer_id, *place) for customer_id in ("C00001", "C00059"))
    if method == "uplift":
        assert sum(row["customers"] for row in responses.values()) == count
        assert count / 2 <= responses["persuadable"]["customers"] < count * 0.75
        assert responses["persuadable"]["kept_by_an_offer"] == pytest.approx(0.6 * count / 2, rel=0.3)
        assert responses["persuadable"]["residual_value"] == 400.0 * responses["persuadable"]["customers"]
        assert "lost cause: they may well leave" in mainstay("segments", "show", *place).out
        assert "Response to offers: persuadable" in old.out
        assert "Response to offers: persuadable" not in young.out
    else:
        assert responses == {}
        assert "response to an offer" not in mainstay("segments", "show", *place).out
        assert "Response to offers" not in young.out + old.out


def test_effects_cannot_be_told_before_anybody_was_followed(store: Store, mainstay: Command) -> None:
    ran = mainstay("effects", "--store", str(store.path))
    assert (ran.code, ran.out) == (2, "")
    assert "No decision has been followed for 90 days yet" in ran.err
