"""The terminal UI's front door: paints first, opens the store behind, turns every error into a notice."""

import asyncio
import logging
import time
import uuid
from collections.abc import Callable, Iterable
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, ClassVar, TypeVar

from textual import work
from textual.app import SystemCommand
from textual.await_complete import AwaitComplete
from textual.binding import ActiveBinding, Binding, BindingType
from textual.color import Color, ColorParseError
from textual.dom import DOMNode
from textual.screen import Screen

from bot.background.folder import JobStanding
from bot.tui.habits import Habits, check_keys, far_away, with_names
from bot.tui.jobwatch import JobNews, JobWatch, ending
from bot.tui.keynames import keyed, use_keys
from bot.tui.page import WIDE, Page
from bot.tui.screens.today import TodayScreen
from bot.tui.themes import THEMES
from bot.tui.tidying import TidyApp
from bot.tui.widgets.nav import NavItem
from bot.tui.wording import clean
from db.errors import MainstayError
from db.vocabulary import Progress

if TYPE_CHECKING:
    from bot.tui.desk import Desk, Standing
    from bot.tui.errands import Errand, Offered
    from bot.tui.listing import LetterQuery, ListQuery

log = logging.getLogger(__name__)

T = TypeVar("T")

JOBS_SECONDS = 1.0
DEMO_CUSTOMERS = 2_000
RESTORED = frozenset({"today", "customers", "drafts", "report", "jobs"})
"""Screens that are shown again at the next run; the others begin something."""


