"""A conversation of any length: only the lines in view are drawn, a turn is wrapped once for each width."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from bot.tui.wording import clean, clip, wrap

INDENT = 8
LONGEST = 20_000
"""Characters of one turn that are shown; a longer one says so. Copies and exports are whole."""
NAMES = {"customer": "Customer", "bot": "Bot", "agent": "You", "colleague": "Colleague", "note": ""}


@dataclass(frozen=True, slots=True)
class Said:
    """One turn: who said what."""

    who: str
    text: str


class Transcript(ScrollView, can_focus=True):
    """The turns. `add`, `change` and `remove` them; `find` marks a text and goes to it."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "transcript--customer",
        "transcript--bot",
        "transcript--agent",
        "transcript--colleague",
        "transcript--note",
        "transcript--name",
        "transcript--found",
        "transcript--chosen",
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "choose(-1)", "Earlier turn", show=False),
        Binding("down,j", "choose(1)", "Later turn", show=False),
        Binding("home,g", "first", "First turn", show=False),
        Binding("end,G", "last", "Last turn", show=False),
        Binding("n", "find_next(1)", "Find again", show=False),
        Binding("N", "find_next(-1)", "Find before", show=False),
        Binding("y", "copy", "Copy", tooltip="Copy the chosen turn"),
        Binding("e", "again", "Edit", tooltip="Write the chosen message again"),
    ]

    class Copied(Message):
        """A turn shall be copied."""

        def __init__(self, said: Said) -> None:
            super().__init__()
            self.said = said

    class Again(Copied):
        """A message shall be edited and sent again."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - textual's name
        super().__init__(id=id)
        self.turns: list[Said] = []
        self.chosen: int | None = None
        self.sought = ""
        self._wrapped: list[list[str]] = []
        self._starts: list[int] = []
        self._length = 0
        self._width = 0
        self._at_end = True

    def add(self, who: str, text: str) -> int:
        """A further turn at the end; returns its place."""
        at_end = self._at_end or not self.turns
        self.turns.append(Said(who, text))
        self._starts.append(self._length)
        lines = self._wrap(self.turns[-1])
        self._wrapped.append(lines)
        self._length += len(lines) + 1
        self._changed(follow=at_end or who == "customer")
        return len(self.turns) - 1

    def change(self, place: int, text: str) -> None:
        """Another text for a turn, such as one that is being written."""
        at_end = self._at_end
        self.turns[place] = Said(self.turns[place].who, text)
        self._wrapped[place] = self._wrap(self.turns[place])
        self._add_up(place)
        self._changed(follow=at_end)

    def remove_turn(self, place: int) -> None:
        """Take a turn back."""
        del self.turns[place], self._wrapped[place], self._starts[place]
        self.chosen = None
        self._add_up(place)
        self._changed(follow=True)

    def clear(self) -> None:
        """No turns."""
        self.turns.clear()
        self._wrapped.clear()
        self._starts.clear()
        self.chosen, self.sought, self._length = None, "", 0
        self._changed(follow=True)

    def show_all(self, turns: Sequence[Said]) -> None:
        """These turns and no others."""
        self.clear()
        self.turns.extend(turns)
        self._wrap_all()
        self._changed(follow=True)

    def _wrap(self, said: Said) -> list[str]:
        text = clean(said.text[:LONGEST])
        if len(said.text) > LONGEST:
            text += f"\n… {len(said.text) - LONGEST:,} more characters"
        return wrap(text, max(10, self._width - INDENT - 5))

    def _wrap_all(self) -> None:
        self._wrapped = [self._wrap(said) for said in self.turns]
        self._starts = [0] * len(self.turns)
        self._add_up(0)

    def _add_up(self, place: int) -> None:
        """Where each turn begins, from a place on."""
        length = self._starts[place - 1] + len(self._wrapped[place - 1]) + 1 if place else 0
        for later in range(place, len(self.turns)):
            self._starts[later] = length
            length += len(self._wrapped[later]) + 1
        self._length = length

    def _changed(self, *, follow: bool) -> None:
        self.virtual_size = Size(self._width, self._length)
        if follow:
            self._at_end = True
            self.scroll_end(animate=False, immediate=True, x_axis=False)
        self.refresh()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Whoever has scrolled up stays there when more is said."""
        super().watch_scroll_y(old_value, new_value)
        self._at_end = self.is_vertical_scroll_end

    def on_resize(self) -> None:
        """Wrap anew where the width has changed; the last turn stays in view where less height is left."""
        width, at_end = self.scrollable_content_region.width, self._at_end
        if width != self._width and width > 0:
            self._width = width
            self._wrap_all()
            self._changed(follow=at_end)
        elif at_end:
            self._changed(follow=True)

    def render_line(self, y: int) -> Strip:
        """One line: whose turn begins, or a line of what was said."""
        width, line = self.scrollable_content_region.width, int(self.scroll_offset.y) + y
        if line >= self._length:
            return Strip.blank(width, self.rich_style)
        place = bisect_right(self._starts, line) - 1
        said, inside = self.turns[place], line - self._starts[place] - 1
        chosen = place == self.chosen and self.has_focus
        if inside < 0:
            return self._head(said, width, chosen=chosen)
        return self._line(said, self._wrapped[place][inside], width, chosen=chosen)

    def _head(self, said: Said, width: int, *, chosen: bool) -> Strip:
        quiet = self.get_component_rich_style("transcript--chosen" if chosen else "transcript--name")
        name = NAMES.get(said.who, "")
        text = name.rjust(width - 3) if said.who == "customer" else f" {name}"
        return Strip([Segment(clip(text, width), quiet if name else self.rich_style)]).adjust_cell_length(width)

    def _line(self, said: Said, text: str, width: int, *, chosen: bool) -> Strip:
        style = self.get_component_rich_style(f"transcript--{said.who}")
        bar = self.get_component_rich_style("transcript--chosen") if chosen else style
        room = max(1, width - INDENT - 3)
        inside = self._marked(clip(f" {text}", room), style)
        if said.who == "note":
            return Strip([Segment(clip(text.center(width - 2), width), style)])
        if said.who == "customer":
            parts = [Segment(" " * INDENT, self.rich_style), *inside, Segment("▐ ", bar)]
        else:
            parts = [Segment(" ▌", bar), *inside, Segment(" " * INDENT, self.rich_style)]
        return Strip(parts).adjust_cell_length(width, self.rich_style)

    def _marked(self, text: str, style: Style) -> list[Segment]:
        """The line with what was sought marked."""
        sought, lower = self.sought.lower(), text.lower()
        if not sought or len(lower) != len(text):
            return [Segment(text, style)]
        found = style + self.get_component_rich_style("transcript--found")
        parts: list[Segment] = []
        at = 0
        while (start := lower.find(sought, at)) >= 0:
            parts += [Segment(text[at:start], style), Segment(text[start : start + len(sought)], found)]
            at = start + len(sought)
        return [*parts, Segment(text[at:], style)]

    def find(self, text: str) -> int:
        """Mark a text and go to its last occurrence; returns in how many turns it occurs."""
        self.sought = " ".join(text.split())
        found = self._holding()
        if found:
            self._choose(found[-1])
        self.refresh()
        return len(found)

    def _holding(self) -> list[int]:
        sought = self.sought.lower()
        if not sought:
            return []
        return [place for place, said in enumerate(self.turns) if sought in " ".join(said.text.lower().split())]

    def action_find_next(self, step: int) -> None:
        """Go to the next turn that holds what was sought, around the end if need be."""
        found = self._holding()
        if found:
            here = -1 if self.chosen is None else self.chosen
            ahead = [place for place in found if (place > here if step > 0 else place < here)]
            self._choose((ahead or found)[0 if step > 0 else -1])

    def _choose(self, place: int) -> None:
        if not self.turns:
            return
        self.chosen = max(0, min(len(self.turns) - 1, place))
        top, height = self._starts[self.chosen], len(self._wrapped[self.chosen]) + 1
        view = max(1, self.scrollable_content_region.height)
        seen = int(self.scroll_offset.y)
        if top < seen or height >= view:
            self.scroll_to(y=top, animate=False, immediate=True)
        elif top + height > seen + view:
            self.scroll_to(y=top + height - view, animate=False, immediate=True)
        self.refresh()

    def action_choose(self, step: int) -> None:
        """Choose another turn."""
        here = len(self.turns) if self.chosen is None else self.chosen
        self._choose(here + step)

    def action_first(self) -> None:
        """Choose the first turn."""
        self._choose(0)

    def action_last(self) -> None:
        """Choose the last turn."""
        self._choose(len(self.turns) - 1)

    def _current(self) -> Said | None:
        if not self.turns:
            return None
        return self.turns[-1 if self.chosen is None else self.chosen]

    def action_copy(self) -> None:
        """Copy the chosen turn, by default the last."""
        said = self._current()
        if said is not None:
            self.post_message(self.Copied(said))

    def action_again(self) -> None:
        """Write the chosen message again, by default the customer's last."""
        said = self._current()
        if said is None or said.who != "customer":
            said = next((one for one in reversed(self.turns) if one.who == "customer"), None)
        if said is not None:
            self.post_message(self.Again(said))

    def on_focus(self) -> None:
        """The chosen turn is marked while this has the focus."""
        self.refresh()

    def on_blur(self) -> None:
        """No turn is marked."""
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """A click chooses a turn."""
        line = int(self.scroll_offset.y) + event.y
        if self.turns and line < self._length:
            self._choose(bisect_right(self._starts, line) - 1)
