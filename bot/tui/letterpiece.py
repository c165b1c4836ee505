"""A draft in panels: the letter with the guard's findings marked in place; the facts and terms it may use."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from textual.content import Content

from bot.generation.letter import join_letter
from bot.tui.portrait import terms_in_words
from bot.tui.wording import STATE_WORDS, clean, day, facts, heading, iso_day, lines, money, one_line, words
from db.vocabulary import DraftState

if TYPE_CHECKING:
    from db.repositories.drafts import DraftStepView, DraftView

STATE_LOOKS = {
    DraftState.NEEDS_REVIEW: "warn",
    DraftState.APPROVED: "good",
    DraftState.REJECTED: "muted",
    DraftState.EXPORTED: "muted",
    DraftState.WITHHELD: "bad",
}
NO_ADDRESS = "none: this letter cannot leave"
FACTS_SHOWN = (
    ("plan", "Plan"),
    ("customer_since", "Customer since"),
    ("renewal_date", "Renews"),
    ("paid_until", "Paid until"),
    ("language", "Language"),
)


def letter(draft: "DraftView") -> Content:
    """The letter as the guard read it; what it objects to is underlined and explained below."""
    findings = findings_of(draft)
    text = Content(clean(join_letter(draft.subject, draft.preheader, draft.body)))
    ends = text.plain.find("\n")
    text = text.stylize("bold", 0, ends if ends > 0 else len(text.plain))
    for finding in findings:
        start, end = finding.get("start"), finding.get("end")
        if isinstance(start, int) and isinstance(end, int) and 0 <= start < end:
            text = text.stylize("bold underline $text-error", start, end)
    if not findings:
        return text
    objections = [
        Content.assemble(("✗ ", "bold $text-error"), one_line(finding.get("message", ""))) for finding in findings
    ]
    return lines([text, "", heading("The guard objects"), *objections])


def findings_of(draft: "DraftView") -> list[dict[str, Any]]:
    """The guard's findings as they are kept with the draft."""
    found = draft.guard.get("findings")
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def basis(draft: "DraftView", steps: "Sequence[DraftStepView]", offer_name: str = "") -> Content:
    """What the letter rests on: the offer, the customer's facts and words, who wrote it, what became of it."""
    return lines(_basis(draft, steps, offer_name))


def _basis(draft: "DraftView", steps: "Sequence[DraftStepView]", offer_name: str) -> Iterator[Content | str]:
    brief = draft.brief
    known = brief.get("facts") or {}
    decision = brief.get("decision") or {}
    yield heading("Decision")
    if offer_name:
        yield Content.styled(one_line(offer_name), "bold")
    yield one_line(terms_in_words(decision)) or "none"
    for condition in decision.get("conditions") or ():
        yield f"· {one_line(condition)}"
    yield Content.styled(f"Decision {one_line(draft.decision_id)[:16]}", "$quiet")
    yield ""
    yield heading("Customer")
    pairs: list[tuple[str, str | Content]] = [
        ("Name", one_line(draft.customer_name or draft.customer_id)),
        ("Id", one_line(draft.customer_id)),
        ("E-mail", one_line(draft.email or "") or Content.styled(NO_ADDRESS, "$text-error")),
    ]
    pairs += [(title, iso_day(known[name])) for name, title in FACTS_SHOWN if known.get(name) not in (None, "")]
    price = known.get("price")
    if isinstance(price, int | float):
        period = one_line(known.get("billing_period") or "month")
        pairs.append(("Pays", f"{money(price, known.get('currency'), cents=True)} a {period}"))
    pairs += [("Topic", words(brief.get("topic"))), ("Mood", words(brief.get("mood")))]
    yield facts(pairs)
    if known.get("last_message"):
        yield Content.assemble(("said ", "$quiet"), f"“{one_line(known['last_message'])}”")
    yield ""
    yield heading("Draft")
    writer = f"{one_line(draft.backend)}, variant {one_line(draft.variant)}, {draft.attempts} tried"
    yield facts([("State", STATE_WORDS[draft.state]), ("Writer", writer), ("Tone", words(brief.get("tone")))])
    for step in steps:
        reason = f": {one_line(step.reason)}" if step.reason else ""
        yield f"{day(step.at)} {one_line(step.actor)}, {STATE_WORDS[step.to_state]}{reason}"
