"""A conversation as the chat screen drives it: calls that block, to be run in a thread; a turn can be stopped."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from bot.tui.handing import handoff_of, waiting_of
from bot.tui.keynames import keyed
from bot.tui.talk import Copilot, Proposal, Reply, Session, Shared
from bot.tui.widgets.transcript import Said
from db.errors import InputError, MainstayError, NotFoundError, PolicyError
from db.vocabulary import Decision, RiskBand

if TYPE_CHECKING:
    from analytics.jobs.scoring import Scorer
    from bot.tui.desk import Desk
    from db.repositories.handoffs import HandoffView

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Risk:
    """How likely a customer is to leave."""

    probability: float
    band: RiskBand


@dataclass(frozen=True, slots=True)
class Opened:
    """A conversation that was opened, and what is known of the customer."""

    name: str
    decision: Decision | None
    session: Session
    turns: tuple[Said, ...]
    risk: Risk | None
    copilot: bool
    handoff: "HandoffView | None" = None
    no_offer_because: str | None = None
    offers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Refused:
    """The guard refuses a person's words."""

    sentence: str


class Stoppable:
    """One turn, run in a thread; `stop` may come from another."""

    def __init__(self) -> None:
        self.stopped = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[Any] | None = None

    def run(self, turn: "Coroutine[Any, Any, T]") -> T | None:
        """The answer, None where it was stopped before there was one."""
        return asyncio.run(self._run(turn))

    async def _run(self, turn: "Coroutine[Any, Any, T]") -> T | None:
        self._loop = asyncio.get_running_loop()
        self._task = task = asyncio.ensure_future(turn)
        if self.stopped:
            task.cancel()
        try:
            return await task
        except asyncio.CancelledError:
            return None

    def stop(self) -> None:
        """Stop it; one that has ended stays as it is."""
        self.stopped = True
        loop, task = self._loop, self._task
        if loop is not None and task is not None and not loop.is_closed():
            try:
                loop.call_soon_threadsafe(task.cancel)
            except RuntimeError:
                return  # it has ended meanwhile


@dataclass(frozen=True, slots=True)
class News:
    """What others did in a conversation, and who has it now."""

    turns: tuple[Said, ...]
    handoff: "HandoffView | None"


@dataclass(slots=True)
class Conversation:
    """The conversation on the screen; the scorer is loaded once."""

    scorer: "Scorer | None" = field(default=None, repr=False)

    def open(self, desk: "Desk", customer_id: str, *, resume: bool = False) -> Opened:
        """Begin a conversation, or go on with the last one: on demand, or where it waits for a person."""
        name, decision = desk.customer_name(customer_id), desk.decision(customer_id)
        session = desk.chat.open(customer_id, resume=resume or waiting_of(desk, customer_id))
        kept = desk.risk_kept(customer_id)
        return Opened(
            name,
            decision,
            session,
            _turns(session, desk.settings.actor),
            Risk(*kept) if kept else None,
            isinstance(desk.chat, Copilot),
            handoff_of(desk, session),
            no_offer_because(desk, customer_id, session),
            desk.lists.offer_names(),
        )

    def turn(self, desk: "Desk", session: Any, said: str, on_chunk: Callable[[str], None], stop: Stoppable) -> Any:
        """Answer one message; None where it was stopped."""
        return stop.run(desk.chat.turn(session, said, on_chunk=on_chunk))

    def news(self, desk: "Desk", session: Any) -> News | None:
        """What others wrote since, and the hand-off as it stands; None where that cannot be told now."""
        chat = desk.chat
        try:
            found = asyncio.run(chat.listen(session)) if isinstance(chat, Shared) else ()
            handoff = handoff_of(desk, session)
        except MainstayError:
            return None  # whoever writes next is told why
        return News(tuple(one for turn in found for one in _said(turn, desk.settings.actor)), handoff)

    def after_stop(self, desk: "Desk", customer_id: str, before: int | None) -> tuple[Session, str | None]:
        """The conversation as the store has it, and the reply of a turn that was kept before it could be stopped."""
        session = desk.chat.open(customer_id, resume=True)
        kept = before is not None and getattr(session, "turns", before) > before
        recent = getattr(session, "recent", ())
        return session, (str(recent[-1].reply) if kept and recent else None)

    def propose(self, desk: "Desk", session: Any, said: str, stop: Stoppable) -> Proposal | None:
        """Replies to choose from; None where it was stopped."""
        if not isinstance(desk.chat, Copilot):
            hint = keyed("Press {ctrl+t=chat.copilot} to talk as the customer.")
            raise InputError("This conversation cannot propose replies.", hint=hint)
        return stop.run(desk.chat.propose(session, said))

    def send(
        self, desk: "Desk", session: Any, proposal: Any, text: str, choice: int | None, *, overrule: bool
    ) -> Reply | Refused:
        """Keep what a person answers: a draft as it is, a draft that was changed, or words of their own."""
        chat = desk.chat
        if not isinstance(chat, Copilot):
            raise InputError("This conversation cannot keep a person's replies.")
        unchanged = choice is not None and text == proposal.drafts[choice - 1].text
        own = None if unchanged else text
        try:
            return asyncio.run(
                chat.send(session, proposal, desk.settings.actor, choice=choice, text=own, overrule=overrule)
            )
        except PolicyError as error:
            return Refused(str(error))

    def risk_now(self, desk: "Desk", customer_id: str) -> Risk | None:
        """The forecast as it would be now, with what was said in this conversation; None before training."""
        if not desk.services.models:
            return None
        from bot.dossier import risk_now, scorer_of

        try:
            if self.scorer is None:
                self.scorer = scorer_of(desk.services.store, desk.services.models, desk.services.now())
        except NotFoundError:
            return None
        found = risk_now(desk.services.store, self.scorer, customer_id, reading_model=desk.reading_model)
        return Risk(*found) if found else None


def no_offer_because(desk: "Desk", customer_id: str, session: Any) -> str | None:
    """What keeps the bot from making an offer in this conversation now; None where it may make the decided one.

    What was said in the conversation comes first, then the rules that every turn of it is under.
    """
    from bot.dialogue.actions.offers import NO_SALES
    from bot.dialogue.desk import open_desk

    state = getattr(session, "state", None)
    said = next((name for name in NO_SALES if state is not None and state[name]), None)
    if said is not None:
        return said
    services = desk.services
    now = services.now()
    with services.store.read() as reading:
        return open_desk(reading, customer_id, now.date(), now, services.policy.contact).no_offer_because


def _turns(session: Any, actor: str) -> tuple[Said, ...]:
    """What is shown of a conversation at its beginning: the turns it goes on from, else its greeting."""
    found = [one for turn in getattr(session, "recent", ()) for one in _said(turn, actor)]
    return tuple(found) or (Said("bot", session.greeting),)


def _said(turn: Any, actor: str) -> list[Said]:
    """A turn that was kept as what was said in it; `actor` is who reads it."""
    author = (getattr(turn, "record", None) or {}).get("author") or {}
    who = "bot"
    if author.get("kind") == "agent":
        who = "agent" if author.get("name") in (actor, None) else "colleague"
    both = (("customer", turn.said), (who, turn.reply))
    return [Said(name, text) for name, text in both if text]
