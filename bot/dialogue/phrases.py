"""Phrases that depend on a dialogue: what a line says beside the intents of the models, by patterns."""

import re

_HESITANT = re.compile(
    r"\b(?:thinking (?:about|of)|consider(?:ing)?|might|should i|not sure (?:if|whether)|tempted to|about whether|"
    r"(?:suppose|maybe|perhaps) (?:i|we)(?:'ll| will| should| ought to| might| could)?)\b"
)
_ABOUT_CANCELLING = re.compile(
    r"\b(?:what (?:happens|would happen|if)|(?:is|are) there (?:a |any )?(?:fees?|penalt\w+|charges?)|notice period|"
    r"cancell?ation (?:fees?|terms|period|policy)|what does it cost to cancel)\b"
)
_LEAVING = re.compile(r"\b(?:cancel|leav|terminat|quit|notice)")
_WANTS_OUT = re.compile(
    r"\b(?:i (?:just )?want out|get me out|i'?m (?:out|off|leaving)|i quit|done with you|i'?m done|"
    r"(?:end|cancel|close|terminate|stop|quit) (?:mine|ours|it all))\b"
    r"|^(?:just |please |now )*(?:do it|get on with it|end it)(?: now| already)?[ .!]*$"
)
_INSISTS = re.compile(
    r"(?:^|[,.;!:] *|\b(?:just|then|actually|please|now|and|so|still|to|do|yes|rather|should|will|'ll|would|'d) )cancel"
    r"(?: (?:it|this|that|everything|all|now|please|already|anyway|today|instead|then|after all|my \w+|the \w+))*"
    r"[ .!:;)]*$"
)
_ORDERS = re.compile(
    r"^(?:please|pls|just|ok(?:ay)?|so|then|now|yes|you can|i said|i want you to|[ ,.!]"
    r"|(?:u+gh|hm+|well|oh|ah|no|do|fine|right)\b)*cancel\b"
    r"(?! (?:\w+ ){0,3}(?:appointment|visit|technician|engineer|order|booking|call|callback|delivery|ticket|request|"
    r"meeting|newsletter|cancell?ation|culture))"
)
_KEEPS = re.compile(
    r"(?<!can )(?<!could )\bkeep (?:it|everything|things|my \w+|the (?:plan|contract|subscription|service))\b"
    r"|\bleave (?:it|everything|things) (?:as (?:it is|they are|is)|for now)\b|\b(?:don'?t|do not) (?:you )?cancel\b"
)
_NOT_TO = re.compile(
    r"\b(?:don'?t|won'?t|never|(?<!can )(?<!could )not|no need to|didn'?t)"
    r" (?!let |allow |just |only |understand |know )(?:\w+ ){0,3}cancel"
)
_ASKS_HOW = re.compile(
    r"^(?:and |so |but |ok(?:ay)? |hm+ |wait |[, ])*(?:(?:how|where|when|which|why|what|who|do i|must i|should i|"
    r"would i|is it|is there|am i|will i)\b.*\b(?:cancel|leav|terminat)"
    r"|(?:can|could|may) i\b.*\bcancel.*\b(?:online|myself|later|any ?time|whenever|by|without|if)\b)"
)
_WHAT_NOW = re.compile(
    r"\b(?:what (?:are|will) you (?:gonna |going to |plan to )?do|what now|and now what"
    r"|what happens (?:now|next))\b"
)
_ABOUT_ACCOUNT = re.compile(
    r"\b(?:what (?:is it|do) i (?:have|pay)|what (?:is|'s) my plan|which plan|my (?:current )?plan\?"
    r"|what i (?:have|pay))"
)
_WHAT_CAN_YOU = re.compile(r"\bwhat (?:can|could) you (?:do|offer)\b")
_WANTS_PERSON = re.compile(
    r"\b(?:don'?t|do not|hate|dislike|tired of|sick of)(?: (?:like|want|wish|enjoy))?(?: to)?"
    r" (?:talk|chat|speak|typ|deal|writ)\w* (?:to |with )?(?:a |an |this |these |some )?"
    r"(?:machines?|computers?|bots?|robots?|chatbots?|programs?|ai)\b"
)
_NOT_ENOUGH = re.compile(
    r"\b(?:not (?:good |nearly |really )?enough|(?:does not|doesn'?t|did not|didn'?t) help|not help(?:ful|ing)|no use|"
    r"is that (?:all|it)|are you (?:kidding|joking|serious)|"
    r"you must be joking|that(?: i|')s (?:it|all)\?|not an answer|waste of (?:my )?time)"
)
_ABOUT_DATES = re.compile(
    r"\b(?:until when|paid (?:until|till|up to)|next (?:payment|renewal|bill)|when (?:does|do|will|is) (?:my|it|the)"
    r" (?:\w+ )?(?:end|renew|expire|run out|due|over))"
)
_FOR_ANOTHER = re.compile(
    r"\b(?:her|his|their|(?:mother|father|mum|mom|dad|wife|husband|brother|sister|son|daughter|partner|gran\w*)'?s)"
    r" (?:\w+ )?(?:account|contract|plan|subscription|line|service|membership)\b"
)
_BARGAIN = re.compile(
    r"\b(?:(?:better|bigger|larger|higher) (?:price|deal|offer|discount|reduction|than that)|do better|more than that|"
    r"best (?:price|you can do|offer)|cheaper|lower (?:price|it)|match (?:that|it|their|them)|knock|throw in|"
    r"only \d+ ?%|make it \d+|negotiat\w+|\d+ ?(?:%|percent)|half price|why (?:can'?t you|not more)|"
    r"or (?:else )?i(?:'m| am| will|'ll)? (?:leav|go|cancel|walk))"
)
_ABOUT_OFFER = re.compile(
    r"\b(?:how (?:much|long)|until when|valid|what(?:'s| is) the (?:catch|offer|deal|suggestion)|conditions?|terms|"
    r"tell me more|more details?|what exactly|"
    r"what (?:do|would|will|shall|should) (?:i|we) (?:get|pay|owe|have to pay)|then what|afterwards|and after|"
    r"after (?:that|the|those)|sign)\b"
)
_CORRECTION = re.compile(
    r"\b(?:(?:that'?s|this is) not what i (?:said|meant|asked|want\w*)|i (?:didn'?t|did not) (?:say|mean|ask)|"
    r"no,? i mean\w*|i meant|you (?:misunderstood|got (?:that|it|me) wrong|don'?t understand)|wrong answer)\b"
)
_PLAIN_YES = re.compile(
    r"^(?:(?:oh |well )?(?:yes|yep|yeah|yup|ok|okay|sure|please|go ahead|go on(?: then)?"
    r"|do it|confirm(?:ed)?|correct|right|fine|ja|oui"
    r"|si|sí))(?:[ ,.!]+(?:yes|please|do it|go ahead|cancel(?: it)?|thanks?|that'?s right|sure|now|i'?m sure))*[ .!]*$"
)
_PLAIN_NO = re.compile(
    r"^(?:no|nope|nah|nein|non|don'?t|better not|rather not)"
    r"(?:[ ,.!]+(?:no|thanks?|thank you|not now|don'?t|nothing|please|that'?s (?:all|it)|i'?m good))*[ .!]*$"
)

