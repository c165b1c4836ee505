"""From draft to hand-over: approving, editing, and exporting only what the guard and the contact policy let go."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from analytics.decisions.contact import (
    ContactFacts,
    ContactPolicy,
    ContactVerdict,
    Proposal,
    permission_verdict,
    pressure_verdict,
    quiet_verdict,
    rest_verdict,
)
from analytics.decisions.history import NO_HISTORY, ContactHistory, histories
from bot.generation.brief import Brief, FactSheet, terms_from_json
from bot.generation.guard import GuardReport, check, check_approved
from bot.generation.letter import join_letter
from bot.outreach.exports import ExportFormat, export_letters
from bot.outreach.messages import Letter, address_of
from db.errors import InputError, PolicyError
from db.queries import deciding as queries
from db.repositories.contacts import WITHHOLD, ContactRepository
from db.repositories.decisions import DecisionRepository
from db.repositories.drafts import DraftRepository, DraftView
from db.repositories.offers import OfferRepository
from db.repositories.settings import SettingsRepository
from db.vocabulary import CompanyProfile, DraftState, Json, Verdict

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from db.session import Store


@dataclass(frozen=True, slots=True)
class Withheld:
    """A draft that was not handed over, and why; `not_before`: when waiting would be enough."""

    draft_id: int
    customer_id: str
    rule: str
    sentence: str
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What an export handed over and what it kept back."""

    files: tuple[Path, ...]
    exported: tuple[int, ...]
    withheld: tuple[Withheld, ...]


def brief_of(draft: DraftView) -> Brief:
    """The brief that a draft was written to."""
    kept = draft.brief
    return Brief(
        channel=draft.channel,
        facts=FactSheet(kept.get("facts", {})),
        decision=terms_from_json(kept.get("decision", {})),
        language=kept.get("language", "en"),
        purpose=kept.get("purpose", "retention"),
    )


def read_again(draft: DraftView) -> GuardReport:
    """What the guard says of a draft as it stands; approved wording that nobody has edited is read as such."""
    is_approved = draft.backend == "template" and not (draft.guard or {}).get("edited")
    read = check_approved if is_approved else check
    return read(join_letter(draft.subject, draft.preheader, draft.body), brief_of(draft))


def approve(store: "Store", draft_ids: Sequence[int], actor: str, now: datetime) -> None:
    """Approve drafts, all or none. Raises PolicyError for one that the guard refuses or that is not open."""
    with store.write() as session:
        drafts = DraftRepository(session)
        for draft_id in draft_ids:
            draft = drafts.get(draft_id)
            report = read_again(draft)
            if report.verdict is not Verdict.RELEASE:
                raise PolicyError(
                    f"Draft {draft_id} says something that no record supports: {report.findings[0].message}",
                    hint="Edit it, or reject it.",
                )
            drafts.move(draft_id, DraftState.APPROVED, actor, now)


def approve_all(store: "Store", actor: str, now: datetime) -> tuple[list[int], list[Withheld]]:
    """Approve every draft that waits for review and that the guard releases; what it refuses stays, with the reason."""
    approved: list[int] = []
    refused: list[Withheld] = []
    with store.write() as session:
        drafts = DraftRepository(session)
        for draft in drafts.find(state=DraftState.NEEDS_REVIEW):
            report = read_again(draft)
            if report.verdict is Verdict.RELEASE:
                drafts.move(draft.id, DraftState.APPROVED, actor, now)
                approved.append(draft.id)
            else:
                refused.append(Withheld(draft.id, draft.customer_id, "guard", report.findings[0].message))
    return approved, refused


def reject(store: "Store", draft_ids: Sequence[int], reason: str, actor: str, now: datetime) -> None:
    """Reject drafts, all or none, with a reason."""
    with store.write() as session:
        for draft_id in draft_ids:
            DraftRepository(session).move(draft_id, DraftState.REJECTED, actor, now, reason=reason)


