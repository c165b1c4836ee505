"""The model card in short: what was trained on what, which runs this report rests on, how to make it again."""

from typing import Any

from analytics.reports.building import SectionBuilder, count, day, nothing
from analytics.reports.document import Column, Section
from analytics.reports.facts import ModelFacts, ReportFacts
from analytics.reports.numbers import share
from db.vocabulary import ChurnDefinition, ChurnDefinitionKind

ID, TITLE = "card", "Model card, and how to repeat this report"
COMMAND = "mainstay train && mainstay score && mainstay decide && mainstay report --format html -o report.html"


def build(facts: ReportFacts) -> Section:
    """The model card and the runs."""
    if facts.model is None:
        return nothing(ID, TITLE, "No model has been trained yet. `mainstay train` trains and judges one.")
    section = SectionBuilder(ID, TITLE)
    section.lead(
        "The model forecasts who will leave, so that people can decide whom to talk to. It is not meant for decisions "
        "about credit, employment, insurance or access to services."
    )
    section.table(
        "model_card",
        "Model card",
        (Column("what", "What"), Column("value", "Value")),
        [(what, value) for what, value in _rows(facts, facts.model) if value],
    )
    findings = facts.model.card.get("findings") or []
    section.table(
        "findings",
        "Found when the training table was checked",
        (Column("severity", "Severity"), Column("message", "Finding"), Column("hint", "What to do", aside=True)),
        [(str(one.get("severity", "")), str(one.get("message", "")), str(one.get("hint", ""))) for one in findings],
    )
    section.note(
        "Trained on {trained_day} with {columns} columns.",
        trained_day=day(facts.model.created_at.date()),
        columns=count(len(facts.model.card.get("columns") or [])),
    )
    section.say(f"To repeat it: {COMMAND}")
    return section.done()


def _rows(facts: ReportFacts, model: ModelFacts) -> list[tuple[str, str]]:
    window, card = model.data_window, model.card
    dates = window.get("observation_dates") or []
    seen = f"{dates[0]} to {dates[-1]}, {len(dates)} observation dates" if dates else ""
    runs: list[Any] = [
        ("scoring", facts.run.job_id if facts.run else None),
        ("deciding", facts.deciding.job_id if facts.deciding else None),
        ("drafting", facts.drafts_job),
    ]
    return [
        ("Model", model.model_id),
        ("Model that made these scores", facts.run.model if facts.run and facts.run.model != model.model_id else ""),
        ("What counts as leaving", describe(facts.definition)),
        ("How it was judged", str(model.metrics.get("protocol", ""))),
        ("Customers observed on", seen),
        ("Outcomes known until", str(window.get("outcomes_known_until", ""))),
        (
            "Share who left in training",
            share(float(card["base_rate"])) if "base_rate" in card else "",
        ),
        ("Columns left out", ", ".join(str(name) for name in card.get("left_out") or [])),
        ("Scored as of", facts.run.observation_date.isoformat() if facts.run else ""),
        ("Language model", facts.voice.model if facts.voice else ""),
        ("Jobs", ", ".join(f"{name} {number}" for name, number in runs if number is not None)),
    ]


def describe(definition: ChurnDefinition | None) -> str:
    """A churn definition in words."""
    if definition is None:
        return ""
    if definition.kind is ChurnDefinitionKind.LABEL:
        return "the label column of the imported table"
    window = f"within {definition.churn_horizon_days} days"
    if definition.lead_time_days:
        window += f" after a lead time of {definition.lead_time_days} days"
    if definition.kind is ChurnDefinitionKind.CANCEL_DATE:
        return f"the contract ends {window}"
    return f"no {' or '.join(definition.activity_kinds) or 'activity'} {window}"
