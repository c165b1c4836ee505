import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.reports.masking import mask, same_words

NAMES = {"Sarah", "O'Brien", "Lotte", "Kowalczyk", "Price"}


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Write to sarah.b@mail.example, please", "Write to [e-mail], please"),
        ("Call me on +353 20 915 8592 today", "Call me on [number] today"),
        ("See https://me.example/page?x=1 for it", "See [link] for it"),
        ("I told Sarah O'Brien twice", "I told [name] twice"),
        ("Lotte Kowalczyk here, the price is too high", "[name] here, the price is too high"),
        ("My name is Bartholomew and I am cross", "My name is [name] and I am cross"),
        ("Thanks, Wilhelmina", "Thanks, [name]"),
        ("Contract PM-0000042 is too dear at 54.32", "Contract [number] is too dear at 54.32"),
        ("My Pellmere Hub is slow", "My Pellmere Hub is slow"),
        ("line one\nline two", "line one line two"),
    ],
)
def test_what_tells_who_wrote_is_masked(text: str, masked: str) -> None:
    assert mask(text, NAMES, ("Pellmere Hub",)) == masked


def test_a_product_is_no_person_even_if_somebody_has_its_name() -> None:
    assert mask("My Lotte is slow", NAMES, ("Lotte",)) == "My Lotte is slow"


def test_the_id_of_a_customer_is_masked_whatever_it_looks_like() -> None:
    assert mask("I am AB-XY", set(), (), "AB-XY") == "I am [number]"


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.text(max_size=40), st.emails(), st.text(max_size=40))
def test_no_address_survives(before: str, address: str, after: str) -> None:
    local, domain = address.rsplit("@", 1)
    if "<" in local or ">" in local or "(" in local:
        return
    assert f"@{domain}" not in mask(f"{before} {address} {after}", set()) or "@" in before + after


def test_messages_that_share_most_words_say_the_same() -> None:
    assert same_words("It costs too much.", "How do I cancel? It costs too much.")
    assert not same_words("It costs too much.", "The line is down again tonight.")
