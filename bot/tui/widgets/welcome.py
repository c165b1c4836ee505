"""What an empty store says in place of its lists: how to bring in customers, or a made-up company to look around in."""

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Button, Static

from bot.tui.wording import clean

TEXT = """There are no customers at {location} yet.

Your own customers, from any table (CSV, Excel, Parquet):

  mainstay import customers FILE --infer

or look around with a made-up company first: 2,000 customers with their history, messages, forecasts, offers and \
drafts. It takes a minute or two and stays on this machine."""


class Welcome(Vertical):
    """The text and the button."""

    class DemoWanted(Message):
        """The demo company is wanted."""

    def compose(self) -> ComposeResult:
        """Text, then button."""
        with Vertical(classes="dialog"):
            yield Static("", id="welcome-text", markup=False)
            yield Button("Build the demo company (d)", variant="primary", id="demo")

    def show(self, location: str) -> None:
        """Say where there is nothing, and be ready for enter."""
        self.query_one("#welcome-text", Static).update(TEXT.format(location=clean(location)))
        self.query_one("#demo", Button).focus()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Ask for the demo company."""
        event.stop()
        self.post_message(self.DemoWanted())
