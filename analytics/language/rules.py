"""Phrases that must never be missed, and phrases that only look like them: a transparent layer over the model.

A customer who asks to leave, for a person, to be left alone or to be forgotten is heard whatever the model thinks.
Every pattern is read on one normalised clause (lower case, contractions written out) and has bounded gaps.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from analytics.language.text import normalise

Patterns = tuple[re.Pattern[str], ...]


def _compiled(*patterns: str) -> Patterns:
    return tuple(re.compile(pattern) for pattern in patterns)


@dataclass(frozen=True, slots=True)
class Rule:
    """An intent, the phrases that state it, and the phrases that rule it out even where the model sees it."""

    intent: str
    phrases: Patterns
    unless: Patterns


_VERB = r"(?:cancel|cancle|canel|cancell|terminate|discontinue|deactivate|close|end|quit|stop|finish|disconnect)"
_LEAVE = (
    r"(?:cancel(?:l?ing)?|leav(?:e|ing)|quit(?:ting)?|terminat(?:e|ing)|unsubscribe|resign|opt out of the contract)"
)
_THING = (
    r"(?:subscr\w+|acc?ount|contract|membership|plan|service|package|agreement|line|broadband|internet"
    r"|abonn?ement|tariff?|"
    r"policy|tv|mobile|everything)"
)
_OTHER_THING = (
    r"(?:appointments?|visit|technician|engineer|installer|installation|newsletters?|e-?mails?|orders?|booking"
    r"|callback|"
    r"call|meeting|delivery|request|ticket|reservation|flight|marketing|add-on|pack|alarm)"
)
_PERSON = (
    r"(?:human|person|people|agent|representative|rep|someone|somebody|operator|advisor|adviser|colleague|manager|"
    r"supervisor|employee|staff|boss|support executive|specialist|living being|customer service|somone)"
)
_MESSAGES = (
    r"(?:e-?mails?|e-?mailing|mails?|mailing|sms|texts?|texting|calls?|calling|phoning|messages?|messaging"
    r"|contact(?:ing)?|"
    r"newsletters?|marketing|spam(?:ming)?|adverts?|advertising|advertisements?|ads|promotions?|promos"
    r"|promotional|offers|"
    r"surveys?)"
)
_PERSONAL = r"(?:data|datas|informations?|info|details|records?|profile|history|address)"
_NOT_WANTED = r"\b(?:do|did|does|would|will|am|are|is|was) not (?:really |actually |currently )?"

CANCEL = Rule(
    "cancel",
    _compiled(
        rf"\b{_VERB}(?:l?ing)?\b(?: \w+){{0,5}} {_THING}\b",
        rf"\b(?:want|wants|wish|like|need|going|decided|ready|about|trying|tried|able|how do (?:i|we)|how to"
        rf"|how can (?:i|we)|"
        rf"can (?:i|we)|let me|help me(?: to)?|just|please|pls|plz|kindly|must|may i|could (?:i|you)|should i|i"
        rf" will|i shall)"
        rf"(?: \w+)? (?:to )?{_LEAVE}\b",
        r"^(?:ok |okay |so |then |yes |no |just |please |pls |go ahead and )*(?:cancel|cancellation|terminate"
        r"|kündigung)"
        r"(?: it| this| that| everything| all| me| now| already| please| pls| today| asap)*[ .!?]*$",
        r"\b(?:notice of|my|a|request) (?:cancel?lation|termination)\b(?! fee| charge| policy| by mistake)",
        r"\b(?:give|giving|hand in) (?:you )?(?:my |\d+ days? |a month'?s? |one month'?s? )?notice\b",
        r"\b(?:get|getting|let|want) (?:me |us )?out of (?:this|my|the|our|your) (?:contract|deal|agreement"
        r"|plan|subscription)",
        r"\bnot (?:be )?renew(?:ing)?\b|\bnot (?:going to|want to|wish to|intend to) renew\b|\bturn off (?:the )?auto",
        r"\b(?:no longer|not) (?:want|wish|like) to (?:be (?:a|your) customer|continue|carry on|go on|keep"
        r" (?:paying|this|my))",
        r"\b(?:i am|we are|i m|i will be) (?:leaving|off to another|done with (?:you|this)|quitting|moving on from)\b",
        rf"\b(?:want|have|get|like|need)(?: \w+){{0,3}} {_THING}(?: to be| be)? "
        rf"(?:cancel?led|terminated|closed|ended|stopped|shut down|switched off|discontinued)\b",
        rf"\bi (?:do not|no longer) (?:want|need) (?:this|the|your|my|any of this) ?{_THING}?\b(?: any ?more|"
        rf" any longer)",
        r"\b(?:shut|switch|turn|close) (?:it |this |my (?:account|line|service|plan) )(?:down|off)\b",
        r"\bkündig\w*|\brésili\w+|\bdar(?:me)? de baja|\bcancelar\b|\bcancelación\b|\bdisdett?[ae]\b|\bdisdire\b|"
        r"\bopzegg\w+|\brescindir\b|\bencerrar (?:o|meu)",
    ),
    _compiled(
        rf"{_NOT_WANTED}(?:want|wish|need|plan|intend|mean|ask\w*|going|like|say\w*|think\w*|looking|here)?(?:"
        rf" \w+)?(?: to| of| about)? ?"
        rf"(?:have to )?(?:you to )?(?:{_LEAVE}|close|end|terminate|cancellation|stop (?:my|the))\b(?! fees?)",
        rf"\b(?:never|no need to|no plans? to|no intention (?:to|of)|without|instead of|rather than|before"
        rf" i)(?: \w+){{0,3}} {_LEAVE}",
        r"\b(?:not|never) (?:cancel|cancelling|canceling|leaving|quitting)\b(?<!can not cancel)(?<!could not cancel)",
        rf"\b(?:cancel\w*|close|end|stop|move)(?: \w+){{0,5}} {_OTHER_THING}\b(?!.{{0,60}}\b(?:subscription"
        rf"|contract|account)\b)",
        r"\b(?:undo|reverse|withdraw|revoke|take back|forget|stop) (?:\w+ )?cancel?lation\b|\bcancel the cancel",
        r"\b(?:they|technician|engineer|installer|you|he|she|who) cancel?led\b|\bcancel?led by mistake\b"
        r"|\bnoise.cancel",
        rf"\b(?:stop|quit|end|finish) (?:\w+ ){{0,3}}{_MESSAGES}\b",
        r"\b(?:internet|service|line|tv|plan|package|connection) (?:has |just )?(?:stops?|stopped|quits?|ends?"
        r"|closes?)\b",
        r"\b(?:plan|contract|term|account|subscription|service) (?:end|ends|ending|expire)\b(?! it)",
    ),
)

HUMAN_REQUEST = Rule(
    "human_request",
    _compiled(
        rf"\b(?:talk|talking|speak|speaking|speek|tlak|chat|chatting|connect\w*|transfer\w*|escalate|through"
        rf"|over|pass)\b(?: \w+){{0,6}} {_PERSON}\b",
        r"\b(?:want|need|get|give|prefer|send|find|reach|have|like|is there|fetch)\b(?: \w+){0,3} (?:a |an "
        r"|your |the |some |with )?"
        r"(?:real |live |actual |living )?(?:human|real people|person(?! who)|agent|representative|operator"
        r"|advisor|adviser|supervisor|manager|boss)\b",
        r"^(?:a |an |the |real |live |please )*(?:human|hooman|person|agent|operator|representative|supervisor"
        r"|manager|advisor)"
        r"(?: being)?(?: please| pls| now| asap)*[ .!]*$",
        r"\b(?:real|live|actual) (?:human|person|agent|people)\b(?! (?:review|wrote))",
        r"\b(?:human|person|someone|somebody|agent)\b.{0,20}\bnot (?:a |an |this |with a |to a )?(?:bot|robot"
        r"|machine|computer|ai)\b",
        r"\bnot (?:want|discuss|talk|speak|like|going|type|typing)\w*(?: \w+){0,4} (?:bot|robot|machine"
        r"|computer|chatbot|ai)\b",
        r"^(?:please )?(?:transfer|escalate)(?: me| this| it)?(?: now| please)*[ .!]*$|\bi want (?:this )?(?:to"
        r" )?escalate",
        r"\b(?:mit|einen?|einem) (?:echten )?(?:mensch\w*|mitarbeiter\w*|berater\w*)\b|\bparler (?:à|a|avec)"
        r" (?:un|une|quelqu)"
        r"|\bhablar con (?:una? |alguien)|\bparlare con (?:una?|qualcuno)|\bfalar com (?:uma? |alguém)"
        r"|\b(?:iemand|medewerker) spreken",
    ),
    _compiled(
        rf"{_NOT_WANTED}(?:want|need|like|wish|have)(?: to)?(?: talk| speak| chat)?(?: to| with)?(?: a| an|"
        rf" any)?(?: real| live)? {_PERSON}\b",
        r"\b(?:no need|rather not|prefer not) to (?:talk|speak|chat)\b",
        r"\b(?:are|r) (?:you|u) (?:a |an )?(?:\w+ )?(?:human|person|bot|robot|machine)|\bis (?:this|it|there)"
        r" (?:a |an )?(?:\w+ )?"
        r"(?:human|person|man|woman)\b(?!.{0,40}\b(?:talk|speak|can|reach|help)\b)"
        r"|\bam i (?:talking|speaking|chatting) (?:to|with)|\bdo i (?:talk|speak) (?:to|with)",
        r"\bi (?:already )?(?:spoke|talked|chatted|was (?:talking|speaking))\b(?!.{0,60}\b(?:want|need|again"
        r"|give|please)\b)",
    ),
)

OPT_OUT = Rule(
    "opt_out",
    _compiled(
        r"\bunsu(?:b|bs)?s?cri\w+|\bunsubcri\w+|\bopt(?:ing|ed)?(?: me| us)?[ -]?out\b",
        rf"\b(?:stop|quit|cease|no more|no|enough|end|cancel|less|fewer|without|turn off|switch off|disable|block)"
        rf"(?: \w+){{0,4}} {_MESSAGES}\b",
        r"\bnot (?:ever )?(?:contact|e-?mail|text|spam|disturb|message|bother|write(?: to)?|phone|ring) (?:me|us)\b",
        r"\bnot call (?:me|us)(?: any ?more| again| ever|[ .!]*$)",
        rf"\bnot (?:want|wish|like|need|send|receive|get)\b(?: \w+){{0,6}} {_MESSAGES}\b",
        r"\b(?:remove|take|delete|drop|strike)\b(?: \w+){0,4} (?:from|off|of|out of) (?:\w+ ){0,4}(?:list|lists"
        r"|newsletter|mailings?)\b",
        r"\b(?:withdraw|revoke|retract)\b(?: \w+){0,3} consent\b|\bobject to\b(?: \w+){0,4} (?:marketing"
        r"|advertising|profiling|mailing)",
        r"\bleave (?:me|us) (?:alone|in peace)\b|\bnever (?:write|contact|e-?mail|call|text|message)(?: to)?"
        r" (?:me|us)\b",
        r"^(?:please )?stop(?: it| this| all| please| now)*[ .!]*$",
        r"\b(?:keine|nicht mehr)\b.{0,20}\b(?:werbung|e-?mails?|newsletter|anrufe)\b|\bnewsletter abbestellen\b"
        r"|\bdésabonn\w+|\bdésinscri\w+"
        r"|\bdarme de baja de(?: la lista| los correos)|\bno (?:me )?(?:envíen|quiero) más (?:correos|mensajes)"
        r"|\bdisiscriv\w+",
    ),
    _compiled(
        r"\b(?:not|never) (?:unsubscribe|opt(?:ed)? out|want to (?:unsubscribe|opt out))\b",
        r"\b(?:not|no) (?:\w+ ){0,2}(?:receiv\w+|get(?:ting)?|got|send|arriv\w+) (?:\w+ ){0,3}(?:confirmation"
        r"|invoice|verification|answer|reply|code)",
        r"\bunsubscribe\b(?: \w+){0,3} (?:service|plan|subscription|contract)\b",
        r"\b(?:keeps?|why|always|has|have) (?:\w+ )?(?:stop|stops|stopped) (?:\w+ )?(?:sending|getting|receiving)",
        r"\bno (?:answer|reply|response|one) (?:\w+ ){0,4}(?:e-?mails?|calls?|messages?)\b|\bnot (?:answer"
        r"|reply|respond|read)\w*\b",
        r"\bcan not (?:\w+ )?(?:get|receive|send|open|read|make)\b|\bnot (?:discount|interested in) offers\b",
        r"\b(?:not|no) (?:want|like|need) (?:your |any |the |these |a |your \w+ )?offers?[ .!]*$|^(?:no|thanks?"
        r"|sorry|,| )+ ?offers[ .!]*$",
    ),
)

DATA_ERASURE = Rule(
    "data_erasure",
    _compiled(
        rf"\b(?:delete|deleting|erase|erasing|remove|wipe|purge|destroy|scrub|eliminate|clear)\b(?: \w+){{0,4}}"
        rf" (?:my|all|me|our|us|personal|of)\b"
        rf"(?: \w+){{0,4}} ?{_PERSONAL}\b",
        rf"\b(?:my|our|personal|all)(?: \w+){{0,2}} {_PERSONAL}\b(?: \w+){{0,3}} (?:deleted|deletd|erased"
        rf"|removed|wiped|destroyed|purged)\b",
        r"\bright to (?:be forgotten|erasure)\b|\bright of erasure\b|\b(?:gdpr|dsgvo|ccpa|data|art(?:icle)?\.?"
        r" ?17)\b.{0,30}\b(?:delet\w+|eras\w+)"
        r"|\b(?:delet\w+|eras\w+)\b.{0,30}\b(?:gdpr|dsgvo|ccpa|article 17)\b",
        r"\bforget (?:all )?(?:about )?me\b|\b(?:delete|erase|remove|wipe) (?:everything|all|anything)(?:"
        r" \w+){0,3} (?:about|on) (?:me|us)\b",
        rf"\bnot (?:want|wish|like) you to (?:keep|store|hold|have)(?: \w+){{0,3}} {_PERSONAL}\b",
        r"\b(?:scrub|erase|delete|remove|wipe) me\b(?!.{0,30}\b(?:list|newsletter|mailing)\b)(?: \w+){0,4}",
        r"\bmeine (?:\w+ )?daten (?:\w+ )?lösch\w+|\bdaten lösch\w+|\b(?:supprim|effac)\w+ (?:toutes )?mes"
        r" données|\b(?:borr|elimin)\w+ (?:todos )?mis datos"
        r"|\bcancell\w+ i miei dati|\bapag\w+ (?:os )?meus dados|\bgegevens (?:te )?(?:verwijder|wis)\w+",
    ),
    _compiled(
        r"\b(?:do|did|does|would|will) not (?:want (?:you )?to |wish to )?(?:delete|erase|remove|wipe|forget)",
        r"\bdata (?:plan|package|add-?on|roaming|limit|cap|bundle|volume|usage|option)\b",
        r"\b(?:you|it|app|update|he|she|they|who) (?:just |has |have )?(?:deleted|erased|removed|wiped)\b",
        r"\b(?:list|newsletter|mailing list|mailings)\b",
        r"\b(?:card|payment|bank) (?:details|info|information)\b|\bdo not forget\b|\b(?:old|wrong|billing"
        r"|shipping|delivery) address\b",
    ),
)

SAFETY_RULES = (CANCEL, HUMAN_REQUEST, OPT_OUT, DATA_ERASURE)
"""The rules of the four intents whose miss would trap or pester a customer."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the rules say of one clause."""

    found: frozenset[str]
    ruled_out: frozenset[str]


def judge(clause: str, rules: Iterable[Rule] = SAFETY_RULES) -> Ruling:
    """Intents a clause states and intents it only seems to state."""
    line = normalise(clause)
    found, ruled_out = set(), set()
    for rule in rules:
        if any(pattern.search(line) for pattern in rule.unless):
            ruled_out.add(rule.intent)
        elif any(pattern.search(line) for pattern in rule.phrases):
            found.add(rule.intent)
    return Ruling(frozenset(found), frozenset(ruled_out))
