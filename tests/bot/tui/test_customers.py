"""Stories on the list of customers."""

import csv
import shutil
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, update
from textual.widgets import Input

from bot.background.folder import BackgroundJob
from bot.settings import Settings
from bot.tui import roll
from bot.tui.desk import Desk
from bot.tui.errands import Errand, demo
from bot.tui.jobwatch import JobWatch
from bot.tui.screens.customer import CustomerScreen
from bot.tui.screens.customers import CustomersScreen
from bot.tui.widgets.table import LongTable
from db.models import Customer, MessageReading
from db.queries.customers import CustomerRow
from db.repositories.settings import SettingsRepository
from db.vocabulary import ChurnDefinition, ChurnDefinitionKind
from tests.bot.tui import company
from tests.bot.tui.harness import Driver, driving


def listed(driver: Driver) -> list[str]:
    """The names in the list, from top to bottom."""
    table = driver.app.screen.query_one(LongTable)
    return [table._rows[key][1].text for key in table.keys if key in table._rows]


def titles(driver: Driver) -> set[str]:
    """The words of the titles of the columns."""
    return set(driver.app.screen.query_one(LongTable).render_line(0).text.split())


@asynccontextmanager
async def listing(desk: Desk, size: tuple[int, int] = (100, 30)) -> AsyncIterator[Driver]:
    """The app on a desk, at the list."""
    async with driving(desk, size) as driver:
        await driver.press("1")
        yield driver


def screen_of(driver: Driver) -> CustomersScreen:
    """The list."""
    screen = driver.app.screen
    assert isinstance(screen, CustomersScreen)
    return screen


async def test_those_with_most_money_at_risk_come_first(desk: Desk) -> None:
    async with listing(desk) as driver:
        assert listed(driver)[:3] == ["Chiara Lindqvist", "Femi Castellanos", "Bruno Okafor"]
        text = driver.text()
        assert "14 customers" in text
        assert "HIGH" in text
        assert "▼ unhappy" in text


@pytest.mark.parametrize(
    ("room", "said"),
    [(200, "6 expected to leave within 90 days"), (80, "6 to leave within 90 days"), (60, "6 to leave ·")],
)
async def test_the_line_on_top_says_in_which_time_customers_leave_where_there_is_room(
    desk: Desk, room: int, said: str
) -> None:
    with desk.services.store.write() as session:
        definition = ChurnDefinition(ChurnDefinitionKind.CANCEL_DATE, churn_horizon_days=90)
        SettingsRepository(session).set_churn_definition(definition)
    assert said in roll.summary(desk.standing(), room).plain


async def test_keys_that_come_before_the_list_is_drawn_go_where_they_were_meant(desk: Desk) -> None:
    async with driving(desk) as driver:
        asked = driver.app.switch_mode("customers")
        await driver.pilot.press("slash", *"oka")
        await asked
        await driver.settle()
        assert screen_of(driver).query_one("#search", Input).value == "oka"
        assert listed(driver) == ["Bruno Okafor"]


async def test_search_narrows_the_list_while_one_types_and_escape_shows_everyone_again(desk: Desk) -> None:
    async with listing(desk) as driver:
        await driver.press("slash")
        await driver.write("oka")
        assert listed(driver) == ["Bruno Okafor"]
        await driver.press("enter")
        assert isinstance(driver.app.focused, LongTable)
        await driver.press("escape")
        assert len(driver.app.screen.query_one(LongTable).keys) == 14
        assert driver.app.screen.query_one(Input).value == ""


async def test_sorting_by_a_chosen_column_and_turning_the_order_round(desk: Desk) -> None:
    async with listing(desk) as driver:
        await driver.press("s", "home", "enter")
        assert listed(driver)[0] == "Ines Achterberg"
        assert "Customer▲" in driver.text()
        await driver.press("r")
        assert listed(driver)[0] == "Jonas Whitlock"
        assert "Customer▼" in driver.text()


