"""What can be done to customers in the list: mark them, draft to them, decide, write them as CSV; audiences."""

from abc import abstractmethod
from functools import partial
from typing import TYPE_CHECKING

from textual import work

from bot.tui.keynames import keyed
from bot.tui.page import Page
from bot.tui.wording import one_line

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bot.tui.desk import Desk
    from bot.tui.listing import ListQuery
    from bot.tui.widgets.table import LongTable
    from db.queries.customers import CustomerRow
    from db.vocabulary import Progress

ASK_FROM = 2
"""Letters to so many customers or more are drafted only after a yes."""


class ListActions(Page):
    """The actions of a list whose rows can be marked."""

    wanted: "ListQuery"
    marked: set[int]
    count: int | None
    reading_model: str | None

    @property
    @abstractmethod
    def table(self) -> "LongTable":
        """The list itself."""

    @property
    @abstractmethod
    def current(self) -> "CustomerRow | None":
        """The customer under the cursor."""

    @abstractmethod
    def mark(self, keys: set[int]) -> None:
        """Mark these customers and no others."""

    @abstractmethod
    def change(self, **parts: object) -> None:
        """List something else."""

    def action_mark(self) -> None:
        """Mark or unmark the customer under the cursor and go on to the next."""
        row = self.current
        if row is not None:
            self.mark(self.marked ^ {row.key})
            self.table.action_move(1)

    @work(exclusive=True, group="mark")
    async def action_mark_all(self) -> None:
        """Mark all that are shown, in view or not."""
        query = self.wanted
        keys = await self.ask(lambda desk: desk.lists.keys(query))
        if keys is not None:
            self.mark(self.marked | set(keys))

    @work(exclusive=True, group="act")
    async def action_draft(self) -> None:
        """Draft letters to the marked customers, or to the one under the cursor, after a yes to more than one."""
        from bot.tui.widgets.dialogs import Confirm

        keys = sorted(self.marked) or ([self.current.key] if self.current else [])
        customers = await self.ask(lambda desk: desk.lists.ids(keys)) if keys else None
        if not customers:
            return
        if len(customers) >= ASK_FROM:
            question = (
                f"Draft letters to {len(customers):,} customers?\n\nOnly those get one for whom an offer was decided "
                "and no letter is open. Nothing is sent: drafts wait for review."
            )
            if not await self.app.push_screen_wait(Confirm(question, yes="Draft them")):
                return

        def run(desk: "Desk", progress: "Callable[[Progress], None]", cancelled: "Callable[[], bool]") -> str:
            from bot.tui.pipeline import draft_marked

            return draft_marked(desk, progress, cancelled, customers=customers)

        if self.mainstay.start_work("Drafts", run):
            self.mark(set())

    @work(exclusive=True, group="act")
    async def action_decide(self) -> None:
        """Decide anew for everyone, after a yes."""
        from bot.tui.widgets.dialogs import Confirm

        question = (
            "Decide anew for all customers?\n\nOffers share a budget and a holdout, so that everyone is decided for at "
            "once. Earlier decisions stay in the ledger."
        )
        if not await self.app.push_screen_wait(Confirm(question, yes="Decide")):
            return

        from bot.tui.errands import decide

        await self.mainstay.start_job(decide)

    @work(exclusive=True, group="export")
    async def action_export(self) -> None:
        """Write the marked customers, or all that are shown, as CSV."""
        query, keys, model = self.wanted, sorted(self.marked), self.reading_model
        self.show_work("Writing the list …")
        path = await self.ask(partial(_export, query=query, keys=keys, model=model))
        self.show_work(self.mainstay.work_line)
        if path is not None:
            size = len(keys) or self.count or 0
            who = "One customer is" if size == 1 else f"{size:,} customers are"
            self.mainstay.tell(f"{who} in {path}. It holds names: keep it safe.")

    async def action_chat(self) -> None:
        """Chat with the customer under the cursor."""
        if (row := self.current) is not None:
            await self.mainstay.show_chat(row.customer_id)

    @work(exclusive=True, group="act")
    async def action_audience(self) -> None:
        """Choose an audience: a saved one, or a condition in words."""
        from bot.tui.screens.audiences import choose_audience

        found = await choose_audience(self, self.wanted.audience)
        if found is not None:
            self.change(audience=found)

    @work(exclusive=True, group="act")
    async def action_save_audience(self) -> None:
        """Keep the audience under a name."""
        from bot.tui.screens.audiences import save_audience

        if not self.wanted.audience:
            self.mainstay.tell(
                keyed(
                    "Everyone is shown: press {w=customers.audience} to choose an audience, "
                    "then {S=customers.save_audience}."
                )
            )
            return
        if told := await save_audience(self, self.wanted.audience):
            self.mainstay.tell(one_line(told))

    @work(exclusive=True, group="act")
    async def action_forget_audience(self) -> None:
        """Drop a saved audience."""
        from bot.tui.screens.audiences import forget_audience

        if told := await forget_audience(self):
            self.mainstay.tell(one_line(told))


def _export(desk: "Desk", *, query: "ListQuery", keys: list[int], model: str | None) -> "Path":
    return desk.lists.export(query, keys, reading_model=model)
