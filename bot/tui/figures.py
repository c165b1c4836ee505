"""The report's panels: the store at a glance, risk in bands, how good the forecast is, what drives it, drafts."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from textual.content import Content

from bot.tui.keynames import keyed
from bot.tui.wording import BAND_STYLES, BAND_WORDS, STATE_WORDS, bar, clip, day, facts, hang, lines, money, one_line
from db.vocabulary import DraftState, RiskBand

if TYPE_CHECKING:
    from bot.tui.desk import ModelFigures, Standing
    from db.queries.overview import Overview

PANELS = (
    ("glance", "At a glance"),
    ("bands", "Risk"),
    ("model", "How good is the forecast"),
    ("drivers", "Drivers in the model"),
    ("distribution", "How risk is spread"),
    ("calibration", "Does a forecast of so much come true so often?"),
    ("gains", "Leavers found, working down the list"),
    ("survival", "How long customers stay"),
    ("campaign", "Campaign against holdout"),
    ("letters", "Drafts"),
    ("written", "Report"),
)
DRIVERS_SHOWN = 8
MEANINGS = (
    ("auc", "ranks right (AUC)"),
    ("average_precision", "average precision"),
    ("lift_at_10", "lift in the top 10 %"),
    ("log_loss", "log loss"),
    ("brier", "Brier score"),
    ("ece", "calibration error"),
)


def glance(standing: "Standing") -> Content:
    """Counts and money."""
    found = standing.overview
    if found is None:
        return Content("")
    unit = found.currency
    return facts(
        [
            ("Customers", f"{found.active:,} active, {found.churned:,} left"),
            ("Revenue", f"{money(found.monthly_revenue, unit)} a month"),
            ("Likely to leave", _leavers(standing, found) if found.scored else ""),
            ("At risk", money(found.revenue_at_risk, unit) if found.scored else ""),
            ("History", f"{found.events:,} events, {found.messages:,} messages"),
            ("Day", day(standing.today)),
            ("Store", one_line(standing.location)),
        ],
        width=16,
    )


def _leavers(standing: "Standing", found: "Overview") -> str:
    return f"{found.expected_leavers:,.0f} of {found.scored:,} forecast{standing.within}"


def bands(standing: "Standing") -> Content:
    """How many customers stand in each band."""
    found = standing.overview
    if found is None or not found.scored:
        return Content(keyed("Not forecast yet. Press {F5=app.forecast} to train, score and decide."))
    total = sum(found.bands.values()) or 1
    rows = []
    for band in (RiskBand.HIGH, RiskBand.MEDIUM, RiskBand.LOW):
        count = found.bands.get(band, 0)
        text = f"{BAND_WORDS[band]:<5}{bar(count / total, 24)} {count:>9,}  {count / total:4.0%}"
        rows.append(Content.styled(text, BAND_STYLES[band]))
    return lines(rows)


def model(found: "ModelFigures | None") -> Content:
    """Measured on customers the model had not seen."""
    if found is None:
        return Content(keyed("No forecaster has been trained. Press {F5=app.forecast}."))
    pairs: list[tuple[str, str | Content]] = []
    for name, title in MEANINGS:
        if name in found.figures:
            low, high = found.intervals.get(name, (None, None))
            spread = "" if low is None else f"  {low:.3f} to {high:.3f}"
            pairs.append((title, Content.assemble(f"{found.figures[name]:.3f}", (spread, "$quiet"))))
    note = Content.styled(f"{one_line(found.name)[:15]}; {one_line(found.protocol)}", "$quiet")
    return lines([facts(pairs, width=22), note])


def drivers(found: "ModelFigures | None", room: int) -> Content:
    """What the forecast rests on, over all customers, in lines of `room` cells."""
    sizes = found.drivers if found else ()
    if not sizes:
        return Content("Reasons of single customers are on their pages.")
    top = max(size for _, size in sizes) or 1.0
    return lines(
        [hang(Content(f"{bar(size / top, 12)} "), one_line(name), room) for name, size in sizes[:DRIVERS_SHOWN]]
    )


def letters(counts: Mapping[DraftState, int]) -> Content:
    """Drafts by state."""
    rows = [f"{clip(STATE_WORDS[state], 12)} {counts[state]:>7,}" for state in DraftState if counts.get(state)]
    return lines(rows or [keyed("None yet. Press {4=app.go-drafts}, then {n=drafts.more}, to draft letters.")])
