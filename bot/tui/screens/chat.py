"""Chat: talk as a customer and see what was understood, done and allowed at every turn."""

from typing import TYPE_CHECKING, Any, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from bot.tui import aside
from bot.tui.page import Page
from bot.tui.wording import clean, one_line

if TYPE_CHECKING:
    from bot.tui.desk import Desk
    from bot.tui.talk import Reply, Session
    from db.vocabulary import Decision

HELP_TEXT = """Type as the customer would and press enter. The bot says that it is one, finds out what is wrong, and \
offers only what the decision on this customer allows; every reply passes the guard.

The panel beside shows what was understood, which actions ran and for how long, what may be offered, and what is \
remembered. On a narrow screen ctrl+o shows it instead of the conversation.

Escape leaves the field, so that the keys of the screen work; escape again goes back to the customer."""


class ChatScreen(Page):
    """One conversation with the customer that is open."""

    MODE = "chat"
    CSS_PATH = "chat.tcss"
    HELP_TEXT = HELP_TEXT
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+o", "details", "Details"),
        Binding("ctrl+n", "anew", "Begin anew"),
        Binding("escape", "back", "Leave"),
        Binding("slash,i", "write", "Write", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.talking_to: str | None = None
        self.session: Session | None = None
        self.decision: Decision | None = None
        self.busy = False
        self.replying: Static | None = None
        self.so_far = ""

    def body(self) -> ComposeResult:
        """Title, conversation, panel, field."""
        yield Static("", id="title", markup=False)
        yield Static("", classes="empty", id="nobody", markup=False)
        with Horizontal(id="talk"):
            yield VerticalScroll(id="transcript")
            with VerticalScroll(id="side"):
                for name, heading in aside.PANELS:
                    panel = Static("", classes="panel", id=name, markup=False)
                    panel.border_title = heading
                    yield panel
        yield Input(placeholder="Write as the customer", id="say")

    def load_if_due(self) -> None:
        """Another customer is a reason to begin anew."""
        if self.talking_to != self.mainstay.customer_id:
            self.loaded_revision = -1
        super().load_if_due()

    async def load(self) -> None:
        """Begin a conversation unless one with this customer is open."""
        customer_id = self.mainstay.customer_id
        self.set_class(customer_id is None, "-empty")
        if customer_id is None:
            text = "Nobody to talk to yet.\n\nPress 1, choose a customer, press enter, then c."
            self.query_one("#nobody", Static).update(text)
            return
        if self.talking_to != customer_id:
            await self.begin(customer_id)

    async def begin(self, customer_id: str) -> None:
        """Begin a conversation: the first one loads the language models."""
        transcript = self.query_one("#transcript", VerticalScroll)
        await transcript.remove_children()
        self.talking_to, self.session = customer_id, None
        self.query_one("#title", Static).update(f"Chat with {one_line(customer_id)}")
        self.show_work("Getting ready to talk …")
        found = await self.ask(lambda desk: _open(desk, customer_id))
        self.show_work("")
        if found is None:
            self.talking_to = None
            return
        name, self.decision, self.session = found
        title = Content.assemble("Chat with ", (one_line(name), "bold"), (f"  {one_line(customer_id)}", "$quiet"))
        self.query_one("#title", Static).update(title)
        await self.say("bot", self.session.greeting)
        self.show_aside(None)
        self.query_one("#say", Input).focus()

    async def say(self, who: str, text: str) -> Static:
        """Add a turn to the conversation."""
        turn = Static(clean(text), classes=f"turn -{who}", markup=False)
        transcript = self.query_one("#transcript", VerticalScroll)
        await transcript.mount(turn)
        transcript.scroll_end(animate=False)
        return turn

    def show_aside(self, reply: "Reply | None") -> None:
        """Fill the panels beside the conversation."""
        for name, content in aside.panels(reply, self.decision).items():
            self.query_one(f"#{name}", Static).update(content)

    @on(Input.Submitted, "#say")
    def submitted(self, event: Input.Submitted) -> None:
        """Enter sends, one message at a time."""
        said = event.value.strip()
        if not said or self.busy or self.session is None:
            return
        event.input.value = ""
        self.busy = True
        self.answer(said)

    @work(exclusive=True, group="turn")
    async def answer(self, said: str) -> None:
        """Show the message, stream the reply, then show what was understood and done."""
        await self.say("customer", said)
        self.so_far = ""
        self.replying = await self.say("bot", "…")
        session = self.session
        reply = await self.ask(lambda desk: desk.turn(session, said, self._chunk))
        self.busy = False
        if reply is None:
            await self.replying.remove()
            self.query_one("#say", Input).value = said
            return
        self.replying.update(clean(reply.text))
        self.show_aside(reply)
        if reply.handoff:
            await self.say("note", "A person takes over from here.")
        self.query_one("#transcript", VerticalScroll).scroll_end(animate=False)

    def _chunk(self, piece: str) -> None:
        """A piece of the reply, from the thread that writes it."""
        self.app.call_from_thread(self._grow, piece)

    def _grow(self, piece: str) -> None:
        self.so_far += piece
        if self.replying is not None:
            self.replying.update(clean(self.so_far))
            self.query_one("#transcript", VerticalScroll).scroll_end(animate=False)

    def action_details(self) -> None:
        """Show or hide the panel; on a narrow screen it takes the place of the conversation."""
        self.toggle_class("-details")

    @work(exclusive=True, group="load")
    async def action_anew(self) -> None:
        """Begin another conversation with the same customer."""
        if self.talking_to is not None and not self.busy:
            await self.begin(self.talking_to)

    def action_write(self) -> None:
        """Go to the field."""
        self.query_one("#say", Input).focus()

    async def action_back(self) -> None:
        """Leave the field first, then the conversation."""
        if isinstance(self.focused, Input):
            self.query_one("#transcript", VerticalScroll).focus()
        else:
            await self.mainstay.action_go("customer")


def _open(desk: "Desk", customer_id: str) -> "tuple[str, Decision | None, Any]":
    return desk.customer_name(customer_id), desk.decision(customer_id), desk.open_chat(customer_id)