def edit(store: "Store", draft_id: int, subject: str, body: str, actor: str, now: datetime) -> GuardReport:
    """Replace the text of a draft; the guard reads it at once and the findings are kept with it."""
    with store.write() as session:
        drafts = DraftRepository(session)
        draft = drafts.get(draft_id)
        report = check(join_letter(subject, draft.preheader, body), brief_of(draft))
        drafts.edit(draft_id, subject, body, guard_json(report, edited=True), actor, now)
    return report


def undo(store: "Store", draft_id: int, actor: str, now: datetime) -> DraftView:
    """Take back the last step of a draft; where that brings back a text, the guard's reading of it is kept."""
    with store.write() as session:
        drafts = DraftRepository(session)
        before, after = drafts.get(draft_id), drafts.undo(draft_id, actor, now)
        if (before.subject, before.body) != (after.subject, after.body):
            drafts.keep_guard(draft_id, guard_json(read_again(after), edited=True))
        return drafts.get(draft_id)


def guard_json(report: GuardReport, *, edited: bool = False) -> Json:
    """A guard report as it is kept with a draft."""
    return {
        "verdict": report.verdict.value,
        "findings": [finding.as_json() for finding in report.findings],
        "edited": edited,
    }


def export_approved(
    store: "Store",
    policy: ContactPolicy,
    form: ExportFormat,
    target: Path,
    actor: str,
    now: datetime,
    *,
    draft_ids: Sequence[int] | None = None,
    overwrite: bool = False,
    dry_run: bool = False,
    send_at: datetime | None = None,
) -> ExportReport:
    """Hand over approved drafts as files.

    Holdout, consent, suppressions, contact limits, quiet hours, cooldowns and the guard are asked again in the
    transaction that marks the drafts as exported: an opt-out that came after the approval counts. Every letter kept
    back is put on record with its rule. Quiet hours are those of `send_at` (by default now), for letters that another
    program sends later. Raises PolicyError when nobody says who writes, NotFoundError for a draft that there is not,
    InputError for a `send_at` in the past.
    """
    if send_at is not None and send_at < now:
        raise InputError(f"Letters cannot be sent at {send_at:%Y-%m-%d %H:%M}, which has passed.")
    with store.write() as session:
        drafts = DraftRepository(session)
        company = _sender(session)
        if draft_ids is None:
            asked = drafts.find(state=DraftState.APPROVED)
        else:
            asked = [drafts.get(draft_id) for draft_id in dict.fromkeys(draft_ids)]
        approved = [draft for draft in asked if draft.state is DraftState.APPROVED]
        withheld = [*_not_approved(asked), *_withheld(session, policy, approved, now, send_at or now)]
        kept_back = {item.draft_id for item in withheld}
        free = [draft for draft in approved if draft.id not in kept_back]
        files: list[Path] = []
        if not dry_run and free:
            letters = [_letter(draft) for draft in free]
            files = export_letters(letters, target, form, company, now, overwrite=overwrite)
            for draft in free:
                drafts.move(draft.id, DraftState.EXPORTED, actor, now, reason=f"exported as {form.value}")
            ContactRepository(session).audit(actor, "export", "draft", now, {"drafts": [draft.id for draft in free]})
        if not dry_run:
            _record_withheld(session, withheld, actor, now)
    return ExportReport(tuple(files), tuple(draft.id for draft in free), tuple(withheld))


def _sender(session: "Session") -> CompanyProfile:
    company = SettingsRepository(session).company()
    if company is None or not company.can_write:
        raise PolicyError(
            "The store does not say who writes to the customers.",
            hint="Run `mainstay init --company NAME --support-email ADDRESS --postal-address TEXT`.",
        )
    return company


def _not_approved(asked: Sequence[DraftView]) -> list[Withheld]:
    return [
        Withheld(draft.id, draft.customer_id, draft.state.value, "Only approved drafts are handed over.")
        for draft in asked
        if draft.state is not DraftState.APPROVED
    ]


def _record_withheld(session: "Session", withheld: Sequence[Withheld], actor: str, now: datetime) -> None:
    contacts = ContactRepository(session)
    for item in withheld:
        details = {"rule": item.rule, "sentence": item.sentence, "customer_id": item.customer_id}
        contacts.audit(actor, WITHHOLD, f"draft:{item.draft_id}", now, details)


