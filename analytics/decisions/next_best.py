"""The next best action: for every customer the offer worth most, or none, with every candidate and every rule kept."""

from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, date, datetime, time

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.decisions import facts as customer_facts
from analytics.decisions.arbitration import Ranked, Stakes, above_floor, rank, stakes
from analytics.decisions.budget import NOTHING, Options, Rationing, allocate
from analytics.decisions.conditions import FactTable
from analytics.decisions.contact import (
    ContactFacts,
    ContactVerdict,
    offer_verdict,
    permission_verdict,
    pressure_verdict,
)
from analytics.decisions.documents import digest
from analytics.decisions.effects import Effects, Estimated, no_effects
from analytics.decisions.engagement import Engagement, evaluate
from analytics.decisions.experiment import Assignment, Experiment, assign
from analytics.decisions.exploration import Draw, Exploring, OfferBandit, Prospects, explored, lot_of, prospects_of
from analytics.decisions.history import NO_HISTORY, ContactHistory, histories, utc
from analytics.decisions.offers import NONE_CODE, Catalogue, Offer
from analytics.decisions.plans import PlanLadder
from analytics.decisions.policy import DecisionPolicy
from analytics.decisions.setting import Setting
from analytics.decisions.terms import Accounts, filled, why_not
from db.vocabulary import Arm, Candidate, Channel, Decision, DecisionTerms, Json, OfferType

METHOD_PROPENSITY = "propensity"
METHOD_AVERAGE = "average_effect"
METHOD_UPLIFT = "uplift"
"""What an offer was weighed by: no effect, the average effect of the offer, or the effect on customers like this."""
RULE_BUDGET = "budget"
RULE_VOLUME = "offer_volume"
AFTER_THE_SPLIT = frozenset({None, "not_scored", "contact_limit", RULE_BUDGET, RULE_VOLUME})
"""What `blocked_by` says of the treated side of the experiment: nothing, or a rule that is asked after the split."""


