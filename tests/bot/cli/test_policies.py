"""A company draws offers for some customers, follows them, and asks whether another policy would have done better."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from analytics.decisions.policy import DecisionPolicy
from analytics.jobs.comparing import compare_policies
from analytics.jobs.deciding import decide_all
from db.repositories.contacts import ContactRepository
from db.repositories.decisions import DecisionRepository
from db.repositories.settings import SettingsRepository
from db.session import Store
from db.vocabulary import OutcomeKind
from tests.analytics.decisions.build import catalogue_of
from tests.analytics.jobs.tables import NOW
from tests.bot.cli.test_effects import END, scored
from tests.conftest import Command

CALL = "code: call, name: A call, offer_type: contact, terms: {who: a person}, propensity: 0.5, save_rate: 0.5"
TIPS = "code: tips, name: Tips, offer_type: education, terms: {scope: a guide}, propensity: 0.5, save_rate: 0.4"
TIPS_WORK = {"none": 0.3, "call": 0.35, "tips": 0.75}
ALIKE = {"none": 0.5, "call": 0.5, "tips": 0.5}


def lived(
    store: Store, folder: Path, count: int, stays: Mapping[str, float], explore: float, holdout: float = 0.2
) -> DecisionPolicy:
    """Decide for customers who are alike, and put on record who stays: with each offer a share of its own."""
    scored(store, folder, count)
    policy = DecisionPolicy(holdout_share=holdout, explore_share=explore)
    job = decide_all(store, catalogue_of(CALL, TIPS), policy, NOW).job_id
    luck = np.random.default_rng(4).random(count)
    with store.write() as session:
        SettingsRepository(session).set_today(END.date())
        for (customer_id, code, _, _), chance in zip(DecisionRepository(session).plan(job), luck, strict=True):
            kind = OutcomeKind.RETAINED if chance < stays[code] else OutcomeKind.CANCELED
            ContactRepository(session).record_outcome(customer_id, kind, NOW + timedelta(days=90))
    return policy


def test_a_challenger_that_surely_does_better_is_recommended_and_nothing_is_switched(
    store: Store, tmp_path: Path, mainstay: Command
) -> None:
    lived(store, tmp_path, 2_000, TIPS_WORK, 0.4)
    flags = ("--challenger", "bandit", "--reward", "saves", "--store", str(store.path))
    with store.read() as session:
        before = DecisionRepository(session).current_job()
    ran = mainstay("policy", "compare", "--json", *flags)
    assert ran.code == 0, ran.err
    found = ran.json
    assert (found["verdict"], found["followed"]) == ("switch", 2_000)
    assert set(found["estimates"]) == {"ips", "snips", "dr"}
    for one in found["estimates"].values():
        assert one["champion"]["low"] < 0.35 < one["champion"]["high"]
        assert 0.5 < one["challenger"]["value"] <= 0.75
        assert 0 < one["difference"]["low"] < one["difference"]["value"] < one["difference"]["high"]
    assert min(found["effective_sample_size"].values()) >= 50
    shown = mainstay("policy", "compare", *flags)
    assert found["sentence"] in shown.out
    assert "Switch from decided to bandit" in shown.out
    assert "explore_share: 1" in shown.err
    with store.read() as session:
        assert DecisionRepository(session).current_job() == before


def test_a_champion_that_surely_does_better_is_kept(store: Store, tmp_path: Path) -> None:
    policy = lived(store, tmp_path, 2_000, TIPS_WORK, 0.4)
    found = compare_policies(store, policy, END, champion="bandit", challenger="propensity", reward="saves")
    assert found.verdict == "keep"
    assert found.sentence.startswith("Keep bandit: propensity does worse, by -")


def test_a_difference_that_may_be_chance_switches_nothing(store: Store, tmp_path: Path) -> None:
    policy = lived(store, tmp_path, 2_000, ALIKE, 0.4)
    found = compare_policies(store, policy, END, challenger="bandit", reward="saves")
    assert found.verdict == "undecided"
    assert found.estimates["dr"].difference.covers_zero
    assert "may be chance" in found.sentence


@pytest.mark.parametrize(
    ("count", "explore", "challenger", "why"),
    [
        (400, 0.0, "bandit", "nobody was ever given the other offer"),
        (60, 0.1, "bandit", "effective sample size"),
        (200, 0.1, "propensity", "choose the same for all 200 customers"),
    ],
)
def test_too_little_evidence_is_refused_with_the_reason(
    store: Store, tmp_path: Path, mainstay: Command, count: int, explore: float, challenger: str, why: str
) -> None:
    lived(store, tmp_path, count, TIPS_WORK, explore, holdout=0.0 if not explore else 0.2)
    ran = mainstay("policy", "compare", "--challenger", challenger, "--json", "--store", str(store.path))
    assert ran.code == 0, ran.err
    assert (ran.json["verdict"], ran.json["estimates"]) == ("refused", {})
    assert why in ran.json["sentence"]


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (("--challenger", "oracle"), "no policy 'oracle'"),
        (("--challenger", "decided"), "compared with itself"),
        (("--reward", "fame"), "no reward 'fame'"),
        ((), "No decision has been followed for 90 days yet"),
    ],
)
def test_what_cannot_be_compared_is_named(
    store: Store, mainstay: Command, flags: tuple[str, ...], message: str
) -> None:
    ran = mainstay("policy", "compare", *flags, "--store", str(store.path))
    assert (ran.code, ran.out) == (2, "")
    assert message in ran.err
