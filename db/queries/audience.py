"""Audiences in words: `risk_band = high and monthly_revenue >= 50` becomes a condition on customers.

Grammar: comparisons joined by `and`, `or`, `not` and brackets. A comparison is `FIELD OP VALUE` with OP one of
= != < <= > >= , or `FIELD in (A, B)`, or `FIELD is known`, `FIELD is unknown`. A field is one of `FIELDS` or the
name of an imported column; names with spaces and text values stand in quotes. Nothing is ever run as SQL text.
"""

import difflib
import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Float, Text, and_, case, cast, func, not_, or_, select
from sqlalchemy.orm import Session

from db.errors import InputError
from db.models import ChurnScore, Customer
from db.queries.newest import current_offer, last_mood, newest_conversation, newest_draft, newest_handoff
from db.vocabulary import ConversationState, CustomerStatus, DraftState, HandoffState, RiskBand, Sentiment

FIELDS: dict[str, Any] = {
    "customer_id": Customer.external_id,
    "plan": Customer.plan,
    "country": Customer.country,
    "language": Customer.language,
    "monthly_revenue": Customer.monthly_revenue,
    "billing_period": Customer.billing_period,
    "tenure_months": Customer.tenure_months,
    "signed_up_on": Customer.signed_up_on,
    "renewal_date": Customer.renewal_date,
    "status": Customer.status,
    "churn_probability": ChurnScore.churn_probability,
    "risk_band": ChurnScore.risk_band,
    "revenue_at_risk": ChurnScore.revenue_at_risk,
    "residual_value": ChurnScore.residual_value,
    "churn_30": ChurnScore.churn_30,
    "churn_60": ChurnScore.churn_60,
    "churn_90": ChurnScore.churn_90,
    "expected_days": ChurnScore.expected_days,
    "mood": last_mood(),
    "offer": current_offer(),
    "draft": newest_draft(),
    "conversation": newest_conversation(),
    "handoff": newest_handoff(),
}
"""The fields every store has; money is in the currency's main unit, probabilities lie in 0..1."""

ENUMS: dict[str, tuple[str, ...]] = {
    "status": tuple(CustomerStatus),
    "risk_band": tuple(RiskBand),
    "mood": tuple(Sentiment),
    "draft": tuple(DraftState),
    "conversation": tuple(ConversationState),
    "handoff": tuple(HandoffState),
}
"""The fields with a fixed set of values."""

TEXTS = frozenset({"customer_id", "plan", "country", "language", "offer", *ENUMS})
"""The fields whose values are text even where they look like numbers."""

_TOKEN = re.compile(
    r"""\s*(?:(?P<op><=|>=|!=|<>|=|<|>|\(|\)|,)|(?P<quoted>"[^"]*"|'[^']*'|`[^`]*`)|(?P<word>[^\s<>=!(),"'`]+))"""
)
_SIGNS = frozenset({"=", "!=", "<>", "<", "<=", ">", ">=", "(", ")", ","})
_MAX_LENGTH = 2_000
_MAX_DEPTH = 50


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    quoted: bool
    column: int

    def is_word(self, *words: str) -> bool:
        return not self.quoted and self.text.casefold() in words


def parse_audience(text: str) -> ColumnElement[bool]:
    """The condition that `text` describes, over Customer joined with its current ChurnScore.

    Raises InputError with the place of the mistake.
    """
    condition, _ = _parse(text)
    return condition


def check_fields(session: Session, text: str) -> None:
    """Raise InputError when an audience names a field that no customer of the store has."""
    if not text.strip():
        return
    _, named = _parse(text)
    for name in sorted(named - FIELDS.keys()):
        if session.scalar(select(Customer.id).where(Customer.attributes[name].as_string().is_not(None)).limit(1)):
            continue
        near = difflib.get_close_matches(name, [*FIELDS, *imported_names(session)], n=1)
        guess = f"Did you mean {near[0]!r}?" if near else f"Every store has {', '.join(sorted(FIELDS))}."
        raise InputError(f"The audience names {name!r}, which no customer has.", hint=guess)


def imported_names(session: Session) -> list[str]:
    """The names of imported columns, as the first customer has them."""
    return list(session.scalar(select(Customer.attributes).limit(1)) or {})


def _parse(text: str) -> tuple[ColumnElement[bool], set[str]]:
    """The condition, and the fields it names."""
    if len(text) > _MAX_LENGTH:
        raise InputError(f"An audience is at most {_MAX_LENGTH} characters long.")
    parser = _Parser(text, _tokens(text))
    condition = parser.any_of()
    parser.expect_end()
    return condition, parser.fields


def _tokens(text: str) -> list[_Token]:
    tokens, place = [], 0
    while place < len(text.rstrip()):
        match = _TOKEN.match(text, place)
        if match is None:
            raise _mistake(text, place, "a quote is not closed")
        quoted = match["quoted"]
        word = quoted[1:-1] if quoted else match["op"] or match["word"]
        tokens.append(_Token(word, quoted is not None, match.end() - len(match[0].lstrip())))
        place = match.end()
    return tokens


