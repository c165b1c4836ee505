"""Answering a customer with the bot's help: the replies it proposes, and the one that a person sends."""

from functools import partial
from typing import TYPE_CHECKING, Any

from textual import on, work
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from bot.tui.screens.talking import Talking
from bot.tui.widgets.dialogs import Confirm
from bot.tui.wording import clean

if TYPE_CHECKING:
    from bot.tui.chatting import Stoppable
    from bot.tui.talk import Proposal


class Answering(Talking):
    """A conversation in which a person may answer; `asked` is the place of the message that waits for a reply."""

    @work(exclusive=True, group="turn")
    async def propose(self, said: str, stop: "Stoppable") -> None:
        """Show what the customer wrote and the replies to choose from."""
        conversation, session = self.conversation, self.session
        if conversation is None:
            return
        place = self.asked = self.transcript.add("customer", said)
        self.show_work("Looking for replies …")
        async with self._at_work:
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
            for number, draft in enumerate(proposal.drafts, 1):
                told = Content.assemble((f"{number}  ", "bold"), clean(draft.text))
                drafts.add_options([None, Option(told)] if number > 1 else [Option(told)])
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
        self.sending = True
        try:
            await self._send(text)
        finally:
            self.sending = False
            self.refresh_bindings()

    async def _send(self, text: str) -> None:
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
            question = f"{reply.sentence}\n\nSend it all the same? You answer for it by name."
            if overrule or not await self.app.push_screen_wait(Confirm(question, yes="Send", careful=True)):
                reply = None
                break
        if session is not self.session:
            return
        if reply is None:
            self.composer.fill(text)
            return
        self.transcript.add("agent", reply.text)
        self.asked = None
        self.show_drafts(None)
        self.understood(reply)
        self.mainstay.copy(reply.text, "Your reply")
        self.composer.focus()

    def take_back(self) -> None:
        """No replies to choose from any more; the message that they were for is not in the conversation."""
        if self.proposal is not None and self.asked is not None:
            self.transcript.remove_turn(self.asked)
        self.asked = None
        self.show_drafts(None)
