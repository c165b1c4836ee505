"""The section that says when customers may leave: expected leavers by horizon with their likely range."""

from dataclasses import replace

import numpy as np
import pytest

from analytics.reports.assemble import build_document
from analytics.reports.document import Section
from analytics.reports.facts import Timing
from tests.analytics.reports.example import full_facts, scoring


def section_of(**changes: object) -> Section:
    run = scoring()
    assert run.timing is not None
    timing = replace(run.timing, **changes) if changes else run.timing  # type: ignore[arg-type]
    return build_document(full_facts(run=replace(run, timing=timing))).section("in_time")


def test_each_horizon_has_its_expected_leavers_and_a_range_around_them() -> None:
    section, p = section_of(), scoring().scores["churn_probability"].to_numpy()
    table = section.tables[0]
    assert table.column("within") == [30, 60, 90]
    assert table.column("leavers") == pytest.approx([p.sum() / 3, p.sum() * 2 / 3, p.sum()])
    lows, highs, leavers = (np.array(table.column(key), dtype=float) for key in ("low", "high", "leavers"))
    assert (lows < leavers).all()
    assert (leavers < highs).all()
    assert table.column("share") == pytest.approx([p.mean() / 3, p.mean() * 2 / 3, p.mean()])
    assert [section.figures[f"within_{days}"].value for days in (30, 60, 90)] == pytest.approx(table.column("leavers"))


def test_a_forecast_that_was_further_off_has_a_wider_range() -> None:
    sure, unsure = section_of(judged={30: (10.0, 10.0)}), section_of(judged={30: (10.0, 20.0)})
    assert unsure.tables[0].column("high")[0] > sure.tables[0].column("high")[0]  # type: ignore[operator]
    assert unsure.figures["judged_left"].value == 20.0


def test_the_range_at_the_churn_horizon_is_that_of_the_headline() -> None:
    document = build_document(full_facts())
    headline, table = document.section("headline").figures, document.section("in_time").tables[0]
    facts = full_facts()
    assert facts.definition is not None
    place = table.column("within").index(facts.definition.churn_horizon_days)
    assert table.column("leavers")[place] == pytest.approx(headline["leavers"].value)
    assert table.column("low")[place] == int(np.floor(headline["leavers_low"].value))  # type: ignore[arg-type]
    assert table.column("high")[place] == int(np.ceil(headline["leavers_high"].value))  # type: ignore[arg-type]


def test_what_was_not_measured_is_said() -> None:
    last = section_of(judged={}, judged_on=None).sentences[-1].text
    assert "has not been measured" in last


def test_without_dates_the_section_says_so() -> None:
    run = replace(scoring(), timing=None)
    assert "label without dates" in build_document(full_facts(run=run)).section("in_time").empty
    nobody = Timing(scoring().timing.risks.head(0), 60)  # type: ignore[union-attr]
    assert build_document(full_facts(run=replace(run, timing=nobody))).section("in_time").empty
