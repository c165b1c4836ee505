"""Phrases that depend on a dialogue: what a line says beside the intents of the models, by patterns."""

import re

from bot.dialogue.glossary import points_back, term_asked
from bot.dialogue.service_phrases import ASKING as _ASKING
from bot.dialogue.service_phrases import OPENER as _OPENER
from bot.dialogue.service_phrases import OPENERS as _OPENERS
from bot.dialogue.service_phrases import PATTERNS as _OF_SERVICE

_HESITANT = re.compile(
    r"\b(?:thinking (?:about|of)|consider(?:ing)?|might|should i|not sure (?:if|whether)|tempted to|about whether|"
    r"(?:suppose|maybe|perhaps) (?:i|we)(?:'ll| will| should| ought to| might| could)?)\b"
)
_IN_TWO_MINDS = re.compile(
    r"\b(?:wonder(?:ing)?|not sure|undecided|don'?t know|do not know|debating|thinking about) (?:if|whether) "
    r"(?:(?:i|we)(?: \w+){0,2}|(?:or not )?to) (?:stay|leave|quit|cancel|go\b(?! (?:on|to|with)))"
    r"|\b(?:half(?! (?:off|price|the|of|my))|in two minds)\b[^.!?]{0,30}\b(?:stay|leave|leaving|go|going|quit|"
    r"cancel\w*)\b(?! (?:on|to|with))"
    r"|\b(?:stay|leave|go|cancel) or (?:not|stay|leave|go)\b(?! (?:on|to|with))"
    r"|\b(?:i|we) (?:might|may)(?: (?:just|well|also|as well))* (?:leave|quit|go|switch)\b(?! (?:on|to|with|ahead))"
)
_EXTRA = r"(?:tv|television|sports?|channels?|movies?|phone|landline|part|bit|portion|half|add-?ons?|options?|extras?)"
_NOT_THE_WHOLE = r"^(?!.*\b(?:everything|whole|altogether|contract|account|all of it)\b).*"
_A_PART = re.compile(
    rf"{_NOT_THE_WHOLE}(?:\b(?:cancel|stop|end|drop|quit|remove|lose|get rid of)\b(?: \w+){{0,2}}? "
    rf"(?:only|just)(?: \w+){{0,2}} {_EXTRA}\b"
    rf"|\b(?:only|just)(?: \w+){{0,3}} (?:cancel|stop|end|drop|remove|lose)(?: \w+){{0,2}} {_EXTRA}\b"
    rf"|\b(?:cancel|stop|end|drop|remove|lose)(?: \w+){{1,2}} {_EXTRA} (?:only|part|bit|portion|add-?on|option)\b"
    r"|\b(?:cancel|stop|end|drop|remove)(?: \w+){1,3} (?:part|bit|portion|add-?on|option|extra)\b"
    rf"|\b(?:cancel|stop|drop|remove)(?: \w+){{1,3}},? (?:but|and) (?:still )?keep (?:the|my) "
    r"(?:internet|broadband|line|phone|rest|other|tv)\b)"
)
_OFFERED = (
    r"(?:discount|offer|deal|credit|suggestion|promo\w*|voucher|\d+ ?(?:%|percent))(?! (?:e-?)?(?:mails?|letters?))"
)
_CANCELS_OFFER = re.compile(
    rf"{_NOT_THE_WHOLE}\b(?:cancel|undo|remove|drop|revoke|withdraw)(?: (?!my\b|our\b)\w+){{0,2}} {_OFFERED}(?!\w)"
    r"(?!.*\b(?:plan|subscription)\b)"
)
_TAKES_BACK = re.compile(
    r"\b(?:undo|revoke|withdraw) (?:it|that|this)\b|\b(?:said|please|want(?: to)?|can you|just) undo\b"
    r"|\btake (?:it|that|this|the \w+) (?:back|off)\b|\btake back (?:my|that|the)\b"
    r"|\bi (?:did not|didn'?t|have not|haven'?t|never) (?:\w+ )?(?:accept|agree|say yes|said yes|take it|took it)"
    r"|\bnot (?:agreeing|accepting)\b|\b(?:changed|change) my mind\b(?!.*\?)"
    r"|\bget (?:my|the) (?:plan|contract|subscription) back\b"
)
_GO = r"(?:leave|left|quit|cancel\w*|terminate\w*|go|went|get out)"
_ABOUT_CANCELLING = re.compile(
    r"\b(?:what (?:happens|would happen|if)|(?:is|are) there (?:a |any )?(?:fees?|penalt\w+|charges?)|notice period|"
    r"cancell?ation (?:fees?|terms|period|policy)|what (?:does )?(?:leaving|cancell?ing|"
    r"quitting) (?:\w+ )?means?|what does it cost to cancel)\b"
    rf"|\b(?:how much|what|costs?|charge|pay|owe)\b(?: \w+){{0,6}} to (?:end|be rid of|{_GO})\b"
    rf"|\b(?:pay|owe|cost|charge|lose|keep)\b.{{0,30}}\bif (?:i|we) (?:\w+ )?{_GO}\b"
    rf"|(?:^|[,.;!] ?|\b(?:and|so|but|what|then|ok(?:ay)?),? )if (?:i|we) (?:\w+ )?{_GO}\b(?:[^.!?]*\?|[ .!]*$)"
    r"|\b(?:then|so) (?:i|we)(?:'ll| will| can)? (?:just )?cancel\w*,? (?:right|correct|ok(?:ay)?|yes)\?"
    r"|\b(?:i|we) (?:have|need) to cancel\b[^.!]*\?"
    rf"|^(?:(?:and|so|but|hm+|ok(?:ay)?|what)\b[ ,]*)+if (?:i|we) (?:\w+ )?{_GO}\b(?!.*\b(?:then|you(?:'ll|"
    rf" will)|unless)\b)"
)
_ASKS_FEE = re.compile(r"\b(?:notice period|period of notice|fees?|penalt\w+|charges?d?|costs?|pay|owe)\b")
_LEAVING = re.compile(
    r"\b(?:cancel|leav|left|terminat|quit|notice|(?:get|getting) out\b|be rid of|end (?:my|the|this|it)\b)"
    r"|\bif (?:i|we) (?:\w+ )?(?:go|went)\b[ ?.!]*$"
)
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
    r"|what happens (?:now|next))\b|^(?:(?:ok(?:ay)?|fine|well|right|and|so|but)\b|[ ,.])*then(?: what)?[ .!?]*$"
)
_ABOUT_ACCOUNT = re.compile(
    r"\b(?:what (?:is it|do) i (?:have|pay)|what (?:is|'s) my (?:plan|tariff|package)"
    r"|(?:which|what) (?:plan|tariff|package|subscription) (?:(?:do|did|have|am|are) )?(?:i|we)\b"
    r"|(?:which|what) (?:plan|tariff|package|subscription) (?:is|was) (?:mine|ours|this|that|it)\b"
    r"|my (?:current )?plan\?|what i (?:have|pay)|what (?:i|we) (?:should|must|need to|am supposed to) pay"
    r"|what do (?:i|we) owe)"
)
_WANTS_CHANGE = re.compile(
    r"\b(?:chang|switch|upgrad|downgrad|mov(?:e|ing) to|bigger|smaller|larger|different|another|other|better|cheaper)"
)
_WHAT_CAN_YOU = re.compile(r"\bwhat (?:can|could) you (?:actually |really |even |still )?(?:do|offer)\b")
_HOW_LONG = re.compile(
    r"\bhow (?:long|much longer)\b(?! (?:is|was|does|do|did|will|would|has|have) (?:the|this|that|your|my) "
    r"(?:offer|deal|discount|contract|plan|price))"
    r"|\bwhen (?:will|is|does|do|can) (?:some\w+|any\w+|a (?:person|human|colleague)|your \w+|they|he|she)\b"
    r"|\b(?:still|keep) waiting\b|\bis (?:any|some)(?:one|body) (?:there|coming|here)\b"
)
_WANTS_PERSON = re.compile(
    r"\b(?:don'?t|do not|hate|dislike|tired of|sick of)(?: (?:like|want|wish|enjoy))?(?: to)?"
    r" (?:talk|chat|speak|typ|deal|writ)\w* (?:to |with )?(?:a |an |this |these |some )?"
    r"(?:machines?|computers?|bots?|robots?|chatbots?|programs?|ai)\b"
)
_NOT_ENOUGH = re.compile(
    r"\b(?:not (?:good |nearly |really )?enough|(?:does not|doesn'?t|did not|didn'?t) help|not help(?:ful|ing)|no use|"
    r"is that (?:all|it)|"
    r"you must be joking|that(?: i|')s (?:it|all)\?|not an answer|waste of (?:my )?time)"
    r"|^(?:(?:but|well|no|oh|sorry|then|so)\b|[ ,.])*(?:that|this|it|you)(?:'s| is| was|'re| are) "
    r"(?:(?:just|so|really|totally|completely|absolutely|pretty|of) )*"
    r"(?:useless|pointless|hopeless|no help|no good|no use|worthless|rubbish)[ .!]*$"
)
_MOCKS = re.compile(
    r"\bare (?:you|u) (?:\w+ )?(?:kidding|joking|serious|deaf|blind|stupid|thick|dumb|mad|crazy|insane|"
    r"having (?:a|me)|taking the)\b"
)
_NO_USE = re.compile(r"\b(?:useless|pointless|hopeless|no help|no good|no use|worthless|rubbish)[ .!]*$")
_ABOUT_DATES = re.compile(
    r"\b(?:do|must|should|when do|when must|have) (?:i|we) (?:(?:have|need) to |already |still )*(?:pay|paid)"
    r"(?: (?:now|today|again|already|next|it|this|anything|something))*[ .?!]*$"
    r"|\b(?:any|some)thing (?:(?:is|that is|left|still) )*(?:due|to pay)\b|\b(?:due|owe (?:you )?anything) "
    r"(?:now|today|next)\b"
    r"|\b(?:until when|paid (?:until|till|up to)|next (?:payment|renewal|bill)|when (?:does|do|will|is) (?:my|it|the)"
    r" (?:\w+ )?(?:end|renew|expire|run out|due|over))"
)
_FOR_ANOTHER = re.compile(
    r"\b(?:her|his|their|(?:mother|father|mum|mom|dad|wife|husband|brother|sister|son|daughter|partner|gran\w*)'?s)"
    r" (?:\w+ )?(?:account|contract|plan|subscription|line|service|membership)\b"
)
_BARGAIN = re.compile(
    r"\b(?:(?:better|bigger|larger|higher) (?:price|deal|offer|discount|reduction|than that)|do better|more than that|"
    r"best (?:price|you can do|offer)|cheaper|lower (?:price|it)|match (?:that|it|their|them)|knock|throw in|"
    r"only \d+ ?%|make it \d+|negotiat\w+|\d+ ?(?:%|percent)|half (?:the |my )?price|half off|"
    r"why (?:can'?t you|not more)|"
    r"or (?:else )?i(?:'m| am| will|'ll)? (?:leav|go|cancel|walk)|"
    r"and (?:the |a |one )?(?:first |another )?(?:free months?|months? (?:for )?free)|"
    r"(?:loyal\w*|years?)\b.{0,40}\bget (?:nothing|no (?:discount|reward|bonus|thank\w*)))"
)
_WANTS_MORE = re.compile(
    r"\b(?:make it|at least|nothing less than|not below) (?:\d|half)|\bunless (?:it|you|that|i get)\b"
    r"|\b(?:want|need|expect|like|for|but|give me) (?:\w+ ){0,2}half\b(?! (?:an? )?(?:hour|day|year))"
    r"|\bbut (?:for )?(?:a|the|one|two|\d+)(?: whole| full)? (?:years?|months?)\b(?!.*\?)"
    r"|\b(?:and|then) (?:we have|we've got|it'?s|you(?:'ve| have)) a deal\b|\bmatch (?:it|that|them) and\b"
    r"|\b(?:\d+|that|it)(?: ?%| percent| euros?)? is (?:nothing|a joke|peanuts|not enough)\b"
)
_IF_NO = re.compile(
    r"\b(?:what|how)\b.*\bif (?:i|we) (?:say no|said no|do(?:n'?t| not) (?:take|want|accept)|refuse|decline|turn)"
)
_PROMISED = re.compile(
    r"^(?=.*(?:\d|%|\b(?:percent|free|month|discount|price|cheaper|credit|voucher|gift|money|half)\b)).*"
    r"(?:\b(?:i|we)(?: was| were| have been| had been|'ve been) (?:\w+ )?(?:promised|told|assured|guaranteed)\b"
    r"|\b(?:you|they) promised\b|\bwas promised\b|\b(?:bill|price|it|that) was supposed to (?:be|cost)\b"
    r"|\b(?:your (?:\w+ ){1,4}|(?:some(?:one|body)) (?:at|from|in) your \w+ )"
    r"(?:promised|said|told (?:me|us)|assured|guaranteed)\b)"
)
_AGREED = re.compile(
    r"\bwhat (?:exactly |precisely )?(?:did|have|do) (?:i|we) (?:just |actually |really )?"
    r"(?:agreed?(?: to| on)?|accept(?:ed)?|sign(?:ed)?(?: up)?(?: to| for)?|say yes to|get now)\b"
    r"|\bwhat (?:was|is|have you|did you) (?:\w+ )?(?:agreed|noted|written? down)\b"
)
_ABOUT_OFFER = re.compile(
    r"\b(?:how (?:much|long)|until when|valid|what(?:'s| is) the (?:catch|offer|deal|suggestion)|conditions?|terms|"
    r"tell me more|more details?|what exactly|"
    r"what (?:do|would|will|shall|should) (?:i|we) (?:get|pay|owe|have to pay)|then what|afterwards|and after|"
    r"after (?:that|the|those)|sign)\b"
)
_CORRECTION = re.compile(
    r"\b(?:(?:that'?s|this is) not what i (?:said|meant|asked|want\w*)|i (?:didn'?t|did not) (?:say|mean|ask)|"
    r"i (?:only|just) asked|i (?:haven'?t|have not) (?:decided|said)|"
    r"no,? i mean\w*|i meant|you (?:misunderstood|got (?:that|it|me) wrong|don'?t understand)|wrong answer"
    r"|(?:i|we) (?:was|were) (?:talking|asking|writing|complaining) about)\b"
)
_YES = (
    r"(?:yes|yep|yeah|yup|ok(?:ay)?|sure|please|go ahead|go on(?: then)?|do (?:it|that|so)|(?:i )?confirm(?:ed)?"
    r"|correct|right|fine|al(?:l )?right|absolutely|definitely|certainly|of course|exactly|ja|oui|si|sí)"
)
_PLAIN_YES = re.compile(
    rf"^(?:(?:oh|well|hm+)[ ,]+)?{_YES}(?:[ ,.!]+(?:{_YES}|cancel(?: it| that| this| my \w+| the \w+)?|end it|thanks?|"
    r"thank you|very much|that'?s (?:right|correct|fine|ok(?:ay)?|what i (?:want|said))|now|then|just|already|indeed|"
    r"i (?:do|am|would)|i'?m (?:very |quite |absolutely )?(?:sure|certain)|let'?s (?:do (?:it|that)|go)|"
    r"i (?:want|do want) (?:it|that|to)|by all means|very well|for sure|good|great|perfect))*[ .!]*$"
)
_ASKS = re.compile(
    rf"\?|^{_OPENERS}{_ASKING}|[.;!,] (?:{_OPENER},? ){{0,3}}{_ASKING}"
    r"|^i (?:just )?(?:do not|don'?t) know (?:what|which|how|when)"
)
_ASKS_WAY = re.compile(
    rf"^{_OPENERS}(?:how (?:do|can|could|should|would) (?:i|we)|where|which|who|when (?:do|can|will|does)|"
    r"what (?:is|does|do)|(?:can|could|may|do|must) (?:i|we))\b"
)
_WEAK_YES = re.compile(
    r"^(?:ok(?:ay)?|k|fine|right|sure|al(?:l )?right|good|great|yes|yeah)[ ,.]+"
    r"(?:and|but|so|then|well|hm+|wait|until|unless|if|only|about|what|how|when|why|where|which|who)\b"
)
_ASKS_TO = re.compile(
    r"^(?!.*\b(?:how|where|when|what|why|which)\b).*\b(?:can|could|may|will|would) (?:you|i|we)"
    r"(?: (?:please|pls|just|now|finally|at least|go ahead and|simply))* "
    r"(?:cancel|terminate|end (?:it|this|my|the)|close (?:it|my|the))\b"
    r"(?!.*\b(?:online|myself|later|any ?time|whenever|by|without|if|when|until|fees?|costs?|and keep)\b)"
)
_ENDS = re.compile(
    r"\b(?:end|cancel|close|terminate|stop|quit) (?:mine|ours|it all)\b|\b(?:i want out|get me out|i quit)\b"
)
_JUST_DO_IT = re.compile(r"^(?:just |please |now |yes )*(?:do it|get on with it|end it)(?: now| already)?[ .!]*$")
_WHO_WRITES = re.compile(
    r"\bare (?:you|u) (?:(?:even|actually|really|just|only|a|an|some|kind of|all|truly) )*"
    r"(?:(?:real|human|living|actual|chat|stupid|damn|fucking|bloody) ?)*"
    r"(?:bots?|robots?|chatbots?|person|human|people|machine|computer|program|ai|real|alive)\b"
    r"|\bam i (?:even |actually |really |just )*(?:talking|speaking|chatting|writing) (?:to|with)\b"
)
_NUMBER = re.compile(
    r"\b(?:which|what|whats|what's|your|the|a|any|no|give me) "
    r"(?:(?:is|the|your|a|any|phone|telephone|hotline|support|service|customer|right) )*number\b"
    r"(?=.*\b(?:call|ring|phone|dial|reach|support|hotline|service|contact|your)\b|[ ?.!]*$)"
    r"|\b(?:phone|telephone|hotline|support) number\b"
    r"|\bhow (?:do|can|could) (?:i|we) (?:call|phone|ring|contact|reach)\b"
    r"|\b(?:call|ring|phone|dial) (?:which|what) number\b|\byour (?:hotline|support e-?mail|e-?mail address|phone)\b"
)
_OWN_NUMBER = re.compile(
    r"\b(?:my|our|new|wrong|change|keep|port\w*|transfer\w*|own) (?:\w+ )?number\b|\bnumber of\b(?! your)"
)
_MEANING = re.compile(
    r"\bwhat (?:does|do|is|are|did) .{0,40}\bmean\b|\bwhat does (?:it|that|this) mean\b|\bmeaning of\b|"
    r"\bwhat is (?:a|an|the meaning of) [\w-]+[ ?.!]*$|\bdon'?t know what .{0,30}\b(?:is|are|means?)\b"
)
_PLAIN_NO = re.compile(
    r"^(?:no|nope|nah|nein|non|don'?t|better not|rather not)"
    r"(?:[ ,.!]+(?:no|thanks?|thank you|not now|don'?t|nothing|please|that'?s (?:all|it)|i'?m good))*[ .!]*$"
)

