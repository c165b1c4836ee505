"""Drafts: read, approve, edit, reject and export letters; every step can be taken back until it has left."""

import os
import shlex
import subprocess
import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult, SuspendNotSupported
from textual.binding import Binding, BindingType
from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from bot.generation.letter import join_letter, split_letter
from bot.tui.letterpiece import STATE_LOOKS, basis, findings_of, letter
from bot.tui.page import Page
from bot.tui.screens.editing import EditLetter
from bot.tui.widgets.dialogs import Ask, Choose, Confirm
from bot.tui.widgets.table import Cell, Column, LongTable
from bot.tui.wording import STATE_WORDS, clean, one_line
from db.errors import InputError
from db.vocabulary import DraftState

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.tui.desk import Desk
    from db.repositories.drafts import DraftView
    from db.vocabulary import Progress

COLUMNS = (
    Column("id", "Draft", 5, rank=3, right=True),
    Column("customer", "Customer", 16, rank=0, most=26),
    Column("state", "State", 9, rank=1),
    Column("subject", "Subject", 28, rank=2, most=80),
    Column("guard", "Guard", 10, rank=4),
    Column("writer", "Writer", 12, rank=5),
)
STATES = (None, *DraftState)
FORMATS = (
    ("eml", "One .eml file per letter, opens in a mail program"),
    ("mbox", "One mailbox file"),
    ("csv", "CSV, a row per letter"),
    ("jsonl", "JSON lines"),
    ("listmonk", "CSV for listmonk"),
)

HELP_TEXT = """Letters wait here until a person has read them. What the guard objects to is underlined in the letter, \
and such a letter cannot be approved; edit it or reject it.

Approve all asks first and leaves out what the guard refuses. Export hands over approved letters only, and asks \
consent, suppressions, contact limits and the guard once more. Undo takes back your last step."""


