"""Speaking of people without asking for one, and asking for one in like words: told apart by the shipped reading."""

import pytest

from analytics.language.intents import IntentRecogniser
from analytics.language.training.texts import intent_examples

SPEAKS_OF_PEOPLE = """
    if I wanted to talk to a person I would have called
    if I wanted a human I'd ask for one
    I'd ask if I needed an agent
    do I have to talk to an agent to cancel
    do I need to speak to someone to change my plan
    can I change it without talking to an agent
    can I do this without speaking to anyone
    I would rather type than talk to somebody
    I want to sort this out here and not talk to anyone on the phone
    please do not make me talk to an agent
    don't you dare put me through to somebody
    you do not have to get me a person
    my boss wants to speak to me about the bill
    I have to talk to my husband first
    I need to discuss it with my business partner
    let me talk to my wife about it
    I need to speak with my accountant before I decide
    I need a line to speak with staff in other offices
    I need a plan with which I can talk to people abroad
    last week I wanted to speak to a manager but it is solved
    yesterday I asked for an agent and it worked out fine
    I had to talk to an agent twice
    I was able to speak to a person on Monday
    I could talk to a real person back then
    it was good to talk to a person yesterday
    maybe later I want to talk to a person
    I might ask for a person another time
    what do your agents earn
    how many people work in support
    how do I become an agent
    I want to become a manager at your company
    I want a job as an agent, who do I write to
    is a manager paid more than an agent
    does a person read this
    do humans read these chats
    will a human see what I write
    who reads this, a person or a program
    I like that I can talk to a machine instead of a person
    I'm glad that I don't have to talk to anyone
    finally no human to argue with
    no human, please, you are fine
    no bots, no scripts, that is what your ad said
    there are no robots in my house
    I need a person to sign for the parcel
    someone needs to be home for the engineer
    do I need someone at home for the visit
    I need somebody to lift the TV
    will the technician need someone to let him in
    does someone have to be there
    I want someone to love
    I need someone to hold the ladder
    let the agent know that I was happy
    tell your agent thanks
    please tell the technician to ring the bell
    I want the manager to know how good she was
    give the agent a raise
    can you give the lady on the phone my thanks
    I want the agent I spoke to to be praised
    I'd like to thank the person who helped me
    I want to complain about an agent
    I need the name of the agent
    what was the name of the representative
    what is the supervisor's name
    is the operator of the network the same
    which operator do you use
    I want to change my account manager
    who is my account manager
    an agent wanted to sell me a plan
    the agent I got was great
    somebody should tell your designers
    I want people to stop calling me
    can someone else use my account
    can a second person use my plan
    I need to add a person to my plan
    add another person to the contract
    is there a plan for two people
    is it one plan per person
    is the price per person
    one more person in my household uses it
    my mother is a very patient person
    I'm a morning person
    I am only human
    to err is human
    as a person I find that strange
    you are more helpful than a human
    no person in their right mind would pay that
    talk to you tomorrow
    nice talking to you
    talk to me about prices
    can we talk about my bill
    can I talk to you about my contract
    I want to talk about the bill
    I want to chat with you
    thanks, no person needed
    please do not hand this over to anyone
    I'd hate to be transferred to an agent
    spare me your agents
    stay with me and do not put me through to somebody
    there's no reason to connect me with a person
    rather you than an agent
    not another agent please
    the last thing I want is to talk to an agent
    I refuse to speak to an agent
    I hate talking to people on the phone
    leave the humans out of it
    I am afraid of talking to strangers, so this chat is good
    can I transfer my contract to another person
    can I transfer the contract to a different person
    I'd like to hand the router to the technician
    can I pass the contract on to someone
    assign the line to an employee
    forward my calls to a colleague
    can the system route calls to an agent
    you can call my colleague about it
    please contact my wife or the other person on the contract
    do you have a boss
    who is your manager
    tell me a joke about an agent
    I need a joke with a human in it
    is there a person inside you
    you are almost like a person
    you write just like a human
    do you want to be a human
    I have a human name for you
    which person invented the internet
    is there a manager of the building in the contract
    my manager has to sign first
"""

ASKS_FOR_ONE = """
    I want to talk to a person now, not tomorrow
    if that does not work I want a human right now
    let me speak to a manager please
    can I talk to somebody about my bill
    could you put me through to someone in billing
    I would like a human to look at it
    I need to speak to an agent about my contract
    no more bots, I want a person
    I already spoke to an agent, now I want a manager
    do I have to beg to talk to a human? get me one
    my wife and I want to talk to a real person
    I want to complain to a manager
    can someone from your team call me, I want to speak to a human
    give me a person
    I do not want to talk to a bot
    I would rather talk to a human than to you
    please let me talk to your supervisor
    someone real please
    I need a human being
    is there anyone I can speak to
    I'd like to discuss it with one of your advisors
    connect me to an operator
    can I speak to someone who speaks Polish
    I need someone to help me, a person
    I want the manager to call me
    I'm tired of being transferred, give me a manager
    I hate this. Let me talk to an agent
    yesterday nobody helped me, I want a person
    I spoke to a bot last week, can I talk to a human
    please pass my ticket to a manager
    transfer my call to an agent
    I asked for a human twice
    can I talk to someone on Monday
    if possible I would like to talk to a person
    is there an employee who can help
    could somebody real take over
"""


def lines(block: str) -> list[str]:
    return [line.strip() for line in block.splitlines() if line.strip()]


def is_heard(text: str, recogniser: IntentRecogniser) -> bool:
    return "human_request" in {found.name for found in recogniser.predict_many([text])[0]}


@pytest.mark.parametrize("text", lines(SPEAKS_OF_PEOPLE))
def test_who_speaks_of_people_asks_for_none(text: str, shipped_intents: IntentRecogniser) -> None:
    assert not is_heard(text, shipped_intents)


@pytest.mark.parametrize("text", lines(ASKS_FOR_ONE))
def test_who_asks_for_a_person_in_like_words_is_heard(text: str, shipped_intents: IntentRecogniser) -> None:
    assert is_heard(text, shipped_intents)


def test_no_line_is_a_training_text() -> None:
    trained = {text.casefold().strip(" .!?") for texts in intent_examples().values() for text in texts}
    assert not {text for text in lines(SPEAKS_OF_PEOPLE + ASKS_FOR_ONE) if text.casefold().strip(" .!?") in trained}
