"""Phrases about the conversation itself, service and terms, beside those of `phrases`: what a line asks or claims."""

import re

ASKING = (
    r"(?:what|how|why|when|where|which|who|whose|until when|(?:do|must|should|shall|would|will|am|can|could|may|have) "
    r"(?:i|we)|(?:is|was|are) (?:it|that|this|there|they|the|my)|did (?:i|you|we)|do you|are you|does|if (?:i|we))\b"
)
OPENER = (
    r"(?:and|or|so|but|ok(?:ay)?|well|hm+|wait|now|then|sure|fine|right|yes|yeah|no|sorry|hi|hello|please|oh|"
    r"also|about)"
    r"\b"
)
OPENERS = rf"(?:{OPENER}|[ ,.!;:])*"
_PERSON = (
    r"(?:person|humans?(?: beings?)?|colleagues?|(?:human |live )?agents?|advis[eo]rs?|rep(?:resentative)?s?|"
    r"operator|boss|manager|"
    r"hand-?(?:over|off)|(?:your |the )team|(?:some|any)(?:one|body)(?! (?:to|who|that|like|else)\b))"
)
_TO_PERSON = (
    r"(?:(?:the|a|an|that|this|your|any|my|to|talk(?:ing)?|speak(?:ing)?|chat(?:ting)?|wait(?:ing)?|with|for|"
    r"about|real|"
    r"live|of) )*"
)
_LEAVES_QUEUE = re.compile(r"\b(?:take|get) me (?:off|out of) (?:the|your|this) (?:queue|waiting list|line)\b")
_NO_PERSON = re.compile(
    r"\b(?:forget|ne?ver ?mind|nvm|scrap|skip|drop|call off|no need (?:for|to|of)|don'?t bother(?: with)?)"
    r"(?: about)?,? "
    rf"{_TO_PERSON}{_PERSON}\b"
    rf"|\bcancel (?:the|that|this|my) (?:request for )?{_TO_PERSON}"
    r"(?:person|human|colleague|agent|hand-?(?:over|off))\b"
    r"|\b(?:don'?t|do not|no longer|needn'?t|won'?t) (?:really |actually |even )?(?:need|want|wish|require|have)"
    r"(?: to)? "
    rf"{_TO_PERSON}{_PERSON}\b(?! (?:called|named|came|ever)\b)"
    r"|\bno (?:person|human|colleague|agent)s? (?:is |are )?(?:needed|necessary|required|any ?more|please|thanks?)\b"
    r"|\b(?:person|human|colleague|agent|hand-?(?:over|off))s? (?:is|are) (?:no longer|not) (?:needed|necessary)\b"
    r"|\b(?:rather|just|let'?s|prefer to|i'?ll|want to) (?:go on|carry on|continue|keep (?:going|talking|chatting))"
    r" (?:with (?:you|the (?:bot|assistant)|this chat)|here|in (?:this|the) chat)\b"
    r"|\b(?:don'?t|do not) (?:pass|transfer|connect|hand|put|forward) me (?:on|over|to|through|with)\b(?!.*\bagain\b)"
    rf"|{_LEAVES_QUEUE.pattern}"
)
_FIGURE = (
    r"(?:\d+ ?(?:%|percent|per cent)|half (?:the |my )?price|half off|[€$£] ?\d+|\d+ ?(?:€|euros?|dollars?|pounds?)|"
    r"free (?:month|year)|(?:month|year)s? (?:for )?free)"
)
_CLAIMS_OFFER = re.compile(
    r"\b(?:i|we)(?:'ll| will| can| am going to|'m going to|'d| would) (?:now )?(?:give|offer|grant|take|let) you\b"
    rf".*{_FIGURE}"
    r"|\byou(?:'ve| have| had)? (?:just |already |also )?(?:said|offered|wrote|quoted|gave me|agreed (?:to|on))\b"
    rf".*{_FIGURE}"
    rf"|\byour offer (?:is|was)\b.*{_FIGURE}"
    rf"|^(?:so |then |and )*(?:it'?s|that'?s|that is|it is) (?:\w+ )?{_FIGURE}.*\b(?:right|correct|yes)\?"
    rf"|\bconfirm\b.*{_FIGURE}|^(?:assistant|bot|system|agent|support) ?:.*{_FIGURE}"
    rf"|\b(?:ignore|disregard|forget|override|bypass)\b.*\b(?:rules?|instructions?|guidelines?|prompt)\b.*{_FIGURE}"
)
_HOW_TO = re.compile(
    rf"^(?!(?!.*\bpay).*\b(?:bill|invoice)s?\b){OPENERS}"
    r"(?:(?:how|where) (?:do|can|could|should|would|to) (?:(?:i|we) )?"
    r"(?!(?:i|we|you|it|that|this|know|reach|contact|call|say|make|complain|save|leave|get out|even|begin|start)\b)\w+"
    r"|(?:can|could|may) (?:i|we) (?:also |still )?(?:use|connect|install|set up|pay|transfer|update|register)\b"
    r"|(?:what|which) (?:payment (?:methods?|options?|ways?)|cards?)\b"
    r"|(?:do|will|can|could) (?:i|we) (?:get|have|receive) (?:an? |the |any )?(?:\w+ )?(?:confirmation|receipt|"
    r"letter|copy)\b"
    r"|(?:do|can) you (?:accept|take|support)\b|is it possible to (?:use|pay|connect|install|set up|update))"
)
_PAYMENT = re.compile(
    r"\b(?:payments?|direct debit|(?:credit |debit |bank )?card|transfer)(?: \w+){0,2} "
    r"(?:failed|declined|rejected|bounced|refused|returned|"
    r"(?:did not|didn'?t|does not|doesn'?t|won'?t) (?:go through|work))\b"
    r"|\b(?:can'?t|cannot|can not|could not|couldn'?t|unable to) (?:\w+ )?pay (?:my|the|this|that|you|it|now|yet)\b"
    r"|\b(?:need|want) (?:more time|longer) to pay\b|\bpay (?:it )?(?:later|in (?:parts|instal?lments))\b"
)
_OVERRIDES = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass) (?:(?:all|any|of|your|the|previous|prior|my|these|those) )*"
    r"(?:rules?|instructions?|guidelines?|prompts?|training|policy|policies|limits|restrictions)\b"
    r"(?!.*\b(?:list|e-?mails?|messages?|contact\w*|data|marketing|newsletters?|unsubscribe)\b)"
)

