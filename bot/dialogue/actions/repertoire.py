"""Everything the bot can do: one instance of each action for one desk."""

from collections.abc import Collection

from bot.dialogue.actions.base import RetentionAction
from bot.dialogue.actions.leaving import AskCancel, Cancel, CancelAside, CancelStatus, ExplainCancel, KeepPlan
from bot.dialogue.actions.offers import (
    AcceptOffer,
    DeclineOffer,
    LaterOffer,
    NoOffer,
    PresentOffer,
    ShowAgreed,
    Unconfirmed,
)
from bot.dialogue.actions.rights import Bereavement, EraseRequest, HandOff, HandOffWait, OptOut, WithdrawHandOff
from bot.dialogue.actions.service import (
    AnswerHowTo,
    ChangePlan,
    ExplainBill,
    ExplainTerm,
    NoteCallback,
    OpenTicket,
    Pause,
    ReportProblem,
    ScheduleCallback,
    ShowAccount,
    TicketStatus,
)
from bot.dialogue.actions.taking_in import TakeIn
from bot.dialogue.actions.talk import LINES, Repeat, Resume, SimpleAction
from bot.dialogue.desk import Desk

KINDS: tuple[type[RetentionAction], ...] = (
    AcceptOffer,
    AnswerHowTo,
    AskCancel,
    Bereavement,
    Cancel,
    CancelAside,
    CancelStatus,
    ChangePlan,
    DeclineOffer,
    EraseRequest,
    ExplainBill,
    ExplainCancel,
    ExplainTerm,
    HandOff,
    HandOffWait,
    KeepPlan,
    LaterOffer,
    NoOffer,
    NoteCallback,
    OpenTicket,
    OptOut,
    Pause,
    PresentOffer,
    Repeat,
    ReportProblem,
    Resume,
    ScheduleCallback,
    ShowAccount,
    ShowAgreed,
    TicketStatus,
    Unconfirmed,
    WithdrawHandOff,
)

ACTIONS = frozenset({kind.action_name for kind in KINDS} | LINES.keys())
"""The names of all actions that a rule may choose."""


def actions_for(desk: Desk, names: Collection[str] = ACTIONS) -> list[RetentionAction]:
    """One of each of these, at this desk; names that are not known are left out."""
    kinds = [kind(desk) for kind in KINDS if kind.action_name in names]
    return kinds + [SimpleAction(desk, name, line) for name, line in LINES.items() if name in names]


def action_named(name: str, desk: Desk) -> list[RetentionAction]:
    """The action of this name at this desk, the taking in of messages included; none where it is not known."""
    return [TakeIn(desk)] if name == TakeIn.action_name else actions_for(desk, (name,))
