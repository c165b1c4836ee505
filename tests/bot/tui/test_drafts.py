"""Stories on the queue of drafts."""

from pathlib import Path

import pytest
from textual.widgets import TextArea

from bot.tui.desk import Desk
from bot.tui.screens.drafts import DraftsScreen
from db.repositories.drafts import DraftRepository
from db.vocabulary import DraftState
from tests.bot.tui.harness import Driver, driving


def states(desk: Desk) -> list[str]:
    with desk.services.store.read() as session:
        return [draft.state.value for draft in DraftRepository(session).find()]


async def drafts(driver: Driver) -> DraftsScreen:
    await driver.press("4")
    screen = driver.app.screen
    assert isinstance(screen, DraftsScreen)
    return screen


async def test_a_draft_is_read_beside_what_it_rests_on(desk: Desk) -> None:
    async with driving(desk, (140, 40)) as driver:
        await drafts(driver)
        text = driver.text()
    for said in (
        "to review 4   all 4",
        "Hello Ada",
        "discount, 20 %, for 3 months",
        "“The connection drops every evening.”",
    ):
        assert said in text


async def test_what_the_guard_objects_to_is_marked_and_explained(desk: Desk) -> None:
    async with driving(desk, (140, 40)) as driver:
        await drafts(driver)
        await driver.press("down", "down")
        assert "The guard objects" in driver.text()
        assert "45 % is not what was decided." in driver.text()
        marked = [
            segment.text
            for strip in driver.app.screen._compositor.render_strips()
            for segment in strip
            if segment.style and segment.style.underline
        ]
        assert "45 %" in marked


async def test_approving_goes_on_to_the_next_and_undo_takes_it_back(desk: Desk) -> None:
    async with driving(desk, (140, 40)) as driver:
        screen = await drafts(driver)
        await driver.press("a")
        assert states(desk)[0] == "approved"
        assert screen.current is not None
        assert screen.current.customer_name == "Bruno Okafor"
        await driver.press("u")
        assert states(desk) == ["needs_review"] * 4


async def test_a_letter_that_the_guard_refuses_cannot_be_approved(desk: Desk) -> None:
    async with driving(desk, (140, 40)) as driver:
        await drafts(driver)
        await driver.press("down", "down", "a")
        assert "no record supports" in driver.notice()
    assert states(desk) == ["needs_review"] * 4


async def test_a_rejection_needs_a_reason(desk: Desk) -> None:
    async with driving(desk, (140, 40)) as driver:
        await drafts(driver)
        await driver.press("r", "enter")
        assert "needs a reason" in driver.notice()
        await driver.press("r", "escape")
        assert states(desk)[0] == "needs_review"
        await driver.press("r")
        await driver.write("too stiff")
        await driver.press("enter")
    assert states(desk)[0] == "rejected"


async def test_editing_in_place_has_the_guard_read_again(desk: Desk) -> None:
    async with driving(desk, (140, 40)) as driver:
        await drafts(driver)
        await driver.press("e")
        area = driver.app.screen.query_one(TextArea)
        area.text = area.text.replace("20 %", "60 %")
        await driver.press("ctrl+s")
        assert "the guard objects" in driver.notice()
        assert "60 %" in driver.text()
        await driver.press("e", "escape")
        await driver.press("u")
        assert "20 % off" in driver.text()


async def test_editing_in_the_persons_own_editor_is_refused_politely_where_it_cannot_be(desk: Desk) -> None:
    async with driving(desk, (140, 40)) as driver:
        await drafts(driver)
        await driver.press("E")
        assert "cannot make room for an editor" in driver.notice()


async def test_approving_all_asks_first_and_leaves_what_the_guard_refuses(desk: Desk) -> None:
    async with driving(desk, (140, 40)) as driver:
        await drafts(driver)
        await driver.press("A")
        assert "Approve all 4 drafts" in driver.text()
        await driver.press("n")
        assert states(desk) == ["needs_review"] * 4
        await driver.press("A", "y")
        assert "3 drafts are approved. 1 stay in the queue." in driver.notices()
    assert states(desk) == ["approved", "approved", "needs_review", "approved"]


@pytest.mark.parametrize("keys", [("home",), ("end",)])
async def test_approved_letters_are_handed_over_as_files(desk: Desk, tmp_path: Path, keys: tuple[str, ...]) -> None:
    async with driving(desk, (140, 40)) as driver:
        await drafts(driver)
        await driver.press("x")
        assert "Nothing is approved yet" in driver.notice()
        await driver.press("a", "x", *keys, "enter")
        assert "1 exported" in driver.notice()
    assert states(desk)[0] == "exported"
    assert [path for path in desk.settings.exports_folder.rglob("*") if path.is_file()]


async def test_the_filter_shows_another_state_and_says_when_it_is_empty(desk: Desk) -> None:
    async with driving(desk, (140, 40)) as driver:
        screen = await drafts(driver)
        await driver.press("f", "end", "enter")
        assert screen.state is DraftState.WITHHELD
        assert "No draft is withheld." in driver.text()
        await driver.press("f", "home", "enter")
        assert "all 4" in driver.text()


async def test_more_letters_are_drafted_for_as_many_as_one_says(desk: Desk) -> None:
    async with driving(desk, (140, 40)) as driver:
        await drafts(driver)
        await driver.press("n", "backspace", "backspace", "x", "enter")
        assert "'x' is not a number of letters." in driver.notice()
        await driver.press("n", "backspace", "backspace", "2", "enter")
        assert "2 new drafts wait for review" in driver.notice()
    assert len(states(desk)) == 6


async def test_the_customer_of_a_letter_is_one_key_away(desk: Desk) -> None:
    async with driving(desk, (140, 40)) as driver:
        await drafts(driver)
        await driver.press("down", "c")
        assert driver.app.current_mode == "customer"
        assert "Bruno Okafor" in driver.text()
