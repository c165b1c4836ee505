"""A brief survives the way to another program and back, and a brief of another program is checked."""

import json
from typing import Any

import pytest

from bot.generation.brief import Brief, brief_from_json, brief_to_json
from db.errors import InputError
from db.vocabulary import Channel
from tests.bot.generation.briefs import mixed
from tests.bot.generation.voices import voices_brief


@pytest.mark.parametrize("channel", [Channel.EMAIL, Channel.CHAT])
def test_a_brief_comes_back_as_it_was(channel: Channel) -> None:
    for brief in mixed(60, channel):
        assert brief_from_json(json.loads(json.dumps(brief_to_json(brief)))) == brief


def test_a_brief_of_figures_comes_back_too() -> None:
    brief = voices_brief(3)
    assert brief_from_json(json.loads(json.dumps(brief_to_json(brief)))) == brief


def test_objections_and_the_dialogue_act_are_part_of_it() -> None:
    brief = Brief(**{**as_arguments(next(mixed(1))), "objections": ("it invented 80",), "dialogue_act": "greet"})
    assert brief_from_json(brief_to_json(brief)) == brief


def as_arguments(brief: Brief) -> dict[str, Any]:
    return {name: getattr(brief, name) for name in Brief.__dataclass_fields__}


def test_what_is_left_out_has_defaults_and_what_is_unknown_is_left_alone() -> None:
    brief = brief_from_json({"channel": "chat", "colour": "red", "facts": {"plan": "Home"}})
    assert (brief.channel, brief.tone, brief.purpose, brief.facts.text("plan")) == (
        Channel.CHAT,
        "warm",
        "retention",
        "Home",
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"channel": "pigeon"}, "cannot be read"),
        ({"channel": 3}, "channel is of the wrong kind"),
        ({"channel": None}, "cannot be read"),
        ({"facts": []}, "facts is of the wrong kind"),
        ({"decision": "none"}, "decision is of the wrong kind"),
        ({"decision": {"offer_type": "castle"}}, "the decision cannot be read"),
        ({"decision": {"offer_type": "discount", "value": float("inf")}}, "value is not a number"),
        ({"decision": {"offer_type": "discount", "value": "many"}}, "value is not a number"),
        ({"decision": {"offer_type": "discount", "valid_until": 7}}, "valid_until is not an ISO date"),
        ({"decision": {"offer_type": "discount", "conditions": 7}}, "the decision cannot be read"),
        ({"mood": "furious"}, "cannot be read"),
        ({"seed": "7"}, "seed is of the wrong kind"),
        ({"seed": True}, "seed is of the wrong kind"),
        ({"objections": [1]}, "objections is of the wrong kind"),
        ({"tone": {}}, "tone is of the wrong kind"),
    ],
)
def test_a_part_of_the_wrong_kind_is_named(change: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        brief_from_json({"channel": "email", **change})


def test_a_brief_is_an_object() -> None:
    with pytest.raises(InputError, match="not a JSON object"):
        brief_from_json(["email"])
