"""From the history of a text to the rows that count it: one for each try that the guard read."""

from bot.generation.writer import Text
from db.repositories.guard_verdicts import NewVerdict
from db.vocabulary import Channel, GuardOutcome


def verdicts_of(
    text: Text,
    channel: Channel,
    *,
    customer_key: int | None = None,
    job_id: int | None = None,
    conversation_id: int | None = None,
) -> list[NewVerdict]:
    """The guard's verdicts on every try of a text, in order, ready to be kept.

    Exactly one of them, the last, says how the text ended, so that texts can be counted. Where the last writer gave
    nothing, a row without findings says that the text is withheld.
    """

    def verdict(attempt: int, backend: str, outcome: GuardOutcome, found: tuple[tuple[str, str], ...]) -> NewVerdict:
        return NewVerdict(channel, backend, attempt, outcome, found, customer_key, job_id, conversation_id)

    rows = []
    for one in text.tries:
        if one.report.released:
            outcome = GuardOutcome.FELL_BACK if text.fell_back else GuardOutcome.RELEASE
        elif one.attempt == text.attempts:
            outcome = GuardOutcome.WITHHELD
        else:
            outcome = GuardOutcome.REFUSE
        found = tuple((finding.rule, finding.claim) for finding in one.report.findings)
        rows.append(verdict(one.attempt, one.backend, outcome, found))
    if not text.tries or text.tries[-1].attempt < text.attempts:
        rows.append(verdict(text.attempts, text.backend, GuardOutcome.WITHHELD, ()))
    return rows
