"""A customer in panels: facts, risk, reasons, mood and messages, decision, drafts; text only, no fetching."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content

from bot.dossier import timing
from bot.tui.keynames import keyed
from bot.tui.wording import (
    MOOD_SIGNS,
    MOOD_STYLES,
    MOOD_WORDS,
    bar,
    clean,
    clip,
    day,
    facts,
    hang,
    iso_day,
    lines,
    money,
    offer,
    one_line,
    risk,
    words,
)
from db.vocabulary import Arm, CustomerStatus, Direction, OfferType, Reason, Sentiment

if TYPE_CHECKING:
    from bot.dossier import Dossier
    from db.repositories.messages import MessageView

REASONS_SHOWN = 7
MESSAGES_SHOWN = 6
LONGEST = 600
"""Characters of any other text that the page shows."""

LONGEST_MESSAGE = 1_500
"""Characters of a message that the page shows."""


def title(found: "Dossier") -> Content:
    """Who this is, in one line."""
    customer = found.customer
    parts: list[Content | str | tuple[str, str]] = [
        (_start(customer.name), "bold"),
        *(() if customer.name == customer.customer_id else ("  ", (_start(customer.customer_id), "$quiet"))),
    ]
    if customer.status is CustomerStatus.CHURNED:
        parts.append((f"  left {day(customer.churned_on)}".rstrip(), "bold $text-error"))
    if found.suppressions:
        parts.append((f"  do not contact: {', '.join(map(words, found.suppressions))}", "bold $text-warning"))
    return Content.assemble(*parts)


def _start(text: object) -> str:
    """As much of a text on one line as the page shows of any: wrapping must not take long for what nobody reads."""
    return one_line(str(text)[:LONGEST])


def facts_panel(found: "Dossier", room: int) -> Content:
    """What the company knows of the customer."""
    customer = found.customer
    tenure = "" if customer.tenure_months is None else f"{customer.tenure_months:.0f} months"
    since = f"{tenure} (since {day(customer.signed_up_on)})" if tenure and customer.signed_up_on else tenure
    price = money(customer.monthly_revenue, customer.currency, cents=True)
    pairs: list[tuple[str, str | Content]] = [
        ("Plan", _start(customer.plan or "")),
        ("Pays", f"{price} a month" if price else ""),
        ("With us", since),
        ("Renews", day(customer.renewal_date)),
        ("E-mail", _start(customer.email or "")),
        ("Phone", _start(customer.phone or "")),
        ("Language", _start(customer.language or "")),
        ("Country", _start(customer.country or "")),
        ("Said on leaving", _start(customer.cancellation_reason or "")),
    ]
    pairs += [
        (_start(name).replace("_", " "), _start(value))
        for name, value in list(customer.attributes.items())[:24]
        if value not in (None, "")
    ]
    width = max([len(name) for name, value in pairs if value], default=0)
    return facts(pairs, width=max(16, min(24, width)), room=room)


def risk_panel(found: "Dossier") -> Content:
    """The forecast and what it is about in money."""
    score, unit = found.score, found.customer.currency
    if score is None:
        if found.customer.status is CustomerStatus.CHURNED:
            return Content("This customer has left; there is nothing to forecast.")
        return Content(keyed("Not forecast yet. Press {F5=app.forecast} to train, score and decide."))
    return lines(
        [
            risk(score.risk_band, score.churn_probability, 20),
            "",
            facts(
                [
                    ("Revenue at risk", money(score.revenue_at_risk, unit, cents=True) or "unknown"),
                    ("Residual value", money(score.residual_value, unit, cents=True) or "unknown"),
                    *timing(score),
                    ("As of", day(score.observation_date)),
                    ("Model", one_line(score.model_version)[:21]),
                ],
                width=16,
            ),
        ]
    )


def reasons_panel(found: "Dossier", room: int) -> Content:
    """Drivers in the model, strongest first: what raises the risk, what lowers it."""
    if not found.reasons:
        return Content("Reasons appear with the forecast.")
    strongest = sorted(found.reasons, key=lambda reason: -abs(reason.contribution))[:REASONS_SHOWN]
    largest = max(abs(reason.contribution) for reason in strongest) or 1.0
    parts = [_reason(reason, abs(reason.contribution) / largest, room) for reason in strongest]
    note = Content.styled("Drivers in the model, compared with other customers; not causes.", "$quiet")
    return lines([*parts, note])


def _reason(reason: Reason, share: float, room: int) -> Content:
    sign, style = ("▲", "$text-error") if reason.raises else ("▼", "$text-success")
    return hang(Content.styled(f"{sign} {bar(share, 6)} ", style), _start(reason.sentence), room)


def mood_panel(found: "Dossier") -> Content:
    """Mood over time, oldest left, then the messages behind it, newest first."""
    if not found.messages:
        return Content("No messages yet.")
    moods = [mood for message in reversed(found.messages) if (mood := mood_of_message(message)) is not None]
    parts: list[Content | str] = []
    if moods:
        signs = [(f"{MOOD_SIGNS[mood]} ", MOOD_STYLES[mood]) for mood in moods]
        parts.append(
            Content.assemble(("earlier ", "$quiet"), *signs, ("lately: ", "$quiet"), (MOOD_WORDS[moods[-1]], "bold"))
        )
    for message in found.messages[:MESSAGES_SHOWN]:
        parts += ["", *_message(message)]
    left = len(found.messages) - MESSAGES_SHOWN
    if left > 0:
        parts += ["", Content.styled(f"and {left} earlier", "$quiet")]
    return lines(parts)


def mood_of_message(message: "MessageView") -> Sentiment | None:
    """The likeliest mood of a message that has been read."""
    if message.negative is None:
        return None
    pairs = (
        (message.negative, Sentiment.NEGATIVE),
        (message.neutral or 0.0, Sentiment.NEUTRAL),
        (message.positive or 0.0, Sentiment.POSITIVE),
    )
    return max(pairs, key=lambda pair: pair[0])[1]


def _message(message: "MessageView") -> Iterator[Content | str]:
    mood = mood_of_message(message)
    who = "customer" if message.direction is Direction.INBOUND else "we"
    head: list[Content | str | tuple[str, str]] = [(f"{day(message.sent_at)} {who}, {message.channel.value}", "$quiet")]
    if mood is not None:
        head.append((f" {MOOD_SIGNS[mood]} {MOOD_WORDS[mood]}", MOOD_STYLES[mood]))
    if message.topic and message.topic != "other":
        head.append((f" · {words(message.topic[:LONGEST])}", "$quiet"))
    yield Content.assemble(*head)
    yield Content(clean(message.text[:LONGEST_MESSAGE]).strip() + ("…" if len(message.text) > LONGEST_MESSAGE else ""))


def decision_panel(found: "Dossier", room: int) -> Content:
    """Why this and why not that."""
    decision, unit = found.decision, found.customer.currency or ""
    if decision is None:
        return Content(keyed("Nothing has been decided yet. Press {F5=app.forecast} to train, score and decide."))
    head = "nothing" if decision.terms.offer_type is OfferType.NONE else offer(decision.offer_code, found.offer_names)
    if decision.arm is Arm.HOLDOUT:
        head = "nothing (held out)"
    parts: list[Content | str] = [
        Content.assemble(("Offer  ", "$quiet"), (_start(head), "bold"), ("  ", ""), _terms(found))
    ]
    ranked = sorted((one for one in decision.candidates if one.priority is not None), key=lambda one: -one.priority)  # type: ignore[operator]
    top = max([one.priority or 0.0 for one in ranked], default=0.0)
    names = {one.offer_code: _start(offer(one.offer_code, found.offer_names)) for one in ranked[:4]}
    wide = max(12, min(room - 24, max((cell_len(name) for name in names.values()), default=0)))
    for one in ranked[:4]:
        if one.priority is not None and one.priority > 0:
            name = clip(names[one.offer_code], wide)
            parts.append(f"  {name} {bar(one.priority / top, 8)} {money(one.priority, unit, cents=True)}")
    parts += [hang(Content.styled("· ", "$text-accent"), _start(sentence), room) for sentence in found.trace_by_name]
    parts.append(
        Content.styled(f"Decision {one_line(decision.decision_id)[:16]} of {day(decision.decided_on)}", "$quiet")
    )
    return lines(parts)


def _terms(found: "Dossier") -> Content:
    decision = found.decision
    if decision is None or decision.terms.offer_type is OfferType.NONE:
        return Content("")
    return Content.styled(terms_in_words(decision.terms.as_json()), "$quiet")


def terms_in_words(terms: dict[str, object]) -> str:
    """The terms of an offer in one line, from their JSON form."""
    unit, currency = str(terms.get("unit") or ""), str(terms.get("currency") or "") or None
    said = [words(str(terms.get("offer_type", "")))]
    value, during = terms.get("value"), terms.get("price_during")
    if isinstance(value, int | float):
        plain = {"percent": f"{value:g} %", "amount": money(value, currency, cents=True)}
        said.append(plain.get(unit, f"{value:g} {words(unit)}"))
    if isinstance(during, int | float):
        said.append(f"pays {money(during, currency, cents=True)}")
    for name, text in (
        ("duration_months", "for {} months"),
        ("duration_days", "for {} days"),
        ("to_plan", "to {}"),
        ("who", "by {}"),
        ("topic", "about {}"),
    ):
        if terms.get(name) not in (None, ""):
            said.append(text.format(one_line(terms[name])))
    if terms.get("valid_until"):
        said.append(f"until {iso_day(terms['valid_until'])}")
    return ", ".join(said)
