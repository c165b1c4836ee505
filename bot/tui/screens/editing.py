"""Editing a letter in place."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Footer, Label, TextArea

from bot.tui.wording import clean


class EditLetter(ModalScreen[str | None]):
    """The whole letter in an editor; None when the person thinks better of it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "save", "Save", priority=True),
        Binding("escape", "cancel", "Leave it as it was", priority=True),
    ]

    def __init__(self, draft_id: int, text: str) -> None:
        super().__init__()
        self.draft_id, self.text = draft_id, clean(text)

    def compose(self) -> ComposeResult:
        """Title and editor."""
        with Vertical(classes="dialog"):
            yield Label(f"Draft {self.draft_id}", markup=False, classes="dialog-title")
            yield TextArea(self.text, soft_wrap=True, show_line_numbers=False)
        yield Footer(compact=True)

    def on_mount(self) -> None:
        """Type at once."""
        self.query_one(TextArea).focus()

    def action_save(self) -> None:
        """Take the text."""
        self.dismiss(self.query_one(TextArea).text)

    def action_cancel(self) -> None:
        """Leave it as it was."""
        self.dismiss(None)
