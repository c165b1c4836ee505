"""`mainstay train`, `score` and `evaluate`: who is about to leave, and how far that can be trusted."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.backtesting import evaluate_churn, figure, show_figures
from bot.cli.options import JsonLinesOption, JsonOption, SeedOption, StoreOption, WhereOption, services
from bot.cli.output import progress_line, say, write_json, write_jsonl, write_line, write_table
from bot.cli.writing import evaluate_writing

if TYPE_CHECKING:
    from analytics.jobs.scoring import ScoringReport
    from analytics.jobs.training import TrainingReport
    from bot.wiring import Services
    from db.queries.customers import CustomerRow


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("train")(train)
    app.command("score")(score)
    group = typer.Typer(help="Measure forecasts, language, writing and decisions.", no_args_is_help=True)
    group.command("churn")(evaluate_churn)
    group.command("language")(evaluate_language)
    group.command("writing")(evaluate_writing)
    group.command("decisions")(evaluate_decisions)
    app.add_typer(group, name="evaluate")


def train(
    store: StoreOption = None,
    allow_leaks: Annotated[bool, typer.Option("--allow-leaks", help="Keep columns that give the label away.")] = False,
    use_sensitive: Annotated[
        bool | None,
        typer.Option("--use-sensitive/--no-sensitive", help="Whether sensitive columns may be learned from."),
    ] = None,
    seed: SeedOption = 0,
    json: JsonOption = False,
) -> None:
    """Train the churn forecaster, judged on rows it does not see."""
    from analytics.jobs.training import TrainingOptions
    from analytics.jobs.training import train as run

    with services(store) as built:
        reading_model = read_messages(built)
        options = TrainingOptions(built.clock(), seed=seed, allow_leaks=allow_leaks, use_sensitive=use_sensitive)
        with progress_line("train") as show:
            report = run(built.store, built.models, options, reading_model=reading_model, progress=show)
    _warn(report)
    if json:
        write_json(report.as_json())
    else:
        _show_training(report)


def score(
    store: StoreOption = None,
    top: Annotated[int, typer.Option("--top", min=0, help="How many customers to list.")] = 10,
    where: WhereOption = "",
    json: JsonOption = False,
    jsonl: JsonLinesOption = False,
) -> None:
    """Score every customer who can still leave, and list those with most at risk."""
    from analytics.jobs.scoring import score as run
    from db.queries.audience import check_fields
    from db.queries.customers import CustomerFilter, customer_keys, customer_rows
    from db.queries.overview import known_currencies

    with services(store) as built:
        with built.store.read() as session:
            check_fields(session, where)
        reading_model = read_messages(built)
        with progress_line("score") as show:
            report = run(built.store, built.models, built.clock(), reading_model=reading_model, progress=show)
        with built.store.read() as session:
            keys = customer_keys(session, CustomerFilter(audience=where), limit=top)
            rows = customer_rows(session, keys, reading_model=reading_model)
            reasons = _reasons(session, rows)
            currencies = known_currencies(session)
    currency = currencies[0] if len(currencies) == 1 else None
    say("This model has scored these data before." if report.repeated else f"Scored {report.scored:,} customers.")
    listed = [_customer_document(row, reasons.get(row.customer_id, [])) for row in rows]
    if jsonl:
        write_jsonl(listed)
    elif json:
        write_json({**report.as_json(), "customers": listed})
    else:
        _show_scores(rows, reasons)
        _show_totals(report, currency)
        say("Next: `mainstay decide`.")


def evaluate_language(json: JsonOption = False) -> None:
    """Measure the shipped language models on our own held-out texts."""
    from analytics.language import intents, sentiment
    from analytics.language.evaluation import evaluate_held_out

    _show_document(evaluate_held_out(sentiment.load_default(), intents.load_default()), json=json)


def evaluate_decisions(store: StoreOption = None, json: JsonOption = False) -> None:
    """Show how the newest decisions are spread, and what the experiment can detect."""
    from analytics.jobs.deciding import evaluate_decisions as run

    with services(store) as built:
        found = run(built.store, built.policy)
    _show_document(found, json=json)


def read_messages(built: "Services") -> str | None:
    """Read messages that are new; returns the name of the language model, None where there are no messages."""
    from db.queries.overview import overview

    with built.store.read() as session:
        if not overview(session).messages:
            return None
    from analytics.jobs.language import read_messages as run

    with progress_line("language") as show:
        run(built.store, built.understander, progress=show)
    return built.understander.version


def _warn(report: "TrainingReport") -> None:
    if report.repeated:
        say("Nothing has changed since this forecaster was trained; it was not trained again.")
    for finding in report.findings:
        verb = "refused" if finding.severity == "refuse" else "note"
        say(f"{verb}: {finding.message} {finding.hint}")
    if report.left_out:
        say(f"Left out of training: {', '.join(report.left_out)}.")
    if report.sensitive:
        say(f"Learned from sensitive columns: {', '.join(report.sensitive)} (--no-sensitive leaves them out).")


def _show_training(report: "TrainingReport") -> None:
    metrics = report.metrics
    write_line(f"{report.model_id}: {metrics['n']:,} rows, {metrics['churners']:,} churned ({report.protocol})")
    show_figures(metrics, report.intervals)
    _show_survival(report.survival)
    say("Next: `mainstay score`.")


def _show_survival(found: dict[str, Any]) -> None:
    """The hazard model's figures on the date held out, or why there are none."""
    if not found.get("model_id"):
        say(f"No forecast in time: {found['why']}.")
        return
    write_line("")
    write_line(f"{found['model_id']}: hazards up to {found['cap_days']} days ahead")
    if "horizons" not in found:
        say(f"Not judged: {found['why']}.")
        return
    rows = [
        ("concordance (Uno's C)", figure(found["concordance"]["value"]), ""),
        (
            "integrated Brier score",
            figure(found["integrated_brier"]["value"]),
            f"{figure(found['integrated_brier_of_one_curve_for_all']['value'])} of one curve for everybody",
        ),
    ]
    for days, figures in found["horizons"].items():
        separate = f"{figure(found['separate_auc'][days])} of a model of this horizon alone"
        rows.append((f"AUC within {days} days", figure(figures["auc"]["value"]), separate))
    for days, count in found["leavers"].items():
        rows.append((f"left within {days} days", f"{count['left']:,}", f"{count['expected']:,.0f} expected"))
    write_table([f"on {found['held_out_date']}, held out", "value", "beside"], rows, right=[1])


