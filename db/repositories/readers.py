"""Which language models have read messages, the newest first: a message counts as the newest of them read it."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from db.models import MessageReading


def readers(session: Session, preferred: str | None = None) -> tuple[str, ...]:
    """The models that have read messages, the newest first.

    The newest is the one that has read the newest message, then the one that has read most, then `preferred`.
    """
    name = MessageReading.model
    rows = session.execute(select(func.max(MessageReading.message_id), func.count(), name).group_by(name))
    found = sorted(((last, size, model == preferred, model) for last, size, model in rows), reverse=True)
    return tuple(model for *_, model in found)


def newest_last(models: Sequence[str]) -> ColumnElement[int]:
    """What to sort readings of one message by, so that the one by the newest of these models comes last."""
    return case({model: -place for place, model in enumerate(models)}, value=MessageReading.model, else_=-len(models))
