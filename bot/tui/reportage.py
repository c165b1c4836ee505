"""The report's charts in text: how risk is spread, calibration, gains, retention, campaign against holdout."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from textual.content import Content

from bot.tui.plots import Axes, Series, bars, columns, plot
from bot.tui.wording import hang, lines, percent

if TYPE_CHECKING:
    from analytics.reports.document import ReportDocument, Table
    from bot.wiring import Services

HEIGHT = 8
TABLES = {
    "distribution": ("risk", "distribution"),
    "calibration": ("quality", "calibration"),
    "gains": ("quality", "gains"),
    "survival": ("retention", "survival"),
}
"""Where a chart finds its table: section and name."""


@dataclass(frozen=True, slots=True)
class Charts:
    """The tables behind the charts, and what the experiment has shown."""

    tables: "dict[str, Table]"
    effect: dict[str, Any]


def read_charts(services: "Services") -> Charts:
    """Read what the charts show from the report itself, so that screen and page cannot disagree."""
    from analytics.jobs.outcomes import effect
    from analytics.jobs.reporting import report

    found = report(services.store, services.now(), with_voices=False)
    tables = {name: table for name, place in TABLES.items() if (table := _table(found, *place)) is not None}
    return Charts(tables, effect(services.store, services.policy, services.now()))


def _table(found: "ReportDocument", section: str, name: str) -> "Table | None":
    return next((table for table in found.section(section).tables if table.name == name), None)


def _numbers(table: "Table", column: str) -> list[float]:
    return [float(value) if isinstance(value, int | float) else float("nan") for value in table.column(column)]


def distribution(charts: Charts, room: int) -> Content:
    """Customers by churn probability, in steps of ten per cent."""
    table = charts.tables.get("distribution")
    if table is None:
        return Content("Nobody has been scored yet.")
    counted: dict[int, float] = {}
    for start, size in zip(_numbers(table, "from"), _numbers(table, "customers"), strict=True):
        step = min(9, int(start * 10 + 1e-9))
        counted[step] = counted.get(step, 0.0) + size
    sizes = [counted.get(step, 0.0) for step in range(10)]
    names = [f"{10 * step}%" for step in range(10)]
    figures = [_short(size) for size in sizes]
    if room < 10 * (max(map(len, figures)) + 1):
        return bars(list(zip(names, sizes, figures, strict=True)), room)
    return lines([columns(sizes, names, figures, HEIGHT - 2, "$primary"), _note("customers by their chance to leave")])


def calibration(charts: Charts, room: int) -> Content:
    """What was forecast against what came, over groups of customers the model had not seen."""
    table = charts.tables.get("calibration")
    if table is None:
        return Content("The model was not tested in groups.")
    forecast, came = _numbers(table, "forecast"), _numbers(table, "churned")
    top = min(1.0, max([*forecast, *came, 0.05]) * 1.1)
    series = [
        Series("as forecast", (0, top), (0, top), "$quiet"),
        Series("what came", forecast, came, "bold $text-accent", joined=False),
    ]
    return plot(series, Axes((0, top), (0, top), percent, percent, "forecast"), room, HEIGHT)


def gains(charts: Charts, room: int) -> Content:
    """Leavers found against customers contacted, most at risk first."""
    table = charts.tables.get("gains")
    if table is None:
        return Content("The model was not tested by tenths.")
    x, y = [0.0, *_numbers(table, "contacted")], [0.0, *_numbers(table, "recall")]
    series = [
        Series("in random order", (0, 1), (0, 1), "$quiet"),
        Series("by this forecast", x, y, "bold $text-accent"),
    ]
    lift = _numbers(table, "lift")[0]
    said = f"The tenth most at risk leave {lift:.1f} times as often as everyone." if lift == lift else ""
    return lines([said, plot(series, Axes((0, 1), (0, 1), percent, percent, "contacted"), room, HEIGHT)])


def survival(charts: Charts, room: int) -> Content:
    """The share of customers still there by months since sign-up, with its interval."""
    table = charts.tables.get("survival")
    if table is None:
        return Content("How long customers stay is not known: dates of sign-up or leaving are missing.")
    months = _numbers(table, "month")
    series = [
        Series("95 % from", months, _numbers(table, "low"), "$quiet"),
        Series("95 % to", months, _numbers(table, "high"), "$quiet"),
        Series("still here", months, _numbers(table, "stay"), "bold $text-accent"),
    ]
    last = max(months, default=1.0)
    return plot(series, Axes((0, last), (0, 1), "{:.0f} months".format, percent), room, HEIGHT)


def campaign(charts: Charts, room: int) -> Content:
    """Who was still there on each side of the experiment, and whether the difference is shown."""
    found = charts.effect
    measured = found.get("effect")
    waiting = f"{found.get('followed', 0):,} customers followed, {found.get('pending', 0):,} not due yet"
    if measured is None:
        return hang(
            Content(""),
            f"Nothing can be said yet: {waiting}. A save is a customer still here "
            f"{found.get('horizon_days', 90)} days after the decision, compared with the holdout.",
            room,
        )
    rate = measured["incremental_save_rate"]
    stayed = {side: float(measured[f"{side}_retained"]) for side in ("treated", "holdout")}
    rows = [(f"{side} ({measured[side]:,})", share, f"{share:.1%} stayed") for side, share in stayed.items()]
    spread = f"{rate['low'] * 100:+.1f} to {rate['high'] * 100:+.1f}"
    verdict = "shown" if measured["is_shown"] else "not shown: the interval holds zero"
    said = f"Difference {rate['estimate'] * 100:+.1f} points ({spread}), {verdict}."
    suspect = "The split differs from its plan by more than chance explains." if found.get("split_is_suspect") else ""
    return lines([bars(rows, room), Content.styled(said, "bold"), *([suspect] if suspect else []), _note(waiting)])


def _short(size: float) -> str:
    return f"{size:,.0f}" if size < 100_000 else f"{size / 1000:,.0f}k"


def _note(text: str) -> Content:
    return Content.styled(text, "$quiet")


CHARTS: dict[str, Callable[[Charts, int], Content]] = {
    "distribution": distribution,
    "calibration": calibration,
    "gains": gains,
    "survival": survival,
    "campaign": campaign,
}
