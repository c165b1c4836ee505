"""Stories on the queue of drafts."""

import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import update
from textual.drivers.headless_driver import HeadlessDriver
from textual.widgets import TextArea

from bot.tui.desk import Desk
from bot.tui.listing import LetterQuery
from bot.tui.screens.drafts import DraftsScreen
from bot.tui.screens.editing import EditLetter, in_editor
from db.errors import InputError
from db.models import Customer
from db.repositories.drafts import DraftRepository
from db.vocabulary import DraftState
from tests.bot.tui import company
from tests.bot.tui.harness import Driver, driving


def states(desk: Desk) -> list[str]:
    with desk.services.store.read() as session:
        return [draft.state.value for draft in DraftRepository(session).find()]


def an_editor(path: Path, text: str) -> str:
    """A program that puts a text in the place of what it is given."""
    path.write_text(f"import sys, pathlib; pathlib.Path(sys.argv[1]).write_text({text!r})", encoding="utf-8")
    return f"{sys.executable} {path}"


async def drafts(driver: Driver) -> DraftsScreen:
    await driver.press("4")
    screen = driver.app.screen
    assert isinstance(screen, DraftsScreen)
    return screen


async def test_a_key_that_comes_while_a_step_is_taken_does_not_cut_it_short(desk: Desk) -> None:
    approve, may_approve = desk.approve, threading.Event()
    begun: list[Sequence[int]] = []

    def slow_approve(draft_ids: Sequence[int]) -> int:
        begun.append(draft_ids)
        may_approve.wait(10)
        return approve(draft_ids)

    desk.__dict__["approve"] = slow_approve
    async with driving(desk) as driver:
        await driver.press("4")
        await driver.pilot.press("a", "a", "r", "f")
        may_approve.set()
        await driver.settle()
        assert len(begun) == 1
        first = begun[0][0]
        assert driver.notices() == [f"Draft {first} is approved."]
        assert "approved 1" in driver.text()
        await driver.press("u")
        assert driver.notice() == f"Draft {first} is as it was before."


async def test_a_letter_without_an_address_is_told_and_approved_with_a_word(desk: Desk) -> None:
    with desk.services.store.write() as session:
        session.execute(update(Customer).values(email=None))
    async with driving(desk) as driver:
        await driver.press("4")
        assert "no address" in driver.text()
        await driver.press("a")
        assert "no e-mail address, so that it cannot leave" in driver.notice()
        await driver.press("x")
        assert "Export one approved draft as" in driver.text()


async def test_the_letter_rests_on_an_offer_by_its_name(desk: Desk) -> None:
    company.name_offers(desk)
    async with driving(desk, (140, 40)) as driver:
        await driver.press("4")
        assert "20 % off for three months" in driver.text()


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
        await driver.press("u")
        assert "3 of 3 drafts are as they were before." in driver.notices()
    assert states(desk) == ["needs_review"] * 4


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
        assert "runs in the background" in driver.notice()
        assert driver.app.job_news.live[0].request.command == "mainstay draft --top 2"
        driver.app.job_watch.stop(desk.settings, driver.app.job_news.live[0].name)


async def test_the_customer_of_a_letter_is_one_key_away(desk: Desk) -> None:
    async with driving(desk, (140, 40)) as driver:
        await drafts(driver)
        await driver.press("down", "c")
        assert driver.app.current_mode == "customer"
        assert "Bruno Okafor" in driver.text()


async def test_searching_shows_fewer_and_approve_all_means_those(desk: Desk) -> None:
    async with driving(desk, (140, 40)) as driver:
        await drafts(driver)
        await driver.press("slash")
        await driver.write("BRUNO")
        await driver.press("enter")
        text = driver.text()
        assert "to review 1   all 1   with “BRUNO”" in text
        assert "Ada Quill" not in text
        await driver.press("A")
        assert "Approve all 1 drafts that wait for review and hold “BRUNO”?" in " ".join(driver.text().split())
        await driver.press("y")
        assert states(desk) == ["needs_review", "approved", "needs_review", "needs_review"]
        await driver.press("escape")
        assert "to review 3" in driver.text()


async def test_a_search_that_finds_nothing_says_what_to_do(desk: Desk) -> None:
    async with driving(desk, (140, 40)) as driver:
        await drafts(driver)
        await driver.press("slash")
        await driver.write("100%_")
        await driver.press("enter")
        assert "No draft here holds “100%_”." in driver.text()
        assert "escape for all" in driver.text()


async def test_what_a_person_changed_is_shown_against_what_the_writer_wrote(desk: Desk) -> None:
    async with driving(desk, (140, 40)) as driver:
        await drafts(driver)
        await driver.press("v")
        assert "Nobody has changed what the writer wrote." in driver.text()
        await driver.press("e")
        area = driver.app.screen.query_one(TextArea)
        area.text = area.text.replace("Thank you for being", "Thanks for being")
        await driver.press("ctrl+s")
        assert "What was changed" in driver.text()
        styles = {
            word: segment.style
            for strip in driver.app.screen._compositor.render_strips()
            for segment in strip
            for word in ("Thank you", "Thanks")
            if word in segment.text and segment.style
        }
        assert styles["Thank you"].strike
        assert styles["Thanks"].underline