class DecisionBatch:
    """The decisions of many customers: arrays inside, `Decision` objects made one by one as they are asked for.

    `rules` holds catalogue and policy; decisions made with `embed_rules=False` need it for their replay.
    """

    def __init__(
        self,
        setting: Setting,
        customers: pd.DataFrame,
        past: dict[str, ContactHistory],
        estimated: Estimated,
    ) -> None:
        self.setting = setting
        self.rules = setting.rules()
        self._rules_digest = digest(self.rules)
        self._names = [str(name) for name in customers.columns]
        self._rows = list(zip(*(customers[name].tolist() for name in customers.columns), strict=True))
        self._ids: list[str] = customers["customer_id"].tolist()
        self._facts = FactTable(customers)
        look_back = setting.look_back
        self._past = [
            past[customer_id].since(look_back) if customer_id in past else NO_HISTORY for customer_id in self._ids
        ]
        self._effects, self._is_average = estimated.effects, estimated.is_average
        self._stakes: Stakes = stakes(customers, setting.policy)
        self._offers: tuple[Offer, ...] = setting.catalogue.proposals
        self._engagement: list[Engagement] = [evaluate(offer, self._facts) for offer in self._offers]
        accounts = Accounts.of(customers)
        self._ranked: list[Ranked] = [
            rank(offer, accounts, self._facts, self._stakes, self._effects[:, index], setting.policy)
            for index, offer in enumerate(self._offers)
        ]
        self._above_floor = [above_floor(ranked) for ranked in self._ranked]
        self._rests = self._resting_offers()
        self._assigned = [self._assignment(customer_id) for customer_id in self._ids]
        self._blocks = [self._block(row) for row in range(len(self._ids))]
        self._priorities = self._open_priorities()
        self._rationing: Rationing | None = None
        self._draws: Mapping[str, Draw] = {}
        self._spend = np.column_stack([ranked.spend for ranked in self._ranked] or [np.zeros((len(self._ids), 0))])
        self._winner = self._planned = self._arbitrate()

    def __len__(self) -> int:
        return len(self._ids)

    def __iter__(self) -> Iterator[Decision]:
        return (self.decision(row) for row in range(len(self)))

    def decision(self, row: int) -> Decision:
        """The decision for the customer in that row."""
        inputs = self._inputs(row)
        decision_id = f"d{digest(inputs)[:24]}"
        if self.setting.embed_rules:
            inputs["ruleset"] = self.rules
        assigned, winner = self._assigned[row], int(self._winner[row])
        tone, tone_probability = self._tone(row)
        return Decision(
            decision_id=decision_id,
            customer_id=self._ids[row],
            decided_on=self.setting.today,
            channel=self.setting.channel,
            arm=assigned.arm,
            assignment_probability=assigned.assignment_probability,
            offer_code=self._code(winner),
            terms=self._terms(row, winner, decision_id, inputs["customer"]),
            candidates=tuple(self._candidates(row, inputs["customer"])),
            method=self._method(row),
            inputs=inputs,
            blocked_by=self._blocked_by(row),
            offer_assignment_probability=self._offer_probability(row),
            tone=tone,
            tone_assignment_probability=tone_probability,
        )

    def options(self) -> Options:
        """What may be proposed to whom, for a plan under limits over this batch or over several."""
        return Options(
            customer_ids=self._ids,
            codes=[offer.code for offer in self._offers],
            worth=self._priorities,
            spend=self._spend,
            free=self._free(),
        )

    def prospects(self, limited: Collection[str] = ()) -> Prospects:
        """What may be drawn for whom; offers that are `limited` in number are not."""
        held = np.array([block.rule == "holdout" for block in self._blocks], dtype=bool)
        return prospects_of(
            self._ids, self._facts, self._ranked, self._stakes, self._priorities, self._free(), held, limited
        )

    def currencies(self) -> set[str]:
        """The currencies of customers for whom some offer is worth more than nothing."""
        known = [
            self._facts.value("currency", row) for row in np.flatnonzero((self._priorities > 0).any(axis=1)).tolist()
        ]
        return {str(currency) for currency in known if currency is not None}

    def ration(self, rationing: Rationing) -> None:
        """Keep to a plan under limits: customers get the offer it assigns where that is still open, else none."""
        self._rationing = rationing
        self._places = rationing.prices.of([offer.code for offer in self._offers])
        index = {offer.code: number for number, offer in enumerate(self._offers)}
        assigned = [index.get(rationing.assigned.get(customer_id, NONE_CODE), NOTHING) for customer_id in self._ids]
        self._winner = np.array(
            [
                number if number != NOTHING and block.allowed and self._priorities[row, number] > 0 else NOTHING
                for row, (number, block) in enumerate(zip(assigned, self._blocks, strict=True))
            ],
            dtype=np.intp,
        )
        self._planned = self._winner

    def explore(self, draws: Mapping[str, Draw]) -> None:
        """Give customers who are drawn for what their lot falls on; comes after `ration`."""
        self._draws, self._winner = draws, self._planned.copy()
        index = {offer.code: number for number, offer in enumerate(self._offers)} | {NONE_CODE: NOTHING}
        for row in self._drawn_rows():
            code = draws[self._ids[row]].offer(lot_of(self.setting.experiment.name, self._ids[row]))
            number = index.get(code, NOTHING)
            # What a rule removed is never drawn, whatever a record says.
            if number == NOTHING or np.isfinite(self._priorities[row, number]):
                self._winner[row] = number

    def table(self) -> pd.DataFrame:
        """One line per customer, in the order given, without making the decisions.

        Columns: customer_id, arm, assignment_probability, offer_code, offer_type, priority (0 for none), spend
        (expected cost of offer and contact), saves (expected fall of the churn
        probability), churn_probability, method, value_at_stake, value_source, optionality (offers worth more than
        nothing, blocks of the customer apart), blocked_by, drawn (by lot), tone (of the letter, where it
        was drawn), given_up (priority of the planned offer less that of the drawn one).
        """
        priorities = self._priorities
        chosen = np.where(self._winner >= 0, self._winner, 0)
        spent = self._spend[np.arange(len(self)), chosen] if len(self._offers) else np.zeros(len(self))
        offers = [None if index < 0 else self._offers[index] for index in self._winner]
        drawn = np.zeros(len(self), dtype=bool)
        drawn[self._drawn_rows()] = True
        return pd.DataFrame(
            {
                "customer_id": self._ids,
                "arm": [assigned.arm.value for assigned in self._assigned],
                "assignment_probability": [assigned.assignment_probability for assigned in self._assigned],
                "offer_code": [offer.code if offer else NONE_CODE for offer in offers],
                "offer_type": [(offer.offer_type if offer else OfferType.NONE).value for offer in offers],
                "priority": self._worth_of(self._winner),
                "spend": np.where(self._winner >= 0, spent, 0.0),
                "saves": self._expected_saves(),
                "churn_probability": pd.to_numeric(self._facts.frame["churn_probability"], errors="coerce")
                if "churn_probability" in self._facts.frame
                else np.nan,
                "method": [self._method(row) for row in range(len(self))],
                "value_at_stake": self._stakes.value,
                "value_source": self._stakes.source,
                "optionality": (priorities > 0).sum(axis=1),
                "blocked_by": pd.Series([self._blocked_by(row) for row in range(len(self))], dtype=object),
                "drawn": drawn,
                "tone": pd.Series([self._tone(row)[0] for row in range(len(self))], dtype=object),
                "given_up": self._worth_of(self._planned) - self._worth_of(self._winner),
            }
        )

    def _worth_of(self, choice: npt.NDArray[np.intp]) -> npt.NDArray[np.float64]:
        """Priority of what is chosen for each customer, 0 for nothing."""
        rows, worth = np.flatnonzero(choice != NOTHING), np.zeros(len(self))
        worth[rows] = self._priorities[rows, choice[rows]]
        return worth

    def _free(self) -> npt.NDArray[np.bool_]:
        return np.array([block.allowed for block in self._blocks], dtype=bool)

    def _drawn_rows(self) -> list[int]:
        """Who is drawn for: only customers whom nothing blocks."""
        return [row for row in range(len(self)) if self._is_drawn(row)] if self._draws else []

    def _is_drawn(self, row: int) -> bool:
        draw = self._draws.get(self._ids[row])
        return draw is not None and draw.is_drawn and self._blocks[row].allowed

    def _offer_probability(self, row: int) -> float:
        """With which the customer was assigned what is decided, on the side of the experiment that they are on."""
        draw = self._draws.get(self._ids[row])
        if draw is None or not self._blocks[row].allowed:
            return 1.0
        return draw.probability(self._code(self._winner[row]), self._code(self._planned[row]))

    def _tone(self, row: int) -> tuple[str | None, float]:
        """The drawn tone of a drawn offer's letter and its probability; None and 1 where the writer chooses."""
        if not self._draws or self._winner[row] == NOTHING or not self._is_drawn(row):
            return None, 1.0
        return self._draws[self._ids[row]].tone(self.setting.experiment.name, self._ids[row])

    def _code(self, number: int) -> str:
        return NONE_CODE if number == NOTHING else self._offers[number].code

    def _planned_worth(self, row: int) -> float:
        number = self._planned[row]
        return 0.0 if number == NOTHING else float(self._priorities[row, number])

    def _expected_saves(self) -> npt.NDArray[np.float64]:
        """How much the chosen offers are expected to lower each churn probability; 0 where none was chosen."""
        saves = np.zeros(len(self))
        for index, ranked in enumerate(self._ranked):
            rows = np.flatnonzero(self._winner == index)
            scale = self._stakes.worth[rows] * ranked.offer.lever
            gain = ranked.priority[rows] + ranked.spend[rows]
            saves[rows] = np.divide(gain, scale, out=np.zeros(len(rows)), where=scale > 0)
        return saves

    def _assignment(self, customer_id: str) -> Assignment:
        return assign(self.setting.experiment.name, customer_id, self.setting.experiment.holdout_share)

    def _block(self, row: int) -> ContactVerdict:
        """What stands between this customer and any offer; permission before holdout before pressure."""
        setting, past = self.setting, self._past[row]
        customer = ContactFacts.of(dict(zip(self._names, self._rows[row], strict=True)))
        contact = setting.policy.contact
        verdict = permission_verdict(customer, past, setting.moment, setting.channel, contact)
        if not verdict.allowed:
            return verdict
        if self._assigned[row].arm is Arm.HOLDOUT:
            return ContactVerdict(False, "holdout", "The customer is in the holdout of the standing experiment.")
        if np.isnan(self._stakes.value[row]):
            return ContactVerdict(False, "not_scored", "There is no churn forecast for this customer.")
        return pressure_verdict(past, setting.moment, setting.channel, contact)

    def _resting_offers(self) -> dict[tuple[int, int], ContactVerdict]:
        """Verdicts of offers that rest after an earlier one, by (row, offer); few customers have any."""
        found = {}
        for row, past in enumerate(self._past):
            if not any(contact.offer_type is not OfferType.NONE for contact in past.contacts):
                continue
            for index, offer in enumerate(self._offers):
                verdict = offer_verdict(offer, past, self.setting.moment, self.setting.policy.contact)
                if not verdict.allowed:
                    found[row, index] = verdict
        return found

    def _open(self) -> npt.NDArray[np.bool_]:
        """Which offers no rule removed, (customers, offers); blocks of the customer apart."""
        kept = np.zeros((len(self), len(self._offers)), dtype=bool)
        for index, (ranked, engagement) in enumerate(zip(self._ranked, self._engagement, strict=True)):
            kept[:, index] = engagement.kept & ranked.economics.feasible & self._above_floor[index]
        for row, index in self._rests:
            kept[row, index] = False
        return kept

    def _open_priorities(self) -> npt.NDArray[np.float64]:
        """Priorities of the offers that no rule removed; -infinity for the others."""
        if not self._offers:
            return np.full((len(self), 0), -np.inf)
        priorities = np.column_stack([ranked.priority for ranked in self._ranked])
        return np.where(self._open() & ~np.isnan(priorities), priorities, -np.inf)

    def _arbitrate(self) -> npt.NDArray[np.intp]:
        """The offer of each customer, -1 for none. Of equals the one that stands first in the catalogue wins."""
        none = np.full(len(self), -1, dtype=np.intp)
        if not self._offers or not len(self):
            return none
        best = self._priorities.argmax(axis=1)
        worth_it = self._priorities[np.arange(len(self)), best] > 0
        return np.where(self._free() & worth_it, best, none)

    def _inputs(self, row: int) -> Json:
        """All that the decision for this customer depended on."""
        setting = self.setting
        inputs: Json = {
            "customer": customer_facts.as_json(self._names, self._rows[row]),
            "today": setting.today.isoformat(),
            "moment": setting.moment.isoformat(),
            "channel": setting.channel.value,
            "experiment": {"name": setting.experiment.name, "holdout_share": setting.experiment.holdout_share},
            "rules": self._rules_digest,
        }
        if self._past[row] != NO_HISTORY:
            inputs["history"] = self._past[row].as_json()
        if self._rationing is not None and (self._priorities[row] > 0).any():
            assigned = self._rationing.assigned.get(self._ids[row], NONE_CODE)
            inputs["allocation"] = {"assigned": assigned, "prices": self._rationing.prices.as_json()}
        draw = self._draws.get(self._ids[row])
        if draw is not None:
            planned = {"planned": self._code(self._planned[row]), "planned_worth": self._planned_worth(row)}
            inputs["exploration"] = draw.as_json() | planned
        measured = {
            offer.code: float(effect)
            for offer, effect in zip(self._offers, self._effects[row], strict=True)
            if not np.isnan(effect)
        }
        averages = [offer.code for offer, is_one in zip(self._offers, self._is_average[row], strict=True) if is_one]
        inputs |= {"effects": measured} if measured else {}
        return inputs | ({"average_effects": averages} if averages else {})

    def _method(self, row: int) -> str:
        """What the chosen offer was weighed by; where none was chosen, whether any effect was known."""
        winner = int(self._winner[row])
        weighed = slice(None) if winner == NOTHING else slice(winner, winner + 1)
        known = ~np.isnan(self._effects[row, weighed])
        if not known.any():
            return METHOD_PROPENSITY
        return METHOD_UPLIFT if (known & ~self._is_average[row, weighed]).any() else METHOD_AVERAGE

    def _terms(self, row: int, winner: int, decision_id: str, facts: Json) -> DecisionTerms:
        if winner < 0:
            return DecisionTerms(decision_id, OfferType.NONE)
        money = self._ranked[winner].economics
        figures = (money.price[row], money.price_during[row], money.value[row])
        return filled(self._offers[winner], facts, decision_id, self.setting.today, figures)

    def _candidates(self, row: int, facts: Json) -> Iterator[Candidate]:
        yield Candidate(NONE_CODE, OfferType.NONE, priority=0.0)
        block = self._blocks[row]
        for index, ranked in enumerate(self._ranked):
            offer = ranked.offer
            rule, sentence = self._removal(row, index, facts)
            scored = rule is None and not np.isnan(ranked.priority[row])
            if rule is None:
                rule, sentence = self._rationed_away(row, index)
            if rule is None and not block.allowed:
                # The priority stays: it says what a held-out or blocked customer would have been offered.
                rule, sentence = block.rule, block.sentence
            yield Candidate(
                offer.code,
                offer.offer_type,
                priority=float(ranked.priority[row]) if scored else None,
                removed_by=rule,
                explanation=sentence,
                parts=ranked.parts(row) if scored else {},
            )

    def _blocked_by(self, row: int) -> str | None:
        """The rule that left a customer without any offer: of the contact policy, or the limit that did not reach."""
        block = self._blocks[row]
        if not block.allowed:
            return block.rule
        idle = self._rationing is not None and self._winner[row] == NOTHING and not self._is_drawn(row)
        if not idle or not (self._priorities[row] > 0).any():
            return None
        return self._rationed_away(row, int(self._priorities[row].argmax()))[0]

    def _rationed_away(self, row: int, index: int) -> tuple[str | None, str]:
        """The limit that kept a better offer from a customer and a sentence on it, or (None, "").

        For customers whom a rule of contact stops, the prices say what they would have got.
        """
        rationing, worth = self._rationing, float(self._priorities[row, index])
        if rationing is None or not worth > 0 or self._is_drawn(row):
            return None, ""
        prices = rationing.prices
        places, spend = self._places, self._spend[row]
        reduced = self._priorities[row] - prices.budget * spend - places
        best = int(reduced.argmax())
        chosen = int(self._winner[row]) if self._blocks[row].allowed else (best if reduced[best] > 0 else NOTHING)
        if index == chosen or (chosen != NOTHING and worth <= self._priorities[row, chosen]):
            return None, ""
        gain = f"It is expected to bring {worth:,.2f} for a cost of {spend[index]:,.2f}"
        reached = reduced[chosen] if chosen != NOTHING else 0.0
        if places[index] > 0 and reduced[index] + places[index] > reached:
            return RULE_VOLUME, f"{gain}; the last place of this offer brings {places[index]:,.2f} more elsewhere."
        return RULE_BUDGET, f"{gain}; the last unit of budget brings {prices.budget:,.2f} elsewhere."

    def _removal(self, row: int, index: int, facts: Json) -> tuple[str | None, str]:
        """The rule that removed one offer for one customer and a sentence on it, or (None, "")."""
        engagement, ranked = self._engagement[index], self._ranked[index]
        rule = engagement.removed_by(row)
        if rule is not None:
            return rule, engagement.sentence(row, self._facts)
        resting = self._rests.get((row, index))
        if resting is not None:
            return resting.rule, resting.sentence
        if not ranked.economics.feasible[row]:
            return "terms", f"The terms cannot be stated: {why_not(ranked.offer, facts)}"
        if not self._above_floor[index][row]:
            left = float(ranked.economics.margin_left[row])
            floor = ranked.offer.margin_floor
            return "margin_floor", f"It would leave a margin of {left:.0%} of the price; the floor is {floor:.0%}."
        return None, ""


