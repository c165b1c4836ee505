"""`mainstay decide` under a budget, `--diff` against the stored plan, and the whole trace of `mainstay explain`."""

from typing import Any

import pytest

from analytics.decisions.replay import decision_bytes, replay
from db.repositories.decisions import DecisionRepository
from db.repositories.settings import SettingsRepository
from db.session import open_store
from tests.conftest import Command, Company


@pytest.fixture
def decided(company: Company, mainstay: Command) -> Any:
    """`mainstay decide` on a demo company of the test's own."""
    return lambda *flags: mainstay("decide", *flags, "--store", company.location)


def test_a_budget_is_planned_shown_kept_and_replayed(decided: Any, company: Company, mainstay: Command) -> None:
    free = decided("--dry-run", "--json").json
    spend = sum(row["spend"] for row in free["rows"])
    budget = round(spend / 3, 2)
    planned = decided("--budget", budget, "--dry-run", "--json").json
    limits = planned["limits"]
    assert limits["spent"] <= budget < limits["unlimited_spend"]
    assert limits["expected_profit"] <= limits["bound"] + 0.01
    assert limits["last_unit_of_budget_buys"] > 0
    assert planned["blocked"]["budget"] > 0
    assert "nan" not in planned["blocked"]
    shown = decided("--budget", budget, "--dry-run")
    assert f"Budget {budget:,.2f}: {limits['spent']:,.2f} planned" in shown.out
    assert f"The last unit of budget buys {limits['last_unit_of_budget_buys']:,.2f}" in shown.out
    assert "no effect has been measured yet" in shown.err
    kept = decided("--budget", budget, "--json").json
    assert {**kept, "job_id": 0, "dry_run": True} == planned
    assert decided("--budget", budget, "--json").json == {**kept, "repeated": True}
    with open_store(company.path) as store, store.read() as session:
        decisions = DecisionRepository(session)
        plan = decisions.plan(kept["job_id"])
        left_out = [key for key, _, rule, _ in plan if rule == "budget"]
        for key, _, _, _ in plan[:60] + [row for row in plan if row[0] in left_out]:
            decision = decisions.latest_for(key)
            assert decision is not None
            rules = SettingsRepository(session).get(f"rules:{decision.inputs['rules']}")
            again = replay(decisions.get(decision.decision_id).as_json(), rules)  # type: ignore[union-attr]
            assert decision_bytes(again) == decision_bytes(decision)
    told = mainstay("explain", left_out[0], "--store", company.location).out
    assert "Not contacted because the budget is worth more with other customers" in told
    assert "(rule budget)" in told


def test_a_changed_lever_changes_only_what_it_should(decided: Any) -> None:
    same = decided("--diff", "--json").json
    assert (same["levers"], same["moves"], same["other_inputs"]) == ([], [], [])
    assert same["before"] == same["after"]
    most = max(decided("--dry-run", "--json").json["rows"], key=lambda row: row["customers"])["offer"]
    found = decided("--diff", "--lever", f"{most}=0", "--json").json
    assert found["levers"] == [{"lever": f"catalogue.offers.{most}.lever", "before": "(not there)", "after": 0.0}]
    assert {move["from"] for move in found["moves"]} == {most}
    assert sum(move["customers"] for move in found["moves"]) == len(found["customers"])
    shown = decided("--diff", "--lever", f"{most}=0")
    assert f"catalogue.offers.{most}.lever" in shown.out
    assert "Nothing was kept" in shown.err
    assert decided("--diff", "--json").json == same


def test_an_offer_is_made_no_more_often_than_its_limit(decided: Any) -> None:
    rows = decided("--dry-run", "--json").json["rows"]
    code = rows[0]["offer"]
    limited = decided("--limit", f"{code}=2", "--dry-run", "--json").json
    assert limited["offers"][code] == 2
    assert limited["limits"]["last_place_buys"][code] > 0


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (("--limit", "nothing=3"), "no offer has the code 'nothing'"),
        (("--limit", "care-call"), "cannot be read"),
        (("--limit", "care-call=1.5"), "whole number"),
        (("--lever", "care-call=2"), "--lever only asks what would be"),
        (("--dry-run", "--lever", "care-call=-1"), "cannot be read"),
    ],
)
def test_limits_that_cannot_be_read_are_named(decided: Any, flags: tuple[str, ...], message: str) -> None:
    ran = decided(*flags)
    assert ran.code == 2
    assert message in ran.err
