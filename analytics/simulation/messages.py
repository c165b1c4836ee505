"""Decides who writes when, about what and in which mood; the words themselves come from `texts`."""

import random
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.simulation.company import (
    COMPETITORS,
    MOODS,
    PLANS,
    PRAISE,
    QUESTION,
    REASONS,
    REGIONS,
    TOPICS,
)
from analytics.simulation.lifecycle import History
from analytics.simulation.names import FIRST_NAMES, LAST_NAMES
from analytics.simulation.people import People
from analytics.simulation.records import Strikes, cut_off
from analytics.simulation.texts.grammar import Bank, Occasion, Writer
from analytics.simulation.world import World
from db.vocabulary import Channel, Direction, Sentiment

BASE_RATE = 0.085
PRESSURE_RATE = 0.065
"""Messages a month at rest, and more per unit of log-odds that pushes to leave."""
OUTAGE_RATE = 0.10
CANCEL_NOTICE_SHARE = 0.40
"""Share of voluntary leavers who write before they go instead of using the account page."""
REPLY_SHARE = 0.26

_CHANNELS = (Channel.EMAIL, Channel.CHAT, Channel.TICKET, Channel.REVIEW)
REVIEW = _CHANNELS.index(Channel.REVIEW)
_CHANNEL_SHARES = (0.46, 0.30, 0.14, 0.10)
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


@dataclass(frozen=True, slots=True)
class Occasions:
    """Messages to be written, in parallel arrays: customer row, instant, topic and mood indices, whether to leave."""

    who: np.ndarray
    when: np.ndarray
    topic: np.ndarray
    mood: np.ndarray
    leaving: np.ndarray

    @classmethod
    def join(cls, parts: "list[Occasions]") -> "Occasions":
        """All parts in one."""
        names = ("who", "when", "topic", "mood", "leaving")
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))

    def take(self, order: np.ndarray) -> "Occasions":
        """These occasions, in this order."""
        return Occasions(self.who[order], self.when[order], self.topic[order], self.mood[order], self.leaving[order])


def draw_occasions(
    people: People, world: World, history: History, strikes: Strikes, rng: np.random.Generator
) -> Occasions:
    """Who writes when about what, in the order of customer and time.

    Nothing before sign-up, after the end, or after the customer has cancelled in writing.
    """
    parts = [
        _everyday(people, world, history, rng),
        _after_outages(people, world, history, strikes, rng),
        _goodbyes(history, world, rng),
    ]
    drawn = Occasions.join(parts)
    end, begin = cut_off(people, world, history), people.signed_up.astype("datetime64[s]")
    kept = np.flatnonzero((drawn.when < end[drawn.who]) & (drawn.when >= begin[drawn.who]))
    ordered = drawn.take(kept[np.lexsort((drawn.topic[kept], drawn.when[kept], drawn.who[kept]))])
    farewell = end + np.timedelta64(1, "s")
    farewell[ordered.who[ordered.leaving]] = ordered.when[ordered.leaving]
    return ordered.take(np.flatnonzero(ordered.when <= farewell[ordered.who]))


def _everyday(people: People, world: World, history: History, rng: np.random.Generator) -> Occasions:
    """Messages at a monthly rate that grows with what bothers a customer; contented customers sometimes say thanks."""
    push = np.minimum(history.pushes.sum(axis=2), 4.5)
    rate = people.talkativeness[:, None] * (
        BASE_RATE
        + PRESSURE_RATE * push
        + 0.06 * np.maximum(-history.mood - 0.2, 0.0)
        + 0.02 * np.maximum(history.mood, 0)
    )
    who, month = np.nonzero(history.present)
    count = rng.poisson(rate[who, month] + 0.35 * history.ticket[who, month])
    who, month = np.repeat(who, count), np.repeat(month, count)
    weights = np.zeros((len(who), len(TOPICS)))
    weights[:, : len(REASONS)] = history.pushes[who, month] + 0.06
    weights[~people.contract[who], REASONS.index("contract_end")] = 0.0
    ticket = np.flatnonzero(history.ticket[who, month])
    weights[ticket, history.ticket_reason[who[ticket], month[ticket]]] += 1.5
    mood = history.mood[who, month]
    weights[:, TOPICS.index(PRAISE)] = 0.38 * np.exp(np.clip(mood, -3, 1.5)) * (mood > 0.0)
    weights[:, TOPICS.index(QUESTION)] = 0.7
    share = np.cumsum(weights, axis=1) / weights.sum(axis=1, keepdims=True)
    topic = np.minimum((rng.random(len(who))[:, None] > share).sum(axis=1), len(TOPICS) - 1)
    bother = np.where(topic < len(REASONS), weights[np.arange(len(who)), topic], 0.0)
    when = _instants(world.month_starts[month], world.month_starts[month + 1], rng)
    return Occasions(who, when, topic, _moods(1.7 * mood - 0.4 * bother, topic, rng), np.zeros(len(who), dtype=bool))


