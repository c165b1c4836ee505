"""A table of any length that draws only the lines in view and asks only for the rows it is about to show."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from bot.tui.wording import clip

GAP = 2
KEPT_ROWS = 4_000
"""Rows kept in memory; those far from the view are forgotten and asked for again."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: shown when there is room, lowest `rank` first; `most` is the width it may grow to."""

    name: str
    title: str
    width: int
    rank: int = 0
    most: int = 0
    right: bool = False
    order: str | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell shows and how: one of the component classes of the table without its prefix, or nothing."""

    text: str
    look: str = ""


Row = Sequence[Cell]
"""One cell per column of the table, shown or not."""


def fit(columns: Sequence[Column], width: int) -> list[tuple[int, int]]:
    """The columns that fit in `width` cells as (place, width) pairs, in their own order."""
    kept: list[int] = []
    room = width
    for place in sorted(range(len(columns)), key=lambda one: columns[one].rank):
        needed = columns[place].width + (GAP if kept else 0)
        if needed > room:
            break
        kept.append(place)
        room -= needed
    kept.sort()
    widths = {place: columns[place].width for place in kept}
    for _ in range(room):
        wish = {place: columns[place].most - widths[place] for place in kept}
        furthest = max(kept, key=lambda place: wish[place], default=None)
        if furthest is None or wish[furthest] <= 0:
            break
        widths[furthest] += 1
    return [(place, widths[place]) for place in kept]


class LongTable(ScrollView, can_focus=True):
    """Rows by key. Set the keys, answer `RowsWanted` with `fill`, listen for `Highlighted` and `Opened`."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "table--header",
        "table--cursor",
        "table--bad",
        "table--warn",
        "table--good",
        "table--muted",
        "table--strong",
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Up", show=False),
        Binding("down,j", "move(1)", "Down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("pagedown,space", "page(1)", "Page down", show=False),
        Binding("home,g", "first", "First", show=False),
        Binding("end,G", "last", "Last", show=False),
        Binding("enter", "open", "Open", show=True),
    ]

    cursor: reactive[int] = reactive(0, repaint=True)
    sorted_by: reactive[str] = reactive("", repaint=True)
    descending: reactive[bool] = reactive(True, repaint=True)

    class Highlighted(Message):
        """The cursor came to another row."""

        def __init__(self, table: "LongTable", key: int) -> None:
            super().__init__()
            self.table, self.key = table, key

        @property
        def control(self) -> "LongTable":
            """The table."""
            return self.table

    class Opened(Highlighted):
        """A row was chosen."""

    class RowsWanted(Message):
        """Rows are about to be shown that the table does not have; `table.missing()` names them."""

        def __init__(self, table: "LongTable") -> None:
            super().__init__()
            self.table = table

        @property
        def control(self) -> "LongTable":
            """The table."""
            return self.table

    class HeaderClicked(Message):
        """The title of a column was clicked; `order` is what that column sorts by."""

        def __init__(self, table: "LongTable", order: str) -> None:
            super().__init__()
            self.table, self.order = table, order

        @property
        def control(self) -> "LongTable":
            """The table."""
            return self.table

    def __init__(self, columns: Sequence[Column], *, id: str | None = None) -> None:  # noqa: A002 - textual's name
        super().__init__(id=id)
        self.columns = tuple(columns)
        self.keys: Sequence[int] = ()
        self._rows: dict[int, Row] = {}
        self.generation = 0

    @property
    def current(self) -> int | None:
        """The key under the cursor."""
        return self.keys[self.cursor] if 0 <= self.cursor < len(self.keys) else None

    def set_keys(self, keys: Sequence[int], *, forget: bool = False) -> None:
        """Show other rows; the cursor stays on its row where that is still there. `forget` drops known rows."""
        before = self.current
        self.keys = keys
        if forget:
            self._drop()
        self.virtual_size = Size(0, len(keys) + 1)
        place = _place(keys, before)
        if place is None:
            place = 0
            self.scroll_to(y=0, animate=False, immediate=True)
        self.cursor = place
        self._bring_into_view()
        self._want()
        self.refresh()
        current = self.current
        if current is not None:
            self.post_message(self.Highlighted(self, current))

    def missing(self) -> list[int]:
        """The keys in view and one view further either way whose rows are not known."""
        height = max(1, self.size.height)
        top = int(self.scroll_offset.y)
        near = self.keys[max(0, top - height) : top + 2 * height]
        return [key for key in near if key not in self._rows]

    def fill(self, asked: Iterable[int], rows: Mapping[int, Row], generation: int | None = None) -> None:
        """The rows that were asked for; those that are gone are shown empty.

        Rows fetched in an earlier `generation` are thrown away: the data have changed since they were asked for.
        """
        if generation is not None and generation != self.generation:
            return
        if len(self._rows) > KEPT_ROWS:
            self._rows.clear()
        empty = tuple(Cell("") for _ in self.columns)
        self._rows.update({key: rows.get(key, empty) for key in asked})
        self.refresh()

    def forget(self) -> None:
        """Ask for all rows anew."""
        self._drop()
        self._want()

    def _drop(self) -> None:
        self._rows.clear()
        self.generation += 1

    def render_line(self, y: int) -> Strip:
        """One line: the titles, which stay in place, or a row."""
        width = self.scrollable_content_region.width
        if y == 0:
            return self._header(width)
        place = int(self.scroll_offset.y) + y - 1
        if place >= len(self.keys):
            return Strip.blank(width, self.rich_style)
        base = self.rich_style
        if place == self.cursor:
            base = self.get_component_rich_style("table--cursor")
        return self._line(self._rows.get(self.keys[place]), width, base, chosen=place == self.cursor)

    def _header(self, width: int) -> Strip:
        style = self.get_component_rich_style("table--header")
        parts: list[Segment] = [Segment(" ", style)]
        for place, size in fit(self.columns, width - 2):
            column = self.columns[place]
            mark = ("▼" if self.descending else "▲") if column.order and column.order == self.sorted_by else ""
            title = f"{mark}{column.title}" if column.right else f"{column.title}{mark}"
            clickable = style + Style(meta={"order": column.order}) if column.order else style
            parts += [Segment(clip(title, size, right=column.right), clickable), Segment(" " * GAP, style)]
        return Strip(parts).adjust_cell_length(width, style)

    def _line(self, row: Row | None, width: int, base: Style, *, chosen: bool) -> Strip:
        parts = [Segment(" ", base)]
        for place, size in fit(self.columns, width - 2):
            if row is None:
                parts.append(Segment(clip("·" if place == 0 else "", size), base))
            else:
                cell = row[place]
                style = base
                if cell.look and not chosen:
                    style = base + self.get_component_rich_style(f"table--{cell.look}", partial=True)
                parts.append(Segment(clip(cell.text, size, right=self.columns[place].right), style))
            parts.append(Segment(" " * GAP, base))
        return Strip(parts).adjust_cell_length(width, base)

    def watch_cursor(self, before: int, after: int) -> None:
        """Keep the cursor in view and tell who listens."""
        if before != after and self.current is not None:
            self._bring_into_view()
            self.post_message(self.Highlighted(self, self.current))

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Ask for what came into view."""
        super().watch_scroll_y(old_value, new_value)
        self._want()

    def on_resize(self) -> None:
        """Ask for what came into view."""
        self._want()

    def _want(self) -> None:
        if self.keys and self.missing():
            self.post_message(self.RowsWanted(self))

    def _bring_into_view(self) -> None:
        height = self.size.height - 1
        if height <= 0:
            return
        top = int(self.scroll_offset.y)
        if self.cursor < top:
            self.scroll_to(y=self.cursor, animate=False, immediate=True)
        elif self.cursor >= top + height:
            self.scroll_to(y=self.cursor - height + 1, animate=False, immediate=True)

    def _go(self, place: int) -> None:
        self.cursor = max(0, min(len(self.keys) - 1, place))

    def action_move(self, lines: int) -> None:
        """Move the cursor by lines."""
        self._go(self.cursor + lines)

    def action_page(self, pages: int) -> None:
        """Move the cursor by pages."""
        self._go(self.cursor + pages * max(1, self.size.height - 2))

    def action_first(self) -> None:
        """Go to the first row."""
        self._go(0)

    def action_last(self) -> None:
        """Go to the last row."""
        self._go(len(self.keys) - 1)

    def action_open(self) -> None:
        """Choose the row under the cursor."""
        if self.current is not None:
            self.post_message(self.Opened(self, self.current))

    def on_click(self, event: events.Click) -> None:
        """A title sorts, a row is chosen, the chosen row is opened."""
        if event.y == 0:
            order = event.style.meta.get("order")
            if order:
                self.post_message(self.HeaderClicked(self, order))
            return
        place = int(self.scroll_offset.y) + event.y - 1
        if place < len(self.keys):
            if place == self.cursor:
                self.action_open()
            self._go(place)

    def refresh_row(self, key: int) -> None:
        """Ask for one row anew."""
        self._rows.pop(key, None)
        self._want()
        self.refresh(Region(0, 0, *self.size))


def _place(keys: Sequence[int], key: int | None) -> int | None:
    if key is None:
        return None
    try:
        return keys.index(key)
    except ValueError:
        return None
