"""The queue of drafts on a screen: which are shown, the letter under the cursor, and what it rests on."""

from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, VerticalScroll
from textual.widgets import Static

from bot.tui import draftpiece
from bot.tui.letterpiece import basis
from bot.tui.page import Page, step
from bot.tui.widgets.dialogs import Ask, Choose
from bot.tui.widgets.table import LongTable
from bot.tui.wording import STATE_WORDS
from db.vocabulary import DraftState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.tui.desk import Desk
    from db.repositories.drafts import DraftStepView, DraftView


class Queue(LongTable):
    """The queue; opening a draft means reading it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "open", "Read", show=False)]


class DraftQueue(Page):
    """The drafts that are shown, and how; what is done to them is another matter."""

    def __init__(self) -> None:
        super().__init__()
        self.state: DraftState | None = DraftState.NEEDS_REVIEW
        self.state_before: DraftState | None = self.state
        self.search = ""
        self.view = "letter"
        self.drafts: dict[int, DraftView] = {}
        self.touched: list[list[int]] = []
        self.shown: tuple[int, str] | None = None

    def body(self) -> ComposeResult:
        """Counts, queue, letter and basis."""
        yield Static("", id="heading", markup=False)
        yield Static("", classes="empty", id="nothing", markup=False)
        yield Queue(draftpiece.COLUMNS, id="queue")
        with Container(id="below"):
            with VerticalScroll(id="left"):
                panel = Static("", classes="panel", id="letter", markup=False)
                panel.border_title = "Letter"
                yield panel
            with VerticalScroll(id="right"):
                panel = Static("", classes="panel", id="basis", markup=False)
                panel.border_title = "What it rests on"
                yield panel

    @property
    def table(self) -> LongTable:
        """The queue."""
        return self.query_one(LongTable)

    @property
    def current(self) -> "DraftView | None":
        """The draft under the cursor."""
        place = self.table.current
        return None if place is None else self.drafts.get(place)

    def habits(self) -> dict[str, Any]:
        """Which drafts were shown, and how."""
        return {"state": self.state.value if self.state else "all", "view": self.view}

    def recall(self, habits: "Mapping[str, Any]") -> None:
        """As it was left."""
        state, view = habits.get("state"), habits.get("view")
        if state == "all" or state in set(DraftState):
            self.state = None if state == "all" else DraftState(str(state))
        self.view = view if view in draftpiece.VIEWS else self.view

    def load_if_due(self) -> None:
        """Letters that another screen asked for are a reason to load, too."""
        asked, self.mainstay.letter_query = self.mainstay.letter_query, None
        due = self.loaded_revision != self.mainstay.revision
        super().load_if_due()
        if asked is not None:
            if not self.search:
                self.state_before = self.state
            self.state, self.search = asked.state, asked.search
            if not due:
                self._load()

    async def load(self) -> None:
        """Show the queue of the chosen state."""
        found = await self.ask(lambda desk: (desk.draft_counts(), desk.draft_counts(self.search)))
        if found is None:
            return
        total, counts = sum(found[0].values()), found[1]
        matching = sum(counts.values())
        count = matching if self.state is None else counts.get(self.state, 0)
        self.query_one("#heading", Static).update(draftpiece.heading(counts, matching, self.state, self.search))
        self.set_class(count == 0, "-empty")
        if count == 0:
            told = draftpiece.nothing(total, self.state, self.search, filling=self.mainstay.filling)
            self.query_one("#nothing", Static).update(told)
        self.drafts.clear()
        self.table.set_keys(range(count), forget=True)
        if count:
            self.table.focus()

    def on_long_table_rows_wanted(self, message: LongTable.RowsWanted) -> None:
        """Fetch what came into view."""
        self._fetch()

    @work(group="rows")
    async def _fetch(self) -> None:
        while places := self.table.missing():
            generation = self.table.generation
            found = await self.ask(partial(_page, state=self.state, search=self.search, places=places))
            if found is None:
                return
            if generation != self.table.generation:
                continue
            self.drafts.update(found)
            self.table.fill(places, {place: draftpiece.cells(draft) for place, draft in found.items()})
            if self.table.current in found:
                self._show_current()

    def on_long_table_highlighted(self, message: LongTable.Highlighted) -> None:
        """Show the draft under the cursor."""
        self._show_current()

    @work(exclusive=True, group="letter")
    async def _show_current(self) -> None:
        draft = self.current
        if draft is None:
            return
        view, pane = self.view, self.query_one("#letter", Static)
        if self.shown != (draft.id, view):
            self.shown = (draft.id, view)
            for name in ("#below", "#left", "#right"):
                self.query_one(name).scroll_home(animate=False)
        pane.border_title = draftpiece.VIEW_TITLES[view]
        if view == "letter":
            pane.update(draftpiece.shown(view, draft, (), ("", "")))
        found = await self.ask(lambda desk: _about(desk, draft, view))
        if found is None:
            return
        steps, preview, offer_name = found
        if view != "letter":
            pane.update(draftpiece.shown(view, draft, steps, preview))
        self.query_one("#basis", Static).update(basis(draft, steps, offer_name))

    @step
    async def action_filter(self) -> None:
        """Choose which state is shown."""
        choices = [("all", "all"), *((state.value, STATE_WORDS[state]) for state in DraftState)]
        current = self.state.value if self.state else "all"
        chosen = await self.app.push_screen_wait(Choose("Show drafts that are", choices, current=current))
        if chosen:
            self.state = None if chosen == "all" else DraftState(chosen)
            await self.load()

    def action_view(self) -> None:
        """The next way to look at the letter."""
        views = draftpiece.VIEWS
        self.view = views[(views.index(self.view) + 1) % len(views)]
        self._show_current()

    @step
    async def action_search(self) -> None:
        """Show only drafts that hold a text."""
        title, help_text = "Search the drafts", "Name or id of the customer, words of subject or letter. Empty for all."
        found = await self.app.push_screen_wait(Ask(title, value=self.search, help_text=help_text))
        if found is not None:
            self.search, self.state_before = found.strip(), self.state
            await self.load()

    @step
    async def action_all(self) -> None:
        """Show what was shown before the search."""
        if self.search:
            self.search, self.state = "", self.state_before
            await self.load()

    def on_long_table_opened(self, message: LongTable.Opened) -> None:
        """Enter goes to the letter, so that the arrow keys scroll it."""
        self.query_one("#left", VerticalScroll).focus()

    def action_scroll_letter(self, lines: int) -> None:
        """Scroll the letter while the cursor stays in the queue."""
        name = "#left" if self.has_class("-wide") else "#below"
        self.query_one(name).scroll_relative(y=lines, animate=False)


def _page(desk: "Desk", *, state: DraftState | None, search: str, places: list[int]) -> "dict[int, DraftView]":
    return desk.draft_page(state, places, search)


def _about(desk: "Desk", draft: "DraftView", view: str) -> "tuple[Sequence[DraftStepView], tuple[str, str], str]":
    preview = desk.preview(draft) if view in ("plain", "html") else ("", "")
    return desk.draft_steps(draft.id), preview, desk.offer_name(draft.decision_id)
