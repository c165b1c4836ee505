"""The long table: draws what is in view and asks for no more."""

from collections.abc import Sequence
from typing import Any

import pytest
from textual.app import App, ComposeResult
from textual.message import Message

from bot.tui.widgets.table import Cell, Column, LongTable, fit

COLUMNS = (Column("name", "Name", 10, rank=0, most=20, order="name"), Column("money", "Money", 8, rank=1, right=True))


class TableApp(App[None]):
    """A table that is answered at once, and a note of what it asked and said."""

    def __init__(self, keys: Sequence[int]) -> None:
        super().__init__()
        self.start = keys
        self.asked: list[int] = []
        self.said: list[Message] = []

    def compose(self) -> ComposeResult:
        yield LongTable(COLUMNS)

    def on_mount(self) -> None:
        self.table.set_keys(self.start)
        self.table.focus()

    @property
    def table(self) -> LongTable:
        return self.query_one(LongTable)

    def on_long_table_rows_wanted(self, message: LongTable.RowsWanted) -> None:
        keys = message.table.missing()
        self.asked += keys
        message.table.fill(keys, {key: (Cell(f"row {key}"), Cell(str(key))) for key in keys})

    def on_long_table_opened(self, message: LongTable.Opened) -> None:
        self.said.append(message)

    def on_long_table_header_clicked(self, message: LongTable.HeaderClicked) -> None:
        self.said.append(message)

    def lines(self) -> list[str]:
        return [strip.text.rstrip() for strip in self.screen._compositor.render_strips()]


@pytest.mark.parametrize(
    ("width", "expected"),
    [(5, []), (10, [(0, 10)]), (20, [(0, 10), (1, 8)]), (26, [(0, 16), (1, 8)]), (90, [(0, 20), (1, 8)])],
)
def test_columns_are_shown_by_rank_and_grow_into_the_room(width: int, expected: list[Any]) -> None:
    assert fit(COLUMNS, width) == expected


async def test_of_a_hundred_thousand_rows_only_those_near_the_view_are_asked_for() -> None:
    app = TableApp(range(100_000))
    async with app.run_test(size=(40, 12)) as pilot:
        await pilot.press("end")
        await pilot.pause()
        assert len(app.asked) < 100
        assert app.lines()[-1].split() == ["row", "99999", "99999"]
        assert app.lines()[0].split() == ["Name", "Money"]


async def test_the_cursor_stays_on_its_row_when_the_order_changes() -> None:
    app = TableApp([5, 6, 7])
    async with app.run_test(size=(40, 12)) as pilot:
        await pilot.press("down", "down")
        app.table.set_keys([7, 6, 5])
        assert (app.table.cursor, app.table.current) == (0, 7)
        app.table.set_keys([1, 2])
        assert app.table.current == 1


@pytest.mark.parametrize(
    ("keys", "place"),
    [("up", 0), ("j", 1), ("j,k,k", 0), ("pagedown", 10), ("end,down", 49), ("end,pageup", 39), ("end,g", 0)],
)
async def test_keys_move_the_cursor_and_never_past_the_ends(keys: str, place: int) -> None:
    app = TableApp(range(50))
    async with app.run_test(size=(40, 12)) as pilot:
        await pilot.press(*keys.split(","))
        assert app.table.cursor == place


async def test_the_mouse_sorts_chooses_and_opens() -> None:
    app = TableApp(range(50))
    async with app.run_test(size=(40, 12)) as pilot:
        await pilot.click(LongTable, offset=(3, 0))
        await pilot.click(LongTable, offset=(3, 4))
        await pilot.click(LongTable, offset=(3, 4))
        await pilot.pause()
    sorting, opening = app.said
    assert isinstance(sorting, LongTable.HeaderClicked)
    assert sorting.order == "name"
    assert isinstance(opening, LongTable.Opened)
    assert opening.key == 3


async def test_an_empty_table_has_nothing_under_its_cursor() -> None:
    app = TableApp([])
    async with app.run_test(size=(40, 12)) as pilot:
        await pilot.press("down", "enter", "end")
        assert app.table.current is None
        assert app.said == []


async def test_rows_that_were_asked_for_before_the_data_changed_are_thrown_away() -> None:
    app = TableApp([1, 2])
    async with app.run_test(size=(40, 12)) as pilot:
        asked_in = app.table.generation
        app.table.forget()
        await pilot.pause()
        app.table.fill([1], {1: (Cell("stale"), Cell("0"))}, asked_in)
        await pilot.pause()
        assert app.lines()[1].split() == ["row", "1", "1"]
