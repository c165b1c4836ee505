"""Stories on the first screen of the day."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.today import today
from bot.tui.desk import Desk
from bot.tui.screens.customers import CustomersScreen
from bot.tui.screens.drafts import DraftsScreen
from bot.tui.screens.today import TodayScreen
from bot.tui.widgets.figure import FigureLine
from db.models import ChurnScore, Conversation, Customer, Job
from db.repositories.model_versions import ModelVersionRepository
from db.repositories.scores import ScoreRepository, ScoreRow
from db.repositories.settings import SettingsRepository
from db.vocabulary import CompanyProfile, ConversationState, DraftState, JobState, RiskBand
from tests.bot.tui import company
from tests.bot.tui.harness import Driver, driving


def score_earlier(desk: Desk, days: int, share: float) -> None:
    """Scores of so many days ago, with `share` of today's revenue at risk, before those of today (older ones first)."""
    with desk.services.store.write() as session:
        model = ModelVersionRepository(session).latest("churn")
        assert model is not None
        job = Job(
            id=-days,
            kind="score",
            idempotency_key=f"earlier-{days}",
            parameters={},
            state=JobState.DONE,
            started_at=company.NOW,
            updated_at=company.NOW,
        )
        session.add(job)
        session.flush()
        rows = [
            ScoreRow(
                one.customer_id, one.churn_probability, RiskBand.LOW, (one.revenue_at_risk or 0) * share, None, None
            )
            for one in session.scalars(select(ChurnScore).where(ChurnScore.job_id > 0))
        ]
        ScoreRepository(session).add_many(job.id, model.id, company.TODAY - timedelta(days=days), rows)


def hand_off(desk: Desk, customer_id: str, reason: str) -> None:
    """A conversation that waits for a person."""
    with desk.services.store.write() as session:
        key = session.scalars(select(Customer.id).where(Customer.external_id == customer_id)).one()
        state = ConversationState.HANDED_OFF
        session.add(
            Conversation(
                customer_id=key, state=state, handoff_reason=reason, started_at=company.NOW, updated_at=company.NOW
            )
        )


def line_of(driver: Driver, what: str) -> FigureLine:
    """The line with these words."""
    found = [line for line in driver.app.screen.query(FigureLine) if what in line.line.what]
    assert len(found) == 1, what
    return found[0]


async def open_list(driver: Driver, what: str) -> CustomersScreen:
    """Go to the list behind a figure."""
    line_of(driver, what).focus()
    await driver.press("enter")
    screen = driver.app.screen
    assert isinstance(screen, CustomersScreen)
    return screen


async def test_the_day_begins_with_what_is_at_stake(desk: Desk) -> None:
    score_earlier(desk, 7, 0.5)
    hand_off(desk, "LF-0002", "asked for a person")
    async with driving(desk, (140, 40)) as driver:
        text = driver.text()
    for said in (
        "14 customers on Monday, 2 March 2026",
        "€723  revenue at risk",
        "(+100%) since 23 Feb 2026",
        "expected to leave",
        "(95 %)",
        "4  customers at HIGH risk",
        "conversation waits for a person",
        "longest: Bruno Okafor",
        "drafts to review",
        "0.842  ranks leavers right",
    ):
        assert said in text, said


async def test_the_change_is_against_the_forecast_a_week_before_not_the_one_yesterday(desk: Desk) -> None:
    for days, share in ((30, 0.1), (8, 0.8), (1, 0.99)):
        score_earlier(desk, days, share)
    found = today(desk.services)
    assert found.before is not None
    assert found.before.observed_on == date(2026, 2, 22)
    assert found.risk_change == pytest.approx(found.seen.revenue_at_risk * 0.2, rel=0.01)


@pytest.mark.parametrize(
    ("what", "count"), [("revenue at risk", 14), ("HIGH risk", 4), ("unhappy in their last", 2), ("no letter yet", 4)]
)
async def test_each_figure_opens_the_list_that_it_counts(desk: Desk, what: str, count: int) -> None:
    async with driving(desk, (140, 40)) as driver:
        line = line_of(driver, what).line
        screen = await open_list(driver, what)
        assert len(screen.table.keys) == count
        if count != 14:
            assert line.figure == str(count)


