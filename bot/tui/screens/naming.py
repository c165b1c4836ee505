"""The questions about who writes to the customers: name, e-mail address, postal address."""

from functools import partial
from typing import TYPE_CHECKING

from bot.tui.widgets.dialogs import Ask

if TYPE_CHECKING:
    from bot.tui.desk import Desk
    from bot.tui.page import Page

QUESTIONS = (
    ("Who writes to your customers?", "The name of the company, as letters are signed with it."),
    ("Which e-mail address do letters come from?", "Customers answer to it, such as help@example.com."),
    ("What is the postal address?", "Many countries ask for one in letters to many people; it may stay empty."),
)


async def name_sender(page: "Page") -> bool:
    """Ask and keep the answers; an answer that cannot be kept is asked for again. Returns whether all is said."""
    known = await page.ask(lambda desk: desk.services.company)
    given = [known.company, known.support_email, known.postal_address] if known else [""] * len(QUESTIONS)
    while True:
        for place, (question, help_text) in enumerate(QUESTIONS):
            answer = await page.app.push_screen_wait(Ask(question, value=given[place], help_text=help_text))
            if answer is None:
                return False
            given[place] = answer
        company, support_email, postal_address = given
        named = await page.ask(
            partial(_keep, company=company, support_email=support_email, postal_address=postal_address)
        )
        if named:
            page.mainstay.tell(f"Letters are written by {named} from now on; those drafted before name nobody.")
            return True


def _keep(desk: "Desk", *, company: str, support_email: str, postal_address: str) -> str:
    return desk.name_sender(company, support_email, postal_address).company
