"""What must hold after every turn, whatever is said in whatever order: customers who write anything at all."""

import asyncio
import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest
import yaml

from benchmarks.handoff import NOT_WANTED, PHRASINGS, WANTED, phrasings
from bot.conversation import Chat, ChatSession, Reply
from bot.dialogue.state import DialogueState
from db.queries.customers import CustomerFilter, customer_keys, customer_rows
from db.repositories.contacts import ContactRepository
from db.repositories.conversations import ConversationRepository, ConversationView, TurnView
from db.vocabulary import (
    Arm,
    Channel,
    ConsentStatus,
    ConversationState,
    DecisionTerms,
    OutcomeKind,
    SuppressionReason,
)
from tests.bot.conftest import CONTACT, DISCOUNT, NOW, PAUSE, TODAY, Talks, did

SEED = 20_261_101
FEW, MANY = 2_000, 20_000
LONGEST = 12
CUSTOMERS = 15
RESUMED = 0.1
"""The share of turns before which a conversation is opened again, as after a restart."""

ODD = (
    "", "   ", "\x00", "\x1b[31mred\x1b[0m", "\u202eevil\u202c", "a\u200bb\u200dc\ufeff", "\ud83d", "\r\n\r\n",
    "\x7f\x08", "x" * 5_000, "I want a discount " * 3_000, "?" * 10_000, "<p>" * 2_000, "\t\tcancel\x00\t",
    "Z\u0337\u0322\u031ba\u0338l\u0334g\u0335o\u0336 " * 20,
)  # fmt: skip

MACHINE = re.compile(r"\b(?:bot|chatbot|assistant|automated|machine|program)\b", re.IGNORECASE)
DENIAL = re.compile(
    r"\bI(?:’m| am|'m)(?: really| indeed)? (?:a (?:real |human )?(?:person|human)\b|human\b|not an? (?:automated )?"
    r"(?:bot|machine|robot|assistant))",
    re.IGNORECASE,
)
FIGURES = ("20%", "23.92", "2 months", "service engineer")
"""What gives the decided offers away."""

NO_OFFERS = ("none", "held out", "blocked", "suppressed", "opted out", "not consenting", "expired")
OFFERS = {"discount": DISCOUNT, "pause": PAUSE, "contact": CONTACT}
SETTINGS = (*OFFERS, *OFFERS, *OFFERS, *NO_OFFERS)


@dataclass(frozen=True, slots=True)
class Message:
    """A text, and what it asks for beyond doubt where it does."""

    text: str
    kind: str


def messages() -> list[Message]:
    """Everything that may be said."""
    kinds = yaml.safe_load((PHRASINGS / "anything.yaml").read_text(encoding="utf-8"))
    found = [Message(text, kind) for kind, block in kinds.items() for text in block.splitlines()]
    return found + [Message(text, "odd") for text in ODD]


def others() -> list[Message]:
    """Phrasings of the hand-off files, which ask for nothing beyond doubt here."""
    return [
        Message(text, "any") for name in (WANTED, NOT_WANTED) for those in phrasings(name).values() for text in those
    ]


