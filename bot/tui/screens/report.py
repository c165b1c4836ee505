"""Report: the store in figures, and the report to hand on."""

from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.content import Content
from textual.widgets import Static

from bot.tui import figures
from bot.tui.keynames import keyed
from bot.tui.page import Page
from bot.tui.widgets.dialogs import Choose
from bot.tui.wording import clean

if TYPE_CHECKING:
    from bot.tui.desk import Desk, ModelFigures
    from bot.tui.reportage import Charts

CHART_PANELS = frozenset({"distribution", "calibration", "gains", "survival", "campaign"})
FORMS = (
    ("html", "A page to forward: one file, no scripts"),
    ("xlsx", "A workbook with one sheet per table"),
    ("text", "Plain text"),
    ("json", "JSON"),
)

HELP_TEXT = """The figures of the newest forecast. They are measured on customers the model had not seen; expected \
leavers are the sum of the chances to leave within the horizon.

{w=report.write-html} writes the whole report as a page into the exports folder, {o=report.write-html-true} opens it \
in the browser as well, {W=report.write_as} asks for another form. No customer is named in it."""


class ReportScreen(Page):
    """Figures in panels, and the key that writes the report."""

    MODE = "report"
    CSS_PATH = "report.tcss"
    HELP_TEXT = HELP_TEXT
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("w", "write('html')", "Write the report"),
        Binding("o", "write('html', True)", "Open", tooltip="Write the report and open it"),
        Binding("W", "write_as", "Write as …"),
        Binding("f5", "app.forecast", "Forecast anew", id="app.forecast"),
        Binding("j,down", "scroll(2)", "Down", show=False),
        Binding("k,up", "scroll(-2)", "Up", show=False),
        Binding("pagedown,space", "page(1)", "Page down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.can_write = False
        self.charts: Charts | None = None
        self.model: ModelFigures | None = None

    def body(self) -> ComposeResult:
        """One panel per subject."""
        with Container(id="panels"):
            for name, heading in figures.PANELS:
                panel = Static("", classes="panel", id=name, markup=False)
                panel.border_title = heading
                panel.display = name not in CHART_PANELS
                yield panel

    async def load(self) -> None:
        """Fill the panels."""
        standing = self.standing
        if standing is None:
            return
        filling = standing.next_step == "fill"
        for name, _ in figures.PANELS:
            if name not in CHART_PANELS:
                self.query_one(f"#{name}").display = name == "glance" or not filling
        if filling:
            self._put("glance", Content(keyed("There are no customers yet. Press {0=app.go-today} to begin.")))
            return
        self._put("glance", figures.glance(standing))
        self._put("bands", figures.bands(standing))
        self._put("letters", figures.letters(standing.drafts or {}))
        found = await self.ask(lambda desk: (desk.model_figures(), desk.can_report))
        if found is None:
            return
        self.model, self.can_write = found
        self._put("model", figures.model(self.model))
        if self.can_write:
            self._put(
                "written",
                Content(
                    keyed(
                        "Press {w=report.write-html} to write it as a page to forward, "
                        "{W=report.write_as} for other forms."
                    )
                ),
            )
        self.query_one("#written").display = self.can_write
        self.refresh_bindings()
        self.charts = await self.ask(_charts) if standing.next_step == "" else None
        for name in CHART_PANELS:
            self.query_one(f"#{name}").display = self.charts is not None
        # How wide a panel is, is known once it stands on the screen.
        self.call_after_refresh(self._draw)

    def _draw(self) -> None:
        """The drivers and the charts, to the width there is."""
        from bot.tui.reportage import CHARTS

        self._put("drivers", figures.drivers(self.model, self.query_one("#drivers").content_size.width or 60))
        charts = self.charts
        if charts is None:
            return
        for name, draw in CHARTS.items():
            panel = self.query_one(f"#{name}", Static)
            panel.update(draw(charts, panel.content_size.width or 60))

    def on_resize(self) -> None:
        """Draw to the width there is."""
        if self.loaded_revision >= 0:
            self.call_after_refresh(self._draw)

    def _put(self, name: str, content: Content) -> None:
        self.query_one(f"#{name}", Static).update(content)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Writing is offered where there is something to write."""
        return self.can_write if action in ("write", "write_as") else True

    @work(exclusive=True, group="write")
    async def action_write(self, form: str, show: bool = False) -> None:
        """Write the report into the exports folder, and open it where that is wanted."""
        self.show_work("Writing the report …")
        path = await self.ask(lambda desk: desk.write_report(form))
        self.show_work("")
        if path is not None:
            self._put("written", Content(clean(f"Written to {path}")))
            self.mainstay.tell(f"The report is in {path}.")
            if show:
                self.mainstay.open_url(path.resolve().as_uri())

    @work
    async def action_write_as(self) -> None:
        """Choose a form first."""
        form = await self.app.push_screen_wait(Choose("Write the report as", FORMS))
        if form:
            self.action_write(form)

    def action_scroll(self, lines: int) -> None:
        """Scroll the panels."""
        self.query_one("#panels").scroll_relative(y=lines, animate=False)

    def action_page(self, pages: int) -> None:
        """Scroll the panels by pages."""
        self.action_scroll(pages * max(1, self.query_one("#panels").size.height - 2))


def _charts(desk: "Desk") -> "Charts":
    from bot.tui.reportage import read_charts

    return read_charts(desk.services)
