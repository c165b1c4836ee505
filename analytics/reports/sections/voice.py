"""What customers say: mood by month and topic, short masked quotes, and how the last mood goes along with the risk."""

import pandas as pd

from analytics.reports.building import SectionBuilder, count, day, nothing, share, spoken, text
from analytics.reports.document import Chart, ChartKind, Column, Kind, Section
from analytics.reports.facts import ReportFacts, Voice
from analytics.reports.voices import TopicVoice, Trend, Voices
from db.vocabulary import Sentiment

ID, TITLE = "voice", "What customers say"
MONTHS_SHOWN = 12
TOPICS_SHOWN = 12
TOPICS_QUOTED = 5
QUOTES_PER_TOPIC = 2
PRAISE_QUOTED = 2
CHANGES = {Trend.UP: "rose", Trend.DOWN: "fell", Trend.STEADY: "no clear change", Trend.UNKNOWN: "not known"}
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
    if facts.voices is None or not facts.voices.messages:
        _quotes(section, voice)
    else:
        _lately(section, facts.voices)
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


def _lately(section: SectionBuilder, voices: Voices) -> None:
    """Complaints and praise of the last whole days against the days before, with quotes."""
    section.say(
        "From {lately_from} to {lately_to} customers sent {lately} messages, of which {lately_complaints} complain and "
        "{lately_praise} praise; in the {lately_days} days before it was {before_complaints} and {before_praise}.",
        lately_from=day(voices.now.start),
        lately_to=day(voices.now.end),
        lately=count(voices.messages),
        lately_days=count(voices.before.days),
        lately_complaints=count(voices.complaints.messages),
        lately_praise=count(voices.praise.messages),
        before_complaints=count(voices.complaints.messages_before),
        before_praise=count(voices.praise.messages_before),
    )
    for name, title, side in (
        ("complaints_lately", "What they complain about", voices.complaints),
        ("praise_lately", "What they praise", voices.praise),
    ):
        shown = [one for one in side.topics if one.messages or one.change.trend is Trend.DOWN][:TOPICS_SHOWN]
        section.table(name, title, _lately_columns(voices), [_lately_row(topic) for topic in shown])
    for topic in (*voices.complaints.topics[:TOPICS_QUOTED], *voices.praise.topics[:PRAISE_QUOTED]):
        if topic.quotes:
            section.quotes(topic.name.capitalize(), list(topic.quotes))
    section.note(
        "A topic rose or fell only where the number of customers changed by more than chance explains, over all topics "
        "at once. Revenue counts each customer once. Of the customers who wrote about a topic between {earlier_from} "
        "and {earlier_to}, the share that left within {left_within} days is given where they are ten or more; it was "
        "{left_of_all} of everybody who wrote then. A topic goes along with leaving; that does not make it the cause.",
        earlier_from=day(voices.earlier.start),
        earlier_to=day(voices.earlier.end),
        left_within=count(voices.horizon_days),
        left_of_all=share(voices.churn.rate),
    )


def _lately_columns(voices: Voices) -> tuple[Column, ...]:
    return (
        Column("topic", "Topic"),
        Column("messages", "Messages", Kind.COUNT),
        Column("customers", "Customers", Kind.COUNT),
        Column("customers_before", "Before", Kind.COUNT),
        Column("change", "Change"),
        Column("revenue", "Revenue a month", Kind.MONEY),
        Column("left", f"Left within {voices.horizon_days} days", Kind.SHARE),
        Column("wrote_earlier", "Of customers", Kind.COUNT),
    )


def _lately_row(topic: TopicVoice) -> tuple[object, ...]:
    return (
        topic.name.capitalize(),
        topic.messages,
        topic.customers,
        topic.customers_before,
        CHANGES[topic.change.trend],
        topic.monthly_revenue,
        topic.churn.rate,
        topic.churn.customers,
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
