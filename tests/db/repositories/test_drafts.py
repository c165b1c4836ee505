"""Drafts move from state to state with a trail, and every step but the last one can be taken back."""

from datetime import UTC, datetime

import pytest

from db.errors import NotFoundError, PolicyError
from db.models import Customer, DecisionRow
from db.repositories.drafts import DraftRepository, NewDraft
from db.repositories.jobs import JobRepository
from db.session import Store
from db.vocabulary import Arm, Channel, DraftState, OfferType

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def new_draft(key: int = 1, subject: str = "Hello") -> NewDraft:
    return NewDraft(
        customer_key=key, decision_id="d1", channel=Channel.EMAIL, state=DraftState.NEEDS_REVIEW, variant="a",
        backend="template", attempts=1, subject=subject, preheader=None, body="Body", brief={}, guard={},
    )  # fmt: skip


@pytest.fixture
def job(store: Store) -> int:
    with store.write() as session:
        session.add(Customer(id=1, external_id="C1", first_name="Ada", attributes={}, created_at=NOW, updated_at=NOW))
        session.flush()
        session.add(
            DecisionRow(
                decision_id="d1", customer_id=1, decided_on=NOW.date(), channel=Channel.EMAIL, arm=Arm.TREATED,
                assignment_probability=0.9, offer_code="tips", offer_type=OfferType.EDUCATION, method="propensity",
                document={}, created_at=NOW,
            )
        )  # fmt: skip
        found = JobRepository(session).begin("draft", {"top": 1}, NOW)
        assert DraftRepository(session).add_many(found.id, [new_draft()], NOW) == 1
        return found.id


def test_the_same_customer_gets_one_draft_per_job(store: Store, job: int) -> None:
    with store.write() as session:
        drafts = DraftRepository(session)
        assert drafts.add_many(job, [new_draft(subject="Again")], NOW) == 0
        assert [view.subject for view in drafts.find()] == ["Hello"]
        assert drafts.drafted_keys(job) == {1}


def test_approving_and_undoing_leaves_a_trail(store: Store, job: int) -> None:
    with store.write() as session:
        drafts = DraftRepository(session)
        drafts.move(1, DraftState.APPROVED, "kim", NOW)
        assert drafts.get(1).state is DraftState.APPROVED
        assert drafts.undo(1, "kim", NOW).state is DraftState.NEEDS_REVIEW
        assert [(step.actor, step.to_state) for step in drafts.steps(1)] == [
            ("kim", DraftState.APPROVED),
            ("kim", DraftState.NEEDS_REVIEW),
        ]
        with pytest.raises(PolicyError, match="nothing to undo"):
            drafts.undo(1, "kim", NOW)


def test_an_edit_can_be_taken_back_to_the_letter(store: Store, job: int) -> None:
    with store.write() as session:
        drafts = DraftRepository(session)
        drafts.edit(1, "New subject", "New body", {"verdict": "release"}, "kim", NOW)
        assert (drafts.get(1).subject, drafts.get(1).body) == ("New subject", "New body")
        again = drafts.undo(1, "kim", NOW)
        assert (again.subject, again.body) == ("Hello", "Body")


def test_what_was_exported_has_left_the_house(store: Store, job: int) -> None:
    with store.write() as session:
        drafts = DraftRepository(session)
        drafts.move(1, DraftState.APPROVED, "kim", NOW)
        drafts.move(1, DraftState.EXPORTED, "kim", NOW)
        for attempt in (
            lambda: drafts.move(1, DraftState.REJECTED, "kim", NOW),
            lambda: drafts.edit(1, "s", "b", {}, "kim", NOW),
            lambda: drafts.undo(1, "kim", NOW),
        ):
            with pytest.raises(PolicyError):
                attempt()


def test_an_unknown_draft_is_named(store: Store, job: int) -> None:
    with store.read() as session, pytest.raises(NotFoundError, match="no draft 77"):
        DraftRepository(session).get(77)


def test_a_job_is_begun_once_per_key_and_picked_up_again(store: Store) -> None:
    with store.write() as session:
        jobs = JobRepository(session)
        first = jobs.begin("score", {"a": 1, "b": [1, 2]}, NOW)
        assert jobs.begin("score", {"b": [1, 2], "a": 1}, NOW).id == first.id
        assert jobs.begin("score", {"a": 2}, NOW).id != first.id