class MainstayApp(TidyApp):
    """Today, Customers, Customer, Chat, Drafts, Report, Jobs."""

    TITLE = "mainstay"
    CSS_PATH = "app.tcss"
    MODES: ClassVar[dict[str, str | Callable[[], Screen[None]]]] = {
        "today": TodayScreen,
        "customers": lambda: _screen("customers", "CustomersScreen"),
        "customer": lambda: _screen("customer", "CustomerScreen"),
        "chat": lambda: _screen("chat", "ChatScreen"),
        "drafts": lambda: _screen("drafts", "DraftsScreen"),
        "report": lambda: _screen("report", "ReportScreen"),
        "jobs": lambda: _screen("jobs", "JobsScreen"),
    }
    DEFAULT_MODE = "today"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide"), (150, "-very-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-short"), (30, "-tall")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = with_names(
        [
            Binding("0", "go('today')", "Today", show=False),
            Binding("1", "go('customers')", "Customers", show=False),
            Binding("2", "go('customer')", "Customer", show=False),
            Binding("3", "go('chat')", "Chat", show=False),
            Binding("4", "go('drafts')", "Drafts", show=False),
            Binding("5", "go('report')", "Report", show=False),
            Binding("6", "go('jobs')", "Jobs", show=False),
            Binding("f5", "forecast", "Forecast anew", show=False),
            Binding("ctrl+x", "stop_work", "Stop", show=True),
            Binding("question_mark,f1", "help", "Help", key_display="?"),
            Binding("q", "quit", "Quit"),
        ],
        "app",
    )

    def __init__(
        self, store: str | None = None, customer: str | None = None, *, opener: "Callable[[], Desk] | None" = None
    ) -> None:
        super().__init__()
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = THEMES[0].name
        if far_away():
            self.animation_level = "none"
        self.opener = opener or (lambda: _open(store))
        self.desk: Desk | None = None
        self.standing: Standing | None = None
        self.revision = 0
        self.customer_id = customer
        self.list_query: ListQuery | None = None
        self.letter_query: LetterQuery | None = None
        self.begin_with_chat = customer is not None
        self.work_line = ""
        self.job_watch = JobWatch()
        self.job_news = JobNews()
        self.habits = Habits()
        self._clashes: set[str] = set()
        self._stop_asked = False
        self._looking = asyncio.Lock()

    def on_mount(self) -> None:
        """Open the store once the first frame is on the terminal."""
        self.call_after_refresh(self.open_desk)

    @work(exclusive=True, group="desk")
    async def open_desk(self) -> None:
        """Load the libraries, the settings and the store in a thread."""
        try:
            self.desk = await asyncio.to_thread(self.opener)
        except MainstayError as error:
            self.complain(error)
            return
        self.habits = await asyncio.to_thread(Habits.read, self.desk.settings.home)
        self._take_up_habits(self.desk)
        await self.look_again()
        if self.begin_with_chat:
            self.begin_with_chat = False
            await self.switch_mode("chat")
        elif self.habits.mode in RESTORED and isinstance(self.screen, Page):
            await self.switch_mode(self.habits.mode)
        await self.look_at_jobs()
        self.set_interval(JOBS_SECONDS, self._look_at_jobs_soon)

    def _take_up_habits(self, desk: "Desk") -> None:
        """The theme, keys and customer of the last run; what the settings name comes first."""
        settings, habits = desk.settings, self.habits
        theme = settings.theme if "theme" in settings.model_fields_set else habits.theme or settings.theme
        if theme in self.available_themes:
            self.theme = theme
        self.customer_id = self.customer_id or habits.customer_id
        use_keys(settings.keys)
        if settings.keys:
            from bot.tui.keys import all_keys

            try:
                check_keys(settings.keys, all_keys())
            except MainstayError as error:
                self.complain(error)
            self.set_keymap(settings.keys)
            self.call_after_refresh(self._name_places)
        if habits.first_run:
            self.tell(
                keyed("Press {?=app.help} for help, ctrl+p for every action, and a number to go to another screen.")
            )

    async def look_again(self) -> None:
        """Read where the store stands and have the screens load."""
        standing = await self.ask(lambda desk: desk.standing())
        if standing is None:
            return
        self.standing = standing
        self.revision += 1
        if isinstance(self.screen, Page):
            self.screen.load_if_due()

    async def ask(self, call: "Callable[[Desk], T]") -> T | None:
        """Run a call on the desk in a thread. An error becomes a notice with its hint, and the answer None."""
        desk = self.desk
        if desk is None:
            return None
        try:
            return await asyncio.to_thread(call, desk)
        except MainstayError as error:
            self.complain(error)
        except Exception:
            number = uuid.uuid4().hex[:8]
            log.exception("error %s in the terminal UI", number)
            self.notify(
                f"Something went wrong (error {number}). The log has the details; the store is as it was.",
                severity="error",
                markup=False,
            )
        return None

    def complain(self, error: MainstayError) -> None:
        """Show an error and what to do about it."""
        self.notify(
            clean(f"{error}\n{error.hint}" if error.hint else str(error)),
            title="That did not work",
            severity="error",
            timeout=10,
            markup=False,
        )

    def tell(self, text: str) -> None:
        """Show a passing note, as long as it takes to read."""
        self.notify(clean(text), timeout=max(4.0, len(text) / 12), markup=False)

    async def start_job(self, build: "Callable[[], Errand]") -> bool:
        """Begin work in a process of its own, which goes on when this program is closed; returns whether it began."""
        from bot.tui.errands import check

        filling, live = self.filling, {job.request.kind for job in self.job_news.live}

        def begin(desk: "Desk") -> str:
            errand = build()
            check(errand, filling=filling, live=live)
            return self.job_watch.begin(desk.settings, errand)

        name = await self.ask(begin)
        if name is not None:
            self.tell("It runs in the background; Jobs shows how far it is.")
            await self.look_at_jobs()
        return name is not None

    @work(exclusive=True, group="act")
    async def begin_errand(self, offered: "Offered") -> None:
        """Ask what long work needs to know, and begin it."""
        from bot.tui.widgets.dialogs import Ask

        answer: str | None = offered.value
        while answer is not None:
            if offered.question:
                asked = Ask(offered.question, value=answer, help_text=offered.help_text)
                answer = await self.push_screen_wait(asked)
            if answer is None or await self.start_job(partial(offered.build, answer)) or not offered.question:
                return

    @work(group="jobs")
    async def _look_at_jobs_soon(self) -> None:
        """Look, unless a look is under way: one that is cut short would swallow the end of a job."""
        if not self._looking.locked():
            await self.look_at_jobs()

    async def look_at_jobs(self) -> None:
        """See how far the background jobs are, and tell what has ended."""
        async with self._looking:
            await self._look_at_jobs()

    async def _look_at_jobs(self) -> None:
        news = await self.ask(lambda desk: self.job_watch.look(desk.settings))
        if news is None:
            return
        changed = news.jobs != self.job_news.jobs
        self.job_news = news
        if changed and isinstance(self.screen, Page):
            self.screen.show_jobs(news)
            self.screen.show_work(self.work_line or news.line)
        for job, said in news.ended:
            failed = job.standing in (JobStanding.FAILED, JobStanding.LOST)
            self.notify(clean(ending(job, said)), severity="error" if failed else "information", markup=False)
        if news.ended:
            await self.ask(lambda desk: desk.forget())
            await self.look_again()

    def copy(self, text: str, what: str) -> None:
        """Put a text on the clipboard, where the terminal allows it."""
        self.copy_to_clipboard(clean(text))
        self.tell(f"{what} is on the clipboard, if this terminal allows it.")

    def open_url(self, url: str, *, new_tab: bool = True) -> None:
        """Show a page in a browser; finding one may take a while."""
        self._open_page(url)

    @work(group="page")
    async def _open_page(self, url: str) -> None:
        from bot.tui.browsing import in_window

        if not await asyncio.to_thread(in_window, url):
            self.tell("No browser with a window of its own is at hand here; open the file by its path.")

    def start_work(
        self, label: str, call: "Callable[[Desk, Callable[[Progress], None], Callable[[], bool]], str]"
    ) -> bool:
        """Run a long piece of work beside the screens; one at a time. Returns whether it was begun."""
        if self.work_line:
            self.tell(keyed("Something is running already; it can be stopped with {ctrl+x=app.stop_work}."))
            return False
        self._stop_asked = False
        self._show_work(f"{label} …")
        self._run_work(label, call)
        return True

    @work(group="work")
    async def _run_work(
        self, label: str, call: "Callable[[Desk, Callable[[Progress], None], Callable[[], bool]], str]"
    ) -> None:
        meter = _Meter(label, lambda text: self.call_from_thread(self._show_work, text))
        told = await self.ask(lambda desk: call(desk, meter.show, lambda: self._stop_asked))
        self._show_work("")
        if told:
            self.tell(told)
        await self.look_again()

    def _show_work(self, text: str) -> None:
        changed = bool(text) != bool(self.work_line)
        self.work_line = text
        if isinstance(self.screen, Page):
            self.screen.show_work(text or self.job_news.line)
        if changed:
            self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Stopping is offered only while something runs, the ways to begin only in an empty store."""
        if action in ("build_demo", "import_customers"):
            return self.filling
        return bool(self.work_line) if action == "stop_work" else True

    @property
    def filling(self) -> bool:
        """Whether the store is known to be empty."""
        return self.standing is not None and self.standing.next_step == "fill"

    @work(group="act")
    async def action_build_demo(self) -> None:
        """Fill the empty store with the demo company."""
        from bot.tui.errands import demo

        await self.start_job(partial(demo, str(DEMO_CUSTOMERS)))

    def action_import_customers(self) -> None:
        """Ask for the table and import it."""
        from bot.tui.errands import OFFERED

        self.begin_errand(next(one for one in OFFERED if one.name == "import-customers"))

    def action_stop_work(self) -> None:
        """Ask running work to stop at its next safe point."""
        self._stop_asked = True
        self.tell("Stopping at the next safe point; what is done stays done.")

    @work(group="act")
    async def action_forecast(self) -> None:
        """Read messages, train, score and decide."""
        from bot.tui.errands import forecast

        await self.start_job(forecast)

    async def action_go(self, mode: str) -> None:
        """Go to another screen."""
        if not isinstance(self.screen, Page) or self.current_mode == mode:
            return
        await self.switch_mode(mode)

    def pop_screen(self) -> AwaitComplete:
        """Close what lies over a screen; a further key in a palette that has closed must not end the program."""
        return super().pop_screen() if len(self.screen_stack) > 1 else AwaitComplete()

    async def show_list(self, query: "ListQuery") -> None:
        """Open the list of customers with a search, filter and order of its own."""
        self.list_query = query
        await self.switch_mode("customers")

    async def show_letters(self, query: "LetterQuery") -> None:
        """Open the queue of drafts at these letters."""
        self.letter_query = query
        await self.switch_mode("drafts")

    async def show_customer(self, customer_id: str) -> None:
        """Open the page of a customer."""
        self.customer_id = customer_id
        await self.switch_mode("customer")

    async def show_chat(self, customer_id: str) -> None:
        """Open the chat with a customer."""
        self.customer_id = customer_id
        await self.switch_mode("chat")

    async def on_nav_item_chosen(self, message: NavItem.Chosen) -> None:
        """A place in the line on top was clicked."""
        await self.action_go(message.mode)

    def action_help(self) -> None:
        """Explain the screen that is shown."""
        from bot.tui.widgets.dialogs import Help

        if isinstance(self.screen, Page):
            self.push_screen(Help(f"{self.screen.MODE.capitalize()}: help", keyed(self.screen.HELP_TEXT), self._keys()))

    def _keys(self) -> list[tuple[str, str]]:
        """The keys of the screen, those of what has the focus, those of the app, and last what every program has."""
        found: dict[str, str] = {}
        ranked = sorted(self.screen.active_bindings.values(), key=self._rank)
        for active in ranked:
            what = _name_of(active.binding)
            if what and what not in found.values() and active.enabled:
                found[self.get_key_display(active.binding)] = what
        return list(found.items())

    def _rank(self, active: ActiveBinding) -> int:
        place = (active.binding.id or "").partition(".")[0]
        if place:
            return 2 if place == "app" else 0
        return 3 if active.node in (self, self.screen) or "scroll" in active.binding.action else 1

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """The command palette: every action of the screen, those of the app, and long work."""
        from bot.tui.errands import offered as choices

        seen: set[str] = set()
        for active in screen.active_bindings.values():
            what, action = _name_of(active.binding), active.binding.action
            if not what or what in seen or not active.enabled:
                continue
            seen.add(what)
            node = active.node
            yield SystemCommand(
                what,
                f"Key {self.get_key_display(active.binding)}",
                lambda action=action, node=node: self.call_later(self.run_action, action, node),
            )
        for offered in choices(filling=self.filling):
            begin = partial(self.begin_errand, offered)
            yield SystemCommand(offered.title, "Runs in the background", lambda begin=begin: self.call_later(begin))
        yield from (command for command in super().get_system_commands(screen) if command.title not in seen)

    def get_css_variables(self) -> dict[str, str]:
        """The theme's colours and one for what matters less, solid so that it can be used inside text."""
        variables = super().get_css_variables()
        try:
            ink, paper = Color.parse(variables["foreground"]), Color.parse(variables["background"])
            quiet = ink.blend(paper, 0.35).hex
        except ColorParseError:
            quiet = variables["foreground"]
        self.theme_variables = {**variables, "quiet": quiet}
        return self.theme_variables

    def handle_bindings_clash(self, clashed_bindings: set[Binding], node: DOMNode) -> None:
        """Say that the settings give one key to several actions."""
        own = self.desk.settings.keys if self.desk is not None else {}
        # An action with several built-in keys that gets one of its own is no clash with itself.
        real = [one for one in clashed_bindings if list(own.values()).count(own.get(one.id or "", "")) != 1]
        keys = ", ".join(sorted({one.key for one in real}))
        if keys and keys not in self._clashes:
            self._clashes.add(keys)
            self.tell(f"The settings give {keys} to more than one action; the first has it.")

    def _name_places(self) -> None:
        for item in self.query(NavItem):
            item.name_key()

    async def on_unmount(self) -> None:
        """Remember how things were left, and let go of the store."""
        self._stop_asked = True
        if self.desk is not None:
            habits = self.habits
            habits.theme, habits.mode, habits.customer_id = self.theme, self.current_mode, self.customer_id
            await asyncio.to_thread(self.desk.keep_habits, habits)
            await asyncio.to_thread(self.desk.close)


