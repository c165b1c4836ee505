"""The dialogs about a conversation that waits for a person: take it over, write in it, end it with what came of it."""

from functools import partial
from typing import TYPE_CHECKING

from bot.tui.keynames import key
from bot.tui.wording import one_line

if TYPE_CHECKING:
    from bot.tui.page import Page
    from db.repositories.handoffs import HandoffView

WRITE_HELP = "The guard reads it first. An empty line sends nothing."


async def take_over(page: "Page", handoff: "HandoffView") -> tuple[str, str] | None:
    """Ask what to do and do it; returns who said what, ("note", …) or ("agent", …), None where nothing was done."""
    from bot.tui import handing
    from bot.tui.widgets.dialogs import Choose

    chosen = await page.app.push_screen_wait(Choose("This conversation", handing.choices(handoff)))
    if chosen is None:
        return None
    if chosen == handing.WRITE:
        return await _write(page, handoff.id)
    if chosen == handing.TAKE:
        taken = await page.ask(partial(handing.take, number=handoff.id))
        return (
            (
                "note",
                f"You have this conversation: what you write goes to the customer. {key('f8', 'chat.hand_off')} ends it.",
            )
            if taken
            else None
        )
    ended = await page.ask(partial(handing.end, number=handoff.id, outcome=chosen))
    return ("note", f"Ended: {handing.ENDINGS[ended.outcome]}.") if ended and ended.outcome else None


async def _write(page: "Page", number: int) -> tuple[str, str] | None:
    from bot.tui import handing
    from bot.tui.widgets.dialogs import Ask, Confirm

    text = ""
    while True:
        found = await page.app.push_screen_wait(Ask("Write to the customer", value=text, help_text=WRITE_HELP))
        if not found or not found.strip():
            return None
        text = found.strip()
        page.show_work("The guard reads it …")
        findings = await page.ask(partial(handing.objections, number=number, text=text))
        page.show_work("")
        if findings is None:
            return None
        if findings:
            why = one_line(findings[0].get("message", ""))
            question = f"The guard refuses this: {why}\n\nSend it all the same? You answer for it by name."
            if not await page.app.push_screen_wait(Confirm(question, yes="Send", careful=True)):
                continue
        sent = await page.ask(partial(handing.write, number=number, text=text, findings=findings))
        return ("agent", text) if sent else None
