"""Replaying a decision from what was stored with it: the same inputs give the same decision, byte for byte."""

import json
from collections.abc import Sequence
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


def batch_of(many: Sequence[Json], ruleset: Json, estimated: Estimated | None = None) -> DecisionBatch:
    """Decisions of customers again, from the inputs of one run: before any limits and lots of that run.

    `estimated` are other effects to weigh the offers by than those on record.
    """
    catalogue, policy = _parsed(canonical_json(ruleset))
    first, offers = many[0], catalogue.proposals
    setting = Setting(
        catalogue,
        policy,
        Experiment(first["experiment"]["name"], first["experiment"]["holdout_share"]),
        Channel(first["channel"]),
        date.fromisoformat(first["today"]),
        datetime.fromisoformat(first["moment"]),
        "ruleset" in first,
    )
    if estimated is None:
        averages = [set(inputs.get("average_effects", ())) for inputs in many]
        measured = [inputs.get("effects", {}) for inputs in many]
        estimated = Estimated(
            np.array([[one.get(offer.code, np.nan) for offer in offers] for one in measured], dtype=np.float64),
            np.array([[offer.code in one for offer in offers] for one in averages], dtype=bool),
        )
    past = {str(inputs["customer"]["customer_id"]): history_from_json(inputs.get("history", {})) for inputs in many}
    return DecisionBatch(setting, customer_facts.from_json(*(inputs["customer"] for inputs in many)), past, estimated)


def _batch(inputs: Json, ruleset: Json) -> DecisionBatch:
    batch, customer_id = batch_of([inputs], ruleset), str(inputs["customer"]["customer_id"])
    if "allocation" in inputs:
        kept = inputs["allocation"]
        batch.ration(Rationing(prices_from_json(kept["prices"]), {customer_id: kept["assigned"]}))
    elif batch.setting.policy.limits:
        batch.ration(Rationing(Prices(), {}))
    if "exploration" in inputs:
        batch.explore({customer_id: draw_from_json(inputs["exploration"])})
    return batch