_HELPER = r"(?:technicians?|engineers?|(?:home )?visits?|appointments?|call-?backs?|(?:phone )?calls?(?! cent))"
_REFUSES_HELP = re.compile(
    r"^(?!.*\b(?:nobody|no one|still|yet|so far|today|tomorrow|until|before)\b)(?:"
    rf"(?:.*(?:[,.;!:] *|\b(?:said|you|please|want|need|but|and|again|ok(?:ay)?|no) ))?"
    rf"no (?:more |other |second |new )?{_HELPER}\b"
    r"(?! (?:came|comes|ever|has|have|had|showed|called|turned|arrived|did|was))"
    r"|(?:.*(?:[,.;!] *|\b(?:please|i|we|but|and|just|so) ))?(?:really )?(?:don'?t|do not)"
    rf" (?:want|need|send|bring|book|arrange)(?: (?!to\b)\w+){{0,3}} {_HELPER}\b"
    rf"|(?:what|huh|oh|an?|the|[ ,.!?])*{_HELPER} ?[?!]+.*\b(?:i|we) (?:was|were|meant|asked|said)\b)"
)

_SAYS_YES = re.compile(
    r"^(?:(?:oh|ok(?:ay)?|well|hm+|ah|great|good)\b|[ ,.!])*(?:yes|yeah|yep|yup|sure)\b"
    r"(?!.*(?:\?|\b(?:but|however|only if|if|unless|not?|don'?t|how|why|when|where|which|who"
    r"|whether|about|(?<!that is )(?<!that's )what)\b))"
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
    r"\b(?:it'?s|it is|mainly|mostly|because of|due to|reason is|problem is) (?:just |only |mostly |"
    r"really )?(?:the |your )?"
    r"(?:prices?|costs?|money)\b"
)
_RELATIVE = (
    r"(?:mother|mum|mom|father|dad|parents?|husband|wife|partner|spouse|brother|sister|son|daughter|child|baby|"
    r"friend|fianc\w+|"
    r"gran\w*|aunt|uncle|cousin|mother-in-law|father-in-law|boyfriend|girlfriend)"
)
_BACKGROUND = re.compile(
    r"^(?:(?:but|well|and|oh|so|because|it was|that was)\b|[ ,.])*(?:my|our|the) (?:\w+ )?"
    rf"(?:{_RELATIVE}|neighbou?r|landlord|nephew|niece|colleague)(?: (?:has|had|who|always|usually|just|normally))* "
    r"(?:set|bought|installed|ordered|chose|picked|signed|arranged|did|does|made|got|takes?|looks?|handles?|pays?|uses?"
    r"|organi[sz]ed|gave|recommended)\b"
    r"(?!.*(?:n't|\b(?:not|never|no|wrong|broke\w*|but|problem|fault|slow|fail\w*)\b))"
)
_DEATH = re.compile(
    rf"\b(?:my|our|his|her) (?:\w+ )?{_RELATIVE}(?: \w+){{0,2}} (?:died|passed away|passed on|is dead|deceased)\b"
    rf"|\b(?:death|loss|passing) of (?:my|our) (?:\w+ )?{_RELATIVE}\b"
    r"|\b(?:death|bereavement) in (?:the|my|our) family\b"
    rf"|\b(?:i|we) (?:\w+ )?(?:lost|buried) (?:my|our) (?:\w+ )?{_RELATIVE}\b"
)

