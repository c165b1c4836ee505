"""The panels beside a conversation: what was understood and done, what may be offered, what is remembered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from textual.content import Content

from bot.tui.portrait import terms_in_words
from bot.tui.wording import MOOD_SIGNS, MOOD_STYLES, MOOD_WORDS, clip, facts, lines, offer, one_line, risk, words
from db.vocabulary import Candidate, Decision, OfferType, Sentiment

if TYPE_CHECKING:
    from bot.tui.chatting import Risk
    from bot.tui.talk import Proposal, Reply

PANELS = (
    ("understood", "Understood"),
    ("risk", "Risk"),
    ("done", "Done"),
    ("guard", "Guard"),
    ("allowed", "May be offered"),
    ("slots", "Remembered"),
    ("others", "Not to be offered"),
)
WIDTH = 34
UNREAD = "unread"
NOTHING_BECAUSE = {
    "no_decision": "nothing has been decided for this customer",
    "holdout": "the customer is held out to measure the effect of offers",
    "nothing_decided": "no offer is worth its cost, or a rule forbids it",
    "expired": "the decided offer was valid until a day that is over",
    "not_active": "the customer has left",
    "consent_denied": "the customer has not agreed to be contacted about offers",
    "no_consent": "the customer has not agreed to be contacted about offers",
    "life_event": "the customer told us of a life event",
    "settled": "the customer has answered the decided offer",
    "contact_limit": "there were as many contacts as the policy allows",
    "quiet_hours": "it is too late or too early where the customer lives",
    "offer_cooldown": "a like offer was made not long ago",
    "price_cooldown": "an offer on the price was made not long ago",
    "declined": "the customer declined a like offer not long ago",
    "not_scored": "the risk of this customer is not known",
    "budget": "the budget for offers is spent",
    "offer_volume": "this offer has been made as often as it may be",
    "bereaved": "the customer told us of a death",
    "cancelled": "the customer has cancelled",
    "opted_out": "the customer wants no more messages",
    "erasure_requested": "the customer wants to be forgotten",
    "handed_off": "the conversation waits for a person, or is with one",
    UNREAD: "what may be offered could not be read from the store",
}
"""What keeps an offer from being made, by the rule that does, as it goes on after `Nothing:`."""

MOODS_SHOWN = 12
OTHERS_SHOWN = 3


@dataclass(slots=True)
class View:
    """What is shown beside a conversation; grows turn by turn."""

    decision: Decision | None = None
    no_offer_because: str | None = None
    before: "Risk | None" = None
    now: "Risk | None" = None
    reply: "Reply | None" = None
    proposal: "Proposal | None" = None
    moods: list[str] = field(default_factory=list)
    offers: Mapping[str, str] = field(default_factory=dict)

    def take(self, reply: "Reply") -> None:
        """A turn is over."""
        self.reply, self.proposal = reply, None
        self.moods.append(reply.sentiment or "")

    def propose(self, proposal: "Proposal") -> None:
        """A person is about to answer."""
        self.proposal = proposal


def panels(view: View) -> dict[str, Content]:
    """All panels by name; before the first turn only the risk and the offer are known."""
    waiting = Content.styled("after the first message", "$quiet")
    found = {name: waiting for name, _ in PANELS}
    found["risk"] = _risk(view)
    found["allowed"] = allowed(view.decision, view.no_offer_because, view.offers)
    found["others"] = others(view.decision, view.offers)
    reply = view.reply
    if reply is not None:
        found["understood"] = _understood(reply.intent, reply.sentiment, view.moods)
        found["done"] = _done(reply.actions)
        found["slots"] = _slots(reply.slots)
        found["guard"] = _guard(reply.guard)
    if view.proposal is not None:
        proposal = view.proposal
        found["understood"] = _understood(proposal.intent, proposal.sentiment, [*view.moods, proposal.sentiment])
        found["done"] = lines([_action(name) for name in proposal.actions] or ["nothing"])
    return found


def _understood(intent: str | None, sentiment: str | None, moods: Sequence[str]) -> Content:
    return facts([("wants", words(intent)), ("mood", _mood(sentiment)), ("so far", _moods(moods))], width=6)


def _moods(moods: Sequence[str]) -> Content:
    """The moods of the last messages, newest last."""
    known = [Sentiment(name) for name in moods[-MOODS_SHOWN:] if name in set(Sentiment)]
    return Content(" ").join([Content.styled(MOOD_SIGNS[mood], MOOD_STYLES[mood]) for mood in known])


def _risk(view: View) -> Content:
    """The risk when the conversation began and with what was said since."""
    if view.before is None and view.now is None:
        return Content.styled("not scored yet", "$quiet")
    rows = []
    if view.before is not None:
        rows.append(("before", risk(view.before.band, view.before.probability)))
    if view.now is not None:
        rows.append(("now", risk(view.now.band, view.now.probability)))
    return facts(rows, width=6)


def _done(actions: Sequence[Any]) -> Content:
    if not actions:
        return Content("nothing")
    spent = [item.get("ms") for item in actions if isinstance(item, Mapping)]
    known = [one for one in spent if isinstance(one, int | float)]
    rows = [_action(item) for item in actions]
    if len(known) > 1:
        rows.append(Content.assemble(clip("together", WIDTH - 10), (f"{sum(known):7.1f} ms", "$quiet")))
    return lines(rows)


def allowed(decision: Decision | None, no_offer_because: str | None, names: Mapping[str, str]) -> Content:
    """What the bot may offer in this conversation now, or what keeps it from offering anything."""
    if decision is None or no_offer_because is not None:
        return Content(f"Nothing: {_because(no_offer_because or 'no_decision')}.")
    if decision.terms.offer_type is OfferType.NONE:
        return Content(f"Nothing: {_because('nothing_decided')}.")
    return lines(
        [
            Content.styled(offer(decision.offer_code, names), "bold"),
            terms_in_words(decision.terms.as_json()),
            *(f"· {one_line(condition)}" for condition in decision.terms.conditions),
        ]
    )


def _because(rule: str) -> str:
    """A rule in words; one that is not known here is named."""
    kind = rule.partition(":")[0]
    if kind == "suppressed":
        return f"the customer must not be contacted ({words(rule.partition(':')[2])})"
    return NOTHING_BECAUSE.get(rule) or f"a rule forbids it ({words(rule)})"


def others(decision: Decision | None, names: Mapping[str, str]) -> Content:
    """What a rule keeps the bot from offering, and why."""
    if decision is None:
        return Content.styled("nothing", "$quiet")
    removed = [one for one in decision.candidates if one.removed_by and one.offer_code != decision.offer_code]
    return lines([_not_offered(one, names) for one in removed[:OTHERS_SHOWN]] or [Content.styled("nothing", "$quiet")])


def _not_offered(candidate: Candidate, names: Mapping[str, str]) -> Content:
    why = one_line(candidate.explanation) or words(candidate.removed_by)
    return Content.assemble(offer(candidate.offer_code, names), (f": {why}", "$quiet"))


def _mood(name: str | None) -> Content:
    try:
        mood = Sentiment(name or "")
    except ValueError:
        return Content(words(name))
    return Content.styled(f"{MOOD_SIGNS[mood]} {MOOD_WORDS[mood]}", MOOD_STYLES[mood])


def _action(item: Any) -> Content:
    """An action as a conversation reports it: a name, a pair with milliseconds, or an object with both."""
    name, spent = item, None
    if isinstance(item, Mapping):
        name, spent = item.get("name", ""), item.get("ms")
    elif isinstance(item, tuple | list) and len(item) == 2:
        name, spent = item
    shown = words(str(name)).removeprefix("action ")
    if not isinstance(spent, int | float):
        return Content(shown)
    return Content.assemble(clip(shown, WIDTH - 10), (f"{spent:7.1f} ms", "$quiet"))


def _slots(slots: Mapping[str, Any]) -> Content:
    kept = [
        (words(name), "yes" if value is True else one_line(value).replace("_", " ")[:18])
        for name, value in slots.items()
        if isinstance(value, str | int | float) and value not in ("", "none", False) and not name.startswith("last_")
    ]
    return facts(kept, width=17) if kept else Content.styled("nothing", "$quiet")


def _guard(guard: Mapping[str, Any]) -> Content:
    released = guard.get("verdict") == "release"
    verdict = Content.styled("released", "$text-success") if released else Content.styled("refused", "$text-error")
    found = guard.get("findings") or ()
    sentences = [item.get("message", "") if isinstance(item, Mapping) else item for item in found]
    return lines([verdict, *(f"· {one_line(sentence)}" for sentence in sentences)])
