"""Fields for what a person writes: a pasted text loses what a terminal would obey before it is shown."""

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input, TextArea

from bot.tui.wording import clean, one_line


class Line(Input):
    """One line of text."""

    def on_paste(self, event: events.Paste) -> None:
        """Only what can be shown is taken."""
        event.prevent_default()
        event.stop()
        self.insert_text_at_cursor(one_line(event.text))


class Area(TextArea):
    """Many lines of text."""

    def on_paste(self, event: events.Paste) -> None:
        """Only what can be shown is taken."""
        event.prevent_default()
        event.stop()
        if not self.read_only:
            self.replace(clean(event.text.replace("\r\n", "\n").replace("\r", "\n")), *self.selection)


class Composer(Area):
    """A message: enter sends it, shift+enter or ctrl+j begins another line, up in an empty one takes the last again."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "send", "Send"),
        Binding("ctrl+j", "newline", "New line", show=False),
    ]

    class Sent(Message):
        """A message was written."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Recalled(Message):
        """The last message is wanted again."""

    def on_key(self, event: events.Key) -> None:
        """Enter and up mean more here than in a text."""
        if event.key == "enter":
            self.post_message(self.Sent(self.text.strip()))
        elif event.key in ("shift+enter", "ctrl+j"):
            self.insert("\n")
        elif event.key == "up" and not self.text:
            self.post_message(self.Recalled())
        else:
            return
        event.prevent_default()
        event.stop()

    def action_send(self) -> None:
        """Send what is written."""
        self.post_message(self.Sent(self.text.strip()))

    def action_newline(self) -> None:
        """Begin another line."""
        self.insert("\n")

    def fill(self, text: str) -> None:
        """Show a text, ready to be changed."""
        self.text = clean(text)
        self.move_cursor(self.document.end)
        self.focus()