def decide(
    customers: pd.DataFrame,
    catalogue: Catalogue,
    policy: DecisionPolicy,
    *,
    today: date,
    channel: Channel = Channel.EMAIL,
    experiment: Experiment | None = None,
    contacts: pd.DataFrame | None = None,
    suppressions: pd.DataFrame | None = None,
    ladder: PlanLadder | None = None,
    effects: Effects | None = None,
    now: datetime | None = None,
    embed_rules: bool = True,
    rationing: Rationing | None = None,
    exploring: Exploring | None = None,
) -> DecisionBatch:
    """The next best action for every customer.

    Args:
        customers: one row per customer; see `facts.CORE_COLUMNS`, further columns may be read by the catalogue's rules.
        catalogue: the offers; `none` is always a candidate, with priority 0.
        policy: contact rules and economics; its standing experiment is used unless `experiment` is given.
        today: the day that offers are valid from; `now` (aware) defaults to its noon in UTC.
        contacts: messages sent and offers shown before (`history.CONTACT_COLUMNS`).
        suppressions: who must not be contacted (`history.SUPPRESSION_COLUMNS`).
        ladder: known plans with prices; without it no customer is offered a cheaper plan.
        effects: measured effects of offers, used where there are any.
        embed_rules: store catalogue and policy in every decision, so that it replays from itself alone; without, keep
            the batch's `rules` once. Storing them in each costs about 6 kB and half a millisecond a decision.
        rationing: a plan under the policy's limits that was made over more customers than these; without one, and
            with limits in the policy, the plan is made over these customers.
        exploring: for whom a larger run draws; without one the policy's share of these, by the catalogue's figures.

    Quiet hours govern when a message leaves, not what is decided. Raises InputError where a frame cannot be read.
    """
    setting = Setting(
        catalogue,
        policy,
        experiment or policy.standing_experiment,
        channel,
        today,
        utc(now) or datetime.combine(today, time(12), tzinfo=UTC),
        embed_rules,
    )
    prepared = customer_facts.prepare(customers, today, ladder or PlanLadder(), catalogue.fields, catalogue.currency)
    codes, ids = [offer.code for offer in catalogue.proposals], prepared["customer_id"].tolist()
    estimated = no_effects(len(ids), len(codes)) if effects is None else effects.estimated(prepared, codes)
    batch = DecisionBatch(setting, prepared, histories(contacts, suppressions, ids), estimated)
    return _limited(batch, policy, rationing, exploring or _explored(batch, policy))


def _explored(batch: DecisionBatch, policy: DecisionPolicy) -> Exploring | None:
    if not policy.explore_share or not batch.setting.catalogue.proposals:
        return None
    bandit = OfferBandit(batch.setting.catalogue.proposals, policy.tones)
    prospects = batch.prospects(policy.volumes)
    return explored(bandit, batch.setting.experiment.name, policy.explore_share, prospects, policy.budget)


def _limited(
    batch: DecisionBatch, policy: DecisionPolicy, rationing: Rationing | None, exploring: Exploring | None
) -> DecisionBatch:
    if rationing is None and policy.limits:
        limits = policy.limits.without(exploring.spend if exploring else 0.0)
        rationing = allocate(batch.options(), limits).rationing
    if rationing is not None:
        batch.ration(rationing)
    if exploring is not None:
        batch.explore(exploring.draws)
    return batch
