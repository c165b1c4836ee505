"""Puts the sections of a report together, in the order in which a manager asks."""

from datetime import UTC

from analytics.reports.document import ReportDocument
from analytics.reports.facts import ReportFacts
from analytics.reports.sections import (
    actions,
    card,
    decided,
    drafting,
    drivers,
    headline,
    health,
    in_time,
    quality,
    retention,
    risk,
    voice,
)

SECTIONS = (headline, actions, in_time, risk, drivers, quality, voice, retention, decided, drafting, health, card)


def build_document(facts: ReportFacts) -> ReportDocument:
    """The report that these facts make."""
    company = facts.company.name
    return ReportDocument(
        title=f"Churn report for {company}" if company else "Churn report",
        company=company,
        as_of=facts.run.observation_date if facts.run else facts.today,
        generated_at=facts.generated_at.astimezone(UTC),
        currency=facts.company.currency,
        with_names=facts.with_names,
        sections=tuple(module.build(facts) for module in SECTIONS),
    )
