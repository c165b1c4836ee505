"""Customers: who may leave and what it costs, in a list that can hold a hundred thousand."""

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Button, Input, Static

from bot.tui.listing import ListQuery
from bot.tui.page import Page
from bot.tui.widgets.table import Cell, Column, LongTable, Row
from bot.tui.wording import BAND_STYLES, BAND_WORDS, MOOD_SIGNS, MOOD_WORDS, bar, clean, money, one_line, words
from db.vocabulary import Arm, RiskBand, Sentiment

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.tui.desk import Desk, Standing
    from db.queries.customers import CustomerRow
    from db.vocabulary import Progress

COLUMNS = (
    Column("name", "Customer", 14, rank=0, most=22, order="name"),
    Column("customer_id", "Id", 11, rank=6, most=0, order="customer_id"),
    Column("plan", "Plan", 10, rank=5, most=26, order="plan"),
    Column("tenure", "Months", 7, rank=9, right=True, order="tenure_months"),
    Column("monthly", "A month", 8, rank=7, right=True, order="monthly_revenue"),
    Column("risk", "Risk", 15, rank=1, order="churn_probability"),
    Column("at_risk", "At risk", 8, rank=2, right=True, order="revenue_at_risk"),
    Column("worth", "Worth", 8, rank=8, right=True, order="residual_value"),
    Column("mood", "Mood", 9, rank=4),
    Column("offer", "Offer", 12, rank=3, most=17),
)
ORDERS = tuple((column.order, column.title) for column in COLUMNS if column.order)
BANDS = (None, RiskBand.HIGH, RiskBand.MEDIUM, RiskBand.LOW)
BAND_LOOKS = {RiskBand.HIGH: "bad", RiskBand.MEDIUM: "warn", RiskBand.LOW: "good"}
MOOD_LOOKS = {Sentiment.NEGATIVE: "bad", Sentiment.NEUTRAL: "muted", Sentiment.POSITIVE: "good"}

AUDIENCE_HELP = """Conditions joined by and, or, not. Examples:
risk_band = high and monthly_revenue >= 50
plan in ("Basic", "Plus") and tenure_months < 12
Imported columns can be used by name. An empty line shows everyone."""

HELP_TEXT = """Everyone who can still leave, those with most money at risk first.

Risk is the chance to leave within the horizon. At risk is what that would cost over the horizon. Worth is what the \
customer is expected to bring from now on. Mood is that of the last message. Offer is what the newest decision chose; \
"held out" customers get none, so that the effect of offers can be measured.

Click a title to sort by it, click it again to turn the order round."""

WELCOME = """There are no customers at {location} yet.

Your own customers, from any table (CSV, Excel, Parquet):

  mainstay import customers FILE --infer

or look around with a made-up company first: 2,000 customers with their history, messages, forecasts, offers and \
drafts. It takes a minute or two and stays on this machine."""