def _after_outages(
    people: People, world: World, history: History, strikes: Strikes, rng: np.random.Generator
) -> Occasions:
    """Messages in the days after an outage, the more the longer it lasted."""
    hours = world.outage_hours[strikes.outage]
    chance = OUTAGE_RATE * people.talkativeness[strikes.who] * np.minimum(np.log1p(hours), 3.0) / 2.0
    written = np.flatnonzero(rng.random(len(strikes.who)) < chance)
    who, outage = strikes.who[written], strikes.outage[written]
    month = world.month_of(world.outage_start[outage].astype("datetime64[D]"))
    delay = (rng.exponential(20.0, len(who)) * 3600).astype(int).astype("timedelta64[s]")
    feeling = 1.2 * history.mood[who, month] - 0.5 * people.quality_sensitivity[who] - 0.02 * world.outage_hours[outage]
    topic = np.full(len(who), TOPICS.index("outage"))
    mood = _moods(feeling, topic, rng)
    return Occasions(who, _awake(world.outage_start[outage] + delay), topic, mood, np.zeros(len(who), dtype=bool))


def _goodbyes(history: History, world: World, rng: np.random.Generator) -> Occasions:
    """Cancellations announced in writing, up to two weeks before the contract ends."""
    leavers = np.flatnonzero(history.leave_reason >= 0)
    who = leavers[rng.random(len(leavers)) < CANCEL_NOTICE_SHARE]
    notice = (rng.exponential(4.0, len(who)) * 86_400).astype(int) + 10 * 3600
    when = _awake(history.ended_on[who].astype("datetime64[s]") - notice.astype("timedelta64[s]"))
    month = world.month_of(history.ended_on[who])
    mood = _moods(history.mood[who, month] - 0.5, history.leave_reason[who], rng)
    return Occasions(who, when, history.leave_reason[who], mood, np.ones(len(who), dtype=bool))


