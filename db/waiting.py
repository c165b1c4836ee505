"""What time brings about in the queue for a person: waits that were too long, and people who fell silent."""

from datetime import datetime

from db.repositories.handoffs import HandoffRepository, HandoffView
from db.session import Store
from db.vocabulary import HandoffState, Patience

USUAL = Patience()


def overdue(store: Store, now: datetime, patience: Patience = USUAL) -> list[HandoffView]:
    """Mark what has waited too long as timed out; returns it. The customer is told with the next message.

    What a person took and then left without a word waits again; its customer is told with the next message, too.
    """
    with store.read() as session:
        handoffs = HandoffRepository(session)
        late = [one for one in handoffs.find((HandoffState.WAITING,), limit=None) if one.is_overdue(now)]
        taken = handoffs.find((HandoffState.TAKEN,), limit=None)
    lapsed = [one for one in taken if one.has_lapsed(now, patience.silence)]
    if late or lapsed:
        with store.write() as session:
            for one in late:
                HandoffRepository(session).time_out(one.id, now)
            for one in lapsed:
                HandoffRepository(session).give_back(one.id, now, patience)
    return late