@dataclass(frozen=True, slots=True)
class _Door:
    """What is asked of every letter that wants to leave."""

    policy: ContactPolicy
    now: datetime
    send_at: datetime
    past: dict[str, ContactHistory]
    facts: dict[str, Json]
    held_out: set[str]
    settled: set[str]
    proposals: dict[str, Proposal]


def _withheld(
    session: "Session", policy: ContactPolicy, approved: Sequence[DraftView], now: datetime, send_at: datetime
) -> list[Withheld]:
    ids = list({draft.customer_id for draft in approved})
    decided = list({draft.decision_id for draft in approved})
    door = _Door(
        policy=policy,
        now=now,
        send_at=send_at,
        past=histories(
            pd.DataFrame(queries.contacts(session, (DraftState.EXPORTED,)), columns=list(queries.CONTACT_COLUMNS)),
            pd.DataFrame(queries.suppressions(session), columns=list(queries.SUPPRESSION_COLUMNS)),
            ids,
        ),
        facts=queries.contact_rows(session, ids),
        held_out=queries.held_out(session, ids),
        settled=queries.settled_decisions(session, decided),
        proposals=_proposals(session, decided),
    )
    found: list[Withheld] = []
    written: set[str] = set()
    for draft in approved:
        kept_back = _kept_back(door, draft)
        if kept_back is None and draft.customer_id in written:
            kept_back = ContactVerdict(False, "contact_limit", "Another letter to this customer is in the same export.")
        if kept_back is None:
            written.add(draft.customer_id)
        else:
            rule = kept_back.rule or "contact_policy"
            found.append(Withheld(draft.id, draft.customer_id, rule, kept_back.sentence, kept_back.not_before))
    return found


def _proposals(session: "Session", decision_ids: Sequence[str]) -> dict[str, Proposal]:
    """What each decision proposes, as the contact policy sees it."""
    decisions, offers = DecisionRepository(session), OfferRepository(session)
    found = (decisions.get(decision_id) for decision_id in decision_ids)
    return {
        one.decision_id: Proposal(
            one.offer_code, one.terms.offer_type, offers.cooldown_days(one.offer_code), one.decision_id
        )
        for one in found
        if one is not None
    }


def _kept_back(door: _Door, draft: DraftView) -> ContactVerdict | None:
    """The first rule that keeps a letter back; None where it may leave."""
    customer = ContactFacts.of(door.facts[draft.customer_id])
    history = door.past.get(draft.customer_id, NO_HISTORY)
    verdict = permission_verdict(customer, history, door.now, draft.channel, door.policy)
    if not verdict.allowed:
        return verdict
    if draft.customer_id in door.held_out:
        return ContactVerdict(False, "holdout", "The customer is in the holdout of the standing experiment.")
    if draft.decision_id in door.settled:
        return ContactVerdict(False, "settled", "The customer has answered this offer already.")
    valid_until = brief_of(draft).decision.valid_until
    if valid_until is not None and valid_until < door.send_at.date():
        return ContactVerdict(False, "expired", f"The offer was valid until {valid_until:%Y-%m-%d}.")
    for verdict in (
        pressure_verdict(history, door.now, draft.channel, door.policy),
        rest_verdict(door.proposals[draft.decision_id], history, door.now, door.policy),
        quiet_verdict(customer, door.send_at, draft.channel, door.policy),
    ):
        if not verdict.allowed:
            return verdict
    try:
        address_of(draft.customer_name, draft.email or "")
    except InputError as error:
        return ContactVerdict(False, "address", f"{error} {error.hint}")
    report = read_again(draft)
    return None if report.released else ContactVerdict(False, "guard", report.findings[0].message)


def _letter(draft: DraftView) -> Letter:
    return Letter(
        draft_id=draft.id,
        customer_id=draft.customer_id,
        name=draft.customer_name,
        email=draft.email or "",
        subject=draft.subject,
        preheader=draft.preheader,
        body=draft.body,
    )
