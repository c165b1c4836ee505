"""The dialogs about audiences: take a saved one, write a condition, save it, forget it."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from bot.tui.keynames import key, keyed
from bot.tui.wording import one_line

if TYPE_CHECKING:
    from bot.tui.desk import Desk
    from bot.tui.page import Page

WRITE, EVERYONE, SAVED = "write", "everyone", "saved:"

AUDIENCE_HELP = """Conditions joined by and, or, not. Examples:
risk_band = high and monthly_revenue >= 50
plan in ("Basic", "Plus") and tenure_months < 12
mood = negative and draft is unknown
Imported columns can be used by name{}. An empty line shows everyone."""
NAMES_SHOWN = 12


async def choose_audience(page: "Page", current: str) -> str | None:
    """A condition that can be read, an empty one for everyone, None when the person thinks better of it."""
    from bot.tui.widgets.dialogs import Choose

    saved = await page.ask(lambda desk: desk.lists.audiences()) or {}
    if not saved:
        return await write_audience(page, current)
    width = max(len(name) for name in saved)
    choices = [(f"{SAVED}{name}", f"{one_line(name):<{width}}  {one_line(text)}") for name, text in saved.items()]
    choices += [(WRITE, "Write a condition …"), (EVERYONE, "Everyone")]
    chosen = await page.app.push_screen_wait(Choose("Which customers?", choices))
    if chosen is None:
        return None
    if chosen == EVERYONE:
        return ""
    return await write_audience(page, current) if chosen == WRITE else saved[chosen.removeprefix(SAVED)]


async def write_audience(page: "Page", current: str) -> str | None:
    """Ask for a condition in words until it can be read."""
    from bot.tui.widgets.dialogs import Ask

    value, known = current, await page.ask(lambda desk: desk.lists.imported_names()) or []
    help_text = AUDIENCE_HELP.format(_among(known))
    while True:
        found = await page.app.push_screen_wait(Ask("Which customers?", value=value, help_text=help_text))
        if found is None:
            return None
        value = found
        if await page.ask(partial(_readable, text=found)):
            return value.strip()


async def save_audience(page: "Page", text: str) -> str | None:
    """Ask for a name and keep the condition under it; returns what to tell the person."""
    from bot.tui.widgets.dialogs import Ask

    help_text = f"{one_line(text)}\n\nA name that is taken gets the new condition. An empty line saves nothing."
    name = await page.app.push_screen_wait(Ask("Save this audience as", help_text=help_text))
    if not name or not name.strip():
        return None
    done = await page.ask(partial(_save, name=name, text=text))
    return f"Saved as {one_line(name)}. Press {key('w', 'customers.audience')} to take it again." if done else None


async def forget_audience(page: "Page") -> str | None:
    """Choose a saved audience to drop; returns what to tell the person."""
    from bot.tui.widgets.dialogs import Choose

    saved = await page.ask(lambda desk: desk.lists.audiences()) or {}
    if not saved:
        return keyed(
            "No audience has been saved. Press {w=customers.audience} to choose one, "
            "then {S=customers.save_audience} to save it."
        )
    choices = [(f"{SAVED}{name}", one_line(name)) for name in saved]
    chosen = await page.app.push_screen_wait(Choose("Forget which audience?", choices))
    if chosen is None:
        return None
    name = chosen.removeprefix(SAVED)
    done = await page.ask(partial(_forget, name=name))
    return f"{one_line(name)} is forgotten." if done else None


def _among(names: Sequence[str]) -> str:
    """The first names of imported columns, after `by name`."""
    if not names:
        return ""
    more = ", …" if len(names) > NAMES_SHOWN else ""
    return f": {', '.join(_quoted(name) for name in names[:NAMES_SHOWN])}{more}"


def _quoted(name: str) -> str:
    """A name as it is written in a condition, as far as it is shown."""
    return one_line(name[:40]) if name.replace("_", "").isalnum() else f"`{one_line(name[:40])}`"


def _readable(desk: "Desk", *, text: str) -> bool:
    desk.lists.check_audience(text)
    return True


def _save(desk: "Desk", *, name: str, text: str) -> bool:
    desk.lists.save_audience(name, text)
    return True


def _forget(desk: "Desk", *, name: str) -> bool:
    desk.lists.forget_audience(name)
    return True
