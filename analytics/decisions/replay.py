"""Replaying a decision from what was stored with it: the same inputs give the same decision, byte for byte."""

import json
from datetime import date, datetime
from functools import lru_cache

import numpy as np

from analytics.decisions import facts as customer_facts
from analytics.decisions.budget import Prices, Rationing, prices_from_json
from analytics.decisions.documents import canonical_json, digest
from analytics.decisions.effects import Estimated
from analytics.decisions.experiment import Experiment
from analytics.decisions.exploration import draw_from_json
from analytics.decisions.history import history_from_json
from analytics.decisions.next_best import DecisionBatch
from analytics.decisions.offers import Catalogue, catalogue_from_json
from analytics.decisions.policy import DecisionPolicy, policy_from_json
from analytics.decisions.setting import Setting
from db.errors import InputError
from db.vocabulary import Channel, Decision, Json

_HINT = "Replay with the catalogue and policy that were in force when it was decided."


def replay(document: Json, rules: Json | None = None) -> Decision:
    """The decision that the inputs in a decision's JSON form lead to.

    `rules` (a batch's `rules`) is needed where the decision was stored without them.

    Raises:
        InputError: the inputs are incomplete, or the rules are not those the decision was made under.
    """
    inputs = document.get("inputs")
    if not isinstance(inputs, dict):
        raise InputError("the decision was stored without its inputs", hint=_HINT)
    ruleset = inputs.get("ruleset", rules)
    if not isinstance(ruleset, dict):
        raise InputError("the decision was stored without its rules", hint=_HINT)
    if digest(ruleset) != inputs.get("rules"):
        raise InputError("the rules are not those this decision was made under", hint=_HINT)
    try:
        batch = _batch(inputs, ruleset)
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"the inputs of the decision cannot be read: {error}", hint=_HINT) from error
    return batch.decision(0)


def decision_bytes(decision: Decision) -> bytes:
    """The one byte string of a decision: canonical JSON in UTF-8."""
    return canonical_json(decision.as_json()).encode("utf-8", errors="surrogatepass")


@lru_cache(maxsize=8)
def _parsed(ruleset: str) -> tuple[Catalogue, DecisionPolicy]:
    """Decisions are replayed in runs that share their rules."""
    document = json.loads(ruleset)
    return catalogue_from_json(document["catalogue"]), policy_from_json(document["policy"])


def _batch(inputs: Json, ruleset: Json) -> DecisionBatch:
    catalogue, policy = _parsed(canonical_json(ruleset))
    customer = customer_facts.from_json(inputs["customer"])
    setting = Setting(
        catalogue,
        policy,
        Experiment(inputs["experiment"]["name"], inputs["experiment"]["holdout_share"]),
        Channel(inputs["channel"]),
        date.fromisoformat(inputs["today"]),
        datetime.fromisoformat(inputs["moment"]),
        "ruleset" in inputs,
    )
    measured = inputs.get("effects", {})
    averages = set(inputs.get("average_effects", ()))
    effects = Estimated(
        np.array([[measured.get(offer.code, np.nan) for offer in catalogue.proposals]], dtype=np.float64),
        np.array([[offer.code in averages for offer in catalogue.proposals]], dtype=bool),
    )
    past = {str(inputs["customer"]["customer_id"]): history_from_json(inputs.get("history", {}))}
    batch = DecisionBatch(setting, customer, past, effects)
    if "allocation" in inputs:
        kept = inputs["allocation"]
        batch.ration(
            Rationing(prices_from_json(kept["prices"]), {str(inputs["customer"]["customer_id"]): kept["assigned"]})
        )
    elif policy.limits:
        batch.ration(Rationing(Prices(), {}))
    if "exploration" in inputs:
        batch.explore({str(inputs["customer"]["customer_id"]): draw_from_json(inputs["exploration"])})
    return batch
