"""The words of one turn, action by action: the same in process and under a Rasa server, for the same conversation."""

import hashlib
from collections.abc import Sequence

from bot.dialogue.desk import Desk
from bot.dialogue.state import DialogueState
from bot.dialogue.voice import Act, Spoken, Voice, brief_for_chat
from bot.generation.brief import SURE_OF_INTENT, Brief
from bot.generation.facts import fact_sheet
from bot.generation.guard import GuardReport
from db.vocabulary import Sentiment, Verdict

NOTHING_TO_SAY: Act = ("cannot_handle", {})
"""What is said where no action of a turn had anything to say."""


BEFORE_QUESTION = frozenset({"account_dates", "is_bot", "show_account", "smalltalk", "support_contact", "welcome"})
"""What is said before an open question is asked again."""


ONLY_IN_CONTEXT = frozenset({"about_offer", "unhappy"})
"""Meanings that a message has in its context alone: what it would be without is not told to the writer."""


OF_MACHINES = frozenset({"bot_denial", "wrong_sender"})
"""Rules about who writes, which a person's own words keep by being theirs."""


def seed_of(*parts: object) -> int:
    """A number that depends on the parts alone, so that a conversation can be replayed word for word."""
    return int.from_bytes(hashlib.sha256("|".join(map(str, parts)).encode()).digest()[:4])


def joined(spoken: Sequence[Spoken]) -> Spoken:
    """Several parts of a turn as one."""
    refused = any(part.verdict is Verdict.REFUSE for part in spoken)
    return Spoken(
        " ".join(part.text for part in spoken if part.text),
        Verdict.REFUSE if refused else Verdict.RELEASE,
        tuple(text for part in spoken for text in part.written),
    )


def greet(voice: Voice, desk: Desk) -> Spoken:
    """The first words of a conversation, which say that a machine writes."""
    sheet = fact_sheet(desk.customer, desk.company, desk.today)
    seed = seed_of(desk.customer.customer_id, desk.today)
    brief = brief_for_chat(sheet, desk.terms, topic=None, mood=Sentiment.NEUTRAL, seed=seed)
    return voice.say([("greet", {})], brief)


class Speech:
    """Puts the acts of one turn into words; `number` counts the customer's messages, this one included.

    `others` are replies for the same turn: this one is worded differently where there is another wording.
    """

    def __init__(
        self,
        voice: Voice,
        desk: Desk,
        state: DialogueState,
        number: int,
        already: Sequence[str] = (),
        others: Sequence[str] = (),
    ) -> None:
        self._voice = voice
        self._desk = desk
        self._state = state
        parts = (desk.customer.customer_id, desk.today, number)
        self._seed = seed_of(*parts, len(others)) if others else seed_of(*parts)
        self._before = [*state.told(), *others]
        self.already = list(already)

    def say(self, acts: Sequence[Act]) -> Spoken:
        """The words for the acts of one action; the slots that a repetition needs are set."""
        state = self._state
        is_repeat = any(name == "again" for name, _ in acts)
        asks_later = bool(state["open_question"]) and any(name in BEFORE_QUESTION for name, _ in acts) and not is_repeat
        earlier = state["last_acts"] if state["last_seed"] == self._seed else []
        # A repetition takes the seed of what it repeats; the words “here it is again” stand before.
        seed = state["last_seed"] - 1 if is_repeat else self._seed + len(earlier)
        if acts and not is_repeat:
            state.set(last_acts=[*earlier, *([name, facts] for name, facts in acts)], last_seed=self._seed)
        spoken = self._voice.say(
            acts, self._brief(seed, acts), () if is_repeat else self._before, self.already, asks_later=asks_later
        )
        self.already.append(spoken.text)
        return spoken

    def check(self, text: str) -> GuardReport:
        """What the guard says of a reply that a person wrote for this turn: they may say that they are one, and who."""
        report = self._voice.check(text, self._brief(self._seed))
        left = tuple(found for found in report.findings if found.rule not in OF_MACHINES)
        return GuardReport(Verdict.REFUSE if left else Verdict.RELEASE, left)

    def _brief(self, seed: int, acts: Sequence[Act] = ()) -> Brief:
        """What all acts share; what was agreed is told with its terms, also after the turn that settled it."""
        state = self._state
        sheet = fact_sheet(self._desk.customer, self._desk.company, self._desk.today, said=state.said())
        mood = Sentiment(state["mood"]) if state["mood"] in list(Sentiment) else Sentiment.NEUTRAL
        intent = None if state.meant() in ONLY_IN_CONTEXT else state.read_intent(SURE_OF_INTENT)
        desk = self._desk
        of_agreed = desk.agreed is not None and any(name == "offer_accepted" for name, _ in acts)
        terms = desk.agreed if of_agreed and desk.agreed and not desk.has_offer else desk.terms
        return brief_for_chat(sheet, terms, topic=state["reason"], mood=mood, seed=seed, intent=intent)
