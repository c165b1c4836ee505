"""The line on top of every screen: where one can go, whose store this is, and which day it is there."""

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Static

from bot.tui.keynames import key as key_of
from bot.tui.wording import clean

PLACES = (
    ("0", "today", "Today"),
    ("1", "customers", "Customers"),
    ("2", "customer", "Customer"),
    ("3", "chat", "Chat"),
    ("4", "drafts", "Drafts"),
    ("5", "report", "Report"),
    ("6", "jobs", "Jobs"),
)


class NavItem(Static):
    """One place to go to."""

    class Chosen(Message):
        """The place was clicked."""

        def __init__(self, mode: str) -> None:
            super().__init__()
            self.mode = mode

    def __init__(self, key: str, mode: str, title: str, *, here: bool) -> None:
        super().__init__("", markup=False, classes="-here" if here else "")
        self.built_in, self.mode, self.title = key, mode, title
        self.name_key()

    def name_key(self) -> None:
        """Show the key that goes there, which the settings may have changed."""
        self.update(f"{key_of(self.built_in, f'app.go-{self.mode}')} {self.title}")

    def on_click(self) -> None:
        """Go there."""
        self.post_message(self.Chosen(self.mode))


class NavBar(Horizontal):
    """The line itself."""

    def __init__(self, here: str) -> None:
        super().__init__()
        self.here = here
        self.whose = ""

    def compose(self) -> ComposeResult:
        """The places, then whose store it is."""
        for key, mode, title in PLACES:
            yield NavItem(key, mode, title, here=mode == self.here)
        yield Static(self.whose, markup=False, id="whose")

    def show(self, text: str) -> None:
        """Say whose store it is; a line that is not yet on the screen says so when it is."""
        self.whose = clean(text)
        for line in self.query("#whose").results(Static):
            line.update(self.whose)
