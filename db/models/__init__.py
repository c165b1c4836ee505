"""The schema: typed SQLAlchemy models by subject, facts append-only unless their docstring says otherwise.

Money is kept as whole ten-thousandths of a currency unit, instants in UTC. Everything a customer or a company
wrote is text without meaning to the store. No foreign key cascades: history is never deleted by accident.
"""

from db.models.base import APPLICATION_ID, MONEY_SCALE, Base, Money, UTCDateTime
from db.models.bookkeeping import AuditEvent, ImportBatch, Job, MappingFile, ModelVersion, Setting
from db.models.customers import Customer, Event, Subscription
from db.models.decisions import ChurnScore, DecisionRow, ExperimentAssignment, Offer
from db.models.guarding import GuardVerdict
from db.models.messages import Conversation, Handoff, Message, MessageEmbedding, MessageReading, Turn
from db.models.outreach import Consent, Draft, DraftStep, Outcome, Suppression

__all__ = [
    "APPLICATION_ID",
    "MONEY_SCALE",
    "AuditEvent",
    "Base",
    "ChurnScore",
    "Consent",
    "Conversation",
    "Customer",
    "DecisionRow",
    "Draft",
    "DraftStep",
    "Event",
    "ExperimentAssignment",
    "GuardVerdict",
    "Handoff",
    "ImportBatch",
    "Job",
    "MappingFile",
    "Message",
    "MessageEmbedding",
    "MessageReading",
    "ModelVersion",
    "Money",
    "Offer",
    "Outcome",
    "Setting",
    "Subscription",
    "Suppression",
    "Turn",
    "UTCDateTime",
]
