"""A figure that one can go to and open: number, words, remark."""

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from bot.tui.wording import clip, one_line

if TYPE_CHECKING:
    from bot.tui.agenda import Line

LOOKS = {"bad": "$text-error", "warn": "$text-warning", "good": "$text-success", "muted": "$quiet"}
WIDTHS, NARROW_WIDTHS, HALF_WIDTHS = (12, 36), (11, 32), (11, 26)
"""Cells for the figure and for its words, from the widest lines to those of half a screen."""


class FigureLine(Static, can_focus=True):
    """One figure; enter or a click opens its list."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Open"),
        Binding("down,j", "app.focus_next", "Down", show=False),
        Binding("up,k", "app.focus_previous", "Up", show=False),
    ]

    class Opened(Message):
        """The list behind the figure is wanted."""

        def __init__(self, line: "Line") -> None:
            super().__init__()
            self.line = line

    def __init__(self, line: "Line") -> None:
        super().__init__("", markup=False)
        self.line = line

    def on_mount(self) -> None:
        """Draw to the width there is."""
        self.draw()

    def on_resize(self) -> None:
        """Draw to the width there is."""
        self.draw()

    def draw(self) -> None:
        """Number to the right of its column, then words, then the remark in its colour."""
        line = self.line
        figure, what = WIDTHS if self.size.width >= 90 else NARROW_WIDTHS if self.size.width >= 66 else HALF_WIDTHS
        style = LOOKS.get(line.look, "")
        strong = "" if line.look == "muted" and line.figure != "0" else style
        self.update(
            Content.assemble(
                (clip(one_line(line.figure), figure, right=True), f"bold {strong}".strip()),
                "  ",
                clip(one_line(line.what), what),
                " ",
                (one_line(line.remark), style or "$quiet"),
            )
        )

    def action_open(self) -> None:
        """Open the list."""
        self.post_message(self.Opened(self.line))

    def on_click(self) -> None:
        """Open the list."""
        self.action_open()
