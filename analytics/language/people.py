"""Lines that speak of people and ask for none: conditions, memories, refusals, people in other parts, jokes.

`rules.py` leaves a wish for a person unheard in a clause in which one of these stands. A wish in another clause of the
same message is heard all the same.
"""

import re

_ANY = r"(?:humans?|persons?|people|agents?|anyone|anybody|someone|somebody)"
_A_PERSON = r"(?:someone|somebody|anyone|anybody|an? (?:real )?(?:person|human|agent))"
_ROLE = (
    r"(?:human|person|agent|representative|operator|advis[oe]r|supervisor|manager|boss|employee|colleague|technician)"
)
_THING = r"(?:contract|number|line|plan|subscription|sim|card|router|box|licen[cs]e|calls)"
_DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_MONTH = r"(?:january|february|march|april|june|july|august|september|october|november|december)"

SPEAKS_OF_PEOPLE = tuple(
    re.compile(pattern)
    for pattern in (
        # What is not the case, a condition, something for later.
        r"\bif (?:i|we) (?:ever |really )?(?:wanted|needed)\b|\bmaybe later\b|(?<!why )\bnot now\b",
        r"\b(?:another|some other) time\b(?!.*\bnow\b)",
        r"(?<!who )(?<!whom )(?<!what )\b(?:do|must|would|will|should) (?:i|we) (?:(?:really|also|still|have|need) )+"
        rf"(?:to )?(?:talk|speak|call|ask|{_A_PERSON})\b",
        r"^(?!.*\b(?:not|no sense|pointless|useless|impossible|nothing)\b).*\bwithout (?:\w+ ){0,2}"
        r"(?:talk|speak|chat|call|ask|involv)ing\b",
        # What was, and left no wish.
        r"^(?!.*\b(?:now|again|still|today|please|want|need|like|can|let|give|get|put|pass|connect"
        r"|transfer|prefer)\b)"
        rf".*\b(?:yesterday|last (?:week|month|year|time|spring|summer|autumn|winter|{_DAY})|back then|the other day"
        rf"|ago|on {_DAY}|in {_MONTH})\b",
        r"\b(?:was|were) able to (?:talk|speak|reach)\b",
        r"\bhad to (?:talk|speak|chat|ask)\b(?!.*\b(?:now|again|please)\b)",
        # Refusals.
        r"\b(?:rather|sooner|prefer to|better) (?:type|write|stay|do|sort|read|wait|keep|use)\b.{0,30}\bthan\b",
        r"\band not (?:to )?(?:talk|speak|chat|call)\b|\bnot (?:you )?dare\b|\bspare me\b",
        r"\blast thing i (?:want|need)\b",
        rf"\b(?:hate|refuse|scared|afraid)(?: of| to)? (?:being |be |get |getting )?"
        r"(?:talk|speak|call|transferr|connect)\w*"
        rf"(?: to| with)? (?:an? |your |any |some )?(?:real )?{_ANY}\b",
        rf"\b(?:anything but|not another|rather you than|no reason (?:for|to \w+ \w+ (?:to|with))) (?:an? )?{_ANY}\b",
        r"\b(?:do|did|need|please|should|must|better) not (?:please )?(?:hand|pass|transfer|forward|give) "
        r"(?:this|it|that)\b",
        rf"\bleave (?:the |your |all )?{_ANY} out\b",
        r"\bwithout (?:having|needing) to (?:talk|speak|chat|call|phone|ring|write)\b",
        r"\b(?:i|we) (?:never|did not) (?:ask\w*|want\w*|request\w*) (?:for |to )?(?:\w+ ){0,3}"
        r"(?:persons?|humans?|agents?|managers?|supervisors?|transferred|connected)\b"
        r"(?!.*\b(?:now|but|please|instead|get|give|let)\b)",
        rf"\bthan (?:wait|ring|call|phone)(?:ing)?\b(?: \w+){{0,3}} {_ANY}\b",
        r"\bnot (?:want|wish|like|going|need)(?: to)? (?:discuss|negotiate|argue)\b.{0,20}"
        r"\bwith (?:anyone|anybody|someone|somebody)\b",
        # What they did, and what is told or complained of.
        r"^(?:but |and |so )?(?:you|they|he|she|somebody|someone) (?:have |has |had |just |then |already )*"
        r"(?:put|passed|transferred|connected|escalated|sent)\b(?!.*\b(?:now|again|please|want|need|let)\b)",
        r"\blet me (?:tell|show) you\b|\bthrough the (?:\w+ )?(?:steps?|process|set-?up|menu|form)\b",
        r"\b(?:since|because|reason)\b.{0,30}\b(?:never|not|nobody|no one)\b.{0,20}\b(?:reach|get|talk|speak)\w*\b"
        r"(?!.*\b(?:now|but|please|want|need|let)\b)",
        r"\b(?:report|complain about|complaint about) (?:an?|the|one of|your|this|that) (?!to )(?:\w+ )?"
        rf"(?:of your )?(?:\w+ )?{_ROLE}s?\b"
        r"(?!.*\b(?:talk|speak|put|connect|transfer)\b)",
        r"^(?:oh |well |please |but )?no (?:more )?(?:humans?|persons?|people|agents?)(?: please|"
        r" thanks| thank you|[,.!]|$)",
        r"\b(?:better|happier|fine|ok(?:ay)?|good) (?:off )?with (?:the|a|this) (?:bot|machine|robot"
        r"|program|computer)\b",
        r"\b(?:forget|never ?mind|scrap|drop) (?:about )?(?:the|that) (?:human|person|agent|colleague|manager)\b",
        r"\bnot (?:necessary|needed|required)\b",
        r"\bworse than (?:the|a|this) (?:bot|machine|robot|program)\b",
        r"\bnot (?:know|realise|realize) i was (?:talking|chatting|speaking|writing)\b",
        # For another day, and the hours of others.
        r"\bappointment\b(?!.*\b(?:now|today)\b)|\b(?:first|second|third|last|next) week (?:of|in)\b",
        r"\bare (?:your |the )?(?:agents?|people|advis[oe]rs?|staff|humans?|reps?) (?:\w+"
        r" )?(?:available|there|working|around|in)"
        r" (?:on|at|during|over|after|before|until|from)\b",
        # People in other parts: who works, who signs, who holds the ladder, who is praised, whose contract it becomes.
        r"\b(?:job|career|vacanc\w+|salary)\b|\bwork (?:as|for you)\b",
        rf"\b(?:will|does|do) (?:an? |the |any |some )?{_ANY}(?: \w+)? (?:see|read|hear|listen)\b",
        rf"\b{_A_PERSON} (?:who )?to (?:lift|hold|carry|let|be|move|open|climb|drill|wait|stay|love|care|marry|walk"
        r"|feed|drive)\b",
        rf"\b{_A_PERSON} (?:(?:at|in) (?:my|the|our) (?:house|home|flat|door|apartment|garden)|at home)\b",
        rf"\b(?:technician|engineer|installer|fitter|courier|he|she) (?:will )?needs? {_A_PERSON}\b",
        rf"\b(?:want|like|let|tell) (?:the|your|that|this) (?:\w+ )?{_ROLE} (?:to )?"
        r"(?:know|be (?:praised|thanked|told))\b",
        r"\b(?:add|another|second|extra|one more) (?:an? )?(?:person|user|member)\b.{0,40}\b(?:plan|contract|account"
        r"|household|subscription)\b",
        r"\b(?:like|love|glad|nice|happy|fine|good)\b.{0,60}\binstead of (?:an? |some )?(?:real )?"
        r"(?:humans?|persons?|people|agents?)\b",
        r"\b(?:transfer|assign|pass|hand|switch|move|give|forward|route|connect) (?:over |on )?"
        rf"(?:my|the|our|this|all|a)? ?(?:\w+ )?{_THING}\b",
        r"\b(?:contact|reach|call|ring|phone) (?:my|our|his|her|their)\b(?! (?:number|phone|mobile|cell))",
        r"\bneed an? (?:line|plan|phone|number|connection|headset|device|tablet|camera)\b.{0,40}"
        r"\bto (?:talk|speak|chat)\b",
        # Jokes, and what is said about people and machines.
        r"\b(?:joke|story|song|poem|riddle|movie|film|novel)s?\b|\binside (?:you|of you|this thing)\b",
        r"\b(?:act|behave|look|feel|think|smart|clever|nice|polite|friendly|almost|just) (?:\w+ )?like an? (?:real )?"
        r"(?:human|person|agent)\b|\b(?:is|only|just) human[ .!]*$",
        r"\b(?:there (?:is|are|were)|have|has|promis\w+|advert\w+)\b.{0,20}\bno (?:bots?|robots?|machines?)\b",
        r"\bno (?:bots?|robots?|machines?)\b.{0,40}\b(?:ads?|advert\w*|said|promis\w+|slogan|in my)\b",
    )
)
"""What stands in a clause that asks for no person, in the normalised form that the rules read."""
