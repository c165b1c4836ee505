"""Names and currencies written with letters of their own are no foreign words."""

from dataclasses import replace

import pytest

from bot.generation.brief import Brief
from bot.generation.guard import check
from bot.generation.held_out import held_out_briefs
from db.vocabulary import Channel

_LETTER = "Subject: A few words\nPreheader: From your team.\n\nDear {name},\n\nWe are glad that you are with us."


def _brief(**facts: object) -> Brief:
    brief = next(one for one in held_out_briefs(40) if one.channel is Channel.EMAIL)
    return replace(brief, facts=replace(brief.facts, values={**brief.facts.values, **facts}))


@pytest.mark.parametrize(("first", "last"), [("Marek", "Zieliński"), ("Elif", "Yılmaz"), ("Łucja", "Wójcik")])
def test_the_customer_is_called_by_name(first: str, last: str) -> None:
    brief = _brief(first_name=first, last_name=last)
    assert check(_LETTER.format(name=f"{first} {last}"), brief).findings == ()


def test_another_alphabet_elsewhere_is_refused() -> None:
    brief = _brief(first_name="Marek", last_name="Zieliński")
    found = check(_LETTER.format(name="Marek") + " Zawsze jesteśmy dla państwa.", brief).findings
    assert "unreadable" in {one.rule for one in found}


@pytest.mark.parametrize(("price", "refused"), [("61.24 zł", False), ("50 zł", True)])
def test_a_price_in_zloty_is_read_as_money(price: str, refused: bool) -> None:
    brief = _brief(price=61.24, currency="PLN", billing_period="month")
    rules = {one.rule for one in check(_LETTER.format(name="you") + f" You pay {price} a month.", brief).findings}
    assert ("money" in rules) is refused
    assert "unreadable" not in rules


@pytest.mark.parametrize("said", ["lower", "less", "cheaper"])
def test_a_price_that_is_lower_by_an_amount_is_no_new_price(said: str) -> None:
    discounts = (one for one in held_out_briefs(400) if one.channel is Channel.EMAIL)
    brief = next(one for one in discounts if one.decision.unit == "amount" and one.decision.currency == "EUR")
    off, new = (f"€{value:.2f}" for value in (brief.decision.value, brief.decision.price_during) if value)
    sentence = f"For {brief.decision.duration_months} months, your monthly price would be {off}"
    right = check(_LETTER.format(name="you") + f" {sentence} {said}.", brief)
    wrong = check(_LETTER.format(name="you") + f" {sentence.replace(off, new)} {said}.", brief)
    assert "money" not in {one.rule for one in right.findings}
    assert "money" in {one.rule for one in wrong.findings}
