"""A customer in time, in panels: when they may leave, what passed so far, what is noted; text only, no fetching."""

from typing import TYPE_CHECKING

from textual.content import Content

from bot.tui.keynames import keyed
from bot.tui.plots import Axes, Series, plot
from bot.tui.portrait import LONGEST
from bot.tui.wording import bar, clip, day, hang, lines, one_line, percent
from db.queries.history import Kind

if TYPE_CHECKING:
    from analytics.jobs.curves import CustomerCurve
    from bot.dossier import Dossier
    from bot.tui.records import CustomerRecord

HISTORY_SHOWN = 14
NOTES_SHOWN = 8
CURVE_HEIGHT = 6
KIND_STYLES = {
    Kind.LETTER: "$text-accent",
    Kind.CHAT: "$text-accent",
    Kind.OUTCOME: "bold",
    Kind.RULE: "$text-warning",
    Kind.DECISION: "$quiet",
}
OUTCOME_STYLES = {"retained": "bold $text-success", "accepted": "bold $text-success", "canceled": "bold $text-error"}


def when_panel(found: "Dossier", record: "CustomerRecord | None", curve: "CustomerCurve | None", room: int) -> Content:
    """The risk at 30, 60 and 90 days beside that of all customers, and the survival curve of a year."""
    score = found.score
    times = (score.times.churn_30, score.times.churn_60, score.times.churn_90) if score else (None, None, None)
    usual = record.usual if record else (None, None, None)
    rows: list[Content | str] = []
    for days, risk, mean in zip((30, 60, 90), times, usual, strict=True):
        if risk is not None:
            against = "" if mean is None else f"  all customers {percent(mean)}"
            rows.append(Content.assemble(f"{days} days  {bar(risk, 12)} {risk:4.0%}", (against, "$quiet")))
    if curve is not None:
        axes = Axes((0, curve.days[-1]), (0.0, 1.0), x_words="{:.0f} days".format, x_name=_reach(curve))
        rows += ["", Content.styled("Chance to be still here", "$quiet")]
        rows.append(plot([Series("", curve.days, curve.survival, "$text-accent")], axes, room, CURVE_HEIGHT))
    return lines(rows or ["Churn has no dates here, so that nothing is said about when."])


def _reach(curve: "CustomerCurve") -> str:
    return f"beyond {curve.seen_days} days assumed" if curve.seen_days < curve.days[-1] else ""


def history_panel(record: "CustomerRecord | None", room: int) -> Content:
    """What passed, newest first."""
    if record is None:
        return Content("Reading …")
    if not record.history:
        return Content(keyed("Nothing yet. Press {d=customer.draft} to draft a letter, {c=customer.chat} to chat."))
    rows: list[Content | str] = []
    for item in record.history[:HISTORY_SHOWN]:
        style = OUTCOME_STYLES.get(item.word, KIND_STYLES[item.kind])
        head = Content.assemble((clip(day(item.at), 12), "$quiet"), (clip(item.kind.value, 9), "$quiet"))
        word = one_line(item.word[:60])
        rows.append(hang(head + Content.styled(f"{word} ", style), one_line(item.text[:LONGEST]), room))
    left = len(record.history) - HISTORY_SHOWN
    return lines([*rows, Content.styled(f"and {left} earlier", "$quiet")] if left > 0 else rows)


def notes_panel(record: "CustomerRecord | None", room: int) -> Content:
    """What is to be remembered, newest first."""
    if record is None:
        return Content("")
    if not record.notes:
        return Content(keyed("Nothing noted. Press {n=customer.note} to write a note."))
    rows: list[Content | str] = []
    for at, actor, text in record.notes[:NOTES_SHOWN]:
        head = Content.styled(f"{day(at)} {one_line(actor[:60])}: ", "$quiet")
        rows.append(hang(head, one_line(text), room) if head.cell_length < room else head + one_line(text))
    left = len(record.notes) - NOTES_SHOWN
    return lines([*rows, Content.styled(f"and {left} earlier", "$quiet")] if left > 0 else rows)
