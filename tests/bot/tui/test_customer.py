"""Stories on the page of one customer."""

from datetime import timedelta

from sqlalchemy import select, update

from bot.tui.desk import Desk
from bot.tui.screens.drafts import DraftsScreen
from db.models import ChurnScore, Customer
from db.vocabulary import OutcomeKind, SuppressionReason
from tests.bot.tui import company
from tests.bot.tui.harness import driving


async def test_the_page_says_how_likely_why_and_what_was_decided(desk: Desk) -> None:
    async with driving(desk, (140, 50), customer=None) as driver:
        await driver.app.show_customer("LF-0001")
        await driver.settle()
        text = driver.text()
    for said in (
        "82% HIGH",
        "Revenue at risk",
        "€200.00",
        "Outages in the last 30 days is 4; half of customers",
        "discount, 20 %, for 3 months",
        "Not line-check: The line is fine.",
        "lately: unhappy",
        "The connection drops every evening",
        "letter   drafted A thank-you from Lumenfold",
        "decision offer stay 20",
        "rule     email granted by import",
        "Nothing noted",
    ):
        assert said in text


async def test_offers_are_called_as_in_the_catalogue(desk: Desk) -> None:
    company.name_offers(desk)
    async with driving(desk, (140, 50), customer=None) as driver:
        await driver.app.show_customer("LF-0001")
        await driver.settle()
        text = driver.text()
    for said in (
        "Offer  20 % off for three months",
        "the choice was “20 % off for three months”",
        "Not “A technician checks the line”: The line is fine.",
        "decision offer 20 % off for three months",
    ):
        assert said in text
    assert "stay-20" not in text


async def test_another_customer_begins_at_the_top_and_an_id_is_not_told_twice(desk: Desk) -> None:
    with desk.services.store.write() as session:
        without_name = update(Customer).where(Customer.external_id == "LF-0002")
        session.execute(without_name.values(first_name=None, last_name=None))
    async with driving(desk, (80, 24)) as driver:
        await driver.app.show_customer("LF-0001")
        await driver.settle()
        await driver.press(*["j"] * 6)
        assert "Risk" not in driver.text()
        await driver.press("1")
        await driver.app.show_customer("LF-0002")
        await driver.settle()
        assert "Risk" in driver.text()
        assert driver.text().count("LF-0002") == 1


async def test_without_an_open_customer_the_page_says_what_to_do(desk: Desk) -> None:
    async with driving(desk) as driver:
        await driver.press("2")
        assert "No customer is open" in driver.text()


async def test_a_customer_who_is_held_out_and_one_who_must_not_be_contacted_show_it(desk: Desk) -> None:
    from db.repositories.contacts import ContactRepository

    with desk.services.store.write() as session:
        ContactRepository(session).suppress("LF-0005", SuppressionReason.OPT_OUT, company.NOW, "test")
    async with driving(desk, (140, 50)) as driver:
        await driver.app.show_customer("LF-0005")
        await driver.settle()
        assert "nothing (held out)" in driver.text()
        assert "do not contact: opt out" in driver.text()


async def test_an_unknown_customer_is_a_notice(desk: Desk) -> None:
    async with driving(desk) as driver:
        await driver.app.show_customer("nobody")
        await driver.settle()
        assert "There is no customer nobody." in driver.notice()


async def test_no_letter_is_drafted_where_none_is_due_and_the_rule_is_named(desk: Desk) -> None:
    async with driving(desk) as driver:
        await driver.app.show_customer("LF-0005")
        await driver.settle()
        await driver.press("d")
        assert "holdout" in driver.notice()


async def test_a_letter_is_drafted_at_once(desk: Desk) -> None:
    async with driving(desk, (140, 60)) as driver:
        await driver.app.show_customer("LF-0002")
        await driver.settle()
        await driver.press("4", "down", "r")
        await driver.write("too long")
        for key in ("enter", "2", "d"):
            await driver.press(key)
        assert driver.notice() == "The draft waits for review; d shows it."
        assert "rejected A thank-you from Lumenfold (too" in driver.text()


async def test_a_note_is_kept_with_its_writer_and_an_empty_one_is_not(desk: Desk) -> None:
    async with driving(desk, (140, 60)) as driver:
        await driver.app.show_customer("LF-0002")
        await driver.settle()
        await driver.press("n", "enter")
        assert "Nothing noted" in driver.text()
        await driver.press("n")
        await driver.write("Call after five")
        await driver.press("enter")
        assert "2 Mar 2026 tester: Call after five" in driver.text()
        await driver.press("1")
        await driver.app.show_customer("LF-0001")
        await driver.settle()
        assert "Nothing noted" in driver.text()


async def test_what_passed_is_told_newest_first_chats_and_outcomes_too(desk: Desk) -> None:
    from db.repositories.contacts import ContactRepository
    from db.repositories.conversations import ConversationRepository

    with desk.services.store.write() as session:
        ConversationRepository(session).start("LF-0003", company.NOW + timedelta(days=1))
        ContactRepository(session).record_outcome("LF-0003", OutcomeKind.CANCELED, company.NOW + timedelta(days=2))
    async with driving(desk, (140, 60)) as driver:
        await driver.app.show_customer("LF-0003")
        await driver.settle()
        text = driver.text()
    places = [text.index(said) for said in ("outcome  canceled", "chat     open 0 turns", "decision no offer")]
    assert places == sorted(places)


async def test_risk_in_time_stands_beside_that_of_everyone_with_the_curve(desk: Desk) -> None:
    from analytics.jobs.curves import CustomerCurve

    def curve(customer_id: str, *, reading_model: str | None) -> CustomerCurve:
        return CustomerCurve((0, 180, 360), (1.0, 0.5, 0.25), 180)

    with desk.services.store.write() as session:
        session.execute(update(ChurnScore).values(churn_30=0.1, churn_60=0.2, churn_90=0.3))
        mine = session.scalars(select(Customer.id).where(Customer.external_id == "LF-0001")).one()
        session.execute(update(ChurnScore).where(ChurnScore.customer_id == mine).values(churn_30=0.66))
    desk.records.__dict__["curve"] = curve
    async with driving(desk, (140, 60)) as driver:
        await driver.app.show_customer("LF-0001")
        await driver.settle()
        text = driver.text()
    for said in (
        " 66%  all customers 14%",
        " 20%  all customers 20%",
        "Chance to be still here",
        "beyond 180 days assumed",
    ):
        assert said in text


async def test_a_letter_that_is_open_is_shown_and_not_drafted_again(desk: Desk) -> None:
    async with driving(desk, (140, 40)) as driver:
        await driver.app.show_customer("LF-0001")
        await driver.settle()
        await driver.press("d")
        screen = driver.app.screen
        assert isinstance(screen, DraftsScreen)
        assert [draft.customer_id for draft in screen.drafts.values()] == ["LF-0001"]
        await driver.press("escape")
        assert len(screen.table.keys) == 4
