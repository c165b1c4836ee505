"""Words of contracts and bills that customers ask the meaning of, by the name of the act that explains each."""

import re

TERMS = {
    "notice_period": r"(?:notice periods?|periods? of notice|term of notice)",
    "leaving_fee": r"(?:(?:early )?(?:cancell?ation|termination|exit|leaving) (?:fees?|charges?|penalt(?:y|ies)))",
    "minimum_term": r"(?:(?:minimum|contract|fixed|initial) (?:terms?|periods?|durations?)|commitment period)",
    "pro_rata": r"(?:pro[ -]?rat(?:a|ed|ing)(?: (?:charges?|amounts?|bills?|fees?))?|partial[ -]month charges?)",
    "renewal": r"(?:(?:auto(?:matic)?(?:ally)?[ -])?renew(?:al|als|s|ed|ing)?(?: dates?)?)",
    "paid_until": r"(?:paid (?:until|till|up to)(?: dates?)?)",
    "billing_period": r"(?:billing (?:periods?|cycles?|intervals?|dates?))",
    "direct_debit": r"(?:direct debits?|sepa(?: mandates?)?|debit mandates?)",
    "router": r"(?:routers?)",
    "modem": r"(?:modems?)",
    "bandwidth": r"(?:bandwidth|[mg]bps|[mg]bits?(?:/s)?|(?:mega|giga)bits?(?: per second)?)",
    "opt_out": r"(?:opt(?:ing)?[ -]?outs?)",
    "ticket": r"(?:(?:support )?tickets?)",
}
NOT_ON_ACCOUNT = frozenset({"notice_period", "leaving_fee", "minimum_term"})
"""What a contract may have and no account shows: whether there is one is for a person to say."""

_MEANS = (
    r"(?:mean|means|stand(?:s)? for|supposed to (?:be|mean)|anyway|exactly|even|please|here|then|in (?:plain )?english)"
)
_QUOTE = "[\"'“”‘’]?"
_TELL = r"(?:\b(?:i (?:still )?(?:don'?t|do not) (?:know|understand)|tell me|explain(?: to me)?|not sure) )"


def _asked(term: str) -> re.Pattern[str]:
    """The meaning of a term, not the customer's own: `what is a notice period`, `prorated, what does that mean`."""
    named = rf"(?:the (?:word|term|expression) )?(?:an? )?{_QUOTE}{term}{_QUOTE}"
    return re.compile(
        rf"\bwhat(?:'?s| is| are) (?:exactly |actually |even )?(?:meant by |the meaning of )?{named}"
        rf"(?: {_MEANS})*[ ?.!]*$"
        rf"|\bwhat (?:do|does|did) (?:the |my |your )?{named}(?: {_MEANS})+\b"
        rf"|\bwhat (?:do|did) you mean (?:by|with) (?:the |my )?{named}"
        rf"|\b(?:meaning|definition) of {named}"
        rf"|{_TELL}what (?:the )?{named} (?:is|are|means?)\b"
        rf"|\bexplain(?: to me)? (?:the (?:word|term) |an? ){_QUOTE}{term}"
        rf"|\bwhat does (?:it|this|that) mean,? {named}(?: {_MEANS})*[ ?.!]*$"
        rf"|{_QUOTE}\b{term}{_QUOTE}[ ,.?!-]+what(?:'?s| is| does) (?:that|it|this)(?: {_MEANS})*[ ?.!]*$"
    )


_ASKED = {name: _asked(term) for name, term in TERMS.items()}
_NAMED = {name: re.compile(rf"\b{term}") for name, term in TERMS.items()}
_POINTS = re.compile(rf"\bwhat (?:does|do|did) (?:that|this|it|these|those)(?: (?:word|term|last bit|all))* {_MEANS}\b")


def term_asked(line: str) -> str | None:
    """The term whose meaning a line asks for, else None."""
    plain = line.lower().replace("’", "'")
    return next((name for name, pattern in _ASKED.items() if pattern.search(plain)), None)


def points_back(line: str) -> bool:
    """Whether a line asks what something means that was just said: `what does that mean?`"""
    return bool(_POINTS.search(line.lower().replace("’", "'")))


def only_term_in(text: str) -> str | None:
    """The one term that a text names; None where it names none or several."""
    plain = text.lower()
    found = [name for name, pattern in _NAMED.items() if pattern.search(plain)]
    return found[0] if len(found) == 1 else None
