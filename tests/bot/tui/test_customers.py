"""Stories on the list of customers."""

from pathlib import Path

from textual.widgets import Input

from bot.tui.desk import Desk
from bot.tui.screens.customer import CustomerScreen
from bot.tui.widgets.table import LongTable
from tests.bot.tui import company
from tests.bot.tui.harness import Driver, driving


def listed(driver: Driver) -> list[str]:
    """The names in the list, from top to bottom."""
    table = driver.app.screen.query_one(LongTable)
    return [table._rows[key][0].text for key in table.keys if key in table._rows]


async def test_those_with_most_money_at_risk_come_first(desk: Desk) -> None:
    async with driving(desk) as driver:
        assert listed(driver)[:3] == ["Chiara Lindqvist", "Femi Castellanos", "Bruno Okafor"]
        text = driver.text()
        assert "14 customers" in text
        assert "HIGH" in text
        assert "▼ unhappy" in text


async def test_search_narrows_the_list_while_one_types_and_escape_shows_everyone_again(desk: Desk) -> None:
    async with driving(desk) as driver:
        await driver.press("slash")
        await driver.write("oka")
        assert listed(driver) == ["Bruno Okafor"]
        await driver.press("enter")
        assert isinstance(driver.app.focused, LongTable)
        await driver.press("escape")
        assert len(driver.app.screen.query_one(LongTable).keys) == 14
        assert driver.app.screen.query_one(Input).value == ""


async def test_sorting_by_a_chosen_column_and_turning_the_order_round(desk: Desk) -> None:
    async with driving(desk) as driver:
        await driver.press("s", "home", "enter")
        assert listed(driver)[0] == "Ines Achterberg"
        assert "Customer▲" in driver.text()
        await driver.press("r")
        assert listed(driver)[0] == "Jonas Whitlock"
        assert "Customer▼" in driver.text()


async def test_bands_go_round(desk: Desk) -> None:
    async with driving(desk) as driver:
        counts = []
        for _ in range(4):
            await driver.press("b")
            counts.append(len(driver.app.screen.query_one(LongTable).keys))
        assert counts == [4, 4, 6, 14]


async def test_an_audience_that_cannot_be_read_is_explained_and_asked_again(desk: Desk) -> None:
    async with driving(desk) as driver:
        await driver.press("w")
        await driver.write("plan =")
        await driver.press("enter")
        assert "plan =" in driver.text()
        assert driver.notices()
        await driver.press("end")
        await driver.write(" 'Spark 50'")
        await driver.press("enter")
        assert len(driver.app.screen.query_one(LongTable).keys) == 5
        assert "audience: plan = 'Spark 50'" in driver.text()


async def test_nobody_fits_says_how_to_get_back(desk: Desk) -> None:
    async with driving(desk) as driver:
        await driver.press("slash")
        await driver.write("zzz")
        assert "escape clears" in driver.text()


async def test_enter_opens_the_customer(desk: Desk) -> None:
    async with driving(desk) as driver:
        await driver.press("down", "enter")
        assert isinstance(driver.app.screen, CustomerScreen)
        assert "Femi Castellanos" in driver.text()
        await driver.press("escape", "up", "enter")
        assert "Chiara Lindqvist" in driver.text()


async def test_a_store_that_is_not_there_is_offered_the_demo_and_not_created(tmp_path: Path) -> None:
    path = tmp_path / "none.db"
    async with driving(company.open_desk(path, tmp_path)) as driver:
        text = driver.text()
        assert "Build the demo company" in text
        assert "mainstay import customers FILE" in text
        for key in "2345":
            await driver.press(key)
            assert driver.notices() == []
    assert not path.exists()