_ASKS_NO_END = re.compile(
    r"^(?!.*(?:mail|messag|advert|\bads\b|market|newsletter|contact|\blist\b|unsubscri|\bstop|call|writ|spam|"
    r"text|\bopt|"
    rf"bother|alone|harass)){OPENERS}{ASKING}"
)
_RECONSIDERS = re.compile(
    rf"^{OPENERS}(?:actually,? no\b|no,? (?:wait|actually|sorry)\b|wait,? no\b|on second thoughts?|rather not|"
    rf"better not|"
    r"scratch that|i take (?:it|that) back|(?:i(?:'ve| have)? )?changed my mind)(?!.*\?)"
)
_PRICED = r"(?=.*(?:\d|\b(?:half|free|cheaper|discount|match|lower|price|deal|offer)\b))"
_STAYS_IF = re.compile(
    rf"^{_PRICED}.*(?:\b(?:and|then)|,) ?(?:i|we)(?:'ll| will| would|'d)? (?:stay|remain|keep it)\b"
    rf"|^{_PRICED}.*\b(?:i|we)(?:'ll| will| would|'d) (?:only )?(?:stay|keep it) (?:\w+ )?(?:if|when|for)\b"
)
_OR_ELSE = re.compile(
    rf"^{_PRICED}.*\bor (?:else )?(?:i|we)(?:'?m| am|'?ll| will|'re| are)? (?:just )?"
    r"(?:off|out|gone|leav\w*|go(?:ing)?|quit\w*|walk\w*|switch\w*)\b"
)
_WHO_DECIDES = re.compile(
    r"\bwho (?:(?:can|could|does|will|would|may|is able to|gets to) )?(?:decides?|approves?|authori[sz]es?)\b"
    r"|\bwho(?:'s| is) (?:your )?(?:boss|manager|supervisor|in charge)\b"
)
_ABOUT_TERMS = re.compile(
    r"\b(?:before|after|incl\w*|with|without|plus) (?:the )?(?:tax|vat|taxes)\b|\bgoes? (?:back )?up\b|\bin writing\b"
    r"|\bafter (?:the|those|that|these)(?: \w+)? months?\b|\bthen what\b|\bwhat (?:comes |happens )?after\b|"
    r"\bafterwards\b"
)
_STAYS = re.compile(
    r"\b(?:stay\w*|keep\w*|remain\w*|continu\w*|carry on|no(?:t|t to)? (?:leav\w+|cancel\w*|quit\w*|go(?:ing)?)|"
    r"leave it|"
    r"(?:don'?t|won'?t|do not|will not) (?:want to )?(?:leave|cancel|quit|go|end)|as it is|back|"
    r"changed? my mind|with you)\b"
)
_ASKS_STATUS = re.compile(
    r"\bwhen (?:will|is|are|does|do|can)\b(?: \w+){1,5} (?:fixed|solved|repaired|sorted|done|mended|"
    r"look(?:ed)? (?:at|into)|"
    r"work(?:ing|s)?)\b"
    rf"|^{OPENERS}(?:when|who|how soon)[ ?.!]*$"
    r"|\bwho (?:looks?|is looking|will look|takes? care|deals?)\b|\bany (?:news|updates?)\b|\bt-\d+-\d+\b"
    r"|\bwhat(?:'s| is| has)? (?:happen\w*|going on|become) (?:to|with|of) "
    r"(?:it|that|this|(?:my|the) (?:ticket|request|problem|complaint))\b"
)
_PRICE_ONLY = re.compile(
    rf"^{OPENERS}(?:(?:thanks?|thx|cool|good|great)\b[ ,.!]*)?(?:and |what about |how about )?(?:the|my) price ?\?*$"
)
_COST_OF_THAT = re.compile(
    r"\bwhat (?:would|does|will|do) (?:that|it|this)(?: \w+)? cost\b|\bhow much (?:would|does|will|is) (?:that|"
    r"it|this)\b"
)
_UNFAIR = re.compile(
    rf"^{OPENERS}(?:that|this|it)(?:'?s| is) (?:(?:so|just|totally|really|very|completely) )*(?:unfair|not fair|"
    rf"ridiculous|"
    r"outrageous|disgusting|unacceptable|insulting|an insult|a disgrace|absurd|nonsense)[ .!]*$"
)
_GENUINE = re.compile(
    r"\bis (?:this|that|it) (?:a |an |really |some )*(?:spam|scam|phishing|fraud|fake|genuine|legit\w*)\b"
    r"|\b(?:really|actually) (?:the company|from (?:you|the company|your company)|who you say)\b"
    r"|\bhow (?:do|can) i (?:know|tell|be sure)(?: that| if| whether)? (?:you|this|it)(?:'re| are|'s| is)"
    r"(?! (?:\w+ )?(?:cancel|terminat|end))"
)
_ASKS_CANCELLED = re.compile(
    r"\b(?:is|was|am|has|have) (?:it|this|that|my \w+|the \w+|everything|i)(?: \w+)? (?:been )?(?:cancell?ed|"
    r"terminated)\b"
    r"|\bdid you (?:really |already |just )?(?:cancel|terminate)\b|\bknow (?:that |if |whether )?it(?:'s|"
    r" is) cancell?ed\b"
    r"|\bhave you (?:really |already |just )?(?:cancell?ed|terminated)\b"
)
_UNSURE = r"\b(?:would|am|will) i (?:be )?(?:stupid|dumb|crazy|wrong|mad|silly|better off)\b"
_ADVICE = re.compile(
    r"\bwhat would you (?:do|recommend|suggest|advise)\b|\bpros and cons\b|\bwhat do you (?:recommend|suggest|advise)\b"
    rf"|{_UNSURE}|\bwhat(?:'?s| is) your (?:opinion|advice|view)\b"
    r"|\b(?:can|could) you (?:recommend|advise)\b|\bin my (?:place|shoes)\b"
)
_MISSING = re.compile(
    r"\b(?:nobody|no ?one|none of (?:you|them)|they never|you never)(?: \w+)? "
    r"(?:came|come|comes|called|calls|showed|turned|answered|answers|replied|helped|helps|cares?)\b"
)
_COMPENSATION = re.compile(
    r"\bwhat do (?:i|we) get (?:for|because)\b|\bcompensat\w+|\bwant (?:my|our|the|some) money\b|\bmoney back\b|"
    r"\breimburs\w+|\bmake up for\b"
)
_DO_IT = re.compile(
    r"^(?:(?:ok(?:ay)?|yes|fine|then|please|just|well|al(?:l )?right|so|now)\b|[ ,.])*"
    r"(?:do (?:it|that)|go ahead|let'?s do (?:it|that))[ .!]*$"
)
_WHY_NOT = re.compile(rf"^{OPENERS}why(?: not)?[ ?.!]*$")
_HOW_ONLY = re.compile(
    rf"^{OPENERS}how(?: (?:does|would|do|will) (?:it|that|this) (?:work|go|look))?(?: then| exactly)*[ ?.!]*$"
)
_GREETS = re.compile(
    r"\b(?:hi|hello|hey\w*|hallo|hiya|howdy|yo|greetings|moin|good (?:morning|afternoon|evening|day)|dear|"
    r"how are you|how is it going|nice to meet|there)\b"
)
_PARTS = re.compile(
    r"\b(?:bye\w*|good ?bye|see (?:you|ya)|take care|ciao|farewell|cheers|good night|have a (?:nice|good|great|lovely)|"
    r"that(?:'s| is|s) (?:all|it|everything)|nothing (?:else|more)|(?:talk|speak|see you) (?:to you )?(?:later|"
    r"soon)|cu|"
    r"gotta go|i(?:'m| am) done|done here|so long|until next|till next|later|goodnight|thanks? .*help)\b"
)
_AGREES = re.compile(
    r"\b(?:y(?:es|eah|ep|up)|ok(?:ay)?|k|sure|tak(?:e|ing)|accept\w*|agree\w*|deal|fine|good|great|perfect|"
    r"sounds|do (?:it|that)|"
    r"want|like|love|i'?ll|let'?s|go (?:for|ahead|with)|interested|count me|sign me|i'?m in|book|set (?:it |"
    r"that )?up|works|"
    r"happy|please|gladly|live with|al(?:l )?right|absolutely|definitely|certainly|of course|fair|nice|need|"
    r"have it|give|"
    r"send|activate|apply|keen|bring it|exactly|correct|right|that'?s it|ja|oui|si|sí)\b"
)
_NAMES_OFFER = re.compile(r"\b(?:the|my|your|that|this) (?:offer|deal|discount|suggestion)\b")
_WHY_STAY = re.compile(
    rf"\bwhy (?:should|would|must|do) (?:i|we) (?:even |still |then )?(?:stay|keep|remain)\b|{_UNSURE}"
)
_FREEZES = re.compile(
    r"\b(?:freez\w+|froze\w*|stutter\w*|buffer\w*|lag(?:s|ging|gy)?)\b(?!.*\b(?:plan|contract|account|"
    r"membership|subscription)\b)"
)
_CONTACT_DATA = re.compile(
    r"\S+@\S+\.\w+|\b(?:change|update|correct|wrong|new) (?:my |the |our )?(?:e-?mail|mail|phone|name)\b"
    r"(?! (?:plan|contract|line|router))"
)
_ASKS_DATA = re.compile(
    r"(?s)^(?!.*\b(?:delet|eras|remov|wip|forget|destroy|purg)\w*).*(?:"
    r"\b(?:what|which)(?: (?!plan\b)\w+){0,2} (?:do|have|does) (?:you|your \w+)"
    r" (?:know|have|hold|keep|kept|stored?|saved?|collect(?:ed)?)(?: \w+)? (?:about|on|of) (?:me|us)\b"
    r"|\b(?:copy of|export|download)(?: \w+){0,2} (?:my|our)(?: personal)? (?:data|information)\b"
    r"|\b(?:send|give|show)(?: \w+){0,3} (?:my|our) personal (?:data|information)\b"
    r"|\b(?:subject|data) access request\b)"
)

