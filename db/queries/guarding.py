"""How texts fared with the guard: counts by rule, writer, channel and day, with examples of what was refused."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import GuardVerdict
from db.vocabulary import Channel, GuardOutcome

EXAMPLES = 3
ROWS_PER_FETCH = 2_000


@dataclass(slots=True)
class GuardCounts:
    """How texts ended, and what the guard said of their tries.

    `first_try` and `after_retries` count texts by the writer who was asked, `approved` those for which approved
    wording stood in, `withheld` those without words. `tries` counts what the guard read, `refused` what it refused.
    """

    first_try: int = 0
    after_retries: int = 0
    approved: int = 0
    withheld: int = 0
    tries: int = 0
    refused: int = 0

    @property
    def texts(self) -> int:
        """All texts that were asked for."""
        return self.first_try + self.after_retries + self.approved + self.withheld

    def count(self, verdict: GuardOutcome, attempt: int, *, is_read: bool) -> None:
        """Take in one try; `is_read` is false where there was nothing for the guard to read."""
        self.tries += is_read
        match verdict:
            case GuardOutcome.RELEASE:
                self.first_try += attempt == 1
                self.after_retries += attempt > 1
            case GuardOutcome.FELL_BACK:
                self.approved += 1
            case GuardOutcome.WITHHELD:
                self.withheld += 1
                self.refused += is_read
            case GuardOutcome.REFUSE:
                self.refused += 1


@dataclass(frozen=True, slots=True)
class RuleCount:
    """How many tries a rule refused, their share of all refused tries, and the claims it met most often."""

    rule: str
    refusals: int
    share: float
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GuardSummary:
    """How texts fared since an instant, None for ever: in all, by rule, and by who wrote, where and on which UTC day.

    A text that approved wording ended counts with the writer of the approved wording; the tries before count with
    theirs. Rules stand by falling count, days in order.
    """

    since: datetime | None
    total: GuardCounts = field(default_factory=GuardCounts)
    rules: tuple[RuleCount, ...] = ()
    backends: dict[str, GuardCounts] = field(default_factory=dict)
    channels: dict[Channel, GuardCounts] = field(default_factory=dict)
    days: dict[date, GuardCounts] = field(default_factory=dict)


def guard_summary(session: Session, since: datetime | None = None) -> GuardSummary:
    """Count the guard's verdicts from `since` on; an instant with a time zone."""
    columns = (
        GuardVerdict.at,
        GuardVerdict.channel,
        GuardVerdict.backend,
        GuardVerdict.attempt,
        GuardVerdict.verdict,
        GuardVerdict.findings,
    )
    query = select(*columns).order_by(GuardVerdict.at, GuardVerdict.id)
    if since is not None:
        query = query.where(GuardVerdict.at >= since)
    total = GuardCounts()
    backends: dict[str, GuardCounts] = defaultdict(GuardCounts)
    channels: dict[Channel, GuardCounts] = defaultdict(GuardCounts)
    days: dict[date, GuardCounts] = defaultdict(GuardCounts)
    claims: dict[str, Counter[str]] = defaultdict(Counter)
    refusals: Counter[str] = Counter()
    for at, channel, backend, attempt, verdict, findings in session.execute(query).yield_per(ROWS_PER_FETCH):
        is_read = verdict is not GuardOutcome.WITHHELD or bool(findings)
        for counts in (total, backends[backend], channels[channel], days[at.date()]):
            counts.count(verdict, attempt, is_read=is_read)
        refusals.update({found["rule"] for found in findings})
        for found in findings:
            claims[found["rule"]][found["claim"]] += 1
    rules = tuple(
        RuleCount(rule, count, count / total.refused, _examples(claims[rule]))
        for rule, count in sorted(refusals.items(), key=lambda item: (-item[1], item[0]))
    )
    return GuardSummary(since, total, rules, dict(sorted(backends.items())), dict(channels), dict(days))


def _examples(claims: Counter[str]) -> tuple[str, ...]:
    """The commonest claims; those of erased customers are empty and no example."""
    told = (claim for claim, _ in sorted(claims.items(), key=lambda item: (-item[1], item[0])) if claim.strip())
    return tuple(claim for claim, _ in zip(told, range(EXAMPLES), strict=False))
