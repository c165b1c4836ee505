"""What to do next: rules read from top to bottom, the first that applies decides; each has a name for the record.

The order is the policy. What a customer has a right to (a person, leaving, an end to messages) stands above
everything that the company would like.
"""

from dataclasses import dataclass

from bot.dialogue import rules
from bot.dialogue.repair import is_going_round, next_question
from bot.dialogue.situation import Actions, Rule, Situation
from db.vocabulary import Json

DIGRESSIONS = frozenset(
    {
        "action_clarify",
        "action_is_bot",
        "action_show_account",
        "action_show_dates",
        "action_smalltalk",
        "action_welcome",
    }
)
"""Answers after which the bot comes back to the question that was open."""

RULES: tuple[Rule, ...] = (
    rules.asks_for_a_person,
    rules.mourns,
    rules.speaks_for_another,
    rules.undoes_cancellation,
    rules.has_cancelled,
    rules.asks_about_cancelling,
    rules.thinks_about_leaving,
    rules.cancels,
    rules.answers_cancel_question,
    rules.answers_offer,
    rules.is_let_down,
    rules.agrees_to_a_person,
    rules.declines_a_person,
    rules.keeps_the_plan,
    rules.is_furious,
    rules.repeats_themselves,
    rules.waits_for_a_person,
    rules.wrote_too_much,
    rules.names_a_time,
    rules.describes_the_problem,
    rules.keeps_the_reason,
    rules.corrects,
    rules.comes_back_to_offer,
    rules.haggles,
    rules.asks_what_now,
    rules.requests,
    rules.asks_about_account,
    rules.complains,
    rules.answers_unclearly,
    rules.asks_again,
    rules.is_courteous,
    rules.writes_another_language,
    rules.is_unhappy,
    rules.not_understood,
)


@dataclass(frozen=True, slots=True)
class Plan:
    """The actions of a turn, the rules that chose them, and slots to set first."""

    actions: Actions
    rules: tuple[str, ...]
    sets: Json


def decide(situation: Situation) -> Plan:
    """The plan for a turn; it has at least one action."""
    before, before_rules = _at_once(situation)
    heard_more = bool(set(situation.heard.intents) - {"opt_out", "data_erasure", "stop"}) and _asks_more(situation)
    if before and not heard_more:
        goes_on = ("action_resume",) if situation.pending == "cancel" else ()
        return Plan((*before, *goes_on), before_rules, {"resume": situation.pending})
    for rule in RULES:
        actions = rule(situation)
        if actions is not None:
            break
    else:
        rule, actions = rules.not_understood, next_question(situation.state)
    name = rule.__name__
    if is_going_round(situation.state, actions) and not situation.state["handed_off"]:
        name, actions = "going_round", ("action_hand_off",)
    if situation.pending in ("cancel", "offer") and set(actions) <= DIGRESSIONS:
        actions = (*actions, "action_resume")
    sets: Json = {"resume": situation.pending}
    if "action_hand_off" in actions:
        sets["handoff_reason"] = HANDOFF_REASONS.get(name, name)
    return Plan((*before, *actions), (*before_rules, name), sets)


HANDOFF_REASONS = {"asks_for_a_person": "asked", "agrees_to_a_person": "asked", "not_understood": "failures"}


def _at_once(situation: Situation) -> tuple[Actions, tuple[str, ...]]:
    """What is done in any case, before anything else."""
    found = [
        (action, rule)
        for intent, action, rule in (
            ("opt_out", "action_opt_out", "opts_out"),
            ("data_erasure", "action_erase_request", "wants_erasure"),
        )
        if situation.heard.has(intent)
    ]
    return tuple(action for action, _ in found), tuple(rule for _, rule in found)


def _asks_more(situation: Situation) -> bool:
    return situation.heard.has("cancel", "human_request", "bereavement", *rules.REQUESTS)