@dataclass
class Walk:
    """Conversations of one customer, one random turn after the other, each of them checked."""

    talks: Talks
    setting: str
    dice: random.Random
    pool: list[Message]
    rest: list[Message]
    chat: Chat = field(init=False)
    session: ChatSession = field(init=False)
    last: Message | None = None
    settled: bool = False
    gone: bool = False
    seen: int = 0

    def __post_init__(self) -> None:
        self.chat = Chat(self.talks.services)

    @property
    def where(self) -> str:
        """For a message: which conversation of whom went wrong, with what was said in it."""
        said = [turn.said[:60] for turn in self._kept()[1]]
        return f"{self.talks.customer} ({self.setting}), conversation {self.session.conversation_id}: {said}"

    async def converse(self, length: int) -> None:
        """One conversation of so many turns."""
        self.session = self.chat.open(self.talks.customer)
        self.last = None
        first = self._kept()[1][0].reply
        assert first == self.session.greeting
        assert MACHINE.search(first), first
        for _ in range(length):
            if self.dice.random() < RESUMED:
                self._resume()
            before = self.session.state.copy()
            message = self._draw()
            reply = await self.chat.turn(self.session, message.text)
            self._check(message, before, reply)
            self.last = message

    def _draw(self) -> Message:
        """The next message; who wants to cancel often insists, and who is asked often answers."""
        pool = self.pool if self.dice.random() < 0.8 else self.rest
        if self.last is not None and self.last.kind == "cancels" and self.dice.random() < 0.5:
            pool = [message for message in self.pool if message.kind == "cancels"]
        elif self.session.state["pending"] and self.dice.random() < 0.4:
            pool = [message for message in self.pool if message.kind in ("agrees", "refuses")]
        return self.dice.choice(pool)

    def _kept(self) -> tuple[ConversationView, list[TurnView]]:
        with self.talks.store.read() as session:
            found = ConversationRepository(session)
            return found.get(self.session.conversation_id), found.last_turns(self.session.conversation_id)

    def _resume(self) -> None:
        """As after a restart: the store alone tells how far the conversation is."""
        kept, _ = self._kept()
        if kept.state is ConversationState.CLOSED:
            return
        resumed = self.chat.open(self.talks.customer, resume=True)
        assert resumed.conversation_id == self.session.conversation_id
        assert resumed.turns == self.session.turns
        assert resumed.state.slots == self.session.state.slots
        self.session = resumed

    def _check(self, message: Message, before: DialogueState, reply: Reply) -> None:
        assert reply.recorded
        assert reply.text.strip()
        assert reply.guard["verdict"] == "release", self.where
        assert not DENIAL.search(reply.text), (reply.text, self.where)
        self._check_store(message, reply)
        self._check_offers(before, reply)
        self._check_rights(message, before, reply)
        assert not (before["handed_off"] and "hand_off" in did([reply])), self.where

    def _check_store(self, message: Message, reply: Reply) -> None:
        """What is in memory is what is in the store, and nothing else."""
        kept, turns = self._kept()
        assert kept.slots == reply.slots == self.session.state.slots, self.where
        assert kept.turns == reply.turn == self.session.turns == turns[-1].number
        assert turns[-1].reply == reply.text
        assert "".join(turns[-1].said.split()) in "".join(message.text.split()) or message.kind == "odd"
        assert kept.state in (
            (ConversationState.HANDED_OFF,) if reply.handoff else (ConversationState.OPEN, ConversationState.CLOSED)
        )

    def _check_offers(self, before: DialogueState, reply: Reply) -> None:
        """No offer where none may be made; one offer at most; every one of them can be skipped."""
        done, outcomes = did([reply]), [kind for kind, _ in self.talks.outcomes()]
        closed = (
            self.settled
            or self.setting in NO_OFFERS
            or any(before[slot] for slot in ("cancelled", "opted_out", "erasure_requested", "bereaved", "handed_off"))
        )
        if closed:
            assert before["offer"] != "none" or reply.slots["offer"] == "none", self.where
            assert OutcomeKind.ACCEPTED not in outcomes[self.seen :], self.where
        if reply.slots["offer"] == "none":
            assert [figure for figure in FIGURES if figure in reply.text] == [], (reply.text, self.where)
        taken_back = before["offer"] == "accepted" and "decline_offer" in done
        wanted_again = before["offer"] == "declined" and "present_offer" in done
        if wanted_again and reply.slots["offer"] == "declined":
            # What stands no longer is not described again.
            assert [figure for figure in FIGURES if figure in reply.text] == [], (reply.text, self.where)
        elif wanted_again:
            assert reply.slots["offer"] == "presented", self.where
            assert not closed, self.where
        elif before["offer"] in ("accepted", "declined"):
            assert reply.slots["offer"] == ("declined" if taken_back else before["offer"]), self.where
        if reply.slots["offer"] == "presented" and reply.slots["cancel_requested"] and "present_offer" in done:
            assert "cancel" in reply.text.lower(), (reply.text, self.where)
        assert outcomes.count(OutcomeKind.CANCELED) <= 1
        self.seen = len(outcomes)
        self.gone = self.gone or OutcomeKind.CANCELED in outcomes

    def _check_rights(self, message: Message, before: DialogueState, reply: Reply) -> None:
        """A person, leaving, an end to messages, and the truth about who writes: when they are asked for."""
        if message.kind == "person":
            assert reply.handoff, self.where
        if message.kind == "opt_out":
            assert reply.slots["opted_out"], self.where
            assert SuppressionReason.OPT_OUT in self.talks.suppressions(), self.where
        if message.kind == "cancels":
            twice = self.last is not None and self.last.kind == "cancels"
            assert reply.slots["cancelled"] or (not twice and "cancel" in reply.text.lower()), self.where
            assert not (twice and "present_offer" in did([reply])), self.where
        if message.kind == "asks_bot":
            assert MACHINE.search(reply.text) or "hand_off" in did([reply]), (reply.text, self.where)
        assert reply.slots["cancelled"] == self.gone, self.where