class Queue(LongTable):
    """The queue; opening a draft means reading it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "open", "Read", show=False)]


class DraftsScreen(Page):
    """The queue, the letter under the cursor, and what it rests on."""

    MODE = "drafts"
    CSS_PATH = "drafts.tcss"
    HELP_TEXT = HELP_TEXT
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "approve", "Approve"),
        Binding("e", "edit", "Edit"),
        Binding("E", "editor", "Edit in $EDITOR", show=False),
        Binding("r", "reject", "Reject"),
        Binding("u", "undo", "Undo", tooltip="Undo the last step"),
        Binding("A", "approve_all", "All", tooltip="Approve all that wait for review"),
        Binding("x", "export", "Export", tooltip="Export approved letters"),
        Binding("f", "filter", "Filter", tooltip="Choose which state is shown"),
        Binding("n", "more", "New", tooltip="Draft more letters"),
        Binding("c", "customer", "Open the customer", show=False),
        Binding("left_square_bracket,ctrl+up", "scroll_letter(-3)", "Scroll the letter up", show=False),
        Binding("right_square_bracket,ctrl+down", "scroll_letter(3)", "Scroll the letter down", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.state: DraftState | None = DraftState.NEEDS_REVIEW
        self.drafts: dict[int, DraftView] = {}
        self.touched: list[int] = []

    def body(self) -> ComposeResult:
        """Counts, queue, letter and basis."""
        yield Static("", id="heading", markup=False)
        yield Static("", classes="empty", id="nothing", markup=False)
        yield Queue(COLUMNS, id="queue")
        with Container(id="below"):
            with VerticalScroll(id="left"):
                panel = Static("", classes="panel", id="letter", markup=False)
                panel.border_title = "Letter"
                yield panel
            with VerticalScroll(id="right"):
                panel = Static("", classes="panel", id="basis", markup=False)
                panel.border_title = "What it rests on"
                yield panel

    @property
    def table(self) -> LongTable:
        """The queue."""
        return self.query_one(LongTable)

    @property
    def current(self) -> "DraftView | None":
        """The draft under the cursor."""
        place = self.table.current
        return None if place is None else self.drafts.get(place)

    async def load(self) -> None:
        """Show the queue of the chosen state."""
        counts = await self.ask(lambda desk: desk.draft_counts())
        if counts is None:
            return
        total = sum(counts.values())
        count = total if self.state is None else counts.get(self.state, 0)
        self.query_one("#heading", Static).update(_heading(counts, total, self.state))
        self.set_class(count == 0, "-empty")
        if count == 0:
            self.query_one("#nothing", Static).update(_nothing(total, self.state))
        self.drafts.clear()
        self.table.set_keys(range(count), forget=True)
        if count:
            self.table.focus()

    def on_long_table_rows_wanted(self, message: LongTable.RowsWanted) -> None:
        """Fetch what came into view."""
        self._fetch()

    @work(group="rows")
    async def _fetch(self) -> None:
        while places := self.table.missing():
            generation = self.table.generation
            found = await self.ask(partial(_page, state=self.state, places=places))
            if found is None:
                return
            if generation != self.table.generation:
                continue
            self.drafts.update(found)
            self.table.fill(places, {place: _cells(draft) for place, draft in found.items()})
            if self.table.current in found:
                self._show_current()

    def on_long_table_highlighted(self, message: LongTable.Highlighted) -> None:
        """Show the draft under the cursor."""
        self._show_current()

    @work(exclusive=True, group="letter")
    async def _show_current(self) -> None:
        draft = self.current
        if draft is None:
            return
        self.query_one("#letter", Static).update(letter(draft))
        steps = await self.ask(lambda desk: desk.draft_steps(draft.id))
        self.query_one("#basis", Static).update(basis(draft, steps or ()))

    async def act(self, call: "Callable[[Desk], object]", told: str, draft_id: int | None = None) -> None:
        """Run a step on a draft, remember it for undo, and show the queue anew."""
        done = await self.ask(lambda desk: (call(desk), True)[1])
        if done:
            if draft_id is not None:
                self.touched.append(draft_id)
            self.mainstay.tell(told)
            await self.mainstay.look_again()

    @work(exclusive=True, group="act")
    async def action_approve(self) -> None:
        """Approve the letter under the cursor."""
        draft = self.current
        if draft is not None:
            await self.act(lambda desk: desk.approve([draft.id]), f"Draft {draft.id} is approved.", draft.id)

    @work(exclusive=True, group="act")
    async def action_reject(self) -> None:
        """Reject the letter, with a reason."""
        draft = self.current
        if draft is None:
            return
        title = f"Why is draft {draft.id} rejected?"
        reason = await self.app.push_screen_wait(Ask(title, help_text="The reason stays in the draft's history."))
        if reason is not None:
            await self.act(lambda desk: desk.reject(draft.id, reason), f"Draft {draft.id} is rejected.", draft.id)

    @work(exclusive=True, group="act")
    async def action_undo(self) -> None:
        """Take back the last step, or the last step of the draft under the cursor."""
        draft = self.current
        draft_id = self.touched.pop() if self.touched else (draft.id if draft else None)
        if draft_id is not None:
            await self.act(lambda desk: desk.undo(draft_id), f"Draft {draft_id} is as it was before.")

    @work(exclusive=True, group="act")
    async def action_edit(self) -> None:
        """Edit the letter in place."""
        draft = self.current
        if draft is None:
            return
        text = await self.app.push_screen_wait(EditLetter(draft.id, join_letter(draft.subject, None, draft.body)))
        if text is not None:
            await self._keep(draft, text)

    @work(exclusive=True, group="act")
    async def action_editor(self) -> None:
        """Edit the letter in the person's own editor."""
        draft = self.current
        if draft is None:
            return
        try:
            with self.app.suspend():
                text = _in_editor(join_letter(draft.subject, None, draft.body))
        except SuspendNotSupported:
            self.mainstay.complain(InputError("This terminal cannot make room for an editor.", hint="Press e instead."))
        except InputError as error:
            self.mainstay.complain(error)
        else:
            await self._keep(draft, text)

    async def _keep(self, draft: "DraftView", text: str) -> None:
        subject, _, body = split_letter(text)
        if (subject, body) == (draft.subject, draft.body):
            return
        if not subject or not body:
            self.mainstay.complain(InputError("A letter has a first line `Subject: …`, a blank line and a body."))
            return
        found = await self.ask(lambda desk: desk.edit(draft.id, subject, body))
        if found is not None:
            self.touched.append(draft.id)
            verdict = "the guard has no objection" if not found else f"the guard objects {found} times"
            self.mainstay.tell(f"Draft {draft.id} is changed; {verdict}.")
            await self.mainstay.look_again()

    @work(exclusive=True, group="act")
    async def action_approve_all(self) -> None:
        """Approve every draft that waits for review and that the guard lets go."""
        count = await self.ask(lambda desk: desk.draft_counts().get(DraftState.NEEDS_REVIEW, 0))
        if not count:
            self.mainstay.tell("No draft waits for review.")
            return
        question = f"Approve all {count:,} drafts that wait for review?\nThose the guard refuses stay in the queue."
        if await self.app.push_screen_wait(Confirm(question, yes="Approve all")):
            self.mainstay.start_work("Approve", _approve_all)

    @work(exclusive=True, group="act")
    async def action_export(self) -> None:
        """Hand over what is approved."""
        count = await self.ask(lambda desk: desk.draft_counts().get(DraftState.APPROVED, 0))
        if not count:
            self.mainstay.tell("Nothing is approved yet; press a on a draft that you have read.")
            return
        form = await self.app.push_screen_wait(Choose(f"Export {count:,} approved drafts as", FORMATS))
        report = await self.ask(lambda desk: desk.export(form)) if form else None
        if report is None:
            return
        where = f" to {report.files[0].parent}" if report.files else ""
        kept = "".join(f"\nDraft {item.draft_id} kept back: {item.sentence}" for item in report.withheld[:5])
        self.mainstay.tell(f"{len(report.exported):,} exported{where}, {len(report.withheld):,} kept back.{kept}")
        await self.mainstay.look_again()

    @work(exclusive=True, group="act")
    async def action_filter(self) -> None:
        """Choose which state is shown."""
        choices = [("all", "all"), *((state.value, STATE_WORDS[state]) for state in DraftState)]
        current = self.state.value if self.state else "all"
        chosen = await self.app.push_screen_wait(Choose("Show drafts that are", choices, current=current))
        if chosen:
            self.state = None if chosen == "all" else DraftState(chosen)
            await self.load()

    @work(exclusive=True, group="act")
    async def action_more(self) -> None:
        """Draft letters for the customers whose offers are worth most."""
        help_text = "Those whose offers are worth most come first; nobody gets two open letters."
        found = await self.app.push_screen_wait(Ask("How many letters?", value="20", help_text=help_text))
        if found is None:
            return
        if not found.strip().isdecimal() or not 0 < int(found) <= 100_000:
            self.mainstay.complain(InputError(f"{one_line(found)!r} is not a number of letters.", hint="Such as 20."))
            return
        self.mainstay.start_work("Draft", partial(_draft_more, top=int(found)))

    async def action_customer(self) -> None:
        """Open the page of the customer this letter is for."""
        if self.current is not None:
            await self.mainstay.show_customer(self.current.customer_id)

    def on_long_table_opened(self, message: LongTable.Opened) -> None:
        """Enter goes to the letter, so that the arrow keys scroll it."""
        self.query_one("#left", VerticalScroll).focus()

    def action_scroll_letter(self, lines: int) -> None:
        """Scroll the letter while the cursor stays in the queue."""
        name = "#left" if self.has_class("-wide") else "#below"
        self.query_one(name).scroll_relative(y=lines, animate=False)