async def test_bands_go_round(desk: Desk) -> None:
    async with listing(desk) as driver:
        counts = []
        for _ in range(4):
            await driver.press("b")
            counts.append(len(driver.app.screen.query_one(LongTable).keys))
        assert counts == [4, 4, 6, 14]


async def test_an_audience_that_cannot_be_read_is_explained_and_asked_again(desk: Desk) -> None:
    async with listing(desk) as driver:
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
    async with listing(desk) as driver:
        await driver.press("slash")
        await driver.write("zzz")
        assert "escape clears" in driver.text()


async def test_enter_opens_the_customer(desk: Desk) -> None:
    async with listing(desk) as driver:
        await driver.press("down", "enter")
        assert isinstance(driver.app.screen, CustomerScreen)
        assert "Femi Castellanos" in driver.text()
        await driver.press("escape", "up", "enter")
        assert "Chiara Lindqvist" in driver.text()


async def test_enter_on_a_row_that_is_still_being_read_opens_it_once_it_is_there(desk: Desk) -> None:
    async with listing(desk) as driver:
        page, may_read = desk.lists.page, threading.Event()

        def slow_page(*asked: Any, **options: Any) -> dict[int, CustomerRow]:
            may_read.wait(10)
            return page(*asked, **options)

        desk.lists.__dict__["page"] = slow_page
        screen_of(driver).rows.clear()
        screen_of(driver).table.forget()
        await driver.pilot.press("down", "enter")
        assert isinstance(driver.app.screen, CustomersScreen)
        may_read.set()
        await driver.settle()
        assert isinstance(driver.app.screen, CustomerScreen)
        assert "Femi Castellanos" in driver.text()


async def test_who_has_moved_on_is_not_taken_to_the_row_that_was_still_being_read(desk: Desk) -> None:
    async with listing(desk) as driver:
        page, may_read = desk.lists.page, threading.Event()

        def slow_page(*asked: Any, **options: Any) -> dict[int, CustomerRow]:
            may_read.wait(10)
            return page(*asked, **options)

        desk.lists.__dict__["page"] = slow_page
        screen_of(driver).rows.clear()
        screen_of(driver).table.forget()
        await driver.pilot.press("enter", "down")
        may_read.set()
        await driver.settle()
        assert isinstance(driver.app.screen, CustomersScreen)


async def test_offers_are_called_as_in_the_catalogue_and_written_as_codes(desk: Desk) -> None:
    company.name_offers(desk)
    async with listing(desk, (200, 40)) as driver:
        assert "20 % off for three months" in driver.text()
        assert "stay 20" not in driver.text()
        await driver.press("e")
    written = next(desk.settings.exports_folder.glob("customers-*.csv")).read_text(encoding="utf-8")
    assert {row["offer_code"] for row in csv.DictReader(written.splitlines())} == {"stay-20", "none"}


async def test_the_question_for_an_audience_names_what_was_imported(desk: Desk) -> None:
    with desk.services.store.write() as session:
        session.execute(update(Customer).values(attributes={"paper_bill": "yes", "Last visit": "May"}))
    async with listing(desk) as driver:
        await driver.press("w")
        assert "by name: paper_bill, `Last visit`." in " ".join(driver.text().replace("│", " ").split())
        await driver.write("`Last visit` = May")
        await driver.press("enter")
        assert "14 shown" in driver.text()


async def test_columns_that_have_nothing_to_show_leave_their_room_to_the_others(desk: Desk) -> None:
    async with listing(desk, (200, 40)) as driver:
        assert {"Customer", "Id", "Plan", "Mood", "Offer"} <= titles(driver)
        assert "30 days" not in driver.text()
        with desk.services.store.write() as session:
            session.execute(update(Customer).values(plan=None, first_name=None, last_name=None))
            session.execute(delete(MessageReading))
        await driver.app.look_again()
        await driver.settle()
        assert {"Customer", "Offer"} <= titles(driver)
        assert not {"Id", "Plan", "Mood"} & titles(driver)
        screen_of(driver).sort_by("plan")
        await driver.settle()
        assert "Plan▲" in titles(driver)


