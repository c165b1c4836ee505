"""Customers: who may leave and what it costs, in a list that can hold a hundred thousand."""

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input, Static

from bot.tui import roll
from bot.tui.listing import ListQuery
from bot.tui.screens.marking import ListActions
from bot.tui.widgets.table import LongTable
from bot.tui.widgets.welcome import Welcome
from db.vocabulary import RiskBand

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.tui.desk import Desk
    from db.queries.customers import CustomerRow, ValueScale

BANDS = (None, RiskBand.HIGH, RiskBand.MEDIUM, RiskBand.LOW)
AHEAD = 100
"""Rows read beyond those that are asked for, so that turning pages finds them there."""

HELP_TEXT = """Everyone who can still leave, those with most money at risk first.

Risk is the chance to leave within the horizon. At risk is what that would cost over the horizon. Worth is what the \
customer is expected to bring from now on: HIGH is the most valuable fifth, LOW the lesser half. Mood is that of the \
last message. Offer is what the newest decision chose; "held out" customers get none, so that the effect of offers can \
be measured.

{x=customers.mark} marks a customer, {X=customers.mark_all} all that are shown; {d=customers.draft} drafts letters to \
the marked ones, {e=customers.export} writes them as CSV. Without marks these are about the customer under the cursor \
and about the whole list. Click a title to sort by it."""

LISTING = frozenset(
    {"search", "sort", "reverse", "band", "audience", "save_audience", "forget_audience", "churned", "clear"}
    | {"mark", "mark_all", "draft", "decide", "export", "chat"}
)


