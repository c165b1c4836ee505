"""Stories on the page of one customer."""

import pytest

from bot.tui.desk import Desk
from db.vocabulary import SuppressionReason
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
        "to review",
    ):
        assert said in text


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


@pytest.mark.parametrize(("customer", "told"), [("LF-0001", "open draft"), ("LF-0005", "holdout")])
async def test_no_letter_is_drafted_where_none_is_due_and_the_rule_is_named(
    desk: Desk, customer: str, told: str
) -> None:
    async with driving(desk) as driver:
        await driver.app.show_customer(customer)
        await driver.settle()
        await driver.press("d")
        assert told in driver.notice()


async def test_a_letter_is_drafted_at_once(desk: Desk) -> None:
    async with driving(desk, (140, 60)) as driver:
        await driver.app.show_customer("LF-0002")
        await driver.settle()
        await driver.press("4", "down", "r")
        await driver.write("too long")
        await driver.press("enter", "2", "d")
        assert driver.notice() == "The draft waits for review."
        assert "rejected" in driver.text()
