"""Forecasts in time of a store: trained, kept, loaded again, and consistent for every customer."""

from datetime import timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from analytics.artifacts import TRUSTED_TYPES, ModelStore
from analytics.jobs.lifetimes import forecast_lifetimes, lifetime_events, train_lifetimes
from analytics.survival import FollowedEvent
from db.errors import NotFoundError, TrainingError
from db.models import Customer, Event
from db.repositories.settings import SettingsRepository
from db.session import Store, open_store
from db.vocabulary import ChurnDefinition, ChurnDefinitionKind
from tests.analytics.company import FIRST_DAY, shopping_company
from tests.conftest import NOW, Company

SILENCE = ChurnDefinition(ChurnDefinitionKind.INACTIVITY, 90, ("purchase",), 60)
TODAY = FIRST_DAY + timedelta(days=640)


def fill(store: Store, definition: ChurnDefinition) -> None:
    """Write the shopping company, its customers in the order of their keys."""
    frames = shopping_company(customers=150)
    with store.write() as session:
        settings = SettingsRepository(session)
        settings.set_churn_definition(definition)
        settings.set_today(TODAY.date())
        made = [Customer(external_id=one, created_at=NOW, updated_at=NOW) for one in frames.customers["customer_id"]]
        session.add_all(made)
        session.flush()
        keys = {one.external_id: one.id for one in made}
        events = frames.events[frames.events["occurred_at"] < TODAY]
        columns = (events["customer_id"], events["occurred_at"].dt.to_pydatetime(), events["amount"])
        session.add_all(
            Event(
                customer_id=keys[who], kind="purchase", occurred_at=at, amount=amount, source_key=f"{number}".encode()
            )
            for number, (who, at, amount) in enumerate(zip(*columns, strict=True))
        )


def plain() -> object:
    return make_pipeline(SimpleImputer(), StandardScaler(), LogisticRegression(C=0.1))


@pytest.mark.slow
def test_silence_has_a_hazard_of_acting_and_one_of_lapsing(store: Store, tmp_path: Path) -> None:
    fill(store, SILENCE)
    models = ModelStore(tmp_path / "models", trusted=(*TRUSTED_TYPES, "numpy.dtype"))  # of the imputer
    with pytest.raises(NotFoundError, match="No forecast in time"):
        forecast_lifetimes(store, models, NOW)
    kept = train_lifetimes(store, models, NOW, forecaster=plain())
    assert [one.split("/")[0] for one in kept] == ["survival-act", "survival-lapse"]
    found = forecast_lifetimes(store, models, NOW)
    customers = found.customers
    assert found.observation_date == TODAY.date()
    assert len(customers) > 30
    silent = customers[["churn_30", "churn_60", "churn_90"]].to_numpy()
    assert ((silent > 0) & (silent < 1)).all()
    assert (np.diff(silent, axis=1) <= 0).all()
    assert customers["expected_days"].between(0, found.cap_days).all()
    assert customers["expected_days"].std() > 1
    worth = customers["residual_value"].dropna()
    assert len(worth) > 30
    assert (worth >= 0).all()
    one = customers["customer_id"].iloc[3]
    alone = forecast_lifetimes(store, models, NOW, customer_ids=[one], margin_rate=0.5).customers
    assert alone["customer_id"].tolist() == [one]
    assert alone["residual_value"].iloc[0] == pytest.approx(customers["residual_value"].iloc[3] / 2)
    pd.testing.assert_series_equal(
        alone["churn_90"], customers["churn_90"].iloc[[3]].reset_index(drop=True), check_exact=False
    )


@pytest.mark.slow
def test_contracts_end_by_choice_or_by_a_failed_payment(company: Company, tmp_path: Path) -> None:
    with open_store(company.path) as store:
        models = ModelStore(tmp_path / "models")
        assert len(train_lifetimes(store, models, NOW)) == 1
        found = forecast_lifetimes(store, models, NOW)
    churn = found.customers[[name for name in found.customers if str(name).startswith("churn_")]].to_numpy()
    assert (np.diff(churn, axis=1) >= 0).all()
    if "voluntary_90" in found.customers:
        parts = found.customers["voluntary_90"] + found.customers["involuntary_90"]
        np.testing.assert_allclose(parts, found.customers["churn_90"], atol=1e-9)
    riskiest = found.customers.sort_values("churn_30")
    assert riskiest["expected_days"].iloc[-20:].mean() < riskiest["expected_days"].iloc[:20].mean()


def test_a_lifetime_ends_with_the_contract_or_with_a_long_silence() -> None:
    assert lifetime_events(SILENCE) == (FollowedEvent.ACT, FollowedEvent.LAPSE)
    assert lifetime_events(ChurnDefinition(ChurnDefinitionKind.CANCEL_DATE)) == (FollowedEvent.END, FollowedEvent.END)


def test_a_label_has_no_time(store: Store, tmp_path: Path) -> None:
    fill(store, ChurnDefinition(ChurnDefinitionKind.LABEL))
    with pytest.raises(TrainingError, match="no time to forecast"):
        train_lifetimes(store, ModelStore(tmp_path / "models"), NOW)
