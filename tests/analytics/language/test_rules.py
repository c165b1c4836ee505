"""Phrasings that are in no training file: what must be heard, and what only sounds like it."""

import pytest

from analytics.language.intents import IntentRecogniser
from analytics.language.rules import SAFETY_RULES, judge
from analytics.language.training.texts import intent_examples

HEARD = {
    "cancel": """
        Could you tell me how to end my subscription?
        I've had enough, cancel the whole thing
        please terminate our agreement at the next possible date
        I'd like my account closed
        we would like to stop our plan
        I am leaving for good, close my line
        can you cancel my membership effective today
        I want out of this contract
        do not renew my subscription
        I no longer want to be your customer
        Cancel please
        CANCEL!!!
        I wish to give notice
        how do i go about cancelling
        i need to get rid of this and cancel
        let me cancel
        why won't you let me cancel my plan
        I can't cancel online, please do it for me
        we decided to quit
        want my plan terminated
        Ich kündige meinen Vertrag
        je souhaite résilier mon abonnement
        quiero darme de baja
        I don't need this service anymore
        cancel my subscripton plese
        I'm going to cancel if this happens again
        Thanks for the help so far, but I would like to cancel my contract now.
        stop the subscription from January
        """,
    "human_request": """
        could I please speak to one of your people
        let me talk to a human being
        I'd like to speak with your supervisor
        get me a real person
        I want a human
        put me through to an agent now
        is there someone I can talk to
        connect me to a representative please
        AGENT
        I don't want to talk to a bot
        can a member of staff call or chat with me? I want to speak to a person
        transfer me to somebody competent
        I need to speak to someone about the bill
        Kann ich mit einem Mitarbeiter sprechen
        puis-je parler à un conseiller
        quiero hablar con una persona
        hand me over to a colleague
        please escalate this to a manager
        """,
    "opt_out": """
        please stop emailing me
        no more marketing emails
        take my name off your mailing list
        I don't want to receive your newsletter
        stop with the text messages
        UNSUBSCRIBE ME
        I'd like to opt out of all promotions
        don't contact me any more
        never call me again
        I revoke my consent to advertising
        I object to the use of my data for direct marketing
        can you stop these calls
        leave us alone
        remove me from all your lists
        stop sending offers
        please do not text me
        keine Werbung mehr bitte
        STOP
        """,
    "data_erasure": """
        please delete all the data you hold about me
        I want my personal information erased
        use my right to be forgotten
        erase me from your systems
        remove all my personal details from your database
        I am requesting deletion of my data under the GDPR
        wipe my records
        delete everything you have on me
        bitte löschen Sie meine Daten, meine Daten löschen
        forget me
        I don't want you to store my data
        """,
}

NOT_HEARD = {
    "cancel": """
        I don't want to cancel
        I do not intend to cancel my plan
        please don't cancel my account
        I never asked to cancel
        we're not leaving
        cancel my appointment with the technician
        please cancel the engineer visit on Monday
        can you cancel my order
        the technician cancelled twice
        they cancelled my favourite show
        cancel the newsletter
        I want to keep my plan, not cancel it
        undo the cancellation
        when does my contract end
        my internet stops every evening
        does the headset have noise cancelling
        how much is the premium plan
        the service is great
        I'd rather downgrade than cancel
        what can you do without cancelling
        """,
    "human_request": """
        are you a real person
        am I talking to a human
        is this a bot
        I don't need to talk to anyone
        I already spoke to an agent yesterday
        the agent was very kind
        my son is a nice person
        the manager of my building has a question about cables
        """,
    "opt_out": """
        why did I stop getting your confirmation emails
        nobody answers my emails
        stop charging me
        my internet stops working
        please do not unsubscribe me
        can I get your newsletter
        I can't send emails
        call me tomorrow
        what offers do you have
        I don't want your offer
        """,
    "data_erasure": """
        how much data do I have left
        remove the data add-on
        the update deleted my recordings
        please do not delete my account data
        can you remove my old card details
        don't forget me when the offer comes back
        I want a bigger data plan
        change my address
        """,
}


def lines(table: dict[str, str]) -> list[tuple[str, str]]:
    return [(intent, line.strip()) for intent, block in table.items() for line in block.splitlines() if line.strip()]


@pytest.mark.parametrize(("intent", "text"), lines(HEARD))
def test_a_safety_critical_request_is_heard(intent: str, text: str, shipped_intents: IntentRecogniser) -> None:
    assert intent in {found.name for found in shipped_intents.predict_many([text])[0]}


@pytest.mark.parametrize(("intent", "text"), lines(NOT_HEARD))
def test_what_only_sounds_like_it_is_left_alone(intent: str, text: str, shipped_intents: IntentRecogniser) -> None:
    assert intent not in {found.name for found in shipped_intents.predict_many([text])[0]}


@pytest.mark.parametrize("rule", SAFETY_RULES, ids=lambda rule: rule.intent)
def test_rules_alone_find_most_and_confuse_few(rule: object) -> None:
    intent = getattr(rule, "intent")  # noqa: B009 - parametrised as object
    examples = intent_examples()
    own = [intent in judge(text).found for text in examples[intent]]
    others = [
        text for name, texts in examples.items() if name != intent for text in texts if intent in judge(text).found
    ]
    assert sum(own) / len(own) >= 0.75
    assert len(others) <= 12, others


def test_phrasings_of_these_tests_are_not_in_training() -> None:
    trained = {text.lower().strip(" .!?") for texts in intent_examples().values() for text in texts}
    overlap = {text for _, text in lines(HEARD) if text.lower().strip(" .!?") in trained}
    assert overlap <= {"STOP", "I revoke my consent to advertising", "AGENT", "forget me"}
