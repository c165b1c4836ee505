"""What customers complain about and praise, and the paragraph that says so, by any writer and past the guard."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.generation.brief import NO_OFFER, Brief, FactSheet
from bot.generation.template.summaries import PURPOSE
from db.vocabulary import Channel, CompanyProfile, Json, Progress

if TYPE_CHECKING:
    from collections.abc import Callable

    from analytics.reports.voices import SideVoice, TopicVoice, Voices
    from bot.generation.backend import Backend
    from bot.generation.writer import Text
    from bot.wiring import Services

TOPICS_TOLD = 6
"""Topics of a side that a writer is told of: the largest; those that moved come before others."""


@dataclass(frozen=True, slots=True)
class VoicesReport:
    """The summary and its paragraph."""

    voices: "Voices"
    paragraph: "Text"

    def as_json(self) -> Json:
        """The document that `mainstay voices --json` prints."""
        text = self.paragraph
        return {
            **self.voices.as_json(),
            "paragraph": {
                "text": text.text,
                "backend": text.backend,
                "attempts": text.attempts,
                "fell_back": text.fell_back,
                "problem": text.problem,
                "refused": [finding.as_json() for report in text.refused for finding in report.findings],
            },
        }


def hear(
    services: "Services",
    *,
    days: int = 30,
    seed: int = 0,
    with_names: bool = False,
    progress: "Callable[[Progress], None]" = lambda _: None,
) -> VoicesReport:
    """Sum up the messages of the last whole days by the store's clock, and write the paragraph.

    The messages must have been read. Raises ArtifactError where the shipped encoder is missing.
    """
    from analytics.jobs.voices import Ask, load_encoder, voices

    ask = Ask(services.today(), services.understander.version, days=days, with_names=with_names, seed=seed)
    found = voices(services.store, ask, encoder=load_encoder(), progress=progress)
    return VoicesReport(found, paragraph(services.backend, voices_brief(found, services.company, seed=seed)))


def paragraph(backend: "Backend", brief: Brief) -> "Text":
    """The paragraph for a brief; where the guard refuses the writer, approved wording stands in."""
    from bot.generation.guard.summary import check_summary
    from bot.generation.template.approved import TemplateBackend
    from bot.generation.writer import Writer

    approved = backend if isinstance(backend, TemplateBackend) else TemplateBackend()
    return Writer(backend, approved, check_summary).write(brief)


def voices_brief(voices: "Voices", company: CompanyProfile | None, *, seed: int = 0) -> Brief:
    """What a writer may know of a summary: its figures, without quotes and without customers."""
    facts: dict[str, Any] = {
        "today": voices.now.end.isoformat(),
        "language": "en",
        "company": company.company if company else "",
        "currency": voices.currency or "",
        PURPOSE: figures_of(voices),
    }
    return Brief(Channel.CHAT, FactSheet(facts), NO_OFFER, purpose=PURPOSE, tone="plain", seed=seed)


def figures_of(voices: "Voices") -> Json:
    """The figures of a summary by the names that the wording, the prompt and the guard share."""
    return {
        "from": voices.now.start.isoformat(),
        "to": voices.now.end.isoformat(),
        "before_from": voices.before.start.isoformat(),
        "before_to": voices.before.end.isoformat(),
        "days": voices.now.days,
        "horizon_days": voices.horizon_days,
        "comparable": voices.comparable,
        "messages": voices.messages,
        "messages_before": voices.messages_before,
        "churn_customers": voices.churn.customers,
        "churn_left": voices.churn.left,
        **_known(churn_percent=_percent(voices.churn.rate)),
        "complaints": _side(voices.complaints, voices.messages),
        "praise": _side(voices.praise, voices.messages),
    }


def _side(side: "SideVoice", messages: int) -> Json:
    told = sorted(side.topics, key=lambda topic: topic.change.trend.value not in {"up", "down"})[:TOPICS_TOLD]
    if side.topics and side.topics[0] not in told:
        told = [side.topics[0], *told[:-1]]
    return {
        "messages": side.messages,
        "messages_before": side.messages_before,
        "customers": side.customers,
        "customers_before": side.customers_before,
        "trend": side.change.trend.value,
        **_known(share_percent=_percent(side.messages / messages if messages else None)),
        "topics": [_topic(topic) for topic in side.topics if topic in told],
    }


def _topic(topic: "TopicVoice") -> Json:
    return {
        "name": topic.name,
        "messages": topic.messages,
        "messages_before": topic.messages_before,
        "customers": topic.customers,
        "customers_before": topic.customers_before,
        "share_percent": _percent(topic.share),
        "trend": topic.change.trend.value,
        "churn_customers": topic.churn.customers,
        "churn_left": topic.churn.left,
        "churn_compared": topic.churn.compared.value,
        **_known(monthly_revenue=topic.monthly_revenue, churn_percent=_percent(topic.churn.rate)),
    }


def _percent(share: float | None) -> float | None:
    return None if share is None else round(share * 100, 6)


def _known(**values: float | None) -> Json:
    return {name: value for name, value in values.items() if value is not None}
