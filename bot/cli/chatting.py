"""`mainstay chat`: a conversation in lines, as a customer or as an agent whose replies the bot drafts."""

import asyncio
import os
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.lines import plain_lines
from bot.cli.options import JsonOption, StoreOption, services
from bot.cli.output import is_interactive, say, write_jsonl, write_line
from bot.cli.rehearsing import ALL_KEPT, rehearsal
from bot.cli.transcripts import Transcript
from db.errors import ConversationMovedError, InputError, MainstayError, PolicyError, StoreBusyError

if TYPE_CHECKING:
    from bot.conversation import Chat, ChatSession, Proposal, Reply
    from bot.wiring import Services
    from db.repositories.conversations import TurnView

CHOICES = """Choose a draft by its number, `e 2` to edit the second one, or write your own reply.
`e 2 TEXT` edits in line, `!` before your words sends what the guard refuses, `-` sends nothing."""


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("chat")(chat)


def chat(
    customer: Annotated[str, typer.Option("--customer", help="The id of the customer who chats.")],
    plain: Annotated[bool, typer.Option("--plain", help="One line in, one reply out.")] = False,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the customer's open conversation.")] = False,
    copilot: Annotated[
        bool, typer.Option("--copilot", help="The bot drafts three replies to each line; you choose, edit or write.")
    ] = False,
    transcript: Annotated[
        Path | None, typer.Option("--transcript", help="Also write the conversation to this new file, .txt or .jsonl.")
    ] = None,
    rehearse: Annotated[
        bool, typer.Option("--rehearse", help="Talk on a copy of the store that is thrown away at the end.")
    ] = False,
    store: StoreOption = None,
    json: JsonOption = False,
) -> None:
    """Talk as a customer, in the terminal UI unless an option of the chat in lines is given.

    All that is said is kept as the customer's own words, and what it brings about as done, but with --rehearse.
    """
    in_lines = bool(plain or json or resume or copilot or transcript) or not is_interactive()
    with rehearsal(store) if rehearse else nullcontext(store) as place:
        if in_lines:
            if is_interactive() and not (rehearse or copilot):
                say(ALL_KEPT)
            _in_lines(place, customer, resume, copilot, transcript, json)
            return
        from bot.tui.app import run_app

        run_app(place, customer=customer)


def _in_lines(
    store: str | None, customer: str, resume: bool, copilot: bool, transcript: Path | None, json: bool
) -> None:
    """The conversation on standard input and output."""
    with services(store) as built:
        from bot.conversation import Chat

        talk = Chat(built)
        record = Transcript(transcript) if transcript is not None else None
        try:
            session = talk.open(customer, resume=resume)
        except MainstayError:
            if record is not None:
                record.discard()
            raise
        lines = _Lines(built, talk, session, record, json=json)
        try:
            asyncio.run(lines.copilot() if copilot else lines.customer())
        finally:
            if record is not None:
                record.close()
                say(f"The transcript is in {record.path}.")


