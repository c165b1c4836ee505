"""What may leave is asked again at the door: opt-outs, limits, addresses and the guard hold after an approval."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from analytics.decisions.contact import ContactPolicy
from bot.outreach.approvals import ExportReport, approve, approve_all, edit, export_approved, read_again, reject, undo
from bot.outreach.exports import ExportFormat
from db.errors import InputError, NotFoundError, PolicyError
from db.models import Customer, Setting
from db.repositories.contacts import ContactRepository
from db.repositories.drafts import DraftRepository, DraftView
from db.repositories.settings import SettingsRepository
from db.session import Store, open_store
from db.vocabulary import Channel, CompanyProfile, ConsentStatus, CustomerStatus, DraftState, SuppressionReason
from tests.conftest import NOW, Company

POLICY = ContactPolicy()


@pytest.fixture
def opened(company: Company) -> Iterator[Store]:
    with open_store(company.path) as store:
        yield store


def drafts_of(store: Store, state: DraftState | None = None) -> list[DraftView]:
    with store.read() as session:
        return DraftRepository(session).find(state=state)


def approved_pair(store: Store) -> tuple[DraftView, DraftView]:
    """Two approved drafts to two customers."""
    first, second, *_ = drafts_of(store, DraftState.NEEDS_REVIEW)
    approve(store, [first.id, second.id], "kim", NOW)
    return first, second


def export(store: Store, folder: Path, *, dry_run: bool = False) -> ExportReport:
    return export_approved(store, POLICY, ExportFormat.EML, folder, "kim", NOW + timedelta(hours=1), dry_run=dry_run)


@contextmanager
def contacts_of(store: Store) -> Iterator[ContactRepository]:
    with store.write() as session:
        yield ContactRepository(session)


def test_approved_drafts_leave_once(opened: Store, tmp_path: Path) -> None:
    pair = approved_pair(opened)
    report = export(opened, tmp_path / "out")
    assert report.exported == tuple(draft.id for draft in pair)
    assert [path.name for path in report.files] == [f"draft-{draft.id:07d}.eml" for draft in pair]
    assert {draft.state for draft in drafts_of(opened) if draft.id in report.exported} == {DraftState.EXPORTED}
    assert export(opened, tmp_path / "again") == ExportReport((), (), ())
    assert not (tmp_path / "again").exists()


def test_a_dry_run_writes_and_marks_nothing(opened: Store, tmp_path: Path) -> None:
    pair = approved_pair(opened)
    report = export(opened, tmp_path / "out", dry_run=True)
    assert (report.files, report.exported) == ((), tuple(draft.id for draft in pair))
    assert not (tmp_path / "out").exists()
    assert len(drafts_of(opened, DraftState.APPROVED)) == 2


@pytest.mark.parametrize("reason", list(SuppressionReason))
def test_no_suppression_after_the_approval_lets_a_letter_out(
    reason: SuppressionReason, opened: Store, tmp_path: Path
) -> None:
    stopped, other = approved_pair(opened)
    with contacts_of(opened) as contacts:
        contacts.suppress(stopped.customer_id, reason, NOW, "preference page")
    report = export(opened, tmp_path)
    assert report.exported == (other.id,)
    [kept] = report.withheld
    assert (kept.draft_id, kept.customer_id) == (stopped.id, stopped.customer_id)
    assert kept.rule
    assert kept.sentence.endswith(".")
    assert drafts_of(opened, DraftState.APPROVED)[0].id == stopped.id


def test_a_suppression_of_another_channel_does_not_stop_mail(opened: Store, tmp_path: Path) -> None:
    first, second = approved_pair(opened)
    with contacts_of(opened) as contacts:
        contacts.suppress(first.customer_id, SuppressionReason.OPT_OUT, NOW, "call", channel=Channel.PHONE)
    assert export(opened, tmp_path).exported == (first.id, second.id)


def test_a_suppression_that_has_ended_does_not_stop_mail(opened: Store, tmp_path: Path) -> None:
    first, second = approved_pair(opened)
    with contacts_of(opened) as contacts:
        contacts.suppress(first.customer_id, SuppressionReason.OPT_OUT, NOW - timedelta(days=9), "x", until=NOW)
    assert export(opened, tmp_path).exported == (first.id, second.id)


def test_consent_that_is_taken_back_stops_mail(opened: Store, tmp_path: Path) -> None:
    stopped, other = approved_pair(opened)
    with contacts_of(opened) as contacts:
        contacts.record_consent(stopped.customer_id, Channel.EMAIL, ConsentStatus.DENIED, "letter", NOW)
    report = export(opened, tmp_path)
    assert report.exported == (other.id,)
    assert [kept.rule for kept in report.withheld] == ["no_consent"]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("status", CustomerStatus.CHURNED),
        ("email", None),
        ("email", "two@mailbox.example, three@mailbox.example"),
        ("email", "ada@mailbox.example\r\nBcc: eve@evil.example"),
    ],
    ids=["has left", "no address", "two addresses", "line break in the address"],
)
def test_a_customer_who_can_no_longer_be_written_to_does_not_stop_the_others(
    column: str, value: object, opened: Store, tmp_path: Path
) -> None:
    stopped, other = approved_pair(opened)
    with opened.write() as session:
        session.execute(update(Customer).where(Customer.external_id == stopped.customer_id).values({column: value}))
    report = export(opened, tmp_path)
    assert report.exported == (other.id,)
    assert [kept.draft_id for kept in report.withheld] == [stopped.id]
    assert len(list(tmp_path.glob("*.eml"))) == 1


def test_the_contact_limit_counts_letters_that_left(opened: Store, tmp_path: Path) -> None:
    first, second = approved_pair(opened)
    export(opened, tmp_path / "one")
    with opened.write() as session:
        DraftRepository(session)._row(first.id).state = DraftState.APPROVED
    with opened.write() as session:
        row = DraftRepository(session)._row(second.id)
        row.customer_id = DraftRepository(session)._row(first.id).customer_id
        row.step = 2
    report = export(opened, tmp_path / "two")
    assert report.exported == ()
    assert [kept.rule for kept in report.withheld] == ["contact_limit"]


def test_two_letters_to_one_customer_do_not_leave_together(opened: Store, tmp_path: Path) -> None:
    first, second = approved_pair(opened)
    with opened.write() as session:
        row = DraftRepository(session)._row(second.id)
        row.customer_id = DraftRepository(session)._row(first.id).customer_id
        row.step = 2
    report = export(opened, tmp_path)
    assert len(report.exported) == 1
    assert {kept.rule for kept in report.withheld} & {"contact_limit", "guard"}


def test_a_text_changed_behind_our_back_does_not_leave(opened: Store, tmp_path: Path) -> None:
    changed, other = approved_pair(opened)
    with opened.write() as session:
        DraftRepository(session)._row(changed.id).body += "\n\nWe guarantee you 90% off for 12 months."
    report = export(opened, tmp_path)
    assert report.exported == (other.id,)
    assert [kept.rule for kept in report.withheld] == ["guard"]


def test_an_untrue_text_cannot_be_approved_and_its_neighbours_wait_too(opened: Store) -> None:
    first, second, *_ = drafts_of(opened, DraftState.NEEDS_REVIEW)
    report = edit(opened, second.id, second.subject, second.body + "\n\nYou get 90% off for 12 months.", "kim", NOW)
    assert not report.released
    with pytest.raises(PolicyError, match=f"Draft {second.id} says something that no record supports"):
        approve(opened, [first.id, second.id], "kim", NOW)
    assert drafts_of(opened, DraftState.APPROVED) == []


def test_an_edit_asks_for_review_again_and_can_be_taken_back(opened: Store) -> None:
    first, _ = approved_pair(opened)
    report = edit(opened, first.id, first.subject, first.body.replace("Best regards", "Kind regards"), "kim", NOW)
    assert report.released
    with opened.read() as session:
        assert DraftRepository(session).get(first.id).state is DraftState.NEEDS_REVIEW
    again = undo(opened, first.id, "kim", NOW)
    assert (again.state, again.body) == (DraftState.APPROVED, first.body)


def test_taking_back_an_untrue_edit_takes_back_what_the_guard_said_of_it(opened: Store) -> None:
    first, _ = approved_pair(opened)
    assert not edit(opened, first.id, first.subject, "You get 50 % off.", "kim", NOW).released
    assert undo(opened, first.id, "kim", NOW).guard["findings"] == []


def test_drafts_named_for_export_that_are_not_approved_are_kept_back(opened: Store, tmp_path: Path) -> None:
    open_draft = drafts_of(opened, DraftState.NEEDS_REVIEW)[0]
    report = export_approved(
        opened, POLICY, ExportFormat.EML, tmp_path / "out", "kim", NOW, draft_ids=[open_draft.id, open_draft.id]
    )
    assert [(item.draft_id, item.rule) for item in report.withheld] == [(open_draft.id, "needs_review")]
    with pytest.raises(NotFoundError, match="no draft 4711"):
        export_approved(opened, POLICY, ExportFormat.EML, tmp_path / "out", "kim", NOW, draft_ids=[4711])


def test_every_draft_reads_the_same_when_it_is_read_again(opened: Store) -> None:
    assert all(read_again(draft).released for draft in drafts_of(opened, DraftState.NEEDS_REVIEW))


def test_a_rejection_keeps_its_reason(opened: Store) -> None:
    first, *_ = drafts_of(opened, DraftState.NEEDS_REVIEW)
    reject(opened, [first.id], "wrong tone", "kim", NOW)
    with opened.read() as session:
        [step] = DraftRepository(session).steps(first.id)
    assert (step.actor, step.to_state, step.reason) == ("kim", DraftState.REJECTED, "wrong tone")


def test_approving_an_unknown_draft_approves_none(opened: Store) -> None:
    first, *_ = drafts_of(opened, DraftState.NEEDS_REVIEW)
    with pytest.raises(NotFoundError, match="no draft 999999"):
        approve(opened, [first.id, 999_999], "kim", NOW)
    assert drafts_of(opened, DraftState.APPROVED) == []


def test_a_failed_export_leaves_the_drafts_approved(opened: Store, tmp_path: Path) -> None:
    pair = approved_pair(opened)
    (tmp_path / f"draft-{pair[1].id:07d}.eml").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match="exists already"):
        export(opened, tmp_path)
    assert len(drafts_of(opened, DraftState.APPROVED)) == 2
    assert len(list(tmp_path.glob("*.eml"))) == 1


@pytest.mark.parametrize("missing", [CompanyProfile(company=""), CompanyProfile(company="Pellmere"), None])
def test_nothing_leaves_before_the_store_knows_who_writes(
    missing: CompanyProfile | None, opened: Store, tmp_path: Path
) -> None:
    approved_pair(opened)
    with opened.write() as session:
        if missing is None:
            session.delete(session.get_one(Setting, "company"))
        else:
            SettingsRepository(session).set_company(missing)
    with pytest.raises(PolicyError, match="does not say who writes"):
        export(opened, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_what_the_guard_refuses_stays_in_the_queue_and_stops_nobody_else(company: Company) -> None:
    with open_store(company.path) as store:
        with store.write() as session:
            drafts = DraftRepository(session)
            first = drafts.find(state=DraftState.NEEDS_REVIEW)[0]
            drafts.edit(first.id, first.subject, f"{first.body}\n\nYou get 90% off for ever.", {}, "kim", NOW)
            waiting = [draft.id for draft in drafts.find(state=DraftState.NEEDS_REVIEW)]
        approved, refused = approve_all(store, "kim", NOW)
        assert [item.draft_id for item in refused] == [first.id]
        assert sorted(approved) == sorted(set(waiting) - {first.id})
