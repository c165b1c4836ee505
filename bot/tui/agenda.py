"""Today in lines: what is at stake, what to do, how customers feel, how good the forecast is."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.content import Content

from bot.today import TO_WRITE_TO, UNHAPPY, WAITING
from bot.tui.keynames import keyed
from bot.tui.listing import LetterQuery, ListQuery
from bot.tui.plots import columns
from bot.tui.wording import BAND_WORDS, bar, day, lines, money, one_line
from db.vocabulary import DraftState, RiskBand

if TYPE_CHECKING:
    from bot.today import ModelHealth, Today

SENDER = "sender"
"""Where the line about a missing sender leads: to the questions about it."""

HANDED_OFF_LIST = ListQuery(audience=WAITING)
FORECAST = "{F5=app.forecast} trains, scores and decides"
SAME = 0.02
"""A change of the share of unhappy messages below this is called steady."""


@dataclass(frozen=True, slots=True)
class Line:
    """A figure with its words and a remark, and where it leads: to customers, to letters, or else to a screen."""

    figure: str
    what: str
    remark: str = ""
    look: str = ""
    mode: str = "customers"
    query: ListQuery | None = None
    letters: LetterQuery | None = None


def stake(found: "Today") -> Iterator[Line]:
    """Money at risk, leavers, those at high risk, unhappy customers."""
    seen = found.seen
    by_risk = ListQuery(order="revenue_at_risk")
    if not seen.scored:
        yield Line(f"{seen.active:,}", "customers, not forecast yet", keyed(FORECAST), "warn", query=by_risk)
        return
    yield Line(money(seen.revenue_at_risk, seen.currency), "revenue at risk", *_since(found), query=by_risk)
    if found.leavers is not None:
        what = f"to leave in the next {found.leavers_days} days" if found.leavers_days else "expected to leave"
        covers = "" if found.leavers.covers_model_error else ", by chance alone"
        yield Line(
            f"{found.leavers.expected:,.0f}",
            what,
            f"{found.leavers.low:,} to {found.leavers.high:,} (95 %){covers}",
            query=ListQuery(order="churn_30" if found.leavers_days else "churn_probability"),
        )
    high = seen.bands.get(RiskBand.HIGH, 0)
    parts = ", ".join(f"{BAND_WORDS[band]} {seen.bands.get(band, 0):,}" for band in (RiskBand.MEDIUM, RiskBand.LOW))
    yield Line(f"{high:,}", "customers at HIGH risk", parts, "bad" if high else "", query=ListQuery(band=RiskBand.HIGH))
    if found.moods:
        yield Line(
            f"{found.unhappy:,}",
            "unhappy in their last message",
            "",
            "bad" if found.unhappy else "good",
            query=ListQuery(audience=UNHAPPY),
        )


def _since(found: "Today") -> tuple[str, str]:
    change, before = found.risk_change, found.before
    if change is None or before is None:
        return "nothing to compare with yet", "muted"
    sign, look = ("▲", "bad") if change > 0 else ("▼", "good") if change < 0 else ("●", "muted")
    was = before.totals.revenue_at_risk
    share = f" ({change / was:+.0%})" if was else ""
    return f"{sign} {money(abs(change), found.seen.currency)}{share} since {day(before.observed_on)}", look


def to_do(found: "Today") -> list[Line]:
    """A sender that is missing, then the queues, those that wait for a person first and empty ones last."""
    waiting, state = found.queue.size, DraftState
    review, approved = found.drafts.get(state.NEEDS_REVIEW, 0), found.drafts.get(state.APPROVED, 0)
    offers, to_write_to = ListQuery(audience=TO_WRITE_TO), found.to_write_to
    to_review, to_hand_over = LetterQuery(state.NEEDS_REVIEW), LetterQuery(state.APPROVED)
    queues = [
        _queue(
            waiting,
            "conversation waits for a person",
            "conversations wait for a person",
            _longest(found),
            HANDED_OFF_LIST,
        ),
        _queue(
            review,
            "draft to review",
            "drafts to review",
            keyed("{a=drafts.approve} approves, {e=drafts.edit} edits"),
            letters=to_review,
        ),
        _queue(
            approved,
            "approved letter to hand over",
            "approved letters to hand over",
            keyed("{x=drafts.export} exports"),
            letters=to_hand_over,
        ),
        _queue(
            to_write_to,
            "has an offer and no letter yet",
            "have an offer and no letter yet",
            keyed("mark them, {d=customers.draft} drafts"),
            offers,
        ),
    ]
    missing = Line("!", "nobody is named as sender", "enter says who; letters cannot leave", "warn", SENDER)
    first = [] if found.sender_is_named else [missing]
    return [*first, *sorted(queues, key=lambda line: line.figure == "0")]


def _longest(found: "Today") -> str:
    """Who waits longest; with it who was left by a person, and how many have one."""
    if not found.queue.first:
        return ""
    one, back = found.queue.first[0], sum(one.was_with is not None for one in found.queue.first)
    told = [f"longest: {one_line(one.name[:60])}, since {day(one.since)}"]
    told += [f"{back:,} left by a person"] if back else []
    told += [f"{found.queue.with_person:,} more with one"] if found.queue.with_person else []
    return ", ".join(told)


def _queue(
    size: int, one: str, more: str, remark: str, query: ListQuery | None = None, letters: LetterQuery | None = None
) -> Line:
    look = "muted" if not size else "bad" if query is HANDED_OFF_LIST else "warn"
    what = one if size == 1 else more
    return Line(f"{size:,}", what, remark if size else "nothing to do", look, query=query, letters=letters)


def mood(found: "Today", width: int, *, tall: bool) -> Content:
    """The share of unhappy messages by week, as columns with figures, and in words."""
    weeks = [week for week in found.moods if week.messages]
    if not weeks:
        return Content("No messages have been read yet.")
    weeks = weeks[-max(2, width // 7) :]
    shares = [week.unhappy or 0.0 for week in weeks]
    days = [f"{week.ends_on.day} {week.ends_on:%b}" for week in weeks]
    figures = [f"{share:.0%}" for share in shares]
    read = sum(week.messages for week in weeks)
    shown = [Content.styled(_trend(shares), "bold"), columns(shares, days, figures, 4 if tall else 1, "$text-error")]
    if tall:
        shown.append(Content.styled(f"of {read:,} messages, by the last day of the week", "$quiet"))
    return lines(shown)


def _trend(shares: list[float]) -> str:
    """The last week against the weeks before it, in words."""
    now = f"{shares[-1]:.0%} of last week's messages unhappy"
    if len(shares) < 2:
        return now
    before = sum(shares[:-1]) / (len(shares) - 1)
    change = shares[-1] - before
    way = "as" if abs(change) < SAME else "more than" if change > 0 else "fewer than"
    return f"{now}, {way} before ({before:.0%})"


def model(found: "ModelHealth | None") -> Iterator[Line]:
    """How well the forecast ranks, whether its level is right, how old it is."""
    if found is None:
        yield Line("–", "no forecaster has been trained", keyed(FORECAST), "warn", mode="report")
        return
    if found.auc is not None:
        word, look = ("good", "good") if found.auc >= 0.75 else ("fair", "") if found.auc >= 0.65 else ("poor", "bad")
        remark = f"{word} {bar((found.auc - 0.5) * 2, 10)}"
        yield Line(f"{found.auc:.3f}", "ranks leavers right (AUC)", remark, look, "report")
    if found.calibration_error is not None:
        word, look = ("level right", "good") if found.calibration_error <= 0.05 else ("level is off", "warn")
        yield Line(f"{found.calibration_error:.3f}", "calibration error", word, look, "report")
    remark = found.advice or f"scored {day(found.scored_on)}"
    look = "warn" if found.advice else ""
    yield Line(day(found.trained_on), "trained", remark, look, "report")
