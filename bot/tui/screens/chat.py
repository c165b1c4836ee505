"""Chat: talk as a customer, or answer one with the bot's help; see what was understood, done and allowed."""

from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from bot.tui.screens.talking import Talking
from bot.tui.widgets.composer import Composer
from bot.tui.widgets.dialogs import Ask, Choose, Confirm
from bot.tui.widgets.transcript import Transcript
from bot.tui.wording import clean

if TYPE_CHECKING:
    from bot.tui.chatting import Stoppable
    from bot.tui.talk import Proposal

HELP_TEXT = """Type as the customer would and press enter. The bot says that it is one, finds out what is wrong, and \
offers only what the decision on this customer allows; every reply passes the guard. Shift+enter or ctrl+j begins \
another line, up in an empty field takes the last message again.

ctrl+t changes to the copilot: write what a real customer wrote, choose one of the replies that the bot proposes, \
change it or write your own, and send it. What you send is kept and copied. The guard reads your words too.

Escape stops a reply that is being written; else it leaves the field, so that the keys of the conversation work: up \
and down choose a turn, y copies it, e writes a message again, n and N go on searching. Escape again goes back to the \
customer. ctrl+r sends the last message again, ctrl+f searches, ctrl+s writes the conversation to a file, ctrl+g goes \
on with the last conversation.

The panel beside shows what was understood, the risk before and now, which actions ran and for how long, what may be \
offered, and what is remembered. On a narrow screen ctrl+o shows it instead of the conversation."""


class ChatScreen(Talking):
    """The keys of a conversation, and the copilot."""

    MODE = "chat"
    CSS_PATH = "chat.tcss"
    HELP_TEXT = HELP_TEXT
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "stop", "Stop", tooltip="Stop the reply"),
        Binding("ctrl+r", "retry", "Retry", tooltip="Send the last message again", priority=True),
        Binding("ctrl+t", "copilot", "Copilot", tooltip="Customer or copilot", priority=True),
        Binding("ctrl+f", "search", "Find", tooltip="Search the conversation", priority=True),
        Binding("ctrl+s", "export", "Save", tooltip="Write the conversation to a file", priority=True),
        Binding("ctrl+n", "anew", "New", tooltip="Begin a new conversation"),
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
        if not message.text or self.running is not None or self.session is None:
            return
        self.composer.text = ""
        if self.proposal is not None:
            self.send_answer(message.text)
        else:
            self.start(message.text)

    def start(self, said: str) -> None:
        """Answer a message, or propose replies to it."""
        from bot.tui.chatting import Stoppable

        self.last_said = said
        self.running = Stoppable()
        self.refresh_bindings()
        if self.as_copilot:
            self.propose(said, self.running)
        else:
            self.answer(said, self.running)

    @work(exclusive=True, group="turn")
    async def propose(self, said: str, stop: "Stoppable") -> None:
        """Show what the customer wrote and the replies to choose from."""
        conversation, session = self.conversation, self.session
        if conversation is None:
            return
        place = self.transcript.add("customer", said)
        self.show_work("Looking for replies …")
        found = await self.ask(lambda desk: conversation.propose(desk, session, said, stop))
        self.show_work("")
        if session is not self.session:
            return
        self.done()
        if found is None:
            self.transcript.remove_turn(place)
            self.composer.fill(said)
            return
        self.view.propose(found)
        self.show_aside()
        self.show_drafts(found)

    def show_drafts(self, proposal: "Proposal | None") -> None:
        """Show the replies to choose from, or none."""
        super().show_drafts(proposal)
        drafts = self.query_one("#drafts", OptionList)
        drafts.clear_options()
        self.set_class(proposal is not None, "-answering")
        if proposal is not None:
            drafts.add_options([Option(Content(clean(draft.text))) for draft in proposal.drafts])
            if proposal.drafts:
                drafts.highlighted = 0
                drafts.focus()
            else:
                self.transcript.add("note", "The guard released no reply; write your own.")
        self.show_title()
        self.refresh_bindings()

    @on(OptionList.OptionSelected, "#drafts")
    def chosen(self, event: OptionList.OptionSelected) -> None:
        """A reply goes into the field, to be changed or sent."""
        if self.proposal is not None:
            self.choice = event.option_index + 1
            self.composer.fill(self.proposal.drafts[event.option_index].text)

    @work(exclusive=True, group="act")
    async def send_answer(self, text: str) -> None:
        """Keep and copy what was answered; what the guard refuses is asked about."""
        from bot.tui.chatting import Refused

        conversation, session, proposal, choice = self.conversation, self.session, self.proposal, self.choice
        if conversation is None:
            return
        reply: Any = None
        for overrule in (False, True):
            reply = await self.ask(
                partial(
                    conversation.send,
                    session=session,
                    proposal=proposal,
                    text=text,
                    choice=choice,
                    overrule=overrule,
                )
            )
            if not isinstance(reply, Refused):
                break
            question = f"The guard objects: {reply.sentence}\n\nSend it all the same? You answer for it by name."
            if overrule or not await self.app.push_screen_wait(Confirm(question, yes="Send")):
                reply = None
                break
        if reply is None:
            self.composer.fill(text)
            return
        self.transcript.add("agent", reply.text)
        self.show_drafts(None)
        self.understood(reply)
        self.mainstay.copy(reply.text, "Your reply")
        self.composer.focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Stopping is for what is being written; the rest for a conversation that is open."""
        if action == "stop":
            return self.running is not None or self.proposal is not None
        if action == "retry":
            return bool(self.last_said) and self.running is None and self.session is not None
        if action == "copilot":
            return self.opened is not None and self.running is None
        return self.session is not None if action in ("search", "export", "anew", "resume", "details") else True

    def action_stop(self) -> None:
        """Stop the reply that is being written, or put the proposed replies away."""
        if self.running is not None:
            self.running.stop()
            self.mainstay.tell("Stopping …")
        elif self.proposal is not None:
            self.show_drafts(None)
            self.composer.focus()

    def action_retry(self) -> None:
        """Send the last message again."""
        if self.proposal is not None:
            self.show_drafts(None)
        self.start(self.last_said)

    def action_copilot(self) -> None:
        """Change between talking as the customer and answering one."""
        if self.opened is not None and not self.opened.copilot:
            self.mainstay.tell("This conversation cannot propose replies.")
            return
        self.as_copilot = not self.as_copilot
        self.show_drafts(None)

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
    async def action_search(self) -> None:
        """Search the conversation."""
        title = "Find in this conversation"
        sought = await self.app.push_screen_wait(Ask(title, value=self.transcript.sought, help_text="Then n and N."))
        if sought is None:
            return
        found = self.transcript.find(sought)
        self.transcript.focus()
        if sought.strip():
            self.mainstay.tell(f"{found:,} turns hold it; n and N go on." if found else "No turn holds it.")

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
