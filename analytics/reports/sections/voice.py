"""What customers say: mood by month and topic, short masked quotes, and how the last mood goes along with the risk."""

import pandas as pd

from analytics.reports.building import SectionBuilder, count, nothing, share, spoken, text
from analytics.reports.document import Chart, ChartKind, Column, Kind, Section
from analytics.reports.facts import ReportFacts, Voice
from db.vocabulary import Sentiment

ID, TITLE = "voice", "What customers say"
MONTHS_SHOWN = 12
TOPICS_SHOWN = 12
TOPICS_QUOTED = 5
QUOTES_PER_TOPIC = 2
MOODS = (Sentiment.NEGATIVE.value, Sentiment.NEUTRAL.value, Sentiment.POSITIVE.value)
UNTOLD = ("other", "praise", "")


def build(facts: ReportFacts) -> Section:
    """What customers wrote, as the language model read it."""
    if not facts.totals.messages:
        return nothing(ID, TITLE, "The store holds no messages of customers. Add some with `mainstay import messages`.")
    if facts.voice is None or not len(facts.voice.readings):
        return nothing(ID, TITLE, "The messages in the store have not been read yet. `mainstay score` reads them.")
    section = SectionBuilder(ID, TITLE)
    voice = facts.voice
    readings = voice.readings
    total = int(readings["messages"].sum())
    bad = readings[readings["mood"] == Sentiment.NEGATIVE.value]
    section.lead(
        "Of {read} messages from customers, {negative} read as negative.",
        read=count(total),
        negative=share(bad["messages"].sum() / total),
    )
    _by_month(section, readings)
    _by_topic(section, readings)
    _quotes(section, voice)
    _link_to_risk(section, facts, voice)
    if facts.totals.unread:
        section.note("{unread} messages have not been read yet.", unread=count(facts.totals.unread))
    section.note(
        "Mood and topic are what the model {reader} made of each message; it can err. In quotes, names, addresses and "
        "long numbers are masked; read them before you pass this report on."
        if not facts.with_names
        else "Mood and topic are what the model {reader} made of each message; it can err.",
        reader=text(voice.model),
    )
    return section.done()


def _by_month(section: SectionBuilder, readings: pd.DataFrame) -> None:
    table = _shares(readings, "month").sort_index().tail(MONTHS_SHOWN)
    section.table(
        "mood_by_month",
        "Mood by month",
        (Column("month", "Month"), *_mood_columns()),
        [(str(month), *row) for month, row in zip(table.index, table.itertuples(index=False), strict=True)],
        chart=Chart(
            ChartKind.STACKED, "Share of negative, neutral and positive messages in each month.", "month", MOODS
        ),
    )


def _by_topic(section: SectionBuilder, readings: pd.DataFrame) -> None:
    named = readings[~readings["topic"].isin(UNTOLD)]
    if not len(named):
        return
    table = _shares(named, "topic").sort_values("messages", ascending=False, kind="stable").head(TOPICS_SHOWN)
    section.table(
        "mood_by_topic",
        "What they write about, and in what mood",
        (Column("topic", "Topic"), *_mood_columns()),
        [
            (spoken(str(topic)).capitalize(), *row)
            for topic, row in zip(table.index, table.itertuples(index=False), strict=True)
        ],
        chart=Chart(ChartKind.BARS, "Number of messages about each topic.", "topic", ("messages",)),
    )
    section.note(
        "Praise and messages about nothing in particular ({untold}) are left out of the topics.",
        untold=count(readings["messages"].sum() - named["messages"].sum()),
    )


def _mood_columns() -> tuple[Column, ...]:
    return (
        Column("messages", "Messages", Kind.COUNT),
        *(Column(mood, mood.capitalize(), Kind.SHARE) for mood in MOODS),
    )


def _shares(readings: pd.DataFrame, by: str) -> pd.DataFrame:
    counts = readings.pivot_table(index=by, columns="mood", values="messages", aggfunc="sum", fill_value=0)
    counts = counts.reindex(columns=list(MOODS), fill_value=0)
    total = counts.sum(axis=1)
    shares = counts.div(total.where(total > 0, 1), axis=0)
    shares.insert(0, "messages", total)
    return shares


def _quotes(section: SectionBuilder, voice: Voice) -> None:
    texts: dict[str, list[str]] = {}
    for quote in voice.quotes:
        texts.setdefault(quote.topic, []).append(quote.text)
    for topic in list(texts)[:TOPICS_QUOTED]:
        section.quotes(spoken(topic).capitalize(), texts[topic][:QUOTES_PER_TOPIC])


def _link_to_risk(section: SectionBuilder, facts: ReportFacts, voice: Voice) -> None:
    if facts.run is None or not len(facts.run.scores):
        return
    scores = facts.run.scores.assign(mood=facts.run.scores["key"].map(voice.last_mood))
    rows = []
    for mood, label in (*((one, one.capitalize()) for one in MOODS), (None, "No message in a year")):
        part = scores[scores["mood"].isna()] if mood is None else scores[scores["mood"] == mood]
        if len(part):
            rows.append((label, len(part), part["churn_probability"].mean()))
    section.table(
        "risk_by_mood",
        "Churn probability by the mood of the last message",
        (
            Column("mood", "Last message"),
            Column("customers", "Customers", Kind.COUNT),
            Column("probability", "Mean churn probability", Kind.SHARE),
        ),
        rows,
        chart=Chart(
            ChartKind.BARS, "Mean churn probability by the mood of the last message.", "mood", ("probability",)
        ),
    )
