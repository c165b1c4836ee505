"""What a sentence takes for granted of the customer: that they have written, and what about."""

import re

SAID = re.compile(
    r"\b[Yy]ou (?:wrote|told|said|mention|ask|report|say|tell|write|describe|put|note|raise|call|find|reminded|have"
    r" told|let us know|gave us)|\byour (?:note|message|letter|words|report|remark|comment|mail|e-mail|question"
    r"|feedback|account|point|notice|complaint|reply|answer|intention|decision|step|mind)|\{echo\}"
    r"|\bas you (?:wrote|said|told|say|mention\w*|ask\w*|report\w*|describe\w*|put|write|note\w*)\b"
    r"|\b[Ww]e (?:hear|heard|read|understand|gather)\b|[Tt]hank(?:s| you) for (?!\{tenure\}|being|your|the trust)",
)
"""What says or implies that the customer has written."""

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


def speaks_of_leaving(message: str) -> bool:
    """Whether a customer's message may be about leaving."""
    return bool(_OF_LEAVING.search(message))


def _presumes_leaving(sentence: str) -> bool:
    return bool(_LEAVES.search(sentence)) and not _CONDITIONAL.search(sentence)


def is_unfounded(sentence: str, *, told: bool, leaving: bool) -> bool:
    """Whether a sentence rests on a message there is not, or shows the way out unasked."""
    if not leaving and ("{cancel_path}" in sentence or _presumes_leaving(sentence)):
        return True
    return not told and bool(SAID.search(sentence))
