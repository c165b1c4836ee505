"""Which offer a customer counts for when the two sides of the experiment are compared, limits of a run included.

Limits ration the treated alone, so that what a customer got says nothing of the holdout. What both sides have is the
record of the priorities and of the prices of that run: at them a customer has one best offer, or none. Those who have
one are served in full by the linear programme of `budget` (complementary slackness), and are compared with held-out
customers who have the same. The others were left out, or served as the last ones within a limit, for which nobody in
the holdout can be named: they count on neither side.
"""

from analytics.decisions.budget import Prices, prices_from_json
from analytics.decisions.next_best import AFTER_THE_SPLIT, RULE_BUDGET, RULE_VOLUME
from analytics.decisions.trace import RATIONED, intended_offer
from db.vocabulary import Candidate, Decision

HOLDOUT_RULE = "holdout"
COMPARED = (AFTER_THE_SPLIT | {HOLDOUT_RULE}) - {RULE_BUDGET, RULE_VOLUME}
"""What `blocked_by` may say of a customer who counts: nothing, or a rule that strikes both sides alike."""

_COST_STEP = 1e-4
_PRICE_STEP = 1e-6
"""What rounding of costs and prices in the record may amount to."""


def compared_offer(decision: Decision) -> Candidate | None:
    """The offer that was meant for the customer of a decision, on either side; None for whom there is no comparison."""
    if decision.blocked_by not in COMPARED:
        return None
    intended = intended_offer(decision)
    prices = prices_from_json(decision.inputs.get("allocation", {}).get("prices", {}))
    if intended is None or not prices.as_json():
        return intended
    best = _surely_best(decision, prices)
    # Where a lot decided, it is the plan that both sides have.
    planned = decision.inputs.get("exploration", {}).get("planned", decision.offer_code)
    is_served = planned == best or decision.blocked_by is not None
    return intended if intended.offer_code == best and is_served else None


def _surely_best(decision: Decision, prices: Prices) -> str | None:
    """The code of the offer that is worth more than every other and than none, at the prices of the run."""
    worth: list[tuple[float, float, str]] = []
    for item in decision.candidates:
        if not (item.priority or 0) > 0 or item.removed_by not in {None, decision.blocked_by, *RATIONED}:
            continue
        parts = item.parts
        spend = float(parts["propensity"]) * float(parts["offer_cost"]) + float(parts["contact_cost"])
        reduced = float(item.priority or 0) - prices.budget * spend - prices.offers.get(item.offer_code, 0.0)
        worth.append((reduced, _COST_STEP * prices.budget + _PRICE_STEP * (1 + spend), item.offer_code))
    first, second = sorted([(0.0, 0.0, ""), (0.0, 0.0, ""), *worth], reverse=True)[:2]
    return first[2] if first[0] - second[0] > first[1] + second[1] else None
