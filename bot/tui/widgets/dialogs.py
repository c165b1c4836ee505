"""Small dialogs: ask for a line, for a choice, for a yes; show the keys of the screen behind."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Label, OptionList, Static
from textual.widgets.option_list import Option

from bot.tui.widgets.composer import Line
from bot.tui.wording import clean, clip

CANCEL: list[BindingType] = [Binding("escape", "cancel", "Cancel", show=True)]


class Ask(ModalScreen[str | None]):
    """One line of text, or None when the person thinks better of it."""

    BINDINGS: ClassVar[list[BindingType]] = CANCEL

    def __init__(self, title: str, *, value: str = "", help_text: str = "", placeholder: str = "") -> None:
        super().__init__()
        self.heading, self.value, self.help_text, self.placeholder = title, value, help_text, placeholder

    def compose(self) -> ComposeResult:
        """Title, field, help."""
        with Vertical(classes="dialog"):
            yield Label(clean(self.heading), markup=False, classes="dialog-title")
            yield Line(clean(self.value), placeholder=self.placeholder)
            yield Static(clean(self.help_text), markup=False, classes="dialog-help")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter takes the line."""
        self.dismiss(event.value)

    def action_cancel(self) -> None:
        """Escape takes nothing."""
        self.dismiss(None)


class Choose(ModalScreen[str | None]):
    """One of several named choices."""

    BINDINGS: ClassVar[list[BindingType]] = CANCEL

    def __init__(self, title: str, choices: Sequence[tuple[str, str]], *, current: str = "") -> None:
        super().__init__()
        self.heading, self.choices, self.current = title, choices, current

    def compose(self) -> ComposeResult:
        """Title and choices."""
        with Vertical(classes="dialog"):
            yield Label(clean(self.heading), markup=False, classes="dialog-title")
            yield OptionList(*(Option(clean(title), id=name) for name, title in self.choices), markup=False)

    def on_mount(self) -> None:
        """Begin at what is in force."""
        names = [name for name, _ in self.choices]
        if self.current in names:
            self.query_one(OptionList).highlighted = names.index(self.current)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Enter or a click takes it."""
        self.dismiss(event.option_id)

    def action_cancel(self) -> None:
        """Escape takes nothing."""
        self.dismiss(None)


class Confirm(ModalScreen[bool]):
    """A yes or a no, with what will happen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "yes", "Yes"),
        Binding("n,escape", "no", "No"),
    ]

    def __init__(self, question: str, *, yes: str = "Yes", careful: bool = False) -> None:
        super().__init__()
        self.question, self.yes, self.careful = question, yes, careful

    def on_mount(self) -> None:
        """Enter means yes, but where a second enter must not slip through."""
        self.query_one("#no" if self.careful else "#yes", Button).focus()

    def compose(self) -> ComposeResult:
        """Question and buttons."""
        with Vertical(classes="dialog"):
            yield Label(clean(self.question), markup=False, classes="dialog-title")
            with Horizontal(classes="buttons"):
                yield Button(f"{self.yes} (y)", variant="primary", id="yes")
                yield Button("No (n)", id="no")

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """A click answers."""
        self.dismiss(event.button.id == "yes")

    def action_yes(self) -> None:
        """Yes."""
        self.dismiss(True)

    def action_no(self) -> None:
        """No."""
        self.dismiss(False)


class Help(ModalScreen[None]):
    """What the screen behind is for, and its keys."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,question_mark,f1,q,enter", "close", "Close")]

    def __init__(self, title: str, text: str, keys: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self.heading, self.text, self.keys = title, text, keys

    def compose(self) -> ComposeResult:
        """Text, then keys."""
        width = max([len(key) for key, _ in self.keys], default=0) + 2
        rows = [Content.assemble((clip(key, width), "bold $text-accent"), what) for key, what in self.keys]
        with VerticalScroll(classes="dialog"):
            yield Label(self.heading, markup=False, classes="dialog-title")
            yield Static(self.text, markup=False)
            yield Static(Content("\n").join(rows), classes="help-keys")

    def action_close(self) -> None:
        """Back to the screen behind."""
        self.dismiss(None)