async def test_waiting_conversations_open_the_customers_who_wait(desk: Desk) -> None:
    hand_off(desk, "LF-0007", "asked for a person")
    async with driving(desk) as driver:
        screen = await open_list(driver, "waits for a person")
        assert [row.customer_id for row in screen.rows.values()] == ["LF-0007"]


async def test_who_begins_to_wait_while_the_day_is_shown_or_was_left_is_shown(desk: Desk) -> None:
    async with driving(desk, (140, 40)) as driver:
        assert "0  conversations wait for a person" in driver.text()
        hand_off(desk, "LF-0002", "asked for a person")
        today_screen = driver.app.screen
        assert isinstance(today_screen, TodayScreen)
        today_screen.look_for_changes()
        await driver.settle()
        assert "1  conversation waits for a person" in driver.text()
        await driver.press("5")
        hand_off(desk, "LF-0003", "asked for a person")
        await driver.press("0")
        assert "2  conversations wait for a person" in driver.text()
        shown = today_screen.loaded_revision
        today_screen.look_for_changes()
        await driver.settle()
        assert today_screen.loaded_revision == shown


async def test_drafts_and_the_model_lead_to_their_screens_by_a_click_too(desk: Desk) -> None:
    async with driving(desk, (140, 40)) as driver:
        await driver.pilot.click(line_of(driver, "drafts to review"))
        await driver.settle()
        assert driver.app.current_mode == "drafts"
        await driver.press("0")
        line_of(driver, "ranks leavers").focus()
        await driver.press("enter")
        assert driver.app.current_mode == "report"


async def test_a_queue_that_is_empty_says_so(desk: Desk) -> None:
    async with driving(desk) as driver:
        assert line_of(driver, "wait for a person").line.remark == "nothing to do"


async def test_a_sender_that_is_missing_is_told_and_asked_for(desk: Desk) -> None:
    with desk.services.store.write() as session:
        SettingsRepository(session).set_company(CompanyProfile(company="Lumenfold"))
    assert any("mainstay init --company" in line for line in today(desk.services).lines())
    async with driving(desk) as driver:
        line_of(driver, "nobody is named as sender").focus()
        await driver.press("enter")
        assert "Who writes to your customers?" in driver.text()
        await driver.press("enter")
        await driver.write("nonsense")
        await driver.press("enter", "enter")
        assert "nonsense" in driver.notice()
        await driver.press("enter", "ctrl+u")
        await driver.write("hello@lumenfold.example")
        await driver.press("enter", "enter")
        assert "nobody is named" not in driver.text()
        assert "Letters are written by Lumenfold" in driver.notice()
    company = desk.services.company
    assert company is not None
    assert (company.company, company.support_email) == ("Lumenfold", "hello@lumenfold.example")
    assert not any("mainstay init" in line for line in today(desk.services).lines())


async def test_arrows_go_through_the_figures(desk: Desk) -> None:
    async with driving(desk) as driver:
        await driver.press("down", "down")
        lines = list(driver.app.screen.query(FigureLine))
        assert driver.app.focused is lines[2]
        await driver.press("up")
        assert driver.app.focused is lines[1]


async def test_an_empty_store_says_how_to_begin(tmp_path: Path) -> None:
    async with driving(company.open_desk(tmp_path / "none.db", tmp_path)) as driver:
        assert "Build the demo company (d)" in driver.text()
        assert driver.notices() == []


async def test_approved_letters_open_as_approved_whatever_was_shown_before(desk: Desk) -> None:
    async with driving(desk, (140, 40)) as driver:
        await driver.press("4", "a", "0")
        line = line_of(driver, "approved letter to hand over")
        assert line.line.figure == "1"
        line.focus()
        await driver.press("enter")
        screen = driver.app.screen
        assert isinstance(screen, DraftsScreen)
        assert [draft.state for draft in screen.drafts.values()] == [DraftState.APPROVED]
