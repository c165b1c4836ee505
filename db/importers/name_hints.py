"""What column names usually mean: patterns over their lower case words, strongest first."""

import re
from typing import Final

from db.vocabulary import ColumnRole


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


CUSTOMER_ID: Final = (
    _any(
        r"^(customer|client|subscriber|member|account|user|cust|contact) ?(id|no|nr|number|num|key|code|ref)$",
        r"^(customer|client|subscriber|member|user)$",
        r"^kunden ?(id|nr|nummer)$",
    ),
    _any(
        r"^(id|uuid|guid|phone number|msisdn|konto)$",
        r"\b(customer|client|account|user) (id|number|num)\b",
    ),
    _any(r"\b(id|key|number|code)$", r"^row ?number$", r"^index$"),
)
LABEL: Final = (
    _any(
        r"^(churn|churned|exited|attrition|is churn|has churned|churn label|churn flag|attrition flag|gekündigt)$",
    ),
    _any(
        r"^(churn value|churn yes no|cancel+ed|left|is cancel+ed|has left|lost|leaver|target churn|churn target)$",
    ),
    _any(r"\bchurn(ed)?\b", r"\bexited\b", r"\battrition\b", r"^(customer )?status$", r"^(left|cancel+ed) "),
)
STILL_ACTIVE: Final = _any(r"^(is )?(still )?(active|subscribed)( customer| subscriber)?$")
NOT_LABEL: Final = _any(r"\b(score|probability|risk|reason|category|date|month|type|prediction|count)\b")
LEFT_VALUE: Final = _any(
    r"churn", r"exit", r"\bleft\b", r"cancel", r"attrit", r"\blost\b", r"inactive", r"\bgone\b", r"terminat"
)