_PATTERNS = {
    **_OF_SERVICE,
    "hesitant": _HESITANT,
    "about_cancelling": _ABOUT_CANCELLING,
    "asks_fee": _ASKS_FEE,
    "in_two_minds": _IN_TWO_MINDS,
    "a_part": _A_PART,
    "cancels_offer": _CANCELS_OFFER,
    "takes_back": _TAKES_BACK,
    "mocks": _MOCKS,
    "wants_more": _WANTS_MORE,
    "if_no": _IF_NO,
    "promised": _PROMISED,
    "agreed": _AGREED,
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
    "refuses_help": _REFUSES_HELP,
    "solved": _SOLVED,
    "lost": _LOST,
    "help": _HELP,
    "hums": _HUMS,
    "names_price": _NAMES_PRICE,
    "death": _DEATH,
    "asks": _ASKS,
    "asks_way": _ASKS_WAY,
    "background": _BACKGROUND,
    "how_long": _HOW_LONG,
    "means_what": _MEANING,
    "no_use": _NO_USE,
    "number": _NUMBER,
    "own_number": _OWN_NUMBER,
    "wants_change": _WANTS_CHANGE,
    "weak_yes": _WEAK_YES,
    "who_writes": _WHO_WRITES,
}
NAMES = frozenset(_PATTERNS) | {"question", "orders", "ends_in_yes", "asks_term"}
"""Every phrase that may be found; `question` is a line that ends with a question mark, `orders` is a plain order to
cancel, which no question is, `ends_in_yes` several sentences of which the last is a yes, `asks_term` a question what a
word means."""

