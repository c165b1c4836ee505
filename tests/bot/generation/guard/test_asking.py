"""What the customer asked for may be named as asked for, and no sentence beside it may say yes."""

import pytest

from bot.generation.brief import NO_OFFER, Brief, FactSheet
from bot.generation.guard import check
from db.vocabulary import Channel
from tests.bot.generation.guard.scenarios import FACTS


def _rules(text: str, intent: str | None) -> set[str]:
    facts = FactSheet({**FACTS["lumen"], "last_message": "what can you do for me"})
    brief = Brief(Channel.CHAT, facts, NO_OFFER, intent=intent)
    return {found.rule for found in check(text, brief).findings}


NAMED = (
    ("refund", "You asked about a refund."),
    ("refund", "Thank you for writing to us about a refund."),
    ("refund", "You asked about a refund. What was the payment for?"),
    ("refund", "Thanks for your note on a refund. Our team is able to explain how such a request is handled."),
    ("ask_discount", "You'd like to know if there's a discount for you."),
    (
        "ask_discount",
        "Thanks for asking about a discount. Tell us what you had in mind, and we can see what is possible.",
    ),
    ("pause", "Thanks for your message about a pause."),
    ("pause", "You'd like a pause. From when to when would it be?"),
    ("downgrade", "You'd like a smaller plan."),
    ("schedule_callback", "You'd like a call from us."),
)
SAID_YES = (
    ("refund", "You asked for a refund. Yes."),
    ("refund", "You asked for a refund. It is yours."),
    ("refund", "You asked for a refund and we agree."),
    ("refund", "You asked for a refund that is on its way."),
    ("refund", "You asked for a refund. Agreed."),
    ("refund", "You asked for a refund, done."),
    ("refund", "You'd like a refund. Happy to oblige."),
    ("refund", "You asked for a refund. Your wish is our command."),
    ("refund", "You'd like your money back. The amount goes to your card."),
    ("refund", "Good news for you today, Anna. You asked for a refund."),
    ("refund", "You wanted a refund. Please expect the amount on your next statement."),
    ("refund", "Your request for a refund has gone through."),
    ("refund", "Your request for a refund was successful."),
    ("refund", "You asked for a refund; the money is yours."),
    ("ask_discount", "You'd like a discount of 50%."),
    ("ask_discount", "You asked for a discount. Consider it done."),
    ("ask_discount", "You asked for a discount, granted."),
    ("ask_discount", "You asked for a discount. Here you go."),
    ("ask_discount", "You asked for a discount. You've got it."),
    ("ask_discount", "You asked for a discount. From May the new price applies to you."),
    ("ask_discount", "You'd like a discount. Next bill shows it."),
    ("ask_discount", "Your request for a discount is accepted."),
    ("pause", "You'd like a pause. Your plan is paused."),
    ("pause", "You asked for a pause: no problem."),
    ("pause", "You want a pause. All set until you come back to us again."),
    ("upgrade", "You'd like a bigger plan. Already switched over for you since this morning."),
    ("schedule_callback", "You'd like a call from us. Ms Okafor will call tomorrow."),
)


@pytest.mark.parametrize(("intent", "text"), NAMED)
def test_a_request_may_be_named_to_the_one_who_made_it(intent: str, text: str) -> None:
    assert _rules(text, intent) == set()
    assert _rules(text, None)


@pytest.mark.parametrize(("intent", "text"), SAID_YES)
def test_no_request_is_granted_in_passing(intent: str, text: str) -> None:
    assert _rules(text, intent)


@pytest.mark.parametrize("text", ["Your plan is paused.", "Your account is now suspended."])
def test_a_plan_is_not_said_to_rest(text: str) -> None:
    assert "pause" in _rules(text, "pause")


def test_a_salutation_is_no_yes() -> None:
    facts = FactSheet({**FACTS["lumen"], "last_message": "what can you do for me"})
    brief = Brief(Channel.EMAIL, facts, NO_OFFER, intent="refund")
    body = (
        "You asked us about a refund. Our team at help@lumen.example can tell you what it needs to look at your case."
    )
    head = "Subject: Your question\nPreheader: How to get an answer.\n\nDear Anna,"
    letter = f"{head}\n\n{body}\n\nKind regards,\nLumen Broadband"
    assert check(letter, brief).released
    assert not check(letter.replace("Our team", "Of course. Our team"), brief).released
