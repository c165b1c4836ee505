"""What an empty store says in place of its figures: how to bring in customers, or a made-up company."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Static

from bot.tui.keynames import key
from bot.tui.wording import clean

TEXT = """There are no customers at {location} yet.

Your own customers, from any table (CSV, Excel, Parquet): choose the file here, or

  mainstay import customers FILE --infer

or look around with a made-up company first: 2,000 customers with their history, messages, forecasts, offers and \
drafts. It takes some minutes, in the background, and stays on this machine."""


class Welcome(Vertical):
    """The text and the buttons."""

    ACTIONS: ClassVar[dict[str, str]] = {"demo": "app.build_demo", "import": "app.import_customers"}

    def compose(self) -> ComposeResult:
        """Text, then buttons."""
        with Vertical(classes="dialog"):
            yield Static("", id="welcome-text", markup=False)
            with Horizontal(classes="buttons"):
                yield Button("", variant="primary", id="demo")
                yield Button("", id="import")

    def show(self, location: str) -> None:
        """Say where there is nothing, and be ready for enter."""
        self.query_one("#welcome-text", Static).update(TEXT.format(location=clean(location)))
        mode = str(getattr(self.screen, "MODE", ""))
        for name, label, built_in in (("demo", "Build the demo company", "d"), ("import", "Import a table", "i")):
            action = self.ACTIONS[name].removeprefix("app.")
            self.query_one(f"#{name}", Button).label = f"{label} ({key(built_in, f'{mode}.{action}')})"
        self.query_one("#demo", Button).focus()

    async def on_button_pressed(self, event: Button.Pressed) -> None:
        """Do what the button says."""
        event.stop()
        await self.app.run_action(self.ACTIONS[str(event.button.id)])
