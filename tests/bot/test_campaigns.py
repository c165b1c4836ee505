"""A campaign writes to each recipient once, goes on where it was stopped, and tells who was left out and why."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
from sqlalchemy import delete, select, text

from analytics.decisions.offers import demo_catalogue
from analytics.decisions.policy import DecisionPolicy
from analytics.jobs.deciding import decide_all
from bot.campaigns import CampaignPlan, CampaignReport, draft_campaign, sample_briefs, stable_number
from bot.generation.brief import Brief
from bot.generation.guard import check_approved as check
from bot.generation.letter import join_letter
from bot.generation.scripted import ScriptedBackend
from bot.generation.template.approved import TemplateBackend
from bot.generation.writer import Writer
from bot.outreach.approvals import brief_of
from bot.wiring import build_writer
from db.errors import NotFoundError
from db.models import Draft, GuardVerdict
from db.queries.guarding import GuardSummary, guard_summary
from db.repositories.contacts import ContactRepository
from db.repositories.decisions import DecisionRepository
from db.repositories.drafts import DraftRepository, DraftView
from db.session import Store, open_store
from db.vocabulary import Channel, DraftState, GuardOutcome, SuppressionReason
from tests.conftest import NOW, Company

PLAN = CampaignPlan(top=90, with_no_offer=True, seed=3)


@pytest.fixture
def opened(company: Company) -> Iterator[Store]:
    """The demo company before anybody was written to."""
    with open_store(company.path) as store:
        with store.write() as session:
            session.execute(delete(Draft))
            session.execute(delete(GuardVerdict))
        yield store


def run(store: Store, plan: CampaignPlan = PLAN, **flags: bool) -> CampaignReport:
    return draft_campaign(store, build_writer(TemplateBackend()), plan, NOW, dry_run=flags.get("dry_run", False))


def drafts(store: Store) -> list[DraftView]:
    with store.read() as session:
        return DraftRepository(session).find()


def test_everybody_wanted_gets_one_letter_for_review(opened: Store) -> None:
    report = run(opened)
    found = drafts(opened)
    assert report.wanted == report.drafted == report.new == len(found) == 90
    assert len({draft.customer_id for draft in found}) == 90
    assert {draft.state for draft in found} <= {DraftState.NEEDS_REVIEW, DraftState.WITHHELD}
    assert sum(draft.state is DraftState.WITHHELD for draft in found) == report.withheld
    assert all(draft.subject and draft.body for draft in found if draft.state is DraftState.NEEDS_REVIEW)


def test_the_same_plan_again_writes_nothing_new(opened: Store) -> None:
    first = run(opened)
    again = run(opened)
    assert (again.job_id, again.new, again.drafted) == (first.job_id, 0, first.drafted)


def test_another_plan_leaves_out_who_has_an_open_letter(opened: Store) -> None:
    run(opened, replace(PLAN, top=20))
    other = run(opened, replace(PLAN, top=20, seed=4))
    assert other.left_out["open_draft"] == 20
    found = drafts(opened)
    assert len({draft.customer_id for draft in found}) == len(found) == 40


def test_a_stopped_run_goes_on_where_it_was(opened: Store) -> None:
    calls = iter([False, True])
    stopped = draft_campaign(opened, build_writer(TemplateBackend()), PLAN, NOW, cancelled=lambda: next(calls))
    assert 0 < stopped.drafted < stopped.wanted
    kept = {draft.id: draft.body for draft in drafts(opened)}
    rest = run(opened)
    assert rest.job_id == stopped.job_id
    assert rest.new == rest.wanted - stopped.drafted
    assert kept.items() <= {draft.id: draft.body for draft in drafts(opened)}.items()


def test_a_dry_run_counts_and_keeps_nothing(opened: Store) -> None:
    report = run(opened, dry_run=True)
    assert (report.wanted, report.drafted) == (90, 0)
    assert drafts(opened) == []


def test_an_audience_narrows_the_campaign(opened: Store) -> None:
    report = run(opened, replace(PLAN, top=None, where="plan = 'Essential 100'"))
    assert report.drafted > 0
    assert {draft.brief["facts"]["plan"] for draft in drafts(opened)} == {"Essential 100"}


def test_held_out_and_blocked_customers_are_left_out_by_rule(opened: Store) -> None:
    report = run(opened, replace(PLAN, top=None))
    assert report.left_out["holdout"] > 0
    assert set(report.left_out) <= {"holdout", "no_consent", "life_event", "contact_limit", "no_address", "opt_out"}


def test_every_letter_passes_the_guard_when_read_from_the_store(opened: Store) -> None:
    run(opened)
    for draft in drafts(opened):
        if draft.state is DraftState.NEEDS_REVIEW:
            assert check(join_letter(draft.subject, draft.preheader, draft.body), brief_of(draft)).released


def test_a_writer_that_obeys_an_attacker_releases_nothing_of_his(opened: Store) -> None:
    payload = "Subject: A gift\n\nHello,\n\nyou get 90% off for 24 months, guaranteed. Wire fees to evil.example."
    writer = Writer(ScriptedBackend(payload), TemplateBackend(), check)
    report = draft_campaign(opened, writer, replace(PLAN, top=30), NOW)
    found = drafts(opened)
    assert report.drafted == report.fell_back == 30
    assert not any("evil.example" in draft.body or "90%" in draft.body for draft in found)
    assert {draft.backend for draft in found} == {"template"}


def test_without_decisions_a_campaign_says_what_comes_first(store: Store) -> None:
    with pytest.raises(NotFoundError, match="Nothing has been decided yet"):
        run(store)
    with pytest.raises(NotFoundError, match="Nothing has been decided yet"):
        sample_briefs(store, 3, 0, NOW)


def test_sampled_briefs_are_the_same_for_the_same_seed(opened: Store) -> None:
    def customers(briefs: Sequence[Brief]) -> list[object]:
        return [brief.facts.values["customer_id"] for brief in briefs]

    first = customers(sample_briefs(opened, 10, 1, NOW))
    assert customers(sample_briefs(opened, 10, 1, NOW)) == first
    assert customers(sample_briefs(opened, 10, 2, NOW)) != first


def test_stable_numbers_are_the_same_on_every_machine() -> None:
    assert stable_number("a") == 0xCA978112CA1BBD
    assert stable_number("campaign-0:C1") == 0x853E341765DDF9


def test_a_suppressed_customer_is_not_decided_for_and_not_written_to(opened: Store) -> None:
    from analytics.decisions.policy import DecisionPolicy
    from analytics.jobs.deciding import decide_all, shipped_catalogue

    first = run(opened, replace(PLAN, top=1))
    assert first.drafted == 1
    [draft] = drafts(opened)
    with opened.write() as session:
        session.execute(delete(Draft))
        ContactRepository(session).suppress(draft.customer_id, SuppressionReason.OPT_OUT, NOW, "preference page")
    decide_all(opened, shipped_catalogue(opened), DecisionPolicy(), NOW)
    run(opened, replace(PLAN, top=None))
    assert draft.customer_id not in {one.customer_id for one in drafts(opened)}


def counted(store: Store) -> GuardSummary:
    with store.read() as session:
        return guard_summary(session)


def test_every_letter_is_counted_once_with_its_job_and_customer(opened: Store) -> None:
    report = run(opened)
    run(opened)
    assert counted(opened).total.texts == report.drafted == 90
    assert counted(opened).total.withheld == report.withheld
    with opened.read() as session:
        rows = session.scalars(select(GuardVerdict)).all()
        assert {row.customer_id for row in rows} == set(session.scalars(select(Draft.customer_id)))
        assert {(row.job_id, row.channel, row.at) for row in rows} == {(report.job_id, Channel.EMAIL, NOW)}


def test_every_refused_try_is_kept_with_its_rules(opened: Store) -> None:
    writer = Writer(ScriptedBackend("Subject: A gift\n\nHello,\n\nyou get 90% off."), TemplateBackend(), check)
    report = draft_campaign(opened, writer, replace(PLAN, top=5), NOW)
    found = counted(opened)
    assert report.fell_back == found.total.approved == 5
    assert found.backends["scripted"].refused == found.backends["scripted"].tries == 15
    assert found.total.tries == report.attempts
    assert found.rules[0].refusals >= 15
    with opened.read() as session:
        rows = session.scalars(select(GuardVerdict).where(GuardVerdict.backend == "scripted")).all()
        assert sorted(row.attempt for row in rows) == [1] * 5 + [2] * 5 + [3] * 5
        assert {row.verdict for row in rows} == {GuardOutcome.REFUSE}
        assert all(row.findings for row in rows)


def test_letters_are_kept_where_their_verdicts_cannot_be(opened: Store, caplog: pytest.LogCaptureFixture) -> None:
    with opened.write() as session:
        session.execute(text("DROP TABLE guard_verdict"))
    report = run(opened)
    assert report.drafted == report.new == len(drafts(opened)) == 90
    assert "verdicts of the guard were not kept" in caplog.text


def test_a_drawn_tone_is_the_tone_of_the_letter(opened: Store) -> None:
    decide_all(opened, demo_catalogue(), DecisionPolicy(explore_share=1.0), NOW)
    report = draft_campaign(opened, build_writer(TemplateBackend()), CampaignPlan(top=60), NOW)
    assert report.drafted > 30
    drawn = 0
    with opened.read() as session:
        for draft in DraftRepository(session).find():
            decision = DecisionRepository(session).get(draft.decision_id)
            assert decision is not None
            drawn += decision.tone is not None
            assert decision.tone in (None, draft.brief["tone"])
    assert drawn > 15
