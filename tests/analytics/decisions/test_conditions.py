"""Conditions of the engagement policy: what they let through, what they say, and what they refuse to be."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.decisions.conditions import FactTable, parse_condition, parse_rule, plain
from analytics.decisions.engagement import evaluate
from tests.analytics.decisions.build import catalogue_of, customer, decided

FACTS = pd.DataFrame(
    {
        "plan": ["Basic", "basic ", "Max", None],
        "age": [17.0, 18.0, 65.0, np.nan],
        "lines": [1, 2, 3, 4],
        "auto_pay": [True, False, True, None],
        "ends": pd.to_datetime(pd.Series(["2026-12-01", "2026-12-31", "2027-01-01", None])),
    }
)


@pytest.mark.parametrize(
    ("condition", "passes"),
    [
        ("{field: age, at_least: 18}", "0110"),
        ("{field: age, at_most: 18}", "1100"),
        ("{field: age, between: [18, 65]}", "0110"),
        ("{field: lines, between: [2, 3]}", "0110"),
        ("{field: plan, equals: Basic}", "1100"),
        ("{field: plan, in: [max, null]}", "0011"),
        ("{field: plan, in: [max]}", "0010"),
        ("{field: plan, not_in: [max]}", "1101"),
        ("{field: plan, not_in: [max, null]}", "1100"),
        ("{field: age, is_known: true}", "1110"),
        ("{field: age, is_known: false}", "0001"),
        ("{field: auto_pay, equals: true}", "1010"),
        ("{field: auto_pay, equals: 1}", "0000"),
        ("{field: ends, at_most: 2026-12-31}", "1100"),
        ("{field: ends, equals: 2027-01-01}", "0010"),
        ("{field: ends, at_least: 5}", "0000"),
        ("{field: plan, at_least: 5}", "0000"),
        ("{field: missing, at_least: 5}", "0000"),
        ("{field: missing, not_in: [5]}", "1111"),
        ("{not: {field: age, at_least: 18}}", "1001"),
        ("{all: [{field: age, at_least: 18}, {field: plan, equals: max}]}", "0010"),
        ("{any: [{field: age, at_most: 17}, {field: plan, equals: max}]}", "1010"),
    ],
)
def test_conditions_let_through_whom_they_should(condition: str, passes: str) -> None:
    mask = parse_condition(yaml.safe_load(condition)).mask(FactTable(FACTS))
    assert "".join(str(int(passed)) for passed in mask) == passes


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        ("{field: age, at_leest: 18}", "Did you mean 'at_least'"),
        ("{field: age}", "one field and one operator"),
        ("{field: age, at_least: 1, at_most: 2}", "one field and one operator"),
        ("{at_least: 1}", "one field and one operator"),
        ("{}", "found nothing"),
        ("[1]", "is written"),
        ("{field: 3, at_least: 1}", "name of a customer fact"),
        ("{field: age, at_least: high}", "a number or a date"),
        ("{field: age, at_least: true}", "a number or a date"),
        ("{field: age, at_least: .inf}", "a number or a date"),
        ("{field: age, between: [2, 1]}", "the lower first"),
        ("{field: age, between: [1, 2026-01-01]}", "the lower first"),
        ("{field: age, in: []}", "a list of values"),
        ("{field: age, in: [[1]]}", "a list of values"),
        ("{field: age, equals: null}", "equals takes"),
        ("{field: age, is_known: maybe}", "true or false"),
        ("{all: []}", "a list of conditions"),
        ("{name: 3, field: age, at_least: 1}", "are texts"),
    ],
)
def test_a_condition_that_means_nothing_is_refused(condition: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_rule(yaml.safe_load(condition))


def test_a_rule_says_what_it_asks_what_is_true_and_why() -> None:
    rule = parse_rule({"field": "age", "at_least": 18, "because": "Minors cannot sign"})
    assert rule.name == "age"
    assert (
        rule.broken_words(FactTable(FACTS), 0) == "Asked for: age is at least 18; here age is 17. Minors cannot sign."
    )
    assert "here age is not known" in rule.broken_words(FactTable(FACTS), 3)


@pytest.mark.parametrize("step", ["eligibility", "applicability", "suitability"])
def test_the_step_and_rule_that_removed_an_offer_are_named(step: str) -> None:
    offer = "code: call, name: Call, offer_type: contact, terms: {who: a person}"
    rule = f"{step}: [{{name: big, field: plan, in: [XL]}}]"
    candidate = decided(customer(), catalogue_of(f"{offer}, {rule}")).decision(0).candidates[1]
    assert candidate.removed_by == f"{step}:big"
    assert candidate.explanation.endswith("Asked for: plan is XL; here plan is L.")


def test_the_first_broken_rule_is_the_one_that_is_named() -> None:
    catalogue = catalogue_of(
        "code: call, name: Call, offer_type: contact, terms: {who: a person}, "
        "suitability: [{name: third, field: plan, in: [XL]}], eligibility: [{name: first, field: plan, in: [L]}], "
        "applicability: [{name: second, field: topic, in: [outage]}]"
    )
    engagement = evaluate(catalogue.proposals[0], FactTable(customer()))
    assert engagement.removed_by(0) == "applicability:second"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (np.float64("nan"), None),
        (float("inf"), None),
        (pd.NaT, None),
        (pd.NA, None),
        (np.int64(3), 3),
        (np.bool_(True), True),
        (pd.Timestamp("2026-11-21 10:00", tz="UTC"), "2026-11-21"),
        ("x", "x"),
        (None, None),
    ],
)
def test_cells_become_plain_values(value: Any, expected: Any) -> None:
    assert plain(value) == expected


FACT_VALUES = (
    st.none() | st.booleans() | st.integers(-3, 3) | st.floats(-3, 3) | st.sampled_from(["a", "B", "2026-12-01"])
)


@settings(max_examples=100, derandomize=True, deadline=None)
@given(st.lists(FACT_VALUES, min_size=1, max_size=6), st.lists(FACT_VALUES, min_size=1, max_size=3))
def test_in_and_not_in_divide_every_crowd_in_two(values: list[Any], wanted: list[Any]) -> None:
    column = np.empty(len(values), dtype=object)
    column[:] = values
    facts = FactTable(pd.DataFrame({"fact": column}))
    inside = parse_condition({"field": "fact", "in": wanted}).mask(facts)
    outside = parse_condition({"field": "fact", "not_in": wanted}).mask(facts)
    assert (inside ^ outside).all()
