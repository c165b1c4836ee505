"""The dialogs about a conversation that waits for a person: take it over, write in it, end it with what came of it."""

from functools import partial
from typing import TYPE_CHECKING

from bot.tui.keynames import keyed
from bot.tui.wording import one_line
from db.vocabulary import HandoffOutcome

if TYPE_CHECKING:
    from bot.tui.page import Page
    from db.repositories.handoffs import HandoffView

TAKEN = "You have this conversation: what you write goes to the customer. {f8=chat.hand_off} ends it."
WRITE_HELP = "The guard reads it first. An empty line sends nothing."


async def take_over(page: "Page", handoff: "HandoffView") -> tuple[str, str] | None:
    """Ask what to do and do it; returns who said what, ("note", …) or ("agent", …), None where nothing was done."""
    from bot.tui import handing
    from bot.tui.widgets.dialogs import Choose, Confirm

    chosen = await page.app.push_screen_wait(Choose("This conversation", handing.choices(handoff)))
    if chosen is None:
        return None
    if chosen == handing.WRITE:
        return await write(page, handoff.id)
    if chosen == handing.TAKE:
        taken = await page.ask(partial(handing.take, number=handoff.id))
        return ("note", keyed(TAKEN)) if taken else None
    if (told := handing.NOT_UNDONE.get(HandoffOutcome(chosen))) is not None:
        question = f"{told}\n\nThis cannot be taken back here."
        if not await page.app.push_screen_wait(Confirm(question, yes="End it", careful=True)):
            return None
    ended = await page.ask(partial(handing.end, number=handoff.id, outcome=chosen))
    return ("note", f"Ended: {handing.ENDINGS[ended.outcome]}.") if ended and ended.outcome else None


async def write(page: "Page", number: int, text: str = "") -> tuple[str, str] | None:
    """Send words to the customer once the guard has read them, those given or asked for; returns who said what."""
    from bot.tui import handing
    from bot.tui.widgets.dialogs import Ask, Confirm

    given = bool(text)
    while True:
        if not given:
            found = await page.app.push_screen_wait(Ask("Write to the customer", value=text, help_text=WRITE_HELP))
            if not found or not found.strip():
                return None
            text = found.strip()
        given = False
        page.show_work("The guard reads it …")
        findings = await page.ask(partial(handing.objections, number=number, text=text))
        page.show_work("")
        if findings is None:
            continue  # why is on the screen, and nothing of the words is lost
        if findings:
            why = "\n".join(f"· {one_line(one.get('message', ''))}" for one in findings[:3])
            question = f"The guard refuses this:\n{why}\n\nSend it all the same? You answer for it by name."
            if not await page.app.push_screen_wait(Confirm(question, yes="Send", careful=True)):
                continue
        sent = await page.ask(partial(handing.write, number=number, text=text, anyway=bool(findings)))
        if sent:
            return "agent", sent
