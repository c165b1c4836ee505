"""The list of customers as text: its columns, a customer as cells, the summary above and the status below."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from textual.content import Content

from bot.tui.keynames import key, keyed
from bot.tui.widgets.table import Cell, Column, Row
from bot.tui.wording import BAND_STYLES, BAND_WORDS, MOOD_SIGNS, MOOD_WORDS, bar, money, offer, one_line, percent
from db.vocabulary import Arm, RiskBand, Sentiment

if TYPE_CHECKING:
    from bot.tui.desk import Standing
    from bot.tui.listing import ListQuery
    from db.queries.customers import CustomerRow, ValueScale

SOON = "churn_30"
COLUMNS = (
    Column("mark", "", 1, rank=0),
    Column("name", "Customer", 18, rank=0, most=22, order="name"),
    Column("customer_id", "Id", 11, rank=7, most=0, order="customer_id"),
    Column("plan", "Plan", 10, rank=6, most=26, order="plan"),
    Column("tenure", "Months", 7, rank=10, right=True, order="tenure_months"),
    Column("monthly", "A month", 8, rank=8, right=True, order="monthly_revenue"),
    Column("risk", "Risk", 15, rank=1, order="churn_probability"),
    Column("soon", "30 days", 8, rank=11, right=True, order=SOON),
    Column("at_risk", "At risk", 8, rank=2, right=True, order="revenue_at_risk"),
    Column("worth", "Worth", 16, rank=9, order="residual_value"),
    Column("mood", "Mood", 9, rank=4, order="mood"),
    Column("offer", "Offer", 17, rank=3, most=34, order="offer"),
)
ORDERS = tuple(
    (column.order, "Leaves within 30 days" if column.order == SOON else column.title)
    for column in COLUMNS
    if column.order
)
RISING = frozenset({"name", "customer_id", "plan", "mood", "offer"})
"""What rises at first when one sorts by it; figures fall."""

LAST, NO_ROOM = 99, 100_000
"""The rank and the width of a column that is not shown in any terminal."""

LONGEST = 120
"""Characters of a text that a row keeps."""

BAND_LOOKS = {RiskBand.HIGH: "bad", RiskBand.MEDIUM: "warn", RiskBand.LOW: "good"}
MOOD_LOOKS = {Sentiment.NEGATIVE: "bad", Sentiment.NEUTRAL: "muted", Sentiment.POSITIVE: "good"}


def columns_for(order: str, empty: Collection[str] = ()) -> tuple[Column, ...]:
    """The columns, the one that is sorted by always among those that are shown, `empty` ones never."""
    return tuple(
        replace(one, rank=1)
        if one.order == order
        else replace(one, rank=LAST, width=NO_ROOM)
        if one.order in empty
        else one
        for one in COLUMNS
    )


def row_cells(
    row: "CustomerRow",
    currency: str | None = None,
    scale: "ValueScale | None" = None,
    offers: Mapping[str, str] | None = None,
    *,
    marked: bool = False,
) -> Row:
    """A customer as the cells of the table; `offers` are the names of offers by code."""
    unit = row.currency or currency
    probability, band = row.churn_probability, row.risk_band
    risk = Cell("not scored", "muted")
    if probability is not None and band is not None:
        risk = Cell(f"{bar(probability, 5)} {probability:4.0%} {BAND_WORDS[band]}", BAND_LOOKS[band])
    mood = Cell(f"{MOOD_SIGNS[row.mood]} {MOOD_WORDS[row.mood]}", MOOD_LOOKS[row.mood]) if row.mood else Cell("")
    return (
        Cell("✓" if marked else "", "good"),
        Cell(_start(row.name or row.customer_id), "strong"),
        Cell(_start(row.customer_id), "muted"),
        Cell(_start(row.plan or "")),
        Cell("" if row.tenure_months is None else f"{row.tenure_months:.0f}"),
        Cell(money(row.monthly_revenue, unit)),
        risk,
        Cell(percent(row.churn_30)),
        Cell(money(row.revenue_at_risk, unit)),
        _worth(row, unit, scale),
        mood,
        _offer(row, offers or {}),
    )


def _worth(row: "CustomerRow", unit: str | None, scale: "ValueScale | None") -> Cell:
    value = row.residual_value
    if value is None:
        return Cell("")
    if scale is None or scale.most <= 0:
        return Cell(money(value, unit))
    return Cell(f"{bar(value / scale.most, 3)} {money(value, unit):>7} {scale.word(value)}")


def _offer(row: "CustomerRow", names: Mapping[str, str]) -> Cell:
    if row.arm is Arm.HOLDOUT:
        return Cell("held out", "muted")
    if row.offer_code is None or row.offer_code == "none":
        return Cell("–" if row.offer_code else "", "muted")
    return Cell(_start(offer(row.offer_code, names)))


def _start(text: str) -> str:
    """As much of a text as any column could show: drawing must not take longer for what nobody sees."""
    return one_line(text[:LONGEST])


def summary(standing: "Standing", room: int) -> Content:
    """The whole store in a line; in which time customers leave is said where `room` allows."""
    wordings = (f" expected to leave{standing.within}", f" to leave{standing.within}", " to leave")
    found = [_summary(standing, one) for one in wordings]
    return next((one for one in found if one.cell_length <= room), found[-1])


def _summary(standing: "Standing", to_leave: str) -> Content:
    found = standing.overview
    if found is None or not found.scored:
        count = found.active if found else 0
        return Content.assemble(
            f"{count:,} customers, not forecast yet. Press ",
            (key("F5", "app.forecast"), "bold $text-accent"),
            " to train, score and decide.",
        )
    parts: list[Content | str | tuple[str, str]] = [
        (f"{found.active:,}", "bold"),
        " customers · ",
        (f"{found.expected_leavers:,.0f}", "bold"),
        f"{to_leave} · ",
        (money(found.revenue_at_risk, found.currency), "bold"),
        " at risk ",
    ]
    for band in (RiskBand.HIGH, RiskBand.MEDIUM, RiskBand.LOW):
        parts += [" ", (f"{BAND_WORDS[band]} {found.bands.get(band, 0):,}", BAND_STYLES[band])]
    return Content.assemble(*parts)


def status(query: "ListQuery", count: int | None, marked: int) -> str:
    """What the list shows; `count` is None while it is being counted."""
    parts = [f"{count:,} shown" if count is not None else "counting …"]
    if marked:
        parts.append(
            f"{marked:,} marked: "
            + keyed("{d=customers.draft} drafts, {e=customers.export} exports, {escape=customers.clear} unmarks")
        )
    parts.append(f"by {dict(ORDERS)[query.order].lower()} {'▼' if query.descending else '▲'}")
    if query.band is not None:
        parts.append(f"band {BAND_WORDS[query.band]}")
    if query.audience:
        parts.append(f"audience: {one_line(query.audience)}")
    if query.include_churned:
        parts.append("with those who left")
    if count == 0:
        parts.append(keyed("nobody fits; {escape=customers.clear} clears search and filters"))
    return " · ".join(parts)