_SAYS_YES = re.compile(
    r"^(?:(?:oh|ok(?:ay)?|well|hm+|ah|great|good)\b|[ ,.!])*(?:yes|yeah|yep|yup|sure)\b"
    r"(?!.*\b(?:but|however|only if|if you|not?|don'?t)\b)"
)
_WANTS_CALL = re.compile(
    r"(?:^|[.,;!?] *|\b(?:please|can (?:you|someone|somebody|anyone)|could (?:you|someone|somebody|anyone)|would you|"
    r"will you|(?:want|need|like) (?:you|someone|somebody) to|but|and|then|just) )"
    r"(?:call|ring|phone) (?:me|us)\b(?! (?:a|an|the|mr|mrs|stupid|crazy|names?)\b)"
)
_SOLVED = re.compile(
    r"\b(?:(?:everything|all|it|that|things?)(?:'s| is| are) (?:all |fine |quite )?"
    r"(?:fine|clear|sorted|solved|well|in order|ok(?:ay)?|good)(?: now| then| again)|i see it now|"
    r"(?:just |have )?found it now|(?:works|working|solved|sorted) now|"
    r"(?:has|is) (?:been )?(?:solved|sorted|fixed) (?:itself|now|already)|my mistake|i misread)\b"
)
_LOST = re.compile(
    r"^(?:(?:but|sorry|no|well|oh|hm+|and) ?[,.]? )*(?:i (?:still |really |just )?(?:don'?t|do not|can'?t) "
    r"(?:understand|get it|follow)(?: (?:you|that|this|it|anything|at all|a word|any of (?:it|this|that)))*"
    r"|i'?m (?:so |completely |totally )?lost)[ .!?]*$"
)
_HELP = re.compile(r"^(?:please |pls |can you |could you |just )*help(?: me| us| please| pls| now)*[ .!?]*$")
_HUMS = re.compile(r"^(?:(?:h+m+|u+m+|u+h+|e+r+m?|well)[ .,!?]*)+$")
_NAMES_PRICE = re.compile(
    r"\b(?:it'?s|it is|because of|due to|reason is|problem is) (?:just |only |mostly |really )?(?:the |your )?"
    r"(?:prices?|costs?|money)\b"
)
_RELATIVE = (
    r"(?:mother|mum|mom|father|dad|parents?|husband|wife|partner|spouse|brother|sister|son|daughter|child|baby|friend|fianc\w+|"
    r"gran\w*|aunt|uncle|cousin|mother-in-law|father-in-law|boyfriend|girlfriend)"
)
_DEATH = re.compile(
    rf"\b(?:my|our|his|her) (?:\w+ )?{_RELATIVE}(?: \w+){{0,2}} (?:died|passed away|passed on|is dead|deceased)\b"
    rf"|\b(?:death|loss|passing) of (?:my|our) (?:\w+ )?{_RELATIVE}\b"
    r"|\b(?:death|bereavement) in (?:the|my|our) family\b"
    rf"|\b(?:i|we) (?:\w+ )?(?:lost|buried) (?:my|our) (?:\w+ )?{_RELATIVE}\b"
)