class _Lines:
    """A conversation whose lines come from standard input."""

    def __init__(
        self, built: "Services", chat: "Chat", session: "ChatSession", record: Transcript | None, *, json: bool
    ) -> None:
        self.built = built
        self.chat = chat
        self.session = session
        self.record = record
        self.json = json
        self.asks = is_interactive()
        self.other = "you"
        self.lines = plain_lines(sys.stdin.buffer)

    async def customer(self) -> None:
        """One line in, one reply out."""
        self._begin()
        while (said := self._line(f"{self.other}: ")) is not None:
            reply = await self.chat.turn(self.session, said)
            self._show(said, reply)

    async def copilot(self) -> None:
        """One line of the customer in, three drafts out; what the agent chooses is sent."""
        self.other = "customer"
        self._take()
        self._begin()
        if self.asks:
            say(CHOICES)
        while (said := self._line(f"{self.other}: ")) is not None:
            proposal = await self.chat.propose(self.session, said)
            self._offer(proposal)
            reply = await self._chosen(proposal)
            if reply is not None:
                self._show(said, reply)

    def _begin(self) -> None:
        """The greeting of a new conversation, or the last turns of one that goes on."""
        session = self.session
        now = self.built.now()
        if not session.recent:
            self._record("bot", session.greeting, now, 0)
            self._say("bot", session.greeting)
            return
        say(f"Going on with conversation {session.conversation_id}, turn {session.turns}:")
        for turn in session.recent:
            if turn.said:
                say(f"  {self.other}: {turn.said}")
                self._record("customer", turn.said, turn.created_at, turn.number)
            if turn.reply:
                say(f"  {_who(turn)}: {turn.reply}")
                self._record(_who(turn), turn.reply, turn.created_at, turn.number)

    def _take(self) -> None:
        """A conversation that waits for a person is taken by the agent who opens it."""
        from bot.dialogue.handoffs import take
        from db.repositories.handoffs import HandoffRepository
        from db.vocabulary import HandoffState

        with self.built.store.read() as session:
            found = HandoffRepository(session).of_conversation(self.session.conversation_id)
        if found is not None and found.state in (HandoffState.WAITING, HandoffState.TIMED_OUT):
            take(self.built.store, found.id, self.built.settings.actor, self.built.now())
            say(f"Hand-off {found.id} is yours; end it with `mainstay handoffs close {found.id} --outcome ...`.")

    def _line(self, prompt: str) -> str | None:
        """The next line that is not blank; None at the end."""
        if self.asks:
            sys.stderr.write(prompt)
            sys.stderr.flush()
        return next(self.lines, None)

    def _show(self, said: str, reply: "Reply") -> None:
        now = self.built.now()
        for turn in self.session.news():
            self._say(_who(turn), turn.reply)
            self._record(_who(turn), turn.reply, turn.created_at, turn.number)
        author = "bot" if reply.author.kind == "bot" else "agent"
        self._record("customer", said, now, reply.turn)
        self._record(author, reply.text, now, reply.turn)
        if self.json:
            write_jsonl([_reply_document(reply)])
        elif reply.silent:
            say("(Nothing was sent.)" if reply.author.kind == "agent" else "(A person has this conversation.)")
        else:
            self._say("bot" if author == "bot" else "sent", reply.text)

    def _say(self, who: str, text: str) -> None:
        """A line of data: the words alone, and at a terminal whose they are."""
        if not self.json:
            write_line(f"{who}: {text}" if self.asks or who == "agent" else text)
            sys.stdout.flush()

    def _record(self, who: str, text: str, at: Any, turn: int) -> None:
        if self.record is not None:
            self.record.add(who, text, at, turn)

    def _offer(self, proposal: "Proposal") -> None:
        """Show the drafts and what the bot would do."""
        if self.json:
            drafts = [draft.text for draft in proposal.drafts]
            write_jsonl(
                [
                    {
                        "said": proposal.said,
                        "intent": proposal.intent,
                        "sentiment": proposal.sentiment,
                        "actions": proposal.actions,
                        "drafts": drafts,
                    }
                ]
            )
            return
        doing = ", ".join(name.replace("_", " ") for name in proposal.actions)
        say(f"  [{proposal.intent}, {proposal.sentiment}; a draft does: {doing or 'nothing'}]")
        for number, draft in enumerate(proposal.drafts, 1):
            say(f"  {number}  {draft.text}")

    async def _chosen(self, proposal: "Proposal") -> "Reply | None":
        """The reply that was sent; None where nothing was, such as where the conversation went on meanwhile."""
        while (answer := self._line("send: ")) is not None:
            try:
                choice, text, overrule = _read_choice(answer.strip(), proposal)
                return await self.chat.send(
                    self.session,
                    proposal,
                    self.built.settings.actor,
                    choice=choice,
                    text=text,
                    overrule=overrule,
                )
            except (InputError, PolicyError, StoreBusyError) as error:
                _complain(error)
            except ConversationMovedError as error:
                _complain(error)
                return None
        return None


def _read_choice(answer: str, proposal: "Proposal") -> tuple[int | None, str | None, bool]:
    """Draft number, words, and whether the guard is overruled; no number and no words is to send nothing."""
    if answer == "-":
        return None, None, False
    if answer.isdecimal():
        return _number(answer, proposal), None, False
    word, _, rest = answer.partition(" ")
    number, _, text = rest.strip().partition(" ")
    if word in ("e", "edit") and number.isdecimal():
        choice = _number(number, proposal)
        words = text.strip() or _edited(proposal.drafts[choice - 1].text)
        return choice, words.removeprefix("!").strip(), words.startswith("!")
    return None, answer.removeprefix("!").strip(), answer.startswith("!")


def _number(text: str, proposal: "Proposal") -> int:
    number = int(text[:9])
    if not 1 <= number <= len(proposal.drafts):
        raise PolicyError(f"There is no draft {number}.", hint=f"There are {len(proposal.drafts)}.")
    return number


def _edited(text: str) -> str:
    """The text after the user's editor; in a pipe there is none."""
    if not is_interactive() or not (os.environ.get("VISUAL") or os.environ.get("EDITOR")):
        raise PolicyError("There is no editor here.", hint="Write `e N TEXT`, or set EDITOR.")
    import click

    changed = click.edit(text + "\n", extension=".txt")
    return " ".join((changed if changed is not None else text).split())


def _complain(error: MainstayError) -> None:
    say(f"  Not sent: {error}")
    if error.hint:
        say(f"  {error.hint}")


def _who(turn: "TurnView") -> str:
    author = turn.record.get("author") or {}
    return "agent" if author.get("kind") == "agent" else "bot"


def _reply_document(reply: "Reply") -> dict[str, Any]:
    return {
        "text": reply.text,
        "intent": reply.intent,
        "sentiment": reply.sentiment,
        "actions": reply.actions,
        "slots": reply.slots,
        "decision_id": reply.decision_id,
        "guard": reply.guard,
        "handoff": reply.handoff,
        "conversation_id": reply.conversation_id,
        "turn": reply.turn,
        "silent": reply.silent,
        "author": reply.author.as_json(),
    }
