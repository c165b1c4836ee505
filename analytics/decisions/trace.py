"""Explaining a decision in plain sentences: why this, why not that; read from the record alone."""

from collections.abc import Mapping
from dataclasses import replace

from db.vocabulary import Arm, Candidate, Decision, Json, OfferType

BLOCK_SENTENCES: Mapping[str, str] = {
    "holdout": "The customer is in the holdout of the standing experiment, so nothing is offered.",
    "not_scored": "There is no churn forecast for this customer, so there is nothing to weigh an offer against.",
    "not_active": "The customer has already left.",
    "no_consent": "The customer has not agreed to be contacted.",
    "no_address": "There is no e-mail address for this customer.",
    "contact_limit": "The customer has been contacted as often as the contact policy allows.",
    "life_event": "The customer told us of a life event; this is no time to sell.",
    "opt_out": "The customer opted out.",
    "complaint": "The customer complained about our messages.",
    "hard_bounce": "Mail to the customer's address came back for good.",
    "objection": "The customer objected to the use of their data for this.",
    "erased": "The customer asked to be erased.",
    "outcome": "The customer is left alone after what came of earlier contacts.",
    "budget": "The budget is worth more with other customers.",
    "offer_volume": "The offer may only be made so often, and is worth more with other customers.",
}
"""What each rule that stops every offer means."""


RATIONED = frozenset({"budget", "offer_volume"})
"""Rules of one run's limits: they say nothing of the customer."""


def explain(decision: Decision, names: Mapping[str, str] | None = None) -> list[str]:
    """Why this and why not that, as sentences: the outcome, what is at stake, the winner, then all other candidates.

    Offers are called by their codes, or as `names` says by code.
    """
    decision = _by_name(decision, names) if names else decision
    sentences = [_outcome(decision), *_drawn(decision), *_at_stake(decision)]
    chosen = _chosen(decision)
    price = decision.inputs.get("allocation", {}).get("prices", {}).get("budget")
    if price:
        sentences.append(f"A budget is in force; its last unit brings {_money(price, _currency(decision))} elsewhere.")
    if chosen is not None and chosen.offer_type is not OfferType.NONE:
        sentences.append(_sum_of(chosen, _currency(decision), decision.method))
    sentences += [_worth(item, chosen, _currency(decision)) for item in _others(decision) if item.removed_by is None]
    if decision.blocked_by is None or decision.blocked_by in RATIONED:
        sentences += _removals(decision)
    would_have = intended_offer(decision)
    if decision.arm is Arm.HOLDOUT and would_have is not None:
        sentences.append(f"Outside the holdout the customer would have been offered {would_have.offer_code}.")
    return sentences


def _by_name(decision: Decision, names: Mapping[str, str]) -> Decision:
    """The same decision with each offer under its name; a name that several offers share goes with the code."""
    codes = [item.offer_code for item in decision.candidates]
    shared = [names.get(code) for code in {*codes, decision.offer_code}]

    def called(code: str) -> str:
        name = names.get(code)
        if name is None:
            return code
        return f"“{name}”" if shared.count(name) == 1 else f"“{name}” ({code})"

    inputs, drawn = dict(decision.inputs), decision.inputs.get("exploration")
    if drawn is not None and "probabilities" in drawn:
        shares = {called(code): share for code, share in drawn["probabilities"].items()}
        inputs["exploration"] = {**drawn, "probabilities": shares, "planned": called(drawn["planned"])}
    candidates = tuple(replace(item, offer_code=called(item.offer_code)) for item in decision.candidates)
    return replace(decision, offer_code=called(decision.offer_code), candidates=candidates, inputs=inputs)


def not_contacted(decision: Decision) -> str:
    """Why a customer whom a rule stopped is not contacted, as a sentence; empty for everyone else."""
    rule = decision.blocked_by
    if rule is None:
        return ""
    general = BLOCK_SENTENCES.get(rule, f"The rule {rule!r} forbids it.")
    # The record is more exact than the rule: how many contacts, how long ago.
    exact = {item.explanation for item in decision.candidates if item.removed_by == rule and rule not in RATIONED}
    why = next(iter(exact)) if len(exact) == 1 and rule != "holdout" else general
    return f"Not contacted because {why[:1].lower()}{why[1:]}"


def intended_offer(decision: Decision) -> Candidate | None:
    """What would have been offered had nothing blocked the customer: for the holdout, the offer it is compared with."""
    if decision.blocked_by in RATIONED:
        return None
    scored = [item for item in decision.candidates if item.priority is not None and item.priority > 0]
    blocked = [item for item in scored if item.removed_by in (None, decision.blocked_by)]
    return max(blocked, key=lambda item: item.priority or 0.0, default=None)


def _outcome(decision: Decision) -> str:
    day = f"{decision.decided_on.day} {decision.decided_on:%B %Y}"
    if decision.blocked_by is not None:
        return f"On {day} nothing was offered ({decision.channel.value}). {not_contacted(decision)}"
    if decision.terms.offer_type is not OfferType.NONE:
        kind = decision.terms.offer_type.value.replace("_", " ")
        return f"On {day} the choice was {decision.offer_code} ({kind}, {decision.channel.value})."
    if is_drawn(decision):
        return f"On {day} nothing was offered ({decision.channel.value}): the lot fell on nothing."
    weighed = any(item.priority is not None and item.offer_type is not OfferType.NONE for item in decision.candidates)
    why = "no offer is worth more than it costs" if weighed else "no offer fits this customer"
    return f"On {day} nothing was offered ({decision.channel.value}): {why}."


def is_drawn(decision: Decision) -> bool:
    """Whether a lot, and not worth alone, said what is offered."""
    return bool(decision.inputs.get("exploration", {}).get("drawn"))