class CustomersScreen(ListActions):
    """The list, its search, its filters, its order, its marks."""

    MODE = "customers"
    CSS_PATH = "customers.tcss"
    HELP_TEXT = HELP_TEXT
    AUTO_FOCUS = "#table"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "search", "Search", key_display="/"),
        Binding("s", "sort", "Sort", tooltip="Sort by a column"),
        Binding("r", "reverse", "Reverse", tooltip="Turn the order round", show=False),
        Binding("b", "band", "Band", tooltip="Next risk band"),
        Binding("w", "audience", "Audience", tooltip="Choose an audience"),
        Binding("S", "save_audience", "Save audience", tooltip="Save this audience under a name", show=False),
        Binding("F", "forget_audience", "Forget audience", tooltip="Forget a saved audience", show=False),
        Binding("x", "mark", "Mark", tooltip="Mark or unmark the customer"),
        Binding("X", "mark_all", "Mark all", tooltip="Mark all that are shown", show=False),
        Binding("d", "draft", "Draft", tooltip="Draft letters to the marked"),
        Binding("D", "decide", "Decide", tooltip="Decide anew for everyone", show=False),
        Binding("e", "export", "CSV", tooltip="Write what is shown as CSV"),
        Binding("c", "chat", "Chat", tooltip="Chat with the customer", show=False),
        Binding("i", "churned", "Show/hide who left", show=False),
        Binding("escape", "clear", "Clear marks, then filters", show=False),
        Binding("d", "app.build_demo", "Build the demo company"),
        Binding("i", "app.import_customers", "Import a table", tooltip="Import customers from a table"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.wanted = ListQuery()
        self.count: int | None = None
        self.marked: set[int] = set()
        self.rows: dict[int, CustomerRow] = {}
        self.reading_model: str | None = None
        self.scale: ValueScale | None = None
        self.currency: str | None = None
        self.offers: dict[str, str] = {}
        self.empty: frozenset[str] = frozenset()
        self.to_open: int | None = None

    def body(self) -> ComposeResult:
        """Summary, search, table, status; or the welcome of an empty store."""
        with Vertical(id="list"):
            yield Static("Opening the store …", id="summary", markup=False)
            yield Input(placeholder="/ to search name, id, e-mail, plan", classes="line-input", id="search")
            yield LongTable(roll.COLUMNS, id="table")
            yield Static("", id="status", markup=False)
        yield Welcome(id="welcome")

    def on_mount(self) -> None:
        """The keys work on the table from the start."""
        self.table.focus()

    @property
    def table(self) -> LongTable:
        """The list itself."""
        return self.query_one(LongTable)

    @property
    def current(self) -> "CustomerRow | None":
        """The customer under the cursor."""
        return self.rows.get(self.table.cursor)

    def load_if_due(self) -> None:
        """A list that another screen asked for is a reason to load, too."""
        asked, self.mainstay.list_query = self.mainstay.list_query, None
        if asked is not None:
            self.wanted = asked
            with self.prevent(Input.Changed):
                self.query_one("#search", Input).value = asked.search
            self.table.focus()
            if self.loaded_revision == self.mainstay.revision:
                self.relist()
        super().load_if_due()

    async def load(self) -> None:
        """Show the summary and the list, or the welcome; then what takes longer to read."""
        standing = self.standing
        if standing is None:
            return
        filling = standing.next_step == "fill"
        self.set_class(filling, "-fill")
        self.refresh_bindings()
        if filling:
            self.query_one(Welcome).show(standing.location)
            return
        if self.focused is None or self.query_one(Welcome) in self.focused.ancestors:
            self.table.focus()
        self.currency = standing.overview.currency if standing.overview else None
        self.query_one("#summary", Static).update(roll.summary(standing, self.size.width - 2))
        await self.ask(lambda desk: desk.lists.look_again())
        self.offers = await self.ask(lambda desk: desk.lists.offer_names()) or {}
        await self._list(again=True)
        self.scale = await self.ask(lambda desk: desk.lists.scale())
        self.reading_model = await self.ask(lambda desk: desk.reading_model)
        self.empty = await self.ask(lambda desk: desk.lists.empty_columns(desk.reading_model)) or frozenset()
        self.table.columns = roll.columns_for(self.wanted.order, self.empty)
        await self._read_again()
        if await self.ask(lambda desk: desk.lists.read_roster()):
            await self._list(again=True)
        await self.ask(lambda desk: desk.warm_up())

    async def _list(self, *, again: bool = False) -> None:
        """The first rows at once, then how many there are; `again` keeps the place."""
        query, table = self.wanted, self.table
        table.columns = roll.columns_for(query.order, self.empty)
        table.sorted_by, table.descending = query.order, query.descending
        if again and self.count:
            await self._read_again()
        else:
            first = range(2 * max(1, self.size.height))
            rows = await self.ask(partial(_rows, query=query, places=first, model=self.reading_model))
            if rows is None:
                return
            self.count, self.rows = None, {}
            table.set_keys(range(0), forget=True)
            table.set_keys(range(len(rows)), forget=True)
            self._keep(list(rows), rows, table.generation)
            self._say_status()
        self.count = await self.ask(lambda desk: desk.lists.count(query))
        if self.count is not None:
            table.set_keys(range(self.count))
            self._say_status()

    @work(exclusive=True, group="list")
    async def relist(self) -> None:
        """Ask for the list anew, after search, filter or order changed."""
        await self._list()

    async def _read_again(self) -> None:
        """Read the rows in view anew, showing the old ones until then, and forget all others."""
        table, query = self.table, self.wanted
        height, top, generation = table.size.height, int(table.scroll_offset.y), table.generation
        near = range(max(0, top - height), min(len(table.keys), top + 2 * height))
        rows = await self.ask(partial(_rows, query=query, places=near, model=self.reading_model))
        if rows is not None and generation == table.generation:
            self.rows.clear()
            table.forget()
            self._keep(near, rows, table.generation)

    def _say_status(self) -> None:
        self.query_one("#status", Static).update(roll.status(self.wanted, self.count, len(self.marked)))

    def on_long_table_rows_wanted(self, message: LongTable.RowsWanted) -> None:
        """Fetch what came into view."""
        self._fetch()

    @work(exclusive=False, group="rows")
    async def _fetch(self) -> None:
        table = self.table
        while places := table.missing():
            generation, query = table.generation, self.wanted
            wanted = range(max(0, places[0] - AHEAD), min(len(table.keys), places[-1] + AHEAD))
            rows = await self.ask(partial(_rows, query=query, places=wanted, model=self.reading_model))
            if rows is None:
                return
            self._keep(wanted, rows, generation)

    def _keep(self, places: "Sequence[int]", rows: "dict[int, CustomerRow]", generation: int) -> None:
        """Show rows, unless the list has become another one since they were asked for."""
        if generation != self.table.generation:
            return
        if len(self.rows) > 10 * AHEAD:
            self.rows.clear()
        self.rows.update(rows)
        cells = {
            place: roll.row_cells(row, self.currency, self.scale, self.offers, marked=row.key in self.marked)
            for place, row in rows.items()
        }
        self.table.fill(places, cells, generation)
        if self.to_open is not None and (row := self.rows.get(self.to_open)) is not None:
            self.to_open = None
            self.call_later(self.mainstay.show_customer, row.customer_id)

    async def on_long_table_opened(self, message: LongTable.Opened) -> None:
        """Open the customer, or remember to do so while the row is being read."""
        row = self.rows.get(message.key)
        self.to_open = message.key if row is None else None
        if row is not None:
            await self.mainstay.show_customer(row.customer_id)

    def on_long_table_highlighted(self, message: LongTable.Highlighted) -> None:
        """Who has moved on does not want the row that was still being read."""
        if message.key != self.to_open:
            self.to_open = None

    def on_screen_suspend(self) -> None:
        """Another screen is shown: nothing opens over it."""
        self.to_open = None

    def on_long_table_header_clicked(self, message: LongTable.HeaderClicked) -> None:
        """Sort by that column; the same column again turns the order round."""
        self.sort_by(message.order)

    def sort_by(self, order: str) -> None:
        """Sort; names and ids rise at first, figures fall."""
        same = order == self.wanted.order
        self.change(order=order, descending=not self.wanted.descending if same else order not in roll.RISING)

    def change(self, **parts: object) -> None:
        """List something else."""
        self.wanted = self.wanted.but(**parts)
        self.relist()

    @on(Input.Changed, "#search")
    def search_changed(self, event: Input.Changed) -> None:
        """Search as the person types; a newer search overtakes an older one."""
        self.change(search=event.value)

    @on(Input.Submitted, "#search")
    def search_done(self) -> None:
        """Enter goes to what was found."""
        self.table.focus()

    def action_search(self) -> None:
        """Go to the search field."""
        self.query_one("#search", Input).focus()

    @work
    async def action_sort(self) -> None:
        """Choose the order."""
        from bot.tui.widgets.dialogs import Choose

        chosen = await self.app.push_screen_wait(Choose("Sort by", roll.ORDERS, current=self.wanted.order))
        if chosen:
            self.sort_by(chosen)

    def action_reverse(self) -> None:
        """Turn the order round."""
        self.sort_by(self.wanted.order)

    def action_band(self) -> None:
        """Next risk band."""
        self.change(band=BANDS[(BANDS.index(self.wanted.band) + 1) % len(BANDS)])

    def action_churned(self) -> None:
        """Show or hide those who left."""
        self.change(include_churned=not self.wanted.include_churned)

    def action_clear(self) -> None:
        """Take the marks off; without marks, back to everyone."""
        self.table.focus()
        if self.marked:
            self.mark(set())
            return
        with self.prevent(Input.Changed):
            self.query_one("#search", Input).value = ""
        self.change(search="", band=None, audience="", include_churned=False)

    def mark(self, keys: set[int]) -> None:
        """Mark these customers and no others."""
        self.marked = keys
        self._keep(list(self.rows), dict(self.rows), self.table.generation)
        self._say_status()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """An empty store has no list to do anything with."""
        filling = self.has_class("-fill")
        return not (filling and action in LISTING)


def _rows(desk: "Desk", *, query: ListQuery, places: "Sequence[int]", model: str | None) -> "dict[int, CustomerRow]":
    return desk.lists.page(query, places, reading_model=model)