def _name_of(binding: Binding) -> str:
    """What a key does, in full where the footer has room for one word only."""
    return binding.tooltip or binding.description


class _Meter:
    """Turns progress into a line with rate and time left, at most ten times a second."""

    def __init__(self, label: str, show: Callable[[str], None]) -> None:
        self.label, self.tell = label, show
        self.stage, self.began, self.shown = "", 0.0, 0.0

    def show(self, progress: Progress) -> None:
        """Take note of progress; called from the thread that works."""
        now = time.monotonic()
        if progress.stage != self.stage:
            self.stage, self.began, self.shown = progress.stage, now, 0.0
        if now - self.shown < 0.1:
            return
        self.shown = now
        text = f"{self.label}: {progress.stage} {progress.done:,}"
        if progress.total:
            text += f" of {progress.total:,} ({progress.done / progress.total:.0%})"
            spent = now - self.began
            if spent > 1 and 0 < progress.done < progress.total:
                text += f", {round(spent * (progress.total - progress.done) / progress.done)} s left"
        self.tell(text)


def _screen(module: str, name: str) -> Screen[None]:
    """A screen by the module that holds it: only the first one shown is imported before the first paint."""
    found: Screen[None] = getattr(import_module(f"bot.tui.screens.{module}"), name)()
    return found


def _open(store: str | None) -> "Desk":
    from bot.tui.desk import Desk

    return Desk.open(store)


def run_app(store: str | None = None, customer: str | None = None) -> None:
    """Open the terminal UI on a store; with a customer it begins with their chat."""
    MainstayApp(store, customer).run()
