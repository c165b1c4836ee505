"""What is read from a Rasa project, what is refused and where, and which action the rules choose."""

from pathlib import Path
from typing import Any

import pytest

from bot.dialogue.project.domain import Domain, Slot, parse_domain
from bot.dialogue.project.policy import NO_RULE, RulePolicy
from bot.dialogue.project.reading import read
from bot.dialogue.project.rules import Entry, parse_rules
from db.errors import InputError

DOMAIN = """\
version: "3.1"
intents: [hello, leave, ok]
slots:
  asked:
    type: categorical
    values: [cancel, offer]
    mappings: [{type: custom}]
  may_offer:
    type: bool
    mappings: [{type: custom}]
  note:
    type: any
    influence_conversation: false
    mappings: [{type: custom}]
actions: [action_greet, action_ask, action_cancel, action_offer, action_clarify]
"""


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def domain_of(folder: Path, text: str = DOMAIN) -> Domain:
    return parse_domain(read(write(folder, "domain.yml", text), "domain.yml"))


def rules_of(folder: Path, text: str) -> list[Entry]:
    text = 'version: "3.1"\nrules:\n' + text
    return parse_rules(read(write(folder, "rules.yml", text), "rules.yml"), domain_of(folder))


PLAIN = """\
- rule: Leaving
  steps:
  - intent: leave
  - action: action_ask
- rule: Leaving with an offer
  condition:
  - slot_was_set:
    - may_offer: true
  steps:
  - intent: leave
  - action: action_offer
  - action: action_ask
- rule: "Yes"
  condition:
  - slot_was_set:
    - asked: cancel
  steps:
  - intent: ok
  - action: action_cancel
- rule: Yes to nothing
  condition:
  - slot_was_set:
    - asked: null
  steps:
  - intent: ok
  - action: action_greet
"""


def state(action: str, intent: str, **slots: tuple[float, ...]) -> dict[str, Any]:
    return {"prev_action": {"action_name": action}, "user": {"intent": intent}, "slots": slots}


CANCEL, OFFER = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0)
TRUE, FALSE = (1.0, 1.0), (1.0, 0.0)


@pytest.mark.parametrize(
    ("states", "action", "rule"),
    [
        ([state("action_listen", "leave")], "action_ask", "Leaving"),
        ([state("action_listen", "leave", may_offer=FALSE)], "action_ask", "Leaving"),
        ([state("action_listen", "leave", may_offer=TRUE)], "action_offer", "Leaving with an offer"),
        (
            [state("action_listen", "leave", may_offer=TRUE), state("action_offer", "leave", may_offer=TRUE)],
            "action_ask",
            "Leaving with an offer",
        ),
        ([state("action_listen", "leave"), state("action_ask", "leave")], "action_listen", "Leaving"),
        ([state("action_listen", "ok", asked=CANCEL)], "action_cancel", "Yes"),
        ([state("action_listen", "ok")], "action_greet", "Yes to nothing"),
        ([state("action_listen", "ok", asked=OFFER)], "action_clarify", NO_RULE),
        ([state("action_listen", "hello")], "action_clarify", NO_RULE),
    ],
)
def test_the_rule_that_says_most_decides(tmp_path: Path, states: list[dict[str, Any]], action: str, rule: str) -> None:
    found = RulePolicy(rules_of(tmp_path, PLAIN), "action_clarify").predict(states)
    assert (found.action, found.rule) == (action, rule)


def test_a_slot_that_changes_in_mid_rule_ends_the_rule_as_in_rasa(tmp_path: Path) -> None:
    states = [state("action_listen", "leave", may_offer=TRUE), state("action_offer", "leave", may_offer=FALSE)]
    assert RulePolicy(rules_of(tmp_path, PLAIN)).predict(states).rule == NO_RULE


def test_a_rule_without_an_intent_goes_on_from_its_first_action(tmp_path: Path) -> None:
    policy = RulePolicy(
        rules_of(tmp_path, "- rule: After\n  steps:\n  - action: action_ask\n  - action: action_offer\n")
    )
    assert policy.predict([state("action_listen", "ok"), state("action_ask", "ok")]).action == "action_offer"
    assert policy.predict([state("action_listen", "ok")]).rule == NO_RULE


def test_a_rule_may_leave_the_turn_open(tmp_path: Path) -> None:
    text = "- rule: Open\n  wait_for_user_input: false\n  steps:\n  - intent: ok\n  - action: action_ask\n"
    policy = RulePolicy(rules_of(tmp_path, text))
    assert policy.predict([state("action_listen", "ok"), state("action_ask", "ok")]).rule == NO_RULE


