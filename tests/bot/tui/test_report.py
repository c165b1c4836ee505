"""Stories on the report."""

from pathlib import Path

from bot.tui.desk import Desk
from tests.bot.tui.harness import driving


async def test_the_figures_are_those_of_the_store(desk: Desk) -> None:
    async with driving(desk, (140, 40)) as driver:
        await driver.press("5")
        text = driver.text()
    for said in ("14 active, 0 left", "€723", "0.842  0.810 to 0.870", "outages 30d", "to review", "HIGH"):
        assert said in text


async def test_the_report_is_written_and_its_place_told(desk: Desk) -> None:
    def write(form: str) -> Path:
        return Path(f"/somewhere/report.{form}")

    desk.__dict__["can_report"] = True
    desk.__dict__["write_report"] = write
    async with driving(desk, (140, 40)) as driver:
        await driver.press("5", "w")
        assert "/somewhere/report.html" in driver.notice()
        await driver.press("W", "down", "enter")
        assert "Written to /somewhere/report.xlsx" in driver.text()
