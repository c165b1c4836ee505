"""`mainstay evaluate churn`: the newest forecaster on rows it had not seen, and both forecasters on past dates."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.options import JsonOption, SeedOption, StoreOption, services
from bot.cli.output import progress_line, say, write_json, write_line, write_table

if TYPE_CHECKING:
    from analytics.evaluation.backtest import Backtest
    from analytics.evaluation.intervals import Interval
    from analytics.evaluation.survival_backtest import SurvivalFigures
    from bot.wiring import Services
    from db.repositories.model_versions import ModelRecord

FIGURE_WORDS = {
    "auc": "AUC (0.5 is chance)",
    "average_precision": "average precision",
    "log_loss": "log loss",
    "brier": "Brier score",
    "calibration_slope": "calibration slope (1 is ideal)",
    "ece": "calibration error (ECE)",
    "lift_at_5": "lift in the top 5 %",
    "lift_at_10": "lift in the top 10 %",
    "lift_at_20": "lift in the top 20 %",
}
EVENT_WORDS = {"end": "the end of the contract", "act": "the next act", "lapse": "silence"}


def evaluate_churn(
    store: StoreOption = None,
    dates: Annotated[
        int, typer.Option("--dates", min=0, help="Past dates to test on; 0 shows the kept figures only.")
    ] = 3,
    seed: SeedOption = 0,
    json: JsonOption = False,
) -> None:
    """Show how the newest forecaster did on rows it had not seen, and test on past dates beside simple baselines."""
    from db.errors import NotFoundError, TrainingError
    from db.repositories.model_versions import ModelVersionRepository

    with services(store) as built:
        with built.store.read() as session:
            newest = ModelVersionRepository(session).latest("churn")
        if newest is None:
            raise NotFoundError("No forecaster has been trained on this store.", hint="Run `mainstay train`.")
        found, why_not = None, "Tested on no past date (--dates 0)."
        if dates:
            try:
                found, why_not = _backtest(built, newest, dates, seed), ""
            except TrainingError as error:
                why_not = f"No backtest: {error}"
    if json:
        kept = {"model_id": f"churn/{newest.version}", **newest.metrics}
        write_json({**kept, "backtest": None if found is None else found.as_json(), "no_backtest": why_not or None})
        return
    _show_kept(newest)
    if found is None:
        say(why_not)
    else:
        show_backtest(found)


def _backtest(built: "Services", newest: "ModelRecord", dates: int, seed: int) -> "Backtest":
    from analytics.jobs.backtesting import backtest_store

    trained_on = newest.card.get("trained_on", {})
    with progress_line("backtest") as show:
        return backtest_store(
            built.store,
            built.clock(),
            dates=dates,
            seed=seed,
            use_sensitive=bool(trained_on.get("sensitive", True)),
            reading_model=trained_on.get("language"),
            progress=show,
        )


def show_figures(metrics: dict[str, Any], intervals: dict[str, Any]) -> None:
    """The figures of a forecaster with their intervals, and those of the baselines."""
    rows = []
    for name in ("auc", "average_precision", "log_loss", "brier", "ece", "lift_at_10"):
        low_high = intervals.get(name)
        shown = f"{figure(low_high[0])} to {figure(low_high[1])}" if low_high else ""
        if name == "ece" and metrics.get("ece_floor") is not None:
            shown = f"{figure(metrics['ece_floor'])} would be perfect here"
        rows.append((FIGURE_WORDS[name], figure(metrics.get(name)), shown))
    write_table(["figure", "value", "95 % interval"], rows, right=[1])
    for name, figures in (metrics.get("baselines") or {}).items():
        write_line(f"baseline {name}: AUC {figure(figures.get('auc'))}, log loss {figure(figures.get('log_loss'))}")


def figure(value: Any) -> str:
    """A figure as text; a dash where there is none."""
    if value is None or value != value:  # NaN alone differs from itself
        return "-"
    return f"{value:,}" if isinstance(value, int) else f"{value:.4f}"


def _show_kept(newest: "ModelRecord") -> None:
    write_line(f"churn/{newest.version}, {newest.metrics['protocol']}")
    show_figures(newest.metrics, newest.metrics.get("intervals", {}))
    write_line("")
    columns = ("decile", "customers", "churners", "churn_rate", "mean_probability", "lift")
    write_table(
        [name.replace("_", " ") for name in columns],
        [[figure(row[name]) for name in columns] for row in newest.metrics["gains"]],
        right=range(len(columns)),
    )


def show_backtest(found: "Backtest") -> None:
    """A backtest as tables: figures, baselines, profit, and forecasts in time."""
    write_line("")
    write_line(f"Backtest, {found.protocol}")
    write_table(
        ["figure", "value", "95 % interval"],
        [(words, *_interval(found.figures[name])) for name, words in FIGURE_WORDS.items()],
        right=[1],
    )
    write_line("")
    write_table(
        ["baseline", "AUC", "ours less it", "Brier score", "less ours"],
        [
            (
                name,
                figure(figures["auc"].estimate),
                _change(found.gains[name]["auc"]),
                figure(figures["brier"].estimate),
                _change(found.gains[name]["brier"], sign=-1),
            )
            for name, figures in found.baselines.items()
        ],
        right=[1, 3],
    )
    write_line("")
    _show_profit(found)
    write_line("")
    if found.survival is None:
        say(f"No forecast in time: {found.no_survival}.")
    else:
        _show_survival(found.survival)


def _show_profit(found: "Backtest") -> None:
    from analytics.evaluation.backtest import PROFIT_SHARES

    campaign = found.campaign
    write_line(
        f"Profit per customer of contacting those most at risk, where a customer kept is worth "
        f"{campaign.customer_value:g}, an offer costs {campaign.offer_cost:g}, a contact {campaign.contact_cost:g}, "
        f"and {campaign.acceptance:.0%} of leavers accept; best at {found.best_share:.0%}:"
    )
    write_table(
        ["contacted", "profit", "95 % interval"],
        [
            (f"{share:.0%}", *_interval(point))
            for place, (share, point) in enumerate(zip(PROFIT_SHARES, found.profit, strict=True))
            if place % 2 == 0 or share == found.best_share
        ],
        right=[0, 1],
    )


def _show_survival(found: "SurvivalFigures") -> None:
    write_line(f"Forecast in time, of the time to {EVENT_WORDS[found.event]}, over {found.until_days} days")
    rows: list[tuple[str, str, str]] = [
        ("concordance (Uno's C)", *_interval(found.concordance)),
        ("integrated Brier score", *_interval(found.integrated_brier)),
        ("  of one curve for everybody", *_interval(found.reference_brier)),
    ]
    for days, figures in found.horizons.items():
        rows += [
            (f"churn within {days} days: {FIGURE_WORDS[name]}", *_interval(interval))
            for name, interval in figures.items()
        ]
    write_table(["figure", "value", "95 % interval"], rows, right=[1])
    if found.event == "end" and not found.tells_cause:
        write_line("Departures by choice and by failed payment are not told apart: too few of one kind are recorded.")


def _interval(found: "Interval") -> tuple[str, str]:
    return figure(found.estimate), f"{figure(found.low)} to {figure(found.high)}"


def _change(found: "Interval", sign: int = 1) -> str:
    low, high = sorted((sign * found.low, sign * found.high))
    return f"{sign * found.estimate:+.4f} ({low:+.4f} to {high:+.4f})"