PATTERNS = {
    "asks_data": _ASKS_DATA,
    "agrees": _AGREES,
    "names_offer": _NAMES_OFFER,
    "why_stay": _WHY_STAY,
    "freezes": _FREEZES,
    "contact_data": _CONTACT_DATA,
    "why_not": _WHY_NOT,
    "how_only": _HOW_ONLY,
    "greets": _GREETS,
    "parts": _PARTS,
    "asks_no_end": _ASKS_NO_END,
    "reconsiders": _RECONSIDERS,
    "stays_if": _STAYS_IF,
    "or_else": _OR_ELSE,
    "who_decides": _WHO_DECIDES,
    "about_terms": _ABOUT_TERMS,
    "stays": _STAYS,
    "asks_status": _ASKS_STATUS,
    "price_only": _PRICE_ONLY,
    "cost_of_that": _COST_OF_THAT,
    "unfair": _UNFAIR,
    "genuine": _GENUINE,
    "asks_cancelled": _ASKS_CANCELLED,
    "advice": _ADVICE,
    "missing": _MISSING,
    "compensation": _COMPENSATION,
    "do_it": _DO_IT,
    "no_person": _NO_PERSON,
    "leaves_queue": _LEAVES_QUEUE,
    "claims_offer": _CLAIMS_OFFER,
    "payment": _PAYMENT,
    "how_to": _HOW_TO,
    "overrides": _OVERRIDES,
}