_CLAUSE_ENDS = re.compile(r"(?<=[.!?;,])\s+")
_SENTENCE_ENDS = re.compile(r"(?<=[.!?;])\s+")


def meanings(line: str) -> frozenset[str]:
    """The names of the phrases in a line."""
    plain = line.lower().replace("’", "'")
    found = {name for name, pattern in _PATTERNS.items() if pattern.search(plain)}
    if not _LEAVING.search(plain):
        found.discard("about_cancelling")
    if (_INSISTS.search(plain) or _ORDERS.search(plain)) and not _NOT_TO.search(plain):
        found.add("wants_out")
    if not found & {"not_to", "a_part", "cancels_offer"} and _is_order(plain):
        found.add("orders")
    if _asks_term(plain):
        found.add("asks_term")
    if _ends_in_yes(plain):
        found.add("ends_in_yes")
    return frozenset(found | ({"question"} if plain.endswith("?") else set()))


def _asks_term(plain: str) -> bool:
    """Whether a line asks what a word means, and speaks of leaving in no other sentence."""
    others = [part for part in _SENTENCE_ENDS.split(plain) if term_asked(part) is None]
    asked = term_asked(plain) is not None or points_back(plain)
    return asked and not any(_LEAVING.search(part) for part in others)


def _is_order(plain: str) -> bool:
    """Whether a line has a plain order to cancel: a wish, an order, or a request in the form of a question.

    What is asked after it takes it back: `cancel it. What would that cost?`
    """
    ordered = False
    for clause in _CLAUSE_ENDS.split(plain):
        if _ASKS_TO.search(clause):
            ordered = True
        elif _ASKS.search(clause):
            ordered = False
        elif any(pattern.search(clause) for pattern in (_INSISTS, _ORDERS, _ENDS, _JUST_DO_IT)):
            ordered = True
    return ordered


def _ends_in_yes(plain: str) -> bool:
    """Whether the last of several sentences is a yes: `An engineer? Yes, that would be great!`"""
    *_, last = ["", *_SENTENCE_ENDS.split(plain)]
    return last != plain and bool(_PLAIN_YES.search(last) or _SAYS_YES.search(last))