class CustomersScreen(Page):
    """The list, its search, its filters, its order."""

    MODE = "customers"
    CSS_PATH = "customers.tcss"
    HELP_TEXT = HELP_TEXT
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "search", "Search", key_display="/"),
        Binding("s", "sort", "Sort", tooltip="Sort by a column"),
        Binding("r", "reverse", "Reverse", show=False),
        Binding("b", "band", "Band", tooltip="Next risk band"),
        Binding("w", "audience", "Audience", tooltip="Choose an audience by a condition"),
        Binding("i", "churned", "Show/hide who left", show=False),
        Binding("escape", "clear", "Clear filters", show=False),
        Binding("d", "build_demo", "Build the demo company"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.search_text = ""
        self.band: RiskBand | None = None
        self.audience = ""
        self.include_churned = False
        self.order = "revenue_at_risk"
        self.descending = True
        self.moods_known = False
        self.ids: dict[int, str] = {}
        self.currency: str | None = None

    def body(self) -> ComposeResult:
        """Summary, search, table, status; or the welcome of an empty store."""
        with Vertical(id="list"):
            yield Static("Opening the store …", id="summary", markup=False)
            yield Input(placeholder="/ to search name, id, e-mail, plan", classes="line-input", id="search")
            yield LongTable(COLUMNS, id="table")
            yield Static("", id="status", markup=False)
        with Vertical(id="welcome"), Vertical(classes="dialog"):
            yield Static("", id="welcome-text", markup=False)
            yield Button("Build the demo company (d)", variant="primary", id="demo")

    def on_mount(self) -> None:
        """The keys work on the table from the start."""
        self.table.focus()

    @property
    def table(self) -> LongTable:
        """The list itself."""
        return self.query_one(LongTable)

    def query_now(self) -> ListQuery:
        """What is asked for now."""
        return ListQuery(self.search_text, self.band, self.audience, self.include_churned, self.order, self.descending)

    async def load(self) -> None:
        """Show the summary and the list, or the welcome."""
        standing = self.standing
        if standing is None:
            return
        filling = standing.next_step == "fill"
        self.set_class(filling, "-fill")
        self.refresh_bindings()
        if filling:
            text = WELCOME.format(location=clean(standing.location))
            self.query_one("#welcome-text", Static).update(text)
            self.query_one("#demo", Button).focus()
            return
        self.table.focus()
        found = standing.overview
        self.currency = found.currency if found else None
        self.query_one("#summary", Static).update(_summary(standing, short=not self.has_class("-wide")))
        await self._list(forget=True)
        if not self.moods_known and await self.ask(lambda desk: desk.reading_model) is not None:
            self.moods_known = True
            self.table.forget()
        await self.ask(lambda desk: desk.warm_up())

    async def _list(self, *, forget: bool = False) -> None:
        query = self.query_now()
        keys = await self.ask(lambda desk: desk.customer_keys(query))
        if keys is None:
            return
        self.table.sorted_by, self.table.descending = self.order, self.descending
        self.table.set_keys(keys, forget=forget)
        self._say_status(len(keys))

    @work(exclusive=True, group="list")
    async def relist(self) -> None:
        """Ask for the keys anew, after search, filter or order changed."""
        await self._list()

    def _say_status(self, count: int) -> None:
        parts = [f"{count:,} shown", f"by {dict(ORDERS)[self.order].lower()} {'▼' if self.descending else '▲'}"]
        if self.band is not None:
            parts.append(f"band {BAND_WORDS[self.band]}")
        if self.audience:
            parts.append(f"audience: {one_line(self.audience)}")
        if self.include_churned:
            parts.append("with those who left")
        if not count:
            parts.append("nobody fits; escape clears search and filters")
        self.query_one("#status", Static).update(" · ".join(parts))

    def on_long_table_rows_wanted(self, message: LongTable.RowsWanted) -> None:
        """Fetch what came into view."""
        self._fetch()

    @work(exclusive=False, group="rows")
    async def _fetch(self) -> None:
        while keys := self.table.missing():
            generation = self.table.generation
            rows = await self.ask(partial(_rows, keys=keys, moods=self.moods_known))
            if rows is None:
                return
            self.ids.update({key: row.customer_id for key, row in rows.items()})
            self.table.fill(keys, {key: row_cells(row, self.currency) for key, row in rows.items()}, generation)

    async def on_long_table_opened(self, message: LongTable.Opened) -> None:
        """Open the customer."""
        if message.key in self.ids:
            await self.mainstay.show_customer(self.ids[message.key])

    def on_long_table_header_clicked(self, message: LongTable.HeaderClicked) -> None:
        """Sort by that column; the same column again turns the order round."""
        self.sort_by(message.order)

    def sort_by(self, order: str) -> None:
        """Sort; names and ids rise at first, figures fall."""
        if order == self.order:
            self.descending = not self.descending
        else:
            self.order = order
            self.descending = order not in ("name", "customer_id", "plan")
        self.relist()

    @on(Input.Changed, "#search")
    def search_changed(self, event: Input.Changed) -> None:
        """Search as the person types; a newer search overtakes an older one."""
        self.search_text = event.value
        self.relist()

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

        chosen = await self.app.push_screen_wait(Choose("Sort by", ORDERS, current=self.order))
        if chosen:
            self.sort_by(chosen)

    def action_reverse(self) -> None:
        """Turn the order round."""
        self.sort_by(self.order)

    def action_band(self) -> None:
        """Next risk band."""
        self.band = BANDS[(BANDS.index(self.band) + 1) % len(BANDS)]
        self.relist()

    @work
    async def action_audience(self) -> None:
        """Ask for a condition in words until it can be read."""
        from bot.tui.widgets.dialogs import Ask

        value: str = self.audience
        while True:
            found = await self.app.push_screen_wait(Ask("Which customers?", value=value, help_text=AUDIENCE_HELP))
            if found is None:
                return
            value = found
            if await self.ask(partial(_readable, text=found)):
                break
        self.audience = value.strip()
        self.relist()

    def action_churned(self) -> None:
        """Show or hide those who left."""
        self.include_churned = not self.include_churned
        self.relist()

    def action_clear(self) -> None:
        """Back to everyone."""
        self.band, self.audience, self.include_churned = None, "", False
        self.query_one("#search", Input).value = ""
        self.table.focus()
        self.relist()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """An empty store offers the demo company, a filled one its list."""
        filling = self.has_class("-fill")
        if action == "build_demo":
            return filling
        listing = {"search", "sort", "reverse", "band", "audience", "churned", "clear"}
        return not filling if action in listing else True

    @on(Button.Pressed, "#demo")
    def action_build_demo(self) -> None:
        """Fill the empty store with the demo company."""

        def run(desk: "Desk", progress: "Callable[[Progress], None]", cancelled: "Callable[[], bool]") -> str:
            from bot.tui.pipeline import build_demo

            return build_demo(desk, progress, cancelled)

        self.mainstay.start_work("Demo company", run)


def _rows(desk: "Desk", *, keys: list[int], moods: bool) -> "dict[int, CustomerRow]":
    return desk.customer_rows(keys, moods=moods)


def _readable(desk: "Desk", *, text: str) -> bool:
    desk.check_audience(text)
    return True


def row_cells(row: "CustomerRow", currency: str | None = None) -> Row:
    """A customer as the cells of the table."""
    unit = row.currency or currency
    probability, band = row.churn_probability, row.risk_band
    risk = Cell("not scored", "muted")
    if probability is not None and band is not None:
        risk = Cell(f"{bar(probability, 5)} {probability:4.0%} {BAND_WORDS[band]}", BAND_LOOKS[band])
    mood = Cell(f"{MOOD_SIGNS[row.mood]} {MOOD_WORDS[row.mood]}", MOOD_LOOKS[row.mood]) if row.mood else Cell("")
    return (
        Cell(one_line(row.name or row.customer_id), "strong"),
        Cell(one_line(row.customer_id), "muted"),
        Cell(one_line(row.plan or "")),
        Cell("" if row.tenure_months is None else f"{row.tenure_months:.0f}"),
        Cell(money(row.monthly_revenue, unit)),
        risk,
        Cell(money(row.revenue_at_risk, unit)),
        Cell(money(row.residual_value, unit)),
        mood,
        _offer(row),
    )


def _offer(row: "CustomerRow") -> Cell:
    if row.arm is Arm.HOLDOUT:
        return Cell("held out", "muted")
    if row.offer_code is None or row.offer_code == "none":
        return Cell("–" if row.offer_code else "", "muted")
    return Cell(words(row.offer_code).replace("-", " "))


def _summary(standing: "Standing", *, short: bool) -> Content:
    found = standing.overview
    if found is None or not found.scored:
        count = found.active if found else 0
        return Content.assemble(
            f"{count:,} customers, not forecast yet. Press ",
            ("F5", "bold $text-accent"),
            " to train, score and decide.",
        )
    parts: list[Content | str | tuple[str, str]] = [
        (f"{found.active:,}", "bold"),
        " customers · ",
        (f"{found.expected_leavers:,.0f}", "bold"),
        " to leave · " if short else " likely to leave · ",
        (money(found.revenue_at_risk, found.currency), "bold"),
        " at risk ",
    ]
    for band in (RiskBand.HIGH, RiskBand.MEDIUM, RiskBand.LOW):
        parts += [" ", (f"{BAND_WORDS[band]} {found.bands.get(band, 0):,}", BAND_STYLES[band])]
    return Content.assemble(*parts)
