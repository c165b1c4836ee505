"""The queue of drafts in rows and headings, and the four ways to look at a letter."""

from typing import TYPE_CHECKING

from textual.content import Content

from bot.tui.keynames import key, keyed
from bot.tui.letterpiece import STATE_LOOKS, findings_of, letter
from bot.tui.widgets.table import Cell, Column
from bot.tui.wording import STATE_WORDS, clean, one_line
from db.vocabulary import DraftState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from db.repositories.drafts import DraftStepView, DraftView

COLUMNS = (
    Column("id", "Draft", 5, rank=3, right=True),
    Column("customer", "Customer", 16, rank=0, most=26),
    Column("state", "State", 9, rank=1),
    Column("subject", "Subject", 28, rank=2, most=80),
    Column("guard", "Guard", 10, rank=4),
    Column("variant", "Variant", 7, rank=6),
    Column("writer", "Writer", 12, rank=5),
)
VIEWS = ("letter", "changes", "plain", "html")
VIEW_TITLES = {
    "letter": "Letter",
    "changes": "What was changed",
    "plain": "As it will leave: plain text",
    "html": "As it will leave: HTML source",
}
MARKS = {"gone": "strike $text-error", "new": "bold underline $text-success"}


def cells(draft: "DraftView") -> tuple[Cell, ...]:
    """A draft as a row."""
    findings = len(findings_of(draft))
    return (
        Cell(str(draft.id), "muted"),
        Cell(one_line(draft.customer_name or draft.customer_id), "strong"),
        Cell(STATE_WORDS[draft.state], STATE_LOOKS[draft.state]),
        Cell(one_line(draft.subject)),
        _verdict(findings, has_address=bool(draft.email)),
        Cell(one_line(draft.variant), "muted"),
        Cell(one_line(draft.backend), "muted"),
    )


def _verdict(findings: int, *, has_address: bool) -> Cell:
    """What keeps a letter from leaving, the guard first."""
    if findings:
        return Cell("1 finding" if findings == 1 else f"{findings} findings", "bad")
    return Cell("released", "good") if has_address else Cell("no address", "warn")


def heading(counts: "Mapping[DraftState, int]", total: int, chosen: DraftState | None, search: str) -> Content:
    """How many drafts stand in each state, and what is shown of them."""
    parts: list[str | tuple[str, str]] = []
    for state in (DraftState.NEEDS_REVIEW, *(one for one in DraftState if one is not DraftState.NEEDS_REVIEW)):
        if counts.get(state) or state in (chosen, DraftState.NEEDS_REVIEW):
            style = "bold underline" if state is chosen else "$quiet"
            parts += [(f"{STATE_WORDS[state]} {counts.get(state, 0):,}", style), "   "]
    parts.append((f"all {total:,}", "bold underline" if chosen is None else "$quiet"))
    if search:
        parts.append((f"   with “{one_line(search)}”", "bold $text-accent"))
        parts.append((keyed("   {escape=drafts.all} for all"), "$quiet"))
    return Content.assemble(*parts)


def nothing(total: int, state: DraftState | None, search: str, *, filling: bool) -> str:
    """What to do where there is no draft to show; `filling`: nor any customer."""
    if filling:
        return keyed("There are no customers yet.\n\nPress {0=app.go-today} for the ways to begin.")
    if search:
        return (
            f"No draft here holds “{one_line(search)}”.\n\nPress {key('/', 'drafts.search')} to search for something "
            f"else, {key('escape', 'drafts.all')} for all."
        )
    if total and state is not None:
        return (
            f"No draft is {STATE_WORDS[state]}.\n\n"
            f"Press {key('f', 'drafts.filter')} to see others, {key('n', 'drafts.more')} to draft more."
        )
    return keyed(
        "No letters yet.\n\nPress {n=drafts.more} to draft letters for the customers whose offers are worth most."
    )


def changed(draft: "DraftView", steps: "Sequence[DraftStepView]") -> Content:
    """The writer's text against the letter as it stands: what is gone is struck out, what is new underlined."""
    from bot.generation.letter import join_letter
    from bot.outreach.reviewing import changes, first_text

    before, after = first_text(draft, steps), join_letter(draft.subject, None, draft.body)
    if before == after:
        return Content.styled("Nobody has changed what the writer wrote.", "$quiet")
    parts = [Content.styled(clean(text), MARKS.get(kind, "")) for kind, text in changes(before, after)]
    return Content("").join(parts)


def shown(view: str, draft: "DraftView", steps: "Sequence[DraftStepView]", preview: tuple[str, str]) -> Content:
    """The letter in one of the four views."""
    if view == "changes":
        return changed(draft, steps)
    if view in ("plain", "html"):
        return Content(clean(preview[VIEWS.index(view) - 2]))
    return letter(draft)
