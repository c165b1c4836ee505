"""A conversation on a screen: beginning it, streaming a reply, stopping it, and what is shown beside."""

import asyncio
from typing import TYPE_CHECKING, Any, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import OptionList, Static

from bot.tui import aside
from bot.tui.keynames import keyed
from bot.tui.page import Page
from bot.tui.widgets.composer import Composer
from bot.tui.widgets.transcript import Transcript
from bot.tui.wording import one_line
from db.vocabulary import HandoffState

if TYPE_CHECKING:
    from bot.tui.chatting import Conversation, Opened, Stoppable
    from bot.tui.talk import Proposal, Reply
    from db.repositories.handoffs import HandoffView

PLACEHOLDERS = {
    "customer": "Write as the customer",
    "asking": "Write or paste what the customer wrote",
    "in_person": "Write to the customer; {ctrl+t=chat.copilot} to write as the customer",
    "answering": "Enter takes a reply from above, tab goes on to your own words",
}


NEWS_SECONDS = 3.0
"""How often an open conversation is looked at for what others did in it."""


class Proposals(OptionList):
    """The replies to choose from."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "select", "Take", tooltip="Take this reply")]


ACTING = frozenset({"act", "turn", "handoff"})
"""Groups of workers through which this person does something in the conversation."""

BOT_AGAIN = "No person has this conversation any more; the bot answers."


class Talking(Page):
    """One conversation with the customer that is open."""

    def __init__(self) -> None:
        super().__init__()
        self.talking_to: str | None = None
        self.conversation: Conversation | None = None
        self.opened: Opened | None = None
        self.session: Any = None
        self.view = aside.View()
        self.running: Stoppable | None = None
        self.proposal: Proposal | None = None
        self.choice: int | None = None
        self.sending = False
        self.as_copilot = False
        self.last_said = ""
        self.handoff: HandoffView | None = None
        self.passed_on = False
        self.playing = False
        self.place: int | None = None
        self.asked: int | None = None
        self.so_far = ""
        self._at_work = asyncio.Lock()

    def on_mount(self) -> None:
        """Others may write in this conversation, too."""
        self.set_interval(NEWS_SECONDS, self.look_for_news)

    def body(self) -> ComposeResult:
        """Title, conversation, panel, proposed replies, field."""
        yield Static("", id="title", markup=False)
        yield Static("", classes="empty", id="nobody", markup=False)
        with Horizontal(id="talk"):
            with Vertical(id="conversation"):
                yield Transcript(id="transcript")
                yield Proposals(id="drafts", markup=False)
                yield Composer(placeholder=PLACEHOLDERS["customer"], id="say", soft_wrap=True, compact=True)
            with VerticalScroll(id="side", can_focus=False):
                for name, heading in aside.PANELS:
                    panel = Static("", classes="panel", id=name, markup=False)
                    panel.border_title = heading
                    yield panel

    @property
    def transcript(self) -> Transcript:
        """The conversation."""
        return self.query_one(Transcript)

    @property
    def composer(self) -> Composer:
        """The field."""
        return self.query_one(Composer)

    @property
    def has_it(self) -> bool:
        """Whether this person has the conversation: the bot is silent in it."""
        handoff, desk = self.handoff, self.mainstay.desk
        taken = handoff is not None and handoff.state is HandoffState.TAKEN
        return taken and desk is not None and handoff is not None and handoff.taken_by == desk.settings.actor

    @property
    def in_person(self) -> bool:
        """Whether what is written goes to the customer, from the person who has the conversation."""
        return self.has_it and not self.playing

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
            text = "Nobody to talk to yet.\n\nPress {1=app.go-customers}, choose a customer, press {c=customers.chat}."
            if self.mainstay.filling:
                text = "There are no customers yet.\n\nPress {0=app.go-today} for the ways to begin."
            self.query_one("#nobody", Static).update(keyed(text))
        elif self.talking_to != customer_id or self.session is None:
            await self.begin(customer_id)

    async def begin(self, customer_id: str, *, resume: bool = False) -> None:
        """Begin a conversation: the first one loads the language models."""
        from bot.tui.chatting import Conversation

        self.stop_running()
        self.transcript.clear()
        conversation = self.conversation = self.conversation or Conversation()
        self.talking_to, self.session, self.opened, self.handoff = customer_id, None, None, None
        self.place = self.asked = None
        self.playing = False
        self.show_drafts(None)
        self.query_one("#title", Static).update(f"Chat with {one_line(customer_id)}")
        self.show_work("Getting ready to talk …")
        self.composer.focus()  # so that what is typed meanwhile is not taken for keys of the screen
        opened = await self.ask(lambda desk: conversation.open(desk, customer_id, resume=resume))
        self.show_work("")
        if opened is None:
            self.talking_to = None
            return
        self.opened, self.session = opened, opened.session
        self.as_copilot = self.as_copilot and opened.copilot
        self.view = aside.View(opened.decision, opened.no_offer_because, opened.risk, offers=opened.offers)
        self.show_title()
        self.transcript.show_all(opened.turns)
        self.show_handoff(opened.handoff)
        self.show_aside()
        self.composer.focus()

    def show_drafts(self, proposal: "Proposal | None") -> None:
        """Show the replies to choose from, or none."""
        self.proposal, self.choice = proposal, None

    def show_handoff(self, handoff: "HandoffView | None") -> None:
        """Say whether the conversation waits for a person, or is with one."""
        from bot.tui.handing import standing

        self.handoff, self.passed_on = handoff, handoff is not None
        if handoff is not None:
            self.transcript.add("note", standing(handoff))
        self.show_title()
        self.refresh_bindings()

    def show_title(self) -> None:
        """Who is talked to, and in which role."""
        if self.opened is None or self.talking_to is None:
            return
        role = "  copilot: you answer" if self.as_copilot else "  you are the customer"
        if self.has_it:
            role = "  you are the customer" if self.playing else "  you have this conversation: you answer"
        name, customer_id = one_line(self.opened.name), one_line(self.talking_to)
        number = "" if name == customer_id else f"  {customer_id}"  # who has no name is called by their id
        title = Content.assemble("Chat with ", (name, "bold"), (number, "$quiet"), (role, "$text-accent"))
        self.query_one("#title", Static).update(title)
        role = "answering" if self.proposal is not None else "asking" if self.as_copilot else "customer"
        if self.has_it:
            role = "customer" if self.playing else "in_person"
        self.composer.placeholder = keyed(PLACEHOLDERS[role])

    def show_aside(self) -> None:
        """Fill the panels beside the conversation."""
        for name, content in aside.panels(self.view).items():
            self.query_one(f"#{name}", Static).update(content)

    @work(exclusive=True, group="turn")
    async def answer(self, said: str, stop: "Stoppable") -> None:
        """Show the message, stream the reply, then show what was understood and done."""
        conversation, session, transcript = self.conversation, self.session, self.transcript
        if conversation is None:
            return
        asked = transcript.add("customer", said)
        self.so_far, self.place = "", transcript.add("bot", "…")
        before = getattr(session, "turns", None)
        async with self._at_work:
            reply = await self.ask(lambda desk: conversation.turn(desk, session, said, self._chunk, stop))
        if session is not self.session:
            return
        place, self.place = self.place, None
        self.done()
        if reply is not None and place is not None:
            if reply.text:
                transcript.change(place, reply.text)
            else:
                transcript.remove_turn(place)
                transcript.add("note", "A person has this conversation; the message is kept for them.")
            self.understood(reply)
        elif place is not None:
            transcript.remove_turn(place)
            if stop.stopped:
                await self.after_stop(before)
            else:
                transcript.remove_turn(asked)
                self.composer.fill(said)

    @work(exclusive=True, group="news")
    async def look_for_news(self) -> None:
        """Show what others did in the conversation, unless this person is doing something in it."""
        acting = any(one.group in ACTING and one.node is self and not one.is_finished for one in self.app.workers)
        if self.is_current and not acting and self.running is None and not self._at_work.locked():
            await self.hear()

    async def hear(self) -> None:
        """Add what others wrote to the conversation, and say who has it now."""
        conversation, session = self.conversation, self.session
        if conversation is None or session is None:
            return
        async with self._at_work:
            found = await self.ask(lambda desk: conversation.news(desk, session))
        if found is None or session is not self.session:
            return
        for said in found.turns:
            self.transcript.add(said.who, said.text)
        before, self.handoff = self.handoff, found.handoff
        if _holder(before) != _holder(found.handoff):
            self.show_handoff(found.handoff)
            if found.handoff is None:
                self.transcript.add("note", BOT_AGAIN)

    async def after_stop(self, before: int | None) -> None:
        """Go on from what the store has: a turn that was kept before the stop is shown as it was kept."""
        conversation, customer_id = self.conversation, self.talking_to
        if conversation is None or customer_id is None:
            return
        session = self.session
        found = await self.ask(lambda desk: conversation.after_stop(desk, customer_id, before))
        if session is not self.session:
            return
        if found is not None:
            self.session, kept = found
            if kept is not None:
                self.transcript.add("bot", kept)
        self.transcript.add("note", keyed("Stopped. {ctrl+r=chat.retry} sends the message again."))

    def understood(self, reply: "Reply") -> None:
        """Show what a reply says of the turn, and have the risk looked at."""
        self.view.take(reply)
        self.show_aside()
        if reply.handoff and not self.passed_on:
            self.transcript.add("note", keyed("A person takes over from here. {f8=chat.hand_off} if that is you."))
            self.look_at_handoff()
        self.passed_on = reply.handoff
        self.look_at_risk()
        self.look_at_offer()

    @work(exclusive=True, group="handoff")
    async def look_at_handoff(self) -> None:
        """The conversation waits for a person now; so do the figures of the day."""
        from bot.tui.handing import handoff_of

        session = self.session
        found = await self.ask(lambda desk: handoff_of(desk, session))
        if session is self.session:
            self.handoff = found
            self.refresh_bindings()
        await self.mainstay.look_again()

    @work(exclusive=True, group="risk")
    async def look_at_risk(self) -> None:
        """The forecast with what was just said."""
        conversation, customer_id = self.conversation, self.talking_to
        if conversation is None or customer_id is None:
            return
        found = await self.ask(lambda desk: conversation.risk_now(desk, customer_id))
        if found is not None and customer_id == self.talking_to:
            self.view.now = found
            self.show_aside()

    @work(exclusive=True, group="offer")
    async def look_at_offer(self) -> None:
        """What may be offered after what was just said; where that cannot be read, nothing is said of it."""
        from bot.tui.chatting import no_offer_because

        session, customer_id = self.session, self.talking_to
        if customer_id is None:
            return
        found = await self.ask(lambda desk: (desk.decision(customer_id), no_offer_because(desk, customer_id, session)))
        if session is self.session:
            decided, because = found if found is not None else (self.view.decision, aside.UNREAD)
            self.view.decision, self.view.no_offer_because = decided, because
            self.show_aside()

    def done(self) -> None:
        """Nothing is being written any more."""
        self.running = None
        self.refresh_bindings()

    def stop_running(self) -> None:
        """Stop what is being written."""
        if self.running is not None:
            self.running.stop()
            self.running = None

    def _chunk(self, piece: str) -> None:
        """A piece of the reply, from the thread that writes it."""
        self.app.call_from_thread(self._grow, piece)

    def _grow(self, piece: str) -> None:
        self.so_far += piece
        if self.place is not None:
            self.transcript.change(self.place, self.so_far)


def _holder(handoff: "HandoffView | None") -> tuple[int, HandoffState, str | None] | None:
    """Who has a conversation, told apart from who had it before."""
    return None if handoff is None else (handoff.id, handoff.state, handoff.taken_by)
