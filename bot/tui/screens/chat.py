"""Chat: talk as a customer, or answer one with the bot's help; see what was understood, done and allowed."""

from typing import Any, ClassVar

from textual import on, work
from textual.binding import Binding, BindingType

from bot.tui.screens.answering import Answering
from bot.tui.widgets.composer import Composer
from bot.tui.widgets.dialogs import Ask, Choose
from bot.tui.widgets.transcript import Said, Transcript

HELP_TEXT = """Type as the customer would and press enter. The bot says that it is one, finds out what is wrong, and \
offers only what the decision on this customer allows; every reply passes the guard. Shift+enter or ctrl+j begins \
another line, up in an empty field takes the last message again. All of it is kept as the customer's own words; \
`mainstay chat --rehearse --customer ID` keeps nothing.

{ctrl+t=chat.copilot} changes to the copilot: write what a real customer wrote, choose one of the replies that \
the bot proposes, change it or write your own, and send it. What you send is kept and copied. The guard reads your \
words too.

{f8=chat.hand_off} is for a conversation that waits for a person: take it over, say how it ended. While it is yours \
what you write goes to the customer, and {ctrl+t=chat.copilot} is for writing as the customer once more. What the \
customer or a colleague writes elsewhere appears here by itself.

Escape stops a reply that is being written; else it leaves the field, so that the keys of the conversation work: up \
and down choose a turn, y copies it, e writes a message again, n and N go on searching. Escape again goes back to the \
customer. {ctrl+r=chat.retry} sends the last message again, {ctrl+f=chat.search} searches, {ctrl+s=chat.export} \
writes the conversation to a file, {ctrl+g=chat.resume} goes on with the last conversation.

The panel beside shows what was understood, the risk before and now, which actions ran and for how long, what may be \
offered, and what is remembered. On a narrow screen {ctrl+o=chat.details} shows it instead of the conversation."""


def _holding(count: int) -> str:
    return "One turn holds it" if count == 1 else f"{count:,} turns hold it"


