"""What a sentence takes for granted of the customer: that they have written, and what about."""

import re

SAID = re.compile(
    r"\b[Yy]ou (?:wrote|told|said|mention|ask|report|say|tell|write|describe|put|note|raise|call|find|reminded|have"
    r" told|let us know|gave us)|\byour (?:note|message|letter|words|report|remark|comment|mail|e-mail|question"
    r"|feedback|account|point|notice|complaint|reply|answer|intention|decision|step|mind)|as you|\{quote\}|\{echo\}"
    r"|\b[Ww]e (?:hear|heard|read|understand|gather)\b|[Tt]hank(?:s| you) for (?!\{tenure\}|being|your|the trust)",
)
"""What says or implies that the customer has written."""

_TOLD = re.compile(r"\b[Yy]ou (?:wrote|told|said|mention|report|say|write|describe|asked|let us know)")
_GO = r"(?:leav|go\b|going|cancel|terminat|end\b|ending|stop|quit)"
_LEAVES = re.compile(
    rf"\byou (?:are|have been) (?:still )?(?:thinking of|about to|considering|planning)(?: to)? {_GO}"
    rf"|\byou (?:want|wanted|wish|intend|plan|decided) to {_GO}"
    rf"|\byour (?:wish|decision|intention|plan|request) to {_GO}"
    rf"|\bstill (?:want|thinking)[^.]{{0,12}} {_GO}|\b(?:thinking|thought) (?:of|about) {_GO}|\bstill leaving\b",
    re.IGNORECASE,
)
_CONDITIONAL = re.compile(r"\b(?:if|should|whether|in case|even where|or)\b", re.IGNORECASE)
_OF_LEAVING = re.compile(
    r"\b(?:cancel\w*|leav(?:e|ing)|quit\w*|terminat\w+|switch\w*|elsewhere|close (?:my|the|our) account"
    r"|end (?:my|the|our|it)|stop (?:my|the|our|it|paying)|get out|get rid|unsubscribe|bye|goodbye|done with)\b",
    re.IGNORECASE,
)
_OF_TOPIC = {
    "moving_house": r"\bmov(?:e|ing)|box(?:es)?\b|new (?:home|address)|keys",
    "life_event": r"family|baby|illness|hospital|life is|grief",
    "competitor": r"elsewhere|rival|compar|other (?:provider|compan)|competit",
    "price": r"budget|wallet|cost(?!ly mistake)|expensive|\bbill|price|money|cheap",
    "billing_error": r"invoice|statement|\bbill\b",
    "outage": r"outage|interrupt|fault|dropp?ed|connection|signal|trouble",
    "slow_support": r"waited|unanswered|reply you|queue|kept waiting",
    "missing_feature": r"feature|function\b|missing",
    "not_using": r"hardly use|rarely|unused|seldom|not using|do not use|barely",
    "too_complex": r"complicat|confus|manual|difficult|puzzl",
    "equipment": r"device|router|\bbox\b|equipment|hardware",
    "contract_end": r"contract|term\b|renew",
}
_TOPICS = {name: re.compile(words, re.IGNORECASE) for name, words in _OF_TOPIC.items()}


def fits_topic(text: str, topic: str) -> bool:
    """Whether a sentence speaks of no other topic than the text's."""
    about = {name for name, words in _TOPICS.items() if words.search(text)}
    return not about or topic in about


def speaks_of_leaving(message: str) -> bool:
    """Whether a customer's message may be about leaving."""
    return bool(_OF_LEAVING.search(message))


def _presumes_leaving(sentence: str) -> bool:
    return bool(_LEAVES.search(sentence)) and not _CONDITIONAL.search(sentence)


def is_unfounded(sentence: str, topic: str, *, told: bool, leaving: bool) -> bool:
    """Whether a sentence rests on a message there is not, names another topic, or shows the way out unasked."""
    if not leaving and ("{cancel_path}" in sentence or _presumes_leaving(sentence)):
        return True
    if not told:
        return bool(SAID.search(sentence))
    own_words = "{quote}" in sentence or "{echo}" in sentence
    return bool(_TOLD.search(sentence)) and not own_words and not fits_topic(sentence, topic)
