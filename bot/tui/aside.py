"""The panels beside a conversation: what was understood and done, what may be offered, what is remembered."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from textual.content import Content

from bot.tui.portrait import terms_in_words
from bot.tui.wording import MOOD_SIGNS, MOOD_STYLES, MOOD_WORDS, clip, facts, lines, one_line, words
from db.vocabulary import Arm, Decision, OfferType, Sentiment

if TYPE_CHECKING:
    from bot.tui.talk import Reply

PANELS = (
    ("understood", "Understood"),
    ("done", "Done"),
    ("allowed", "May be offered"),
    ("slots", "Remembered"),
    ("guard", "Guard"),
)
WIDTH = 34


def panels(reply: "Reply | None", decision: Decision | None) -> dict[str, Content]:
    """All panels by name; before the first turn only the offer is known."""
    waiting = Content.styled("after the first message", "$quiet")
    found = {name: waiting for name, _ in PANELS}
    found["allowed"] = allowed(decision)
    if reply is not None:
        found["understood"] = facts([("wants", words(reply.intent)), ("mood", _mood(reply.sentiment))], width=6)
        found["done"] = lines([_action(item) for item in reply.actions]) if reply.actions else Content("nothing")
        found["slots"] = _slots(reply.slots)
        found["guard"] = _guard(reply.guard)
    return found


def allowed(decision: Decision | None) -> Content:
    """What the newest decision lets the bot offer."""
    if decision is None:
        return Content("Nothing: nothing has been decided for this customer.")
    if decision.arm is Arm.HOLDOUT:
        return Content("Nothing: the customer is held out to measure the effect of offers.")
    if decision.terms.offer_type is OfferType.NONE:
        return Content("Nothing: no offer is worth its cost, or a rule forbids it.")
    return lines(
        [
            Content.styled(one_line(decision.offer_code).replace("-", " "), "bold"),
            terms_in_words(decision.terms.as_json()),
            *(f"· {one_line(condition)}" for condition in decision.terms.conditions),
        ]
    )


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