def _mistake(text: str, place: int, problem: str) -> InputError:
    return InputError(
        f"In the audience {text!r}, at character {place + 1}: {problem}.",
        hint="Write for example: --where 'risk_band = high and monthly_revenue >= 50'",
    )


class _Parser:
    def __init__(self, text: str, tokens: list[_Token]) -> None:
        self.text, self.tokens, self.place = text, tokens, 0
        self.fields: set[str] = set()
        self.depth = 0

    def peek(self) -> _Token | None:
        return self.tokens[self.place] if self.place < len(self.tokens) else None

    def take(self, what: str) -> _Token:
        token = self.peek()
        if token is None:
            raise _mistake(self.text, len(self.text), f"{what} is missing")
        self.place += 1
        return token

    def value(self) -> _Token:
        token = self.take("a value")
        if not token.quoted and token.text in _SIGNS:
            raise _mistake(self.text, token.column, f"{token.text!r} was not expected here")
        return token

    def took(self, *words: str) -> bool:
        token = self.peek()
        if token is not None and token.is_word(*words):
            self.place += 1
            return True
        return False

    def expect_end(self) -> None:
        token = self.peek()
        if token is not None:
            raise _mistake(self.text, token.column, f"{token.text!r} was not expected here")

    def any_of(self) -> ColumnElement[bool]:
        parts = [self.all_of()]
        while self.took("or"):
            parts.append(self.all_of())
        return or_(*parts)

    def all_of(self) -> ColumnElement[bool]:
        parts = [self.one()]
        while self.took("and"):
            parts.append(self.one())
        return and_(*parts)

    def one(self) -> ColumnElement[bool]:
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise _mistake(self.text, 0, f"brackets and nots may be nested at most {_MAX_DEPTH} deep")
        condition = self.bare()
        self.depth -= 1
        return condition

    def bare(self) -> ColumnElement[bool]:
        if self.took("not"):
            return not_(self.one())
        if self.took("("):
            inner = self.any_of()
            if not self.took(")"):
                raise _mistake(self.text, len(self.text), "a closing bracket is missing")
            return inner
        return self.comparison()

    def comparison(self) -> ColumnElement[bool]:
        field = self.take("a field")
        self.fields.add(field.text)
        if self.took("is"):
            known = not self.took("unknown")
            if known and not self.took("known"):
                raise _mistake(self.text, field.column, "after 'is' comes 'known' or 'unknown'")
            column = _column(field.text, numeric=False)
            return column.is_not(None) if known else column.is_(None)
        if self.took("in"):
            return self.membership(field)
        operator = self.take("a comparison such as = or >=")
        if operator.quoted or operator.text not in {"=", "!=", "<>", "<", "<=", ">", ">="}:
            raise _mistake(self.text, operator.column, f"{operator.text!r} is no comparison")
        return _compare(field.text, operator.text, self.value())

    def membership(self, field: _Token) -> ColumnElement[bool]:
        if not self.took("("):
            raise _mistake(self.text, field.column, "after 'in' comes a list in brackets")
        values = [self.value()]
        while self.took(","):
            values.append(self.value())
        if not self.took(")"):
            raise _mistake(self.text, len(self.text), "a closing bracket is missing")
        return or_(*(_compare(field.text, "=", value) for value in values))


def _number(token: _Token) -> float | None:
    if token.quoted:
        return None
    percent = token.text.endswith("%")
    try:
        value = float(token.text.rstrip("%"))
    except ValueError:
        return None
    return value / 100 if percent else value


def _column(name: str, *, numeric: bool) -> ColumnElement[Any]:
    if name in FIELDS:
        found: ColumnElement[Any] = FIELDS[name]
        return found
    attribute = Customer.attributes[name].as_string()
    return case((func.trim(attribute) == "", None), else_=cast(attribute, Float)) if numeric else attribute


def _compare(name: str, operator: str, token: _Token) -> ColumnElement[bool]:
    kinds = ENUMS.get(name)
    if kinds is not None and token.text.casefold() not in kinds:
        raise InputError(
            f"In the audience {name!r} is compared with {token.text!r}.", hint=f"It is one of {', '.join(kinds)}."
        )
    value: Any = _number(token)
    column = _column(name, numeric=value is not None)
    if value is None or name in TEXTS:
        value = token.text
        column = func.lower(cast(_column(name, numeric=False), Text))
        value = value.casefold()
    comparisons = {
        "=": column == value,
        "!=": column != value,
        "<>": column != value,
        "<": column < value,
        "<=": column <= value,
        ">": column > value,
        ">=": column >= value,
    }
    result: ColumnElement[bool] = comparisons[operator]
    return result
