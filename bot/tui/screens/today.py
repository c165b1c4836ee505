"""Today: what is at stake, what to do, how customers feel, how good the forecast is; each figure opens its list."""

from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Static

from bot.tui.page import Page
from bot.tui.widgets.figure import FigureLine
from bot.tui.widgets.welcome import Welcome

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.today import Today
    from bot.tui.agenda import Line
    from bot.tui.desk import Desk

HELP_TEXT = """What a working day begins with. Enter opens the list behind a figure: the customers, drafts or \
conversations that it counts.

Revenue at risk is the chance to leave times what a customer pays over the horizon, over all customers; the change is \
against the forecast a week before. Expected leavers come with the range that holds in 19 cases of 20. The mood is \
that of the messages that customers wrote. The figures of the model were measured on customers it had not seen."""

CHANGES_SECONDS = 5.0
"""How often the store is looked at for what happened meanwhile."""

PANELS = (("stake", "At stake"), ("todo", "To do"), ("mood", "Mood"), ("model", "Model"))


class TodayScreen(Page):
    """The first screen of the day."""

    MODE = "today"
    CSS_PATH = "today.tcss"
    HELP_TEXT = HELP_TEXT
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5", "app.forecast", "Forecast", tooltip="Forecast anew", id="app.forecast"),
        Binding("d", "app.build_demo", "Build the demo company"),
        Binding("i", "app.import_customers", "Import a table", tooltip="Import customers from a table"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.found: Today | None = None

    def body(self) -> ComposeResult:
        """One panel per question."""
        yield Static("Opening the store …", id="headline", markup=False)
        with VerticalScroll(id="panels", can_focus=False):
            for name, heading in PANELS:
                panel = Static("", id=name, markup=False) if name == "mood" else Vertical(id=name)
                panel.add_class("panel")
                panel.border_title = heading
                yield panel
        yield Welcome(id="welcome")

    def on_mount(self) -> None:
        """Others write to the store, too: customers in their chats, colleagues, jobs."""
        self.set_interval(CHANGES_SECONDS, self.look_for_changes)

    def on_screen_resume(self) -> None:
        """Much may have happened since."""
        self.look_for_changes()

    @work(exclusive=True, group="changes")
    async def look_for_changes(self) -> None:
        """Show what others brought about meanwhile, such as a conversation that waits for a person."""
        standing = self.standing
        if not self.is_current or standing is None or not standing.exists:
            return
        changed = await self.ask(lambda desk: desk.has_changed(standing))
        if changed and standing is self.standing:
            await self.mainstay.look_again()

    async def load(self) -> None:
        """Read the day and show it."""
        standing = self.standing
        if standing is None:
            return
        filling = standing.next_step == "fill"
        self.set_class(filling, "-fill")
        self.refresh_bindings()
        if filling:
            self.query_one(Welcome).show(standing.location)
            return
        found = await self.ask(_today)
        if found is not None:
            await self.show(found)

    async def show(self, found: "Today") -> None:
        """Fill the panels; the focus stays on the line that it was on."""
        from bot.tui import agenda

        self.found = found
        held = self._held()
        text = f"{found.seen.active:,} customers on {found.day:%A}, {found.day.day} {found.day:%B %Y}"
        self.query_one("#headline", Static).update(text)
        await self._fill("stake", agenda.stake(found))
        await self._fill("todo", agenda.to_do(found))
        await self._fill("model", agenda.model(found.model))
        self._show_mood()
        lines = list(self.query(FigureLine))
        if lines and not isinstance(self.focused, FigureLine):
            lines[min(held, len(lines) - 1)].focus()

    def _show_mood(self) -> None:
        if self.found is None:
            return  # before the first paint, which must not wait for the libraries of the store
        from bot.tui import agenda

        panel = self.query_one("#mood", Static)
        panel.update(agenda.mood(self.found, panel.content_size.width or 60, tall=self.has_class("-tall")))

    def on_resize(self) -> None:
        """Draw to the width there is."""
        self.call_after_refresh(self._show_mood)

    def _held(self) -> int:
        lines = list(self.query(FigureLine))
        return lines.index(self.focused) if isinstance(self.focused, FigureLine) and self.focused in lines else 0

    async def _fill(self, name: str, lines: "Iterable[Line]") -> None:
        panel = self.query_one(f"#{name}")
        await panel.remove_children()
        await panel.mount(*(FigureLine(line) for line in lines))

    async def on_figure_line_opened(self, message: FigureLine.Opened) -> None:
        """Go to the list behind the figure, or ask for what is missing."""
        from bot.tui import agenda

        line = message.line
        if line.query is not None:
            await self.mainstay.show_list(line.query)
        elif line.letters is not None:
            await self.mainstay.show_letters(line.letters)
        elif line.mode == agenda.SENDER:
            self.name_sender()
        else:
            await self.mainstay.action_go(line.mode)

    @work(exclusive=True, group="act")
    async def name_sender(self) -> None:
        """Ask who writes to the customers, and keep it."""
        from bot.tui.screens.naming import name_sender

        if await name_sender(self):
            await self.mainstay.look_again()


def _today(desk: "Desk") -> "Today":
    from bot.today import today

    return today(desk.services)
