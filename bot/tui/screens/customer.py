"""Customer: everything about one customer on one page, with a draft or a chat one key away."""

from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from bot.tui import portrait
from bot.tui.page import Page

if TYPE_CHECKING:
    from bot.dossier import Dossier

HELP_TEXT = """One customer: what is known, how likely they are to leave and why, what they said and in which mood, \
what was decided and why not something else.

Reasons are drivers in the model: they say what the forecast rests on, compared with other customers, and not what \
caused anything. Revenue at risk is the chance to leave times what they pay over the horizon. Residual value is what \
they are expected to bring from now on."""

PANELS = (
    ("risk", "Risk"),
    ("reasons", "Why"),
    ("decision", "Decision"),
    ("mood", "Mood and messages"),
    ("drafts", "Drafts and outcomes"),
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
        Binding("escape", "back", "Back to the list"),
        Binding("tab", "app.focus_next", "Next column", show=False),
        Binding("j,down", "scroll(1)", "Down", show=False),
        Binding("k,up", "scroll(-1)", "Up", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.shown_id: str | None = None
        self.found: Dossier | None = None

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
            self.query_one("#nobody", Static).update("No customer is open.\n\nPress 1, choose one, press enter.")
            return
        if self.shown_id != customer_id:
            self.query_one("#title", Static).update("Reading …")
        found = await self.ask(lambda desk: desk.dossier(customer_id))
        if found is not None:
            self.shown_id = customer_id
            self.show(found)
            self.call_after_refresh(self.show, found)

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
            "drafts": portrait.drafts_panel(found),
            "facts": portrait.facts_panel(found, room),
        }
        for name, content in contents.items():
            self.query_one(f"#{name}", Static).update(content)

    @work(exclusive=True, group="draft")
    async def action_draft(self) -> None:
        """Draft a letter to this customer at once."""
        customer_id = self.shown_id
        if customer_id is None:
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

    async def action_chat(self) -> None:
        """Chat as this customer."""
        if self.shown_id is not None:
            await self.mainstay.show_chat(self.shown_id)

    async def action_back(self) -> None:
        """Back to the list."""
        await self.mainstay.action_go("customers")

    def action_scroll(self, lines: int) -> None:
        """Scroll what is under the keys."""
        focused = self.focused
        target = focused if isinstance(focused, VerticalScroll) else self.query_one("#left", VerticalScroll)
        if not self.has_class("-wide"):
            self.query_one("#columns").scroll_relative(y=lines * 2, animate=False)
        else:
            target.scroll_relative(y=lines * 2, animate=False)