@pytest.mark.parametrize(
    ("rule", "line", "words"),
    [
        ("- rule: A\n  steps:\n  - intent: leav\n  - action: action_ask\n", 5, "Did you mean 'leave'"),
        ("- rule: A\n  steps:\n  - intent: leave\n  - action: action_asks\n", 6, "action_asks"),
        ("- rule: A\n  steps:\n  - intent: leave\n", 3, "needs an `action:`"),
        ("- rule: A\n  steps:\n  - action: action_ask\n  - intent: leave\n", 6, "first step"),
        ("- rule: A\n  steps:\n  - intent: ok\n  - action: action_ask\n  - intent: ok\n", 7, "at most one"),
        ("- rule: A\n  conversation_start: true\n  steps: []\n", 4, "action_session_start"),
        ("- rule: A\n  condition:\n  - active_loop: form\n  steps: []\n", 5, "forms are not supported"),
        ("- rule: A\n  steps:\n  - checkpoint: x\n", 5, "write the steps out"),
        ("- rule: A\n  steps:\n  - intent: ok\n    entities: [x]\n", 6, "action_validate_slot_mappings"),
        ("- rule: A\n  condition:\n  - slot_was_set:\n    - askd: offer\n  steps: []\n", 6, "Did you mean 'asked'"),
        ("- rule: A\n  condition:\n  - slot_was_set:\n    - asked\n  steps: []\n", 6, "say which value"),
        ("- rule: A\n  condition:\n  - slot_was_set:\n    - asked: ofer\n  steps: []\n", 6, "Did you mean 'offer'"),
        ("- rule: A\n  condition:\n  - slot_was_set:\n    - note: x\n  steps: []\n", 6, "influence_conversation"),
        ("- rule: A\n  condition:\n  - intent: ok\n  steps:\n  - action: action_ask\n", 5, "a condition is"),
        ("- rule: A\n  step: []\n", 4, "Did you mean 'steps'"),
        ("- rule: A\n  steps:\n  - intent: ok\n  - action: action_ask\n" * 2, 7, "its own name"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(tmp_path: Path, rule: str, line: int, words: str) -> None:
    with pytest.raises(InputError) as raised:
        rules_of(tmp_path, rule)
    assert f"rules.yml, line {line}:" in str(raised.value)
    assert words in str(raised.value)


@pytest.mark.parametrize(
    "second",
    [
        "- rule: B\n  steps:\n  - intent: ok\n  - action: action_cancel\n",
        "- rule: B\n  condition:\n  - slot_was_set:\n    - asked: offer\n  steps:\n  - intent: leave\n"
        "  - action: action_cancel\n",
    ],
)
def test_rules_that_contradict_one_another_are_refused(tmp_path: Path, second: str) -> None:
    first = (
        "- rule: A\n  steps:\n  - intent: ok\n  - action: action_ask\n"
        "- rule: A2\n  condition:\n  - slot_was_set:\n    - may_offer: true\n  steps:\n  - intent: leave\n"
        "  - action: action_ask\n"
    )
    with pytest.raises(InputError, match="can apply to the same message"):
        rules_of(tmp_path, first + second)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("type: bool", "type: number"), "the type 'number' is not supported"),
        (("mappings: [{type: custom}]", "mappings: [{type: from_entity}]"), "only `type: custom`"),
        (("values: [cancel, offer]", "values: [cancel, no]"), "quotes around yes and no"),
        (("values: [cancel, offer]", "min_value: 1"), "needs its `values:`"),
        (("influence_conversation: false", "influence_conversation: true"), "influence_conversation: false"),
        (("intents:", "entities: [product]\nintents:"), "entities are not supported"),
        (("intents:", "responses: {utter_hi: [{text: hi}]}\nintents:"), "responses are not supported"),
        (("intents:", "forms: {f: {required_slots: [note]}}\nintents:"), "forms are not supported"),
        (("intents:", "e2e_actions: []\nintents:"), "'e2e_actions' is not supported"),
    ],
)
def test_what_a_domain_may_not_hold_is_refused(tmp_path: Path, change: tuple[str, str], words: str) -> None:
    with pytest.raises(InputError) as raised:
        domain_of(tmp_path, DOMAIN.replace(*change, 1))
    assert "domain.yml, line" in str(raised.value)
    assert words in str(raised.value)


@pytest.mark.parametrize(
    ("slot", "value", "feature"),
    [
        (Slot("s", "bool", influences=True), False, (1.0, 0.0)),
        (Slot("s", "bool", influences=True), True, (1.0, 1.0)),
        (Slot("s", "bool", influences=True), None, None),
        (Slot("s", "bool"), True, None),
        (Slot("s", "categorical", influences=True, values=("a", "b")), "B", (0.0, 1.0, 0.0)),
        (Slot("s", "categorical", influences=True, values=("a", "b")), "c", (0.0, 0.0, 1.0)),
        (Slot("s", "float", influences=True, highest=2.0), 1, (1.0, 0.5)),
        (Slot("s", "float", influences=True, highest=2.0), 7, (1.0, 1.0)),
        (Slot("s", "text", influences=True), "x", (1.0,)),
        (Slot("s", "list", influences=True), [], None),
        (Slot("s", "list", influences=True), [1], (1.0,)),
    ],
)
def test_the_policy_sees_of_a_slot_what_rasa_sees(slot: Slot, value: Any, feature: tuple[float, ...] | None) -> None:
    assert slot.feature(value) == feature
