import pytest

from tests.bot.generation.guard.corpus import rules

COMMITS = (
    "We are going to sweeten your arrangement.",
    "I have personally seen to your meter problem.",
    "We will smooth things over in January.",
    "Den Betrag schrauben wir Ihnen herunter.",
    "Nous gommons le montant de janvier.",
    "Le apañaremos la cuota.",
    "Havemos de lhe aliviar a mensalidade, e adoçamos o resto.",
    "Le alleggeriremo il canone.",
    "We poetsen het bedrag voor u weg.",
)
SERVICE = (
    "We have read your message and we will look at it with a colleague.",
    "I can explain what is on your bill, and I would like to understand what happened.",
    "Ich habe Ihre Nachricht an das Team weitergegeben.",
    "Nous comprenons que vous soyez déçue.",
    "Hemos leído su mensaje con atención.",
    "Percebemos que nem sempre encontra o que procura.",
    "Vorremmo capire meglio che cosa manca.",
    "We begrijpen dat dit vervelend is.",
)


@pytest.mark.parametrize("text", COMMITS)
def test_a_verb_outside_the_lists_commits_the_company(text: str) -> None:
    assert rules(text, decision="none")


@pytest.mark.parametrize("text", SERVICE)
def test_what_a_service_desk_says_of_itself_commits_to_nothing(text: str) -> None:
    assert rules(text, decision="none") == []


@pytest.mark.parametrize(
    ("text", "decision"),
    [
        ("You pay €29.85 for three months.", "lumen20"),
        ("After that you pay €23.88.", "lumen20"),
        ("The normal price is €23.88.", "lumen20"),
        ("Instead of €23.88 you pay €29.85.", "lumen20"),
        ("On Fibre 100 you pay €29.85 a month.", "plan"),
    ],
)
def test_a_true_price_in_the_place_of_another_is_refused(text: str, decision: str) -> None:
    assert "swapped" in rules(text, decision=decision)


@pytest.mark.parametrize(
    ("text", "decision"),
    [
        ("You pay €23.88 instead of €29.85 for three months. After that you pay €29.85 again.", "lumen20"),
        ("Today: €29.85 a month. For three months: €23.88 a month.", "lumen20"),
        ("With Fibre 100 you would pay €19.90 instead of €29.85.", "plan"),
        ("You would go from Fibre 500 to Fibre 100 and from €29.85 to €19.90 a month.", "plan"),
    ],
)
def test_prices_in_their_own_places_are_released(text: str, decision: str) -> None:
    assert rules(text, decision=decision) == []


def test_a_bill_may_be_high_but_not_settled() -> None:
    assert rules("I understand that your bill is too high.", decision="none") == []
    assert rules("Your bill is sorted.", decision="none")
    assert rules("Ihre Rechnung ist ausgeglichen.", decision="none")


def test_a_condition_may_be_named_but_not_done_away_with() -> None:
    assert rules("It comes with a 12-month minimum term.", decision="lumen20c") == []
    assert "conditions_denied" in rules("Forget the minimum term.", decision="lumen20c")


def test_the_customer_is_asked_for_an_answer_and_bound_to_nothing() -> None:
    assert rules("All you need to do is reply.", decision="lumen20") == []
    assert "obligation" in rules("You are committed to us for good reasons.", decision="none")


@pytest.mark.parametrize("text", ["The minimum term doesn't apply.", "No such term: the minimum term isn't for you."])
def test_a_condition_that_is_said_not_to_hold_is_denied(text: str) -> None:
    assert "conditions_denied" in rules(text, decision="lumen20c")


def test_a_word_of_a_condition_beside_another_negation_denies_nothing() -> None:
    assert "conditions_denied" not in rules("A term that doesn't add up costs trust.", decision="lumen20c")
