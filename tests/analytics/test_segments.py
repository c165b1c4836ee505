"""Segments say who belongs to them, what sets them apart, and are the same when they are found again."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score

from analytics.segments import Segments, audience, find_segments, members, response_types, tiers
from analytics.value import RiskThresholds
from db.errors import InputError

COLUMNS = ("tenure_months", "monthly_revenue", "plan")


def planted(count: int, seed: int) -> tuple[pd.DataFrame, np.ndarray]:
    """Three kinds of customers: new and cheap, old and dear, old and cheap with plan L."""
    rng = np.random.default_rng(seed)
    kind = rng.choice(3, count, p=[0.5, 0.3, 0.2])
    frame = pd.DataFrame(
        {
            "tenure_months": rng.normal(np.array([4.0, 60.0, 50.0])[kind], 3.0),
            "monthly_revenue": rng.normal(np.array([15.0, 80.0, 18.0])[kind], 3.0),
            "plan": np.where(kind == 2, "L", np.where(rng.random(count) < 0.5, "S", "M")),
        }
    )
    return frame, kind


@pytest.fixture(scope="module")
def found() -> Segments:
    return find_segments(planted(900, 1)[0], COLUMNS)


def test_planted_groups_are_found_and_named_by_what_sets_them_apart(found: Segments) -> None:
    frame, kind = planted(900, 1)
    labels = found.assign(frame)
    assert found.stability > 0.9
    names = {int(planted_kind): found.names[labels[kind == planted_kind][0]] for planted_kind in range(3)}
    assert "low tenure months" in names[0]
    assert "high monthly revenue" in names[1]
    assert "plan L" in names[2]
    assert len(set(found.names)) == len(found.names)
    assert sum(found.shares) == pytest.approx(1.0)


def test_groups_are_the_same_under_a_refit(found: Segments) -> None:
    frame, _ = planted(900, 1)
    fresh, _ = planted(700, 2)
    again = find_segments(fresh, COLUMNS, seed=9, previous=found)
    assert again.names == found.names
    assert adjusted_rand_score(found.assign(frame), again.assign(frame)) > 0.9
    assert (found.assign(frame) == again.assign(frame)).mean() > 0.95
    shuffled = find_segments(frame.sample(frac=1, random_state=3), COLUMNS, seed=5)
    assert set(shuffled.names) == set(found.names)
    assert adjusted_rand_score(found.assign(frame), shuffled.assign(frame)) > 0.95


def test_unknown_values_and_new_categories_still_have_a_group(found: Segments) -> None:
    odd = pd.DataFrame({"tenure_months": [np.nan, 1e9], "monthly_revenue": [np.nan, -5.0], "plan": [None, "XXL"]})
    assert set(found.assign(odd)) <= set(range(len(found.names)))


def test_too_few_or_too_similar_customers_have_no_segments() -> None:
    with pytest.raises(InputError, match="at least 50"):
        find_segments(planted(20, 0)[0], COLUMNS)
    with pytest.raises(InputError, match="differ in some column"):
        find_segments(pd.DataFrame({"plan": ["S"] * 80}), ["plan"])


def test_an_audience_is_a_named_rule() -> None:
    frame, _ = planted(200, 0)
    rule = audience(
        {"name": "new_on_s", "all": [{"field": "tenure_months", "at_most": 12}, {"field": "plan", "in": ["S"]}]}
    )
    expected = (frame["tenure_months"] <= 12) & (frame["plan"] == "S")
    assert members(frame, rule).tolist() == expected.tolist()
    assert audience(rule.as_json()) == rule


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({"field": "plan", "in": ["S"]}, "needs a name"),
        ({"name": "x", "field": "plan", "like": "S"}, "'x' cannot be read"),
        ("everyone", "needs a name"),
    ],
)
def test_an_audience_that_cannot_be_read_is_refused(document: object, message: str) -> None:
    with pytest.raises(InputError, match=message):
        audience(document)


def test_an_audience_of_a_column_that_is_not_there_is_refused() -> None:
    with pytest.raises(InputError, match="which no customer has"):
        members(pd.DataFrame({"plan": ["S"]}), audience({"name": "x", "field": "price", "at_least": 3}))


def test_tiers_are_risk_by_value() -> None:
    found = tiers([0.05, 0.15, 0.3, 0.3], [10.0, 20.0, 30.0, np.nan], RiskThresholds(0.1, 0.2))
    assert found == [("low", "low"), ("medium", "medium"), ("high", "high"), ("high", "unknown")]


def test_kinds_of_response_follow_from_effect_and_risk() -> None:
    risk, effect = [0.3, 0.3, 0.05, 0.4, 0.2, np.nan], [0.1, -0.1, 0.0, 0.01, np.nan, 0.5]
    assert response_types(risk, effect) == ["persuadable", "sleeping_dog", "sure_thing", "lost_cause", None, None]
    wide = response_types([0.3, 0.3], [0.1, -0.1], low=[-0.01, -0.2], high=[0.2, 0.01])
    assert wide == ["lost_cause", "lost_cause"]