class ChatScreen(Answering):
    """The keys of a conversation."""

    MODE = "chat"
    CSS_PATH = "chat.tcss"
    HELP_TEXT = HELP_TEXT
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "stop", "Stop", tooltip="Stop the reply"),
        Binding("escape", "put_away", "Put away", tooltip="Put the proposed replies away"),
        Binding("ctrl+r", "retry", "Retry", tooltip="Send the last message again", priority=True),
        Binding("ctrl+t", "copilot", "Copilot", tooltip="Customer or copilot", priority=True),
        Binding("ctrl+f", "search", "Find", tooltip="Search the conversation", show=False, priority=True),
        Binding("ctrl+s", "export", "Save", tooltip="Write the conversation to a file", priority=True),
        Binding("f8", "hand_off", "Hand-off", tooltip="Take this conversation over, answer in it, end it"),
        Binding("ctrl+n", "anew", "New", tooltip="Begin a new conversation", show=False),
        Binding("ctrl+g", "resume", "Go on with the last conversation", show=False),
        Binding("ctrl+o", "details", "Details"),
        Binding("escape", "back", "Leave"),
        Binding("slash,i", "write", "Write", show=False),
    ]

    def habits(self) -> dict[str, Any]:
        """Whether the copilot was on."""
        return {"copilot": self.as_copilot}

    def recall(self, habits: Any) -> None:
        """As it was left."""
        self.as_copilot = self.as_copilot or habits.get("copilot") is True

    @on(Composer.Sent)
    def sent(self, message: Composer.Sent) -> None:
        """Enter sends, one message at a time."""
        if not message.text or self.running is not None or self.session is None or self.sending:
            return
        self.composer.text = ""
        if self.proposal is not None:
            self.send_answer(message.text)
        elif self.in_person:
            self.send_in_person(message.text)
        else:
            self.start(message.text)

    @work(exclusive=True, group="act")
    async def send_in_person(self, text: str) -> None:
        """Send words of the person who has the conversation; what is not sent stays in the field."""
        from bot.tui.screens.takeover import write

        handoff, session, seen = self.handoff, self.session, len(self.transcript.turns)
        if handoff is None:
            return
        self.sending = True
        try:
            said = await write(self, handoff.id, text)
        finally:
            self.sending = False
        if session is not self.session:
            return
        if said is None:
            self.composer.fill(text)
        else:
            await self.show_own(Said(*said), seen)
            self.composer.focus()

    async def show_own(self, said: Said, seen: int) -> None:
        """Show what this person did, in its place among what others wrote after the first `seen` turns."""
        await self.hear()
        if said not in self.transcript.turns[seen:]:
            self.transcript.add(said.who, said.text)

    def start(self, said: str) -> None:
        """Answer a message, or propose replies to it."""
        from bot.tui.chatting import Stoppable

        self.last_said = said
        self.running = Stoppable()
        self.refresh_bindings()
        if self.as_copilot and not self.has_it:
            self.propose(said, self.running)
        else:
            self.answer(said, self.running)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Stopping is for what is being written; the rest for a conversation that is open."""
        if action == "stop":
            return self.running is not None
        if action == "put_away":
            return self.proposal is not None and not self.sending
        if action == "hand_off":
            return self.handoff is not None and not self.sending
        if action in ("search", "export") and self.sending:
            return False  # another step would cut the sending short
        if action == "retry":
            return bool(self.last_said) and self.running is None and self.session is not None and not self.sending
        if action == "copilot":
            return self.opened is not None and self.running is None and not self.sending
        return self.session is not None if action in ("search", "export", "anew", "resume", "details") else True

    def action_stop(self) -> None:
        """Stop the reply that is being written."""
        if self.running is not None:
            self.running.stop()
            self.mainstay.tell("Stopping …")

    def action_put_away(self) -> None:
        """Put the proposed replies away, and the message with them: nothing of it has been kept."""
        self.take_back()
        self.composer.fill(self.last_said)

    def action_retry(self) -> None:
        """Send the last message again."""
        self.take_back()
        self.start(self.last_said)

    def action_copilot(self) -> None:
        """Change between talking as the customer and answering one."""
        if self.has_it:
            self.playing = not self.playing
            self.show_title()
            return
        if self.opened is not None and not self.opened.copilot:
            self.mainstay.tell("This conversation cannot propose replies.")
            return
        self.as_copilot = not self.as_copilot
        self.take_back()

    @on(Composer.Recalled)
    def recalled(self) -> None:
        """The last message again, to be changed."""
        if self.last_said:
            self.composer.fill(self.last_said)

    @on(Transcript.Again)
    def again(self, message: Transcript.Again) -> None:
        """A message again, to be changed."""
        self.composer.fill(message.said.text)

    @on(Transcript.Copied)
    def copied(self, message: Transcript.Copied) -> None:
        """A turn goes to the clipboard."""
        self.mainstay.copy(message.said.text, "The turn")

    @work(exclusive=True, group="act")
    async def action_hand_off(self) -> None:
        """Take the conversation over, write in it, or end it."""
        from bot.tui.handing import handoff_of
        from bot.tui.screens.takeover import take_over

        handoff, session, seen = self.handoff, self.session, len(self.transcript.turns)
        said = await take_over(self, handoff) if handoff is not None else None
        found = await self.ask(lambda desk: handoff_of(desk, session))
        if session is not self.session:
            return
        self.handoff, self.playing = found, False
        self.show_title()
        self.refresh_bindings()
        if said is not None:
            await self.show_own(Said(*said), seen)
            await self.mainstay.look_again()

    @work(exclusive=True, group="act")
    async def action_search(self) -> None:
        """Search the conversation."""
        title = "Find in this conversation"
        sought = await self.app.push_screen_wait(Ask(title, value=self.transcript.sought, help_text="Then n and N."))
        if sought is None:
            return
        found = self.transcript.find(sought)
        self.transcript.focus()
        if sought.strip():
            self.mainstay.tell(f"{_holding(found)}; n and N go on." if found else "No turn holds it.")

    @work(exclusive=True, group="act")
    async def action_export(self) -> None:
        """Write the conversation to a file."""
        from bot.tui.transcripts import FORMS, write_transcript

        customer_id, turns = self.talking_to, list(self.transcript.turns)
        form = await self.app.push_screen_wait(Choose("Write the conversation as", FORMS))
        if form and customer_id is not None:
            path = await self.ask(lambda desk: write_transcript(desk, turns, form, customer_id))
            if path is not None:
                self.mainstay.tell(f"The conversation is in {path}.")

    def action_details(self) -> None:
        """Show or hide the panel; on a narrow screen it takes the place of the conversation."""
        self.toggle_class("-details")
        side, alone = self.query_one("#side"), self.has_class("-narrow") and self.has_class("-details")
        side.can_focus = alone
        if alone:
            side.focus()
        else:
            self.composer.focus()

    @work(exclusive=True, group="load")
    async def action_anew(self) -> None:
        """Begin another conversation with the same customer."""
        if self.talking_to is not None and self.running is None:
            await self.begin(self.talking_to)

    @work(exclusive=True, group="load")
    async def action_resume(self) -> None:
        """Go on with the last conversation of this customer."""
        if self.talking_to is not None and self.running is None:
            await self.begin(self.talking_to, resume=True)

    def action_write(self) -> None:
        """Go to the field."""
        self.composer.focus()

    async def action_back(self) -> None:
        """Leave the field first, then the conversation."""
        if isinstance(self.focused, Composer):
            self.transcript.focus()
        else:
            await self.mainstay.action_go("customer")
