"""`mainstay decide` under a budget, `--diff` against the stored plan, and the whole trace of `mainstay explain`."""

from typing import Any

import pytest

from analytics.decisions.replay import decision_bytes, replay
from db.queries.campaign import select_recipients
from db.repositories.decisions import DecisionRepository
from db.repositories.settings import SettingsRepository
from db.session import open_store
from db.vocabulary import Arm
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


def test_offers_are_drawn_for_a_share_kept_told_and_replayed(decided: Any, company: Company, mainstay: Command) -> None:
    plain = decided("--dry-run", "--json").json
    assert "exploration" not in plain
    found = decided("--explore", 0.4, "--json").json
    explored = found["exploration"]
    assert explored["eligible"] == sum(row["customers"] for row in plain["rows"])
    assert 0 < explored["drawn_for"] == int(0.4 * explored["eligible"]) == sum(explored["drawn"].values())
    assert found["blocked"] == plain["blocked"]
    assert explored["learned_from"] == "the catalogue"
    assert decided("--explore", 0.4, "--json").json == {**found, "repeated": True}
    shown = decided("--explore", 0.4, "--dry-run").out
    assert f"Drawn, to learn from, for {explored['drawn_for']:,} of {explored['eligible']:,} customers" in shown
    drawn, probabilities = [], set()
    with open_store(company.path) as store, store.read() as session:
        decisions = DecisionRepository(session)
        for key, *_ in decisions.plan(found["job_id"]):
            decision = decisions.latest_for(key)
            assert decision is not None
            probabilities.add(decision.offer_assignment_probability)
            if not decision.inputs.get("exploration", {}).get("drawn"):
                continue
            drawn.append(decision)
            assert (decision.arm, decision.blocked_by) == (Arm.TREATED, None)
            rules = SettingsRepository(session).get(f"rules:{decision.inputs['rules']}")
            again = replay(decisions.get(decision.decision_id).as_json(), rules)  # type: ignore[union-attr]
            assert decision_bytes(again) == decision_bytes(decision)
    assert len(drawn) == explored["drawn_for"]
    assert 1.0 in probabilities
    assert len(probabilities) > 3
    told = mainstay("explain", drawn[0].customer_id, "--store", company.location).out
    assert f"This was drawn, to learn from: {drawn[0].offer_code} with a probability of" in told
    assert "among" in told


def test_a_drawn_offer_is_written_in_the_turn_of_the_planned_one(decided: Any, company: Company) -> None:
    job = decided("--explore", 1, "--json").json["job_id"]
    with open_store(company.path) as store, store.read() as session:
        chosen = select_recipients(session, job, top=None, where="", job_id=None).recipients
        decisions = [DecisionRepository(session).get(one.decision_id) for one in chosen]
    worth = [one.inputs["exploration"]["planned_worth"] for one in decisions if one]
    own = [item.priority for one in decisions if one for item in one.candidates if item.offer_code == one.offer_code]
    assert len(worth) > 10
    assert worth == sorted(worth, reverse=True)
    assert own != worth


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (("--limit", "nothing=3"), "no offer has the code 'nothing'"),
        (("--limit", "care-call"), "cannot be read"),
        (("--limit", "care-call=1.5"), "whole number"),
        (("--lever", "care-call=2"), "--lever only asks what would be"),
        (("--dry-run", "--lever", "care-call=-1"), "cannot be read"),
        (("--explore", "1.5"), "--explore 1.5 is no share"),
        (("--explore", "-0.1"), "--explore -0.1 is no share"),
    ],
)
def test_limits_that_cannot_be_read_are_named(decided: Any, flags: tuple[str, ...], message: str) -> None:
    ran = decided(*flags)
    assert ran.code == 2
    assert message in ran.err
