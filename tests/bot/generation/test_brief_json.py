import json
from contextlib import suppress
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.generation.brief import NO_OFFER, Brief, FactSheet
from bot.generation.brief_json import brief_from_json, brief_to_json
from db.errors import InputError
from db.vocabulary import Channel, OfferType
from tests.bot.generation.briefs import mixed

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from([*Brief.__dataclass_fields__, "offer_type", "price", "count", "valid_until", "conditions", "x"])


@pytest.mark.parametrize("channel", Channel)
def test_a_brief_comes_back_as_it_was(channel: Channel) -> None:
    for one in mixed(60, channel):
        told = replace(one, objections=("it invented 80", "\ud83d"), dialogue_act="greet", tone='"\0\n')
        assert brief_from_json(json.loads(json.dumps(brief_to_json(told), allow_nan=False))) == told


def test_facts_that_are_no_json_values_become_their_text() -> None:
    deep: list[Any] = []
    for _ in range(5000):
        deep = [deep]
    facts = {
        "day": date(2026, 1, 2),
        "price": Decimal("9.90"),
        "said": ("a", {"b"}),
        "nothing": float("nan"),
        "much": 10**5000,
        "kind": OfferType.PAUSE,
        "deep": deep,
        "by_number": {1: b"x"},
    }
    written = brief_to_json(Brief(Channel.CHAT, FactSheet(facts), NO_OFFER))["facts"]
    known = {name: written[name] for name in written if name != "deep"}
    assert known == {
        "day": "2026-01-02",
        "price": "9.90",
        "said": ["a", ["b"]],
        "nothing": None,
        "much": None,
        "kind": "pause",
        "by_number": {"1": "b'x'"},
    }
    assert len(json.dumps(written["deep"])) < 50


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(NAMES, JSON | st.dictionaries(NAMES, JSON, max_size=4), max_size=6) | JSON)
def test_any_document_is_a_brief_or_an_input_error(document: object) -> None:
    with suppress(InputError):
        found = brief_from_json(document)
        assert brief_from_json(brief_to_json(found)) == found


@pytest.mark.parametrize(
    "wrong",
    [
        {"channel": "smoke"}, {"channel": ["chat"]}, {"channel": None}, {"mood": "sad"}, {"seed": "1"}, {"seed": True},
        {"facts": []}, {"decision": {"offer_type": "gift"}}, {"decision": {"price": "10"}}, {"objections": "x"},
        {"decision": {"valid_until": 5}}, {"decision": {"valid_until": "soon"}}, {"decision": {"conditions": 5}},
        {"decision": {"count": 1.5}}, {"tone": 3},
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(wrong: dict[str, Any]) -> None:
    assert brief_from_json({"channel": "chat"}).purpose == "retention"
    with pytest.raises(InputError, match="cannot be read"):
        brief_from_json({"channel": "chat", **wrong})
