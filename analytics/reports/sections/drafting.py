"""The letters in the queue, by where they stand."""

from analytics.reports.building import SectionBuilder, count, nothing
from analytics.reports.document import Column, Kind, Section
from analytics.reports.facts import ReportFacts
from db.vocabulary import DraftState

ID, TITLE = "drafts", "Drafted letters"
MEANINGS = {
    DraftState.NEEDS_REVIEW: "Written and checked; waiting for a person",
    DraftState.APPROVED: "Approved by a person; not yet exported",
    DraftState.REJECTED: "Rejected by a person",
    DraftState.EXPORTED: "Handed over for sending",
    DraftState.WITHHELD: "Not released: no text passed the checks",
}


def build(facts: ReportFacts) -> Section:
    """Drafts by state."""
    if not facts.drafts:
        return nothing(ID, TITLE, "No letters have been drafted yet. `mainstay draft` writes them for approval.")
    section = SectionBuilder(ID, TITLE)
    waiting = facts.drafts.get(DraftState.NEEDS_REVIEW.value, 0)
    section.lead(
        "{waiting} of {drafted} letters wait for a person's approval; none leaves without it.",
        waiting=count(waiting),
        drafted=count(sum(facts.drafts.values())),
    )
    section.table(
        "drafts",
        "Letters by state",
        (
            Column("state", "State"),
            Column("letters", "Letters", Kind.COUNT),
            Column("meaning", "What it means", aside=True),
        ),
        [
            (state.value.replace("_", " ").capitalize(), facts.drafts[state.value], meaning)
            for state, meaning in MEANINGS.items()
            if state.value in facts.drafts
        ],
    )
    return section.done()
