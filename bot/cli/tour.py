"""The whole chain in one command: demo company, forecast, decisions, drafts, report; and what to look at next."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.campaigns import CampaignPlan, CampaignReport, draft_campaign
from bot.settings import without_password
from db.queries.customers import CustomerFilter, CustomerRow, customer_keys, customer_rows
from db.queries.overview import overview
from db.queries.reporting import offer_names
from db.repositories.drafts import DraftRepository
from db.vocabulary import Progress

if TYPE_CHECKING:
    from analytics.jobs.deciding import DecidingReport
    from analytics.jobs.demo import DemoReport
    from analytics.jobs.scoring import ScoringReport
    from analytics.jobs.training import TrainingReport
    from bot.wiring import Services

DRAFTS = 20
NOTHING = "No offer"


@dataclass(frozen=True, slots=True)
class DemoSummary:
    """What the demo did, as a JSON document and as lines for people."""

    document: dict[str, Any]
    lines: tuple[str, ...]


def run_demo(services: "Services", *, customers: int, seed: int, progress: Callable[[Progress], None]) -> DemoSummary:
    """Run every step on the demo company; a step that has been done on the same data is not done again."""
    from analytics.jobs.deciding import decide_all
    from analytics.jobs.demo import fill_demo
    from analytics.jobs.language import read_messages
    from analytics.jobs.scoring import score
    from analytics.jobs.training import TrainingOptions, train
    from bot.reporting import write_report

    store = services.store
    filled = fill_demo(store, customers=customers, seed=seed, progress=progress)
    model = services.understander.version
    read_messages(store, services.understander, progress=progress)
    trained = train(
        store, services.models, TrainingOptions(services.now(), seed=seed), reading_model=model, progress=progress
    )
    scored = score(store, services.models, services.now(), reading_model=model, progress=progress)
    decided = decide_all(
        store,
        services.catalogue,
        services.policy,
        services.now(),
        reading_model=model,
        models=services.models,
        progress=progress,
    )
    plan = CampaignPlan(top=DRAFTS, backend=services.settings.backend, seed=seed)
    drafted = draft_campaign(store, services.writer, plan, services.now(), reading_model=model, progress=progress)
    report = services.settings.exports_folder / f"demo-report-{filled.today:%Y-%m-%d}.html"
    write_report(services, report, "html", overwrite=True)
    with store.read() as session:
        rows = customer_rows(session, customer_keys(session, CustomerFilter(), limit=5), reading_model=model)
    document = {
        "store": without_password(services.settings.store_location),
        "customers": filled.customers,
        "events": filled.events,
        "messages": filled.messages,
        "today": filled.today,
        "train": trained.as_json(),
        "score": scored.as_json(),
        "decide": decided.as_json(),
        "draft": drafted.as_json(),
        "report": report,
    }
    lines = _lines(services, filled, trained, scored, decided, drafted, rows, str(report))
    return DemoSummary(document, tuple(lines))


def _lines(
    services: "Services",
    filled: "DemoReport",
    trained: "TrainingReport",
    scored: "ScoringReport",
    decided: "DecidingReport",
    drafted: CampaignReport,
    rows: list[CustomerRow],
    report: str,
) -> list[str]:
    with services.store.read() as session:
        found, names = overview(session), offer_names(session)
        drafts = DraftRepository(session).find(job_id=drafted.job_id, limit=1)
    currency = found.currency or ""
    metrics = trained.metrics
    location = without_password(services.settings.store_location)
    lines = [
        f"Pellmere, a made-up internet and TV company, as of {filled.today:%d %B %Y}: {found.active:,} customers, "
        f"{filled.events:,} events, {filled.messages:,} messages.",
        "",
        f"Forecast ({trained.protocol}): AUC {metrics['auc']:.3f}, lift in the top 10 % {metrics['lift_at_10']:.1f}, "
        f"calibration error {metrics['ece']:.3f}.",
        f"About {scored.expected_leavers:,.0f} of them are expected to leave within 90 days; "
        f"{scored.revenue_at_risk:,.0f} {currency} of revenue is at risk.",
        "",
        "Most at risk:",
    ]
    for row in rows:
        chance = "" if row.churn_probability is None else f"{row.churn_probability:.0%}"
        money = "" if row.revenue_at_risk is None else f"{row.revenue_at_risk:,.0f} {currency} at risk"
        offer = names.get(row.offer_code or "", row.offer_code) or NOTHING
        lines.append(f"  {row.customer_id}  {row.name:<24} {chance:>4}  {money:<18} {offer}")
    chosen = [(names.get(code, code), count) for code, count in list(decided.offers.items())[:5]]
    lines += ["", "What was decided:"]
    lines += [f"  {count:>6,}  {NOTHING if name == 'none' else name}" for name, count in chosen]
    lines.append(f"{decided.held_out:,} of these customers are held out, to measure the effect of offers.")
    if drafts:
        lines += ["", f"{drafted.drafted} drafts wait for review. The first, to {drafts[0].customer_name}:", ""]
        lines += [f"  Subject: {drafts[0].subject}", ""]
        lines += [f"  {line}".rstrip() for line in drafts[0].body.split("\n")]
    first = rows[0].customer_id if rows else "ID"
    return [
        *lines,
        "",
        f"Report: {report}",
        "Next:",
        f"  mainstay tui --store {location}",
        f"  mainstay explain {first} --store {location}",
        f"  mainstay chat --plain --customer {first} --store {location}",
    ]
