"""Phrasings that are in no training file: what must be heard, and what only sounds like it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from analytics.language.intents import IntentRecogniser
from analytics.language.rules import SAFETY_RULES, judge
from analytics.language.training.texts import intent_examples, plain_intent_examples

HEARD = {
    "cancel": """
        I think it is time for us to part ways, please end the agreement
        can you tell me the steps for terminating
        pull my subscription
        I am not paying another cent, close the account
        we won't be staying with you beyond December
        please make sure that my plan does not continue after the 31st
        I'd like to opt out of my contract
        kill my account
        get rid of my subscription
        I want to stop being a customer
        im done with this company, how do i get out
        what's the procedure for closing an account
        is there a form to end the membership
        just end it
        want to leave you guys
        pls stop my plan from next month
        I hereby terminate the contract
        My decision is final: I am cancelling.
        we have decided not to continue
        I would like to cancel but the website does not let me
        Please arrange for my service to be discontinued
        I'm writing to end my relationship with your company
        can you shut everything down for me
        I won't renew
        we are switching off your service at the end of March
        I want my money back and my contract ended
        take me off the plan, I'm leaving
        how can I end this
        I would like to quit my membership
        tell me how to get rid of this subscription
        please confirm that my account will be closed
        I am no longer interested in being subscribed
        stop my membership today
        Cancel my acct
        need to terminate asap
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
        is there a number I can ring to talk with someone
        this is going nowhere, I'd like a person
        pass me to your colleague
        I want somebody from the complaints team
        no more bot please
        can a real employee look at this
        could you get a human to answer
        speak with representative
        I demand to speak to the person in charge
        let me chat with a human agent
        I need help from an actual human
        how can I contact a member of your team
        let me have a word with your boss
        I require assistance from a person
        any humans here?
        is it possible to speak with support staff
        put a human on
        I'd rather talk to someone
        get your manager
        I wish to be transferred to customer care
        connect me with a real agent
        talk to a rep
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
        too many emails, make it stop
        I don't wish to hear from you again
        please exclude me from your campaigns
        delete my email from the newsletter
        I did not agree to receive this, stop
        you may not use my number for advertising
        do not ring me ever again
        please take my number off your calling list
        I'm not interested in receiving your promotions
        kindly unsubscribe
        enough with the texts
        cease all communication
        you keep emailing me, stop it
        I no longer want these newsletters
        no further emails please
        remove this address from all mailings
        do not message me on weekends or ever
        I never want to get another text from you
        please stop all promotions
        don't send me any adverts
        I opt out
        take me off
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
        get rid of all the info you have on me
        I want to be erased from your database
        please delete my information permanently
        have my personal data removed
        what must I do so that you delete my data
        clear my personal details from your files
        you must erase my records according to gdpr
        remove every trace of me
        please erase what you stored about me
        delete all information related to my person
        I'd like to have my data wiped
        could you remove my profile from your system
        I want all traces of my account data gone
        please forget everything about me
        destroy all of my files
        I invoke my right to erasure
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


ORDINARY = """
    I love that I can cancel anytime
    my neighbour cancelled his contract with you
    the cancellation fee is outrageous
    the agent told me it would be fixed
    I'm a person of few words
    stop the music please
    my email is not working
    which data do you keep about me
    can I end the call now
    I do not want to stop my plan
    the picture stops every minute
    please don't stop sending me the newsletter
    leave the parcel with my neighbour
    we left the house at nine
    the person who came was great
    I would never leave you
    quit the menu
    is it possible to close the ticket
    please close my ticket
    I need to end my day early
    remove the sports pack
    delete the second user from my plan
    call me back please
    text me when the engineer is on the way
    send me an email with the offer
    I want my emails back
    I need to speak about my bill
    my data usage is high
    forget it
    forget my last message
    my landlord ended the lease
    how long until you close today
    I can't close the app
    the customer before me in the queue was rude
    I have spoken to a very friendly agent
    do people work there on Sundays
    is the person from yesterday available on Friday to install it
    we stopped at your shop
    the mail you sent was helpful
    please send me the text again
    stop by at my house on Tuesday
    how much data is in my plan
    delete the duplicate order
    my information leaflet never arrived
    update my personal details
    please change my personal information
    why was my account closed
    you closed my ticket too early
    I hope you never discontinue this plan
    please end the suspense and tell me the price
    """