def _reasons(session: Any, rows: "list[CustomerRow]") -> dict[str, list[str]]:
    from db.repositories.scores import ScoreRepository

    scores = ScoreRepository(session)
    found = {row.customer_id: scores.current(row.customer_id) for row in rows}
    return {key: [reason.sentence for reason in one.reasons] for key, one in found.items() if one is not None}


def _customer_document(row: "CustomerRow", reasons: list[str]) -> dict[str, Any]:
    return {
        "customer_id": row.customer_id,
        "name": row.name,
        "plan": row.plan,
        "churn_probability": row.churn_probability,
        "risk_band": row.risk_band,
        "monthly_revenue": row.monthly_revenue,
        "currency": row.currency,
        "revenue_at_risk": row.revenue_at_risk,
        "residual_value": row.residual_value,
        "churn_30": row.churn_30,
        "churn_60": row.churn_60,
        "churn_90": row.churn_90,
        "expected_days": row.expected_days,
        "mood": row.mood,
        "reasons": reasons,
    }


def _show_scores(rows: "list[CustomerRow]", reasons: dict[str, list[str]]) -> None:
    table = [
        (
            row.customer_id,
            row.name,
            "" if row.churn_probability is None else f"{row.churn_probability:.0%}",
            row.risk_band.value if row.risk_band else "",
            "" if row.revenue_at_risk is None else f"{row.revenue_at_risk:,.2f} {row.currency or ''}".rstrip(),
            next(iter(reasons.get(row.customer_id, [])), ""),
        )
        for row in rows
    ]
    write_table(["customer", "name", "leaves", "risk", "revenue at risk", "first reason"], table, right=[2, 4])


def _show_totals(report: "ScoringReport", currency: str | None) -> None:
    """How many will leave and what is at risk, with what the interval covers and what the timing rests on."""
    count, days = report.leavers, report.leavers_days
    lead = f" after a lead time of {report.lead_time_days} days" if report.lead_time_days else ""
    span = f"in the {'next ' if not lead else ''}{days} days{lead}" if days else "as the label of the data means it"
    write_line("")
    write_line(
        f"Expected to leave {span}: {count.expected:,.0f} of {report.scored:,}, between {count.low:,} and "
        f"{count.high:,} ({count.level:.0%} interval)."
    )
    if count.covers_model_error:
        write_line(
            f"Chance alone gives {count.chance_low:,} to {count.chance_high:,}; the rest is model error, by how far "
            "past dates strayed from the forecast."
        )
    else:
        write_line("The interval covers chance only: how far the model errs on later dates is not known.")
    over = f" over {report.churn_horizon_days} days" if days else ""
    write_line(f"Revenue at risk{over}: {report.revenue_at_risk:,.2f} {currency or ''}".rstrip())
    if report.timing_model:
        write_line(f"Timing and residual value: hazard model {report.timing_model}.")
    else:
        why = "no hazard model could be trained" if days else "churn has no dates"
        write_line(f"Timing and residual value: a constant hazard is assumed, for {why}.")


def _show_document(found: dict[str, Any], *, json: bool) -> None:
    if json:
        write_json(found)
        return
    for name, value in found.items():
        if isinstance(value, dict):
            write_line(f"{name.replace('_', ' ')}:")
            for key, inner in value.items():
                write_line(f"  {key}: {figure(inner) if isinstance(inner, int | float) else inner}")
        else:
            write_line(f"{name.replace('_', ' ')}: {figure(value) if isinstance(value, int | float) else value}")
