"""Who may be offered what, and what is kept."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.dialogue.desk import Desk, keep, open_desk
from db.errors import NotFoundError
from db.repositories.contacts import ContactRepository
from db.vocabulary import Arm, Channel, ConsentStatus, DecisionTerms, OfferType, OutcomeKind, SuppressionReason
from tests.bot.conftest import DISCOUNT, NOW, TODAY, Talks


def desk_of(talks: Talks) -> Desk:
    with talks.store.read() as session:
        return open_desk(session, talks.customer, TODAY, NOW)


def test_without_a_decision_there_is_no_offer(talks: Talks) -> None:
    desk = desk_of(talks)
    assert not desk.has_offer
    assert desk.no_offer_because == "no_decision"


def test_a_decided_offer_is_open_until_its_last_day(talks: Talks) -> None:
    talks.decide(replace(DISCOUNT, valid_until=TODAY))
    assert desk_of(talks).has_offer


@pytest.mark.parametrize("last_day", [TODAY - timedelta(days=1), None])
def test_an_offer_without_a_day_or_after_it_is_not_made(talks: Talks, last_day: date | None) -> None:
    talks.decide(replace(DISCOUNT, valid_until=last_day))
    assert desk_of(talks).no_offer_because == "expired"


def test_the_held_out_get_none(talks: Talks) -> None:
    talks.decide(arm=Arm.HOLDOUT)
    assert desk_of(talks).no_offer_because == "holdout"


def test_a_blocked_decision_names_its_rule(talks: Talks) -> None:
    talks.decide(blocked_by="cooldown")
    assert desk_of(talks).no_offer_because == "cooldown"


def test_deciding_nothing_is_no_offer(talks: Talks) -> None:
    talks.decide(DecisionTerms("dec-none", OfferType.NONE))
    assert desk_of(talks).no_offer_because == "nothing_decided"


@pytest.mark.parametrize("reason", sorted(set(SuppressionReason) - {SuppressionReason.HARD_BOUNCE}))
def test_the_suppressed_get_none(talks: Talks, reason: SuppressionReason) -> None:
    talks.decide()
    talks.suppress(reason)
    assert desk_of(talks).no_offer_because == f"suppressed:{reason.value}"


def test_a_dead_mail_address_does_not_silence_the_chat(talks: Talks) -> None:
    talks.decide()
    talks.suppress(SuppressionReason.HARD_BOUNCE)
    assert desk_of(talks).has_offer


def test_who_said_no_to_contact_gets_none(talks: Talks) -> None:
    talks.decide()
    with talks.store.write() as session:
        ContactRepository(session).record_consent(talks.customer, Channel.EMAIL, ConsentStatus.DENIED, "test", NOW)
    assert desk_of(talks).no_offer_because == "consent_denied"


@pytest.mark.parametrize("kind", [OutcomeKind.ACCEPTED, OutcomeKind.DECLINED])
def test_an_offer_is_settled_once(talks: Talks, kind: OutcomeKind) -> None:
    talks.decide()
    with talks.store.write() as session:
        ContactRepository(session).record_outcome(talks.customer, kind, NOW, decision_id=DISCOUNT.decision_id)
    assert desk_of(talks).no_offer_because == "settled"


def test_effects_reach_the_store_when_they_are_kept(talks: Talks) -> None:
    talks.decide()
    desk = desk_of(talks)
    desk.accept(DISCOUNT.decision_id)
    desk.opt_out()
    assert talks.outcomes() == []
    with talks.store.write() as session:
        keep(session, talks.customer, desk.effects, NOW, None)
    assert talks.outcomes() == [(OutcomeKind.ACCEPTED, DISCOUNT.decision_id)]
    assert talks.suppressions() == {SuppressionReason.OPT_OUT}
    assert desk_of(talks).no_offer_because == "suppressed:opt_out"


def test_an_unknown_customer_has_no_desk(talks: Talks) -> None:
    talks.customer = "nobody"
    with pytest.raises(NotFoundError, match="nobody"):
        desk_of(talks)
