"""Customer: everything about one customer on one page, with a draft or a chat one key away."""

from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from bot.tui import chronicle, portrait
from bot.tui.keynames import keyed
from bot.tui.page import Page
from db.errors import NotFoundError

if TYPE_CHECKING:
    from analytics.jobs.curves import CustomerCurve
    from bot.dossier import Dossier
    from bot.tui.desk import Desk
    from bot.tui.records import CustomerRecord

HELP_TEXT = """One customer: what is known, how likely they are to leave and why, what they said and in which mood, \
what was decided and why not something else.

Reasons are drivers in the model: they say what the forecast rests on, compared with other customers, and not what \
caused anything. Revenue at risk is the chance to leave times what they pay over the horizon. Residual value is what \
they are expected to bring from now on. The curve is the chance that they are still here after so many days, from the \
models that made the forecast.

{n=customer.note} writes a note that everybody who works with this store sees."""

PANELS = (
    ("risk", "Risk"),
    ("when", "When"),
    ("reasons", "Why"),
    ("decision", "Decision"),
    ("mood", "Mood and messages"),
    ("notes", "Notes"),
    ("history", "Contacts and outcomes"),
    ("facts", "Facts"),
)
LEFT = ("risk", "reasons", "decision")


class CustomerScreen(Page):
    """The page of the customer that was opened last."""

    MODE = "customer"
    CSS_PATH = "customer.tcss"
    HELP_TEXT = HELP_TEXT
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("d", "draft", "Draft a letter"),
        Binding("c", "chat", "Chat"),
        Binding("n", "note", "Note", tooltip="Write a note"),
        Binding("escape", "back", "Back to the list"),
        Binding("tab", "app.focus_next", "Next column", show=False),
        Binding("j,down", "scroll(1)", "Down", show=False),
        Binding("k,up", "scroll(-1)", "Up", show=False),
        Binding("pagedown,space", "page(1)", "Page down", show=False, priority=True),
        Binding("pageup", "page(-1)", "Page up", show=False, priority=True),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.shown_id: str | None = None
        self.found: Dossier | None = None
        self.record: CustomerRecord | None = None
        self.curve: CustomerCurve | None = None

    def body(self) -> ComposeResult:
        """Title and two columns of panels, under each other where the screen is narrow."""
        yield Static("", id="title", markup=False)
        yield Static("", classes="empty", id="nobody", markup=False)
        with Container(id="columns"):
            for place in ("left", "right"):
                with VerticalScroll(classes="column", id=place):
                    for name, heading in PANELS:
                        if (name in LEFT) == (place == "left"):
                            panel = Static("", classes="panel", id=name, markup=False)
                            panel.border_title = heading
                            yield panel

    def load_if_due(self) -> None:
        """Another customer is a reason to load, too."""
        if self.shown_id != self.mainstay.customer_id:
            self.loaded_revision = -1
        super().load_if_due()

    async def load(self) -> None:
        """Fetch the dossier of the customer that was opened."""
        customer_id = self.mainstay.customer_id
        self.set_class(customer_id is None, "-empty")
        if customer_id is None:
            self.query_one("#nobody", Static).update(self._nobody())
            return
        if self.shown_id != customer_id:
            self.query_one("#title", Static).update("Reading …")
        found = await self.ask(lambda desk: desk.dossier(customer_id))
        if found is None:
            return
        if self.shown_id != customer_id:
            self.record = self.curve = None
            for name in ("#columns", "#left", "#right"):
                self.query_one(name).scroll_home(animate=False)
        self.shown_id = customer_id
        self.show(found)
        self.record = await self.ask(lambda desk: desk.records.of(customer_id))
        self.show(found)
        self.call_after_refresh(self.show, found)
        if found.score is not None:
            self.curve = await self.ask(lambda desk: _curve(desk, customer_id))
            self.show(found)

    def _nobody(self) -> str:
        if self.mainstay.filling:
            return keyed("There are no customers yet.\n\nPress {0=app.go-today} for the ways to begin.")
        return keyed("No customer is open.\n\nPress {1=app.go-customers}, choose one, press enter.")

    def on_resize(self) -> None:
        """Wrap to the new width."""
        if self.found is not None:
            self.call_after_refresh(self.show, self.found)

    def show(self, found: "Dossier") -> None:
        """Fill the panels."""
        self.found = found
        room = self.query_one("#reasons").content_size.width or 60
        self.query_one("#title", Static).update(portrait.title(found))
        contents: dict[str, Content] = {
            "risk": portrait.risk_panel(found),
            "reasons": portrait.reasons_panel(found, room),
            "decision": portrait.decision_panel(found, room),
            "mood": portrait.mood_panel(found),
            "history": chronicle.history_panel(self.record, room),
            "notes": chronicle.notes_panel(self.record, room),
            "when": chronicle.when_panel(found, self.record, self.curve, room),
            "facts": portrait.facts_panel(found, room),
        }
        for name, content in contents.items():
            self.query_one(f"#{name}", Static).update(content)
        self.query_one("#when").display = found.score is not None

    @work(exclusive=True, group="draft")
    async def action_draft(self) -> None:
        """Draft a letter to this customer at once; where one is open already, show it."""
        from bot.tui.listing import LetterQuery

        customer_id = self.shown_id
        if customer_id is None:
            return
        if self.found is not None and self.found.open_letter is not None:
            await self.mainstay.show_letters(LetterQuery(search=customer_id))
            return
        self.show_work("Drafting …")

        def draft(desk: "object") -> str:
            from bot.tui.pipeline import draft_one

            return draft_one(desk, customer_id)  # type: ignore[arg-type]

        told = await self.ask(draft)
        self.show_work("")
        if told:
            self.mainstay.tell(told)
            await self.mainstay.look_again()

    @work(exclusive=True, group="act")
    async def action_note(self) -> None:
        """Ask for a note and keep it."""
        from bot.tui.widgets.dialogs import Ask

        customer_id = self.shown_id
        if customer_id is None:
            return
        text = await self.app.push_screen_wait(Ask("Note on this customer", help_text="An empty line keeps nothing."))
        if not text or not text.strip():
            return
        kept = await self.ask(lambda desk: _note(desk, customer_id, text))
        if kept:
            self.record = await self.ask(lambda desk: desk.records.of(customer_id))
            if self.found is not None:
                self.show(self.found)

    async def action_chat(self) -> None:
        """Chat as this customer."""
        if self.shown_id is not None:
            await self.mainstay.show_chat(self.shown_id)

    async def action_back(self) -> None:
        """Back to the list."""
        await self.mainstay.action_go("customers")

    def action_scroll(self, lines: int) -> None:
        """Scroll what is under the keys."""
        self._under_keys().scroll_relative(y=lines * 2, animate=False)

    def action_page(self, pages: int) -> None:
        """Scroll what is under the keys by pages."""
        target = self._under_keys()
        target.scroll_relative(y=pages * max(1, target.size.height - 2), animate=False)

    def _under_keys(self) -> Widget:
        """The column that has the focus, or both where they stand under each other."""
        if not self.has_class("-wide"):
            return self.query_one("#columns")
        focused = self.focused
        return focused if isinstance(focused, VerticalScroll) else self.query_one("#left", VerticalScroll)


def _note(desk: "Desk", customer_id: str, text: str) -> bool:
    desk.records.add_note(customer_id, text)
    return True


def _curve(desk: "Desk", customer_id: str) -> "CustomerCurve | None":
    """The curve where the models are at hand; a store may be read far from them."""
    try:
        return desk.records.curve(customer_id, reading_model=desk.reading_model)
    except NotFoundError:
        return None