ROLE_NAMES: Final[tuple[tuple[ColumnRole, re.Pattern[str]], ...]] = (
    (ColumnRole.EMAIL, _any(r"\be ?mail( address)?$")),
    (ColumnRole.FIRST_NAME, _any(r"^(first|given|fore) ?name$", r"^vorname$", r"^prénom$")),
    (ColumnRole.LAST_NAME, _any(r"^(last|family|sur) ?name$", r"^nachname$")),
    (ColumnRole.FULL_NAME, _any(r"^((customer|client|full|contact|display) )?name$")),
    (
        ColumnRole.PHONE,
        _any(
            r"^((mobile|cell|contact|home) )?(tele)?phone( (number|no))?$",
            r"^mobile( number)?$",
            r"^(telefon|handy)$",
        ),
    ),
    (ColumnRole.LANGUAGE, _any(r"^((preferred|customer) )?(language|lang|locale|sprache)( code)?$")),
    (ColumnRole.TIMEZONE, _any(r"^time ?zone$", r"^tz$")),
    (ColumnRole.COUNTRY, _any(r"^((customer|billing) )?country( code)?$", r"^land$")),
    (ColumnRole.CURRENCY, _any(r"^((billing|price) )?currency( code)?$", r"^währung$")),
)
CANCEL_DATE: Final = _any(
    r"\b(cancel+(ed|ation)?|churn(ed)?|terminat(ed|ion)|exit|left)\b.*\b(date|on|at|time)\b",
    r"\b(closed?|deactivat(ed|ion)|end(ed)?)\b.*\b(date|on|at|time)\b",
    r"\bdate (cancel+ed|churned|left|closed)\b",
    r"^(churned|cancel+ed|left|ended|terminated) (on|at)$",
)
CANCEL_REASON: Final = _any(
    r"\b(churn|cancel+(ation)?|leaving|termination|exit) reason\b", r"^reason (for|of) (leaving|churn|cancel+ation)"
)
SIGNUP_DATE: Final = _any(
    r"\b(sign ?(ed )?up|sign|start(ed)?|creat(ed|ion)|join(ed)?|since|registration|registered)\b",
    r"\b(activation|activated|subscribed|enrol+(ed|ment)|first (order|purchase|payment)|onboard(ed|ing)?)\b",
)
RENEWAL_DATE: Final = _any(
    r"\b(renew(al|s)?|expir(y|es|ation)|contract end|next billing|paid until|valid until)\b",
)
MONEY: Final = (
    _any(
        r"\bmonthly (charges?|fee|price|revenue|amount|payment|cost|spend|bill)\b",
        r"\bmonthly (rate|subscription|recurring revenue)\b",
        r"^(mrr|arpu)$",
        r"\bmrr\b",
        r"^monatsbeitrag$",
        r"\b(charge|fee|price|revenue|amount|payment|cost|spend|bill) (per|a) month\b",
    ),
    _any(
        r"^(price|fee|(subscription|plan|current) (price|fee|amount)|recurring (charge|revenue|amount))$",
        r"^(charges?|bill amount)$",
    ),
)
NOT_MONEY: Final = _any(
    r"\b(total|cumulative|lifetime|avg|average|discount|refund|last|long distance|extra|overage)\b",
)
TENURE: Final = (
    _any(
        r"^tenure( (in )?months?)?$",
        r"^months (as|with|active|since|on book|customer|in service)\b",
        r"^(subscription|account|membership|customer) (length|age|tenure|duration)( (in )?months?)?$",
    ),
    _any(r"\btenure\b", r"^(subscription|contract) months$", r"^months$"),
)
OTHER_UNIT: Final = _any(r"\b(days?|years?|weeks?|bucket|group|band)\b")
PLAN: Final = _any(
    r"^((current|subscription|product|service|tariff|price) )?(plan|package|tier|tariff)( (name|type))?$",
    r"^(subscription|product|membership) (type|name|level|tier)$",
    r"^(subscription|membership|product)$",
)
BILLING_PERIOD: Final = _any(
    r"\bbilling (period|cycle|frequency|interval)\b",
    r"\bpayment (frequency|interval)\b",
    r"^contract (period|interval)$",
)
CONSENT: Final = _any(
    r"\b(consent|opt(ed)? ?in|newsletter|gdpr|mailable)\b",
    r"\b(marketing|email) (allowed|permission|email)\b",
)
NO_CONSENT: Final = _any(
    r"\b(opt(ed)? ?out|unsubscribed|do not (contact|email|mail)|no (marketing|contact)|blocked)\b",
)
SENSITIVE: Final = _any(
    r"^(gender|sex|geschlecht)$",
    r"\bgender\b",
    r"^age$",
    r"\bage (group|band|range|bracket)\b",
    r"^(customer|client) age$",
    r"^under \d+$",
    r"^over \d+$",
    r"\bsenior( citizen)?\b",
    r"\b(nationality|citizenship|marital( status)?|married)\b",
    r"\b(birth ?(day|date)?|date of birth|dob)\b",
)
SPECIAL: Final = _any(
    r"\b(ethnic(ity| group)?|race|religion|faith|sexual orientation|political|union member)\b",
    r"\b(disab(led|ility)|pregnan(t|cy)|health( status)?)\b",
)
"""Special categories of personal data (GDPR article 9): not to be kept without a reason of their own."""
PLACE: Final = _any(
    r"\b(zip|postal|post) ?(code)?\b",
    r"^plz$",
    r"\blat(itude)?\b",
    r"\b(long|lng|lon|longitude)$",
    r"\blat long\b",
    r"^(city|town|street|address|suburb)\b",
    r"\baddress$",
)
OTHER_ID: Final = _any(r"\b(id|uuid|guid)$", r"\b(number|no|nr|key)$")

EVENT_TIME: Final = _any(r"\b(date|time|timestamp|at|on|when|day|datum)\b", r"date$", r"time$")
EVENT_KIND: Final = _any(r"^(event|event (type|name|kind)|type|kind|action|activity|activity type|category)$")
EVENT_AMOUNT: Final = _any(r"\b(amount|total|price|value|revenue|cost|charge|paid)\b")
UNIT_PRICE: Final = _any(r"\bunit price\b", r"\bprice\b")
EVENT_QUANTITY: Final = _any(r"\b(quantity|qty|count|units|minutes|gb|mb|usage|duration)\b")
EVENT_REFERENCE: Final = _any(
    r"\b(invoice|order|transaction|receipt|ticket|session|payment) ?(id|no|nr|number|num)?\b", r"^reference$"
)
MESSAGE_TEXT: Final = _any(r"\b(text|message|body|content|comment|review|description|feedback)\b")
MESSAGE_RATING: Final = _any(r"\b(rating|stars?|score|csat|nps)\b")
MESSAGE_DIRECTION: Final = _any(r"\bdirection\b", r"^(inbound|incoming|from customer)$")
MESSAGE_CHANNEL: Final = _any(r"\b(channel|medium|source)\b")
MESSAGE_ID: Final = _any(r"\b(message|review|ticket|comment|mail|email) ?(id|no|number|key)\b", r"^id$")
