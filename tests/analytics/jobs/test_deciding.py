"""Deciding again: unchanged customers keep their decision, and the newest job always holds every customer."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from analytics.decisions.policy import DecisionPolicy
from analytics.jobs.deciding import DecidingReport, decide_all, decide_run, shipped_catalogue, the_run
from bot.campaigns import CampaignPlan, draft_campaign
from bot.generation.guard import check_approved as check
from bot.generation.template.approved import TemplateBackend
from bot.generation.writer import Writer
from bot.outreach.approvals import approve, export_approved, undo
from bot.outreach.exports import ExportFormat
from db.queries.customers import customer_keys, customer_rows
from db.repositories.decisions import DecisionRepository
from db.repositories.drafts import DraftRepository
from db.session import Store, open_store
from db.vocabulary import DraftState
from tests.analytics.decisions.build import catalogue_of
from tests.bot.cli.test_effects import CALL, END, lived
from tests.conftest import NOW, Company


@pytest.fixture
def opened(company: Company) -> Iterator[Store]:
    with open_store(company.path) as store:
        yield store


def decided(store: Store, holdout_share: float = 0.1) -> DecidingReport:
    return decide_all(store, shipped_catalogue(store), DecisionPolicy(holdout_share=holdout_share), NOW)


def current(store: Store) -> int | None:
    with store.read() as session:
        return DecisionRepository(session).current_job()


def standing_offers(store: Store) -> list[str]:
    """The offers that a chat with the first customers of the store would start from."""
    with store.read() as session:
        decisions = DecisionRepository(session)
        rows = customer_rows(session, customer_keys(session, limit=60))
        found = [decisions.latest_for(row.customer_id) for row in rows]
    assert [one.offer_code for one in found if one] == [row.offer_code for row in rows if row.offer_code]
    return [one.offer_code for one in found if one]


def test_the_same_inputs_are_decided_once(opened: Store) -> None:
    first, again = decided(opened), decided(opened)
    assert again.repeated
    assert (again.job_id, again.offers) == (first.job_id, first.offers)


def test_deciding_after_an_approval_still_covers_every_customer(opened: Store) -> None:
    first = decided(opened)
    approve(opened, [1], "kim", NOW)
    second = decided(opened)
    assert second.job_id != first.job_id
    assert second.decided == first.decided
    assert second.blocked == {**first.blocked, "contact_limit": 1}


def test_rules_that_come_back_become_the_newest_decisions_again(opened: Store) -> None:
    first, before = decided(opened), standing_offers(opened)
    other = decided(opened, holdout_share=0.5)
    back = decided(opened)
    assert other.held_out > first.held_out
    assert (back.decided, back.held_out, back.offers) == (first.decided, first.held_out, first.offers)
    assert back.job_id == current(opened)
    assert standing_offers(opened) == before


def test_an_approval_that_is_taken_back_frees_the_customer_again(opened: Store) -> None:
    first = decided(opened)
    approve(opened, [1], "kim", NOW)
    decided(opened)
    undo(opened, 1, "kim", NOW)
    assert decided(opened).blocked == first.blocked


def test_nobody_is_written_to_twice_about_one_decision(opened: Store, company: Company) -> None:
    writer = Writer(TemplateBackend(), TemplateBackend(), check)
    with opened.read() as session:
        open_drafts = [draft.id for draft in DraftRepository(session).find(state=DraftState.NEEDS_REVIEW)]
    approve(opened, open_drafts[:1], "kim", NOW)
    export_approved(opened, DecisionPolicy().contact, ExportFormat.EML, company.home / "out", "kim", NOW)
    report = draft_campaign(opened, writer, CampaignPlan(top=50), NOW, dry_run=True)
    assert report.left_out["already_written_to"] == 1
    assert report.left_out["open_draft"] == len(open_drafts) - 1


def test_measured_effects_can_be_left_aside(store: Store, tmp_path: Path) -> None:
    lived(store, tmp_path, tmp_path / "home", 1_000, helps_only_the_old=False)
    catalogue, policy = catalogue_of(CALL), DecisionPolicy(holdout_share=0.5)
    by_effects = the_run(store, catalogue, policy, END)
    assert by_effects.effects is not None
    assert decide_run(by_effects, dry_run=True).plan["methods"] == {"average_effect": 1_000}
    aside = the_run(store, catalogue, policy.model_copy(update={"weigh_by": "propensity"}), END)
    assert decide_run(aside, dry_run=True).plan["methods"] == {"propensity": 1_000}
