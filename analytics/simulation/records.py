"""Turns a simulated history into what a company's systems would hold: events and subscription lines."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.simulation.company import PLANS
from analytics.simulation.lifecycle import DUNNING_DAYS, History
from analytics.simulation.people import People
from analytics.simulation.world import World

FADING_SHARE = 0.8
"""Share of later leavers whose usage fades before they go; the others leave without a sign."""

SURVEY_RESPONSE = 0.45

_DAY = np.timedelta64(86_400, "s")
_WEEK_DAYS = 7


@dataclass(frozen=True, slots=True)
class Strikes:
    """Outages as felt by customers: one entry per customer and outage (row of the chunk, index of the outage)."""

    who: np.ndarray
    outage: np.ndarray

    @classmethod
    def draw(cls, people: People, world: World, rng: np.random.Generator) -> "Strikes":
        """Who was hit by which outage of their region."""
        who, outage = [], []
        for region in range(int(people.region.max()) + 1 if len(people) else 0):
            members = np.flatnonzero(people.region == region)
            for index in np.flatnonzero(world.outage_region == region):
                hit = members[rng.random(len(members)) < world.outage_share[index]]
                who.append(hit)
                outage.append(np.full(len(hit), index))
        empty = np.zeros(0, dtype=int)
        return cls(np.concatenate([empty, *who]), np.concatenate([empty, *outage]))

    def hours(self, people: People, world: World) -> np.ndarray:
        """Hours without service per customer and month, shape (n, months)."""
        total = np.zeros((len(people), world.months))
        month = world.month_of(world.outage_start[self.outage].astype("datetime64[D]"))
        np.add.at(total, (self.who, month), world.outage_hours[self.outage])
        return total


@dataclass(frozen=True, slots=True)
class Acts:
    """Events of one kind before they become a frame; `reference` holds strings or None."""

    kind: str
    who: np.ndarray
    when: np.ndarray
    amount: np.ndarray | None = None
    quantity: np.ndarray | None = None
    reference: np.ndarray | None = None


def cut_off(people: People, world: World, history: History) -> np.ndarray:
    """First instant of each customer of which nothing is recorded: the end of the contract, or today."""
    ended = np.where(np.isnat(history.ended_on), world.today, history.ended_on)
    first: np.ndarray = np.minimum(ended, world.today).astype("datetime64[s]")
    return first


def event_frame(
    people: People, ids: np.ndarray, world: World, history: History, strikes: Strikes, rng: np.random.Generator
) -> pd.DataFrame:
    """All events in the order of customer and time (columns of `analytics.frames.EVENT_COLUMNS`)."""
    end = cut_off(people, world, history)
    acts = [
        *_payments(people, ids, world, history, rng),
        _usage(people, world, history, strikes, end, rng),
        *_logins(world, history, end, rng),
        _price_rises(world, history),
        *_service(people, ids, world, history, rng),
        _surveys(world, history, rng),
        _renewal_notices(people, world, history, rng),
        Acts(
            "outage",
            strikes.who,
            world.outage_start[strikes.outage],
            quantity=world.outage_hours[strikes.outage],
        ),
    ]
    begin = np.maximum(people.signed_up, world.month_starts[0]).astype("datetime64[s]")
    return _join(acts, ids, begin, end)


def _join(acts: list[Acts], ids: np.ndarray, begin: np.ndarray, end: np.ndarray) -> pd.DataFrame:
    """Keep what happened while the contract ran and lay it out as one frame."""
    kinds = np.array([act.kind for act in acts], dtype=object)
    who = np.concatenate([act.who for act in acts])
    when = np.concatenate([act.when.astype("datetime64[s]") for act in acts])
    kind = np.repeat(np.arange(len(acts)), [len(act.who) for act in acts])
    keep = (when >= begin[who]) & (when < end[who])
    order = np.flatnonzero(keep)
    order = order[np.lexsort((kind[order], when[order], who[order]))]
    nan = [np.full(len(act.who), np.nan) for act in acts]
    amount = np.concatenate([blank if act.amount is None else act.amount for act, blank in zip(acts, nan, strict=True)])
    quantity = np.concatenate(
        [blank if act.quantity is None else act.quantity for act, blank in zip(acts, nan, strict=True)]
    )
    none = [np.full(len(act.who), None, dtype=object) for act in acts]
    reference = np.concatenate(
        [blank if act.reference is None else act.reference for act, blank in zip(acts, none, strict=True)]
    )
    return pd.DataFrame(
        {
            "customer_id": pd.Series(ids[who[order]], dtype="str"),
            "kind": pd.Series(kinds[kind[order]], dtype="str"),
            "occurred_at": pd.Series(when[order].astype("datetime64[us]")).dt.tz_localize("UTC"),
            "amount": amount[order],
            "quantity": quantity[order],
            "reference": pd.Series(reference[order], dtype="str"),
        }
    )


def _payments(people: People, ids: np.ndarray, world: World, history: History, rng: np.random.Generator) -> list[Acts]:
    """Invoices collected, and for failures the dunning: two more attempts, the last of which may succeed."""
    who, month = np.nonzero(history.invoiced)
    day = world.month_starts[month] + (people.billing_day[who] - 1).astype("timedelta64[D]")
    day = np.where(people.joined_month[who] == month, people.signed_up[who], day)
    when = day.astype("datetime64[s]") + (6 * 3600 + rng.integers(0, 14_400, len(who))).astype("timedelta64[s]")
    amount = np.round(history.mrr[who, month] * np.where(people.annual_billing[who], 12, 1), 2)
    label = np.datetime_as_string(day, unit="M")
    reference = np.array([f"INV-{i[3:]}-{m}" for i, m in zip(ids[who], label, strict=True)], dtype=object)
    failed = history.failed[who, month]
    recovered = failed & history.recovered[who, month]
    wait = rng.integers(2, 6, len(who)) * _DAY
    paid_when = np.where(recovered, when + 2 * wait, when)
    paid = ~failed | recovered
    attempts = [(failed, when), (failed, when + wait), (failed & ~recovered, when + (DUNNING_DAYS - 2) * _DAY)]
    refused = [Acts("payment_failed", who[m], w[m], amount[m], None, reference[m]) for m, w in attempts]
    return [Acts("payment", who[paid], paid_when[paid], amount[paid], None, reference[paid]), *refused]


def _usage(
    people: People, world: World, history: History, strikes: Strikes, end: np.ndarray, rng: np.random.Generator
) -> Acts:
    """Gigabytes per complete week (Monday to Sunday), stamped at the week's last hour; idle weeks leave no event."""
    first = world.month_starts[0].astype("datetime64[W]").astype("datetime64[D]")
    weeks = np.arange(first, world.today, _WEEK_DAYS) + np.timedelta64(4, "D")
    stamp = (weeks + np.timedelta64(_WEEK_DAYS, "D")).astype("datetime64[s]") - np.timedelta64(3600, "s")
    month = np.clip(world.month_of(weeks), 0, world.months - 1)
    season = 0.12 * np.cos(2 * np.pi * (weeks.astype("datetime64[M]").astype(int) % 12) / 12)
    level = people.log_usage[:, None] + 0.95 * history.usage[:, month] + season
    level += rng.normal(0, 0.17, level.shape)
    away = rng.random(level.shape) < 0.025
    volume = np.exp(level) * np.where(away, 0.08, 1.0) * _fading(history, stamp, rng)
    started = people.signed_up[:, None] <= weeks[None, :]
    recorded = started & (stamp[None, :] < end[:, None]) & (volume >= 0.5)
    who, week = np.nonzero(recorded)
    return Acts("usage", who, stamp[week], quantity=np.round(volume[who, week], 1))


