"""A dossier gathers all that is known of one customer, in words and as JSON."""

import json
from pathlib import Path

import pytest
from sqlalchemy import update

from analytics.artifacts import ModelStore
from analytics.language.understanding import Understander
from bot.cli.output import _plain
from bot.dossier import dossier
from db.errors import NotFoundError
from db.models import ChurnScore
from db.repositories.contacts import ContactRepository
from db.repositories.drafts import DraftRepository
from db.session import Store, open_store
from db.vocabulary import OutcomeKind, SuppressionReason
from tests.conftest import NOW, Company


def test_a_drafted_customer_has_forecast_reasons_decision_and_letter(company: Company) -> None:
    with open_store(company.path) as store:
        with store.read() as session:
            draft = DraftRepository(session).find(limit=1)[0]
        found = dossier(store, ModelStore(company.home / "models"), draft.customer_id, NOW)
    document = json.loads(json.dumps(found.as_json(), default=_plain))
    assert 0 < document["churn_probability"] < 1
    assert document["reasons"][0]["sentence"]
    assert document["decision"]["decision_id"] == draft.decision_id
    text = "\n".join(found.lines())
    assert found.score is not None
    chance = f"{found.score.churn_probability:.0%} will leave within 90 days"
    for piece in (draft.customer_name, chance, draft.subject, "Leaves within 30 days ", "Expected to stay "):
        assert piece in text
    assert document["churn_30"] < document["churn_60"] < document["churn_90"]
    assert document["churn_90"] == pytest.approx(document["churn_probability"])
    assert document["timing_model"].startswith("survival-end/")
    assert found.trace
    assert found.trace[0] in text


def test_reasons_that_were_not_kept_are_worked_out_alike(company: Company) -> None:
    models = ModelStore(company.home / "models")
    with open_store(company.path) as store:
        with store.read() as session:
            customer = DraftRepository(session).find(limit=1)[0].customer_id
        model = Understander.load_default().version
        kept = dossier(store, models, customer, NOW, reading_model=model)
        with store.write() as session:
            session.execute(update(ChurnScore).values(reasons=None))
        again = dossier(store, models, customer, NOW, reading_model=model)
    assert [reason.sentence for reason in again.reasons] == [reason.sentence for reason in kept.reasons]


def test_suppressions_and_outcomes_are_told(company: Company) -> None:
    with open_store(company.path) as store:
        with store.write() as session:
            customer = DraftRepository(session).find(limit=1)[0].customer_id
            contacts = ContactRepository(session)
            contacts.suppress(customer, SuppressionReason.COMPLAINT, NOW, "letter")
            contacts.record_outcome(customer, OutcomeKind.OPENED, NOW)
        found = dossier(store, ModelStore(company.home / "models"), customer, NOW)
    assert found.suppressions == ("complaint",)
    assert [kind for _, kind, _ in found.outcomes] == ["opened"]
    assert "Not to be contacted: complaint" in "\n".join(found.lines())


def test_an_unknown_customer_is_named(store: Store, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="no customer C9"):
        dossier(store, ModelStore(tmp_path / "models"), "C9", NOW)
