"""Phrases that must never be missed, and phrases that only look like them: a transparent layer over the model.

A customer who asks to leave, for a person, to be left alone or to be forgotten is heard whatever the model thinks.
Every pattern is read on one normalised clause (lower case, contractions written out) and has bounded gaps.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from analytics.language.people import SPEAKS_OF_PEOPLE
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


_VERB = (
    r"(?:cancell?|cancle|canel|cancell?ing|terminat(?:e|ing)|discontinu(?:e|ing)|deactivat(?:e|ing)|clos(?:e"
    r"|ing)|end|ending|"
    r"quit|quitting|stop|stopping|finish|finishing|disconnect|disconnecting|kill|pull|axe|get rid of|getting rid of)"
)
_LEAVE = (
    r"(?:cancel(?:l?ing)?|leav(?:e|ing)|quit(?:ting)?|terminat(?:e|ing)|unsubscribe|resign|opt out of the contract)"
)
_THING = (
    r"(?:subscr\w+|subs?|acc?ount|contract|membership|plan|service|package|agreement|line|broadband|internet"
    r"|abonn?ement|tariff?|"
    r"policy|tv|mobile|everything|(?:whole|entire) (?:thing|lot))"
)
_OTHER_THING = (
    r"(?:appointments?|visit|technician|engineer|installer|installation|newsletters?|e-?mails?|orders?|booking"
    r"|callback|"
    r"call|meeting|delivery|request|ticket|reservation|flight|marketing|add-on|pack|alarm)"
)
_PERSON = (
    r"(?:humans?|person|agents?|representatives?|reps?|someone|somebody|anyone|anybody|operator|advis[oe]rs?"
    r"|colleagues?|"
    r"managers?|supervisors?|superior|employees?|staff|boss|executive|specialists?|living being|experts?"
    r"|consultants?|"
    r"technicians?|engineers?|clerks?|workers?|director|chief|associate|officer|team(?: lead(?:er)?)?|shift lead"
    r"|foreman|"
    r"department|desk|support|customer (?:service|care|relations)|sales(?:person)?|billing|accounts|whoever|"
    r"lad(?:y|ies)|gentlem[ae]n|wom[ae]n|man|girl|guys?|fellow|chap|bloke|techies?|tech (?:guy|person|people|team)"
    r"|networks? team|higher.?ups?|complaints|retention|loyalty|same one|"
    r"(?:real|actual|your|those|living|human) people|interpreter|assistant of|one of (?:your|the) (?:\w+ )?(?:people"
    r"|guys))"
)
_ONE = r"(?:a|an|the|your|some|one of your|one of the|any|another of your)"
_KIND = (
    r"(?:real|live|actual|living|human|competent|different|proper|damn|bloody|fucking|customer|service|support|nice)"
)
_HUMAN = (
    r"(?:human(?: being)?|person|agent|representative|rep|operator|advis[oe]r|supervisor|manager|boss|employee"
    r"|colleague|"
    r"staff member|member of (?:\w+ )?(?:staff|team)|consultant|specialist|salesperson|call cent(?:re|er) worker)"
)
_ASKS = (
    r"(?:want|wants|wanna|need|like|love|let (?:me|us)|can i|could i|may i|might i|can we|could we|may we|please|pls"
    r"|wish|"
    r"demand|prefer|rather|sooner|hoping|possible|chance of|have to|must|how (?:do|can) i|able to|request|require|it"
    r"|to|and)"
)
_REACH = (
    r"(?:talk|talking|speak|speaking|chat|chatting|discuss|deal|dealing|a word|hold|converse|conversation"
    r"|touch|contact(?! person))"
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
        rf"\b{_VERB}\b(?: \w+){{0,5}} {_THING}\b",
        rf"\b(?:want|wants|wish|like|need|going|decided|ready|about|trying|tried|able|how do (?:i|we)|how to"
        rf"|how can (?:i|we)|"
        rf"can (?:i|we)|let me|help me(?: to)?|just|please|pls|plz|kindly|must|may i|could (?:i|you)|should i|i"
        rf"(?: wi|')ll|i shall)"
        rf"(?: \w+)? (?:to )?{_LEAVE}\b",
        r"^(?:ok |okay |so |then |yes |no |just |please |pls |go ahead and )*(?:cancel|cancellation|terminate"
        r"|kündigung)"
        r"(?: it| this| that| everything| all| me| now| already| please| pls| today| asap)*[ .!?]*$",
        r"\b(?:notice of|my|a|request) (?:cancel?lation|termination)\b(?! fee| charge| policy| by mistake)",
        r"\b(?:give|giving|hand in) (?:you )?(?:my |\d+ days? |a month'?s? |one month'?s? )?notice\b",
        r"\b(?:get|getting|let|want) (?:me |us )?out of (?:this|my|the|our|your) (?:contract|deal|agreement"
        r"|plan|subscription)",
        r"\b(?:steps?|procedure|process|form|way|notice|instructions) (?:for|of|to) (?:the )?(?:cancel|terminat"
        r"|clos|leav|end)\w*\b",
        r"\bopt(?:ing)? out of (?:the|my|our|this|your) (?:contract|plan|subscription|agreement|service)\b",
        r"\b(?:my|our|the) (?:contract|account|subscription|plan|membership|service|agreement)(?: (?:to be|will"
        r" be|be|is))? "
        r"(?:ended|closed|terminated|cancell?ed|stopped|discontinued|deactivated)\b(?! by mistake| wrongly| too)",
        r"\bno longer (?:\w+ ){0,3}(?:subscribed|customers?|members?|subscribers?)\b|\bhow (?:do|can|could)"
        r" (?:i|we) (?:end|stop|quit) (?:this|it)\b",
        r"\bshut everything (?:down|off)\b|\bswitch(?:ing)? (?:off )?(?:your|the) service(?: off)?\b",
        r"\b(?:i am|we are|i will be|we will be) (?:now |hereby )?(?:cancell?ing|terminating|closing|ending"
        r"|discontinuing)\b",
        r"\b(?:plan|contract|subscription|membership|account) (?:does|should|must|shall|will|may) not"
        r" (?:continue|go on|run on|renew)\b",
        r"\bstop being (?:a|your) (?:customer|member|subscriber)\b|\bhow (?:do|can|could) (?:i|we) get out\b"
        r"|^(?:please |just )*end it\b",
        r"\b(?:will|am|are|decided) not (?:to )?(?:be )?(?:stay(?:ing)?|continu(?:e|ing)|carry(?:ing)? on)\b(?:"
        r" with you| any| beyond|[ .!]*$)",
        r"\bnot (?:be )?renew(?:ing)?\b|\bnot (?:going to|want to|wish to|intend to) renew\b|\bturn off (?:the"
        r" )?auto",
        r"\b(?:can|could) not (?:\w+ )?(?:cancel|terminate|leave (?:you|this contract))\b|\bhow (?:do|can"
        r"|could) (?:i|we|one) leave\b",
        r"\b(?:no longer|not) (?:want|wish|like) to (?:be (?:a|your) customer|continue|carry on|go on|keep"
        r" (?:paying|this|my))",
        r"\b(?:i am|we are|i m|i will be) (?:leaving|off to another|done with (?:you|this)|quitting|moving on"
        r" from)\b",
        rf"\b(?:want|have|get|like|need)(?: \w+){{0,3}} {_THING}(?: to be| be)? "
        rf"(?:cancel?led|terminated|closed|ended|stopped|shut down|switched off|discontinued)\b",
        rf"\bi (?:do not|no longer) (?:want|need) (?:this|the|your|my|any of this) ?{_THING}?\b(?: any ?more|"
        rf" any longer)",
        r"\b(?:shut|switch|turn|close) (?:it |this |my (?:account|line|service|plan) )(?:down|off)\b",
        r"\bkündig\w*|\brésili\w+|\bdar(?:me)? de baja|\bcancelar\b|\bcancelación\b|\bdisdett?[ae]\b|\bdisdire\b|"
        r"\bopzegg\w+|\brescindir\b|\bencerrar (?:o|meu)",
    ),
    _compiled(
        r"\b(?:second|other|extra|additional|duplicate) (?:user|device|profile|screen|card|order)\b",
        rf"{_NOT_WANTED}(?:want|wish|need|plan|intend|mean|ask\w*|going|like|say\w*|think\w*|looking|here)?(?:"
        rf" \w+)?(?: to| of| about)? ?"
        rf"(?:have to )?(?:you to )?(?:{_LEAVE}|close|end|terminate|cancellation|stop (?:my|the))\b(?! fees?)",
        rf"\b(?:never|no need to|no plans? to|no intention (?:to|of)|without|instead of|rather than|before"
        rf" i)(?: \w+){{0,3}} {_LEAVE}",
        r"\b(?:not|never) (?:cancel|cancelling|canceling|leaving|quitting)\b(?<!can not cancel)(?<!could not cancel)",
        rf"\b(?:cancel\w*|close|end|stop|move)(?: \w+){{0,5}} {_OTHER_THING}\b(?!.{{0,60}}\b(?:subscription"
        rf"|contract|account)\b)",
        rf"\b(?:stop|end|finish|pull)\b(?: \w+){{1,3}} (?:on|in|with) (?:the|my|our) {_THING}",
        r"\bwhy (?:was|is|were|has|have|did)\b|\b(?:hope|sure) (?:you|it|they) (?:never|will not|do not)\b",
        r"\b(?:can|could) cancel (?:any ?time|whenever)\b|\bend (?:my|the|this) (?:day|call|chat|week"
        r"|conversation|year)\b",
        r"\b(?:neighbou?r|friend|brother|sister|colleague|others?) (?:\w+ )?cancel?led\b|\bcancel?lation fees?"
        r" (?:is|are|was)\b",
        r"\b(?:rather|instead|better|sooner|prefer)\b.{0,40}\b(?:than|to|of) (?:cancel|leav)",
        r"\b(?:undo|reverse|withdraw|revoke|take back|forget|stop) (?:\w+ )?cancel?lation\b|\bcancel the cancel",
        r"\b(?:when|until|till|what time|how late|how long)\b.{0,20}\byou (?:close|shut)\b",
        r"\b(?:they|technician|engineer|installer|you|he|she|who) cancel?led\b|\bcancel?led by mistake\b"
        r"|\bnoise.cancel",
        rf"\b(?:stop|quit|end|finish) (?:\w+ ){{0,3}}{_MESSAGES}\b",
        r"\b(?:internet|service|line|tv|plan|package|connection) (?:has |just )?(?:stops?|stopped|quits?|ends?"
        r"|closes?)\b",
        r"\b(?:plan|contract|term|account|subscription|service) (?:end|ends|ending|expire)\b(?! it)",
    ),
)

_END = (
    r"(?= *(?:$|[.,!?;:)]|please|pls|now|asap|to |on\b|who|that|here|instead|and|not|or|about|for|right|today"
    r"|with|in ))(?! to (?:come|fix|install|sign|pick|repair|visit|check|share))"
)
_OURS = r"(?!my |his |her |our |their |another |other )"

HUMAN_REQUEST = Rule(
    "human_request",
    _compiled(
        rf"\b{_ASKS}(?: \w+)?(?: \w+)? {_REACH}(?: {_OURS}[\w-]+){{0,6}} {_OURS}{_PERSON}\b",
        rf"^(?!my )(?:\w+ ){{0,2}}{_REACH} (?:to|with|2)(?: {_OURS}\w+){{0,4}} {_PERSON}\b",
        r"\b(?:transfer\w*|connect\w*|switch|route|hand|pass|put|escalate|forward|assign)\b(?: me| us| this| it|"
        r" [\w-]+){0,3}"
        rf"(?: over| through| thru| on| along)? (?:to|with)(?: {_OURS}[\w-]+){{0,5}} {_OURS}{_PERSON}\b",
        r"\b(?:put|get|pass|patch) (?:me|us) (?:through|thru)\b|\bescalat(?:e|ion)\b(?! fee)|\bpass (?:me|us) on(?:"
        r" please)?[ .!]*$",
        r"(?:^|[,.;:!-] ?|\b(?:and|just|please|so|then|to) )(?:transfer|escalate)(?: me| us)?(?: now| please|"
        r" on)*[ .!]*$",
        rf"\b(?:want|need|get|give|prefer|send|find|fetch|bring|put|rather have|would like|like|asked for|request"
        rf"|have|is there)"
        rf"(?: me| us| in| on)? {_ONE}(?: {_KIND}){{0,2}} {_HUMAN}{_END}",
        rf"\b(?:get|give|find|fetch|bring|send|want|need|prefer)(?: me| us)? (?:{_KIND} )?(?:human|person|agent"
        rf"|operator|somebody|"
        rf"someone)(?: else| real)?{_END}",
        rf"^(?:hi |hello |please |no |not this |{_ONE} |{_KIND} |[,.])*(?:{_HUMAN}|humans|agents?|people|somebody"
        rf"|someone|staff|"
        r"customer service(?: rep| agent)?|customer care|human (?:help|support|contact)|tech(?:nical)? support"
        r" person)"
        r"(?: please| pls| now| asap| only| here| right| real| help| support| instead| then| real| anyone| anybody"
        r"|[,.])*[ .!?]*$",
        rf"\b(?:can|could|may|let|will|would|might)(?: {_ONE})?(?: {_KIND})? (?:human(?: being)?|person|employee"
        rf"|colleague|agent|"
        r"staff|member of (?:\w+ )?staff|clerks?|on-duty colleague)(?: \w+){0,3} (?:take over|help|handle|look|deal"
        r"|answer|explain|"
        r"walk|speak|talk|chat|write|read|assist|confirm|step in|join)",
        r"\b(?:can|could|will|would|may|is there|are there|let) (?:someone|somebody|anyone|anybody|any)(?: \w+){0,5}"
        r" (?:take over|talk to me|speak (?:to|with) me|chat with me|(?:i can|i could|to|we can) (?:talk|speak|chat"
        r"|write))",
        r"\bwho(?: else)? (?:can|could|do|should|may) i (?:talk|speak|turn|write|chat|complain)\b"
        r"|\bwho\b(?: \w+){0,5} (?:can|could|may) i (?:talk|speak|chat)\b",
        rf"\b(?:person|human|agent|people|employee|staff|somebody|someone)\b(?: {_OURS}\w+){{0,6}} i (?:can|could"
        rf"|may|might) "
        r"(?:talk|speak|chat|write|turn)\b",
        r"\b(?:is|are) (?:anyone|anybody|someone) (?:from|of|in) your (?:staff|team)\b",
        rf"\b(?:help|helped|assist\w*|answer\w*|served|handled|looked (?:at|after)|read|seen) (?:from|by)(?: {_ONE})?"
        rf"(?: {_KIND}){{0,2}} (?:{_HUMAN}|humans|somebody|someone)\b",
        r"\b(?:want|need|like|wish|prefer|please|pls|let me|can i|could i|may i|can you|could you|give|get|put|pass"
        r"|connect|transfer|bring|send)\b.{0,40}\b(?:same|previous|earlier|last|usual) (?:\w+ )?(?:man|woman|lady|guy"
        r"|gentleman|girl|fellow|chap|person|colleague|agent|rep\w*|advis[oe]r|technician|engineer"
        r"|employee|operator)\b",
        r"\bis (?:he|she|the (?:\w+ )?(?:man|woman|lady|guy|gentleman|girl|colleague|agent|manager"
        r"|technician|engineer))"
        r" (?:still |still with you and )?(?:there|around|available|free|on (?:shift|duty)|in today|working today)\b",
        r"\b(?:give|get|fetch|bring)(?: me| us)?(?: back)? (?!back|money|it|this|that|my|the|a|an|me"
        r"|us)\w+(?: back| again)?"
        r" (?:from|in|at|of) (?:the |your )?(?:billing|sales|support|retentions?|accounts?|customer"
        r"|technical|complaints?"
        r"|service|team|office|dep\w+)\b",
        r"\b(?:technicians?|engineers?|techies?|tech|specialists?|experts?)\b(?: \w+){0,4} (?:on"
        r" (?:the|this) (?:line|phone"
        r"|chat)|(?:to|who can|who could|can|could) (?:talk|speak|chat|walk me|guide me|go through|stay on))\b",
        r"\b(?:someone|somebody|person|anyone|anybody|one) (?:\w+ )?(?:higher up|(?:more )?senior|in charge|above you"
        r"|with (?:(?:the|some|more|actual|real|any) )?(?:authority|power|say)|who (?:can|could|may"
        r"|is allowed to|has the"
        r" (?:power|authority|right) to) (?:actually )?(?:decide|make (?:a |the )?decisions?|approve"
        r"|overr\w+|authori[sz]e))\b",
        rf"\b(?:put|bring|pull|call)(?: in| over)? {_ONE} (?:[\w-]+ ){{0,3}}{_PERSON}(?: \w+){{0,2}}"
        rf" (?:on|in|here|over)\b"
        rf"|\bbring in {_ONE} (?:[\w-]+ ){{0,2}}{_PERSON}\b",
        rf"\b(?:send|hook|link|patch|refer|pass|let|get|put)(?: me| us)?(?: up| over| on| through| in touch)*"
        rf" (?:to|with|2|w) (?:{_ONE}|someone|somebody) (?:[\w-]+ ){{0,3}}{_PERSON}\b",
        rf"\b(?:let|have) {_ONE} (?:[\w-]+ ){{0,2}}{_PERSON} take (?:this|it|me|us|over)\b",
        r"\b(?:put|get|connect|pass|send|transfer|hand) me (?:right |straight )?(?:back )?(?:to|with"
        r"|w) (?:her|him|them)\b",
        r"\b(?:connect|put|pass|transfer) me (?:back )?(?:to|with|w) (?!my )\w+ (?:from|in|at|again)\b",
        r"\b(?:get|give|find) me (?:that|the) (?:same )?(?:guy|man|woman|lady|gentleman|girl|person"
        r"|agent|colleague)\b",
        r"\bthis time (?:a |an )?(?:real |actual |proper )?(?:human|person|agent|someone|somebody)\b",
        r"\bone of your people\b|\binsist on (?:a |an )?(?:\w+ )?(?:human|person|employee)\b|\bwho is in charge\b",
        r"\b(?:colleagues?|agents?|humans?|people|staff)(?: of yours)? (?:is |are )?(?:free|available)\b",
        r"\b(?:get|give|let|find)(?: me| us| have){0,2} (?:the |your |an? )?(?:\w+ )?"
        r"(?:lead|leader|customer care|foreman|expert)\b",
        r"\b(?:pointless|senseless|useless|no (?:sense|point|use)|not (?:go on|work|be solved))\b.{0,40}"
        r"\bwithout (?:a |an )?(?:human|person|employee)\b",
        r"\b(?:real|actual) (?:human|person) i mean\b|\b(?:expert|human|person) on the line\b",
        r"\bany (?:humans?|real people|persons?) (?:here|there|around|available)\b",
        r"\b(?:contact|reach|call|ring|get hold of|phone|be connected|be transferred|transferred|connected)(?:"
        r" \w+){1,4} "
        r"(?:member|person|human|agent|employee|colleague|operator|account manager|customer care|your team)\b",
        r"\b(?:want|need|get|give me|like) (?:somebody|someone) (?:from|at|in|who|to talk|to speak|on the|real)\b",
        r"\bno (?:more )?(?:bots?|robots?|machines?|chatbots?)\b(?! name)",
        r"\b(?:human|person|someone|somebody|agent)\b.{0,20}\bnot (?:a |an |this |with a |to a )?(?:bot|robot"
        r"|machine|computer|ai)\b",
        r"\bnot (?:want|discuss|talk|speak|like|going|type|typing|comfortable)\w*(?: \w+){0,4} (?:bots?|robots?"
        r"|machines?|computers?"
        r"|chatbots?|ai)\b(?!.{0,40}\bstaff\b)",
        r"\b(?:can|could|will) (?:someone|somebody|anyone|anybody)(?: there| here| please| just)*"
        r" (?:help(?: me| us)?|tell (?:me|us) what to do)(?: here| please| now)*"
        r"(?: or\b.*)?[ .!?]*$|\bis (?:there )?(?:someone|somebody|anyone|anybody)(?: \w+){0,2} who can (?:actually"
        r" )?help\b",
        r"\b(?:mit|einen?|einem) (?:echten )?(?:mensch\w*|mitarbeiter\w*|berater\w*)\b|\bparler (?:à|a|avec) (?:un"
        r"|une|quelqu)"
        r"|\bhablar con (?:una? |alguien)|\bparlare con (?:una?|qualcuno)|\bfalar com (?:uma? |alguém)"
        r"|\b(?:iemand|medewerker) spreken",
    ),
    _compiled(
        r"\b(?:spoke|spoken|talked|talking|speaking) (?:to|with) (?:a|an|your|the) (?:very |really |most |so )?"
        r"(?:friendly|kind|helpful|nice|rude|lovely|patient|polite|pleasant)\b|\b(?:a|the) person of\b",
        rf"{_NOT_WANTED}(?:want|need|like|wish|have|ask)(?:ed)?(?: for)?(?: to)?(?: be)?(?: talk| speak| chat|"
        rf" handed| passed|"
        rf" transferred| connected| put)?(?: over| through| on)?(?: to| with)?(?: a| an| any| your| the)?(?: real|"
        rf" live)? {_PERSON}\b",
        r"\b(?:no need|rather not|prefer not|not (?:want|need|wish|like|have)) to (?:talk|speak|chat)\b"
        r"(?!.{0,20}\b(?:bots?|robots?|machines?|computers?|ai|chatbots?)\b)",
        rf"\bnot (?:feel like|looking|going|ready|asking|here)(?: to| for)?(?: \w+){{0,3}} {_PERSON}\b"
        r"|\bnot (?:escalate|forward)\b|\b(?:impossible|hard|difficult) to (?:get|reach|find)\b",
        r"\b(?:rather|prefer) not (?:to )?(?:talk|speak|chat)\b(?!.{0,20}\b(?:bots?|robots?|machines?|computers?"
        r"|ai)\b)",
        r"\bno (?:\w+ )?need (?:for|to (?:get|bring|call|connect|transfer|involve|pass|send))\b|\bno longer (?:want"
        r"|need|wish)\b",
        r"\b(?:do|should|must|need|please|did) not (?:please )?(?:transfer|connect|pass|hand|put|send|bother|involve"
        r"|get|bring) (?:me|us|any\w+|some\w+|your|the|an?)\b",
        r"\b(?:needn't|not have to) (?:connect|transfer|get|pass|call|bring|send|involve)\b|\bnot need to (?:get"
        r"|bring|pass|call)\b",
        r"\bcancel the (?:transfer|hand)|\bstop (?:offering|transferring|connecting|passing)\b|\bavoid\w* (?:\w+"
        r" ){0,2}(?:to|with)?\b",
        r"\bno (?:\w+ )?(?:humans?|persons?|agents?|operator|supervisor|manager|consultant|representative|colleague"
        r"|technician)"
        r"(?: (?:is |are )?(?:needed|necessary|required|please|thanks|thank you))*(?:[,.!]|$)",
        r"\b(?:better|nicer|rather|prefer\w*|easier|as good)\b.{0,40}\b(?:than|over|instead of|as|chatting with"
        r" you to)(?: talking| speaking| dealing)?"
        r"(?: to| with)? (?:a |an |your |most )?(?:real )?(?:human|person|people|agent|staff)\b",
        r"\b(?:are|r) (?:you|u) (?:a |an |one of the |one of your )?(?:\w+ )?(?:human|person|bot|robot|machine"
        r"|employee|agents?)"
        r"|\bis (?:this|it|there) (?:a |an )?(?:\w+ )?(?:human|person|man|woman)\b(?!.{0,40}\b(?:talk|speak|speaks"
        r"|can|reach|help)\b)"
        r"|\bam i (?:talking|speaking|chatting|writing) (?:to|with)|\bdo i (?:talk|speak) (?:to|with)|\byou (?:sound"
        r"|seem|look) like",
        r"\b(?:do|did|would|have|could|will) you\b(?!.*\b(?:i|me|us|my|we)\b).{0,40}\b(?:like|have|talk|ever|along"
        r"|enjoy|think|love|"
        r"hate|dream|pretend|miss|know)\b",
        r"\b(?:can|could|may|does|that) (?:someone|somebody|anyone) else\b"
        r"(?!.{0,20}\b(?:help|talk|speak|take|answer|look|handle|deal)\b)",
        r"\b(?:someone|somebody|person) (?:to share|who works(?! (?:for you|with you|there|at your|in"
        r" your)))\b|\bknow (?:someone|somebody|a person)\b",
        r"\bshar(?:e|ing)\b.{0,20}\bwith\b(?! (?:a |this )?(?:machine|bot|computer|robot))|\b(?:personal|voice"
        r"|virtual) assistant\b",
        r"\bmy (?:customers?|clients?|accountant|lawyer|landlord|neighbou?r|friend|teacher|doctor) "
        r"(?:\w+ ){0,2}to (?:talk|speak)\b",
        r"\bnothing to (?:discuss|talk)\b|\bno need to \w+ (?:this|it|me|any\w+)\b|\bit(?:'s| is| was) (?:good"
        r"|nice|fun|easy) to\b",
        r"\byou (?:sound|seem|look|write|talk|act|type)\w* (?:\w+ )?like\b",
        r"\b(?:spoke|talked|chatted|connected me|(?:was|were|been|got) (?:put through|transferred|connected"
        r"|passed|escalated))\b"
        r"(?!.{0,80}\b(?:want|need|again|give|get me|please|now|let me|can i|could i|may i|like|prefer)\b)",
        r"\bnot (?:to|with) (?:a |an )?(?:real )?(?:human|person|agent)\b|\bhuman (?:resources|body|rights|error)\b",
        r"\b(?:be|being|become) (?:a |an )(?:operator|agent|manager|technician|engineer)\b",
        r"\b(?:be|being|become) (?:a |an |more )?(?:real |better |actual )?(?:human|person)\b",
        r"\bi(?:'ve| have| had)? (?:already |just |finally |even |once |never |then )*(?:spoke|spoken|talked|chatted"
        r"|met|written|wrote|"
        r"called|rang|reached|had a word|was (?:talking|speaking|told))\b"
        r"(?!.{0,80}\b(?:want|need|again|give|get me|please|now|let me|can i|could i|may i|pass|put|connect|transfer"
        r"|like|prefer)\b)",
        r"\bi(?:'m| am| was| work as| used to be)(?: an?| the| only)? (?:\w+ )?(?:manager|agent|operator|engineer"
        r"|representative|"
        r"supervisor|advis[oe]r|technician|consultant|human)\b(?! please)",
        r"\b(?:talk|speak|ask|tell|discuss|with|to|get|have|had|of|is|by) (?:\w+ )?my (?:\w+ )?(?:boss|manager"
        r"|supervisor|advis[oe]r|agent|"
        r"colleagues?|representative|operator|specialist|engineer|consultant)\b(?!.{0,60}\byour\b)",
    )
    + SPEAKS_OF_PEOPLE,
)

OPT_OUT = Rule(
    "opt_out",
    _compiled(
        r"\bnever (?:\w+ ){0,3}(?:get|receive|see|read) (?:another|any|one more)(?: \w+)? (?:text|e-?mail"
        r"|message|call|letter|mail|sms|newsletter)s?\b",
        r"^(?:please )?take (?:me|us) off(?: please| now)*[ .!]*$",
        r"\bnot (?:agree|consent|ask|sign up|subscribe)(?:d)? (?:to|for) (?:\w+ ){0,2}(?:this|these|e-?mails?"
        r"|newsletters?|receive|get)\b",
        r"\bunsu(?:b|bs)?s?cri\w+|\bunsubcri\w+|\bopt(?:ing|ed)?(?: me| us)?[ -]?out\b",
        rf"\b(?:stop|quit|cease|no more|no|enough|cancel|less|fewer|without|turn off|switch off|disable|block)"
        rf"(?: \w+){{0,4}} {_MESSAGES}\b",
        r"\bnot (?:ever )?(?:contact|e-?mail|text|spam|disturb|message|bother|write(?: to)?|phone|ring) (?:me|us)\b",
        r"\bend (?:\w+ ){0,2}(?:marketing|newsletters?|promotion\w*|advertising|spam|mailings?)\b|\bexclude"
        r" (?:me|us|my)\b",
        r"\b(?:not|never) (?:\w+ )?(?:to )?hear from you\b|\bcease (?:all |any |your )?(?:communication|contact"
        r"|mailing)s?\b",
        r"\bnot interested in (?:receiving|getting|hearing)\b|\bnot use my (?:\w+ ){1,4}for (?:advertising"
        r"|marketing|promotion)\w*",
        r"\bnot call (?:me|us)(?: any ?more| again| ever|[ .!]*$)",
        rf"\bnot (?:want|wish|like|need|send|receive|get)\b(?: \w+){{0,6}} {_MESSAGES}\b",
        r"\b(?:remove|take|delete|drop|strike)\b(?: \w+){0,4} (?:from|off|of|out of) (?:\w+ ){0,4}(?:list|lists"
        r"|newsletter|mailings?)\b",
        r"\b(?:withdraw|revoke|retract)\b(?: \w+){0,3} consent\b|\bobject to\b(?: \w+){0,7} (?:marketing"
        r"|advertising|profiling|mailing)",
        r"\b(?:leave (?:me|us)|be left) (?:alone|in peace)\b|\bnever (?:write|contact|e-?mail|call|text"
        r"|message)(?: to)?"
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
        r"\bopt(?:ing)? out of (?:the|my|our|this|your) (?:contract|plan|subscription|agreement|service)\b",
        r"\bnot (?:ever )?stop\b|\bno (?:more )?(?:bots?|robots?)\b|\bwant my (?:e-?mails?|messages) back\b"
        r"|\bstop the (?:music|call|film|clock)\b",
        r"\bunsubscribe\b(?: \w+){0,3} (?:service|plan|subscription|contract)\b",
        r"\b(?:keeps?|why|always|has|have) (?:\w+ )?(?:stop|stops|stopped) (?:\w+ )?(?:sending|getting|receiving)",
        r"\b(?:did|have|has|do|does) (?:i|we|my|it) (?:just |suddenly )?stop\w*\b|\bi (?:have )?(?:just "
        r"|suddenly )?stopped\b",
        r"\bstop (?:charging|billing|taking|deducting|debiting)\b|\b(?:can|could|may|how do) i (?:get|receive"
        r"|subscribe|sign up)\b",
        r"\bno (?:answer|reply|response|one) (?:\w+ ){0,4}(?:e-?mails?|calls?|messages?)\b|\bnot (?:answer"
        r"|reply|respond|read)\w*\b",
        r"\bcan not (?:\w+ )?(?:get|receive|send|open|read|make)\b|\bnot (?:discount|interested in) offers\b",
        r"\b(?:not|no) (?:want|like|need) (?:your |any |the |these |a |your \w+ )?offers?[ .!]*$|^(?:no|thanks?"
        r"|sorry|,| )+ ?offers[ .!]*$",
        r"^(?:please |just |and |but |sorry |thanks |[,.])*no (?:offers?|deals?)"
        r"(?: please| thanks| thank you)*(?:[,.;!]|$)",
    ),
)

DATA_ERASURE = Rule(
    "data_erasure",
    _compiled(
        r"\b(?:delete|erase|remove|wipe|destroy|purge) (?:what|whatever|everything|anything|all)(?: \w+){0,3}"
        r" (?:you|about|on)\b",
        r"\b(?:destroy|erase|wipe|purge) (?:all )?(?:of )?(?:my|our) (?:files|records|data)\b",
        rf"\b(?:delete|deleting|erase|erasing|remove|wipe|purge|destroy|scrub|eliminate|clear)\b(?: \w+){{0,4}}"
        rf" (?:my|all|me|our|us|personal|of)\b(?: \w+){{0,4}} ?{_PERSONAL}\b",
        rf"\b(?:my|our|personal|all)(?: \w+){{0,2}} {_PERSONAL}\b(?: \w+){{0,3}} (?:deleted|deletd|erased"
        rf"|removed|wiped|destroyed|purged)\b",
        r"\bright to (?:be forgotten|erasure)\b|\bright of erasure\b|\b(?:gdpr|dsgvo|ccpa|data|art(?:icle)?\.?"
        r" ?17)\b.{0,30}\b(?:delet\w+|eras\w+)"
        r"|\b(?:delet\w+|eras\w+)\b.{0,30}\b(?:gdpr|dsgvo|ccpa|article 17)\b",
        r"\bforget (?:all |everything )?(?:about )?me\b|\b(?:delete|erase|remove|wipe) (?:everything|all|anything)(?:"
        r" \w+){0,3} (?:about|on) (?:me|us)\b",
        rf"\bnot (?:want|wish|like) you to (?:keep|store|hold|have)(?: \w+){{0,3}} {_PERSONAL}\b",
        r"\b(?:every|any|all) traces? of (?:me|my)\b|\b(?:get|getting) rid of (?:\w+ ){0,3}(?:data|info"
        r"|information|records|details)\b",
        r"\b(?:scrub|erase|delete|remove|wipe) me\b(?!.{0,30}\b(?:list|newsletter|mailing)\b)(?: \w+){0,4}",
        r"\bmeine (?:\w+ )?daten (?:\w+ )?lösch\w+|\bdaten lösch\w+|\b(?:supprim|effac)\w+ (?:toutes )?mes"
        r" données|\b(?:borr|elimin)\w+ (?:todos )?mis datos"
        r"|\bcancell\w+ i miei dati|\bapag\w+ (?:os )?meus dados|\bgegevens (?:te )?(?:verwijder|wis)\w+",
    ),
    _compiled(
        r"\b(?:duplicate|double|wrong|last) (?:orders?|entry|entries|bookings?|lines?|messages?)\b",
        r"\b(?:do|did|does|would|will) not (?:want (?:you )?to |wish to )?(?:delete|erase|remove|wipe|forget)",
        r"\bdata (?:plan|package|add-?on|roaming|limit|cap|bundle|volume|usage|option)\b",
        r"\bforget (?:about )?(?:the|this|an?|your) (?!data|details|account|info|record|profile|customer)\w+",
        r"\b(?:you|it|app|update|he|she|they|who) (?:just |has |have )?(?:deleted|erased|removed|wiped)\b",
        r"\b(?:list|newsletter|mailing list|mailings)\b|\b(?:which|what) (?:data|information)\b|\b(?:second"
        r"|other|old|extra) user\b",
        r"\b(?:card|payment|bank) (?:details|info|information)\b|\bdo not forget\b|\b(?:old|wrong|billing"
        r"|shipping|delivery) address\b",
    ),
)

SAFETY_RULES = (CANCEL, HUMAN_REQUEST, OPT_OUT, DATA_ERASURE)
"""The rules of the four intents whose miss would trap or pester a customer."""


_KEYWORDS = re.findall(
    r"\w+",
    "human person agent operator representative supervisor manager colleague somebody someone employee specialist "
    "technician engineer speak talk connect transfer customer service",
)
_PHONETIC = {
    "hooman": "human", "hunam": "human", "humen": "human", "persen": "person", "preson": "person", "presón": "person",
    "speek": "speak", "spk": "speak", "tok": "talk", "some1": "someone", "sum1": "someone", "sb": "somebody",
    "sombody": "somebody", "colegue": "colleague", "servise": "service", "sevice": "service", "toa": "to a",
    "mngr": "manager", "mgr": "manager", "agnt": "agent", "agnet": "agent", "suprvisor": "supervisor",
    "colleage": "colleague",
    "tlk": "talk", "talkin": "talking", "speakin": "speaking", "bein": "being", "cn": "can", "woud": "would",
    "prefr": "prefer",
    "pas": "pass", "ova": "over", "plz": "please", "pls": "please", "ur": "your", "humn": "human", "persn": "person",
    "wana": "want to", "wnat": "want", "whant": "want", "thru": "through", "fone": "phone", "superviser": "supervisor",
}  # fmt: skip


def _misspelt(word: str) -> set[str]:
    """A word with a letter inside left out, or with two neighbours swapped; it begins as it should."""
    inside = range(1, len(word) - 1)
    left_out = {word[:at] + word[at + 1 :] for at in inside}
    return (left_out | {word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in inside}) - {word}


_SPELLING = {wrong: word for word in _KEYWORDS for wrong in _misspelt(word) if len(wrong) > 2} | _PHONETIC
_SPELLED = re.compile(rf"\b(?:{'|'.join(sorted(map(re.escape, _SPELLING), key=len, reverse=True))})\b")
"""Words that the rules go by, as they are mistyped."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the rules say of one clause; `held_back` are those of `ruled_out` whose phrases stand in it all the same."""

    found: frozenset[str]
    ruled_out: frozenset[str]
    held_back: frozenset[str] = frozenset()


def as_read(clause: str) -> str:
    """A clause as the rules read it: normalised, and their words spelled right."""
    return _remembered(normalise(clause))


# Whoever weighs what the rules say asks for the same line again.
@lru_cache(maxsize=1024)
def _remembered(line: str) -> str:
    return _SPELLED.sub(lambda word: _SPELLING[word[0]], line)


def judge(clause: str, rules: Iterable[Rule] = SAFETY_RULES) -> Ruling:
    """Intents a clause states and intents it only seems to state."""
    line = as_read(clause)
    found: set[str] = set()
    ruled_out: set[str] = set()
    held_back: set[str] = set()
    for rule in rules:
        without = any(pattern.search(line) for pattern in rule.unless)
        stands = any(pattern.search(line) for pattern in rule.phrases)
        if without:
            ruled_out.add(rule.intent)
        if stands:
            (held_back if without else found).add(rule.intent)
    return Ruling(frozenset(found), frozenset(ruled_out), frozenset(held_back))