def _drawn(decision: Decision) -> list[str]:
    """What was drawn, with which probability, among which; or that a lot left the customer with the planned offer."""
    record = decision.inputs.get("exploration")
    if record is None or decision.blocked_by is not None:
        return []
    if not record["drawn"]:
        return [f"For {record['chance']:.0%} of such customers the offer is drawn, to learn from; not for this one."]
    shares = sorted(record["probabilities"].items(), key=lambda item: (-item[1], item[0]))
    among = _listed([f"{code} ({share:.0%})" for code, share in shares], "and")
    share = record["probabilities"].get(decision.offer_code, 0.0)
    return [
        f"This was drawn, to learn from: {decision.offer_code} with a probability of {share:.0%}, among {among}. "
        f"The plan was {record['planned']}.",
        f"The offer is drawn for {record['chance']:.0%} of such customers, so that {decision.offer_code} had a "
        f"probability of {decision.offer_assignment_probability:.1%} in all.",
        *_tone(decision),
    ]


def _tone(decision: Decision) -> list[str]:
    """How the tone of the letter came about, where a lot said it."""
    if decision.tone_assignment_probability == 1.0 and decision.tone is None:
        return []
    what = f"{decision.tone} tone" if decision.tone else "choice of the writer"
    return [f"The tone of the letter was drawn as well: {what}, with {decision.tone_assignment_probability:.0%}."]


def _at_stake(decision: Decision) -> list[str]:
    customer: Json = decision.inputs.get("customer", {})
    probability = customer.get("churn_probability")
    if not isinstance(probability, int | float):
        return []
    band = f", {customer['risk_band']} risk" if customer.get("risk_band") else ""
    topic = customer.get("topic")
    reason = f" The last topic was {str(topic).replace('_', ' ')}." if topic else " No reason to leave is known."
    told = [f"The churn probability is {probability:.0%}{band}.{reason}"]
    if all(customer.get(name) is None for name in ("monthly_revenue", "residual_value", "revenue_at_risk")):
        told.append("What the customer pays is not known: amounts below rest on the worth that the policy assumes.")
    return told


def _sum_of(chosen: Candidate, currency: str, method: str) -> str:
    parts = chosen.parts
    if "effect" in parts:
        kind = "a measured average effect" if method == "average_effect" else "a measured effect"
        gain = f"{kind} of {parts['effect']:.3f} on a worth of {_money(parts['value'], currency)}"
    else:
        gain = (
            f"a propensity of {parts['propensity']:.2f}, a context weight of {parts['context_weight']:.2f} "
            f"and an expected retained value of {_money(parts['value'], currency)}"
        )
    lever = "" if parts["lever"] == 1 else f", a lever of {parts['lever']:.2f}"
    accepted, contact = _money(parts["offer_cost"], currency), _money(parts["contact_cost"], currency)
    costs = f"{accepted} if it is accepted and {contact} for the contact" if parts["offer_cost"] else f"{contact}"
    backing = "" if "effect" in parts else " Its effect has not been measured yet; propensity stands in for it."
    return (
        f"{chosen.offer_code} is worth {_money(chosen.priority, currency)}: {gain}{lever}; it costs {costs}.{backing}"
    )


def _removals(decision: Decision) -> list[str]:
    """One sentence for all candidates that fell to the same rule for the same reason, the most candidates first."""
    fallen: dict[tuple[str, str], list[str]] = {}
    for item in decision.candidates:
        if item.removed_by is not None:
            fallen.setdefault((item.removed_by, item.explanation), []).append(item.offer_code)
    ordered = sorted(fallen.items(), key=lambda entry: (-len(entry[1]), entry[0]))
    return [f"Not {_listed(codes)}: {why} (rule {rule})" for (rule, why), codes in ordered]


def _listed(codes: list[str], last: str = "or") -> str:
    return codes[0] if len(codes) == 1 else f"{', '.join(codes[:-1])} {last} {codes[-1]}"


def _worth(item: Candidate, chosen: Candidate | None, currency: str) -> str:
    if item.priority is None:
        return f"{item.offer_code} could not be weighed."
    if item.offer_type is OfferType.NONE:
        return "Doing nothing is worth 0 by definition."
    if item.priority <= 0:
        return f"{item.offer_code} costs more than it is expected to bring ({_money(item.priority, currency)})."
    if chosen is not None and chosen.priority is not None and chosen.priority > item.priority:
        short = _money(chosen.priority - item.priority, currency)
        return f"{item.offer_code} is worth {_money(item.priority, currency)}, {short} less than {chosen.offer_code}."
    if chosen is not None and chosen.priority is not None and chosen.priority < item.priority:
        more = _money(item.priority - chosen.priority, currency)
        return f"{item.offer_code} is worth {_money(item.priority, currency)}, {more} more than {chosen.offer_code}."
    return f"{item.offer_code} is worth {_money(item.priority, currency)}; the catalogue lists the chosen one first."


def _chosen(decision: Decision) -> Candidate | None:
    return next((item for item in decision.candidates if item.offer_code == decision.offer_code), None)


def _others(decision: Decision) -> list[Candidate]:
    """All but the chosen one, the most valuable first, the removed ones last."""
    others = [item for item in decision.candidates if item.offer_code != decision.offer_code]
    return sorted(others, key=lambda item: (item.removed_by is not None, -(item.priority or 0.0), item.offer_code))


def _currency(decision: Decision) -> str:
    return str(decision.inputs.get("customer", {}).get("currency") or "")


def _money(amount: object, currency: str) -> str:
    return f"{amount:,.2f} {currency}".rstrip() if isinstance(amount, int | float) else "an unknown amount"
