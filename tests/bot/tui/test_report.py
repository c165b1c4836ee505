"""Stories on the report."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from analytics.features import FeaturePlan, KindPlan
from analytics.reports.document import Column, Kind, Table
from bot.tui.desk import Desk
from bot.tui.reportage import CHARTS, Charts
from db.repositories.model_versions import ModelRecord, ModelVersionRepository
from tests.bot.tui import company
from tests.bot.tui.harness import driving


def table(name: str, keys: tuple[str, ...], rows: list[tuple[float, ...]]) -> Table:
    """A table of numbers."""
    return Table(name, name, tuple(Column(key, key, Kind.NUMBER) for key in keys), tuple(rows))


def charts(**effect: Any) -> Charts:
    """Charts with figures that one can tell apart."""
    tables = [
        table("distribution", ("from", "to", "customers"), [(place / 20, 0, 1000 - 50 * place) for place in range(20)]),
        table("calibration", ("forecast", "churned"), [(0.1, 0.1), (0.4, 0.5)]),
        table("gains", ("contacted", "recall", "lift"), [(0.1, 0.35, 3.5), (1.0, 1.0, 0.2)]),
        table("survival", ("month", "stay", "low", "high"), [(0, 1.0, 1.0, 1.0), (24, 0.5, 0.4, 0.6)]),
    ]
    found = {"followed": 900, "pending": 100, "horizon_days": 90, "split_is_suspect": False, "effect": None, **effect}
    return Charts({one.name: one for one in tables}, found)


async def test_the_figures_are_those_of_the_store(desk: Desk) -> None:
    async with driving(desk, (140, 60)) as driver:
        await driver.press("5")
        text = driver.text()
        for said in ("14 active, 0 left", "€723", "0.842  0.810 to 0.870", "Outages 30d", "HIGH"):
            assert said in text
        for said in (
            "How risk is spread",
            "customers by their chance to leave",
            "Nothing can be said yet: 0 customers",
        ):
            assert said in text
        await driver.press(*("j",) * 30)
        assert "to review" in driver.text()


async def test_drivers_are_said_in_the_words_of_the_reasons(desk: Desk) -> None:
    plan = FeaturePlan(kinds=(KindPlan("ticket", with_quantity=True),)).as_json()
    metrics = {"drivers": [{"column": "ticket_quantity_30d", "size": 0.4}, {"column": "tenure_months", "size": 0.2}]}
    with desk.services.store.write() as session:
        newer = ModelRecord(0, "churn", "v2", "01", {"plan": plan}, metrics, {}, company.NOW + timedelta(days=1))
        ModelVersionRepository(session).add(newer)
    async with driving(desk, (140, 60)) as driver:
        await driver.press("5")
        assert "The total quantity recorded with tickets in" in driver.text()
        assert "Time as a customer" in driver.text()


async def test_the_keys_for_pages_turn_them(desk: Desk) -> None:
    async with driving(desk, (80, 24)) as driver:
        await driver.press("5")
        assert "At a glance" in driver.text()
        await driver.press("pagedown")
        assert "At a glance" not in driver.text()
        await driver.press("pageup")
        assert "At a glance" in driver.text()
        await driver.app.show_customer("LF-0001")
        await driver.settle()
        assert "Risk" in driver.text()
        await driver.press("pagedown")
        assert "Risk" not in driver.text()
        await driver.press("pageup")
        assert "Risk" in driver.text()


async def test_the_report_is_written_and_its_place_told(desk: Desk) -> None:
    def write(form: str) -> Path:
        return Path(f"/somewhere/report.{form}")

    desk.__dict__["can_report"] = True
    desk.__dict__["write_report"] = write
    async with driving(desk, (140, 70)) as driver:
        opened: list[str] = []
        driver.app.open_url = lambda url, **_: opened.append(url)  # type: ignore[method-assign]
        await driver.press("5", "w")
        assert "/somewhere/report.html" in driver.notice()
        assert opened == []
        await driver.press("o")
        assert opened == ["file:///somewhere/report.html"]
        await driver.press("W", "down", "enter")
        await driver.press(*("j",) * 30)
        assert "Written to /somewhere/report.xlsx" in driver.text()


@pytest.mark.parametrize("room", [24, 60, 120])
@pytest.mark.parametrize("name", CHARTS)
def test_no_line_of_a_chart_is_longer_than_its_room(name: str, room: int) -> None:
    for line in CHARTS[name](charts(), room).plain.split("\n"):
        assert len(line.rstrip()) <= max(room, 60), line


def test_a_chart_says_its_figures_in_words() -> None:
    found = charts()
    assert "The tenth most at risk leave 3.5 times as often" in CHARTS["gains"](found, 60).plain
    assert "1,950" in CHARTS["distribution"](found, 70).plain
    assert "24 months" in CHARTS["survival"](found, 60).plain
    assert "● what came" in CHARTS["calibration"](found, 60).plain


def test_the_campaign_is_held_against_the_holdout_with_its_interval() -> None:
    measured = {
        "treated": 800,
        "holdout": 100,
        "treated_retained": 0.92,
        "holdout_retained": 0.9,
        "incremental_save_rate": {"estimate": 0.02, "low": -0.03, "high": 0.07},
        "is_shown": False,
    }
    text = CHARTS["campaign"](charts(effect=measured), 60).plain
    for said in (
        "treated (800)",
        "92.0% stayed",
        "holdout (100)",
        "90.0% stayed",
        "+2.0 points (-3.0 to +7.0), not",
    ):
        assert said in text


@pytest.mark.parametrize("name", CHARTS)
def test_what_is_missing_is_said(name: str) -> None:
    assert len(CHARTS[name](Charts({}, {"effect": None}), 60).plain) > 20