def _fading(history: History, stamp: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Share of usage that remains in the weeks before a voluntary leaver goes, shape (n, weeks)."""
    fades = (rng.random(len(history.ended_on)) < FADING_SHARE) & ~history.involuntary & ~history.alive
    end = np.where(fades, history.ended_on, np.datetime64("2200-01-01", "D")).astype("datetime64[s]")
    weeks_left = (end[:, None] - stamp[None, :]) / (_WEEK_DAYS * _DAY)
    depth = rng.uniform(0.35, 0.9, len(end))[:, None]
    remaining: np.ndarray = 1.0 - depth * np.exp(-np.clip(weeks_left, 0, 200) / 9.0)
    return remaining


def _logins(world: World, history: History, end: np.ndarray, rng: np.random.Generator) -> list[Acts]:
    """Visits to the account page: now and then, and some more shortly before leaving."""
    who, month = np.nonzero(history.present)
    count = rng.poisson(0.9 * np.exp(0.25 * np.clip(history.mood[who, month], -2, 2)))
    who, month = np.repeat(who, count), np.repeat(month, count)
    usual = Acts("login", who, _within(world, month, rng))
    leavers = np.flatnonzero(~history.alive & ~history.involuntary)
    leavers = np.repeat(leavers, rng.poisson(1.2, len(leavers)))
    before = (rng.exponential(12.0, len(leavers)) * 86_400).astype(int).astype("timedelta64[s]")
    last = Acts("login", leavers, history.ended_on[leavers].astype("datetime64[s]") - before)
    return [usual, last]


def _surveys(world: World, history: History, rng: np.random.Generator) -> Acts:
    """Answers to "would you recommend us": quantity is 0 to 10; sent twice a year, answered by some."""
    months = np.arange(world.months)
    asked = history.present & ((rng.integers(0, 6, len(history.present))[:, None] + months) % 6 == 0)
    who, month = np.nonzero(asked & (rng.random(history.present.shape) < SURVEY_RESPONSE))
    score = np.clip(np.round(7.0 + 2.2 * history.mood[who, month] + rng.normal(0, 1.3, len(who))), 0, 10)
    return Acts("survey", who, _within(world, month, rng), quantity=score)


def _renewal_notices(people: People, world: World, history: History, rng: np.random.Generator) -> Acts:
    """The letter that a twelve-month contract is about to renew, sent in its last month but one."""
    tenure = np.arange(world.months)[None, :] - people.joined_month[:, None]
    who, month = np.nonzero(history.present & people.contract[:, None] & (tenure > 0) & (tenure % 12 == 10))
    day = rng.integers(14, 28, len(who)).astype("timedelta64[D]")
    return Acts("renewal_notice", who, (world.month_starts[month] + day).astype("datetime64[s]"))


def _price_rises(world: World, history: History) -> Acts:
    """The day a customer's own price went up; amount is the rise per month in euros."""
    who, month = np.nonzero(history.rise)
    rise = np.round(history.mrr[who, month] - history.mrr[who, month - 1], 2)
    up = rise > 0
    return Acts("price_rise", who[up], world.month_starts[month[up]], rise[up])


def _service(people: People, ids: np.ndarray, world: World, history: History, rng: np.random.Generator) -> list[Acts]:
    """Tickets (quantity: hours to resolution), refunds of billing errors, and changes of address."""
    who, month = np.nonzero(history.ticket)
    opened = _within(world, month, rng)
    reference = np.array([f"T-{ids[w][3:]}-{m:02d}" for w, m in zip(who, month, strict=True)], dtype=object)
    tickets = Acts("ticket", who, opened, quantity=history.ticket_hours[who, month], reference=reference)
    wrong, wrong_month = np.nonzero(history.billing_error & (rng.random(history.billing_error.shape) < 0.7))
    later = _within(world, wrong_month, rng) + rng.integers(2, 15, len(wrong)) * _DAY
    refunds = Acts("refund", wrong, later, np.round(rng.uniform(4, 24, len(wrong)), 2))
    moved, moved_month = np.nonzero(history.moved & (rng.random(history.moved.shape) < 0.6))
    return [tickets, refunds, Acts("address_change", moved, _within(world, moved_month, rng))]


def _within(world: World, month: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A random waking instant in each month (07:00 to 22:00 UTC)."""
    days = (world.month_starts[month + 1] - world.month_starts[month]).astype(int)
    day = np.floor(rng.random(len(month)) * days).astype("timedelta64[D]")
    second = rng.integers(7 * 3600, 22 * 3600, len(month)).astype("timedelta64[s]")
    when: np.ndarray = (world.month_starts[month] + day).astype("datetime64[s]") + second
    return when


def subscription_frame(
    people: People, ids: np.ndarray, world: World, history: History, reasons: np.ndarray
) -> pd.DataFrame:
    """Contract lines: a change of plan, price or discount ends one and starts the next (`SUBSCRIPTION_COLUMNS`).

    reasons: what a leaver gave as the reason (object array, None where nothing is recorded).
    """
    known = history.present & (world.month_starts[:-1] < world.today)[None, :]
    same = known[:, 1:] & known[:, :-1]
    for table in (history.plan, history.mrr, history.discount):
        same &= table[:, 1:] == table[:, :-1]
    changed = known.copy()
    changed[:, 1:] &= ~same
    changed &= (world.month_starts[:-1][None, :] < np.where(history.alive, world.today, history.ended_on)[:, None]) | (
        np.cumsum(known, axis=1) == 1
    )
    who, month = np.nonzero(changed)
    first = np.r_[True, who[1:] != who[:-1]] if len(who) else np.zeros(0, dtype=bool)
    last = np.r_[who[1:] != who[:-1], True] if len(who) else first
    started = np.where(first, people.signed_up[who], world.month_starts[month])
    over = ~history.alive & (history.ended_on < world.today)
    final = np.where(over, history.ended_on, np.datetime64("NaT", "D"))[who]
    ended = np.where(last, final, np.r_[started[1:], final[-1:]])
    plans = np.array([plan.name for plan in PLANS], dtype=object)
    return pd.DataFrame(
        {
            "customer_id": pd.Series(ids[who], dtype="str"),
            "plan": pd.Series(plans[history.plan[who, month]], dtype="str"),
            "started_on": started.astype("datetime64[us]"),
            "ended_on": ended.astype("datetime64[us]"),
            "mrr": history.mrr[who, month],
            "billing_period": pd.Series(_billing(people)[who], dtype="str"),
            "discount_percent": history.discount[who, month],
            "cancellation_reason": pd.Series(reasons[who], dtype="str").where(last),
        }
    )


def _billing(people: People) -> np.ndarray:
    """Billing period of each customer in words."""
    return np.where(people.annual_billing, "year", "month").astype(object)
