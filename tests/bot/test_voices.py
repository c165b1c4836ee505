"""From the summary to the writer: which figures a writer is told, and that no customer's words are among them."""

from analytics.jobs.voices import Ask, voices
from bot.generation.guard.summary import check_summary
from bot.generation.template.approved import TemplateBackend
from bot.voices import TOPICS_TOLD, figures_of, paragraph, voices_brief
from db.session import Store
from db.vocabulary import CompanyProfile
from tests.analytics.jobs.heard import READER, TODAY, Line, a_year_of_complaints, fill
from tests.analytics.language.encoders import HashedEncoder

ASK = Ask(TODAY, READER)


def test_the_paragraph_of_a_real_store_passes_the_guard(store: Store) -> None:
    fill(store, a_year_of_complaints())
    for encoder in (None, HashedEncoder()):
        found = voices(store, ASK, encoder=encoder)
        for seed in range(12):
            brief = voices_brief(found, CompanyProfile("Brightline"), seed=seed)
            text = paragraph(TemplateBackend(), brief)
            assert (text.attempts, text.fell_back, text.refused) == (1, False, ())
            assert str(found.messages) in (text.text or "")


def test_a_writer_is_told_figures_and_no_words_of_customers(store: Store) -> None:
    fill(store, a_year_of_complaints())
    found = voices(store, ASK)
    told = repr(voices_brief(found, None))
    assert found.complaints.topics[0].quotes
    assert all(quote[:20] not in told for topic in found.complaints.topics for quote in topic.quotes)
    assert "Bartholomew" not in told


def test_the_largest_topics_and_those_that_moved_are_told(store: Store) -> None:
    reasons = (
        "price",
        "outage",
        "equipment",
        "competitor",
        "low_usage",
        "too_complex",
        "billing_error",
        "moving_house",
    )
    lines = []
    for place, reason in enumerate(reasons):
        lines += [Line(100 * place + n, 3, "This is about something else.", topic=reason) for n in range(1, 12 - place)]
    lines += [Line(900 + n, 40, "This is about something else.", topic="contract_end") for n in range(30)]
    lines += [Line(1, 100, "This is about something else.")]
    fill(store, lines)
    topics = figures_of(voices(store, ASK))["complaints"]["topics"]
    names = [topic["name"] for topic in topics]
    assert len(names) == TOPICS_TOLD
    assert names[0] == "price"
    assert "contract end" in names
    assert [topic["trend"] for topic in topics if topic["name"] == "contract end"] == ["down"]


def test_a_month_without_messages_has_a_paragraph_too(store: Store) -> None:
    brief = voices_brief(voices(store, ASK), None)
    text = paragraph(TemplateBackend(), brief)
    assert text.text is not None
    assert check_summary(text.text, brief).released
