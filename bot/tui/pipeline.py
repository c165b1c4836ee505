"""Long pieces of work that a screen may start: demo company, forecast, drafts. Each says how far it has come."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from bot.campaigns import CampaignPlan, CampaignReport, draft_campaign
from db.errors import NotFoundError, PolicyError
from db.queries.overview import overview
from db.vocabulary import Progress

if TYPE_CHECKING:
    from bot.tui.desk import Desk

Report = Callable[[Progress], None]
Asked = Callable[[], bool]
"""Whether the person has asked to stop."""


def forecast(desk: "Desk", progress: Report, cancelled: Asked) -> str:
    """Read new messages, train, score and decide; a step whose data did not change is not done again."""
    from analytics.jobs.deciding import decide_all
    from analytics.jobs.language import read_messages
    from analytics.jobs.scoring import score
    from analytics.jobs.training import TrainingOptions, train

    services = desk.services
    with services.store.read() as session:
        model = services.understander.version if overview(session).messages else None
    if model is not None:
        read_messages(services.store, services.understander, progress=progress)
        desk.forget()
    if cancelled():
        return "Stopped before training."
    train(services.store, services.models, TrainingOptions(services.now()), reading_model=model, progress=progress)
    if cancelled():
        return "Stopped before scoring."
    scored = score(services.store, services.models, services.now(), reading_model=model, progress=progress)
    if cancelled():
        return "Stopped before deciding."
    decide_all(
        services.store,
        services.catalogue,
        services.policy,
        services.now(),
        reading_model=model,
        models=services.models,
        progress=progress,
    )
    return f"About {scored.expected_leavers:,.0f} of {scored.scored:,} scored customers are expected to leave."


def draft(desk: "Desk", progress: Report, cancelled: Asked, *, top: int, where: str = "") -> CampaignReport:
    """Draft e-mails for the customers whose offers are worth most."""
    services = desk.services
    plan = CampaignPlan(top=top, where=where, backend=services.settings.backend)
    return draft_campaign(
        services.store,
        services.writer,
        plan,
        services.now(),
        reading_model=desk.reading_model,
        progress=progress,
        cancelled=cancelled,
    )


def draft_marked(desk: "Desk", progress: Report, cancelled: Asked, *, customers: Sequence[str]) -> str:
    """Draft e-mails to these customers where a letter is due. Returns what to tell the person."""
    services = desk.services
    plan = CampaignPlan(top=None, backend=services.settings.backend, customers=tuple(sorted(customers)))
    report = draft_campaign(
        services.store,
        services.writer,
        plan,
        services.now(),
        reading_model=desk.reading_model,
        progress=progress,
        cancelled=cancelled,
    )
    told = f"{report.new:,} drafts wait for review." if report.new != 1 else "One draft waits for review."
    left = ", ".join(f"{size:,} {rule.replace('_', ' ')}" for rule, size in report.left_out.items())
    return told + (f" Not written to: {left}." if left else "")


def decide_anew(desk: "Desk", progress: Report, cancelled: Asked) -> str:
    """Decide for everyone on today's scores: offers share a budget, so that one alone cannot be decided."""
    from analytics.jobs.deciding import decide_all

    services = desk.services
    found = decide_all(
        services.store,
        services.catalogue,
        services.policy,
        services.now(),
        reading_model=desk.reading_model,
        models=services.models,
        progress=progress,
    )
    chosen = sum(size for code, size in found.offers.items() if code != "none")
    return f"{chosen:,} customers get an offer; {found.held_out:,} are held out." + (
        " Nothing had changed since the last time." if found.repeated else ""
    )


def draft_one(desk: "Desk", customer_id: str) -> str:
    """Draft an e-mail to one customer. Returns what to tell the person; raises NotFoundError where none is due."""
    quote = "'" if '"' in customer_id else '"'
    where = f"customer_id = {quote}{customer_id}{quote}"
    report = draft(desk, lambda _: None, lambda: False, top=1, where=where)
    if report.new:
        return (
            "The draft waits for review; d shows it."
            if not report.withheld
            else "The guard withheld the draft; see Drafts."
        )
    if report.drafted:
        return "This decision has been drafted already; see Drafts."
    rules = ", ".join(rule.replace("_", " ") for rule in report.left_out) or "nothing has been decided for them"
    raise NotFoundError(f"No letter is due to {customer_id}: {rules}.", hint="The decision on this page says why.")


def approve_all(desk: "Desk", progress: Report, cancelled: Asked, *, ids: Sequence[int], approved: list[int]) -> str:
    """Approve these drafts, whose ids go to `approved`; what the guard refuses stays. Returns what to tell."""
    for done, draft_id in enumerate(ids, 1):
        if cancelled():
            break
        try:
            desk.approve([draft_id])
            approved.append(draft_id)
        except PolicyError:
            continue
        finally:
            progress(Progress("draft", done, len(ids)))
    left = len(ids) - len(approved)
    return f"{len(approved):,} drafts are approved." + (f" {left:,} stay in the queue." if left else "")


def undo_all(desk: "Desk", progress: Report, cancelled: Asked, *, ids: Sequence[int]) -> str:
    """Take back the last step of these drafts; one that has left meanwhile stays. Returns what to tell the person."""
    taken_back = 0
    for done, draft_id in enumerate(ids, 1):
        if cancelled():
            break
        try:
            desk.undo(draft_id)
            taken_back += 1
        except PolicyError:
            continue
        finally:
            progress(Progress("draft", done, len(ids)))
    return f"{taken_back:,} of {len(ids):,} drafts are as they were before."
