"""A figure that the customer asked for may be named to turn it down, and for nothing else."""

import pytest

from tests.bot.generation.guard.corpus import rules

# The customer of this scenario wrote: "40 euros is too much, I want 50% off".


@pytest.mark.parametrize(
    "text",
    [
        "Half price isn't something I'm able to offer.",
        "I can't stretch to 50%, Anna.",
        "We cannot give you 50% off Fibre 500.",
        "A reduction of 50% is not possible.",
        "I'm not able to cut the price in half.",
        "Fifty percent is out of reach.",
    ],
)
def test_what_was_asked_for_may_be_declined(text: str) -> None:
    assert rules(text, decision="none") == []


@pytest.mark.parametrize(
    "text",
    [
        "I can't refuse you 50% off.",
        "We can't give you less than 50% off.",
        "I can't offer everyone this, 50% off for you.",
        "We cannot give you 50% off until Monday.",
        "I can't do 50% off on the phone but here I can.",
        "I can't do 50% off. Yes, you get it.",
        "We cannot do better than 50%.",
        "Why wouldn't we give you 50% off?",
        "We can't give you 60% off.",
        "I can't wait to give you 50% off.",
        "It isn't possible to stop us: 50% off.",
        "You can't pay 40 euros any more.",
        "50% off is not too much to ask.",
    ],
)
def test_a_refusal_that_turns_into_an_offer_is_refused(text: str) -> None:
    assert rules(text, decision="none")
