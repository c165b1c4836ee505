import math
from dataclasses import replace

import pandas as pd
import pytest

from analytics.reports.assemble import build_document
from analytics.reports.expectation import expected_total, judged_totals, level_error
from analytics.reports.facts import Company
from analytics.reports.numbers import sentence_text
from tests.analytics.reports.example import full_facts, model, scoring


def test_the_range_is_that_of_independent_departures_where_the_level_was_right() -> None:
    found = expected_total(pd.Series([0.5] * 100), 1.0, 0.0)
    assert found.value == 50
    assert found.high - found.low == pytest.approx(2 * 1.959964 * math.sqrt(25))


def test_an_error_of_level_widens_the_range() -> None:
    found = expected_total(pd.Series([0.5] * 100), 1.0, 0.2)
    assert found.high - found.value == pytest.approx(1.959964 * math.sqrt(25 + 100))


def test_the_range_stays_between_nothing_and_everybody() -> None:
    found = expected_total(pd.Series([0.5, 0.5]), pd.Series([10.0, float("nan")]), 1.0)
    assert (found.value, found.low, found.high) == (5.0, 0.0, 10.0)


def test_the_level_is_judged_by_who_left_in_the_test() -> None:
    assert judged_totals(model()) == pytest.approx((20, 20))
    assert level_error(model()) == pytest.approx(0)
    assert level_error(None) == 0


def level_sentence(forecast: float) -> str:
    judged = model()
    bins = [{"forecast": forecast, "churned": 0.2, "n": 1000}]
    facts = full_facts(model=replace(judged, metrics={**judged.metrics, "calibration": bins}))
    section = build_document(facts).section("quality")
    return next(
        text for one in section.sentences if (text := sentence_text(one, section, None)).startswith("In the test")
    )


@pytest.mark.parametrize(
    ("forecast", "said"), [(0.21, "chance explains"), (0.3, "ran high, by more"), (0.1, "ran low, by more")]
)
def test_the_report_says_when_the_level_was_off(forecast: float, said: str) -> None:
    assert said in level_sentence(forecast)


def test_what_changed_since_the_scoring_before_is_counted_by_customer() -> None:
    before, latest = scoring(1, size=50, seed=1), scoring(3, size=60)
    before.scores.loc[before.scores["key"] == 1, "risk_band"] = "low"
    before.scores.loc[before.scores["key"] == 2, "risk_band"] = "high"
    section = build_document(full_facts(run=latest, previous=before)).section("headline")
    found = {name: section.figures[name].value for name in ("rose", "fell", "gone", "fresh")}
    assert found == {"rose": 1, "fell": 1, "gone": 0, "fresh": 10}


def test_amounts_in_several_currencies_are_owned_up_to() -> None:
    facts = full_facts(company=Company("Acme", None, (), several_currencies=True))
    section = build_document(facts).section("headline")
    assert any("several currencies" in sentence.text for sentence in section.sentences)
    assert not any(
        "several currencies" in sentence.text for sentence in build_document(full_facts()).sections[0].sentences
    )