async def test_a_letter_is_seen_as_it_will_leave_as_plain_text_and_as_html_source(desk: Desk) -> None:
    async with driving(desk, (140, 50)) as driver:
        await drafts(driver)
        await driver.press("v", "v")
        text = driver.text()
        assert "As it will leave: plain text" in text
        assert "List-Unsubscribe: <mailto:help@lumenfold.example" in text
        await driver.press("v")
        assert "As it will leave: HTML source" in driver.text()
        assert '<p style="margin:0 0 16px">' in driver.text()
        await driver.press("v")
        assert "As it will leave" not in driver.text()


async def test_other_words_are_offered_and_taken(desk: Desk) -> None:
    async with driving(desk, (140, 50)) as driver:
        screen = await drafts(driver)
        await driver.press("w")
        assert "Other letters to Ada Quill" in driver.text()
        assert "Variant b" in driver.text()
        await driver.press("enter")
        assert "Draft 1 is changed" in driver.notice()
        assert screen.current is not None
        assert "We would like to give you 20 % off for 3 months." not in screen.current.body


async def test_the_persons_own_editor_changes_the_letter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", an_editor(tmp_path / "editor.py", "Subject: Changed\n\nAnew."))
    assert in_editor("Subject: Old\n\nOld.") == "Subject: Changed\n\nAnew."
    monkeypatch.setenv("EDITOR", f"{sys.executable} -c 'raise SystemExit(3)'")
    with pytest.raises(InputError, match="code 3"):
        in_editor("x")
    monkeypatch.delenv("EDITOR")
    with pytest.raises(InputError, match="No editor is set"):
        in_editor("x")


async def test_escape_goes_back_to_what_was_shown_before_one_customers_letters(desk: Desk) -> None:
    async with driving(desk, (140, 40)) as driver:
        screen = await drafts(driver)
        await driver.press("1")
        await driver.app.show_letters(LetterQuery(search="LF-0001"))
        await driver.settle()
        assert (screen.state, screen.search) == (None, "LF-0001")
        assert "escape for all" in driver.text()
        await driver.press("escape")
        assert (screen.state, screen.search) == (DraftState.NEEDS_REVIEW, "")


async def test_a_letter_without_an_address_says_that_it_cannot_leave(desk: Desk) -> None:
    with desk.services.store.write() as session:
        session.execute(update(Customer).values(email=None))
    async with driving(desk, (140, 40)) as driver:
        await drafts(driver)
        assert "none: this letter cannot leave" in driver.text()


@pytest.mark.parametrize(
    ("editor", "told"),
    [("no-such-editor-anywhere", "cannot be run"), (f"{sys.executable} -c 'raise SystemExit(3)'", "3")],
)
async def test_an_editor_that_fails_gives_the_terminal_back(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, editor: str, told: str
) -> None:
    steps: list[str] = []
    monkeypatch.setattr(HeadlessDriver, "can_suspend", property(lambda driver: True))
    monkeypatch.setattr(HeadlessDriver, "suspend_application_mode", lambda driver: steps.append("lent"))
    monkeypatch.setattr(HeadlessDriver, "resume_application_mode", lambda driver: steps.append("back"))
    monkeypatch.setenv("VISUAL", editor)
    async with driving(desk, (140, 40)) as driver:
        await drafts(driver)
        await driver.press("E")
        assert steps == ["lent", "back"]
        assert told in driver.notice()
        await driver.press("a")
        assert states(desk)[0] == "approved"


async def test_the_queue_is_found_as_it_was_left(desk: Desk) -> None:
    async with driving(desk, (140, 40)) as driver:
        await drafts(driver)
        await driver.press("v", "f", "home", "enter")
    async with driving(desk, (140, 40)) as driver:
        assert driver.app.current_mode == "drafts"
        screen = driver.app.screen
        assert isinstance(screen, DraftsScreen)
        assert (screen.state, screen.view) == (None, "changes")


async def test_undo_while_something_runs_keeps_the_step_for_later(desk: Desk) -> None:
    async with driving(desk, (140, 40)) as driver:
        await drafts(driver)
        await driver.press("A", "y")
        approved = states(desk)
        assert approved.count("approved") == 3
        driver.app.work_line = "Decide …"
        await driver.press("u")
        assert "Something is running" in driver.notice()
        assert states(desk) == approved
        driver.app.work_line = ""
        await driver.press("u")
        assert states(desk) == ["needs_review"] * 4


async def test_leaving_a_changed_letter_asks_and_an_unchanged_one_does_not(desk: Desk) -> None:
    async with driving(desk, (140, 40)) as driver:
        await drafts(driver)
        await driver.press("e", "escape")
        assert isinstance(driver.app.screen, DraftsScreen)
        await driver.press("e")
        driver.app.screen.query_one(TextArea).insert("P.S. ")
        await driver.press("escape", "enter")
        assert isinstance(driver.app.screen, EditLetter)
        await driver.press("escape", "y")
        assert isinstance(driver.app.screen, DraftsScreen)
