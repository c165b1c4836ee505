"""A refusal that turns into an offer of what the customer asked for is refused, however it turns."""

import pytest

from tests.bot.generation.guard.corpus import rules

# The customer of this scenario wrote: "40 euros is too much, I want 50% off".


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
        "50% off is not too much to ask.",
        "We cannot give you 50%. My colleague will.",
        "A reduction of 50% is not possible. It is certain.",
        "50% off isn't possible, it is certain.",
        "50% off is out of reach for others.",
        "50% isn't possible at a branch.",
        "I can't give 50% off to everybody.",
        "50% is out of reach of nobody.",
        "We cannot take 50% off in one go.",
        "I can't offer 50% off publicly.",
        "No to 50%? Never.",
        "You can't pay 40 euros any more.",
    ],
)
def test_no_turn_of_a_refusal_gets_through(text: str) -> None:
    assert rules(text, decision="none")