class Company:
    """Random customers of a company, each of whom talks twice; an offer is decided before either conversation."""

    def __init__(self, talks: Talks, dice: random.Random) -> None:
        self.talks, self.dice = talks, dice

    def talk(self, turns: int) -> int:
        """So many turns or a few more, fewer where there are no more customers; returns how many it were."""
        store = self.talks.store
        with store.read() as session:
            rows = customer_rows(session, customer_keys(session, CustomerFilter()))
        names = [row.customer_id for row in rows if row.plan and row.monthly_revenue][:CUSTOMERS]
        pool, rest, done = messages(), others(), 0
        for name in names:
            setting = self.dice.choice(SETTINGS)
            walk = Walk(Talks(self.talks.services, name), setting, self.dice, pool, rest)
            for talk in range(2):
                if done >= turns:
                    return done
                if walk.gone:
                    break
                self._decide(walk, talk)
                length = self.dice.randint(1, LONGEST)
                asyncio.run(walk.converse(length))
                done += length
        return done

    def _decide(self, walk: Walk, talk: int) -> None:
        """What was decided for this customer, and what was said to it before."""
        talks, setting = walk.talks, walk.setting
        kinds = {kind for kind, _ in talks.outcomes()}
        walk.settled = bool(kinds & {OutcomeKind.ACCEPTED, OutcomeKind.DECLINED, OutcomeKind.CANCELED})
        walk.settled = walk.settled or bool(talks.suppressions())
        if setting == "none":
            return
        # Of two decisions of the same moment the one that comes first by name stands: the newer one here.
        name = f"dec-{'ba'[talk]}-{talks.customer}"
        terms: DecisionTerms = replace(OFFERS.get(setting, DISCOUNT), decision_id=name)
        if setting == "expired":
            terms = replace(terms, valid_until=TODAY.replace(year=2025))
        talks.decide(
            terms,
            arm=Arm.HOLDOUT if setting == "held out" else Arm.TREATED,
            blocked_by="cooldown" if setting == "blocked" else None,
        )
        with talks.store.write() as session:
            contacts = ContactRepository(session)
            if setting == "suppressed":
                contacts.suppress(talks.customer, SuppressionReason.COMPLAINT, NOW, "test")
            elif setting == "opted out":
                contacts.suppress(talks.customer, SuppressionReason.OPT_OUT, NOW, "test")
            elif setting == "not consenting":
                contacts.record_consent(talks.customer, Channel.CHAT, ConsentStatus.DENIED, "test", NOW)


def talk_at_random(new_talks: Callable[[], Talks], turns: int) -> None:
    """So many turns at random companies."""
    dice, done = random.Random(SEED), 0
    while done < turns:
        done += Company(new_talks(), dice).talk(turns - done)


def resumed_and_not(new_talks: Callable[[], Talks], lines: list[str]) -> tuple[list[Reply], list[Reply]]:
    """The replies in a conversation that goes on, and in one that is opened again before every line."""
    straight, torn = new_talks(), new_talks()
    for talks in (straight, torn):
        talks.decide()
        talks.open()
    for line in lines:
        straight.say(line)
        torn.open(resume=True)
        torn.say(line)
    return straight.replies, torn.replies


def test_a_conversation_goes_on_alike_after_every_restart(new_talks: Callable[[], Talks]) -> None:
    lines = ["what is my plan?", "which plan am I on?", "and what plan do I have?", "until when is it paid?"]
    straight, torn = resumed_and_not(new_talks, lines)
    assert did(torn) == did(straight)


def test_the_words_are_the_same_after_every_restart(new_talks: Callable[[], Talks]) -> None:
    straight, torn = resumed_and_not(new_talks, ["hello", "what is my plan?", "it is too expensive", "no thanks"])
    assert [reply.text for reply in torn] == [reply.text for reply in straight]


def test_a_cancellation_is_known_to_the_next_conversation(talks: Talks) -> None:
    talks.say("I want to cancel", "yes", "bye")
    talks.open()
    (asked,) = talks.say("I want to cancel")
    assert asked.slots["cancelled"]
    (stays,) = talks.say("I changed my mind, I'll stay")
    assert stays.handoff
    assert [kind for kind, _ in talks.outcomes()] == [OutcomeKind.CANCELED]


def test_there_are_hundreds_of_messages_of_all_kinds() -> None:
    assert len({message.text for message in messages()}) >= 240
    assert len({message.kind for message in messages()}) >= 15
    assert len(others()) >= 800


def test_the_rights_of_customers_hold_over_random_turns(new_talks: Callable[[], Talks]) -> None:
    talk_at_random(new_talks, FEW)


@pytest.mark.slow
def test_the_rights_of_customers_hold_over_many_random_turns(new_talks: Callable[[], Talks]) -> None:
    talk_at_random(new_talks, MANY)