def lines(table: dict[str, str]) -> list[tuple[str, str]]:
    return [(intent, line.strip()) for intent, block in table.items() for line in block.splitlines() if line.strip()]


@pytest.mark.parametrize(("intent", "text"), lines(HEARD))
def test_a_safety_critical_request_is_heard(intent: str, text: str, shipped_intents: IntentRecogniser) -> None:
    assert intent in {found.name for found in shipped_intents.predict_many([text])[0]}


@pytest.mark.parametrize(("intent", "text"), lines(NOT_HEARD))
def test_what_only_sounds_like_it_is_left_alone(intent: str, text: str, shipped_intents: IntentRecogniser) -> None:
    assert intent not in {found.name for found in shipped_intents.predict_many([text])[0]}


@pytest.mark.parametrize("text", [line.strip() for line in ORDINARY.splitlines() if line.strip()])
def test_ordinary_talk_raises_no_alarm(text: str, shipped_intents: IntentRecogniser) -> None:
    names = {found.name for found in shipped_intents.predict_many([text])[0]}
    assert not names & {rule.intent for rule in SAFETY_RULES}


@pytest.mark.parametrize("intent", [rule.intent for rule in SAFETY_RULES])
def test_rules_alone_find_most_and_confuse_few(intent: str) -> None:
    examples = plain_intent_examples()
    own = [intent in judge(text).found for text in examples[intent]]
    others = [
        text for name, texts in examples.items() if name != intent for text in texts if intent in judge(text).found
    ]
    assert sum(own) / len(own) >= 0.75
    assert len(others) <= 12, others


def people() -> Iterator[tuple[bool, str]]:
    """Whether a line asks for a person, and the line: asking for one, and speaking of people, in many voices."""
    document = yaml.safe_load((Path(__file__).parent / "people.yaml").read_text(encoding="utf-8"))
    for label, kinds in document.items():
        for block in kinds.values():
            yield from ((label == "human_request", text) for text in block.splitlines())


def test_who_asks_for_a_person_is_told_from_who_speaks_of_people(shipped_intents: IntentRecogniser) -> None:
    asked, texts = zip(*people(), strict=True)
    found = ["human_request" in {intent.name for intent in intents} for intents in shipped_intents.predict_many(texts)]
    missed = [text for text, asks, heard in zip(texts, asked, found, strict=True) if asks and not heard]
    false = [text for text, asks, heard in zip(texts, asked, found, strict=True) if heard and not asks]
    assert len(missed) <= 0.05 * sum(asked), missed
    assert len(false) <= 0.02 * (len(asked) - sum(asked)), false


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("let me tlak to a preson", True),
        ("conect me with sombody from your team", True),
        ("I'd like a word with one of your technicians", True),
        ("the technician never came", False),
        ("I don't need a human", False),
        ("my boss pays the bill", False),
        ("without a person this makes no sense", False),
    ],
)
def test_roles_and_typing_slips_are_known_and_refusals_are_no_wishes(text: str, asks: bool) -> None:
    assert ("human_request" in judge(text).found) == asks


def test_phrasings_of_these_tests_are_not_in_training() -> None:
    trained = {text.lower().strip(" .!?") for texts in intent_examples().values() for text in texts}
    overlap = {text for _, text in lines(HEARD) if text.lower().strip(" .!?") in trained}
    assert overlap <= {"STOP", "AGENT", "CANCEL!!!", "forget me"}
