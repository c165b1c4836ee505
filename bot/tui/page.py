"""What all screens have in common: the line on top, the line of running work, help, and when to load."""

from collections.abc import Awaitable, Callable, Mapping
from functools import wraps
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast

from textual import work
from textual.app import ComposeResult
from textual.screen import Screen
from textual.widgets import Footer, Static
from textual.worker import Worker

from bot.tui.habits import with_names
from bot.tui.widgets.nav import NavBar
from bot.tui.wording import clean, day

if TYPE_CHECKING:
    from bot.tui.app import MainstayApp
    from bot.tui.desk import Desk, Standing
    from bot.tui.jobwatch import JobNews

T = TypeVar("T")
S = TypeVar("S", bound="Page")

WIDE = 104
"""Columns from which a screen has room for two things beside each other."""


def step(method: "Callable[[S], Awaitable[None]]") -> "Callable[[S], Worker[None]]":
    """A step of a person that is done before another begins: a key that comes meanwhile begins nothing.

    It was meant for what the screen showed before the step, and to cut the step short would leave it half told.
    """

    @work(group="act")
    @wraps(method)
    async def stepping(self: S) -> None:
        if self.in_step:
            return
        self.in_step = True
        try:
            await method(self)
        finally:
            self.in_step = False

    return stepping


class Page(Screen[None]):
    """A screen of the app. It loads when it is first shown and again whenever the data have changed since."""

    MODE: ClassVar[str] = ""
    HELP_TEXT: ClassVar[str] = ""

    def __init_subclass__(cls, **options: Any) -> None:
        """Every key of a screen has a name, so that it can be changed in the settings."""
        if "BINDINGS" in cls.__dict__:
            cls.BINDINGS = with_names(cls.BINDINGS, cls.MODE)
        super().__init_subclass__(**options)

    def __init__(self) -> None:
        super().__init__()
        self.loaded_revision = -1
        self.in_step = False

    @property
    def mainstay(self) -> "MainstayApp":
        """The app, typed."""
        return cast("MainstayApp", self.app)

    @property
    def standing(self) -> "Standing | None":
        """Where the store stands, None until it has been opened."""
        return self.mainstay.standing

    def compose(self) -> ComposeResult:
        """The frame; a screen fills `body`."""
        yield NavBar(self.MODE)
        yield from self.body()
        yield Static("", markup=False, id="work")
        yield Footer(show_command_palette=True, compact=True)

    def body(self) -> ComposeResult:
        """The widgets of this screen."""
        yield from ()

    def on_screen_resume(self) -> None:
        """Load what changed while another screen was shown."""
        self.load_if_due()

    def on_unmount(self) -> None:
        """Leave word of how this screen was left; one that never loaded has nothing to say."""
        if self.loaded_revision >= 0:
            self.mainstay.habits.screens[self.MODE] = self.habits()

    def load_if_due(self) -> None:
        """Load when the store is open and something has changed since the last time."""
        self.show_work(self.mainstay.work_line or self.mainstay.job_news.line)
        self.show_jobs(self.mainstay.job_news)
        standing = self.standing
        if standing is None or self.loaded_revision == self.mainstay.revision:
            return
        if self.loaded_revision < 0:
            self.recall(self.mainstay.habits.screens.get(self.MODE, {}))
        self.loaded_revision = self.mainstay.revision
        parts = [standing.company, day(standing.today)] if standing.exists else []
        if self.app.size.width < WIDE and standing.company:
            del parts[1:]  # half a date helps nobody
        self.query_one(NavBar).show(" · ".join(part for part in parts if part))
        self._load()

    @work(exclusive=True, group="load")
    async def _load(self) -> None:
        await self.load()

    async def load(self) -> None:
        """Fetch and show what this screen is about."""

    async def ask(self, call: "Callable[[Desk], T]") -> T | None:
        """Run a call on the desk in a thread; an error becomes a notice and the answer None."""
        return await self.mainstay.ask(call)

    def show_jobs(self, news: "JobNews") -> None:
        """Background jobs were looked at."""

    def habits(self) -> dict[str, Any]:
        """What this screen wants to find again at the next run."""
        return {}

    def recall(self, habits: Mapping[str, Any]) -> None:
        """Take up what was remembered; called before the first load. Values are checked, the file may be old."""

    def show_work(self, text: str) -> None:
        """Show how far running work has come; an empty text hides the line."""
        line = self.query_one("#work", Static)
        line.update(clean(text))
        line.display = bool(text)
