"""The log of off-policy evaluation: its probabilities are those that chance went by, so estimates are unbiased."""

import json
from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest

from analytics.decisions.comparison import compared_offer
from analytics.decisions.logbook import Logbook, Told, supported
from analytics.decisions.off_policy import METHODS, Method, compare, evaluate
from analytics.decisions.policy import DecisionPolicy
from db.vocabulary import Decision, Json, decision_from_json
from tests.analytics.decisions.build import catalogue_of, customer, decided, many
from tests.analytics.decisions.test_exploration import BIG, CALL, TIPS

STAYS = {"none": 0.4, "call": 0.5, "tips": 0.8}
CATALOGUE = catalogue_of(CALL, TIPS)


def crowd(count: int) -> pd.DataFrame:
    return pd.concat([customer(customer_id=f"c-{number:04d}") for number in range(count)], ignore_index=True)


def book_of(decisions: Sequence[Decision], retained: Sequence[bool] | None = None) -> Logbook:
    stays = retained if retained is not None else [True] * len(decisions)
    told = [
        Told(decision_from_json(json.loads(json.dumps(decision.as_json()))), bool(stay))
        for decision, stay in zip(decisions, stays, strict=True)
    ]
    return Logbook(told, no_rules)


def no_rules(_: str) -> Json:
    raise AssertionError("decisions of this module keep their rules themselves")


def test_estimates_of_policies_are_unbiased_and_their_intervals_cover() -> None:
    frame, rng, rounds = crowd(300), np.random.default_rng(8), 40
    found: dict[Method, list[float]] = {method: [] for method in METHODS}
    covered = 0
    for number in range(rounds):
        policy = DecisionPolicy(experiment=f"round {number}", holdout_share=0.2, explore_share=0.4)
        decisions = list(decided(frame, CATALOGUE, policy))
        rewards = np.array([float(rng.random() < STAYS[one.offer_code]) for one in decisions])
        book = book_of(decisions)
        log = book.log(rewards)
        np.testing.assert_allclose(log.assignment.sum(axis=1), 1.0, atol=1e-6)
        champion = book.table("decided")
        challenger = np.zeros_like(champion)
        challenger[:, book.codes.index("tips")] = 1.0
        for method in METHODS:
            found[method].append(evaluate(log, challenger, method).value)
        difference = compare(log, champion, challenger).difference
        covered += difference.low < STAYS["tips"] - STAYS["call"] < difference.high
    for method, values in found.items():
        error = float(np.std(values, ddof=1)) / rounds**0.5
        assert abs(float(np.mean(values)) - STAYS["tips"]) < 4 * error, method
        assert error < 0.05
    assert covered >= 34


def test_the_table_of_what_was_decided_is_what_outcomes_are_compared_by() -> None:
    policy = DecisionPolicy(holdout_share=0.3, explore_share=0.5)
    plain = {one.customer_id: one.offer_code for one in decided(BIG, policy=DecisionPolicy(holdout_share=0.0))}
    decisions = [one for one in decided(BIG, policy=policy) if "exploration" in one.inputs]
    book = book_of(decisions)
    chosen = [book.codes[arm] for arm in book.table("decided").argmax(axis=1)]
    assert chosen == [plain[one.customer_id] for one in decisions]
    again = [book.codes[arm] for arm in book.table("propensity").argmax(axis=1)]
    assert again == chosen
    drawn = book.table("bandit")
    np.testing.assert_allclose(drawn.sum(axis=1), 1.0, atol=1e-6)
    for row, one in enumerate(decisions):
        assert {code for code, share in zip(book.codes, drawn[row], strict=True) if share} == set(
            one.inputs["exploration"]["probabilities"]
        )


def test_choices_that_nobody_was_given_are_replaced_and_counted() -> None:
    decisions = list(decided(crowd(50), CATALOGUE))
    book = book_of(decisions)
    log, champion = book.log(np.ones(50)), book.table("decided")
    challenger = np.roll(champion, 1, axis=1)
    table, replaced = supported(challenger, log, champion)
    assert replaced == 1.0
    np.testing.assert_array_equal(table, champion)


def test_decisions_of_several_days_and_catalogues_share_one_log() -> None:
    frame = many(300, seed=6)
    frame["consent"] = "granted"
    first = [one for one in decided(frame.head(150)) if one.offer_code != "none"]
    second = [one for one in decided(frame.tail(150), CATALOGUE) if one.offer_code != "none"]
    book = book_of([*first, *second])
    assert {"none", "call", "tips", *(one.offer_code for one in first)} <= set(book.codes)
    chosen = [book.codes[arm] for arm in book.table("propensity").argmax(axis=1)]
    assert chosen == [one.offer_code for one in (*first, *second)]


@pytest.mark.parametrize("budget", [40.0, 150.0])
def test_prices_of_a_budget_count_for_the_challenger_too(budget: float) -> None:
    policy = DecisionPolicy(holdout_share=0.2, budget=budget)
    decisions = [one for one in decided(BIG, policy=policy) if compared_offer(one) is not None]
    book = book_of(decisions)
    np.testing.assert_array_equal(book.table("propensity"), book.table("decided"))
    assert len(book) > 20
