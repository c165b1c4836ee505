"""Jobs: long work in the background, begun, watched, stopped and gone on with; it outlives this screen."""

from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, VerticalScroll
from textual.widgets import Static

from bot.tui import jobpiece
from bot.tui.keynames import keyed
from bot.tui.page import Page
from bot.tui.widgets.dialogs import Choose
from bot.tui.widgets.table import LongTable

if TYPE_CHECKING:
    from bot.background.folder import BackgroundJob
    from bot.tui.jobwatch import JobNews

NOTHING = """No long work has been begun yet.

Press {n=jobs.begin} to forecast, draft letters, import a file, write the report or play a simulation.
It runs in a process of its own: this screen may be closed meanwhile."""

HELP_TEXT = """Long work runs in processes of its own. Close this program and it goes on; open it again and it is here.

{x=jobs.stop} asks a job to stop at its next safe point, so that what is done stays done; once more stops it at once, \
and a third time without tidying up. {r=jobs.resume} goes on with a job that was stopped, failed \
or was lost with the machine: what is done is not done twice.

Every job is a command; `mainstay jobs` lists, begins, stops and resumes them too."""


class JobsScreen(Page):
    """The jobs, and the one under the cursor with the end of its log."""

    MODE = "jobs"
    CSS_PATH = "jobs.tcss"
    HELP_TEXT = HELP_TEXT
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "begin", "New", tooltip="Begin long work", id="jobs.begin"),
        Binding("x", "stop", "Stop", tooltip="Stop the job", id="jobs.stop"),
        Binding("r", "resume", "Resume", tooltip="Go on with the job", id="jobs.resume"),
        Binding("y", "copy", "Copy", tooltip="Copy the job's command", id="jobs.copy"),
        Binding("left_square_bracket,ctrl+up", "scroll_log(-3)", "Scroll the log up", show=False),
        Binding("right_square_bracket,ctrl+down", "scroll_log(3)", "Scroll the log down", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.jobs: tuple[BackgroundJob, ...] = ()
        self.shown: BackgroundJob | None = None

    def body(self) -> ComposeResult:
        """Jobs, what the chosen one is, its log."""
        yield Static(keyed(NOTHING), classes="empty", id="nothing", markup=False)
        yield LongTable(jobpiece.COLUMNS, id="jobs")
        with Container(id="below"):
            about = Static("", classes="panel", id="about", markup=False)
            about.border_title = "Job"
            yield about
            with VerticalScroll(id="log-scroll"):
                yield Static("", id="log", markup=False)

    @property
    def table(self) -> LongTable:
        """The jobs."""
        return self.query_one(LongTable)

    @property
    def current(self) -> "BackgroundJob | None":
        """The job under the cursor."""
        place = self.table.current
        return self.jobs[place] if place is not None and place < len(self.jobs) else None

    def on_mount(self) -> None:
        """Show what is known."""
        self.query_one("#log-scroll").border_title = "Log"
        self.show_jobs(self.mainstay.job_news)

    def show_jobs(self, news: "JobNews") -> None:
        """Show the jobs as they stand."""
        if not self.is_mounted:
            return
        if news.jobs == self.jobs and self.shown is not None:
            return
        chosen = self.current.name if self.current else None
        grown = [job.name for job in news.jobs] != [job.name for job in self.jobs]
        self.jobs = news.jobs
        self.set_class(not self.jobs, "-empty")
        table = self.table
        if grown:
            table.set_keys(range(len(self.jobs)), forget=True)
            names = [job.name for job in self.jobs]
            table.cursor = names.index(chosen) if chosen in names else 0
            if self.jobs:
                table.focus()
        table.fill(range(len(self.jobs)), {place: jobpiece.cells(job) for place, job in enumerate(self.jobs)})
        self._show_current()

    def on_long_table_rows_wanted(self, message: LongTable.RowsWanted) -> None:
        """All rows are at hand."""
        self.table.fill(range(len(self.jobs)), {place: jobpiece.cells(job) for place, job in enumerate(self.jobs)})

    def on_long_table_highlighted(self, message: LongTable.Highlighted) -> None:
        """Show the job under the cursor."""
        self._show_current()

    def on_long_table_opened(self, message: LongTable.Opened) -> None:
        """Enter goes to the log, so that the arrow keys scroll it."""
        self.query_one("#log-scroll").focus()

    @work(exclusive=True, group="job")
    async def _show_current(self) -> None:
        job = self.current
        self.refresh_bindings()
        if job is None:
            return
        self.query_one("#about", Static).update(jobpiece.about(job))
        found = await self.ask(lambda desk: self.mainstay.job_watch.words(desk.settings, job.name))
        if found is None:
            return
        scroll = self.query_one("#log-scroll", VerticalScroll)
        at_end = self.shown is None or self.shown.name != job.name or scroll.scroll_offset.y >= scroll.max_scroll_y
        self.shown = job
        self.query_one("#log", Static).update(jobpiece.tail(*found, live=job.standing.live))
        if at_end:
            scroll.scroll_end(animate=False)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Stopping is for what runs, going on for what ended before its time."""
        job = self.current if self.is_mounted else None
        if action == "stop":
            return job is not None and job.standing.live
        if action == "resume":
            return job is not None and not job.standing.live and job.code != 0
        return job is not None if action == "copy" else True

    @work(exclusive=True, group="act")
    async def action_begin(self) -> None:
        """Choose long work, answer its question, begin it."""
        from bot.tui.errands import offered as can_begin

        offers = can_begin(filling=self.mainstay.filling)
        choices = [(one.name, one.title) for one in offers]
        chosen = await self.app.push_screen_wait(Choose("What shall be done?", choices))
        offered = next((one for one in offers if one.name == chosen), None)
        if offered is not None:
            self.mainstay.begin_errand(offered)

    @work(exclusive=True, group="act")
    async def action_stop(self) -> None:
        """Ask the job to stop."""
        job = self.current
        if job is None:
            return
        times = await self.ask(lambda desk: self.mainstay.job_watch.stop(desk.settings, job.name))
        if times:
            later = ("at its next safe point; what is done stays done", "at once", "without tidying up")
            self.mainstay.tell(f"It stops {later[min(times, 3) - 1]}.")
            await self.mainstay.look_at_jobs()

    @work(exclusive=True, group="act")
    async def action_resume(self) -> None:
        """Go on with the job."""
        job = self.current
        if job is None:
            return
        found = await self.ask(lambda desk: self.mainstay.job_watch.go_on(desk.settings, job.name))
        if found is not None:
            self.shown = None
            await self.mainstay.look_at_jobs()

    def action_copy(self) -> None:
        """Copy the command line of the job."""
        if self.current is not None:
            self.mainstay.copy(self.current.request.command, "The command")

    def action_scroll_log(self, lines: int) -> None:
        """Scroll the log while the cursor stays in the list."""
        self.query_one("#log-scroll").scroll_relative(y=lines, animate=False)
