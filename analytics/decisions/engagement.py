"""The engagement policy: eligibility (may have), applicability (makes sense now), suitability (is good for them)."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from analytics.decisions.conditions import FactTable, Rule
from analytics.decisions.offers import Offer

KEPT = -1
REMEMBERED = 10_000
"""Sentences kept per offer: most customers break the same few rules with the same few values."""

STEP_WORDS = {
    "eligibility": "The customer may not have it.",
    "applicability": "It does not fit now.",
    "suitability": "It would not be good for the customer.",
}
"""What failing each step means, in words."""


@dataclass(frozen=True, slots=True)
class Engagement:
    """An offer against every customer: `first_broken` is the index of the first rule broken, or KEPT."""

    offer: Offer
    rules: tuple[tuple[str, Rule], ...]
    first_broken: npt.NDArray[np.int16]
    _said: dict[tuple[int, ...], str] = field(default_factory=dict, repr=False, compare=False)

    @property
    def kept(self) -> npt.NDArray[np.bool_]:
        """Whether each customer is still a candidate."""
        return np.asarray(self.first_broken == KEPT)

    def removed_by(self, row: int) -> str | None:
        """The rule that removed the offer, as step:name, or None."""
        index = int(self.first_broken[row])
        if index == KEPT:
            return None
        step, rule = self.rules[index]
        return f"{step}:{rule.name}"

    def sentence(self, row: int, facts: FactTable) -> str:
        """Why the offer was removed for a customer, in words; empty where it was kept."""
        index = int(self.first_broken[row])
        if index == KEPT:
            return ""
        step, rule = self.rules[index]
        key = (index, *(facts.code(name, row) for name in rule.condition.fields()))
        sentence = self._said.get(key) or f"{STEP_WORDS[step]} {rule.broken_words(facts, row)}"
        if len(self._said) < REMEMBERED:
            self._said[key] = sentence
        return sentence


def evaluate(offer: Offer, facts: FactTable) -> Engagement:
    """The engagement policy of an offer for every customer: the rules in order, the first broken one named."""
    steps = {
        "eligibility": offer.eligibility,
        "applicability": offer.applicability,
        "suitability": offer.suitability,
    }
    rules = tuple((step, rule) for step, step_rules in steps.items() for rule in step_rules)
    first_broken = np.full(len(facts), KEPT, dtype=np.int16)
    for index, (_, rule) in enumerate(rules):
        passes = rule.condition.mask(facts)
        first_broken[(first_broken == KEPT) & ~passes] = index
    return Engagement(offer, rules, first_broken)
