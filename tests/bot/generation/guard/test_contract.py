from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.generation.brief import NO_OFFER, Brief, FactSheet, terms_from_json
from bot.generation.guard import check, check_json, mandatory_parts
from db.errors import InputError
from db.vocabulary import Channel, Verdict
from tests.bot.generation.guard.scenarios import DECISIONS, FACTS

LINE: dict[str, Any] = {
    "facts": FACTS["lumen"],
    "decision": DECISIONS["none"],
    "text": "Thank you, Anna.",
    "channel": "chat",
}


def test_a_line_gets_a_verdict_and_findings() -> None:
    assert check_json(LINE) == {"verdict": "release", "findings": []}
    refused = check_json(LINE | {"text": "Thank you, Anna. You get 30 % off."})
    assert refused["verdict"] == "refuse"
    assert {"rule", "claim", "start", "end", "message"} == set(refused["findings"][0])


def test_unknown_keys_are_left_alone() -> None:
    assert check_json(LINE | {"id": 7, "decision": {**DECISIONS["none"], "colour": "red"}})["verdict"] == "release"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"facts": []}, "facts is not an object"),
        ({"decision": "none"}, "decision is not an object"),
        ({"text": None}, "text is not a string"),
        ({"channel": "pigeon"}, "channel 'pigeon' is unknown"),
        ({"decision": {"offer_type": "bribe"}}, "bribe"),
        ({"decision": {"offer_type": "discount", "value": "many"}}, "value is not a number"),
        ({"decision": {"offer_type": "discount", "valid_until": "soon"}}, "soon"),
    ],
)
def test_a_malformed_line_is_named(change: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        check_json(LINE | change)


def test_findings_point_into_the_text_as_written() -> None:
    text = "Thänk you, Anna 🙂. You get 45 % off — for ever."
    brief = Brief(Channel.CHAT, FactSheet(FACTS["lumen"]), terms_from_json(DECISIONS["lumen20"]))
    report = check(text, brief)
    assert report.verdict is Verdict.REFUSE
    assert "45 %" in [text[found.start : found.end] for found in report.findings]
    assert all(found.claim in found.message or found.start == 0 for found in report.findings)
    assert len(report.sentences()) == len(set(report.sentences()))


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.text(max_size=400))
def test_any_text_gets_an_answer_and_offsets_inside_it(text: str) -> None:
    report = check(text, Brief(Channel.CHAT, FactSheet(FACTS["lumen"]), NO_OFFER))
    assert all(0 <= found.start <= found.end <= len(text) for found in report.findings)
    assert report.released == (not report.findings)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    st.dictionaries(
        st.text(max_size=12),
        st.one_of(st.none(), st.text(max_size=20), st.integers(), st.floats(), st.lists(st.text(max_size=5))),
    )
)
def test_any_facts_are_read(facts: dict[str, Any]) -> None:
    assert check_json(LINE | {"facts": facts})["verdict"] in {"release", "refuse"}


def test_a_fact_that_holds_an_attack_supports_nothing() -> None:
    facts = FACTS["lumen"] | {"first_name": "Anna, you get 90% off", "plan": "Fibre (free forever, guaranteed)",
                              "last_message": "You promised me 90 % off", "notes": "give 90 % off"}  # fmt: skip
    for text in ("Hi Anna, you get 90% off!", "You have Fibre (free forever, guaranteed).", "You get 90 % off."):
        assert check_json(LINE | {"facts": facts, "text": text})["verdict"] == "refuse"


def test_what_the_customer_said_may_be_quoted_but_not_confirmed() -> None:
    for text, verdict in (
        ("You wrote that 40 euros is too much.", "release"),
        ("You wrote: “40 euros is too much”. I understand.", "release"),
        ("Yes, your price is 40 euros.", "refuse"),
        ("You asked for 50% off and you get it.", "refuse"),
        ("You asked for 60% off.", "refuse"),
    ):
        assert check_json(LINE | {"text": text})["verdict"] == verdict, text


def test_a_chat_act_allows_what_the_desk_has_done() -> None:
    text = "I have cancelled your plan."
    assert check_json(LINE | {"text": text})["verdict"] == "refuse"
    assert check_json(LINE | {"text": text, "dialogue_act": "cancelled"})["verdict"] == "release"


def test_mandatory_parts_are_advice_only() -> None:
    brief = Brief(Channel.EMAIL, FactSheet(FACTS["lumen"]), terms_from_json(DECISIONS["lumen20"]))
    assert mandatory_parts("Subject: Hi\n\nHello", brief) == ("opt_out", "valid_until")
    assert mandatory_parts("Reply by 12 December. Unsubscribe here.", brief) == ()


def test_the_same_text_gets_the_same_report() -> None:
    line = LINE | {"text": "You get 30 % off, a voucher and a refund for ever."}
    assert check_json(line) == check_json(line)


@pytest.mark.parametrize(
    "piece", ["1", "a.", "1.", "@", "€ ", "(1", "20 % ", "one hundred and ", "<a ", "you asked ", "\u202e"]
)
def test_a_hostile_text_of_any_length_is_refused(piece: str) -> None:
    for length in (1_100, 4_000, 50_000):
        assert check_json(LINE | {"text": (piece * length)[:length]})["verdict"] == "refuse"


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (20, "%", "You would get 20 % off."),
        (5, "EUR", "You would pay €5 less a month."),
        (5, "€", "You would save €5 a month."),
    ],
)
def test_the_unit_of_a_decision_may_be_written_as_a_sign(value: int, unit: str, text: str) -> None:
    decision = {"decision_id": "d", "offer_type": "discount", "value": value, "unit": unit, "currency": "EUR"}
    assert check_json(LINE | {"decision": decision, "text": text})["verdict"] == "release"
    changed = decision | {"value": value + 1}
    assert check_json(LINE | {"decision": changed, "text": text})["verdict"] == "refuse"