class Keeping(JobWatch):
    """Keeps errands in place of beginning them."""

    def __init__(self, known: dict[str, BackgroundJob], begun: list[Errand]) -> None:
        super().__init__(known)
        self.begun = begun

    def begin(self, settings: Settings, errand: Errand) -> str:
        self.begun.append(errand)
        return "kept"


async def test_a_store_that_is_not_there_is_offered_the_demo_and_not_created(tmp_path: Path) -> None:
    path = tmp_path / "none.db"
    async with driving(company.open_desk(path, tmp_path)) as driver:
        for key in "01":
            await driver.press(key)
            text = driver.text()
            assert "Build the demo company (d)" in text
            assert "Import a table (i)" in text
            assert "mainstay import customers FILE" in text
        for key in "234":
            await driver.press(key)
            assert "There are no customers yet." in driver.text()
        for key in "2345":
            await driver.press(key)
            assert driver.notices() == []
        await driver.press("f5")
        assert "There are no customers yet." in driver.notice()
        await driver.press("0", "i")
        assert "Which file holds the customers?" in driver.text()
    assert not path.exists()


async def test_the_demo_company_of_the_first_run_is_built_in_the_background(tmp_path: Path) -> None:
    begun: list[Errand] = []
    async with driving(company.open_desk(tmp_path / "none.db", tmp_path)) as driver:
        watch = driver.app.job_watch
        driver.app.job_watch = Keeping(watch.known, begun)
        await driver.press("d")
        assert [errand.steps for errand in begun] == [(("demo", "--no-tui", "--customers", "2000"),)]
        assert driver.app.work_line == ""


async def test_a_store_with_customers_is_not_offered_the_demo(desk: Desk) -> None:
    async with driving(desk, (140, 40)) as driver:
        await driver.press("6", "n")
        assert "Draft letters" in driver.text()
        assert "demo company" not in driver.text()
        await driver.press("escape")
        await driver.app.start_job(partial(demo, "50"))
        assert "holds customers" in driver.notice()


async def test_customers_are_marked_and_the_marks_stay_with_them(desk: Desk) -> None:
    async with listing(desk) as driver:
        await driver.press("x", "down", "x")
        assert "2 marked" in driver.text()
        assert driver.text().count("✓") == 2
        await driver.press("slash")
        await driver.write("okafor")
        assert listed(driver) == ["Bruno Okafor"]
        assert "✓" in driver.text()
        await driver.press("enter", "escape")
        assert "marked" not in driver.text()
        assert "✓" not in driver.text()


async def test_all_that_are_shown_are_marked_and_no_others(desk: Desk) -> None:
    async with listing(desk) as driver:
        await driver.press("b", "X")
        assert "4 marked" in driver.text()
        assert len(screen_of(driver).marked) == 4


async def test_letters_to_the_marked_are_drafted_after_a_yes_with_the_count(desk: Desk) -> None:
    async with listing(desk) as driver:
        await driver.press("X", "d")
        assert "Draft letters to 14 customers?" in driver.text()
        await driver.press("y")
        told = driver.notice()
        assert told.startswith("4 drafts wait for review."), told
        assert "open draft" in told
        assert "marked" not in driver.text()


async def test_no_letter_is_drafted_after_a_no(desk: Desk) -> None:
    async with listing(desk) as driver:
        before = desk.draft_counts()
        await driver.press("X", "d", "n")
        assert desk.draft_counts() == before
        assert len(screen_of(driver).marked) == 14


async def test_without_marks_the_customer_under_the_cursor_is_written_to(desk: Desk) -> None:
    async with listing(desk) as driver:
        await driver.press("d")
        assert driver.notice().startswith("0 drafts wait for review. Not written to: 1 no offer worth it")