def _moods(feeling: np.ndarray, topic: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Mood index of messages from a feeling (about standard normal); praise is positive, questions neutral."""
    mood = np.digitize(feeling + rng.normal(0, 0.45, len(feeling)), (-0.45, 1.05))
    mood = np.where(topic == TOPICS.index(PRAISE), 2, mood)
    moods: np.ndarray = np.where(topic == TOPICS.index(QUESTION), 1, mood)
    return moods


def _awake(when: np.ndarray) -> np.ndarray:
    """The same instants, those between midnight and six put off by seven hours."""
    second = (when - when.astype("datetime64[D]")).astype(int)
    awake: np.ndarray = when + np.where(second < 6 * 3600, 7 * 3600, 0).astype("timedelta64[s]")
    return awake


def _instants(start: np.ndarray, end: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A random waking instant in each interval of dates."""
    day = np.floor(rng.random(len(start)) * (end - start).astype(int)).astype("timedelta64[D]")
    second = rng.integers(6 * 3600 + 1800, 22 * 3600 + 1800, len(start)).astype("timedelta64[s]")
    when: np.ndarray = (start + day).astype("datetime64[s]") + second
    return when


def message_frames(
    people: People,
    ids: np.ndarray,
    world: World,
    history: History,
    strikes: Strikes,
    bank: Bank,
    rng: np.random.Generator,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The messages (`analytics.frames.MESSAGE_COLUMNS`), ours and theirs, and the truth about theirs."""
    drawn = draw_occasions(people, world, history, strikes, rng)
    channel = rng.choice(len(_CHANNELS), len(drawn.who), p=_CHANNEL_SHARES)
    private = drawn.leaving | (drawn.mood == MOODS.index(Sentiment.NEUTRAL))
    channel = np.where(private & (channel == REVIEW), 0, channel)
    writer = Writer(bank, random.Random(int(rng.integers(2**63))))
    occasions = _describe(people, world, history, drawn, channel)
    texts = [writer.write(occasion) for occasion in occasions]
    answered = np.flatnonzero((channel != REVIEW) & (rng.random(len(texts)) < REPLY_SHARE))
    replies = [writer.reply(occasions[row]) for row in answered]
    month = np.clip(world.month_of(drawn.when[answered].astype("datetime64[D]")), 0, world.months - 1)
    wait = rng.lognormal(1.6, 1.0, len(answered)) * world.support_load[month]
    wait = np.where(channel[answered] == 1, 0.04, np.clip(wait, 0.2, 160.0)) * 3600
    reply_when = drawn.when[answered] + wait.astype(int).astype("timedelta64[s]")
    kept = reply_when < cut_off(people, world, history)[drawn.who[answered]]
    inbound = _frame(ids, drawn.who, drawn.when, channel, texts, Direction.INBOUND)
    outbound = _frame(
        ids,
        drawn.who[answered][kept],
        reply_when[kept],
        channel[answered][kept],
        [reply for reply, keep in zip(replies, kept, strict=True) if keep],
        Direction.OUTBOUND,
    )
    inbound["topic"], inbound["mood"] = drawn.topic, drawn.mood
    outbound["topic"], outbound["mood"] = -1, -1
    return _numbered(pd.concat([inbound, outbound], ignore_index=True))


def _frame(
    ids: np.ndarray, who: np.ndarray, when: np.ndarray, channel: np.ndarray, texts: list[str], direction: Direction
) -> pd.DataFrame:
    """Messages of one direction, without ids."""
    names = np.array([str(name) for name in _CHANNELS], dtype=object)
    return pd.DataFrame(
        {
            "customer_id": pd.Series(ids[who], dtype="str"),
            "sent_at": pd.Series(when.astype("datetime64[us]")).dt.tz_localize("UTC"),
            "direction": pd.Series([str(direction)] * len(who), dtype="str"),
            "channel": pd.Series(names[channel], dtype="str"),
            "text": pd.Series(texts, dtype="str"),
        }
    )


def _numbered(messages: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Order by customer and time, number each customer's messages, and split the truth off."""
    messages = messages.sort_values(["customer_id", "sent_at", "direction"], kind="stable", ignore_index=True)
    number = messages.groupby("customer_id").cumcount() + 1
    message_id = messages["customer_id"].str.replace("PM-", "M-") + "-" + number.astype("str").str.zfill(3)
    messages.insert(0, "message_id", message_id)
    theirs = messages[messages["topic"] >= 0]
    moods = np.array([str(mood) for mood in MOODS], dtype=object)
    truth = pd.DataFrame(
        {
            "message_id": theirs["message_id"],
            "reason": pd.Series(np.array(TOPICS, dtype=object)[theirs["topic"]], index=theirs.index, dtype="str"),
            "mood": pd.Series(moods[theirs["mood"]], index=theirs.index, dtype="str"),
        }
    ).reset_index(drop=True)
    return messages.drop(columns=["topic", "mood"]), truth


def _describe(people: People, world: World, history: History, drawn: Occasions, channel: np.ndarray) -> list[Occasion]:
    """The facts each writer may use: own name, plan, prices, region; a rival is chosen by customer."""
    month = np.clip(world.month_of(drawn.when.astype("datetime64[D]")), 0, world.months - 1)
    calendar = drawn.when.astype("datetime64[M]").astype(int) % 12
    plan = history.plan[drawn.who, month]
    price = history.mrr[drawn.who, month]
    first_price = history.mrr[drawn.who, history.present.argmax(axis=1)[drawn.who]]
    years = (drawn.when - people.signed_up[drawn.who].astype("datetime64[s]")).astype(int) / (365.25 * 86_400)
    return [
        Occasion(
            topic=TOPICS[drawn.topic[row]],
            mood=str(MOODS[drawn.mood[row]]),
            channel=str(_CHANNELS[channel[row]]),
            leaving=bool(drawn.leaving[row]),
            voice=int(people.voice[who]),
            tv=PLANS[plan[row]].tv,
            veteran=bool(years[row] >= 2.0),
            dearer=bool(first_price[row] < price[row] and plan[row] == people.plan[who]),
            facts={
                "first_name": FIRST_NAMES[people.first_name[who]],
                "last_name": LAST_NAMES[people.last_name[who]],
                "plan": PLANS[plan[row]].name,
                "price": f"{price[row]:.2f}",
                "old_price": f"{first_price[row]:.2f}",
                "years": str(int(years[row])),
                "rival": COMPETITORS[people.voice[who] % len(COMPETITORS)],
                "rival_price": f"{int(price[row] * 0.72)}",
                "region": REGIONS[people.region[who]].name,
                "month": _MONTHS[calendar[row] - 1],
                "this_month": _MONTHS[calendar[row]],
                "next_month": _MONTHS[(calendar[row] + 1) % 12],
            },
        )
        for row, who in enumerate(drawn.who)
    ]