_PATTERNS = {
    "hesitant": _HESITANT,
    "about_cancelling": _ABOUT_CANCELLING,
    "wants_out": _WANTS_OUT,
    "bargain": _BARGAIN,
    "about_offer": _ABOUT_OFFER,
    "about_account": _ABOUT_ACCOUNT,
    "about_dates": _ABOUT_DATES,
    "what_now": _WHAT_NOW,
    "asks_how": _ASKS_HOW,
    "not_to": _NOT_TO,
    "keeps": _KEEPS,
    "for_another": _FOR_ANOTHER,
    "what_can_you": _WHAT_CAN_YOU,
    "wants_person": _WANTS_PERSON,
    "not_enough": _NOT_ENOUGH,
    "correction": _CORRECTION,
    "yes": _PLAIN_YES,
    "no": _PLAIN_NO,
    "says_yes": _SAYS_YES,
    "wants_call": _WANTS_CALL,
    "solved": _SOLVED,
    "lost": _LOST,
    "help": _HELP,
    "hums": _HUMS,
    "names_price": _NAMES_PRICE,
    "death": _DEATH,
}
NAMES = frozenset(_PATTERNS) | {"question"}
"""Every phrase that may be found; `question` is a line that ends with a question mark."""


def meanings(line: str) -> frozenset[str]:
    """The names of the phrases in a line."""
    plain = line.lower().replace("’", "'")
    found = {name for name, pattern in _PATTERNS.items() if pattern.search(plain)}
    if not _LEAVING.search(plain):
        found.discard("about_cancelling")
    if (_INSISTS.search(plain) or _ORDERS.search(plain)) and not _NOT_TO.search(plain):
        found.add("wants_out")
    return frozenset(found | ({"question"} if plain.endswith("?") else set()))