async def test_an_audience_is_saved_taken_again_and_forgotten(desk: Desk) -> None:
    async with listing(desk) as driver:
        await driver.press("S")
        assert "press w" in driver.notice()
        await driver.press("w")
        await driver.write("mood = negative")
        await driver.press("enter")
        assert len(screen_of(driver).table.keys) == 2
        await driver.press("S")
        await driver.write("Unhappy ones")
        await driver.press("enter", "escape")
        assert len(screen_of(driver).table.keys) == 14
        await driver.press("w")
        assert "Unhappy ones" in driver.text()
        await driver.press("home", "enter")
        assert len(screen_of(driver).table.keys) == 2
        await driver.press("F", "home", "enter")
        assert driver.notice() == "Unhappy ones is forgotten."
        assert desk.lists.audiences() == {}


async def test_an_audience_with_an_unknown_column_is_explained(desk: Desk) -> None:
    async with listing(desk) as driver:
        await driver.press("w")
        await driver.write("routr = 'Mk II'")
        await driver.press("enter")
        assert "Did you mean 'router'?" in driver.notice()


@pytest.mark.parametrize(("keys", "names"), [(("b", "e"), 4), (("x", "e"), 1), (("e",), 14)])
async def test_what_is_shown_or_marked_is_written_as_csv(desk: Desk, keys: tuple[str, ...], names: int) -> None:
    async with listing(desk) as driver:
        await driver.press(*keys)
        assert "keep it safe" in driver.notice()
        shown = listed(driver)
    path = next(desk.settings.exports_folder.glob("customers-*.csv"))
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    assert [row["name"] for row in rows] == shown[:names]
    assert path.stat().st_mode & 0o077 == 0


async def test_no_cell_of_the_csv_is_a_formula(tmp_path: Path) -> None:
    path = tmp_path / "formulas.db"
    company.fill(
        path,
        names=(("=cmd|'/c calc'!A1", "+1"), ("@SUM(A1)", "x"), ("-2+3", "y"), *(("\t=1", "z") for _ in range(11))),
        plan='=HYPERLINK("http://x")',
    )
    desk = company.open_desk(path, tmp_path / "home")
    async with listing(desk) as driver:
        await driver.press("e")
    written = next(desk.settings.exports_folder.glob("customers-*.csv")).read_text(encoding="utf-8")
    for row in csv.DictReader(written.splitlines()):
        assert row["name"][0] == row["plan"][0] == "'"
        float(row["churn_probability"])


async def test_a_title_sorts_and_the_column_that_is_sorted_by_is_shown(desk: Desk) -> None:
    async with listing(desk, (80, 24)) as driver:
        assert "30 days" not in driver.text()
        for order in ("mood", "offer", "residual_value", "churn_30"):
            screen_of(driver).sort_by(order)
            await driver.settle()
        assert "30 days" in driver.text()
        screen_of(driver).sort_by("mood")
        await driver.settle()
        assert [row.mood for row in screen_of(driver).rows.values()][:2] == ["negative", "negative"]


async def test_a_list_that_another_screen_asked_for_begins_at_its_top(desk: Desk) -> None:
    async with listing(desk) as driver:
        await driver.press("end")
        await driver.press("0", "enter")
        assert screen_of(driver).table.cursor == 0


async def test_the_page_comes_from_the_store_until_the_roster_has_been_read(desk: Desk) -> None:
    desk.lists.__dict__["read_roster"] = lambda: False
    async with listing(desk) as driver:
        await driver.press("end", "slash")
        await driver.write("quill")
        assert listed(driver) == ["Ada Quill"]
        assert desk.lists._roster is None


async def test_moods_are_those_of_the_model_that_has_read_the_messages(filled: Path, tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    shutil.copy(filled, path)
    desk = company.open_desk(path, tmp_path / "home")
    desk.forget()
    assert desk.reading_model == company.READER
    async with driving(desk, (140, 40)) as driver:
        await driver.press("1")
        assert "unhappy" in driver.text()