def _page(desk: "Desk", *, state: DraftState | None, places: list[int]) -> "dict[int, DraftView]":
    return desk.draft_page(state, places)


def _cells(draft: "DraftView") -> tuple[Cell, ...]:
    findings = len(findings_of(draft))
    return (
        Cell(str(draft.id), "muted"),
        Cell(one_line(draft.customer_name or draft.customer_id), "strong"),
        Cell(STATE_WORDS[draft.state], STATE_LOOKS[draft.state]),
        Cell(one_line(draft.subject)),
        Cell(f"{findings} objects" if findings else "released", "bad" if findings else "good"),
        Cell(one_line(draft.backend), "muted"),
    )


def _heading(counts: "dict[DraftState, int]", total: int, chosen: DraftState | None) -> Content:
    parts: list[str | tuple[str, str]] = []
    for state in (DraftState.NEEDS_REVIEW, *(one for one in DraftState if one is not DraftState.NEEDS_REVIEW)):
        if counts.get(state) or state in (chosen, DraftState.NEEDS_REVIEW):
            style = "bold underline" if state is chosen else "$quiet"
            parts += [(f"{STATE_WORDS[state]} {counts.get(state, 0):,}", style), "   "]
    return Content.assemble(*parts, (f"all {total:,}", "bold underline" if chosen is None else "$quiet"))


def _nothing(total: int, state: DraftState | None) -> str:
    if total and state is not None:
        return f"No draft is {STATE_WORDS[state]}.\n\nPress f to see others, n to draft more."
    return "No letters yet.\n\nPress n to draft letters for the customers whose offers are worth most."


def _approve_all(desk: "Desk", progress: "Callable[[Progress], None]", cancelled: "Callable[[], bool]") -> str:
    from bot.tui.pipeline import approve_all

    return approve_all(desk, progress, cancelled)


def _draft_more(
    desk: "Desk", progress: "Callable[[Progress], None]", cancelled: "Callable[[], bool]", *, top: int
) -> str:
    from bot.tui.pipeline import draft

    report = draft(desk, progress, cancelled, top=top)
    return f"{report.new:,} new drafts wait for review; {report.withheld:,} were withheld by the guard."


def _in_editor(text: str) -> str:
    """The text after the person's own editor has closed."""
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if not editor:
        raise InputError("No editor is set.", hint="Set EDITOR, or press e to edit here.")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "letter.txt"
        path.write_text(clean(text), encoding="utf-8")
        try:
            finished = subprocess.run([*shlex.split(editor), str(path)], check=False)
        except (OSError, ValueError) as error:
            raise InputError(f"The editor {editor!r} cannot be run: {error}.", hint="Press e to edit here.") from error
        if finished.returncode != 0:
            raise InputError(f"The editor ended with code {finished.returncode}; the draft is as it was.")
        try:
            return path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise InputError("The edited letter cannot be read.", path=path) from error
